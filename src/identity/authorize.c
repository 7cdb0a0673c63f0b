/* The authorization endpoint: may this application send a user here, and what it gets when the user agrees.
 */
#include "identity/identity_private.h"

#define TEXT_MAX 2048 /* of state, nonce and scope */

/* ---- the application --------------------------------------------------------------------------------- */

static bool find_in_partner(clti_identity *identity, clt_guid partner, clt_guid id, clti_arena *arena,
                            clti_application *out, bool *out_found, clti_fault *fault) {
    return clti_store_application_find(identity->store, partner, id, arena, out, out_found, fault);
}

/* Under `common` the partner shows when the user has signed in; until then, any that has the application. */
bool clti_client_find(clti_identity *identity, const clti_client_query *query, clti_arena *arena,
                      clti_application *out, bool *out_found, clti_fault *fault) {
    clti_application *all;
    size_t count;
    if (query->tenant_kind == CLTI_TENANT_PARTNER)
        return find_in_partner(identity, query->partner, query->id, arena, out, out_found, fault);
    *out_found = false;
    if (!clti_store_applications_of_id(identity->store, query->id, arena, &all, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++) {
        const bool fits = !query->redirect.data || clti_redirect_uri_is_registered(&all[i], query->redirect);
        if (fits || !*out_found)
            *out = all[i];
        *out_found = true;
        if (fits)
            break;
    }
    return true;
}

/* ---- the request ------------------------------------------------------------------------------------- */

static bool refuse(clti_authorization *out, clti_authorize_state state, const char *error, clt_str text) {
    out->state = state;
    out->error = error;
    out->text = text;
    return true;
}

static bool has_word(clt_str list, const char *word) {
    while (list.data != NULL)
        if (clti_str_equal(clti_str_cut(list, ' ', &list), clti_str(word)))
            return true;
    return false;
}

static bool read_response_mode(clt_str mode, clti_authorization *out) {
    static const char *const names[] = {"query", "fragment", "form_post"};
    out->response_mode = out->wants_id_token ? CLTI_RESPONSE_FRAGMENT : CLTI_RESPONSE_QUERY;
    if (clti_str_is_empty(mode))
        return true;
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        if (clti_str_equal(mode, clti_str(names[i]))) {
            out->response_mode = (clti_response_mode)i;
            /* An id token in a query would stand in logs and histories. */
            return !(out->wants_id_token && i == CLTI_RESPONSE_QUERY);
        }
    }
    return false;
}

static bool is_challenge(clt_str challenge) {
    uint8_t digest[CLTI_SHA256_SIZE + 2];
    size_t size;
    return challenge.size == 43 && clti_base64url_decode(challenge, digest, &size);
}

/* Everything from here is told to the application, at an address that is its own. */
static bool check_wishes(clti_identity *identity, const clti_form *form, const clti_application *application,
                         clti_authorization *out) {
    const clt_str *values = form->values;
    const clt_str type = values[CLTI_PARAMETER_RESPONSE_TYPE];
    const clt_str method = values[CLTI_PARAMETER_CODE_CHALLENGE_METHOD];
    const clti_authorize_state told = CLTI_AUTHORIZE_REFUSED;
    const bool is_too_long =
        out->relay_state.size > TEXT_MAX || out->nonce.size > TEXT_MAX || out->scope.size > TEXT_MAX;
    if (out->relay_state.size > TEXT_MAX) /* not even repeated */
        out->relay_state = (clt_str){NULL, 0};
    out->wants_id_token = has_word(type, "id_token");
    if (!read_response_mode(values[CLTI_PARAMETER_RESPONSE_MODE], out)) {
        out->response_mode = out->wants_id_token ? CLTI_RESPONSE_FRAGMENT : CLTI_RESPONSE_QUERY;
        return refuse(
            out, told, "invalid_request",
            CLTI_STR("response_mode must be query, fragment or form_post, and not query with id_token."));
    }
    if (!clti_str_equal(type, CLTI_STR("code")) && !clti_str_equal(type, CLTI_STR("code id_token")))
        return refuse(out, told, "unsupported_response_type",
                      CLTI_STR("response_type must be 'code' or 'code id_token'."));
    if (is_too_long)
        return refuse(out, told, "invalid_request",
                      CLTI_STR("state, nonce or scope is longer than 2048 bytes."));
    if (out->wants_id_token && clti_str_is_empty(out->nonce))
        return refuse(out, told, "invalid_request", CLTI_STR("With id_token a nonce is needed."));
    if ((method.size > 0 || out->challenge.size > 0) &&
        (!clti_str_equal(method, CLTI_STR("S256")) || !is_challenge(out->challenge)))
        return refuse(
            out, told, "invalid_request",
            CLTI_STR("code_challenge_method must be S256, with its code_challenge of 43 characters."));
    if (application->is_public && clti_str_is_empty(out->challenge))
        return refuse(out, told, "invalid_request",
                      CLTI_STR("A public application needs PKCE: send code_challenge and "
                               "code_challenge_method=S256."));
    clti_granted_scope scope;
    if (!clti_scope_read(identity, out->scope, true, &scope))
        return refuse(out, told, "invalid_scope",
                      CLTI_STR("No tokens are issued for this scope or resource."));
    if (clti_str_equal(values[CLTI_PARAMETER_PROMPT], CLTI_STR("none")))
        return refuse(out, told, "login_required", CLTI_STR("The user has to sign in."));
    return true;
}

/* v1 names a resource, and what v2 asks for by scopes is given to everyone. */
static bool read_scope(const clti_form *form, clti_authority_version version, clti_arena *arena,
                       clti_authorization *out, clti_fault *fault) {
    const clt_str resource = form->values[CLTI_PARAMETER_RESOURCE];
    out->scope = form->values[CLTI_PARAMETER_SCOPE];
    if (version == CLTI_AUTHORITY_V1)
        out->scope = clti_arena_format(arena, "openid offline_access%s%.*s%s", resource.size ? " " : "",
                                       CLTI_STR_ARGS(resource), resource.size ? "/.default" : "");
    return version == CLTI_AUTHORITY_V2 || out->scope.data || clti_fault_no_memory(fault);
}

bool clti_authorize_check(clti_identity *identity, const clti_authorize_request *request, clti_arena *arena,
                          clti_authorization *out, clti_fault *fault) {
    clti_form form;
    clti_refusal refusal = {0};
    clti_application application;
    clti_client_query client = {0};
    bool found;
    *out = (clti_authorization){.version = request->version, .now = request->now};
    if (!clti_form_read(request->query, arena, &form, &refusal, fault))
        return refusal.text.data && refuse(out, CLTI_AUTHORIZE_NOT_TOLD, "invalid_request", refusal.text);
    if (!clti_tenant_resolve(identity, request->tenant, arena, &client.tenant_kind, &client.partner, fault))
        return false;
    client.redirect = out->redirect = form.values[CLTI_PARAMETER_REDIRECT_URI];
    if (client.tenant_kind == CLTI_TENANT_UNKNOWN)
        return refuse(out, CLTI_AUTHORIZE_NOT_TOLD, "invalid_request", CLTI_STR("The tenant is unknown."));
    if (!clti_guid_parse(form.values[CLTI_PARAMETER_CLIENT_ID], &client.id))
        return refuse(out, CLTI_AUTHORIZE_NOT_TOLD, "invalid_request",
                      CLTI_STR("client_id is missing or no GUID."));
    if (!clti_client_find(identity, &client, arena, &application, &found, fault))
        return false;
    /* One answer for both: which applications exist is nobody's business. */
    if (!found || !clti_redirect_uri_is_registered(&application, out->redirect))
        return refuse(
            out, CLTI_AUTHORIZE_NOT_TOLD, "invalid_request",
            CLTI_STR("The application is not registered here, or this redirect_uri is not one of its "
                     "own; it must be the same to the letter."));
    out->tenant_kind = client.tenant_kind;
    out->partner = client.partner;
    out->application = application.id;
    out->application_name = application.name;
    out->relay_state = form.values[CLTI_PARAMETER_STATE];
    out->nonce = form.values[CLTI_PARAMETER_NONCE];
    out->challenge = form.values[CLTI_PARAMETER_CODE_CHALLENGE];
    out->login_hint = form.values[CLTI_PARAMETER_LOGIN_HINT];
    out->wants_mfa = clti_str_equal(form.values[CLTI_PARAMETER_AMR_VALUES], CLTI_STR("mfa"));
    return read_scope(&form, request->version, arena, out, fault) &&
           check_wishes(identity, &form, &application, out);
}

/* ---- the user agrees --------------------------------------------------------------------------------- */

/* The user's own partner must have the application, with this redirect, and PKCE if it is public there; the
 * path's tenant must be theirs. */
static bool check_partner(clti_identity *identity, const clti_authorization *authorization,
                          const clti_user *user, clti_arena *arena, clti_application *out, bool *out_fits,
                          clti_fault *fault) {
    bool found;
    *out_fits = false;
    if (authorization->tenant_kind == CLTI_TENANT_PARTNER &&
        !clti_guid_equal(authorization->partner, user->partner))
        return true;
    if (!find_in_partner(identity, user->partner, authorization->application, arena, out, &found, fault))
        return false;
    *out_fits = found && clti_redirect_uri_is_registered(out, authorization->redirect) &&
                (!out->is_public || !clti_str_is_empty(authorization->challenge));
    return true;
}

bool clti_authorize_grant(clti_identity *identity, clti_authorization *authorization,
                          const clti_sign_in *sign_in, clti_arena *arena, clti_fault *fault) {
    clti_application application;
    bool fits;
    const clti_user *user = &sign_in->user;
    if (!check_partner(identity, authorization, user, arena, &application, &fits, fault))
        return false;
    if (!fits)
        return refuse(authorization, CLTI_AUTHORIZE_REFUSED, "access_denied",
                      CLTI_STR("The application is not the user's partner's, or the tenant is another."));
    if (authorization->wants_mfa && !sign_in->has_mfa)
        return refuse(authorization, CLTI_AUTHORIZE_REFUSED, "access_denied",
                      CLTI_STR("The user has no second factor; `clienteled user reset --totp` makes one."));
    clti_user_grant grant = {.id = clti_guid_random(),
                             .revision = 1,
                             .state = CLTI_GRANT_CODE,
                             .partner = user->partner,
                             .application = authorization->application,
                             .user = user->name,
                             .scope = authorization->scope,
                             .redirect = authorization->redirect,
                             .challenge = authorization->challenge,
                             .nonce = authorization->nonce,
                             .has_mfa = sign_in->has_mfa,
                             .signed_in = authorization->now,
                             .expires = authorization->now + CLTI_CODE_LIFETIME};
    clti_outcome outcome;
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = &grant};
    if (!clti_handle_make(&grant, arena, &authorization->code, fault) ||
        !clti_store_apply(identity->store, &change, 1, &outcome, fault))
        return false;
    if (!outcome.done)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "A code could not be stored.");
    authorization->state = CLTI_AUTHORIZE_GRANTED;
    if (!authorization->wants_id_token)
        return true;
    const clti_token_grant token = {.version = authorization->version,
                                    .partner = user->partner,
                                    .application = authorization->application,
                                    .now = authorization->now,
                                    .user = user,
                                    .has_mfa = sign_in->has_mfa,
                                    .signed_in = authorization->now,
                                    .session = grant.id,
                                    .nonce = authorization->nonce,
                                    .code = authorization->code};
    return clti_id_token_issue(identity, &token, arena, &authorization->id_token, fault);
}
