#include "wire/wire_private.h"

#include <stdio.h>
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

/* ---- where a value stands ------------------------------------------------------------------------------ */

static char at_offset(clt_str text, size_t at) {
    return at < text.size ? text.data[at] : '\0';
}

static bool is_one_of(char character, const char *set) {
    return character != '\0' && strchr(set, character);
}

/* White space, and what stands between values. */
static size_t skip_space(clt_str text, size_t at) {
    while (is_one_of(at_offset(text, at), " \t\r\n,:"))
        at++;
    return at;
}

static size_t skip_text(clt_str text, size_t at) {
    for (at++; at < text.size && text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at + 1;
}

static size_t skip_value(clt_str text, size_t at) {
    size_t depth = 0;
    do {
        char first = at_offset(text, at);
        if (first == '"')
            at = skip_text(text, at);
        else if (is_one_of(first, "{[}]")) {
            depth = is_one_of(first, "{[") ? depth + 1 : depth - 1;
            at++;
        } else
            while (at < text.size && !is_one_of(text.data[at], "{[}]\" \t\r\n,:"))
                at++;
        if (depth > 0)
            at = skip_space(text, at);
    } while (depth > 0 && at < text.size);
    return at;
}

/* The value at a position within the object or array that begins there. */
static size_t step_into(clt_str text, size_t at, size_t position) {
    bool is_object = at_offset(text, at) == '{';
    at = skip_space(text, at + 1);
    for (;; position--) {
        if (is_object)
            at = skip_space(text, skip_text(text, at));
        if (position == 0 || at >= text.size)
            return at;
        at = skip_space(text, skip_value(text, at));
    }
}

bool clti_json_locate_value(clt_str text, const size_t *steps, size_t step_count, clti_fault *fault) {
    size_t at = skip_space(text, 0);
    while (step_count-- > 0)
        at = step_into(text, at, steps[step_count]);
    if (fault->code == CLTI_FAULT_INVALID_REQUEST) {
        char offset[64];
        snprintf(offset, sizeof(offset), "at offset %zu of %zu", at, text.size);
        clti_fault_append(fault, offset);
    }
    return false;
}
