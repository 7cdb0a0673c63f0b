#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>

/* Largest sensible time in a claim: the end of the year 9999. Keeps sums with the skew from overflowing. */
#define TIME_MAX INT64_C(253402300799)

static bool deny(clti_fault *fault, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_ACCESS_DENIED, NULL, "Access denied: %s.", why);
}

/* ---- the header of the request ----------------------------------------------------------------------- */

static bool read_bearer(clt_str authorization, clt_str *out, clti_fault *fault) {
    clt_str rest;
    const clt_str scheme = clti_str_cut(clti_str_trim(authorization), ' ', &rest);
    const clt_str token = clti_str_trim(rest);
    if (!clti_str_equal_nocase(scheme, CLTI_STR("Bearer")) || clti_str_is_empty(token))
        return clti_fault_set(fault, CLTI_FAULT_TOKEN_MISSING, NULL, NULL);
    if (token.size > CLTI_TOKEN_MAX)
        return deny(fault, "the token is too long");
    *out = token;
    return true;
}

/* ---- the token's header and signature ---------------------------------------------------------------- */

/* NULL if it is not canonical base64url of a JSON object without duplicates. jansson bounds the depth. */
static json_t *decode_object(clt_str part, clti_arena *arena, clti_fault *fault, const char *why) {
    uint8_t *bytes = clti_arena_alloc(arena, part.size + 1);
    if (!bytes) {
        (void)clti_fault_no_memory(fault);
        return NULL;
    }
    size_t size;
    json_t *object = NULL;
    if (clti_base64url_decode(part, bytes, &size))
        object = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        object = NULL;
        (void)deny(fault, why);
    }
    return object;
}

static bool split(clt_str token, clti_arena *arena, clti_jws *out, clti_fault *fault) {
    clt_str rest;
    out->header = clti_str_cut(token, '.', &rest);
    out->payload = clti_str_cut(rest, '.', &out->signature);
    uint8_t *bytes = clti_arena_alloc(arena, token.size);
    if (!bytes)
        return clti_fault_no_memory(fault);
    /* A fourth part shows as a dot in the signature, which is no base64url. libjose decodes the parts again,
     * and less strictly: so the signature is looked at here, too. */
    size_t size;
    if (clti_str_is_empty(out->header) || clti_str_is_empty(out->payload) ||
        clti_str_is_empty(out->signature) || !clti_base64url_decode(out->signature, bytes, &size))
        return deny(fault, "the token is not a signed JWT of three parts");
    return true;
}

static clt_str text_member(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return (clt_str){json_string_value(value), json_string_length(value)};
}

/* libjose neither pins `alg` nor minds `crit` (design.md 6), so the header is judged here: what would let the
 * sender choose keys or meaning. */
static bool refuse_members(const json_t *header, clti_fault *fault) {
    static const char *const FORBIDDEN[] = {"crit", "b64", "jku", "jwk", "x5u", "x5c"};
    for (size_t i = 0; i < CLTI_COUNT(FORBIDDEN); i++) {
        if (json_object_get(header, FORBIDDEN[i]) != NULL) {
            (void)clti_fault_set(
                fault, CLTI_FAULT_ACCESS_DENIED, NULL,
                "Access denied: the token's header has the member '%s', which is not accepted.",
                FORBIDDEN[i]);
            return false;
        }
    }
    return true;
}

static const clti_key *judge_header(const json_t *header, const clti_key_set *keys, int64_t now,
                                    clti_fault *fault) {
    if (!refuse_members(header, fault))
        return NULL;
    if (!clti_str_equal(text_member(header, "alg"), CLTI_STR(CLTI_KEY_ALGORITHM))) {
        (void)deny(fault, "the token is not signed with " CLTI_KEY_ALGORITHM);
        return NULL;
    }
    const clti_key *key = clti_keys_find(keys, text_member(header, "kid"), now);
    if (!key)
        (void)deny(fault, "the token was signed by an unknown key");
    return key;
}

static bool check_signature(clti_identity *identity, uint64_t generation, const clti_jws *jws, int64_t now,
                            clti_arena *arena, clti_fault *fault) {
    json_auto_t *header = decode_object(jws->header, arena, fault, "the token's header is not valid");
    clti_key_set *keys;
    if (!header || !clti_keys_get(identity, generation, &keys, fault))
        return false;
    const clti_key *key = judge_header(header, keys, now, fault);
    bool ok = key != NULL;
    if (ok && !clti_jws_check(key, jws))
        ok = deny(fault, "the token's signature is not valid");
    clti_keys_release(identity, keys);
    return ok;
}

/* What we did not sign, another issuer may have. */
static const clti_issuer_options *find_issuer(clti_identity *identity, const clti_jws *jws,
                                              clti_arena *arena) {
    clti_fault ignored;
    json_auto_t *header = decode_object(jws->header, arena, &ignored, "");
    return header && refuse_members(header, &ignored) ? clti_issuers_find(identity->issuers, header, jws)
                                                      : NULL;
}

/* ---- the claims -------------------------------------------------------------------------------------- */

/* Absent is fine unless the claim is required; *out keeps its value then. */
static bool read_time(const json_t *claims, const char *name, bool required, int64_t *out,
                      clti_fault *fault) {
    const json_t *value = json_object_get(claims, name);
    if (!value && !required)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > TIME_MAX) {
        return clti_fault_set(fault, CLTI_FAULT_ACCESS_DENIED, NULL,
                              "Access denied: the token's claim '%s' is missing or not a time.", name);
    }
    *out = (int64_t)json_integer_value(value);
    return true;
}

static bool is_expired(int64_t not_after, int64_t now) {
    return now >= not_after + CLTI_CLOCK_SKEW;
}

bool clti_claims_check_times(const json_t *claims, int64_t now, clti_caller *out, clti_fault *fault) {
    int64_t not_before = 0;
    int64_t issued = 0;
    if (!read_time(claims, "exp", true, &out->not_after, fault) ||
        !read_time(claims, "nbf", false, &not_before, fault) ||
        !read_time(claims, "iat", false, &issued, fault))
        return false;
    if (is_expired(out->not_after, now))
        return deny(fault, "the token has expired");
    if (not_before > now + CLTI_CLOCK_SKEW || issued > now + CLTI_CLOCK_SKEW)
        return deny(fault, "the token is not valid yet");
    return true;
}

/* The issuer's form tells the version, and with it the name of the claim that holds the application. */
static bool check_issuer(const clti_identity *identity, const json_t *claims, clti_arena *arena,
                         clti_caller *out, clti_fault *fault) {
    if (!clti_guid_parse(text_member(claims, "tid"), &out->partner))
        return deny(fault, "the token names no partner tenant");
    const clti_guid_text tenant = clti_guid_to_text(out->partner);
    const clt_str v1 = clti_identity_issuer(identity, CLTI_AUTHORITY_V1, tenant.text, arena);
    const clt_str v2 = clti_identity_issuer(identity, CLTI_AUTHORITY_V2, tenant.text, arena);
    if (!v1.data || !v2.data)
        return clti_fault_no_memory(fault);
    const clt_str issuer = text_member(claims, "iss");
    const bool is_v2 = clti_str_equal(issuer, v2);
    if (!is_v2 && !clti_str_equal(issuer, v1))
        return deny(fault, "the token was issued by another authority");
    if (!clti_guid_parse(text_member(claims, is_v2 ? "azp" : "appid"), &out->application))
        return deny(fault, "the token names no application");
    return true;
}

/* `mfa` among the ways in which the user proved who they are. */
bool clti_claims_have_mfa(const json_t *claims) {
    const json_t *ways = json_object_get(claims, "amr");
    for (size_t i = 0; i < json_array_size(ways); i++) {
        const json_t *way = json_array_get(ways, i);
        if (json_is_string(way) && strcmp(json_string_value(way), "mfa") == 0)
            return true;
    }
    return false;
}

/* A user who is gone, disabled or reset since, or who is another one of the same name, is refused. What they
 * may do is what the store says now. */
static bool check_user(clti_identity *identity, const json_t *claims, clti_arena *arena, clti_caller *out,
                       clti_fault *fault) {
    clt_str name = text_member(claims, "upn");
    clti_user user;
    bool found;
    if (!name.data)
        name = text_member(claims, "preferred_username");
    out->has_user = name.size > 0 || text_member(claims, "scp").size > 0;
    if (!out->has_user)
        return true;
    if (!clti_store_user_find(identity->store, out->partner, name, arena, &user, &found, fault))
        return false;
    clt_guid id;
    const json_int_t issued = json_integer_value(json_object_get(claims, "iat"));
    if (!found || user.is_disabled || !clti_guid_parse(text_member(claims, "oid"), &id) ||
        !clti_guid_equal(id, user.id) || issued < user.valid_from)
        return deny(fault, "the token's user may not sign in, or has to sign in anew");
    out->user = user.id;
    out->roles = user.roles;
    out->has_mfa = clti_claims_have_mfa(claims);
    clti_assert(name.size <= CLTI_USER_NAME_MAX);
    memcpy(out->user_name, name.data, name.size);
    return true;
}

/* Looked up at each verification, so that what was removed loses access with the next generation. */
bool clti_caller_check_existence(clti_identity *identity, clti_caller *caller, clti_arena *arena,
                                 clti_fault *fault) {
    clti_partner partner;
    clti_application application;
    bool found;
    if (!clti_store_partner_find(identity->store, caller->partner, arena, &partner, &found, fault))
        return false;
    if (found && !clti_store_application_find(identity->store, caller->partner, caller->application, arena,
                                              &application, &found, fault))
        return false;
    if (!found)
        return deny(fault, "the token's application is not registered with the partner");
    caller->is_sandbox = partner.is_sandbox;
    caller->calls_per_minute = partner.calls_per_minute;
    return true;
}

static bool check_claims(clti_identity *identity, const json_t *claims, clti_arena *arena, int64_t now,
                         clti_caller *out, clti_fault *fault) {
    *out = (clti_caller){0};
    if (!clti_claims_check_times(claims, now, out, fault) ||
        !check_issuer(identity, claims, arena, out, fault))
        return false;
    if (!clti_identity_serves_audience(identity, text_member(claims, "aud")))
        return clti_fault_set(fault, CLTI_FAULT_WRONG_AUDIENCE, NULL, NULL);
    return clti_caller_check_existence(identity, out, arena, fault) &&
           check_user(identity, claims, arena, out, fault);
}

static bool verify(clti_identity *identity, clt_str token, uint64_t generation, int64_t now, clti_caller *out,
                   clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    const clti_issuer_options *issuer = NULL;
    clti_jws jws;
    if (!split(token, &arena, &jws, fault))
        return false;
    if (!check_signature(identity, generation, &jws, now, &arena, fault)) {
        issuer = fault->code == CLTI_FAULT_ACCESS_DENIED ? find_issuer(identity, &jws, &arena) : NULL;
        if (!issuer)
            return false;
    }
    /* Nothing of the claims is read before this line. */
    json_auto_t *claims = decode_object(jws.payload, &arena, fault, "the token's claims are not valid");
    if (!claims)
        return false;
    return issuer ? clti_external_claims_check(identity, issuer, claims, now, &arena, out, fault)
                  : check_claims(identity, claims, &arena, now, out, fault);
}

/* The signature must hold and the issuer be us; its time does not matter to one who signs out. */
bool clti_id_token_read(clti_identity *identity, clt_str token, int64_t now, clti_arena *arena,
                        clti_id_token *out, bool *out_is_ours, clti_fault *fault) {
    uint64_t generation;
    clti_jws jws;
    clti_caller caller = {0};
    *out_is_ours = false;
    if (clti_str_is_empty(token) || token.size > CLTI_TOKEN_MAX)
        return true;
    if (!clti_store_generation(identity->store, &generation, fault))
        return false;
    if (!split(token, arena, &jws, fault) || !check_signature(identity, generation, &jws, now, arena, fault))
        return fault->code == CLTI_FAULT_ACCESS_DENIED;
    json_auto_t *claims = decode_object(jws.payload, arena, fault, "the token's claims are not valid");
    if (!claims)
        return fault->code == CLTI_FAULT_ACCESS_DENIED;
    *out_is_ours = clti_guid_parse(text_member(claims, "tid"), &caller.partner) &&
                   clti_guid_parse(text_member(claims, "aud"), &out->application) &&
                   clti_guid_parse(text_member(claims, "sid"), &out->session);
    out->partner = caller.partner;
    return true;
}

/* ---- what was verified before ------------------------------------------------------------------------ */

static bool recall(const clti_remembered_token *remembered, clt_str token, uint64_t generation) {
    return remembered != NULL && remembered->token != NULL && remembered->generation == generation &&
           remembered->size == token.size &&
           clti_equal_constant_time(remembered->token, token.data, token.size);
}

/* Without memory it is not remembered: the shared cache answers as well. */
static void remember(clti_remembered_token *remembered, clt_str token, uint64_t generation,
                     const clti_caller *caller) {
    if (!remembered || token.size == 0)
        return;
    clti_remembered_token_done(remembered);
    char *copy = malloc(token.size);
    if (copy != NULL) {
        memcpy(copy, token.data, token.size);
        *remembered = (clti_remembered_token){copy, token.size, generation, *caller};
    }
}

void clti_remembered_token_done(clti_remembered_token *remembered) {
    if (remembered->token != NULL) {
        clti_wipe(remembered->token, remembered->size);
        free(remembered->token);
    }
    *remembered = (clti_remembered_token){0};
}

static void count(atomic_ullong *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* From the nearest place that knows the token: the connection, the cache, the token itself. */
static bool look_up(clti_identity *identity, clti_remembered_token *remembered, clt_str token, int64_t now,
                    clti_caller *out, clti_fault *fault) {
    /* Read before anything that is verified under it: what changes meanwhile makes the result stale, not
     * wrong. */
    uint64_t generation;
    uint8_t digest[CLTI_SHA256_SIZE];
    if (!clti_store_generation(identity->store, &generation, fault))
        return false;
    /* Other issuers' keys change too, in another part of the number. */
    generation += clti_issuers_revision(identity->issuers) << 40;
    if (recall(remembered, token, generation)) {
        count(&identity->counted.by_connection);
        *out = remembered->caller;
        return true;
    }
    clti_sha256(token, digest);
    if (clti_token_cache_find(identity->cache, digest, generation, out)) {
        count(&identity->counted.by_cache);
    } else {
        if (!verify(identity, token, generation, now, out, fault))
            return false;
        count(&identity->counted.by_signature);
        clti_token_cache_put(identity->cache, digest, generation, out);
    }
    remember(remembered, token, generation, out);
    return true;
}

bool clti_identity_verify(clti_identity *identity, clti_remembered_token *remembered, clt_str authorization,
                          int64_t now, clti_caller *out, clti_fault *fault) {
    clt_str token = {NULL, 0};
    clti_caller caller;
    bool ok = read_bearer(authorization, &token, fault) &&
              look_up(identity, remembered, token, now, &caller, fault);
    if (ok && is_expired(caller.not_after, now))
        ok = deny(fault, "the token has expired");
    if (ok)
        *out = caller;
    else
        count(&identity->counted.refused);
    return ok;
}
