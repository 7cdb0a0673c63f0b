/*
 * Everything in one read transaction. Each customer's entries are looked up as index.c makes them; if a
 * database then holds more than was found, it is walked, and entries that no customer makes are named.
 * Nothing is kept of a customer, so memory does not grow with the store.
 */
#include "store/lmdb/check_private.h"

#include <string.h>

bool clti_lmdb_check_walk(clti_lmdb_check_run *in, clti_lmdb_database database, clti_lmdb_check_visit visit) {
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    bool done = true;
    int code = mdb_cursor_open(in->in.txn, in->in.store->databases[database], &cursor);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(in->in.store, "cannot open a cursor", code, in->fault);
    while (done && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS)
        done = visit(in, (clt_str){key.mv_data, key.mv_size}, (clt_str){value.mv_data, value.mv_size});
    mdb_cursor_close(cursor);
    if (done && code != MDB_NOTFOUND)
        return clti_lmdb_fail(in->in.store, "cannot read", code, in->fault);
    return done;
}

static void begin_finding(clti_lmdb_check_run *in, clti_lmdb_database database, clt_str key) {
    clti_buf_clear(&in->text);
    clti_buf_add_format(&in->text, "%s at key ", clti_lmdb_database_name(database));
    for (size_t i = 0; i < key.size; i++)
        clti_buf_add_format(&in->text, "%02x", (unsigned)(uint8_t)key.data[i]);
    clti_buf_add(&in->text, CLTI_STR(": "));
}

static bool end_finding(clti_lmdb_check_run *in) {
    if (!clti_buf_ok(&in->text))
        return clti_fault_no_memory(in->fault);
    in->summary.findings++;
    in->on_finding(in->user, clti_buf_str(&in->text));
    return true;
}

bool clti_lmdb_check_report(clti_lmdb_check_run *in, clti_lmdb_database database, clt_str key,
                            const char *what) {
    begin_finding(in, database, key);
    clti_buf_add(&in->text, clti_str(what));
    return end_finding(in);
}

static bool report_of_customer(clti_lmdb_check_run *in, clti_lmdb_database database, clt_str key,
                               const char *what, clt_guid owner, clt_guid id) {
    begin_finding(in, database, key);
    clti_buf_add_format(&in->text, "%s of customer %s of partner %s", what, clti_guid_to_text(id).text,
                        clti_guid_to_text(owner).text);
    return end_finding(in);
}

/* ---- customers and what they make ---- */

/* One entry that must be there. */
static bool expect(clti_lmdb_check_run *in, clti_lmdb_database database, clt_str key, clt_str value,
                   clt_guid owner, clt_guid id) {
    clt_str found;
    if (!clti_lmdb_get(in->in, database, key, &found, in->fault))
        return false;
    if (found.data == NULL)
        return report_of_customer(in, database, key, "missing: the entry", owner, id);
    in->found[database]++;
    return clti_str_equal(found, value) ||
           report_of_customer(in, database, key, "altered: the value is not that", owner, id);
}

/* Fill folds and index from a record. *out_sound says that it can be read. */
static bool read_customer(clti_lmdb_check_run *in, clt_guid owner, clt_guid id, clt_str record,
                          bool *out_sound) {
    clti_customer customer;
    *out_sound = clti_record_read_customer(record, id, &customer);
    if (!*out_sound)
        return true;
    if (!clti_folds_make(&customer, &in->folds, in->fault) ||
        !clti_index_build(owner, &customer, &in->folds, &in->index, in->fault))
        return false;
    clti_lmdb_key domain;
    *out_sound = clti_lmdb_key_text(&domain, clti_buf_str(&in->folds.domain));
    return true;
}

static bool visit_customer(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid ids[2];
    bool sound;
    in->summary.customers++;
    if (key.size != sizeof ids)
        return clti_lmdb_check_report(in, CLTI_LMDB_CUSTOMERS, key, "damaged key");
    memcpy(ids, key.data, sizeof ids);
    if (!read_customer(in, ids[0], ids[1], record, &sound))
        return false;
    if (!sound)
        return clti_lmdb_check_report(in, CLTI_LMDB_CUSTOMERS, key, "damaged record");
    if (!expect(in, CLTI_LMDB_DOMAINS, clti_buf_str(&in->folds.domain), key, ids[0], ids[1]))
        return false;
    for (size_t i = 0; i < in->index.count; i++) {
        const clti_index_entry *entry = &in->index.entries[i];
        clti_lmdb_key at;
        clti_lmdb_database database =
            clti_lmdb_key_entry(&at, entry, clti_index_position_of(&in->index, entry));
        if (!expect(in, database, clti_lmdb_key_str(&at), clti_index_value_of(&in->index, entry), ids[0],
                    ids[1]))
            return false;
    }
    return true;
}

/* ---- entries that nobody makes ---- */

/* Whether the customer makes such an entry. One whose record cannot be read may; that has been said. */
static bool does_make(clti_lmdb_check_run *in, clt_guid owner, clt_guid id, clti_lmdb_database database,
                      clt_str key, bool *out) {
    clti_lmdb_key customer;
    clt_str record;
    bool sound;
    clti_lmdb_key_pair(&customer, owner, id);
    *out = false;
    if (!clti_lmdb_get(in->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&customer), &record, in->fault))
        return false;
    if (record.data == NULL)
        return true;
    if (!read_customer(in, owner, id, record, &sound))
        return false;
    *out = !sound || (database == CLTI_LMDB_DOMAINS && clti_str_equal(key, clti_buf_str(&in->folds.domain)));
    for (size_t i = 0; !*out && i < in->index.count; i++) {
        const clti_index_entry *entry = &in->index.entries[i];
        clti_lmdb_key at;
        *out = clti_lmdb_key_entry(&at, entry, clti_index_position_of(&in->index, entry)) == database &&
               clti_str_equal(key, clti_lmdb_key_str(&at));
    }
    return true;
}

/* The customer in a list of `viewer`: its own, or one that is shared with it. */
static bool is_listed(clti_lmdb_check_run *in, clt_guid viewer, clt_guid id, clt_str key, bool *out) {
    clti_lmdb_key pair;
    clt_str owner;
    clt_guid owner_id;
    if (!does_make(in, viewer, id, in->walked, key, out))
        return false;
    if (*out)
        return true;
    clti_lmdb_key_pair(&pair, viewer, id);
    if (!clti_lmdb_get(in->in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&pair), &owner, in->fault))
        return false;
    if (owner.size != sizeof owner_id)
        return true;
    memcpy(&owner_id, owner.data, sizeof owner_id);
    return does_make(in, owner_id, id, in->walked, key, out);
}

static bool visit_entry(clti_lmdb_check_run *in, clt_str key, clt_str value) {
    clt_guid first;
    clt_guid last;
    bool made = false;
    /* Where the ids of the customer stand. */
    clt_str holder = in->walked == CLTI_LMDB_DOMAINS ? value : key;
    if (holder.size >= sizeof first + sizeof last) {
        memcpy(&first, holder.data, sizeof first);
        memcpy(&last, holder.data + holder.size - sizeof last, sizeof last);
        if (in->walked == CLTI_LMDB_SHARED && value.size == sizeof first)
            memcpy(&first, value.data, sizeof first);
        if (!(in->walked == CLTI_LMDB_DOMAINS || in->walked == CLTI_LMDB_SHARED
                  ? does_make(in, first, last, in->walked, key, &made)
                  : is_listed(in, first, last, key, &made)))
            return false;
    }
    return made || clti_lmdb_check_report(in, in->walked, key, "stray: no customer makes it");
}

static bool check_customers(clti_lmdb_check_run *in) {
    static const clti_lmdb_database indexes[] = {
        CLTI_LMDB_DOMAINS, CLTI_LMDB_NAMES, CLTI_LMDB_NAMES_BY_DOMAIN, CLTI_LMDB_RELATED, CLTI_LMDB_SHARED};
    if (!clti_lmdb_check_walk(in, CLTI_LMDB_CUSTOMERS, visit_customer))
        return false;
    for (size_t i = 0; i < CLTI_COUNT(indexes); i++) {
        MDB_stat stat;
        int code = mdb_stat(in->in.txn, in->in.store->databases[indexes[i]], &stat);
        if (code != MDB_SUCCESS)
            return clti_lmdb_fail(in->in.store, "cannot read", code, in->fault);
        in->summary.entries += stat.ms_entries;
        in->walked = indexes[i];
        if (stat.ms_entries != in->found[indexes[i]] && !clti_lmdb_check_walk(in, indexes[i], visit_entry))
            return false;
    }
    return true;
}

/* ---- the counters ---- */

/* Compare what was counted of one partner's list. */
static bool check_count(clti_lmdb_check_run *in, clt_guid viewer, uint64_t listed) {
    clti_lmdb_key key;
    clt_str value;
    clti_lmdb_key_guid(&key, viewer);
    if (!clti_lmdb_get(in->in, CLTI_LMDB_PARTNER_STATE, clti_lmdb_key_str(&key), &value, in->fault))
        return false;
    if (value.data != NULL && value.size != 16)
        return true; /* visit_state() says so */
    uint64_t counted = value.data != NULL ? clti_lmdb_read_u64((const uint8_t *)value.data + 8) : 0;
    if (counted == listed)
        return true;
    begin_finding(in, CLTI_LMDB_PARTNER_STATE, clti_lmdb_key_str(&key));
    clti_buf_add_format(&in->text, "the count is %llu, but the list of partner %s has %llu",
                        (unsigned long long)counted, clti_guid_to_text(viewer).text,
                        (unsigned long long)listed);
    return end_finding(in);
}

/* Entries of one viewer are neighbours. */
static bool visit_name(clti_lmdb_check_run *in, clt_str key, clt_str value) {
    clt_guid viewer = {{0}};
    memcpy(&viewer, key.data, key.size < sizeof viewer ? key.size : sizeof viewer);
    if (in->listed > 0 && !clti_guid_equal(viewer, in->viewer)) {
        if (!check_count(in, in->viewer, in->listed))
            return false;
        in->listed = 0;
    }
    in->viewer = viewer;
    in->listed++;
    return true;
}

/* Counts of those whose list is not empty have been compared. */
static bool visit_state(clti_lmdb_check_run *in, clt_str key, clt_str value) {
    clt_guid partner;
    clti_lmdb_key first;
    if (key.size != sizeof partner || value.size != 16)
        return clti_lmdb_check_report(in, CLTI_LMDB_PARTNER_STATE, key, "damaged record");
    memcpy(&partner, key.data, sizeof partner);
    if (!clti_lmdb_first_key(in->in, CLTI_LMDB_NAMES, partner, &first, in->fault))
        return false;
    return first.size > 0 || check_count(in, partner, 0);
}

static bool check_counters(clti_lmdb_check_run *in) {
    return clti_lmdb_check_walk(in, CLTI_LMDB_NAMES, visit_name) &&
           (in->listed == 0 || check_count(in, in->viewer, in->listed)) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_PARTNER_STATE, visit_state);
}

/* ---- the operation ---- */

bool clti_lmdb_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                     clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_reader *reader = clti_lmdb_read_begin(lmdb, fault);
    if (reader == NULL)
        return false;
    clti_lmdb_check_run in = {
        .in = {lmdb, reader->txn}, .on_finding = on_finding, .user = user, .fault = fault};
    clti_buf_init(&in.text, SIZE_MAX);
    clti_folds_init(&in.folds);
    clti_index_init(&in.index);
    bool done = clti_lmdb_check_identities(&in) && check_customers(&in) && check_counters(&in);
    clti_index_done(&in.index);
    clti_folds_done(&in.folds);
    clti_buf_done(&in.text);
    clti_lmdb_read_end(lmdb, reader);
    if (done)
        *out = in.summary;
    return done;
}
