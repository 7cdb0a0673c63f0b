#include "identity/identity_private.h"

/* Random bytes of `uti`, a token's own id. */
#define TOKEN_ID_SIZE 16

static clt_str make_token_id(clti_buf *buf) {
    uint8_t bytes[TOKEN_ID_SIZE];
    clti_random_bytes(bytes, sizeof bytes);
    clti_base64url_encode(bytes, sizeof bytes, buf);
    return clti_buf_str(buf);
}

/* Who the user is, the same in access and id tokens. `sub` is the user as this application knows them. */
static bool add_user_claims(const clti_token_grant *grant, json_t *claims) {
    const clti_user *user = grant->user;
    const clti_guid_text application = clti_guid_to_text(grant->application);
    const clti_guid_text subject =
        clti_guid_to_text(clti_guid_from_name(user->id, clti_str(application.text)));
    const bool is_v2 = grant->version == CLTI_AUTHORITY_V2;
    const clt_str shown = clti_str_is_empty(user->display_name) ? user->name : user->display_name;
    json_t *roles = json_array();
    for (size_t i = 0; i < CLTI_ROLE_COUNT; i++)
        if (user->roles & 1U << i && json_array_append_new(roles, json_string(clti_role_name(i))) != 0) {
            json_decref(roles);
            return false;
        }
    json_auto_t *more =
        json_pack("{s:s, s:s, s:s%, s:s%, s:s%, s:o, s:[s], s:I}", "oid", clti_guid_to_text(user->id).text,
                  "sub", subject.text, is_v2 ? "preferred_username" : "upn", user->name.data, user->name.size,
                  "unique_name", user->name.data, user->name.size, "name", shown.data, shown.size, "roles",
                  roles, "amr", "pwd", "auth_time", (json_int_t)grant->signed_in);
    if (!more)
        return false;
    if (grant->has_mfa && json_array_append_new(json_object_get(more, "amr"), json_string("mfa")) != 0)
        return false;
    return json_object_update(claims, more) == 0;
}

/* App only: no scp, upn or oid: these say that a user is there (api.md 7.4). `sub` is the application as this
 * partner has it, as the original's service principal is: the same application at another partner has
 * another. */
static json_t *build_claims(const clti_identity *identity, const clti_token_grant *grant, clt_str token_id,
                            clti_arena *arena) {
    const clti_guid_text tenant = clti_guid_to_text(grant->partner);
    const clti_guid_text application = clti_guid_to_text(grant->application);
    const clti_guid_text subject =
        clti_guid_to_text(clti_guid_from_name(grant->partner, clti_str(application.text)));
    const clt_str issuer = clti_identity_issuer(identity, grant->version, tenant.text, arena);
    const clt_str provider = clti_identity_issuer(identity, CLTI_AUTHORITY_V1, tenant.text, arena);
    if (!issuer.data || !provider.data)
        return NULL;
    const bool is_v2 = grant->version == CLTI_AUTHORITY_V2;
    const bool is_app_only = grant->user == NULL;
    json_t *claims = json_pack("{s:s%, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s%, s:s}", "aud",
                               grant->audience.data, grant->audience.size, "iss", issuer.data, "iat",
                               (json_int_t)grant->now, "nbf", (json_int_t)grant->now, "exp",
                               (json_int_t)(grant->now + CLTI_TOKEN_LIFETIME), is_v2 ? "azp" : "appid",
                               application.text, is_v2 ? "azpacr" : "appidacr", grant->is_public ? "0" : "1",
                               "idp", provider.data, "sub", subject.text, "tid", tenant.text, "uti",
                               token_id.data, token_id.size, "ver", is_v2 ? "2.0" : "1.0");
    if (claims && !is_app_only &&
        (json_object_set_new(claims, "scp", json_string("user_impersonation")) != 0 ||
         !add_user_claims(grant, claims))) {
        json_decref(claims);
        return NULL;
    }
    return claims;
}

static bool sign(clti_identity *identity, const json_t *claims, int64_t now, clti_arena *arena, clt_str *out,
                 clti_fault *fault) {
    uint64_t generation;
    clti_key_set *keys;
    if (!clti_store_generation(identity->store, &generation, fault) ||
        !clti_keys_get(identity, generation, &keys, fault))
        return false;
    const clti_key *key = clti_keys_signing(keys, now);
    const bool ok =
        key ? clti_jws_sign(key, claims, arena, out, fault)
            : clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "The store holds no signing key.");
    clti_keys_release(identity, keys);
    return ok;
}

bool clti_token_issue(clti_identity *identity, const clti_token_grant *grant, clti_arena *arena, clt_str *out,
                      clti_fault *fault) {
    CLTI_CLEANUP(clti_buf_done) clti_buf buf;
    clti_buf_init(&buf, 2 * TOKEN_ID_SIZE);
    const clt_str token_id = make_token_id(&buf);
    json_auto_t *claims = clti_buf_ok(&buf) ? build_claims(identity, grant, token_id, arena) : NULL;
    if (!claims)
        return clti_fault_no_memory(fault);
    return sign(identity, claims, grant->now, arena, out, fault);
}

/* ---- id tokens --------------------------------------------------------------------------------------- */

/* OpenID Connect Core 3.3.2.11: the first half of the code's hash. */
static bool add_code_hash(clt_str code, json_t *claims) {
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_buf text;
    clti_buf_init(&text, 2 * sizeof digest);
    clti_sha256(code, digest);
    clti_base64url_encode(digest, sizeof digest / 2, &text);
    const bool ok =
        clti_buf_ok(&text) && json_object_set_new(claims, "c_hash", json_stringn(text.data, text.size)) == 0;
    clti_buf_done(&text);
    return ok;
}

static json_t *build_id_claims(const clti_identity *identity, const clti_token_grant *grant,
                               clti_arena *arena) {
    const clti_guid_text tenant = clti_guid_to_text(grant->partner);
    const clt_str issuer = clti_identity_issuer(identity, grant->version, tenant.text, arena);
    if (!issuer.data)
        return NULL;
    json_t *claims = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s}", "aud", clti_guid_to_text(grant->application).text, "iss",
        issuer.data, "iat", (json_int_t)grant->now, "nbf", (json_int_t)grant->now, "exp",
        (json_int_t)(grant->now + CLTI_TOKEN_LIFETIME), "tid", tenant.text, "sid",
        clti_guid_to_text(grant->session).text, "ver", grant->version == CLTI_AUTHORITY_V2 ? "2.0" : "1.0");
    const clt_str nonce = grant->nonce;
    if (claims && add_user_claims(grant, claims) &&
        (clti_str_is_empty(nonce) ||
         json_object_set_new(claims, "nonce", json_stringn(nonce.data, nonce.size)) == 0) &&
        (clti_str_is_empty(grant->code) || add_code_hash(grant->code, claims)))
        return claims;
    json_decref(claims);
    return NULL;
}

bool clti_id_token_issue(clti_identity *identity, const clti_token_grant *grant, clti_arena *arena,
                         clt_str *out, clti_fault *fault) {
    json_auto_t *claims = build_id_claims(identity, grant, arena);
    if (!claims)
        return clti_fault_no_memory(fault);
    return sign(identity, claims, grant->now, arena, out, fault);
}
