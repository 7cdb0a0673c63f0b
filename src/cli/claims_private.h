/**
 * @file claims_private.h
 * @brief What an access token says about its bearer, read without verifying it: only the service can do that.
 *
 * @source api.md 7.4
 */
#ifndef CLTI_CLI_CLAIMS_PRIVATE_H
#define CLTI_CLI_CLAIMS_PRIVATE_H

#include "cli/text_private.h"

/** Texts are the claims' own, NULL if the token has none. */
typedef struct clti_claims {
    char *tenant;
    char *application;
    char *user; /**< user principal name, else object id; NULL for App only */
    char *issuer;
    bool has_user;
    uint64_t expires_at; /**< seconds since 1970; 0: it does not say */
} clti_claims;

/** @brief Read a JWT's payload. @return false if it is no such token; nothing needs to be released then */
bool clti_claims_read(clt_str token, clti_claims *out);
void clti_claims_done(clti_claims *claims);

#endif
