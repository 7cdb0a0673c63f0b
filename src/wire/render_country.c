/* CountryValidationRules (api.md 3.10), with the members and the order that were recorded. */
#include "wire/wire_private.h"

/* The languages of the cultures, each once: what stands before the first hyphen. */
static void add_languages(clti_buf *out, const clti_country *country) {
    clti_buf_add(out, CLTI_STR("\"supportedLanguagesList\":["));
    for (clt_str rest = clti_str(country->cultures); rest.data;) {
        clt_str behind, language = clti_str_cut(clti_str_cut(rest, ' ', &rest), '-', &behind);
        bool is_first = true;
        for (clt_str seen = clti_str(country->cultures); seen.data && seen.data < language.data;) {
            clt_str earlier = clti_str_cut(clti_str_cut(seen, ' ', &seen), '-', &behind);
            is_first &= earlier.data == language.data || !clti_str_equal(earlier, language);
        }
        if (!is_first)
            continue;
        clti_json_add_string(out, language);
        clti_buf_add_char(out, ',');
    }
    clti_json_end(out, ']');
}

/* Newer members, for the few countries where they say something. */
static void add_registration(clti_buf *out) {
    clti_json_add_text(out, "customerOrganizationRegistrationNumberRegex",
                       CLTI_STR(CLTI_COUNTRY_REGISTRATION_PATTERN));
    clti_json_add_bool(out, "customerOrganizationRegistrationNumberRequired", true);
    clti_json_add_bool(out, "customerOrganizationPhoneNumberRequired", true);
}

void clti_wire_render_country(const clti_country *country, clti_buf *out) {
    unsigned demands = country->demands;
    clti_buf_add_char(out, '{');
    clti_json_add_text(out, "iso2Code", clti_str(country->iso2));
    clti_json_add_text(out, "defaultCulture", clti_country_culture(country));
    clti_json_add_bool(out, "isStateRequired", demands & CLTI_COUNTRY_STATE);
    clti_json_add_words(out, "supportedStatesList", clti_str(country->states));
    add_languages(out, country);
    clti_json_add_words(out, "supportedCulturesList", clti_str(country->cultures));
    clti_json_add_bool(out, "isPostalCodeRequired", demands & CLTI_COUNTRY_POSTAL_CODE);
    clti_json_add_text(out, "postalCodeRegex", clti_str(country->postal));
    clti_json_add_bool(out, "isCityRequired", demands & CLTI_COUNTRY_CITY);
    clti_json_add_bool(out, "isVatIdSupported", country->vat_id != NULL);
    clti_json_add_text(out, "vatIdRegex", clti_str(country->vat_id));
    clti_json_add_text(out, "phoneNumberRegex", clti_str(clti_country_phone(country)));
    clti_json_add_bool(out, "isTaxIdSupported", country->is_tax_id_wanted);
    clti_json_add_bool(out, "isTaxIdOptional", true);
    clti_json_add_words(out, "countryCallingCodesList", clti_str(country->calling_codes));
    if (demands & CLTI_COUNTRY_REGISTRATION)
        add_registration(out);
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"CountryValidationRules\"}}"));
}
