#include "identity/identity_private.h"

/* The form's parameters that mean something here; others are ignored (RFC 6749 3.2). */
typedef enum form_parameter {
    GRANT_TYPE,
    CLIENT_ID,
    CLIENT_SECRET,
    RESOURCE,
    SCOPE,
    PARAMETER_COUNT
} form_parameter;

static const char *const PARAMETER_NAMES[] = {"grant_type", "client_id", "client_secret", "resource",
                                              "scope"};
_Static_assert(CLTI_COUNT(PARAMETER_NAMES) == PARAMETER_COUNT, "a name for each parameter");

/* One token request on its way. A step returns false if it refused (then `refusal` is set) or failed (then
 * `fault` is). */
typedef struct token_exchange {
    clti_identity *identity;
    const clti_token_request *request;
    clti_arena *arena;
    clti_fault *fault;
    clt_str parameters[PARAMETER_COUNT]; /* decoded; absent or empty if not given */
    clt_str basic_pair;                  /* decoded HTTP Basic: `id:secret`, each still form-encoded */
    clti_token_grant grant;
    clt_str scope; /* as granted, v2 */
    bool refused;
    clti_refusal refusal;
    unsigned retry_after; /* with TOO_MANY */
} token_exchange;

static bool refuse(token_exchange *exchange, clti_refusal_kind kind, clt_str text) {
    if (!text.data)
        return clti_fault_no_memory(exchange->fault);
    exchange->refused = true;
    exchange->refusal = (clti_refusal){kind, text};
    return false;
}

/* The arena frees without wiping. What it gave us is ours to write, whatever the view says. */
static void wipe(clt_str secret) {
    if (secret.data != NULL)
        clti_wipe((void *)(uintptr_t)secret.data, secret.size);
}

/* ---- how many ---------------------------------------------------------------------------------------- */

/* Before any work for addresses; for clients after the secret was found right, so that nobody can use up what
 * is another's, and before the signature, which costs most. */
static bool admit(token_exchange *exchange, const clti_token_limit *limit, clt_guid who) {
    if (limit->per_minute == 0 || clti_guid_is_absent(who))
        return true;
    const unsigned seconds = clti_rate_limit_take(limit->buckets, who, limit->per_minute, clti_steady_us());
    exchange->retry_after = seconds;
    return seconds == 0 ||
           refuse(
               exchange, CLTI_REFUSAL_TOO_MANY,
               clti_arena_format(exchange->arena,
                                 "Too many tokens were asked for. Try again in %u seconds, and use a token "
                                 "until it expires.",
                                 seconds));
}

/* ---- form -------------------------------------------------------------------------------------------- */

static bool take_pair(token_exchange *exchange, const clti_url_pair *pair, bool seen[PARAMETER_COUNT]) {
    clt_str name;
    clt_str value = {0};
    if (!clti_url_decode(exchange->arena, pair->name, CLTI_URL_QUERY, &name) ||
        (pair->value.data != NULL &&
         !clti_url_decode(exchange->arena, pair->value, CLTI_URL_QUERY, &value))) {
        return refuse(
            exchange, CLTI_REFUSAL_MALFORMED,
            CLTI_STR("The body could not be read. Send it as application/x-www-form-urlencoded, with "
                     "'%' only before two hexadecimal digits."));
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (clti_str_equal(name, clti_str(PARAMETER_NAMES[i]))) {
            if (seen[i]) {
                wipe(value);
                return refuse(exchange, CLTI_REFUSAL_DUPLICATE,
                              clti_arena_format(exchange->arena,
                                                "The parameter '%s' is given more than once. Send it once.",
                                                PARAMETER_NAMES[i]));
            }
            seen[i] = true;
            exchange->parameters[i] = value;
        }
    }
    return true;
}

static bool read_form(token_exchange *exchange) {
    bool seen[PARAMETER_COUNT] = {false};
    clt_str rest = exchange->request->form;
    clti_url_pair pair;
    while (clti_url_next_pair(&rest, &pair))
        if (!take_pair(exchange, &pair, seen))
            return false;
    return true;
}

static bool refuse_missing(token_exchange *exchange, clti_refusal_kind kind, form_parameter parameter,
                           const char *way_out) {
    return refuse(exchange, kind,
                  clti_arena_format(exchange->arena, "The parameter '%s' is missing from the form. %s",
                                    PARAMETER_NAMES[parameter], way_out));
}

static bool check_grant_type(token_exchange *exchange) {
    const clt_str grant = exchange->parameters[GRANT_TYPE];
    if (clti_str_is_empty(grant)) {
        return refuse_missing(exchange, CLTI_REFUSAL_MISSING, GRANT_TYPE,
                              "Send grant_type=client_credentials.");
    }
    if (!clti_str_equal(grant, CLTI_STR("client_credentials"))) {
        return refuse(exchange, CLTI_REFUSAL_GRANT,
                      CLTI_STR("This grant_type is not supported. Send grant_type=client_credentials."));
    }
    return true;
}

static bool find_tenant(token_exchange *exchange) {
    clti_tenant_kind kind;
    if (!clti_tenant_resolve(exchange->identity, exchange->request->tenant, exchange->arena, &kind,
                             &exchange->grant.partner, exchange->fault))
        return false;
    if (kind == CLTI_TENANT_UNKNOWN) {
        return refuse(
            exchange, CLTI_REFUSAL_TENANT_UNKNOWN,
            CLTI_STR("The tenant in the path is unknown. Use the partner's tenant id or its domain."));
    }
    if (kind == CLTI_TENANT_ANY) {
        return refuse(
            exchange, CLTI_REFUSAL_TENANT_NEEDED,
            CLTI_STR("With grant_type=client_credentials the path has to name the tenant: put the "
                     "partner's tenant id or its domain in the place of 'common' or 'organizations'."));
    }
    return true;
}

/* ---- client ------------------------------------------------------------------------------------------ */

static bool refuse_client(token_exchange *exchange) {
    return refuse(
        exchange, CLTI_REFUSAL_CLIENT,
        CLTI_STR("The client could not be authenticated. Check client_id, client_secret and that the "
                 "application is registered in the tenant that the path names."));
}

/* Client id and secret of HTTP Basic (RFC 6749 2.3.1), which take the place of the form's. */
static bool read_basic(token_exchange *exchange, clt_str encoded) {
    if (!clti_str_is_empty(exchange->parameters[CLIENT_SECRET])) {
        return refuse(exchange, CLTI_REFUSAL_MALFORMED,
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
        !clti_url_decode(exchange->arena, secret, CLTI_URL_QUERY, &exchange->parameters[CLIENT_SECRET]))
        return refuse_client(exchange);
    if (!clti_str_is_empty(exchange->parameters[CLIENT_ID]) &&
        !clti_str_equal_nocase(exchange->parameters[CLIENT_ID], id)) {
        return refuse(
            exchange, CLTI_REFUSAL_MALFORMED,
            CLTI_STR("The parameter 'client_id' differs from the one in the Authorization header. Send "
                     "one of the two."));
    }
    exchange->parameters[CLIENT_ID] = id;
    return true;
}

static bool read_client(token_exchange *exchange) {
    clt_str rest;
    const clt_str scheme = clti_str_cut(clti_str_trim(exchange->request->authorization), ' ', &rest);
    if (clti_str_equal_nocase(scheme, CLTI_STR("Basic")) && !read_basic(exchange, clti_str_trim(rest)))
        return false;
    if (clti_str_is_empty(exchange->parameters[CLIENT_ID]))
        return refuse_missing(exchange, CLTI_REFUSAL_MISSING, CLIENT_ID, "Send the application's id.");
    if (clti_str_is_empty(exchange->parameters[CLIENT_SECRET])) {
        return refuse_missing(exchange, CLTI_REFUSAL_NO_SECRET, CLIENT_SECRET,
                              "Send the application's secret, there or with HTTP Basic; assertions are not "
                              "supported.");
    }
    return true;
}

/* An unknown client costs the same lookup, hash and comparison as a wrong secret, and is answered alike. */
static bool authenticate(token_exchange *exchange) {
    clt_guid id;
    if (!clti_guid_parse(exchange->parameters[CLIENT_ID], &id))
        id = (clt_guid){0};
    clti_application application = {0};
    bool found;
    if (!clti_store_application_find(exchange->identity->store, exchange->grant.partner, id, exchange->arena,
                                     &application, &found, exchange->fault))
        return false;
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_sha256(exchange->parameters[CLIENT_SECRET], digest);
    /* Both, always: which of the two it was does not show either. All zero is no hash of anything. */
    const bool same = clti_equal_constant_time(digest, application.secret_sha256, sizeof digest) |
                      clti_equal_constant_time(digest, application.second_sha256, sizeof digest);
    clti_wipe(digest, sizeof digest);
    if (!same || !found)
        return refuse_client(exchange);
    exchange->grant.application = id;
    return true;
}

/* ---- what for ---------------------------------------------------------------------------------------- */

#define AUDIENCE_HELP "https://api.partnercenter.microsoft.com"

static bool find_resource(token_exchange *exchange) {
    const clt_str resource = exchange->parameters[RESOURCE];
    if (clti_str_is_empty(resource))
        return refuse_missing(exchange, CLTI_REFUSAL_RESOURCE, RESOURCE, "Send resource=" AUDIENCE_HELP ".");
    if (!clti_identity_serves_audience(exchange->identity, resource)) {
        return refuse(exchange, CLTI_REFUSAL_RESOURCE,
                      CLTI_STR("No tokens are issued for this resource. Send resource=" AUDIENCE_HELP "."));
    }
    exchange->grant.audience = resource;
    return true;
}

/* MSAL for Java adds these to every scope; they ask for things that an application has not. */
static bool is_sign_in_scope(clt_str scope) {
    return clti_str_equal(scope, CLTI_STR("openid")) || clti_str_equal(scope, CLTI_STR("profile")) ||
           clti_str_equal(scope, CLTI_STR("offline_access"));
}

/* The audience of `X/.default` is X, so a slash at the end of X is doubled in the scope. */
static bool find_scope(token_exchange *exchange) {
    const clt_str suffix = CLTI_STR("/.default");
    clt_str rest = exchange->parameters[SCOPE];
    if (clti_str_is_empty(rest))
        return refuse_missing(exchange, CLTI_REFUSAL_SCOPE, SCOPE, "Send scope=" AUDIENCE_HELP "/.default.");
    size_t count = 0;
    while (rest.data != NULL) {
        const clt_str scope = clti_str_cut(rest, ' ', &rest);
        if (scope.size > 0 && !is_sign_in_scope(scope)) {
            exchange->scope = scope;
            count++;
        }
    }
    const clt_str scope = exchange->scope;
    const bool is_default = count == 1 && scope.size > suffix.size &&
                            clti_str_equal(clti_str_from(scope, scope.size - suffix.size), suffix);
    if (is_default)
        exchange->grant.audience = (clt_str){scope.data, scope.size - suffix.size};
    if (!is_default || !clti_identity_serves_audience(exchange->identity, exchange->grant.audience)) {
        return refuse(
            exchange, CLTI_REFUSAL_SCOPE,
            CLTI_STR("No tokens are issued for this scope. Send scope=" AUDIENCE_HELP "/.default."));
    }
    return true;
}

static bool find_audience(token_exchange *exchange) {
    return exchange->request->version == CLTI_AUTHORITY_V2 ? find_scope(exchange) : find_resource(exchange);
}

/* ---- answer ------------------------------------------------------------------------------------------ */

/* v1 writes its numbers as strings. */
static json_t *build_v1(const token_exchange *exchange, clt_str token) {
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

/* No client_info, even if asked for: it describes a user. */
static json_t *build_v2(const token_exchange *exchange, clt_str token) {
    return json_pack("{s:s, s:s%, s:i, s:i, s:s%}", "token_type", "Bearer", "scope", exchange->scope.data,
                     exchange->scope.size, "expires_in", CLTI_TOKEN_LIFETIME, "ext_expires_in",
                     CLTI_TOKEN_LIFETIME, "access_token", token.data, token.size);
}

static bool answer_token(token_exchange *exchange, clti_authority_answer *out) {
    clt_str token;
    if (!clti_token_issue(exchange->identity, &exchange->grant, exchange->arena, &token, exchange->fault))
        return false;
    json_t *document =
        exchange->grant.version == CLTI_AUTHORITY_V2 ? build_v2(exchange, token) : build_v1(exchange, token);
    return clti_answer_take_document(document, exchange->arena, out, exchange->fault);
}

bool clti_authority_token(clti_identity *identity, const clti_token_request *request, clti_arena *arena,
                          clti_authority_answer *out, clti_fault *fault) {
    token_exchange exchange = {.identity = identity,
                               .request = request,
                               .arena = arena,
                               .fault = fault,
                               .grant = {.version = request->version, .now = request->now}};
    const bool granted = admit(&exchange, &identity->addresses, request->address) && read_form(&exchange) &&
                         check_grant_type(&exchange) && find_tenant(&exchange) && read_client(&exchange) &&
                         authenticate(&exchange) && find_audience(&exchange) &&
                         admit(&exchange, &identity->clients, exchange.grant.application);
    wipe(exchange.parameters[CLIENT_SECRET]);
    wipe(exchange.basic_pair);
    if (granted)
        return answer_token(&exchange, out);
    if (!exchange.refused ||
        !clti_answer_refusal(&exchange.refusal, request->correlation_id, request->now, arena, out, fault))
        return false;
    out->retry_after = exchange.retry_after;
    return true;
}
