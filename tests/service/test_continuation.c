/* Continuation tokens: the same for the same page, and nothing but what this store made for this partner. */
#include "service/service_private.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static clti_service SERVICE;
static clti_service OTHER_SERVICE;
static const clt_guid PARTNER = {{1, 2, 3}};
static const clt_guid OTHER_PARTNER = {{1, 2, 4}};

#define POSITION                                                                                             \
    (clt_str) {                                                                                              \
        "contoso\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10", 24                      \
    }

static clti_list_request filtered(void) {
    return (clti_list_request){.size = 40,
                               .has_filter = true,
                               .filter = {.field = CLTI_LIST_DOMAIN,
                                          .op = CLTI_FILTER_EQUALS,
                                          .value = CLTI_STR("Contoso.Example")}};
}

static clt_str write_token(const clti_list_request *list, clti_arena *arena) {
    clt_str token = clti_continuation_write(&SERVICE, PARTNER, list, CLTI_LIST_AFTER, POSITION, arena);
    assert_non_null(token.data);
    return token;
}

static void assert_round_trip(const clti_list_request *list, clti_list_start start, clt_str position) {
    clti_arena arena = {0};
    clti_list_request read;
    clt_str token = clti_continuation_write(&SERVICE, PARTNER, list, start, position, &arena);
    assert_non_null(token.data);
    assert_in_range(token.size, 1, 2048);
    assert_int_equal(token.data[token.size], '\0');
    assert_int_equal(strspn(token.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     token.size);
    assert_true(clti_continuation_read(&SERVICE, PARTNER, token, &arena, &read));
    assert_int_equal(read.size, list->size);
    assert_int_equal(read.start, start);
    assert_int_equal(read.has_filter, list->has_filter);
    assert_true(clti_str_equal(read.position, position));
    if (list->has_filter) {
        assert_int_equal(read.filter.field, list->filter.field);
        assert_int_equal(read.filter.op, list->filter.op);
        assert_true(clti_str_equal(read.filter.value, list->filter.value));
    }
    clt_str again = clti_continuation_write(&SERVICE, PARTNER, &read, start, read.position, &arena);
    assert_true(clti_str_equal(again, token));
    clti_arena_done(&arena);
}

static void test_continuation_round_trips_every_kind_of_list(void **state) {
    (void)state;
    for (int field = 0; field < CLTI_LIST_FIELD_COUNT; field++)
        for (int op = CLTI_FILTER_STARTS_WITH; op <= CLTI_FILTER_EQUALS; op++)
            for (int start = CLTI_LIST_AFTER; start <= CLTI_LIST_BEFORE; start++) {
                clti_list_request list = filtered();
                list.filter.field = (clti_list_field)field;
                list.filter.op = (clti_filter_operator)op;
                assert_round_trip(&list, (clti_list_start)start, POSITION);
            }
    clti_list_request plain = {.size = 1};
    assert_round_trip(&plain, CLTI_LIST_AFTER, POSITION);
    plain.size = 500;
    assert_round_trip(&plain, CLTI_LIST_BEFORE, POSITION);
}

static void test_continuation_round_trips_random_positions(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 500; round++) {
        char position[CLTI_POSITION_MAX], value[100];
        size_t size = 17 + clti_test_random_below(&random, sizeof(position) - 16);
        for (size_t i = 0; i < size; i++)
            position[i] = (char)clti_test_random(&random);
        for (size_t i = 0; i < sizeof(value); i++)
            value[i] = (char)clti_test_random(&random);
        clti_list_request list = filtered();
        list.size = 1 + clti_test_random_below(&random, CLTI_PAGE_SIZE_MAX);
        list.filter.value = (clt_str){value, clti_test_random_below(&random, sizeof(value) + 1)};
        assert_round_trip(&list, CLTI_LIST_AFTER, (clt_str){position, size});
    }
}

/* api.md 6.1: at most 2 KiB, also for 200 characters of 4 bytes and a position as long as they get. */
static void test_continuation_of_the_longest_value_and_position_fits(void **state) {
    (void)state;
    char position[CLTI_POSITION_MAX], value[4 * CLTI_FILTER_VALUE_MAX];
    memset(position, 'x', sizeof(position));
    for (size_t i = 0; i < sizeof(value); i += 4)
        memcpy(value + i, "\xF0\x9F\x98\x80", 4);
    clti_list_request list = filtered();
    list.filter.value = (clt_str){value, sizeof(value)};
    assert_round_trip(&list, CLTI_LIST_AFTER, (clt_str){position, sizeof(position)});
}

static void test_continuation_differs_when_anything_differs(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_list_request lists[5] = {filtered(), filtered(), filtered(), filtered(), {.size = 40}};
    lists[1].size = 41;
    lists[2].filter.op = CLTI_FILTER_STARTS_WITH;
    lists[3].filter.value = CLTI_STR("contoso.example");
    for (size_t i = 0; i < CLTI_COUNT(lists); i++)
        for (size_t j = 0; j < CLTI_COUNT(lists); j++)
            assert_int_equal(clti_str_equal(write_token(&lists[i], &arena), write_token(&lists[j], &arena)),
                             i == j);
    clti_arena_done(&arena);
}

static void test_continuation_altered_in_any_character_is_refused(void **state) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %";
    (void)state;
    clti_arena arena = {0};
    const clti_list_request list = filtered();
    clti_list_request read;
    clt_str token = write_token(&list, &arena);
    char *writable = memcpy(clti_arena_alloc(&arena, token.size), token.data, token.size);
    for (size_t i = 0; i < token.size; i++) {
        for (size_t j = 0; j < sizeof(alphabet); j++) {
            writable[i] = alphabet[j];
            clti_arena each = {0};
            assert_int_equal(
                clti_continuation_read(&SERVICE, PARTNER, (clt_str){writable, token.size}, &each, &read),
                alphabet[j] == token.data[i]);
            clti_arena_done(&each);
        }
        writable[i] = token.data[i];
    }
    clti_arena_done(&arena);
}

static void test_continuation_cut_or_longer_is_refused(void **state) {
    (void)state;
    clti_arena arena = {0};
    const clti_list_request list = filtered();
    clti_list_request read;
    clt_str token = write_token(&list, &arena);
    for (size_t size = 0; size < token.size; size++) {
        assert_false(clti_continuation_read(&SERVICE, PARTNER, (clt_str){token.data, size}, &arena, &read));
        assert_false(
            clti_continuation_read(&SERVICE, PARTNER, clti_str_from(token, size + 1), &arena, &read));
    }
    static const char *const tails[] = {"A", "AA", "AAA", "AAAA", "=", "==", " "};
    for (size_t i = 0; i < CLTI_COUNT(tails); i++)
        assert_false(clti_continuation_read(
            &SERVICE, PARTNER, clti_arena_format(&arena, "%s%s", token.data, tails[i]), &arena, &read));
    char *huge = clti_arena_calloc(&arena, 1, 100000);
    memset(huge, 'A', 100000);
    assert_false(clti_continuation_read(&SERVICE, PARTNER, (clt_str){huge, 100000}, &arena, &read));
    assert_false(clti_continuation_read(&SERVICE, PARTNER, (clt_str){NULL, 0}, &arena, &read));
    clti_arena_done(&arena);
}

static void test_continuation_of_another_partner_or_store_is_refused(void **state) {
    (void)state;
    clti_arena arena = {0};
    const clti_list_request list = filtered();
    clti_list_request read;
    clt_str token = write_token(&list, &arena);
    assert_true(clti_continuation_read(&SERVICE, PARTNER, token, &arena, &read));
    assert_false(clti_continuation_read(&SERVICE, OTHER_PARTNER, token, &arena, &read));
    assert_false(clti_continuation_read(&OTHER_SERVICE, PARTNER, token, &arena, &read));
    clti_arena_done(&arena);
}

int main(void) {
    clti_hmac_key_init(&SERVICE.token_key, (const uint8_t *)"not a secret", 12);
    clti_hmac_key_init(&OTHER_SERVICE.token_key, (const uint8_t *)"not a secreT", 12);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_continuation_round_trips_every_kind_of_list),
        cmocka_unit_test(test_continuation_round_trips_random_positions),
        cmocka_unit_test(test_continuation_of_the_longest_value_and_position_fits),
        cmocka_unit_test(test_continuation_differs_when_anything_differs),
        cmocka_unit_test(test_continuation_altered_in_any_character_is_refused),
        cmocka_unit_test(test_continuation_cut_or_longer_is_refused),
        cmocka_unit_test(test_continuation_of_another_partner_or_store_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
