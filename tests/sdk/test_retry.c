/* What is tried again, and how long the pauses are. */
#include "sdk/retry_private.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct after_case {
    const char *name;
    const char *value;
    int64_t want_ms;
} after_case;

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOW INT64_C(784111777)

static const after_case AFTERS[] = {
    {"retry after seconds", "57", 57000},
    {"retry after no time", "0", 0},
    {"retry after a number too large to read", "99999999999999999999999", INT64_C(2147483647) * 1000},
    {"retry after a date", "Sun, 06 Nov 1994 08:49:47 GMT", 10000},
    {"retry after a date that is past", "Sun, 06 Nov 1994 08:49:27 GMT", 0},
    {"retry after a date of the old form", "Sunday, 06-Nov-94 08:49:47 GMT", 10000},
    {"retry after a negative number", "-5", -1},
    {"retry after a fraction", "1.5", -1},
    {"retry after a word", "soon", -1},
    {"retry after nothing", "", -1},
    {"retry after no header", NULL, -1},
};

static void check_after(void **state) {
    const after_case *row = *state;
    assert_int_equal(clti_retry_after_ms(clti_str(row->value), NOW), row->want_ms);
}

static void test_retry_backoff_stays_within_its_bounds(void **state) {
    (void)state;
    static const int64_t MOST_MS[] = {200, 400, 800, 1600, 3200, 6400, 12800, 20000, 20000};
    uint64_t random = clti_test_seed();
    for (int32_t retry = 0; retry < (int32_t)CLTI_COUNT(MOST_MS); retry++) {
        int64_t least = INT64_MAX, most = 0;
        for (int i = 0; i < 10000; i++) {
            int64_t wait = clti_retry_backoff_ms(retry, clti_test_random(&random));
            assert_true(wait >= 0 && wait <= MOST_MS[retry]);
            least = wait < least ? wait : least;
            most = wait > most ? wait : most;
        }
        /* Full jitter: all of the range is used. */
        assert_true(least < MOST_MS[retry] / 20 && most > MOST_MS[retry] / 20 * 19);
    }
    assert_true(clti_retry_backoff_ms(INT32_MAX, UINT64_MAX) <= 20000);
}

static void test_retry_takes_what_may_pass_and_nothing_else(void **state) {
    (void)state;
    for (int32_t http_status = 100; http_status < 700; http_status++)
        assert_int_equal(clti_retry_is_passing(http_status),
                         http_status == 408 || http_status == 429 || http_status / 100 == 5);
}

static void test_retry_takes_lost_connections_but_no_distrust(void **state) {
    (void)state;
    assert_true(clti_retry_is_connection(CURLE_COULDNT_CONNECT));
    assert_true(clti_retry_is_connection(CURLE_PARTIAL_FILE));
    assert_true(clti_retry_is_connection(CURLE_GOT_NOTHING));
    assert_false(clti_retry_is_connection(CURLE_PEER_FAILED_VERIFICATION));
    assert_false(clti_retry_is_connection(CURLE_WRITE_ERROR));
    assert_false(clti_retry_is_connection(CURLE_OUT_OF_MEMORY));
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(AFTERS) + 3];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(AFTERS); i++)
        tests[count++] = (struct CMUnitTest){
            .name = AFTERS[i].name, .test_func = check_after, .initial_state = (void *)(uintptr_t)&AFTERS[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_retry_backoff_stays_within_its_bounds);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_retry_takes_what_may_pass_and_nothing_else);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_retry_takes_lost_connections_but_no_distrust);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
