/* Domains, addresses and countries (api.md 4.10 to 4.12). */
#include "sdk/single_private.h"

/* ---- domains ------------------------------------------------------------------------------------------ */

clt_status clt_domain_exists(clt_partner *partner, const char *domain, const clt_request_context *context,
                             int *out_exists, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out_exists);
    clti_single_require(&call, "domain", domain);
    clti_single_url(&call, "/v1/domains/");
    clti_single_add_encoded(&call, domain);
    clt_response *response = clti_single_send(&call, "HEAD");
    if (response && response->error && response->http_status != 404)
        clti_single_fail(&call, response);
    else if (response)
        *out_exists = response->http_status != 404;
    clt_response_free(response);
    return clti_single_end(&call, out_err);
}

/* ---- addresses ---------------------------------------------------------------------------------------- */

static const clt_address_validation NO_VALIDATION = {.is_valid = CLT_ABSENT};
static const clti_shape_member VALIDATION_MEMBERS[] = {
    CLTI_SKIP("originalAddress"),
    CLTI_OBJECTS(clt_address_validation, "suggestedAddresses", suggested_addresses, suggested_address_count,
                 &CLTI_ADDRESS_SHAPE),
    CLTI_WORD(clt_address_validation, "status", status),
    CLTI_TEXT(clt_address_validation, "validationMessage", message),
};
const clti_shape CLTI_VALIDATION_SHAPE =
    CLTI_SHAPE(clt_address_validation, VALIDATION_MEMBERS, &NO_VALIDATION);

/* The words of the newest contract. Which of several addresses is meant, only a person can say. */
static int32_t is_valid_by(clt_str status) {
    static const struct {
        const char *word;
        int32_t is_valid;
    } rows[] = {{"VerifiedShippable", CLT_TRUE},
                {"Verified", CLT_TRUE},
                {"None", CLT_FALSE},
                {"StreetPartial", CLT_FALSE},
                {"PremisesPartial", CLT_FALSE}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if (clti_str_equal_nocase(status, clti_str(rows[i].word)))
            return rows[i].is_valid;
    return CLT_ABSENT;
}

/* The older contracts: yes is `true` or nothing, no is `false` or an error of its own. */
static clt_address_validation *plain_validation(clti_single *call, int32_t is_valid, clt_str message) {
    clti_arena *arena = NULL;
    clt_address_validation *made = clti_resource_new(sizeof(*made), &arena);
    if (made && clti_arena_copy(arena, message, &made->message)) {
        made->is_valid = is_valid;
        return made;
    }
    clti_resource_free(made);
    call->status = clti_fail_no_memory(&call->err);
    return NULL;
}

static clt_address_validation *read_validation(clti_single *call, clt_response *response) {
    const clt_error *err = response->error;
    clt_str body = clti_str_trim(clt_response_body(response));
    if (err && err->http_status == 400 && clti_str_equal(err->service_code, CLTI_STR("2007")))
        return plain_validation(call, CLT_FALSE, err->message);
    if (err) {
        clti_single_fail(call, response);
        return NULL;
    }
    if (body.size == 0 || clti_str_equal_nocase(body, CLTI_STR("true")))
        return plain_validation(call, CLT_TRUE, (clt_str){NULL, 0});
    if (clti_str_equal_nocase(body, CLTI_STR("false")))
        return plain_validation(call, CLT_FALSE, (clt_str){NULL, 0});
    clt_address_validation *made = clti_single_read(call, response, &CLTI_VALIDATION_SHAPE, NULL);
    if (made)
        made->is_valid = is_valid_by(made->status);
    return made;
}

clt_status clt_address_validate(clt_partner *partner, const clt_address_input *address,
                                const clt_request_context *context, const clt_address_validation **out,
                                clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_url(&call, "/v1/validations/address");
    clti_single_add_address(&call, address);
    clt_response *response = clti_single_send(&call, "POST");
    const clt_address_validation *made = response ? read_validation(&call, response) : NULL;
    if (made)
        *out = made;
    clt_response_free(response);
    return clti_single_end(&call, out_err);
}

void clt_address_validation_free(const clt_address_validation *validation) {
    clti_resource_free(validation);
}

/* ---- countries ---------------------------------------------------------------------------------------- */

static const clt_country_rules NO_RULES = {
    .is_state_required = CLT_ABSENT,
    .is_city_required = CLT_ABSENT,
    .is_postal_code_required = CLT_ABSENT,
    .is_vat_id_supported = CLT_ABSENT,
    .is_tax_id_supported = CLT_ABSENT,
    .is_tax_id_optional = CLT_ABSENT,
    .is_registration_number_required = CLT_ABSENT,
    .is_phone_number_required = CLT_ABSENT,
};
static const clti_shape_member RULES_MEMBERS[] = {
    CLTI_TEXT(clt_country_rules, "iso2Code", iso2_code),
    CLTI_TEXT(clt_country_rules, "defaultCulture", default_culture),
    CLTI_FLAG(clt_country_rules, "isStateRequired", is_state_required),
    CLTI_TEXTS(clt_country_rules, "supportedStatesList", states, state_count),
    CLTI_TEXTS(clt_country_rules, "supportedLanguagesList", languages, language_count),
    CLTI_TEXTS(clt_country_rules, "supportedCulturesList", cultures, culture_count),
    CLTI_FLAG(clt_country_rules, "isPostalCodeRequired", is_postal_code_required),
    CLTI_TEXT(clt_country_rules, "postalCodeRegex", postal_code_regex),
    CLTI_FLAG(clt_country_rules, "isCityRequired", is_city_required),
    CLTI_FLAG(clt_country_rules, "isVatIdSupported", is_vat_id_supported),
    CLTI_TEXT(clt_country_rules, "taxIdFormat", tax_id_format),
    CLTI_TEXT(clt_country_rules, "taxIdSample", tax_id_sample),
    CLTI_TEXT(clt_country_rules, "vatIdRegex", vat_id_regex),
    CLTI_TEXT(clt_country_rules, "phoneNumberRegex", phone_number_regex),
    CLTI_FLAG(clt_country_rules, "isTaxIdSupported", is_tax_id_supported),
    CLTI_FLAG(clt_country_rules, "isTaxIdOptional", is_tax_id_optional),
    CLTI_TEXTS(clt_country_rules, "countryCallingCodesList", calling_codes, calling_code_count),
    CLTI_TEXT(clt_country_rules, "customerOrganizationRegistrationNumberRegex", registration_number_regex),
    CLTI_TEXT(clt_country_rules, "customerOrganizationRegistrationNumberSample", registration_number_sample),
    CLTI_FLAG(clt_country_rules, "customerOrganizationRegistrationNumberRequired",
              is_registration_number_required),
    CLTI_FLAG(clt_country_rules, "customerOrganizationPhoneNumberRequired", is_phone_number_required),
};
const clti_shape CLTI_COUNTRY_RULES_SHAPE = CLTI_SHAPE(clt_country_rules, RULES_MEMBERS, &NO_RULES);

clt_status clt_country_rules_get(clt_partner *partner, const char *iso2, const clt_request_context *context,
                                 const clt_country_rules **out, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_require(&call, "iso2", iso2);
    clti_single_url(&call, "/v1/countryvalidationrules/");
    clti_single_add_encoded(&call, iso2);
    const clt_country_rules *made = clti_single_fetch(&call, "GET", &CLTI_COUNTRY_RULES_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_country_rules_free(const clt_country_rules *rules) {
    clti_resource_free(rules);
}
