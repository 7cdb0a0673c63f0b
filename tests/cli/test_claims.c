/* Tokens read without verifying them. The payloads are base64url of the JSON beside them. */
#include "cli/claims_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_claims_of_an_application(void **state) {
    clti_claims claims;
    (void)state;
    /* {"tid":"t-1","appid":"app","exp":1700000000,"iss":"http://a/t-1/"} */
    assert_true(
        clti_claims_read(clti_view("e30.eyJ0aWQiOiJ0LTEiLCJhcHBpZCI6ImFwcCIsImV4cCI6MTcwMDAwMDAwMCwiaXNzI"
                                   "joiaHR0cDovL2EvdC0xLyJ9.c2ln"),
                         &claims));
    assert_string_equal(claims.tenant, "t-1");
    assert_string_equal(claims.application, "app");
    assert_string_equal(claims.issuer, "http://a/t-1/");
    assert_null(claims.user);
    assert_false(claims.has_user);
    assert_int_equal(claims.expires_at, 1700000000);
    clti_claims_done(&claims);
}

static void test_claims_of_a_user(void **state) {
    clti_claims claims;
    (void)state;
    /* {"tid":"t","azp":"app","scp":"user_impersonation","preferred_username":"ada@fabrikam.example"} */
    assert_true(
        clti_claims_read(clti_view("e30.eyJ0aWQiOiJ0IiwiYXpwIjoiYXBwIiwic2NwIjoidXNlcl9pbXBlcnNvbmF0aW9uIi"
                                   "wicHJlZmVycmVkX3VzZXJuYW1lIjoiYWRhQGZhYnJpa2FtLmV4YW1wbGUifQ.c2ln"),
                         &claims));
    assert_string_equal(claims.application, "app");
    assert_string_equal(claims.user, "ada@fabrikam.example");
    assert_true(claims.has_user);
    assert_int_equal(claims.expires_at, 0);
    clti_claims_done(&claims);
}

static void test_what_is_no_token(void **state) {
    static const char *const rows[] = {"",       "opaque",    "a.b",     "e30.e30",     "e30.!.x",
                                       "e30..x", "e30.W10.x", "e30.e.x", "e30.bnVsbA.x"};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_claims claims;
        assert_false(clti_claims_read(clti_view(rows[i]), &claims));
    }
    clti_claims claims;
    assert_true(clti_claims_read(clti_view("e30.e30.x"), &claims));
    assert_null(claims.tenant);
    clti_claims_done(&claims);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims_of_an_application),
        cmocka_unit_test(test_claims_of_a_user),
        cmocka_unit_test(test_what_is_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
