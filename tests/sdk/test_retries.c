/*
 * What is tried again and what is not; deadlines and cancellation. No test measures time: a wait that is not
 * cut short outlasts the test's own limit.
 */
#include "fixture.h"

#include "base/base.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define HOUR "3600"

/* ---- retries ------------------------------------------------------------------------------------------- */

static void test_what_may_pass_is_tried_again_with_the_same_request(void **state) {
    (void)state;
    static const struct {
        const char *name, *script;
        int32_t requests;
    } rows[] = {
        {"500", "> 500\n> 200 page=1\n", 2},
        {"502, 503, 504", "> 502\n> 503\n> 504\n> 200 page=1\n", 4},
        {"408", "> 408\n> 200 page=1\n", 2},
        {"429 without Retry-After", "> 429\n> 429\n> 200 page=1\n", 3},
        {"429 with Retry-After", "> 429\nRetry-After: 1\n\n{ \"statusCode\": 429 }\n> 200 page=1\n", 2},
        {"429 with a date", "> 429\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\n> 200 page=1\n", 2},
        {"429 with nonsense", "> 429\nRetry-After: soon\n> 200 page=1\n", 2},
        {"429 with a negative time", "> 429\nRetry-After: -5\n> 200 page=1\n", 2},
        {"503 with Retry-After", "> 503\nRetry-After: 0\n> 200 page=1\n", 2},
        {"closed without an answer", "> close\n> 200 page=1\n", 2},
        {"reset without an answer", "> reset\n> 200 page=1\n", 2},
        {"a body cut short", "> 200 page=1-9 cut=700\n> 200 page=1\n", 2},
        {"a body cut by a reset", "> 200 page=1-9 reset=700\n> 200 page=1\n", 2},
        {"a body that ends at once", "> 200 page=1-9 cut=0\n> 200 page=1\n", 2},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        fixture_open(&test, rows[i].script, NULL);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        fixture_expect_page(page, 1, 1);
        clt_customer_page_free(page);
        const json_t *requests = scripted_requests(&test.service, "api");
        if ((int32_t)json_array_size(requests) != rows[i].requests)
            fail_msg("%s: %zu requests", rows[i].name, json_array_size(requests));
        for (size_t j = 1; j < json_array_size(requests); j++)
            assert_string_equal(scripted_header(requests, 0, "MS-RequestId"),
                                scripted_header(requests, j, "MS-RequestId"));
        fixture_close(&test);
    }
}

static void test_what_is_refused_for_good_is_not_tried_again(void **state) {
    (void)state;
    static const int statuses[] = {400, 403, 404, 405, 406, 409, 410, 412, 417, 422};
    char script[64];
    for (size_t i = 0; i < CLTI_COUNT(statuses); i++) {
        clt_customer_page *page;
        clt_error *err = NULL;
        fixture test;
        snprintf(script, sizeof(script), "> %d\n", statuses[i]);
        fixture_open(&test, script, NULL);
        assert_int_not_equal(clt_customers_query(test.partner, NULL, NULL, &page, &err), CLT_OK);
        assert_int_equal(err->http_status, statuses[i]);
        assert_int_equal(err->attempt_count, 1);
        clt_error_free(err);
        fixture_close(&test);
    }
}

static void test_there_are_as_many_retries_as_the_options_say(void **state) {
    (void)state;
    static const struct {
        int32_t retry_max;
        const char *script;
        int32_t attempts;
    } rows[] = {
        {-1, "> 500\n", 1},
        {1, "> 500\n> 500\n", 2},
        {0, "> 500\n> 500\n> 500\n> 500\n> 500\n> 500\n", 6},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
        fixture test;
        options.retry_max = rows[i].retry_max;
        fixture_open(&test, rows[i].script, &options);
        clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_SERVER_ERROR);
        assert_int_equal(err->attempt_count, rows[i].attempts);
        assert_int_equal(err->http_status, 500);
        clt_error_free(err);
        fixture_close(&test);
    }
}

static void test_a_body_that_is_cut_each_time_is_a_network_error(void **state) {
    (void)state;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    options.retry_max = 1;
    fixture_open(&test, "> 200 page=1-9 cut=700\n> 200 page=1-9 reset=700\n", &options);
    clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_NETWORK);
    assert_int_equal(err->native_domain, CLT_NATIVE_CURL);
    assert_true(err->native_code != 0);
    assert_int_equal(err->attempt_count, 2);
    clt_error_free(err);
    fixture_close(&test);
}

static void test_a_refused_connection_is_a_network_error(void **state) {
    (void)state;
    /* A port that was free a moment ago, and that nobody listens on. */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char base_url[64];
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials;
    clt_partner *partner;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    snprintf(base_url, sizeof(base_url), "http://127.0.0.1:%d", ntohs(address.sin_port));
    options.base_url = base_url;
    options.retry_max = 2;
    assert_int_equal(clt_credentials_bearer("secret-token", 0, &credentials, NULL), CLT_OK);
    assert_int_equal(clt_partner_create(&options, credentials, &partner, NULL), CLT_OK);
    clt_error *err = fixture_refused(partner, NULL, CLT_ERR_NETWORK);
    assert_int_equal(err->native_domain, CLT_NATIVE_CURL);
    assert_int_equal(err->attempt_count, 3);
    assert_int_equal(err->http_status, 0);
    fixture_expect_error(err->status, &err, CLT_ERR_NETWORK);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    close(listener);
}

/* Whether a line told of a retry; and none may hold what is nobody's business. */
static void watch_log(void *user, int32_t level, clt_str line) {
    int *warning_count = user;
    assert_true(line.size > 0 && line.data[line.size] == '\0' && !strchr(line.data, '\n'));
    assert_null(strstr(line.data, "secret-token"));
    assert_null(strstr(line.data, "Customer 1"));
    *warning_count += level == CLT_LOG_WARNING;
}

static void test_each_retry_is_told_to_the_log_without_secrets(void **state) {
    (void)state;
    int warning_count = 0;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    options.log = watch_log;
    options.log_user = &warning_count;
    fixture_open(&test, "> 500\n> 503\n> 200 page=1\n", &options);
    clt_customer_page_free(fixture_query(test.partner, NULL));
    assert_int_equal(warning_count, 2);
    fixture_close(&test);
}

/* ---- deadlines ----------------------------------------------------------------------------------------- */

static const clt_request_context brief = {.size = sizeof(clt_request_context), .timeout_ms = 300};

static void test_the_deadline_ends_whatever_the_service_does(void **state) {
    (void)state;
    static const struct {
        const char *name, *script;
    } rows[] = {
        {"no answer", "> hang\n"},
        {"a header that trickles in", "> 200 page=1-40 slow=20\n"},
        {"a body that never begins", "> 200 page=1 hold=99\n"},
        {"a body that never ends", "> 200 endless\n"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        fixture_open(&test, rows[i].script, NULL);
        clt_customer_page *page;
        clt_error *err = NULL;
        clt_status status = clt_customers_query(test.partner, NULL, &brief, &page, &err);
        if (i == 3 && status == CLT_ERR_LIMIT) /* whichever comes first */
            fixture_expect_error(status, &err, CLT_ERR_LIMIT);
        else
            fixture_expect_error(status, &err, CLT_ERR_REQUEST_TIMEOUT);
        fixture_close(&test);
    }
}

static void test_the_partners_timeout_holds_where_the_call_names_none(void **state) {
    (void)state;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    options.timeout_ms = 200;
    fixture_open(&test, "> hang\n", &options);
    clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_REQUEST_TIMEOUT);
    assert_int_equal(err->http_status, 0);
    assert_int_equal(err->attempt_count, 1);
    assert_true(err->request_id.size == 36);
    clt_error_free(err);
    fixture_close(&test);
}

static void test_a_wait_beyond_the_deadline_is_not_begun(void **state) {
    (void)state;
    static const struct {
        const char *script;
        clt_status status;
    } rows[] = {
        {"> 429\nRetry-After: " HOUR "\n\n{ \"statusCode\": 429, \"message\": \"Rate limit\" }\n",
         CLT_ERR_TOO_MANY_REQUESTS},
        {"> 503\nRetry-After: " HOUR "\n", CLT_ERR_SERVER_BUSY},
        {"> 429\nRetry-After: 99999999999999999999\n", CLT_ERR_TOO_MANY_REQUESTS},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        fixture_open(&test, rows[i].script, NULL); /* the default deadline: three minutes */
        clt_error *err = fixture_refused(test.partner, NULL, rows[i].status);
        assert_int_equal(err->attempt_count, 1);
        assert_true(i == 2 || err->retry_after_ms == 3600 * 1000);
        fixture_expect_error(err->status, &err, rows[i].status);
        fixture_close(&test);
    }
}

static void test_a_cut_off_answer_leaves_the_next_call_unharmed(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> hang\n> 200 page=7\n", NULL);
    clt_error_free(fixture_refused(test.partner, &brief, CLT_ERR_REQUEST_TIMEOUT));
    clt_customer_page *page = fixture_query(test.partner, NULL);
    fixture_expect_page(page, 7, 7);
    clt_customer_page_free(page);
    fixture_close(&test);
}

/* ---- cancellation -------------------------------------------------------------------------------------- */

typedef struct canceller {
    scripted *service;
    clt_cancellation *cancellation;
    pthread_t main_thread;
} canceller;

static clt_cancellation *of_the_signal;

static void cancel_on_signal(int number) {
    (void)number;
    clt_cancellation_cancel(of_the_signal);
}

static void *cancel_when_asked(void *argument) {
    canceller *own = argument;
    scripted_wait(own->service, "api", 1);
    clt_cancellation_cancel(own->cancellation);
    return NULL;
}

static void *signal_when_asked(void *argument) {
    canceller *own = argument;
    scripted_wait(own->service, "api", 1);
    pthread_kill(own->main_thread, SIGUSR1);
    return NULL;
}

static void expect_cancelled(const char *script, void *(*routine)(void *)) {
    const struct sigaction action = {.sa_handler = cancel_on_signal, .sa_flags = SA_RESTART};
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    pthread_t thread;
    fixture test;
    fixture_open(&test, script, NULL);
    assert_int_equal(clt_cancellation_new(&context.cancellation, NULL), CLT_OK);
    canceller own = {&test.service, context.cancellation, pthread_self()};
    of_the_signal = context.cancellation;
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    context.timeout_ms = -1;
    assert_int_equal(pthread_create(&thread, NULL, routine, &own), 0);
    clt_error *err = fixture_refused(test.partner, &context, CLT_ERR_CANCELLED);
    assert_int_equal(err->attempt_count, 1);
    clt_error_free(err);
    pthread_join(thread, NULL);
    /* It holds for every further call too, and for no call without it. */
    clt_error_free(fixture_refused(test.partner, &context, CLT_ERR_CANCELLED));
    clt_cancellation_free(context.cancellation);
    fixture_close(&test);
}

static void test_another_thread_cancels_a_call_that_waits_for_its_answer(void **state) {
    (void)state;
    expect_cancelled("> hang\n", cancel_when_asked);
}

static void test_another_thread_cancels_a_call_that_waits_for_its_body(void **state) {
    (void)state;
    expect_cancelled("> 200 page=1 hold=99\n", cancel_when_asked);
}

static void test_another_thread_cancels_a_call_that_waits_for_its_next_try(void **state) {
    (void)state;
    expect_cancelled("> 429\nRetry-After: " HOUR "\n", cancel_when_asked);
}

static void test_a_signal_handler_cancels_a_call(void **state) {
    (void)state;
    expect_cancelled("> hang\n", signal_when_asked);
}

static void test_a_call_that_is_cancelled_beforehand_sends_nothing(void **state) {
    (void)state;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    fixture test;
    fixture_open(&test, "> 200 page=1\n", NULL);
    assert_int_equal(clt_cancellation_new(&context.cancellation, NULL), CLT_OK);
    clt_cancellation_cancel(context.cancellation);
    clt_cancellation_cancel(context.cancellation);
    clt_error *err = fixture_refused(test.partner, &context, CLT_ERR_CANCELLED);
    assert_int_equal(err->attempt_count, 0);
    clt_error_free(err);
    clt_customer_page_free(fixture_query(test.partner, NULL));
    clt_cancellation_free(context.cancellation);
    fixture_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_pass_is_tried_again_with_the_same_request),
        cmocka_unit_test(test_what_is_refused_for_good_is_not_tried_again),
        cmocka_unit_test(test_there_are_as_many_retries_as_the_options_say),
        cmocka_unit_test(test_a_body_that_is_cut_each_time_is_a_network_error),
        cmocka_unit_test(test_a_refused_connection_is_a_network_error),
        cmocka_unit_test(test_each_retry_is_told_to_the_log_without_secrets),
        cmocka_unit_test(test_the_deadline_ends_whatever_the_service_does),
        cmocka_unit_test(test_the_partners_timeout_holds_where_the_call_names_none),
        cmocka_unit_test(test_a_wait_beyond_the_deadline_is_not_begun),
        cmocka_unit_test(test_a_cut_off_answer_leaves_the_next_call_unharmed),
        cmocka_unit_test(test_another_thread_cancels_a_call_that_waits_for_its_answer),
        cmocka_unit_test(test_another_thread_cancels_a_call_that_waits_for_its_body),
        cmocka_unit_test(test_another_thread_cancels_a_call_that_waits_for_its_next_try),
        cmocka_unit_test(test_a_signal_handler_cancels_a_call),
        cmocka_unit_test(test_a_call_that_is_cancelled_beforehand_sends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
