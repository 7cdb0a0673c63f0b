/**
 * @file address_rules.h
 * @brief Is an address one that its country can have?
 *
 * Lengths and characters are checked earlier, when a member is set (customer.h); here is what must be there
 * and what the country asks for. Everything that is wrong is told, not just the first.
 * Thread: any thread.
 * @source api.md 3.4, 3.5, 4.3, 4.11
 */
#ifndef CLTI_ADDRESS_RULES_H
#define CLTI_ADDRESS_RULES_H

#include "model/country_rules.h"
#include "model/customer.h"

typedef enum clti_address_use {
    CLTI_ADDRESS_BILLING, /**< a customer's: with the contact's names and, where the law wants it, telephone
                           */
    CLTI_ADDRESS_ALONE    /**< a place alone, as for POST /v1/validations/address */
} clti_address_use;

/**
 * @brief Check an address, and bring country and state into their canonical case.
 *
 * INVALID_PROPERTY for what is missing or too long; INVALID_ADDRESS for an unknown country, and for a state,
 * postal code or phone number that the country does not have; PHONE_MISSING. Members are named as in a
 * Customer (`BillingProfile.DefaultAddress.City`), or alone (`City`).
 */
void clti_address_check(clti_address *address, clti_address_use use, clti_problems *problems);

#endif
