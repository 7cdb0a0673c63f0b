#include "store/lmdb/lmdb_private.h"

#include <errno.h>
#include <stdlib.h>

/* What the operator can do about it. LMDB tells a write that went in by half, as on a full disk, as EIO. */
static const char *way_out(int code) {
    if (code == MDB_MAP_RESIZED || code == MDB_MAP_FULL)
        return " (store.map_size is too small for it: raise it and start again)";
    if (code == EIO || code == ENOSPC || code == EDQUOT || code == EFBIG)
        return " (is the disk full, or a limit on file sizes reached?)";
    return "";
}

bool clti_lmdb_fail(const clti_lmdb *store, const char *tried, int code, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': %s: %s%s", store->folder, tried,
                          mdb_strerror(code), way_out(code));
}

bool clti_lmdb_fail_record(const clti_lmdb *store, clti_lmdb_database database, clt_str key,
                           clti_fault *fault) {
    static const char digits[] = "0123456789abcdef";
    char hex[2 * CLTI_LMDB_KEY_MAX + 1];
    size_t size = 0;
    for (size_t i = 0; i < key.size && i < CLTI_LMDB_KEY_MAX; i++) {
        hex[size++] = digits[(uint8_t)key.data[i] >> 4];
        hex[size++] = digits[(uint8_t)key.data[i] & 15];
    }
    hex[size] = '\0';
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': damaged record in %s at key %s",
                          store->folder, clti_lmdb_database_name(database), hex);
}

/* ---- reading ---- */

void clti_lmdb_reader_free(clti_lmdb_reader *reader) {
    for (size_t i = 0; i < CLTI_LMDB_DATABASE_COUNT; i++)
        if (reader->cursors[i] != NULL)
            mdb_cursor_close(reader->cursors[i]);
    if (reader->txn != NULL)
        mdb_txn_abort(reader->txn);
    free(reader);
}

static int begin_txn(clti_lmdb *store, clti_lmdb_reader *reader) {
    int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &reader->txn);
    if (code == MDB_READERS_FULL) {
        /* Processes that were killed leave their places in the reader table taken. */
        int dead = 0;
        code = mdb_reader_check(store->env, &dead);
        if (code == MDB_SUCCESS)
            code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &reader->txn);
    }
    return code;
}

clti_lmdb_reader *clti_lmdb_read_begin(clti_lmdb *store, clti_fault *fault) {
    pthread_mutex_lock(&store->lock);
    clti_lmdb_reader *reader = store->idle;
    if (reader != NULL)
        store->idle = reader->next;
    pthread_mutex_unlock(&store->lock);

    int code;
    if (reader != NULL) {
        code = mdb_txn_renew(reader->txn);
    } else {
        reader = calloc(1, sizeof *reader);
        if (reader == NULL) {
            clti_fault_no_memory(fault);
            return NULL;
        }
        code = begin_txn(store, reader);
    }
    if (code != MDB_SUCCESS) {
        clti_lmdb_reader_free(reader);
        clti_lmdb_fail(store, "cannot begin to read", code, fault);
        return NULL;
    }
    return reader;
}

void clti_lmdb_read_end(clti_lmdb *store, clti_lmdb_reader *reader) {
    mdb_txn_reset(reader->txn);
    pthread_mutex_lock(&store->lock);
    reader->next = store->idle;
    store->idle = reader;
    pthread_mutex_unlock(&store->lock);
}

MDB_cursor *clti_lmdb_read_cursor(clti_lmdb *store, clti_lmdb_reader *reader, clti_lmdb_database database,
                                  clti_fault *fault) {
    MDB_cursor **cursor = &reader->cursors[database];
    int code = *cursor != NULL ? mdb_cursor_renew(reader->txn, *cursor)
                               : mdb_cursor_open(reader->txn, store->databases[database], cursor);
    if (code != MDB_SUCCESS) {
        clti_lmdb_fail(store, "cannot open a cursor", code, fault);
        return NULL;
    }
    return *cursor;
}

/* ---- values ---- */

MDB_val clti_lmdb_val(clt_str bytes) {
    union {
        const char *from;
        void *to;
    } data = {.from = bytes.data};
    return (MDB_val){bytes.size, data.to};
}

bool clti_lmdb_get(clti_lmdb_txn in, clti_lmdb_database database, clt_str key, clt_str *out,
                   clti_fault *fault) {
    MDB_val key_val = clti_lmdb_val(key);
    MDB_val value;
    int code = mdb_get(in.txn, in.store->databases[database], &key_val, &value);
    if (code == MDB_NOTFOUND) {
        *out = (clt_str){NULL, 0};
        return true;
    }
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(in.store, "cannot read", code, fault);
    *out = (clt_str){value.mv_data, value.mv_size};
    return true;
}

bool clti_lmdb_put(clti_lmdb_txn in, clti_lmdb_database database, clt_str key, clt_str value,
                   clti_fault *fault) {
    MDB_val key_val = clti_lmdb_val(key);
    MDB_val value_val = clti_lmdb_val(value);
    int code = mdb_put(in.txn, in.store->databases[database], &key_val, &value_val, 0);
    return code == MDB_SUCCESS || clti_lmdb_fail(in.store, "cannot write", code, fault);
}

bool clti_lmdb_delete(clti_lmdb_txn in, clti_lmdb_database database, clt_str key, clti_fault *fault) {
    MDB_val key_val = clti_lmdb_val(key);
    int code = mdb_del(in.txn, in.store->databases[database], &key_val, NULL);
    return code == MDB_SUCCESS || code == MDB_NOTFOUND ||
           clti_lmdb_fail(in.store, "cannot delete", code, fault);
}

bool clti_lmdb_first_key(clti_lmdb_txn in, clti_lmdb_database database, clt_guid partner, clti_lmdb_key *out,
                         clti_fault *fault) {
    MDB_cursor *cursor;
    MDB_val value;
    clti_lmdb_key prefix;
    clti_lmdb_key_guid(&prefix, partner);
    MDB_val found = {prefix.size, prefix.bytes};
    int code = mdb_cursor_open(in.txn, in.store->databases[database], &cursor);
    if (code == MDB_SUCCESS) {
        code = mdb_cursor_get(cursor, &found, &value, MDB_SET_RANGE);
        mdb_cursor_close(cursor);
    }
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return clti_lmdb_fail(in.store, "cannot read", code, fault);
    clt_str key = {found.mv_data, found.mv_size};
    out->size = 0;
    if (code == MDB_SUCCESS && clti_str_starts_with(key, clti_lmdb_key_str(&prefix)))
        clti_lmdb_key_add(out, key);
    return true;
}

void clti_lmdb_write_u64(uint64_t number, uint8_t out[8]) {
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (56 - 8 * i));
}

uint64_t clti_lmdb_read_u64(const uint8_t in[8]) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | in[i];
    return number;
}

/* ---- state of a partner's list ---- */

bool clti_lmdb_state_get(clti_lmdb_txn in, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    clti_lmdb_key key;
    clt_str value = {NULL, 0};
    clti_lmdb_key_guid(&key, partner);
    if (!clti_lmdb_get(in, CLTI_LMDB_PARTNER_STATE, clti_lmdb_key_str(&key), &value, fault))
        return false;
    *out = (clti_partner_state){0};
    if (value.data == NULL)
        return true;
    if (value.size != 16)
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_PARTNER_STATE, clti_lmdb_key_str(&key), fault);
    const uint8_t *bytes = (const uint8_t *)value.data;
    out->revision = clti_lmdb_read_u64(bytes);
    out->count = clti_lmdb_read_u64(bytes + 8);
    return true;
}

bool clti_lmdb_state_add(clti_lmdb_txn in, clt_guid partner, int64_t count, clti_fault *fault) {
    clti_lmdb_key key;
    clti_partner_state state;
    uint8_t bytes[16];
    if (!clti_lmdb_state_get(in, partner, &state, fault))
        return false;
    clti_lmdb_write_u64(state.revision + 1, bytes);
    clti_lmdb_write_u64(state.count + (uint64_t)count, bytes + 8);
    clti_lmdb_key_guid(&key, partner);
    return clti_lmdb_put(in, CLTI_LMDB_PARTNER_STATE, clti_lmdb_key_str(&key),
                         (clt_str){(const char *)bytes, sizeof bytes}, fault);
}
