/**
 * @file entry_sink_private.h
 * @brief Entries into a new store, in the order in which a store gives them: one by one, stored in batches.
 *
 * Whatever the store refuses ends it: what comes is of one sound store.
 * Thread: one thread at a time.
 */
#ifndef CLTI_ENTRY_SINK_PRIVATE_H
#define CLTI_ENTRY_SINK_PRIVATE_H

#include "store/store.h"

typedef struct clti_entry_sink {
    clti_store *store;
    clti_arena arena; /**< of the entries that wait */
    clt_guid owner;   /**< of the customers that wait */
    clti_customer *customers;
    clti_load_outcome *loaded;
    size_t customer_count, customers_max;
    clti_entry *records;
    clti_change *changes; /**< one for each */
    clti_outcome *outcomes;
    size_t record_count;
    uint64_t counts[CLTI_ENTRY_KIND_COUNT]; /**< of what was added */
} clti_entry_sink;

/** @brief For a store that is being filled. Release with clti_entry_sink_done(), on failure too. */
CLTI_MUST_CHECK bool clti_entry_sink_init(clti_entry_sink *sink, clti_store *store, clti_fault *fault);
void clti_entry_sink_done(clti_entry_sink *sink);

/**
 * @brief Store what waits if it cannot wait together with this entry.
 * @param[out] out_flushed  It was stored, and the arena is empty: whatever lived in it is gone.
 */
CLTI_MUST_CHECK bool clti_entry_sink_make_room(clti_entry_sink *sink, const clti_entry *entry,
                                               bool *out_flushed, clti_fault *fault);

/** @brief Add an entry for which there is room; its texts live in the sink's arena. */
CLTI_MUST_CHECK bool clti_entry_sink_add(clti_entry_sink *sink, const clti_entry *entry, clti_fault *fault);

/** @brief Store what waits. */
CLTI_MUST_CHECK bool clti_entry_sink_flush(clti_entry_sink *sink, clti_fault *fault);

#endif
