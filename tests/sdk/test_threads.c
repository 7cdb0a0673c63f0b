/* Sixteen threads on one handle, doing everything at once. Under ThreadSanitizer too: script/chaos thread. */
#include "fixture.h"

#include "base/base.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#define THREADS 16
#define ROUNDS  10

typedef struct worker {
    clt_partner *partner;
    const char *failure; /* what went wrong, or NULL: cmocka's asserts are for the main thread */
    pthread_t thread;
} worker;

#define REQUIRE(own, condition)                                                                              \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            (own)->failure = #condition;                                                                     \
            return NULL;                                                                                     \
        }                                                                                                    \
    } while (0)

static void run(void *(*routine)(void *), clt_partner *partner) {
    static worker workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (worker){.partner = partner};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, routine, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        if (workers[i].failure)
            fail_msg("thread %zu: %s", i, workers[i].failure);
}

/* ---- queries and enumerations -------------------------------------------------------------------------- */

static void *enumerate(void *argument) {
    worker *own = argument;
    for (int i = 0; i < ROUNDS; i++) {
        const clt_query query = clt_query_indexed(40);
        clt_customer_enumerator_options options = CLT_CUSTOMER_ENUMERATOR_OPTIONS_INIT;
        clt_customer_page *page;
        clt_customer_enumerator *enumerator;
        clt_partner *scoped;
        options.no_prefetch = i % 2;
        REQUIRE(own, clt_partner_with(own->partner, NULL, &scoped, NULL) == CLT_OK);
        REQUIRE(own, clt_customers_query(scoped, &query, NULL, &page, NULL) == CLT_OK);
        REQUIRE(own, clt_customer_enumerator_create(scoped, page, &options, &enumerator, NULL) == CLT_OK);
        for (int j = 0; j < 3; j++) {
            const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
            REQUIRE(own, current && clt_customer_page_count(current) == 3);
            REQUIRE(own, strcmp(clt_customer_page_at(current, 2)->company_profile->domain.data,
                                "customer3.example") == 0);
            REQUIRE(own, clt_customer_enumerator_next(enumerator, NULL, NULL) == CLT_OK);
        }
        clt_customer_enumerator_free(enumerator);
        clt_partner_free(scoped);
    }
    return NULL;
}

static void test_sixteen_threads_enumerate_with_one_handle(void **state) {
    (void)state;
    fixture test;
    clt_credentials *credentials;
    assert_int_equal(clt_credentials_app(TENANT, APP, "secret", &credentials, NULL), CLT_OK);
    fixture_open_as(&test, "> 200 repeat page=1-3 next=t{n}\nMS-ContinuationToken: t{n}\n", NULL,
                    credentials);
    run(enumerate, test.partner);
    assert_int_equal(scripted_count(&test.service, "token"), 1);
    fixture_close(&test);
}

/* ---- every kind of answer ------------------------------------------------------------------------------ */

static void *call_everything(void *argument) {
    worker *own = argument;
    static const struct {
        const char *path;
        int32_t http_status;
    } rows[] = {{"/v1/good", 200}, {"/v1/missing", 404}, {"/v1/nothing", 204}, {"/v1/odd", 400}};
    for (size_t i = 0; i < 4 * ROUNDS; i++) {
        clt_call call = CLT_CALL_INIT;
        clt_response *response;
        clt_error *err;
        call.path = rows[i % CLTI_COUNT(rows)].path;
        REQUIRE(own, clt_partner_call(own->partner, &call, NULL, &response, NULL) == CLT_OK);
        REQUIRE(own, clt_response_http_status(response) == rows[i % CLTI_COUNT(rows)].http_status);
        err = clt_response_error(response);
        REQUIRE(own, (err != NULL) == (rows[i % CLTI_COUNT(rows)].http_status >= 400));
        clt_error_free(err);
        clt_response_free(response);
    }
    return NULL;
}

static void test_each_thread_gets_its_own_answer(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test,
                 "> 200 repeat for=good\n\n{}\n> 404 repeat for=missing\n\n{\"code\":1000}\n"
                 "> 204 repeat for=nothing\n> 400 repeat for=odd\n\nnonsense\n",
                 NULL);
    run(call_everything, test.partner);
    fixture_close(&test);
}

/* ---- tokens that do not last --------------------------------------------------------------------------- */

static void *query_often(void *argument) {
    worker *own = argument;
    for (int i = 0; i < ROUNDS; i++) {
        clt_customer_page *page;
        clt_token *token;
        REQUIRE(own, clt_customers_query(own->partner, NULL, NULL, &page, NULL) == CLT_OK);
        clt_customer_page_free(page);
        REQUIRE(own, clt_partner_token(own->partner, NULL, &token, NULL) == CLT_OK);
        clt_token_free(token);
    }
    return NULL;
}

static void test_a_token_that_expires_at_once_is_renewed_by_all(void **state) {
    (void)state;
    fixture test;
    clt_credentials *credentials;
    assert_int_equal(clt_credentials_app(TENANT, APP, "secret", &credentials, NULL), CLT_OK);
    fixture_open_as(
        &test, "> 200 repeat token\n\n{\"access_token\":\"brief\",\"expires_in\":1}\n> 200 repeat page=1\n",
        NULL, credentials);
    run(query_often, test.partner);
    fixture_close(&test);
}

/* ---- cancelling and calling without waiting ------------------------------------------------------------ */

static void count_down(void *user, clt_customer_page *page, clt_error *err) {
    clt_customer_page_free(page);
    clt_error_free(err);
    sem_post(user);
}

static void *start_and_cancel(void *argument) {
    worker *own = argument;
    sem_t ended;
    sem_init(&ended, 0, 0);
    for (int i = 0; i < ROUNDS; i++) {
        clt_operation *operation;
        REQUIRE(own, clt_customers_query_async(own->partner, NULL, NULL, count_down, &ended, &operation,
                                               NULL) == CLT_OK);
        if (i % 2)
            clt_operation_cancel(operation);
        clt_operation_free(operation);
    }
    for (int i = 0; i < ROUNDS; i++)
        sem_wait(&ended);
    sem_destroy(&ended);
    return NULL;
}

static void test_sixteen_threads_start_and_cancel(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200 repeat page=1-3\n", NULL);
    run(start_and_cancel, test.partner);
    fixture_close(&test);
}

static clt_cancellation *shared;
static atomic_int waiting;

static void *wait_for_cancellation(void *argument) {
    worker *own = argument;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_customer_page *page;
    context.cancellation = shared;
    if (atomic_fetch_add(&waiting, 1) == THREADS - 1) {
        clt_cancellation_cancel(shared);
        return NULL;
    }
    REQUIRE(own, clt_customers_query(own->partner, NULL, &context, &page, NULL) == CLT_ERR_CANCELLED);
    return NULL;
}

static void test_one_cancellation_ends_the_calls_of_all(void **state) {
    (void)state;
    fixture test;
    waiting = 0;
    assert_int_equal(clt_cancellation_new(&shared, NULL), CLT_OK);
    fixture_open(&test, "> hang repeat\n", NULL);
    run(wait_for_cancellation, test.partner);
    fixture_close(&test);
    clt_cancellation_free(shared);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sixteen_threads_enumerate_with_one_handle),
        cmocka_unit_test(test_each_thread_gets_its_own_answer),
        cmocka_unit_test(test_a_token_that_expires_at_once_is_renewed_by_all),
        cmocka_unit_test(test_sixteen_threads_start_and_cancel),
        cmocka_unit_test(test_one_cancellation_ends_the_calls_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
