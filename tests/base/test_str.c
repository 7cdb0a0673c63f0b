/* Views of text: comparing, cutting, numbers, distance. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const clt_str ABSENT = {NULL, 0};

static void test_str_absent_differs_from_empty_only_in_data(void **state) {
    (void)state;
    assert_null(clti_str(NULL).data);
    assert_non_null(clti_str("").data);
    assert_true(clti_str_is_empty(ABSENT));
    assert_true(clti_str_is_empty(CLTI_STR("")));
    assert_true(clti_str_equal(ABSENT, CLTI_STR("")));
    assert_true(clti_str_equal_nocase(ABSENT, CLTI_STR("")));
    assert_int_equal(clti_str_compare(ABSENT, CLTI_STR("")), 0);
    assert_true(clti_str_starts_with(CLTI_STR("a"), ABSENT));
    assert_true(clti_str_starts_with(ABSENT, ABSENT));
    assert_null(clti_str_from(ABSENT, 3).data);
    assert_null(clti_str_trim(ABSENT).data);
}

static void test_str_equal_nocase_knows_ascii_only(void **state) {
    (void)state;
    assert_true(clti_str_equal_nocase(CLTI_STR("AZaz09"), CLTI_STR("azAZ09")));
    assert_false(clti_str_equal_nocase(CLTI_STR("@["), CLTI_STR("`{")));
    assert_false(clti_str_equal_nocase(CLTI_STR("\xC3\x89"), CLTI_STR("\xC3\xA9")));
    assert_false(clti_str_equal_nocase(CLTI_STR("ab"), CLTI_STR("abc")));
    assert_false(clti_str_equal(CLTI_STR("a"), CLTI_STR("A")));
}

static void test_str_equal_word_ignores_case_and_underscores(void **state) {
    (void)state;
    assert_true(clti_str_equal_word(CLTI_STR("starts_with"), CLTI_STR("StartsWith")));
    assert_true(clti_str_equal_word(CLTI_STR("_starts__with_"), CLTI_STR("starts_with")));
    assert_true(clti_str_equal_word(CLTI_STR("_"), ABSENT));
    assert_false(clti_str_equal_word(CLTI_STR("starts"), CLTI_STR("starts_with")));
    assert_false(clti_str_equal_word(CLTI_STR("starts_with"), CLTI_STR("starts")));
    assert_false(clti_str_equal_word(CLTI_STR("starts-with"), CLTI_STR("starts_with")));
}

static void test_str_compare_is_byte_order_then_length(void **state) {
    static const clt_str rising[] = {{"", 0},   {"A", 1}, {"a", 1},       {"a\0", 2},
                                     {"ab", 2}, {"b", 1}, {"\xC3\xA9", 2}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rising); i++)
        for (size_t j = 0; j < CLTI_COUNT(rising); j++) {
            int order = clti_str_compare(rising[i], rising[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

static void test_str_starts_with_compares_whole_prefixes(void **state) {
    (void)state;
    assert_true(clti_str_starts_with(CLTI_STR("abc"), CLTI_STR("abc")));
    assert_true(clti_str_starts_with(CLTI_STR("abc"), CLTI_STR("")));
    assert_false(clti_str_starts_with(CLTI_STR("abc"), CLTI_STR("abcd")));
    assert_false(clti_str_starts_with(CLTI_STR("abc"), CLTI_STR("b")));
}

static void test_str_from_clamps_and_trim_takes_blanks(void **state) {
    (void)state;
    assert_true(clti_str_equal(clti_str_from(CLTI_STR("abc"), 1), CLTI_STR("bc")));
    assert_int_equal(clti_str_from(CLTI_STR("abc"), 9).size, 0);
    assert_true(clti_str_equal(clti_str_trim(CLTI_STR(" \t\r\n a b \n")), CLTI_STR("a b")));
    assert_int_equal(clti_str_trim(CLTI_STR(" \t ")).size, 0);
    assert_true(clti_str_equal(clti_str_trim(CLTI_STR("\v")), CLTI_STR("\v")));
}

static void test_str_cut_tells_empty_rest_from_none(void **state) {
    (void)state;
    clt_str rest;
    assert_true(clti_str_equal(clti_str_cut(CLTI_STR("a,b,c"), ',', &rest), CLTI_STR("a")));
    assert_true(clti_str_equal(rest, CLTI_STR("b,c")));
    assert_true(clti_str_equal(clti_str_cut(CLTI_STR("a,"), ',', &rest), CLTI_STR("a")));
    assert_non_null(rest.data);
    assert_int_equal(rest.size, 0);
    assert_true(clti_str_equal(clti_str_cut(CLTI_STR("a"), ',', &rest), CLTI_STR("a")));
    assert_null(rest.data);
    assert_int_equal(clti_str_cut(CLTI_STR(",a"), ',', &rest).size, 0);
    assert_true(clti_str_equal(rest, CLTI_STR("a")));
}

static void test_str_to_u64_reads_whole_numbers_up_to_max(void **state) {
    static const struct {
        const char *text;
        uint64_t max;
        bool done;
        uint64_t want;
    } rows[] = {
        {"0", UINT64_MAX, true, 0},
        {"007", UINT64_MAX, true, 7},
        {"500", 500, true, 500},
        {"501", 500, false, 0},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999999", UINT64_MAX, false, 0},
        {"9223372036854775808", INT64_MAX, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"0x1", 99, false, 0},
        {"1.0", 99, false, 0},
        {"1e1", 99, false, 0},
        {"\xD9\xA3", 9, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint64_t number = 0;
        assert_int_equal(clti_str_to_u64(clti_str(rows[i].text), rows[i].max, &number), rows[i].done);
        assert_true(number == rows[i].want);
    }
}

static void test_str_distance_counts_edits(void **state) {
    static const struct {
        const char *a, *b;
        size_t want;
    } rows[] = {{"", "", 0},         {"abc", "", 3},       {"", "abc", 3},     {"Size", "sIZE", 0},
                {"size", "sise", 1}, {"size", "sizes", 1}, {"size", "ize", 1}, {"kitten", "sitting", 3}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_int_equal(clti_str_distance(clti_str(rows[i].a), clti_str(rows[i].b)), rows[i].want);
    char far[1000];
    memset(far, 'a', sizeof(far));
    assert_true(clti_str_distance((clt_str){far, sizeof(far)}, CLTI_STR("a")) > 10);
    assert_true(clti_str_distance(CLTI_STR("a"), (clt_str){far, sizeof(far)}) > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str_absent_differs_from_empty_only_in_data),
        cmocka_unit_test(test_str_equal_nocase_knows_ascii_only),
        cmocka_unit_test(test_str_equal_word_ignores_case_and_underscores),
        cmocka_unit_test(test_str_compare_is_byte_order_then_length),
        cmocka_unit_test(test_str_starts_with_compares_whole_prefixes),
        cmocka_unit_test(test_str_from_clamps_and_trim_takes_blanks),
        cmocka_unit_test(test_str_cut_tells_empty_rest_from_none),
        cmocka_unit_test(test_str_to_u64_reads_whole_numbers_up_to_max),
        cmocka_unit_test(test_str_distance_counts_edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
