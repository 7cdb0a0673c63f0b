/**
 * @file session_private.h
 * @brief A signed-in partner for one command: from a profile and the environment to calls, and what to say
 *        when one fails.
 *
 * Thread: one thread at a time; the token provider runs within a call.
 */
#ifndef CLTI_CLI_SESSION_PRIVATE_H
#define CLTI_CLI_SESSION_PRIVATE_H

#include "cli/command_private.h"
#include "cli/profile_private.h"
#include "clientele/clientele.h"

#define CLTI_PROFILE_DEFAULT "default"

/** Variables of the environment. */
#define CLTI_VARIABLE_PROFILE       "CLIENTELE_PROFILE"
#define CLTI_VARIABLE_CLOUD         "CLIENTELE_CLOUD"
#define CLTI_VARIABLE_BASE_URL      "CLIENTELE_BASE_URL"
#define CLTI_VARIABLE_AUTHORITY_URL "CLIENTELE_AUTHORITY_URL"
#define CLTI_VARIABLE_CA_FILE       "CLIENTELE_CA_FILE"
#define CLTI_VARIABLE_TENANT        "CLIENTELE_TENANT"
#define CLTI_VARIABLE_CLIENT_ID     "CLIENTELE_CLIENT_ID"
#define CLTI_VARIABLE_CLIENT_SECRET "CLIENTELE_CLIENT_SECRET"
#define CLTI_VARIABLE_TOKEN         "CLIENTELE_TOKEN"

/** @brief A variable's value; NULL also if it is empty. */
const char *clti_variable(const char *name);

typedef struct clti_session {
    clt_partner *partner;
    clt_request_context context; /**< for every call: carries the cancellation */
    /* its own */
    clt_cancellation *cancellation;
    clt_credentials *credentials;
    clt_partner_options options;
    clti_profiles profiles;
    clti_profile *profile;
    bool is_stored;           /**< the profile stands in the file; else it was made of variables */
    bool has_provided;        /**< the library was given a token */
    clt_error *sign_in_error; /**< why no token could be had */
    bool is_refused;          /**< there is nothing left to get a token with */
} clti_session;

/**
 * @brief Everything that a call needs, without a request.
 * @return CLTI_EXIT_DONE, or an exit code, and told; clti_session_close() in any case
 */
int clti_session_open(const clti_invocation *invocation, clti_session *out);
void clti_session_close(clti_session *session);

/**
 * @brief Tell a failed call: what, why, what next, request id. Frees the error.
 * @param err  NULL: a signal came between two calls.
 * @return the exit code
 */
int clti_session_fail(clti_session *session, clt_error *err);

/** @brief The partner's options that a profile's values make. @return false, and told, for a bad one */
bool clti_session_options(const clti_profile *profile, clt_partner_options *out);

/** @brief Put a token that was issued into a profile. */
void clti_session_keep_token(clti_profile *profile, const clt_token *token);

/* ---- errors (fail.c) ----------------------------------------------------------------------------------- */

/** @brief The exit code of a category. */
int clti_exit_code(clt_status status);

/** @brief Tell an error and its ids, with a next step if one is given. Does not free it. */
void clti_error_tell(const clt_error *err, const char *next);

/** @brief Say what to do next about an error of a call to a service; free(). NULL: nothing to say. */
char *clti_error_next(const clt_error *err, const char *profile, clt_str base_url);

#endif
