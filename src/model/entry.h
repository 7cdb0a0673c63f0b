/**
 * @file entry.h
 * @brief One thing that a store keeps, whatever it is: what an export consists of.
 *
 * Owner: all texts are views into someone else's memory.
 */
#ifndef CLTI_ENTRY_H
#define CLTI_ENTRY_H

#include "model/customer.h"
#include "model/partner.h"

/** In the order in which a store gives them: what others name comes before them. */
typedef enum clti_entry_kind {
    CLTI_ENTRY_PARTNER,
    CLTI_ENTRY_APPLICATION,
    CLTI_ENTRY_LINK,
    CLTI_ENTRY_KEY, /**< a secret */
    CLTI_ENTRY_CUSTOMER,
    CLTI_ENTRY_KIND_COUNT
} clti_entry_kind;

typedef struct clti_entry {
    clti_entry_kind kind;
    clt_guid owner; /**< of a customer */
    union {
        clti_partner partner;
        clti_application application;
        clti_link link;
        clti_signing_key key;
        clti_customer customer;
    } of;
} clti_entry;

#endif
