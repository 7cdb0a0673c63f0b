/*
 * Asks for several lists at once, without waiting for any: customers whose domain begins with each text
 * given.
 *
 *     async BASE_URL TENANT CLIENT_ID PREFIX...      the application's secret: environment, CLIENT_SECRET
 *
 * Callbacks run in one thread of the library's, one after the other, so they need no lock among themselves.
 */
#include <clientele/clientele.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static sem_t answered;

/* Exactly one of page and err is set, and both are ours to free. */
static void print_answer(void *user, clt_customer_page *page, clt_error *err) {
    const char *prefix = user;
    if (page)
        printf("%s: %zu customers%s\n", prefix, clt_customer_page_count(page),
               clt_customer_page_has_next(page) ? " and more" : "");
    else
        printf("%s: %s\n", prefix, err->message.data);
    clt_customer_page_free(page);
    clt_error_free(err);
    sem_post(&answered);
}

static void ask(clt_partner *partner, char **prefixes, int count) {
    for (int i = 0; i < count; i++) {
        const clt_query query = clt_query_filtered(40, CLT_FIELD_DOMAIN, prefixes[i]);
        clt_error *err = NULL;
        if (clt_customers_query_async(partner, &query, NULL, print_answer, prefixes[i], NULL, &err) != CLT_OK)
            print_answer(prefixes[i], NULL, err); /* it could not begin, so its callback will not run */
    }
    /* This program has nothing better to do; yours may. */
    for (int i = 0; i < count; i++)
        sem_wait(&answered);
}

int main(int argument_count, char **arguments) {
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_error *err = NULL;
    if (argument_count < 5) {
        fprintf(stderr, "usage: CLIENT_SECRET=... %s BASE_URL TENANT CLIENT_ID PREFIX...\n", arguments[0]);
        return 2;
    }
    options.base_url = arguments[1];
    sem_init(&answered, 0, 0);

    clt_status status =
        clt_credentials_app(arguments[2], arguments[3], getenv("CLIENT_SECRET"), &credentials, &err);
    if (status == CLT_OK)
        status = clt_partner_create(&options, credentials, &partner, &err);
    if (status == CLT_OK)
        ask(partner, arguments + 4, argument_count - 4);
    else
        fprintf(stderr, "%s: %s\n", clt_status_name(status), err->message.data);

    clt_error_free(err);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    sem_destroy(&answered);
    return status == CLT_OK ? 0 : 1;
}
