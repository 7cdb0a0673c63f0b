#include "wire/wire_private.h"

#include <string.h>

/* The text comes from a peer, and the library quotes it: nothing but what it says of itself is kept. */
static void keep_reason(char *reason) {
    char *quote = strstr(reason, " near ");
    if (quote)
        *quote = '\0';
    for (char *at = reason; *at; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
}

bool clti_json_locate_error(clt_str text, const char *otherwise, clti_fault *fault) {
    json_error_t error;
    json_t *value =
        json_loadb(text.size ? text.data : "", text.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (value) {
        json_decref(value);
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", otherwise);
    }
    keep_reason(error.text);
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          "it is not valid JSON at offset %d of %zu: %s", error.position, text.size,
                          error.text);
}
