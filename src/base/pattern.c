#include "base/pattern.h"
#include "base/buf.h"
#include "base/str.h"

#include <regex.h>
#include <string.h>

#define EXPRESSION_MAX 1024

/* One bracket expression, from behind its '['. POSIX knows no escapes in there, and a hyphen that is no range
 * stands last. @return where its ']' is. */
static const char *add_bracket(const char *from, clti_buf *out) {
    bool has_hyphen = false;
    clti_buf_add_char(out, '[');
    for (; *from && *from != ']'; from++) {
        bool escaped = *from == '\\';
        from += escaped;
        if (escaped && *from == 'd')
            clti_buf_add(out, CLTI_STR("0-9"));
        else if (escaped && *from == '-')
            has_hyphen = true;
        else
            clti_buf_add_char(out, *from);
    }
    clti_assert(*from == ']');
    clti_buf_add(out, has_hyphen ? CLTI_STR("-]") : CLTI_STR("]"));
    return from;
}

/* The same as an extended regular expression of POSIX. */
static void add_posix(const char *from, clti_buf *out) {
    for (; *from; from++) {
        if (*from == '[')
            from = add_bracket(from + 1, out);
        else if (*from != '\\')
            clti_buf_add_char(out, *from);
        else if (*++from == 'd')
            clti_buf_add(out, CLTI_STR("[0-9]"));
        else
            clti_buf_add_format(out, "[%c]", *from);
    }
    clti_buf_add_char(out, '\0');
}

/* Both end with NUL. */
static clti_pattern_result match(const char *posix, const char *text) {
    regex_t compiled;
    int status = regcomp(&compiled, posix, REG_EXTENDED | REG_NOSUB);
    if (status == 0) {
        status = regexec(&compiled, text, 0, NULL, 0);
        regfree(&compiled);
    }
    clti_assert(status == 0 || status == REG_NOMATCH || status == REG_ESPACE);
    if (status == REG_ESPACE)
        return CLTI_PATTERN_NO_MEMORY;
    return status == 0 ? CLTI_PATTERN_MATCHES : CLTI_PATTERN_DIFFERS;
}

clti_pattern_result clti_pattern_match(const char *expression, clt_str text) {
    clti_buf posix, copy;
    if (text.size > CLTI_PATTERN_TEXT_MAX || (text.size && memchr(text.data, '\0', text.size)))
        return CLTI_PATTERN_DIFFERS;
    clti_buf_init(&posix, EXPRESSION_MAX);
    clti_buf_init(&copy, CLTI_PATTERN_TEXT_MAX + 1);
    add_posix(expression, &posix);
    clti_buf_add(&copy, text);
    clti_buf_add_char(&copy, '\0');
    clti_pattern_result result =
        clti_buf_ok(&posix) && clti_buf_ok(&copy) ? match(posix.data, copy.data) : CLTI_PATTERN_NO_MEMORY;
    clti_buf_done(&posix);
    clti_buf_done(&copy);
    return result;
}
