/**
 * @file audit.h
 * @brief What was done, by whom, and how it looked before and after.
 *
 * Owner: all texts are views into someone else's memory.
 * @source api.md 3.9
 */
#ifndef CLTI_AUDIT_H
#define CLTI_AUDIT_H

#include "base/base.h"

/** What was done. The numbers are part of the stored format: never change or reuse one. */
typedef enum clti_audit_operation {
    CLTI_AUDIT_ADD_CUSTOMER = 1,
    CLTI_AUDIT_UPDATE_BILLING_PROFILE = 2,
    CLTI_AUDIT_DELETE_CUSTOMER = 3,
    CLTI_AUDIT_REMOVE_RELATIONSHIP = 4,
    CLTI_AUDIT_UPDATE_QUALIFICATION = 5,
    CLTI_AUDIT_CREATE_RELATIONSHIP = 6,  /**< of provider and reseller; kept by the provider */
    CLTI_AUDIT_REGISTER_APPLICATION = 7, /**< anew, too: with other redirects, secrets or name */
    CLTI_AUDIT_UNREGISTER_APPLICATION = 8
} clti_audit_operation;

/** One row of the table of operations. */
typedef struct clti_audit_kind {
    uint8_t operation;    /**< clti_audit_operation */
    const char *word;     /**< as in `operationType` */
    const char *resource; /**< as in `resourceType` */
} clti_audit_kind;

extern const clti_audit_kind CLTI_AUDIT_KINDS[];
extern const size_t CLTI_AUDIT_KIND_COUNT;

/** @brief The row of an operation, or NULL for a number that is none. */
const clti_audit_kind *clti_audit_kind_of(uint8_t operation);

/** @brief The row of an operation's word, any case, underscores optional, or NULL. */
const clti_audit_kind *clti_audit_kind_find(clt_str word);

/** @brief The word of a kind of resource that audit records may be asked for, likewise or by its number, or
 * NULL. */
const char *clti_audit_resource_find(clt_str word);

typedef struct clti_audit_record {
    clt_guid partner;
    int64_t date;      /**< clti_ticks; the store moves it on until no other record of the partner has it */
    uint8_t operation; /**< clti_audit_operation */
    clt_guid customer; /**< absent if it is about another resource */
    clt_str customer_name;
    clt_guid resource;       /**< the application or partner that it is about; absent: the customer */
    clt_guid application;    /**< client id of whoever did it; absent: a command on the server's machine */
    clt_str user;            /**< user principal name; absent for an app-only token */
    clt_guid correlation_id; /**< of the request */
    clt_guid request_id;
    clt_str old_value;  /**< JSON text of the resource, without secrets; absent if there was none */
    clt_str new_value;  /**< likewise */
    clt_str customized; /**< JSON text of the array `customizedData`; absent for none */
} clti_audit_record;

#endif
