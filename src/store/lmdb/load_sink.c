/*
 * Sorted writes to one database. Before entries that are there already, LMDB halves each page that runs full,
 * and the halves stay half empty; only behind the last entry pages are filled. So where fewer entries than
 * new ones stand behind the first new key, they are taken out and go in again at their places.
 */
#include "store/lmdb/load_private.h"

#include <stdlib.h>
#include <string.h>

static clt_str str_of(MDB_val from) {
    return (clt_str){from.mv_data, from.mv_size};
}

static bool fail_read(const clti_lmdb_load_sink *sink, int code, clti_fault *fault) {
    return clti_lmdb_fail(sink->in.store, "cannot read", code, fault);
}

/* Count the entries from `first` on, up to `most`. */
static bool count_old(const clti_lmdb_load_sink *sink, clt_str first, size_t most, size_t *out,
                      clti_fault *fault) {
    MDB_val key = clti_lmdb_val(first);
    MDB_val value;
    *out = 0;
    int code = mdb_cursor_get(sink->cursor, &key, &value, MDB_SET_RANGE);
    while (code == MDB_SUCCESS && *out < most) {
        ++*out;
        code = mdb_cursor_get(sink->cursor, &key, &value, MDB_NEXT);
    }
    return code == MDB_SUCCESS || code == MDB_NOTFOUND || fail_read(sink, code, fault);
}

static bool copy_old(clti_lmdb_load_sink *sink, clt_str first, clti_fault *fault) {
    MDB_val key = clti_lmdb_val(first);
    MDB_val value;
    sink->old = clti_arena_calloc(&sink->arena, sink->old_count, sizeof *sink->old);
    if (sink->old == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < sink->old_count; i++) {
        int code = mdb_cursor_get(sink->cursor, &key, &value, i == 0 ? MDB_SET_RANGE : MDB_NEXT);
        if (code != MDB_SUCCESS)
            return fail_read(sink, code, fault);
        if (!clti_arena_copy(&sink->arena, str_of(key), &sink->old[i].key) ||
            !clti_arena_copy(&sink->arena, str_of(value), &sink->old[i].value))
            return clti_fault_no_memory(fault);
    }
    return true;
}

/* Take out the old entries if they are few; then nothing stands behind. */
static bool take_old(clti_lmdb_load_sink *sink, clt_str first, size_t count, clti_fault *fault) {
    size_t old_count;
    if (!count_old(sink, first, count, &old_count, fault))
        return false;
    if (old_count == count)
        return true;
    sink->flags = MDB_APPEND;
    sink->old_count = old_count;
    if (old_count > 0 && !copy_old(sink, first, fault))
        return false;
    for (size_t i = 0; i < old_count; i++)
        if (!clti_lmdb_delete(sink->in, sink->database, sink->old[i].key, fault))
            return false;
    return true;
}

static int open_cursor(clti_lmdb_load_sink *sink) {
    return mdb_cursor_open(sink->in.txn, sink->in.store->databases[sink->database], &sink->cursor);
}

bool clti_lmdb_load_sink_open(clti_lmdb_load_sink *sink, clti_lmdb_txn in, clti_lmdb_database database,
                              clt_str first, size_t count, clti_fault *fault) {
    *sink = (clti_lmdb_load_sink){.in = in, .database = database};
    int code = open_cursor(sink);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(in.store, "cannot open a cursor", code, fault);
    return take_old(sink, first, count, fault) || clti_lmdb_load_sink_close(sink, false, fault);
}

static bool put(clti_lmdb_load_sink *sink, clt_str key, clt_str value, clti_fault *fault) {
    MDB_val key_val = clti_lmdb_val(key);
    MDB_val value_val = clti_lmdb_val(value);
    int code = mdb_cursor_put(sink->cursor, &key_val, &value_val, sink->flags);
    return code == MDB_SUCCESS || clti_lmdb_fail(sink->in.store, "cannot write", code, fault);
}

/* Put back what stands before the key; what stands at it is replaced. */
static bool put_old(clti_lmdb_load_sink *sink, clt_str key, clti_fault *fault) {
    while (sink->old_done < sink->old_count) {
        const clti_lmdb_load_pair *old = &sink->old[sink->old_done];
        int order = clti_str_compare(old->key, key);
        if (order > 0)
            return true;
        sink->old_done++;
        if (order < 0 && !put(sink, old->key, old->value, fault))
            return false;
    }
    return true;
}

bool clti_lmdb_load_sink_write(clti_lmdb_load_sink *sink, clt_str key, clt_str value, clti_fault *fault) {
    if (!put_old(sink, key, fault))
        return false;
    return value.data != NULL ? put(sink, key, value, fault)
                              : clti_lmdb_delete(sink->in, sink->database, key, fault);
}

bool clti_lmdb_load_sink_close(clti_lmdb_load_sink *sink, bool done, clti_fault *fault) {
    for (; done && sink->old_done < sink->old_count; sink->old_done++)
        done = put(sink, sink->old[sink->old_done].key, sink->old[sink->old_done].value, fault);
    mdb_cursor_close(sink->cursor);
    clti_arena_done(&sink->arena);
    return done;
}
