/* Reading JSON leniently where the contract says so, and nowhere else (api.md 1.3). */
#include "wire/wire_private.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct json_case {
    const char *name;
    const char *json;
    const char *want; /* compact; NULL: refused */
} json_case;

static const json_case CASES[] = {
    {"JSON object", "{\"a\":1}", "{\"a\":1}"},
    {"JSON array", "[1,2]", "[1,2]"},
    {"JSON with white space around", " \r\n\t{ } \n", "{}"},
    {"JSON with a trailing comma in an object", "{\"a\":1,}", "{\"a\":1}"},
    {"JSON with a trailing comma in an array", "[1,2,]", "[1,2]"},
    {"JSON with trailing commas and space", "{\"a\":[1 , \n] ,\t}", "{\"a\":[1]}"},
    {"JSON with nested trailing commas", "{\"a\":{\"b\":[[],],},}", "{\"a\":{\"b\":[[]]}}"},
    {"JSON with commas and brackets in a text", "{\"a\":\",}\",\"b\":\",]\"}", "{\"a\":\",}\",\"b\":\",]\"}"},
    {"JSON with an escaped quote before a comma", "[\"\\\",]\"]", "[\"\\\",]\"]"},
    {"JSON with a backslash at the end of a text", "[\"\\\\\",]", "[\"\\\\\"]"},
    {"JSON with a member twice: the last", "{\"a\":1,\"a\":2}", "{\"a\":2}"},
    {"JSON null", "null", "null"},
    {"JSON number", " 5 ", "5"},
    {"JSON text", "\"x\"", "\"x\""},
    {"JSON text with an escaped U+0000", "[\"a\\u0000b\"]", "[\"a\\u0000b\"]"},
    {"JSON text with a comma behind it", "\"x\",", NULL},
    {"JSON with only a comma in an array", "[,]", NULL},
    {"JSON with only a comma in an object", "{,}", NULL},
    {"JSON with two trailing commas", "[1,,]", NULL},
    {"JSON with two trailing commas and space", "[1, ,]", NULL},
    {"JSON with a comma in front", "[,1]", NULL},
    {"JSON with two commas between", "[1,,2]", NULL},
    {"JSON with a comma behind it", "{},", NULL},
    {"JSON with a colon and no value", "{\"a\":,}", NULL},
    {"JSON with text behind it", "{} x", NULL},
    {"JSON twice", "{}{}", NULL},
    {"JSON of nothing", "", NULL},
    {"JSON of white space", "  ", NULL},
    {"JSON of a comma", ",", NULL},
    {"JSON of closing brackets", "]]]}", NULL},
    {"JSON cut", "{\"a\":", NULL},
    {"JSON with an open text", "[\"a", NULL},
    {"JSON with single quotes", "{'a':1}", NULL},
    {"JSON with a comment", "{/**/}", NULL},
    {"JSON with a bare name", "{a:1}", NULL},
    {"JSON with NaN", "[NaN]", NULL},
    {"JSON with a control character in a text", "[\"\n\"]", NULL},
    {"JSON with bad UTF-8", "[\"\xC0\x80\"]", NULL},
    {"JSON with a mismatched bracket", "[1,}", NULL},
};

static void check_parse(void **state) {
    const json_case *row = *state;
    clti_fault fault = {0};
    json_t *read = clti_json_parse(clti_str(row->json), CLTI_FAULT_INVALID_REQUEST, &fault);
    assert_int_equal(read != NULL, row->want != NULL);
    if (read) {
        char *text = json_dumps(read, JSON_COMPACT | JSON_ENCODE_ANY);
        assert_string_equal(text, row->want);
        free(text);
        json_decref(read);
    } else {
        assert_int_equal(fault.code, CLTI_FAULT_INVALID_REQUEST);
        assert_non_null(strstr(fault.text, "line "));
    }
}

static void test_json_parse_takes_64_levels_and_no_more(void **state) {
    (void)state;
    for (size_t depth = CLTI_JSON_DEPTH_MAX; depth <= CLTI_JSON_DEPTH_MAX + 1; depth++) {
        clti_buf text;
        clti_fault fault;
        clti_buf_init(&text, 10000);
        for (size_t i = 0; i < depth; i++)
            clti_buf_add_char(&text, '[');
        for (size_t i = 0; i < depth; i++)
            clti_buf_add_char(&text, ']');
        json_t *read = clti_json_parse(clti_buf_str(&text), CLTI_FAULT_INVALID_REQUEST, &fault);
        assert_int_equal(read != NULL, depth <= CLTI_JSON_DEPTH_MAX);
        if (!read)
            assert_non_null(strstr(fault.text, "64"));
        json_decref(read);
        clti_buf_done(&text);
    }
}

static void test_json_parse_says_where_it_is_wrong(void **state) {
    (void)state;
    clti_fault fault;
    assert_null(clti_json_parse(CLTI_STR("{\n\"a\":1,\n  x\n}"), CLTI_FAULT_INVALID_REQUEST, &fault));
    assert_non_null(strstr(fault.text, "line 3"));
    /* A comma taken out must not move what follows. */
    assert_null(clti_json_parse(CLTI_STR("[[1,],x]"), CLTI_FAULT_INVALID_REQUEST, &fault));
    assert_non_null(strstr(fault.text, "line 1, column 7"));
}

/* The library's allocations, of which one fails. */
static size_t allocations_left;

static void *allocate(size_t size) {
    if (allocations_left-- != 0)
        return malloc(size);
    errno = ENOMEM;
    return NULL;
}

static void test_json_parse_does_not_blame_the_text_when_memory_is_out(void **state) {
    (void)state;
    const clt_str text =
        CLTI_STR("{\"a\":[1,2.5,\"t\",null],\"b\":{\"c\":\"a rather long text, which grows\"}}");
    clti_fault fault = {0};
    json_t *read = NULL;
    json_set_alloc_funcs(allocate, free);
    for (size_t before = 0; !read; before++) {
        allocations_left = before;
        read = clti_json_parse(text, CLTI_FAULT_INVALID_REQUEST, &fault);
        if (!read && fault.code != CLTI_FAULT_BUSY)
            fail_msg("allocation %zu: %s", before, fault.text);
        assert_true(read || before < 1000);
    }
    assert_int_equal(fault.code, CLTI_FAULT_BUSY);
    json_set_alloc_funcs(malloc, free);
    json_decref(read);
}

static void test_json_string_has_its_whole_size(void **state) {
    (void)state;
    clti_fault fault;
    json_t *read = clti_json_parse(CLTI_STR("\"a\\u0000b\""), CLTI_FAULT_BUSY, &fault);
    assert_non_null(read);
    assert_true(clti_str_equal(clti_json_string(read), CLTI_STR("a\0b")));
    json_decref(read);
}

static void test_json_parse_refuses_nul(void **state) {
    (void)state;
    clti_fault fault;
    assert_null(clti_json_parse(CLTI_STR("[\"a\0b\"]"), CLTI_FAULT_INVALID_REQUEST, &fault));
    assert_null(clti_json_parse(CLTI_STR("[]\0"), CLTI_FAULT_INVALID_REQUEST, &fault));
    assert_null(clti_json_parse((clt_str){NULL, 0}, CLTI_FAULT_INVALID_REQUEST, &fault));
}

static void test_json_member_ignores_case_and_takes_the_last(void **state) {
    (void)state;
    clti_fault fault;
    json_t *read = clti_json_parse(CLTI_STR("{\"Size\":1,\"size\":2,\"x\":\"t\"}"), CLTI_FAULT_BUSY, &fault);
    assert_non_null(read);
    assert_int_equal(json_integer_value(clti_json_member(read, "SIZE")), 2);
    assert_null(clti_json_member(read, "siz"));
    assert_true(clti_str_equal(clti_json_string(clti_json_member(read, "x")), CLTI_STR("t")));
    assert_null(clti_json_string(clti_json_member(read, "size")).data);
    assert_null(clti_json_string(NULL).data);
    json_decref(read);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 6];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_parse, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_json_parse_takes_64_levels_and_no_more);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_json_parse_says_where_it_is_wrong);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_json_parse_refuses_nul);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_json_parse_does_not_blame_the_text_when_memory_is_out);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_json_string_has_its_whole_size);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_json_member_ignores_case_and_takes_the_last);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
