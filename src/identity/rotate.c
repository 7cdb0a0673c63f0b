/* The succession of signing keys: each is published a while before it signs, and verifies until the last
 * token that it signed has expired. Two are valid at a time. */
#include "identity/identity_private.h"

/* A rotation that others overtake so often is given up. */
#define ATTEMPTS_MAX 16

bool clti_identity_make_key(clti_store *store, int64_t now, clti_fault *fault) {
    bool done;
    return clti_key_make(store, now, now, NULL, &done, fault);
}

const char *clti_key_state_name(clti_key_state state) {
    static const char *const names[] = {[CLTI_KEY_WAITS] = "waits",
                                        [CLTI_KEY_SIGNS] = "signs",
                                        [CLTI_KEY_VERIFIES] = "verifies",
                                        [CLTI_KEY_RETIRED] = "retired"};
    return names[state];
}

/* As clti_keys_signing(): the newest whose time has come, or the oldest. */
static void settle_states(clti_key_state_at *keys, size_t count, int64_t now) {
    size_t signing = 0;
    while (signing + 1 < count && keys[signing].signs_from > now)
        signing++;
    for (size_t i = 0; i < count; i++) {
        if (i < signing)
            keys[i].state = CLTI_KEY_WAITS;
        else if (i == signing)
            keys[i].state = CLTI_KEY_SIGNS;
        else
            keys[i].state = now < keys[i].verifies_until ? CLTI_KEY_VERIFIES : CLTI_KEY_RETIRED;
    }
}

static void describe(const clti_signing_key *stored, size_t count, int64_t now, clti_key_state_at *out) {
    for (size_t i = 0; i < count; i++)
        out[i] =
            (clti_key_state_at){.id = stored[i].id,
                                .created = stored[i].created,
                                .signs_from = clti_key_signs_from(&stored[i]),
                                .verifies_until = i ? clti_key_verifies_until(&stored[i - 1]) : INT64_MAX};
    settle_states(out, count, now);
}

/* Both forms of the same keys, in the same order. */
static bool read_keys(clti_store *store, int64_t now, clti_arena *arena, clti_signing_key **out_stored,
                      clti_key_state_at **out, size_t *out_count, clti_fault *fault) {
    if (!clti_store_signing_keys(store, arena, out_stored, out_count, fault))
        return false;
    *out = clti_arena_alloc(arena, (*out_count + 1) * sizeof **out);
    if (!*out)
        return clti_fault_no_memory(fault);
    describe(*out_stored, *out_count, now, *out);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i].public_jwk = clti_key_public_text(&(*out_stored)[i], arena);
        if (!(*out)[i].public_jwk.data)
            return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "The key %.*s cannot be read.",
                                  CLTI_STR_ARGS((*out)[i].id));
    }
    return true;
}

bool clti_identity_key_states(clti_store *store, int64_t now, clti_arena *arena, clti_key_state_at **out,
                              size_t *out_count, clti_fault *fault) {
    clti_signing_key *stored;
    return read_keys(store, now, arena, &stored, out, out_count, fault);
}

static bool apply(clti_store *store, const clti_change *change, clti_fault *fault) {
    clti_outcome outcome;
    if (!clti_store_apply(store, change, 1, &outcome, fault))
        return false;
    return outcome.done || clti_fault_set(fault, outcome.refusal, NULL, "There is no such key any more.");
}

static bool delete_key(clti_store *store, clt_str id, clti_fault *fault) {
    return apply(store, &(clti_change){.kind = CLTI_CHANGE_KEY_DELETE, .of.deleted_key = id}, fault);
}

static bool refuse_third(const clti_key_state_at *newest, const clti_key_state_at *old, int64_t now,
                         clti_fault *fault) {
    if (newest->state == CLTI_KEY_WAITS)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "The key %.*s waits already, and signs in %lld seconds; --now lets it sign at "
                              "once.",
                              CLTI_STR_ARGS(newest->id), (long long)(newest->signs_from - now));
    return clti_fault_set(
        fault, CLTI_FAULT_CONFLICT, NULL,
        "Two keys are valid already: tokens of %.*s live for up to %lld seconds more. Wait, "
        "or remove it, which refuses them at once.",
        CLTI_STR_ARGS(old->id), (long long)(old->verifies_until - now));
}

/* One try; *out_done false: the store was changed meanwhile, perhaps by somebody who does the same. */
static bool try_rotate(clti_store *store, int64_t now, bool at_once, clti_arena *arena, bool *out_done,
                       clti_fault *fault) {
    clti_signing_key *stored;
    clti_key_state_at *keys;
    size_t count;
    uint64_t generation;
    if (!clti_store_generation(store, &generation, fault) ||
        !read_keys(store, now, arena, &stored, &keys, &count, fault))
        return false;
    *out_done = true;
    if (at_once && count > 0 && keys[0].state == CLTI_KEY_WAITS) {
        stored[0].signs_from = now;
        return apply(store, &(clti_change){.kind = CLTI_CHANGE_KEY_PUT, .of.key = &stored[0]}, fault);
    }
    if (count > 1 && keys[1].state != CLTI_KEY_RETIRED)
        return refuse_third(&keys[0], &keys[1], now, fault);
    /* Their order is that of their making, whatever the clock does. */
    const int64_t created = count > 0 && keys[0].created >= now ? keys[0].created + 1 : now;
    if (!clti_key_make(store, created, at_once ? now : now + CLTI_KEY_LEAD_SECONDS, &generation, out_done,
                       fault))
        return false;
    for (size_t i = 1; *out_done && i < count; i++)
        if (!delete_key(store, keys[i].id, fault))
            return false;
    return true;
}

bool clti_identity_rotate_keys(clti_store *store, int64_t now, bool at_once, clti_arena *arena,
                               clti_fault *fault) {
    bool done = false;
    for (unsigned i = 0; !done && i < ATTEMPTS_MAX; i++)
        if (!try_rotate(store, now, at_once, arena, &done, fault))
            return false;
    return done || clti_fault_set(fault, CLTI_FAULT_BUSY, NULL, "The store is changed too often; try again.");
}

bool clti_identity_remove_key(clti_store *store, clt_str id, int64_t now, clti_arena *arena,
                              clti_fault *fault) {
    clti_key_state_at *keys;
    size_t count;
    bool found = false;
    if (!clti_identity_key_states(store, now, arena, &keys, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        found |= clti_str_equal(keys[i].id, id);
    if (!found)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL,
                              "There is no key '%.*s'; `clienteled keys list` names them.",
                              CLTI_STR_ARGS(id));
    if (count == 1)
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "It is the only key, and somebody has to sign: rotate first.");
    return delete_key(store, id, fault);
}
