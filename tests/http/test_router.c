/* The odd paths that real clients send, what no path may hold, and which methods are served where. */
#include "http/http_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ID "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"

typedef struct target_case {
    const char *name;
    const char *target;
    clti_method method;
    const char *route; /* template; NULL: */
    clti_fault_code refused;
    const char *detail; /* first parameter, or Allow; NULL for none */
} target_case;

#define GET       CLTI_METHOD_GET
#define HEAD      CLTI_METHOD_HEAD
#define POST      CLTI_METHOD_POST
#define OTHER     CLTI_METHOD_OTHER
#define LIST      "v1/customers"
#define CUSTOMER  "v1/customers/{id}"
#define BAD       NULL, CLTI_FAULT_INVALID_REQUEST, NULL
#define NOT_FOUND NULL, CLTI_FAULT_NOT_FOUND, NULL
#define OK        0, NULL
#define PAGE      "", OK

static const target_case CASES[] = {
    {"path of the list", "/v1/customers", GET, LIST, OK},
    {"path with a query", "/v1/customers?size=40", GET, LIST, OK},
    {"path in upper case", "/V1/CUSTOMERS/", GET, LIST, OK},
    {"path in mixed case", "/v1/Customers", GET, LIST, OK},
    {"path with a slash behind", "/v1/customers/", GET, LIST, OK},
    {"path with a slash and a query", "/v1/customers/?size=40", GET, LIST, OK},
    {"path with two slashes", "/v1//customers", GET, LIST, OK},
    {"path with many slashes", "///v1////customers///", GET, LIST, OK},
    {"path with the version twice", "/v1//v1/customers", GET, LIST, OK},
    {"path with the version twice in another case", "/v1/V1/customers", GET, LIST, OK},
    {"path with an escaped letter", "/v1/c%75stomers", GET, LIST, OK},
    {"path with an escaped version", "/%76%31/customers", GET, LIST, OK},
    {"path behind a host", "http://h/v1/customers?x", GET, LIST, OK},
    {"path behind a host with port, https", "HTTPS://h:443/v1/customers", GET, LIST, OK},
    {"path with slashes in the query", "/v1/customers?a=/b/%2F/%00/%zz", GET, LIST, OK},
    {"path of the list for HEAD", "/v1/customers", HEAD, LIST, OK},
    {"path of a customer", "/v1/customers/" ID, GET, CUSTOMER, 0, ID},
    {"path of a customer for HEAD", "/v1/customers/" ID "/", HEAD, CUSTOMER, 0, ID},
    {"path of a customer in braces", "/v1/customers/%7B" ID "%7D", GET, CUSTOMER, 0, "{" ID "}"},
    {"path of a customer, no GUID", "/v1/customers/x+y", GET, CUSTOMER, 0, "x+y"},
    {"path of a customer, dots", "/v1/customers/..", GET, CUSTOMER, 0, ".."},
    {"path of a token, by domain", "/fabrikam.example/oauth2/token", POST, "{tenant}/oauth2/token", 0,
     "fabrikam.example"},
    {"path of a token, version 2", "/" ID "/OAuth2/v2.0/token", POST, "{tenant}/oauth2/v2.0/token", 0, ID},
    {"path of a tenant's keys", "/" ID "/discovery/v2.0/keys", GET, "{tenant}/discovery/v2.0/keys", 0, ID},
    {"path with an escaped slash", "/v1%2Fcustomers", GET, BAD},
    {"path with an escaped slash, small letters", "/v1/customers/a%2fb", GET, BAD},
    {"path with an escaped NUL", "/v1/customers%00", GET, BAD},
    {"path with an escaped NUL in the id", "/v1/customers/a%00b", GET, BAD},
    {"path with a bad escape", "/v1/%zz", GET, BAD},
    {"path with a cut escape", "/v1/customers%2", GET, BAD},
    {"path with a bad escape where nothing is served", "/x/%", GET, BAD},
    {"path with too many segments", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q", GET, NOT_FOUND},
    {"path empty", "", GET, PAGE},
    {"path of the root", "/", GET, PAGE},
    {"path of slashes", "////", GET, PAGE},
    {"path of a query alone", "?size=40", GET, PAGE},
    {"path of a host alone", "http://h", GET, PAGE},
    {"path of a host that looks like a path", "http://v1/orders", GET, NOT_FOUND},
    {"path of an asterisk", "*", GET, NOT_FOUND},
    {"path of the version alone", "/v1", GET, NOT_FOUND},
    {"path of the version twice alone", "/v1/v1", GET, NOT_FOUND},
    {"path of another version", "/v2/customers", GET, NOT_FOUND},
    {"path without version, which is the page", "/customers", GET, "customers", OK},
    {"path without version, of one customer", "/customers/" ID, GET, "customers/{id}", 0, ID},
    {"path without version, of nothing", "/auditrecords", GET, NOT_FOUND},
    {"path with a longer word", "/v1/customersx", GET, NOT_FOUND},
    {"path with a shorter word", "/v1/customer", GET, NOT_FOUND},
    {"path with more behind a customer", "/v1/customers/" ID "/orders", GET, NOT_FOUND},
    {"path with a word twice", "/v1/customers/customers/customers", GET, NOT_FOUND},
    {"path with a reserved word", "/v1/customers/all", GET, NOT_FOUND},
    {"path with a reserved word for HEAD", "/v1/customers/usagerecords", HEAD, NOT_FOUND},
    {"path with a reserved word for POST", "/v1/customers/all", POST, NOT_FOUND},
    {"path with a reserved word that is served", "/v1/customers/RelationshipRequests/", GET,
     "v1/customers/relationshiprequests", OK},
    {"path with a reserved word below", "/v1/customers/all/profiles/company", GET, NOT_FOUND},
    {"path with a reserved word elsewhere", "/v1/domains/all", HEAD, "v1/domains/{domain}", 0, "all"},
    {"path of a profile", "/v1/customers/" ID "/Profiles/Billing", GET, CUSTOMER "/profiles/billing", 0, ID},
    {"method GET where HEAD alone is served", "/v1/domains/x", GET, NULL, CLTI_FAULT_WRONG_METHOD, "HEAD"},
    {"method PUT where POST alone is served", "/v1/validations/address", CLTI_METHOD_PUT, NULL,
     CLTI_FAULT_WRONG_METHOD, "POST"},
    {"path with a longer word than a reserved one", "/v1/customers/alle", GET, CUSTOMER, 0, "alle"},
    {"path with a space behind the word", "/v1/customers%20", GET, NOT_FOUND},
    {"method of an unknown path", "/nothing", POST, NOT_FOUND},
    {"method POST on a customer", "/v1/customers/" ID, POST, NULL, CLTI_FAULT_WRONG_METHOD,
     "GET, HEAD, PATCH, DELETE"},
    {"method unknown on a customer", "/v1/customers/" ID, OTHER, NULL, CLTI_FAULT_WRONG_METHOD,
     "GET, HEAD, PATCH, DELETE"},
    {"method unknown on the list", "/v1//customers/", OTHER, NULL, CLTI_FAULT_WRONG_METHOD,
     "GET, HEAD, POST"},
    {"method GET on a token", "/x/oauth2/token", GET, NULL, CLTI_FAULT_WRONG_METHOD, "POST"},
    {"method HEAD on a token", "/x/oauth2/token", HEAD, NULL, CLTI_FAULT_WRONG_METHOD, "POST"},
};

static void check_target(void **state) {
    const target_case *row = *state;
    clti_request request = {.method = row->method, .target = clti_str(row->target)};
    clti_reply reply = {0};
    clti_fault fault = {0};
    bool done = clti_target_read(&request, &fault) && clti_route_find(&request, &reply, &fault);
    assert_int_equal(done, row->route != NULL);
    if (done) {
        assert_string_equal(request.route->path, row->route);
        if (row->detail)
            assert_true(clti_str_equal(request.parameters[0], clti_str(row->detail)));
        assert_int_equal(reply.header_count, 0);
    } else {
        assert_int_equal(fault.code, row->refused);
        assert_int_equal(reply.header_count, row->detail != NULL);
        if (row->detail) {
            assert_string_equal(reply.headers[0].name, "Allow");
            assert_string_equal(reply.headers[0].value.data, row->detail);
        }
    }
    clti_arena_done(&request.arena);
}

static void test_target_read_tells_no_query_from_an_empty_one(void **state) {
    static const struct {
        const char *target, *path, *query; /* NULL: absent */
    } rows[] = {
        {"/v1/customers", "/v1/customers", NULL},
        {"/v1/customers?", "/v1/customers", ""},
        {"/v1/customers?a=b?c", "/v1/customers", "a=b?c"},
        {"/v1/customers?a=%7B+", "/v1/customers", "a=%7B+"},
        {"http://h/x?y", "/x", "y"},
        {"http://h?y", "", "y"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_request request = {.method = GET, .target = clti_str(rows[i].target)};
        clti_fault fault;
        assert_true(clti_target_read(&request, &fault));
        assert_true(clti_str_equal(request.path, clti_str(rows[i].path)));
        assert_true(clti_str_equal(request.query, clti_str(rows[i].query)));
        assert_int_equal(request.query.data != NULL, rows[i].query != NULL);
        clti_arena_done(&request.arena);
    }
}

static void test_method_of_knows_names_as_they_are_written(void **state) {
    (void)state;
    assert_int_equal(clti_method_of("GET"), GET);
    assert_int_equal(clti_method_of("DELETE"), CLTI_METHOD_DELETE);
    assert_int_equal(clti_method_of("get"), OTHER);
    assert_int_equal(clti_method_of("GETS"), OTHER);
    assert_int_equal(clti_method_of(""), OTHER);
}

/* A row that forgets to say who may call, or what serves it, would be found here. */
static void test_every_route_is_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < CLTI_ROUTE_COUNT; i++) {
        const clti_route *route = &CLTI_ROUTES[i];
        assert_true(route->method &
                    (GET | HEAD | POST | CLTI_METHOD_PUT | CLTI_METHOD_PATCH | CLTI_METHOD_DELETE));
        assert_int_not_equal(route->access, CLTI_CALL_NOBODY);
        const bool is_public = route->access == CLTI_CALL_PUBLIC || route->access == CLTI_CALL_QUICK;
        assert_int_equal(!is_public, strstr(route->path, "v1/") != NULL);
        assert_int_equal(route->roles != 0, !is_public);
        assert_int_equal(route->body_max != 0,
                         (route->method & (POST | CLTI_METHOD_PUT | CLTI_METHOD_PATCH)) != 0);
        assert_non_null(route->handler);
        assert_int_not_equal(route->path[0], '/');
        assert_null(strstr(route->path, "//"));
    }
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 3];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_target, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_target_read_tells_no_query_from_an_empty_one);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_method_of_knows_names_as_they_are_written);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_every_route_is_whole);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
