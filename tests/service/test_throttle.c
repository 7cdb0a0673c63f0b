/* How many passwords are made for the users of one partner. */
#include "service/service.h"

#include "support/test.h"

static void test_passwords_are_limited_for_each_partner(void **state) {
    (void)state;
    const clti_throttle_options options = {0};
    const clti_caller one = {.partner = {{1}}, .is_sandbox = true}, other = {.partner = {{2}}};
    const int64_t now = clti_steady_us() + 1000000;
    clti_throttle *throttle;
    clti_fault fault;
    assert_true(clti_throttle_new(&options, &throttle, &fault));
    for (int i = 0; i < CLTI_PASSWORDS_PER_MINUTE; i++)
        assert_int_equal(clti_throttle_take_password(throttle, &one, now), 0);
    assert_int_equal(clti_throttle_take_password(throttle, &one, now), 2);
    assert_int_equal(clti_throttle_take_password(throttle, &other, now), 0);
    assert_int_equal(clti_throttle_take(throttle, &one, now), 0); /* nothing else is counted with them */
    assert_int_equal(clti_throttle_take_password(throttle, &one, now + 2000000), 0);
    assert_int_equal(clti_throttle_take_password(throttle, &one, now + 2000000), 2);
    clti_throttle_free(throttle);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passwords_are_limited_for_each_partner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
