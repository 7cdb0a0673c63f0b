/* Bodies and headers, good and bad: what is taken, what is refused, and that nothing half read comes out. */
#include "fixture.h"

#include "base/base.h"

#include <stdio.h>

#define ITEM(id, name)                                                                                       \
    "{\"id\":\"" id "\",\"companyProfile\":{\"tenantId\":\"" id                                              \
    "\",\"domain\":\"a.example\",\"companyName\":\"" name "\"},\"relationshipToPartner\":\"reseller\"}"
#define ID "00000000-0000-4000-8000-000000000001"

static void open_body(fixture *test, const char *words, const char *body) {
    char script[4096];
    snprintf(script, sizeof(script), "> 200 %s\n\n%s\n", words, body);
    fixture_open(test, script, NULL);
}

/* ---- taken --------------------------------------------------------------------------------------------- */

static void test_names_in_any_case_unknown_members_and_unknown_words_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *name, *body, *company, *relationship;
    } rows[] = {
        {"as the contract writes it", "{\"totalCount\":1,\"items\":[" ITEM(ID, "A") "]}", "A", "reseller"},
        {"PascalCase",
         "{\"TotalCount\":1,\"Items\":[{\"Id\":\"" ID "\",\"CompanyProfile\":{\"CompanyName\":\"A\"},"
         "\"RelationshipToPartner\":\"Reseller\"}],\"Links\":{\"Self\":{\"Uri\":\"/v1/customers\"}}}",
         "A", "Reseller"},
        {"capitals",
         "{\"TOTALCOUNT\":1,\"ITEMS\":[{\"ID\":\"" ID "\",\"COMPANYPROFILE\":{\"COMPANYNAME\":\"A\"}}]}", "A",
         NULL},
        {"unknown members",
         "{\"totalCount\":1,\"new\":{\"deep\":[1,2,{\"items\":[]}]},\"items\":[{\"id\":\"" ID
         "\",\"colour\":null,"
         "\"companyProfile\":{\"companyName\":\"A\",\"mood\":[true,1e9]},\"relationshipToPartner\":"
         "\"friend\"}]}",
         "A", "friend"},
        {"nulls",
         "{\"totalCount\":1,\"items\":[{\"id\":\"" ID
         "\",\"companyProfile\":{\"companyName\":\"A\",\"domain\":"
         "null},\"billingProfile\":null,\"relationshipToPartner\":null,\"customDomains\":null}],\"links\":"
         "null}",
         "A", NULL},
        {"escapes", "{\"totalCount\":1,\"items\":[" ITEM(ID, "\\u0041 \\\"\\ud83d\\ude00\\\\") "]}",
         "A \"\xf0\x9f\x98\x80\\", "reseller"},
        {"white space", " \n\t{ \"items\" : [ " ITEM(ID, "A") " ] , \"totalCount\" : 1 } \n ", "A",
         "reseller"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        open_body(&test, "", rows[i].body);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        const clt_customer *customer = clt_customer_page_at(page, 0);
        if (!customer || clt_customer_page_count(page) != 1)
            fail_msg("%s: %zu customers", rows[i].name, clt_customer_page_count(page));
        else {
            const char *relationship = customer->relationship_to_partner.data;
            assert_string_equal(customer->id.data, ID);
            if (strcmp(customer->company_profile->company_name.data, rows[i].company) != 0 ||
                !relationship != !rows[i].relationship ||
                (relationship && strcmp(relationship, rows[i].relationship) != 0))
                fail_msg("%s: %s, %s", rows[i].name, customer->company_profile->company_name.data,
                         relationship ? relationship : "absent");
            assert_null(customer->billing_profile);
            assert_int_equal(customer->allow_delegated_access, CLT_ABSENT);
        }
        clt_customer_page_free(page);
        fixture_close(&test);
    }
}

static void test_forms_of_transport_that_change_nothing(void **state) {
    (void)state;
    static const char *const words[] = {"bom",      "chunked",     "gzip", "gzip chunked",
                                        "gzip bom", "slow=1 bare", "bare", "bom chunked"};
    for (size_t i = 0; i < CLTI_COUNT(words); i++) {
        char script[128];
        fixture test;
        snprintf(script, sizeof(script), "> 200 page=1-3 next=t %s\n", words[i]);
        fixture_open(&test, script, NULL);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        fixture_expect_page(page, 1, 3);
        assert_string_equal(clt_customer_page_continuation_token(page).data, "t");
        assert_int_equal(clt_customer_page_has_next(page), 1);
        assert_int_equal(clt_customer_page_has_previous(page), 0);
        assert_true(clt_customer_page_match_count(page) == -1);
        clt_customer_page_free(page);
        fixture_close(&test);
    }
}

static void test_headers_that_come_twice_do_no_harm(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test,
                 "> 200 page=1\nMS-RequestId: one\nMS-RequestId: two\nContent-Type: text/html\n"
                 "Content-Range: items 0-0/7\nContent-Range: items 0-0/8\nX-Odd:\nx-odd: 2\n"
                 "> 429\nRetry-After: 0\nRetry-After: 0\n> 200 page=2\n",
                 NULL);
    for (unsigned i = 1; i <= 2; i++) {
        clt_customer_page *page = fixture_query(test.partner, NULL);
        fixture_expect_page(page, i, i);
        clt_customer_page_free(page);
    }
    fixture_close(&test);
}

static void test_the_number_of_all_matches_is_that_of_content_range(void **state) {
    (void)state;
    static const struct {
        const char *header;
        int64_t count;
    } rows[] = {{"items 0-39/28073", 28073},
                {"items */28073", 28073},
                {"items 0-39/*", -1},
                {"bytes 0-39/7", -1},
                {"items 0-39/x", -1},
                {"items 0-39/-7", -1},
                {"items 0-39/99999999999999999999", -1},
                {"", -1},
                {"items", -1}};
    char script[128];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        snprintf(script, sizeof(script), "> 200 page=1\nContent-Range: %s\n", rows[i].header);
        fixture_open(&test, script, NULL);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        if (clt_customer_page_match_count(page) != rows[i].count)
            fail_msg("%s: %lld", rows[i].header, (long long)clt_customer_page_match_count(page));
        clt_customer_page_free(page);
        fixture_close(&test);
    }
}

static void test_an_empty_list_is_a_page_without_customers(void **state) {
    (void)state;
    static const char *const bodies[] = {"{\"totalCount\":0,\"items\":[]}",
                                         "{\"totalCount\":0,\"items\":[],\"links\":{},\"attributes\":{}}"};
    for (size_t i = 0; i < CLTI_COUNT(bodies); i++) {
        fixture test;
        open_body(&test, "", bodies[i]);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        fixture_expect_page(page, 0, 0);
        assert_null(clt_customer_page_continuation_token(page).data);
        clt_customer_page_free(page);
        fixture_close(&test);
    }
}

/* ---- refused ------------------------------------------------------------------------------------------- */

static void test_bodies_that_are_no_list_are_refused_with_the_place(void **state) {
    (void)state;
    static const struct {
        const char *name, *body, *place; /* what the message must hold */
    } rows[] = {
        {"nothing", "", ""},
        {"no JSON", "<html>maintenance</html>", ""},
        {"no object", "[1,2]", ""},
        {"null", "null", ""},
        {"items missing", "{\"totalCount\":0}", "items"},
        {"items no array", "{\"totalCount\":0,\"items\":{}}", "items"},
        {"an item no object", "{\"totalCount\":1,\"items\":[7]}", "items"},
        {"an id no text", "{\"totalCount\":1,\"items\":[{\"id\":[]}]}", "id"},
        {"a name no text", "{\"items\":[{\"id\":\"" ID "\",\"companyProfile\":{\"companyName\":[]}}]}",
         "companyName"},
        {"a profile no object", "{\"items\":[{\"id\":\"" ID "\",\"companyProfile\":\"A\"}]}",
         "companyProfile"},
        {"a cut list", "{\"totalCount\":1,\"items\":[" ITEM(ID, "A"), "offset"},
        {"a comma too many", "{\"totalCount\":1,\"items\":[" ITEM(ID, "A") ",]}", "offset"},
        {"text behind it", "{\"totalCount\":0,\"items\":[]} x", "offset"},
        {"a second document", "{\"totalCount\":0,\"items\":[]}{\"items\":[]}", "offset"},
        {"invalid UTF-8", "{\"items\":[" ITEM(ID, "A\xff") "]}", "offset"},
        {"a lone surrogate", "{\"items\":[" ITEM(ID, "\\ud800") "]}", ""},
        {"a raw control character", "{\"items\":[" ITEM(ID, "A\x01") "]}", "offset"},
        {"a bad escape", "{\"items\":[" ITEM(ID, "\\q") "]}", "offset"},
        {"a number that is none", "{\"totalCount\":01,\"items\":[]}", ""},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        open_body(&test, "", rows[i].body);
        clt_customer_page *page = NULL;
        clt_error *err = NULL;
        clt_status status = clt_customers_query(test.partner, NULL, NULL, &page, &err);
        if (status != CLT_ERR_RESPONSE_PARSE || page || !strstr(err->message.data, rows[i].place))
            fail_msg("%s: \"%s\", %s", rows[i].name, clt_status_name(status), err ? err->message.data : "");
        else {
            assert_int_equal(err->http_status, 200);
            assert_int_equal(err->attempt_count, 1);
        }
        fixture_expect_error(status, &err, CLT_ERR_RESPONSE_PARSE);
        fixture_close(&test);
    }
}

static void test_a_body_without_end_of_nesting_is_refused(void **state) {
    (void)state;
    enum { DEPTH = 100000 };
    char *script = malloc(DEPTH + 64);
    fixture test;
    assert_non_null(script);
    size_t size = (size_t)sprintf(script, "> 200\n\n{\"items\":");
    memset(script + size, '[', DEPTH);
    script[size + DEPTH] = '\n';
    script[size + DEPTH + 1] = '\0';
    fixture_open(&test, script, NULL);
    clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_RESPONSE_PARSE));
    fixture_close(&test);
    free(script);
}

static void test_a_body_larger_than_the_limit_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name, *words;
    } rows[] = {{"one of a known size", "page=1-500"},
                {"one that only announces it", "page=1-500 cut=10"},
                {"one without a size", "page=1-500 chunked"},
                {"one that never ends", "endless"},
                {"a compressed one", "bomb=64"},
                {"compressed and chunked", "page=1-500 gzip chunked"}};
    char script[128];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
        fixture test;
        options.response_bytes_max = 64 * 1024;
        snprintf(script, sizeof(script), "> 200 %s\n> 200 page=1\n", rows[i].words);
        fixture_open(&test, script, &options);
        clt_error *err = fixture_refused(test.partner, NULL, CLT_ERR_LIMIT);
        assert_int_equal(err->attempt_count, 1);
        fixture_expect_error(err->status, &err, CLT_ERR_LIMIT);
        clt_customer_page *page = fixture_query(test.partner, NULL);
        fixture_expect_page(page, 1, 1);
        clt_customer_page_free(page);
        fixture_close(&test);
    }
}

static void test_without_a_limit_of_the_callers_it_is_64_mib(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200 bomb=63\n> 200 bomb=65\n", NULL);
    clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_RESPONSE_PARSE));
    clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_LIMIT));
    fixture_close(&test);
}

static void test_a_broken_compression_is_an_error(void **state) {
    (void)state;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    options.retry_max = -1;
    fixture_open(&test, "> 200\nContent-Encoding: gzip\n\n{\"items\":[]}\n", &options);
    clt_customer_page *page;
    clt_error *err = NULL;
    clt_status status = clt_customers_query(test.partner, NULL, NULL, &page, &err);
    assert_true(status == CLT_ERR_RESPONSE_PARSE || status == CLT_ERR_NETWORK);
    fixture_expect_error(status, &err, status);
    fixture_close(&test);
}

static void test_headers_without_end_are_refused(void **state) {
    (void)state;
    enum { COUNT = 20000 };
    char *script = malloc(COUNT * 64 + 64);
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    assert_non_null(script);
    size_t size = (size_t)sprintf(script, "> 200 page=1\n");
    for (int i = 0; i < COUNT; i++)
        size += (size_t)sprintf(script + size, "X-Header-%d: 012345678901234567890123456789\n", i);
    options.retry_max = -1;
    fixture_open(&test, script, &options);
    clt_customer_page *page;
    clt_error *err = NULL;
    clt_status status = clt_customers_query(test.partner, NULL, NULL, &page, &err);
    assert_true(status == CLT_ERR_LIMIT || status == CLT_ERR_NETWORK);
    fixture_expect_error(status, &err, status);
    fixture_close(&test);
    free(script);
}

static void test_a_header_that_is_too_long_is_not_told_as_a_lack_of_memory(void **state) {
    (void)state;
    enum { SIZE = 200000 };
    char *script = malloc(SIZE + 64);
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    fixture test;
    assert_non_null(script);
    sprintf(script, "> 200 page=1\nX-Long: %0*d\n", SIZE, 0);
    options.retry_max = -1;
    fixture_open(&test, script, &options);
    clt_customer_page *page;
    clt_error *err = NULL;
    assert_int_not_equal(clt_customers_query(test.partner, NULL, NULL, &page, &err), CLT_OK);
    assert_string_not_equal(err->message.data, "Memory is out.");
    clt_error_free(err);
    fixture_close(&test);
    free(script);
}

static void test_redirects_are_not_followed(void **state) {
    (void)state;
    static const char *const targets[] = {"http://{other}/v1/customers", "http://{host}/v1/elsewhere",
                                          "/elsewhere", "//{other}/v1/customers", "file:///etc/passwd"};
    static const int statuses[] = {301, 302, 303, 307, 308};
    char script[128];
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        fixture test;
        snprintf(script, sizeof(script), "> %d\nLocation: %s\n", statuses[i], targets[i]);
        fixture_open(&test, script, NULL);
        clt_customer_page *page;
        clt_error *err = NULL;
        clt_status status = clt_customers_query(test.partner, NULL, NULL, &page, &err);
        fixture_expect_error(status, &err, CLT_ERR_ORIGIN);
        assert_int_equal(scripted_count(&test.service, "api"), 1);
        assert_int_equal(scripted_count(&test.service, "other"), 0);
        fixture_close(&test);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_in_any_case_unknown_members_and_unknown_words_are_taken),
        cmocka_unit_test(test_forms_of_transport_that_change_nothing),
        cmocka_unit_test(test_headers_that_come_twice_do_no_harm),
        cmocka_unit_test(test_the_number_of_all_matches_is_that_of_content_range),
        cmocka_unit_test(test_an_empty_list_is_a_page_without_customers),
        cmocka_unit_test(test_bodies_that_are_no_list_are_refused_with_the_place),
        cmocka_unit_test(test_a_body_without_end_of_nesting_is_refused),
        cmocka_unit_test(test_a_body_larger_than_the_limit_is_refused),
        cmocka_unit_test(test_without_a_limit_of_the_callers_it_is_64_mib),
        cmocka_unit_test(test_a_broken_compression_is_an_error),
        cmocka_unit_test(test_headers_without_end_are_refused),
        cmocka_unit_test(test_a_header_that_is_too_long_is_not_told_as_a_lack_of_memory),
        cmocka_unit_test(test_redirects_are_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
