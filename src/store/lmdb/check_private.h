/**
 * @file check_private.h
 * @brief What the files of the check share. A `bool` is false only if it cannot go on reading.
 */
#ifndef CLTI_LMDB_CHECK_PRIVATE_H
#define CLTI_LMDB_CHECK_PRIVATE_H

#include "store/lmdb/lmdb_private.h"

/** One check of a whole store. */
typedef struct clti_lmdb_check_run {
    clti_lmdb_txn in;
    clti_check_finding on_finding;
    void *user;
    clti_check_summary summary;
    clti_buf text; /* of a finding */
    clti_folds folds;
    clti_index index;
    uint64_t found[CLTI_LMDB_DATABASE_COUNT]; /* entries that a customer makes and that are there */
    clti_lmdb_database walked;                /* where strays are looked for */
    clt_guid viewer;                          /* whose list is counted */
    uint64_t listed;
    clti_fault *fault;
} clti_lmdb_check_run;

/** Takes one pair of a database; views end with the call. */
typedef bool (*clti_lmdb_check_visit)(clti_lmdb_check_run *in, clt_str key, clt_str value);

/** @brief Visit all pairs of a database in order. */
CLTI_MUST_CHECK bool clti_lmdb_check_walk(clti_lmdb_check_run *in, clti_lmdb_database database,
                                          clti_lmdb_check_visit visit);

/** @brief A finding: database, key in hex, and what is wrong. */
CLTI_MUST_CHECK bool clti_lmdb_check_report(clti_lmdb_check_run *in, clti_lmdb_database database, clt_str key,
                                            const char *what);

/** @brief Partners, their domains, applications and links, signing keys, settings of the store; audit and
 * idempotency records. */
CLTI_MUST_CHECK bool clti_lmdb_check_identities(clti_lmdb_check_run *in);

#endif
