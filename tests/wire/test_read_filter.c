/* Filters of the customer list as the clients of api.md 5.1 send them, and every way to be malformed (5.3).
 */
#include "wire/wire_private.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct filter_case {
    const char *name;
    const char *json;
    clti_list_field field;
    clti_filter_operator op;
    const char *value;
} filter_case;

#define NAME   CLTI_LIST_COMPANY_NAME
#define STARTS CLTI_FILTER_STARTS_WITH
#define EQUALS CLTI_FILTER_EQUALS

static const filter_case TAKEN[] = {
    {"filter of the documentation",
     "{\"Field\":\"CompanyName\",\"Value\":\"Cont\",\"Operator\":\"starts_with\"}", NAME, STARTS, "Cont"},
    {"filter of PowerShell", "{\"Field\":\"Domain\",\"Value\":\"c\",\"Operator\":\"StartsWith\"}",
     CLTI_LIST_DOMAIN, STARTS, "c"},
    {"filter of Java",
     "{\"field\":\"CompanyName\",\"value\":\"C\",\"operator\":\"StartsWith\",\"fieldType\":\"String\"}", NAME,
     STARTS, "C"},
    {"filter in upper case", "{\"FIELD\":\"COMPANYNAME\",\"VALUE\":\"C\",\"OPERATOR\":\"STARTS_WITH\"}", NAME,
     STARTS, "C"},
    {"filter with equals", "{\"Field\":\"CompanyName\",\"Value\":\"C\",\"Operator\":\"Equals\"}", NAME,
     EQUALS, "C"},
    {"filter with number 0", "{\"Field\":\"CompanyName\",\"Value\":\"C\",\"Operator\":0}", NAME, EQUALS, "C"},
    {"filter with number 9", "{\"Field\":\"CompanyName\",\"Value\":\"C\",\"Operator\":9}", NAME, STARTS, "C"},
    {"filter with odd underscores",
     "{\"Field\":\"CompanyName\",\"Value\":\"C\",\"Operator\":\"_starts__with_\"}", NAME, STARTS, "C"},
    {"filter on reseller", "{\"Field\":\"IndirectReseller\",\"Value\":\"x\",\"Operator\":\"starts_with\"}",
     CLTI_LIST_INDIRECT_RESELLER, STARTS, "x"},
    {"filter on provider",
     "{\"Field\":\"indirectcloudsolutionprovider\",\"Value\":\"x\",\"Operator\":\"equals\"}",
     CLTI_LIST_INDIRECT_PROVIDER, EQUALS, "x"},
    {"filter on the swagger's name", "{\"Field\":\"DisplayName\",\"Value\":\"x\",\"Operator\":\"equals\"}",
     NAME, EQUALS, "x"},
    {"filter on the swagger's domain",
     "{\"Field\":\"DefaultDomainName\",\"Value\":\"x\",\"Operator\":\"equals\"}", CLTI_LIST_DOMAIN, EQUALS,
     "x"},
    {"filter in another order", "{\"Operator\":\"equals\",\"Value\":\"x\",\"Field\":\"Domain\"}",
     CLTI_LIST_DOMAIN, EQUALS, "x"},
    {"filter with an empty value", "{\"Field\":\"CompanyName\",\"Value\":\"\",\"Operator\":\"starts_with\"}",
     NAME, STARTS, ""},
    {"filter with escapes",
     "{\"Field\":\"CompanyName\",\"Value\":\"\\u00e9\\\"\\\\\\ud83d\\ude00\",\"Operator\":0}", NAME, EQUALS,
     "\xC3\xA9\"\\\xF0\x9F\x98\x80"},
    {"filter with white space and trailing comma",
     " {\n\"Field\" : \"CompanyName\", \"Value\" : \"x\", \"Operator\" : \"equals\", } ", NAME, EQUALS, "x"},
    {"filter with unknown members",
     "{\"Field\":\"CompanyName\",\"x\":[{}],\"Value\":\"x\",\"Operator\":\"equals\",\"y\":null}", NAME,
     EQUALS, "x"},
    {"filter given twice: the last",
     "{\"Field\":\"Domain\",\"field\":\"CompanyName\",\"Value\":\"x\",\"Operator\":0}", NAME, EQUALS, "x"},
};

static void assert_filter(const clti_filter *filter, const filter_case *row) {
    assert_int_equal(filter->field, row->field);
    assert_int_equal(filter->op, row->op);
    assert_true(clti_str_equal(filter->value, clti_str(row->value)));
}

/* Rendered and read again it is the same. */
static void check_taken(void **state) {
    const filter_case *row = *state;
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault = {0};
    clti_buf again;
    char *json = strdup(row->json);
    assert_non_null(json);
    bool done = clti_wire_read_filter(clti_str(json), &arena, &filter, &fault);
    free(json);
    assert_string_equal(fault.text, "");
    assert_true(done);
    assert_filter(&filter, row);
    clti_buf_init(&again, 10000);
    clti_wire_render_filter(&filter, &again);
    assert_true(clti_wire_read_filter(clti_buf_str(&again), &arena, &filter, &fault));
    assert_filter(&filter, row);
    clti_buf_done(&again);
    clti_arena_done(&arena);
}

typedef struct refused_case {
    const char *name;
    const char *json;
    const char *member;
    const char *says; /* NULL: anything */
} refused_case;

#define OPERATOR(word) "{\"Field\":\"CompanyName\",\"Value\":\"x\",\"Operator\":" word "}"

static const refused_case REFUSED[] = {
    {"filter is no JSON", "CompanyName=x", "filter", "is not valid JSON: line 1, column 1"},
    {"filter is cut", "{\"Field\":\"CompanyName\"", "filter", "is not valid JSON"},
    {"filter with more behind it", OPERATOR("0") "x", "filter", NULL},
    {"filter is an array", "[]", "filter", "is not a JSON object"},
    {"filter is a text", "\"x\"", "filter", "is not a JSON object"},
    {"filter is a number", "5", "filter", "is not a JSON object"},
    {"filter is null", "null", "filter", "is not a JSON object"},
    {"filter is empty", "{}", "filter", NULL},
    {"filter without field", "{\"Value\":\"x\",\"Operator\":\"equals\"}", "filter", NULL},
    {"filter with a null field", "{\"Field\":null,\"Value\":\"x\",\"Operator\":\"equals\"}", "filter", NULL},
    {"filter without operator", "{\"Field\":\"CompanyName\",\"Value\":\"x\"}", "filter", NULL},
    {"filter without value", "{\"Field\":\"CompanyName\",\"Operator\":\"equals\"}", "filter", NULL},
    {"filter with a null value", "{\"Field\":\"CompanyName\",\"Value\":null,\"Operator\":\"equals\"}",
     "filter", NULL},
    {"filter with a number for value", "{\"Field\":\"CompanyName\",\"Value\":5,\"Operator\":\"equals\"}",
     "filter", NULL},
    {"filter with an unknown field", "{\"Field\":\"City\",\"Value\":\"x\",\"Operator\":\"equals\"}", "Field",
     NULL},
    {"filter with an empty field", "{\"Field\":\"\",\"Value\":\"x\",\"Operator\":\"equals\"}", "Field", NULL},
    {"filter with not_equals", OPERATOR("\"not_equals\""), "Operator", NULL},
    {"filter with substring", OPERATOR("\"substring\""), "Operator", NULL},
    {"filter with not_starts_with", OPERATOR("\"not_starts_with\""), "Operator", NULL},
    {"filter with an unknown operator", OPERATOR("\"like\""), "Operator", NULL},
    {"filter with a longer operator", OPERATOR("\"equalss\""), "Operator", NULL},
    {"filter with a shorter operator", OPERATOR("\"equal\""), "Operator", NULL},
    {"filter with an empty operator", OPERATOR("\"\""), "Operator", NULL},
    {"filter with number 6", OPERATOR("6"), "Operator", NULL},
    {"filter with number -1", OPERATOR("-1"), "Operator", NULL},
    {"compound filter", "{\"LeftFilter\":{},\"RightFilter\":{},\"Operator\":\"and\"}", "filter", NULL},
    {"filter with U+0000 in its value", "{\"Field\":\"CompanyName\",\"Value\":\"a\\u0000\",\"Operator\":0}",
     "filter", "U+0000"},
    {"filter with U+0000 in its field", "{\"Field\":\"CompanyName\\u0000\",\"Value\":\"a\",\"Operator\":0}",
     "Field", "is unknown"},
    {"filter with U+0000 in its operator", OPERATOR("\"equals\\u0000\""), "Operator", NULL},
    {"filter with bad UTF-8", "{\"Field\":\"CompanyName\",\"Value\":\"\xFF\",\"Operator\":0}", "filter",
     NULL},
    {"filter with half a surrogate pair", "{\"Field\":\"CompanyName\",\"Value\":\"\\ud83d\",\"Operator\":0}",
     "filter", NULL},
};

static void check_refused(void **state) {
    const refused_case *row = *state;
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault = {0};
    assert_false(clti_wire_read_filter(clti_str(row->json), &arena, &filter, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_INVALID_QUERY);
    assert_non_null(fault.member);
    assert_string_equal(fault.member, row->member);
    if (row->says && !strstr(fault.text, row->says))
        fail_msg("%s", fault.text);
    if (strcmp(row->member, "Operator") == 0)
        assert_string_equal(fault.text, "Customer search only allows starts with and equals operation.");
    clti_arena_done(&arena);
}

static void test_relationship_filter_knows_the_name_alone(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault;
    assert_true(clti_wire_read_relationship_filter(
        CLTI_STR("{\"Field\":\"Name\",\"Value\":\"Ad\",\"Operator\":\"starts_with\"}"), &arena, &filter,
        &fault));
    assert_int_equal(filter.op, CLTI_FILTER_STARTS_WITH);
    assert_true(clti_str_equal(filter.value, CLTI_STR("Ad")));
    assert_false(clti_wire_read_relationship_filter(
        CLTI_STR("{\"Field\":\"CompanyName\",\"Value\":\"Ad\",\"Operator\":0}"), &arena, &filter, &fault));
    assert_string_equal(fault.member, "Field");
    assert_non_null(strstr(fault.text, "searched by Name"));
    assert_false(clti_wire_read_relationship_filter(
        CLTI_STR("{\"Field\":\"Name\",\"Value\":\"Ad\",\"Operator\":\"substring\"}"), &arena, &filter,
        &fault));
    assert_string_equal(fault.text, "Relationship search only allows starts with and equals operation.");
    clti_arena_done(&arena);
}

static void test_filter_nested_too_deep_is_told_so(void **state) {
    (void)state;
    char json[200];
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault;
    memset(json, '[', 100);
    memset(json + 100, ']', 100);
    assert_false(clti_wire_read_filter((clt_str){json, sizeof(json)}, &arena, &filter, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_INVALID_QUERY);
    assert_string_equal(fault.member, "filter");
    assert_non_null(strstr(fault.text, "filter"));
    assert_non_null(strstr(fault.text, "nested deeper than 64"));
}

static void *allocate_nothing(size_t size) {
    (void)size;
    errno = ENOMEM;
    return NULL;
}

static void test_filter_is_not_blamed_when_memory_is_out(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_filter filter;
    clti_fault fault;
    json_set_alloc_funcs(allocate_nothing, free);
    assert_false(clti_wire_read_filter(clti_str(TAKEN[0].json), &arena, &filter, &fault));
    json_set_alloc_funcs(malloc, free);
    assert_int_equal(fault.code, CLTI_FAULT_BUSY);
    assert_null(fault.member);
}

static void test_filter_longer_than_4_kib_is_refused(void **state) {
    (void)state;
    for (size_t size = CLTI_FILTER_MAX - 1; size <= CLTI_FILTER_MAX + 1; size++) {
        static const char head[] = "{\"Field\":\"CompanyName\",\"Operator\":0,\"Value\":\"";
        char json[CLTI_FILTER_MAX + 2];
        clti_arena arena = {0};
        clti_filter filter;
        clti_fault fault;
        memset(json, 'x', sizeof(json));
        memcpy(json, head, sizeof(head) - 1);
        memcpy(json + size - 2, "\"}", 2);
        assert_int_equal(clti_wire_read_filter((clt_str){json, size}, &arena, &filter, &fault),
                         size <= CLTI_FILTER_MAX);
        clti_arena_done(&arena);
    }
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(TAKEN) + CLTI_COUNT(REFUSED) + 4];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(TAKEN); i++)
        tests[count++] =
            (struct CMUnitTest){TAKEN[i].name, check_taken, NULL, NULL, (void *)(uintptr_t)&TAKEN[i]};
    for (size_t i = 0; i < CLTI_COUNT(REFUSED); i++)
        tests[count++] =
            (struct CMUnitTest){REFUSED[i].name, check_refused, NULL, NULL, (void *)(uintptr_t)&REFUSED[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_relationship_filter_knows_the_name_alone);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_filter_nested_too_deep_is_told_so);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_filter_is_not_blamed_when_memory_is_out);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_filter_longer_than_4_kib_is_refused);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
