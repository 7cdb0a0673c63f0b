#include "fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define THREAD_COUNT 8
#define TOKEN_COUNT  24
#define KEY_COUNT    6

static identity_fixture shared;
static const char *tokens[TOKEN_COUNT];
static atomic_bool stop;

/* Asserts of cmocka jump, so a thread counts its failures instead. */
static void *verify_until_told(void *number) {
    uintptr_t failures = 0;
    clti_remembered_token remembered = {0};
    clti_arena arena = {0};
    for (size_t i = (uintptr_t)number; !atomic_load(&stop) || i < 4 * TOKEN_COUNT; i++) {
        clti_caller caller;
        clti_fault fault;
        const clt_str header = clti_arena_format(&arena, "Bearer %s", tokens[i % TOKEN_COUNT]);
        failures += !clti_identity_verify(shared.identity, &remembered, header, NOW, &caller, &fault);
        failures += caller.not_after != NOW + 3600 + (int64_t)(i % TOKEN_COUNT);
        clti_authority_answer answer;
        if (i % 16 == 0)
            failures += !clti_authority_keys(shared.identity, NOW, &arena, &answer, &fault);
        clti_arena_clear(&arena);
    }
    clti_arena_done(&arena);
    clti_remembered_token_done(&remembered);
    return (void *)failures;
}

static void test_threads_verify_while_keys_are_added(void **state) {
    (void)state;
    for (size_t i = 0; i < TOKEN_COUNT; i++) {
        const clt_str overrides =
            clti_arena_format(&shared.arena, "{\"exp\":%lld}", (long long)(NOW + 3600 + (int64_t)i));
        tokens[i] = fixture_token(&shared, overrides.data);
    }
    pthread_t threads[THREAD_COUNT];
    for (uintptr_t i = 0; i < THREAD_COUNT; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, verify_until_told, (void *)i), 0);
    bool ok = true;
    clti_fault fault;
    for (int i = 0; i < KEY_COUNT; i++)
        ok = clti_identity_make_key(shared.store, NOW + 1 + i, &fault) && ok;
    atomic_store(&stop, true);
    uintptr_t failures = 0;
    for (size_t i = 0; i < THREAD_COUNT; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        failures += (uintptr_t)result;
    }
    assert_true(ok);
    assert_int_equal(failures, 0);
}

static int set_up(void **state) {
    (void)state;
    fixture_init(&shared, true);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    fixture_done(&shared);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads_verify_while_keys_are_added)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
