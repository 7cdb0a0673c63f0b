/**
 * @file memory_store.h
 * @brief A store as plain as can be: arrays, scanned from end to end. The oracle for every real store.
 *
 * Shares nothing with them but the fold: matching, order, pages and positions are worked out anew.
 * Thread: one thread at a time.
 */
#ifndef CLTI_TEST_MEMORY_STORE_H
#define CLTI_TEST_MEMORY_STORE_H

#include "store/store.h"

/** @brief An empty store; clti_store_close() frees it. Ends the test process if memory is out. */
clti_store *clti_memory_store_new(void);

#endif
