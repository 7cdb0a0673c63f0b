/* Dates as people write them. */
#include "cli/moment_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW INT64_C(1795600000) /* 2026-11-25T09:46:40Z */

static void test_days_moments_and_so_long_ago_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text, *formatted;
    } rows[] = {
        {"2026-11-01", "2026-11-01"},
        {"2024-02-29", "2024-02-29"},
        {"2026-11-01T09:30", "2026-11-01T09:30:00Z"},
        {"2026-11-01T09:30Z", "2026-11-01T09:30:00Z"},
        {"2026-11-01T09:30:07", "2026-11-01T09:30:07Z"},
        {"2026-11-01T09:30:07Z", "2026-11-01T09:30:07Z"},
        {"7d", "2026-11-18T09:46:40Z"},
        {"12h", "2026-11-24T21:46:40Z"},
        {"90m", "2026-11-25T08:16:40Z"},
        {"0d", "2026-11-25T09:46:40Z"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_moment moment;
        if (!clti_moment_parse(rows[i].text, NOW, &moment))
            fail_msg("%s", rows[i].text);
        char *formatted = clti_moment_format(moment);
        assert_string_equal(formatted, rows[i].formatted);
        free(formatted);
    }
}

static void test_what_is_no_date_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {"",           "d",          "7",           "7w",
                                       "-7d",        "7.5d",       "9999999d",    "2026-13-01",
                                       "yesterday",  "2026-02-30", "2026-11-01X", "2026-11-01T25:00",
                                       "2026-11-01Z"};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_moment moment;
        if (clti_moment_parse(rows[i], NOW, &moment))
            fail_msg("%s", rows[i]);
    }
}

static void test_a_day_is_that_of_any_of_its_moments(void **state) {
    (void)state;
    clti_moment day = clti_moment_day(NOW);
    assert_true(day.is_day);
    assert_int_equal(NOW - day.seconds, 9 * 3600 + 46 * 60 + 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_moments_and_so_long_ago_are_read),
        cmocka_unit_test(test_what_is_no_date_is_refused),
        cmocka_unit_test(test_a_day_is_that_of_any_of_its_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
