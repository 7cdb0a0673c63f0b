/**
 * @file country.h
 * @brief What a country implies when a customer's record leaves it open.
 */
#ifndef CLTI_COUNTRY_H
#define CLTI_COUNTRY_H

#include "base/base.h"

typedef struct clti_country {
    char iso2[3];
    const char *culture; /**< the usual one, such as `de-DE` */
} clti_country;

/** @brief The row for an ISO 3166-1 alpha-2 code, any case, or NULL. */
const clti_country *clti_country_find(clt_str iso2);

/** @brief Language of the country's culture: its part before the hyphen. */
clt_str clti_country_language(const clti_country *country);

#endif
