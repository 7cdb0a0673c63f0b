/**
 * @file long_run_private.h
 * @brief What commands that write for long share: pacing beside a server, progress, stopping on a signal.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_LONG_RUN_PRIVATE_H
#define CLTI_LONG_RUN_PRIVATE_H

#include "store/store.h"

#include <signal.h>

/* ---- pace ---------------------------------------------------------------------------------------------- */

/** Fewest and first number of items in one transaction beside a server. */
#define CLTI_PACE_ITEMS_MIN   16
#define CLTI_PACE_ITEMS_FIRST 64

/**
 * How much goes into one transaction: as much as the command likes when alone; beside a server so little that
 * it takes at most 20 ms, and the store rests at least as long afterwards (design.md 5).
 */
typedef struct clti_pace {
    clti_store *store;
    size_t slice; /**< items in one transaction beside a server */
    bool is_shared;
    int64_t began_us;
} clti_pace;

void clti_pace_init(clti_pace *pace, clti_store *store);

/** @brief How many of `wanted` items may go at once; who else is there is asked anew each time. */
size_t clti_pace_limit(clti_pace *pace, size_t wanted);

/** @brief Start the clock. @return how many of `wanted` items may go into this transaction */
size_t clti_pace_begin(clti_pace *pace, size_t wanted);

/** @brief After a transaction of `count` items: adapt, and rest if a server is there. */
void clti_pace_end(clti_pace *pace, size_t count);

/* ---- progress ------------------------------------------------------------------------------------------ */

/** A line on a terminal, and nothing if standard error is none. */
typedef struct clti_progress {
    bool is_wanted;
    int64_t shown_us;
} clti_progress;

void clti_progress_init(clti_progress *progress);

/** @brief Show it, some times a second. @param total  0 if it is not known: then there is no bar. */
void clti_progress_show(clti_progress *progress, uint64_t done, uint64_t total, uint64_t items,
                        const char *noun);

void clti_progress_erase(const clti_progress *progress);

/* ---- signals ------------------------------------------------------------------------------------------- */

/** Set by SIGINT and SIGTERM once they are watched. */
extern volatile sig_atomic_t clti_interrupted;

/** @brief From here the first signal only sets clti_interrupted; a second one ends the process. */
void clti_interrupt_watch(void);

#endif
