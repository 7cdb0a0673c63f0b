/*
 * Deleting what is too old, a little with each group of changes. Both databases are walked round and round,
 * so many records each time; where the walk stands is kept in memory alone. Audit records of a partner are in
 * order of date, so the first one that is young enough ends a partner.
 */
#include "store/lmdb/apply_private.h"

#include <string.h>

typedef struct walk {
    clti_lmdb_apply_run *of;
    clti_lmdb_database database;
    clti_lmdb_key *at; /* where it goes on; empty: at the beginning */
    int64_t before;
} walk;

static bool is_audit_old(clt_str key, int64_t before, bool *out) {
    clt_guid partner;
    int64_t date;
    if (!clti_lmdb_read_date(key, &partner, &date))
        return false;
    *out = date < before;
    return true;
}

static bool is_idempotency_old(clt_str key, clt_str record, int64_t before, bool *out) {
    clti_idempotency read;
    clt_guid ids[2];
    if (key.size != sizeof ids)
        return false;
    memcpy(ids, key.data, sizeof ids);
    if (!clti_record_read_idempotency(record, ids[0], ids[1], &read))
        return false;
    *out = read.created < before;
    return true;
}

/* Go on behind this key: behind its whole partner, if none of the partner's further records can be old. */
static void go_on(walk *in, clt_str key, bool partner_done) {
    static const uint8_t last[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    in->at->size = 0;
    if (!partner_done) {
        clti_lmdb_key_add(in->at, key);
        clti_lmdb_key_add(in->at, (clt_str){"", 1});
        return;
    }
    clti_lmdb_key_add(in->at, (clt_str){key.data, sizeof(clt_guid)});
    clti_lmdb_key_add(in->at, (clt_str){(const char *)last, sizeof last});
}

/* Look at one record. What cannot be read stays, for `check` to tell. */
static bool visit(walk *in, clt_str key, clt_str record) {
    bool is_old = false;
    clti_lmdb_key doomed = {0};
    bool is_audit = in->database == CLTI_LMDB_AUDIT;
    bool readable = is_audit ? is_audit_old(key, in->before, &is_old)
                             : is_idempotency_old(key, record, in->before, &is_old);
    clti_lmdb_key_add(&doomed, key);
    go_on(in, clti_lmdb_key_str(&doomed), is_audit && readable && !is_old);
    return !is_old || clti_lmdb_delete(in->of->in, in->database, clti_lmdb_key_str(&doomed), in->of->fault);
}

static bool walk_with(walk *in, MDB_cursor *cursor, size_t most) {
    MDB_val record;
    for (size_t i = 0; i < most; i++) {
        MDB_val key = {in->at->size, in->at->bytes};
        int code = mdb_cursor_get(cursor, &key, &record, key.mv_size > 0 ? MDB_SET_RANGE : MDB_FIRST);
        if (code == MDB_NOTFOUND) {
            in->at->size = 0;
            return true;
        }
        if (code != MDB_SUCCESS)
            return clti_lmdb_fail(in->of->in.store, "cannot read", code, in->of->fault);
        if (!visit(in, (clt_str){key.mv_data, key.mv_size}, (clt_str){record.mv_data, record.mv_size}))
            return false;
    }
    return true;
}

static bool walk_some(walk *in, size_t most) {
    MDB_cursor *cursor;
    int code = mdb_cursor_open(in->of->in.txn, in->of->in.store->databases[in->database], &cursor);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(in->of->in.store, "cannot open a cursor", code, in->of->fault);
    bool done = walk_with(in, cursor, most);
    mdb_cursor_close(cursor);
    return done;
}

clti_lmdb_verdict clti_lmdb_expire(clti_lmdb_apply_run *of, int64_t idempotency_before, int64_t audit_before,
                                   size_t most) {
    walk audit = {of, CLTI_LMDB_AUDIT, &of->in.store->expired[0], audit_before};
    walk idempotency = {of, CLTI_LMDB_IDEMPOTENCY, &of->in.store->expired[1], idempotency_before};
    return walk_some(&audit, most) && walk_some(&idempotency, most) ? CLTI_LMDB_DONE : CLTI_LMDB_FAILED;
}
