#include "fixture.h"

#include "base/base.h"

#include <stdio.h>

void fixture_open_as(fixture *opened, const char *script, const clt_partner_options *options,
                     clt_credentials *credentials) {
    const clt_partner_options defaults = CLT_PARTNER_OPTIONS_INIT;
    clt_partner_options own = options ? *options : defaults;
    clt_error *err = NULL;
    *opened = (fixture){0};
    scripted_start(&opened->service, script);
    own.base_url = opened->service.base_url;
    fixture_expect_ok(clt_partner_create(&own, credentials, &opened->partner, &err), &err);
    clt_credentials_free(credentials);
}

void fixture_open(fixture *opened, const char *script, const clt_partner_options *options) {
    clt_credentials *credentials;
    clt_error *err = NULL;
    fixture_expect_ok(clt_credentials_bearer("secret-token", 0, &credentials, &err), &err);
    fixture_open_as(opened, script, options, credentials);
}

void fixture_close(fixture *opened) {
    clt_partner_free(opened->partner);
    scripted_stop(&opened->service);
    *opened = (fixture){0};
}

void fixture_expect_ok(clt_status returned, clt_error **err) {
    if (returned != CLT_OK || *err)
        fail_msg("%s: %s", clt_status_name(returned), *err ? (*err)->message.data : "no error was given");
}

static void expect_text(clt_str text) {
    if (text.data)
        assert_int_equal(text.data[text.size], '\0');
}

void fixture_expect_error(clt_status returned, clt_error **err, clt_status status) {
    const clt_error *given = *err;
    if (returned != status || !given || given->status != status)
        fail_msg("expected \"%s\", came \"%s\": %s", clt_status_name(status), clt_status_name(returned),
                 given ? given->message.data : "without an error");
    else {
        assert_true(given->message.size > 0 && !strchr(given->message.data, '\n'));
        assert_null(strstr(given->message.data, "secret-token"));
        assert_true(given->detail_count == 0 || given->details);
        expect_text(given->message);
        expect_text(given->service_code);
        expect_text(given->operation);
        expect_text(given->request_id);
        expect_text(given->correlation_id);
    }
    clt_error_free(*err);
    *err = NULL;
}

clt_customer_page *fixture_query(clt_partner *partner, const clt_query *query) {
    clt_customer_page *page = NULL;
    clt_error *err = NULL;
    fixture_expect_ok(clt_customers_query(partner, query, NULL, &page, &err), &err);
    assert_non_null(page);
    return page;
}

clt_error *fixture_refused(clt_partner *partner, const clt_request_context *context, clt_status status) {
    clt_customer_page *page = (clt_customer_page *)(uintptr_t)1;
    clt_error *err = NULL;
    clt_status returned = clt_customers_query(partner, NULL, context, &page, &err);
    if (returned != status || !err)
        fail_msg("expected \"%s\", came \"%s\": %s", clt_status_name(status), clt_status_name(returned),
                 err ? err->message.data : "without an error");
    assert_ptr_equal(page, (void *)(uintptr_t)1); /* untouched on failure */
    return err;
}

clt_customer_enumerator *fixture_enumerate(clt_partner *partner, int no_prefetch) {
    const clt_query query = clt_query_indexed(40);
    clt_customer_enumerator_options options = CLT_CUSTOMER_ENUMERATOR_OPTIONS_INIT;
    clt_customer_enumerator *enumerator = NULL;
    clt_error *err = NULL;
    options.no_prefetch = no_prefetch;
    fixture_expect_ok(
        clt_customer_enumerator_create(partner, fixture_query(partner, &query), &options, &enumerator, &err),
        &err);
    return enumerator;
}

void fixture_expect_page(const clt_customer_page *page, unsigned first, unsigned last) {
    char id[40], name[40];
    const size_t count = first ? last - first + 1 : 0;
    assert_non_null(page);
    assert_int_equal(clt_customer_page_count(page), count);
    assert_int_equal(clt_customer_page_total_count(page), count);
    for (size_t i = 0; i < count; i++) {
        const clt_customer *customer = clt_customer_page_at(page, i);
        snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012zu", first + i);
        snprintf(name, sizeof(name), "Customer %zu", first + i);
        assert_string_equal(customer->id.data, id);
        assert_string_equal(customer->company_profile->company_name.data, name);
    }
    assert_null(clt_customer_page_at(page, count));
}

int fixture_is_guid(const char *text) {
    clt_guid guid;
    return text && strlen(text) == 36 && clti_guid_parse(clti_str(text), &guid) &&
           strspn(text, "0123456789abcdef-") == 36;
}
