/*
 * Questions for audit records from strangers, as query and as continuation token: whatever they say, there is
 * a page or a refusal that names its parameter, and what a page's links say can be asked.
 */
#include "service/service_private.h"
#include "support/memory_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(clti_service *service, const clti_audit_request *request, clti_arena *arena, bool follow) {
    const clti_caller caller = {.partner = {{1}}};
    clti_wire_audit_page page;
    clti_fault fault;
    if (!clti_audit_list(service, &caller, request, arena, &page, &fault)) {
        clti_assert(fault.code == CLTI_FAULT_INVALID_QUERY && fault.member != NULL);
        return;
    }
    clti_assert(page.self_uri.data && page.count == 0 && !page.next_uri.data && !page.previous_uri.data);
    if (!follow)
        return;
    clt_str query;
    clti_str_cut(page.self_uri, '?', &query);
    clti_assert(
        clti_audit_list(service, &caller, &(clti_audit_request){.query = query}, arena, &page, &fault));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    clti_service service;
    clti_fault fault;
    const clt_str input = {(const char *)data, size};
    clti_assert(clti_service_init(&service, clti_memory_store_new(), false, false, &fault));
    ask(&service, &(clti_audit_request){.query = input}, &arena, true);
    /* Once as it is, and once as the bytes inside a token that is ours. */
    ask(&service, &(clti_audit_request){.continuation = input}, &arena, false);
    ask(&service, &(clti_audit_request){.continuation = clti_continuation_seal(&service, input, &arena)},
        &arena, false);
    clti_store_close(service.store);
    clti_arena_done(&arena);
    return 0;
}
