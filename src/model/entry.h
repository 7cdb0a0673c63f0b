/**
 * @file entry.h
 * @brief One thing that a store keeps, whatever it is: what an export consists of.
 *
 * Owner: all texts are views into someone else's memory.
 */
#ifndef CLTI_ENTRY_H
#define CLTI_ENTRY_H

#include "model/audit.h"
#include "model/customer.h"
#include "model/grant.h"
#include "model/idempotency.h"
#include "model/partner.h"
#include "model/user.h"

/** In the order in which a store gives them: what others name comes before them. */
typedef enum clti_entry_kind {
    CLTI_ENTRY_PARTNER,
    CLTI_ENTRY_APPLICATION,
    CLTI_ENTRY_USER, /**< with secrets */
    CLTI_ENTRY_LINK,
    CLTI_ENTRY_KEY,       /**< a secret */
    CLTI_ENTRY_TOKEN_KEY, /**< the store's own; a secret */
    CLTI_ENTRY_CUSTOMER,
    CLTI_ENTRY_AUDIT,
    CLTI_ENTRY_IDEMPOTENCY, /**< worth something together with the store's own key alone */
    CLTI_ENTRY_GRANT,       /**< likewise, with the signing keys; ends with the session that it is for */
    CLTI_ENTRY_KIND_COUNT
} clti_entry_kind;

typedef struct clti_entry {
    clti_entry_kind kind;
    clt_guid owner; /**< of a customer */
    union {
        clti_partner partner;
        clti_application application;
        clti_user user;
        clti_link link;
        clti_signing_key key;
        uint8_t token_key[CLTI_SHA256_SIZE];
        clti_customer customer;
        clti_audit_record audit;
        clti_idempotency idempotency;
        clti_user_grant grant;
    } of;
} clti_entry;

#endif
