/* Queries of relationships and of relationship requests from strangers: each ends with a list, or with a
 * fault of the caller's that names a parameter. */
#include "service/service.h"
#include "support/memory_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const clt_guid PROVIDER = {{1}}, RESELLER = {{2}};

static void fill(clti_store *store) {
    const clti_partner provider = {.id = PROVIDER, .domain = CLTI_STR("p.example"), .name = CLTI_STR("P")};
    const clti_partner reseller = {
        .id = RESELLER, .domain = CLTI_STR("r.example"), .name = CLTI_STR("Adatum")};
    const clti_change changes[] = {{.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &provider},
                                   {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &reseller},
                                   {.kind = CLTI_CHANGE_LINK_PUT, .of.link = {PROVIDER, RESELLER}}};
    clti_outcome outcomes[CLTI_COUNT(changes)];
    clti_fault fault;
    clti_assert(clti_store_apply(store, changes, CLTI_COUNT(changes), outcomes, &fault));
}

static void check_refusal(const clti_fault *fault) {
    clti_assert(fault->code == CLTI_FAULT_INVALID_QUERY || fault->code == CLTI_FAULT_INVALID_ENUM);
    clti_assert(fault->member != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_service service = {.store = clti_memory_store_new()};
    const clti_caller caller = {.partner = PROVIDER};
    const clt_str query = {(const char *)data, size};
    clti_arena arena = {0};
    clti_relationship_list list;
    clti_fault fault;
    clt_str url;
    fill(service.store);
    if (clti_relationships_list(&service, &caller, query, &arena, &list, &fault))
        clti_assert(list.count <= 1 && (list.count == 0 || list.items[0].is_provider_of));
    else
        check_refusal(&fault);
    if (!clti_relationship_request_get(&caller, CLTI_STR("http://h"), query, &arena, &url, &fault))
        check_refusal(&fault);
    clti_store_close(service.store);
    clti_arena_done(&arena);
    return 0;
}
