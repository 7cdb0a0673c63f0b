/**
 * @file fixture.h
 * @brief What the library's tests begin with: a scripted service and a partner that calls it.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_TEST_SDK_FIXTURE_H
#define CLTI_TEST_SDK_FIXTURE_H

#include "clientele/clientele.h"
#include "support/scripted.h"
#include "support/test.h"

#include <string.h>

#define TENANT "fabrikam.example"
#define APP    "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"

typedef struct fixture {
    scripted service;
    clt_partner *partner;
} fixture;

/** @brief Serve a script; the partner has a bearer token, "secret-token". `options`: NULL, or without
 * base_url. */
void fixture_open(fixture *opened, const char *script, const clt_partner_options *options);

/** @brief The same with credentials of the caller's, which this takes. */
void fixture_open_as(fixture *opened, const char *script, const clt_partner_options *options,
                     clt_credentials *credentials);

/** @brief Free the partner and end the service, which must have been asked exactly what its script answers.
 */
void fixture_close(fixture *opened);

/** @brief Query that must succeed; the page is the caller's. */
clt_customer_page *fixture_query(clt_partner *partner, const clt_query *query);

/** @brief Query that must fail with this category; the error is the caller's. */
clt_error *fixture_refused(clt_partner *partner, const clt_request_context *context, clt_status status);

/** @brief A call's result must be this, its error of this category and well-formed; frees it and sets it to
 * NULL. */
void fixture_expect_error(clt_status returned, clt_error **err, clt_status status);

/** @brief A call's result must be CLT_OK; shows the error if not. */
void fixture_expect_ok(clt_status returned, clt_error **err);

/** @brief An enumerator over the list in pages of 40, which begins with a query. */
clt_customer_enumerator *fixture_enumerate(clt_partner *partner, int no_prefetch);

/** @brief Numbers of the first and last customer of the page must be these (0 and 0: none), as
 * page=FIRST-LAST. */
void fixture_expect_page(const clt_customer_page *page, unsigned first, unsigned last);

/** @brief Is it a GUID in lower case with hyphens? */
int fixture_is_guid(const char *text);

#endif
