#include "wire/wire_private.h"

#include <string.h>

/* Longest escape of one byte: \u001f. */
#define ESCAPE_MAX 6

/* Bytes that JSON wants escaped, and nothing else: UTF-8 passes as it is. */
static bool needs_escape(unsigned char c) {
    return c < 0x20 || c == '"' || c == '\\';
}

static char *put_escape(char *to, unsigned char c) {
    static const char digits[] = "0123456789abcdef";
    static const char short_for[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    *to++ = '\\';
    for (const char *pair = short_for; *pair; pair += 2) {
        if ((unsigned char)pair[0] == c) {
            *to++ = pair[1];
            return to;
        }
    }
    memcpy(to, "u00", 3);
    to[3] = digits[c >> 4];
    to[4] = digits[c & 15];
    return to + 5;
}

/* Bytes at the start of `text` that may be copied as they are. Looks at eight at a time: names are most of a
 * page, and hardly one of them needs an escape. */
static size_t plain_run(const char *text, size_t size) {
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    size_t i = 0;
    for (; i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + i, sizeof(word));
        uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
        /* A byte's high bit is set where it is below 0x20, a quote or a backslash, unless it was above 0x7F;
         * a borrow from a neighbour can only set one too many, and then the slow loop looks. */
        uint64_t found = (word - ones * 0x20) | (quote - ones) | (backslash - ones);
        if (found & ~word & highs)
            break;
    }
    while (i < size && !needs_escape((unsigned char)text[i]))
        i++;
    return i;
}

char *clti_json_put_text(char *to, clt_str text) {
    for (size_t i = 0; i < text.size;) {
        size_t run = plain_run(text.data + i, text.size - i);
        memcpy(to, text.data + i, run);
        to += run;
        i += run;
        if (i < text.size)
            to = put_escape(to, (unsigned char)text.data[i++]);
    }
    return to;
}

size_t clti_json_text_room(clt_str text) {
    return text.size * ESCAPE_MAX;
}

void clti_json_add_string(clti_buf *out, clt_str text) {
    char *start = clti_buf_reserve(out, clti_json_text_room(text) + 2);
    if (!start)
        return;
    char *to = start;
    *to++ = '"';
    to = clti_json_put_text(to, text);
    *to++ = '"';
    clti_buf_advance(out, (size_t)(to - start));
}
