#include "store/lmdb/lmdb_private.h"

#include <string.h>

#define FOLD_SIZE_MAX ((size_t)1 << 16)

static clti_lmdb_txn txn_of(clti_lmdb *store, const clti_lmdb_reader *reader) {
    return (clti_lmdb_txn){store, reader->txn};
}

/* Get a value and copy it, since what LMDB gives ends with the transaction. */
static bool get_copy(clti_lmdb_txn in, clti_lmdb_database database, const clti_lmdb_key *key,
                     clti_arena *arena, clt_str *out, clti_fault *fault) {
    clt_str value;
    if (!clti_lmdb_get(in, database, clti_lmdb_key_str(key), &value, fault))
        return false;
    return clti_arena_copy(arena, value, out) || clti_fault_no_memory(fault);
}

/* ---- customers ---- */

static bool find_customer(clti_lmdb_txn in, clt_guid partner, clt_guid id, clti_arena *arena,
                          clti_customer *out, clti_access *out_access, clti_fault *fault) {
    clti_lmdb_key key;
    clt_str record;
    clt_str owner;
    clti_access access = CLTI_ACCESS_OWNER;
    clti_lmdb_key_pair(&key, partner, id);
    if (!get_copy(in, CLTI_LMDB_CUSTOMERS, &key, arena, &record, fault))
        return false;
    if (record.data == NULL) {
        access = CLTI_ACCESS_RESELLER;
        if (!clti_lmdb_get(in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), &owner, fault))
            return false;
        if (owner.data == NULL) {
            *out_access = CLTI_ACCESS_NONE;
            return true;
        }
        clt_guid owner_id;
        if (owner.size != sizeof owner_id.bytes)
            return clti_lmdb_fail_record(in.store, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), fault);
        memcpy(owner_id.bytes, owner.data, owner.size);
        clti_lmdb_key_pair(&key, owner_id, id);
        if (!get_copy(in, CLTI_LMDB_CUSTOMERS, &key, arena, &record, fault))
            return false;
    }
    if (record.data == NULL || !clti_record_read_customer(record, id, out))
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), fault);
    *out_access = access;
    return true;
}

bool clti_lmdb_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                             clti_customer *out, clti_access *out_access, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = find_customer(txn_of(lmdb, reader), partner, id, arena, out, out_access, fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

/* ---- partners ---- */

static bool find_partner(clti_lmdb_txn in, clt_guid id, clti_arena *arena, clti_partner *out, bool *out_found,
                         clti_fault *fault) {
    clti_lmdb_key key;
    clt_str record;
    clti_lmdb_key_guid(&key, id);
    if (!get_copy(in, CLTI_LMDB_PARTNERS, &key, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_partner(record, id, out))
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), fault);
    *out_found = record.data != NULL;
    return true;
}

bool clti_lmdb_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                            bool *out_found, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = find_partner(txn_of(lmdb, reader), id, arena, out, out_found, fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

static bool find_partner_domain(clti_lmdb_txn in, const clti_lmdb_key *key, clti_arena *arena,
                                clti_partner *out, bool *out_found, clti_fault *fault) {
    clt_str value;
    clt_guid id;
    if (!clti_lmdb_get(in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(key), &value, fault))
        return false;
    if (value.data == NULL) {
        *out_found = false;
        return true;
    }
    if (value.size != sizeof id.bytes)
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(key), fault);
    memcpy(id.bytes, value.data, value.size);
    return find_partner(in, id, arena, out, out_found, fault);
}

/* False if no domain can be like this. */
static bool domain_key(clt_str domain, clti_lmdb_key *out) {
    clti_buf folded;
    clti_buf_init(&folded, FOLD_SIZE_MAX);
    bool can_exist = clti_text_fold(domain, &folded) && clti_lmdb_key_text(out, clti_buf_str(&folded));
    clti_buf_done(&folded);
    return can_exist;
}

bool clti_lmdb_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_key key;
    clt_str holder;
    if (!domain_key(domain, &key)) {
        *out_taken = false;
        return true;
    }
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done =
        clti_lmdb_get(txn_of(lmdb, reader), CLTI_LMDB_DOMAINS, clti_lmdb_key_str(&key), &holder, fault);
    *out_taken = done && holder.data != NULL;
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

bool clti_lmdb_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                   bool *out_found, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_key key;
    if (!domain_key(domain, &key)) {
        *out_found = false;
        return true;
    }
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = find_partner_domain(txn_of(lmdb, reader), &key, arena, out, out_found, fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

/* ---- applications ---- */

bool clti_lmdb_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                                clti_application *out, bool *out_found, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_key key;
    clt_str record;
    clti_lmdb_key_pair(&key, partner, id);
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = get_copy(txn_of(lmdb, reader), CLTI_LMDB_APPLICATIONS, &key, arena, &record, fault);
    clti_lmdb_read_end(lmdb, reader);
    if (!done)
        return false;
    if (record.data != NULL && !clti_record_read_application(record, partner, id, out))
        return clti_lmdb_fail_record(lmdb, CLTI_LMDB_APPLICATIONS, clti_lmdb_key_str(&key), fault);
    *out_found = record.data != NULL;
    return true;
}

/* ---- whole databases, or what stands below a partner: few and small ones only ---- */

/* Reads one pair, already copied, into element `index` of the array. */
typedef bool (*read_pair)(clt_str key, clt_str record, void *array, size_t index);

typedef struct whole {
    clti_lmdb_database database;
    size_t element_size;
    read_pair read;
    const clt_guid *partner; /* NULL: of all */
} whole;

static bool copy_pair(MDB_val from_key, MDB_val from_value, clti_arena *arena, clt_str *key, clt_str *value) {
    return clti_arena_copy(arena, (clt_str){from_key.mv_data, from_key.mv_size}, key) &&
           clti_arena_copy(arena, (clt_str){from_value.mv_data, from_value.mv_size}, value);
}

/* The first pair, or with `next` the next. */
static int get_pair(MDB_cursor *cursor, const clti_lmdb_key *prefix, bool next, MDB_val *key,
                    MDB_val *value) {
    MDB_cursor_op first = prefix->size > 0 ? MDB_SET_RANGE : MDB_FIRST;
    if (!next)
        *key = clti_lmdb_val(clti_lmdb_key_str(prefix));
    int code = mdb_cursor_get(cursor, key, value, next ? MDB_NEXT : first);
    const clt_str found = {key->mv_data, key->mv_size};
    return code == MDB_SUCCESS && !clti_str_starts_with(found, clti_lmdb_key_str(prefix)) ? MDB_NOTFOUND
                                                                                          : code;
}

static int count_pairs(MDB_cursor *cursor, const clti_lmdb_key *prefix, size_t *out) {
    MDB_val key;
    MDB_val value;
    *out = 0;
    int code = get_pair(cursor, prefix, false, &key, &value);
    for (; code == MDB_SUCCESS; code = get_pair(cursor, prefix, true, &key, &value))
        (*out)++;
    return code;
}

static bool read_pairs(clti_lmdb *store, clti_lmdb_reader *reader, const whole *what, clti_arena *arena,
                       void **out, size_t *out_count, clti_fault *fault) {
    MDB_val from_key;
    MDB_val from_value;
    clti_lmdb_key prefix = {.size = 0};
    size_t count;
    MDB_cursor *cursor = clti_lmdb_read_cursor(store, reader, what->database, fault);
    if (cursor == NULL)
        return false;
    if (what->partner != NULL)
        clti_lmdb_key_guid(&prefix, *what->partner);
    int code = count_pairs(cursor, &prefix, &count);
    void *array = clti_arena_calloc(arena, count + 1, what->element_size);
    if (array == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count && code == MDB_NOTFOUND; i++) {
        clt_str key;
        clt_str value;
        if (get_pair(cursor, &prefix, i > 0, &from_key, &from_value) != MDB_SUCCESS)
            return clti_lmdb_fail(store, "cannot read", MDB_CORRUPTED, fault);
        if (!copy_pair(from_key, from_value, arena, &key, &value))
            return clti_fault_no_memory(fault);
        if (!what->read(key, value, array, i))
            return clti_lmdb_fail_record(store, what->database, key, fault);
    }
    if (code != MDB_NOTFOUND)
        return clti_lmdb_fail(store, "cannot read", code, fault);
    *out = array;
    *out_count = count;
    return true;
}

static bool read_whole(clti_store *store, const whole *what, clti_arena *arena, void **out, size_t *out_count,
                       clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = read_pairs(lmdb, reader, what, arena, out, out_count, fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

static bool read_partner(clt_str key, clt_str record, void *array, size_t index) {
    clt_guid id;
    if (key.size != sizeof id)
        return false;
    memcpy(&id, key.data, sizeof id);
    return clti_record_read_partner(record, id, (clti_partner *)array + index);
}

bool clti_lmdb_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                        clti_fault *fault) {
    const whole what = {CLTI_LMDB_PARTNERS, sizeof **out, read_partner, NULL};
    void *array;
    if (!read_whole(store, &what, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

static bool read_application(clt_str key, clt_str record, void *array, size_t index) {
    clt_guid ids[2];
    if (key.size != sizeof ids)
        return false;
    memcpy(ids, key.data, sizeof ids);
    return clti_record_read_application(record, ids[0], ids[1], (clti_application *)array + index);
}

bool clti_lmdb_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                            clti_application **out, size_t *out_count, clti_fault *fault) {
    const whole what = {CLTI_LMDB_APPLICATIONS, sizeof **out, read_application, partner};
    void *array;
    if (!read_whole(store, &what, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

/* The partner behind this one, in the order of keys. */
static clt_guid next_partner(clt_guid partner) {
    for (size_t i = sizeof partner.bytes; i-- > 0 && ++partner.bytes[i] == 0;)
        continue;
    return partner;
}

/* From partner to partner: of each the one key is looked up. */
static bool collect_holders(clti_lmdb *store, MDB_cursor *cursor, clt_guid id, clti_buf *found,
                            clti_fault *fault) {
    clt_guid ids[2] = {{{0}}, id};
    MDB_val at;
    MDB_val value;
    int code;
    for (;;) {
        at = (MDB_val){sizeof ids, ids};
        code = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
        if (code != MDB_SUCCESS)
            break;
        clt_guid held[2];
        const clt_str key = {at.mv_data, at.mv_size};
        if (key.size != sizeof held)
            return clti_lmdb_fail_record(store, CLTI_LMDB_APPLICATIONS, key, fault);
        memcpy(held, key.data, sizeof held);
        const int order = memcmp(&held[1], &id, sizeof id);
        if (order == 0)
            clti_buf_add(found, (clt_str){(const char *)&held[0], sizeof held[0]});
        ids[0] = order < 0 ? held[0] : next_partner(held[0]);
        if (order >= 0 && clti_guid_is_absent(ids[0]))
            return true; /* it was the last that there can be */
    }
    return code == MDB_NOTFOUND || clti_lmdb_fail(store, "cannot read", code, fault);
}

static bool read_holders(clti_lmdb *store, clti_lmdb_reader *reader, const clti_buf *found, clt_guid id,
                         clti_arena *arena, clti_application **out, size_t *out_count, clti_fault *fault) {
    *out_count = found->size / sizeof(clt_guid);
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    if (*out == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < *out_count; i++) {
        clti_lmdb_key key;
        clt_guid partner;
        clt_str record;
        memcpy(&partner, found->data + i * sizeof partner, sizeof partner);
        clti_lmdb_key_pair(&key, partner, id);
        if (!get_copy(txn_of(store, reader), CLTI_LMDB_APPLICATIONS, &key, arena, &record, fault))
            return false;
        if (record.data == NULL || !clti_record_read_application(record, partner, id, &(*out)[i]))
            return clti_lmdb_fail_record(store, CLTI_LMDB_APPLICATIONS, clti_lmdb_key_str(&key), fault);
    }
    return true;
}

bool clti_lmdb_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                  size_t *out_count, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_buf found;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    clti_buf_init(&found, SIZE_MAX);
    MDB_cursor *cursor = clti_lmdb_read_cursor(lmdb, reader, CLTI_LMDB_APPLICATIONS, fault);
    bool done = cursor != NULL && collect_holders(lmdb, cursor, id, &found, fault);
    done = done && (clti_buf_ok(&found) || clti_fault_no_memory(fault)) &&
           read_holders(lmdb, reader, &found, id, arena, out, out_count, fault);
    clti_lmdb_read_end(lmdb, reader);
    clti_buf_done(&found);
    return done;
}

static bool read_user(clt_str key, clt_str record, void *array, size_t index) {
    clt_guid partner;
    if (key.size <= sizeof partner)
        return false;
    memcpy(&partner, key.data, sizeof partner);
    return clti_record_read_user(record, partner, clti_str_from(key, sizeof partner),
                                 (clti_user *)array + index);
}

bool clti_lmdb_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                     size_t *out_count, clti_fault *fault) {
    const whole what = {CLTI_LMDB_USERS, sizeof **out, read_user, partner};
    void *array;
    if (!read_whole(store, &what, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

static bool read_signing_key(clt_str key, clt_str record, void *array, size_t index) {
    return clti_record_read_signing_key(record, key, (clti_signing_key *)array + index);
}

bool clti_lmdb_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                            clti_fault *fault) {
    const whole what = {CLTI_LMDB_SIGNING_KEYS, sizeof **out, read_signing_key, NULL};
    void *array;
    if (!read_whole(store, &what, arena, &array, out_count, fault))
        return false;
    *out = array;
    return true;
}

/* ---- links ---- */

/* Those of one partner are neighbours; they are collected as bytes, since nobody knows how many. */
static bool collect_links(clti_lmdb *store, MDB_cursor *cursor, clt_guid partner, clti_buf *found,
                          clti_fault *fault) {
    clti_lmdb_key prefix;
    clti_lmdb_key_guid(&prefix, partner);
    MDB_val at = {prefix.size, prefix.bytes};
    MDB_val nothing;
    int code = mdb_cursor_get(cursor, &at, &nothing, MDB_SET_RANGE);
    while (code == MDB_SUCCESS) {
        clti_link link;
        clt_str key = {at.mv_data, at.mv_size};
        if (!clti_str_starts_with(key, clti_lmdb_key_str(&prefix)))
            break;
        if (!clti_lmdb_read_link(key, &link))
            return clti_lmdb_fail_record(store, CLTI_LMDB_LINKS, key, fault);
        clti_buf_add(found, (clt_str){(const char *)&link, sizeof link});
        code = mdb_cursor_get(cursor, &at, &nothing, MDB_NEXT);
    }
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return clti_lmdb_fail(store, "cannot read", code, fault);
    return clti_buf_ok(found) || clti_fault_no_memory(fault);
}

bool clti_lmdb_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out,
                     size_t *out_count, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_buf found;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    clti_buf_init(&found, SIZE_MAX);
    MDB_cursor *cursor = clti_lmdb_read_cursor(lmdb, reader, CLTI_LMDB_LINKS, fault);
    bool done = cursor != NULL && collect_links(lmdb, cursor, partner, &found, fault);
    clti_lmdb_read_end(lmdb, reader);
    if (done) {
        *out_count = found.size / sizeof **out;
        *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
        done = *out != NULL;
        if (!done)
            clti_fault_no_memory(fault);
        else if (found.size > 0)
            memcpy(*out, found.data, found.size);
    }
    clti_buf_done(&found);
    return done;
}

/* ---- numbers ---- */

bool clti_lmdb_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out,
                             clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    bool done = clti_lmdb_state_get(txn_of(lmdb, reader), partner, out, fault);
    clti_lmdb_read_end(lmdb, reader);
    return done;
}

static bool read_generation(clti_lmdb *store, uint64_t *out, size_t *out_txn, clti_fault *fault) {
    clt_str value;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(store, fault);
    if (reader == NULL)
        return false;
    bool done =
        clti_lmdb_get(txn_of(store, reader), CLTI_LMDB_META, CLTI_STR("generation"), &value, fault) &&
        (value.size == 8 || clti_lmdb_fail_record(store, CLTI_LMDB_META, CLTI_STR("generation"), fault));
    if (done) {
        *out = clti_lmdb_read_u64((const uint8_t *)value.data);
        *out_txn = mdb_txn_id(reader->txn);
    }
    clti_lmdb_read_end(store, reader);
    return done;
}

/* Asked for with every request: nothing is read while the store's last transaction is the one seen before. */
bool clti_lmdb_generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    MDB_envinfo info;
    int code = mdb_env_info(lmdb->env, &info);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(lmdb, "cannot read", code, fault);
    size_t seen = atomic_load(&lmdb->generation_txn);
    uint64_t generation = atomic_load(&lmdb->generation);
    if (seen == info.me_last_txnid && atomic_load(&lmdb->generation_txn) == seen) {
        *out = generation;
        return true;
    }
    if (!read_generation(lmdb, &generation, &seen, fault))
        return false;
    /* The pair is taken apart while it changes, and never goes back, so a reader cannot mix two. */
    pthread_mutex_lock(&lmdb->lock);
    if (seen > atomic_load(&lmdb->generation_txn)) {
        atomic_store(&lmdb->generation_txn, 0);
        atomic_store(&lmdb->generation, generation);
        atomic_store(&lmdb->generation_txn, seen);
    }
    pthread_mutex_unlock(&lmdb->lock);
    *out = generation;
    return true;
}

bool clti_lmdb_token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    memcpy(out, ((const clti_lmdb *)store)->token_key, CLTI_TOKEN_KEY_SIZE);
    return true;
}
