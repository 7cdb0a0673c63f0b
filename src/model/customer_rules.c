#include "model/customer_rules.h"

#include <string.h>

/** Characters before this suffix, as the original's own tools allow. */
#define TENANT_SUFFIX     CLTI_STR(".onmicrosoft.com")
#define TENANT_PREFIX_MAX 27

#define AT(field) offsetof(clti_customer, field)

/* ---- saying what is wrong ------------------------------------------------------------------------------ */

static void report(clti_problems *problems, const clti_customer_member *member, clti_fault_code code,
                   const char *why, const char *detail) {
    clti_problems_add(problems, code, member->name, "%s %s%s.", member->path, why, detail);
}

static void report_property(clti_problems *problems, size_t offset, const char *why) {
    report(problems, clti_customer_member_at(offset), CLTI_FAULT_INVALID_PROPERTY, why, "");
}

static bool require(clti_problems *problems, size_t offset, clt_str value) {
    if (!clti_text_is_blank(value))
        return true;
    report_property(problems, offset, "is missing");
    return false;
}

/* ---- billing profile ----------------------------------------------------------------------------------- */

/* Something@something without blanks: more than that only its mail server knows. */
static bool is_email(clt_str text) {
    const char *at = memrchr(text.data, '@', text.size);
    return at && at > text.data && at + 1 < text.data + text.size && !memchr(text.data, ' ', text.size);
}

static bool is_language(clt_str text) {
    if (text.size != 2)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] | 0x20) < 'a' || (text.data[i] | 0x20) > 'z')
            return false;
    return true;
}

static void check_culture(clti_customer *customer, clti_problems *problems) {
    const clti_country *country = clti_country_find(customer->address.country);
    if (!require(problems, AT(culture), customer->culture) || !country)
        return;
    clt_str listed = clti_country_word(country->cultures, customer->culture);
    if (listed.data)
        customer->culture = listed;
    else
        report(problems, clti_customer_member_at(AT(culture)), CLTI_FAULT_INVALID_PROPERTY,
               "must be one of the country's: ", country->cultures);
}

void clti_billing_profile_check(clti_customer *customer, clti_problems *problems) {
    /* Here the name is the billing profile's, and its row an alias. */
    if (clti_text_is_blank(customer->company_name))
        report(problems, clti_customer_member_find(CLTI_STR("billingProfile.companyName")),
               CLTI_FAULT_INVALID_PROPERTY, "is missing", "");
    if (require(problems, AT(email), customer->email) && !is_email(customer->email))
        report_property(problems, AT(email), "is not an email address");
    check_culture(customer, problems);
    if (require(problems, AT(language), customer->language) && !is_language(customer->language))
        report_property(problems, AT(language), "must have two letters");
    clti_address_check(&customer->address, CLTI_ADDRESS_BILLING, problems);
}

/* ---- the whole customer -------------------------------------------------------------------------------- */

static bool is_tenant_domain(clt_str domain) {
    const clt_str suffix = TENANT_SUFFIX;
    return domain.size >= suffix.size &&
           clti_str_equal_nocase(clti_str_from(domain, domain.size - suffix.size), suffix);
}

static void check_domain(const clti_customer *customer, clti_problems *problems) {
    clt_str domain = customer->domain;
    if (!require(problems, AT(domain), domain))
        return;
    if (!clti_domain_is_valid(domain))
        report_property(problems, AT(domain), "is not a DNS name such as contoso.onmicrosoft.com");
    else if (is_tenant_domain(domain) && domain.size > TENANT_PREFIX_MAX + TENANT_SUFFIX.size)
        report_property(problems, AT(domain), "has more than 27 characters before .onmicrosoft.com");
}

static void check_registration(const clti_customer *customer, clti_problems *problems) {
    const clti_customer_member *member = clti_customer_member_at(AT(registration_number));
    const clti_country *country = clti_country_find(customer->address.country);
    clt_str number = customer->registration_number;
    if (!country)
        return;
    if (!(country->demands & CLTI_COUNTRY_REGISTRATION)) {
        if (!clti_str_is_empty(number))
            report(problems, member, CLTI_FAULT_REGISTRATION_UNSUPPORTED, "is not supported in ",
                   country->iso2);
        return;
    }
    if (clti_str_is_empty(number)) {
        report(problems, member, CLTI_FAULT_REGISTRATION_MISSING, "is missing, which is required in ",
               country->iso2);
        return;
    }
    switch (clti_pattern_match(CLTI_COUNTRY_REGISTRATION_PATTERN, number)) {
    case CLTI_PATTERN_MATCHES:
        break;
    case CLTI_PATTERN_DIFFERS:
        report(problems, member, CLTI_FAULT_REGISTRATION_INVALID, "must match ",
               CLTI_COUNTRY_REGISTRATION_PATTERN);
        break;
    case CLTI_PATTERN_NO_MEMORY:
        clti_problems_add(problems, CLTI_FAULT_BUSY, NULL, NULL);
        break;
    }
}

void clti_customer_check(clti_customer *customer, clti_problems *problems) {
    check_domain(customer, problems);
    clti_billing_profile_check(customer, problems);
    check_registration(customer, problems);
}
