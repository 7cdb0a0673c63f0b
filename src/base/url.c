#include "base/url.h"
#include "base/encode.h"
#include "base/str.h"

bool clti_url_decode(clti_arena *arena, clt_str text, clti_url_mode mode, clt_str *out) {
    char *decoded = clti_arena_alloc(arena, text.size + 1);
    if (!decoded)
        return false;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '+' && mode == CLTI_URL_QUERY) {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.size ? clti_hex_value(text.data[i + 1]) : -1;
            int low = i + 2 < text.size ? clti_hex_value(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            if (mode == CLTI_URL_PATH && (c == '\0' || c == '/'))
                return false;
            i += 2;
        }
        decoded[size++] = c;
    }
    decoded[size] = '\0';
    *out = (clt_str){decoded, size};
    return true;
}

static bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void clti_url_encode(clt_str text, clti_buf *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (is_unreserved((char)c)) {
            clti_buf_add_char(out, (char)c);
        } else {
            const char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
            clti_buf_add(out, (clt_str){escape, sizeof(escape)});
        }
    }
}

bool clti_url_next_pair(clt_str *rest, clti_url_pair *out) {
    while (rest->size) {
        clt_str pair = clti_str_cut(*rest, '&', rest);
        if (pair.size == 0)
            continue;
        out->name = clti_str_cut(pair, '=', &out->value);
        return true;
    }
    return false;
}
