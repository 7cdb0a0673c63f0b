/* What each write leaves in the audit records: who, what, when, old and new value, and the request
 * (api.md 3.9). */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS    "/v1/customers"
#define AUDIT        "/v1/auditrecords"
#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define OTHER        "44444444-0000-4000-8000-00000000000a"
#define OTHER_APP    "44444444-0000-4000-8000-00000000000b"
#define UNKNOWN      "11111111-0000-4000-8000-000000000001"
#define REQUEST      "aaaaaaaa-0000-4000-8000-000000000001"
#define CORRELATION  "bbbbbbbb-0000-4000-8000-000000000001"

static scene live;
static clti_test_client *reseller, *other;

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
    scene_open(&live, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    reseller = clti_test_client_new(&live.server);
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    other = clti_test_client_new(&live.server);
    clti_test_sign_in(other, OTHER, OTHER_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(reseller);
    clti_test_client_free(other);
    scene_close(&live);
    return scene_group_teardown(state);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static const clti_test_response *ask(clti_test_client *client, const char *method, const char *target,
                                     const char *body, const char *header, const char *more) {
    return clti_test_send(client, &(clti_test_request){.method = method,
                                                       .target = target,
                                                       .body = body,
                                                       .headers = CLTI_TEST_WORDS(
                                                           "Content-Type: application/json", header, more)});
}

/* Create a customer; the answer's own text of a member is put into `out`, its path is the caller's, free().
 */
static char *make(const char *domain, const char *more, const char *request, char password[64]) {
    char *body;
    assert_true(
        asprintf(
            &body,
            "{\"companyProfile\":{\"domain\":\"%s\"},\"billingProfile\":{\"email\":\"a@b.example\","
            "\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Name\",\"firstName\":\"F\","
            "\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\","
            "\"addressLine1\":\"1\",\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":\"B\"}}%s}",
            domain, more) > 0);
    const clti_test_response *answer =
        ask(live.client, NULL, CUSTOMERS, body, request, "MS-CorrelationId: " CORRELATION);
    free(body);
    if (answer->status != 201)
        fail_msg("%ld %s", answer->status, answer->body);
    snprintf(password, 64, "%s", clti_test_text_at(answer->json, "userCredentials.password"));
    char *path = clti_test_header(answer, "Location", 0);
    assert_non_null(path);
    return path;
}

/* Records whose `field` is so, newest first. */
static const clti_test_response *records_where(clti_test_client *client, const char *field,
                                               const char *value) {
    char target[256];
    snprintf(target, sizeof(target),
             AUDIT "?filter=%%7B%%22Field%%22:%%22%s%%22,%%22Value%%22:%%22%s%%22,%%22Operator%%22:%%22equals"
                   "%%22%%7D",
             field, value);
    const clti_test_response *page = clti_test_get(client, target, NULL);
    assert_int_equal(page->status, 200);
    return page;
}

static const clti_test_response *records_of(clti_test_client *client, const char *path) {
    return records_where(client, "CustomerId", path + sizeof(CUSTOMERS));
}

static void expect_text(const json_t *json, const char *path, const char *want) {
    const char *got = clti_test_text_at(json, path);
    if ((got == NULL) != (want == NULL) || (want && strcmp(got, want) != 0)) {
        char *text = json_dumps(json, JSON_COMPACT);
        fail_msg("%s is %s, want %s: %s", path, got ? got : "absent", want ? want : "absent", text);
    }
}

/* Old or new value: the resource as JSON text; `name` is what CompanyName says at this path. */
static void expect_kept(const json_t *record, const char *member, const char *path, const char *name) {
    const char *text = clti_test_text_at(record, member);
    if (!name) {
        assert_null(text);
        return;
    }
    assert_non_null(text);
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    expect_text(value, path, name);
    json_decref(value);
}

/* Value of a pair of customizedData, or NULL. */
static const char *customized(const json_t *record, const char *key) {
    size_t i;
    const json_t *pair;
    json_array_foreach(clti_test_at(record, "customizedData"), i, pair) {
        if (strcmp(clti_test_text_at(pair, "key"), key) == 0)
            return clti_test_text_at(pair, "value");
    }
    return NULL;
}

/* Who, what, when, and the request: what all records have. */
static void expect_record(const json_t *record, const char *path, const char *operation, int64_t since,
                          const char *request) {
    clti_date date;
    char id[256], word[64] = "";
    const char *customer = path + sizeof(CUSTOMERS);
    for (const char *at = operation; *at; at++)
        if (*at != '_')
            strncat(word, at, 1);
    expect_text(record, "partnerId", FABRIKAM);
    expect_text(record, "customerId", customer);
    expect_text(record, "applicationId", FABRIKAM_APP);
    expect_text(record, "userPrincipalName", NULL);
    expect_text(record, "resourceType", "customer");
    expect_text(record, "operationType", operation);
    expect_text(record, "operationStatus", "succeeded");
    expect_text(record, "originalCorrelationId", CORRELATION);
    expect_text(record, "attributes.objectType", "AuditRecord");
    assert_true(clti_date_parse(clti_str(clti_test_text_at(record, "operationDate")), &date));
    assert_true(date.ticks >= since && date.ticks <= clti_now_ticks() + CLTI_TICKS_PER_SECOND);
    snprintf(id, sizeof(id), FABRIKAM "_%s_%s_%s_%lld", customer, customer, word, (long long)date.ticks);
    expect_text(record, "id", id);
    assert_string_equal(customized(record, "RequestId"), request);
}

/* ---- each write ---------------------------------------------------------------------------------------- */

#define CORRELATED "MS-CorrelationId: " CORRELATION

static void test_each_write_leaves_one_record(void **state) {
    (void)state;
    char password[64], target[128];
    int64_t since = clti_now_ticks();
    char *path = make("life.example", "", "MS-RequestId: " REQUEST, password);
    snprintf(target, sizeof(target), "%s/profiles/billing", path);
    json_t *profile = json_deep_copy(clti_test_get(live.client, target, NULL)->json);
    json_object_set_new(profile, "companyName", json_string("Renamed"));
    char *body = json_dumps(profile, JSON_COMPACT);
    json_decref(profile);
    assert_int_equal(ask(live.client, "PUT", target, body, CORRELATED, NULL)->status, 200);
    assert_int_equal(
        ask(live.client, "PATCH", path, "{\"allowDelegatedAccess\":false}", CORRELATED, NULL)->status, 200);
    const clti_test_response *answer = ask(live.client, "DELETE", path, NULL, CORRELATED, NULL);
    assert_int_equal(answer->status, 204);
    char *generated = clti_test_header(answer, "MS-RequestId", 0);

    const clti_test_response *page = records_of(live.client, path);
    const json_t *items = clti_test_at(page->json, "items");
    assert_int_equal(json_array_size(items), 4);
    const json_t *record = json_array_get(items, 3);
    expect_record(record, path, "add_customer", since, REQUEST);
    expect_text(record, "customerName", "Name");
    expect_kept(record, "resourceOldValue", "CompanyProfile.CompanyName", NULL);
    expect_kept(record, "resourceNewValue", "CompanyProfile.CompanyName", "Name");
    expect_kept(record, "resourceNewValue", "UserCredentials.Password", "");
    assert_string_equal(customized(record, "PrimaryDomainName"), "life.example");
    assert_string_equal(customized(record, "Relationship"), "Reseller");
    record = json_array_get(items, 2);
    expect_record(record, path, "update_customer_billing_profile", since, customized(record, "RequestId"));
    expect_text(record, "customerName", "Renamed");
    expect_kept(record, "resourceOldValue", "CompanyName", "Name");
    expect_kept(record, "resourceNewValue", "CompanyName", "Renamed");
    record = json_array_get(items, 1);
    expect_record(record, path, "remove_partner_customer_relationship", since,
                  customized(record, "RequestId"));
    assert_string_equal(customized(record, "AllowDelegatedAccess"), "false");
    record = json_array_get(items, 0);
    expect_record(record, path, "delete_customer", since, generated);
    expect_kept(record, "resourceOldValue", "CompanyProfile.CompanyName", "Renamed");
    expect_kept(record, "resourceNewValue", "CompanyProfile.CompanyName", NULL);
    assert_null(strstr(page->body, password));
    assert_int_equal(strlen(password), 12);
    free(generated);
    free(body);
    free(path);
}

static void test_a_removed_relationship_is_recorded(void **state) {
    (void)state;
    char password[64];
    int64_t since = clti_now_ticks();
    char *path = make("removed.example", "", NULL, password);
    assert_int_equal(
        ask(live.client, "PATCH", path, "{\"relationshipToPartner\":\"none\"}", CORRELATED, NULL)->status,
        200);
    const clti_test_response *page = records_of(live.client, path);
    assert_int_equal(json_array_size(clti_test_at(page->json, "items")), 2);
    const json_t *record = clti_test_at(page->json, "items.0");
    expect_record(record, path, "remove_partner_customer_relationship", since,
                  customized(record, "RequestId"));
    assert_null(customized(record, "AllowDelegatedAccess"));
    expect_kept(record, "resourceOldValue", "RelationshipToPartner", "Reseller");
    expect_kept(record, "resourceNewValue", "RelationshipToPartner", "None");
    free(path);
}

static void test_a_refused_or_repeated_write_leaves_no_record(void **state) {
    (void)state;
    static const char same[] = "{\"allowDelegatedAccess\":false}";
    static const char id[] = "MS-RequestId: aaaaaaaa-0000-4000-8000-000000000002";
    char password[64], target[128];
    char *path = make("refused.example", "", NULL, password);
    snprintf(target, sizeof(target), "%s/profiles/billing", path);
    assert_int_equal(ask(live.client, "PATCH", path, same, id, NULL)->status, 200);
    size_t before = json_array_size(clti_test_at(clti_test_get(live.client, AUDIT, NULL)->json, "items"));
    const struct {
        const char *method, *target, *body, *header;
        long status;
    } rows[] = {
        {"PATCH", path, same, id, 200},
        {"PATCH", path, same, NULL, 200},
        {"PATCH", path, "{\"relationshipToPartner\":\"none\"}", id, 409},
        {"PATCH", path, "{\"relationshipToPartner\":\"advisor\"}", NULL, 400},
        {"PUT", target, "{\"companyName\":\"x\"}", "If-Match: \"1\"", 400},
        {"PUT", target, "{\"companyName\":\"x\"}", "If-Match: *", 400},
        {"DELETE", CUSTOMERS "/" UNKNOWN, NULL, NULL, 404},
        {"POST", CUSTOMERS, "{}", NULL, 400},
        {"POST", CUSTOMERS,
         "{\"companyProfile\":{\"domain\":\"refused.example\"},\"billingProfile\":{\"email\":\"a@b.example\","
         "\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Name\",\"firstName\":\"F\","
         "\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\",\"addressLine1\":"
         "\"1\","
         "\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":\"B\"}}}",
         NULL, 409},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *answer =
            ask(live.client, rows[i].method, rows[i].target, rows[i].body, rows[i].header, NULL);
        if (answer->status != rows[i].status)
            fail_msg("row %zu: %ld %s", i, answer->status, answer->body);
    }
    assert_int_equal(json_array_size(clti_test_at(clti_test_get(live.client, AUDIT, NULL)->json, "items")),
                     before);
    free(path);
}

/* ---- commands on the server's machine ------------------------------------------------------------------ */

static void expect_by_id(const json_t *record) {
    char target[512];
    snprintf(target, sizeof(target), AUDIT "/%s", clti_test_text_at(record, "id"));
    json_t *held = json_deep_copy(record);
    const clti_test_response *answer = clti_test_get(live.client, target, NULL);
    assert_int_equal(answer->status, 200);
    assert_true(json_equal(answer->json, held));
    json_decref(held);
}

static void test_commands_leave_records_of_applications_and_relationships(void **state) {
    (void)state;
    static const char gone[] = "55555555-0000-4000-8000-00000000000a";
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("app", "add", "--partner", FABRIKAM, "--id",
                                                             gone, "--data", live.folder)});
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("app", "remove", "--partner", "fabrikam.example",
                                                             "--data", live.folder, gone)});
    const json_t *items = clti_test_at(records_where(live.client, "ResourceType", "9")->json, "items");
    assert_int_equal(json_array_size(items), 2);
    const json_t *record = json_array_get(items, 0);
    expect_text(record, "operationType", "unregister_application");
    expect_text(record, "resourceType", "application");
    expect_text(record, "customerId", NULL);
    expect_text(record, "applicationId", NULL);
    expect_text(record, "originalCorrelationId", NULL);
    expect_kept(record, "resourceOldValue", "Id", gone);
    expect_kept(record, "resourceNewValue", "Id", NULL);
    assert_string_equal(customized(record, "Command"), "clienteled app remove");
    assert_non_null(customized(record, "SystemUser"));
    record = json_array_get(items, 1);
    expect_text(record, "operationType", "register_application");
    expect_kept(record, "resourceNewValue", "Id", gone);
    assert_string_equal(customized(record, "Command"), "clienteled app add");
    json_t *kept = json_loads(clti_test_text_at(record, "resourceNewValue"), 0, NULL);
    const json_t *secrets = json_object_get(kept, "Secrets"); /* their names, not they */
    assert_int_equal(json_array_size(secrets), 1);
    assert_int_equal(json_string_length(json_array_get(secrets, 0)), 8);
    json_decref(kept);
    expect_by_id(record);
    items = clti_test_at(records_where(live.client, "ResourceType", "PartnerRelationship")->json, "items");
    assert_int_equal(json_array_size(items), 1);
    record = json_array_get(items, 0);
    expect_text(record, "operationType", "create_partner_relationship");
    expect_kept(record, "resourceNewValue", "Id", RESELLER);
    expect_kept(record, "resourceNewValue", "Name", "reseller.example");
    expect_by_id(record);
}

/* ---- whose they are ------------------------------------------------------------------------------------ */

/* A reseller reads its provider's customers; what the provider did is the provider's to know. */
static void test_partners_see_their_own_records_alone(void **state) {
    (void)state;
    char password[64], target[512];
    char *path = make("indirect.example", ",\"associatedPartnerId\":\"" RESELLER "\"", NULL, password);
    assert_int_equal(clti_test_get(reseller, path, NULL)->status, 200);
    const clti_test_response *page = records_of(live.client, path);
    assert_int_equal(json_array_size(clti_test_at(page->json, "items")), 1);
    const char *value = clti_test_text_at(page->json, "items.0.resourceNewValue");
    assert_non_null(strstr(value, "\"AssociatedPartnerId\":\"" RESELLER "\""));
    snprintf(target, sizeof(target), AUDIT "/%s", clti_test_text_at(page->json, "items.0.id"));
    assert_int_equal(clti_test_get(live.client, target, NULL)->status, 200);
    clti_test_client *const others[] = {reseller, other};
    for (size_t i = 0; i < CLTI_COUNT(others); i++) {
        assert_int_equal(json_array_size(clti_test_at(records_of(others[i], path)->json, "items")), 0);
        assert_int_equal(json_array_size(clti_test_at(clti_test_get(others[i], AUDIT, NULL)->json, "items")),
                         0);
        scene_expect_fault(clti_test_get(others[i], target, NULL), 404, 1000, NULL, "by its id");
    }
    free(path);
}

static void test_a_token_of_another_partner_is_refused(void **state) {
    (void)state;
    char header[2200];
    const clti_test_response *page = clti_test_get(live.client, AUDIT "?size=1", NULL);
    snprintf(header, sizeof(header), "MS-ContinuationToken: %s",
             clti_test_text_at(page->json, "continuationToken"));
    assert_int_equal(clti_test_get(live.client, AUDIT, CLTI_TEST_WORDS(header))->status, 200);
    scene_expect_fault(clti_test_get(other, AUDIT, CLTI_TEST_WORDS(header)), 400, 2000,
                       "MS-ContinuationToken", "another's");
    scene_expect_fault(clti_test_get(live.client, CUSTOMERS, CLTI_TEST_WORDS(header)), 400, 2000,
                       "MS-ContinuationToken", "of another list");
    page = clti_test_get(live.client, CUSTOMERS "?size=1", NULL);
    snprintf(header, sizeof(header), "MS-ContinuationToken: %s",
             clti_test_text_at(page->json, "continuationToken"));
    scene_expect_fault(clti_test_get(live.client, AUDIT, CLTI_TEST_WORDS(header)), 400, 2000,
                       "MS-ContinuationToken", "of the list of customers");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_write_leaves_one_record),
        cmocka_unit_test(test_a_removed_relationship_is_recorded),
        cmocka_unit_test(test_a_refused_or_repeated_write_leaves_no_record),
        cmocka_unit_test(test_commands_leave_records_of_applications_and_relationships),
        cmocka_unit_test(test_partners_see_their_own_records_alone),
        cmocka_unit_test(test_a_token_of_another_partner_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
