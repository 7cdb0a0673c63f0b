#include "base/base.h"

#include "support/test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

static clti_rate_limit *limit;
static int64_t start;

static int set_up(void **state) {
    (void)state;
    clti_fault fault;
    start = clti_steady_us();
    return clti_rate_limit_new(&limit, &fault) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    clti_rate_limit_free(limit);
    return 0;
}

static clt_guid key_of(uint32_t number) {
    clt_guid key = {{1}};
    memcpy(&key.bytes[12], &number, sizeof(number));
    return key;
}

static unsigned take(uint32_t key, uint32_t per_minute, int64_t after_us) {
    return clti_rate_limit_take(limit, key_of(key), per_minute, start + SECOND + after_us);
}

/* How many go through at one moment. */
static uint32_t drain(uint32_t key, uint32_t per_minute, int64_t after_us) {
    uint32_t count = 0;
    while (take(key, per_minute, after_us) == 0)
        count++;
    return count;
}

static void test_rate_limit_lets_a_minute_of_calls_through_at_once(void **state) {
    static const uint32_t rates[] = {1, 2, 7, 60, 499, 500, 1999, 45000, CLTI_RATE_LIMIT_MAX};
    (void)state;
    for (uint32_t i = 0; i < CLTI_COUNT(rates); i++)
        assert_int_equal(drain(i, rates[i], 0), rates[i]);
}

static void test_rate_limit_tells_the_wait_without_taking(void **state) {
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(clti_rate_limit_wait(limit, key_of(1), 2, start + SECOND), 0);
    assert_int_equal(drain(1, 2, 0), 2);
    assert_int_equal(clti_rate_limit_wait(limit, key_of(1), 2, start + SECOND), 30);
    assert_int_equal(clti_rate_limit_wait(limit, key_of(1), 2, start + 31 * SECOND), 0);
    assert_int_equal(drain(1, 2, 30 * SECOND), 1);
}

static void test_rate_limit_fills_evenly(void **state) {
    (void)state;
    assert_int_equal(drain(1, 500, 0), 500);
    assert_int_equal(drain(1, 500, 119 * 1000), 0);
    assert_int_equal(drain(1, 500, 121 * 1000), 1);
    assert_int_equal(drain(1, 500, 6 * SECOND), 49);
    assert_int_equal(drain(1, 500, 6 * SECOND + MINUTE / 2), 250);
    assert_int_equal(drain(1, 500, 10 * MINUTE), 500);
}

static void test_rate_limit_tells_the_truth_about_the_wait(void **state) {
    static const uint32_t rates[] = {1, 2, 3, 7, 50, 500, 30000};
    (void)state;
    for (uint32_t i = 0; i < CLTI_COUNT(rates); i++) {
        drain(i, rates[i], 0);
        const unsigned seconds = take(i, rates[i], 0);
        assert_int_equal(seconds, (60 + rates[i] - 1) / rates[i]);
        if (seconds > 1)
            assert_int_not_equal(take(i, rates[i], (seconds - 1) * SECOND), 0);
        assert_int_equal(take(i, rates[i], seconds * SECOND + 100), 0);
    }
}

static void test_rate_limit_takes_nothing_for_a_refused_call(void **state) {
    (void)state;
    assert_int_equal(drain(1, 2, 0), 2);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(take(1, 2, 0), 30);
    assert_int_equal(take(1, 2, 31 * SECOND), 0);
    assert_int_equal(clti_rate_limit_refused(limit), 1001);
}

static void test_rate_limit_goes_by_a_rate_that_was_changed(void **state) {
    (void)state;
    assert_int_equal(drain(1, 500, 0), 500);
    assert_int_equal(drain(1, 1000, 6 * SECOND), 100);
    assert_true(take(1, 5, 6 * SECOND) > 1);
}

/* But where nine meet in a set, which has room for eight: one table in 250 has such a set, as its secrets
 * fall, and none has three. */
static void test_rate_limit_keeps_thousands_of_callers_apart(void **state) {
    uint32_t mistaken = 0;
    (void)state;
    for (uint32_t key = 0; key < 4000; key++)
        mistaken += drain(key, 3, 0) != 3;
    for (uint32_t key = 0; key < 4000; key++)
        mistaken += take(key, 3, 0) == 0;
    assert_true(mistaken < 20);
}

/* More callers than the table has room for are not refused what is their due; but for those who share their
 * bucket with another, of which there should be two or three here. */
static void test_rate_limit_refuses_no_newcomer_when_the_table_is_full(void **state) {
    uint32_t refused = 0;
    (void)state;
    for (uint32_t key = 0; key < 300000; key++)
        refused += take(key, 1, 0) != 0;
    assert_true(refused < 30);
}

#define THREAD_COUNT 8
#define RATE         20000

static void *take_from_two(void *user) {
    uintptr_t taken = 0;
    (void)user;
    for (uint32_t i = 0; i < RATE; i++)
        taken += (take(7, RATE, 0) == 0 ? 1U : 0U) + (take(8, RATE, 0) == 0 ? 1U : 0U);
    return (void *)taken;
}

static void test_rate_limit_counts_exactly_in_many_threads(void **state) {
    pthread_t threads[THREAD_COUNT];
    uintptr_t taken = 0;
    (void)state;
    for (size_t i = 0; i < THREAD_COUNT; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_from_two, NULL), 0);
    for (size_t i = 0; i < THREAD_COUNT; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        taken += (uintptr_t)result;
    }
    assert_int_equal(taken, 2 * RATE);
}

static void test_rate_limit_takes_what_others_have_taken(void **state) {
    clti_shared_count shared;
    clti_tally_entry *told = calloc(CLTI_TALLY_MAX, sizeof *told);
    clti_fault fault;
    (void)state;
    assert_non_null(told);
    assert_true(clti_rate_limit_share(limit, &shared, &fault));
    assert_int_equal(drain(1, 60, 0), 60);
    assert_int_equal(drain(2, 10, 0), 10);
    assert_int_equal(clti_tally_drain(shared.tally, told), 2);
    assert_true(clti_guid_equal(told[0].key, key_of(1)));
    assert_int_equal(told[0].detail, 60);
    assert_int_equal(told[0].count, 60);
    assert_int_equal(told[1].count, 10);
    assert_int_equal(clti_tally_drain(shared.tally, told), 0);
    const clti_tally_entry other = {.key = key_of(3), .detail = 60, .count = 50};
    shared.learn(shared.user, &other);
    start = clti_steady_us() - SECOND; /* others take at the moment: it was then, or a little before */
    const uint32_t left = drain(3, 60, 0);
    assert_in_range(left, 10, 59);
    assert_int_equal(clti_tally_drain(shared.tally, told), 1); /* what others took is theirs to tell */
    assert_int_equal(told[0].count, left);
    /* However many it was: a minute's calls are owed at most, so after two minutes the bucket is full. */
    const clti_tally_entry flood = {.key = key_of(4), .detail = 60, .count = UINT32_MAX};
    shared.learn(shared.user, &flood);
    shared.learn(shared.user, &flood);
    start = clti_steady_us() - SECOND;
    assert_in_range(take(4, 60, 0), 2, 61);
    assert_int_equal(drain(4, 60, 2 * MINUTE + SECOND), 60);
    free(told);
}

static void test_tally_counts_until_it_is_full(void **state) {
    clti_tally *tally;
    clti_tally_entry *told = calloc(CLTI_TALLY_MAX, sizeof *told);
    clti_fault fault;
    (void)state;
    assert_non_null(told);
    assert_true(clti_tally_new(&tally, &fault));
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < CLTI_TALLY_MAX + 100; i++)
            clti_tally_add(tally, key_of(i), i, i % 3);
    assert_int_equal(clti_tally_drain(tally, told), CLTI_TALLY_MAX);
    for (uint32_t i = 0; i < CLTI_TALLY_MAX; i++) {
        assert_true(clti_guid_equal(told[i].key, key_of(i)));
        assert_int_equal(told[i].detail, i);
        assert_int_equal(told[i].count, 2 * (i % 3));
    }
    assert_int_equal(clti_tally_drain(tally, told), 0);
    clti_tally_free(tally);
    free(told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_rate_limit_##name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(lets_a_minute_of_calls_through_at_once),
        TEST(fills_evenly),
        TEST(tells_the_wait_without_taking),
        TEST(tells_the_truth_about_the_wait),
        TEST(takes_nothing_for_a_refused_call),
        TEST(goes_by_a_rate_that_was_changed),
        TEST(keeps_thousands_of_callers_apart),
        TEST(refuses_no_newcomer_when_the_table_is_full),
        TEST(counts_exactly_in_many_threads),
        TEST(takes_what_others_have_taken),
        cmocka_unit_test(test_tally_counts_until_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
