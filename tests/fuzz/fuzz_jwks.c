/* Keys as another issuer publishes them: whatever is kept has the members of a public key and no others. */
#include "identity/identity_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const clti_key_set *set) {
    clti_assert(set->count > 0 && set->count <= 64);
    for (size_t i = 0; i < set->count; i++) {
        const clti_key *key = &set->keys[i];
        const size_t members = json_object_size(key->public_jwk);
        clti_assert(key->id.size > 0 && !key->private_key && !json_object_get(key->public_jwk, "d"));
        clti_assert(members == (clti_str_equal(clti_str(key->algorithm), CLTI_STR("RS256")) ? 5 : 6));
        clti_assert(clti_keys_find(set, key->id, 0) == key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const clti_jws jws = {CLTI_STR("e30"), CLTI_STR("e30"), CLTI_STR("AAAA")};
    clti_key_set *set;
    clti_fault fault;
    if (!clti_jwks_read((clt_str){(const char *)data, size}, &set, &fault))
        return 0;
    check(set);
    clti_assert(!clti_jws_check(&set->keys[0], &jws));
    clti_keys_free(set);
    return 0;
}
