/* The table of countries: complete, findable, and with cultures that look like cultures. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ISO_3166_COUNT 249

/* The search is binary, so a row out of order or there twice would hide another: then the count is wrong. */
static void test_country_find_knows_every_iso_code(void **state) {
    (void)state;
    size_t count = 0;
    for (char first = 'A'; first <= 'Z'; first++) {
        for (char second = 'A'; second <= 'Z'; second++) {
            const char code[2] = {first, second};
            const clti_country *country = clti_country_find((clt_str){code, 2});
            if (!country)
                continue;
            assert_memory_equal(country->iso2, code, 2);
            count++;
        }
    }
    assert_int_equal(count, ISO_3166_COUNT);
}

static void test_country_rows_stand_in_rising_order(void **state) {
    (void)state;
    const clti_country *before = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 1; i < ISO_3166_COUNT; i++)
        assert_true(strcmp(before[i - 1].iso2, before[i].iso2) < 0);
}

static void test_country_cultures_are_well_formed(void **state) {
    (void)state;
    const clti_country *rows = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 0; i < ISO_3166_COUNT; i++) {
        clt_str language = clti_country_language(&rows[i]);
        clt_str culture = clti_str(rows[i].culture);
        assert_in_range(language.size, 2, 3);
        assert_in_range(culture.size, 5, 10);
        assert_int_equal(culture.data[culture.size - 3], '-');
        assert_non_null(clti_country_find(clti_str_from(culture, culture.size - 2)));
    }
}

static void test_country_find_ignores_case_and_refuses_the_rest(void **state) {
    static const char *const unknown[] = {"", "D", "DEU", "XX", "ZZ", "UK", "  ", "d ", "49", "$%"};
    (void)state;
    assert_string_equal(clti_country_find(CLTI_STR("de"))->culture, "de-DE");
    assert_string_equal(clti_country_find(CLTI_STR("Us"))->culture, "en-US");
    assert_true(clti_str_equal(clti_country_language(clti_country_find(CLTI_STR("rs"))), CLTI_STR("sr")));
    for (size_t i = 0; i < CLTI_COUNT(unknown); i++)
        assert_null(clti_country_find(clti_str(unknown[i])));
    assert_null(clti_country_find(CLTI_STR("\0\0")));
    assert_null(clti_country_find((clt_str){NULL, 0}));
    assert_null(clti_country_find(CLTI_STR("\xC4\xC5")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_country_find_knows_every_iso_code),
        cmocka_unit_test(test_country_rows_stand_in_rising_order),
        cmocka_unit_test(test_country_cultures_are_well_formed),
        cmocka_unit_test(test_country_find_ignores_case_and_refuses_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
