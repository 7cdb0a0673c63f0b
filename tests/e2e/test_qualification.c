/* Qualifications of customers over HTTP (api.md 4.16). */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define CUSTOMER     "11111111-2222-4333-8444-00000000000a"
#define INDIRECT     "11111111-2222-4333-8444-00000000000b"
#define UNKNOWN      "11111111-2222-4333-8444-00000000000c"
#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define PATH(id)     "/v1/customers/" id
#define WORD         PATH(CUSTOMER) "/qualification"
#define OBJECTS      PATH(CUSTOMER) "/qualifications"

static const char CUSTOMERS[] =
    "{\"id\":\"" CUSTOMER
    "\",\"companyProfile\":{\"domain\":\"school.example\",\"companyName\":\"School\"}}\n"
    "{\"id\":\"" INDIRECT "\",\"companyProfile\":{\"domain\":\"town.example\",\"companyName\":\"Town\"},"
    "\"associatedPartnerId\":\"" RESELLER "\"}\n";

static scene lenient, strict;
static clti_test_client *reseller;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, RESELLER, "reseller.example", RESELLER_APP);
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS(
                                                        "partner", "link", "--data", folder, "--provider",
                                                        FABRIKAM, "--reseller", RESELLER)});
    scene_import(folder, FABRIKAM, CUSTOMERS);
    const char *copy = scene_copy_store(folder);
    scene_open(&lenient, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    scene_open(&strict, copy, CLTI_TEST_WORDS("--customers-review-qualifications"));
    reseller = clti_test_client_new(&lenient.server);
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(reseller);
    scene_close(&lenient);
    scene_close(&strict);
    return scene_group_teardown(state);
}

static const clti_test_response *send_to(clti_test_client *client, const char *method, const char *target,
                                         const char *body, const char *header) {
    return clti_test_send(
        client, &(clti_test_request){.method = method,
                                     .target = target,
                                     .body = body,
                                     .headers = CLTI_TEST_WORDS("Content-Type: application/json", header)});
}

static void expect_body(const clti_test_response *answer, long status, const char *want) {
    if (answer->status != status || strcmp(answer->body, want) != 0)
        fail_msg("%ld %s, want %ld %s", answer->status, answer->body, status, want);
}

static void test_a_word_is_put_and_read_in_each_of_its_forms(void **state) {
    (void)state;
    static const struct {
        const char *body, *word, *name;
    } rows[] = {
        {"\"education\"", "\"education\"", "Education"},
        {"1", "\"education\"", "Education"},
        {" \"Nonprofit\" ", "\"nonprofit\"", "Nonprofit"},
        {"\"governmentcommunitycloud\"", "\"government_community_cloud\"", "GovernmentCommunityCloud"},
        {"\"GovernmentCommunityCloud\"", "\"government_community_cloud\"", "GovernmentCommunityCloud"},
        {"4", "\"state_owned_entity\"", "StateOwnedEntity"},
        {"0", "\"none\"", NULL},
        {"\"none\"", "\"none\"", NULL},
    };
    expect_body(clti_test_get(lenient.client, WORD, NULL), 200, "\"none\"");
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        expect_body(send_to(lenient.client, "PUT", WORD "?code=x", rows[i].body, NULL), 200, rows[i].word);
        expect_body(clti_test_get(lenient.client, WORD, NULL), 200, rows[i].word);
        const clti_test_response *answer = clti_test_get(lenient.client, OBJECTS, NULL);
        if (!rows[i].name) {
            expect_body(answer, 200, "[]");
            continue;
        }
        assert_int_equal(json_array_size(answer->json), 1);
        assert_string_equal(clti_test_text_at(answer->json, "0.qualification"), rows[i].name);
        assert_string_equal(clti_test_text_at(answer->json, "0.vettingStatus"), "Approved");
        assert_string_equal(clti_test_text_at(answer->json, "0.vettingCreateDate"),
                            clti_test_text_at(answer->json, "0.vettingCreatedDate"));
    }
}

static void test_an_object_is_added_once_for_one_request(void **state) {
    (void)state;
    static const char id[] = "MS-RequestId: aaaaaaaa-0000-4000-8000-000000000009";
    static const char body[] =
        "{\"Qualification\":\"education\",\"EducationSegment\":\"k12\",\"Website\":\"x\",}";
    const clti_test_response *answer = send_to(lenient.client, "POST", OBJECTS, body, id);
    assert_int_equal(answer->status, 201);
    char *first = strdup(answer->body);
    expect_body(send_to(lenient.client, "POST", OBJECTS, body, id), 201, first);
    scene_expect_fault(send_to(lenient.client, "POST", OBJECTS, "{\"Qualification\":\"nonprofit\"}", id), 409,
                       3000, "MS-RequestId", "another body");
    /* The same again, as a new request, keeps its date. */
    expect_body(send_to(lenient.client, "POST", OBJECTS, body, NULL), 201, first);
    free(first);
    /* Each change is audited, what changes nothing is not. */
    expect_body(send_to(lenient.client, "PUT", WORD, "\"none\"", NULL), 200, "\"none\"");
    answer = clti_test_get(lenient.client, "/v1/auditrecords?size=2", NULL);
    assert_string_equal(clti_test_text_at(answer->json, "items.0.operationType"),
                        "update_customer_qualification");
    assert_string_equal(clti_test_text_at(answer->json, "items.0.customerName"), "School");
    assert_string_equal(clti_test_text_at(answer->json, "items.0.resourceOldValue"),
                        "{\"Qualification\":\"Education\"}");
    assert_string_equal(clti_test_text_at(answer->json, "items.0.resourceNewValue"),
                        "{\"Qualification\":\"None\"}");
    assert_string_equal(clti_test_text_at(answer->json, "items.1.resourceNewValue"),
                        "{\"Qualification\":\"Education\"}");
}

static void test_wrong_bodies_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *method, *body;
        int code;
        const char *member;
    } rows[] = {
        {"PUT", "\"school\"", 900126, "Qualification"},
        {"PUT", "\"\"", 900126, "Qualification"},
        {"PUT", "5", 900126, "Qualification"},
        {"PUT", "-1", 900126, "Qualification"},
        {"PUT", "{\"Qualification\":\"education\"}", 800002, NULL},
        {"PUT", "education", 800002, NULL},
        {"PUT", "true", 800002, NULL},
        {"POST", "\"education\"", 800002, NULL},
        {"POST", "{\"Qualification\":\"school\"}", 900126, "Qualification"},
        {"POST", "{\"Qualification\":[]}", 900126, "Qualification"},
        {"POST", "{}", 3000, "Qualification"},
        {"POST", "{\"Qualification\":null}", 3000, "Qualification"},
        {"POST", "{\"Qualification\":\"none\"}", 3000, "Qualification"},
        {"POST", "{\"Qualification\":\"education\",\"Website\":7}", 3000, "Website"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        scene_expect_fault(send_to(lenient.client, rows[i].method,
                                   *rows[i].method == 'P' && rows[i].method[1] == 'U' ? WORD : OBJECTS,
                                   rows[i].body, NULL),
                           400, rows[i].code, rows[i].member, rows[i].body);
    const clti_test_response *answer =
        send_to(lenient.client, "POST", OBJECTS, "{\"EducationSegment\":1,\"ValidationCode\":{}}", NULL);
    assert_int_equal(answer->status, 400);
    assert_int_equal(json_array_size(clti_test_at(answer->json, "data")), 3);
    expect_body(clti_test_get(lenient.client, WORD, NULL), 200, "\"none\"");
}

static void test_education_and_government_wait_in_review_if_it_is_set(void **state) {
    (void)state;
    static const struct {
        const char *word, *status;
    } rows[] = {{"\"education\"", "InReview"}, {"\"nonprofit\"", "Approved"}, {"3", "InReview"}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_int_equal(send_to(strict.client, "PUT", WORD, rows[i].word, NULL)->status, 200);
        assert_string_equal(
            clti_test_text_at(clti_test_get(strict.client, OBJECTS, NULL)->json, "0.vettingStatus"),
            rows[i].status);
    }
    scene_expect_fault(send_to(strict.client, "POST", OBJECTS, "{\"Qualification\":\"education\"}", NULL),
                       403, 900329, NULL, "app only");
}

/* An import says nothing of it. */
static void test_it_outlives_an_import(void **state) {
    (void)state;
    static const char again[] =
        "{\"id\":\"" CUSTOMER
        "\",\"companyProfile\":{\"domain\":\"school.example\",\"companyName\":\"New\"}}";
    assert_int_equal(send_to(lenient.client, "PUT", WORD, "2", NULL)->status, 200);
    scene_import(lenient.folder, FABRIKAM, again);
    expect_body(clti_test_get(lenient.client, WORD, NULL), 200, "\"nonprofit\"");
    assert_int_equal(send_to(lenient.client, "PUT", WORD, "0", NULL)->status, 200);
}

static void test_whose_customer_it_is_counts(void **state) {
    (void)state;
    static const char *const below[] = {"/qualification", "/qualifications"};
    for (size_t i = 0; i < CLTI_COUNT(below); i++) {
        char target[128];
        const char *method = i ? "POST" : "PUT", *body = i ? "{\"Qualification\":1}" : "1";
        snprintf(target, sizeof(target), PATH(INDIRECT) "%s", below[i]);
        assert_int_equal(clti_test_get(reseller, target, NULL)->status, 200);
        scene_expect_fault(send_to(reseller, method, target, body, NULL), 403, 600006, NULL, target);
        snprintf(target, sizeof(target), PATH(CUSTOMER) "%s", below[i]);
        scene_expect_fault(clti_test_get(reseller, target, NULL), 404, 60003, NULL, target);
        scene_expect_fault(send_to(reseller, method, target, body, NULL), 404, 60003, NULL, target);
        snprintf(target, sizeof(target), PATH(UNKNOWN) "%s", below[i]);
        scene_expect_fault(clti_test_get(lenient.client, target, NULL), 404, 60003, NULL, target);
        snprintf(target, sizeof(target), PATH("x") "%s", below[i]);
        scene_expect_fault(clti_test_get(lenient.client, target, NULL), 400, 900118, "customer_id", target);
    }
}

static void test_there_are_no_validations(void **state) {
    (void)state;
    expect_body(clti_test_get(lenient.client, "/v1/customers/all/validations", NULL), 200, "[]");
    scene_expect_fault(clti_test_get(lenient.client, PATH(CUSTOMER) "/validationStatus?type=Account", NULL),
                       404, 1000, NULL, "validationStatus");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_word_is_put_and_read_in_each_of_its_forms),
        cmocka_unit_test(test_an_object_is_added_once_for_one_request),
        cmocka_unit_test(test_wrong_bodies_are_refused),
        cmocka_unit_test(test_education_and_government_wait_in_review_if_it_is_set),
        cmocka_unit_test(test_it_outlives_an_import),
        cmocka_unit_test(test_whose_customer_it_is_counts),
        cmocka_unit_test(test_there_are_no_validations),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
