#include "identity/identity_private.h"

bool clti_tenant_resolve(clti_identity *identity, clt_str tenant, clti_arena *arena,
                         clti_tenant_kind *out_kind, clt_guid *out_partner, clti_fault *fault) {
    if (clti_str_equal_nocase(tenant, CLTI_STR("common")) ||
        clti_str_equal_nocase(tenant, CLTI_STR("organizations"))) {
        *out_kind = CLTI_TENANT_ANY;
        return true;
    }
    clti_partner partner;
    clt_guid id;
    bool found;
    const bool ok =
        clti_guid_parse(tenant, &id)
            ? clti_store_partner_find(identity->store, id, arena, &partner, &found, fault)
            : clti_store_partner_find_domain(identity->store, tenant, arena, &partner, &found, fault);
    if (!ok)
        return false;
    *out_kind = found ? CLTI_TENANT_PARTNER : CLTI_TENANT_UNKNOWN;
    if (found)
        *out_partner = partner.id;
    return true;
}

static json_t *build_discovery(const clti_identity *identity, clti_authority_version version,
                               const char *tenant, const char *issuer_tenant, clt_str address,
                               clti_arena *arena) {
    const char *part = version == CLTI_AUTHORITY_V2 ? "v2.0/" : "";
    const clt_str issuer = clti_identity_issuer(identity, version, issuer_tenant, arena);
    const clt_str endpoints = clti_arena_format(arena, "%s/%s/oauth2/%s", address.data, tenant, part);
    const clt_str keys = clti_arena_format(arena, "%s/common/discovery/%skeys", address.data, part);
    if (!issuer.data || !endpoints.data || !keys.data)
        return NULL;
    json_t *document = json_pack(
        "{s:s, s:s+, s:s+, s:s+, s:s+, s:s+, s:s, s:[ss], s:[sss], s:[s], s:[s], s:[s], s:[ssss]}", "issuer",
        issuer.data, "authorization_endpoint", endpoints.data, "authorize", "token_endpoint", endpoints.data,
        "token", "device_authorization_endpoint", endpoints.data, "devicecode", "end_session_endpoint",
        endpoints.data, "logout", "revocation_endpoint", endpoints.data, "revoke", "jwks_uri", keys.data,
        "response_types_supported", "code", "code id_token", "response_modes_supported", "query", "fragment",
        "form_post", "subject_types_supported", "pairwise", "id_token_signing_alg_values_supported",
        CLTI_KEY_ALGORITHM, "code_challenge_methods_supported", "S256", "scopes_supported", "openid",
        "profile", "email", "offline_access");
    json_t *more =
        json_pack("{s:[sss], s:[ssss], s:[ssssssssssss]}", "token_endpoint_auth_methods_supported",
                  "client_secret_post", "client_secret_basic", "none", "grant_types_supported",
                  "client_credentials", "authorization_code", "refresh_token",
                  "urn:ietf:params:oauth:grant-type:device_code", "claims_supported", "aud", "iss", "iat",
                  "nbf", "exp", "sub", "oid", "tid", "name", "preferred_username", "roles", "amr");
    if (json_object_update(document, more) != 0) {
        json_decref(document);
        document = NULL;
    }
    json_decref(more);
    return document;
}

bool clti_authority_discovery(clti_identity *identity, clti_authority_version version, clt_str tenant,
                              clt_str host, clti_arena *arena, clti_authority_answer *out,
                              clti_fault *fault) {
    clti_tenant_kind kind;
    clt_guid partner;
    if (!clti_tenant_resolve(identity, tenant, arena, &kind, &partner, fault))
        return false;
    if (kind == CLTI_TENANT_UNKNOWN) {
        const clti_refusal refusal = {
            CLTI_REFUSAL_TENANT_UNKNOWN,
            CLTI_STR("The tenant in the path is unknown. Use the partner's tenant id or its domain.")};
        return clti_answer_refusal(&refusal, clti_guid_random(), clti_now_seconds(), arena, out, fault);
    }
    const clt_str address = clti_identity_address(identity, host, arena);
    json_t *document;
    if (!address.data)
        return clti_fault_no_memory(fault);
    if (kind == CLTI_TENANT_PARTNER) {
        const clti_guid_text id = clti_guid_to_text(partner);
        document = build_discovery(identity, version, id.text, id.text, address, arena);
    } else {
        /* `organizations` shows as `common`: to this authority the two are one. */
        document = build_discovery(identity, version, "common", CLTI_TENANT_PLACEHOLDER, address, arena);
    }
    return clti_answer_take_document(document, arena, out, fault);
}

/* `host[:port]` of an address. */
static clt_str host_of(clt_str url) {
    clt_str rest;
    clti_str_cut(url, ':', &rest);
    const clt_str host = clti_str_starts_with(rest, CLTI_STR("//")) ? clti_str_from(rest, 2) : url;
    return clti_str_cut(host, '/', &rest);
}

bool clti_authority_instance(clti_identity *identity, clt_str asked_host, clti_arena *arena,
                             clti_authority_answer *out, clti_fault *fault) {
    const clt_str address = clti_identity_address(identity, asked_host, arena);
    const clt_str host = host_of(address);
    const clt_str endpoint =
        clti_arena_format(arena, "%.*s/common/v2.0/.well-known/openid-configuration", CLTI_STR_ARGS(address));
    if (!address.data || !endpoint.data)
        return clti_fault_no_memory(fault);
    json_t *document =
        json_pack("{s:s, s:s, s:[{s:s%, s:s%, s:[s%]}]}", "tenant_discovery_endpoint", endpoint.data,
                  "api-version", "1.1", "metadata", "preferred_network", host.data, host.size,
                  "preferred_cache", host.data, host.size, "aliases", host.data, host.size);
    return clti_answer_take_document(document, arena, out, fault);
}

bool clti_authority_keys(clti_identity *identity, int64_t now, clti_arena *arena, clti_authority_answer *out,
                         clti_fault *fault) {
    uint64_t generation;
    clti_key_set *keys;
    if (!clti_store_generation(identity->store, &generation, fault) ||
        !clti_keys_get(identity, generation, &keys, fault))
        return false;
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < keys->count && now < keys->keys[i].verifies_until; i++)
        ok = json_array_append_new(list, json_deep_copy(keys->keys[i].public_jwk)) == 0;
    json_t *document = ok ? json_pack("{s:O}", "keys", list) : NULL;
    json_decref(list);
    ok = clti_answer_take_document(document, arena, out, fault);
    clti_keys_release(identity, keys);
    return ok;
}
