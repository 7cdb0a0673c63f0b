#include "service/service_private.h"

bool clti_service_init(clti_service *service, clti_store *store, bool require_user, bool item_links,
                       clti_fault *fault) {
    *service = (clti_service){.store = store, .require_user = require_user, .item_links = item_links};
    return clti_store_token_key(store, service->token_key, fault);
}

/* ---- from request to query --------------------------------------------------------------------------------
 */

static bool is_relationship_field(clti_list_field field) {
    return field == CLTI_LIST_INDIRECT_RESELLER || field == CLTI_LIST_INDIRECT_PROVIDER;
}

/* True if no customer can match, whatever there is (design.md 4, api.md 5.2). */
static bool matches_nothing(const clti_filter *filter) {
    size_t points;
    if (!clti_text_check(filter->value, &points))
        return true;
    return points > CLTI_FILTER_VALUE_MAX || (points == 0 && filter->op == CLTI_FILTER_EQUALS);
}

static bool fold_into(clti_arena *arena, clt_str text, clt_str *out) {
    clti_buf folded;
    clti_buf_init(&folded, CLTI_FILTER_MAX * 8);
    bool ok = clti_text_fold(text, &folded) && clti_arena_copy(arena, clti_buf_str(&folded), out);
    clti_buf_done(&folded);
    return ok;
}

static bool add_filter(const clti_service *service, const clti_caller *caller, const clti_filter *filter,
                       clti_arena *arena, clti_list_query *query, clti_fault *fault) {
    query->field = filter->field;
    if (is_relationship_field(filter->field)) {
        if (service->require_user && !caller->has_user)
            return clti_fault_set(fault, CLTI_FAULT_USER_REQUIRED, NULL, NULL);
        /* The whole GUID is compared, whatever the operator (api.md 5.2). */
        return clti_guid_parse(filter->value, &query->related) ||
               clti_fault_set(
                   fault, CLTI_FAULT_INVALID_QUERY, "Value",
                   "The Value of the parameter filter must be the GUID of a partner for this Field.");
    }
    if (matches_nothing(filter))
        return true;
    query->is_exact = filter->op == CLTI_FILTER_EQUALS;
    return fold_into(arena, filter->value, &query->folded) || clti_fault_no_memory(fault);
}

/* ---- from page to reply -----------------------------------------------------------------------------------
 */

static clt_str make_uri(const char *path, const clti_list_request *list, const char *seek,
                        clti_arena *arena) {
    clti_buf uri;
    clt_str copy = {NULL, 0};
    clti_buf_init(&uri, CLTI_FILTER_MAX * 8);
    clti_buf_add(&uri, clti_str(path));
    clti_list_request_write_query(list, seek, &uri);
    if (!clti_buf_ok(&uri) || !clti_arena_copy(arena, clti_buf_str(&uri), &copy))
        copy = (clt_str){NULL, 0};
    clti_buf_done(&uri);
    return copy;
}

/* The links have no /v1: the only form that every client joins rightly (api.md 6.4). */
static bool add_links(const clti_service *service, clt_guid partner, const clti_list_request *list,
                      const clti_list_page *page, clti_arena *arena, clti_wire_page *out, clti_fault *fault) {
    out->self_uri = clti_arena_format(arena, "/v1/customers?%s", list->self_query.data);
    bool ok = out->self_uri.data != NULL;
    if (page->has_next) {
        out->next_uri = make_uri("/customers?", list, "Next", arena);
        out->next_token =
            clti_continuation_write(service, partner, list, CLTI_LIST_AFTER, page->last_position, arena);
        ok &= out->next_uri.data && out->next_token.data;
    }
    if (page->has_previous) {
        out->previous_uri = make_uri("/customers?", list, "Previous", arena);
        out->previous_token =
            clti_continuation_write(service, partner, list, CLTI_LIST_BEFORE, page->first_position, arena);
        ok &= out->previous_uri.data && out->previous_token.data;
    }
    return ok || clti_fault_no_memory(fault);
}

bool clti_customers_list(const clti_service *service, const clti_caller *caller,
                         const clti_customers_request *request, clti_arena *arena, clti_wire_page *out,
                         bool *out_filtered, clti_fault *fault) {
    clti_list_request list;
    clti_list_page page = {0};
    if (!clti_list_request_read(service, caller->partner, request, arena, &list, fault))
        return false;
    clti_list_query query = {.partner = caller->partner,
                             .folded = CLTI_STR(""),
                             .start = list.start,
                             .position = list.position,
                             .size = list.size};
    if (list.has_filter && !add_filter(service, caller, &list.filter, arena, &query, fault))
        return false;
    bool nothing = list.has_filter && matches_nothing(&list.filter);
    if (!nothing && !clti_store_list(service->store, &query, arena, &page, fault))
        return false;
    bool continues = list.start == CLTI_LIST_AFTER || list.start == CLTI_LIST_BEFORE;
    if (continues && page.count == 0)
        /* Never an empty page: a client took it for the end and lost what it had read (api.md 6.1). */
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "MS-ContinuationToken",
                              "The list has no further items in this direction.");
    *out = (clti_wire_page){.items = page.items, .count = page.count, .item_links = service->item_links};
    *out_filtered = list.has_filter;
    return add_links(service, caller->partner, &list, &page, arena, out, fault);
}

bool clti_customers_get(const clti_service *service, const clti_caller *caller, clt_str id_text,
                        clti_arena *arena, clti_customer *out, clti_fault *fault) {
    clt_guid id;
    clti_access access;
    if (!clti_guid_parse(id_text, &id))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_CUSTOMER_ID, "customer_id", NULL);
    if (!clti_store_customer_find(service->store, caller->partner, id, arena, out, &access, fault))
        return false;
    if (access == CLTI_ACCESS_NONE)
        return clti_fault_set(fault, CLTI_FAULT_CUSTOMER_NOT_FOUND, NULL, NULL);
    if (out->relationship == CLTI_RELATIONSHIP_NONE)
        return clti_fault_set(fault, CLTI_FAULT_NO_RELATIONSHIP, NULL, NULL);
    return true;
}
