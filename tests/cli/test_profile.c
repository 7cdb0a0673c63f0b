/* The file of profiles as text: what it takes, what it refuses, and that writing and reading give the same.
 */
#include "cli/profile_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_parse_reads_profiles_and_the_current_one(void **state) {
    static const char text[] = "# a comment\ncurrent = work\n\n[work]\nbase_url = http://127.0.0.1:8484\n"
                               "tenant=fabrikam.example\n  client_secret = a;b # c = d\n"
                               "; another\n[home]\ncloud = china\r\nexpires_at = 1700000000\nclient_id =\n";
    clti_profiles profiles = {0};
    char *why;
    (void)state;
    assert_true(clti_profiles_parse(clti_view(text), &profiles, &why));
    assert_string_equal(profiles.current, "work");
    assert_int_equal(profiles.count, 2);
    const clti_profile *work = clti_profiles_find(&profiles, "work");
    assert_string_equal(work->values[CLTI_PROFILE_BASE_URL], "http://127.0.0.1:8484");
    assert_string_equal(work->values[CLTI_PROFILE_TENANT], "fabrikam.example");
    assert_string_equal(work->values[CLTI_PROFILE_CLIENT_SECRET], "a;b # c = d");
    const clti_profile *home = clti_profiles_find(&profiles, "home");
    assert_string_equal(home->values[CLTI_PROFILE_CLOUD], "china");
    assert_string_equal(home->values[CLTI_PROFILE_EXPIRES_AT], "1700000000");
    assert_null(home->values[CLTI_PROFILE_CLIENT_ID]);
    assert_null(clti_profiles_find(&profiles, "away"));
    clti_profiles_done(&profiles);
}

static void test_parse_tells_line_and_reason(void **state) {
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"current\n", "line 1: expected [profile], 'name = value' or a comment"},
        {"[work]\ntenant = a\nfrobnicate = 1\n", "line 3: there is nothing called 'frobnicate' in a profile"},
        {"tenant = a\n", "line 1: 'tenant' stands in no [profile]"},
        {"current = two words\n", "line 1: 'two words' is no name of a profile"},
        {"[two words]\ntenant = a\n", "line 2: 'two words' is no name of a profile"},
        {"[work\ntenant = a\n", "line 1: expected [profile], 'name = value' or a comment"},
        {"[work]\ntenant = a\tb\n", "line 2: the value of 'tenant' has a control character or is too long"},
        {"[work]\nnonsense\nfrobnicate = 1\n", "line 2: expected [profile], 'name = value' or a comment"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_profiles profiles = {0};
        char *why = NULL;
        assert_false(clti_profiles_parse(clti_view(rows[i].text), &profiles, &why));
        assert_string_equal(why, rows[i].want);
        free(why);
        clti_profiles_done(&profiles);
    }
}

static void test_parse_refuses_long_lines_and_nuls(void **state) {
    clti_bytes text = {0};
    clti_profiles profiles = {0};
    char *why = NULL;
    (void)state;
    clti_bytes_add_text(&text, "[work]\naccess_token = ");
    for (int i = 0; i < CLTI_PROFILE_LINE_MAX; i++)
        clti_bytes_add_char(&text, 'a');
    assert_false(clti_profiles_parse(clti_bytes_view(&text), &profiles, &why));
    assert_non_null(strstr(why, "line 2: a line is longer than"));
    free(why);
    clti_profiles_done(&profiles);
    assert_false(clti_profiles_parse((clt_str){"[work]\nten\0ant = a\n", 18}, &profiles, &why));
    assert_string_equal(why, "line 2: there is a NUL");
    free(why);
    clti_profiles_done(&profiles);
    clti_bytes_done(&text);
}

static void test_parse_has_a_limit_of_profiles(void **state) {
    clti_bytes text = {0};
    clti_profiles profiles = {0};
    char *why = NULL;
    (void)state;
    for (int i = 0; i <= CLTI_PROFILE_COUNT_MAX; i++)
        clti_bytes_add_format(&text, "[p%d]\ntenant = a\n", i);
    assert_false(clti_profiles_parse(clti_bytes_view(&text), &profiles, &why));
    assert_non_null(strstr(why, "more than 1000 profiles"));
    free(why);
    clti_profiles_done(&profiles);
    clti_bytes_done(&text);
}

/* As long as tokens get, and with what an INI file gives a meaning. */
static void test_format_then_parse_gives_the_same(void **state) {
    clti_profiles profiles = {0}, again = {0};
    clti_bytes text = {0}, token = {0};
    char *why;
    (void)state;
    for (int i = 0; i < 64 * 1024; i++)
        clti_bytes_add_char(&token, (char)('a' + i % 26));
    clti_profile_set(clti_profiles_put(&profiles, "work"), CLTI_PROFILE_ACCESS_TOKEN, token.data);
    clti_profile_set(clti_profiles_put(&profiles, "work"), CLTI_PROFILE_CLIENT_SECRET, "=;#[x] : \"y\" ~");
    clti_profile_set(clti_profiles_put(&profiles, "A-b_c.9"), CLTI_PROFILE_TENANT, "caf\xC3\xA9.example");
    profiles.current = clti_copy(clti_view("A-b_c.9"));
    clti_profiles_format(&profiles, &text);
    assert_true(clti_profiles_parse(clti_bytes_view(&text), &again, &why));
    assert_string_equal(again.current, "A-b_c.9");
    assert_int_equal(again.count, profiles.count);
    for (size_t i = 0; i < profiles.count; i++)
        for (size_t j = 0; j < CLTI_PROFILE_FIELD_COUNT; j++) {
            const char *want = profiles.items[i].values[j], *got = again.items[i].values[j];
            assert_true(want ? got && strcmp(want, got) == 0 : !got);
        }
    clti_bytes_done(&text);
    clti_bytes_done(&token);
    clti_profiles_done(&profiles);
    clti_profiles_done(&again);
}

static void test_format_leaves_out_what_could_not_be_read_again(void **state) {
    clti_profiles profiles = {0}, again = {0};
    clti_bytes text = {0};
    char *why;
    (void)state;
    clti_profile *profile = clti_profiles_put(&profiles, "work");
    clti_profile_set(profile, CLTI_PROFILE_TENANT, "contoso.example");
    clti_profile_set(profile, CLTI_PROFILE_REFRESH_TOKEN, "a\n[evil]\nbase_url = http://evil.example");
    clti_profiles_format(&profiles, &text);
    assert_true(clti_profiles_parse(clti_bytes_view(&text), &again, &why));
    assert_int_equal(again.count, 1);
    assert_string_equal(again.items[0].values[CLTI_PROFILE_TENANT], "contoso.example");
    assert_null(again.items[0].values[CLTI_PROFILE_REFRESH_TOKEN]);
    clti_bytes_done(&text);
    clti_profiles_done(&profiles);
    clti_profiles_done(&again);
}

static void test_forget_keeps_where_and_who(void **state) {
    clti_profiles profiles = {0};
    (void)state;
    clti_profile *profile = clti_profiles_put(&profiles, "work");
    for (clti_profile_field field = 0; field < CLTI_PROFILE_FIELD_COUNT; field++)
        clti_profile_set(profile, field, "value");
    clti_profile_forget(profile);
    for (clti_profile_field field = 0; field < CLTI_PROFILE_FIELD_COUNT; field++)
        assert_int_equal(profile->values[field] != NULL, field <= CLTI_PROFILE_CLIENT_ID);
    clti_profiles_done(&profiles);
}

static void test_remove_takes_the_current_one_along(void **state) {
    clti_profiles profiles = {0};
    (void)state;
    clti_profiles_put(&profiles, "one");
    clti_profiles_put(&profiles, "two");
    clti_profiles_put(&profiles, "three");
    profiles.current = clti_copy(clti_view("two"));
    assert_false(clti_profiles_remove(&profiles, "four"));
    assert_true(clti_profiles_remove(&profiles, "one"));
    assert_string_equal(profiles.current, "two");
    assert_true(clti_profiles_remove(&profiles, "two"));
    assert_null(profiles.current);
    assert_int_equal(profiles.count, 1);
    assert_non_null(clti_profiles_find(&profiles, "three"));
    clti_profiles_done(&profiles);
}

static void test_values_that_the_file_cannot_keep(void **state) {
    static const struct {
        const char *text;
        bool want;
    } rows[] = {{"a", true},   {"a b", true},   {"a;b", true},   {"", false},     {" a", false},
                {"a ", false}, {"a\nb", false}, {"a\tb", false}, {"a\177", false}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_int_equal(clti_profile_value_check(clti_view(rows[i].text)), rows[i].want);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_reads_profiles_and_the_current_one),
        cmocka_unit_test(test_parse_tells_line_and_reason),
        cmocka_unit_test(test_parse_refuses_long_lines_and_nuls),
        cmocka_unit_test(test_parse_has_a_limit_of_profiles),
        cmocka_unit_test(test_format_then_parse_gives_the_same),
        cmocka_unit_test(test_format_leaves_out_what_could_not_be_read_again),
        cmocka_unit_test(test_forget_keeps_where_and_who),
        cmocka_unit_test(test_remove_takes_the_current_one_along),
        cmocka_unit_test(test_values_that_the_file_cannot_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
