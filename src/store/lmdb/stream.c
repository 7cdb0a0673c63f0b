/* Everything that the store keeps, in the order of its keys, in one view. */
#include "store/lmdb/lmdb_private.h"

#include <string.h>

typedef struct stream {
    clti_lmdb *store;
    clti_lmdb_reader *reader;
    const clt_guid *partner; /* of this one alone, or NULL */
    clti_stream_fn on_entry;
    void *user;
    clti_fault *fault;
} stream;

/* One database whose records are entries. *skipped: it is nothing to be told. */
typedef struct source {
    clti_lmdb_database database;
    bool is_below_partner; /* keys begin with the partner's id, or are it */
    bool (*read)(clt_str key, clt_str record, clti_entry *out, bool *out_skipped);
} source;

static bool take_guids(clt_str key, clt_guid *out, size_t count) {
    if (key.size != count * sizeof *out)
        return false;
    memcpy(out, key.data, key.size);
    return true;
}

static bool read_partner(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid id;
    (void)out_skipped;
    out->kind = CLTI_ENTRY_PARTNER;
    return take_guids(key, &id, 1) && clti_record_read_partner(record, id, &out->of.partner);
}

static bool read_application(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid ids[2];
    (void)out_skipped;
    out->kind = CLTI_ENTRY_APPLICATION;
    return take_guids(key, ids, 2) &&
           clti_record_read_application(record, ids[0], ids[1], &out->of.application);
}

static bool read_user(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid partner;
    (void)out_skipped;
    out->kind = CLTI_ENTRY_USER;
    return key.size > sizeof(clt_guid) && take_guids((clt_str){key.data, sizeof partner}, &partner, 1) &&
           clti_record_read_user(record, partner, clti_str_from(key, sizeof partner), &out->of.user);
}

/* Each link has a key for either partner. */
static bool read_link(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    (void)record;
    out->kind = CLTI_ENTRY_LINK;
    if (!clti_lmdb_read_link(key, &out->of.link))
        return false;
    *out_skipped = memcmp(key.data, &out->of.link.provider, sizeof(clt_guid)) != 0;
    return true;
}

static bool read_key(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    (void)out_skipped;
    out->kind = CLTI_ENTRY_KEY;
    return clti_record_read_signing_key(record, key, &out->of.key);
}

static bool read_customer(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid ids[2];
    (void)out_skipped;
    out->kind = CLTI_ENTRY_CUSTOMER;
    if (!take_guids(key, ids, 2))
        return false;
    out->owner = ids[0];
    return clti_record_read_customer(record, ids[1], &out->of.customer);
}

static bool read_audit(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid partner;
    int64_t date;
    (void)out_skipped;
    out->kind = CLTI_ENTRY_AUDIT;
    return clti_lmdb_read_date(key, &partner, &date) &&
           clti_record_read_audit(record, partner, date, &out->of.audit);
}

static bool read_idempotency(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid ids[2];
    (void)out_skipped;
    out->kind = CLTI_ENTRY_IDEMPOTENCY;
    return take_guids(key, ids, 2) &&
           clti_record_read_idempotency(record, ids[0], ids[1], &out->of.idempotency);
}

static bool read_grant(clt_str key, clt_str record, clti_entry *out, bool *out_skipped) {
    clt_guid id;
    (void)out_skipped;
    out->kind = CLTI_ENTRY_GRANT;
    return take_guids(key, &id, 1) && clti_record_read_grant(record, id, &out->of.grant);
}

static bool tell(const stream *in, const source *from, clt_str key, clt_str record) {
    clti_entry entry = {0};
    bool skipped = false;
    if (!from->read(key, record, &entry, &skipped))
        return clti_lmdb_fail_record(in->store, from->database, key, in->fault);
    return skipped || in->on_entry(in->user, &entry, in->fault);
}

static bool walk(const stream *in, const source *from) {
    clti_lmdb_key prefix = {.size = 0};
    MDB_val key, value;
    MDB_cursor *cursor = clti_lmdb_read_cursor(in->store, in->reader, from->database, in->fault);
    if (cursor == NULL)
        return false;
    if (in->partner != NULL)
        clti_lmdb_key_guid(&prefix, *in->partner);
    key = (MDB_val){prefix.size, prefix.bytes};
    int code = mdb_cursor_get(cursor, &key, &value, in->partner != NULL ? MDB_SET_RANGE : MDB_FIRST);
    while (code == MDB_SUCCESS) {
        clt_str at = {key.mv_data, key.mv_size};
        if (!clti_str_starts_with(at, clti_lmdb_key_str(&prefix)))
            break;
        if (!tell(in, from, at, (clt_str){value.mv_data, value.mv_size}))
            return false;
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    return code == MDB_SUCCESS || code == MDB_NOTFOUND ||
           clti_lmdb_fail(in->store, "cannot read", code, in->fault);
}

/* Links, keys and grants belong to no partner alone. */
static const source sources[] = {
    {CLTI_LMDB_PARTNERS, true, read_partner},  {CLTI_LMDB_APPLICATIONS, true, read_application},
    {CLTI_LMDB_USERS, true, read_user},        {CLTI_LMDB_LINKS, false, read_link},
    {CLTI_LMDB_SIGNING_KEYS, false, read_key}, {CLTI_LMDB_CUSTOMERS, true, read_customer},
    {CLTI_LMDB_AUDIT, true, read_audit},       {CLTI_LMDB_IDEMPOTENCY, true, read_idempotency},
    {CLTI_LMDB_GRANTS, false, read_grant},
};

static bool tell_token_key(const stream *in) {
    clti_entry entry = {.kind = CLTI_ENTRY_TOKEN_KEY};
    memcpy(entry.of.token_key, in->store->token_key, sizeof in->store->token_key);
    bool done = in->on_entry(in->user, &entry, in->fault);
    clti_wipe(entry.of.token_key, sizeof entry.of.token_key);
    return done;
}

bool clti_lmdb_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                      clti_fault *fault) {
    stream in = {
        .store = (clti_lmdb *)store, .partner = partner, .on_entry = on_entry, .user = user, .fault = fault};
    in.reader = clti_lmdb_read_begin(in.store, fault);
    if (in.reader == NULL)
        return false;
    bool done = true;
    for (size_t i = 0; i < CLTI_COUNT(sources) && done; i++) {
        if (partner == NULL || sources[i].is_below_partner)
            done = walk(&in, &sources[i]);
        if (done && partner == NULL && sources[i].database == CLTI_LMDB_SIGNING_KEYS)
            done = tell_token_key(&in);
    }
    clti_lmdb_read_end(in.store, in.reader);
    return done;
}
