#include "identity/identity_private.h"

static const char *const names[] = {
#define X(symbol, name) name,
    CLTI_PARAMETERS(X)
#undef X
};

const char *clti_parameter_name(clti_parameter parameter) {
    return names[parameter];
}

/* The arena frees without wiping. What it gave us is ours to write, whatever the view says. */
void clti_arena_wipe(clt_str secret) {
    if (secret.data != NULL)
        clti_wipe((void *)(uintptr_t)secret.data, secret.size);
}

static bool refuse(clti_refusal *out, clti_refusal_kind kind, clt_str text, clti_fault *fault) {
    if (!text.data)
        return clti_fault_no_memory(fault);
    *out = (clti_refusal){kind, text};
    return false;
}

static bool take_pair(const clti_url_pair *pair, clti_arena *arena, clti_form *out, clti_refusal *refusal,
                      clti_fault *fault) {
    clt_str name;
    clt_str value = {0};
    if (!clti_url_decode(arena, pair->name, CLTI_URL_QUERY, &name) ||
        (pair->value.data != NULL && !clti_url_decode(arena, pair->value, CLTI_URL_QUERY, &value)))
        return refuse(
            refusal, CLTI_REFUSAL_MALFORMED,
            CLTI_STR("The body could not be read. Send it as application/x-www-form-urlencoded, with "
                     "'%' only before two hexadecimal digits."),
            fault);
    for (size_t i = 0; i < CLTI_PARAMETER_COUNT; i++) {
        if (!clti_str_equal(name, clti_str(names[i])))
            continue;
        if (out->values[i].data != NULL) {
            clti_arena_wipe(value);
            return refuse(refusal, CLTI_REFUSAL_DUPLICATE,
                          clti_arena_format(
                              arena, "The parameter '%s' is given more than once. Send it once.", names[i]),
                          fault);
        }
        out->values[i] = value.data ? value : CLTI_STR("");
    }
    return true;
}

bool clti_form_read(clt_str text, clti_arena *arena, clti_form *out, clti_refusal *refusal,
                    clti_fault *fault) {
    clti_url_pair pair;
    *out = (clti_form){0};
    while (clti_url_next_pair(&text, &pair))
        if (!take_pair(&pair, arena, out, refusal, fault))
            return false;
    return true;
}

/* A plain reading is enough: who writes it otherwise is served as well, merely on another thread. */
bool clti_authority_is_quick(clt_str form) {
    clti_url_pair pair;
    while (clti_url_next_pair(&form, &pair))
        if (clti_str_equal(pair.name, CLTI_STR("grant_type")))
            return clti_str_equal(pair.value, CLTI_STR("client_credentials"));
    return false;
}

void clti_form_wipe(const clti_form *form) {
    static const clti_parameter secrets[] = {CLTI_PARAMETER_CLIENT_SECRET, CLTI_PARAMETER_CODE,
                                             CLTI_PARAMETER_CODE_VERIFIER, CLTI_PARAMETER_REFRESH_TOKEN,
                                             CLTI_PARAMETER_PASSWORD,      CLTI_PARAMETER_DEVICE_CODE,
                                             CLTI_PARAMETER_TOKEN};
    for (size_t i = 0; i < CLTI_COUNT(secrets); i++)
        if (form->values[secrets[i]].size > 0)
            clti_arena_wipe(form->values[secrets[i]]);
}
