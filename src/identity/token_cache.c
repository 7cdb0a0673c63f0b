#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>

/* A set-associative array: the digest chooses a set, and in it the least recently used entry gives way. An
 * entry counts only at the generation it was made at, so a new generation empties the cache by itself. */
#define ENTRY_COUNT 16384
#define WAY_COUNT   16 /* of 10,000 tokens in rotation 2.5% miss with 8, 0.3% with 16 */
#define SET_COUNT   (ENTRY_COUNT / WAY_COUNT)
#define SHARD_COUNT 16

typedef struct cache_entry {
    uint8_t digest[CLTI_SHA256_SIZE];
    uint64_t generation;
    uint64_t last_use; /* of its shard's clock; 0 says empty */
    clti_caller caller;
} cache_entry;

/* The lock guards the clock and every set whose number belongs to the shard. */
typedef struct cache_shard {
    pthread_mutex_t lock;
    uint64_t clock;
} cache_shard;

struct clti_token_cache {
    cache_shard shards[SHARD_COUNT];
    cache_entry *entries;
};

clti_token_cache *clti_token_cache_new(void) {
    clti_token_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->entries = calloc(ENTRY_COUNT, sizeof *cache->entries); /* zero pages until written */
    if (!cache->entries) {
        free(cache);
        return NULL;
    }
    for (size_t i = 0; i < SHARD_COUNT; i++)
        clti_assert(pthread_mutex_init(&cache->shards[i].lock, NULL) == 0);
    return cache;
}

void clti_token_cache_free(clti_token_cache *cache) {
    if (!cache)
        return;
    for (size_t i = 0; i < SHARD_COUNT; i++)
        (void)pthread_mutex_destroy(&cache->shards[i].lock);
    free(cache->entries);
    free(cache);
}

static size_t set_of(const uint8_t digest[CLTI_SHA256_SIZE]) {
    return ((size_t)digest[0] << 8 | digest[1]) % SET_COUNT;
}

/* The entry of this digest, or the one to give way to it. */
static cache_entry *choose(cache_entry *set, const uint8_t digest[CLTI_SHA256_SIZE], uint64_t generation) {
    cache_entry *oldest = NULL;
    uint64_t oldest_use = UINT64_MAX;
    for (size_t i = 0; i < WAY_COUNT; i++) {
        if (memcmp(set[i].digest, digest, CLTI_SHA256_SIZE) == 0)
            return &set[i];
        const uint64_t use = set[i].generation == generation ? set[i].last_use : 0;
        if (use < oldest_use) {
            oldest = &set[i];
            oldest_use = use;
        }
    }
    return oldest;
}

bool clti_token_cache_find(clti_token_cache *cache, const uint8_t digest[CLTI_SHA256_SIZE],
                           uint64_t generation, clti_caller *out) {
    const size_t set = set_of(digest);
    cache_shard *shard = &cache->shards[set % SHARD_COUNT];
    (void)pthread_mutex_lock(&shard->lock);
    cache_entry *entry = choose(&cache->entries[set * WAY_COUNT], digest, generation);
    const bool found = entry->last_use != 0 && entry->generation == generation &&
                       memcmp(entry->digest, digest, CLTI_SHA256_SIZE) == 0;
    if (found) {
        entry->last_use = ++shard->clock;
        *out = entry->caller;
    }
    (void)pthread_mutex_unlock(&shard->lock);
    return found;
}

void clti_token_cache_put(clti_token_cache *cache, const uint8_t digest[CLTI_SHA256_SIZE],
                          uint64_t generation, const clti_caller *caller) {
    const size_t set = set_of(digest);
    cache_shard *shard = &cache->shards[set % SHARD_COUNT];
    (void)pthread_mutex_lock(&shard->lock);
    cache_entry *entry = choose(&cache->entries[set * WAY_COUNT], digest, generation);
    memcpy(entry->digest, digest, CLTI_SHA256_SIZE);
    entry->generation = generation;
    entry->last_use = ++shard->clock;
    entry->caller = *caller;
    (void)pthread_mutex_unlock(&shard->lock);
}
