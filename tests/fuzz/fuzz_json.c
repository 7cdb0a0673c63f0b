/* JSON from strangers: written and parsed again it is the same, and valid JSON means what the library says.
 */
#include "wire/wire_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_survives(const json_t *value) {
    clti_fault fault;
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    clti_assert(text);
    json_t *again = clti_json_parse(clti_str(text), CLTI_FAULT_INVALID_REQUEST, &fault);
    clti_assert(again && json_equal(value, again));
    json_decref(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_fault fault = {0};
    json_t *value = clti_json_parse((clt_str){(const char *)data, size}, CLTI_FAULT_INVALID_REQUEST, &fault);
    json_t *strict = json_loadb((const char *)data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (value)
        check_survives(value);
    else
        clti_assert(fault.code == CLTI_FAULT_INVALID_REQUEST && fault.text[0] != '\0');
    if (strict)
        clti_assert(value ? json_equal(strict, value) : strstr(fault.text, "nested") != NULL);
    json_decref(strict);
    json_decref(value);
    return 0;
}
