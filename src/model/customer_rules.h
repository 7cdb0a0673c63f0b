/**
 * @file customer_rules.h
 * @brief Is a customer's body complete and right, as creating one and writing its billing profile demand?
 *
 * Stricter than clti_customer_complete(), which takes what an import brings. Everything that is wrong is
 * told. Thread: any thread.
 * @source api.md 3.2 to 3.5, 4.3, 4.8
 */
#ifndef CLTI_CUSTOMER_RULES_H
#define CLTI_CUSTOMER_RULES_H

#include "model/address_rules.h"

/**
 * @brief Check the billing profile: email, culture, language, companyName and defaultAddress are required.
 *
 * Brings culture, country and state into their canonical case; the language stays as sent.
 */
void clti_billing_profile_check(clti_customer *customer, clti_problems *problems);

/**
 * @brief Check a customer that shall be created: its billing profile, its domain, and the organization's
 *        registration number (REGISTRATION_MISSING, _INVALID, _UNSUPPORTED).
 */
void clti_customer_check(clti_customer *customer, clti_problems *problems);

#endif
