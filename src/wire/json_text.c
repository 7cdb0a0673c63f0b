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

/* True if one of eight bytes may need an escape: below 0x20, a quote or a backslash. A byte's high bit is set
 * in `found` where that is so, unless the byte was above 0x7F itself; a borrow from its neighbour can only
 * set one too many, and then the slow way looks again. */
static bool may_need_escape(uint64_t word) {
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    uint64_t found = (word - ones * 0x20) | (quote - ones) | (backslash - ones);
    return (found & ~word & highs) != 0;
}

static char *put_slowly(char *to, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (needs_escape((unsigned char)text[i]))
            to = put_escape(to, (unsigned char)text[i]);
        else
            *to++ = text[i];
    }
    return to;
}

/* Copies eight bytes at a time, the last eight overlapping those before: names are most of a page, and hardly
 * one of them needs an escape. */
char *clti_json_put_text(char *to, clt_str text) {
    uint64_t word;
    if (text.size < sizeof(word))
        return put_slowly(to, text.data, text.size);
    const size_t last = text.size - sizeof(word);
    for (size_t i = 0;; i = i + sizeof(word) < last ? i + sizeof(word) : last) {
        memcpy(&word, text.data + i, sizeof(word));
        if (may_need_escape(word))
            return put_slowly(to + i, text.data + i, text.size - i);
        memcpy(to + i, &word, sizeof(word));
        if (i == last)
            return to + text.size;
    }
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
