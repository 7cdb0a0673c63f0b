/* Changing customers: what is sent, and what is made of each kind of answer. */
#include "fixture.h"

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

#define ID "00000000-0000-4000-8000-000000000001"

static const clt_address_input REDMOND = {.size = sizeof(clt_address_input),
                                          .country = "US",
                                          .city = "Redmond",
                                          .state = "WA",
                                          .address_line1 = "1 Main \"St\"",
                                          .postal_code = "98052",
                                          .first_name = "Ada",
                                          .last_name = "Byron"};
static const clt_billing_profile_input CONTOSO = {.size = sizeof(clt_billing_profile_input),
                                                  .email = "ada@contoso.example",
                                                  .culture = "en-US",
                                                  .language = "en",
                                                  .company_name = "Contoso",
                                                  .default_address = &REDMOND,
                                                  .etag = "-42"};

static const char *sent(fixture *test, size_t index, const char *member) {
    return scripted_text(scripted_requests(&test->service, "api"), index, member);
}

static const char *sent_header(fixture *test, size_t index, const char *name) {
    return scripted_header(scripted_requests(&test->service, "api"), index, name);
}

static void expect_request(fixture *test, const char *method, const char *target, const char *body) {
    size_t last = scripted_count(&test->service, "api") - 1;
    assert_string_equal(sent(test, last, "method"), method);
    assert_string_equal(sent(test, last, "target"), target);
    assert_string_equal(sent(test, last, "body"), body);
}

/* ---- create -------------------------------------------------------------------------------------------- */

#define CREATED                                                                                              \
    "{\"id\":\"" ID "\",\"companyProfile\":{\"domain\":\"c.example\"},\"userCredentials\":"                  \
    "{\"userName\":\"admin\",\"password\":\"hunter2\"},\"allowDelegatedAccess\":true}\n"

static void test_a_customer_is_sent_whole_and_its_password_handed_out(void **state) {
    (void)state;
    fixture test;
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    const clt_customer_input input = clt_customer_input_of("c.example", &CONTOSO);
    fixture_open(&test, "> 201\n\n" CREATED, NULL);
    fixture_expect_ok(clt_customers_create(test.partner, &input, NULL, &customer, &err), &err);
    assert_string_equal(customer->id.data, ID);
    assert_string_equal(customer->user_credentials->user_name.data, "admin");
    assert_string_equal(customer->user_credentials->password.data, "hunter2");
    clt_customer_free(customer);
    expect_request(&test, "POST", "/v1/customers",
                   "{\"companyProfile\":{\"domain\":\"c.example\"},\"billingProfile\":{\"email\":"
                   "\"ada@contoso.example\",\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":"
                   "\"Contoso\",\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\","
                   "\"addressLine1\":\"1 Main \\\"St\\\"\",\"postalCode\":\"98052\",\"firstName\":\"Ada\","
                   "\"lastName\":\"Byron\"}}}");
    assert_string_equal(sent_header(&test, 0, "Content-Type"), "application/json");
    assert_null(sent_header(&test, 0, "If-Match"));
    fixture_close(&test);
}

static void test_a_customer_for_a_reseller_names_it(void **state) {
    (void)state;
    fixture test;
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    clt_customer_input input = clt_customer_input_for(ID, "c.example", &CONTOSO);
    input.organization_registration_number = "12-3";
    fixture_open(&test, "> 201\n\n" CREATED, NULL);
    fixture_expect_ok(clt_customers_create(test.partner, &input, NULL, &customer, &err), &err);
    clt_customer_free(customer);
    assert_non_null(strstr(sent(&test, 0, "body"), "\"organizationRegistrationNumber\":\"12-3\"}"));
    assert_non_null(strstr(sent(&test, 0, "body"), ",\"associatedPartnerId\":\"" ID "\"}"));
    fixture_close(&test);
}

static void test_a_creation_that_is_tried_again_keeps_its_request_id(void **state) {
    (void)state;
    fixture test;
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    const clt_customer_input input = clt_customer_input_of("c.example", &CONTOSO);
    fixture_open(&test, "> close\n> 500\n> 201 cut=20\n\n" CREATED "> 201\n\n" CREATED, NULL);
    fixture_expect_ok(clt_customers_create(test.partner, &input, NULL, &customer, &err), &err);
    clt_customer_free(customer);
    assert_int_equal(scripted_count(&test.service, "api"), 4);
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(sent_header(&test, i, "MS-RequestId"), sent_header(&test, 0, "MS-RequestId"));
        assert_string_equal(sent(&test, i, "body"), sent(&test, 0, "body"));
    }
    fixture_close(&test);
}

static void test_a_refused_creation_names_every_member_and_is_not_tried_again(void **state) {
    (void)state;
    static const struct {
        const char *script, *detail;
        clt_status status;
        size_t detail_count;
    } rows[] = {
        {"> 400\n\n{\"code\":3000,\"description\":\"bad\",\"data\":[\"BillingProfile.Email\","
         "\"BillingProfile.Culture\"]}\n",
         "BillingProfile.Culture", CLT_ERR_BAD_INPUT, 2},
        {"> 409\n\n{\"code\":3000,\"description\":\"taken\",\"data\":[\"CompanyProfile.Domain\"]}\n",
         "CompanyProfile.Domain", CLT_ERR_ALREADY_EXISTS, 1},
        {"> 403\n\n{\"code\":600006,\"description\":\"no\",\"data\":[]}\n", NULL, CLT_ERR_FORBIDDEN, 0},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        const clt_customer *customer = NULL;
        clt_error *err = NULL;
        const clt_customer_input input = clt_customer_input_of("c.example", &CONTOSO);
        fixture_open(&test, rows[i].script, NULL);
        assert_int_equal(clt_customers_create(test.partner, &input, NULL, &customer, &err), rows[i].status);
        assert_null(customer);
        assert_int_equal(err->detail_count, rows[i].detail_count);
        if (rows[i].detail)
            assert_string_equal(err->details[err->detail_count - 1].data, rows[i].detail);
        assert_string_equal(err->operation.data, "POST /v1/customers");
        clt_error_free(err);
        fixture_close(&test);
    }
}

static void test_what_cannot_be_meant_is_refused_before_it_is_sent(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_customer_input input = clt_customer_input_of("c.example", &CONTOSO);
    clt_billing_profile_input profile = CONTOSO;
    clt_address_input address = REDMOND;
    const clt_customer *customer = NULL;
    fixture_open(&test, "", NULL);
    clt_status status = clt_customers_create(test.partner, NULL, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_customers_create(NULL, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_customers_create(test.partner, &input, NULL, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    input.domain = "";
    status = clt_customers_create(test.partner, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    input.domain = "c.example";
    input.billing_profile = NULL;
    status = clt_customers_create(test.partner, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    input.billing_profile = &profile;
    profile.default_address = NULL;
    status = clt_customers_create(test.partner, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    profile.default_address = &address;
    address.size = 0;
    status = clt_customers_create(test.partner, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    address = REDMOND;
    address.city = "\xff";
    status = clt_customers_create(test.partner, &input, NULL, &customer, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_customers_delete(test.partner, "7", NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_customers_delete(test.partner, NULL, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    assert_int_equal(clt_customers_delete(test.partner, "7", NULL, NULL), CLT_ERR_ARGUMENT);
    fixture_close(&test);
}

/* ---- remove, delete ------------------------------------------------------------------------------------ */

static void test_a_customer_is_deleted(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    fixture_open(&test, "> 204\n> 400\n\n{\"code\":900127,\"description\":\"no sandbox\",\"data\":[]}\n",
                 NULL);
    fixture_expect_ok(clt_customers_delete(test.partner, "{" ID "}", NULL, &err), &err);
    expect_request(&test, "DELETE", "/v1/customers/" ID, "");
    clt_status status = clt_customers_delete(test.partner, ID, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_BAD_INPUT);
    fixture_close(&test);
}

static void test_relationship_and_access_are_removed_whatever_the_answer_says(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    fixture_open(&test, "> 200\n> 200\n\n{\"id\":\"" ID "\"}\n", NULL);
    fixture_expect_ok(clt_customers_remove_relationship(test.partner, ID, NULL, &err), &err);
    expect_request(&test, "PATCH", "/v1/customers/" ID,
                   "{\"relationshipToPartner\":\"none\",\"attributes\":{\"objectType\":\"Customer\"}}");
    fixture_expect_ok(clt_customers_remove_delegated_access(test.partner, ID, NULL, &err), &err);
    expect_request(&test, "PATCH", "/v1/customers/" ID,
                   "{\"allowDelegatedAccess\":false,\"attributes\":{\"objectType\":\"Customer\"}}");
    fixture_close(&test);
}

/* ---- profiles ------------------------------------------------------------------------------------------ */

#define PROFILE                                                                                              \
    "{\"id\":\"" ID "\",\"firstName\":\"Ada\",\"email\":\"ada@contoso.example\",\"culture\":\"en-US\","      \
    "\"language\":\"en\",\"companyName\":\"Contoso\",\"defaultAddress\":{\"country\":\"US\",\"city\":"       \
    "\"Redmond\",\"middleName\":\"M\"},\"attributes\":{\"etag\":\"7\"}}\n"

static void test_a_profile_that_was_read_can_be_sent_back_changed(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_billing_profile *profile = NULL;
    fixture_open(&test, "> 200\n\n" PROFILE "> 200\n\n" PROFILE "> 200\n\n" PROFILE, NULL);
    fixture_expect_ok(clt_billing_profile_get(test.partner, ID, NULL, &profile, &err), &err);
    assert_string_equal(profile->etag.data, "7");
    clt_address_input address = clt_address_input_from(profile->default_address);
    clt_billing_profile_input input = clt_billing_profile_input_from(profile, &address);
    input.company_name = "Renamed";
    fixture_expect_ok(clt_billing_profile_update(test.partner, ID, &input, NULL, NULL, &err), &err);
    expect_request(&test, "PUT", "/v1/customers/" ID "/profiles/billing",
                   "{\"firstName\":\"Ada\",\"email\":\"ada@contoso.example\",\"culture\":\"en-US\","
                   "\"language\":\"en\",\"companyName\":\"Renamed\",\"defaultAddress\":{\"country\":\"US\","
                   "\"city\":\"Redmond\",\"middleName\":\"M\"},\"attributes\":{\"etag\":\"7\",\"objectType\":"
                   "\"CustomerBillingProfile\"}}");
    assert_string_equal(sent_header(&test, 1, "If-Match"), "\"7\"");
    clt_billing_profile_free(profile);
    input = CONTOSO;
    input.etag = "*";
    profile = NULL;
    fixture_expect_ok(clt_billing_profile_update(test.partner, ID, &input, NULL, &profile, &err), &err);
    assert_string_equal(profile->company_name.data, "Contoso");
    assert_string_equal(sent_header(&test, 2, "If-Match"), "*");
    assert_null(strstr(sent(&test, 2, "body"), "etag"));
    clt_billing_profile_free(profile);
    fixture_close(&test);
}

static void test_a_stale_etag_is_a_failed_precondition_however_the_service_says_it(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    fixture_open(&test,
                 "> 400\n\n{\"code\":2055,\"description\":\"Etag is no longer valid\",\"data\":[]}\n"
                 "> 412\n",
                 NULL);
    for (int i = 0; i < 2; i++) {
        clt_status status = clt_billing_profile_update(test.partner, ID, &CONTOSO, NULL, NULL, &err);
        fixture_expect_error(status, &err, CLT_ERR_PRECONDITION_FAILED);
    }
    clt_billing_profile_input input = CONTOSO;
    static const char *const tags[] = {NULL, "", "a\"b", "a\r\nb"};
    for (size_t i = 0; i < CLTI_COUNT(tags); i++) {
        input.etag = tags[i];
        clt_status status = clt_billing_profile_update(test.partner, ID, &input, NULL, NULL, &err);
        fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    }
    fixture_close(&test);
}

static void test_a_company_profile_is_read(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_company_profile *profile = NULL;
    fixture_open(&test, "> 200\n\n{\"domain\":\"c.example\",\"email\":\"a@c.example\"}\n> 404\n", NULL);
    fixture_expect_ok(clt_company_profile_get(test.partner, ID, NULL, &profile, &err), &err);
    assert_string_equal(profile->domain.data, "c.example");
    assert_null(profile->address);
    expect_request(&test, "GET", "/v1/customers/" ID "/profiles/company", "");
    clt_company_profile_free(profile);
    clt_status status = clt_company_profile_get(test.partner, ID, NULL, &profile, &err);
    fixture_expect_error(status, &err, CLT_ERR_NOT_FOUND);
    fixture_close(&test);
}

/* ---- qualification ------------------------------------------------------------------------------------- */

static void test_qualifications_are_read_from_an_array_and_added(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_qualifications *list = NULL;
    const clt_qualification *one = NULL;
    fixture_open(&test,
                 "> 200 bom\n\n[{\"qualification\":\"Education\",\"vettingStatus\":\"InReview\","
                 "\"vettingCreatedDate\":\"2026-01-01\"},{\"qualification\":9}]\n"
                 "> 200\n\n[]\n> 200\n\n[1]\n> 200\n\n]\n"
                 "> 201\n\n{\"qualification\":\"Nonprofit\",\"vettingStatus\":\"Approved\"}\n",
                 NULL);
    fixture_expect_ok(clt_qualifications_get(test.partner, ID, NULL, &list, &err), &err);
    assert_int_equal(list->count, 2);
    assert_string_equal(list->items[0].vetting_created_date.data, "2026-01-01");
    assert_string_equal(list->items[1].qualification.data, "9");
    clt_qualifications_free(list);
    fixture_expect_ok(clt_qualifications_get(test.partner, ID, NULL, &list, &err), &err);
    assert_int_equal(list->count, 0);
    clt_qualifications_free(list);
    for (int i = 0; i < 2; i++) {
        clt_status status = clt_qualifications_get(test.partner, ID, NULL, &list, &err);
        fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
    }
    fixture_expect_ok(clt_qualifications_add(test.partner, ID, "nonprofit", "a b", NULL, &one, &err), &err);
    assert_string_equal(one->vetting_status.data, "Approved");
    expect_request(&test, "POST", "/v1/customers/" ID "/qualifications?code=a%20b",
                   "{\"qualification\":\"nonprofit\"}");
    clt_qualification_free(one);
    fixture_close(&test);
}

static void test_inputs_from_what_is_absent_are_empty(void **state) {
    (void)state;
    const clt_address_input address = clt_address_input_from(NULL);
    const clt_billing_profile_input input = clt_billing_profile_input_from(NULL, &address);
    assert_null(address.country);
    assert_null(input.email);
    assert_ptr_equal(input.default_address, &address);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inputs_from_what_is_absent_are_empty),
        cmocka_unit_test(test_a_customer_is_sent_whole_and_its_password_handed_out),
        cmocka_unit_test(test_a_customer_for_a_reseller_names_it),
        cmocka_unit_test(test_a_creation_that_is_tried_again_keeps_its_request_id),
        cmocka_unit_test(test_a_refused_creation_names_every_member_and_is_not_tried_again),
        cmocka_unit_test(test_what_cannot_be_meant_is_refused_before_it_is_sent),
        cmocka_unit_test(test_a_customer_is_deleted),
        cmocka_unit_test(test_relationship_and_access_are_removed_whatever_the_answer_says),
        cmocka_unit_test(test_a_profile_that_was_read_can_be_sent_back_changed),
        cmocka_unit_test(test_a_stale_etag_is_a_failed_precondition_however_the_service_says_it),
        cmocka_unit_test(test_a_company_profile_is_read),
        cmocka_unit_test(test_qualifications_are_read_from_an_array_and_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
