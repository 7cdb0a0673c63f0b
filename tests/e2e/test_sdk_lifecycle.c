/* libclientele against clienteled: the life of a customer, from its creation to its end. */
#include "sdk_partner.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define NOBODY       "00000000-0000-4000-8000-00000000000a"
#define REQUEST      "3705fc6d-4127-4a87-bdba-9658f73fe019"

static scene shared;
static clt_partner *partner;

static int setup(void **state) {
    char base_url[80];
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, RESELLER, "reseller.example", RESELLER_APP);
    clti_test_run_expecting(0, &(clti_test_command){.arguments = CLTI_TEST_WORDS(
                                                        "partner", "link", "--data", folder, "--provider",
                                                        FABRIKAM, "--reseller", RESELLER)});
    scene_open(&shared, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    snprintf(base_url, sizeof(base_url), "http://%s", shared.server.address);
    partner = sdk_partner(base_url, NULL, FABRIKAM, FABRIKAM_APP);
    return 0;
}

static int teardown(void **state) {
    clt_partner_free(partner);
    scene_close(&shared);
    return scene_group_teardown(state);
}

/* ---- what is sent -------------------------------------------------------------------------------------- */

static const clt_address_input REDMOND = {.size = sizeof(clt_address_input),
                                          .country = "US",
                                          .city = "Redmond",
                                          .state = "WA",
                                          .address_line1 = "1 Main St",
                                          .postal_code = "98052",
                                          .first_name = "Ada",
                                          .last_name = "Byron",
                                          .phone_number = "4255550101"};
static const clt_billing_profile_input CONTOSO = {.size = sizeof(clt_billing_profile_input),
                                                  .email = "ada@contoso.example",
                                                  .culture = "en-US",
                                                  .language = "en",
                                                  .company_name = "Contoso \"\xc3\x84\"",
                                                  .first_name = "Ada",
                                                  .default_address = &REDMOND};

static const clt_customer *create(const clt_customer_input *input, const clt_request_context *context) {
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    sdk_expect_ok(clt_customers_create(partner, input, context, &customer, &err), &err);
    return customer;
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void test_a_customer_lives_from_creation_to_deletion(void **state) {
    (void)state;
    clt_error *err = NULL;
    int exists = -1;
    const clt_customer_input input = clt_customer_input_of("life.onmicrosoft.com", &CONTOSO);
    sdk_expect_ok(clt_domain_exists(partner, "life", NULL, &exists, &err), &err);
    assert_int_equal(exists, 0);
    const clt_customer *made = create(&input, NULL), *read = NULL;
    assert_string_equal(made->user_credentials->user_name.data, "admin");
    assert_int_equal(made->user_credentials->password.size, 12);
    assert_string_equal(made->company_profile->company_name.data, "Contoso \"\xc3\x84\"");
    sdk_expect_ok(clt_domain_exists(partner, "LIFE.onmicrosoft.com", NULL, &exists, &err), &err);
    assert_int_equal(exists, 1);

    sdk_expect_ok(clt_customers_get(partner, made->id.data, NULL, &read, &err), &err);
    assert_null(read->user_credentials);
    assert_string_equal(read->billing_profile->default_address->phone_number.data, "4255550101");
    clt_customer_free(read);
    const clt_company_profile *company = NULL;
    sdk_expect_ok(clt_company_profile_get(partner, made->id.data, NULL, &company, &err), &err);
    assert_string_equal(company->address->region.data, "WA");
    clt_company_profile_free(company);

    sdk_expect_ok(clt_customers_remove_delegated_access(partner, made->id.data, NULL, &err), &err);
    sdk_expect_ok(clt_customers_get(partner, made->id.data, NULL, &read, &err), &err);
    assert_int_equal(read->allow_delegated_access, CLT_FALSE);
    clt_customer_free(read);
    sdk_expect_ok(clt_customers_delete(partner, made->id.data, NULL, &err), &err);
    sdk_expect_error(clt_customers_delete(partner, made->id.data, NULL, &err), &err, CLT_ERR_NOT_FOUND);
    sdk_expect_ok(clt_domain_exists(partner, "life", NULL, &exists, &err), &err);
    assert_int_equal(exists, 0);
    clt_customer_free(made);
}

static void test_the_same_request_id_gives_the_same_customer_and_password(void **state) {
    (void)state;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_customer_input input = clt_customer_input_of("once.example", &CONTOSO);
    clt_error *err = NULL;
    context.request_id = REQUEST;
    const clt_customer *first = create(&input, &context), *second = create(&input, &context);
    assert_string_equal(first->id.data, second->id.data);
    assert_string_equal(first->user_credentials->password.data, second->user_credentials->password.data);
    clt_customer_free(second);
    input.domain = "twice.example";
    sdk_expect_error(clt_customers_create(partner, &input, &context, &second, &err), &err,
                     CLT_ERR_ALREADY_EXISTS);
    input.domain = "ONCE.example";
    sdk_expect_error(clt_customers_create(partner, &input, NULL, &second, &err), &err,
                     CLT_ERR_ALREADY_EXISTS);
    clt_customer_free(first);
}

static void test_all_that_is_wrong_is_named(void **state) {
    (void)state;
    clt_billing_profile_input profile = CONTOSO;
    clt_address_input address = REDMOND;
    clt_error *err = NULL;
    const clt_customer *customer = NULL;
    profile.email = NULL;
    profile.culture = NULL;
    profile.default_address = &address;
    const clt_customer_input input = clt_customer_input_of("wrong.example", &profile);
    assert_int_equal(clt_customers_create(partner, &input, NULL, &customer, &err), CLT_ERR_BAD_INPUT);
    assert_int_equal(err->detail_count, 2);
    assert_string_equal(err->service_code.data, "3000");
    clt_error_free(err);
}

static void test_of_two_changes_with_one_etag_the_second_is_refused(void **state) {
    (void)state;
    clt_error *err = NULL;
    const clt_billing_profile *profile = NULL, *changed = NULL;
    const clt_customer_input input = clt_customer_input_of("etag.example", &CONTOSO);
    const clt_customer *customer = create(&input, NULL), *read = NULL;
    sdk_expect_ok(clt_billing_profile_get(partner, customer->id.data, NULL, &profile, &err), &err);
    clt_address_input address = clt_address_input_from(profile->default_address);
    clt_billing_profile_input change = clt_billing_profile_input_from(profile, &address);
    change.company_name = "First";
    sdk_expect_ok(clt_billing_profile_update(partner, customer->id.data, &change, NULL, &changed, &err),
                  &err);
    assert_string_equal(changed->company_name.data, "First");
    assert_string_not_equal(changed->etag.data, profile->etag.data);
    change.company_name = "Second";
    sdk_expect_error(clt_billing_profile_update(partner, customer->id.data, &change, NULL, NULL, &err), &err,
                     CLT_ERR_PRECONDITION_FAILED);
    sdk_expect_ok(clt_customers_get(partner, customer->id.data, NULL, &read, &err), &err);
    assert_string_equal(read->company_profile->company_name.data, "First");
    change.etag = "*";
    sdk_expect_ok(clt_billing_profile_update(partner, customer->id.data, &change, NULL, NULL, &err), &err);
    clt_billing_profile_free(changed);
    clt_billing_profile_free(profile);
    clt_customer_free(read);
    clt_customer_free(customer);
}

static void test_a_relationship_that_was_removed_is_gone(void **state) {
    (void)state;
    clt_error *err = NULL;
    const clt_customer_input input = clt_customer_input_of("removed.example", &CONTOSO);
    const clt_customer *customer = create(&input, NULL), *read = NULL;
    sdk_expect_ok(clt_customers_remove_relationship(partner, customer->id.data, NULL, &err), &err);
    sdk_expect_error(clt_customers_get(partner, customer->id.data, NULL, &read, &err), &err,
                     CLT_ERR_FORBIDDEN);
    sdk_expect_error(clt_customers_remove_relationship(partner, NOBODY, NULL, &err), &err, CLT_ERR_NOT_FOUND);
    clt_customer_free(customer);
}

static void test_resellers_are_found_and_have_customers(void **state) {
    (void)state;
    clt_error *err = NULL;
    const clt_relationships *list = NULL;
    const clt_customer_input input = clt_customer_input_for(RESELLER, "indirect.example", &CONTOSO);
    const clt_customer *customer = create(&input, NULL);
    assert_string_equal(customer->associated_partner_id.data, RESELLER);
    sdk_expect_ok(clt_relationships_get(partner, CLT_RELATIONSHIP_RESELLERS, NULL, NULL, &list, &err), &err);
    assert_int_equal(list->count, 1);
    assert_string_equal(list->items[0].id.data, RESELLER);
    assert_string_equal(list->items[0].state.data, "Active");
    clt_relationships_free(list);
    sdk_expect_ok(clt_relationships_get(partner, CLT_RELATIONSHIP_RESELLERS, "zzz", NULL, &list, &err), &err);
    assert_int_equal(list->count, 0);
    clt_relationships_free(list);
    sdk_expect_ok(clt_customer_relationships_get(partner, customer->id.data, NULL, &list, &err), &err);
    assert_int_equal(list->count, 1);
    assert_null(list->items[0].state.data);
    clt_relationships_free(list);
    clt_customer_free(customer);
}

static void test_addresses_countries_and_the_partner_itself_are_looked_up(void **state) {
    (void)state;
    clt_error *err = NULL;
    const clt_address_validation *validation = NULL;
    const clt_country_rules *rules = NULL;
    const clt_organization_profile *organization = NULL;
    const clt_relationship_request *request = NULL;
    clt_address_input address = REDMOND;
    sdk_expect_ok(clt_address_validate(partner, &address, NULL, &validation, &err), &err);
    assert_int_equal(validation->is_valid, CLT_TRUE);
    assert_int_equal(validation->suggested_address_count, 1);
    clt_address_validation_free(validation);
    address.postal_code = "ABC";
    sdk_expect_ok(clt_address_validate(partner, &address, NULL, &validation, &err), &err);
    assert_int_equal(validation->is_valid, CLT_FALSE);
    assert_true(validation->message.size > 0);
    clt_address_validation_free(validation);
    sdk_expect_ok(clt_country_rules_get(partner, "us", NULL, &rules, &err), &err);
    assert_int_equal(rules->state_count, 51);
    assert_int_equal(rules->is_state_required, CLT_TRUE);
    clt_country_rules_free(rules);
    sdk_expect_error(clt_country_rules_get(partner, "XX", NULL, &rules, &err), &err, CLT_ERR_NOT_FOUND);
    sdk_expect_ok(clt_organization_profile_get(partner, NULL, &organization, &err), &err);
    assert_string_equal(organization->tenant_id.data, FABRIKAM);
    clt_organization_profile_free(organization);
    sdk_expect_ok(clt_relationship_request_get(partner, NULL, NULL, &request, &err), &err);
    assert_non_null(strstr(request->url.data, FABRIKAM));
    clt_relationship_request_free(request);
    clt_relationship_request_query query = CLT_RELATIONSHIP_REQUEST_QUERY_INIT;
    query.indirect_reseller_id = RESELLER;
    sdk_expect_ok(clt_relationship_request_get(partner, &query, NULL, &request, &err), &err);
    assert_non_null(strstr(request->url.data, "indirectResellerId=" RESELLER));
    clt_relationship_request_free(request);
}

static void test_a_customer_is_qualified(void **state) {
    (void)state;
    clt_error *err = NULL;
    const clt_qualifications *list = NULL;
    const clt_qualification *made = NULL;
    const clt_customer_input input = clt_customer_input_of("school.example", &CONTOSO);
    const clt_customer *customer = create(&input, NULL);
    const char *id = customer->id.data;
    sdk_expect_ok(clt_qualifications_get(partner, id, NULL, &list, &err), &err);
    assert_int_equal(list->count, 0);
    clt_qualifications_free(list);
    sdk_expect_ok(clt_qualifications_add(partner, id, "education", NULL, NULL, &made, &err), &err);
    assert_true(strcasecmp(made->qualification.data, "education") == 0);
    assert_string_equal(made->vetting_status.data, "Approved");
    clt_qualification_free(made);
    sdk_expect_ok(clt_qualifications_get(partner, id, NULL, &list, &err), &err);
    assert_int_equal(list->count, 1);
    assert_true(strcasecmp(list->items[0].qualification.data, "education") == 0);
    assert_true(list->items[0].vetting_created_date.size > 0);
    clt_qualifications_free(list);
    sdk_expect_error(clt_qualifications_add(partner, id, "wizardry", NULL, NULL, &made, &err), &err,
                     CLT_ERR_BAD_INPUT);
    sdk_expect_error(clt_qualifications_get(partner, NOBODY, NULL, &list, &err), &err, CLT_ERR_NOT_FOUND);
    clt_customer_free(customer);
}

static void test_changes_are_found_among_the_audit_records(void **state) {
    (void)state;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    clt_audit_query query = CLT_AUDIT_QUERY_INIT;
    size_t count = 0;
    const clt_customer_input input = clt_customer_input_of("audited.example", &CONTOSO);
    const clt_customer *customer = create(&input, NULL);
    sdk_expect_ok(clt_customers_remove_delegated_access(partner, customer->id.data, NULL, &err), &err);
    query.field = CLT_AUDIT_FIELD_CUSTOMER_ID;
    query.value = customer->id.data;
    query.page_size = 1;
    clt_status status = clt_audit_records_query(partner, &query, NULL, &page, &err);
    static const char *const operations[] = {"remove_partner_customer_relationship", "add_customer"};
    while (status == CLT_OK) {
        assert_int_equal(clt_audit_page_count(page), 1);
        assert_true(count < 2);
        assert_string_equal(clt_audit_page_at(page, 0)->operation_type.data, operations[count++]);
        assert_string_equal(clt_audit_page_at(page, 0)->customer_id.data, customer->id.data);
        assert_string_equal(clt_audit_page_at(page, 0)->application_id.data, FABRIKAM_APP);
        status = clt_audit_page_next(partner, &page, NULL, &err);
    }
    sdk_expect_error(status, &err, CLT_ERR_END);
    assert_int_equal(count, 2);
    /* And back. */
    assert_true(clt_audit_page_has_previous(page));
    sdk_expect_ok(clt_audit_page_previous(partner, &page, NULL, &err), &err);
    assert_string_equal(clt_audit_page_at(page, 0)->operation_type.data, operations[0]);
    sdk_expect_error(clt_audit_page_previous(partner, &page, NULL, &err), &err, CLT_ERR_END);
    clt_audit_page_free(page);
    query.start_date = "2001-01-01";
    sdk_expect_error(clt_audit_records_query(partner, &query, NULL, &page, &err), &err, CLT_ERR_BAD_INPUT);
    clt_customer_free(customer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_customer_lives_from_creation_to_deletion),
        cmocka_unit_test(test_the_same_request_id_gives_the_same_customer_and_password),
        cmocka_unit_test(test_all_that_is_wrong_is_named),
        cmocka_unit_test(test_of_two_changes_with_one_etag_the_second_is_refused),
        cmocka_unit_test(test_a_relationship_that_was_removed_is_gone),
        cmocka_unit_test(test_resellers_are_found_and_have_customers),
        cmocka_unit_test(test_changes_are_found_among_the_audit_records),
        cmocka_unit_test(test_a_customer_is_qualified),
        cmocka_unit_test(test_addresses_countries_and_the_partner_itself_are_looked_up),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
