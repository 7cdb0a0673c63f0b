/**
 * @file lifecycle.h
 * @brief The life of a customer: create, change, remove; its profiles and its qualification.
 *
 * @code
 *     clt_address_input address = clt_address_input_of("US", "1 Main St", "Redmond", "WA", "98052");
 *     clt_billing_profile_input billing = CLT_BILLING_PROFILE_INPUT_INIT;
 *     const clt_customer *customer;
 *     address.first_name = "Ada";
 *     address.last_name = "Byron";
 *     billing.company_name = "Contoso";
 *     billing.email = "ada@contoso.example";
 *     billing.culture = "en-US";
 *     billing.language = "en";
 *     billing.default_address = &address;
 *     clt_customer_input input = clt_customer_input_of("contoso.onmicrosoft.com", &billing);
 *     if (clt_customers_create(partner, &input, NULL, &customer, &err) == CLT_OK &&
 * customer->user_credentials) puts(customer->user_credentials->password.data);
 * @endcode
 *
 * Calls that change something carry MS-RequestId, the same over all retries, so that a change whose answer
 * was lost is made once and no more (api.md 2.3). A program that repeats a call of its own, perhaps after it
 * was restarted, gets the same by giving the same clt_request_context.request_id: within 24 hours the service
 * answers as it did the first time, the password of a new customer included.
 *
 * Thread: any thread; see clt_partner. What calls hand out is immutable, and one thread frees it.
 * @source api.md 2.3, 3.1 to 3.5, 4.3 to 4.9, 4.16
 */
#ifndef CLIENTELE_LIFECYCLE_H
#define CLIENTELE_LIFECYCLE_H

#include "clientele/customers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what is sent ----------------------------------------------------------------------------------- */

/*
 * Inputs are the caller's. Zero is the default of every member, and what is NULL is not sent. Texts are UTF-8
 * and need to live during the call only. The service checks them and names all members that it does not like
 * in clt_error.details.
 */

/** An address that is sent. @source api.md 3.4 */
typedef struct clt_address_input {
    size_t size;         /**< sizeof(clt_address_input) */
    const char *country; /**< required; two letters */
    const char *city;
    const char *state;
    const char *address_line1;
    const char *address_line2;
    const char *postal_code;
    const char *first_name, *middle_name, *last_name; /**< of the contact */
    const char *phone_number;
} clt_address_input;

/** An address of which nothing is sent. */
#define CLT_ADDRESS_INPUT_INIT                                                                               \
    { sizeof(clt_address_input), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** @brief An address without a contact; `state` and `postal_code` are NULL where the country has none. */
static inline clt_address_input clt_address_input_of(const char *country, const char *line1, const char *city,
                                                     const char *state, const char *postal_code) {
    clt_address_input input = CLT_ADDRESS_INPUT_INIT;
    input.country = country;
    input.address_line1 = line1;
    input.city = city;
    input.state = state;
    input.postal_code = postal_code;
    return input;
}

/** @brief An address that the service sent, to send it back changed. Valid as long as it; NULL: an empty one.
 */
static inline clt_address_input clt_address_input_from(const clt_address *address) {
    clt_address_input input = CLT_ADDRESS_INPUT_INIT;
    if (!address)
        return input;
    input.country = address->country.data;
    input.city = address->city.data;
    input.state = address->state.data;
    input.address_line1 = address->address_line1.data;
    input.address_line2 = address->address_line2.data;
    input.postal_code = address->postal_code.data;
    input.first_name = address->first_name.data;
    input.middle_name = address->middle_name.data;
    input.last_name = address->last_name.data;
    input.phone_number = address->phone_number.data;
    return input;
}

/** A billing profile that is sent. @source api.md 3.3 */
typedef struct clt_billing_profile_input {
    size_t size;              /**< sizeof(clt_billing_profile_input) */
    const char *email;        /**< required */
    const char *culture;      /**< required; `en-US`, one of the country's */
    const char *language;     /**< required; `en` */
    const char *company_name; /**< required; in an update, another one renames the customer */
    const char *first_name, *last_name;
    const clt_address_input *default_address; /**< required */
    const char
        *etag; /**< required in an update: clt_billing_profile.etag, or `*` to overwrite whatever is there */
} clt_billing_profile_input;

/** A billing profile of which nothing is sent. */
#define CLT_BILLING_PROFILE_INPUT_INIT                                                                       \
    { sizeof(clt_billing_profile_input), 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * @brief A profile that the service sent, to send it back changed, with its etag. Valid as long as it; NULL:
 * an empty one with the address.
 * @param address  Its address, clt_address_input_from(); or another one.
 */
static inline clt_billing_profile_input clt_billing_profile_input_from(const clt_billing_profile *profile,
                                                                       const clt_address_input *address) {
    clt_billing_profile_input input = CLT_BILLING_PROFILE_INPUT_INIT;
    input.default_address = address;
    if (!profile)
        return input;
    input.email = profile->email.data;
    input.culture = profile->culture.data;
    input.language = profile->language.data;
    input.company_name = profile->company_name.data;
    input.first_name = profile->first_name.data;
    input.last_name = profile->last_name.data;
    input.etag = profile->etag.data;
    return input;
}

/** A customer that is sent. @source api.md 4.3 */
typedef struct clt_customer_input {
    size_t size;                                      /**< sizeof(clt_customer_input) */
    const char *domain;                               /**< required; `contoso.onmicrosoft.com` */
    const clt_billing_profile_input *billing_profile; /**< required; its etag is not sent */
    const char *organization_registration_number;     /**< where the country demands it, api.md 3.5 */
    const char *associated_partner_id;                /**< an indirect reseller's tenant id; needs App+User */
} clt_customer_input;

/** A customer of which nothing is sent. */
#define CLT_CUSTOMER_INPUT_INIT                                                                              \
    { sizeof(clt_customer_input), 0, 0, 0, 0 }

/** @brief A customer of the partner's own. */
static inline clt_customer_input clt_customer_input_of(const char *domain,
                                                       const clt_billing_profile_input *billing_profile) {
    clt_customer_input input = CLT_CUSTOMER_INPUT_INIT;
    input.domain = domain;
    input.billing_profile = billing_profile;
    return input;
}

/** @brief A customer for an indirect reseller of the partner's. */
static inline clt_customer_input clt_customer_input_for(const char *reseller_id, const char *domain,
                                                        const clt_billing_profile_input *billing_profile) {
    clt_customer_input input = clt_customer_input_of(domain, billing_profile);
    input.associated_partner_id = reseller_id;
    return input;
}

/* ---- create, remove, delete ------------------------------------------------------------------------- */

/**
 * @brief Create a customer.
 *
 * Shape:  POST /v1/customers -> 201 Customer.
 * Owner:  *out is the caller's, clt_customer_free(), which wipes the password.
 * Its user_credentials are shown this once; no later call has them.
 *
 * @param context  Its request_id, if given, makes a repeated call safe.
 * @retval CLT_ERR_ARGUMENT        input, its domain, its profile or the profile's address is NULL; a text is
 * not UTF-8.
 * @retval CLT_ERR_BAD_INPUT       Members are missing or break a rule; err->details names all of them.
 * @retval CLT_ERR_ALREADY_EXISTS  The domain is taken (details: `CompanyProfile.Domain`), or the request id
 *                                 belongs to another request (`MS-RequestId`).
 * @retval CLT_ERR_FORBIDDEN       The partner, or this kind of token, may not.
 * @retval CLT_ERR_NOT_FOUND       There is no such associated partner.
 * @source Partner Center REST, "Create a customer"; "Create a customer for an indirect reseller"; api.md 4.3
 */
CLT_API CLT_NODISCARD clt_status clt_customers_create(clt_partner *partner, const clt_customer_input *input,
                                                      const clt_request_context *context,
                                                      const clt_customer **out, clt_error **out_err);

/**
 * @brief Delete a customer of a sandbox partner; its domain is free again.
 *
 * Shape:  DELETE /v1/customers/{id} -> 204.
 * @retval CLT_ERR_BAD_INPUT  The partner is no sandbox (code 900127).
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Delete a customer account from the integration sandbox"; api.md 4.4
 */
CLT_API CLT_NODISCARD clt_status clt_customers_delete(clt_partner *partner, const char *customer_id,
                                                      const clt_request_context *context,
                                                      clt_error **out_err);

/**
 * @brief End the reseller relationship with a customer. It leaves the list; the partner cannot reach it any
 *        more, and only the customer can bring it back.
 *
 * Shape:  PATCH /v1/customers/{id}, relationshipToPartner `none` -> 200. Needs App+User.
 * @retval CLT_ERR_FORBIDDEN  The relationship is removed already (code 20002), or the token is App only.
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Remove a reseller relationship with a customer"; api.md 4.5
 */
CLT_API CLT_NODISCARD clt_status clt_customers_remove_relationship(clt_partner *partner,
                                                                   const char *customer_id,
                                                                   const clt_request_context *context,
                                                                   clt_error **out_err);

/**
 * @brief Give up delegated access to a customer, and keep the relationship.
 *
 * Shape:  PATCH /v1/customers/{id}, allowDelegatedAccess false -> 200. Needs App+User.
 * @retval ...  As clt_customers_remove_relationship().
 * @source api.md 4.5
 */
CLT_API CLT_NODISCARD clt_status clt_customers_remove_delegated_access(clt_partner *partner,
                                                                       const char *customer_id,
                                                                       const clt_request_context *context,
                                                                       clt_error **out_err);

/* ---- profiles --------------------------------------------------------------------------------------- */

/**
 * @brief A customer's company profile.
 *
 * Shape:  GET /v1/customers/{id}/profiles/company -> 200 CustomerCompanyProfile. Needs App+User.
 * Owner:  *out is the caller's, clt_company_profile_free().
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Get a customer's company profile"; api.md 4.6
 */
CLT_API CLT_NODISCARD clt_status clt_company_profile_get(clt_partner *partner, const char *customer_id,
                                                         const clt_request_context *context,
                                                         const clt_company_profile **out,
                                                         clt_error **out_err);

/** @brief Free a profile that clt_company_profile_get() returned, never one of a customer; NULL is allowed.
 */
CLT_API void clt_company_profile_free(const clt_company_profile *profile);

/**
 * @brief A customer's billing profile, with the etag that clt_billing_profile_update() needs.
 *
 * Shape:  GET /v1/customers/{id}/profiles/billing -> 200 CustomerBillingProfile.
 * Owner:  *out is the caller's, clt_billing_profile_free().
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Get a customer's billing profile"; api.md 4.7
 */
CLT_API CLT_NODISCARD clt_status clt_billing_profile_get(clt_partner *partner, const char *customer_id,
                                                         const clt_request_context *context,
                                                         const clt_billing_profile **out,
                                                         clt_error **out_err);

/**
 * @brief Replace a customer's billing profile: what the input leaves away is removed.
 *
 * Shape:  PUT /v1/customers/{id}/profiles/billing -> 200 CustomerBillingProfile.
 * Owner:  *out is the caller's, clt_billing_profile_free(); it has the new etag. NULL if not wanted.
 *
 * The etag goes out as If-Match and in the body, since the original service reads the one or the other.
 * @retval CLT_ERR_ARGUMENT             No etag, no address, a text that is not UTF-8.
 * @retval CLT_ERR_PRECONDITION_FAILED  Somebody else changed it meanwhile; nothing was changed. Get it anew.
 * @retval CLT_ERR_BAD_INPUT            Members are missing or break a rule; err->details names all of them.
 * @source Partner Center REST, "Update a customer's billing profile"; api.md 4.8, 4.9
 */
CLT_API CLT_NODISCARD clt_status clt_billing_profile_update(clt_partner *partner, const char *customer_id,
                                                            const clt_billing_profile_input *input,
                                                            const clt_request_context *context,
                                                            const clt_billing_profile **out,
                                                            clt_error **out_err);

/** @brief Free a profile that a call returned by itself, never one of a customer; NULL is allowed. */
CLT_API void clt_billing_profile_free(const clt_billing_profile *profile);

/* ---- qualification ---------------------------------------------------------------------------------- */

/** What prices a customer is entitled to, and how far its vetting is. @source api.md 4.16 */
typedef struct clt_qualification {
    clt_str qualification;  /**< `Education`, ... as the service writes it */
    clt_str vetting_status; /**< `Approved`, `InReview`, `Denied` */
    clt_str vetting_reason;
    clt_str vetting_created_date;
} clt_qualification;

/** The qualifications of a customer. */
typedef struct clt_qualifications {
    const clt_qualification *items;
    size_t count;
} clt_qualifications;

/**
 * @brief A customer's qualifications; none is an empty list.
 *
 * Shape:  GET /v1/customers/{id}/qualifications -> 200, an array.
 * Owner:  *out is the caller's, clt_qualifications_free().
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source api.md 4.16
 */
CLT_API CLT_NODISCARD clt_status clt_qualifications_get(clt_partner *partner, const char *customer_id,
                                                        const clt_request_context *context,
                                                        const clt_qualifications **out, clt_error **out_err);

/**
 * @brief Apply for a qualification.
 *
 * Shape:  POST /v1/customers/{id}/qualifications -> 201, the one that was made. Needs App+User.
 * Owner:  *out is the caller's, clt_qualification_free().
 * @param qualification    `education`, `nonprofit`, `government_community_cloud`, ...
 * @param validation_code  Of clt_partner_call() with `customers/all/validations`; NULL: none.
 * @retval CLT_ERR_BAD_INPUT  There is no such qualification.
 * @source api.md 4.16
 */
CLT_API CLT_NODISCARD clt_status clt_qualifications_add(clt_partner *partner, const char *customer_id,
                                                        const char *qualification,
                                                        const char *validation_code,
                                                        const clt_request_context *context,
                                                        const clt_qualification **out, clt_error **out_err);

/** @brief Free one that clt_qualifications_add() returned, never one of a list; NULL is allowed. */
CLT_API void clt_qualification_free(const clt_qualification *qualification);

/** @brief Free; NULL is allowed. */
CLT_API void clt_qualifications_free(const clt_qualifications *qualifications);

#ifdef __cplusplus
}
#endif

#endif
