/* Filters from strangers: what is taken can be written, and read again means the same. */
#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_survives(const clti_filter *filter, clti_arena *arena) {
    clti_buf json;
    clti_filter again;
    clti_fault fault;
    clti_buf_init(&json, CLTI_FILTER_MAX * 8);
    clti_wire_render_filter(filter, &json);
    clti_assert(clti_buf_ok(&json));
    /* Our own spelling of names may be longer than the sender's. */
    if (json.size <= CLTI_FILTER_MAX) {
        clti_assert(clti_wire_read_filter(clti_buf_str(&json), arena, &again, &fault));
        clti_assert(again.field == filter->field && again.op == filter->op);
        clti_assert(clti_str_equal(again.value, filter->value));
    }
    clti_buf_done(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault;
    size_t points;
    if (clti_wire_read_filter((clt_str){(const char *)data, size}, &arena, &filter, &fault)) {
        clti_assert(size <= CLTI_FILTER_MAX && filter.value.data != NULL);
        clti_assert(clti_text_check(filter.value, &points));
        check_survives(&filter, &arena);
    } else {
        clti_assert(fault.code == CLTI_FAULT_INVALID_QUERY && fault.member != NULL);
    }
    clti_arena_done(&arena);
    return 0;
}
