/* Arenas: pieces keep apart, overflow is noticed, clearing and ending leave an arena ready for use. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_arena_alloc_keeps_pieces_apart(void **state) {
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4095, 4096, 4097, 1, 1024 * 1024, 3};
    (void)state;
    clti_arena arena = {0};
    unsigned char *pieces[CLTI_COUNT(sizes)];
    for (size_t i = 0; i < CLTI_COUNT(sizes); i++) {
        pieces[i] = clti_arena_alloc(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)i, sizes[i] ? sizes[i] : 1);
    }
    for (size_t i = 0; i < CLTI_COUNT(sizes); i++)
        for (size_t at = 0; at < sizes[i]; at++)
            assert_int_equal(pieces[i][at], i);
    clti_arena_done(&arena);
}

static void test_arena_calloc_zeroes(void **state) {
    (void)state;
    clti_arena arena = {0};
    /* The second round may get memory that the first one wrote to. */
    for (int round = 0; round < 2; round++) {
        unsigned char *bytes = clti_arena_calloc(&arena, 100, 7);
        assert_non_null(bytes);
        for (size_t i = 0; i < 700; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xAA, 700);
        clti_arena_clear(&arena);
    }
    assert_non_null(clti_arena_calloc(&arena, 0, 7));
    clti_arena_done(&arena);
}

static void test_arena_refuses_sizes_that_overflow(void **state) {
    (void)state;
    clti_arena arena = {0};
    assert_null(clti_arena_alloc(&arena, SIZE_MAX));
    assert_null(clti_arena_alloc(&arena, SIZE_MAX - 16));
    assert_null(clti_arena_calloc(&arena, SIZE_MAX / 2, 3));
    assert_non_null(clti_arena_alloc(&arena, 8));
    clti_arena_done(&arena);
}

static void test_arena_copy_terminates_and_keeps_absence(void **state) {
    (void)state;
    clti_arena arena = {0};
    clt_str copy;
    assert_true(clti_arena_copy(&arena, (clt_str){"abc\0def", 7}, &copy));
    assert_int_equal(copy.size, 7);
    assert_memory_equal(copy.data, "abc\0def", 8);
    assert_true(clti_arena_copy(&arena, CLTI_STR(""), &copy));
    assert_non_null(copy.data);
    assert_int_equal(copy.size, 0);
    assert_int_equal(copy.data[0], '\0');
    assert_true(clti_arena_copy(&arena, (clt_str){NULL, 0}, &copy));
    assert_null(copy.data);
    clti_arena_done(&arena);
}

static void test_arena_join_copies_one_behind_the_other(void **state) {
    (void)state;
    static const struct {
        clt_str parts[3];
        const char *joined;
    } rows[] = {
        {{{"name", 4}, {": ", 2}, {"value", 5}}, "name: value"},
        {{{"name", 4}, {NULL, 0}, {"", 0}}, "name"},
        {{{NULL, 0}, {NULL, 0}, {NULL, 0}}, ""},
    };
    clti_arena arena = {0};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_str text = clti_arena_join(&arena, rows[i].parts, CLTI_COUNT(rows[i].parts));
        assert_string_equal(text.data, rows[i].joined);
        assert_int_equal(text.size, strlen(rows[i].joined));
    }
    const clt_str huge[] = {{"x", SIZE_MAX}, {"y", 1}};
    assert_null(clti_arena_join(&arena, huge, 1).data);
    assert_null(clti_arena_join(&arena, huge, 2).data);
    clti_arena_done(&arena);
}

static void test_arena_format_writes_long_texts(void **state) {
    (void)state;
    clti_arena arena = {0};
    clt_str text = clti_arena_format(&arena, "%s-%010000d", "x", 7);
    assert_int_equal(text.size, 10002);
    assert_int_equal(strlen(text.data), 10002);
    assert_int_equal(text.data[10001], '7');
    clti_arena_done(&arena);
}

static void test_arena_is_usable_after_done_and_clear(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_arena_done(&arena);
    clti_arena_clear(&arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++)
            assert_non_null(clti_arena_alloc(&arena, 1000));
        if (round == 1)
            clti_arena_done(&arena);
        else
            clti_arena_clear(&arena);
    }
    clti_arena_done(&arena);
    clti_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_alloc_keeps_pieces_apart),
        cmocka_unit_test(test_arena_calloc_zeroes),
        cmocka_unit_test(test_arena_refuses_sizes_that_overflow),
        cmocka_unit_test(test_arena_copy_terminates_and_keeps_absence),
        cmocka_unit_test(test_arena_join_copies_one_behind_the_other),
        cmocka_unit_test(test_arena_format_writes_long_texts),
        cmocka_unit_test(test_arena_is_usable_after_done_and_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
