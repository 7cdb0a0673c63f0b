#include "store/store_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid low = {{0}};
static const clt_guid high = {{0xff, 0xff}};

static void test_position_is_fold_separator_and_id(void **state) {
    uint8_t got[CLTI_POSITION_MAX];
    const clt_guid id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
    const uint8_t want[] = {'a', 'b', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    assert_int_equal(clti_position_write(CLTI_STR("ab"), id, got), sizeof want);
    assert_memory_equal(got, want, sizeof want);
    assert_int_equal(clti_position_write((clt_str){NULL, 0}, id, got), 17);
    assert_memory_equal(got, want + 2, 17);
}

static void test_position_cuts_the_fold_and_writes_no_further(void **state) {
    uint8_t got[CLTI_POSITION_MAX + 1];
    char folded[500];
    memset(folded, 'x', sizeof folded);
    for (size_t size = 398; size < 403; size++) {
        size_t cut = size < 400 ? size : 400;
        memset(got, 0xaa, sizeof got);
        assert_int_equal(clti_position_write((clt_str){folded, size}, high, got), cut + 17);
        assert_int_equal(got[cut], 0);
        assert_int_equal(got[cut + 17], 0xaa);
    }
}

static void test_positions_order_by_fold_then_id(void **state) {
    static const struct {
        clt_str fold;
        const clt_guid *id;
    } ordered[] = {
        {{"", 0}, &high},  {{"a", 1}, &low},  {{"a", 1}, &high},
        {{"a ", 2}, &low}, {{"ab", 2}, &low}, {{"b", 1}, &low},
    };
    for (size_t i = 1; i < CLTI_COUNT(ordered); i++) {
        uint8_t a[CLTI_POSITION_MAX];
        uint8_t b[CLTI_POSITION_MAX];
        clt_str left = {(const char *)a, clti_position_write(ordered[i - 1].fold, *ordered[i - 1].id, a)};
        clt_str right = {(const char *)b, clti_position_write(ordered[i].fold, *ordered[i].id, b)};
        assert_true(clti_str_compare(left, right) < 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_position_is_fold_separator_and_id),
        cmocka_unit_test(test_position_cuts_the_fold_and_writes_no_further),
        cmocka_unit_test(test_positions_order_by_fold_then_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
