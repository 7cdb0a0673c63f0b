/**
 * @file relationships.h
 * @brief Who the partner is, and whom it works with: its own profile, indirect resellers, invitations.
 *
 * Thread: any thread; see clt_partner. What calls hand out is immutable, and one thread frees it.
 * @source api.md 3.7, 3.8, 4.13 to 4.15, 4.18
 */
#ifndef CLIENTELE_RELATIONSHIPS_H
#define CLIENTELE_RELATIONSHIPS_H

#include "clientele/customers.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which relationships. @source api.md 4.14 */
enum {
    CLT_RELATIONSHIP_ANY = 0,
    CLT_RELATIONSHIP_RESELLERS = 1, /**< the caller is an indirect provider and wants its resellers */
    CLT_RELATIONSHIP_PROVIDERS = 2  /**< the caller is an indirect reseller and wants its providers */
};

/** Another partner, and what it is to this one. @source api.md 3.8 */
typedef struct clt_relationship {
    clt_str id, name;
    clt_str relationship_type; /**< `is_indirect_reseller_of`, ... as the service writes it */
    clt_str state;             /**< `Active`; absent in clt_customer_relationships_get() */
    clt_str mpn_id;
    clt_str location; /**< country; absent in clt_customer_relationships_get() */
} clt_relationship;

/** All relationships that were asked for; the service does not page them. */
typedef struct clt_relationships {
    const clt_relationship *items;
    size_t count;
} clt_relationships;

/**
 * @brief The partner's indirect resellers, or its indirect providers.
 *
 * Shape:  GET /v1/relationships -> 200 Collection of PartnerRelationship. Needs App+User.
 * Owner:  *out is the caller's, clt_relationships_free().
 * @param kind         CLT_RELATIONSHIP_*.
 * @param name_prefix  Only partners whose name begins so, in any case; NULL: all.
 * @source Partner Center REST, "Retrieve a list of indirect resellers"; api.md 4.14
 */
CLT_API CLT_NODISCARD clt_status clt_relationships_get(clt_partner *partner, int32_t kind,
                                                       const char *name_prefix,
                                                       const clt_request_context *context,
                                                       const clt_relationships **out, clt_error **out_err);

/**
 * @brief The indirect resellers of a customer.
 *
 * Shape:  GET /v1/customers/{id}/relationships -> 200 Collection of PartnerRelationship. Needs App+User.
 * Owner:  *out is the caller's, clt_relationships_free().
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Get indirect resellers of a customer"; api.md 4.15
 */
CLT_API CLT_NODISCARD clt_status clt_customer_relationships_get(clt_partner *partner, const char *customer_id,
                                                                const clt_request_context *context,
                                                                const clt_relationships **out,
                                                                clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_relationships_free(const clt_relationships *relationships);

/** An invitation. @source api.md 3.7 */
typedef struct clt_relationship_request {
    clt_str url; /**< where a customer accepts the partner as its reseller */
} clt_relationship_request;

/** Whom else the customer shall work with. Zero is the default of every member. @source api.md 4.13 */
typedef struct clt_relationship_request_query {
    size_t size;                      /**< sizeof(clt_relationship_request_query) */
    const char *indirect_provider_id; /**< tenant id of an indirect cloud solution provider; NULL: none */
    const char *indirect_reseller_id; /**< tenant id of an indirect reseller; NULL: none */
    int32_t is_dual_role;             /**< CLT_TRUE: the reseller is a direct one, too */
} clt_relationship_request_query;

/** A query of which every member is its default. */
#define CLT_RELATIONSHIP_REQUEST_QUERY_INIT                                                                  \
    { sizeof(clt_relationship_request_query), 0, 0, 0 }

/**
 * @brief The address to invite customers with.
 *
 * Shape:  GET /v1/customers/relationshiprequests -> 200 CustomerRelationshipRequest. Needs App+User.
 * Owner:  *out is the caller's, clt_relationship_request_free().
 * @param query  NULL: nobody else.
 * @retval CLT_ERR_ARGUMENT   An id is not a GUID.
 * @retval CLT_ERR_FORBIDDEN  The token is App only.
 * @source Partner Center REST, "Request a reseller relationship with a customer"; api.md 4.13
 */
CLT_API CLT_NODISCARD clt_status clt_relationship_request_get(clt_partner *partner,
                                                              const clt_relationship_request_query *query,
                                                              const clt_request_context *context,

                                                              const clt_relationship_request **out,
                                                              clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_relationship_request_free(const clt_relationship_request *request);

/** The partner itself. @source api.md 4.18 */
typedef struct clt_organization_profile {
    clt_str id, tenant_id, company_name, domain, email, language, culture;
    const clt_address *default_address;
} clt_organization_profile;

/**
 * @brief The partner's own profile.
 *
 * Shape:  GET /v1/profiles/organization -> 200 OrganizationProfile.
 * Owner:  *out is the caller's, clt_organization_profile_free().
 * @source Partner Center REST, "Get an organization profile"; api.md 4.18
 */
CLT_API CLT_NODISCARD clt_status clt_organization_profile_get(clt_partner *partner,
                                                              const clt_request_context *context,
                                                              const clt_organization_profile **out,
                                                              clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_organization_profile_free(const clt_organization_profile *profile);

#ifdef __cplusplus
}
#endif

#endif
