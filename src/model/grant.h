/**
 * @file grant.h
 * @brief What a user has granted to an application: first a code, then refresh tokens.
 */
#ifndef CLTI_GRANT_H
#define CLTI_GRANT_H

#include "base/base.h"

typedef enum clti_grant_state {
    CLTI_GRANT_CODE = 1,   /**< a code has been given out and waits to be redeemed */
    CLTI_GRANT_REFRESHING, /**< a refresh token is out */
    CLTI_GRANT_DEVICE,     /**< a device waits for its user */
    CLTI_GRANT_APPROVED,   /**< its user agreed; the device has not asked again yet */
    CLTI_GRANT_DENIED,
    CLTI_GRANT_CODE_USED /**< no grant: which code of a user's second factor was used last (`polled`) */
} clti_grant_state;

/**
 * A grant with its one secret that counts. Whoever shows the id with another secret shows one that was used
 * before, so the grant is revoked then.
 */
typedef struct clti_user_grant {
    clt_guid id;
    int64_t revision; /**< goes up by one with each change; 1 for a new one */
    uint8_t state;    /**< a clti_grant_state */
    clt_guid partner; /**< absent until a device's user has signed in */
    clt_guid application;
    clt_str user;      /**< name; absent likewise */
    clt_str scope;     /**< v2: as granted; v1: the resource */
    clt_str redirect;  /**< of the code; absent if the request named none */
    clt_str challenge; /**< S256, base64url; absent: no PKCE */
    clt_str nonce;
    uint8_t secret_sha256[CLTI_SHA256_SIZE];
    bool has_mfa;
    int64_t signed_in; /**< when the user did, seconds since 1970; of a device that waits: when it began */
    int64_t polled;    /**< when a device asked last */
    int64_t expires;   /**< of the secret that is out */
} clti_user_grant;

#endif
