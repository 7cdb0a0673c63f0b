/* Settings: types, names in three spellings, priority of origins, and messages that help. */
#include "base/base.h"
#include "support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clti_setting TABLE[] = {
    {"listen", CLTI_SETTING_TEXT, "127.0.0.1:8484", 0, 0, NULL, "HOST:PORT", "where"},
    {"threads", CLTI_SETTING_COUNT, "4", 1, 1024, NULL, "N", "how many"},
    {"auth.require_user", CLTI_SETTING_BOOL, "true", 0, 0, NULL, NULL, "who"},
    {"store.map_size", CLTI_SETTING_SIZE, "1T", 1048576, 1ull << 46, NULL, "BYTES", "how much"},
    {"log.format", CLTI_SETTING_CHOICE, "logfmt", 0, 0, "logfmt|json", "WORD", "which"},
};

typedef struct fixture {
    clti_settings settings;
    clti_fault fault;
    char *folder;
    char path[256];
} fixture;

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof(*made));
    *state = made;
    return made && clti_settings_init(&made->settings, TABLE, CLTI_COUNT(TABLE), &made->fault) ? 0 : -1;
}

static int tear_down(void **state) {
    fixture *made = *state;
    clti_settings_done(&made->settings);
    clti_test_folder_remove(made->folder);
    free(made->folder);
    free(made);
    return 0;
}

static bool read_file(fixture *made, const char *content) {
    if (!made->folder)
        made->folder = clti_test_folder_make();
    assert_non_null(made->folder);
    snprintf(made->path, sizeof(made->path), "%s/clientele.ini", made->folder);
    FILE *file = fopen(made->path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return clti_settings_read_file(&made->settings, made->path, &made->fault);
}

static bool set(fixture *made, const char *name, const char *value, clti_setting_origin origin) {
    return clti_settings_set(&made->settings, clti_str(name), clti_str(value), origin, "--flag",
                             &made->fault);
}

static uint64_t number(const fixture *made, const char *name) {
    return clti_settings_get(&made->settings, name)->number;
}

static const char *text(const fixture *made, const char *name) {
    return clti_settings_get(&made->settings, name)->text.data;
}

static void test_settings_begin_at_their_defaults(void **state) {
    const fixture *made = *state;
    assert_string_equal(text(made, "listen"), "127.0.0.1:8484");
    assert_int_equal(number(made, "threads"), 4);
    assert_int_equal(number(made, "auth.require_user"), 1);
    assert_true(number(made, "store.map_size") == 1ull << 40);
    assert_int_equal(number(made, "log.format"), 0);
    assert_int_equal(clti_settings_get(&made->settings, "listen")->origin, CLTI_ORIGIN_DEFAULT);
}

static void test_settings_set_reads_each_type(void **state) {
    static const struct {
        const char *name, *value;
        bool done;
        uint64_t want;
    } rows[] = {
        {"auth.require_user", "true", true, 1},
        {"auth.require_user", "False", true, 0},
        {"auth.require_user", "YES", true, 1},
        {"auth.require_user", "no", true, 0},
        {"auth.require_user", "on", true, 1},
        {"auth.require_user", "off", true, 0},
        {"auth.require_user", "1", true, 1},
        {"auth.require_user", "0", true, 0},
        {"auth.require_user", "", false, 0},
        {"auth.require_user", "2", false, 0},
        {"auth.require_user", "true ", false, 0},
        {"auth.require_user", "true|no", false, 0},
        {"threads", "1", true, 1},
        {"threads", "1024", true, 1024},
        {"threads", "0", false, 0},
        {"threads", "1025", false, 0},
        {"threads", "-1", false, 0},
        {"threads", "4k", false, 0},
        {"threads", "18446744073709551617", false, 0},
        {"store.map_size", "1048576", true, 1048576},
        {"store.map_size", "1024K", true, 1048576},
        {"store.map_size", "16g", true, 16ull << 30},
        {"store.map_size", "64T", true, 1ull << 46},
        {"store.map_size", "65T", false, 0},
        {"store.map_size", "99999999999T", false, 0},
        {"store.map_size", "1K", false, 0},
        {"store.map_size", "K", false, 0},
        {"store.map_size", "1KB", false, 0},
        {"store.map_size", "1.5G", false, 0},
        {"store.map_size", "", false, 0},
        {"store.map_size", "16 ", false, 0},
        {"log.format", "json", true, 1},
        {"log.format", "JSON", true, 1},
        {"log.format", "xml", false, 0},
        {"log.format", "", false, 0},
        {"log.format", "logfmt|json", false, 0},
    };
    fixture *made = *state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        bool done = set(made, rows[i].name, rows[i].value, CLTI_ORIGIN_FLAG);
        if (done != rows[i].done || (done && number(made, rows[i].name) != rows[i].want))
            fail_msg("%s = '%s'", rows[i].name, rows[i].value);
        if (!done) {
            assert_non_null(strstr(made->fault.text, "--flag"));
            assert_non_null(strstr(made->fault.text, rows[i].name));
        }
    }
}

static void test_settings_refused_value_leaves_the_old_one(void **state) {
    fixture *made = *state;
    assert_true(set(made, "threads", "8", CLTI_ORIGIN_FILE));
    assert_false(set(made, "threads", "many", CLTI_ORIGIN_FLAG));
    assert_int_equal(number(made, "threads"), 8);
    assert_non_null(strstr(made->fault.text, "1 to 1024"));
}

static void test_settings_unknown_name_suggests_the_nearest(void **state) {
    static const struct {
        const char *name, *nearest; /* NULL: none is near */
    } rows[] = {
        {"thread", "threads"},
        {"lisen", "listen"},
        {"auth.require_usr", "auth.require_user"},
        {"AUTH_REQUIRE_USR", "auth.require_user"},
        {"store.mapsize", "store.map_size"},
        {"colour", NULL},
    };
    fixture *made = *state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_false(set(made, rows[i].name, "1", CLTI_ORIGIN_FLAG));
        assert_non_null(strstr(made->fault.text, rows[i].name));
        if (rows[i].nearest)
            assert_non_null(strstr(made->fault.text, rows[i].nearest));
        else
            assert_null(strstr(made->fault.text, "mean"));
    }
}

static void test_settings_unknown_variable_suggests_the_nearest_variable(void **state) {
    fixture *made = *state;
    assert_false(set(made, "AUTH_REQUIRE_USR", "1", CLTI_ORIGIN_ENVIRONMENT));
    assert_non_null(strstr(made->fault.text, "'CLIENTELE_AUTH_REQUIRE_USER'"));
}

/* In whatever order the origins are read. */
static void test_settings_higher_origin_wins(void **state) {
    static const clti_setting_origin orders[][3] = {
        {CLTI_ORIGIN_FILE, CLTI_ORIGIN_ENVIRONMENT, CLTI_ORIGIN_FLAG},
        {CLTI_ORIGIN_FLAG, CLTI_ORIGIN_ENVIRONMENT, CLTI_ORIGIN_FILE},
        {CLTI_ORIGIN_ENVIRONMENT, CLTI_ORIGIN_FLAG, CLTI_ORIGIN_FILE},
    };
    static const char *const values[] = {"default", "file", "environment", "flag"};
    fixture *made = *state;
    for (size_t i = 0; i < CLTI_COUNT(orders); i++) {
        clti_settings_done(&made->settings);
        assert_true(clti_settings_init(&made->settings, TABLE, CLTI_COUNT(TABLE), &made->fault));
        for (size_t j = 0; j < 3; j++)
            assert_true(set(made, "listen", values[orders[i][j]], orders[i][j]));
        assert_string_equal(text(made, "listen"), "flag");
        assert_int_equal(clti_settings_get(&made->settings, "listen")->origin, CLTI_ORIGIN_FLAG);
    }
}

static void test_settings_read_file_takes_sections_and_comments(void **state) {
    fixture *made = *state;
    assert_true(read_file(made, "; first\n# second\nlisten = 0.0.0.0:80\n\n[auth]\nrequire_user=no\n"
                                "[store]\nmap_size = 16G\n[log]\nformat = json\n"));
    assert_string_equal(text(made, "listen"), "0.0.0.0:80");
    assert_int_equal(number(made, "auth.require_user"), 0);
    assert_true(number(made, "store.map_size") == 16ull << 30);
    assert_int_equal(number(made, "log.format"), 1);
    assert_int_equal(clti_settings_get(&made->settings, "listen")->origin, CLTI_ORIGIN_FILE);
}

static void test_settings_read_file_names_file_line_and_setting(void **state) {
    static const struct {
        const char *content, *says[3];
    } rows[] = {
        {"listen = a\nthreads = none\n", {"threads", "2", "1 to 1024"}},
        {"[auth]\n\nrequire_usr = true\n", {"auth.require_usr", "3", "auth.require_user"}},
        {"listen = a\nthreads = none\nlog.format = xml\n", {"threads", "2", "1 to 1024"}},
        {"listen = a\nwhat is this\n", {"2", "name = value", ""}},
        {"[auth\nrequire_user = true\n", {"1", "section", ""}},
    };
    fixture *made = *state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_false(read_file(made, rows[i].content));
        assert_non_null(strstr(made->fault.text, made->path));
        const char *behind_path = strrchr(made->fault.text, '/');
        for (size_t j = 0; j < CLTI_COUNT(rows[i].says); j++)
            assert_non_null(strstr(behind_path, rows[i].says[j]));
    }
}

static void test_settings_read_file_that_is_missing_says_so(void **state) {
    fixture *made = *state;
    assert_false(clti_settings_read_file(&made->settings, "/nonexistent/clientele.ini", &made->fault));
    assert_non_null(strstr(made->fault.text, "/nonexistent/clientele.ini"));
    assert_non_null(strstr(made->fault.text, "No such file"));
}

/* A line indented for looks is a setting of its own, not more of the one above. */
static void test_settings_read_file_takes_indented_lines(void **state) {
    fixture *made = *state;
    assert_true(read_file(made, "listen = a\n  threads = 7\n"));
    assert_string_equal(text(made, "listen"), "a");
    assert_int_equal(number(made, "threads"), 7);
}

/* Never a part of it, as if it were the whole. */
static void test_settings_read_file_takes_a_long_value_whole_or_refuses(void **state) {
    fixture *made = *state;
    char content[1000] = "listen = ";
    memset(content + 9, 'x', 600);
    strncpy(content + 609, "\n", 2);
    if (read_file(made, content))
        assert_int_equal(strlen(text(made, "listen")), 600);
    else
        assert_non_null(strstr(made->fault.text, made->path));
}

/* Variables of another program. */
static const char *const OTHERS[] = {"CLIENTELE_OTHER", NULL};

static void test_settings_read_environment_takes_its_own_variables(void **state) {
    fixture *made = *state;
    char variables[][60] = {"PATH=/bin",
                            "CLIENTELE_THREADS=9",
                            "CLIENTELE_AUTH_REQUIRE_USER=no",
                            "CLIENTELE_LISTEN=a=b",
                            "CLIENTELE_LOG_FORMAT=",
                            "CLIENTEL=1",
                            "ODD",
                            "CLIENTELE_OTHER=1",
                            "CLIENTELE_STORE_MAP_SIZE"};
    char *environment[CLTI_COUNT(variables) + 1] = {0};
    for (size_t i = 0; i < CLTI_COUNT(variables); i++)
        environment[i] = variables[i];
    assert_true(clti_settings_read_environment(&made->settings, environment, OTHERS, &made->fault));
    assert_int_equal(number(made, "threads"), 9);
    assert_int_equal(number(made, "auth.require_user"), 0);
    assert_string_equal(text(made, "listen"), "a=b");
    assert_int_equal(clti_settings_get(&made->settings, "log.format")->origin, CLTI_ORIGIN_DEFAULT);
}

static void test_settings_read_environment_names_the_variable(void **state) {
    fixture *made = *state;
    char unknown[] = "CLIENTELE_THREDS=9", bad[] = "CLIENTELE_THREADS=x";
    char *first[] = {unknown, NULL}, *second[] = {bad, NULL};
    assert_false(clti_settings_read_environment(&made->settings, first, OTHERS, &made->fault));
    assert_non_null(strstr(made->fault.text, "CLIENTELE_THREDS"));
    assert_non_null(strstr(made->fault.text, "CLIENTELE_THREADS"));
    assert_false(clti_settings_read_environment(&made->settings, second, OTHERS, &made->fault));
    assert_non_null(strstr(made->fault.text, "CLIENTELE_THREADS"));
}

static void test_settings_find_flag_knows_hyphens_only(void **state) {
    (void)state;
    assert_ptr_equal(clti_settings_find_flag(TABLE, CLTI_COUNT(TABLE), CLTI_STR("auth-require-user")),
                     &TABLE[2]);
    assert_ptr_equal(clti_settings_find_flag(TABLE, CLTI_COUNT(TABLE), CLTI_STR("listen")), &TABLE[0]);
    assert_null(clti_settings_find_flag(TABLE, CLTI_COUNT(TABLE), CLTI_STR("auth.require_user")));
    assert_null(clti_settings_find_flag(TABLE, CLTI_COUNT(TABLE), CLTI_STR("auth_require_user")));
    assert_null(clti_settings_find_flag(TABLE, CLTI_COUNT(TABLE), CLTI_STR("")));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_settings_begin_at_their_defaults),
        TEST(test_settings_set_reads_each_type),
        TEST(test_settings_refused_value_leaves_the_old_one),
        TEST(test_settings_unknown_name_suggests_the_nearest),
        TEST(test_settings_unknown_variable_suggests_the_nearest_variable),
        TEST(test_settings_higher_origin_wins),
        TEST(test_settings_read_file_takes_sections_and_comments),
        TEST(test_settings_read_file_names_file_line_and_setting),
        TEST(test_settings_read_file_that_is_missing_says_so),
        TEST(test_settings_read_file_takes_indented_lines),
        TEST(test_settings_read_file_takes_a_long_value_whole_or_refuses),
        TEST(test_settings_read_environment_takes_its_own_variables),
        TEST(test_settings_read_environment_names_the_variable),
        TEST(test_settings_find_flag_knows_hyphens_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
