/* The public keys of another issuer, from its JWKS: what anybody may have written. */
#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX         64
#define KEY_ID_MAX       256
#define MODULUS_SIZE_MIN 256 /* bytes: 2048 bits */
#define MODULUS_SIZE_MAX 1024
#define EXPONENT_MAX     4
#define COORDINATE_SIZE  32

static clt_str text_of(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return (clt_str){json_string_value(value), json_string_length(value)};
}

/* Absent, or this. */
static bool may_be(const json_t *jwk, const char *name, const char *wanted) {
    return !json_object_get(jwk, name) || clti_str_equal(text_of(jwk, name), clti_str(wanted));
}

/* Canonical base64url of a number without leading zeros, of so many bytes. */
static bool is_number(const json_t *jwk, const char *name, size_t least, size_t most) {
    uint8_t bytes[MODULUS_SIZE_MAX + 2];
    const clt_str text = text_of(jwk, name);
    size_t size;
    return text.size > 0 && text.size <= (MODULUS_SIZE_MAX * 4 + 2) / 3 &&
           clti_base64url_decode(text, bytes, &size) && size >= least && size <= most &&
           (bytes[0] != 0 || least == COORDINATE_SIZE);
}

static json_t *copy_rsa(const json_t *jwk) {
    if (!may_be(jwk, "alg", "RS256") || !is_number(jwk, "n", MODULUS_SIZE_MIN, MODULUS_SIZE_MAX) ||
        !is_number(jwk, "e", 1, EXPONENT_MAX))
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "kty", "RSA", "alg", "RS256", "kid",
                     json_string_value(json_object_get(jwk, "kid")), "n", text_of(jwk, "n").data, "e",
                     text_of(jwk, "e").data);
}

static json_t *copy_ec(const json_t *jwk) {
    if (!may_be(jwk, "alg", "ES256") || !clti_str_equal(text_of(jwk, "crv"), CLTI_STR("P-256")) ||
        !is_number(jwk, "x", COORDINATE_SIZE, COORDINATE_SIZE) ||
        !is_number(jwk, "y", COORDINATE_SIZE, COORDINATE_SIZE))
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "kty", "EC", "alg", "ES256", "crv", "P-256", "kid",
                     json_string_value(json_object_get(jwk, "kid")), "x", text_of(jwk, "x").data, "y",
                     text_of(jwk, "y").data);
}

/* The members that a signature needs, picked one by one. NULL: a key for something else, which is passed
 * over. */
static json_t *copy_key(const json_t *jwk) {
    const clt_str id = text_of(jwk, "kid"), type = text_of(jwk, "kty");
    if (id.size == 0 || id.size > KEY_ID_MAX || !may_be(jwk, "use", "sig"))
        return NULL;
    if (clti_str_equal(type, CLTI_STR("RSA")))
        return copy_rsa(jwk);
    return clti_str_equal(type, CLTI_STR("EC")) ? copy_ec(jwk) : NULL;
}

static void take_key(clti_key_set *set, json_t *jwk) {
    clti_key *key = &set->keys[set->count];
    const clt_str id = text_of(jwk, "kid");
    if (clti_keys_find(set, id, 0)) {
        json_decref(jwk); /* the first of two of one name counts */
        return;
    }
    *key = (clti_key){.id = id,
                      .algorithm = json_string_value(json_object_get(jwk, "alg")),
                      .public_jwk = jwk,
                      .verifies_until = INT64_MAX};
    set->count++;
}

static bool read_keys(const json_t *list, clti_key_set **out, clti_fault *fault) {
    const size_t count = json_array_size(list);
    if (count > KEYS_MAX)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "has more than %d keys", KEYS_MAX);
    clti_key_set *set = calloc(1, sizeof *set + count * sizeof set->keys[0]);
    if (!set)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++) {
        json_t *jwk = copy_key(json_array_get(list, i));
        if (jwk)
            take_key(set, jwk);
    }
    if (set->count == 0) {
        clti_keys_free(set);
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "has no key for RS256 or ES256 with a kid");
    }
    *out = set;
    return true;
}

bool clti_jwks_read(clt_str body, clti_key_set **out, clti_fault *fault) {
    json_auto_t *document = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(document, "keys");
    if (!json_is_array(list))
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "is no JSON with a list of keys");
    return read_keys(list, out, fault);
}
