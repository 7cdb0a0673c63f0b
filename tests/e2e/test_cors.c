/* Pages of other origins: those that are set may call, byte by byte; to any other the server says nothing. */
#include "scene.h"
#include <stdlib.h>

#define ORIGIN "https://portal.example:8443"
#define LIST   "/v1/customers?size=1"

static scene demo, closed;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(),
               CLTI_TEST_WORDS("--http-cors-origins=http://localhost:5173, " ORIGIN));
    scene_open(&closed, scene_demo_store(), NULL);
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    scene_close(&closed);
    return scene_group_teardown(state);
}

static const clti_test_response *send_to(scene *to, const char *method, const char *target,
                                         const char *origin, const char *more) {
    char line[256];
    snprintf(line, sizeof line, "Origin: %s", origin);
    return clti_test_send(to->client,
                          &(clti_test_request){.method = method,
                                               .target = target,
                                               .headers = CLTI_TEST_WORDS(line, more),
                                               .authorization = strcmp(method, "OPTIONS") ? NULL : ""});
}

static void expect_header(const clti_test_response *response, const char *name, const char *want) {
    char *value = clti_test_header(response, name, 0);
    if (!want != !value || (want && strcmp(value, want) != 0))
        fail_msg("%s: %s", name, value ? value : "not there");
    free(value);
}

static void expect_silence(const clti_test_response *response, const char *what) {
    if (strcasestr(response->headers, "access-control-"))
        fail_msg("%s: %s", what, response->headers);
}

static void test_a_preflight_is_answered_with_what_is_served_there(void **state) {
    (void)state;
    const clti_test_response *response =
        send_to(&demo, "OPTIONS", "/v1/customers/" FABRIKAM, ORIGIN, "Access-Control-Request-Method: PATCH");
    assert_int_equal(response->status, 204);
    assert_int_equal(response->body_size, 0);
    expect_header(response, "Access-Control-Allow-Origin", ORIGIN);
    expect_header(response, "Access-Control-Allow-Methods", "GET, HEAD, PATCH, DELETE");
    expect_header(response, "Access-Control-Max-Age", "600");
    expect_header(response, "Access-Control-Allow-Credentials", NULL);
    char *allowed = clti_test_header(response, "Access-Control-Allow-Headers", 0);
    assert_non_null(strstr(allowed, "Authorization"));
    assert_non_null(strstr(allowed, "MS-ContinuationToken"));
    free(allowed);
    response = send_to(&demo, "OPTIONS", "/fabrikam.example/oauth2/v2.0/token", "http://localhost:5173",
                       "Access-Control-Request-Method: POST");
    assert_int_equal(response->status, 204);
    expect_header(response, "Access-Control-Allow-Methods", "POST");
}

static void test_an_answer_can_be_read_with_the_headers_of_the_contract(void **state) {
    (void)state;
    const clti_test_response *response = send_to(&demo, "GET", LIST, ORIGIN, NULL);
    assert_int_equal(response->status, 200);
    expect_header(response, "Access-Control-Allow-Origin", ORIGIN);
    expect_header(response, "Access-Control-Allow-Credentials", NULL);
    char *exposed = clti_test_header(response, "Access-Control-Expose-Headers", 0);
    static const char *const names[] = {"MS-ContinuationToken", "ETag",    "Content-Range", "Retry-After",
                                        "MS-CorrelationId",     "Location"};
    for (size_t i = 0; i < CLTI_COUNT(names); i++)
        assert_non_null(strstr(exposed, names[i]));
    free(exposed);
    assert_non_null(strstr(response->headers, "Vary: Origin"));
    response = send_to(&demo, "GET", "/v1/customers/x", ORIGIN, NULL);
    assert_int_equal(response->status, 400);
    expect_header(response, "Access-Control-Allow-Origin", ORIGIN); /* a page has to see why */
}

static void test_other_origins_hear_nothing(void **state) {
    (void)state;
    static const char *const origins[] = {"https://evil.example",
                                          "https://portal.example",
                                          "https://portal.example:84430",
                                          "http://portal.example:8443",
                                          "https://PORTAL.example:8443",
                                          "https://portal.example:8443/",
                                          "https://portal.example:8443.evil.example",
                                          "https://evil.example,https://portal.example:8443",
                                          "http://localhost:5173, https://portal.example:8443",
                                          "https://xportal.example:8443",
                                          "null",
                                          "*"};
    for (size_t i = 0; i < CLTI_COUNT(origins); i++) {
        const clti_test_response *response = send_to(&demo, "GET", LIST, origins[i], NULL);
        assert_int_equal(response->status, 200);
        expect_silence(response, origins[i]);
        assert_non_null(strstr(response->headers, "Vary: Origin"));
        response =
            send_to(&demo, "OPTIONS", "/v1/customers", origins[i], "Access-Control-Request-Method: GET");
        assert_int_equal(response->status, 405);
        expect_silence(response, origins[i]);
    }
    expect_silence(clti_test_get(demo.client, LIST, NULL), "no origin");
}

static void test_what_is_no_preflight_is_as_before(void **state) {
    (void)state;
    const clti_test_response *response = send_to(&demo, "OPTIONS", "/v1/customers", ORIGIN, NULL);
    assert_int_equal(response->status, 405);
    response = send_to(&demo, "OPTIONS", "/nowhere", ORIGIN, "Access-Control-Request-Method: GET");
    assert_int_equal(response->status, 404);
}

static void test_nobody_is_allowed_unless_it_is_set(void **state) {
    (void)state;
    const clti_test_response *response = send_to(&closed, "GET", LIST, ORIGIN, NULL);
    expect_silence(response, "closed");
    assert_null(strstr(response->headers, "Vary: Origin"));
    response = send_to(&closed, "OPTIONS", "/v1/customers", ORIGIN, "Access-Control-Request-Method: GET");
    assert_int_equal(response->status, 405);
    expect_silence(response, "closed");
}

static void test_what_is_no_origin_cannot_be_set(void **state) {
    (void)state;
    static const char *const wrong[] = {"*",
                                        "null",
                                        "portal.example",
                                        "https://portal.example/",
                                        "https://*.example",
                                        "https://Portal.example",

                                        "ftp://a"};
    for (size_t i = 0; i < CLTI_COUNT(wrong); i++) {
        char flag[256];
        snprintf(flag, sizeof flag, "--http-cors-origins=%s", wrong[i]);
        clti_test_outcome outcome;
        clti_test_run(
            &(clti_test_command){.arguments = CLTI_TEST_WORDS("serve", "--data", closed.folder, flag)},
            &outcome);
        assert_int_equal(outcome.exit_code, 1);
        assert_non_null(strstr(outcome.err, "http.cors_origins"));
        clti_test_outcome_done(&outcome);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_preflight_is_answered_with_what_is_served_there),
        cmocka_unit_test(test_an_answer_can_be_read_with_the_headers_of_the_contract),
        cmocka_unit_test(test_other_origins_hear_nothing),
        cmocka_unit_test(test_what_is_no_preflight_is_as_before),
        cmocka_unit_test(test_nobody_is_allowed_unless_it_is_set),
        cmocka_unit_test(test_what_is_no_origin_cannot_be_set),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
