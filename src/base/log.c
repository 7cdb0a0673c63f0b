#include "base/log.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* No outside text may flood the log, nor keep a line out of it: texts are cut, and fields that have no room
 * in the line are left out. */
#define LINE_MAX_SIZE (16 * 1024)
#define LINE_END_SIZE 2
#define TEXT_MAX_SIZE 2048

static clti_log_level least_level = CLTI_LOG_INFO;
static clti_log_format line_format = CLTI_LOG_LOGFMT;

static const char *const level_names[] = {"debug", "info", "warning", "error", "off"};

void clti_log_configure(clti_log_level least, clti_log_format format) {
    least_level = least;
    line_format = format;
}

bool clti_log_enabled(clti_log_level level) {
    return level >= least_level;
}

/* Not inside a character, if there are characters. */
static clt_str cut_text(clt_str text) {
    if (text.size <= TEXT_MAX_SIZE)
        return text;
    text.size = TEXT_MAX_SIZE;
    for (int i = 0; i < 3 && ((unsigned char)text.data[text.size] & 0xC0) == 0x80; i++)
        text.size--;
    return text;
}

/* Both formats quote in JSON's way. Text that is not UTF-8 shows as the bytes it has. */
static void add_quoted(clti_buf *line, clt_str text) {
    size_t points;
    text = cut_text(text);
    bool is_utf8 = clti_text_check(text, &points);
    unsigned char plain_max = is_utf8 ? 0xFF : 0x7E;
    clti_buf_add_char(line, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            clti_buf_add_format(line, "\\%c", c);
        else if (is_utf8 && c == 0xC2 && (unsigned char)text.data[i + 1] < 0xA0) /* C1 controls */
            clti_buf_add_format(line, "\\u%04x", (unsigned char)text.data[++i]);
        else if (c < 0x20 || c == 0x7F || c > plain_max)
            clti_buf_add_format(line, "\\u%04x", c);
        else
            clti_buf_add_char(line, (char)c);
    }
    clti_buf_add_char(line, '"');
}

static bool needs_quotes(clt_str text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= 0x20 || c >= 0x7F || c == '"' || c == '\\' || c == '=')
            return true;
    }
    return text.size == 0 || text.size > TEXT_MAX_SIZE;
}

static void add_field(clti_buf *line, const char *name, clt_str text, int64_t number) {
    bool json = line_format == CLTI_LOG_JSON;
    size_t before = line->size;
    if (line->size > 1)
        clti_buf_add_char(line, json ? ',' : ' ');
    clti_buf_add_format(line, json ? "\"%s\":" : "%s=", name);
    if (!text.data)
        clti_buf_add_format(line, "%lld", (long long)number);
    else if (json || needs_quotes(text))
        add_quoted(line, text);
    else
        clti_buf_add(line, text);
    if (!clti_buf_ok(line) || line->size > LINE_MAX_SIZE - LINE_END_SIZE) {
        line->size = before;
        line->failed = false;
    }
}

void clti_log_write(clti_log_level level, const char *message, const clti_log_field *fields, size_t count) {
    if (!clti_log_enabled(level))
        return;
    clti_buf line;
    clti_buf_init(&line, LINE_MAX_SIZE);
    if (line_format == CLTI_LOG_JSON)
        clti_buf_add_char(&line, '{');
    clti_time_text now = clti_now_text();
    add_field(&line, "time", clti_str(now.text), 0);
    add_field(&line, "level", clti_str(level_names[level]), 0);
    add_field(&line, "message", clti_str(message), 0);
    for (size_t i = 0; i < count; i++)
        if (!fields[i].text.data || fields[i].text.size)
            add_field(&line, fields[i].name, fields[i].text, fields[i].number);
    clti_buf_add(&line, line_format == CLTI_LOG_JSON ? CLTI_STR("}\n") : CLTI_STR("\n"));
    if (clti_buf_ok(&line)) {
        /* Nobody is left to tell if standard error itself fails. */
        ssize_t written = write(STDERR_FILENO, line.data, line.size);
        (void)written;
    }
    clti_buf_done(&line);
}

void clti_log(clti_log_level level, const char *format, ...) {
    if (!clti_log_enabled(level))
        return;
    char message[TEXT_MAX_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    clti_log_write(level, message, NULL, 0);
}
