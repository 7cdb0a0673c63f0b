/**
 * @file sdk_partner.h
 * @brief The library's partner operations against a server of scene.h.
 */
#ifndef CLTI_TEST_SDK_PARTNER_H
#define CLTI_TEST_SDK_PARTNER_H

#include "clientele/clientele.h"
#include "scene.h"

/** @brief A result must be CLT_OK; shows the error if not. */
void sdk_expect_ok(clt_status returned, clt_error **err);

/** @brief A result must be this; frees the error and sets it to NULL. */
void sdk_expect_error(clt_status returned, clt_error **err, clt_status status);

/** @brief A partner of the application with the demo's secret; more options or NULL. */
clt_partner *sdk_partner(const char *base_url, const clt_partner_options *options, const char *tenant,
                         const char *application);

/** @brief An enumerator over a query. */
clt_customer_enumerator *sdk_enumerate(clt_partner *partner, const clt_query *query);

#endif
