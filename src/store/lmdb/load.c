/*
 * Many customers in one transaction. Records and domains are written one after the other, each after its
 * checks, so a refusal writes nothing and needs no transaction of its own. Writes to the indexes of the list
 * are set aside: nothing here reads them, and at the end they go in sorted, which is several times faster.
 * The last write to a key is the one that counts.
 *
 * A partner's first load can do more: if no id and no domain comes twice, no customer of it bears on another,
 * so it runs in order of ids (records are appended) and sets domains aside as well.
 */
#include "store/lmdb/lmdb_private.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_SIZE_MAX ((size_t)1 << 24)

/* A write set aside. */
typedef struct index_write {
    uint64_t head[2]; /* the bytes that tell most keys apart, to sort without looking at them */
    const char *key;
    const char *value; /* NULL deletes */
    uint32_t order;
    uint32_t value_size;
    uint16_t key_size;
    uint8_t database;
    bool is_own; /* begins with the id of the partner whose load this is */
} index_write;

typedef struct load {
    clti_lmdb_txn in;
    clt_guid partner;
    bool partner_changed;
    int64_t count_change;
    clti_buf record;
    clti_lmdb_folds folds;
    clti_lmdb_folds old_folds;
    clti_lmdb_index index;
    clti_lmdb_index old_index;
    clti_arena arena; /* keys and values set aside */
    clt_str item;     /* the customer's item, once it has been set aside */
    index_write *writes;
    size_t write_count;
    size_t write_capacity;
    bool is_first;           /* see above */
    unsigned customer_flags; /* MDB_APPEND if records go behind all others */
} load;

/* ---- setting aside ---- */

static index_write *add_write(load *to) {
    if (to->write_count == to->write_capacity) {
        size_t capacity = to->write_capacity == 0 ? 1024 : to->write_capacity * 2;
        index_write *grown = reallocarray(to->writes, capacity, sizeof *grown);
        if (grown == NULL || capacity > UINT32_MAX) {
            to->writes = grown != NULL ? grown : to->writes;
            return NULL;
        }
        to->writes = grown;
        to->write_capacity = capacity;
    }
    return &to->writes[to->write_count];
}

static bool keep(load *to, clt_str bytes, clt_str *out, clti_fault *fault) {
    return clti_arena_copy(&to->arena, bytes, out) || clti_fault_no_memory(fault);
}

/* Eight bytes of the key from `start` on, as a number that orders as they do. */
static uint64_t head_of(clt_str key, size_t start) {
    uint8_t bytes[8] = {0};
    clt_str rest = clti_str_from(key, start);
    memcpy(bytes, rest.data, rest.size < sizeof bytes ? rest.size : sizeof bytes);
    return clti_lmdb_read_u64(bytes);
}

/* The key is copied, the value kept already. */
static bool set_aside(load *to, clti_lmdb_database database, clt_str key, clt_str value, clti_fault *fault) {
    clt_str kept;
    index_write *write = add_write(to);
    if (write == NULL) {
        return clti_fault_no_memory(fault);
    }
    if (!keep(to, key, &kept, fault)) {
        return false;
    }
    bool has_partner = database != CLTI_LMDB_DOMAINS;
    size_t start = has_partner ? sizeof(clt_guid) : 0;
    *write = (index_write){.head = {head_of(key, start), head_of(key, start + 8)},
                           .key = kept.data,
                           .value = value.data,
                           .order = (uint32_t)to->write_count,
                           .value_size = (uint32_t)value.size,
                           .key_size = (uint16_t)key.size,
                           .database = (uint8_t)database,
                           .is_own = !has_partner ||
                                     memcmp(key.data, to->partner.bytes, sizeof to->partner.bytes) == 0};
    to->write_count++;
    return true;
}

static bool write_index(void *user, clti_lmdb_database database, clt_str key, clt_str value,
                        clti_fault *fault) {
    load *to = user;
    if (database == CLTI_LMDB_SHARED) {
        /* The checks of later customers read this one. */
        return value.data != NULL ? clti_lmdb_put(to->in, database, key, value, fault)
                                  : clti_lmdb_delete(to->in, database, key, fault);
    }
    if (value.data == NULL) {
        return set_aside(to, database, key, value, fault);
    }
    /* All of a customer's entries have the same value. */
    return (to->item.data != NULL || keep(to, value, &to->item, fault)) &&
           set_aside(to, database, key, to->item, fault);
}

static bool change_viewer(void *user, clt_guid viewer, int64_t count, clti_fault *fault) {
    load *to = user;
    if (!clti_guid_equal(viewer, to->partner)) {
        return clti_lmdb_state_add(to->in, viewer, count, fault);
    }
    to->partner_changed = true;
    to->count_change += count;
    return true;
}

/* ---- one customer ---- */

/* Another customer under the same id in a list that would show this one: a list has an id once. */
static bool find_id(load *to, const clti_customer *customer, bool *out_taken, clti_fault *fault) {
    clti_lmdb_key key;
    clt_str found;
    clt_guid reseller = clti_lmdb_index_reseller(to->partner, customer);
    clt_str owner = {(const char *)to->partner.bytes, sizeof to->partner.bytes};
    clti_lmdb_key_pair(&key, to->partner, customer->id);
    if (!clti_lmdb_get(to->in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), &found, fault)) {
        return false;
    }
    *out_taken = found.data != NULL;
    if (*out_taken || clti_guid_is_absent(reseller)) {
        return true;
    }
    clti_lmdb_key_pair(&key, reseller, customer->id);
    if (!clti_lmdb_get(to->in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), &found, fault)) {
        return false;
    }
    *out_taken = found.data != NULL && !clti_str_equal(found, owner);
    if (*out_taken) {
        return true;
    }
    if (!clti_lmdb_get(to->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), &found, fault)) {
        return false;
    }
    *out_taken = found.data != NULL;
    return true;
}

/* Take the domain for the customer under `key`, unless another one has it. */
static bool take_domain(load *to, const clti_lmdb_key *key, const clti_lmdb_key *domain, bool *out_taken,
                        clti_fault *fault) {
    clt_str holder;
    if (!clti_lmdb_get(to->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), &holder, fault)) {
        return false;
    }
    *out_taken = holder.data != NULL && !clti_str_equal(holder, clti_lmdb_key_str(key));
    if (holder.data != NULL) {
        return true;
    }
    if (to->is_first) {
        clt_str kept;
        return keep(to, clti_lmdb_key_str(key), &kept, fault) &&
               set_aside(to, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), kept, fault);
    }
    return clti_lmdb_put(to->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), clti_lmdb_key_str(key), fault);
}

/* Fill old_folds and old_index from the stored record; after this nothing points into it. */
static bool read_old(load *to, const clti_lmdb_key *key, clt_str record, clt_guid id, clti_fault *fault) {
    clti_customer old;
    clti_lmdb_index_clear(&to->old_index);
    clti_buf_clear(&to->old_folds.domain);
    if (record.data == NULL) {
        return true;
    }
    if (!clti_record_read_customer(record, id, &old)) {
        return clti_lmdb_fail_record(to->in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), fault);
    }
    return clti_lmdb_fold(to->in.store, &old, &to->old_folds, fault) &&
           clti_lmdb_index_build(to->partner, &old, &to->old_folds, &to->old_index, fault);
}

/* The checks are behind us. */
static bool write_customer(load *to, const clti_lmdb_key *key, clti_fault *fault) {
    clt_str old_domain = clti_buf_str(&to->old_folds.domain);
    if (!clti_str_is_empty(old_domain) && !clti_str_equal(old_domain, clti_buf_str(&to->folds.domain)) &&
        !clti_lmdb_delete(to->in, CLTI_LMDB_DOMAINS, old_domain, fault)) {
        return false;
    }
    to->item = (clt_str){NULL, 0};
    return clti_lmdb_put_with(to->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), clti_buf_str(&to->record),
                              to->customer_flags, fault) &&
           clti_lmdb_index_change(&to->old_index, &to->index, write_index, change_viewer, to, fault);
}

static bool load_one(load *to, const clti_customer *customer, clti_load_outcome *outcome, clti_fault *fault) {
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clt_str old = {NULL, 0};
    bool taken;
    clti_buf_clear(&to->record);
    clti_record_write_customer(customer, &to->record);
    if (!clti_buf_ok(&to->record)) {
        return clti_fault_no_memory(fault);
    }
    clti_lmdb_key_pair(&key, to->partner, customer->id);
    if (!to->is_first && !clti_lmdb_get(to->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), &old, fault)) {
        return false;
    }
    if (old.data != NULL && clti_str_equal(old, clti_buf_str(&to->record))) {
        *outcome = CLTI_LOAD_UNCHANGED;
        return true;
    }
    *outcome = old.data != NULL ? CLTI_LOAD_UPDATED : CLTI_LOAD_NEW;
    if (!read_old(to, &key, old, customer->id, fault) ||
        !clti_lmdb_fold(to->in.store, customer, &to->folds, fault) ||
        !clti_lmdb_index_build(to->partner, customer, &to->folds, &to->index, fault) ||
        !find_id(to, customer, &taken, fault)) {
        return false;
    }
    bool domain_fits = clti_lmdb_key_text(&domain, clti_buf_str(&to->folds.domain));
    clti_assert(domain_fits); /* the customer is complete */
    if (!taken && !take_domain(to, &key, &domain, &taken, fault)) {
        return false;
    }
    if (taken) {
        *outcome = CLTI_LOAD_DOMAIN_TAKEN;
        return true;
    }
    return write_customer(to, &key, fault);
}

/* ---- the indexes, sorted ---- */

static int compare_keys(const index_write *left, const index_write *right) {
    if (left->database != right->database) {
        return left->database < right->database ? -1 : 1;
    }
    int by_partner = left->is_own && right->is_own ? 0 : memcmp(left->key, right->key, sizeof(clt_guid));
    if (by_partner != 0) {
        return by_partner;
    }
    for (size_t i = 0; i < CLTI_COUNT(left->head); i++) {
        if (left->head[i] != right->head[i]) {
            return left->head[i] < right->head[i] ? -1 : 1;
        }
    }
    return clti_str_compare((clt_str){left->key, left->key_size}, (clt_str){right->key, right->key_size});
}

static int compare_writes(const void *a, const void *b) {
    const index_write *left = a;
    const index_write *right = b;
    int by_key = compare_keys(left, right);
    return by_key != 0 ? by_key : (left->order < right->order ? -1 : 1);
}

/* Keys from `first` on stand behind all that the database holds: pages can be filled from left to right. */
static bool can_append(const load *from, clti_lmdb_database database, clt_str first, bool *out,
                       clti_fault *fault) {
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    int code = mdb_cursor_open(from->in.txn, from->in.store->databases[database], &cursor);
    if (code == MDB_SUCCESS) {
        code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
        mdb_cursor_close(cursor);
    }
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND) {
        return clti_lmdb_fail(from->in.store, "cannot read", code, fault);
    }
    *out = code == MDB_NOTFOUND || clti_str_compare((clt_str){key.mv_data, key.mv_size}, first) < 0;
    return true;
}

/* Write the part of one database, which ends before `end`. */
static bool write_part(load *from, size_t begin, size_t end, clti_fault *fault) {
    const index_write *writes = from->writes;
    clti_lmdb_database database = (clti_lmdb_database)writes[begin].database;
    bool appends;
    if (!can_append(from, database, (clt_str){writes[begin].key, writes[begin].key_size}, &appends, fault)) {
        return false;
    }
    for (size_t i = begin; i < end; i++) {
        const index_write *write = &writes[i];
        clt_str key = {write->key, write->key_size};
        clt_str value = {write->value, write->value_size};
        if (i + 1 < end && compare_keys(write, write + 1) == 0) {
            continue; /* overwritten within this load */
        }
        if (!(value.data != NULL
                  ? clti_lmdb_put_with(from->in, database, key, value, appends ? MDB_APPEND : 0, fault)
                  : clti_lmdb_delete(from->in, database, key, fault))) {
            return false;
        }
    }
    return true;
}

static bool write_indexes(load *from, clti_fault *fault) {
    if (from->write_count == 0) {
        return true;
    }
    qsort(from->writes, from->write_count, sizeof *from->writes, compare_writes);
    size_t begin = 0;
    while (begin < from->write_count) {
        size_t end = begin + 1;
        while (end < from->write_count && from->writes[end].database == from->writes[begin].database) {
            end++;
        }
        if (!write_part(from, begin, end, fault)) {
            return false;
        }
        begin = end;
    }
    return true;
}

/* ---- a partner's first load ---- */

typedef struct place {
    clt_guid id;
    size_t index;
} place;

static int compare_places(const void *a, const void *b) {
    return memcmp(((const place *)a)->id.bytes, ((const place *)b)->id.bytes, sizeof(clt_guid));
}

static int compare_numbers(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* FNV-1a of a domain in lower case. Domains are ASCII, so ones that fold alike have the same. */
static uint64_t hash_domain(clt_str domain) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < domain.size; i++) {
        uint8_t byte = (uint8_t)domain.data[i];
        clti_assert(byte < 0x80); /* the customer is complete */
        hash = (hash ^ (byte >= 'A' && byte <= 'Z' ? byte + 32u : byte)) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* No domain comes twice. A chance collision of hashes only makes the load slower. */
static bool domains_differ(const clti_customer *customers, size_t count) {
    bool differ = true;
    uint64_t *hashes = calloc(count, sizeof *hashes);
    if (hashes == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_domain(customers[i].domain);
    }
    qsort(hashes, count, sizeof *hashes, compare_numbers);
    for (size_t i = 1; differ && i < count; i++) {
        differ = hashes[i - 1] != hashes[i];
    }
    free(hashes);
    return differ;
}

/* The customers in order of ids; NULL if one comes twice, or memory is out: then the plain way is taken. */
static place *order_by_id(const clti_customer *customers, size_t count) {
    place *places = calloc(count, sizeof *places);
    if (places == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        places[i] = (place){customers[i].id, i};
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 1; i < count; i++) {
        if (compare_places(&places[i - 1], &places[i]) == 0) {
            free(places);
            return NULL;
        }
    }
    return places;
}

/* The partner has no customers yet. */
static bool find_any(const load *to, bool *out_found, clti_fault *fault) {
    MDB_cursor *cursor;
    MDB_val value;
    uint8_t bytes[sizeof to->partner.bytes];
    MDB_val key = {sizeof bytes, bytes};
    memcpy(bytes, to->partner.bytes, sizeof bytes);
    int code = mdb_cursor_open(to->in.txn, to->in.store->databases[CLTI_LMDB_CUSTOMERS], &cursor);
    if (code == MDB_SUCCESS) {
        code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
        mdb_cursor_close(cursor);
    }
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND) {
        return clti_lmdb_fail(to->in.store, "cannot read", code, fault);
    }
    *out_found = code == MDB_SUCCESS && memcmp(key.mv_data, to->partner.bytes, sizeof to->partner.bytes) == 0;
    return true;
}

/* Choose the way: *out_places is set for a first load, NULL for the plain one. */
static bool prepare(load *to, const clti_customer *customers, size_t count, place **out_places,
                    clti_fault *fault) {
    bool found = true;
    bool appends;
    *out_places = NULL;
    if (count == 0 || !find_any(to, &found, fault)) {
        return count == 0;
    }
    if (found || !domains_differ(customers, count)) {
        return true;
    }
    clt_str first = {(const char *)to->partner.bytes, sizeof to->partner.bytes};
    if (!can_append(to, CLTI_LMDB_CUSTOMERS, first, &appends, fault)) {
        return false;
    }
    *out_places = order_by_id(customers, count);
    to->is_first = *out_places != NULL;
    to->customer_flags = to->is_first && appends ? MDB_APPEND : 0;
    return true;
}

/* ---- all of them ---- */

static bool load_all(load *to, const clti_customer *customers, size_t count, clti_load_outcome *outcomes,
                     clti_fault *fault) {
    place *places;
    if (!prepare(to, customers, count, &places, fault)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        size_t at = places != NULL ? places[i].index : i;
        done = load_one(to, &customers[at], &outcomes[at], fault);
    }
    free(places);
    return done && write_indexes(to, fault) &&
           (!to->partner_changed || clti_lmdb_state_add(to->in, to->partner, to->count_change, fault));
}

static void init_load(load *to) {
    clti_buf_init(&to->record, RECORD_SIZE_MAX);
    clti_lmdb_folds_init(&to->folds);
    clti_lmdb_folds_init(&to->old_folds);
    clti_lmdb_index_init(&to->index);
    clti_lmdb_index_init(&to->old_index);
}

static void done_load(load *to) {
    clti_buf_done(&to->record);
    clti_lmdb_folds_done(&to->folds);
    clti_lmdb_folds_done(&to->old_folds);
    clti_lmdb_index_done(&to->index);
    clti_lmdb_index_done(&to->old_index);
    clti_arena_done(&to->arena);
    free(to->writes);
}

bool clti_lmdb_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                    clti_load_outcome *outcomes, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    MDB_txn *txn;
    int code = mdb_txn_begin(lmdb->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS) {
        return clti_lmdb_fail(lmdb, "cannot begin to write", code, fault);
    }
    load to = {.in = {lmdb, txn}, .partner = partner};
    init_load(&to);
    bool done = load_all(&to, customers, count, outcomes, fault);
    done_load(&to);
    if (!done) {
        mdb_txn_abort(txn);
        return false;
    }
    code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS || clti_lmdb_fail(lmdb, "cannot commit", code, fault);
}
