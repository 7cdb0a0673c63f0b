/*
 * If no id and no domain comes twice in a load, and no customer of it exists yet, then none bears on another:
 * records, domains and indexes can all go in sorted.
 */
#include "store/lmdb/load_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- a walk along a database, past keys in order ---- */

typedef struct walk {
    const clti_lmdb_load_run *in;
    MDB_cursor *cursor;
    bool ended;
    MDB_val key; /* under the cursor; empty before the first */
    MDB_val value;
} walk;

static bool open_walk(walk *on, clti_lmdb_database database, clti_fault *fault) {
    int code = mdb_cursor_open(on->in->in.txn, on->in->in.store->databases[database], &on->cursor);
    return code == MDB_SUCCESS || clti_lmdb_fail(on->in->in.store, "cannot open a cursor", code, fault);
}

/* The value under the key, or an absent view. */
static bool walk_to(walk *on, clti_lmdb_key *key, clt_str *out, clti_fault *fault) {
    *out = (clt_str){NULL, 0};
    clt_str wanted = clti_lmdb_key_str(key);
    int order = clti_str_compare((clt_str){on->key.mv_data, on->key.mv_size}, wanted);
    if (!on->ended && order < 0) {
        on->key = (MDB_val){key->size, key->bytes};
        int code = mdb_cursor_get(on->cursor, &on->key, &on->value, MDB_SET_RANGE);
        if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
            return clti_lmdb_fail(on->in->in.store, "cannot read", code, fault);
        on->ended = code == MDB_NOTFOUND;
        order = on->ended ? 1 : clti_str_compare((clt_str){on->key.mv_data, on->key.mv_size}, wanted);
    }
    if (!on->ended && order == 0)
        *out = (clt_str){on->value.mv_data, on->value.mv_size};
    return true;
}

/* ---- ids ---- */

/* Put ranks into order. *out_differ says that no key comes twice. */
static void sort(clti_lmdb_load_rank *ranks, size_t count, bool *out_differ) {
    qsort(ranks, count, sizeof *ranks, clti_lmdb_load_compare);
    *out_differ = true;
    for (size_t i = 1; *out_differ && i < count; i++)
        *out_differ = clti_lmdb_load_compare(&ranks[i - 1], &ranks[i]) != 0;
}

static bool rank_ids(clti_lmdb_load_run *in, bool *out_differ, clti_fault *fault) {
    in->by_id = calloc(in->count, sizeof *in->by_id);
    if (in->by_id == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < in->count; i++) {
        clt_str id = {(const char *)in->customers[i].id.bytes, sizeof(clt_guid)};
        in->by_id[i] = clti_lmdb_load_rank_make(0, id, 0, i);
    }
    sort(in->by_id, in->count, out_differ);
    return true;
}

static void id_key(const clti_lmdb_load_run *in, const clti_lmdb_load_rank *rank, clti_lmdb_key *out) {
    clti_lmdb_key_pair(out, in->partner, in->customers[rank->at].id);
}

static bool find_any(clti_lmdb_load_run *in, bool *out_found, clti_fault *fault) {
    walk on = {.in = in};
    clti_lmdb_key key;
    clt_str record = {NULL, 0};
    if (!open_walk(&on, CLTI_LMDB_CUSTOMERS, fault))
        return false;
    bool done = true;
    for (size_t i = 0; done && record.data == NULL && i < in->count; i++) {
        id_key(in, &in->by_id[i], &key);
        done = walk_to(&on, &key, &record, fault);
    }
    mdb_cursor_close(on.cursor);
    *out_found = record.data != NULL;
    return done;
}

/* ---- domains ---- */

static bool fold_domains(clti_lmdb_load_run *in, clti_fault *fault) {
    in->domains = clti_arena_calloc(&in->arena, in->count, sizeof *in->domains);
    if (in->domains == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < in->count; i++) {
        clti_buf_clear(&in->folds.domain);
        if (!clti_text_fold(in->customers[i].domain, &in->folds.domain) ||
            !clti_arena_copy(&in->arena, clti_buf_str(&in->folds.domain), &in->domains[i]))
            return clti_fault_no_memory(fault);
    }
    return true;
}

static bool rank_domains(clti_lmdb_load_run *in, bool *out_differ, clti_fault *fault) {
    in->by_domain = calloc(in->count, sizeof *in->by_domain);
    if (in->by_domain == NULL)
        return clti_fault_no_memory(fault);
    if (!fold_domains(in, fault))
        return false;
    for (size_t i = 0; i < in->count; i++)
        in->by_domain[i] = clti_lmdb_load_rank_make(0, in->domains[i], 0, i);
    sort(in->by_domain, in->count, out_differ);
    return true;
}

/* Settle who is let in as far as domains tell. */
static bool check_domains(clti_lmdb_load_run *in, clti_fault *fault) {
    walk on = {.in = in};
    if (!open_walk(&on, CLTI_LMDB_DOMAINS, fault))
        return false;
    bool done = true;
    for (size_t i = 0; done && i < in->count; i++) {
        clti_lmdb_key domain;
        clti_lmdb_key id;
        clt_str holder;
        size_t at = in->by_domain[i].at;
        bool fits = clti_lmdb_key_text(&domain, in->domains[at]);
        clti_assert(fits); /* the customer is complete */
        done = walk_to(&on, &domain, &holder, fault);
        id_key(in, &in->by_domain[i], &id);
        bool taken = holder.data != NULL && !clti_str_equal(holder, clti_lmdb_key_str(&id));
        in->outcomes[at] = taken ? CLTI_LOAD_DOMAIN_TAKEN : CLTI_LOAD_NEW;
    }
    mdb_cursor_close(on.cursor);
    return done;
}

bool clti_lmdb_load_write_domains(clti_lmdb_load_run *in, clti_fault *fault) {
    clti_lmdb_load_sink sink;
    clt_str first = in->domains[in->by_domain[0].at];
    if (!clti_lmdb_load_sink_open(&sink, in->in, CLTI_LMDB_DOMAINS, first, in->count, fault))
        return false;
    bool done = true;
    for (size_t i = 0; done && i < in->count; i++) {
        clti_lmdb_key id;
        size_t at = in->by_domain[i].at;
        id_key(in, &in->by_domain[i], &id);
        if (in->outcomes[at] == CLTI_LOAD_NEW)
            done = clti_lmdb_load_sink_write(&sink, in->domains[at], clti_lmdb_key_str(&id), fault);
    }
    return clti_lmdb_load_sink_close(&sink, done, fault);
}

/* ---- the plan ---- */

bool clti_lmdb_load_plan(clti_lmdb_load_run *in, clti_fault *fault) {
    bool differ = false;
    bool found = true;
    clti_lmdb_key first;
    if (in->count == 0 || in->count > UINT32_MAX)
        return true;
    if (!rank_ids(in, &differ, fault))
        return false;
    if (!differ)
        return true;
    if (!find_any(in, &found, fault))
        return false;
    if (found)
        return true;
    if (!rank_domains(in, &differ, fault))
        return false;
    if (!differ)
        return true;
    id_key(in, &in->by_id[0], &first);
    in->is_new =
        check_domains(in, fault) && clti_lmdb_load_sink_open(&in->records, in->in, CLTI_LMDB_CUSTOMERS,
                                                             clti_lmdb_key_str(&first), in->count, fault);
    return in->is_new;
}
