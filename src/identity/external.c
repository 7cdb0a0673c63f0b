/* The claims of tokens that other issuers signed. */
#include "identity/identity_private.h"
#include <string.h>

static bool deny(clti_fault *fault, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_ACCESS_DENIED, NULL, "Access denied: %s.", why);
}

static clt_str text_of(const json_t *value) {
    return (clt_str){json_string_value(value), json_string_length(value)};
}

static clt_str claim(const json_t *claims, const char *name) {
    return text_of(json_object_get(claims, name));
}

/* One audience or a list of them. */
static bool is_for(const json_t *claims, clt_str audience) {
    const json_t *value = json_object_get(claims, "aud");
    for (size_t i = 0; i < json_array_size(value); i++)
        if (clti_str_equal(text_of(json_array_get(value, i)), audience))
            return true;
    return json_is_string(value) && clti_str_equal(text_of(value), audience);
}

/* Tenant id or domain. */
static bool find_partner(clti_identity *identity, clt_str named, clti_arena *arena, clt_guid *out,
                         clti_fault *fault) {
    clti_tenant_kind kind = CLTI_TENANT_UNKNOWN;
    if (named.data && !clti_tenant_resolve(identity, named, arena, &kind, out, fault))
        return false;
    return kind == CLTI_TENANT_PARTNER || deny(fault, "the token names no partner of this server");
}

/* The client's id has a name of its own with every provider. */
static clt_str client_of(const json_t *claims) {
    static const char *const names[] = {"azp", "appid", "client_id", "cid"};
    for (size_t i = 0; i < CLTI_COUNT(names); i++)
        if (json_object_get(claims, names[i]))
            return claim(claims, names[i]);
    return (clt_str){NULL, 0};
}

static void add_role(const json_t *value, uint8_t *roles) {
    /* The roles of other services are none of ours. */
    if (json_is_string(value) && !clti_role_add(text_of(value), roles))
        return;
}

static uint8_t roles_of(const json_t *value) {
    uint8_t roles = 0;
    add_role(value, &roles);
    for (size_t i = 0; i < json_array_size(value); i++)
        add_role(json_array_get(value, i), &roles);
    return roles;
}

/* App only must show for certain: no user's claims, and a subject that is the client itself (RFC 9068 2.2),
 * or none. A user of whom no role is known may do nothing. */
static bool is_app_only(const json_t *claims, clt_str client) {
    const json_t *subject = json_object_get(claims, "sub");
    if (clti_str_equal(claim(claims, "idtyp"), CLTI_STR("app")))
        return true;
    return !json_object_get(claims, "scp") && !json_object_get(claims, "upn") &&
           (!subject || clti_str_equal(text_of(subject), client));
}

/* Users of another issuer are not kept here: what the token says of them is all there is. */
static bool describe_user(const clti_issuer_options *issuer, const json_t *claims, clti_arena *arena,
                          clti_caller *out, clti_fault *fault) {
    static const char *const names[] = {"upn", "preferred_username", "email", "sub"};
    const clt_str subject = claim(claims, "sub");
    clt_str name = {NULL, 0};
    for (size_t i = 0; i < CLTI_COUNT(names) && name.size == 0; i++)
        name = claim(claims, names[i]);
    if (name.size == 0 || name.size > CLTI_USER_NAME_MAX || clti_text_has_control(name))
        return deny(fault, "the token has no name for its user");
    const clt_str unique = clti_arena_format(arena, "%.*s %.*s", CLTI_STR_ARGS(issuer->issuer),
                                             CLTI_STR_ARGS(subject.size > 0 ? subject : name));
    if (!unique.data)
        return clti_fault_no_memory(fault);
    out->has_user = true;
    out->user = clti_guid_from_name(out->partner, unique);
    out->roles = roles_of(json_object_get(claims, issuer->roles_claim.data));
    out->has_mfa = clti_claims_have_mfa(claims);
    memcpy(out->user_name, name.data, name.size);
    return true;
}

bool clti_external_claims_check(clti_identity *identity, const clti_issuer_options *issuer,
                                const json_t *claims, int64_t now, clti_arena *arena, clti_caller *out,
                                clti_fault *fault) {
    const clt_str client = client_of(claims);
    *out = (clti_caller){0};
    if (!clti_claims_check_times(claims, now, out, fault))
        return false;
    if (!clti_str_equal(claim(claims, "iss"), issuer->issuer))
        return deny(fault, "the token was issued by another authority");
    if (!is_for(claims, issuer->audience))
        return clti_fault_set(fault, CLTI_FAULT_WRONG_AUDIENCE, NULL, NULL);
    if (!find_partner(identity, claim(claims, issuer->partner_claim.data), arena, &out->partner, fault))
        return false;
    if (!clti_guid_parse(client, &out->application))
        return deny(fault, "the token names no application by a GUID");
    if (!clti_caller_check_existence(identity, out, arena, fault))
        return false;
    return is_app_only(claims, client) || describe_user(issuer, claims, arena, out, fault);
}
