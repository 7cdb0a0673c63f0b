/*
 * Reads a partner's whole list of customers in pages of 40: the sample CustomerPaging of the original SDK, in
 * C.
 *
 *     customer_paging BASE_URL TENANT CLIENT_ID      the application's secret: environment, CLIENT_SECRET
 */
#include <clientele/clientele.h>
#include <stdio.h>
#include <stdlib.h>

/* What a service leaves away is absent. */
static const char *shown(clt_str text) {
    return text.data ? text.data : "-";
}

/* Customers live in their pages, so a list of customers is one of pages. */
typedef struct customer_list {
    clt_customer_page **pages;
    size_t page_count, customer_count;
} customer_list;

static void add_page(customer_list *list, clt_customer_page *page) {
    clt_customer_page **pages = realloc(list->pages, (list->page_count + 1) * sizeof(*pages));
    if (!pages) {
        perror("customer_paging");
        exit(1);
    }
    list->pages = pages;
    list->pages[list->page_count++] = page;
    list->customer_count += clt_customer_page_count(page);
}

static void free_list(customer_list *list) {
    for (size_t i = 0; i < list->page_count; i++)
        clt_customer_page_free(list->pages[i]);
    free(list->pages);
}

static void print_page(const clt_customer_page *page, unsigned page_number) {
    printf("Page %u: %zu customers\n", page_number, clt_customer_page_count(page));
    for (size_t i = 0; i < clt_customer_page_count(page); i++) {
        const clt_customer *customer = clt_customer_page_at(page, i);
        const clt_company_profile *company = customer->company_profile;
        if (company)
            printf("%s  %s (%s)\n", shown(customer->id), shown(company->company_name),
                   shown(company->domain));
    }
}

static clt_status list_customers(clt_partner *partner_operations, clt_error **out_err) {
    customer_list all_customers = {0};
    char correlation_id[CLT_GUID_TEXT_SIZE];
    clt_partner *scoped_partner_operations = NULL;
    clt_customer_page *customers_batch = NULL;
    clt_customer_enumerator *customers_enumerator = NULL;
    unsigned page_number = 1;

    /* All operations executed on this partner share the same correlation id but differ in request id. */
    clt_guid_new(correlation_id);
    const clt_request_context context = clt_request_context_of(correlation_id);
    clt_status status = clt_partner_with(partner_operations, &context, &scoped_partner_operations, out_err);

    /* Read customers in chunks of 40. */
    const clt_query query = clt_query_indexed(40);
    if (status == CLT_OK)
        status = clt_customers_query(scoped_partner_operations, &query, NULL, &customers_batch, out_err);
    if (status == CLT_OK)
        status = clt_customer_enumerator_create(scoped_partner_operations, customers_batch, NULL,
                                                &customers_enumerator, out_err);

    while (status == CLT_OK && clt_customer_enumerator_has_value(customers_enumerator)) {
        print_page(clt_customer_enumerator_current(customers_enumerator), page_number++);
        add_page(&all_customers, clt_customer_enumerator_take(customers_enumerator));
        status = clt_customer_enumerator_next(customers_enumerator, NULL, out_err);
    }
    if (status == CLT_OK)
        printf("All: %zu customers\n", all_customers.customer_count);

    clt_customer_enumerator_free(customers_enumerator);
    clt_partner_free(scoped_partner_operations);
    free_list(&all_customers);
    return status;
}

int main(int argument_count, char **arguments) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials = NULL;
    clt_partner *partner_operations = NULL;
    clt_error *err = NULL;
    if (argument_count != 4) {
        fprintf(stderr, "usage: CLIENT_SECRET=... %s BASE_URL TENANT CLIENT_ID\n", arguments[0]);
        return 2;
    }
    options.base_url = arguments[1];

    clt_status status =
        clt_credentials_app(arguments[2], arguments[3], getenv("CLIENT_SECRET"), &credentials, &err);
    if (status == CLT_OK)
        status = clt_partner_create(&options, credentials, &partner_operations, &err);
    if (status == CLT_OK)
        status = list_customers(partner_operations, &err);
    if (status != CLT_OK)
        fprintf(stderr, "%s: %s\n", clt_status_name(status), err->message.data);

    clt_error_free(err);
    clt_partner_free(partner_operations);
    clt_credentials_free(credentials);
    return status == CLT_OK ? 0 : 1;
}
