#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define FOLD_OPTIONS                                                                                         \
    (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

bool clti_text_check(clt_str text, size_t *out_code_points) {
    size_t points = 0;
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.data;
    size_t left = text.size;
    while (left) {
        size_t step = 1;
        if (*at >= 0x80) {
            utf8proc_int32_t point;
            utf8proc_ssize_t size = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);
            if (size <= 0)
                return false;
            step = (size_t)size;
        }
        at += step;
        left -= step;
        points++;
    }
    *out_code_points = points;
    return true;
}

bool clti_text_has_control(clt_str text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

/* Most names are ASCII, for which the fold is just lower case. */
static size_t fold_ascii(clt_str text, char *out) {
    size_t i = 0;
    for (; i < text.size && (unsigned char)text.data[i] < 0x80; i++) {
        char c = text.data[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return i;
}

bool clti_text_fold(clt_str text, clti_buf *out) {
    char *room = clti_buf_reserve(out, text.size + 1);
    if (!room)
        return false;
    if (fold_ascii(text, room) == text.size) {
        clti_buf_advance(out, text.size);
        return true;
    }
    /* utf8proc_decompose takes a NULL buffer to mean "how long?", and checks the UTF-8 as it goes. */
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t length =
        utf8proc_decompose(bytes, (utf8proc_ssize_t)text.size, NULL, 0, (utf8proc_option_t)FOLD_OPTIONS);
    if (length < 0)
        return false;
    /* Re-encoding works in place and needs one unit more. */
    utf8proc_int32_t *points = malloc(((size_t)length + 1) * sizeof(*points));
    if (!points)
        return false;
    utf8proc_ssize_t size = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.size, points, length,
                                               (utf8proc_option_t)FOLD_OPTIONS);
    if (size == length)
        size = utf8proc_reencode(points, length, (utf8proc_option_t)FOLD_OPTIONS);
    if (size >= 0)
        clti_buf_add(out, (clt_str){(const char *)points, (size_t)size});
    free(points);
    return size >= 0 && clti_buf_ok(out);
}
