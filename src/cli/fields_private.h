/**
 * @file fields_private.h
 * @brief What a person may say of a customer: one table for flags, prompts, and members of JSON.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_FIELDS_PRIVATE_H
#define CLTI_CLI_FIELDS_PRIVATE_H

#include "cli/command_private.h"

/** X(member, flag, path in a Customer, argument, help) */
#define CLTI_ADDRESS_FIELDS(X)                                                                               \
    X(country, "country", "billingProfile.defaultAddress.country", "CODE", "country, two letters")           \
    X(line1, "address", "billingProfile.defaultAddress.addressLine1", "TEXT", "first line of the address")   \
    X(line2, "address2", "billingProfile.defaultAddress.addressLine2", "TEXT", "second line of the address") \
    X(city, "city", "billingProfile.defaultAddress.city", "TEXT", "city")                                    \
    X(state, "state", "billingProfile.defaultAddress.state", "CODE", "state, where the country has them")    \
    X(postal_code, "postal-code", "billingProfile.defaultAddress.postalCode", "TEXT", "postal code")         \
    X(phone, "phone", "billingProfile.defaultAddress.phoneNumber", "NUMBER", "phone number")

#define CLTI_BILLING_FIELDS(X)                                                                               \
    X(company_name, "name", "billingProfile.companyName", "TEXT", "name of the company")                     \
    X(first_name, "first-name", "billingProfile.firstName", "TEXT", "first name of the contact")             \
    X(last_name, "last-name", "billingProfile.lastName", "TEXT", "last name of the contact")                 \
    X(email, "email", "billingProfile.email", "ADDRESS", "e-mail address of the contact")                    \
    CLTI_ADDRESS_FIELDS(X)                                                                                   \
    X(culture, "culture", "billingProfile.culture", "CULTURE", "such as en-US, one of the country's")        \
    X(language, "language", "billingProfile.language", "LANGUAGE", "such as en")

#define CLTI_CUSTOMER_FIELDS(X)                                                                              \
    X(domain, "domain", "companyProfile.domain", "DOMAIN", "domain, such as contoso.onmicrosoft.com")        \
    CLTI_BILLING_FIELDS(X)                                                                                   \
    X(registration_number, "registration-number", "companyProfile.organizationRegistrationNumber", "NUMBER", \
      "of the organization, where the country demands it")                                                   \
    X(reseller, "reseller", "associatedPartnerId", "ID",                                                     \
      "the indirect reseller that it is for, by its tenant id; needs App + User")

/** What has no flag: a file may say it. */
#define CLTI_FILE_FIELDS(X)                                                                                  \
    X(contact_first_name, NULL, "billingProfile.defaultAddress.firstName", NULL, NULL)                       \
    X(contact_middle_name, NULL, "billingProfile.defaultAddress.middleName", NULL, NULL)                     \
    X(contact_last_name, NULL, "billingProfile.defaultAddress.lastName", NULL, NULL)

/** A request of a command begins with these; NULL: not said. */
typedef struct clti_fields {
    const char *domain, *company_name, *first_name, *last_name, *email;
    const char *country, *line1, *line2, *city, *state, *postal_code, *phone;
    const char *culture, *language;
    const char *contact_first_name, *contact_middle_name, *contact_last_name;
    const char *registration_number, *reseller;
} clti_fields;

/** The row of an option for one. */
#define CLTI_FIELD_OPTION(member, flag, path, word, text)                                                    \
    {.name = (flag), .argument = (word), .help = (text), .offset = offsetof(clti_fields, member)},

/** @brief Take over what is not said yet. */
void clti_fields_merge(clti_fields *into, const clti_fields *from);

/**
 * @brief Read a Customer as JSON, names in any case. What the service writes of one and does not read is
 * passed over; what no customer has is refused, for it may be a name that was mistyped.
 * @param owned  Gets the texts that `out` then points to, free() each.
 * @return false, and told
 */
bool clti_fields_parse(const clti_invocation *invocation, clt_str text, clti_fields *out, clti_words *owned);

#endif
