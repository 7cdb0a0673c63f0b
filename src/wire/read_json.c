#include "wire/wire_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a scan through JSON text needs to know: are we inside a string, how deep, where was the last comma. */
typedef struct scan {
    bool in_string;
    bool escaped;
    size_t depth;
    char *comma; /* only white space since then */
} scan;

static bool scan_character(scan *state, char *at) {
    if (state->in_string) {
        if (state->escaped)
            state->escaped = false;
        else if (*at == '\\')
            state->escaped = true;
        else if (*at == '"')
            state->in_string = false;
        return true;
    }
    switch (*at) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return true;
    case '{':
    case '[':
        if (++state->depth > CLTI_JSON_DEPTH_MAX)
            return false;
        break;
    case '}':
    case ']':
        /* A space keeps line and column of later errors true. */
        if (state->comma)
            *state->comma = ' ';
        if (state->depth)
            state->depth--;
        break;
    case '"':
        state->in_string = true;
        break;
    default:
        break;
    }
    /* "[,]" has nothing before its comma: that stays an error, found by the parser. */
    state->comma = *at == ',' ? at : NULL;
    return true;
}

/* Blank trailing commas in place; false if nested too deep. */
static bool remove_trailing_commas(char *text, size_t size) {
    scan state = {0};
    char before = '\0';
    for (size_t i = 0; i < size; i++) {
        bool opening = before == '{' || before == '[' || before == ',';
        if (!scan_character(&state, text + i))
            return false;
        if (text[i] == ',' && opening)
            state.comma = NULL;
        if (!strchr(" \t\r\n", text[i]) || text[i] == '\0')
            before = text[i];
    }
    return true;
}

/* The text is changed. */
static json_t *parse(char *text, size_t size, clti_fault_code code, clti_fault *fault) {
    json_error_t error;
    if (!remove_trailing_commas(text, size)) {
        clti_fault_set(fault, code, NULL, "The JSON is nested deeper than %d levels.", CLTI_JSON_DEPTH_MAX);
        return NULL;
    }
    errno = 0;
    json_t *value = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (value)
        return value;
    /* The library calls many a lack of memory a syntax error. */
    if (errno == ENOMEM)
        clti_fault_no_memory(fault);
    else
        clti_fault_set(fault, code, NULL, "The text is not valid JSON: line %d, column %d.", error.line,
                       error.column);
    return NULL;
}

json_t *clti_json_parse(clt_str text, clti_fault_code code, clti_fault *fault) {
    char *copy = malloc(text.size ? text.size : 1);
    if (!copy) {
        clti_fault_no_memory(fault);
        return NULL;
    }
    if (text.size)
        memcpy(copy, text.data, text.size);
    json_t *value = parse(copy, text.size, code, fault);
    free(copy);
    return value;
}

const json_t *clti_json_member(const json_t *object, const char *name) {
    const json_t *found = NULL;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        if (clti_str_equal_nocase(clti_str(key), clti_str(name)))
            found = value;
    }
    return found;
}

clt_str clti_json_string(const json_t *value) {
    if (!json_is_string(value))
        return (clt_str){NULL, 0};
    return (clt_str){json_string_value(value), json_string_length(value)};
}
