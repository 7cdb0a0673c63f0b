/* The enumerator (api.md 6.3): where it goes, what it asks for and when, and where it never goes. */
#include "fixture.h"

#include "base/base.h"

#include <stdio.h>

#define PAGE_1 "> 200 page=1-2 next=t2\n"
#define PAGE_2 "> 200 page=3-4 next=t3 previous=p1\nMS-ContinuationToken: t3\n"
#define PAGE_3 "> 200 page=5 previous=p2\n"

static void go(clt_status (*step)(clt_customer_enumerator *, const clt_request_context *, clt_error **),
               clt_customer_enumerator *enumerator) {
    clt_error *err = NULL;
    fixture_expect_ok(step(enumerator, NULL, &err), &err);
}

static void expect_at(clt_customer_enumerator *enumerator, unsigned first, unsigned last) {
    assert_int_equal(clt_customer_enumerator_has_value(enumerator), 1);
    fixture_expect_page(clt_customer_enumerator_current(enumerator), first, last);
}

static void expect_failure(clt_customer_enumerator *enumerator, clt_status status) {
    clt_error *err = NULL;
    fixture_expect_error(clt_customer_enumerator_next(enumerator, NULL, &err), &err, status);
}

/* Other calls show in the service's records what came before them. */
static void ask_for_nobody(clt_partner *partner) {
    clt_call call = CLT_CALL_INIT;
    clt_response *response;
    clt_error *err = NULL;
    call.path = "/v1/nobody";
    fixture_expect_ok(clt_partner_call(partner, &call, NULL, &response, &err), &err);
    clt_response_free(response);
}

/* ---- walking ------------------------------------------------------------------------------------------- */

static void test_next_goes_through_every_page_and_then_to_no_value_without_a_request(void **state) {
    (void)state;
    for (int no_prefetch = 0; no_prefetch < 2; no_prefetch++) {
        fixture test;
        fixture_open(&test, PAGE_1 PAGE_2 PAGE_3, NULL);
        clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, no_prefetch);
        expect_at(enumerator, 1, 2);
        assert_int_equal(clt_customer_enumerator_is_first(enumerator), 1);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 0);
        go(clt_customer_enumerator_next, enumerator);
        expect_at(enumerator, 3, 4);
        assert_int_equal(clt_customer_enumerator_is_first(enumerator), 0);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 0);
        go(clt_customer_enumerator_next, enumerator);
        expect_at(enumerator, 5, 5);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 1);
        go(clt_customer_enumerator_next, enumerator);
        assert_int_equal(clt_customer_enumerator_has_value(enumerator), 0);
        assert_null(clt_customer_enumerator_current(enumerator));
        assert_null(clt_customer_enumerator_take(enumerator));
        assert_int_equal(clt_customer_enumerator_is_first(enumerator), 0);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 0);
        expect_failure(enumerator, CLT_ERR_ARGUMENT); /* there is nothing to go on from */
        clt_customer_enumerator_free(enumerator);
        const json_t *requests = scripted_requests(&test.service, "api");
        assert_int_equal(json_array_size(requests), 3);
        assert_string_equal(scripted_header(requests, 1, "MS-ContinuationToken"), "t2");
        assert_string_equal(scripted_header(requests, 2, "MS-ContinuationToken"), "t3");
        for (size_t i = 1; i < 3; i++)
            assert_non_null(strstr(scripted_text(requests, i, "target"), "seekOperation=Next"));
        fixture_close(&test);
    }
}

static void test_previous_is_the_mirror_image(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test,
                 "> 200 page=5 previous=p2\n> 200 page=3-4 next=t3 previous=p1\n> 200 page=1-2 next=t2\n",
                 NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
    go(clt_customer_enumerator_previous, enumerator);
    expect_at(enumerator, 3, 4);
    go(clt_customer_enumerator_previous, enumerator);
    expect_at(enumerator, 1, 2);
    assert_int_equal(clt_customer_enumerator_is_first(enumerator), 1);
    go(clt_customer_enumerator_previous, enumerator);
    assert_int_equal(clt_customer_enumerator_has_value(enumerator), 0);
    clt_customer_enumerator_free(enumerator);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_header(requests, 1, "MS-ContinuationToken"), "p2");
    assert_string_equal(scripted_header(requests, 2, "MS-ContinuationToken"), "p1");
    assert_string_equal(scripted_text(requests, 1, "target"), "/v1/customers?size=40&seekOperation=Previous");
    fixture_close(&test);
}

static void test_turning_round_in_the_middle_discards_what_was_read_ahead(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test,
                 "> 200 page=1-2 next=t2\n"
                 "> 200 for=Previous page=1-2 next=t2\n"
                 "> 200 for=Next repeat page=3-4 next=t3 previous=p1\n",
                 NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 3, 4);
    go(clt_customer_enumerator_previous, enumerator);
    expect_at(enumerator, 1, 2);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 3, 4);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_a_page_without_customers_but_with_a_next_link_is_used_like_any_other(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200 page= next=t2\n> 200 page= next=t3\n> 200 page=1\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    for (int i = 0; i < 2; i++) {
        expect_at(enumerator, 0, 0);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 0);
        go(clt_customer_enumerator_next, enumerator);
    }
    expect_at(enumerator, 1, 1);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_a_page_without_links_is_first_and_last(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200\n\n{\"totalCount\":0,\"items\":[]}\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    assert_int_equal(clt_customer_enumerator_is_first(enumerator), 1);
    assert_int_equal(clt_customer_enumerator_is_last(enumerator), 1);
    go(clt_customer_enumerator_next, enumerator);
    assert_int_equal(clt_customer_enumerator_has_value(enumerator), 0);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_take_hands_the_page_over_and_it_stays_current(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    clt_customer_page *taken = clt_customer_enumerator_take(enumerator);
    assert_ptr_equal(taken, clt_customer_enumerator_current(enumerator));
    expect_at(enumerator, 1, 2);
    assert_int_equal(clt_customer_enumerator_is_first(enumerator), 1);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 5);
    fixture_expect_page(taken, 1, 2); /* still the caller's */
    clt_customer_enumerator_free(enumerator);
    fixture_expect_page(taken, 1, 2);
    clt_customer_page_free(taken);
    fixture_close(&test);
}

static void test_creating_one_without_a_page_is_refused(void **state) {
    (void)state;
    clt_customer_enumerator *enumerator;
    clt_error *err = NULL;
    fixture test;
    fixture_open(&test, "> 200 page=1\n", NULL);
    fixture_expect_error(clt_customer_enumerator_create(test.partner, NULL, NULL, &enumerator, &err), &err,
                         CLT_ERR_ARGUMENT);
    /* It takes the page on failure too: nothing leaks. */
    err = NULL;
    fixture_expect_error(
        clt_customer_enumerator_create(NULL, fixture_query(test.partner, NULL), NULL, &enumerator, &err),
        &err, CLT_ERR_ARGUMENT);
    fixture_close(&test);
}

static void test_each_step_has_a_request_id_of_its_own_and_the_scopes_correlation_id(void **state) {
    (void)state;
    clt_partner *scoped;
    fixture test;
    fixture_open(&test, PAGE_1 PAGE_2 PAGE_3, NULL);
    assert_int_equal(clt_partner_with(test.partner, NULL, &scoped, NULL), CLT_OK);
    clt_customer_enumerator *enumerator = fixture_enumerate(scoped, 0);
    for (int i = 0; i < 2; i++)
        go(clt_customer_enumerator_next, enumerator);
    const json_t *requests = scripted_requests(&test.service, "api");
    for (size_t i = 1; i < 3; i++) {
        assert_string_equal(scripted_header(requests, i, "MS-CorrelationId"),
                            scripted_header(requests, 0, "MS-CorrelationId"));
        assert_string_not_equal(scripted_header(requests, i, "MS-RequestId"),
                                scripted_header(requests, i - 1, "MS-RequestId"));
    }
    clt_customer_enumerator_free(enumerator);
    clt_partner_free(scoped);
    fixture_close(&test);
}

static void test_a_context_of_the_callers_is_used_for_the_step(void **state) {
    (void)state;
    static const char id[] = "3705fc6d-4127-4a87-bdba-9658f73fe019";
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_error *err = NULL;
    fixture test;
    context.request_id = id;
    context.locale = "de-DE";
    fixture_open(&test, PAGE_1 PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
    fixture_expect_ok(clt_customer_enumerator_next(enumerator, &context, &err), &err);
    assert_string_equal(scripted_header(scripted_requests(&test.service, "api"), 1, "MS-RequestId"), id);
    assert_string_equal(scripted_header(scripted_requests(&test.service, "api"), 1, "X-Locale"), "de-DE");
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

/* ---- reading ahead ------------------------------------------------------------------------------------- */

static void test_the_next_page_is_asked_for_before_the_caller_wants_it(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 "> 200 for=nobody\n\n{}\n" PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    scripted_wait(&test.service, "api", 2); /* while the caller works on page 1 */
    ask_for_nobody(test.partner);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 5);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_text(requests, 2, "target"), "/v1/nobody");
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_without_prefetch_it_is_asked_for_only_then(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 "> 200 for=nobody\n\n{}\n" PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
    ask_for_nobody(test.partner);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 5);
    assert_string_equal(scripted_text(scripted_requests(&test.service, "api"), 1, "target"), "/v1/nobody");
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_request_n_plus_1_goes_out_when_the_headers_of_page_n_are_in(void **state) {
    (void)state;
    fixture test;
    /* The body of page 2 comes only once page 3 has been asked for. */
    fixture_open(&test,
                 PAGE_1 "> 200 page=3-4 next=t3 hold=3\nMS-ContinuationToken: t3\n"
                        "> 200 page=5-6 next=t4 hold=4\nMS-ContinuationToken: t4\n> 200 page=7\n",
                 NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 3, 4);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 6);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 7, 7);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_two_connections_carry_a_whole_enumeration(void **state) {
    (void)state;
    enum { PAGES = 20 };
    char script[PAGES * 64];
    size_t size = 0;
    fixture test;
    for (int i = 1; i < PAGES; i++)
        size +=
            (size_t)sprintf(script + size, "> 200 page=%d next=t%d\nMS-ContinuationToken: t%d\n", i, i, i);
    sprintf(script + size, "> 200 page=%d\n", PAGES);
    fixture_open(&test, script, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    for (unsigned i = 1; i <= PAGES; i++) {
        expect_at(enumerator, i, i);
        go(clt_customer_enumerator_next, enumerator);
    }
    clt_customer_enumerator_free(enumerator);
    const json_t *requests = scripted_requests(&test.service, "api");
    for (size_t i = 0; i < PAGES; i++)
        assert_true(json_integer_value(json_object_get(json_array_get(requests, i), "connection")) < 2);
    fixture_close(&test);
}

static void test_a_prefetch_that_failed_is_repeated_silently(void **state) {
    (void)state;
    static const char *const failures[] = {"> close\n",
                                           "> reset\n",
                                           "> 500\n",
                                           "> 404\n",
                                           "> 401\n",
                                           "> 200 page=3-4 cut=300\n",
                                           "> 302\nLocation: http://{other}/\n"};
    char script[512];
    for (size_t i = 0; i < CLTI_COUNT(failures); i++) {
        fixture test;
        snprintf(script, sizeof(script), PAGE_1 "%s" PAGE_3, failures[i]);
        fixture_open(&test, script, NULL);
        clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
        scripted_wait(&test.service, "api", 2);
        expect_at(enumerator, 1, 2);
        go(clt_customer_enumerator_next, enumerator);
        expect_at(enumerator, 5, 5);
        clt_customer_enumerator_free(enumerator);
        assert_int_equal(scripted_count(&test.service, "other"), 0);
        fixture_close(&test);
    }
}

static void test_a_page_read_ahead_that_is_none_is_an_error_when_it_is_wanted(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 "> 200\n\nno JSON\n" PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    scripted_wait(&test.service, "api", 2);
    expect_at(enumerator, 1, 2);
    expect_failure(enumerator, CLT_ERR_RESPONSE_PARSE);
    expect_at(enumerator, 1, 2);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 5);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_freeing_it_while_a_page_is_on_its_way_waits_for_nothing(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 "> hang\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    scripted_wait(&test.service, "api", 2);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_a_page_on_its_way_that_never_comes_ends_with_the_callers_deadline(void **state) {
    (void)state;
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    clt_error *err = NULL;
    fixture test;
    context.timeout_ms = 300;
    fixture_open(&test, PAGE_1 "> hang\n> 200 repeat page=5\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    scripted_wait(&test.service, "api", 2);
    clt_status status = clt_customer_enumerator_next(enumerator, &context, &err);
    if (status != CLT_OK) { /* it may also have given the prefetch up in time, and asked anew */
        fixture_expect_error(status, &err, CLT_ERR_REQUEST_TIMEOUT);
        expect_at(enumerator, 1, 2);
        go(clt_customer_enumerator_next, enumerator);
    }
    expect_at(enumerator, 5, 5);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

/* ---- errors -------------------------------------------------------------------------------------------- */

static void test_an_error_leaves_it_on_its_page(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, PAGE_1 "> 403\n\n{\"code\":20002,\"description\":\"no\"}\n" PAGE_2 PAGE_3, NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
    expect_failure(enumerator, CLT_ERR_FORBIDDEN);
    expect_at(enumerator, 1, 2);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 3, 4);
    go(clt_customer_enumerator_next, enumerator);
    expect_at(enumerator, 5, 5);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_400_with_code_2000_while_seeking_is_the_end(void **state) {
    (void)state;
    static const char *const codes[] = {"2000", "\"2000\""};
    char script[256];
    for (size_t i = 0; i < CLTI_COUNT(codes); i++)
        for (int no_prefetch = 0; no_prefetch < 2; no_prefetch++) {
            fixture test;
            snprintf(script, sizeof(script), PAGE_1 "> 400 repeat\n\n{\"code\":%s,\"description\":\"end\"}\n",
                     codes[i]);
            fixture_open(&test, script, NULL);
            clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, no_prefetch);
            go(clt_customer_enumerator_next, enumerator);
            assert_int_equal(clt_customer_enumerator_has_value(enumerator), 0);
            clt_customer_enumerator_free(enumerator);
            const clt_query query = clt_query_seek(CLT_SEEK_NEXT, "t2");
            clt_customer_page *page;
            clt_error *err = NULL;
            fixture_expect_error(clt_customers_query(test.partner, &query, NULL, &page, &err), &err,
                                 CLT_ERR_END);
            fixture_close(&test);
        }
}

static void test_400_with_code_2000_to_a_plain_query_is_bad_input(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 400\n\n{\"code\":2000,\"description\":\"size\"}\n", NULL);
    clt_error_free(fixture_refused(test.partner, NULL, CLT_ERR_BAD_INPUT));
    fixture_close(&test);
}

/* ---- links --------------------------------------------------------------------------------------------- */

static void test_links_in_each_form_lead_to_the_same_path(void **state) {
    (void)state;
    static const char *const forms[] = {"/customers",     "customers",      "//customers",
                                        "/v1/customers",  "v1/customers",   "/V1/customers",
                                        "//v1/customers", "/v1//customers", "http://{host}/v1/customers"};
    for (size_t i = 0; i < CLTI_COUNT(forms); i++) {
        char script[256];
        fixture test;
        snprintf(script, sizeof(script), "> 200 page=1-2 next=t2 form=%s\n" PAGE_3, forms[i]);
        fixture_open(&test, script, NULL);
        clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
        go(clt_customer_enumerator_next, enumerator);
        expect_at(enumerator, 5, 5);
        const char *target = scripted_text(scripted_requests(&test.service, "api"), 1, "target");
        if (strcmp(target, "/v1/customers?size=40&seekOperation=Next") != 0)
            fail_msg("%s became %s", forms[i], target);
        clt_customer_enumerator_free(enumerator);
        fixture_close(&test);
    }
}

static void test_a_link_to_another_origin_is_not_followed_and_the_token_stays_here(void **state) {
    (void)state;
    static const char *const forms[] = {"http://{other}/v1/customers",
                                        "HTTP://{other}/customers",
                                        "https://{host}/v1/customers",
                                        "http://{host}@{other}/v1/customers",
                                        "http://api.example/customers",
                                        "ftp://{host}/v1/customers",
                                        "file:///etc/passwd",
                                        "http:\\\\{other}/customers",
                                        "http://{host}.example/customers"};
    for (size_t i = 0; i < CLTI_COUNT(forms); i++)
        for (int no_prefetch = 0; no_prefetch < 2; no_prefetch++) {
            char script[256];
            fixture test;
            snprintf(script, sizeof(script), "> 200 page=1-2 next=t2 form=%s\n", forms[i]);
            fixture_open(&test, script, NULL);
            clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, no_prefetch);
            clt_error *err = NULL;
            clt_status status = clt_customer_enumerator_next(enumerator, NULL, &err);
            if (status != CLT_ERR_ORIGIN)
                fail_msg("%s: %s", forms[i], clt_status_name(status));
            assert_string_equal(err->operation.data, "GET /v1/customers");
            assert_string_equal(err->request_id.data,
                                scripted_header(scripted_requests(&test.service, "api"), 0, "MS-RequestId"));
            assert_true(fixture_is_guid(err->correlation_id.data));
            fixture_expect_error(status, &err, CLT_ERR_ORIGIN);
            expect_at(enumerator, 1, 2);
            clt_customer_enumerator_free(enumerator);
            assert_int_equal(scripted_count(&test.service, "api"), 1);
            assert_int_equal(scripted_count(&test.service, "other"), 0);
            fixture_close(&test);
        }
}

/* A link's body with this uri and these headers. */
static void open_link(fixture *test, const char *uri, const char *headers, const char *more) {
    char script[1024];
    snprintf(script, sizeof(script),
             "> 200\n\n{\"totalCount\":0,\"items\":[],\"links\":{\"next\":{\"uri\":\"%s\",\"method\":\"GET\","
             "\"headers\":%s}}}\n%s",
             uri, headers, more);
    fixture_open(test, script, NULL);
}

static void test_a_links_headers_are_sent_along_but_cannot_replace_the_librarys(void **state) {
    (void)state;
    fixture test;
    open_link(
        &test, "/customers?seekOperation=Next",
        "[{\"key\":\"MS-ContinuationToken\",\"value\":\"t2\"},{\"key\":\"X-Shard\",\"value\":\"7\"},"
        "{\"key\":\"Authorization\",\"value\":\"Bearer stolen\"},{\"key\":\"Host\",\"value\":\"evil\"}]",
        "> 200 page=1\n");
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
    go(clt_customer_enumerator_next, enumerator);
    const json_t *requests = scripted_requests(&test.service, "api");
    assert_string_equal(scripted_header(requests, 1, "MS-ContinuationToken"), "t2");
    assert_string_equal(scripted_header(requests, 1, "X-Shard"), "7");
    assert_string_equal(scripted_header(requests, 1, "Authorization"), "Bearer secret-token");
    assert_string_not_equal(scripted_header(requests, 1, "Host"), "evil");
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_a_link_that_would_break_the_request_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *uri, *headers;
    } rows[] = {
        {"/customers?x=1\\r\\nX-Evil: 1", "[]"},
        {"/customers?x=1 HTTP/1.1\\r\\nX-Evil: 1", "[]"},
        {"/customers", "[{\"key\":\"MS-ContinuationToken\",\"value\":\"a\\r\\nX-Evil: 1\"}]"},
        {"/customers", "[{\"key\":\"X-A\\r\\nX-Evil\",\"value\":\"1\"}]"},
        {"/customers\\u0000/x", "[]"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        fixture test;
        open_link(&test, rows[i].uri, rows[i].headers, "> 200 repeat page=1\n");
        clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 1);
        clt_error *err = NULL;
        clt_status status = clt_customer_enumerator_next(enumerator, NULL, &err);
        const json_t *requests = scripted_requests(&test.service, "api");
        for (size_t j = 0; j < json_array_size(requests); j++)
            assert_null(scripted_header(requests, j, "X-Evil"));
        if (status != CLT_OK)
            fixture_expect_error(status, &err, status);
        clt_customer_enumerator_free(enumerator);
        fixture_close(&test);
    }
}

static void test_without_a_next_link_the_bodys_token_is_sent_by_hand(void **state) {
    (void)state;
    for (int no_prefetch = 0; no_prefetch < 2; no_prefetch++) {
        fixture test;
        fixture_open(&test,
                     "> 200\n\n{\"continuationToken\":\"AQAAAA==\",\"totalCount\":0,\"items\":[]}\n"
                     "> 200 page=1-2\n",
                     NULL);
        clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, no_prefetch);
        assert_int_equal(clt_customer_enumerator_is_last(enumerator), 0);
        go(clt_customer_enumerator_next, enumerator);
        expect_at(enumerator, 1, 2);
        const json_t *requests = scripted_requests(&test.service, "api");
        assert_string_equal(scripted_header(requests, 1, "MS-ContinuationToken"), "AQAAAA==");
        assert_non_null(strstr(scripted_text(requests, 1, "target"), "seekOperation=Next"));
        clt_customer_enumerator_free(enumerator);
        fixture_close(&test);
    }
}

static void test_an_empty_token_is_none(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200\n\n{\"continuationToken\":\"\",\"totalCount\":0,\"items\":[]}\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    assert_int_equal(clt_customer_enumerator_is_last(enumerator), 1);
    go(clt_customer_enumerator_next, enumerator);
    clt_customer_enumerator_free(enumerator);
    fixture_close(&test);
}

static void test_links_that_lead_in_a_circle_are_followed_a_step_at_a_time(void **state) {
    (void)state;
    fixture test;
    fixture_open(&test, "> 200 repeat page=1-2 next=t2\nMS-ContinuationToken: t2\n", NULL);
    clt_customer_enumerator *enumerator = fixture_enumerate(test.partner, 0);
    clt_status status = CLT_OK;
    for (int i = 0; i < 10 && status == CLT_OK; i++) {
        clt_error *err = NULL;
        expect_at(enumerator, 1, 2);
        status = clt_customer_enumerator_next(enumerator, NULL, &err);
        clt_error_free(err); /* noticing the circle is allowed */
    }
    clt_customer_enumerator_free(enumerator);
    /* Never more than one step ahead of the caller. */
    assert_in_range(scripted_count(&test.service, "api"), 2, 12);
    fixture_close(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_goes_through_every_page_and_then_to_no_value_without_a_request),
        cmocka_unit_test(test_previous_is_the_mirror_image),
        cmocka_unit_test(test_turning_round_in_the_middle_discards_what_was_read_ahead),
        cmocka_unit_test(test_a_page_without_customers_but_with_a_next_link_is_used_like_any_other),
        cmocka_unit_test(test_a_page_without_links_is_first_and_last),
        cmocka_unit_test(test_take_hands_the_page_over_and_it_stays_current),
        cmocka_unit_test(test_creating_one_without_a_page_is_refused),
        cmocka_unit_test(test_each_step_has_a_request_id_of_its_own_and_the_scopes_correlation_id),
        cmocka_unit_test(test_a_context_of_the_callers_is_used_for_the_step),
        cmocka_unit_test(test_the_next_page_is_asked_for_before_the_caller_wants_it),
        cmocka_unit_test(test_without_prefetch_it_is_asked_for_only_then),
        cmocka_unit_test(test_request_n_plus_1_goes_out_when_the_headers_of_page_n_are_in),
        cmocka_unit_test(test_two_connections_carry_a_whole_enumeration),
        cmocka_unit_test(test_a_prefetch_that_failed_is_repeated_silently),
        cmocka_unit_test(test_a_page_read_ahead_that_is_none_is_an_error_when_it_is_wanted),
        cmocka_unit_test(test_freeing_it_while_a_page_is_on_its_way_waits_for_nothing),
        cmocka_unit_test(test_a_page_on_its_way_that_never_comes_ends_with_the_callers_deadline),
        cmocka_unit_test(test_an_error_leaves_it_on_its_page),
        cmocka_unit_test(test_400_with_code_2000_while_seeking_is_the_end),
        cmocka_unit_test(test_400_with_code_2000_to_a_plain_query_is_bad_input),
        cmocka_unit_test(test_links_in_each_form_lead_to_the_same_path),
        cmocka_unit_test(test_a_link_to_another_origin_is_not_followed_and_the_token_stays_here),
        cmocka_unit_test(test_a_links_headers_are_sent_along_but_cannot_replace_the_librarys),
        cmocka_unit_test(test_a_link_that_would_break_the_request_is_refused),
        cmocka_unit_test(test_without_a_next_link_the_bodys_token_is_sent_by_hand),
        cmocka_unit_test(test_an_empty_token_is_none),
        cmocka_unit_test(test_links_that_lead_in_a_circle_are_followed_a_step_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
