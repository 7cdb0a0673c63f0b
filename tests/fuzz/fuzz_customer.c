/* Customers from strangers: what is taken and complete survives being written and read once more. One that
 * may be created is written in every form that a creation needs. */
#include "wire/wire.h"

#include <string.h>

#define WRITTEN_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_survives(const clti_customer *customer, clti_arena *arena) {
    clti_buf first, second;
    clti_customer again;
    clti_fault fault;
    clti_buf_init(&first, WRITTEN_MAX);
    clti_buf_init(&second, WRITTEN_MAX);
    clti_wire_render_customer(customer, &first);
    clti_assert(clti_buf_ok(&first));
    clti_assert(clti_wire_read_customer(clti_buf_str(&first), arena, &again, &fault));
    clti_wire_render_customer(&again, &second);
    clti_assert(clti_str_equal(clti_buf_str(&first), clti_buf_str(&second)));
    clti_buf_done(&first);
    clti_buf_done(&second);
}

/* Each form is JSON once the password stands in its hole. */
static void check_creation(clt_str body, clti_arena *arena) {
    clti_customer customer, ignored;
    clti_problems problems = {0};
    clti_fault fault;
    clti_buf text;
    if (!clti_wire_read_part(body, CLTI_PART_NEW_CUSTOMER, arena, &customer, &problems, &fault))
        return;
    clti_customer_check(&customer, &problems);
    if (!clti_problems_none(&problems, &fault))
        return;
    clti_buf_init(&text, WRITTEN_MAX);
    clti_wire_render_new_customer(&customer, &text);
    clti_assert(clti_buf_ok(&text));
    char *hole = memchr(text.data, '\0', text.size);
    clti_assert(hole);
    *hole = 'x';
    clti_assert(clti_wire_read_customer(clti_buf_str(&text), arena, &ignored, &fault));
    clti_buf_clear(&text);
    clti_wire_render_audit_customer(&customer, true, &text);
    clti_assert(clti_wire_read_customer(clti_buf_str(&text), arena, &ignored, &fault));
    clti_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    check_creation((clt_str){(const char *)data, size}, &arena);
    clti_customer customer;
    clti_fault fault;
    if (clti_wire_read_customer((clt_str){(const char *)data, size}, &arena, &customer, &fault) &&
        clti_customer_complete(&customer, &fault))
        check_survives(&customer, &arena);
    clti_arena_done(&arena);
    return 0;
}
