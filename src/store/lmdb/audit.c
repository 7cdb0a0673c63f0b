/* Audit and idempotency records: what is kept of changes. */
#include "store/audit_filter.h"
#include "store/lmdb/apply_private.h"

#include <string.h>

#define FOLD_SIZE_MAX ((size_t)1 << 24)

/* ---- writing ---- */

/* Dates are those of requests, so two may fall into one tick; the later one moves on. */
static bool find_free_date(clti_lmdb_apply_run *of, const clti_audit_record *audit, clti_lmdb_key *key) {
    clt_str taken;
    int64_t date = audit->date;
    do {
        clti_lmdb_key_date(key, audit->partner, date++);
        if (!clti_lmdb_get(of->in, CLTI_LMDB_AUDIT, clti_lmdb_key_str(key), &taken, of->fault))
            return false;
    } while (taken.data != NULL);
    return true;
}

clti_lmdb_verdict clti_lmdb_put_audit(clti_lmdb_apply_run *of, const clti_audit_record *audit) {
    clti_lmdb_key key;
    if (!find_free_date(of, audit, &key))
        return CLTI_LMDB_FAILED;
    clti_buf_clear(&of->record);
    clti_record_write_audit(audit, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_AUDIT, &key);
}

clti_lmdb_verdict clti_lmdb_put_idempotency(clti_lmdb_apply_run *of, const clti_idempotency *idempotency) {
    clti_lmdb_key key;
    clti_lmdb_key_pair(&key, idempotency->partner, idempotency->key);
    clti_buf_clear(&of->record);
    clti_record_write_idempotency(idempotency, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_IDEMPOTENCY, &key);
}

/* ---- one idempotency record ---- */

bool clti_lmdb_get_idempotency(clti_lmdb_txn in, clt_guid partner, clt_guid key, int64_t now,
                               clti_idempotency *out, bool *out_found, clti_fault *fault) {
    clti_lmdb_key at;
    clt_str record;
    clti_lmdb_key_pair(&at, partner, key);
    if (!clti_lmdb_get(in, CLTI_LMDB_IDEMPOTENCY, clti_lmdb_key_str(&at), &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_idempotency(record, partner, key, out))
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_IDEMPOTENCY, clti_lmdb_key_str(&at), fault);
    *out_found = record.data != NULL && out->created > now - CLTI_IDEMPOTENCY_SECONDS;
    return true;
}

bool clti_lmdb_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                                clti_arena *arena, clti_idempotency *out, bool *out_found,
                                clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = clti_lmdb_get_idempotency((clti_lmdb_txn){lmdb, reader->txn}, partner, key, now, out,
                                          out_found, fault);
    if (done && *out_found && !clti_arena_copy(arena, out->answer.body, &out->answer.body))
        done = clti_fault_no_memory(fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

/* ---- listing ---- */

typedef struct scan {
    clti_lmdb *store;
    const clti_audit_query *query;
    clti_arena *arena;
    clti_buf folded;
    clti_audit_page page;
    clti_fault *fault;
} scan;

/* Take the record if it matches. Once the page is full, only whether there is one. */
static bool visit(scan *in, clt_str key, clt_str value) {
    clt_guid partner;
    int64_t date;
    clti_audit_record record;
    if (!clti_lmdb_read_date(key, &partner, &date) || !clti_record_read_audit(value, partner, date, &record))
        return clti_lmdb_fail_record(in->store, CLTI_LMDB_AUDIT, key, in->fault);
    if (!clti_audit_matches(in->query, &record, &in->folded))
        return true;
    in->page.has_more = in->page.count == in->query->size;
    if (in->page.has_more)
        return true;
    clt_str copy;
    if (!clti_arena_copy(in->arena, value, &copy))
        return clti_fault_no_memory(in->fault);
    return clti_record_read_audit(copy, partner, date, &in->page.records[in->page.count++]);
}

/* Put the cursor on the record nearest to the end from which the scan goes. */
static int seek(MDB_cursor *cursor, const clti_audit_query *query, MDB_val *key, MDB_val *value) {
    clti_lmdb_key start;
    clti_lmdb_key_date(&start, query->partner, query->is_forwards ? query->from : query->to);
    *key = (MDB_val){start.size, start.bytes};
    int code = mdb_cursor_get(cursor, key, value, MDB_SET_RANGE);
    if (query->is_forwards)
        return code;
    return mdb_cursor_get(cursor, key, value, code == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}

static bool scan_all(scan *in, MDB_cursor *cursor) {
    MDB_val key;
    MDB_val value;
    clti_lmdb_key low;
    clti_lmdb_key high;
    clti_lmdb_key_date(&low, in->query->partner, in->query->from);
    clti_lmdb_key_date(&high, in->query->partner, in->query->to);
    int code = seek(cursor, in->query, &key, &value);
    while (code == MDB_SUCCESS && !in->page.has_more) {
        clt_str at = {key.mv_data, key.mv_size};
        if (clti_str_compare(at, clti_lmdb_key_str(&low)) < 0 ||
            clti_str_compare(at, clti_lmdb_key_str(&high)) >= 0)
            break;
        if (!visit(in, at, (clt_str){value.mv_data, value.mv_size}))
            return false;
        code = mdb_cursor_get(cursor, &key, &value, in->query->is_forwards ? MDB_NEXT : MDB_PREV);
    }
    return code == MDB_SUCCESS || code == MDB_NOTFOUND ||
           clti_lmdb_fail(in->store, "cannot read", code, in->fault);
}

bool clti_lmdb_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                          clti_audit_page *out, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    scan in = {.store = lmdb, .query = query, .arena = arena, .fault = fault};
    in.page.records = clti_arena_calloc(arena, query->size, sizeof *in.page.records);
    if (in.page.records == NULL)
        return clti_fault_no_memory(fault);
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    clti_buf_init(&in.folded, FOLD_SIZE_MAX);
    MDB_cursor *cursor = clti_lmdb_read_cursor(lmdb, reader, CLTI_LMDB_AUDIT, fault);
    bool done = cursor != NULL && scan_all(&in, cursor);
    clti_buf_done(&in.folded);
    clti_lmdb_read_end(lmdb, reader);
    if (!done)
        return false;
    if (query->is_forwards)
        clti_audit_turn_around(&in.page);
    *out = in.page;
    return true;
}
