#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define FOLD_OPTIONS                                                                                         \
    (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* Bytes at the start that are ASCII, eight at a time: each is a code point of its own. */
static size_t ascii_run(const char *text, size_t size) {
    size_t run = 0;
    for (uint64_t word; run + sizeof(word) <= size; run += sizeof(word)) {
        memcpy(&word, text + run, sizeof(word));
        if (word & 0x8080808080808080)
            break;
    }
    return run;
}

static bool continues(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the code point at the start, 0 if there is none (Unicode, table 3-7). By hand: every item of a
 * page passes here, and the library's decoder was a tenth of a page of names that are not Latin. */
static size_t point_size(const unsigned char *text, size_t size) {
    const unsigned char lead = text[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4 || size < 2 || !continues(text[1]))
        return 0;
    if (lead < 0xE0)
        return 2;
    if (size < 3 || !continues(text[2]))
        return 0;
    if (lead < 0xF0) /* neither overlong nor a surrogate */
        return (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xED && text[1] >= 0xA0) ? 0 : 3;
    if (size < 4 || !continues(text[3])) /* neither overlong nor beyond U+10FFFF */
        return 0;
    return (lead == 0xF0 && text[1] < 0x90) || (lead == 0xF4 && text[1] >= 0x90) ? 0 : 4;
}

bool clti_text_check(clt_str text, size_t *out_code_points) {
    size_t at = ascii_run(text.data, text.size), points = at;
    for (; at < text.size; points++) {
        size_t size = point_size((const unsigned char *)text.data + at, text.size - at);
        if (size == 0)
            return false;
        at += size;
    }
    *out_code_points = points;
    return true;
}

bool clti_text_has_control(clt_str text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7F)
            return true;
        /* U+0080 to U+009F in UTF-8. */
        if (c == 0xC2 && i + 1 < text.size && ((unsigned char)text.data[i + 1] & 0xE0) == 0x80)
            return true;
    }
    return false;
}

static bool is_blank_point(utf8proc_int32_t point) {
    const utf8proc_property_t *property = utf8proc_get_property(point);
    return property->ignorable || property->category == UTF8PROC_CATEGORY_ZS ||
           property->category == UTF8PROC_CATEGORY_ZL || property->category == UTF8PROC_CATEGORY_ZP;
}

bool clti_text_is_blank(clt_str text) {
    for (size_t at = 0; at < text.size;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                 (utf8proc_ssize_t)(text.size - at), &point);
        if (size <= 0 || !is_blank_point(point))
            return false;
        at += (size_t)size;
    }
    return true;
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
