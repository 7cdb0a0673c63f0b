#include "base/rate_limit.h"

#include "base/clock.h"
#include "base/crypto.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/*
 * A bucket is one number: the time at which it will be full again. Each call moves it on by the time that
 * one call takes to come back, and is refused if that would be more than a minute from now (the generic cell
 * rate algorithm). So a bucket is read and written in one atomic step, together with some bits of its key.
 */
#define TICKS_PER_MS 64
#define MINUTE       (60 * 1000 * TICKS_PER_MS)
#define FULL_BITS    44 /* of ticks since the start: eight years */
#define FULL_MASK    ((UINT64_C(1) << FULL_BITS) - 1)

/* The key chooses a set, which is one line of the processor's cache. */
#define WAY_COUNT 8
#define SET_COUNT 4096

typedef struct bucket_set {
    _Alignas(64) _Atomic uint64_t buckets[WAY_COUNT]; /* key bits above FULL_BITS; zero is a full bucket */
} bucket_set;

struct clti_rate_limit {
    int64_t started_us;
    uint64_t secrets[2]; /* so that nobody can choose a key that shares another's bucket */
    _Atomic uint64_t refused;
    clti_tally *tally; /* of what was taken; NULL: nobody else wants to know */
    bucket_set *sets;
};

bool clti_rate_limit_new(clti_rate_limit **out, clti_fault *fault) {
    clti_rate_limit *limit = calloc(1, sizeof(*limit));
    const size_t size = SET_COUNT * sizeof(*limit->sets);
    if (limit)
        limit->sets = aligned_alloc(_Alignof(bucket_set), size);
    if (!limit || !limit->sets) {
        free(limit);
        return clti_fault_no_memory(fault);
    }
    memset(limit->sets, 0, size);
    clti_random_bytes(limit->secrets, sizeof(limit->secrets));
    limit->started_us = clti_steady_us();
    *out = limit;
    return true;
}

void clti_rate_limit_free(clti_rate_limit *limit) {
    if (!limit)
        return;
    clti_tally_free(limit->tally);
    free(limit->sets);
    free(limit);
}

static uint64_t mix(uint64_t value) {
    value = (value ^ value >> 32) * UINT64_C(0xd6e8feb86659fd93);
    value = (value ^ value >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return value ^ value >> 32;
}

static uint64_t hash_of(const clti_rate_limit *limit, clt_guid key) {
    uint64_t halves[2];
    memcpy(halves, &key, sizeof(halves));
    return mix(mix(halves[0] ^ limit->secrets[0]) + (halves[1] ^ limit->secrets[1]));
}

static uint64_t now_ticks(const clti_rate_limit *limit, int64_t now_us) {
    return (uint64_t)(now_us - limit->started_us) * TICKS_PER_MS / 1000;
}

/* The key's own bucket, or the one nearest to full, which gives way. */
static _Atomic uint64_t *choose(bucket_set *set, uint64_t key_bits, uint64_t *seen) {
    _Atomic uint64_t *fullest = NULL;
    for (size_t i = 0; i < WAY_COUNT; i++) {
        const uint64_t value = atomic_load_explicit(&set->buckets[i], memory_order_relaxed);
        const bool is_own = (value & ~FULL_MASK) == key_bits;
        if (is_own || !fullest || (value & FULL_MASK) < (*seen & FULL_MASK)) {
            fullest = &set->buckets[i];
            *seen = value;
        }
        if (is_own)
            break;
    }
    return fullest;
}

static unsigned try_one(clti_rate_limit *limit, clt_guid key, uint32_t per_minute, int64_t now_us,
                        bool takes) {
    clti_assert(per_minute > 0 && per_minute <= CLTI_RATE_LIMIT_MAX);
    const uint64_t hash = hash_of(limit, key), key_bits = hash & ~FULL_MASK;
    const uint64_t now = now_ticks(limit, now_us);
    const uint64_t one_call = MINUTE / per_minute;
    bucket_set *set = &limit->sets[hash % SET_COUNT];
    uint64_t seen = 0, full;
    _Atomic uint64_t *bucket;
    do {
        bucket = choose(set, key_bits, &seen);
        full = (seen & ~FULL_MASK) == key_bits ? seen & FULL_MASK : 0;
        full = (full > now ? full : now) + one_call;
        if (full > now + one_call * per_minute) {
            const uint64_t wait = full - now - one_call * per_minute, second = 1000 * TICKS_PER_MS;
            atomic_fetch_add_explicit(&limit->refused, 1, memory_order_relaxed);
            return (unsigned)((wait + second - 1) / second);
        }
    } while (takes && !atomic_compare_exchange_weak_explicit(bucket, &seen, key_bits | (full & FULL_MASK),
                                                             memory_order_relaxed, memory_order_relaxed));
    return 0;
}

unsigned clti_rate_limit_take(clti_rate_limit *limit, clt_guid key, uint32_t per_minute, int64_t now_us) {
    const unsigned wait = try_one(limit, key, per_minute, now_us, true);
    if (wait == 0 && limit->tally)
        clti_tally_add(limit->tally, key, per_minute, 1);
    return wait;
}

unsigned clti_rate_limit_wait(clti_rate_limit *limit, clt_guid key, uint32_t per_minute, int64_t now_us) {
    return try_one(limit, key, per_minute, now_us, false);
}

/* So many calls that others have let through. */
static void learn(void *user, const clti_tally_entry *counted) {
    clti_rate_limit *limit = user;
    const uint32_t per_minute = counted->detail;
    if (per_minute == 0 || per_minute > CLTI_RATE_LIMIT_MAX)
        return;
    const uint64_t hash = hash_of(limit, counted->key), key_bits = hash & ~FULL_MASK;
    const uint64_t now = now_ticks(limit, clti_steady_us()), most = now + 2 * MINUTE;
    const uint64_t calls = counted->count < 2 * per_minute ? counted->count : 2 * per_minute;
    bucket_set *set = &limit->sets[hash % SET_COUNT];
    uint64_t seen = 0, full;
    _Atomic uint64_t *bucket;
    do {
        bucket = choose(set, key_bits, &seen);
        full = (seen & ~FULL_MASK) == key_bits ? seen & FULL_MASK : 0;
        full = (full > now ? full : now) + calls * (MINUTE / per_minute);
        full = full < most ? full : most;
    } while (!atomic_compare_exchange_weak_explicit(bucket, &seen, key_bits | (full & FULL_MASK),
                                                    memory_order_relaxed, memory_order_relaxed));
}

bool clti_rate_limit_share(clti_rate_limit *limit, clti_shared_count *out, clti_fault *fault) {
    if (!clti_tally_new(&limit->tally, fault))
        return false;
    *out = (clti_shared_count){.tally = limit->tally, .learn = learn, .user = limit};
    return true;
}

uint64_t clti_rate_limit_refused(const clti_rate_limit *limit) {
    return atomic_load_explicit(&limit->refused, memory_order_relaxed);
}
