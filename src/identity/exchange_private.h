/**
 * @file exchange_private.h
 * @brief One token request on its way, for authority.c and redeem.c.
 *
 * A step returns false if it refused (then `refusal` is set) or failed (then `fault` is).
 */
#ifndef CLTI_EXCHANGE_PRIVATE_H
#define CLTI_EXCHANGE_PRIVATE_H

#include "identity/identity_private.h"

typedef struct clti_exchange {
    clti_identity *identity;
    const clti_token_request *request;
    clti_arena *arena;
    clti_fault *fault;
    clti_form form;
    clt_str basic_pair; /**< decoded HTTP Basic: `id:secret`, each still form-encoded */
    clti_tenant_kind tenant_kind;
    clti_token_grant grant;
    clti_granted_scope scope; /**< as granted */
    clti_user user;           /**< if grant.user is set */
    clt_str refresh_token;    /**< to give out, or absent */
    bool refused;
    clti_refusal refusal;
    unsigned retry_after; /**< with TOO_MANY */
} clti_exchange;

bool clti_exchange_refuse(clti_exchange *exchange, clti_refusal_kind kind, clt_str text);
clt_str clti_exchange_get(const clti_exchange *exchange, clti_parameter parameter);

/** @brief Refuse unless the parameter is there and not empty. */
CLTI_MUST_CHECK bool clti_exchange_need(clti_exchange *exchange, clti_refusal_kind kind,
                                        clti_parameter parameter, const char *way_out);

/** @brief Count a token; refuse if there were too many, so before anything is used up. */
CLTI_MUST_CHECK bool clti_exchange_admit(clti_exchange *exchange, const clti_token_limit *limit,
                                         clt_guid who);

/** @brief Whether the application is who it says: by its secret, or, for a user, because it is public. */
CLTI_MUST_CHECK bool clti_exchange_authenticate(clti_exchange *exchange, bool for_user);

/** @brief Audience and scope; for a user those of the grant stay if the request names none. */
CLTI_MUST_CHECK bool clti_exchange_find_audience(clti_exchange *exchange, bool for_user);

/* ---- redeem.c ---- */

CLTI_MUST_CHECK bool clti_redeem_code(clti_exchange *exchange);
CLTI_MUST_CHECK bool clti_redeem_refresh_token(clti_exchange *exchange);
CLTI_MUST_CHECK bool clti_redeem_device_code(clti_exchange *exchange);
CLTI_MUST_CHECK bool clti_redeem_password(clti_exchange *exchange);

#endif
