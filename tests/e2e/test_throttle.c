/* So many customer requests a minute for each partner (api.md 9). */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define LIST    "/v1/customers?size=1"
#define PARTNER "aaaaaaaa-1111-4222-8333-444444444444"
#define APP     "bbbbbbbb-1111-4222-8333-444444444444"

/* A store with one partner; its throttle as `partner set` has it, or NULL. */
static const char *store_with_partner(const char *throttle) {
    const char *folder = scene_new_store();
    scene_add_partner(folder, PARTNER, "throttled.example", APP);
    if (throttle)
        clti_test_run_expecting(
            0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("partner", "set", "throttled.example",
                                                                 "--throttle", throttle, "--data", folder)});
    return folder;
}

static unsigned served_at_once(const scene *opened, unsigned most) {
    unsigned served = 0;
    while (served < most && clti_test_get(opened->client, LIST, NULL)->status == 200)
        served++;
    return served;
}

/* api.md 9, to the byte. */
static void expect_429(const clti_test_response *response) {
    char body[128];
    char *retry = clti_test_header(response, "Retry-After", 0);
    char *type = clti_test_header(response, "Content-Type", 0);
    char *cache = clti_test_header(response, "Cache-Control", 0);
    assert_int_equal(response->status, 429);
    assert_non_null(retry);
    assert_in_range(atoi(retry), 1, 60);
    assert_string_equal(type, "application/json");
    assert_string_equal(cache, "no-store");
    snprintf(body, sizeof(body),
             "{ \"statusCode\": 429, \"message\": \"Rate limit is exceeded. Try again in %s seconds.\" }",
             retry);
    assert_string_equal(response->body, body);
    free(retry);
    free(type);
    free(cache);
}

static void test_throttle_answers_429_as_the_contract_has_it(void **state) {
    scene opened;
    (void)state;
    scene_open_as(&opened, store_with_partner("1"), NULL, PARTNER, APP);
    assert_int_equal(clti_test_get(opened.client, LIST, NULL)->status, 200);
    const clti_test_response *refused = clti_test_get(opened.client, LIST, NULL);
    expect_429(refused);
    char *id = clti_test_header(refused, "MS-RequestId", 0);
    assert_non_null(id);
    free(id);
    if (strstr(refused->body, "in 60 seconds"))
        assert_int_equal(refused->body_size, 84); /* with two digits, as in the original's example */
    scene_close(&opened);
}

static void test_throttle_counts_everything_under_customers_and_nothing_else(void **state) {
    static const char *const counted[] = {LIST, "/v1/customers/no-guid", "/v1/Customers?filter=bad",
                                          "/v1/customers/" PARTNER "/profiles/billing"};
    scene opened;
    (void)state;
    scene_open_as(&opened, store_with_partner("4"), NULL, PARTNER, APP);
    for (size_t i = 0; i < CLTI_COUNT(counted); i++)
        assert_int_not_equal(clti_test_get(opened.client, counted[i], NULL)->status, 429);
    for (size_t i = 0; i < CLTI_COUNT(counted); i++)
        expect_429(clti_test_get(opened.client, counted[i], NULL));
    assert_int_equal(clti_test_get(opened.client, "/v1/profiles/organization", NULL)->status, 200);
    assert_int_equal(clti_test_get(opened.client, "/v1/countryvalidationrules/US", NULL)->status, 200);
    assert_int_equal(clti_test_get(opened.client, "/healthz", NULL)->status, 200);
    scene_close(&opened);
}

static void test_throttle_spares_sandboxes_unless_it_is_set(void **state) {
    scene opened;
    (void)state;
    scene_open(&opened, scene_demo_store(), NULL);
    assert_int_equal(served_at_once(&opened, 600), 600);
    scene_restart(&opened, CLTI_TEST_WORDS("--throttle-per-minute", "3"));
    assert_in_range(served_at_once(&opened, 600), 3, 10);
    scene_restart(&opened, CLTI_TEST_WORDS("--throttle-per-minute", "0"));
    assert_int_equal(served_at_once(&opened, 600), 600);
    scene_close(&opened);
}

static void test_throttle_of_a_partner_goes_before_the_setting(void **state) {
    scene opened;
    (void)state;
    scene_open_as(&opened, store_with_partner("0"), CLTI_TEST_WORDS("--throttle-per-minute", "2"), PARTNER,
                  APP);
    assert_int_equal(served_at_once(&opened, 100), 100);
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("partner", "set", PARTNER, "--throttle",
                                                             "default", "--data", opened.folder)});
    assert_in_range(served_at_once(&opened, 100), 2, 10);
    scene_close(&opened);
}

static void test_throttle_of_one_partner_leaves_others_alone(void **state) {
    scene opened;
    (void)state;
    scene_open(&opened, scene_demo_store(), CLTI_TEST_WORDS("--throttle-per-minute", "2"));
    clti_test_client *northwind = clti_test_client_new(&opened.server);
    clti_test_sign_in(northwind, NORTHWIND, NORTHWIND_APP);
    assert_in_range(served_at_once(&opened, 100), 2, 10);
    assert_int_equal(clti_test_get(northwind, LIST, NULL)->status, 200);
    const clti_test_response *metrics = clti_test_get(opened.client, "/metrics", NULL);
    assert_non_null(strstr(metrics->body, "clientele_throttled_total{limit=\"partner\"} 1\n"));
    clti_test_client_free(northwind);
    scene_close(&opened);
}

static void test_throttle_limits_the_tokens_of_a_client(void **state) {
    static const char *const form =
        "grant_type=client_credentials&client_id=" APP "&client_secret=" CLTI_TEST_SECRET
        "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    const clti_test_request request = {.target = "/throttled.example/oauth2/v2.0/token",
                                       .headers = headers,
                                       .body = form,
                                       .authorization = ""};
    scene opened;
    (void)state;
    scene_open_as(&opened, store_with_partner(NULL), CLTI_TEST_WORDS("--throttle-tokens-per-client", "2"),
                  PARTNER, APP);
    assert_int_equal(clti_test_send(opened.client, &request)->status, 200);
    const clti_test_response *refused = clti_test_send(opened.client, &request);
    char *retry = clti_test_header(refused, "Retry-After", 0);
    assert_int_equal(refused->status, 429);
    assert_string_equal(clti_test_text_at(refused->json, "error"), "temporarily_unavailable");
    assert_non_null(retry);
    assert_in_range(atoi(retry), 1, 60);
    free(retry);
    scene_close(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_throttle_answers_429_as_the_contract_has_it),
        cmocka_unit_test(test_throttle_counts_everything_under_customers_and_nothing_else),
        cmocka_unit_test(test_throttle_spares_sandboxes_unless_it_is_set),
        cmocka_unit_test(test_throttle_of_a_partner_goes_before_the_setting),
        cmocka_unit_test(test_throttle_of_one_partner_leaves_others_alone),
        cmocka_unit_test(test_throttle_limits_the_tokens_of_a_client),
    };
    return cmocka_run_group_tests(tests, scene_group_setup, scene_group_teardown);
}
