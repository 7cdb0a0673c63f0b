/* libclientele through nginx: TLS with an authority of our own, HTTP/2. */
#include "sdk_partner.h"
#include "tls_proxy.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static scene demo;
static tls_proxy proxy;
static char base_url[64];

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    tls_proxy_start(&proxy, 0, &demo.server);
    snprintf(base_url, sizeof(base_url), "https://localhost:%u", proxy.port);
    return 0;
}

static int teardown(void **state) {
    tls_proxy_stop(&proxy);
    scene_close(&demo);
    return scene_group_teardown(state);
}

static clt_partner *partner_trusting(const char *ca_file) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    options.ca_file = ca_file;
    options.retry_max = -1;
    return sdk_partner(base_url, &options, FABRIKAM, FABRIKAM_APP);
}

/* In any thread: SIZE_MAX if a page did not come. */
static size_t count_all(clt_partner *partner, uint32_t page_size) {
    const clt_query query = clt_query_indexed(page_size);
    clt_customer_page *page;
    clt_customer_enumerator *enumerator;
    size_t count = 0;
    if (clt_customers_query(partner, &query, NULL, &page, NULL) != CLT_OK ||
        clt_customer_enumerator_create(partner, page, NULL, &enumerator, NULL) != CLT_OK)
        return SIZE_MAX;
    while (count != SIZE_MAX && clt_customer_enumerator_has_value(enumerator)) {
        count += clt_customer_page_count(clt_customer_enumerator_current(enumerator));
        if (clt_customer_enumerator_next(enumerator, NULL, NULL) != CLT_OK)
            count = SIZE_MAX;
    }
    clt_customer_enumerator_free(enumerator);
    return count;
}

static void test_the_whole_list_comes_over_http_2(void **state) {
    (void)state;
    clt_partner *partner = partner_trusting(proxy.ca_file);
    assert_int_equal(count_all(partner, 500), 28073);
    char *requests = tls_proxy_requests(&proxy);
    assert_non_null(strstr(requests, "HTTP/2.0 200 [-] /v1/customers?"));
    assert_null(strstr(requests, "HTTP/1.1"));
    free(requests);
    clt_partner_free(partner);
}

static void expect_no_trust(const char *ca_file) {
    clt_customer_page *page;
    clt_error *err = NULL;
    clt_partner *partner = partner_trusting(ca_file);
    char *before = tls_proxy_requests(&proxy);
    clt_status status = clt_customers_query(partner, NULL, NULL, &page, &err);
    assert_int_equal(err->native_domain, CLT_NATIVE_CURL);
    assert_int_equal(err->native_code, 60); /* CURLE_PEER_FAILED_VERIFICATION */
    sdk_expect_error(status, &err, CLT_ERR_NETWORK);
    char *after = tls_proxy_requests(&proxy);
    assert_string_equal(before, after); /* not a byte of a request was sent */
    free(before);
    free(after);
    clt_partner_free(partner);
}

static void test_a_certificate_of_an_unknown_authority_is_refused(void **state) {
    (void)state;
    expect_no_trust(NULL);
}

static void test_a_certificate_of_another_authority_is_refused(void **state) {
    (void)state;
    expect_no_trust(proxy.stranger_file);
}

static void *count_in_thread(void *partner) {
    return (void *)(uintptr_t)count_all(partner, 500);
}

static void test_sixteen_threads_read_over_http_2(void **state) {
    (void)state;
    pthread_t threads[16];
    void *count;
    clt_partner *partner = partner_trusting(proxy.ca_file);
    for (size_t i = 0; i < CLTI_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_in_thread, partner), 0);
    for (size_t i = 0; i < CLTI_COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &count), 0);
        assert_int_equal((uintptr_t)count, 28073);
    }
    clt_partner_free(partner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_whole_list_comes_over_http_2),
        cmocka_unit_test(test_a_certificate_of_an_unknown_authority_is_refused),
        cmocka_unit_test(test_a_certificate_of_another_authority_is_refused),
        cmocka_unit_test(test_sixteen_threads_read_over_http_2),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
