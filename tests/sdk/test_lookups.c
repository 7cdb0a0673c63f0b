/* Looking things up: domains, addresses, countries, partners, audit records; and any call without waiting. */
#include "fixture.h"

#include "base/base.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#define ID "00000000-0000-4000-8000-000000000001"

static const char *target(fixture *test, size_t index) {
    return scripted_text(scripted_requests(&test->service, "api"), index, "target");
}

/* ---- domains ------------------------------------------------------------------------------------------- */

static void test_a_domain_is_taken_or_free_and_anything_else_an_error(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    int exists = -1;
    fixture_open(&test, "> 200 bare\n> 404 bare\n> 400 bare\n> 403 bare\n", NULL);
    fixture_expect_ok(clt_domain_exists(test.partner, "a b/c?.example", NULL, &exists, &err), &err);
    assert_int_equal(exists, 1);
    assert_string_equal(target(&test, 0), "/v1/domains/a%20b%2Fc%3F.example");
    assert_string_equal(scripted_text(scripted_requests(&test.service, "api"), 0, "method"), "HEAD");
    fixture_expect_ok(clt_domain_exists(test.partner, "c.example", NULL, &exists, &err), &err);
    assert_int_equal(exists, 0);
    exists = -1;
    clt_status status = clt_domain_exists(test.partner, "-", NULL, &exists, &err);
    fixture_expect_error(status, &err, CLT_ERR_BAD_INPUT);
    status = clt_domain_exists(test.partner, "c.example", NULL, &exists, &err);
    fixture_expect_error(status, &err, CLT_ERR_FORBIDDEN);
    status = clt_domain_exists(test.partner, "", NULL, &exists, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    assert_int_equal(exists, -1);
    fixture_close(&test);
}

/* ---- addresses ----------------------------------------------------------------------------------------- */

static void test_every_contract_of_address_validation_is_understood(void **state) {
    (void)state;
    static const struct {
        const char *script, *status, *message;
        int32_t is_valid;
        size_t suggestion_count;
    } rows[] = {
        {"> 200\n\n{\"originalAddress\":{},\"suggestedAddresses\":[{\"city\":\"Redmond\"}],\"status\":"
         "\"VerifiedShippable\",\"validationMessage\":\"fine\"}\n",
         "VerifiedShippable", "fine", CLT_TRUE, 1},
        {"> 200\n\n{\"status\":\"None\",\"suggestedAddresses\":null}\n", "None", NULL, CLT_FALSE, 0},
        {"> 200\n\n{\"status\":\"NotValidated\"}\n", "NotValidated", NULL, CLT_ABSENT, 0},
        {"> 200\n\n{\"status\":\"NewWord\"}\n", "NewWord", NULL, CLT_ABSENT, 0},
        {"> 200\n", NULL, NULL, CLT_TRUE, 0},
        {"> 200 bom\n\n true \n", NULL, NULL, CLT_TRUE, 0},
        {"> 200\n\nfalse\n", NULL, NULL, CLT_FALSE, 0},
        {"> 400\n\n{\"code\":2007,\"description\":\"no such street\",\"data\":[]}\n", NULL, "no such street",
         CLT_FALSE, 0},
    };
    const clt_address_input input = clt_address_input_of("US", "1 Main St", "Redmond", "WA", "98052");
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        clt_error *err = NULL;
        const clt_address_validation *made = NULL;
        fixture_open(&test, rows[i].script, NULL);
        fixture_expect_ok(clt_address_validate(test.partner, &input, NULL, &made, &err), &err);
        assert_int_equal(made->is_valid, rows[i].is_valid);
        assert_int_equal(made->suggested_address_count, rows[i].suggestion_count);
        assert_string_equal(made->status.data ? made->status.data : "-",
                            rows[i].status ? rows[i].status : "-");
        assert_string_equal(made->message.data ? made->message.data : "-",
                            rows[i].message ? rows[i].message : "-");
        assert_string_equal(scripted_text(scripted_requests(&test.service, "api"), 0, "body"),
                            "{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\",\"addressLine1\":"
                            "\"1 Main St\",\"postalCode\":\"98052\"}");
        clt_address_validation_free(made);
        fixture_close(&test);
    }
}

static void test_what_is_no_answer_about_an_address_is_an_error(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_address_validation *made = NULL;
    const clt_address_input input = clt_address_input_of("US", "1 Main St", "Redmond", "WA", "98052");
    fixture_open(&test, "> 400\n\n{\"code\":3000,\"description\":\"bad\",\"data\":[]}\n> 200\n\nmaybe\n",
                 NULL);
    clt_status status = clt_address_validate(test.partner, &input, NULL, &made, &err);
    fixture_expect_error(status, &err, CLT_ERR_BAD_INPUT);
    status = clt_address_validate(test.partner, &input, NULL, &made, &err);
    fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
    status = clt_address_validate(test.partner, NULL, NULL, &made, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    assert_null(made);
    fixture_close(&test);
}

/* ---- countries, partners ------------------------------------------------------------------------------- */

static void test_the_rules_of_a_country_are_read(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_country_rules *rules = NULL;
    fixture_open(
        &test,
        "> 200\n\n{\"iso2Code\":\"US\",\"isStateRequired\":true,\"supportedStatesList\":[\"AK\",\"WY\"],"
        "\"postalCodeRegex\":\"^\\\\d{5}$\",\"isVatIdSupported\":false}\n> 404\n",
        NULL);
    fixture_expect_ok(clt_country_rules_get(test.partner, "us", NULL, &rules, &err), &err);
    assert_string_equal(target(&test, 0), "/v1/countryvalidationrules/us");
    assert_int_equal(rules->is_state_required, CLT_TRUE);
    assert_int_equal(rules->is_vat_id_supported, CLT_FALSE);
    assert_int_equal(rules->is_city_required, CLT_ABSENT);
    assert_int_equal(rules->state_count, 2);
    assert_string_equal(rules->postal_code_regex.data, "^\\d{5}$");
    clt_country_rules_free(rules);
    clt_status status = clt_country_rules_get(test.partner, "XX", NULL, &rules, &err);
    fixture_expect_error(status, &err, CLT_ERR_NOT_FOUND);
    fixture_close(&test);
}

static void test_relationships_are_asked_for_by_kind_and_name(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_relationships *list = NULL;
    fixture_open(
        &test,
        "> 200 repeat\n\n{\"totalCount\":1,\"items\":[{\"id\":\"" ID
        "\",\"name\":\"R\",\"relationshipType\":\"is_indirect_cloud_solution_provider_of\",\"mpnId\":"
        "4847383}]}\n",
        NULL);
    static const struct {
        int32_t kind;
        const char *prefix, *target;
    } rows[] = {
        {CLT_RELATIONSHIP_ANY, NULL, "/v1/relationships"},
        {CLT_RELATIONSHIP_RESELLERS, NULL,
         "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf"},
        {CLT_RELATIONSHIP_PROVIDERS, "a\"",
         "/v1/relationships?relationship_type=IsIndirectResellerOf&filter=%7B%22Field%22%3A%22Name%22%2C"
         "%22Value%22%3A%22a%5C%22%22%2C%22Operator%22%3A%22starts_with%22%7D"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture_expect_ok(
            clt_relationships_get(test.partner, rows[i].kind, rows[i].prefix, NULL, &list, &err), &err);
        assert_string_equal(target(&test, i), rows[i].target);
        assert_int_equal(list->count, 1);
        assert_string_equal(list->items[0].mpn_id.data, "4847383");
        assert_null(list->items[0].state.data);
        clt_relationships_free(list);
    }
    fixture_expect_ok(clt_customer_relationships_get(test.partner, ID, NULL, &list, &err), &err);
    assert_string_equal(target(&test, 3), "/v1/customers/" ID "/relationships");
    clt_relationships_free(list);
    clt_status status = clt_relationships_get(test.partner, 3, NULL, NULL, &list, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_relationships_get(test.partner, 0, "\xff", NULL, &list, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    fixture_close(&test);
}

static void test_the_partner_itself_and_its_invitation_are_read(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    const clt_relationship_request *request = NULL;
    const clt_organization_profile *profile = NULL;
    clt_relationship_request_query query = CLT_RELATIONSHIP_REQUEST_QUERY_INIT;
    fixture_open(&test,
                 "> 200\n\n{\"url\":\"https://x.example/?a=1\",\"attributes\":{}}\n"
                 "> 200\n\n{\"url\":\"https://x.example/?a=2\"}\n"
                 "> 200\n\n{\"companyName\":\"Fabrikam\",\"defaultAddress\":{\"country\":\"US\"}}\n",
                 NULL);
    fixture_expect_ok(clt_relationship_request_get(test.partner, NULL, NULL, &request, &err), &err);
    assert_string_equal(request->url.data, "https://x.example/?a=1");
    clt_relationship_request_free(request);
    query.indirect_provider_id = "{3705FC6D-4127-4A87-BDBA-9658F73FE019}";
    query.indirect_reseller_id = "b12260fb-82de-4701-a25f-dcd367690645";
    query.is_dual_role = CLT_TRUE;
    fixture_expect_ok(clt_relationship_request_get(test.partner, &query, NULL, &request, &err), &err);
    clt_relationship_request_free(request);
    query.indirect_reseller_id = "7";
    fixture_expect_error(clt_relationship_request_get(test.partner, &query, NULL, &request, &err), &err,
                         CLT_ERR_ARGUMENT);
    fixture_expect_ok(clt_organization_profile_get(test.partner, NULL, &profile, &err), &err);
    assert_string_equal(profile->company_name.data, "Fabrikam");
    assert_string_equal(profile->default_address->country.data, "US");
    clt_organization_profile_free(profile);
    assert_string_equal(target(&test, 0), "/v1/customers/relationshiprequests");
    assert_string_equal(target(&test, 1),
                        "/v1/customers/relationshiprequests"
                        "?indirectCloudSolutionProviderId=3705fc6d-4127-4a87-bdba-9658f73fe019"
                        "&indirectResellerId=b12260fb-82de-4701-a25f-dcd367690645"
                        "&dualRoleIndirectRelationship=true");
    assert_string_equal(target(&test, 2), "/v1/profiles/organization");
    fixture_close(&test);
}

/* ---- audit --------------------------------------------------------------------------------------------- */

#define RECORD(number)                                                                                       \
    "{\"id\":\"" number                                                                                      \
    "\",\"customerName\":\"Contoso\",\"operationType\":\"add_customer\",\"resourceType\":"                   \
    "\"customer\",\"customizedData\":[{\"key\":\"Relationship\",\"value\":\"Reseller\"},{\"key\":\"n\","     \
    "\"value\":null}]}"

static void test_audit_records_are_walked_page_by_page_to_the_end(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    clt_audit_query query = CLT_AUDIT_QUERY_INIT;
    query.start_date = "2026-11-01";
    query.end_date = "6/1/2017 12:00:00 AM";
    query.page_size = 1;
    query.field = CLT_AUDIT_FIELD_COMPANY_NAME;
    query.value = "Con";
    fixture_open(
        &test,
        "> 200\n\n{\"totalCount\":1,\"items\":[" RECORD(
            "1") "],\"continuationToken\":\"T1\",\"links\":"
                 "{\"next\":{\"uri\":\"/auditrecords?size=1&seekOperation=Next\",\"headers\":[{\"key\":"
                 "\"MS-ContinuationToken\",\"value\":\"T1\"}]}}}\n"
                 "> 503\n> 200\n\n{\"items\":[" RECORD(
                     "2") "],\"continuationToken\":\"T2\"}\n"
                          "> 400\n\n{\"code\":2000,\"description\":\"end\",\"data\":[]}\n",
        NULL);
    fixture_expect_ok(clt_audit_records_query(test.partner, &query, NULL, &page, &err), &err);
    assert_string_equal(
        target(&test, 0),
        "/v1/auditrecords?startDate=2026-11-01&endDate=6%2F1%2F2017%2012%3A00%3A00%20AM&size=1&"
        "filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22Con%22%2C%22Operator%22%"
        "3A%22substring%22%7D");
    assert_int_equal(clt_audit_page_count(page), 1);
    assert_null(clt_audit_page_at(page, 1));
    const clt_audit_record *record = clt_audit_page_at(page, 0);
    assert_string_equal(record->operation_type.data, "add_customer");
    assert_int_equal(record->customized_datum_count, 2);
    assert_string_equal(record->customized_data[0].value.data, "Reseller");
    assert_null(record->customized_data[1].value.data);
    fixture_expect_ok(clt_audit_page_next(test.partner, &page, NULL, &err), &err);
    assert_string_equal(clt_audit_page_at(page, 0)->id.data, "2");
    assert_string_equal(scripted_header(scripted_requests(&test.service, "api"), 2, "MS-ContinuationToken"),
                        "T1");
    /* A token without a link is sent by hand; that there is nothing behind it shows only then. */
    clt_status status = clt_audit_page_next(test.partner, &page, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_END);
    assert_string_equal(clt_audit_page_at(page, 0)->id.data, "2");
    clt_audit_page_free(page);
    fixture_close(&test);
}

static void test_the_last_page_ends_without_a_request_and_hostile_links_are_not_followed(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    fixture_open(&test,
                 "> 200\n\n{\"items\":[]}\n> 200\n\n{\"items\":[],\"links\":{\"next\":{\"uri\":"
                 "\"http://{other}/v1/auditrecords\"}}}\n> 200\n\n{\"items\":[7]}\n",
                 NULL);
    fixture_expect_ok(clt_audit_records_query(test.partner, NULL, NULL, &page, &err), &err);
    assert_int_equal(clt_audit_page_count(page), 0);
    clt_status status = clt_audit_page_next(test.partner, &page, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_END);
    clt_audit_page_free(page);
    fixture_expect_ok(clt_audit_records_query(test.partner, NULL, NULL, &page, &err), &err);
    status = clt_audit_page_next(test.partner, &page, NULL, &err);
    assert_string_equal(err->operation.data, "GET /v1/auditrecords");
    assert_string_equal(err->request_id.data,
                        scripted_header(scripted_requests(&test.service, "api"), 1, "MS-RequestId"));
    fixture_expect_error(status, &err, CLT_ERR_ORIGIN);
    clt_audit_page_free(page);
    page = NULL;
    status = clt_audit_records_query(test.partner, NULL, NULL, &page, &err);
    fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
    status = clt_audit_page_next(test.partner, &page, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    assert_null(page);
    fixture_close(&test);
}

static void test_audit_pages_lead_back_as_well(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    fixture_open(&test,
                 "> 200 form=/auditrecords page=1 next=t1\n"
                 "> 200 form=/auditrecords page=2 previous=t2\n"
                 "> 200 form=/auditrecords page=1 next=t1\n",
                 NULL);
    fixture_expect_ok(clt_audit_records_query(test.partner, NULL, NULL, &page, &err), &err);
    assert_false(clt_audit_page_has_previous(page));
    fixture_expect_error(clt_audit_page_previous(test.partner, &page, NULL, &err), &err, CLT_ERR_END);
    fixture_expect_ok(clt_audit_page_next(test.partner, &page, NULL, &err), &err);
    assert_true(clt_audit_page_has_previous(page));
    assert_false(clt_audit_page_has_next(page));
    fixture_expect_ok(clt_audit_page_previous(test.partner, &page, NULL, &err), &err);
    assert_true(clt_audit_page_has_next(page));
    assert_string_equal(target(&test, 2), "/v1/auditrecords?size=40&seekOperation=Previous");
    assert_string_equal(scripted_header(scripted_requests(&test.service, "api"), 2, "MS-ContinuationToken"),
                        "t2");
    clt_audit_page_free(page);
    fixture_close(&test);
}

static void test_audit_pages_that_lead_in_a_circle_come_to_an_end(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    fixture_open(&test,
                 "> 200 repeat for=/auditrecords form=/other page=1 next=t1\n"
                 "> 200 repeat for=/other form=/auditrecords page=2 next=t2\n",
                 NULL);
    fixture_expect_ok(clt_audit_records_query(test.partner, NULL, NULL, &page, &err), &err);
    clt_status status = CLT_OK;
    for (int i = 0; i < 20 && status == CLT_OK; i++)
        status = clt_audit_page_next(test.partner, &page, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
    clt_audit_page_free(page);
    fixture_close(&test);
}

static void test_audit_queries_that_cannot_be_meant_are_refused(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_audit_page *page = NULL;
    const clt_audit_query plain = CLT_AUDIT_QUERY_INIT;
    clt_audit_query rows[5] = {plain, plain, plain, plain, plain};
    rows[0].page_size = 501;
    rows[1].field = 6;
    rows[2].field = CLT_AUDIT_FIELD_ACTOR;
    rows[3].value = "x";
    rows[4].size = 0;
    fixture_open(&test, "", NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_status status = clt_audit_records_query(test.partner, &rows[i], NULL, &page, &err);
        fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    }
    fixture_close(&test);
}

/* ---- any call without waiting -------------------------------------------------------------------------- */

typedef struct answer {
    sem_t done;
    int32_t http_status;
    clt_status status;
    pthread_t thread;
} answer;

static void take_answer(void *user, clt_response *response, clt_error *err) {
    answer *own = user;
    own->thread = pthread_self();
    own->http_status = clt_response_http_status(response);
    own->status = err ? err->status : CLT_OK;
    clt_response_free(response);
    clt_error_free(err);
    sem_post(&own->done);
}

static void test_any_call_can_be_made_without_waiting(void **state) {
    (void)state;
    fixture test;
    clt_error *err = NULL;
    clt_call call = CLT_CALL_INIT;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    char method[] = "PUT", body[] = "{\"a\":1}";
    answer own = {.status = -1};
    assert_int_equal(sem_init(&own.done, 0, 0), 0);
    fixture_open(&test, "> 500\n> 404\n", NULL);
    call.method = method;
    call.path = "customers/1";
    call.body = body;
    call.body_size = strlen(body);
    fixture_expect_ok(clt_partner_call_async(test.partner, &call, NULL, take_answer, &own, NULL, &err), &err);
    /* All of it was copied. */
    memset(method, 'X', strlen(method));
    memset(body, 'X', strlen(body));
    sem_wait(&own.done);
    assert_int_equal(own.status, CLT_OK);
    assert_int_equal(own.http_status, 404);
    assert_int_equal(pthread_equal(own.thread, pthread_self()), 0);
    for (size_t i = 0; i < 2; i++) {
        const json_t *requests = scripted_requests(&test.service, "api");
        assert_string_equal(scripted_text(requests, i, "method"), "PUT");
        assert_string_equal(scripted_text(requests, i, "target"), "/v1/customers/1");
        assert_string_equal(scripted_text(requests, i, "body"), "{\"a\":1}");
    }
    fixture_expect_ok(clt_cancellation_new(&context.cancellation, &err), &err);
    clt_cancellation_cancel(context.cancellation);
    fixture_expect_ok(clt_partner_call_async(test.partner, &call, &context, take_answer, &own, NULL, &err),
                      &err);
    sem_wait(&own.done);
    assert_int_equal(own.status, CLT_ERR_CANCELLED);
    clt_status status = clt_partner_call_async(test.partner, &call, NULL, NULL, NULL, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    status = clt_partner_call_async(test.partner, NULL, NULL, take_answer, &own, NULL, &err);
    fixture_expect_error(status, &err, CLT_ERR_ARGUMENT);
    fixture_close(&test);
    clt_cancellation_free(context.cancellation);
    sem_destroy(&own.done);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_domain_is_taken_or_free_and_anything_else_an_error),
        cmocka_unit_test(test_every_contract_of_address_validation_is_understood),
        cmocka_unit_test(test_what_is_no_answer_about_an_address_is_an_error),
        cmocka_unit_test(test_the_rules_of_a_country_are_read),
        cmocka_unit_test(test_relationships_are_asked_for_by_kind_and_name),
        cmocka_unit_test(test_the_partner_itself_and_its_invitation_are_read),
        cmocka_unit_test(test_audit_records_are_walked_page_by_page_to_the_end),
        cmocka_unit_test(test_the_last_page_ends_without_a_request_and_hostile_links_are_not_followed),
        cmocka_unit_test(test_audit_pages_lead_back_as_well),
        cmocka_unit_test(test_audit_pages_that_lead_in_a_circle_come_to_an_end),
        cmocka_unit_test(test_audit_queries_that_cannot_be_meant_are_refused),
        cmocka_unit_test(test_any_call_can_be_made_without_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
