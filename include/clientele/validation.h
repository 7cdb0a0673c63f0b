/**
 * @file validation.h
 * @brief What can be looked up before a customer is created: its domain, its address, its country's rules.
 *
 * Thread: any thread; see clt_partner. What calls hand out is immutable, and one thread frees it.
 * @source api.md 3.10, 4.10 to 4.12
 */
#ifndef CLIENTELE_VALIDATION_H
#define CLIENTELE_VALIDATION_H

#include "clientele/lifecycle.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Whether a domain belongs to a customer already, of any partner.
 *
 * Shape:  HEAD /v1/domains/{domain} -> 200 taken, 404 free.
 * @param domain      Whole, or only what stands before `.onmicrosoft.com`.
 * @param out_exists  1: taken; 0: free.
 * @retval CLT_ERR_BAD_INPUT  It is no domain.
 * @source Partner Center REST, "Verify domain availability"; api.md 4.10
 */
CLT_API CLT_NODISCARD clt_status clt_domain_exists(clt_partner *partner, const char *domain,
                                                   const clt_request_context *context, int *out_exists,
                                                   clt_error **out_err);

/** What the service says of an address. @source api.md 4.11 */
typedef struct clt_address_validation {
    int32_t
        is_valid;    /**< CLT_TRUE, CLT_FALSE; CLT_ABSENT: it cannot tell, or not without a person's choice */
    clt_str status;  /**< the service's own word, `Verified`, ...; absent if it said only yes or no */
    clt_str message; /**< why; absent if it did not say */
    const clt_address *suggested_addresses; /**< how it would write the address */
    size_t suggested_address_count;
} clt_address_validation;

/**
 * @brief Validate an address. One that is not valid is no error.
 *
 * Shape:  POST /v1/validations/address -> 200 with an object, `true`, or nothing; 400 with code 2007. The
 *         service has had all of these contracts.
 * Owner:  *out is the caller's, clt_address_validation_free().
 * @retval CLT_ERR_ARGUMENT   address or its country is NULL; a text is not UTF-8.
 * @retval CLT_ERR_BAD_INPUT  What was sent is no address at all.
 * @source Partner Center REST, "Validate an address"; api.md 4.11
 */
CLT_API CLT_NODISCARD clt_status clt_address_validate(clt_partner *partner, const clt_address_input *address,
                                                      const clt_request_context *context,
                                                      const clt_address_validation **out,
                                                      clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_address_validation_free(const clt_address_validation *validation);

/** What addresses of a country have to look like. Flags are CLT_ABSENT if not told. @source api.md 3.10 */
typedef struct clt_country_rules {
    clt_str iso2_code, default_culture;
    int32_t is_state_required, is_city_required, is_postal_code_required;
    const clt_str *states; /**< empty: any */
    size_t state_count;
    const clt_str *languages;
    size_t language_count;
    const clt_str *cultures; /**< one of which the billing profile needs */
    size_t culture_count;
    const clt_str *calling_codes;
    size_t calling_code_count;
    clt_str postal_code_regex, phone_number_regex; /**< as .NET writes regular expressions */
    int32_t is_vat_id_supported, is_tax_id_supported, is_tax_id_optional;
    clt_str vat_id_regex, tax_id_format, tax_id_sample;
    int32_t is_registration_number_required, is_phone_number_required;
    clt_str registration_number_regex, registration_number_sample;
} clt_country_rules;

/**
 * @brief The rules of a country.
 *
 * Shape:  GET /v1/countryvalidationrules/{iso2} -> 200 CountryValidationRules.
 * Owner:  *out is the caller's, clt_country_rules_free().
 * @param iso2  Two letters of any case, ISO 3166-1.
 * @retval CLT_ERR_NOT_FOUND  The service knows no such country.
 * @retval CLT_ERR_BAD_INPUT  It is not two letters.
 * @source Partner Center REST, "Get address formatting rules by country"; api.md 4.12
 */
CLT_API CLT_NODISCARD clt_status clt_country_rules_get(clt_partner *partner, const char *iso2,
                                                       const clt_request_context *context,
                                                       const clt_country_rules **out, clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_country_rules_free(const clt_country_rules *rules);

#ifdef __cplusplus
}
#endif

#endif
