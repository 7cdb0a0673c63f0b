/* Growing bytes, numbers, GUIDs, nearest names. */
#include "cli/text_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_bytes_grow_and_end_in_a_nul(void **state) {
    clti_bytes bytes = {0};
    (void)state;
    assert_string_equal(clti_bytes_view(&bytes).data, "");
    for (int i = 0; i < 1000; i++)
        clti_bytes_add_format(&bytes, "%d,", i % 10);
    assert_int_equal(bytes.size, 2000);
    assert_int_equal(strlen(bytes.data), 2000);
    clti_bytes_clear(&bytes);
    clti_bytes_add_text(&bytes, "left");
    char *text = clti_bytes_take(&bytes);
    assert_string_equal(text, "left");
    assert_null(bytes.data);
    free(text);
}

static void test_number_is_whole_and_within_its_limit(void **state) {
    static const struct {
        const char *text;
        uint64_t max;
        bool done;
        uint64_t want;
    } rows[] = {
        {"0", 9, true, 0},
        {"007", 9, true, 7},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"10", 9, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1e1", 99, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint64_t number = 0;
        assert_int_equal(clti_view_number(clti_view(rows[i].text), rows[i].max, &number), rows[i].done);
        assert_int_equal(number, rows[i].want);
    }
}

static void test_guid_with_and_without_braces(void **state) {
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"b44bb1fb-c595-45b0-9e09-d657365580bf", true},
        {"B44BB1FB-C595-45B0-9E09-D657365580BF", true},
        {"{b44bb1fb-c595-45b0-9e09-d657365580bf}", true},
        {"{b44bb1fb-c595-45b0-9e09-d657365580bf", false},
        {"(b44bb1fb-c595-45b0-9e09-d657365580bf)", false},
        {"b44bb1fb-c595-45b0-9e09-d657365580bg", false},
        {"b44bb1fbc59545b09e09d657365580bf", false},
        {"b44bb1fb-c595-45b0-9e09_d657365580bf", false},
        {"", false},
        {"contoso.example", false},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_int_equal(clti_view_is_guid(clti_view(rows[i].text)), rows[i].want);
}

static void test_cut_tells_empty_rest_from_none(void **state) {
    clt_str rest;
    (void)state;
    assert_true(clti_view_equal(clti_view_cut(clti_view("a,b"), ',', &rest), clti_view("a")));
    assert_true(clti_view_equal(rest, clti_view("b")));
    assert_true(clti_view_equal(clti_view_cut(clti_view("a,"), ',', &rest), clti_view("a")));
    assert_non_null(rest.data);
    clti_view_cut(clti_view("a"), ',', &rest);
    assert_null(rest.data);
    clti_view_cut((clt_str){NULL, 0}, ',', &rest);
    assert_null(rest.data);
}

static void test_guess_takes_the_nearest_and_nothing_far(void **state) {
    static const char *const known[] = {"login", "logout", "customers", "profile"};
    static const struct {
        const char *asked, *want;
    } rows[] = {{"logn", "login"},     {"LOGIN", "login"},          {"costumers", "customers"},
                {"profil", "profile"}, {"frobnicate", NULL},        {"", NULL},
                {"x", NULL},           {"customersss", "customers"}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_guess guess = clti_guess_for(clti_view(rows[i].asked));
        for (size_t j = 0; j < CLTI_COUNT(known); j++)
            clti_guess_consider(&guess, known[j]);
        if (rows[i].want)
            assert_string_equal(guess.name, rows[i].want);
        else
            assert_null(guess.name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_grow_and_end_in_a_nul),
        cmocka_unit_test(test_number_is_whole_and_within_its_limit),
        cmocka_unit_test(test_guid_with_and_without_braces),
        cmocka_unit_test(test_cut_tells_empty_rest_from_none),
        cmocka_unit_test(test_guess_takes_the_nearest_and_nothing_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
