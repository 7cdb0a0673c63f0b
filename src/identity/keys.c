#include "identity/identity_private.h"
#include <jose/jose.h>
#include <stdlib.h>
#include <string.h>

static bool store_key(clti_store *store, json_t *jwk, clti_signing_key key, const uint64_t *generation,
                      bool *out_done, clti_fault *fault) {
    char *text = json_dumps(jwk, JSON_COMPACT);
    if (!text)
        return clti_fault_no_memory(fault);
    key.private_jwk = clti_str(text);
    clti_change change = {.kind = CLTI_CHANGE_KEY_PUT, .of.key = &key};
    if (generation)
        change = (clti_change){.kind = CLTI_CHANGE_KEY_CREATE, .of.created_key = {&key, *generation}};
    clti_outcome outcome = {0};
    bool ok = clti_store_apply(store, &change, 1, &outcome, fault);
    *out_done = outcome.done;
    if (ok && !outcome.done && outcome.refusal != CLTI_FAULT_STALE)
        ok = clti_fault_set(fault, outcome.refusal, NULL, "The new signing key could not be stored.");
    clti_wipe(text, strlen(text));
    free(text);
    return ok;
}

bool clti_key_make(clti_store *store, int64_t created, int64_t signs_from, const uint64_t *generation,
                   bool *out_done, clti_fault *fault) {
    json_auto_t *jwk = json_pack("{s:s}", "alg", CLTI_KEY_ALGORITHM); /* 2048 bits */
    if (!jwk)
        return clti_fault_no_memory(fault);
    if (!jose_jwk_gen(NULL, jwk))
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "A signing key could not be made.");
    json_auto_t *id = jose_jwk_thp(NULL, jwk, "S256");
    if (!id || json_object_set(jwk, "kid", id) != 0)
        return clti_fault_no_memory(fault);
    const clti_signing_key key = {
        .id = clti_str(json_string_value(id)), .created = created, .signs_from = signs_from};
    return store_key(store, jwk, key, generation, out_done, fault);
}

int64_t clti_key_signs_from(const clti_signing_key *key) {
    return key->signs_from ? key->signs_from : key->created;
}

int64_t clti_key_verifies_until(const clti_signing_key *follower) {
    return clti_key_signs_from(follower) + CLTI_TOKEN_LIFETIME + CLTI_CLOCK_SKEW;
}

/* The numbers of a private JWK, ready to sign. NULL: they are none. */
static clti_rsa_key *load_private(const json_t *jwk) {
    static const char *const names[CLTI_RSA_NUMBER_COUNT] = {"n", "e", "d", "p", "q", "dp", "dq", "qi"};
    clt_str numbers[CLTI_RSA_NUMBER_COUNT] = {{0}};
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < CLTI_RSA_NUMBER_COUNT; i++) {
        const json_t *member = json_object_get(jwk, names[i]);
        const clt_str text = {json_string_value(member), json_string_length(member)};
        uint8_t *bytes = text.data ? clti_arena_alloc(&arena, text.size + 1) : NULL;
        size_t size;
        ok = bytes && clti_base64url_decode(text, bytes, &size);
        if (ok)
            numbers[i] = (clt_str){(const char *)bytes, size};
    }
    clti_rsa_key *key = ok ? clti_rsa_key_new(numbers) : NULL;
    for (size_t i = 0; i < CLTI_RSA_NUMBER_COUNT; i++) /* the arena frees without wiping */
        if (numbers[i].data)
            clti_wipe((void *)(uintptr_t)numbers[i].data, numbers[i].size);
    return key;
}

static json_t *parse(const clti_signing_key *stored) {
    return json_loadb(stored->private_jwk.data, stored->private_jwk.size, JSON_REJECT_DUPLICATES, NULL);
}

/* The public members are picked one by one: a member that nobody thought of stays private. NULL: it is no key
 * of ours, or memory is out. */
static json_t *pick_public(const clti_signing_key *stored, json_t *jwk) {
    const char *type, *algorithm, *modulus, *exponent;
    if (json_unpack(jwk, "{s:s, s:s, s:s, s:s}", "kty", &type, "alg", &algorithm, "n", &modulus, "e",
                    &exponent) != 0 ||
        strcmp(type, "RSA") != 0 || strcmp(algorithm, CLTI_KEY_ALGORITHM) != 0)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s%, s:s, s:s}", "kty", type, "use", "sig", "alg", algorithm, "kid",
                     stored->id.data, stored->id.size, "n", modulus, "e", exponent);
}

clt_str clti_key_public_text(const clti_signing_key *stored, clti_arena *arena) {
    json_auto_t *jwk = parse(stored);
    json_auto_t *picked = pick_public(stored, jwk);
    char *text = picked ? json_dumps(picked, JSON_COMPACT) : NULL;
    clt_str copy = {NULL, 0};
    if (text && !clti_arena_copy(arena, clti_str(text), &copy))
        copy = (clt_str){NULL, 0};
    free(text);
    return copy;
}

static bool load_key(const clti_signing_key *stored, clti_key *out) {
    json_auto_t *jwk = parse(stored);
    out->public_jwk = pick_public(stored, jwk);
    if (!out->public_jwk)
        return false;
    out->private_key = load_private(jwk);
    if (!out->private_key)
        return false;
    const json_t *id = json_object_get(out->public_jwk, "kid");
    out->id = (clt_str){json_string_value(id), json_string_length(id)};
    out->algorithm = CLTI_KEY_ALGORITHM;
    return true;
}

void clti_keys_free(clti_key_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        clti_rsa_key_free(set->keys[i].private_key);
        json_decref(set->keys[i].public_jwk);
    }
    free(set);
}

static clti_key_set *load_keys(clti_identity *identity, clti_arena *arena, clti_fault *fault) {
    clti_signing_key *stored;
    size_t count;
    if (!clti_store_signing_keys(identity->store, arena, &stored, &count, fault))
        return NULL;
    clti_key_set *set = calloc(1, sizeof *set + count * sizeof set->keys[0]);
    if (!set) {
        (void)clti_fault_no_memory(fault);
        return NULL;
    }
    set->count = count;
    for (size_t i = 0; i < count; i++) {
        if (!load_key(&stored[i], &set->keys[i])) {
            (void)clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "The signing key %.*s cannot be read.",
                                 CLTI_STR_ARGS(stored[i].id));
            clti_keys_free(set);
            return NULL;
        }
        set->keys[i].signs_from = clti_key_signs_from(&stored[i]);
        set->keys[i].verifies_until = i ? clti_key_verifies_until(&stored[i - 1]) : INT64_MAX;
    }
    return set;
}

bool clti_keys_get(clti_identity *identity, uint64_t generation, clti_key_set **out, clti_fault *fault) {
    (void)pthread_mutex_lock(&identity->keys_lock);
    clti_key_set *set = identity->keys;
    const bool current = set != NULL && set->generation == generation;
    if (current)
        set->holders++;
    (void)pthread_mutex_unlock(&identity->keys_lock);
    if (current) {
        *out = set;
        return true;
    }
    /* Loaded outside the lock. Two threads may both load: the later one stays, the other is freed. */
    clti_arena arena = {0};
    clti_key_set *fresh = load_keys(identity, &arena, fault);
    clti_arena_done(&arena);
    if (!fresh)
        return false;
    fresh->generation = generation;
    fresh->holders = 2; /* the identity and the caller */
    (void)pthread_mutex_lock(&identity->keys_lock);
    clti_key_set *old = identity->keys;
    identity->keys = fresh;
    (void)pthread_mutex_unlock(&identity->keys_lock);
    clti_keys_release(identity, old);
    *out = fresh;
    return true;
}

void clti_keys_release(clti_identity *identity, clti_key_set *set) {
    if (!set)
        return;
    (void)pthread_mutex_lock(&identity->keys_lock);
    const bool last = --set->holders == 0;
    (void)pthread_mutex_unlock(&identity->keys_lock);
    if (last)
        clti_keys_free(set);
}

const clti_key *clti_keys_find(const clti_key_set *set, clt_str id, int64_t now) {
    for (size_t i = 0; i < set->count; i++)
        if (clti_str_equal(set->keys[i].id, id))
            return now < set->keys[i].verifies_until ? &set->keys[i] : NULL;
    return NULL;
}

/* Whatever the clock says, somebody has to sign: the oldest, if all still wait. */
const clti_key *clti_keys_signing(const clti_key_set *set, int64_t now) {
    for (size_t i = 0; i < set->count; i++)
        if (set->keys[i].signs_from <= now)
            return &set->keys[i];
    return set->count ? &set->keys[set->count - 1] : NULL;
}
