/* Dates in each form that clients write, and what is none. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_dates_are_read_in_every_form(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
        bool is_day;
    } rows[] = {
        {"2020-09-02", "2020-09-02T00:00:00.0000000Z", true},
        {" 2020-9-2 ", "2020-09-02T00:00:00.0000000Z", true},
        {"2017-06-152", "2017-06-01T00:00:00.0000000Z", true},
        {"2020-01-366", "2020-12-31T00:00:00.0000000Z", true},
        {"2024-02-29", "2024-02-29T00:00:00.0000000Z", true},
        {"0001-01-01", "0001-01-01T00:00:00.0000000Z", true},
        {"9999-12-31", "9999-12-31T00:00:00.0000000Z", true},
        {"2020-09-02T17:34:12.8069005Z", "2020-09-02T17:34:12.8069005Z", false},
        {"2020-09-02T17:34:12.806900599Z", "2020-09-02T17:34:12.8069005Z", false},
        {"2020-09-02T17:34", "2020-09-02T17:34:00.0000000Z", false},
        {"2020-09-02 00:00:00", "2020-09-02T00:00:00.0000000Z", false},
        {"2020-09-02T00:30:00+02:00", "2020-09-01T22:30:00.0000000Z", false},
        {"2020-09-02T23:30:00-0130", "2020-09-03T01:00:00.0000000Z", false},
        {"2020-09-02T23:30:00 02:00", "2020-09-02T21:30:00.0000000Z", false},
        {"2020-09-02T23:30:00+02", "2020-09-02T21:30:00.0000000Z", false},
        {"6/1/2017", "2017-06-01T00:00:00.0000000Z", true},
        {"6/1/2017 12:00:00 AM", "2017-06-01T00:00:00.0000000Z", true},
        {"6/1/2017 12:00:01 am", "2017-06-01T00:00:01.0000000Z", false},
        {"6/1/2017 12:00:00 PM", "2017-06-01T12:00:00.0000000Z", false},
        {"6/1/2017 1:05 PM", "2017-06-01T13:05:00.0000000Z", false},
        {"06/30/2017 23:59:59", "2017-06-30T23:59:59.0000000Z", false},
        {"06/30/2017 00:00:00", "2017-06-30T00:00:00.0000000Z", true},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_date date;
        if (!clti_date_parse(clti_str(rows[i].text), &date))
            fail_msg("'%s' is refused", rows[i].text);
        assert_string_equal(clti_ticks_to_text(date.ticks).text, rows[i].want);
        if (date.is_day != rows[i].is_day)
            fail_msg("'%s': is_day %d", rows[i].text, date.is_day);
    }
}

static void test_what_is_no_date_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {
        "",
        " ",
        "x",
        "2020",
        "2020-09",
        "2020-09-",
        "2020-09-00",
        "2020-13-01",
        "2020-00-01",
        "0000-01-01",
        "2019-02-29",
        "2019-04-31",
        "2019-01-366",
        "2020-01-367",
        "20-01-01",
        "2020-09-02T",
        "2020-09-02T24:00",
        "2020-09-02T23:60",
        "2020-09-02T23:59:60",
        "2020-09-02T1:2",
        "2020-09-02T10:00:00.",
        "2020-09-02T10:00:00Zx",
        "2020-09-02T10:00:00+",
        "2020-09-02T10:00:00+15:00",
        "2020-09-02T10:00:00+02:",
        "2020-09-02x",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:30:00-01:00",
        "6/1/17",
        "13/1/2017",
        "6/31/2017",
        "6/1/2017 13:00 PM",
        "6/1/2017 0:30 AM",
        "6/1/2017 10",
        "6/1/2017T10:00",
        "6/1/2017 10:00 XM",
        "-1-01-01",
        "2020-09-02\n2020",
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_date date = {.ticks = 42};
        if (clti_date_parse(clti_str(rows[i]), &date))
            fail_msg("'%s' is taken for %s", rows[i], clti_ticks_to_text(date.ticks).text);
        assert_int_equal(date.ticks, 42);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_are_read_in_every_form),
        cmocka_unit_test(test_what_is_no_date_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
