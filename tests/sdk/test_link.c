/* Where requests go: the addresses that a partner may have, and what is made of paths and links. */
#include "sdk/link_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct origin_case {
    const char *name;
    const char *url;
    const char *want; /* the URL; NULL: refused */
    const char *root;
    bool is_loopback;
} origin_case;

static const origin_case ORIGINS[] = {
    {"origin of a cloud", "https://api.partnercenter.microsoft.com",
     "https://api.partnercenter.microsoft.com", "https://api.partnercenter.microsoft.com", false},
    {"origin with a slash", "https://a.example/", "https://a.example", "https://a.example", false},
    {"origin with a port", "https://a.example:8443", "https://a.example:8443", "https://a.example:8443",
     false},
    {"origin with the default port", "https://a.example:443/", "https://a.example", "https://a.example",
     false},
    {"origin with a path", "https://a.example/api//", "https://a.example/api", "https://a.example", false},
    {"origin in clear at 127.0.0.1", "http://127.0.0.1:8484", "http://127.0.0.1:8484",
     "http://127.0.0.1:8484", true},
    {"origin in clear at 127.9.9.9", "http://127.9.9.9", "http://127.9.9.9", "http://127.9.9.9", true},
    {"origin in clear at localhost", "http://localhost:80", "http://localhost", "http://localhost", true},
    {"origin in clear at the IPv6 loopback", "http://[::1]:8484", "http://[::1]:8484", "http://[::1]:8484",
     true},
    {"origin in clear elsewhere", "http://a.example", NULL, NULL, false},
    {"origin in clear at a name like an address", "http://127.0.0.1.a.example", NULL, NULL, false},
    {"origin in clear at a name that begins so", "http://localhost.a.example", NULL, NULL, false},
    {"origin with a user", "https://user@a.example", NULL, NULL, false},
    {"origin with a query", "https://a.example/?x", NULL, NULL, false},
    {"origin with a fragment", "https://a.example/#x", NULL, NULL, false},
    {"origin without scheme", "a.example", NULL, NULL, false},
    {"origin of another scheme", "ftp://a.example", NULL, NULL, false},
    {"origin of a file", "file:///etc/passwd", NULL, NULL, false},
    {"origin of nothing", "", NULL, NULL, false},
    {"origin with a space", "https://a example", NULL, NULL, false},
};

static void check_origin(void **state) {
    const origin_case *row = *state;
    clti_arena arena = {NULL};
    clti_origin origin;
    clt_error *err = NULL;
    clt_status status = clti_origin_parse("options->base_url", row->url, &arena, &origin, &err);
    if (row->want) {
        assert_int_equal(status, CLT_OK);
        assert_string_equal(origin.url.data, row->want);
        assert_int_equal(origin.root.size, strlen(row->root));
        assert_memory_equal(origin.root.data, row->root, origin.root.size);
        assert_int_equal(origin.is_loopback, row->is_loopback);
    } else {
        assert_int_equal(status, CLT_ERR_ARGUMENT);
        assert_non_null(strstr(err->message.data, "options->base_url"));
    }
    clt_error_free(err);
    clti_arena_done(&arena);
}

typedef struct join_case {
    const char *name;
    const char *uri;
    const char *want; /* behind the base; NULL: refused */
    clt_status status;
} join_case;

/* Each for https://a.example and for https://a.example/api. */
static const join_case JOINS[] = {
    {"join the real service's link", "/customers?size=2&seekOperation=Next",
     "/v1/customers?size=2&seekOperation=Next", CLT_OK},
    {"join a link with version", "/v1/customers?size=2", "/v1/customers?size=2", CLT_OK},
    {"join a link with version in capitals", "/V1/customers", "/v1/customers", CLT_OK},
    {"join a link without slash", "customers", "/v1/customers", CLT_OK},
    {"join a link with slashes", "//customers", "/v1/customers", CLT_OK},
    {"join a link with slashes and version", "///v1//customers", "/v1/customers", CLT_OK},
    {"join one version only", "/v1/v1/customers", "/v1/v1/customers", CLT_OK},
    {"join the audit tree", "/auditactivity/v1/auditrecords?size=1", "/auditactivity/v1/auditrecords?size=1",
     CLT_OK},
    {"join the webhooks' tree", "webhooks/v1/registration", "/webhooks/v1/registration", CLT_OK},
    {"join a path of ours", "https://a.example/v1/customers?size=2", "/v1/customers?size=2", CLT_OK},
    {"join a path of ours with its port", "https://a.example:443/customers", "/v1/customers", CLT_OK},
    {"join a path of ours in capitals", "HTTPS://A.EXAMPLE/customers", "/v1/customers", CLT_OK},
    {"join without the fragment", "/customers?size=2#top", "/v1/customers?size=2", CLT_OK},
    {"join a second question mark", "/customers?size=2?seekOperation=Next",
     "/v1/customers?size=2?seekOperation=Next", CLT_OK},
    {"join an address in a query", "/customers?filter=https://b.example/",
     "/v1/customers?filter=https://b.example/", CLT_OK},
    {"join a space", "/customers?x=a b", "/v1/customers?x=a%20b", CLT_OK},
    {"join another host as a path", "//b.example/customers", "/v1/b.example/customers", CLT_OK},
    {"join to another host", "https://b.example/v1/customers", NULL, CLT_ERR_ORIGIN},
    {"join to a host that begins like ours", "https://a.example.b.example/", NULL, CLT_ERR_ORIGIN},
    {"join to a host behind a user", "https://a.example@b.example/", NULL, CLT_ERR_ORIGIN},
    {"join to a host behind a user with password", "https://a.example:443@b.example/", NULL, CLT_ERR_ORIGIN},
    {"join to another port", "https://a.example:8443/customers", NULL, CLT_ERR_ORIGIN},
    {"join to a port that begins like ours", "https://a.example:4430/customers", NULL, CLT_ERR_ORIGIN},
    {"join in clear", "http://a.example/customers", NULL, CLT_ERR_ORIGIN},
    {"join backslashes", "https:\\\\b.example\\", NULL, CLT_ERR_ORIGIN},
    {"join another scheme", "file:///etc/passwd", NULL, CLT_ERR_ORIGIN},
    {"join a script", "javascript:alert(1)", NULL, CLT_ERR_ORIGIN},
    {"join nothing", "", NULL, CLT_ERR_RESPONSE_PARSE},
    {"join slashes alone", "//", NULL, CLT_ERR_RESPONSE_PARSE},
    {"join a fragment alone", "#top", NULL, CLT_ERR_RESPONSE_PARSE},
    {"join a line break", "/customers\r\nHost: b.example", NULL, CLT_ERR_RESPONSE_PARSE},
    {"join a control character", "/customers\x01", NULL, CLT_ERR_RESPONSE_PARSE},
};

static void check_join_at(const char *base, const join_case *row) {
    clti_arena arena = {NULL};
    clti_origin origin;
    clt_error *err = NULL;
    clt_str url;
    assert_int_equal(clti_origin_parse("base", base, &arena, &origin, &err), CLT_OK);
    assert_int_equal(clti_link_join(&origin, clti_str(row->uri), &arena, &url, &err), row->status);
    if (row->want) {
        clt_str want = clti_arena_format(&arena, "%s%s", base, row->want);
        assert_string_equal(url.data, want.data);
    }
    clt_error_free(err);
    clti_arena_done(&arena);
}

static void check_join(void **state) {
    const join_case *row = *state;
    check_join_at("https://a.example", row);
    check_join_at("https://a.example/api", row);
}

static void test_link_join_takes_the_prefix_of_the_base_once(void **state) {
    (void)state;
    const join_case row = {NULL, "https://a.example/api/v1/customers", "/v1/customers", CLT_OK};
    check_join_at("https://a.example/api", &row);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(ORIGINS) + CLTI_COUNT(JOINS) + 1];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(ORIGINS); i++)
        tests[count++] = (struct CMUnitTest){.name = ORIGINS[i].name,
                                             .test_func = check_origin,
                                             .initial_state = (void *)(uintptr_t)&ORIGINS[i]};
    for (size_t i = 0; i < CLTI_COUNT(JOINS); i++)
        tests[count++] = (struct CMUnitTest){
            .name = JOINS[i].name, .test_func = check_join, .initial_state = (void *)(uintptr_t)&JOINS[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_link_join_takes_the_prefix_of_the_base_once);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
