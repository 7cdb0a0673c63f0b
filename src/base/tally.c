#include "base/tally.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Open addressing, never more than half full. */
#define SLOT_COUNT (2 * CLTI_TALLY_MAX)

struct clti_tally {
    pthread_mutex_t lock; /* guards the rest but the secret */
    uint64_t secret;      /* so that nobody can choose keys that stand behind each other */
    size_t count;
    clti_tally_entry entries[CLTI_TALLY_MAX];
    uint16_t slots[SLOT_COUNT]; /* place in `entries` from 1; 0: empty */
};

bool clti_tally_new(clti_tally **out, clti_fault *fault) {
    clti_tally *tally = calloc(1, sizeof *tally);
    if (!tally)
        return clti_fault_no_memory(fault);
    clti_assert(pthread_mutex_init(&tally->lock, NULL) == 0); /* cannot fail on Linux */
    clti_random_bytes(&tally->secret, sizeof tally->secret);
    *out = tally;
    return true;
}

void clti_tally_free(clti_tally *tally) {
    if (tally)
        (void)pthread_mutex_destroy(&tally->lock);
    free(tally);
}

static size_t slot_of(const clti_tally *tally, clt_guid key) {
    uint64_t halves[2];
    memcpy(halves, &key, sizeof halves);
    uint64_t mixed = (halves[0] ^ tally->secret) * UINT64_C(0xd6e8feb86659fd93);
    mixed = (mixed ^ mixed >> 32 ^ halves[1]) * UINT64_C(0xd6e8feb86659fd93);
    return (size_t)(mixed >> 32) % SLOT_COUNT;
}

/* NULL: it is full. */
static clti_tally_entry *find_or_make(clti_tally *tally, clt_guid key) {
    size_t slot = slot_of(tally, key);
    for (; tally->slots[slot]; slot = (slot + 1) % SLOT_COUNT)
        if (clti_guid_equal(tally->entries[tally->slots[slot] - 1].key, key))
            return &tally->entries[tally->slots[slot] - 1];
    if (tally->count == CLTI_TALLY_MAX)
        return NULL;
    clti_tally_entry *made = &tally->entries[tally->count++];
    *made = (clti_tally_entry){.key = key};
    tally->slots[slot] = (uint16_t)tally->count;
    return made;
}

void clti_tally_add(clti_tally *tally, clt_guid key, uint32_t detail, uint32_t count) {
    (void)pthread_mutex_lock(&tally->lock);
    clti_tally_entry *entry = find_or_make(tally, key);
    if (entry) {
        entry->detail = detail;
        entry->count += count;
    }
    (void)pthread_mutex_unlock(&tally->lock);
}

size_t clti_tally_drain(clti_tally *tally, clti_tally_entry out[CLTI_TALLY_MAX]) {
    (void)pthread_mutex_lock(&tally->lock);
    const size_t count = tally->count;
    memcpy(out, tally->entries, count * sizeof *out);
    memset(tally->slots, 0, sizeof tally->slots);
    tally->count = 0;
    (void)pthread_mutex_unlock(&tally->lock);
    return count;
}
