#include "sdk_partner.h"

void sdk_expect_ok(clt_status returned, clt_error **err) {
    if (returned != CLT_OK || *err)
        fail_msg("%s: %s", clt_status_name(returned), *err ? (*err)->message.data : "no error was given");
}

void sdk_expect_error(clt_status returned, clt_error **err, clt_status status) {
    if (returned != status || !*err)
        fail_msg("expected \"%s\", came \"%s\": %s", clt_status_name(status), clt_status_name(returned),
                 *err ? (*err)->message.data : "without an error");
    clt_error_free(*err);
    *err = NULL;
}

clt_partner *sdk_partner(const char *base_url, const clt_partner_options *options, const char *tenant,
                         const char *application) {
    const clt_partner_options defaults = CLT_PARTNER_OPTIONS_INIT;
    clt_partner_options own = options ? *options : defaults;
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    own.base_url = base_url;
    sdk_expect_ok(clt_credentials_app(tenant, application, CLTI_TEST_SECRET, &credentials, &err), &err);
    sdk_expect_ok(clt_partner_create(&own, credentials, &partner, &err), &err);
    clt_credentials_free(credentials);
    return partner;
}

clt_customer_enumerator *sdk_enumerate(clt_partner *partner, const clt_query *query) {
    clt_customer_page *page = NULL;
    clt_customer_enumerator *enumerator = NULL;
    clt_error *err = NULL;
    sdk_expect_ok(clt_customers_query(partner, query, NULL, &page, &err), &err);
    sdk_expect_ok(clt_customer_enumerator_create(partner, page, NULL, &enumerator, &err), &err);
    return enumerator;
}
