/*
 * Creates a customer, unless its domain is taken, and prints its id and its first administrator.
 *
 *     create_customer BASE_URL TENANT CLIENT_ID DOMAIN NAME      the application's secret: environment,
 * CLIENT_SECRET
 */
#include <clientele/clientele.h>
#include <stdio.h>
#include <stdlib.h>

/* Every member that is wrong is named, not the first alone. */
static void print_refusal(clt_status status, const clt_error *err) {
    fprintf(stderr, "%s: %s\n", clt_status_name(status), err->message.data);
    for (size_t i = 0; i < err->detail_count; i++)
        fprintf(stderr, "  %s\n", err->details[i].data);
}

static clt_status create(clt_partner *partner, const char *domain, const char *name, clt_error **out_err) {
    clt_address_input address = clt_address_input_of("US", "1 Main St", "Redmond", "WA", "98052");
    clt_billing_profile_input billing = CLT_BILLING_PROFILE_INPUT_INIT;
    const clt_customer_input input = clt_customer_input_of(domain, &billing);
    const clt_customer *customer = NULL;
    address.first_name = "Ada";
    address.last_name = "Byron";
    billing.company_name = name;
    billing.email = "ada@contoso.example";
    billing.culture = "en-US";
    billing.language = "en";
    billing.default_address = &address;

    /* Tried again as often as need be, it is created once: all tries have the same MS-RequestId. */
    clt_status status = clt_customers_create(partner, &input, NULL, &customer, out_err);
    if (status == CLT_OK && customer->user_credentials)
        printf("%s\n%s@%s %s\n", customer->id.data, customer->user_credentials->user_name.data, domain,
               customer->user_credentials->password.data);
    clt_customer_free(customer);
    return status;
}

static clt_status create_if_free(clt_partner *partner, const char *domain, const char *name,
                                 clt_error **out_err) {
    int exists = 0;
    clt_status status = clt_domain_exists(partner, domain, NULL, &exists, out_err);
    if (status == CLT_OK && !exists)
        return create(partner, domain, name, out_err);
    if (status == CLT_OK)
        printf("%s belongs to a customer already\n", domain);
    return status;
}

int main(int argument_count, char **arguments) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    if (argument_count != 6) {
        fprintf(stderr, "usage: CLIENT_SECRET=... %s BASE_URL TENANT CLIENT_ID DOMAIN NAME\n", arguments[0]);
        return 2;
    }
    options.base_url = arguments[1];

    clt_status status =
        clt_credentials_app(arguments[2], arguments[3], getenv("CLIENT_SECRET"), &credentials, &err);
    if (status == CLT_OK)
        status = clt_partner_create(&options, credentials, &partner, &err);
    if (status == CLT_OK)
        status = create_if_free(partner, arguments[4], arguments[5], &err);
    if (status != CLT_OK)
        print_refusal(status, err);

    clt_error_free(err);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    return status == CLT_OK ? 0 : 1;
}
