/* Calls that do not wait: their callback runs exactly once, in the library's one thread, whatever happens. */
#include "fixture.h"

#include "base/base.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

/* One call and what became of it. */
typedef struct call {
    sem_t done;
    atomic_int callback_count;
    clt_status status;
    size_t customer_count;
    pthread_t thread;
    clt_partner *partner; /* to call again from the callback */
    int chain;            /* so many times */
} call;

static void call_init(call *own) {
    *own = (call){.status = -1};
    assert_int_equal(sem_init(&own->done, 0, 0), 0);
}

static void take_answer(void *user, clt_customer_page *page, clt_error *err) {
    call *own = user;
    own->thread = pthread_self();
    own->status = err ? err->status : CLT_OK;
    own->customer_count = page ? clt_customer_page_count(page) : 0;
    if (!page == !err)
        own->status = INT32_MAX; /* exactly one is set */
    clt_customer_page_free(page);
    clt_error_free(err);
    atomic_fetch_add(&own->callback_count, 1);
    sem_post(&own->done);
}

static clt_operation *start(clt_partner *partner, const clt_request_context *context, call *own) {
    clt_operation *operation = NULL;
    clt_error *err = NULL;
    fixture_expect_ok(clt_customers_query_async(partner, NULL, context, take_answer, own, &operation, &err),
                      &err);
    assert_non_null(operation);
    return operation;
}

static void expect_once(const call *own, clt_status status) {
    assert_int_equal(own->callback_count, 1);
    if (own->status != status)
        fail_msg("\"%s\", not \"%s\"", clt_status_name(own->status), clt_status_name(status));
}

/* ---- the callback -------------------------------------------------------------------------------------- */

static void test_the_callback_gets_the_page_or_the_error(void **state) {
    (void)state;
    static const struct {
        const char *script;
        clt_status status;
        size_t customer_count;
    } rows[] = {{"> 200 page=1-40\n", CLT_OK, 40},
                {"> 404\n", CLT_ERR_NOT_FOUND, 0},
                {"> 500\n> 503\n> 200 page=1-3\n", CLT_OK, 3},
                {"> close\n> 200 page=1-9 cut=300\n> 200 page=1\n", CLT_OK, 1},
                {"> 429\nRetry-After: 1\n> 200 page=1\n", CLT_OK, 1},
                {"> 429\nRetry-After: 3600\n", CLT_ERR_TOO_MANY_REQUESTS, 0},
                {"> 200\n\nno JSON\n", CLT_ERR_RESPONSE_PARSE, 0},
                {"> 302\nLocation: http://{other}/\n", CLT_ERR_ORIGIN, 0}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        call own;
        fixture test;
        call_init(&own);
        fixture_open(&test, rows[i].script, NULL);
        clt_operation *operation = start(test.partner, NULL, &own);
        sem_wait(&own.done);
        expect_once(&own, rows[i].status);
        assert_int_equal(own.customer_count, rows[i].customer_count);
        assert_false(pthread_equal(own.thread, pthread_self()));
        clt_operation_cancel(operation); /* too late: nothing more happens */
        clt_operation_free(operation);
        fixture_close(&test);
        expect_once(&own, rows[i].status);
        sem_destroy(&own.done);
    }
}

static void test_all_callbacks_of_a_handle_run_in_one_thread(void **state) {
    (void)state;
    enum { COUNT = 100 };
    static call calls[COUNT];
    fixture test;
    fixture_open(&test, "> 200 repeat page=1-5\n", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        clt_error *err = NULL;
        call_init(&calls[i]);
        fixture_expect_ok(
            clt_customers_query_async(test.partner, NULL, NULL, take_answer, &calls[i], NULL, &err), &err);
    }
    for (size_t i = 0; i < COUNT; i++) {
        sem_wait(&calls[i].done);
        expect_once(&calls[i], CLT_OK);
        assert_true(pthread_equal(calls[i].thread, calls[0].thread));
        sem_destroy(&calls[i].done);
    }
    assert_int_equal(scripted_count(&test.service, "api"), COUNT);
    fixture_close(&test);
}

static void test_texts_of_the_query_need_to_live_during_the_call_only(void **state) {
    (void)state;
    call own;
    fixture test;
    char value[] = "contoso", token[] = "t2";
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    char locale[] = "de-DE", correlation[] = "b12260fb-82de-4701-a25f-dcd367690645";
    clt_query query = clt_query_filtered(40, CLT_FIELD_DOMAIN, value);
    query.seek = CLT_SEEK_NEXT;
    query.continuation_token = token;
    context.locale = locale;
    context.correlation_id = correlation;
    call_init(&own);
    fixture_open(&test, "> 500\n> 200 page=1\n", NULL);
    assert_int_equal(clt_customers_query_async(test.partner, &query, &context, take_answer, &own, NULL, NULL),
                     CLT_OK);
    memset(value, '?', sizeof(value));
    memset(token, '?', sizeof(token));
    memset(locale, '?', sizeof(locale));
    memset(correlation, '?', sizeof(correlation));
    sem_wait(&own.done);
    const json_t *requests = scripted_requests(&test.service, "api");
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(scripted_header(requests, i, "MS-ContinuationToken"), "t2");
        assert_string_equal(scripted_header(requests, i, "X-Locale"), "de-DE");
        assert_string_equal(scripted_header(requests, i, "MS-CorrelationId"),
                            "b12260fb-82de-4701-a25f-dcd367690645");
        assert_string_equal(scripted_header(requests, i, "MS-RequestId"),
                            scripted_header(requests, 0, "MS-RequestId"));
    }
    fixture_close(&test);
    expect_once(&own, CLT_OK);
    sem_destroy(&own.done);
}

static void answer_and_ask_again(void *user, clt_customer_page *page, clt_error *err) {
    call *own = user;
    clt_status status = err ? err->status : CLT_OK;
    clt_customer_page_free(page);
    clt_error_free(err);
    own->status = status;
    if (status == CLT_OK && --own->chain > 0)
        own->status =
            clt_customers_query_async(own->partner, NULL, NULL, answer_and_ask_again, own, NULL, NULL);
    if (own->chain == 0 || own->status != CLT_OK)
        sem_post(&own->done);
}

static void test_a_callback_may_start_further_calls(void **state) {
    (void)state;
    call own;
    fixture test;
    call_init(&own);
    fixture_open(&test, "> 200 repeat page=1\n", NULL);
    own.chain = 10;
    own.partner = test.partner;
    assert_int_equal(
        clt_customers_query_async(test.partner, NULL, NULL, answer_and_ask_again, &own, NULL, NULL), CLT_OK);
    sem_wait(&own.done);
    assert_int_equal(own.status, CLT_OK);
    assert_int_equal(scripted_count(&test.service, "api"), 10);
    fixture_close(&test);
    sem_destroy(&own.done);
}

static void test_a_call_that_cannot_begin_has_no_callback(void **state) {
    (void)state;
    call own;
    fixture test;
    clt_operation *operation = NULL;
    clt_error *err = NULL;
    clt_query query = clt_query_indexed(501);
    call_init(&own);
    fixture_open(&test, "", NULL);
    fixture_expect_error(
        clt_customers_query_async(test.partner, &query, NULL, take_answer, &own, &operation, &err), &err,
        CLT_ERR_ARGUMENT);
    err = NULL;
    fixture_expect_error(clt_customers_query_async(test.partner, NULL, NULL, NULL, &own, &operation, &err),
                         &err, CLT_ERR_ARGUMENT);
    fixture_close(&test);
    assert_null(operation);
    assert_int_equal(own.callback_count, 0);
    sem_destroy(&own.done);
}

/* ---- ending early -------------------------------------------------------------------------------------- */

static void test_cancel_ends_it_wherever_it_is_and_the_callback_still_runs_once(void **state) {
    (void)state;
    static const char *const scripts[] = {"> hang\n", "> 200 page=1 hold=99\n", "> 200 page=1-40 slow=50\n",
                                          "> 429\nRetry-After: 100\n"};
    for (size_t i = 0; i < CLTI_COUNT(scripts); i++) {
        call own;
        fixture test;
        call_init(&own);
        fixture_open(&test, scripts[i], NULL);
        clt_operation *operation = start(test.partner, NULL, &own);
        scripted_wait(&test.service, "api", 1);
        for (int j = 0; j < 3; j++)
            clt_operation_cancel(operation);
        sem_wait(&own.done);
        expect_once(&own, CLT_ERR_CANCELLED);
        clt_operation_free(operation);
        fixture_close(&test);
        expect_once(&own, CLT_ERR_CANCELLED);
        sem_destroy(&own.done);
    }
}

static void test_giving_up_the_operation_does_not_end_it(void **state) {
    (void)state;
    call own;
    fixture test;
    call_init(&own);
    fixture_open(&test, "> 200 page=1-2 slow=1\n", NULL);
    clt_operation_free(start(test.partner, NULL, &own));
    sem_wait(&own.done);
    expect_once(&own, CLT_OK);
    fixture_close(&test);
    sem_destroy(&own.done);
}

static void test_an_operation_may_outlive_its_partner(void **state) {
    (void)state;
    call own;
    fixture test;
    call_init(&own);
    fixture_open(&test, "> 200 page=1\n", NULL);
    clt_operation *operation = start(test.partner, NULL, &own);
    sem_wait(&own.done);
    fixture_close(&test);
    clt_operation_cancel(operation);
    clt_operation_free(operation);
    expect_once(&own, CLT_OK);
    sem_destroy(&own.done);
}

static void test_a_deadline_and_a_cancellation_end_it_too(void **state) {
    (void)state;
    call late, cancelled;
    fixture test;
    clt_request_context brief = CLT_REQUEST_CONTEXT_INIT, context = CLT_REQUEST_CONTEXT_INIT;
    call_init(&late);
    call_init(&cancelled);
    fixture_open(&test, "> hang\n> hang\n", NULL);
    brief.timeout_ms = 200;
    assert_int_equal(clt_cancellation_new(&context.cancellation, NULL), CLT_OK);
    clt_operation_free(start(test.partner, &brief, &late));
    clt_operation_free(start(test.partner, &context, &cancelled));
    scripted_wait(&test.service, "api", 2);
    clt_cancellation_cancel(context.cancellation);
    sem_wait(&late.done);
    sem_wait(&cancelled.done);
    expect_once(&late, CLT_ERR_REQUEST_TIMEOUT);
    expect_once(&cancelled, CLT_ERR_CANCELLED);
    fixture_close(&test);
    clt_cancellation_free(context.cancellation);
    sem_destroy(&late.done);
    sem_destroy(&cancelled.done);
}

static void test_freeing_the_handle_cancels_all_and_waits_for_their_callbacks(void **state) {
    (void)state;
    enum { COUNT = 50 };
    static call calls[COUNT];
    fixture test;
    fixture_open(&test, "> hang repeat\n", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        call_init(&calls[i]);
        clt_operation_free(start(test.partner, NULL, &calls[i]));
    }
    scripted_wait(&test.service, "api", 1);
    clt_partner_free(test.partner);
    test.partner = NULL;
    for (size_t i = 0; i < COUNT; i++) {
        expect_once(&calls[i], CLT_ERR_CANCELLED);
        sem_destroy(&calls[i].done);
    }
    fixture_close(&test);
}

static void test_freeing_the_handle_at_once_still_runs_every_callback_once(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        call own;
        fixture test;
        call_init(&own);
        fixture_open(&test, "> 200 repeat page=1\n", NULL);
        clt_operation_free(start(test.partner, NULL, &own));
        clt_partner_free(test.partner);
        test.partner = NULL;
        assert_int_equal(own.callback_count, 1);
        assert_true(own.status == CLT_OK || own.status == CLT_ERR_CANCELLED);
        fixture_close(&test);
        sem_destroy(&own.done);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_callback_gets_the_page_or_the_error),
        cmocka_unit_test(test_all_callbacks_of_a_handle_run_in_one_thread),
        cmocka_unit_test(test_texts_of_the_query_need_to_live_during_the_call_only),
        cmocka_unit_test(test_a_callback_may_start_further_calls),
        cmocka_unit_test(test_a_call_that_cannot_begin_has_no_callback),
        cmocka_unit_test(test_cancel_ends_it_wherever_it_is_and_the_callback_still_runs_once),
        cmocka_unit_test(test_giving_up_the_operation_does_not_end_it),
        cmocka_unit_test(test_an_operation_may_outlive_its_partner),
        cmocka_unit_test(test_a_deadline_and_a_cancellation_end_it_too),
        cmocka_unit_test(test_freeing_the_handle_cancels_all_and_waits_for_their_callbacks),
        cmocka_unit_test(test_freeing_the_handle_at_once_still_runs_every_callback_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
