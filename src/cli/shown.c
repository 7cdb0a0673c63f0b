#include "cli/shown_private.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT   0xFFFDu
#define ELLIPSIS      "\xE2\x80\xA6"
#define ENCODED_MAX   4
#define POINT_COUNT   0x110000u
#define FIRST_BEYOND8 0x80u

/* ---- code points --------------------------------------------------------------------------------------- */

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

uint32_t clti_shown_next(clt_str *text) {
    static const uint32_t least_of[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)text->data[0];
    size_t size = lead < 0x80 ? 1 : lead >= 0xF0 && lead < 0xF8 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : 2;
    uint32_t point = size == 1 ? lead : lead & (0x7Fu >> size);
    bool valid = size == 1 || (lead >= 0xC0 && lead < 0xF8 && text->size >= size);
    for (size_t i = 1; valid && i < size; i++) {
        valid = is_continuation(text->data[i]);
        point = point << 6 | ((unsigned char)text->data[i] & 0x3Fu);
    }
    if (size > 1 &&
        (!valid || point < least_of[size] || point >= POINT_COUNT || (point >= 0xD800 && point < 0xE000))) {
        size = 1;
        point = REPLACEMENT;
    }
    *text = (clt_str){text->data + size, text->size - size};
    return point;
}

bool clti_shown_is_text(clt_str text) {
    while (text.size > 0) {
        size_t before = text.size;
        if (clti_shown_next(&text) == REPLACEMENT && before - text.size == 1)
            return false;
    }
    return true;
}

static size_t encode(uint32_t point, char out[ENCODED_MAX]) {
    if (point < FIRST_BEYOND8) {
        out[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80u | (point & 0x3Fu));
        point >>= 6;
    }
    out[0] = (char)((0xF00u >> size & 0xFFu) | point);
    return size;
}

bool clti_shown_acts(uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C ||
           (point >= 0x200E && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* ---- width --------------------------------------------------------------------------------------------- */

/* The C library's table; it answers for the process's locale, which has to be one of UTF-8. */
static size_t width_of(uint32_t point) {
    static bool is_ready;
    if (point < FIRST_BEYOND8)
        return 1;
    if (!is_ready) {
        is_ready = true;
        if (!setlocale(LC_CTYPE, "C.UTF-8"))
            setlocale(LC_CTYPE, "");
    }
    int width = wcwidth((wchar_t)point);
    return width < 0 ? 1 : (size_t)width;
}

static uint32_t next_harmless(clt_str *text) {
    uint32_t point = clti_shown_next(text);
    return clti_shown_acts(point) ? REPLACEMENT : point;
}

size_t clti_shown_width(clt_str text) {
    size_t width = 0;
    while (text.size > 0)
        width += width_of(next_harmless(&text));
    return width;
}

void clti_shown_indent(clti_bytes *out, size_t count) {
    memset(clti_bytes_reserve(out, count), ' ', count);
    out->size += count;
    out->data[out->size] = '\0';
}

void clti_shown_add(clti_bytes *out, clt_str text, size_t width) {
    bool is_cut = width > 0 && clti_shown_width(text) > width;
    size_t room = is_cut ? width - 1 : width, used = 0;
    while (text.size > 0) {
        char encoded[ENCODED_MAX];
        uint32_t point = next_harmless(&text);
        size_t columns = width > 0 ? width_of(point) : 0;
        if (is_cut && used + columns > room)
            break;
        used += columns;
        clti_bytes_add(out, (clt_str){encoded, encode(point, encoded)});
    }
    if (is_cut) {
        clti_bytes_add_text(out, ELLIPSIS);
        used++;
    }
    if (width > used)
        clti_shown_indent(out, width - used);
}

void clti_shown_take(clti_bytes *out, clt_str *text, size_t width) {
    size_t used = 0;
    while (text->size > 0) {
        char encoded[ENCODED_MAX];
        clt_str rest = *text;
        uint32_t point = next_harmless(&rest);
        used += width_of(point);
        if (used > width && used > width_of(point))
            return;
        clti_bytes_add(out, (clt_str){encoded, encode(point, encoded)});
        *text = rest;
    }
}
