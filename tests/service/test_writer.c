/* The writer: one group for all that waits, an outcome for each, nothing lost when it stops or the store
 * fails. */
#include "service/service_private.h"
#include "store/store_private.h"
#include "support/memory_store.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 1000

static const clt_guid PARTNER = {{1}};

/* A store that lets the test hold it, and fail. */
static clti_store_operations operations;
static bool (*real_apply)(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                          clti_fault *fault);
static sem_t entered, may_go;
static atomic_bool is_held, is_failing;

static bool apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                  clti_fault *fault) {
    if (is_held) {
        sem_post(&entered);
        sem_wait(&may_go);
    }
    if (is_failing)
        return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "the disk is full");
    return real_apply(store, changes, count, outcomes, fault);
}

typedef struct fixture {
    clti_store *store;
    clti_writer *writer;
    clti_customer customers[MANY];
    char domains[MANY][16];
    clti_write writes[MANY];
    sem_t done;
} fixture;

static void on_done(void *user) {
    sem_post(user);
}

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof(*made));
    clti_fault fault;
    clti_outcome outcome;
    const clti_partner partner = {.id = PARTNER, .domain = CLTI_STR("p.example")};
    const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner};
    assert_non_null(made);
    made->store = clti_memory_store_new();
    operations = *made->store->operations;
    real_apply = operations.apply;
    operations.apply = apply;
    made->store->operations = &operations;
    is_held = is_failing = false;
    assert_true(clti_store_apply(made->store, &change, 1, &outcome, &fault));
    assert_true(sem_init(&made->done, 0, 0) == 0 && sem_init(&entered, 0, 0) == 0 &&
                sem_init(&may_go, 0, 0) == 0);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *made = *state;
    clti_writer_free(made->writer);
    clti_store_close(made->store);
    free(made);
    return 0;
}

static void start_with(fixture *made, size_t queue_max, int64_t call_us) {
    clti_fault fault;
    const clti_writer_options options = {.store = made->store, .queue_max = queue_max, .call_us = call_us};
    assert_true(clti_writer_start(&options, &made->writer, &fault));
}

static void start(fixture *made, size_t queue_max) {
    start_with(made, queue_max, 0);
}

/* A customer with this number; its domain is that of number % 500, so that some are taken. */
static void submit(fixture *made, size_t number) {
    clti_customer *customer = &made->customers[number];
    snprintf(made->domains[number], sizeof(made->domains[number]), "d%zu.example", number % 500);
    *customer = (clti_customer){.id = {{2, (uint8_t)(number >> 8), (uint8_t)number}},
                                .domain = clti_str(made->domains[number]),
                                .company_name = CLTI_STR("Contoso")};
    made->writes[number] =
        (clti_write){.change = {CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {PARTNER, customer}},
                     .on_done = on_done,
                     .user = &made->done};
    clti_writer_submit(made->writer, &made->writes[number]);
}

static void wait_for(fixture *made, size_t count) {
    for (size_t i = 0; i < count; i++)
        sem_wait(&made->done);
}

static uint64_t customers(fixture *made) {
    clti_partner_state seen;
    clti_fault fault;
    assert_true(clti_store_partner_state(made->store, PARTNER, &seen, &fault));
    return seen.count;
}

static clti_writer_counters counters(fixture *made) {
    clti_writer_counters seen;
    clti_writer_counted(made->writer, &seen);
    return seen;
}

typedef struct submitter {
    fixture *made;
    size_t first;
} submitter;

static void *submit_some(void *user) {
    const submitter *from = user;
    for (size_t i = 0; i < MANY / 8; i++)
        submit(from->made, from->first + i);
    return NULL;
}

static void test_each_of_many_writes_gets_its_own_outcome(void **state) {
    fixture *made = *state;
    pthread_t threads[8];
    submitter from[8];
    size_t done = 0, taken = 0;
    start(made, MANY);
    for (size_t i = 0; i < CLTI_COUNT(threads); i++) {
        from[i] = (submitter){made, i * (MANY / 8)};
        assert_int_equal(pthread_create(&threads[i], NULL, submit_some, &from[i]), 0);
    }
    for (size_t i = 0; i < CLTI_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    wait_for(made, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_false(made->writes[i].failed);
        done += made->writes[i].outcome.done;
        taken += !made->writes[i].outcome.done && made->writes[i].outcome.refusal == CLTI_FAULT_DOMAIN_TAKEN;
    }
    assert_int_equal(done, 500);
    assert_int_equal(taken, 500);
    assert_int_equal(customers(made), 500);
    assert_int_equal(counters(made).writes, MANY);
}

static void test_what_waits_goes_in_one_group_and_a_full_queue_refuses(void **state) {
    fixture *made = *state;
    start(made, 40);
    is_held = true;
    submit(made, 0);
    sem_wait(&entered); /* the first is being written */
    for (size_t i = 1; i <= 41; i++)
        submit(made, i);
    sem_wait(&made->done); /* the last found no room */
    assert_true(made->writes[41].failed);
    assert_int_equal(made->writes[41].fault.code, CLTI_FAULT_BUSY);
    assert_int_equal(counters(made).queued, 40);
    sem_post(&may_go);
    sem_wait(&entered);
    is_held = false;
    sem_post(&may_go);
    wait_for(made, 41);
    clti_writer_counters seen = counters(made);
    assert_int_equal(seen.groups[0], 1);
    assert_int_equal(seen.groups[6], 1); /* 33 to 64 */
    assert_int_equal(seen.refused, 1);
    assert_int_equal(seen.queued, 0);
    assert_int_equal(customers(made), 41);
}

static void test_a_store_that_fails_fails_the_whole_group_and_may_recover(void **state) {
    fixture *made = *state;
    start(made, 0);
    is_failing = true;
    for (size_t i = 0; i < 10; i++)
        submit(made, i);
    wait_for(made, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_true(made->writes[i].failed);
        assert_int_equal(made->writes[i].fault.code, CLTI_FAULT_STORE_FAILED);
    }
    assert_int_equal(customers(made), 0);
    is_failing = false;
    submit(made, 0);
    wait_for(made, 1);
    assert_true(!made->writes[0].failed && made->writes[0].outcome.done);
}

static void *stop(void *user) {
    clti_writer_stop(user);
    return NULL;
}

static void test_a_stop_finishes_what_is_queued_and_refuses_what_comes_later(void **state) {
    fixture *made = *state;
    pthread_t stopping;
    start(made, 0);
    is_held = true;
    submit(made, 0);
    sem_wait(&entered);
    for (size_t i = 1; i < 300; i++)
        submit(made, i);
    assert_int_equal(pthread_create(&stopping, NULL, stop, made->writer), 0);
    is_held = false;
    sem_post(&may_go);
    pthread_join(stopping, NULL);
    wait_for(made, 300);
    for (size_t i = 0; i < 300; i++)
        assert_true(!made->writes[i].failed && made->writes[i].outcome.done);
    submit(made, 300);
    wait_for(made, 1);
    assert_true(made->writes[300].failed);
    assert_int_equal(made->writes[300].fault.code, CLTI_FAULT_BUSY);
    clti_writer_stop(made->writer);
    assert_int_equal(customers(made), 300);
}

static void test_a_write_that_waited_too_long_is_refused_and_not_done(void **state) {
    fixture *made = *state;
    start(made, 0);
    is_held = true;
    submit(made, 0);
    sem_wait(&entered);
    /* Late before its turn comes; its neighbour has no limit. */
    clti_customer late = {.id = {{9}}, .domain = CLTI_STR("late.example"), .company_name = CLTI_STR("Late")};
    clti_write write = {.change = {CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {PARTNER, &late}},
                        .due_us = clti_steady_us(),
                        .on_done = on_done,
                        .user = &made->done};
    clti_writer_submit(made->writer, &write);
    submit(made, 1);
    is_held = false;
    sem_post(&may_go);
    wait_for(made, 3);
    assert_true(write.failed);
    assert_int_equal(write.fault.code, CLTI_FAULT_BUSY);
    assert_true(made->writes[1].outcome.done);
    assert_int_equal(customers(made), 2);
}

static void test_a_write_that_has_less_time_than_the_store_may_take_is_refused(void **state) {
    const int64_t hour_us = INT64_C(3600) * 1000000;
    fixture *made = *state;
    start_with(made, 0, hour_us);
    clti_customer late = {.id = {{9}}, .domain = CLTI_STR("late.example"), .company_name = CLTI_STR("Late")};
    clti_write write = {.change = {CLTI_CHANGE_CUSTOMER_CREATE, .of.written = {PARTNER, &late}},
                        .due_us = clti_steady_us() + hour_us,
                        .on_done = on_done,
                        .user = &made->done};
    clti_writer_submit(made->writer, &write);
    submit(made, 1);
    wait_for(made, 2);
    assert_true(write.failed);
    assert_int_equal(write.fault.code, CLTI_FAULT_BUSY);
    assert_int_equal(customers(made), 1);
}

/* ---- what is too old ---- */

#define SECONDS_PER_DAY (24 * 60 * 60)

/* A record of what was done, and one of its answer, both so old. */
static void keep(fixture *made, uint8_t number, int64_t seconds_ago) {
    const clti_audit_record audit = {.partner = PARTNER,
                                     .date = clti_now_ticks() - seconds_ago * CLTI_TICKS_PER_SECOND,
                                     .operation = CLTI_AUDIT_ADD_CUSTOMER};
    const clti_idempotency answer = {
        .partner = PARTNER, .key = {{number}}, .created = clti_now_seconds() - seconds_ago};
    const clti_change change = {.kind = CLTI_CHANGE_NOTHING, .audit = &audit, .idempotency = &answer};
    clti_outcome outcome;
    clti_fault fault;
    assert_true(clti_store_apply(made->store, &change, 1, &outcome, &fault) && outcome.done);
}

static void test_with_each_group_goes_what_is_too_old(void **state) {
    fixture *made = *state;
    static const int64_t ages[] = {60, SECONDS_PER_DAY - 60, SECONDS_PER_DAY + 60, 90 * SECONDS_PER_DAY - 60,
                                   90 * SECONDS_PER_DAY + 60};
    static const struct {
        unsigned keep_days;
        uint64_t audit_records;
    } rows[] = {{0, 5}, {365, 5}, {90, 4}, {1, 2}};
    for (size_t i = 0; i < CLTI_COUNT(ages); i++)
        keep(made, (uint8_t)(i + 1), ages[i]);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_check_summary seen;
        clti_fault fault;
        const clti_writer_options options = {.store = made->store, .keep_days = rows[i].keep_days};
        assert_true(clti_writer_start(&options, &made->writer, &fault));
        submit(made, i);
        wait_for(made, 1);
        clti_writer_free(made->writer);
        made->writer = NULL;
        assert_true(clti_store_check(made->store, NULL, NULL, &seen, &fault));
        assert_int_equal(seen.audit_records, rows[i].audit_records);
        assert_int_equal(seen.idempotency_records, 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_of_many_writes_gets_its_own_outcome, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_waits_goes_in_one_group_and_a_full_queue_refuses, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_store_that_fails_fails_the_whole_group_and_may_recover, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_stop_finishes_what_is_queued_and_refuses_what_comes_later,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_write_that_waited_too_long_is_refused_and_not_done, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_write_that_has_less_time_than_the_store_may_take_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_with_each_group_goes_what_is_too_old, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
