/* Ticks as text, over the borders of years, and what now is. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_ticks_to_text(void **state) {
    (void)state;
    static const struct {
        int64_t ticks;
        const char *text;
    } rows[] = {
        {INT64_C(637346648528069005), "2020-09-02T17:34:12.8069005Z"}, /* api.md 3.9 */
        {CLTI_TICKS_OF_1970, "1970-01-01T00:00:00.0000000Z"},
        {CLTI_TICKS_OF_1970 - 1, "1969-12-31T23:59:59.9999999Z"},
        {0, "0001-01-01T00:00:00.0000000Z"},
        {INT64_C(3155378975999999999), "9999-12-31T23:59:59.9999999Z"},
        {INT64_C(638447616000000000), "2024-02-29T00:00:00.0000000Z"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_string_equal(clti_ticks_to_text(rows[i].ticks).text, rows[i].text);
}

static void test_now_is_the_same_in_every_form(void **state) {
    (void)state;
    int64_t before = clti_now_ticks();
    clti_time_text text = clti_now_text();
    int64_t after = clti_now_ticks();
    assert_true(strcmp(clti_ticks_to_text(before).text, text.text) <= 0);
    assert_true(strcmp(text.text, clti_ticks_to_text(after).text) <= 0);
    int64_t seconds = (before - CLTI_TICKS_OF_1970) / CLTI_TICKS_PER_SECOND;
    assert_true(clti_now_seconds() - seconds <= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticks_to_text),
        cmocka_unit_test(test_now_is_the_same_in_every_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
