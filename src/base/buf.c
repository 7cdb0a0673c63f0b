#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 256

void clti_buf_init(clti_buf *buf, size_t size_max) {
    *buf = (clti_buf){.size_max = size_max};
}

void clti_buf_done(clti_buf *buf) {
    free(buf->data);
    *buf = (clti_buf){.size_max = buf->size_max};
}

void clti_buf_clear(clti_buf *buf) {
    buf->size = 0;
    buf->failed = false;
}

bool clti_buf_ok(const clti_buf *buf) {
    return !buf->failed;
}

clt_str clti_buf_str(const clti_buf *buf) {
    return (clt_str){buf->data ? buf->data : "", buf->size};
}

char *clti_buf_reserve(clti_buf *buf, size_t size) {
    if (buf->failed)
        return NULL;
    if (buf->capacity - buf->size >= size && buf->data)
        return buf->data + buf->size;
    if (size > buf->size_max - buf->size) {
        buf->failed = true;
        return NULL;
    }
    size_t needed = buf->size + size;
    /* The first reservation is taken at its word; growth doubles. */
    size_t capacity = buf->capacity ? buf->capacity : needed > CAPACITY_MIN ? needed : CAPACITY_MIN;
    while (capacity < needed)
        capacity = capacity > buf->size_max / 2 ? buf->size_max : capacity * 2;
    if (capacity > buf->size_max)
        capacity = buf->size_max;
    if (capacity == 0)
        capacity = 1;
    char *data = realloc(buf->data, capacity);
    if (!data) {
        buf->failed = true;
        return NULL;
    }
    buf->data = data;
    buf->capacity = capacity;
    return data + buf->size;
}

void clti_buf_advance(clti_buf *buf, size_t size) {
    clti_assert(size <= buf->capacity - buf->size);
    buf->size += size;
}

void clti_buf_add(clti_buf *buf, clt_str str) {
    char *room = str.size ? clti_buf_reserve(buf, str.size) : NULL;
    if (!room)
        return;
    memcpy(room, str.data, str.size);
    buf->size += str.size;
}

void clti_buf_add_char(clti_buf *buf, char character) {
    clti_buf_add(buf, (clt_str){&character, 1});
}

void clti_buf_add_u64(clti_buf *buf, uint64_t number) {
    char digits[20];
    size_t start = sizeof(digits);
    do {
        digits[--start] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    clti_buf_add(buf, (clt_str){digits + start, sizeof(digits) - start});
}

void clti_buf_add_format(clti_buf *buf, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0) {
        buf->failed = true;
        return;
    }
    /* vsnprintf wants room for its NUL, which is not content. */
    char *room = clti_buf_reserve(buf, (size_t)size + 1);
    if (!room)
        return;
    va_start(arguments, format);
    vsnprintf(room, (size_t)size + 1, format, arguments);
    va_end(arguments);
    buf->size += (size_t)size;
}

char *clti_buf_take(clti_buf *buf, size_t *out_size) {
    char *data = buf->data;
    *out_size = buf->size;
    *buf = (clti_buf){.size_max = buf->size_max};
    return data;
}
