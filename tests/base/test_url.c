/* Percent-encoding in paths and queries, and the pairs of a query. */
#include "base/base.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct decode_case {
    const char *name;
    const char *text;
    const char *path, *query; /* decoded; NULL: refused */
} decode_case;

static const decode_case CASES[] = {
    {"decode nothing", "", "", ""},
    {"decode plain text", "a-z.0_9~", "a-z.0_9~", "a-z.0_9~"},
    {"decode escapes in either case", "%7B%7b%C3%a9", "{{\xC3\xA9", "{{\xC3\xA9"},
    {"decode an escape at the end", "a%41", "aA", "aA"},
    {"decode plus", "a+b%2B", "a+b+", "a b+"},
    {"decode an escaped percent once", "%2541", "%41", "%41"},
    {"decode an escaped slash", "a%2Fb", NULL, "a/b"},
    {"decode an escaped slash in small letters", "a%2fb", NULL, "a/b"},
    {"decode a percent alone", "%", NULL, NULL},
    {"decode a percent at the end", "a%", NULL, NULL},
    {"decode half an escape", "a%4", NULL, NULL},
    {"decode a wrong digit", "%zz", NULL, NULL},
    {"decode a wrong second digit", "%4g", NULL, NULL},
    {"decode two percents", "%%41", NULL, NULL},
    {"decode a sign", "%+1", NULL, NULL},
    {"decode a space for a digit", "% 1", NULL, NULL},
    {"decode other people's escapes", "%u0041", NULL, NULL},
};

static void check_mode(const char *text, clti_url_mode mode, const char *want) {
    clti_arena arena = {0};
    clt_str decoded;
    assert_int_equal(clti_url_decode(&arena, clti_str(text), mode, &decoded), want != NULL);
    if (want) {
        assert_string_equal(decoded.data, want);
        assert_int_equal(decoded.size, strlen(want));
    }
    clti_arena_done(&arena);
}

static void check_decode(void **state) {
    const decode_case *row = *state;
    check_mode(row->text, CLTI_URL_PATH, row->path);
    check_mode(row->text, CLTI_URL_QUERY, row->query);
}

static void test_url_decode_keeps_nul_in_queries_only(void **state) {
    (void)state;
    clti_arena arena = {0};
    clt_str decoded;
    assert_false(clti_url_decode(&arena, CLTI_STR("a%00b"), CLTI_URL_PATH, &decoded));
    assert_true(clti_url_decode(&arena, CLTI_STR("a%00b"), CLTI_URL_QUERY, &decoded));
    assert_int_equal(decoded.size, 3);
    assert_memory_equal(decoded.data, "a\0b", 4);
    clti_arena_done(&arena);
}

/* A view need not be terminated: what stands behind its end is not part of the escape. */
static void test_url_decode_looks_at_nothing_behind_the_end(void **state) {
    (void)state;
    clti_arena arena = {0};
    clt_str decoded;
    assert_false(clti_url_decode(&arena, (clt_str){"a%41", 3}, CLTI_URL_QUERY, &decoded));
    assert_false(clti_url_decode(&arena, (clt_str){"a%41", 2}, CLTI_URL_QUERY, &decoded));
    assert_true(clti_url_decode(&arena, (clt_str){"a%412", 4}, CLTI_URL_QUERY, &decoded));
    assert_int_equal(decoded.size, 2);
    clti_arena_done(&arena);
}

static void test_url_encode_and_decode_round_trip(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 1000; round++) {
        char text[50];
        size_t size = clti_test_random_below(&random, sizeof(text) + 1);
        clti_arena arena = {0};
        clti_buf encoded;
        clt_str decoded;
        clti_buf_init(&encoded, 1000);
        for (size_t i = 0; i < size; i++)
            text[i] = (char)clti_test_random(&random);
        clti_url_encode((clt_str){text, size}, &encoded);
        assert_true(clti_buf_ok(&encoded));
        assert_true(clti_url_decode(&arena, clti_buf_str(&encoded), CLTI_URL_QUERY, &decoded));
        assert_true(clti_str_equal(decoded, (clt_str){text, size}));
        clti_buf_done(&encoded);
        clti_arena_done(&arena);
    }
}

/* RFC 3986, section 2.3; upper case digits as section 2.1 asks. */
static void test_url_encode_leaves_unreserved_characters_alone(void **state) {
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    (void)state;
    for (int c = 0; c < 256; c++) {
        const char text[1] = {(char)c};
        clti_buf encoded;
        clti_buf_init(&encoded, 10);
        clti_url_encode((clt_str){text, 1}, &encoded);
        if (c != 0 && strchr(unreserved, c)) {
            assert_true(clti_str_equal(clti_buf_str(&encoded), (clt_str){text, 1}));
        } else {
            clti_arena arena = {0};
            assert_true(clti_str_equal(clti_buf_str(&encoded), clti_arena_format(&arena, "%%%02X", c)));
            clti_arena_done(&arena);
        }
        clti_buf_done(&encoded);
    }
}

static void test_url_next_pair_splits_queries(void **state) {
    static const struct {
        const char *query;
        const char *want; /* `name=value;` or `name;` */
    } rows[] = {
        {"", ""},
        {"size=40", "size=40;"},
        {"size=40&filter=%7B%7D", "size=40;filter=%7B%7D;"},
        {"a", "a;"},
        {"a=", "a=;"},
        {"=b", "=b;"},
        {"a=b=c", "a=b=c;"},
        {"&&a=1&&&b&", "a=1;b;"},
        {"a=1?b=2", "a=1?b=2;"},
        {"a;b", "a;b;"},
        {"=", "=;"},
        {"&", ""},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_url_pair pair;
        clti_buf seen;
        clti_buf_init(&seen, 1000);
        for (clt_str rest = clti_str(rows[i].query); clti_url_next_pair(&rest, &pair);) {
            clti_buf_add(&seen, pair.name);
            if (pair.value.data)
                clti_buf_add_char(&seen, '=');
            clti_buf_add(&seen, pair.value);
            clti_buf_add_char(&seen, ';');
        }
        assert_true(clti_str_equal(clti_buf_str(&seen), clti_str(rows[i].want)));
        clti_buf_done(&seen);
    }
    clti_url_pair pair;
    clt_str absent = {NULL, 0};
    assert_false(clti_url_next_pair(&absent, &pair));
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 5];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_decode, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_url_decode_keeps_nul_in_queries_only);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_url_decode_looks_at_nothing_behind_the_end);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_url_encode_and_decode_round_trip);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_url_encode_leaves_unreserved_characters_alone);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_url_next_pair_splits_queries);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
