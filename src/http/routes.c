#include "http/http_private.h"

#define FORM_MAX (64 * 1024)

/* Words before {..}: the first row that fits serves. */
const clti_route CLTI_ROUTES[] = {
    {CLTI_METHOD_GET, "v1/customers", CLTI_CALL_APP, 0, clti_handle_customers_list},
    {CLTI_METHOD_POST, "v1/customers", CLTI_CALL_APP, CLTI_BODY_MAX, clti_handle_customers_create},
    {CLTI_METHOD_GET, "v1/customers/{id}", CLTI_CALL_APP, 0, clti_handle_customers_get},
    {CLTI_METHOD_PATCH, "v1/customers/{id}", CLTI_CALL_USER, CLTI_BODY_MAX, clti_handle_customers_patch},
    {CLTI_METHOD_DELETE, "v1/customers/{id}", CLTI_CALL_APP, 0, clti_handle_customers_delete},
    {CLTI_METHOD_GET, "v1/customers/relationshiprequests", CLTI_CALL_USER, 0,
     clti_handle_relationship_request},
    {CLTI_METHOD_GET, "v1/customers/{id}/profiles/company", CLTI_CALL_USER, 0, clti_handle_company_profile},
    {CLTI_METHOD_GET, "v1/customers/{id}/profiles/billing", CLTI_CALL_APP, 0, clti_handle_billing_profile},
    {CLTI_METHOD_PUT, "v1/customers/{id}/profiles/billing", CLTI_CALL_APP, CLTI_BODY_MAX,
     clti_handle_billing_profile_put},
    {CLTI_METHOD_GET, "v1/customers/{id}/relationships", CLTI_CALL_USER, 0,
     clti_handle_customers_relationships},
    {CLTI_METHOD_GET, "v1/relationships", CLTI_CALL_USER, 0, clti_handle_relationships},
    {CLTI_METHOD_GET, "v1/profiles/organization", CLTI_CALL_APP, 0, clti_handle_organization},
    {CLTI_METHOD_HEAD, "v1/domains/{domain}", CLTI_CALL_APP, 0, clti_handle_domain},
    {CLTI_METHOD_GET, "v1/validations/checkdomainavailability/{prefix}", CLTI_CALL_APP, 0,
     clti_handle_domain_available},
    {CLTI_METHOD_POST, "v1/validations/address", CLTI_CALL_APP, CLTI_BODY_MAX, clti_handle_address},
    {CLTI_METHOD_GET, "v1/countryvalidationrules/{iso2}", CLTI_CALL_APP, 0, clti_handle_country},
    {CLTI_METHOD_GET, "v1/auditrecords", CLTI_CALL_APP, 0, clti_handle_audit_list},
    {CLTI_METHOD_GET, "v1/auditrecords/{id}", CLTI_CALL_APP, 0, clti_handle_audit_get},
    {CLTI_METHOD_GET, "auditactivity/v1/auditrecords", CLTI_CALL_APP, 0, clti_handle_audit_list},
    {CLTI_METHOD_GET, "auditactivity/v1/auditrecords/{id}", CLTI_CALL_APP, 0, clti_handle_audit_get},
    {CLTI_METHOD_GET, "healthz", CLTI_CALL_PUBLIC, 0, clti_handle_health},
    {CLTI_METHOD_GET, "readyz", CLTI_CALL_PUBLIC, 0, clti_handle_readiness},
    {CLTI_METHOD_GET, "metrics", CLTI_CALL_PUBLIC, 0, clti_handle_metrics},
    {CLTI_METHOD_GET, "common/discovery/instance", CLTI_CALL_PUBLIC, 0, clti_handle_instance},
    {CLTI_METHOD_POST, "{tenant}/oauth2/token", CLTI_CALL_PUBLIC, FORM_MAX, clti_handle_token_v1},
    {CLTI_METHOD_POST, "{tenant}/oauth2/v2.0/token", CLTI_CALL_PUBLIC, FORM_MAX, clti_handle_token_v2},
    {CLTI_METHOD_GET, "{tenant}/.well-known/openid-configuration", CLTI_CALL_PUBLIC, 0,
     clti_handle_discovery_v1},
    {CLTI_METHOD_GET, "{tenant}/v2.0/.well-known/openid-configuration", CLTI_CALL_PUBLIC, 0,
     clti_handle_discovery_v2},
    {CLTI_METHOD_GET, "{tenant}/discovery/keys", CLTI_CALL_PUBLIC, 0, clti_handle_keys},
    {CLTI_METHOD_GET, "{tenant}/discovery/v2.0/keys", CLTI_CALL_PUBLIC, 0, clti_handle_keys},
};
const size_t CLTI_ROUTE_COUNT = CLTI_COUNT(CLTI_ROUTES);
