#include "service/service_private.h"

#include <string.h>

bool clti_service_init(clti_service *service, clti_store *store, bool require_user, bool item_links,
                       clti_fault *fault) {
    uint8_t token_key[CLTI_TOKEN_KEY_SIZE];
    *service = (clti_service){.store = store,
                              .require_user = require_user,
                              .item_links = item_links,
                              .audit_days = CLTI_AUDIT_DAYS};
    if (!clti_store_token_key(store, token_key, fault))
        return false;
    clti_hmac_key_init(&service->token_key, token_key, sizeof(token_key));
    clti_hkdf_sha256(token_key, sizeof(token_key), CLTI_STR(""), CLTI_STR("clientele initial passwords"),
                     service->password_key);
    clti_wipe(token_key, sizeof(token_key));
    return true;
}

/* ---- from request to query ----------------------------------------------------------------------------- */

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

bool clti_fold_text(clti_arena *arena, clt_str text, clt_str *out) {
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
    return clti_fold_text(arena, filter->value, &query->folded) || clti_fault_no_memory(fault);
}

/* ---- from page to reply -------------------------------------------------------------------------------- */

/* The links have no /v1: the only form that every client joins rightly (api.md 6.4). */
static clt_str make_uri(const clti_list_request *list, const char *seek, clti_arena *arena) {
    clti_buf uri;
    clt_str copy = {NULL, 0};
    clti_buf_init(&uri, CLTI_FILTER_MAX * 8);
    clti_buf_add(&uri, CLTI_STR("/customers?"));
    clti_list_request_write_query(list, seek, &uri);
    if (!clti_buf_ok(&uri) || !clti_arena_copy(arena, clti_buf_str(&uri), &copy))
        copy = (clt_str){NULL, 0};
    clti_buf_done(&uri);
    return copy;
}

static bool add_links(const clti_service *service, clt_guid partner, const clti_list_request *list,
                      const clti_list_page *page, clti_arena *arena, clti_wire_page *out, clti_fault *fault) {
    const clt_str path = CLTI_STR("/v1/customers?");
    char *self_uri = clti_arena_alloc(arena, path.size + list->self_query.size + 1);
    if (!self_uri)
        return clti_fault_no_memory(fault);
    memcpy(self_uri, path.data, path.size);
    memcpy(self_uri + path.size, list->self_query.data, list->self_query.size + 1); /* it is terminated */
    out->self_uri = (clt_str){self_uri, path.size + list->self_query.size};
    bool ok = true;
    if (page->has_next) {
        out->next_uri = make_uri(list, "Next", arena);
        out->next_token =
            clti_continuation_write(service, partner, list, CLTI_LIST_AFTER, page->last_position, arena);
        ok &= out->next_uri.data && out->next_token.data;
    }
    if (page->has_previous) {
        out->previous_uri = make_uri(list, "Previous", arena);
        out->previous_token =
            clti_continuation_write(service, partner, list, CLTI_LIST_BEFORE, page->first_position, arena);
        ok &= out->previous_uri.data && out->previous_token.data;
    }
    return ok || clti_fault_no_memory(fault);
}

/* ---- listing ------------------------------------------------------------------------------------------- */

/* Everything that a page depends on, hashed: the list's revision, what was asked, and how it is shown. */
static clt_str list_tag(const clti_service *service, clt_guid partner, uint64_t revision,
                        const clti_customers_request *request, clti_arena *arena) {
    uint64_t hash =
        clti_hash64(CLTI_HASH64_START, (clt_str){(const char *)partner.bytes, sizeof(partner.bytes)});
    hash = clti_hash64(hash, (clt_str){(const char *)&revision, sizeof(revision)});
    hash = clti_hash64(hash, (clt_str){(const char *)&service->item_links, sizeof(service->item_links)});
    hash = clti_hash64(hash, request->continuation);
    /* A byte that neither part can contain keeps them apart. */
    hash = clti_hash64(hash, CLTI_STR("\n"));
    hash = clti_hash64(hash, request->query);
    return clti_entity_tag_format(hash, arena);
}

static bool count_all(const clti_service *service, const clti_list_query *query, bool matches_nothing,
                      uint64_t whole_list, clti_customers_answer *out, clti_fault *fault) {
    out->total = out->is_filtered ? 0 : whole_list;
    if (out->is_filtered && !matches_nothing &&
        !clti_store_count(service->store, query, CLTI_COUNT_MAX + 1, &out->total, fault))
        return false;
    out->is_counted = !out->is_filtered || out->total <= CLTI_COUNT_MAX;
    return true;
}

static bool build_query(const clti_service *service, const clti_caller *caller, const clti_list_request *list,
                        clti_arena *arena, clti_list_query *out, clti_fault *fault) {
    *out = (clti_list_query){.partner = caller->partner,
                             .folded = CLTI_STR(""),
                             .start = list->start,
                             .position = list->position,
                             .size = list->size};
    return !list->has_filter || add_filter(service, caller, &list->filter, arena, out, fault);
}

/* The list's state alone, as an empty page: all that is needed when nothing is read, or may not have to be.
 */
static bool read_state(const clti_service *service, clt_guid partner, clti_list_page *out,
                       clti_fault *fault) {
    clti_partner_state state;
    if (!clti_store_partner_state(service->store, partner, &state, fault))
        return false;
    *out = (clti_list_page){.revision = state.revision, .total = state.count};
    return true;
}

static bool read_page(const clti_service *service, const clti_list_request *list,
                      const clti_list_query *query, clti_arena *arena, const clti_customers_request *request,
                      clti_customers_answer *out, clti_fault *fault) {
    clti_list_page page;
    bool nothing = list->has_filter && matches_nothing(&list->filter);
    bool continues = list->start == CLTI_LIST_AFTER || list->start == CLTI_LIST_BEFORE;
    if (!(nothing ? read_state(service, query->partner, &page, fault)
                  : clti_store_list(service->store, query, arena, &page, fault)))
        return false;
    if (continues && page.count == 0)
        /* Never an empty page: a client took it for the end and lost what it had read (api.md 6.1). */
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "MS-ContinuationToken",
                              "The list has no further items in this direction.");
    out->page = (clti_wire_page){.items = page.items, .count = page.count, .item_links = service->item_links};
    out->is_filtered = list->has_filter;
    out->is_first = !page.has_previous;
    out->entity_tag = list_tag(service, query->partner, page.revision, request, arena);
    if (!out->entity_tag.data)
        return clti_fault_no_memory(fault);
    if (request->wants_count && !count_all(service, query, nothing, page.total, out, fault))
        return false;
    return add_links(service, query->partner, list, &page, arena, &out->page, fault);
}

/* Sets out->unchanged if the caller has the page already. */
static bool compare_tags(const clti_service *service, clt_guid partner, const clti_customers_request *request,
                         clti_arena *arena, clti_customers_answer *out, clti_fault *fault) {
    clti_list_page state;
    if (!read_state(service, partner, &state, fault))
        return false;
    out->entity_tag = list_tag(service, partner, state.revision, request, arena);
    out->unchanged = clti_entity_tag_matches(request->if_none_match, out->entity_tag);
    return out->entity_tag.data || clti_fault_no_memory(fault);
}

bool clti_customers_list(const clti_service *service, const clti_caller *caller,
                         const clti_customers_request *request, clti_arena *arena, clti_customers_answer *out,
                         clti_fault *fault) {
    clti_list_request list;
    clti_list_query query;
    *out = (clti_customers_answer){0};
    if (!clti_list_request_read(service, caller->partner, request, arena, &list, fault) ||
        !build_query(service, caller, &list, arena, &query, fault))
        return false;
    if (request->if_none_match.size && !compare_tags(service, caller->partner, request, arena, out, fault))
        return false;
    return out->unchanged || read_page(service, &list, &query, arena, request, out, fault);
}

clt_str clti_entity_tag_format(uint64_t hash, clti_arena *arena) {
    static const char digits[] = "0123456789abcdef", frame[] = "W/\"0123456789abcdef\"";
    char *tag = clti_arena_alloc(arena, sizeof(frame));
    if (!tag)
        return (clt_str){NULL, 0};
    memcpy(tag, frame, sizeof(frame));
    for (unsigned i = 0; i < 16; i++)
        tag[3 + i] = digits[hash >> (60 - 4 * i) & 15];
    return (clt_str){tag, sizeof(frame) - 1};
}

bool clti_entity_tag_matches(clt_str if_none_match, clt_str tag) {
    const clt_str weak = CLTI_STR("W/");
    if (clti_str_starts_with(tag, weak))
        tag = clti_str_from(tag, weak.size);
    for (clt_str rest = if_none_match; rest.data;) {
        clt_str held = clti_str_trim(clti_str_cut(rest, ',', &rest));
        if (clti_str_starts_with(held, weak))
            held = clti_str_from(held, weak.size);
        if (clti_str_equal(held, tag) || clti_str_equal(held, CLTI_STR("*")))
            return true;
    }
    return false;
}

/* ---- one customer -------------------------------------------------------------------------------------- */

static bool find(const clti_service *service, const clti_caller *caller, clt_str id_text, clti_arena *arena,
                 clti_customer *out, clti_access *out_access, clti_fault *fault) {
    clt_guid id;
    if (!clti_guid_parse(id_text, &id))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_CUSTOMER_ID, "customer_id", NULL);
    if (!clti_store_customer_find(service->store, caller->partner, id, arena, out, out_access, fault))
        return false;
    if (*out_access == CLTI_ACCESS_NONE)
        return clti_fault_set(fault, CLTI_FAULT_CUSTOMER_NOT_FOUND, NULL, NULL);
    if (out->relationship == CLTI_RELATIONSHIP_NONE)
        return clti_fault_set(fault, CLTI_FAULT_NO_RELATIONSHIP, NULL, NULL);
    return true;
}

bool clti_customers_get(const clti_service *service, const clti_caller *caller, clt_str id_text,
                        clti_arena *arena, clti_customer *out, clti_fault *fault) {
    clti_access access;
    return find(service, caller, id_text, arena, out, &access, fault);
}

bool clti_customers_find_own(const clti_service *service, const clti_write_request *request,
                             clti_arena *arena, clti_customer *out, clti_fault *fault) {
    clti_access access;
    return find(service, request->caller, request->id_text, arena, out, &access, fault) &&
           (access == CLTI_ACCESS_OWNER || clti_fault_set(fault, CLTI_FAULT_NOT_ALLOWED, NULL, NULL));
}
