/*
 * Many customers in one transaction. Records and domains are written one after the other, each after its
 * checks, so a refusal writes nothing and needs no transaction of its own. Writes to the indexes of the list
 * are set aside: nothing here reads them, and at the end they go in sorted, which is several times faster
 * (load_write.c). If all customers are new, none of them bears on another, and everything goes in sorted
 * (load_new.c).
 */
#include "store/lmdb/apply_private.h"
#include "store/lmdb/load_private.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_SIZE_MAX ((size_t)1 << 24)

/* ---- setting aside ---- */

static clti_lmdb_load_write *add_write(clti_lmdb_load_run *to) {
    if (to->write_count == to->write_capacity) {
        size_t capacity = to->write_capacity == 0 ? 1024 : to->write_capacity * 2;
        clti_lmdb_load_write *grown = reallocarray(to->writes, capacity, sizeof *grown);
        if (grown == NULL || capacity > UINT32_MAX) {
            to->writes = grown != NULL ? grown : to->writes;
            return NULL;
        }
        to->writes = grown;
        to->write_capacity = capacity;
    }
    return &to->writes[to->write_count];
}

static bool keep(clti_lmdb_load_run *to, clt_str bytes, clt_str *out, clti_fault *fault) {
    return clti_arena_copy(&to->arena, bytes, out) || clti_fault_no_memory(fault);
}

/* The key is copied, the value kept already. */
static bool set_aside(clti_lmdb_load_run *to, clti_lmdb_database database, clt_str key, clt_str value,
                      clti_fault *fault) {
    clt_str kept;
    clti_lmdb_load_write *write = add_write(to);
    if (write == NULL)
        return clti_fault_no_memory(fault);
    if (!keep(to, key, &kept, fault))
        return false;
    *write =
        (clti_lmdb_load_write){.key = kept.data,
                               .value = value.data,
                               .value_size = (uint32_t)value.size,
                               .key_size = (uint16_t)key.size,
                               .database = (uint8_t)database,
                               .is_own = memcmp(key.data, to->partner.bytes, sizeof to->partner.bytes) == 0};
    to->write_count++;
    return true;
}

static bool write_index(void *user, const clti_index_entry *entry, clt_str position, clt_str value,
                        clti_fault *fault) {
    clti_lmdb_load_run *to = user;
    clti_lmdb_key built;
    clti_lmdb_database database = clti_lmdb_key_entry(&built, entry, position);
    clt_str key = clti_lmdb_key_str(&built);
    if (database == CLTI_LMDB_SHARED) {
        if (to->is_new)
            return set_aside(to, database, key, (clt_str){(const char *)to->partner.bytes, value.size},
                             fault);
        /* The checks of later customers read this one. */
        return value.data != NULL ? clti_lmdb_put(to->in, database, key, value, fault)
                                  : clti_lmdb_delete(to->in, database, key, fault);
    }
    if (value.data == NULL)
        return set_aside(to, database, key, value, fault);
    /* All of a customer's entries have the same value. */
    return (to->item.data != NULL || keep(to, value, &to->item, fault)) &&
           set_aside(to, database, key, to->item, fault);
}

static bool change_viewer(void *user, clt_guid viewer, int64_t count, clti_fault *fault) {
    clti_lmdb_load_run *to = user;
    if (!clti_guid_equal(viewer, to->partner))
        return clti_lmdb_state_add(to->in, viewer, count, fault);
    to->partner_changed = true;
    to->count_change += count;
    return true;
}

/* ---- one customer ---- */

/* Take the domain for the customer under `key`, unless another one has it. */
static bool take_domain(clti_lmdb_load_run *to, const clti_lmdb_key *key, const clti_lmdb_key *domain,
                        bool *out_taken, clti_fault *fault) {
    clt_str holder;
    if (!clti_lmdb_get(to->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), &holder, fault))
        return false;
    *out_taken = holder.data != NULL && !clti_str_equal(holder, clti_lmdb_key_str(key));
    if (holder.data != NULL)
        return true;
    return clti_lmdb_put(to->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), clti_lmdb_key_str(key), fault);
}

/* Fill old_folds and old_index; after this nothing points into the stored record. `old` is NULL for none. */
static bool fold_old(clti_lmdb_load_run *to, const clti_customer *old, clti_fault *fault) {
    clti_index_clear(&to->old_index);
    clti_buf_clear(&to->old_folds.domain);
    return old == NULL || (clti_folds_make(old, &to->old_folds, fault) &&
                           clti_index_build(to->partner, old, &to->old_folds, &to->old_index, fault));
}

/* Write the customer's record as it shall be into to->record. */
static bool make_record(clti_lmdb_load_run *to, const clti_customer *customer, const clti_customer *old,
                        clti_fault *fault) {
    clti_customer kept = *customer;
    if (old != NULL)
        clti_customer_keep(&kept, old);
    clti_buf_clear(&to->record);
    clti_record_write_customer(&kept, &to->record);
    return clti_buf_ok(&to->record) || clti_fault_no_memory(fault);
}

/* The checks are behind us. */
static bool write_customer(clti_lmdb_load_run *to, const clti_lmdb_key *key, clti_fault *fault) {
    clt_str old_domain = clti_buf_str(&to->old_folds.domain);
    if (!clti_str_is_empty(old_domain) && !clti_str_equal(old_domain, clti_buf_str(&to->folds.domain)) &&
        !clti_lmdb_delete(to->in, CLTI_LMDB_DOMAINS, old_domain, fault))
        return false;
    to->item = (clt_str){NULL, 0};
    clt_str record = clti_buf_str(&to->record);
    bool done = to->is_new
                    ? clti_lmdb_load_sink_write(&to->records, clti_lmdb_key_str(key), record, fault)
                    : clti_lmdb_put(to->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), record, fault);
    return done && clti_index_change(&to->old_index, &to->index, write_index, change_viewer, to, fault);
}

static bool load_one(clti_lmdb_load_run *to, const clti_customer *customer, clti_load_outcome *outcome,
                     clti_fault *fault) {
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clt_str old = {NULL, 0};
    clti_customer before;
    bool taken;
    clti_lmdb_key_pair(&key, to->partner, customer->id);
    if (!to->is_new && !clti_lmdb_get(to->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), &old, fault))
        return false;
    if (old.data != NULL && !clti_record_read_customer(old, customer->id, &before))
        return clti_lmdb_fail_record(to->in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), fault);
    if (!make_record(to, customer, old.data != NULL ? &before : NULL, fault))
        return false;
    if (old.data != NULL && clti_str_equal(old, clti_buf_str(&to->record))) {
        *outcome = CLTI_LOAD_UNCHANGED;
        return true;
    }
    *outcome = old.data != NULL ? CLTI_LOAD_UPDATED : CLTI_LOAD_NEW;
    if (!fold_old(to, old.data != NULL ? &before : NULL, fault) ||
        !clti_folds_make(customer, &to->folds, fault) ||
        !clti_index_build(to->partner, customer, &to->folds, &to->index, fault) ||
        !clti_lmdb_is_id_taken(to->in, to->partner, customer, &taken, fault))
        return false;
    bool domain_fits = clti_lmdb_key_text(&domain, clti_buf_str(&to->folds.domain));
    clti_assert(domain_fits); /* the customer is complete */
    if (!taken && !to->is_new && !take_domain(to, &key, &domain, &taken, fault))
        return false;
    if (taken) {
        *outcome = CLTI_LOAD_DOMAIN_TAKEN;
        return true;
    }
    return write_customer(to, &key, fault);
}

/* ---- all of them ---- */

static bool load_each(clti_lmdb_load_run *to, clti_fault *fault) {
    for (size_t i = 0; i < to->count; i++) {
        size_t at = to->is_new ? to->by_id[i].at : i;
        if (to->is_new && to->outcomes[at] == CLTI_LOAD_DOMAIN_TAKEN)
            continue;
        if (!load_one(to, &to->customers[at], &to->outcomes[at], fault))
            return false;
    }
    return true;
}

static bool load_all(clti_lmdb_load_run *to, clti_fault *fault) {
    if (!clti_lmdb_load_plan(to, fault))
        return false;
    bool done = load_each(to, fault);
    if (to->is_new)
        done = clti_lmdb_load_sink_close(&to->records, done, fault);
    return done && (!to->is_new || clti_lmdb_load_write_domains(to, fault)) &&
           clti_lmdb_load_write_all(to, fault) &&
           (!to->partner_changed || clti_lmdb_state_add(to->in, to->partner, to->count_change, fault));
}

static void init_load(clti_lmdb_load_run *to) {
    clti_buf_init(&to->record, RECORD_SIZE_MAX);
    clti_folds_init(&to->folds);
    clti_folds_init(&to->old_folds);
    clti_index_init(&to->index);
    clti_index_init(&to->old_index);
}

static void done_load(clti_lmdb_load_run *to) {
    clti_buf_done(&to->record);
    clti_folds_done(&to->folds);
    clti_folds_done(&to->old_folds);
    clti_index_done(&to->index);
    clti_index_done(&to->old_index);
    clti_arena_done(&to->arena);
    free(to->writes);
    free(to->by_id);
    free(to->by_domain);
}

bool clti_lmdb_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                    clti_load_outcome *outcomes, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    MDB_txn *txn;
    int code = mdb_txn_begin(lmdb->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(lmdb, "cannot begin to write", code, fault);
    clti_lmdb_load_run to = {
        .in = {lmdb, txn}, .partner = partner, .customers = customers, .count = count, .outcomes = outcomes};
    init_load(&to);
    bool done = load_all(&to, fault);
    done_load(&to);
    if (!done) {
        mdb_txn_abort(txn);
        return false;
    }
    code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS || clti_lmdb_fail(lmdb, "cannot commit", code, fault);
}
