/* What the library sends: ids, headers, targets. */
#include "fixture.h"

#include "base/base.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#define CORRELATION "b12260fb-82de-4701-a25f-dcd367690645"
#define REQUEST     "3705fc6d-4127-4a87-bdba-9658f73fe019"

static const char *sent(fixture *test, size_t index, const char *header) {
    return scripted_header(scripted_requests(&test->service, "api"), index, header);
}

static void query_and_drop(clt_partner *partner, const clt_query *query) {
    clt_customer_page_free(fixture_query(partner, query));
}

/* ---- headers ------------------------------------------------------------------------------------------- */

static void test_a_request_carries_what_the_contract_asks_for(void **state) {
    (void)state;
    fixture test;
    const clt_query query = clt_query_indexed(40);
    fixture_open(&test, "> 200 page=1-3\n", NULL);
    query_and_drop(test.partner, &query);
    static const struct {
        const char *name, *value;
    } rows[] = {{"Authorization", "Bearer secret-token"},
                {"Accept", "application/json"},
                {"X-Locale", "en-US"},
                {"MS-Contract-Version", "v1"},
                {"MS-PartnerCenter-Application", NULL},
                {"MS-ContinuationToken", NULL}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const char *value = sent(&test, 0, rows[i].name);
        if (!value != !rows[i].value || (value && strcmp(value, rows[i].value) != 0))
            fail_msg("%s: %s", rows[i].name, value ? value : "not sent");
    }
    assert_non_null(strstr(sent(&test, 0, "MS-PartnerCenter-Client"), "Clientele"));
    assert_true(fixture_is_guid(sent(&test, 0, "MS-RequestId")));
    assert_true(fixture_is_guid(sent(&test, 0, "MS-CorrelationId")));
    assert_string_not_equal(sent(&test, 0, "MS-RequestId"), sent(&test, 0, "MS-CorrelationId"));
    assert_string_equal(scripted_text(scripted_requests(&test.service, "api"), 0, "target"),
                        "/v1/customers?size=40");
    fixture_close(&test);
}

static void test_locale_and_application_are_the_partners_unless_the_call_says_otherwise(void **state) {
    (void)state;
    fixture test;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_customer_page *page;
    options.locale = "de-DE";
    options.application = "Books 1.0";
    fixture_open(&test, "> 200 page=1\n> 200 page=1\n", &options);
    query_and_drop(test.partner, NULL);
    context.locale = "fr-FR";
    assert_int_equal(clt_customers_query(test.partner, NULL, &context, &page, NULL), CLT_OK);
    clt_customer_page_free(page);
    assert_string_equal(sent(&test, 0, "X-Locale"), "de-DE");
    assert_string_equal(sent(&test, 1, "X-Locale"), "fr-FR");
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(sent(&test, i, "MS-PartnerCenter-Application"), "Books 1.0");
    fixture_close(&test);
}

static void test_line_breaks_in_texts_of_the_caller_are_refused(void **state) {
    (void)state;
    fixture test;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_error *err;
    fixture_open(&test, "", NULL);
    context.locale = "en-US\r\nAuthorization: Bearer stolen";
    err = fixture_refused(test.partner, &context, CLT_ERR_ARGUMENT);
    assert_non_null(strstr(err->message.data, "locale"));
    clt_error_free(err);
    fixture_close(&test);
}

/* ---- ids ----------------------------------------------------------------------------------------------- */

static void test_a_scoped_partner_has_one_correlation_id_and_fresh_request_ids(void **state) {
    (void)state;
    fixture test;
    clt_partner *scoped, *other;
    fixture_open(&test, "> 200 repeat page=1\n", NULL);
    assert_int_equal(clt_partner_with(test.partner, NULL, &scoped, NULL), CLT_OK);
    assert_int_equal(clt_partner_with(test.partner, NULL, &other, NULL), CLT_OK);
    for (int i = 0; i < 3; i++)
        query_and_drop(scoped, NULL);
    query_and_drop(other, NULL);
    for (size_t i = 1; i < 4; i++) {
        int same = strcmp(sent(&test, 0, "MS-CorrelationId"), sent(&test, i, "MS-CorrelationId")) == 0;
        assert_int_equal(same, i < 3);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(sent(&test, j, "MS-RequestId"), sent(&test, i, "MS-RequestId"));
    }
    clt_partner_free(other);
    clt_partner_free(scoped);
    fixture_close(&test);
}

static void test_a_guid_of_ones_own_joins_what_belongs_together(void **state) {
    (void)state;
    fixture test;
    clt_partner *scoped;
    char id[CLT_GUID_TEXT_SIZE], other[CLT_GUID_TEXT_SIZE];
    fixture_open(&test, "> 200 page=1\n", NULL);
    clt_guid_new(id);
    clt_guid_new(other);
    assert_true(fixture_is_guid(id));
    assert_string_not_equal(id, other);
    const clt_request_context context = clt_request_context_of(id);
    assert_int_equal(clt_partner_with(test.partner, &context, &scoped, NULL), CLT_OK);
    query_and_drop(scoped, NULL);
    assert_string_equal(sent(&test, 0, "MS-CorrelationId"), id);
    clt_partner_free(scoped);
    fixture_close(&test);
}

static void test_a_scoped_partner_outlives_the_one_it_was_made_of(void **state) {
    (void)state;
    fixture test;
    clt_partner *scoped;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    fixture_open(&test, "> 200 page=1\n", NULL);
    context.correlation_id = CORRELATION;
    context.locale = "it-IT";
    assert_int_equal(clt_partner_with(test.partner, &context, &scoped, NULL), CLT_OK);
    clt_partner_free(test.partner);
    test.partner = scoped;
    query_and_drop(scoped, NULL);
    assert_string_equal(sent(&test, 0, "MS-CorrelationId"), CORRELATION);
    assert_string_equal(sent(&test, 0, "X-Locale"), "it-IT");
    fixture_close(&test);
}

static void test_ids_of_the_callers_own_are_sent_and_named_in_errors(void **state) {
    (void)state;
    fixture test;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    context.correlation_id = CORRELATION;
    context.request_id = REQUEST;
    fixture_open(&test, "> 404\n\n{\"code\":60003,\"description\":\"no\",\"data\":[]}\n", NULL);
    clt_error *err = fixture_refused(test.partner, &context, CLT_ERR_NOT_FOUND);
    assert_string_equal(err->request_id.data, REQUEST);
    assert_string_equal(err->correlation_id.data, CORRELATION);
    assert_string_equal(sent(&test, 0, "MS-RequestId"), REQUEST);
    clt_error_free(err);
    fixture_close(&test);
}

static void test_ids_that_are_no_guids_are_refused(void **state) {
    (void)state;
    fixture test;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_partner *scoped;
    clt_error *err = NULL;
    fixture_open(&test, "", NULL);
    context.request_id = "first";
    clt_error_free(fixture_refused(test.partner, &context, CLT_ERR_ARGUMENT));
    context.request_id = NULL;
    context.correlation_id = "7";
    clt_error_free(fixture_refused(test.partner, &context, CLT_ERR_ARGUMENT));
    context.correlation_id = NULL;
    context.request_id = REQUEST; /* one id for all calls would be none */
    fixture_expect_error(clt_partner_with(test.partner, &context, &scoped, &err), &err, CLT_ERR_ARGUMENT);
    fixture_close(&test);
}

static void test_a_request_id_is_kept_over_the_retries_of_a_call_and_no_longer(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 500\n> 503\n> 200 page=1\n> 200 page=1\n", NULL);
    query_and_drop(test.partner, NULL);
    query_and_drop(test.partner, NULL);
    for (size_t i = 1; i < 3; i++) {
        assert_string_equal(sent(&test, 0, "MS-RequestId"), sent(&test, i, "MS-RequestId"));
        assert_string_equal(sent(&test, 0, "MS-CorrelationId"), sent(&test, i, "MS-CorrelationId"));
    }
    assert_string_not_equal(sent(&test, 2, "MS-RequestId"), sent(&test, 3, "MS-RequestId"));
    fixture_close(&test);
}

/* ---- queries ------------------------------------------------------------------------------------------- */

typedef struct query_row {
    const char *name;
    clt_query query;
    const char *target, *token;
} query_row;

#define QUERY(...)                                                                                           \
    { .size = sizeof(clt_query), __VA_ARGS__ }

static void test_a_query_is_sent_as_the_contract_writes_it(void **state) {
    (void)state;
    static const query_row rows[] = {
        {"simple", QUERY(.page_size = 0), "/v1/customers", NULL},
        {"indexed", QUERY(.page_size = 500), "/v1/customers?size=500", NULL},
        {"next", QUERY(.seek = CLT_SEEK_NEXT, .continuation_token = "AQAAAA=="),
         "/v1/customers?seekOperation=Next", "AQAAAA=="},
        {"previous", QUERY(.seek = CLT_SEEK_PREVIOUS, .continuation_token = "t"),
         "/v1/customers?seekOperation=Previous", "t"},
        {"last", QUERY(.page_size = 40, .seek = CLT_SEEK_LAST), "/v1/customers?size=40&seekOperation=Last",
         NULL},
        {"first", QUERY(.page_size = 40, .seek = CLT_SEEK_FIRST), "/v1/customers?size=40&seekOperation=First",
         NULL},
    };
    fixture test;
    fixture_open(&test, "> 200 repeat page=1\n", NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        query_and_drop(test.partner, &rows[i].query);
        const json_t *requests = scripted_requests(&test.service, "api");
        const char *token = scripted_header(requests, i, "MS-ContinuationToken");
        if (strcmp(scripted_text(requests, i, "target"), rows[i].target) != 0 || !token != !rows[i].token ||
            (token && strcmp(token, rows[i].token) != 0))
            fail_msg("%s: %s with token %s", rows[i].name, scripted_text(requests, i, "target"),
                     token ? token : "none");
    }
    fixture_close(&test);
}

/* The JSON of the query's `filter`, decoded. */
static json_t *filter_of(const json_t *requests, size_t index) {
    const char *start = strstr(scripted_text(requests, index, "target"), "filter=");
    char text[512];
    size_t size = 0;
    assert_non_null(start);
    for (const char *at = start + 7; *at && *at != '&' && size + 1 < sizeof(text); size++) {
        unsigned value = (unsigned char)*at++;
        if (value == '%') {
            assert_int_equal(sscanf(at, "%2x", &value), 1);
            at += 2;
        }
        text[size] = (char)value;
    }
    json_t *json = json_loadb(text, size, 0, NULL);
    if (!json)
        fail_msg("no JSON: %.*s", (int)size, text);
    return json;
}

static void test_a_filter_names_field_value_and_operator_whatever_the_value_holds(void **state) {
    (void)state;
    static const struct {
        int32_t field, filter_operator;
        const char *value, *field_word, *operator_word;
    } rows[] = {
        {CLT_FIELD_COMPANY_NAME, CLT_OPERATOR_STARTS_WITH, "Caf\xc3\xa9 & \"Söhne\" \\ 100%", "CompanyName",
         "starts_with"},
        {CLT_FIELD_DOMAIN, CLT_OPERATOR_EQUALS, "contoso.example", "Domain", "equals"},
        {CLT_FIELD_INDIRECT_RESELLER, CLT_OPERATOR_STARTS_WITH, REQUEST, "IndirectReseller", "starts_with"},
        {CLT_FIELD_INDIRECT_CLOUD_SOLUTION_PROVIDER, CLT_OPERATOR_EQUALS, REQUEST,
         "IndirectCloudSolutionProvider", "equals"},
    };
    fixture test;
    fixture_open(&test, "> 200 repeat page=1\n", NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_query query = clt_query_filtered(40, rows[i].field, rows[i].value);
        query.filter_operator = rows[i].filter_operator;
        query_and_drop(test.partner, &query);
        const json_t *requests = scripted_requests(&test.service, "api");
        json_t *filter = filter_of(requests, i);
        assert_string_equal(json_string_value(json_object_get(filter, "Field")), rows[i].field_word);
        assert_string_equal(json_string_value(json_object_get(filter, "Operator")), rows[i].operator_word);
        assert_string_equal(json_string_value(json_object_get(filter, "Value")), rows[i].value);
        assert_null(strpbrk(scripted_text(requests, i, "target"), "\"{}\\ "));
        json_decref(filter);
    }
    fixture_close(&test);
}

static void test_queries_that_make_no_sense_are_refused_without_a_request(void **state) {
    (void)state;
    struct {
        clt_query known;
        char more[8];
    } longer = {.known = CLT_QUERY_INIT, .more = {1}};
    longer.known.size = sizeof(longer);
    const query_row rows[] = {
        {"a page size over 500", QUERY(.page_size = 501), "page_size", NULL},
        {"a field without value", QUERY(.field = CLT_FIELD_DOMAIN), "value", NULL},
        {"a field that is none", QUERY(.field = 9, .value = "x"), "field", NULL},
        {"an operator that is none", QUERY(.field = 1, .filter_operator = 7, .value = "x"), "operator", NULL},
        {"next without token", QUERY(.seek = CLT_SEEK_NEXT), "continuation_token", NULL},
        {"previous without token", QUERY(.seek = CLT_SEEK_PREVIOUS), "continuation_token", NULL},
        {"a seek that is none", QUERY(.seek = 9), "seek", NULL},
        {"a token with a line break", QUERY(.seek = 1, .continuation_token = "a\r\nb"), "token", NULL},
        {"a value that is no UTF-8", QUERY(.field = 1, .value = "\xff"), "value", NULL},
        {"a size of nothing", {0}, "size", NULL},
    };
    fixture test;
    fixture_open(&test, "", NULL);
    for (size_t i = 0; i <= CLTI_COUNT(rows); i++) {
        clt_customer_page *page;
        clt_error *err = NULL;
        const clt_query *query = i < CLTI_COUNT(rows) ? &rows[i].query : &longer.known;
        clt_status status = clt_customers_query(test.partner, query, NULL, &page, &err);
        if (status != CLT_ERR_ARGUMENT || !err)
            fail_msg("%s: %s", i < CLTI_COUNT(rows) ? rows[i].name : "unknown bytes",
                     clt_status_name(status));
        else if (i < CLTI_COUNT(rows) && !strstr(err->message.data, rows[i].target))
            fail_msg("%s: the message does not name %s: %s", rows[i].name, rows[i].target, err->message.data);
        assert_int_equal(err->attempt_count, 0);
        assert_null(err->request_id.data);
        clt_error_free(err);
    }
    fixture_close(&test);
}

static void test_unknown_bytes_that_are_zero_are_taken(void **state) {
    (void)state;
    struct {
        clt_query known;
        char more[8];
    } longer = {.known = CLT_QUERY_INIT};
    fixture test;
    longer.known.size = sizeof(longer);
    fixture_open(&test, "> 200 page=1\n", NULL);
    query_and_drop(test.partner, &longer.known);
    fixture_close(&test);
}

static void test_one_customer_is_asked_for_by_id(void **state) {
    (void)state;
    const clt_customer *customer;
    fixture test;
    clt_error *err = NULL;
    fixture_open(
        &test,
        "> 200\n\n{\"id\":\"" REQUEST "\",\"relationshipToPartner\":\"reseller\",\"companyProfile\":"
        "{\"domain\":\"a.example\",\"companyName\":\"A\"},\"allowDelegatedAccess\":true,"
        "\"customDomains\":[\"b.example\",\"c.example\"],\"billingProfile\":{\"email\":\"x@a.example\","
        "\"defaultAddress\":{\"country\":\"US\"},\"attributes\":{\"etag\":\"-42\"}}}\n",
        NULL);
    fixture_expect_ok(clt_customers_get(test.partner, REQUEST, NULL, &customer, &err), &err);
    assert_string_equal(scripted_text(scripted_requests(&test.service, "api"), 0, "target"),
                        "/v1/customers/" REQUEST);
    assert_string_equal(customer->id.data, REQUEST);
    assert_string_equal(customer->company_profile->domain.data, "a.example");
    assert_string_equal(customer->billing_profile->default_address->country.data, "US");
    assert_string_equal(customer->billing_profile->etag.data, "-42");
    assert_int_equal(customer->allow_delegated_access, CLT_TRUE);
    assert_int_equal(customer->custom_domain_count, 2);
    assert_string_equal(customer->custom_domains[1].data, "c.example");
    assert_null(customer->user_credentials);
    assert_null(customer->associated_partner_id.data);
    clt_customer_free(customer);
    static const char *const wrong[] = {NULL, "", "me", "../x", REQUEST "/x"};
    for (size_t i = 0; i < CLTI_COUNT(wrong); i++) {
        err = NULL;
        fixture_expect_error(clt_customers_get(test.partner, wrong[i], NULL, &customer, &err), &err,
                             CLT_ERR_ARGUMENT);
    }
    fixture_close(&test);
}

static void test_counting_asks_for_a_count_and_reads_content_range(void **state) {
    (void)state;
    uint64_t count = 0;
    fixture test;
    clt_error *err = NULL;
    fixture_open(&test,
                 "> 200 page=1\nContent-Range: items 0-0/28073\nPreference-Applied: count=exact\n\n"
                 "> 200 page=1\nContent-Range: items 0-0/*\n\n"
                 "> 200 page=1\n",
                 NULL);
    fixture_expect_ok(clt_customers_count(test.partner, NULL, NULL, &count, &err), &err);
    assert_int_equal(count, 28073);
    assert_string_equal(sent(&test, 0, "Prefer"), "count=exact");
    for (int i = 0; i < 2; i++) {
        err = NULL;
        fixture_expect_error(clt_customers_count(test.partner, NULL, NULL, &count, &err), &err,
                             CLT_ERR_UNSUPPORTED_FORMAT);
    }
    fixture_close(&test);
}

static void test_connections_are_not_handed_to_programs_that_are_started(void **state) {
    (void)state;
    fixture test;
    int found = 0;
    fixture_open(&test, "> 200 page=1\n", NULL);
    clt_customer_page_free(fixture_query(test.partner, NULL));
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        struct sockaddr_in peer;
        socklen_t size = sizeof(peer);
        if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0 || peer.sin_family != AF_INET)
            continue;
        found++;
        assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    }
    assert_in_range(found, 1, 4);
    fixture_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connections_are_not_handed_to_programs_that_are_started),
        cmocka_unit_test(test_a_request_carries_what_the_contract_asks_for),
        cmocka_unit_test(test_locale_and_application_are_the_partners_unless_the_call_says_otherwise),
        cmocka_unit_test(test_line_breaks_in_texts_of_the_caller_are_refused),
        cmocka_unit_test(test_a_scoped_partner_has_one_correlation_id_and_fresh_request_ids),
        cmocka_unit_test(test_a_guid_of_ones_own_joins_what_belongs_together),
        cmocka_unit_test(test_a_scoped_partner_outlives_the_one_it_was_made_of),
        cmocka_unit_test(test_ids_of_the_callers_own_are_sent_and_named_in_errors),
        cmocka_unit_test(test_ids_that_are_no_guids_are_refused),
        cmocka_unit_test(test_a_request_id_is_kept_over_the_retries_of_a_call_and_no_longer),
        cmocka_unit_test(test_a_query_is_sent_as_the_contract_writes_it),
        cmocka_unit_test(test_a_filter_names_field_value_and_operator_whatever_the_value_holds),
        cmocka_unit_test(test_queries_that_make_no_sense_are_refused_without_a_request),
        cmocka_unit_test(test_unknown_bytes_that_are_zero_are_taken),
        cmocka_unit_test(test_one_customer_is_asked_for_by_id),
        cmocka_unit_test(test_counting_asks_for_a_count_and_reads_content_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
