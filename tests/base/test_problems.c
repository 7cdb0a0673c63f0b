/* Several problems become one fault: each member once, the worst code, every sentence that has room. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_problems_none_leaves_the_fault_alone(void **state) {
    (void)state;
    clti_problems problems = {0};
    clti_fault fault = {.code = CLTI_FAULT_COUNT};
    assert_true(clti_problems_none(&problems, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_COUNT);
}

static void test_problems_tell_every_member_in_one_fault(void **state) {
    (void)state;
    clti_problems problems = {0};
    clti_fault fault;
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "A", "%s is missing.", "a");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "B", "b is too long.");
    assert_false(clti_problems_none(&problems, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_INVALID_PROPERTY);
    assert_string_equal(fault.member, "A");
    assert_int_equal(fault.more_count, 1);
    assert_string_equal(fault.more[0], "B");
    assert_string_equal(fault.text, "a is missing. b is too long.");
    assert_false(clti_problems_none(&problems, NULL));
}

static void test_problems_keep_the_first_of_a_member(void **state) {
    (void)state;
    clti_problems problems = {0};
    char name[] = "B";
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "A", "a is too long.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "B", "b is too long.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "A", "a is missing.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, name, "b is missing.");
    assert_int_equal(problems.count, 2);
    assert_string_equal(problems.fault.text, "a is too long. b is too long.");
}

static void test_problems_without_member_are_told_once(void **state) {
    (void)state;
    clti_problems problems = {0};
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, NULL, "x must be an object.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "B", "b is missing.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, NULL, "x must be an object.");
    assert_string_equal(problems.fault.text, "x must be an object. b is missing.");
    assert_string_equal(problems.fault.member, "B");
    assert_int_equal(problems.fault.more_count, 0);
}

static void test_problems_take_the_worst_code_in_any_order(void **state) {
    static const struct {
        clti_fault_code first, second, want;
    } rows[] = {
        {CLTI_FAULT_INVALID_PROPERTY, CLTI_FAULT_INVALID_ADDRESS, CLTI_FAULT_INVALID_PROPERTY},
        {CLTI_FAULT_INVALID_ADDRESS, CLTI_FAULT_INVALID_PROPERTY, CLTI_FAULT_INVALID_PROPERTY},
        {CLTI_FAULT_REGISTRATION_MISSING, CLTI_FAULT_INVALID_ADDRESS, CLTI_FAULT_INVALID_ADDRESS},
        {CLTI_FAULT_INVALID_PROPERTY, CLTI_FAULT_BUSY, CLTI_FAULT_BUSY},
        {CLTI_FAULT_BUSY, CLTI_FAULT_INVALID_PROPERTY, CLTI_FAULT_BUSY},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_problems problems = {0};
        clti_problems_add(&problems, rows[i].first, "A", "a.");
        clti_problems_add(&problems, rows[i].second, "B", "b.");
        assert_int_equal(problems.fault.code, rows[i].want);
    }
}

/* More than fits is cut, never written past: the sanitizers look on. */
static void test_problems_beyond_the_limits_are_cut(void **state) {
    static char names[2 * CLTI_FAULT_MORE_MAX][8];
    (void)state;
    clti_problems problems = {0};
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        snprintf(names[i], sizeof(names[i]), "M%zu", i);
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, names[i], "%s is caf\xC3\xA9 and %030d.",
                          names[i], 1);
    }
    size_t points;
    assert_int_equal(problems.count, CLTI_COUNT(names));
    assert_int_equal(problems.fault.more_count, CLTI_FAULT_MORE_MAX);
    assert_true(clti_text_check(clti_str(problems.fault.text), &points));
    assert_in_range(strlen(problems.fault.text), CLTI_FAULT_TEXT_MAX - 1, CLTI_FAULT_TEXT_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problems_none_leaves_the_fault_alone),
        cmocka_unit_test(test_problems_tell_every_member_in_one_fault),
        cmocka_unit_test(test_problems_keep_the_first_of_a_member),
        cmocka_unit_test(test_problems_without_member_are_told_once),
        cmocka_unit_test(test_problems_take_the_worst_code_in_any_order),
        cmocka_unit_test(test_problems_beyond_the_limits_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
