/* Lines of exports from strangers: what is read and written reads and writes the same again. */
#include "wire/wire.h"

#define WRITTEN_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_survives(const clti_entry *entry, clti_arena *arena) {
    clti_buf first, second;
    clti_entry again;
    clti_fault fault;
    clti_buf_init(&first, WRITTEN_MAX);
    clti_buf_init(&second, WRITTEN_MAX);
    clti_wire_render_entry(entry, &first);
    clti_assert(clti_buf_ok(&first) && first.data[first.size - 1] == '\n');
    clti_assert(clti_wire_read_entry(clti_buf_str(&first), arena, &again, &fault));
    clti_wire_render_entry(&again, &second);
    clti_assert(clti_str_equal(clti_buf_str(&first), clti_buf_str(&second)));
    clti_buf_done(&first);
    clti_buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    clti_entry entry;
    clti_fault fault;
    if (clti_wire_read_entry((clt_str){(const char *)data, size}, &arena, &entry, &fault))
        check_survives(&entry, &arena);
    clti_arena_done(&arena);
    return 0;
}
