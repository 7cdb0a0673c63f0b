#include "cli/walk_private.h"

#include "cli/shown_private.h"
#include "cli/terminal_private.h"

bool clti_filter_query(const clti_invocation *invocation, const clti_filter *filter, clt_query *out) {
    const struct {
        const char *value;
        int32_t field;
    } filters[] = {{filter->name, CLT_FIELD_COMPANY_NAME},
                   {filter->domain, CLT_FIELD_DOMAIN},
                   {filter->reseller, CLT_FIELD_INDIRECT_RESELLER}};
    for (size_t i = 0; i < CLTI_COUNT(filters); i++) {
        if (!filters[i].value)
            continue;
        if (out->field != CLT_FIELD_NONE) {
            clti_complain_usage(invocation, "the service filters by one thing at a time: --name, --domain or "
                                            "--reseller.");
            return false;
        }
        if (!clti_shown_is_text(clti_view(filters[i].value))) {
            clti_complain_usage(invocation, "'%s' is not UTF-8, which names and domains are.",
                                filters[i].value);
            return false;
        }
        out->field = filters[i].field;
        out->value = filters[i].value;
    }
    if (filter->reseller && !clti_view_is_guid(clti_view(filter->reseller))) {
        clti_complain_usage(invocation, "--reseller: '%s' is no tenant id, a GUID.", filter->reseller);
        return false;
    }
    return true;
}

static clt_status next_page(clti_session *session, clt_customer_enumerator *enumerator, clt_error **out_err) {
    if (clti_interrupt_came())
        return CLT_ERR_CANCELLED;
    return clt_customer_enumerator_next(enumerator, &session->context, out_err);
}

clt_status clti_walk(clti_session *session, const clt_query *query, clti_page_taker take, void *user,
                     clt_error **out_err) {
    clt_customer_page *page;
    clt_customer_enumerator *enumerator;
    *out_err = NULL;
    clt_status status = clt_customers_query(session->partner, query, &session->context, &page, out_err);
    if (status != CLT_OK)
        return status;
    bool goes_on = take(user, page) && clt_customer_page_has_next(page);
    if (!goes_on) {
        clt_customer_page_free(page);
        return CLT_OK;
    }
    status = clt_customer_enumerator_create(session->partner, page, NULL, &enumerator, out_err);
    if (status != CLT_OK)
        return status;
    while (goes_on && (status = next_page(session, enumerator, out_err)) == CLT_OK) {
        const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
        goes_on = current && take(user, current) && clt_customer_page_has_next(current);
    }
    clt_customer_enumerator_free(enumerator);
    return status;
}
