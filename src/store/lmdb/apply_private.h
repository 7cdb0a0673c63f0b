/**
 * @file apply_private.h
 * @brief What the files share that apply changes.
 */
#ifndef CLTI_LMDB_APPLY_PRIVATE_H
#define CLTI_LMDB_APPLY_PRIVATE_H

#include "store/lmdb/lmdb_private.h"

/** What became of one change. */
typedef enum clti_lmdb_verdict { CLTI_LMDB_DONE, CLTI_LMDB_REFUSED, CLTI_LMDB_FAILED } clti_lmdb_verdict;

/** A group of changes that is being applied. */
typedef struct clti_lmdb_apply_run {
    clti_lmdb_txn in;
    clti_buf record;
    clti_buf folded;
    clti_folds folds;
    clti_folds old_folds;
    clti_index index;
    clti_index old_index;
    clti_fault_code refusal;
    clti_fault *fault;
} clti_lmdb_apply_run;

clti_lmdb_verdict clti_lmdb_refuse(clti_lmdb_apply_run *of, clti_fault_code why);

/** @brief Store the record just written into of->record. */
clti_lmdb_verdict clti_lmdb_put_record(clti_lmdb_apply_run *of, clti_lmdb_database database,
                                       const clti_lmdb_key *key);

/* ---- customer_write.c ---- */

clti_lmdb_verdict clti_lmdb_create_customer(clti_lmdb_apply_run *of, clt_guid owner,
                                            const clti_customer *customer);
clti_lmdb_verdict clti_lmdb_update_customer(clti_lmdb_apply_run *of, clt_guid owner,
                                            const clti_customer *customer, const clti_customer *expected);

/** @param expected  NULL: however it is. */
clti_lmdb_verdict clti_lmdb_delete_customer(clti_lmdb_apply_run *of, clt_guid owner, clt_guid id,
                                            const clti_customer *expected);

/** @brief True in *out if another customer has this one's id in a list that would show this one. */
CLTI_MUST_CHECK bool clti_lmdb_is_id_taken(clti_lmdb_txn in, clt_guid owner, const clti_customer *customer,
                                           bool *out, clti_fault *fault);

/* ---- identity_write.c ---- */

clti_lmdb_verdict clti_lmdb_create_application(clti_lmdb_apply_run *of, const clti_application *application);
clti_lmdb_verdict clti_lmdb_update_application(clti_lmdb_apply_run *of, const clti_application *application,
                                               const clti_application *expected);
clti_lmdb_verdict clti_lmdb_create_user(clti_lmdb_apply_run *of, const clti_user *user);

/** @param user  NULL: delete it. */
clti_lmdb_verdict clti_lmdb_update_user(clti_lmdb_apply_run *of, const clti_user *user,
                                        const clti_user *expected);

/* ---- audit.c ---- */

/** @brief Write the record under its date, or the next one that is free. */
clti_lmdb_verdict clti_lmdb_put_audit(clti_lmdb_apply_run *of, const clti_audit_record *audit);

clti_lmdb_verdict clti_lmdb_put_idempotency(clti_lmdb_apply_run *of, const clti_idempotency *idempotency);

/** @brief What is kept under the key and not too old; views are valid until the next write. */
CLTI_MUST_CHECK bool clti_lmdb_get_idempotency(clti_lmdb_txn in, clt_guid partner, clt_guid key, int64_t now,
                                               clti_idempotency *out, bool *out_found, clti_fault *fault);

/* ---- expire.c ---- */

clti_lmdb_verdict clti_lmdb_expire(clti_lmdb_apply_run *of, int64_t idempotency_before, int64_t audit_before,
                                   size_t most);

#endif
