/* Query strings from strangers: refused with a parameter's name, or the self link asks for the same again. */
#include "service/service_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static clti_service SERVICE;
static const clt_guid PARTNER = {"partner 16 bytes"};

static void check_same(clt_str query, const clti_list_request *list, clti_arena *arena,
                       clti_list_request *out) {
    const clti_customers_request request = {.query = query};
    clti_fault fault;
    clti_assert(clti_list_request_read(&SERVICE, PARTNER, &request, arena, out, &fault));
    clti_assert(out->size == list->size && out->has_filter == list->has_filter);
    if (list->has_filter)
        clti_assert(out->filter.field == list->filter.field && out->filter.op == list->filter.op &&
                    clti_str_equal(out->filter.value, list->filter.value));
}

/* Our own spelling of a filter may be longer than the sender's, and then over the limit. */
static bool can_be_repeated(const clti_list_request *list) {
    clti_buf json;
    clti_buf_init(&json, SIZE_MAX);
    clti_wire_render_filter(&list->filter, &json);
    bool fits = json.size <= CLTI_FILTER_MAX;
    clti_buf_done(&json);
    return !list->has_filter || fits;
}

static void check_list(const clti_list_request *list, clti_arena *arena) {
    clti_list_request again;
    clti_buf query;
    clti_assert(list->size >= 1 && list->size <= CLTI_PAGE_SIZE_MAX);
    clti_assert(list->start == CLTI_LIST_FIRST || list->start == CLTI_LIST_LAST);
    for (size_t i = 0; i < list->self_query.size; i++)
        clti_assert(list->self_query.data[i] > ' ' && list->self_query.data[i] != '?' &&
                    (unsigned char)list->self_query.data[i] < 0x7F);
    check_same(list->self_query, list, arena, &again);
    clti_assert(clti_str_equal(again.self_query, list->self_query));
    clti_buf_init(&query, SIZE_MAX);
    clti_list_request_write_query(list, "First", &query);
    clti_assert(clti_buf_ok(&query));
    if (can_be_repeated(list))
        check_same(clti_buf_str(&query), list, arena, &again);
    clti_buf_done(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_hmac_key_init(&SERVICE.token_key, (const uint8_t *)"not a secret", 12);
    clti_arena arena = {0};
    clti_list_request list;
    clti_fault fault;
    const clti_customers_request request = {.query = {(const char *)data, size}};
    if (clti_list_request_read(&SERVICE, PARTNER, &request, &arena, &list, &fault))
        check_list(&list, &arena);
    else
        clti_assert(fault.code == CLTI_FAULT_BUSY ||
                    (fault.code == CLTI_FAULT_INVALID_QUERY && fault.member != NULL));
    clti_arena_done(&arena);
    return 0;
}
