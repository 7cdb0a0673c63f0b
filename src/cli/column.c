/* The columns of tables and CSV: where each stands in a customer. */
#include "cli/output_private.h"

#include <stdlib.h>
#include <string.h>

static const clt_str ABSENT = {NULL, 0};

#define PROFILE(customer)     ((customer)->company_profile)
#define BILLING(customer)     ((customer)->billing_profile)
#define CREDENTIALS(customer) ((customer)->user_credentials)
#define ADDRESS(customer)     (BILLING(customer) ? BILLING(customer)->default_address : NULL)
#define GETTER(function, path)                                                                               \
    static clt_str function(const void *item, clti_bytes *room) {                                            \
        (void)room;                                                                                          \
        return ((const clt_customer *)item)->path;                                                           \
    }
#define GETTER_IN(function, part, member)                                                                    \
    static clt_str function(const void *item, clti_bytes *room) {                                            \
        const clt_customer *customer = item;                                                                 \
        (void)room;                                                                                          \
        return part(customer) ? part(customer)->member : ABSENT;                                             \
    }

GETTER(id, id)
GETTER(commerce_id, commerce_id)
GETTER(relationship, relationship_to_partner)
GETTER(associated_partner_id, associated_partner_id)
GETTER_IN(tenant_id, PROFILE, tenant_id)
GETTER_IN(domain, PROFILE, domain)
GETTER_IN(registration_number, PROFILE, organization_registration_number)
GETTER_IN(billing_id, BILLING, id)
GETTER_IN(first_name, BILLING, first_name)
GETTER_IN(last_name, BILLING, last_name)
GETTER_IN(email, BILLING, email)
GETTER_IN(culture, BILLING, culture)
GETTER_IN(language, BILLING, language)
GETTER_IN(country, ADDRESS, country)
GETTER_IN(region, ADDRESS, region)
GETTER_IN(city, ADDRESS, city)
GETTER_IN(state, ADDRESS, state)
GETTER_IN(line1, ADDRESS, address_line1)
GETTER_IN(line2, ADDRESS, address_line2)
GETTER_IN(postal_code, ADDRESS, postal_code)
GETTER_IN(contact_first_name, ADDRESS, first_name)
GETTER_IN(contact_middle_name, ADDRESS, middle_name)
GETTER_IN(contact_last_name, ADDRESS, last_name)
GETTER_IN(phone_number, ADDRESS, phone_number)
GETTER_IN(user_name, CREDENTIALS, user_name)
GETTER_IN(password, CREDENTIALS, password)

/* Some answers have it in the billing profile alone. */
static clt_str company_name(const void *item, clti_bytes *room) {
    const clt_customer *customer = item;
    (void)room;
    if (PROFILE(customer) && PROFILE(customer)->company_name.data)
        return PROFILE(customer)->company_name;
    return BILLING(customer) ? BILLING(customer)->company_name : ABSENT;
}

static clt_str delegated_access(const void *item, clti_bytes *room) {
    const clt_customer *customer = item;
    (void)room;
    if (customer->allow_delegated_access == CLT_ABSENT)
        return ABSENT;
    return clti_view(customer->allow_delegated_access == CLT_TRUE ? "true" : "false");
}

static clt_str custom_domains(const void *item, clti_bytes *room) {
    const clt_customer *customer = item;
    if (customer->custom_domain_count == 0)
        return ABSENT;
    clti_bytes_clear(room);
    for (size_t i = 0; i < customer->custom_domain_count; i++) {
        clti_bytes_add_text(room, i > 0 ? " " : "");
        clti_bytes_add(room, customer->custom_domains[i]);
    }
    return clti_bytes_view(room);
}

static const clti_column columns[] = {
    {"id", "ID", true, true, id},
    {"companyName", "NAME", true, false, company_name},
    {"domain", "DOMAIN", true, false, domain},
    {"relationshipToPartner", "RELATION", true, false, relationship},
    {"companyProfile.tenantId", "TENANT", true, true, tenant_id},
    {"commerceId", "COMMERCE ID", false, false, commerce_id},
    {"associatedPartnerId", "ASSOCIATED PARTNER", false, false, associated_partner_id},
    {"allowDelegatedAccess", "DELEGATED ACCESS", false, false, delegated_access},
    {"customDomains", "CUSTOM DOMAINS", false, false, custom_domains},
    {"companyProfile.organizationRegistrationNumber", "REGISTRATION", false, false, registration_number},
    {"billingProfile.id", "BILLING ID", false, false, billing_id},
    {"billingProfile.firstName", "FIRST NAME", false, false, first_name},
    {"billingProfile.lastName", "LAST NAME", false, false, last_name},
    {"billingProfile.email", "EMAIL", false, false, email},
    {"billingProfile.culture", "CULTURE", false, false, culture},
    {"billingProfile.language", "LANGUAGE", false, false, language},
    {"country", "COUNTRY", false, false, country},
    {"billingProfile.defaultAddress.region", "REGION", false, false, region},
    {"city", "CITY", false, false, city},
    {"state", "STATE", false, false, state},
    {"billingProfile.defaultAddress.addressLine1", "ADDRESS", false, false, line1},
    {"billingProfile.defaultAddress.addressLine2", "ADDRESS 2", false, false, line2},
    {"postalCode", "POSTAL CODE", false, false, postal_code},
    {"billingProfile.defaultAddress.firstName", "CONTACT FIRST NAME", false, false, contact_first_name},
    {"billingProfile.defaultAddress.middleName", "CONTACT MIDDLE NAME", false, false, contact_middle_name},
    {"billingProfile.defaultAddress.lastName", "CONTACT LAST NAME", false, false, contact_last_name},
    {"billingProfile.defaultAddress.phoneNumber", "PHONE", false, false, phone_number},
    {"userCredentials.userName", "FIRST USER", false, false, user_name},
    {"userCredentials.password", "PASSWORD", false, false, password},
};

/* Of the list's columns its own are shown, and no copy of one. */
const clti_kind CLTI_KIND_CUSTOMER = {columns, CLTI_COUNT(columns), 4, clti_printer_customer};

/* ---- choosing ------------------------------------------------------------------------------------------ */

static const clti_column *find_column(const clti_kind *kind, clt_str name, clti_guess *guess) {
    for (size_t i = 0; i < kind->column_count; i++) {
        if (clti_view_equal_nocase(clti_view(kind->columns[i].name), name))
            return &kind->columns[i];
        clti_guess_consider(guess, kind->columns[i].name);
    }
    return NULL;
}

static bool complain_column(const clti_invocation *invocation, const clti_column *column,
                            const clti_guess *guess) {
    if (column)
        clti_complain_usage(invocation, "--columns: the list does not have '%s'; 'customers get' does.",
                            column->name);
    else if (guess->name)
        clti_complain_usage(invocation, "--columns: there is no column '%.*s'; did you mean '%s'?",
                            CLTI_VIEW_ARGS(guess->asked), guess->name);
    else
        clti_complain_usage(invocation, "--columns: there is no column '%.*s'; see --help.",
                            CLTI_VIEW_ARGS(guess->asked));
    return false;
}

bool clti_column_choose(const clti_invocation *invocation, const clti_kind *kind, const char *names,
                        bool listed, clti_column_choice *out) {
    clt_str rest = clti_view(names);
    *out = (clti_column_choice){.kind = kind, .is_explicit = names != NULL};
    for (size_t i = 0; !names && i < (listed ? kind->shown_count : kind->column_count); i++) {
        out->items = clti_reallocate(out->items, (out->count + 1) * sizeof(void *));
        out->items[out->count++] = &kind->columns[i];
    }
    while (rest.data) {
        clti_guess guess = clti_guess_for(clti_view_cut(rest, ',', &rest));
        const clti_column *column = find_column(kind, guess.asked, &guess);
        if (!column || (listed && !column->is_listed)) {
            clti_column_choice_done(out);
            return complain_column(invocation, column, &guess);
        }
        out->items = clti_reallocate(out->items, (out->count + 1) * sizeof(void *));
        out->items[out->count++] = column;
    }
    return true;
}

void clti_column_choice_done(clti_column_choice *choice) {
    free(choice->items);
    *choice = (clti_column_choice){0};
}
