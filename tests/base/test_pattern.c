/* Expressions in the form in which they are served, matched. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define US_PHONE "^(1[ \\-\\/\\.]?)?(\\((\\d{3})\\)|(\\d{3}))[ \\-\\/\\.]?(\\d{3})[ \\-\\/\\.]?(\\d{4})$"

static void test_pattern_match(void **state) {
    static const struct {
        const char *expression, *text;
        bool matches;
    } rows[] = {
        {"^\\d{5}(-\\d{4})?$", "98052", true},
        {"^\\d{5}(-\\d{4})?$", "98052-1234", true},
        {"^\\d{5}(-\\d{4})?$", "98052-", false},
        {"^\\d{5}(-\\d{4})?$", "9805", false},
        {"^\\d{5}(-\\d{4})?$", "980525", false},
        {"^\\d{5}(-\\d{4})?$", "dddd5", false},
        {"^\\d{5}(-\\d{4})?$", "98052\n", false},
        {"^\\d{5}(-\\d{4})?$", "", false},
        {"^\\d{5}$", "\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4\xD9\xA5", false},
        {"^[A-Z\\d][ \\-]?[a-z]$", "9-z", true},
        {"^[A-Z\\d][ \\-]?[a-z]$", "Q z", true},
        {"^[A-Z\\d][ \\-]?[a-z]$", "Q\\z", false},
        {"^[A-Z\\d][ \\-]?[a-z]$", "d-z", false},
        {"^a\\.b$", "a.b", true},
        {"^a\\.b$", "axb", false},
        {"^\\+?[\\d\\+\\*]$", "+*", true},
        {US_PHONE, "4255550101", true},
        {US_PHONE, "1-425-555-0101", true},
        {US_PHONE, "(425) 555.0101", true},
        {US_PHONE, "425/555/0101", true},
        {US_PHONE, "(425 555 0101", false},
        {US_PHONE, "+1 425 555 0101", false},
        {US_PHONE, "425\\555\\0101", false},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if ((clti_pattern_match(rows[i].expression, clti_str(rows[i].text)) == CLTI_PATTERN_MATCHES) !=
            rows[i].matches)
            fail_msg("%s of '%s'", rows[i].expression, rows[i].text);
}

static void test_pattern_match_takes_views_as_they_are(void **state) {
    (void)state;
    assert_int_equal(clti_pattern_match("^\\d{2}$", (clt_str){"1234", 2}), CLTI_PATTERN_MATCHES);
    assert_int_equal(clti_pattern_match("^\\d{2}$", CLTI_STR("12\0")), CLTI_PATTERN_DIFFERS);
    assert_int_equal(clti_pattern_match("^\\d{2}$", CLTI_STR("12\0\0003")), CLTI_PATTERN_DIFFERS);
    assert_int_equal(clti_pattern_match("^x?$", (clt_str){NULL, 0}), CLTI_PATTERN_MATCHES);
}

static void test_pattern_match_refuses_long_texts_unread(void **state) {
    (void)state;
    char text[CLTI_PATTERN_TEXT_MAX + 1];
    memset(text, '1', sizeof(text));
    assert_int_equal(clti_pattern_match("^1*$", (clt_str){text, sizeof(text) - 1}), CLTI_PATTERN_MATCHES);
    assert_int_equal(clti_pattern_match("^1*$", (clt_str){text, sizeof(text)}), CLTI_PATTERN_DIFFERS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern_match),
        cmocka_unit_test(test_pattern_match_takes_views_as_they_are),
        cmocka_unit_test(test_pattern_match_refuses_long_texts_unread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
