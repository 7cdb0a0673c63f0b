/* What a user has granted, turned into tokens: codes, refresh tokens, device codes, and passwords. */
#include "identity/exchange_private.h"

#include <string.h>

static bool refuse_grant(clti_exchange *exchange) {
    return clti_exchange_refuse(
        exchange, CLTI_REFUSAL_INVALID_GRANT,
        CLTI_STR(
            "The code or refresh token is unknown, has been used or revoked, has expired, or was given to "
            "another application. Let the user sign in again."));
}

static bool delete_grant(clti_exchange *exchange, clt_guid id) {
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_DELETE, .of.deleted_grant = id};
    clti_outcome outcome;
    return clti_store_apply(exchange->identity->store, &change, 1, &outcome, exchange->fault);
}

/* Somebody shows what was used before, or has stolen a code: nobody keeps anything of this grant. */
static bool revoke(clti_exchange *exchange, const clti_user_grant *grant) {
    return delete_grant(exchange, grant->id) && refuse_grant(exchange);
}

/* ---- the grant --------------------------------------------------------------------------------------- */

/* A code or token shown by the wrong application, or in the wrong tenant, is refused and stays as it is. */
static bool find_grant(clti_exchange *exchange, clti_parameter parameter, clti_user_grant *out) {
    clti_handle handle;
    bool found;
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_MISSING, parameter, "Send what the sign-in gave."))
        return false;
    if (!clti_handle_read(clti_exchange_get(exchange, parameter), &handle))
        return refuse_grant(exchange);
    if (!clti_store_grant_find(exchange->identity->store, handle.id, exchange->arena, out, &found,
                               exchange->fault))
        return false;
    if (!found || !clti_guid_equal(out->application, exchange->grant.application))
        return refuse_grant(exchange);
    const bool has_partner = !clti_guid_is_absent(out->partner);
    if (has_partner && exchange->tenant_kind == CLTI_TENANT_PARTNER &&
        !clti_guid_equal(out->partner, exchange->grant.partner))
        return refuse_grant(exchange);
    if (has_partner)
        exchange->grant.partner = out->partner;
    if (has_partner && !clti_exchange_authenticate(exchange, true))
        return false;
    return clti_equal_constant_time(handle.secret_sha256, out->secret_sha256, sizeof handle.secret_sha256) ||
           revoke(exchange, out);
}

/* The user as of now: who was disabled or reset since then does not get in with what was granted before. */
static bool find_user(clti_exchange *exchange, const clti_user_grant *grant) {
    bool found;
    if (!clti_store_user_find(exchange->identity->store, grant->partner, grant->user, exchange->arena,
                              &exchange->user, &found, exchange->fault))
        return false;
    exchange->grant.user = &exchange->user;
    exchange->grant.has_mfa = grant->has_mfa;
    exchange->grant.signed_in = grant->signed_in;
    exchange->grant.session = grant->id;
    return (found && !exchange->user.is_disabled && grant->signed_in >= exchange->user.valid_from) ||
           revoke(exchange, grant);
}

/* Put the changed grant in the place of the one that was read. Who comes second has been too late. */
static bool put(clti_exchange *exchange, clti_user_grant *grant, bool *out_was_first) {
    clti_outcome outcome;
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = grant};
    grant->revision++;
    if (!clti_store_apply(exchange->identity->store, &change, 1, &outcome, exchange->fault))
        return false;
    *out_was_first = outcome.done;
    return true;
}

static bool read_scope(clti_exchange *exchange, const clti_user_grant *grant) {
    /* What is no longer served, because a setting changed, is refused. */
    if (!clti_scope_read(exchange->identity, grant->scope, true, &exchange->scope))
        return refuse_grant(exchange);
    exchange->grant.audience = exchange->scope.audience;
    return clti_exchange_find_audience(exchange, true);
}

/* A new secret, whose text is the refresh token if there shall be one; the old one is used up. */
static bool rotate(clti_exchange *exchange, clti_user_grant *grant) {
    clt_str token;
    bool was_first;
    if (!find_user(exchange, grant) || !read_scope(exchange, grant) ||
        !clti_exchange_admit(exchange, &exchange->identity->clients, exchange->grant.application) ||
        !clti_handle_make(grant, exchange->arena, &token, exchange->fault))
        return false;
    const bool is_kept = exchange->scope.has_offline;
    grant->state = CLTI_GRANT_REFRESHING;
    grant->redirect = grant->challenge = grant->nonce = (clt_str){NULL, 0};
    grant->expires = exchange->grant.now + (is_kept ? CLTI_REFRESH_LIFETIME : CLTI_CODE_LIFETIME);
    if (!put(exchange, grant, &was_first))
        return false;
    if (!was_first)
        return revoke(exchange, grant);
    if (is_kept)
        exchange->refresh_token = token;
    return true;
}

static bool is_expired(const clti_exchange *exchange, const clti_user_grant *grant) {
    return exchange->grant.now >= grant->expires;
}

/* ---- codes ------------------------------------------------------------------------------------------- */

/* RFC 7636 4.6, S256 alone. Without a challenge there must be no verifier: somebody has taken it away. */
static bool proves_possession(clti_exchange *exchange, const clti_user_grant *grant) {
    const clt_str verifier = clti_exchange_get(exchange, CLTI_PARAMETER_CODE_VERIFIER);
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_buf challenge;
    if (clti_str_is_empty(grant->challenge))
        return clti_str_is_empty(verifier);
    clti_buf_init(&challenge, 2 * sizeof digest);
    clti_sha256(verifier, digest);
    clti_base64url_encode(digest, sizeof digest, &challenge);
    const bool same = verifier.size >= 43 && verifier.size <= 128 &&
                      challenge.size == grant->challenge.size &&
                      clti_equal_constant_time(challenge.data, grant->challenge.data, challenge.size);
    clti_buf_done(&challenge);
    return same;
}

bool clti_redeem_code(clti_exchange *exchange) {
    clti_user_grant grant;
    if (!find_grant(exchange, CLTI_PARAMETER_CODE, &grant))
        return false;
    if (grant.state != CLTI_GRANT_CODE || is_expired(exchange, &grant))
        return refuse_grant(exchange);
    if (!clti_str_equal(clti_exchange_get(exchange, CLTI_PARAMETER_REDIRECT_URI), grant.redirect) ||
        !proves_possession(exchange, &grant))
        return revoke(exchange, &grant);
    exchange->grant.nonce = grant.nonce;
    return rotate(exchange, &grant);
}

/* ---- refresh tokens ---------------------------------------------------------------------------------- */

bool clti_redeem_refresh_token(clti_exchange *exchange) {
    clti_user_grant grant;
    if (!find_grant(exchange, CLTI_PARAMETER_REFRESH_TOKEN, &grant))
        return false;
    if (grant.state != CLTI_GRANT_REFRESHING || is_expired(exchange, &grant))
        return refuse_grant(exchange);
    return rotate(exchange, &grant);
}

/* ---- devices ----------------------------------------------------------------------------------------- */

/* Of two polls at once one counts; both have to wait. */
static bool keep_waiting(clti_exchange *exchange, clti_user_grant *grant) {
    bool was_first;
    const bool is_early = exchange->grant.now - grant->polled < CLTI_DEVICE_INTERVAL;
    grant->polled = exchange->grant.now;
    if (!put(exchange, grant, &was_first))
        return false;
    if (is_early)
        return clti_exchange_refuse(exchange, CLTI_REFUSAL_SLOW_DOWN,
                                    CLTI_STR("The device asks too often. Wait for 'interval' seconds."));
    return clti_exchange_refuse(exchange, CLTI_REFUSAL_PENDING,
                                CLTI_STR("The user has not signed in yet. Ask again later."));
}

bool clti_redeem_device_code(clti_exchange *exchange) {
    clti_user_grant grant;
    /* v1 has it in `code`. */
    const bool is_v1_form = exchange->request->version == CLTI_AUTHORITY_V1 &&
                            clti_str_is_empty(clti_exchange_get(exchange, CLTI_PARAMETER_DEVICE_CODE));
    if (!find_grant(exchange, is_v1_form ? CLTI_PARAMETER_CODE : CLTI_PARAMETER_DEVICE_CODE, &grant))
        return false;
    if (grant.state != CLTI_GRANT_DEVICE && grant.state != CLTI_GRANT_APPROVED &&
        grant.state != CLTI_GRANT_DENIED)
        return refuse_grant(exchange);
    if (is_expired(exchange, &grant))
        return clti_exchange_refuse(exchange, CLTI_REFUSAL_EXPIRED,
                                    CLTI_STR("The device code has expired. Ask for a new one."));
    if (grant.state == CLTI_GRANT_DEVICE)
        return keep_waiting(exchange, &grant);
    if (grant.state == CLTI_GRANT_DENIED)
        return delete_grant(exchange, grant.id) &&
               clti_exchange_refuse(exchange, CLTI_REFUSAL_DECLINED, CLTI_STR("The user has declined."));
    return rotate(exchange, &grant);
}

/* ---- passwords --------------------------------------------------------------------------------------- */

/* Old clients hand over the password themselves; a second factor cannot be asked for on this way. */
bool clti_redeem_password(clti_exchange *exchange) {
    clti_sign_in_result result;
    clti_user_grant grant = {.id = clti_guid_random(), .application = exchange->grant.application};
    const clti_password_claim claim = {
        .name = clti_exchange_get(exchange, CLTI_PARAMETER_USERNAME),
        .password = clti_exchange_get(exchange, CLTI_PARAMETER_PASSWORD),
        .address = exchange->request->address,
        .now = exchange->grant.now,
    };
    if (!exchange->identity->allow_password_grant)
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_GRANT,
            CLTI_STR("grant_type=password is switched off. Use a code or device code; "
                     "the setting auth.allow_password_grant switches it on."));
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_MISSING, CLTI_PARAMETER_USERNAME,
                            "Send the user's name.") ||
        !clti_password_try(exchange->identity, &claim, exchange->arena, &exchange->user, &result,
                           exchange->fault))
        return false;
    const bool is_elsewhere = exchange->tenant_kind == CLTI_TENANT_PARTNER && result == CLTI_SIGN_IN_DONE &&
                              !clti_guid_equal(exchange->user.partner, exchange->grant.partner);
    if (result != CLTI_SIGN_IN_DONE || is_elsewhere)
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_INVALID_GRANT,
            CLTI_STR("The user could not be signed in: wrong name or password, or too "
                     "many attempts."));
    if (exchange->user.totp_secret.data)
        return clti_exchange_refuse(exchange, CLTI_REFUSAL_INTERACTION,
                                    CLTI_STR("The user has a second factor, which needs the sign-in page."));
    exchange->grant.partner = grant.partner = exchange->user.partner;
    grant.user = exchange->user.name;
    grant.signed_in = exchange->grant.now;
    grant.scope = exchange->request->version == CLTI_AUTHORITY_V1
                      ? CLTI_STR("openid offline_access")
                      : clti_exchange_get(exchange, CLTI_PARAMETER_SCOPE);
    return clti_exchange_authenticate(exchange, true) && rotate(exchange, &grant);
}
