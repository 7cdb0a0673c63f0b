#include "store/lmdb/lmdb_private.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_SIZE_MAX ((size_t)1 << 16)

/* Grants looked at for expiry with each new one: more than one, so that the expired do not pile up. */
#define EXPIRE_MAX 16

/* ---- reading ---- */

static bool get_copy(clti_lmdb *store, clti_lmdb_database database, const clti_lmdb_key *key,
                     clti_arena *arena, clt_str *out, clti_fault *fault) {
    clt_str value;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(store, fault);
    if (reader == NULL)
        return false;
    bool done =
        clti_lmdb_get((clti_lmdb_txn){store, reader->txn}, database, clti_lmdb_key_str(key), &value, fault);
    done = done && (clti_arena_copy(arena, value, out) || clti_fault_no_memory(fault));
    clti_lmdb_read_end(store, reader);
    return done;
}

bool clti_lmdb_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                         bool *out_found, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_key key;
    clt_str record;
    *out_found = false;
    if (!clti_lmdb_key_user(&key, partner, name))
        return true;
    if (!get_copy(lmdb, CLTI_LMDB_USERS, &key, arena, &record, fault))
        return false;
    if (record.data == NULL)
        return true;
    if (!clti_arena_copy(arena, name, &name))
        return clti_fault_no_memory(fault);
    if (!clti_record_read_user(record, partner, name, out))
        return clti_lmdb_fail_record(lmdb, CLTI_LMDB_USERS, clti_lmdb_key_str(&key), fault);
    *out_found = true;
    return true;
}

bool clti_lmdb_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                          bool *out_found, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_key key;
    clt_str record;
    clti_lmdb_key_guid(&key, id);
    if (!get_copy(lmdb, CLTI_LMDB_GRANTS, &key, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_grant(record, id, out))
        return clti_lmdb_fail_record(lmdb, CLTI_LMDB_GRANTS, clti_lmdb_key_str(&key), fault);
    *out_found = record.data != NULL;
    return true;
}

/* ---- users ---- */

static bool put(clti_lmdb_txn in, clti_lmdb_database database, const clti_lmdb_key *key, clti_buf *record,
                clti_fault *fault) {
    bool done = clti_buf_ok(record) || clti_fault_no_memory(fault);
    done = done && clti_lmdb_put(in, database, clti_lmdb_key_str(key), clti_buf_str(record), fault);
    if (record->data != NULL)
        clti_wipe(record->data, record->size);
    clti_buf_done(record);
    return done;
}

bool clti_lmdb_user_put(clti_lmdb_txn in, const clti_user *user, clti_lmdb_refusal *out, clti_fault *fault) {
    clti_lmdb_key key;
    clt_str partner;
    clti_buf record;
    clti_lmdb_key_guid(&key, user->partner);
    if (!clti_lmdb_get(in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), &partner, fault))
        return false;
    if (partner.data == NULL || !clti_lmdb_key_user(&key, user->partner, user->name)) {
        *out = partner.data == NULL ? CLTI_FAULT_NOT_FOUND : CLTI_FAULT_INVALID_PROPERTY;
        return true;
    }
    clti_buf_init(&record, RECORD_SIZE_MAX);
    clti_record_write_user(user, &record);
    return put(in, CLTI_LMDB_USERS, &key, &record, fault);
}

bool clti_lmdb_user_delete(clti_lmdb_txn in, clt_guid partner, clt_str name, clti_lmdb_refusal *out,
                           clti_fault *fault) {
    clti_lmdb_key key;
    clt_str record = {NULL, 0};
    if (clti_lmdb_key_user(&key, partner, name) &&
        !clti_lmdb_get(in, CLTI_LMDB_USERS, clti_lmdb_key_str(&key), &record, fault))
        return false;
    if (record.data == NULL) {
        *out = CLTI_FAULT_NOT_FOUND;
        return true;
    }
    return clti_lmdb_delete(in, CLTI_LMDB_USERS, clti_lmdb_key_str(&key), fault);
}

/* ---- grants ---- */

/* Delete what has expired among the next few, and remember where to go on. Damaged ones are left to `check`.
 */
static int expire_some(clti_lmdb *store, MDB_cursor *cursor, int64_t now) {
    MDB_val key = {sizeof store->expired_grant, &store->expired_grant};
    MDB_val value;
    int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (size_t i = 0; i < EXPIRE_MAX && code == MDB_SUCCESS; i++) {
        clti_user_grant grant;
        if (clti_record_read_grant((clt_str){value.mv_data, value.mv_size}, (clt_guid){{0}}, &grant) &&
            grant.expires <= now)
            code = mdb_cursor_del(cursor, 0);
        if (code == MDB_SUCCESS)
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code == MDB_SUCCESS && key.mv_size == sizeof store->expired_grant)
        memcpy(&store->expired_grant, key.mv_data, key.mv_size);
    else
        store->expired_grant = (clt_guid){{0}};
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

static bool expire(clti_lmdb_txn in, int64_t now, clti_fault *fault) {
    MDB_cursor *cursor;
    int code = mdb_cursor_open(in.txn, in.store->databases[CLTI_LMDB_GRANTS], &cursor);
    if (code == MDB_SUCCESS) {
        code = expire_some(in.store, cursor, now);
        mdb_cursor_close(cursor);
    }
    return code == MDB_SUCCESS || clti_lmdb_fail(in.store, "cannot delete expired grants", code, fault);
}

bool clti_lmdb_grant_put(clti_lmdb_txn in, const clti_user_grant *grant, clti_lmdb_refusal *out,
                         clti_fault *fault) {
    clti_lmdb_key key;
    clt_str record;
    clti_user_grant held = {0};
    clti_buf written;
    clti_lmdb_key_guid(&key, grant->id);
    if (!clti_lmdb_get(in, CLTI_LMDB_GRANTS, clti_lmdb_key_str(&key), &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_grant(record, grant->id, &held))
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_GRANTS, clti_lmdb_key_str(&key), fault);
    if (held.revision + 1 != grant->revision) {
        *out = CLTI_FAULT_CONFLICT;
        return true;
    }
    if (grant->revision == 1 && !expire(in, grant->signed_in, fault))
        return false;
    clti_buf_init(&written, RECORD_SIZE_MAX);
    clti_record_write_grant(grant, &written);
    return put(in, CLTI_LMDB_GRANTS, &key, &written, fault);
}

bool clti_lmdb_grant_delete(clti_lmdb_txn in, clt_guid id, clti_fault *fault) {
    clti_lmdb_key key;
    clti_lmdb_key_guid(&key, id);
    return clti_lmdb_delete(in, CLTI_LMDB_GRANTS, clti_lmdb_key_str(&key), fault);
}
