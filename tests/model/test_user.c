#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_user_name_is_read_in_lower_case_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *want; /* NULL: refused */
    } rows[] = {
        {"admin@fabrikam.example", "admin@fabrikam.example"},
        {"Admin.O'Neil+x@Fabrikam.EXAMPLE", "admin.o'neil+x@fabrikam.example"},
        {"a@b", "a@b"},
        {"", NULL},
        {"admin", NULL},
        {"@fabrikam.example", NULL},
        {"admin@", NULL},
        {"a@b@c", NULL},
        {"a b@c", NULL},
        {"a@b\n", NULL},
        {"a\x7f@b", NULL},
        {"zo\xc3\xab@b", NULL},
    };
    clti_arena arena = {0};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_str name = {NULL, 0};
        assert_int_equal(clti_user_name_read(clti_str(rows[i].text), &arena, &name), rows[i].want != NULL);
        if (rows[i].want)
            assert_string_equal(name.data, rows[i].want);
    }
    clt_str name;
    char longest[CLTI_USER_NAME_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[3] = '@';
    assert_true(clti_user_name_read((clt_str){longest, CLTI_USER_NAME_MAX}, &arena, &name));
    assert_false(clti_user_name_read((clt_str){longest, CLTI_USER_NAME_MAX + 1}, &arena, &name));
    clti_arena_done(&arena);
}

static void test_role_is_known_by_name_in_any_case(void **state) {
    (void)state;
    uint8_t roles = 0;
    assert_true(clti_role_add(CLTI_STR("adminagents"), &roles));
    assert_int_equal(roles, CLTI_ROLE_ADMIN_AGENTS);
    assert_true(clti_role_add(CLTI_STR("HelpdeskAgents"), &roles));
    assert_int_equal(roles, CLTI_ROLE_ADMIN_AGENTS | CLTI_ROLE_HELPDESK_AGENTS);
    assert_false(clti_role_add(CLTI_STR("Admin"), &roles));
    assert_false(clti_role_add(CLTI_STR(""), &roles));
    assert_string_equal(clti_role_name(1), "SalesAgents");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_user_name_is_read_in_lower_case_or_refused),
        cmocka_unit_test(test_role_is_known_by_name_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
