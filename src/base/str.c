#include "base/str.h"

#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

clt_str clti_str(const char *terminated) {
    return (clt_str){terminated, terminated ? strlen(terminated) : 0};
}

bool clti_str_is_empty(clt_str str) {
    return str.size == 0;
}

bool clti_str_equal(clt_str a, clt_str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool clti_str_equal_nocase(clt_str a, clt_str b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool clti_str_equal_word(clt_str a, clt_str b) {
    for (;;) {
        while (a.size && a.data[0] == '_')
            a = clti_str_from(a, 1);
        while (b.size && b.data[0] == '_')
            b = clti_str_from(b, 1);
        if (!a.size || !b.size)
            return !a.size && !b.size;
        if (lower(a.data[0]) != lower(b.data[0]))
            return false;
        a = clti_str_from(a, 1);
        b = clti_str_from(b, 1);
    }
}

bool clti_str_starts_with(clt_str str, clt_str prefix) {
    return str.size >= prefix.size && clti_str_equal((clt_str){str.data, prefix.size}, prefix);
}

int clti_str_compare(clt_str a, clt_str b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

clt_str clti_str_from(clt_str str, size_t start) {
    if (start > str.size)
        start = str.size;
    return (clt_str){str.data ? str.data + start : NULL, str.size - start};
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

clt_str clti_str_trim(clt_str str) {
    while (str.size && is_blank(str.data[0]))
        str = clti_str_from(str, 1);
    while (str.size && is_blank(str.data[str.size - 1]))
        str.size--;
    return str;
}

clt_str clti_str_cut(clt_str str, char separator, clt_str *rest) {
    const char *found = str.size ? memchr(str.data, separator, str.size) : NULL;
    if (!found) {
        *rest = (clt_str){NULL, 0};
        return str;
    }
    size_t size = (size_t)(found - str.data);
    *rest = clti_str_from(str, size + 1);
    return (clt_str){str.data, size};
}

bool clti_str_to_u64(clt_str str, uint64_t max, uint64_t *out) {
    uint64_t number = 0;
    if (str.size == 0)
        return false;
    for (size_t i = 0; i < str.size; i++) {
        if (str.data[i] < '0' || str.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(str.data[i] - '0');
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, digit, &number) ||
            number > max)
            return false;
    }
    *out = number;
    return true;
}

/* Names of settings and columns are short; longer ones are simply "far". */
#define DISTANCE_MAX 64

size_t clti_str_distance(clt_str a, clt_str b) {
    size_t row[DISTANCE_MAX + 1];
    if (a.size > DISTANCE_MAX || b.size > DISTANCE_MAX)
        return DISTANCE_MAX;
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t best = diagonal + (lower(a.data[i - 1]) != lower(b.data[j - 1]));
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.size];
}
