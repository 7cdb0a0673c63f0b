/* Growing buffers: the cap, the sticky error, and what each way of adding writes. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(const clti_buf *buf, const char *want) {
    assert_int_equal(clti_buf_str(buf).size, strlen(want));
    assert_memory_equal(clti_buf_str(buf).data, want, strlen(want));
}

static void test_buf_adds_every_kind(void **state) {
    (void)state;
    clti_buf buf;
    clti_buf_init(&buf, 1000);
    assert_non_null(clti_buf_str(&buf).data);
    clti_buf_add(&buf, CLTI_STR("a"));
    clti_buf_add(&buf, (clt_str){NULL, 0});
    clti_buf_add_char(&buf, '\0');
    clti_buf_add_u64(&buf, 0);
    clti_buf_add_char(&buf, ' ');
    clti_buf_add_u64(&buf, UINT64_MAX);
    clti_buf_add_format(&buf, " %d%s", -5, "x");
    assert_true(clti_buf_ok(&buf));
    const char want[] = "a\0"
                        "0 18446744073709551615 -5x";
    assert_int_equal(buf.size, sizeof(want) - 1);
    assert_memory_equal(buf.data, want, sizeof(want) - 1);
    clti_buf_done(&buf);
}

static void test_buf_holds_exactly_its_cap(void **state) {
    (void)state;
    clti_buf buf;
    for (size_t cap = 0; cap < 600; cap += 1 + cap / 7) {
        clti_buf_init(&buf, cap);
        for (size_t i = 0; i < cap; i++)
            clti_buf_add_char(&buf, 'x');
        assert_true(clti_buf_ok(&buf));
        assert_int_equal(buf.size, cap);
        clti_buf_add_char(&buf, 'y');
        assert_false(clti_buf_ok(&buf));
        assert_int_equal(buf.size, cap);
        assert_true(buf.capacity <= (cap ? cap : 1));
        clti_buf_done(&buf);
    }
}

static void test_buf_error_is_sticky_until_cleared(void **state) {
    (void)state;
    clti_buf buf;
    clti_buf_init(&buf, 4);
    clti_buf_add(&buf, CLTI_STR("abc"));
    clti_buf_add(&buf, CLTI_STR("de"));
    clti_buf_add_char(&buf, 'f');
    clti_buf_add_u64(&buf, 1);
    clti_buf_add_format(&buf, "g");
    assert_false(clti_buf_ok(&buf));
    assert_null(clti_buf_reserve(&buf, 1));
    assert_text(&buf, "abc");
    clti_buf_clear(&buf);
    assert_true(clti_buf_ok(&buf));
    clti_buf_add(&buf, CLTI_STR("wxyz"));
    assert_true(clti_buf_ok(&buf));
    assert_text(&buf, "wxyz");
    clti_buf_done(&buf);
}

static void test_buf_refuses_sizes_that_overflow(void **state) {
    (void)state;
    clti_buf buf;
    clti_buf_init(&buf, 1024);
    clti_buf_add_char(&buf, 'a');
    assert_null(clti_buf_reserve(&buf, SIZE_MAX));
    assert_false(clti_buf_ok(&buf));
    clti_buf_done(&buf);
}

static void test_buf_reserve_and_advance_write_in_place(void **state) {
    (void)state;
    clti_buf buf;
    clti_buf_init(&buf, 100000);
    for (size_t i = 0; i < 100; i++) {
        char *room = clti_buf_reserve(&buf, 500);
        assert_non_null(room);
        memset(room, 'a' + (int)(i % 26), 500);
        clti_buf_advance(&buf, i);
    }
    assert_int_equal(buf.size, 99 * 100 / 2);
    assert_int_equal(buf.data[buf.size - 1], 'a' + 99 % 26);
    clti_buf_done(&buf);
}

static void test_buf_take_leaves_it_empty(void **state) {
    (void)state;
    clti_buf buf;
    size_t size;
    clti_buf_init(&buf, 100);
    clti_buf_add(&buf, CLTI_STR("mine"));
    char *taken = clti_buf_take(&buf, &size);
    assert_int_equal(size, 4);
    assert_memory_equal(taken, "mine", 4);
    free(taken);
    assert_int_equal(buf.size, 0);
    clti_buf_add(&buf, CLTI_STR("again"));
    assert_text(&buf, "again");
    clti_buf_done(&buf);
    assert_int_equal(buf.size, 0);
}

static void test_buf_done_accepts_a_zeroed_one(void **state) {
    (void)state;
    clti_buf buf = {0};
    clti_buf_done(&buf);
    clti_buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf_adds_every_kind),
        cmocka_unit_test(test_buf_holds_exactly_its_cap),
        cmocka_unit_test(test_buf_error_is_sticky_until_cleared),
        cmocka_unit_test(test_buf_refuses_sizes_that_overflow),
        cmocka_unit_test(test_buf_reserve_and_advance_write_in_place),
        cmocka_unit_test(test_buf_take_leaves_it_empty),
        cmocka_unit_test(test_buf_done_accepts_a_zeroed_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
