/* Faults: the table, texts of their own, and long texts cut at the border of a character. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* api.md 3.11: 1 to 1024 characters; and one source of two. */
static void test_fault_kinds_are_fit_for_a_reply(void **state) {
    (void)state;
    for (int code = 0; code < CLTI_FAULT_COUNT; code++) {
        const clti_fault_kind *kind = clti_fault_kind_of((clti_fault_code)code);
        assert_true(kind->service_code > 0);
        assert_in_range(kind->http_status, 400, 599);
        assert_in_range(strlen(kind->text), 1, CLTI_FAULT_TEXT_MAX);
        assert_true(strcmp(kind->source, "PartnerFD") == 0 ||
                    strcmp(kind->source, "PartnerApiServiceControllers") == 0);
    }
}

static void test_fault_set_returns_false_and_accepts_null(void **state) {
    (void)state;
    clti_fault fault;
    assert_false(clti_fault_set(NULL, CLTI_FAULT_BUSY, NULL, "%d", 1));
    assert_false(clti_fault_no_memory(NULL));
    assert_false(clti_fault_set(&fault, CLTI_FAULT_INVALID_QUERY, "size", "The %s is %d.", "size", 3));
    assert_int_equal(fault.code, CLTI_FAULT_INVALID_QUERY);
    assert_string_equal(fault.member, "size");
    assert_string_equal(fault.text, "The size is 3.");
    assert_false(clti_fault_no_memory(&fault));
    assert_int_equal(clti_fault_kind_of(fault.code)->http_status, 503);
}

static void test_fault_set_without_text_takes_the_kinds_own(void **state) {
    (void)state;
    clti_fault fault;
    clti_fault_set(&fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    assert_string_equal(fault.text, clti_fault_kind_of(CLTI_FAULT_NOT_FOUND)->text);
}

/* Characters of 1 to 4 bytes, each at every place where the cut may fall. */
static void test_fault_set_cuts_at_the_border_of_a_character(void **state) {
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    (void)state;
    for (size_t kind = 0; kind < CLTI_COUNT(characters); kind++) {
        for (size_t shift = 0; shift < 5; shift++) {
            clti_buf text;
            clti_fault fault;
            size_t points, unit = strlen(characters[kind]);
            clti_buf_init(&text, 10000);
            for (size_t i = 0; i < shift; i++)
                clti_buf_add_char(&text, '.');
            while (text.size < 2000)
                clti_buf_add(&text, clti_str(characters[kind]));
            clti_buf_add_char(&text, '\0');
            clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "%s", text.data);
            assert_true(clti_text_check(clti_str(fault.text), &points));
            assert_in_range(strlen(fault.text), CLTI_FAULT_TEXT_MAX - unit + 1, CLTI_FAULT_TEXT_MAX);
            clti_buf_done(&text);
        }
    }
}

static void test_fault_set_keeps_a_whole_last_character(void **state) {
    (void)state;
    clti_fault fault;
    clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "%s", "caf\xC3\xA9");
    assert_string_equal(fault.text, "caf\xC3\xA9");
    clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "%s", "\xF0\x9F\x98\x80");
    assert_string_equal(fault.text, "\xF0\x9F\x98\x80");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_kinds_are_fit_for_a_reply),
        cmocka_unit_test(test_fault_set_returns_false_and_accepts_null),
        cmocka_unit_test(test_fault_set_without_text_takes_the_kinds_own),
        cmocka_unit_test(test_fault_set_cuts_at_the_border_of_a_character),
        cmocka_unit_test(test_fault_set_keeps_a_whole_last_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
