/* The settings that name other issuers: lists in the same order, with commas between. */
#include "daemon/fetch_private.h"

static size_t count_items(clt_str list) {
    size_t count = 0;
    while (list.data) {
        (void)clti_str_cut(list, ',', &list);
        count++;
    }
    return count;
}

/* The nth, or the only one. */
static clt_str item(clt_str list, size_t index, size_t count) {
    clt_str found = {NULL, 0};
    for (size_t i = 0; i <= (count == 1 ? 0 : index); i++)
        found = clti_str_trim(clti_str_cut(list, ',', &list));
    return found;
}

static bool read_list(const clti_settings *settings, const char *name, size_t issuer_count, clt_str *out,
                      size_t stride, clti_fault *fault) {
    const clt_str list = clti_settings_get(settings, name)->text;
    const size_t count = count_items(list);
    if (count != 1 && count != issuer_count)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, name,
                              "%s: there must be one for all, or one for each of the %zu in auth.issuers.",
                              name, issuer_count);
    for (size_t i = 0; i < issuer_count; i++)
        *(clt_str *)(void *)((char *)out + i * stride) = item(list, i, count);
    return true;
}

bool clti_issuers_read(const clti_settings *settings, clti_issuer_options *out, size_t *out_count,
                       clti_fault *fault) {
    const clt_str issuers = clti_settings_get(settings, "auth.issuers")->text;
    const size_t count = clti_str_is_empty(issuers) ? 0 : count_items(issuers);
    *out_count = count;
    if (count == 0)
        return true;
    if (count > CLTI_ISSUERS_MAX)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "auth.issuers",
                              "auth.issuers: there can be %d at most.", CLTI_ISSUERS_MAX);
    const size_t stride = sizeof out[0];
    return read_list(settings, "auth.issuers", count, &out->issuer, stride, fault) &&
           read_list(settings, "auth.issuer_audiences", count, &out->audience, stride, fault) &&
           read_list(settings, "auth.issuer_partner_claims", count, &out->partner_claim, stride, fault) &&
           read_list(settings, "auth.issuer_roles_claims", count, &out->roles_claim, stride, fault);
}
