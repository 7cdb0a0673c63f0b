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

/* ---- one of them --------------------------------------------------------------------------------------- */

/* The id of the customer with a domain; NULL and CLTI_EXIT_NOT_FOUND if there is none. */
static int find_domain(clti_session *session, const char *domain, char **out_id) {
    clt_query query = clt_query_filtered(1, CLT_FIELD_DOMAIN, domain);
    clt_customer_page *page;
    clt_error *err = NULL;
    query.filter_operator = CLT_OPERATOR_EQUALS;
    if (clt_customers_query(session->partner, &query, &session->context, &page, &err) != CLT_OK)
        return clti_session_fail(session, err);
    const clt_customer *found = clt_customer_page_at(page, 0);
    int code = found ? CLTI_EXIT_DONE : CLTI_EXIT_NOT_FOUND;
    if (found && clti_view_is_guid(found->id))
        *out_id = clti_copy(found->id);
    else if (found) {
        code = CLTI_EXIT_FAILED;
        clti_complain("The service has a customer with the domain '%s', but gives no id for it.", domain);
    } else
        clti_complain("There is no customer with the domain '%s'; 'clientele customers list --domain PREFIX' "
                      "looks for the beginning of one.",
                      domain);
    clt_customer_page_free(page);
    return code;
}

static char *without_braces(const char *id) {
    clt_str text = clti_view(id);
    return clti_copy(*id == '{' ? (clt_str){text.data + 1, text.size - 2} : text);
}

int clti_find_customer(clti_session *session, const char *name, char **out_id) {
    *out_id = NULL;
    if (!clti_view_is_guid(clti_view(name)))
        return find_domain(session, name, out_id);
    *out_id = without_braces(name);
    return CLTI_EXIT_DONE;
}
