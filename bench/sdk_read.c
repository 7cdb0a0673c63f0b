/*
 * Reads the whole list into structs with libclientele, and looks at each customer.
 *
 *     TOKEN=... sdk_read BASE_URL PAGE_SIZE
 *
 * Prints: customers, seconds, KiB of memory that its largest had over what the first page left.
 */
#include <clientele/clientele.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long peak_kib(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

static size_t look_at(const clt_customer_page *page) {
    size_t size = 0;
    for (size_t i = 0; i < clt_customer_page_count(page); i++) {
        const clt_customer *customer = clt_customer_page_at(page, i);
        size += customer->id.size + customer->company_profile->company_name.size +
                customer->company_profile->domain.size;
    }
    return size;
}

static clt_status read_list(clt_partner *partner, unsigned page_size, clt_error **out_err) {
    const clt_query query = clt_query_indexed(page_size);
    clt_customer_page *page = NULL;
    clt_customer_enumerator *enumerator = NULL;
    size_t count = 0, size = 0;
    const double began = now();
    clt_status status = clt_customers_query(partner, &query, NULL, &page, out_err);
    const long first_kib = peak_kib();
    if (status == CLT_OK)
        status = clt_customer_enumerator_create(partner, page, NULL, &enumerator, out_err);
    while (status == CLT_OK && clt_customer_enumerator_has_value(enumerator)) {
        const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
        count += clt_customer_page_count(current);
        size += look_at(current);
        status = clt_customer_enumerator_next(enumerator, NULL, out_err);
    }
    if (status == CLT_OK && size > 0)
        printf("%zu %.6f %ld\n", count, now() - began, peak_kib() - first_kib);
    clt_customer_enumerator_free(enumerator);
    return status;
}

int main(int argument_count, char **arguments) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    if (argument_count != 3)
        return 2;
    options.base_url = arguments[1];
    clt_status status = clt_credentials_bearer(getenv("TOKEN"), 0, &credentials, &err);
    if (status == CLT_OK)
        status = clt_partner_create(&options, credentials, &partner, &err);
    if (status == CLT_OK)
        status = read_list(partner, (unsigned)strtoul(arguments[2], NULL, 10), &err);
    if (err)
        fprintf(stderr, "%s\n", err->message.data);
    clt_error_free(err);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    return status == CLT_OK ? 0 : 1;
}
