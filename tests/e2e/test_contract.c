/* The exchange itself: the founding example, headers, methods, paths, one customer. */
#include "scene.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LIST "/v1/customers"

/* The founding example's ids. */
#define REQUEST_ID     "3705fc6d-4127-4a87-bdba-9658f73fe019"
#define CORRELATION_ID "b12260fb-82de-4701-a25f-dcd367690645"

static scene demo;
static clti_test_client *northwind;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    northwind = clti_test_client_new(&demo.server);
    clti_test_sign_in(northwind, NORTHWIND, NORTHWIND_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(northwind);
    scene_close(&demo);
    return scene_group_teardown(state);
}

static void expect_header(const clti_test_response *response, const char *name, const char *value) {
    char *found = clti_test_header(response, name, 0), *second = clti_test_header(response, name, 1);
    if (!found || strcmp(found, value) != 0 || second)
        fail_msg("%s should be %s once, not %s, %s:\n%s", name, value, found, second, response->headers);
    free(found);
}

static bool is_guid(const char *text) {
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < sizeof(form) - 1; i++)
        if (form[i] == '-' ? text[i] != '-'
                           : !isxdigit((unsigned char)text[i]) || isupper((unsigned char)text[i]))
            return false;
    return text[sizeof(form) - 1] == '\0';
}

static bool is_cv(const char *text) {
    return strlen(text) == 18 && strcmp(text + 16, ".0") == 0 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == 16;
}

/* What every answer carries (api.md 2.2). */
static void expect_common_headers(const clti_test_response *response, const char *what) {
    static const char *const names[] = {"MS-RequestId", "MS-CorrelationId", "MS-CV",         "MS-ServerId",
                                        "Date",         "Cache-Control",    "Content-Length"};
    struct tm date;
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        char *value = clti_test_header(response, names[i], 0),
             *second = clti_test_header(response, names[i], 1);
        if (!value || !*value || second)
            fail_msg("%s: %s is %s, %s:\n%s", what, names[i], value, second, response->headers);
        if (strcmp(names[i], "Date") == 0)
            assert_ptr_equal(strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &date), value + strlen(value));
        free(value);
    }
    expect_header(response, "X-Content-Type-Options", "nosniff");
}

/* ---- the founding example ------------------------------------------------------------------------------ */

/* Names of all members as they stand in the text, nested: `{a{b[]}}`; each item of `items` once. */
static void add_shape(const json_t *value, clti_buf *out) {
    const char *name;
    json_t *member;
    if (json_is_array(value)) {
        clti_buf_add_char(out, '[');
        if (json_array_size(value))
            add_shape(json_array_get(value, 0), out);
        clti_buf_add_char(out, ']');
    } else if (json_is_object(value)) {
        clti_buf_add_char(out, '{');
        json_object_foreach((json_t *)(uintptr_t)value, name, member) {
            clti_buf_add_format(out, " %s", name);
            add_shape(member, out);
        }
        clti_buf_add(out, CLTI_STR(" }"));
    }
}

static void test_the_founding_example_gets_exactly_its_members_in_their_order(void **state) {
    (void)state;
    static const char shape[] =
        "{ totalCount items[{ id companyProfile{ tenantId domain companyName attributes{ objectType } } "
        "relationshipToPartner attributes{ objectType } }] links{ self{ uri method headers[] } } attributes{ "
        "objectType } }";
    const clti_test_response *response =
        clti_test_get(northwind, LIST "?size=40",
                      CLTI_TEST_WORDS("MS-RequestId: " REQUEST_ID, "MS-CorrelationId: " CORRELATION_ID));
    assert_int_equal(response->status, 200);
    expect_header(response, "Content-Type", "application/json");
    expect_header(response, "MS-CorrelationId", CORRELATION_ID);
    expect_header(response, "MS-RequestId", REQUEST_ID);
    expect_common_headers(response, "the founding example");
    clti_buf found;
    clti_buf_init(&found, 64 * 1024);
    add_shape(response->json, &found);
    clti_buf_add_char(&found, '\0');
    assert_true(clti_buf_ok(&found));
    assert_string_equal(found.data, shape);
    clti_buf_done(&found);
    assert_int_equal(json_integer_value(clti_test_at(response->json, "totalCount")), 40);
    const json_t *items = clti_test_at(response->json, "items"), *item;
    size_t i;
    json_array_foreach(items, i, item) {
        assert_int_equal(json_object_size(item), 4);
        assert_int_equal(json_object_size(clti_test_at(item, "companyProfile")), 4);
        assert_string_equal(clti_test_text_at(item, "id"),
                            clti_test_text_at(item, "companyProfile.tenantId"));
        assert_true(is_guid(clti_test_text_at(item, "id")));
        assert_string_equal(clti_test_text_at(item, "relationshipToPartner"), "reseller");
        assert_string_equal(clti_test_text_at(item, "attributes.objectType"), "Customer");
        assert_string_equal(clti_test_text_at(item, "companyProfile.attributes.objectType"),
                            "CustomerCompanyProfile");
    }
    assert_string_equal(clti_test_text_at(response->json, "links.self.uri"), LIST "?size=40");
    assert_string_equal(clti_test_text_at(response->json, "links.self.method"), "GET");
    assert_string_equal(clti_test_text_at(response->json, "attributes.objectType"), "Collection");
    /* Compact, and nothing behind the last brace. */
    char *again = json_dumps(response->json, JSON_COMPACT);
    assert_int_equal(strlen(again), response->body_size);
    free(again);
}

static void test_the_self_link_repeats_the_query_but_seek(void **state) {
    (void)state;
    static const struct {
        const char *query, *self;
    } rows[] = {
        {"", "?size=500"},
        {"?size=0", "?size=0"},
        {"?size=1000", "?size=1000"},
        {"?size=40&seekOperation=First", "?size=40"},
        {"?seekOperation=First&size=40", "?size=40"},
        {"?%73ize=4%30", "?size=40"},
        {"?size=1&filter=%7b%22Field%22:%22CompanyName%22,%22Value%22:%22zz%20z%22,%22Operator%22:9%7d",
         "?size=1&filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22zz%20z%22%2C%22Operator%22%"
         "3A9%7D"},
    };
    char target[256], expected[256];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target), LIST "%s", rows[i].query);
        snprintf(expected, sizeof(expected), LIST "%s", rows[i].self);
        const clti_test_response *response = clti_test_get(northwind, target, NULL);
        assert_int_equal(response->status, 200);
        assert_string_equal(clti_test_text_at(response->json, "links.self.uri"), expected);
    }
}

/* ---- headers ------------------------------------------------------------------------------------------- */

static void test_ids_that_are_GUIDs_come_back_byte_for_byte(void **state) {
    (void)state;
    static const char *const ids[] = {
        REQUEST_ID, "3705FC6D-4127-4A87-BDBA-9658F73FE019", "3705fc6d-4127-4A87-bdba-9658F73FE019",
        "{3705fc6d-4127-4a87-bdba-9658f73fe019}", "00000000-0000-0000-0000-000000000001"};
    static const char *const targets[] = {LIST "?size=1", LIST "?size=x", "/nothing",
                                          "/common/discovery/keys"};
    char request[128], correlation[128];
    for (size_t i = 0; i < CLTI_COUNT(ids); i++) {
        for (size_t k = 0; k < CLTI_COUNT(targets); k++) {
            snprintf(request, sizeof(request), "ms-requestid: %s", ids[i]);
            snprintf(correlation, sizeof(correlation), "MS-CORRELATIONID: %s",
                     ids[(i + 1) % CLTI_COUNT(ids)]);
            const clti_test_response *response =
                clti_test_get(demo.client, targets[k], CLTI_TEST_WORDS(request, correlation));
            expect_header(response, "MS-RequestId", ids[i]);
            expect_header(response, "MS-CorrelationId", ids[(i + 1) % CLTI_COUNT(ids)]);
        }
    }
}

static void test_ids_that_are_missing_or_no_GUIDs_are_made_anew(void **state) {
    (void)state;
    static const char *const bad[] = {"MS-RequestId;", "MS-RequestId: 42", "MS-RequestId: {" REQUEST_ID,
                                      "MS-RequestId: " REQUEST_ID "0",
                                      "MS-RequestId: g705fc6d-4127-4a87-bdba-9658f73fe019"};
    char *last = strdup("");
    for (size_t i = 0; i <= CLTI_COUNT(bad); i++) {
        const clti_test_response *response =
            clti_test_get(demo.client, LIST "?size=1", i < CLTI_COUNT(bad) ? CLTI_TEST_WORDS(bad[i]) : NULL);
        assert_int_equal(response->status, 200);
        char *id = clti_test_header(response, "MS-RequestId", 0);
        char *correlation = clti_test_header(response, "MS-CorrelationId", 0);
        if (!is_guid(id) || !is_guid(correlation) || strcmp(id, last) == 0 || strcmp(id, correlation) == 0)
            fail_msg("%zu: %s", i, response->headers);
        free(correlation);
        free(last);
        last = id;
    }
    free(last);
}

static void test_a_correlation_vector_is_echoed_up_to_127_characters(void **state) {
    (void)state;
    char header[256] = "MS-CV: ";
    char *last = strdup("");
    for (size_t size = 126; size <= 129; size++) {
        memset(header + 7, 'v', size);
        header[7 + size] = '\0';
        const clti_test_response *response =
            clti_test_get(demo.client, LIST "?size=1", CLTI_TEST_WORDS(header));
        if (size <= 127) {
            expect_header(response, "MS-CV", header + 7);
            continue;
        }
        char *made = clti_test_header(response, "MS-CV", 0);
        assert_true(is_cv(made) && strcmp(made, last) != 0);
        free(last);
        last = made;
    }
    free(last);
    expect_header(clti_test_get(demo.client, LIST "?size=1", CLTI_TEST_WORDS("MS-CV: xqqtn+OEVE2ridoS.0")),
                  "MS-CV", "xqqtn+OEVE2ridoS.0");
    char *made = clti_test_header(clti_test_get(demo.client, LIST "?size=1", NULL), "MS-CV", 0);
    assert_true(is_cv(made));
    free(made);
}

static void test_every_kind_of_answer_carries_the_common_headers(void **state) {
    (void)state;
    static const struct {
        const char *method, *target, *content_type, *cache;
        long status;
    } rows[] = {
        {"GET", LIST "?size=1", "application/json", "private, no-cache", 200},
        {"GET", LIST "?size=1&filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22b%22,%22Operator%22:9%7D",
         "application/json; charset=utf-8", "private, no-cache", 200},
        {"HEAD", LIST "?size=1", "application/json", "private, no-cache", 200},
        {"GET", LIST "?size=x", "application/json; charset=utf-8", "no-store", 400},
        {"HEAD", LIST "?size=x", NULL, "no-store", 400},
        {"GET", LIST "/" FABRIKAM, "application/json; charset=utf-8", "no-store", 404},
        {"GET", "/nothing/here", "application/json; charset=utf-8", "no-store", 404},
        {"PUT", LIST, "application/json; charset=utf-8", "no-store", 405},
        {"GET", "/common/oauth2/token", "application/json; charset=utf-8", "no-store", 405},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *response = clti_test_send(
            demo.client, &(clti_test_request){.method = rows[i].method, .target = rows[i].target});
        if (response->status != rows[i].status)
            fail_msg("%s %s: %ld", rows[i].method, rows[i].target, response->status);
        expect_common_headers(response, rows[i].target);
        expect_header(response, "Cache-Control", rows[i].cache);
        if (rows[i].content_type)
            expect_header(response, "Content-Type", rows[i].content_type);
    }
    const clti_test_response *refused =
        clti_test_send(demo.client, &(clti_test_request){.target = LIST, .authorization = ""});
    assert_int_equal(refused->status, 401);
    expect_common_headers(refused, "401");
    expect_header(refused, "Cache-Control", "no-store");
}

static void test_the_contract_version_is_v1_or_left_away(void **state) {
    (void)state;
    static const char *const good[] = {"MS-Contract-Version: v1", "MS-Contract-Version;"};
    static const char *const bad[] = {"MS-Contract-Version: v2", "MS-Contract-Version: 1",
                                      "MS-Contract-Version: v1.0"};
    for (size_t i = 0; i < CLTI_COUNT(good); i++)
        assert_int_equal(clti_test_get(demo.client, LIST "?size=1", CLTI_TEST_WORDS(good[i]))->status, 200);
    for (size_t i = 0; i < CLTI_COUNT(bad); i++) {
        const clti_test_response *response =
            clti_test_get(demo.client, LIST "?size=1", CLTI_TEST_WORDS(bad[i]));
        scene_expect_fault(response, 400, 2000, NULL, bad[i]);
        assert_non_null(strstr(clti_test_text_at(response->json, "description"), "MS-Contract-Version"));
    }
}

static void test_headers_that_clients_send_do_not_matter(void **state) {
    (void)state;
    static const char *const headers[] = {"Accept: text/html",
                                          "Accept-Language: xx",
                                          "X-Locale: de-DE",
                                          "MS-PartnerCenter-Client: Partner Center Java SDK",
                                          "MS-SdkVersion: 1.15.4",
                                          "ocp-apim-subscription-key: x",
                                          "Content-Type: text/xml",
                                          "Content-Type: APPLICATION/JSON; charset=UTF-8",
                                          "Host: api.partnercenter.microsoft.com",
                                          "If-Match: \"x\""};
    char *expected = strdup(clti_test_get(demo.client, LIST "?size=2", NULL)->body);
    for (size_t i = 0; i < CLTI_COUNT(headers); i++) {
        const clti_test_response *response =
            clti_test_get(demo.client, LIST "?size=2", CLTI_TEST_WORDS(headers[i]));
        if (response->status != 200 || strcmp(response->body, expected) != 0)
            fail_msg("%s: %ld %s", headers[i], response->status, response->body);
    }
    free(expected);
}

static void test_the_scheme_bearer_is_taken_in_any_case(void **state) {
    (void)state;
    static const char *const schemes[] = {"Bearer", "bearer", "BEARER", "bEaReR"};
    for (size_t i = 0; i < CLTI_COUNT(schemes); i++) {
        char *value;
        assert_true(asprintf(&value, "%s %s", schemes[i], clti_test_client_token(demo.client)) > 0);
        assert_int_equal(clti_test_send(demo.client, &(clti_test_request){.target = LIST "?size=1",
                                                                          .authorization = value})
                             ->status,
                         200);
        free(value);
    }
}

/* ---- methods and paths --------------------------------------------------------------------------------- */

static void test_head_is_get_without_a_body(void **state) {
    (void)state;
    static const char *const targets[] = {LIST "?size=2", LIST "?size=2&seekOperation=Last"};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        char *token =
            clti_test_header(clti_test_get(demo.client, targets[i], NULL), "MS-ContinuationToken", 0);
        const clti_test_response *response =
            clti_test_send(demo.client, &(clti_test_request){.method = "HEAD", .target = targets[i]});
        assert_int_equal(response->status, 200);
        assert_int_equal(response->body_size, 0);
        char *same = clti_test_header(response, "MS-ContinuationToken", 0);
        assert_true((!token && !same) || strcmp(token, same) == 0);
        free(token);
        free(same);
        assert_int_equal(clti_test_get(demo.client, LIST "?size=1", NULL)->status, 200);
    }
}

static void test_another_method_on_a_known_path_is_405_with_allow(void **state) {
    (void)state;
    static const struct {
        const char *method, *target;
        const char *allowed[2];
    } rows[] = {
        {"PUT", LIST, {"GET", "HEAD"}},
        {"DELETE", LIST, {"GET", "HEAD"}},
        {"OPTIONS", LIST, {"GET", "HEAD"}},
        {"TRACE", LIST, {"GET", "HEAD"}},
        {"get", LIST, {"GET", "HEAD"}},
        {"BREW", LIST "/" FABRIKAM, {"GET", "HEAD"}},
        {"PUT", LIST "/" FABRIKAM, {"GET", "HEAD"}},
        {"GET", "/common/oauth2/token", {"POST", NULL}},
        {"PUT", "/common/oauth2/v2.0/token", {"POST", NULL}},
        {"POST", "/common/discovery/keys", {"GET", "HEAD"}},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_test_response *response = clti_test_send(
            demo.client, &(clti_test_request){.method = rows[i].method, .target = rows[i].target});
        scene_expect_fault(response, 405, 900141, NULL, rows[i].method);
        char *allow = clti_test_header(response, "Allow", 0);
        assert_non_null(allow);
        for (size_t k = 0; k < 2 && rows[i].allowed[k]; k++)
            assert_non_null(strstr(allow, rows[i].allowed[k]));
        free(allow);
        assert_int_equal(clti_test_get(demo.client, LIST "?size=1", NULL)->status, 200);
    }
}

static void test_the_odd_paths_that_clients_send_are_the_list(void **state) {
    (void)state;
    static const char *const paths[] = {
        "/v1//customers",     "/v1//v1/customers",   "/v1/v1/customers",
        "//v1/customers",     "/V1/CUSTOMERS",       "/v1/Customers",
        "/v1/customers/",     "/v1/customers//",     "/v1///customers",
        "/v1/V1//Customers/", "/%76%31/c%75stomers", "http://api.partnercenter.microsoft.com/v1/customers"};
    char *expected = strdup(clti_test_get(demo.client, LIST "?size=2", NULL)->body), target[128];
    for (size_t i = 0; i < CLTI_COUNT(paths); i++) {
        snprintf(target, sizeof(target), "%s?size=2", paths[i]);
        const clti_test_response *response = clti_test_get(demo.client, target, NULL);
        if (response->status != 200 || strcmp(response->body, expected) != 0)
            fail_msg("%s: %ld %s", target, response->status, response->body);
    }
    free(expected);
}

static void test_unknown_paths_are_404(void **state) {
    (void)state;
    static const char *const paths[] = {"/",
                                        "/v1",
                                        "/v2/customers",
                                        "/customers",
                                        "/v1/customer",
                                        "/v1/customersx",
                                        "/v1/orders",
                                        "/generatetoken",
                                        "/v1/customers/all",
                                        "/v1/Customers/UsageRecords/",
                                        "/v1/customers/" FABRIKAM "/nothing",
                                        "/v1/customers/" FABRIKAM "/orders",
                                        "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t"};
    for (size_t i = 0; i < CLTI_COUNT(paths); i++)
        scene_expect_fault(clti_test_get(demo.client, paths[i], NULL), 404, 1000, NULL, paths[i]);
}

/* ---- one customer -------------------------------------------------------------------------------------- */

static void test_a_customer_is_found_by_id_in_each_spelling(void **state) {
    (void)state;
    char id[64], target[128];
    snprintf(id, sizeof(id), "%s",
             clti_test_text_at(clti_test_get(demo.client, LIST "?size=1&seekOperation=Last", NULL)->json,
                               "items.0.id"));
    char upper[64];
    for (size_t i = 0; i <= strlen(id); i++)
        upper[i] = (char)toupper((unsigned char)id[i]);
    const struct {
        const char *form, *id;
    } rows[] = {{"/v1/customers/%s", id},         {"/v1/customers/{%s}", id}, {"/v1/customers/%s", upper},
                {"/v1/customers/%%7b%s%%7D", id}, {"/v1//customers/%s/", id}, {"/V1/Customers/{%s}", upper}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const char *hole = strstr(rows[i].form, "%s");
        snprintf(target, sizeof(target), "%.*s%s%s", (int)(hole - rows[i].form), rows[i].form, rows[i].id,
                 hole + 2);
        for (char *twice; (twice = strstr(target, "%%"));)
            memmove(twice, twice + 1, strlen(twice));
        const clti_test_response *response = clti_test_get(demo.client, target, NULL);
        if (response->status != 200)
            fail_msg("%s: %ld %s", target, response->status, response->body);
        assert_string_equal(clti_test_text_at(response->json, "id"), id);
        assert_string_equal(clti_test_text_at(response->json, "companyProfile.tenantId"), id);
        expect_header(response, "Content-Type", "application/json; charset=utf-8");
    }
}

static void test_a_customer_shows_what_was_imported_as_the_contract_shapes_it(void **state) {
    (void)state;
    static const char ndjson[] =
        "{\"id\":\"22222222-0000-4000-8000-000000000001\",\"commerceId\":\"22222222-0000-4000-8000-"
        "000000000002\","
        "\"companyProfile\":{\"domain\":\"Contoso.onmicrosoft.com\"},\"billingProfile\":{\"id\":"
        "\"22222222-0000-4000-8000-000000000003\",\"firstName\":\"Ada\",\"lastName\":\"Byron\",\"email\":"
        "\"ada@contoso.com\",\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Contoso "
        "\\\"\\u00e9\\\"\","
        "\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\",\"addressLine1\":\"1 "
        "Main St\","
        "\"postalCode\":\"98052\",\"firstName\":\"Ada\",\"lastName\":\"Byron\",\"phoneNumber\":"
        "\"4255550101\"}}}\n";
#define SELF(path)                                                                                           \
    "\"links\":{\"self\":{\"uri\":\"/customers/22222222-0000-4000-8000-000000000001" path                    \
    "\",\"method\":\"GET\",\"headers\":[]}}"
    static const char before_tag[] =
        "{\"id\":\"22222222-0000-4000-8000-000000000001\",\"commerceId\":\"22222222-0000-4000-8000-"
        "000000000002\","
        "\"companyProfile\":{\"tenantId\":\"22222222-0000-4000-8000-000000000001\",\"domain\":\"Contoso."
        "onmicrosoft."
        "com\",\"companyName\":\"Contoso "
        "\\\"\xC3\xA9\\\"\",\"address\":{\"country\":\"US\",\"region\":\"WA\",\"city\":"
        "\"Redmond\",\"addressLine1\":\"1 Main St\",\"postalCode\":\"98052\",\"phoneNumber\":\"4255550101\"},"
        "\"email\":\"ada@contoso.com\"," SELF(
            "/profiles/company") ",\"attributes\":{\"objectType\":"
                                 "\"CustomerCompanyProfile\"}},\"billingProfile\":{\"id\":\"22222222-0000-"
                                 "4000-8000-000000000003\","
                                 "\"firstName\":\"Ada\",\"lastName\":\"Byron\",\"email\":\"ada@contoso.com\","
                                 "\"culture\":\"en-US\","
                                 "\"language\":\"en\",\"companyName\":\"Contoso "
                                 "\\\"\xC3\xA9\\\"\",\"defaultAddress\":{\"country\":\"US\","
                                 "\"city\":\"Redmond\",\"state\":\"WA\",\"addressLine1\":\"1 Main "
                                 "St\",\"postalCode\":\"98052\",\"firstName\":"
                                 "\"Ada\",\"lastName\":\"Byron\",\"phoneNumber\":\"4255550101\"}," SELF(
                                     "/profiles/billing") ",\"attributes\":{\"etag\":\"";
    static const char after_tag[] =
        "\",\"objectType\":\"CustomerBillingProfile\"}},\"relationshipToPartner\":\"reseller\","
        "\"allowDelegatedAccess\":true,\"customDomains\":[\"Contoso.onmicrosoft.com\"]," SELF(
            "") ",\"attributes\":{\"objectType\":\"Customer\"}}";
    scene own = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_import(folder, FABRIKAM, ndjson);
    scene_open(&own, folder, NULL);
    const clti_test_response *response =
        clti_test_get(own.client, LIST "/22222222-0000-4000-8000-000000000001", NULL);
    assert_int_equal(response->status, 200);
    const char *tag = clti_test_text_at(response->json, "billingProfile.attributes.etag");
    char *expected;
    assert_true(tag && asprintf(&expected, "%s%s%s", before_tag, tag, after_tag) > 0);
    assert_string_equal(response->body, expected);
    assert_int_equal(strspn(tag + (*tag == '-'), "0123456789"), strlen(tag + (*tag == '-')));
    free(expected);
    scene_close(&own);
}

static void test_what_is_not_delegated_is_left_out_and_what_is_removed_is_refused(void **state) {
    (void)state;
    static const char ndjson[] =
        "{\"id\":\"22222222-0000-4000-8000-000000000001\",\"companyProfile\":{\"domain\":\"a.test\","
        "\"companyName\":"
        "\"A\"},\"billingProfile\":{\"email\":\"a@a.test\",\"defaultAddress\":{\"country\":\"US\"}},"
        "\"allowDelegatedAccess\":false}\n"
        "{\"id\":\"22222222-0000-4000-8000-000000000002\",\"companyProfile\":{\"domain\":\"b.test\","
        "\"companyName\":"
        "\"B\"},\"relationshipToPartner\":\"none\"}\n";
    scene own = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_import(folder, FABRIKAM, ndjson);
    scene_open(&own, folder, NULL);
    const clti_test_response *response = clti_test_get(own.client, LIST, NULL);
    assert_int_equal(json_integer_value(clti_test_at(response->json, "totalCount")), 1);
    response = clti_test_get(own.client, LIST "/22222222-0000-4000-8000-000000000001", NULL);
    assert_int_equal(response->status, 200);
    assert_true(json_is_false(clti_test_at(response->json, "allowDelegatedAccess")));
    assert_null(clti_test_at(response->json, "companyProfile.address"));
    assert_null(clti_test_at(response->json, "companyProfile.email"));
    assert_null(clti_test_at(response->json, "customDomains"));
    assert_string_equal(clti_test_text_at(response->json, "billingProfile.email"), "a@a.test");
    scene_expect_fault(clti_test_get(own.client, LIST "/22222222-0000-4000-8000-000000000002", NULL), 403,
                       20002, NULL, "removed customer");
    scene_close(&own);
}

static void test_a_customer_id_that_leads_nowhere_is_refused(void **state) {
    (void)state;
    static const char *const malformed[] = {
        "x",           "42",         "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d4",
        "{" FABRIKAM,  FABRIKAM "}", "5b1c0a526f0e4c1b9d0f3f6c7a1e2d40",
        "%20" FABRIKAM};
    char target[128], theirs[64];
    for (size_t i = 0; i < CLTI_COUNT(malformed); i++) {
        snprintf(target, sizeof(target), LIST "/%s", malformed[i]);
        scene_expect_fault(clti_test_get(demo.client, target, NULL), 400, 900118, NULL, target);
    }
    scene_expect_fault(clti_test_get(demo.client, LIST "/11111111-1111-4111-8111-111111111111", NULL), 404,
                       60003, NULL, "unknown customer");
    snprintf(theirs, sizeof(theirs), "%s",
             clti_test_text_at(clti_test_get(northwind, LIST "?size=1", NULL)->json, "items.0.id"));
    snprintf(target, sizeof(target), LIST "/%s", theirs);
    assert_int_equal(clti_test_get(northwind, target, NULL)->status, 200);
    scene_expect_fault(clti_test_get(demo.client, target, NULL), 404, 60003, NULL,
                       "another partner's customer");
}

/* ---- settings ------------------------------------------------------------------------------------------ */

static void test_the_byte_order_mark_is_off_on_or_automatic(void **state) {
    (void)state;
    static const char mark[] = "\xEF\xBB\xBF",
                      old_module[] =
                          "MS-PartnerCenter-Application: Partner Center PowerShell Module v0.10.0.4";
    static const struct {
        const char *flag;
        bool plain, module;
    } rows[] = {{"--bom=off", false, false},
                {"--bom=on", true, true},
                {"--bom=auto", false, true},
                {"--threads=1", false, true}};
    scene own = {0};
    scene_open(&own, scene_demo_store(), NULL);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        scene_restart(&own, CLTI_TEST_WORDS(rows[i].flag));
        const char *const *const headers[] = {NULL, CLTI_TEST_WORDS(old_module)};
        for (size_t k = 0; k < 2; k++) {
            bool expected = k ? rows[i].module : rows[i].plain;
            const clti_test_response *response = clti_test_get(own.client, LIST "?size=1", headers[k]);
            assert_int_equal(response->status, 200);
            assert_non_null(response->json);
            assert_int_equal(strncmp(response->body, mark, 3) == 0, expected);
            char *length = clti_test_header(response, "Content-Length", 0);
            assert_int_equal(strtoul(length, NULL, 10), response->body_size);
            free(length);
            /* Never before an error. */
            response = clti_test_get(own.client, LIST "?size=x", headers[k]);
            assert_int_equal(response->body[0], '{');
        }
    }
    scene_close(&own);
}

static void test_items_carry_links_when_told(void **state) {
    (void)state;
    scene own = {0};
    scene_open(&own, scene_demo_store(), CLTI_TEST_WORDS("--list-item-links", "--server-id=Name 1"));
    const clti_test_response *response = clti_test_get(own.client, LIST "?size=1", NULL);
    const json_t *item = clti_test_at(response->json, "items.0");
    char expected[128];
    snprintf(expected, sizeof(expected), "/customers/%s", clti_test_text_at(item, "id"));
    assert_string_equal(clti_test_text_at(item, "links.self.uri"), expected);
    strcat(expected, "/profiles/company");
    assert_string_equal(clti_test_text_at(item, "companyProfile.links.self.uri"), expected);
    expect_header(response, "MS-ServerId", "Name 1");
    scene_close(&own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_founding_example_gets_exactly_its_members_in_their_order),
        cmocka_unit_test(test_the_self_link_repeats_the_query_but_seek),
        cmocka_unit_test(test_ids_that_are_GUIDs_come_back_byte_for_byte),
        cmocka_unit_test(test_ids_that_are_missing_or_no_GUIDs_are_made_anew),
        cmocka_unit_test(test_a_correlation_vector_is_echoed_up_to_127_characters),
        cmocka_unit_test(test_every_kind_of_answer_carries_the_common_headers),
        cmocka_unit_test(test_the_contract_version_is_v1_or_left_away),
        cmocka_unit_test(test_headers_that_clients_send_do_not_matter),
        cmocka_unit_test(test_the_scheme_bearer_is_taken_in_any_case),
        cmocka_unit_test(test_head_is_get_without_a_body),
        cmocka_unit_test(test_another_method_on_a_known_path_is_405_with_allow),
        cmocka_unit_test(test_the_odd_paths_that_clients_send_are_the_list),
        cmocka_unit_test(test_unknown_paths_are_404),
        cmocka_unit_test(test_a_customer_is_found_by_id_in_each_spelling),
        cmocka_unit_test(test_a_customer_shows_what_was_imported_as_the_contract_shapes_it),
        cmocka_unit_test(test_what_is_not_delegated_is_left_out_and_what_is_removed_is_refused),
        cmocka_unit_test(test_a_customer_id_that_leads_nowhere_is_refused),
        cmocka_unit_test(test_the_byte_order_mark_is_off_on_or_automatic),
        cmocka_unit_test(test_items_carry_links_when_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
