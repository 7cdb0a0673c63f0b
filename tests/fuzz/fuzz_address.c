/* Addresses from strangers: what is read and checked can be written, and the suggestion made of a verified
 * one is verified itself and changes no more. */
#include "service/service.h"

#define WRITTEN_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_suggestion(const clti_address_validation *first) {
    clti_address again = first->suggested;
    clti_problems problems = {0};
    clti_address_check(&again, CLTI_ADDRESS_ALONE, &problems);
    clti_assert(problems.count == 0);
    clti_assert(clti_str_equal(again.country, first->suggested.country));
    clti_assert(clti_str_equal(again.state, first->suggested.state));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    clti_address_validation validation;
    clti_fault fault;
    clti_buf out;
    clti_buf_init(&out, WRITTEN_MAX);
    if (clti_addresses_validate((clt_str){(const char *)data, size}, &arena, &validation, &fault)) {
        clti_wire_render_address_validation(&validation, &out);
        clti_assert(clti_buf_ok(&out));
        if (validation.status == CLTI_ADDRESS_NOT_FOUND)
            clti_assert(validation.problem.text[0] != '\0');
        else
            check_suggestion(&validation);
    } else {
        clti_assert(fault.code == CLTI_FAULT_INVALID_REQUEST || fault.code == CLTI_FAULT_INVALID_PROPERTY);
    }
    clti_buf_done(&out);
    clti_arena_done(&arena);
    return 0;
}
