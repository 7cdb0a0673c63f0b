/* What a failed call tells: category, the service's own words, ids. And answers taken as they are (call.h).
 */
#include "fixture.h"

#include "base/base.h"

#include <inttypes.h>
#include <stdio.h>

#define FAULT(code)                                                                                          \
    "\n\n{\"code\":" code ",\"description\":\"the service's words\",\"data\":[\"size\",\"filter\"]}\n"

static const clt_partner_options no_retries = {.size = sizeof(clt_partner_options), .retry_max = -1};

static void test_each_status_has_the_category_of_the_original_sdk(void **state) {
    (void)state;
    static const struct {
        int http_status;
        clt_status category;
        const char *code;
    } rows[] = {
        {400, CLT_ERR_BAD_INPUT, "2000"},       {400, CLT_ERR_PRECONDITION_FAILED, "2055"},
        {401, CLT_ERR_UNAUTHORIZED, "400"},     {403, CLT_ERR_FORBIDDEN, "20002"},
        {404, CLT_ERR_NOT_FOUND, "60003"},      {405, CLT_ERR_INVALID_OPERATION, "900141"},
        {406, CLT_ERR_UNSUPPORTED_FORMAT, "1"}, {408, CLT_ERR_REQUEST_TIMEOUT, "1"},
        {409, CLT_ERR_ALREADY_EXISTS, "3000"},  {412, CLT_ERR_PRECONDITION_FAILED, "1"},
        {417, CLT_ERR_SERVER_ERROR, "800036"},  {429, CLT_ERR_TOO_MANY_REQUESTS, "1"},
        {500, CLT_ERR_SERVER_ERROR, "800003"},  {501, CLT_ERR_SERVER_ERROR, "0"},
        {502, CLT_ERR_SERVER_ERROR, "1"},       {503, CLT_ERR_SERVER_BUSY, "800003"},
        {504, CLT_ERR_GATEWAY_TIMEOUT, "1"},    {599, CLT_ERR_SERVER_ERROR, "1"},
    };
    char script[256];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        snprintf(script, sizeof(script), "> %d\n\n{\"code\":%s,\"description\":\"words\",\"data\":[]}\n",
                 rows[i].http_status, rows[i].code);
        fixture_open(&test, script, &no_retries);
        clt_error *err = fixture_refused(test.partner, NULL, rows[i].category);
        assert_int_equal(err->http_status, rows[i].http_status);
        assert_string_equal(err->service_code.data, rows[i].code);
        assert_int_equal(err->attempt_count, 1);
        clt_error_free(err);
        fixture_close(&test);
    }
}

static void test_an_error_says_everything_that_came(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 400" FAULT("2000"), NULL);
    clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_BAD_INPUT);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_non_null(strstr(err->message.data, "the service's words"));
    assert_string_equal(err->operation.data, "GET /v1/customers");
    assert_string_equal(err->request_id.data, scripted_header(requests, 0, "MS-RequestId"));
    assert_string_equal(err->correlation_id.data, scripted_header(requests, 0, "MS-CorrelationId"));
    assert_int_equal(err->detail_count, 2);
    assert_string_equal(err->details[0].data, "size");
    assert_string_equal(err->details[1].data, "filter");
    assert_true(err->retry_after_ms == -1);
    fixture_expect_error(err->status, &err, CLT_ERR_BAD_INPUT);
    fixture_close(&test);
}

static void test_bodies_of_errors_are_read_in_every_form_that_services_send(void **state) {
    (void)state;
    static const struct {
        const char *name, *body, *code, *message;
    } rows[] = {
        {"a number", "{\"code\":2000,\"description\":\"words\"}", "2000", "words"},
        {"text", "{\"code\":\"2000\",\"description\":\"words\"}", "2000", "words"},
        {"a word", "{\"code\":\"AccessDenied\",\"message\":\"words\"}", "AccessDenied", "words"},
        {"PascalCase", "{\"Code\":2000,\"Description\":\"words\",\"Data\":[1,{\"a\":2}]}", "2000", "words"},
        {"a newer shape",
         "{\"code\":900421,\"message\":\"m\",\"description\":\"words\",\"isRetryable\":false}", "900421",
         "words"},
        {"a byte order mark", "\xef\xbb\xbf{\"code\":2000,\"description\":\"words\"}", "2000", "words"},
        {"a throttled one", "{ \"statusCode\": 400, \"message\": \"words\" }", NULL, "words"},
        {"plain text", "Authentication failed. MFA required. (10001)", NULL, ""},
        {"two lines", "{\"code\":1,\"description\":\"words\\nand more\"}", "1", "words"},
        {"an empty body", "", NULL, ""},
        {"nothing but null", "null", NULL, ""},
        {"half of it", "{\"code\":2000,\"descr", NULL, ""},
        {"a deep one", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", NULL, ""},
    };
    char script[512];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        snprintf(script, sizeof(script), "> 400\n\n%s\n", rows[i].body);
        fixture_open(&test, script, NULL);
        clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_BAD_INPUT);
        const char *code = err->service_code.data;
        if (!code != !rows[i].code || (code && strcmp(code, rows[i].code) != 0) ||
            !strstr(err->message.data, rows[i].message))
            fail_msg("%s: code %s, message %s", rows[i].name, code ? code : "absent", err->message.data);
        fixture_expect_error(err->status, &err, CLT_ERR_BAD_INPUT);
        fixture_close(&test);
    }
}

static void test_every_category_has_a_name(void **state) {
    (void)state;
    for (clt_status status = CLT_OK; status <= CLT_ERR_END; status++) {
        const int is_one = status <= CLT_ERR_RESPONSE_PARSE || status >= CLT_ERR_ARGUMENT;
        assert_int_equal(strcmp(clt_status_name(status), "unknown") != 0, is_one);
    }
    assert_string_equal(clt_status_name(CLT_ERR_NOT_FOUND), "not found");
    assert_string_equal(clt_status_name(-1), "unknown");
    assert_string_equal(clt_status_name(INT32_MAX), "unknown");
}

static void test_the_details_may_be_ignored(void **state) {
    (void)state;
    clt_customer_page *page;
    fixture test;
    fixture_open(&test, "> 404\n", NULL);
    assert_int_equal(clt_customers_query(test.partner, NULL, NULL, &page, NULL), CLT_ERR_NOT_FOUND);
    fixture_close(&test);
    clt_error_free(NULL);
    clt_customer_page_free(NULL);
    clt_customer_free(NULL);
    clt_customer_enumerator_free(NULL);
    clt_operation_free(NULL);
    clt_cancellation_free(NULL);
    clt_credentials_free(NULL);
    clt_partner_free(NULL);
    clt_response_free(NULL);
    clt_token_free(NULL);
}

/* ---- partners that cannot be --------------------------------------------------------------------------- */

static void test_addresses_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *base_url;
        clt_status status;
    } rows[] = {
        {"https://api.example", CLT_OK},
        {"https://api.example/", CLT_OK},
        {"http://127.0.0.1:8484", CLT_OK},
        {"http://[::1]:8484/", CLT_OK},
        {"http://localhost:1", CLT_OK},
        {"http://api.example", CLT_ERR_ARGUMENT}, /* the token would travel in clear */
        {"http://127.0.0.1.example", CLT_ERR_ARGUMENT},
        {"http://127.0.0.1.1", CLT_ERR_ARGUMENT},
        {"http://localhost.example", CLT_ERR_ARGUMENT},
        {"http://localhost@api.example", CLT_ERR_ARGUMENT},
        {"ftp://127.0.0.1", CLT_ERR_ARGUMENT},
        {"file:///etc/passwd", CLT_ERR_ARGUMENT},
        {"127.0.0.1:8484", CLT_ERR_ARGUMENT},
        {"https://", CLT_ERR_ARGUMENT},
        {"https://user:secret@api.example", CLT_ERR_ARGUMENT},
        {"https://api.example/?a=b", CLT_ERR_ARGUMENT},
        {"https://api.exam\r\nple", CLT_ERR_ARGUMENT},
        {"", CLT_ERR_ARGUMENT},
    };
    clt_credentials *credentials;
    assert_int_equal(clt_credentials_bearer("t", 0, &credentials, NULL), CLT_OK);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
        clt_partner *partner = NULL;
        clt_error *err = NULL;
        options.base_url = rows[i].base_url;
        clt_status status = clt_partner_create(&options, credentials, &partner, &err);
        if (status != rows[i].status)
            fail_msg("%s: %s", rows[i].base_url, clt_status_name(status));
        clt_partner_free(partner);
        clt_error_free(err);
    }
    clt_credentials_free(credentials);
}

static void test_clouds_have_the_contracts_addresses(void **state) {
    (void)state;
    static const clt_cloud rows[] = {
        {"global", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.com",
         "https://graph.windows.net"},
        {"china", "https://partner.partnercenterapi.microsoftonline.cn", "https://login.chinacloudapi.cn",
         "https://graph.chinacloudapi.cn"},
        {"germany", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.de",
         "https://graph.cloudapi.de"},
        {"us-government", "https://api.partnercenter.microsoft.com", "https://login.microsoftonline.us",
         "https://graph.windows.net"},
    };
    clt_credentials *credentials;
    assert_int_equal(clt_credentials_bearer("t", 0, &credentials, NULL), CLT_OK);
    for (int32_t i = 0; i < CLT_CLOUD_COUNT; i++) {
        const clt_cloud *cloud = clt_cloud_get(i);
        clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
        clt_partner *partner;
        assert_string_equal(cloud->name, rows[i].name);
        assert_string_equal(cloud->base_url, rows[i].base_url);
        assert_string_equal(cloud->authority_url, rows[i].authority_url);
        assert_string_equal(cloud->graph_resource, rows[i].graph_resource);
        assert_int_equal(clt_cloud_find(rows[i].name), i);
        options.cloud = i;
        assert_int_equal(clt_partner_create(&options, credentials, &partner, NULL), CLT_OK);
        assert_string_equal(clt_partner_base_url(partner).data, rows[i].base_url);
        clt_partner_free(partner);
    }
    clt_credentials_free(credentials);
    assert_int_equal(clt_cloud_find("US-Government"), CLT_CLOUD_US_GOVERNMENT);
    assert_int_equal(clt_cloud_find("mars"), -1);
    assert_int_equal(clt_cloud_find(NULL), -1);
    assert_null(clt_cloud_get(-1));
    assert_null(clt_cloud_get(CLT_CLOUD_COUNT));
}

static void test_options_that_cannot_be_are_refused(void **state) {
    (void)state;
    const clt_partner_options rows[] = {
        {.size = sizeof(clt_partner_options), .cloud = CLT_CLOUD_COUNT},
        {.size = sizeof(clt_partner_options), .cloud = -1},
        {.size = sizeof(clt_partner_options), .timeout_ms = -2},
        {.size = sizeof(clt_partner_options), .retry_max = -2},
        {.size = sizeof(clt_partner_options), .locale = "a\nb"},
        {.size = sizeof(clt_partner_options), .application = "a\rb"},
        {.size = sizeof(clt_partner_options), .authority_url = "http://login.example"},
        {.size = 0},
        {.size = SIZE_MAX},
    };
    clt_credentials *credentials;
    clt_partner *partner;
    clt_error *err = NULL;
    assert_int_equal(clt_credentials_bearer("t", 0, &credentials, NULL), CLT_OK);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++, err = NULL)
        fixture_expect_error(clt_partner_create(&rows[i], credentials, &partner, &err), &err,
                             CLT_ERR_ARGUMENT);
    fixture_expect_error(clt_partner_create(NULL, NULL, &partner, &err), &err, CLT_ERR_ARGUMENT);
    clt_credentials_free(credentials);
}

static void test_a_file_of_authorities_that_is_none_is_an_error_that_names_it(void **state) {
    (void)state;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials;
    clt_partner *partner = NULL;
    clt_customer_page *page;
    clt_error *err = NULL;
    options.base_url = "https://127.0.0.1:1";
    options.ca_file = "/nowhere/ca.pem";
    options.retry_max = -1;
    assert_int_equal(clt_credentials_bearer("t", 0, &credentials, NULL), CLT_OK);
    clt_status status = clt_partner_create(&options, credentials, &partner, &err);
    if (status == CLT_OK)
        status = clt_customers_query(partner, NULL, NULL, &page, &err);
    assert_true(status == CLT_ERR_ARGUMENT || status == CLT_ERR_NETWORK);
    fixture_expect_error(status, &err, status);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
}

/* ---- answers as they are ------------------------------------------------------------------------------- */

static void test_call_sends_method_body_and_headers_and_takes_any_answer(void **state) {
    (void)state;
    static const clt_call_header headers[] = {{"If-Match", "\"7\""}, {"Prefer", "count=exact"}};
    static const char body[] = "{\"a\":1}";
    clt_call call = CLT_CALL_INIT;
    clt_response *response;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test, "> 409 bom\nX-One: 1\nX-Two: 2\n\n{\"code\":3000,\"description\":\"taken\"}\n", NULL);
    call.method = "PUT";
    call.path = "/v1/customers/7?x=y";
    call.body = body;
    call.body_size = sizeof(body) - 1;
    call.headers = headers;
    call.header_count = 2;
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_text(requests, 0, "method"), "PUT");
    assert_string_equal(scripted_text(requests, 0, "target"), "/v1/customers/7?x=y");
    assert_string_equal(scripted_text(requests, 0, "body"), body);
    assert_string_equal(scripted_header(requests, 0, "If-Match"), "\"7\"");
    assert_non_null(strstr(scripted_header(requests, 0, "Content-Type"), "application/json"));
    assert_string_equal(scripted_header(requests, 0, "Authorization"), "Bearer secret-token");

    assert_int_equal(clt_response_http_status(response), 409);
    assert_string_equal(clt_response_body(response).data, "{\"code\":3000,\"description\":\"taken\"}");
    assert_string_equal(clt_response_header(response, "x-TWO").data, "2");
    assert_null(clt_response_header(response, "X-Three").data);
    clt_str name, value;
    size_t count = 0;
    for (; clt_response_header_at(response, count, &name, &value); count++)
        assert_true(name.size > 0 && value.data);
    assert_true(count >= 4);
    clt_error *refusal = clt_response_error(response);
    fixture_expect_error(CLT_ERR_ALREADY_EXISTS, &refusal, CLT_ERR_ALREADY_EXISTS);
    clt_response_free(response);
    fixture_close(&test);
}

static void test_call_takes_a_path_in_each_form_and_no_other_origin(void **state) {
    (void)state;
    static const char *const forms[] = {
        "/v1/customers?size=1", "customers?size=1",      "/customers?size=1",   "//customers?size=1",
        "v1/customers?size=1",  "/v1//customers?size=1", "/V1/customers?size=1"};
    fixture test;
    clt_call call = CLT_CALL_INIT;
    clt_response *response;
    char absolute[128];
    fixture_open(&test, "> 200 repeat page=1\n", NULL);
    snprintf(absolute, sizeof(absolute), "%s/v1/customers?size=1", test.service.base_url);
    for (size_t i = 0; i <= CLTI_COUNT(forms); i++) {
        clt_error *err = NULL;
        call.path = i < CLTI_COUNT(forms) ? forms[i] : absolute;
        fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
        assert_null(clt_response_error(response));
        clt_response_free(response);
        const char *target = scripted_text(scripted_requests(&test.service, "api"), i, "target");
        if (strcmp(target, "/v1/customers?size=1") != 0)
            fail_msg("%s became %s", call.path, target);
    }
    static const char *const foreign[] = {"http://127.0.0.1:1/v1/customers",
                                          "https://api.example/v1/customers"};
    for (size_t i = 0; i < CLTI_COUNT(foreign); i++) {
        clt_error *err = NULL;
        call.path = foreign[i];
        fixture_expect_error(clt_partner_call(test.partner, &call, NULL, &response, &err), &err,
                             CLT_ERR_ORIGIN);
    }
    assert_int_equal(scripted_count(&test.service, "api"), CLTI_COUNT(forms) + 1);
    fixture_close(&test);
}

static void test_call_refuses_what_would_change_its_own_headers(void **state) {
    (void)state;
    static const struct {
        clt_call_header header;
        const char *method;
    } rows[] = {
        {{"Authorization", "Bearer other"}, "GET"},
        {{"authorization", "Bearer other"}, "GET"},
        {{"X-One", "a\r\nX-Two: b"}, "GET"},
        {{"X One", "a"}, "GET"},
        {{"X-One: 1\r\nX-Two", "b"}, "GET"},
        {{"", "b"}, "GET"},
        {{NULL, "b"}, "GET"},
        {{"X-One", NULL}, "GET"},
        {{"X-One", "1"}, "GET /x HTTP/1.1\r\nA: b"},
    };
    fixture test;
    fixture_open(&test, "", NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_call call = CLT_CALL_INIT;
        clt_response *response;
        clt_error *err = NULL;
        call.method = rows[i].method;
        call.path = "/v1/customers";
        call.headers = &rows[i].header;
        call.header_count = 1;
        fixture_expect_error(clt_partner_call(test.partner, &call, NULL, &response, &err), &err,
                             CLT_ERR_ARGUMENT);
    }
    fixture_close(&test);
}

static void test_call_refuses_counts_without_what_they_count(void **state) {
    (void)state;
    const clt_call rows[] = {{.size = sizeof(clt_call), .path = "customers", .header_count = 1},
                             {.size = sizeof(clt_call), .path = "customers", .body_size = 1}};
    fixture test;
    fixture_open(&test, "", NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_response *response;
        clt_error *err = NULL;
        fixture_expect_error(clt_partner_call(test.partner, &rows[i], NULL, &response, &err), &err,
                             CLT_ERR_ARGUMENT);
    }
    fixture_close(&test);
}

static void test_an_answer_without_a_body_is_one(void **state) {
    (void)state;
    clt_call call = CLT_CALL_INIT;
    clt_response *response;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test, "> 204\n> 200\n", NULL);
    call.path = "/v1/customers/7";
    call.method = "DELETE";
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    assert_int_equal(clt_response_http_status(response), 204);
    assert_int_equal(clt_response_body(response).size, 0);
    assert_null(clt_response_error(response));
    clt_response_free(response);
    call.method = "HEAD";
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    assert_int_equal(clt_response_body(response).size, 0);
    clt_response_free(response);
    fixture_close(&test);
}

static void test_a_post_is_repeated_with_the_same_request_id_and_body(void **state) {
    (void)state;
    clt_call call = CLT_CALL_INIT;
    clt_response *response;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test, "> close\n> 500\n> 201\n\n{}\n", NULL);
    call.method = "POST";
    call.path = "/v1/customers";
    call.body = "{\"x\":2}";
    call.body_size = 7;
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    assert_int_equal(clt_response_http_status(response), 201);
    const json_t *requests = scripted_requests(&test.service, "api");
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(scripted_text(requests, i, "body"), "{\"x\":2}");
        assert_string_equal(scripted_header(requests, i, "MS-RequestId"),
                            scripted_header(requests, 0, "MS-RequestId"));
    }
    clt_response_free(response);
    fixture_close(&test);
}

static void test_a_response_leads_to_the_page_behind_it(void **state) {
    (void)state;
    clt_call call = CLT_CALL_INIT;
    clt_response *response, *next;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test,
                 "> 200 page=1-2 next=t2\n"
                 "> 200\n\n{\"continuationToken\":\"t3\",\"totalCount\":0,\"items\":[]}\n"
                 "> 200 page=3\n",
                 NULL);
    call.path = "/v1/customers?size=2";
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    for (int i = 0; i < 2; i++) {
        fixture_expect_ok(clt_response_next(test.partner, response, NULL, &next, &err), &err);
        assert_non_null(next);
        clt_response_free(response);
        response = next;
    }
    fixture_expect_ok(clt_response_next(test.partner, response, NULL, &next, &err), &err);
    assert_null(next);
    clt_response_free(response);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_header(requests, 1, "MS-ContinuationToken"), "t2");
    assert_string_equal(scripted_header(requests, 2, "MS-ContinuationToken"), "t3");
    fixture_close(&test);
}

static void test_responses_that_lead_in_a_circle_come_to_an_end(void **state) {
    (void)state;
    clt_call call = CLT_CALL_INIT;
    clt_response *response, *next;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test,
                 "> 200 repeat for=/one form=/two page=1 next=t1\n"
                 "> 200 repeat for=/two form=/one page=2 next=t2\n",
                 NULL);
    call.path = "/v1/one";
    fixture_expect_ok(clt_partner_call(test.partner, &call, NULL, &response, &err), &err);
    clt_status status = CLT_OK;
    for (int i = 0; i < 20 && status == CLT_OK; i++) {
        status = clt_response_next(test.partner, response, NULL, &next, &err);
        clt_response_free(response);
        response = status == CLT_OK ? next : NULL;
    }
    fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
    fixture_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_status_has_the_category_of_the_original_sdk),
        cmocka_unit_test(test_an_error_says_everything_that_came),
        cmocka_unit_test(test_bodies_of_errors_are_read_in_every_form_that_services_send),
        cmocka_unit_test(test_every_category_has_a_name),
        cmocka_unit_test(test_the_details_may_be_ignored),
        cmocka_unit_test(test_addresses_that_cannot_be_are_refused),
        cmocka_unit_test(test_clouds_have_the_contracts_addresses),
        cmocka_unit_test(test_options_that_cannot_be_are_refused),
        cmocka_unit_test(test_a_file_of_authorities_that_is_none_is_an_error_that_names_it),
        cmocka_unit_test(test_call_sends_method_body_and_headers_and_takes_any_answer),
        cmocka_unit_test(test_call_takes_a_path_in_each_form_and_no_other_origin),
        cmocka_unit_test(test_call_refuses_what_would_change_its_own_headers),
        cmocka_unit_test(test_an_answer_without_a_body_is_one),
        cmocka_unit_test(test_a_post_is_repeated_with_the_same_request_id_and_body),
        cmocka_unit_test(test_call_refuses_counts_without_what_they_count),
        cmocka_unit_test(test_a_response_leads_to_the_page_behind_it),
        cmocka_unit_test(test_responses_that_lead_in_a_circle_come_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
