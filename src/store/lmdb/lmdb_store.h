/**
 * @file lmdb_store.h
 * @brief The door of the embedded store: LMDB in one folder.
 *
 * Contracts: store.h. At most one environment a folder and process; not across fork(); local disks only.
 */
#ifndef CLTI_LMDB_STORE_H
#define CLTI_LMDB_STORE_H

#include "store/store.h"

/** @brief As clti_store_create(). */
CLTI_MUST_CHECK bool clti_lmdb_create(const clti_store_options *options, clti_store **out, clti_fault *fault);

/** @brief As clti_store_restore(). */
CLTI_MUST_CHECK bool clti_lmdb_restore(const clti_store_options *options, int descriptor, clti_store **out,
                                       clti_fault *fault);

/** @brief As clti_store_open(). */
CLTI_MUST_CHECK bool clti_lmdb_open(const clti_store_options *options, clti_store **out, clti_fault *fault);

#endif
