/* Passwords, second factors and the addresses that codes may go to. */
#include "identity/identity_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool fits(clt_str hash, const char *password) {
    bool result;
    clti_fault fault;
    assert_true(clti_password_fits(hash, clti_str(password), &result, &fault));
    return result;
}

static void test_password_fits_its_hash_alone(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_fault fault;
    clt_str first, second;
    assert_true(clti_password_hash(CLTI_STR("correct horse"), &arena, &first, &fault));
    assert_true(clti_password_hash(CLTI_STR("correct horse"), &arena, &second, &fault));
    assert_true(clti_str_starts_with(first, CLTI_STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_false(clti_str_equal(first, second)); /* salted */
    assert_true(fits(first, "correct horse") && fits(second, "correct horse"));
    assert_false(fits(first, "correct horsf"));
    assert_false(fits(first, ""));
    /* As a stored record holds it, with other bytes right behind. */
    const clt_str inside = clti_arena_format(&arena, "%sbehind", first.data);
    assert_non_null(inside.data);
    assert_true(fits((clt_str){inside.data, first.size}, "correct horse"));
    assert_false(fits((clt_str){inside.data, first.size}, "correct horsf"));
    clti_arena_done(&arena);
}

static void test_no_password_fits_where_there_is_none(void **state) {
    (void)state;
    assert_false(fits((clt_str){NULL, 0}, "correct horse"));
    assert_false(fits((clt_str){NULL, 0}, ""));
}

static void test_password_of_a_wrong_form_is_refused(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_fault fault;
    clt_str hash;
    char text[CLTI_PASSWORD_SIZE_MAX + 2];
    memset(text, 'x', sizeof text);
    assert_false(clti_password_hash((clt_str){text, CLTI_PASSWORD_SIZE_MIN - 1}, &arena, &hash, &fault));
    assert_false(clti_password_hash((clt_str){text, CLTI_PASSWORD_SIZE_MAX + 1}, &arena, &hash, &fault));
    assert_true(clti_password_hash((clt_str){text, CLTI_PASSWORD_SIZE_MIN}, &arena, &hash, &fault));
    assert_false(clti_password_hash(CLTI_STR("with a \xff in it"), &arena, &hash, &fault));
    assert_false(clti_password_hash(CLTI_STR("with a \n in it"), &arena, &hash, &fault));
    assert_null(strstr(fault.text, "in it"));
    clti_arena_done(&arena);
}

/* The vectors of RFC 6238, appendix B, cut to six digits. */
static void test_totp_is_that_of_rfc_6238(void **state) {
    (void)state;
    const clt_str secret = CLTI_STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    static const struct {
        int64_t now;
        const char *digits;
    } rows[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {20000000000, "353130"}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        int64_t period;
        const clt_str digits = clti_str(rows[i].digits);
        assert_true(clti_totp_fits(secret, digits, rows[i].now, &period));
        assert_int_equal(period, rows[i].now / 30);
        assert_true(clti_totp_fits(secret, digits, rows[i].now + 30, &period));
        assert_int_equal(period, rows[i].now / 30);
        assert_false(clti_totp_fits(secret, digits, rows[i].now + 90, &period));
    }
    int64_t period;
    assert_false(clti_totp_fits(secret, CLTI_STR("28708"), 59, &period));
    assert_false(clti_totp_fits(secret, CLTI_STR("2870820"), 59, &period));
    assert_false(clti_totp_fits(secret, CLTI_STR("28708a"), 59, &period));
    assert_false(clti_totp_fits(secret, CLTI_STR(""), 59, &period));
    assert_false(clti_totp_fits(CLTI_STR("!"), CLTI_STR("287082"), 59, &period));
}

static void test_totp_of_a_user_has_an_address(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_totp first, second;
    clti_fault fault;
    assert_true(clti_totp_make(CLTI_STR("a@b.example"), &arena, &first, &fault));
    assert_true(clti_totp_make(CLTI_STR("a@b.example"), &arena, &second, &fault));
    assert_int_equal(first.secret.size, 32);
    assert_false(clti_str_equal(first.secret, second.secret));
    const clt_str uri = clti_arena_format(
        &arena, "otpauth://totp/Clientele:a%%40b.example?secret=%s&issuer=Clientele", first.secret.data);
    assert_string_equal(first.uri.data, uri.data);
    clti_arena_done(&arena);
}

/* ---- redirect URIs ----------------------------------------------------------------------------------- */

static void test_redirect_uri_has_a_safe_form(void **state) {
    (void)state;
    static const struct {
        const char *uri;
        bool good;
    } rows[] = {
        {"https://portal.example/callback?a=b", true},
        {"https://portal.example", true},
        {"http://localhost", true},
        {"http://localhost:8400/", true},
        {"http://127.0.0.1/cb", true},
        {"http://[::1]:1/cb", true},
        {"", false},
        {"https://", false},
        {"https:///path", false},
        {"http://portal.example/", false},
        {"http://localhost.evil.example/", false},
        {"http://localhost@evil.example/", false},
        {"http://localhost:80@evil.example/", false},
        {"http://localhost:/", false},
        {"http://localhost:123456/", false},
        {"http://localhost:8a/", false},
        {"http://127.0.0.1.evil.example/", false},
        {"https://user@portal.example/", false},
        {"https://portal.example/#f", false},
        {"https://portal.example/a b", false},
        {"https://portal.example\\@evil.example/", false},
        {"https://portal.example/\r\nX: y", false},
        {"https://portal.example/\xc3\xa9", false},
        {"javascript:alert(1)", false},
        {"HTTPS://portal.example/", false},
        {"//portal.example/", false},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_fault fault;
        if (clti_redirect_uri_check(clti_str(rows[i].uri), &fault) != rows[i].good)
            fail_msg("%s should be %s", rows[i].uri, rows[i].good ? "accepted" : "refused");
    }
}

static void test_redirect_uri_is_compared_byte_by_byte_but_for_loopback_ports(void **state) {
    (void)state;
    static const struct {
        const char *uri;
        bool confidential, is_public;
    } rows[] = {
        {"https://portal.example/cb", true, true},
        {"https://portal.example/cb/", false, false},
        {"https://portal.example/cb?x=1", false, false},
        {"https://portal.example/CB", false, false},
        {"https://PORTAL.example/cb", false, false},
        {"https://portal.example:443/cb", false, false},
        {"https://portal.example/cb/../cb", false, false},
        {"https://portal.example/%63b", false, false},
        {"https://portal.example.evil.example/cb", false, false},
        {"https://portal.example@evil.example/cb", false, false},
        {"http://portal.example/cb", false, false},
        {"https://portal.example/cb#", false, false},
        {" https://portal.example/cb", false, false},
        {"http://localhost/cb", true, true},
        {"http://localhost:1234/cb", false, true},
        {"http://localhost:65535/cb", false, true},
        {"http://localhost:1234/other", false, false},
        {"http://localhost:1234/cb?a=b", false, false},
        {"http://localhost:1234@evil.example/cb", false, false},
        {"http://localhost.evil.example:1234/cb", false, false},
        {"http://127.0.0.1:1234/cb", false, false},
        {"https://localhost:1234/cb", false, false},
        {"https://localhost/tls", true, true},
        {"https://localhost:8443/tls", false, true},
        {"http://localhost:8443/tls", false, false},
        {"https://localhost.evil.example:8443/tls", false, false},
        {"https://localhost:8443@evil.example/tls", false, false},
        {"https://portal.example/cb\nhttp://localhost/cb", false, false},
        {"", false, false},
    };
    clti_application application = {.redirect_uris =
                                        CLTI_STR("https://portal.example/cb\nhttp://localhost/cb\n"
                                                 "https://localhost/tls")};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        application.is_public = false;
        if (clti_redirect_uri_is_registered(&application, clti_str(rows[i].uri)) != rows[i].confidential)
            fail_msg("%s, confidential", rows[i].uri);
        application.is_public = true;
        if (clti_redirect_uri_is_registered(&application, clti_str(rows[i].uri)) != rows[i].is_public)
            fail_msg("%s, public", rows[i].uri);
    }
    application.redirect_uris = (clt_str){NULL, 0};
    assert_false(clti_redirect_uri_is_registered(&application, CLTI_STR("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_password_fits_its_hash_alone),
        cmocka_unit_test(test_no_password_fits_where_there_is_none),
        cmocka_unit_test(test_password_of_a_wrong_form_is_refused),
        cmocka_unit_test(test_totp_is_that_of_rfc_6238),
        cmocka_unit_test(test_totp_of_a_user_has_an_address),
        cmocka_unit_test(test_redirect_uri_has_a_safe_form),
        cmocka_unit_test(test_redirect_uri_is_compared_byte_by_byte_but_for_loopback_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
