/**
 * @file country_rules.h
 * @brief What is known of each country of ISO 3166-1: what an address there must have, its cultures, its
 * codes.
 *
 * The one table of countries: it serves the validation of customers and addresses, what is derived for a
 * customer whose record leaves it open, and GET /v1/countryvalidationrules. Expressions are in the form in
 * which they are served; clti_pattern_match() takes them.
 * Thread: immutable, for any thread.
 * @source api.md 3.5 and 3.10 for US and the registration number; where they are silent: ISO 3166-1 and
 * 3166-2, Unicode CLDR (cultures), ITU-T E.164 (calling codes), UPU (postal codes), VIES (VAT numbers). Where
 *         those leave room, a row asks for less rather than more.
 */
#ifndef CLTI_COUNTRY_RULES_H
#define CLTI_COUNTRY_RULES_H

#include "base/base.h"

/** What a country asks for; bits. */
typedef enum clti_country_demand {
    CLTI_COUNTRY_STATE = 1 << 0,
    CLTI_COUNTRY_CITY = 1 << 1,
    CLTI_COUNTRY_POSTAL_CODE = 1 << 2,
    CLTI_COUNTRY_REGISTRATION = 1 << 3 /**< registration number and phone number (api.md 3.5) */
} clti_country_demand;

/** Lists are words separated by single spaces. */
typedef struct clti_country {
    char iso2[3];
    unsigned demands; /**< bits of clti_country_demand */
    const char *calling_codes;
    const char *cultures;  /**< the usual one first, such as `de-DE` */
    const char *postal;    /**< expression, or NULL: anything goes */
    const char *vat_id;    /**< expression, or NULL: no such number */
    const char *states;    /**< NULL: not listed, so anything goes */
    const char *phone;     /**< expression, or NULL: clti_country_phone() has the general one */
    bool is_tax_id_wanted; /**< optional, where there is one */
} clti_country;

/** @brief The row for an ISO 3166-1 alpha-2 code, any case, or NULL. */
const clti_country *clti_country_find(clt_str iso2);

/** @brief The usual culture. */
clt_str clti_country_culture(const clti_country *country);

/** @brief Language of the usual culture: its part before the hyphen. */
clt_str clti_country_language(const clti_country *country);

/** @brief Expression for phone numbers. */
const char *clti_country_phone(const clti_country *country);

/** Expression for the registration numbers of the countries that have them. */
#define CLTI_COUNTRY_REGISTRATION_PATTERN "^[A-Za-z0-9\\-]{1,32}$"

/** @brief The word of a list that equals `word` without regard to case, or absent. Static. */
clt_str clti_country_word(const char *list, clt_str word);

#endif
