/**
 * @file partner.h
 * @brief Partners, their applications and the keys that sign tokens.
 */
#ifndef CLTI_PARTNER_H
#define CLTI_PARTNER_H

#include "base/base.h"

/** A partner of which any number of calls is served. */
#define CLTI_NOT_THROTTLED (-1)

typedef struct clti_partner {
    clt_guid id;    /**< tenant id */
    clt_str domain; /**< unique without regard to case */
    clt_str name;
    clt_str country;
    clt_str culture;
    clt_str mpn_id;           /**< digits, or absent */
    bool is_sandbox;          /**< delete allowed, no throttle unless set */
    bool is_strict;           /**< with the limits of the original's sandbox: 75 customers */
    int64_t calls_per_minute; /**< its own throttle; 0: as the settings say, CLTI_NOT_THROTTLED: none */
} clti_partner;

/** A provider's relationship with one of its indirect resellers. */
typedef struct clti_link {
    clt_guid provider;
    clt_guid reseller;
} clti_link;

/** An application that may ask for tokens in the name of its partner. */
typedef struct clti_application {
    clt_guid partner;
    clt_guid id; /**< client id */
    clt_str name;
    uint8_t secret_sha256[CLTI_SHA256_SIZE]; /**< all zero: none, and nothing is */
    uint8_t second_sha256[CLTI_SHA256_SIZE]; /**< a second secret, while the first is being replaced */
    clt_str redirect_uris;                   /**< one a line, or absent */
    bool is_public;                          /**< keeps no secret: it runs on its user's machine */
    bool is_demo; /**< its secret is published: the server then stays on loopback */
} clti_application;

/** Characters of a secret's name: the first bytes of its hash, which tell nothing about it. */
#define CLTI_SECRET_NAME_SIZE 8

/** Name of one of an application's secrets, terminated. */
typedef struct clti_secret_name {
    char text[CLTI_SECRET_NAME_SIZE + 1];
} clti_secret_name;

/** @brief The names of an application's secrets, the older first. @return how many there are: 0 to 2 */
size_t clti_application_secrets(const clti_application *application, clti_secret_name out[2]);

/**
 * @brief Give it one more secret.
 * @retval false  CONFLICT: it is public, or has two.
 */
CLTI_MUST_CHECK bool clti_application_add_secret(clti_application *application,
                                                 const uint8_t sha256[CLTI_SHA256_SIZE], clti_fault *fault);

/** @brief Take a secret away; what is left of a demo's is no demo. @retval false  it has none of this name.
 */
CLTI_MUST_CHECK bool clti_application_remove_secret(clti_application *application, clt_str name);

/** A key that signs tokens. */
typedef struct clti_signing_key {
    clt_str id;          /**< `kid` */
    clt_str private_jwk; /**< JSON text; a secret */
    int64_t created;     /**< seconds since 1970 */
    int64_t signs_from;  /**< likewise: until then it is published only; 0: since it was created */
} clti_signing_key;

#endif
