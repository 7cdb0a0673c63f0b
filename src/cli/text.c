#include "cli/text_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CAPACITY_FIRST 256

/* ---- memory -------------------------------------------------------------------------------------------- */

static _Noreturn void end_out_of_memory(void) {
    fputs("clientele: out of memory.\n", stderr);
    exit(1);
}

void *clti_allocate(size_t size) {
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        end_out_of_memory();
    return memory;
}

void *clti_reallocate(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        end_out_of_memory();
    return memory;
}

char *clti_copy(clt_str text) {
    char *copy = clti_allocate(text.size + 1);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy;
}

char *clti_format(const char *format, ...) {
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        end_out_of_memory();
    return text;
}

void clti_free_secret(char *secret) {
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

/* ---- growing bytes ------------------------------------------------------------------------------------- */

void clti_bytes_done(clti_bytes *bytes) {
    free(bytes->data);
    *bytes = (clti_bytes){0};
}

void clti_bytes_clear(clti_bytes *bytes) {
    bytes->size = 0;
}

char *clti_bytes_reserve(clti_bytes *bytes, size_t size) {
    if (bytes->capacity - bytes->size <= size) {
        size_t capacity = bytes->capacity ? bytes->capacity : CAPACITY_FIRST;
        while (capacity - bytes->size <= size) {
            if (capacity > SIZE_MAX / 2)
                end_out_of_memory();
            capacity *= 2;
        }
        bytes->data = clti_reallocate(bytes->data, capacity);
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->size;
}

void clti_bytes_add(clti_bytes *bytes, clt_str text) {
    char *end = clti_bytes_reserve(bytes, text.size);
    if (text.size > 0)
        memcpy(end, text.data, text.size);
    bytes->size += text.size;
    bytes->data[bytes->size] = '\0';
}

void clti_bytes_add_text(clti_bytes *bytes, const char *text) {
    clti_bytes_add(bytes, clti_view(text));
}

void clti_bytes_add_char(clti_bytes *bytes, char character) {
    clti_bytes_add(bytes, (clt_str){&character, 1});
}

void clti_bytes_add_format(clti_bytes *bytes, const char *format, ...) {
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        end_out_of_memory();
    clti_bytes_add(bytes, (clt_str){text, (size_t)size});
    free(text);
}

clt_str clti_bytes_view(const clti_bytes *bytes) {
    return bytes->data ? (clt_str){bytes->data, bytes->size} : (clt_str){"", 0};
}

char *clti_bytes_take(clti_bytes *bytes) {
    clti_bytes_add(bytes, (clt_str){"", 0});
    char *text = bytes->data;
    *bytes = (clti_bytes){0};
    return text;
}

/* ---- views --------------------------------------------------------------------------------------------- */

clt_str clti_view(const char *text) {
    return (clt_str){text, text ? strlen(text) : 0};
}

bool clti_view_equal(clt_str a, clt_str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool clti_view_equal_nocase(clt_str a, clt_str b) {
    return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

clt_str clti_view_cut(clt_str view, char separator, clt_str *rest) {
    const char *at = view.size > 0 ? memchr(view.data, separator, view.size) : NULL;
    if (!at) {
        *rest = (clt_str){NULL, 0};
        return view;
    }
    size_t before = (size_t)(at - view.data);
    *rest = (clt_str){at + 1, view.size - before - 1};
    return (clt_str){view.data, before};
}

bool clti_view_number(clt_str view, uint64_t max, uint64_t *out) {
    uint64_t number = 0;
    for (size_t i = 0; i < view.size; i++) {
        char digit = view.data[i];
        if (digit < '0' || digit > '9')
            return false;
        uint64_t value = (uint64_t)(digit - '0');
        if (number > max / 10 || number * 10 > max - value)
            return false;
        number = number * 10 + value;
    }
    *out = number;
    return view.size > 0;
}

bool clti_view_is_guid(clt_str view) {
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (view.size == sizeof(shape) + 1 && view.data[0] == '{' && view.data[view.size - 1] == '}')
        view = (clt_str){view.data + 1, view.size - 2};
    if (view.size != sizeof(shape) - 1)
        return false;
    for (size_t i = 0; i < view.size; i++) {
        char c = view.data[i];
        bool is_digit = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        if (shape[i] == '-' ? c != '-' : !is_digit)
            return false;
    }
    return true;
}

/* ---- suggestions --------------------------------------------------------------------------------------- */

/* Longer names are near to nothing. */
#define NAME_MAX 40

static size_t least(size_t a, size_t b, size_t c) {
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Number of single-character edits, case ignored. */
static size_t distance_between(clt_str a, clt_str b) {
    size_t row[NAME_MAX + 1];
    if (a.size > NAME_MAX || b.size > NAME_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = clti_view_equal_nocase((clt_str){a.data + i - 1, 1}, (clt_str){b.data + j - 1, 1});
            size_t value = least(row[j] + 1, row[j - 1] + 1, diagonal + (same ? 0 : 1));
            diagonal = row[j];
            row[j] = value;
        }
    }
    return row[b.size];
}

clti_guess clti_guess_for(clt_str asked) {
    return (clti_guess){.asked = asked, .distance = asked.size / 3 + 2};
}

void clti_guess_consider(clti_guess *guess, const char *candidate) {
    size_t distance = distance_between(clti_view(candidate), guess->asked);
    if (distance >= guess->distance)
        return;
    guess->distance = distance;
    guess->name = candidate;
}
