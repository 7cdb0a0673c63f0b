/* Creating customers over HTTP: what is answered, what stays, and that nothing happens twice. */
#include "scene.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS "/v1/customers"
#define ADDRESS                                                                                              \
    "\"DefaultAddress\":{\"Country\":\"us\",\"City\":\"Redmond\",\"State\":\"wa\",\"AddressLine1\":"         \
    "\"1 Main St\",\"PostalCode\":\"98052\",\"FirstName\":\"Ada\",\"LastName\":\"Byron\",},"
#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define OTHER        "44444444-0000-4000-8000-00000000000a"
#define OTHER_APP    "44444444-0000-4000-8000-00000000000b"
#define ANY_USER     "--auth-require-user=false"

static scene shared; /* two partners; the first may sell through the second */

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, RESELLER, "reseller.example", RESELLER_APP);
    scene_add_partner(folder, OTHER, "other.example", OTHER_APP);
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS(
                                                        "partner", "link", "--data", folder, "--provider",
                                                        FABRIKAM, "--reseller", RESELLER)});
    scene_open(&shared, folder, CLTI_TEST_WORDS(ANY_USER));
    return 0;
}

static int teardown(void **state) {
    scene_close(&shared);
    return scene_group_teardown(state);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

/* As the .NET SDK sends it: PascalCase, nulls written; and with a trailing comma. */
static char *body_of(const char *domain, const char *name, const char *more) {
    char *body;
    assert_true(
        asprintf(&body,
                 "{\"Id\":null,\"CompanyProfile\":{\"TenantId\":null,\"Domain\":\"%s\",\"CompanyName\":"
                 "\"ignored\"},\"BillingProfile\":{\"Email\":\"ada@contoso.example\",\"Culture\":"
                 "\"EN-us\",\"Language\":\"En\",\"CompanyName\":\"%s\"," ADDRESS
                 "},\"RelationshipToPartner\":\"unknown\",\"enableGDAPByDefault\":false%s}",
                 domain, name, more) > 0);
    return body;
}

static const clti_test_response *post(clti_test_client *client, const char *body, const char *request_id) {
    char *header = NULL;
    if (request_id)
        assert_true(asprintf(&header, "MS-RequestId: %s", request_id) > 0);
    const clti_test_response *answer = clti_test_send(
        client, &(clti_test_request){
                    .target = CUSTOMERS,
                    .body = body,
                    .headers = CLTI_TEST_WORDS("Content-Type: Application/JSON; charset=utf-8", header)});
    free(header);
    return answer;
}

static const clti_test_response *create(clti_test_client *client, const char *domain, const char *name,
                                        const char *request_id) {
    char *body = body_of(domain, name, "");
    const clti_test_response *answer = post(client, body, request_id);
    free(body);
    return answer;
}

static void expect_text(const clti_test_response *answer, const char *path, const char *want) {
    const char *got = clti_test_text_at(answer->json, path);
    if (!got || strcmp(got, want) != 0)
        fail_msg("%s is %s, want %s: %s", path, got ? got : "absent", want, answer->body);
}

static void expect_header(const clti_test_response *answer, const char *name, const char *want) {
    char *got = clti_test_header(answer, name, 0);
    if (!got || strcmp(got, want) != 0)
        fail_msg("%s is %s, want %s", name, got ? got : "absent", want);
    free(got);
}

static size_t listed(clti_test_client *client, const char *prefix) {
    char *target;
    assert_true(asprintf(&target,
                         CUSTOMERS "?filter=%%7B%%22Field%%22%%3A%%22CompanyName%%22%%2C%%22Value%%22%%3A%%22"
                                   "%s%%22%%2C%%22Operator%%22%%3A%%22starts_with%%22%%7D",
                         prefix) > 0);
    size_t count = json_array_size(clti_test_at(clti_test_get(client, target, NULL)->json, "items"));
    free(target);
    return count;
}

/* ---- what is answered ---------------------------------------------------------------------------------- */

static void test_a_customer_is_created_answered_listed_and_read(void **state) {
    (void)state;
    char id[64], etag[64], location[100];
    const clti_test_response *answer = create(shared.client, "First.onmicrosoft.com", "First é", NULL);
    assert_int_equal(answer->status, 201);
    snprintf(id, sizeof(id), "%s", clti_test_text_at(answer->json, "id"));
    snprintf(location, sizeof(location), CUSTOMERS "/%s", id);
    snprintf(etag, sizeof(etag), "%s", clti_test_text_at(answer->json, "billingProfile.attributes.etag"));
    expect_header(answer, "Location", location);
    expect_header(answer, "Cache-Control", "no-store");
    expect_text(answer, "companyProfile.tenantId", id);
    expect_text(answer, "companyProfile.domain", "First.onmicrosoft.com");
    expect_text(answer, "companyProfile.companyName", "First é");
    expect_text(answer, "billingProfile.culture", "en-US");
    expect_text(answer, "billingProfile.language", "En");
    expect_text(answer, "billingProfile.defaultAddress.country", "US");
    expect_text(answer, "billingProfile.defaultAddress.phoneNumber", "");
    expect_text(answer, "relationshipToPartner", "reseller");
    expect_text(answer, "userCredentials.userName", "admin");
    assert_int_equal(strlen(clti_test_text_at(answer->json, "userCredentials.password")), 12);
    assert_true(json_is_true(clti_test_at(answer->json, "allowDelegatedAccess")));
    assert_null(clti_test_at(answer->json, "customDomains"));
    assert_null(clti_test_at(answer->json, "links"));
    assert_null(clti_test_at(answer->json, "billingProfile.links"));
    assert_non_null(clti_test_at(answer->json, "companyProfile.links.self"));
    assert_int_equal(listed(shared.client, "first"), 1);
    answer = clti_test_get(shared.client, location, NULL);
    assert_int_equal(answer->status, 200);
    expect_text(answer, "billingProfile.attributes.etag", etag);
    assert_null(clti_test_at(answer->json, "userCredentials"));
}

static void test_all_that_is_wrong_with_a_body_is_told(void **state) {
    (void)state;
    static const struct {
        const char *body;
        long status;
        int code;
        const char *member;
    } rows[] = {
        {"", 400, 800002, NULL},
        {"{", 400, 800002, NULL},
        {"[]", 400, 800002, NULL},
        {"\"x\"", 400, 800002, NULL},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        scene_expect_fault(post(shared.client, rows[i].body, NULL), rows[i].status, rows[i].code,
                           rows[i].member, rows[i].body);
    const clti_test_response *answer = post(
        shared.client, "{\"companyProfile\":{\"domain\":\"x\"},\"billingProfile\":{\"culture\":7}}", NULL);
    scene_expect_fault(answer, 400, 3000, NULL, "much is missing");
    assert_true(json_array_size(clti_test_at(answer->json, "data")) >= 5);
    assert_non_null(strstr(answer->body, "\"BillingProfile.Culture\""));
    assert_non_null(strstr(answer->body, "\"CompanyProfile.Domain\""));
    answer = clti_test_send(shared.client,
                            &(clti_test_request){.target = CUSTOMERS,
                                                 .body = "{}",
                                                 .headers = CLTI_TEST_WORDS("Content-Type: text/xml")});
    scene_expect_fault(answer, 400, 800002, "Content-Type", "another type");
}

static void test_a_body_may_be_announced_and_its_size_is_bounded(void **state) {
    (void)state;
    char *body = body_of("expect.example", "Expect", "");
    const clti_test_request request = {.target = CUSTOMERS,
                                       .body = body,
                                       .headers = CLTI_TEST_WORDS("Content-Type:", "Expect: 100-continue")};
    assert_int_equal(clti_test_send(shared.client, &request)->status, 201);
    free(body);
    char *large = calloc(1, 1024 * 1024 + 2);
    assert_non_null(large);
    memset(large, ' ', 1024 * 1024 + 1);
    scene_expect_fault(post(shared.client, large, NULL), 400, 800002, NULL, "too large");
    free(large);
}

static void test_a_domain_is_taken_once_over_all_partners(void **state) {
    (void)state;
    clti_test_client *other = clti_test_client_new(&shared.server);
    clti_test_sign_in(other, OTHER, OTHER_APP);
    assert_int_equal(create(shared.client, "taken.example", "Taken", NULL)->status, 201);
    scene_expect_fault(create(shared.client, "TAKEN.example", "Taken", NULL), 409, 3000,
                       "CompanyProfile.Domain", "same partner");
    scene_expect_fault(create(other, "Taken.Example", "Taken", NULL), 409, 3000, "CompanyProfile.Domain",
                       "another partner");
    assert_int_equal(listed(other, "taken"), 0);
    clti_test_client_free(other);
}

/* ---- indirect ------------------------------------------------------------------------------------------ */

static void test_an_indirect_customer_belongs_to_its_provider_and_is_shown_to_its_reseller(void **state) {
    (void)state;
    clti_test_client *reseller = clti_test_client_new(&shared.server);
    char target[100];
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    char *body = body_of("indirect.example", "Indirect", ",\"AssociatedPartnerId\":\"{" RESELLER "}\"");
    const clti_test_response *answer = post(shared.client, body, NULL);
    free(body);
    assert_int_equal(answer->status, 201);
    expect_text(answer, "associatedPartnerId", RESELLER);
    snprintf(target, sizeof(target), CUSTOMERS "/%s", clti_test_text_at(answer->json, "id"));
    assert_int_equal(listed(shared.client, "indirect"), 1);
    assert_int_equal(listed(reseller, "indirect"), 1);
    assert_int_equal(clti_test_get(reseller, target, NULL)->status, 200);
    clti_test_client_free(reseller);
    static const struct {
        const char *partner;
        long status;
        int code;
    } rows[] = {
        {OTHER, 400, 800016}, {FABRIKAM, 400, 800016}, {"55555555-0000-4000-8000-000000000000", 404, 800015}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char more[100];
        snprintf(more, sizeof(more), ",\"associatedPartnerId\":\"%s\"", rows[i].partner);
        body = body_of("refused.example", "Refused", more);
        scene_expect_fault(post(shared.client, body, NULL), rows[i].status, rows[i].code,
                           "AssociatedPartnerId", rows[i].partner);
        free(body);
    }
}

static void test_an_indirect_customer_needs_a_user(void **state) {
    (void)state;
    scene strict;
    scene_open(&strict, scene_demo_store(), NULL);
    char *body = body_of("user.example", "User", ",\"associatedPartnerId\":\"" NORTHWIND "\"");
    scene_expect_fault(post(strict.client, body, NULL), 403, 900329, NULL, "app only");
    free(body);
    assert_int_equal(create(strict.client, "user.example", "User", NULL)->status, 201);
    scene_close(&strict);
}

/* ---- once and no more ---------------------------------------------------------------------------------- */

static void expect_same(const clti_test_response *answer, const char *body, const char *location) {
    if (answer->status != 201 || strcmp(answer->body, body) != 0)
        fail_msg("not the same answer: %ld %s", answer->status, answer->body);
    expect_header(answer, "Location", location);
}

static void test_a_request_id_gets_the_first_answer_again_also_after_a_restart(void **state) {
    (void)state;
    static const char id[] = "aaaaaaaa-1111-4000-8000-000000000001";
    scene own;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_open(&own, folder, NULL);
    const clti_test_response *answer = create(own.client, "once.example", "Once é三", id);
    assert_int_equal(answer->status, 201);
    char *first = strdup(answer->body), *location = clti_test_header(answer, "Location", 0);
    expect_same(create(own.client, "once.example", "Once é三", id), first, location);
    expect_same(create(own.client, "once.example", "Once é三", "{AAAAAAAA-1111-4000-8000-000000000001}"),
                first, location);
    scene_restart(&own, NULL);
    expect_same(create(own.client, "once.example", "Once é三", id), first, location);
    scene_expect_fault(create(own.client, "twice.example", "Once", id), 409, 3000, "MS-RequestId",
                       "another body");
    scene_expect_fault(post(own.client, "{}", id), 409, 3000, "MS-RequestId", "another body, a wrong one");
    /* Without the id it is another request. */
    scene_expect_fault(create(own.client, "once.example", "Once é三", NULL), 409, 3000,
                       "CompanyProfile.Domain", "no id");
    assert_int_equal(listed(own.client, "once"), 1);
    free(first);
    free(location);
    scene_close(&own);
}

static void test_a_refusal_is_not_kept(void **state) {
    (void)state;
    static const char id[] = "aaaaaaaa-1111-4000-8000-000000000002";
    scene_expect_fault(post(shared.client, "{}", id), 400, 3000, NULL, "nothing there");
    assert_int_equal(create(shared.client, "refusal.example", "Refusal", id)->status, 201);
}

typedef struct racer {
    clti_test_client *client;
    const char *domain, *request_id;
    pthread_barrier_t *barrier;
    long status;
    char *body;
} racer;

static void *race(void *user) {
    racer *runner = user;
    pthread_barrier_wait(runner->barrier);
    const clti_test_response *answer = create(runner->client, runner->domain, "Race", runner->request_id);
    runner->status = answer->status;
    runner->body = strdup(answer->body);
    return NULL;
}

static void run_race(racer racers[2], const char *domain, const char *const request_ids[2]) {
    pthread_barrier_t barrier;
    pthread_t threads[2];
    assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (size_t i = 0; i < 2; i++) {
        racers[i].domain = domain;
        racers[i].request_id = request_ids[i];
        racers[i].barrier = &barrier;
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&barrier);
}

static void test_of_two_at_once_one_creates_and_with_one_id_both_get_its_answer(void **state) {
    (void)state;
    racer racers[2] = {{.client = clti_test_client_new(&shared.server)},
                       {.client = clti_test_client_new(&shared.server)}};
    for (size_t i = 0; i < 2; i++)
        clti_test_client_set_token(racers[i].client, clti_test_client_token(shared.client));
    for (int round = 0; round < 20; round++) {
        char domain[32], id[64];
        snprintf(domain, sizeof(domain), "race%d.example", round);
        snprintf(id, sizeof(id), "bbbbbbbb-0000-4000-8000-0000000000%02d", round);
        bool same_id = round % 2;
        run_race(racers, domain, same_id ? (const char *const[]){id, id} : (const char *const[]){NULL, NULL});
        long sum = racers[0].status + racers[1].status;
        if (sum != (same_id ? 402 : 610) || (same_id && strcmp(racers[0].body, racers[1].body) != 0))
            fail_msg("round %d: %ld and %ld\n%s\n%s", round, racers[0].status, racers[1].status,
                     racers[0].body, racers[1].body);
        for (size_t i = 0; i < 2; i++)
            free(racers[i].body);
    }
    assert_int_equal(listed(shared.client, "race"), 20);
    for (size_t i = 0; i < 2; i++)
        clti_test_client_free(racers[i].client);
}

/* ---- limits and counters ------------------------------------------------------------------------------- */

static void test_a_strict_sandbox_takes_seventy_five(void **state) {
    (void)state;
    scene own;
    const char *folder = scene_new_store();
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS(
                                                        "partner", "add", "strict.example", "--data", folder,
                                                        "--id", OTHER, "--sandbox", "--strict")});
    scene_add_application(folder, OTHER, OTHER_APP);
    scene_open_as(&own, folder, NULL, OTHER, OTHER_APP);
    for (int i = 0; i <= 75; i++) {
        char domain[32];
        snprintf(domain, sizeof(domain), "d%d.example", i);
        const clti_test_response *answer = create(own.client, domain, "Company", NULL);
        if (i < 75)
            assert_int_equal(answer->status, 201);
        else
            scene_expect_fault(answer, 400, 800018, NULL, "the 76th");
    }
    scene_close(&own);
}

static void test_metrics_tell_of_the_writer(void **state) {
    (void)state;
    assert_int_equal(create(shared.client, "metrics.example", "Metrics", NULL)->status, 201);
    const clti_test_response *answer = clti_test_get(shared.client, "/metrics", NULL);
    static const char *const wanted[] = {
        "\nclientele_writer_queue_length 0\n",
        "\nclientele_writer_refused_total 0\n",
        "\nclientele_writer_group_size_bucket{le=\"1\"} ",
        "\nclientele_writer_group_size_bucket{le=\"256\"} ",
        "\nclientele_writer_group_size_bucket{le=\"+Inf\"} ",
        "\nclientele_writer_group_size_sum ",
        "method=\"POST\",route=\"/v1/customers\",status=\"201\"",
    };
    for (size_t i = 0; i < CLTI_COUNT(wanted); i++)
        if (!strstr(answer->body, wanted[i]))
            fail_msg("%s is missing:\n%s", wanted[i], answer->body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_customer_is_created_answered_listed_and_read),
        cmocka_unit_test(test_all_that_is_wrong_with_a_body_is_told),
        cmocka_unit_test(test_a_body_may_be_announced_and_its_size_is_bounded),
        cmocka_unit_test(test_a_domain_is_taken_once_over_all_partners),
        cmocka_unit_test(test_an_indirect_customer_belongs_to_its_provider_and_is_shown_to_its_reseller),
        cmocka_unit_test(test_an_indirect_customer_needs_a_user),
        cmocka_unit_test(test_a_request_id_gets_the_first_answer_again_also_after_a_restart),
        cmocka_unit_test(test_a_refusal_is_not_kept),
        cmocka_unit_test(test_of_two_at_once_one_creates_and_with_one_id_both_get_its_answer),
        cmocka_unit_test(test_a_strict_sandbox_takes_seventy_five),
        cmocka_unit_test(test_metrics_tell_of_the_writer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
