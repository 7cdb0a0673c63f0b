/*
 * Finds customers whose company name begins with a text, and says how many there are before it lists them.
 *
 *     filter_customers BASE_URL TENANT CLIENT_ID PREFIX      the application's secret: environment,
 * CLIENT_SECRET
 */
#include <clientele/clientele.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static clt_status find_customers(clt_partner *partner, const char *prefix, clt_error **out_err) {
    const clt_query query = clt_query_filtered(100, CLT_FIELD_COMPANY_NAME, prefix);
    clt_customer_page *page = NULL;
    clt_customer_enumerator *found = NULL;
    uint64_t count;

    /* Only Clientele can count; the original service cannot, and that is no reason not to list. */
    if (clt_customers_count(partner, &query, NULL, &count, NULL) == CLT_OK)
        printf("%" PRIu64 " customers\n", count);

    clt_status status = clt_customers_query(partner, &query, NULL, &page, out_err);
    if (status == CLT_OK)
        status = clt_customer_enumerator_create(partner, page, NULL, &found, out_err);
    while (status == CLT_OK && clt_customer_enumerator_has_value(found)) {
        const clt_customer_page *current = clt_customer_enumerator_current(found);
        for (size_t i = 0; i < clt_customer_page_count(current); i++) {
            const clt_company_profile *company = clt_customer_page_at(current, i)->company_profile;
            /* What a service leaves away is absent. */
            if (company && company->company_name.data)
                puts(company->company_name.data);
        }
        status = clt_customer_enumerator_next(found, NULL, out_err);
    }
    clt_customer_enumerator_free(found);
    return status;
}

int main(int argument_count, char **arguments) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    if (argument_count != 5) {
        fprintf(stderr, "usage: CLIENT_SECRET=... %s BASE_URL TENANT CLIENT_ID PREFIX\n", arguments[0]);
        return 2;
    }
    options.base_url = arguments[1];

    clt_status status =
        clt_credentials_app(arguments[2], arguments[3], getenv("CLIENT_SECRET"), &credentials, &err);
    if (status == CLT_OK)
        status = clt_partner_create(&options, credentials, &partner, &err);
    if (status == CLT_OK)
        status = find_customers(partner, arguments[4], &err);
    if (status != CLT_OK)
        fprintf(stderr, "%s: %s\n", clt_status_name(status), err->message.data);

    clt_error_free(err);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    return status == CLT_OK ? 0 : 1;
}
