/* Tokens: where they come from, when they are renewed, and that secrets go nowhere else. */
#include "fixture.h"

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#define SECRET        "s3cret & more=%"
#define SECRET_CODED  "s3cret%20%26%20more%3D%25"
#define SECRET_CODED2 "s3cret+%26+more%3D%25"
#define TOKEN(name, seconds)                                                                                 \
    "> 200 token\n\n{\"token_type\":\"Bearer\",\"access_token\":\"" name "\",\"expires_in\":" seconds "}\n"

static clt_credentials *app(void) {
    clt_credentials *credentials;
    assert_int_equal(clt_credentials_app(TENANT, APP, SECRET, &credentials, NULL), CLT_OK);
    return credentials;
}

static void query_and_drop(clt_partner *partner) {
    clt_customer_page_free(fixture_query(partner, NULL));
}

static const char *form(fixture *test, size_t index) {
    return scripted_text(scripted_requests(&test->service, "token"), index, "body");
}

static const char *authorization(fixture *test, size_t index) {
    return scripted_header(scripted_requests(&test->service, "api"), index, "Authorization");
}

static void expect_holds(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("%s does not hold %s", text, part);
}

/* ---- App only ------------------------------------------------------------------------------------------ */

static void test_app_asks_for_one_token_and_uses_it_for_every_call(void **state) {
    (void)state;
    fixture test;
    fixture_open_as(&test, TOKEN("first", "3600") "> 200 repeat page=1\n", NULL, app());
    assert_int_equal(scripted_count(&test.service, "token"), 0); /* no request is sent by creating it */
    for (int i = 0; i < 3; i++)
        query_and_drop(test.partner);
    const json_t *requests = scripted_requests(&test.service, "token");
    assert_int_equal(json_array_size(requests), 1);
    assert_string_equal(scripted_text(requests, 0, "method"), "POST");
    expect_holds(scripted_text(requests, 0, "target"), "/" TENANT "/oauth2/");
    expect_holds(scripted_header(requests, 0, "Content-Type"), "application/x-www-form-urlencoded");
    assert_null(scripted_header(requests, 0, "Authorization"));
    expect_holds(form(&test, 0), "grant_type=client_credentials");
    expect_holds(form(&test, 0), "client_id=" APP);
    assert_true(strstr(form(&test, 0), "client_secret=" SECRET_CODED) ||
                strstr(form(&test, 0), "client_secret=" SECRET_CODED2));
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(authorization(&test, i), "Bearer first");
    fixture_close(&test);
}

static void test_a_token_that_is_about_to_expire_is_renewed_before_the_call(void **state) {
    (void)state;
    fixture test;
    fixture_open_as(&test, TOKEN("first", "20") TOKEN("second", "\"3600\"") "> 200 repeat page=1\n", NULL,
                    app());
    for (int i = 0; i < 3; i++)
        query_and_drop(test.partner);
    assert_string_equal(authorization(&test, 0), "Bearer first");
    assert_string_equal(authorization(&test, 1), "Bearer second");
    assert_string_equal(authorization(&test, 2), "Bearer second");
    fixture_close(&test);
}

static void test_a_refused_token_is_renewed_once(void **state) {
    (void)state;
    fixture test;
    fixture_open_as(
        &test,
        TOKEN("first", "3600") TOKEN("second", "3600")
            TOKEN("third",
                  "3600") "> 401\n> 200 page=1\n> 401\n> 401\n\n{\"code\":400,\"description\":\"denied\"}\n",
        NULL, app());
    query_and_drop(test.partner);
    assert_string_equal(authorization(&test, 0), "Bearer first");
    assert_string_equal(authorization(&test, 1), "Bearer second");
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_header(requests, 0, "MS-RequestId"),
                        scripted_header(requests, 1, "MS-RequestId"));
    clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_UNAUTHORIZED);
    assert_int_equal(err->http_status, 401);
    assert_string_equal(err->service_code.data, "400");
    clt_error_free(err);
    assert_string_equal(authorization(&test, 3), "Bearer third");
    fixture_close(&test);
}

static void test_a_tenant_of_odd_characters_stays_one_segment_of_the_path(void **state) {
    (void)state;
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_app("../common?x#y", APP, SECRET, &credentials, NULL), CLT_OK);
    fixture_open_as(&test, TOKEN("first", "3600") "> 200 page=1\n", NULL, credentials);
    query_and_drop(test.partner);
    const char *target = scripted_text(scripted_requests(&test.service, "token"), 0, "target");
    expect_holds(target, "/..%2Fcommon%3Fx%23y/oauth2/");
    fixture_close(&test);
}

static void test_an_authority_of_its_own_is_asked_and_nobody_else(void **state) {
    (void)state;
    scripted authority;
    fixture test;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    scripted_start(&authority, TOKEN("from-elsewhere", "3600"));
    options.authority_url = authority.base_url;
    fixture_open_as(&test, "> 200 page=1\n", &options, app());
    query_and_drop(test.partner);
    assert_string_equal(authorization(&test, 0), "Bearer from-elsewhere");
    assert_int_equal(scripted_count(&test.service, "token"), 0);
    fixture_close(&test);
    scripted_stop(&authority);
}

static void test_the_token_can_be_had(void **state) {
    (void)state;
    clt_token *token;
    clt_error *err = NULL;
    fixture test;
    fixture_open_as(&test, TOKEN("first", "3600"), NULL, app());
    for (int i = 0; i < 2; i++) {
        fixture_expect_ok(clt_partner_token(test.partner, NULL, &token, &err), &err);
        assert_string_equal(token->access_token.data, "first");
        assert_in_range(token->expires_at, time(NULL) + 3000, time(NULL) + 3601);
        assert_null(token->refresh_token.data);
        clt_token_free(token);
    }
    fixture_close(&test);
}

/* ---- the authority's failures -------------------------------------------------------------------------- */

static void test_what_the_authority_answers_badly_fails_the_call(void **state) {
    (void)state;
    static const struct {
        const char *name, *script, *said;
        clt_status status;
    } rows[] = {
        {"refused",
         "> 401 token\n\n{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: bad "
         "secret\"}\n",
         "AADSTS7000215", CLT_ERR_UNAUTHORIZED},
        {"refused with 400", "> 400 token\n\n{\"error\":\"invalid_grant\"}\n", "invalid_grant",
         CLT_ERR_UNAUTHORIZED},
        {"no JSON", "> 200 token\n\n<html>\n", "", CLT_ERR_RESPONSE_PARSE},
        {"no token", "> 200 token\n\n{\"token_type\":\"Bearer\"}\n", "access_token", CLT_ERR_RESPONSE_PARSE},
        {"an empty token", "> 200 token\n\n{\"access_token\":\"\"}\n", "", CLT_ERR_RESPONSE_PARSE},
        {"a token that breaks the header", "> 200 token\n\n{\"access_token\":\"a\\r\\nX-Evil: 1\"}\n", "",
         CLT_ERR_RESPONSE_PARSE},
        {"a token that is no ASCII", "> 200 token\n\n{\"access_token\":\"\\u00e9\"}\n", "access_token",
         CLT_ERR_RESPONSE_PARSE},
        {"a token that begins with a blank", "> 200 token\n\n{\"access_token\":\" a\"}\n", "access_token",
         CLT_ERR_RESPONSE_PARSE},
        {"a refresh token of several lines",
         "> 200 token\n\n{\"access_token\":\"a\",\"refresh_token\":\"b\\n[evil]\\nbase_url = c\"}\n",
         "refresh_token", CLT_ERR_RESPONSE_PARSE},
        {"refused without a reason", "> 400 token\n\n{}\n", "status 400", CLT_ERR_UNAUTHORIZED},
        {"a redirect", "> 307 token\nLocation: http://{other}/token\n", "", CLT_ERR_ORIGIN},
        {"unavailable", "> 503 token\n> 503 token\n", "", CLT_ERR_SERVER_BUSY},
        {"no answer", "> close token\n> close token\n", "", CLT_ERR_NETWORK},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
        clt_customer_page *page;
        clt_error *err = NULL;
        fixture test;
        options.retry_max = 1;
        fixture_open_as(&test, rows[i].script, &options, app());
        clt_status status = clt_customers_query(test.partner, NULL, NULL, &page, &err);
        if (status != rows[i].status || !err || !strstr(err->message.data, rows[i].said) ||
            strstr(err->message.data, SECRET))
            fail_msg("%s: \"%s\", %s", rows[i].name, clt_status_name(status), err ? err->message.data : "");
        fixture_expect_error(status, &err, rows[i].status);
        assert_int_equal(scripted_count(&test.service, "api"), 0);
        assert_int_equal(scripted_count(&test.service, "other"), 0);
        fixture_close(&test);
    }
}

static void test_a_failing_authority_is_asked_again_within_the_call(void **state) {
    (void)state;
    fixture test;
    fixture_open_as(&test, "> 500 token\n> close token\n" TOKEN("late", "3600") "> 200 page=1\n", NULL,
                    app());
    query_and_drop(test.partner);
    assert_string_equal(authorization(&test, 0), "Bearer late");
    fixture_close(&test);
}

static void test_a_slow_authority_does_not_outlast_the_deadline(void **state) {
    (void)state;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    fixture test;
    context.timeout_ms = 300;
    fixture_open_as(&test, "> hang token\n" TOKEN("next", "3600") "> 200 page=1\n", NULL, app());
    clt_error_free(fixture_refused(test.partner, &context, CLT_ERR_REQUEST_TIMEOUT));
    query_and_drop(test.partner); /* nothing is left locked */
    fixture_close(&test);
}

/* ---- App + User ---------------------------------------------------------------------------------------- */

typedef struct issued {
    int count;
    char refresh[64];
} issued;

static void keep_issued(void *user, const clt_token *token) {
    issued *own = user;
    own->count++;
    snprintf(own->refresh, sizeof(own->refresh), "%s",
             token->refresh_token.data ? token->refresh_token.data : "");
}

static void test_a_refresh_token_is_exchanged_and_the_new_one_is_used_and_told(void **state) {
    (void)state;
    issued told = {0};
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_refresh_token(TENANT, APP, SECRET, "refresh-0", &credentials, NULL),
                     CLT_OK);
    clt_credentials_on_issued(credentials, keep_issued, &told);
    fixture_open_as(
        &test,
        "> 200 token\n\n{\"access_token\":\"a1\",\"expires_in\":5,\"refresh_token\":\"refresh-1\"}\n"
        "> 200 token\n\n{\"access_token\":\"a2\",\"expires_in\":3600}\n> 200 repeat page=1\n",
        NULL, credentials);
    query_and_drop(test.partner);
    assert_string_equal(told.refresh, "refresh-1");
    query_and_drop(test.partner);
    query_and_drop(test.partner);
    assert_int_equal(told.count, 2);
    expect_holds(form(&test, 0), "grant_type=refresh_token");
    expect_holds(form(&test, 0), "refresh_token=refresh-0");
    expect_holds(form(&test, 1), "refresh_token=refresh-1");
    assert_string_equal(authorization(&test, 2), "Bearer a2");
    fixture_close(&test);
}

static void test_a_public_application_sends_no_secret(void **state) {
    (void)state;
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_refresh_token(TENANT, APP, NULL, "refresh-0", &credentials, NULL),
                     CLT_OK);
    fixture_open_as(&test, TOKEN("a1", "3600") "> 200 page=1\n", NULL, credentials);
    query_and_drop(test.partner);
    assert_null(strstr(form(&test, 0), "client_secret"));
    fixture_close(&test);
}

typedef struct shown {
    int count;
    char code[32], uri[64], message[64];
} shown;

static void keep_shown(void *user, const clt_device_code *code) {
    shown *own = user;
    own->count++;
    snprintf(own->code, sizeof(own->code), "%s", code->user_code.data);
    snprintf(own->uri, sizeof(own->uri), "%s", code->verification_uri.data);
    snprintf(own->message, sizeof(own->message), "%s", code->message.data);
    assert_in_range(code->expires_at, time(NULL) + 800, time(NULL) + 901);
}

#define DEVICE_CODE                                                                                          \
    "> 200 token "                                                                                           \
    "for=devicecode\n\n{\"device_code\":\"d-1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":"           \
    "\"https://login.example/device\",\"expires_in\":900,\"interval\":1,\"message\":\"Open the page.\"}\n"

static void test_a_device_code_is_shown_and_waited_for(void **state) {
    (void)state;
    shown seen = {0};
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_device_code(TENANT, APP, keep_shown, &seen, &credentials, NULL), CLT_OK);
    fixture_open_as(&test,
                    DEVICE_CODE
                    "> 400 token\n\n{\"error\":\"authorization_pending\"}\n"
                    "> 200 token\n\n{\"access_token\":\"user-1\",\"expires_in\":5,\"refresh_token\":\"r1\"}\n"
                    "> 200 token\n\n{\"access_token\":\"user-2\",\"expires_in\":3600}\n"
                    "> 200 repeat page=1\n",
                    NULL, credentials);
    query_and_drop(test.partner);
    assert_string_equal(seen.code, "ABCD-EFGH");
    assert_string_equal(seen.uri, "https://login.example/device");
    assert_string_equal(seen.message, "Open the page.");
    expect_holds(form(&test, 0), "client_id=" APP);
    expect_holds(form(&test, 1), "device_code");
    expect_holds(form(&test, 1), "d-1");
    assert_string_equal(authorization(&test, 0), "Bearer user-1");
    query_and_drop(test.partner); /* later tokens come from the refresh token: nobody is asked again */
    assert_string_equal(authorization(&test, 1), "Bearer user-2");
    expect_holds(form(&test, 3), "refresh_token=r1");
    assert_int_equal(seen.count, 1);
    fixture_close(&test);
}

static void test_a_sign_in_that_is_declined_or_comes_too_late_is_an_error(void **state) {
    (void)state;
    static const char *const words[] = {"authorization_declined", "access_denied", "expired_token",
                                        "bad_verification_code"};
    char script[1024];
    for (size_t i = 0; i < CLTI_COUNT(words); i++) {
        shown seen = {0};
        clt_credentials *credentials;
        fixture test;
        assert_int_equal(clt_credentials_device_code(TENANT, APP, keep_shown, &seen, &credentials, NULL),
                         CLT_OK);
        snprintf(script, sizeof(script), DEVICE_CODE "> 400 token\n\n{\"error\":\"%s\"}\n", words[i]);
        fixture_open_as(&test, script, NULL, credentials);
        clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_UNAUTHORIZED));
        fixture_close(&test);
    }
}

static void test_waiting_for_a_sign_in_ends_with_the_deadline(void **state) {
    (void)state;
    shown seen = {0};
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_credentials *credentials;
    fixture test;
    context.timeout_ms = 1500;
    assert_int_equal(clt_credentials_device_code(TENANT, APP, keep_shown, &seen, &credentials, NULL), CLT_OK);
    fixture_open_as(&test, DEVICE_CODE "> 400 token repeat\n\n{\"error\":\"authorization_pending\"}\n", NULL,
                    credentials);
    clt_error_free(fixture_refused(test.partner, &context, CLT_ERR_REQUEST_TIMEOUT));
    fixture_close(&test);
}

/* ---- tokens of the caller's ---------------------------------------------------------------------------- */

typedef struct provider {
    atomic_int running, count;
    clt_status status;
    int64_t seconds;
    char text[32];
} provider;

static clt_status provide(void *user, clt_token *out) {
    provider *own = user;
    assert_int_equal(atomic_fetch_add(&own->running, 1), 0); /* never by two threads at once */
    int number = atomic_fetch_add(&own->count, 1) + 1;
    snprintf(own->text, sizeof(own->text), "provided-%d", number);
    *out = (clt_token){.access_token = {own->text, strlen(own->text)},
                       .expires_at = own->seconds ? (int64_t)time(NULL) + own->seconds : 0};
    atomic_fetch_sub(&own->running, 1);
    return own->status;
}

static void test_tokens_come_from_the_callers_function(void **state) {
    (void)state;
    static const struct {
        int64_t seconds; /* 0: unknown */
        const char *second;
    } rows[] = {{0, "Bearer provided-1"}, {3600, "Bearer provided-1"}, {10, "Bearer provided-2"}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        provider own = {.seconds = rows[i].seconds};
        clt_credentials *credentials;
        fixture test;
        assert_int_equal(clt_credentials_callback(provide, &own, &credentials, NULL), CLT_OK);
        fixture_open_as(&test, "> 200 repeat page=1\n", NULL, credentials);
        for (int j = 0; j < 2; j++)
            query_and_drop(test.partner);
        assert_string_equal(authorization(&test, 0), "Bearer provided-1");
        assert_string_equal(authorization(&test, 1), rows[i].second);
        fixture_close(&test);
    }
}

static void test_a_function_that_fails_fails_the_call_with_its_category(void **state) {
    (void)state;
    provider own = {.status = CLT_ERR_FORBIDDEN};
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_callback(provide, &own, &credentials, NULL), CLT_OK);
    fixture_open_as(&test, "", NULL, credentials);
    clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_FORBIDDEN));
    fixture_close(&test);
}

static void test_a_bearer_token_is_not_renewed(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 401\n", NULL);
    clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_UNAUTHORIZED);
    assert_int_equal(err->attempt_count, 1);
    clt_error_free(err);
    assert_int_equal(scripted_count(&test.service, "token"), 0);
    fixture_close(&test);
}

static void test_credentials_that_cannot_be_are_refused(void **state) {
    (void)state;
    clt_credentials *out = NULL;
    clt_error *e[10] = {NULL};
    const clt_status statuses[] = {
        clt_credentials_app(NULL, APP, "s", &out, &e[0]),
        clt_credentials_app("", APP, "s", &out, &e[1]),
        clt_credentials_app(TENANT, NULL, "s", &out, &e[2]),
        clt_credentials_app(TENANT, APP, NULL, &out, &e[3]),
        clt_credentials_app(TENANT, APP, "", &out, &e[4]),
        clt_credentials_refresh_token(TENANT, APP, "s", "", &out, &e[5]),
        clt_credentials_device_code(TENANT, APP, NULL, NULL, &out, &e[6]),
        clt_credentials_bearer("", 0, &out, &e[7]),
        clt_credentials_bearer("a\r\nX-Evil: 1", 0, &out, &e[8]),
        clt_credentials_callback(NULL, NULL, &out, &e[9]),
    };
    for (size_t i = 0; i < CLTI_COUNT(statuses); i++)
        fixture_expect_error(statuses[i], &e[i], CLT_ERR_ARGUMENT);
    assert_null(out);
}

static void watch_log(void *user, int32_t level, clt_str line) {
    (void)level;
    ++*(int *)user;
    static const char *const secrets[] = {SECRET, SECRET_CODED, SECRET_CODED2, "hidden-token",
                                          "hidden-refresh"};
    for (size_t i = 0; i < CLTI_COUNT(secrets); i++)
        assert_null(strstr(line.data, secrets[i]));
}

static void test_secrets_are_in_no_log_line(void **state) {
    (void)state;
    int line_count = 0;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    options.log = watch_log;
    options.log_user = &line_count;
    fixture_open_as(&test,
                    "> 500 token\n> 200 token\n\n{\"access_token\":\"hidden-token\",\"expires_in\":3600,"
                    "\"refresh_token\":\"hidden-refresh\"}\n> 500\n> 200 page=1\n",
                    &options, app());
    query_and_drop(test.partner);
    assert_true(line_count >= 2);
    fixture_close(&test);
}

/* ---- many threads -------------------------------------------------------------------------------------- */

static void *query_in_thread(void *argument) {
    clt_customer_page *page = NULL;
    clt_status status = clt_customers_query(argument, NULL, NULL, &page, NULL);
    clt_customer_page_free(page);
    return status == CLT_OK ? NULL : argument;
}

static void expect_threads_succeed(clt_partner *partner) {
    enum { THREADS = 16 };
    pthread_t threads[THREADS];
    void *failed;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, query_in_thread, partner), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}

static void test_sixteen_threads_that_need_a_token_get_one(void **state) {
    (void)state;
    fixture test;
    fixture_open_as(
        &test,
        "> 200 token slow=2\n\n{\"access_token\":\"shared\",\"expires_in\":3600}\n> 200 repeat page=1\n",
        NULL, app());
    expect_threads_succeed(test.partner);
    assert_int_equal(scripted_count(&test.service, "token"), 1);
    for (size_t i = 0; i < 16; i++)
        assert_string_equal(authorization(&test, i), "Bearer shared");
    fixture_close(&test);
}

static void test_sixteen_threads_share_the_callers_function(void **state) {
    (void)state;
    provider own = {.seconds = 3600};
    clt_credentials *credentials;
    fixture test;
    assert_int_equal(clt_credentials_callback(provide, &own, &credentials, NULL), CLT_OK);
    fixture_open_as(&test, "> 200 repeat page=1\n", NULL, credentials);
    expect_threads_succeed(test.partner);
    assert_int_equal(own.count, 1);
    fixture_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_app_asks_for_one_token_and_uses_it_for_every_call),
        cmocka_unit_test(test_a_token_that_is_about_to_expire_is_renewed_before_the_call),
        cmocka_unit_test(test_a_refused_token_is_renewed_once),
        cmocka_unit_test(test_a_tenant_of_odd_characters_stays_one_segment_of_the_path),
        cmocka_unit_test(test_an_authority_of_its_own_is_asked_and_nobody_else),
        cmocka_unit_test(test_the_token_can_be_had),
        cmocka_unit_test(test_what_the_authority_answers_badly_fails_the_call),
        cmocka_unit_test(test_a_failing_authority_is_asked_again_within_the_call),
        cmocka_unit_test(test_a_slow_authority_does_not_outlast_the_deadline),
        cmocka_unit_test(test_a_refresh_token_is_exchanged_and_the_new_one_is_used_and_told),
        cmocka_unit_test(test_a_public_application_sends_no_secret),
        cmocka_unit_test(test_a_device_code_is_shown_and_waited_for),
        cmocka_unit_test(test_a_sign_in_that_is_declined_or_comes_too_late_is_an_error),
        cmocka_unit_test(test_waiting_for_a_sign_in_ends_with_the_deadline),
        cmocka_unit_test(test_tokens_come_from_the_callers_function),
        cmocka_unit_test(test_a_function_that_fails_fails_the_call_with_its_category),
        cmocka_unit_test(test_a_bearer_token_is_not_renewed),
        cmocka_unit_test(test_credentials_that_cannot_be_are_refused),
        cmocka_unit_test(test_secrets_are_in_no_log_line),
        cmocka_unit_test(test_sixteen_threads_that_need_a_token_get_one),
        cmocka_unit_test(test_sixteen_threads_share_the_callers_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
