/**
 * @file tally.h
 * @brief How often each of many keys was counted since somebody asked last.
 *
 * Of fixed size: what comes when it is full is not counted. Thread: any thread.
 */
#ifndef CLTI_TALLY_H
#define CLTI_TALLY_H

#include "base/fault.h"
#include "base/guid.h"

/** Most keys between two questions. */
#define CLTI_TALLY_MAX 4096

/** One key with its number. */
typedef struct clti_tally_entry {
    clt_guid key;
    uint32_t detail; /**< as given with its last count */
    uint32_t count;
} clti_tally_entry;

typedef struct clti_tally clti_tally;

/** Something that several processes count together, each for itself: what it has counted, and how it learns
 * what others have. */
typedef struct clti_shared_count {
    clti_tally *tally;
    void (*learn)(void *user, const clti_tally_entry *counted); /**< any thread */
    void *user;
} clti_shared_count;

CLTI_MUST_CHECK bool clti_tally_new(clti_tally **out, clti_fault *fault);
void clti_tally_free(clti_tally *tally); /**< NULL is allowed */

/** @brief Add to the number of a key; 0 makes an entry as well. */
void clti_tally_add(clti_tally *tally, clt_guid key, uint32_t detail, uint32_t count);

/** @brief Everything that was counted, which begins anew. @return how many entries were written to `out` */
size_t clti_tally_drain(clti_tally *tally, clti_tally_entry out[CLTI_TALLY_MAX]);

#endif
