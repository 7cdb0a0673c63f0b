#include "identity/identity_private.h"

/* Random bytes of `uti`, a token's own id. */
#define TOKEN_ID_SIZE 16

static clt_str make_token_id(clti_buf *buf) {
    uint8_t bytes[TOKEN_ID_SIZE];
    clti_random_bytes(bytes, sizeof bytes);
    clti_base64url_encode(bytes, sizeof bytes, buf);
    return clti_buf_str(buf);
}

/* No scp, upn or oid: these say that a user is there (api.md 7.4). `sub` is the application as this partner
 * has it, as the original's service principal is: the same application at another partner has another. */
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
    return json_pack("{s:s%, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s%, s:s}", "aud",
                     grant->audience.data, grant->audience.size, "iss", issuer.data, "iat",
                     (json_int_t)grant->now, "nbf", (json_int_t)grant->now, "exp",
                     (json_int_t)(grant->now + CLTI_TOKEN_LIFETIME), is_v2 ? "azp" : "appid",
                     application.text, is_v2 ? "azpacr" : "appidacr", "1", "idp", provider.data, "sub",
                     subject.text, "tid", tenant.text, "uti", token_id.data, token_id.size, "ver",
                     is_v2 ? "2.0" : "1.0");
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
