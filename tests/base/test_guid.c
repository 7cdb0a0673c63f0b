/* GUIDs: the forms that are read, the one that is written, random and derived ones. */
#include "base/base.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LOWER "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"

typedef struct parse_case {
    const char *name;
    const char *text;
    const char *want; /* NULL: refused */
} parse_case;

static const parse_case CASES[] = {
    {"guid lower case", LOWER, LOWER},
    {"guid upper case", "5B1C0A52-6F0E-4C1B-9D0F-3F6C7A1E2D40", LOWER},
    {"guid mixed case", "5b1C0a52-6F0e-4c1B-9D0f-3f6C7a1e2D40", LOWER},
    {"guid in braces", "{" LOWER "}", LOWER},
    {"guid all zero", "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"},
    {"guid empty", "", NULL},
    {"guid without hyphens", "5b1c0a526f0e4c1b9d0f3f6c7a1e2d40", NULL},
    {"guid one digit short", "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4", NULL},
    {"guid one digit more", LOWER "0", NULL},
    {"guid hyphen moved", "5b1c0a5-26f0e-4c1b-9d0f-3f6c7a1e2d40", NULL},
    {"guid hyphen for a digit", "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4-", NULL},
    {"guid digit for a hyphen", "5b1c0a52-6f0e-4c1b-9d0f03f6c7a1e2d40", NULL},
    {"guid letter behind f", "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4g", NULL},
    {"guid opening brace only", "{" LOWER, NULL},
    {"guid closing brace only", LOWER "}", NULL},
    {"guid round brackets", "(" LOWER ")", NULL},
    {"guid two pairs of braces", "{{" LOWER "}}", NULL},
    {"guid braces around less", "{5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4}", NULL},
    {"guid space before", " " LOWER, NULL},
    {"guid space behind", LOWER " ", NULL},
    {"guid sign for a digit", "+b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40", NULL},
    {"guid wide digit",
     "\xEF\xBC\x95"
     "c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40",
     NULL},
};

static void check_parse(void **state) {
    const parse_case *row = *state;
    clt_guid guid;
    assert_int_equal(clti_guid_parse(clti_str(row->text), &guid), row->want != NULL);
    if (row->want)
        assert_string_equal(clti_guid_to_text(guid).text, row->want);
}

static void test_guid_format_and_parse_round_trip(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 1000; round++) {
        clt_guid guid, back;
        char text[CLTI_GUID_TEXT_SIZE + 1];
        for (size_t i = 0; i < sizeof(guid.bytes); i++)
            guid.bytes[i] = (uint8_t)clti_test_random(&random);
        text[CLTI_GUID_TEXT_SIZE] = '#';
        clti_guid_format(guid, text);
        assert_int_equal(text[CLTI_GUID_TEXT_SIZE], '#');
        assert_true(clti_guid_parse((clt_str){text, CLTI_GUID_TEXT_SIZE}, &back));
        assert_true(clti_guid_equal(guid, back));
    }
}

static void test_guid_parse_leaves_out_alone_on_failure(void **state) {
    (void)state;
    clt_guid guid = {{7}};
    assert_false(clti_guid_parse(CLTI_STR("5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4g"), &guid));
    assert_true(clti_guid_equal(guid, (clt_guid){{7}}));
}

static void test_guid_absent_is_all_zero(void **state) {
    (void)state;
    assert_true(clti_guid_is_absent((clt_guid){{0}}));
    for (size_t i = 0; i < 16; i++) {
        clt_guid guid = {{0}};
        guid.bytes[i] = 1;
        assert_false(clti_guid_is_absent(guid));
        assert_false(clti_guid_equal(guid, (clt_guid){{0}}));
    }
}

static void test_guid_random_is_version_4_and_new(void **state) {
    (void)state;
    clt_guid last = {{0}};
    for (int i = 0; i < 1000; i++) {
        clt_guid guid = clti_guid_random();
        assert_int_equal(guid.bytes[6] >> 4, 4);
        assert_int_equal(guid.bytes[8] >> 6, 2);
        assert_false(clti_guid_equal(guid, last));
        last = guid;
    }
}

/* The example of RFC 9562, appendix A.4, and Python's documentation of uuid5. */
static void test_guid_from_name_gives_the_known_values(void **state) {
    (void)state;
    clt_guid guid = clti_guid_from_name(CLTI_GUID_NAMESPACE_DNS, CLTI_STR("www.example.com"));
    assert_string_equal(clti_guid_to_text(guid).text, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    guid = clti_guid_from_name(CLTI_GUID_NAMESPACE_DNS, CLTI_STR("python.org"));
    assert_string_equal(clti_guid_to_text(guid).text, "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 5];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_parse, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_guid_format_and_parse_round_trip);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_guid_parse_leaves_out_alone_on_failure);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_guid_absent_is_all_zero);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_guid_random_is_version_4_and_new);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_guid_from_name_gives_the_known_values);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
