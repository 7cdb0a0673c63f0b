/* What a query and a continuation token ask for, and every way to ask wrongly (api.md 4.1, 5.3, 6.1). */
#include "service/service_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static clti_service SERVICE;
static const clt_guid PARTNER = {{1, 2, 3}};

#define CONT                                                                                                 \
    "%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22Cont%22%2C%22Operator%22%3A%22starts_with%22%7D"
#define EQUAL_DOMAIN                                                                                         \
    "%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22a.example%22%2C%22Operator%22%3A%22equals%22%7D"
#define POSITION                                                                                             \
    CLTI_STR("x\0"                                                                                           \
             "0123456789abcdef")

typedef enum token_kind { NO_TOKEN, EMPTY_TOKEN, NEXT_TOKEN, PREVIOUS_TOKEN, BAD_TOKEN } token_kind;

typedef struct request_case {
    const char *name;
    const char *query;
    token_kind token;
    const char *refused; /* the fault's member; or NULL and: */
    size_t size;
    clti_list_start start;
    const char *value; /* of the filter, or NULL for none */
    const char *self;
} request_case;

#define FIRST  CLTI_LIST_FIRST
#define LAST   CLTI_LIST_LAST
#define AFTER  CLTI_LIST_AFTER
#define BEFORE CLTI_LIST_BEFORE
/* What the tokens of these tests ask for. */
#define TOKEN_SELF      "size=7&filter=" EQUAL_DOMAIN
#define REFUSED(member) member, 0, FIRST, NULL, NULL

static const request_case CASES[] = {
    {"no query", NULL, NO_TOKEN, NULL, 500, FIRST, NULL, "size=500"},
    {"empty query", "", NO_TOKEN, NULL, 500, FIRST, NULL, "size=500"},
    {"size of the seed", "size=40", NO_TOKEN, NULL, 40, FIRST, NULL, "size=40"},
    {"size 1", "size=1", NO_TOKEN, NULL, 1, FIRST, NULL, "size=1"},
    {"size 499", "size=499", NO_TOKEN, NULL, 499, FIRST, NULL, "size=499"},
    {"size 500", "size=500", NO_TOKEN, NULL, 500, FIRST, NULL, "size=500"},
    {"size 0 means 500", "size=0", NO_TOKEN, NULL, 500, FIRST, NULL, "size=0"},
    {"size empty means 500", "size=", NO_TOKEN, NULL, 500, FIRST, NULL, "size="},
    {"size above the maximum counts as it", "size=501", NO_TOKEN, NULL, 500, FIRST, NULL, "size=501"},
    {"size far above the maximum", "size=9223372036854775807", NO_TOKEN, NULL, 500, FIRST, NULL,
     "size=9223372036854775807"},
    {"size by its name in any case", "SIZE=3", NO_TOKEN, NULL, 3, FIRST, NULL, "SIZE=3"},
    {"size with escapes", "s%69ze=%34%30", NO_TOKEN, NULL, 40, FIRST, NULL, "size=40"},
    {"size negative", "size=-1", NO_TOKEN, REFUSED("size")},
    {"size no number", "size=many", NO_TOKEN, REFUSED("size")},
    {"size with a sign", "size=%2B5", NO_TOKEN, REFUSED("size")},
    {"size with a plus, which is a space", "size=+5", NO_TOKEN, REFUSED("size")},
    {"size a fraction", "size=4.0", NO_TOKEN, REFUSED("size")},
    {"size hexadecimal", "size=0x10", NO_TOKEN, REFUSED("size")},
    {"size overflowing 64 bits", "size=18446744073709551617", NO_TOKEN, REFUSED("size")},
    {"size overflowing by far", "size=99999999999999999999999999999999999999", NO_TOKEN, REFUSED("size")},
    {"size with NUL", "size=4%000", NO_TOKEN, REFUSED("size")},
    {"size twice", "size=40&size=40", NO_TOKEN, REFUSED("size")},
    {"size twice in other cases", "size=40&Size=1", NO_TOKEN, REFUSED("size")},
    {"size with a bad escape", "size=%zz", NO_TOKEN, REFUSED("size")},
    {"unknown parameters are ignored and repeated", "x=1&size=2&y", NO_TOKEN, NULL, 2, FIRST, NULL,
     "x=1&size=2&y"},
    {"escapes are made uniform", "x=%c3%A9+a~&size=2", NO_TOKEN, NULL, 2, FIRST, NULL,
     "x=%C3%A9%20a~&size=2"},
    {"what cannot be decoded is repeated literally", "x=%zz&size=2", NO_TOKEN, NULL, 2, FIRST, NULL,
     "x=%25zz&size=2"},
    {"empty pairs are left out", "&&size=2&", NO_TOKEN, NULL, 2, FIRST, NULL, "size=2"},
    {"size absent is shown at the end", "x=1", NO_TOKEN, NULL, 500, FIRST, NULL, "x=1&size=500"},
    {"filter", "size=0&filter=" CONT, NO_TOKEN, NULL, 500, FIRST, "Cont", "size=0&filter=" CONT},
    {"filter as raw JSON",
     "filter={%22Field%22:%22CompanyName%22,%22Value%22:%22a+b%2Bc%22,%22Operator%22:9}", NO_TOKEN, NULL, 500,
     FIRST, "a b+c",
     "filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22a%20b%2Bc%22%2C%22Operator%22%3A9%7D&size="
     "500"},
    {"filter empty is absent", "size=2&filter=", NO_TOKEN, NULL, 2, FIRST, NULL, "size=2&filter="},
    {"filter without value is absent", "size=2&filter", NO_TOKEN, NULL, 2, FIRST, NULL, "size=2&filter"},
    {"filter no JSON", "filter=Cont", NO_TOKEN, REFUSED("filter")},
    {"filter twice", "filter=" CONT "&filter=" CONT, NO_TOKEN, REFUSED("filter")},
    {"filter with a bad escape", "filter=%7", NO_TOKEN, REFUSED("filter")},
    {"filter with an unknown field", "filter=%7B%22Field%22:%22x%22%7D", NO_TOKEN, REFUSED("Field")},
    {"filter with an operator not allowed",
     "filter=%7B%22Field%22:%22CompanyName%22,%22Operator%22:%22substring%22,%22Value%22:%22x%22%7D",
     NO_TOKEN, REFUSED("Operator")},
    {"First without token", "size=40&seekOperation=First", NO_TOKEN, NULL, 40, FIRST, NULL, "size=40"},
    {"First by number", "seekoperation=2", NO_TOKEN, NULL, 500, FIRST, NULL, "size=500"},
    {"First with filter", "seekOperation=fIRST&filter=" CONT, NO_TOKEN, NULL, 500, FIRST, "Cont",
     "filter=" CONT "&size=500"},
    {"Last with a size", "size=40&seekOperation=last", NO_TOKEN, NULL, 40, LAST, NULL, "size=40"},
    {"Last with neither size nor token", "seekOperation=Last", NO_TOKEN, REFUSED("seekOperation")},
    {"Next without token", "size=2&seekOperation=Next", NO_TOKEN, REFUSED("seekOperation")},
    {"Next with an empty token", "size=2&seekOperation=Next", EMPTY_TOKEN, REFUSED("seekOperation")},
    {"Previous without token", "seekOperation=Previous", NO_TOKEN, REFUSED("seekOperation")},
    {"PageIndex", "size=2&seekOperation=PageIndex&page=3", NO_TOKEN, REFUSED("seekOperation")},
    {"PageIndex by number", "seekOperation=4", NEXT_TOKEN, REFUSED("seekOperation")},
    {"seekOperation unknown", "seekOperation=Nxt", NEXT_TOKEN, REFUSED("seekOperation")},
    {"seekOperation number unknown", "seekOperation=5", NEXT_TOKEN, REFUSED("seekOperation")},
    {"seekOperation twice", "seekOperation=Next&seekOperation=Next", NEXT_TOKEN, REFUSED("seekOperation")},
    {"seekOperation empty is absent", "size=2&seekOperation=", NO_TOKEN, NULL, 2, FIRST, NULL, "size=2"},
    {"an empty token is absent", "size=2", EMPTY_TOKEN, NULL, 2, FIRST, NULL, "size=2"},
    {"Next by hand", "seekOperation=Next", NEXT_TOKEN, NULL, 7, AFTER, "a.example", TOKEN_SELF},
    {"Next by number", "seekOperation=0", NEXT_TOKEN, NULL, 7, AFTER, "a.example", TOKEN_SELF},
    {"Next in small letters with another size", "size=500&seekOperation=next", NEXT_TOKEN, NULL, 7, AFTER,
     "a.example", TOKEN_SELF},
    {"Next with another filter: the token wins", "seekOperation=Next&filter=" CONT, NEXT_TOKEN, NULL, 7,
     AFTER, "a.example", TOKEN_SELF},
    {"Next with bad size and filter, which are not looked at", "size=x&filter=y&size=z&seekOperation=NEXT",
     NEXT_TOKEN, NULL, 7, AFTER, "a.example", TOKEN_SELF},
    {"a token alone means Next", NULL, NEXT_TOKEN, NULL, 7, AFTER, "a.example", TOKEN_SELF},
    {"Previous", "seekOperation=Previous", PREVIOUS_TOKEN, NULL, 7, BEFORE, "a.example", TOKEN_SELF},
    {"Previous by number", "seekOperation=1", PREVIOUS_TOKEN, NULL, 7, BEFORE, "a.example", TOKEN_SELF},
    {"First with a token", "size=2&seekOperation=First", NEXT_TOKEN, NULL, 7, FIRST, "a.example", TOKEN_SELF},
    {"Last with a token", "seekOperation=Last", NEXT_TOKEN, NULL, 7, LAST, "a.example", TOKEN_SELF},
    {"Last with a token of Previous", "seekOperation=3", PREVIOUS_TOKEN, NULL, 7, LAST, "a.example",
     TOKEN_SELF},
    {"a bad token", "seekOperation=Next", BAD_TOKEN, REFUSED("MS-ContinuationToken")},
    {"a bad token with First", "seekOperation=First", BAD_TOKEN, REFUSED("MS-ContinuationToken")},
};

static clt_str make_token(token_kind kind, clti_arena *arena) {
    const clti_list_request list = {
        .size = 7,
        .has_filter = true,
        .filter = {.field = CLTI_LIST_DOMAIN, .op = CLTI_FILTER_EQUALS, .value = CLTI_STR("a.example")}};
    switch (kind) {
    case NO_TOKEN:
        break;
    case EMPTY_TOKEN:
        return CLTI_STR("");
    case NEXT_TOKEN:
        return clti_continuation_write(&SERVICE, PARTNER, &list, CLTI_LIST_AFTER, POSITION, arena);
    case PREVIOUS_TOKEN:
        return clti_continuation_write(&SERVICE, PARTNER, &list, CLTI_LIST_BEFORE, POSITION, arena);
    case BAD_TOKEN:
        return CLTI_STR("AQAAAA");
    }
    return (clt_str){NULL, 0};
}

static void check_request(void **state) {
    const request_case *row = *state;
    clti_arena arena = {0};
    clti_list_request list;
    clti_fault fault = {0};
    const clti_customers_request request = {.query = clti_str(row->query),
                                            .continuation = make_token(row->token, &arena)};
    bool done = clti_list_request_read(&SERVICE, PARTNER, &request, &arena, &list, &fault);
    assert_int_equal(done, row->refused == NULL);
    if (done) {
        assert_int_equal(list.size, row->size);
        assert_int_equal(list.start, row->start);
        assert_int_equal(list.has_filter, row->value != NULL);
        if (row->value)
            assert_true(clti_str_equal(list.filter.value, clti_str(row->value)));
        if (row->start == AFTER || row->start == BEFORE)
            assert_true(clti_str_equal(list.position, POSITION));
        assert_string_equal(list.self_query.data, row->self);
    } else {
        assert_int_equal(fault.code, CLTI_FAULT_INVALID_QUERY);
        assert_string_equal(fault.member, row->refused);
        /* The text names the parameter, or what is wrong inside the filter. */
        assert_true(strstr(fault.text, row->refused) || strcmp(row->refused, "Operator") == 0);
    }
    clti_arena_done(&arena);
}

/* api.md 6.2: /customers?size=2&seekOperation=Next, then the filter if there is one. */
static void test_list_request_write_query_has_the_links_form(void **state) {
    (void)state;
    clti_list_request list = {.size = 2};
    clti_buf query;
    clti_buf_init(&query, 10000);
    clti_list_request_write_query(&list, "Next", &query);
    assert_true(clti_str_equal(clti_buf_str(&query), CLTI_STR("size=2&seekOperation=Next")));
    clti_buf_clear(&query);
    list.has_filter = true;
    list.filter = (clti_filter){CLTI_LIST_COMPANY_NAME, CLTI_FILTER_STARTS_WITH, CLTI_STR("Cont")};
    clti_list_request_write_query(&list, "Previous", &query);
    assert_true(clti_str_equal(clti_buf_str(&query), CLTI_STR("size=2&seekOperation=Previous&filter=" CONT)));
    clti_buf_done(&query);
}

int main(void) {
    clti_hmac_key_init(&SERVICE.token_key, (const uint8_t *)"not a secret", 12);
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 1];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_request, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_list_request_write_query_has_the_links_form);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
