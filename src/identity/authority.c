/* The token endpoint: who asks, by which grant, and the answer. The grants of users are in redeem.c. */
#include "identity/exchange_private.h"

#define SERVICE_HELP "https://api.partnercenter.microsoft.com"

bool clti_exchange_refuse(clti_exchange *exchange, clti_refusal_kind kind, clt_str text) {
    if (!text.data)
        return clti_fault_no_memory(exchange->fault);
    exchange->refused = true;
    exchange->refusal = (clti_refusal){kind, text};
    return false;
}

clt_str clti_exchange_get(const clti_exchange *exchange, clti_parameter parameter) {
    return exchange->form.values[parameter];
}

bool clti_exchange_need(clti_exchange *exchange, clti_refusal_kind kind, clti_parameter parameter,
                        const char *way_out) {
    if (!clti_str_is_empty(clti_exchange_get(exchange, parameter)))
        return true;
    return clti_exchange_refuse(exchange, kind,
                                clti_arena_format(exchange->arena,
                                                  "The parameter '%s' is missing from the form. %s",
                                                  clti_parameter_name(parameter), way_out));
}

/* Before any work for addresses; for clients after the secret was found right, or what the user granted, so
 * that nobody can use up what is another's, and before the signature, which costs most. */
bool clti_exchange_admit(clti_exchange *exchange, const clti_token_limit *limit, clt_guid who) {
    const unsigned seconds = clti_token_limit_take(limit, who);
    exchange->retry_after = seconds;
    return seconds == 0 ||
           clti_exchange_refuse(
               exchange, CLTI_REFUSAL_TOO_MANY,
               clti_arena_format(exchange->arena,
                                 "Too many tokens were asked for. Try again in %u seconds, and use a token "
                                 "until it expires.",
                                 seconds));
}

static bool read_form(clti_exchange *exchange) {
    clti_refusal refusal = {0};
    if (clti_form_read(exchange->request->form, exchange->arena, &exchange->form, &refusal, exchange->fault))
        return true;
    return refusal.text.data && clti_exchange_refuse(exchange, refusal.kind, refusal.text);
}

static bool find_tenant(clti_exchange *exchange) {
    if (!clti_tenant_resolve(exchange->identity, exchange->request->tenant, exchange->arena,
                             &exchange->tenant_kind, &exchange->grant.partner, exchange->fault))
        return false;
    return exchange->tenant_kind != CLTI_TENANT_UNKNOWN ||
           clti_exchange_refuse(
               exchange, CLTI_REFUSAL_TENANT_UNKNOWN,
               CLTI_STR("The tenant in the path is unknown. Use the partner's tenant id or its domain."));
}

/* ---- client ------------------------------------------------------------------------------------------ */

static bool refuse_client(clti_exchange *exchange) {
    return clti_exchange_refuse(
        exchange, CLTI_REFUSAL_CLIENT,
        CLTI_STR("The client could not be authenticated. Check client_id, client_secret and that the "
                 "application is registered in the tenant that the path names."));
}

/* Client id and secret of HTTP Basic (RFC 6749 2.3.1), which take the place of the form's. */
static bool read_basic(clti_exchange *exchange, clt_str encoded) {
    clt_str *values = exchange->form.values;
    if (!clti_str_is_empty(values[CLTI_PARAMETER_CLIENT_SECRET])) {
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_MALFORMED,
            CLTI_STR("The client authenticates twice. Send either client_secret in the form or the "
                     "header 'Authorization: Basic', not both."));
    }
    uint8_t *bytes = clti_arena_alloc(exchange->arena, encoded.size + 1);
    if (!bytes)
        return clti_fault_no_memory(exchange->fault);
    size_t size;
    if (!clti_base64_decode(encoded, bytes, &size))
        return refuse_client(exchange);
    exchange->basic_pair = (clt_str){(const char *)bytes, size};
    clt_str id, secret;
    const clt_str encoded_id = clti_str_cut(exchange->basic_pair, ':', &secret);
    if (!secret.data || !clti_url_decode(exchange->arena, encoded_id, CLTI_URL_QUERY, &id) ||
        !clti_url_decode(exchange->arena, secret, CLTI_URL_QUERY, &values[CLTI_PARAMETER_CLIENT_SECRET]))
        return refuse_client(exchange);
    if (!clti_str_is_empty(values[CLTI_PARAMETER_CLIENT_ID]) &&
        !clti_str_equal_nocase(values[CLTI_PARAMETER_CLIENT_ID], id)) {
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_MALFORMED,
            CLTI_STR("The parameter 'client_id' differs from the one in the Authorization header. Send "
                     "one of the two."));
    }
    values[CLTI_PARAMETER_CLIENT_ID] = id;
    return true;
}

static bool read_client(clti_exchange *exchange) {
    clt_str rest;
    const clt_str scheme = clti_str_cut(clti_str_trim(exchange->request->authorization), ' ', &rest);
    if (clti_str_equal_nocase(scheme, CLTI_STR("Basic")) && !read_basic(exchange, clti_str_trim(rest)))
        return false;
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_MISSING, CLTI_PARAMETER_CLIENT_ID,
                            "Send the application's id."))
        return false;
    if (!clti_guid_parse(clti_exchange_get(exchange, CLTI_PARAMETER_CLIENT_ID), &exchange->grant.application))
        exchange->grant.application = (clt_guid){0};
    return true;
}

/* An unknown client costs the same lookup, hash and comparison as a wrong secret, and is answered alike. */
bool clti_exchange_authenticate(clti_exchange *exchange, bool for_user) {
    clti_application application = {0};
    const clt_str secret = clti_exchange_get(exchange, CLTI_PARAMETER_CLIENT_SECRET);
    bool found;
    if (!clti_store_application_find(exchange->identity->store, exchange->grant.partner,
                                     exchange->grant.application, exchange->arena, &application, &found,
                                     exchange->fault))
        return false;
    exchange->grant.is_public = found && application.is_public;
    if (for_user && exchange->grant.is_public)
        return clti_str_is_empty(secret) || refuse_client(exchange);
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_NO_SECRET, CLTI_PARAMETER_CLIENT_SECRET,
                            "Send the application's secret, there or with HTTP Basic; assertions are not "
                            "supported."))
        return false;
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_sha256(secret, digest);
    /* Both, always: which of the two it was does not show either. All zero is no hash of anything. */
    const bool same = clti_equal_constant_time(digest, application.secret_sha256, sizeof digest) |
                      clti_equal_constant_time(digest, application.second_sha256, sizeof digest);
    clti_wipe(digest, sizeof digest);
    return (same && found) || refuse_client(exchange);
}

/* ---- what for ---------------------------------------------------------------------------------------- */

static bool find_resource(clti_exchange *exchange, bool for_user) {
    const clt_str resource = clti_exchange_get(exchange, CLTI_PARAMETER_RESOURCE);
    if (clti_str_is_empty(resource) && for_user)
        return true;
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_RESOURCE, CLTI_PARAMETER_RESOURCE,
                            "Send resource=" SERVICE_HELP "."))
        return false;
    exchange->grant.audience = resource;
    return clti_identity_serves_audience(exchange->identity, resource) ||
           clti_exchange_refuse(
               exchange, CLTI_REFUSAL_RESOURCE,
               CLTI_STR("No tokens are issued for this resource. Send resource=" SERVICE_HELP "."));
}

static bool find_scope(clti_exchange *exchange, bool for_user) {
    const clt_str text = clti_exchange_get(exchange, CLTI_PARAMETER_SCOPE);
    if (clti_str_is_empty(text) && for_user)
        return true;
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_SCOPE, CLTI_PARAMETER_SCOPE,
                            "Send scope=" SERVICE_HELP "/.default."))
        return false;
    const clti_granted_scope before = exchange->scope;
    if (!clti_scope_read(exchange->identity, text, for_user, &exchange->scope))
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_SCOPE,
            CLTI_STR("No tokens are issued for this scope. Send scope=" SERVICE_HELP "/.default."));
    /* What the user granted stays, neither more nor less, whatever the request repeats of it. */
    exchange->scope.has_openid = before.has_openid;
    exchange->scope.has_offline = before.has_offline;
    exchange->grant.audience = exchange->scope.audience;
    return true;
}

bool clti_exchange_find_audience(clti_exchange *exchange, bool for_user) {
    return exchange->request->version == CLTI_AUTHORITY_V2 ? find_scope(exchange, for_user)
                                                           : find_resource(exchange, for_user);
}

/* ---- grants ------------------------------------------------------------------------------------------ */

static bool grant_client_credentials(clti_exchange *exchange) {
    if (exchange->tenant_kind == CLTI_TENANT_ANY) {
        return clti_exchange_refuse(
            exchange, CLTI_REFUSAL_TENANT_NEEDED,
            CLTI_STR("With grant_type=client_credentials the path has to name the tenant: put the "
                     "partner's tenant id or its domain in the place of 'common' or 'organizations'."));
    }
    return clti_exchange_authenticate(exchange, false) && clti_exchange_find_audience(exchange, false) &&
           clti_exchange_admit(exchange, &exchange->identity->clients, exchange->grant.application);
}

typedef struct grant_kind {
    const char *name;
    bool (*redeem)(clti_exchange *exchange);
} grant_kind;

static const grant_kind GRANTS[] = {
    {"client_credentials", grant_client_credentials},
    {"authorization_code", clti_redeem_code},
    {"refresh_token", clti_redeem_refresh_token},
    {"urn:ietf:params:oauth:grant-type:device_code", clti_redeem_device_code},
    {"device_code", clti_redeem_device_code}, /* v1's name */
    {"password", clti_redeem_password},
};

static bool redeem(clti_exchange *exchange) {
    const clt_str name = clti_exchange_get(exchange, CLTI_PARAMETER_GRANT_TYPE);
    if (!clti_exchange_need(exchange, CLTI_REFUSAL_MISSING, CLTI_PARAMETER_GRANT_TYPE,
                            "Send grant_type=client_credentials, or that of a user's grant."))
        return false;
    for (size_t i = 0; i < CLTI_COUNT(GRANTS); i++)
        if (clti_str_equal(name, clti_str(GRANTS[i].name)))
            return find_tenant(exchange) && read_client(exchange) && GRANTS[i].redeem(exchange);
    return clti_exchange_refuse(
        exchange, CLTI_REFUSAL_GRANT,
        CLTI_STR("This grant_type is not supported. Send grant_type=client_credentials, authorization_code, "
                 "refresh_token or a device code's."));
}

/* ---- answer ------------------------------------------------------------------------------------------ */

/* v1 writes its numbers as strings. */
static json_t *build_v1(const clti_exchange *exchange, clt_str token) {
    const int64_t now = exchange->grant.now;
    const clt_str lifetime = clti_arena_format(exchange->arena, "%d", CLTI_TOKEN_LIFETIME);
    const clt_str expiry = clti_arena_format(exchange->arena, "%lld", (long long)(now + CLTI_TOKEN_LIFETIME));
    const clt_str start = clti_arena_format(exchange->arena, "%lld", (long long)now);
    if (!lifetime.data || !expiry.data || !start.data)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s%, s:s%}", "token_type", "Bearer", "expires_in",
                     lifetime.data, "ext_expires_in", lifetime.data, "expires_on", expiry.data, "not_before",
                     start.data, "resource", exchange->grant.audience.data, exchange->grant.audience.size,
                     "access_token", token.data, token.size);
}

static json_t *build_v2(const clti_exchange *exchange, clt_str token) {
    return json_pack("{s:s, s:s%, s:i, s:i, s:s%}", "token_type", "Bearer", "scope",
                     exchange->scope.resource.data, exchange->scope.resource.size, "expires_in",
                     CLTI_TOKEN_LIFETIME, "ext_expires_in", CLTI_TOKEN_LIFETIME, "access_token", token.data,
                     token.size);
}

static bool set_text(json_t *document, const char *name, clt_str text) {
    return json_object_set_new(document, name, json_stringn(text.data, text.size)) == 0;
}

/* `client_info` of MSAL: whom the answer is about. */
static bool add_client_info(const clti_exchange *exchange, json_t *document) {
    clti_buf encoded;
    const clt_str info = clti_arena_format(exchange->arena, "{\"uid\":\"%s\",\"utid\":\"%s\"}",
                                           clti_guid_to_text(exchange->grant.user->id).text,
                                           clti_guid_to_text(exchange->grant.partner).text);
    if (!info.data)
        return false;
    clti_buf_init(&encoded, 1024);
    clti_base64url_encode((const uint8_t *)info.data, info.size, &encoded);
    const bool ok = clti_buf_ok(&encoded) && set_text(document, "client_info", clti_buf_str(&encoded));
    clti_buf_done(&encoded);
    return ok;
}

static bool add_user_members(clti_exchange *exchange, json_t *document) {
    clt_str id_token;
    const bool wants_info =
        clti_str_equal(clti_exchange_get(exchange, CLTI_PARAMETER_CLIENT_INFO), CLTI_STR("1"));
    if (exchange->request->version == CLTI_AUTHORITY_V1 &&
        !set_text(document, "scope", CLTI_STR("user_impersonation")))
        return clti_fault_no_memory(exchange->fault);
    if (exchange->scope.has_openid) {
        if (!clti_id_token_issue(exchange->identity, &exchange->grant, exchange->arena, &id_token,
                                 exchange->fault))
            return false;
        if (!set_text(document, "id_token", id_token))
            return clti_fault_no_memory(exchange->fault);
    }
    return ((!wants_info || add_client_info(exchange, document)) &&
            (!exchange->refresh_token.data ||
             set_text(document, "refresh_token", exchange->refresh_token))) ||
           clti_fault_no_memory(exchange->fault);
}

static bool answer_token(clti_exchange *exchange, clti_authority_answer *out) {
    clt_str token;
    if (!clti_token_issue(exchange->identity, &exchange->grant, exchange->arena, &token, exchange->fault))
        return false;
    json_t *document =
        exchange->grant.version == CLTI_AUTHORITY_V2 ? build_v2(exchange, token) : build_v1(exchange, token);
    if (document && exchange->grant.user && !add_user_members(exchange, document)) {
        json_decref(document);
        return false;
    }
    return clti_answer_take_document(document, exchange->arena, out, exchange->fault);
}

bool clti_authority_token(clti_identity *identity, const clti_token_request *request, clti_arena *arena,
                          clti_authority_answer *out, clti_fault *fault) {
    clti_exchange exchange = {.identity = identity,
                              .request = request,
                              .arena = arena,
                              .fault = fault,
                              .grant = {.version = request->version, .now = request->now}};
    const bool granted = clti_exchange_admit(&exchange, &identity->addresses, request->address) &&
                         read_form(&exchange) && redeem(&exchange);
    clti_form_wipe(&exchange.form);
    clti_arena_wipe(exchange.basic_pair);
    const bool ok = granted
                        ? answer_token(&exchange, out)
                        : exchange.refused && clti_answer_refusal(&exchange.refusal, request->correlation_id,
                                                                  request->now, arena, out, fault);
    clti_arena_wipe(exchange.refresh_token);
    if (ok && !granted)
        out->retry_after = exchange.retry_after;
    return ok;
}
