/* The log: one line an event, whatever the text in it, in both formats. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Room for a line that is too long, to see that it is. */
#define CAPTURE_MAX (256 * 1024)
static char captured[CAPTURE_MAX];

/* What went to standard error, without its time. */
static const char *write_and_capture(clti_log_level level, const char *message, const clti_log_field *fields,
                                     size_t count) {
    FILE *file = tmpfile();
    assert_non_null(file);
    int standard_error = dup(STDERR_FILENO);
    assert_true(standard_error >= 0);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    clti_log_write(level, message, fields, count);
    assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
    close(standard_error);
    rewind(file);
    size_t size = fread(captured, 1, sizeof(captured) - 1, file);
    captured[size] = '\0';
    fclose(file);
    return captured;
}

static const char *behind_time(const char *line) {
    const char *level = strstr(line, "level");
    assert_non_null(level);
    return level;
}

typedef struct text_case {
    const char *name;
    const char *text;
    const char *logfmt, *json; /* the value */
} text_case;

#define BOTH(text) text, text

static const text_case CASES[] = {
    {"log plain text", "/v1/customers?size", "/v1/customers?size", "\"/v1/customers?size\""},
    {"log a space", "a b", BOTH("\"a b\"")},
    {"log a sign that logfmt uses", "a=b", BOTH("\"a=b\"")},
    {"log a quote", "a\"b", BOTH("\"a\\\"b\"")},
    {"log a backslash", "a\\b", BOTH("\"a\\\\b\"")},
    {"log a forged line", "x\nlevel=error message=forged", BOTH("\"x\\u000alevel=error message=forged\"")},
    {"log control characters", "\r\t\x1B[31m\x1F\x7F", BOTH("\"\\u000d\\u0009\\u001b[31m\\u001f\\u007f\"")},
    {"log C1 bytes that are no UTF-8",
     "\xC2\x80\xC2\x9B"
     "31m\xC2\x9F\xC2\xA0\xC2",
     BOTH("\"\\u00c2\\u0080\\u00c2\\u009b31m\\u00c2\\u009f\\u00c2\\u00a0\\u00c2\"")},
    {"log C1 control characters in UTF-8",
     "\xC2\x80\xC2\x9B"
     "31m\xC2\x9F\xC2\xA0",
     BOTH("\"\\u0080\\u009b31m\\u009f\xC2\xA0\"")},
    {"log UTF-8", "\xC3\xA9\xF0\x9F\x98\x80", BOTH("\"\xC3\xA9\xF0\x9F\x98\x80\"")},
    {"log bytes that are no UTF-8", "a\xFF", BOTH("\"a\\u00ff\"")},
    {"log a quote and comma", "\",\"level\":\"x", BOTH("\"\\\",\\\"level\\\":\\\"x\"")},
};

static void check_text(void **state) {
    const text_case *row = *state;
    clti_arena arena = {0};
    const clti_log_field fields[] = {CLTI_LOG_TEXT("path", clti_str(row->text)),
                                     CLTI_LOG_NUMBER("status", -7), CLTI_LOG_TEXT("partner", CLTI_STR(""))};
    clti_log_configure(CLTI_LOG_INFO, CLTI_LOG_LOGFMT);
    const char *line = write_and_capture(CLTI_LOG_INFO, "request", fields, CLTI_COUNT(fields));
    clt_str want = clti_arena_format(&arena, "level=info message=request path=%s status=-7\n", row->logfmt);
    assert_string_equal(behind_time(line), want.data);
    clti_log_configure(CLTI_LOG_INFO, CLTI_LOG_JSON);
    line = write_and_capture(CLTI_LOG_INFO, "request", fields, CLTI_COUNT(fields));
    assert_memory_equal(line, "{\"time\":\"2", 10);
    want = clti_arena_format(&arena, "level\":\"info\",\"message\":\"request\",\"path\":%s,\"status\":-7}\n",
                             row->json);
    assert_string_equal(behind_time(line), want.data);
    clti_arena_done(&arena);
}

static void test_log_write_leaves_out_lower_levels(void **state) {
    (void)state;
    clti_log_configure(CLTI_LOG_WARNING, CLTI_LOG_LOGFMT);
    assert_false(clti_log_enabled(CLTI_LOG_INFO));
    assert_true(clti_log_enabled(CLTI_LOG_WARNING));
    assert_string_equal(write_and_capture(CLTI_LOG_INFO, "quiet", NULL, 0), "");
    assert_non_null(strstr(write_and_capture(CLTI_LOG_ERROR, "loud", NULL, 0), "level=error message=loud\n"));
    clti_log_configure(CLTI_LOG_OFF, CLTI_LOG_LOGFMT);
    assert_string_equal(write_and_capture(CLTI_LOG_ERROR, "quiet", NULL, 0), "");
}

/* A caller must not be able to keep a line out of the log by sending much. */
static void test_log_write_cuts_long_texts_but_keeps_the_line(void **state) {
    static char hostile[100000];
    (void)state;
    memset(hostile, '\x01', sizeof(hostile));
    const clt_str text = {hostile, sizeof(hostile)};
    const clti_log_field fields[] = {CLTI_LOG_TEXT("a", text), CLTI_LOG_TEXT("b", text),
                                     CLTI_LOG_TEXT("c", text), CLTI_LOG_TEXT("d", text),
                                     CLTI_LOG_NUMBER("status", 200)};
    for (int format = CLTI_LOG_LOGFMT; format <= CLTI_LOG_JSON; format++) {
        clti_log_configure(CLTI_LOG_INFO, (clti_log_format)format);
        const char *line = write_and_capture(CLTI_LOG_INFO, "request", fields, CLTI_COUNT(fields));
        size_t size = strlen(line);
        assert_in_range(size, 100, 64 * 1024);
        assert_ptr_equal(strchr(line, '\n'), line + size - 1);
        assert_non_null(strstr(line, format == CLTI_LOG_JSON ? "\"status\":200}\n" : " status=200\n"));
    }
}

static void test_log_write_cuts_at_the_border_of_a_character(void **state) {
    (void)state;
    clti_buf text;
    clti_buf_init(&text, 10000);
    clti_buf_add_char(&text, '.');
    while (text.size < 5000)
        clti_buf_add(&text, CLTI_STR("\xE2\x82\xAC"));
    const clti_log_field field = CLTI_LOG_TEXT("name", clti_buf_str(&text));
    clti_log_configure(CLTI_LOG_INFO, CLTI_LOG_JSON);
    clt_str line = clti_str(write_and_capture(CLTI_LOG_INFO, "m", &field, 1));
    size_t points;
    assert_true(clti_text_check(line, &points));
    assert_non_null(strstr(line.data, "\xE2\x82\xAC\xE2\x82\xAC\"}\n"));
    clti_buf_done(&text);
}

static void test_log_formats_messages(void **state) {
    (void)state;
    FILE *file = tmpfile();
    char line[1000] = "";
    assert_non_null(file);
    int standard_error = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    clti_log_configure(CLTI_LOG_INFO, CLTI_LOG_LOGFMT);
    clti_log(CLTI_LOG_INFO, "listening on %s:%d", "127.0.0.1", 8484);
    assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
    close(standard_error);
    rewind(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(behind_time(line), "level=info message=\"listening on 127.0.0.1:8484\"\n");
    fclose(file);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 4];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_text, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_log_write_leaves_out_lower_levels);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_log_write_cuts_long_texts_but_keeps_the_line);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_log_write_cuts_at_the_border_of_a_character);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_log_formats_messages);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
