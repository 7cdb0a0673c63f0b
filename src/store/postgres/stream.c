/* Everything that the store keeps, in the order of its keys, in one view: table by table, row by row as they
 * come. */
#include "store/postgres/postgres_private.h"

#include <string.h>

/* What a row may keep waiting. */
#define ROW_US (INT64_C(120) * 1000000)

typedef struct stream {
    clti_postgres *store;
    clti_pg_connection *on;
    const clt_guid *partner; /* of this one alone, or NULL */
    clti_stream_fn on_entry;
    void *user;
    clti_fault *fault;
} stream;

/* One table whose rows are entries. A row has the columns of the key, the record last. */
typedef struct source {
    const char *table; /* for a fault */
    clti_pg_statement all;
    clti_pg_statement of_partner; /* no text: it has nothing below a partner */
    bool (*read)(const PGresult *result, int row, clti_entry *out);
} source;

/* ---- reading rows ---- */

static bool read_partner(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_PARTNER;
    return clti_record_read_partner(clti_pg_bytes(result, row, 1), clti_pg_guid(result, row, 0),
                                    &out->of.partner);
}

static bool read_application(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_APPLICATION;
    return clti_record_read_application(clti_pg_bytes(result, row, 2), clti_pg_guid(result, row, 0),
                                        clti_pg_guid(result, row, 1), &out->of.application);
}

static bool read_user(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_USER;
    return clti_record_read_user(clti_pg_bytes(result, row, 2), clti_pg_guid(result, row, 0),
                                 clti_pg_bytes(result, row, 1), &out->of.user);
}

static bool read_link(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_LINK;
    out->of.link =
        (clti_link){.provider = clti_pg_guid(result, row, 0), .reseller = clti_pg_guid(result, row, 1)};
    return true;
}

static bool read_key(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_KEY;
    return clti_record_read_signing_key(clti_pg_bytes(result, row, 1), clti_pg_bytes(result, row, 0),
                                        &out->of.key);
}

static bool read_customer(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_CUSTOMER;
    out->owner = clti_pg_guid(result, row, 0);
    return clti_record_read_customer(clti_pg_bytes(result, row, 2), clti_pg_guid(result, row, 1),
                                     &out->of.customer);
}

static bool read_audit(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_AUDIT;
    return clti_record_read_audit(clti_pg_bytes(result, row, 2), clti_pg_guid(result, row, 0),
                                  clti_pg_int64(result, row, 1), &out->of.audit);
}

static bool read_idempotency(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_IDEMPOTENCY;
    return clti_record_read_idempotency(clti_pg_bytes(result, row, 2), clti_pg_guid(result, row, 0),
                                        clti_pg_guid(result, row, 1), &out->of.idempotency);
}

static bool read_grant(const PGresult *result, int row, clti_entry *out) {
    out->kind = CLTI_ENTRY_GRANT;
    return clti_record_read_grant(clti_pg_bytes(result, row, 1), clti_pg_guid(result, row, 0),
                                  &out->of.grant);
}

#define ALL(columns, table) "SELECT " columns " FROM clientele." table " "

/* Links, keys and grants belong to no partner alone. A link is told from its provider's side. */
static const source sources[] = {
    {"partner",
     {ALL("partner, record", "partner") "ORDER BY partner"},
     {ALL("partner, record", "partner") "WHERE partner = $1"},
     read_partner},
    {"application",
     {ALL("partner, id, record", "application") "ORDER BY partner, id"},
     {ALL("partner, id, record", "application") "WHERE partner = $1 ORDER BY id"},
     read_application},
    {"user_account",
     {ALL("partner, name, record", "user_account") "ORDER BY partner, name"},
     {ALL("partner, name, record", "user_account") "WHERE partner = $1 ORDER BY name"},
     read_user},
    {"link", {ALL("partner, other", "link") "WHERE role = 1 ORDER BY partner, other"}, {NULL}, read_link},
    {"signing_key", {ALL("id, record", "signing_key") "ORDER BY id"}, {NULL}, read_key},
    {"customer",
     {ALL("partner, id, record", "customer") "ORDER BY partner, id"},
     {ALL("partner, id, record", "customer") "WHERE partner = $1 ORDER BY id"},
     read_customer},
    {"audit",
     {ALL("partner, date, record", "audit") "ORDER BY partner, date"},
     {ALL("partner, date, record", "audit") "WHERE partner = $1 ORDER BY date"},
     read_audit},
    {"idempotency",
     {ALL("partner, key, record", "idempotency") "ORDER BY partner, key"},
     {ALL("partner, key, record", "idempotency") "WHERE partner = $1 ORDER BY key"},
     read_idempotency},
    {"user_grant", {ALL("id, record", "user_grant") "ORDER BY id"}, {NULL}, read_grant},
};

/* ---- telling ---- */

static bool tell(const stream *in, const source *from, const PGresult *row) {
    clti_entry entry = {0};
    if (!from->read(row, 0, &entry))
        return clti_pg_fail_record(in->store, from->table, clti_pg_bytes(row, 0, 0), in->fault);
    return in->on_entry(in->user, &entry, in->fault);
}

static bool begin_rows(const stream *in, const clti_pg_statement *statement) {
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    if (in->partner != NULL)
        clti_pg_add_guid(&parameters, *in->partner);
    return clti_pg_send(in->on, statement, &parameters, in->fault) == CLTI_PG_DONE &&
           clti_pg_sync(in->on, in->fault) == CLTI_PG_DONE &&
           clti_pg_begin_rows(in->on, in->fault) == CLTI_PG_DONE;
}

static bool walk(const stream *in, const source *from) {
    PGresult *row;
    in->on->deadline_us = clti_steady_us() + ROW_US;
    if (!begin_rows(in, in->partner != NULL ? &from->of_partner : &from->all))
        return false;
    for (;;) {
        in->on->deadline_us = clti_steady_us() + ROW_US;
        if (clti_pg_next_row(in->on, &row, in->fault) != CLTI_PG_DONE)
            return false;
        if (row == NULL)
            return clti_pg_drain(in->on, in->fault) == CLTI_PG_DONE;
        bool done = tell(in, from, row);
        PQclear(row);
        if (!done)
            return false;
    }
}

static bool tell_token_key(const stream *in) {
    clti_entry entry = {.kind = CLTI_ENTRY_TOKEN_KEY};
    memcpy(entry.of.token_key, in->store->token_key, sizeof in->store->token_key);
    bool done = in->on_entry(in->user, &entry, in->fault);
    clti_wipe(entry.of.token_key, sizeof entry.of.token_key);
    return done;
}

static bool walk_all(const stream *in) {
    for (size_t i = 0; i < CLTI_COUNT(sources); i++) {
        if (in->partner != NULL && sources[i].of_partner.text == NULL)
            continue;
        if (!walk(in, &sources[i]) ||
            (in->partner == NULL && sources[i].read == read_key && !tell_token_key(in)))
            return false;
    }
    return true;
}

/* Not done again when the connection breaks: what was told cannot be taken back. */
bool clti_pg_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                    clti_fault *fault) {
    stream in = {.store = (clti_postgres *)store,
                 .partner = partner,
                 .on_entry = on_entry,
                 .user = user,
                 .fault = fault};
    if (clti_pg_take(in.store, clti_pg_deadline(in.store), &in.on, fault) != CLTI_PG_DONE)
        return false;
    bool done = clti_pg_begin_view(in.on, fault) == CLTI_PG_DONE &&
                clti_pg_take_time(in.on, fault) == CLTI_PG_DONE && walk_all(&in) &&
                clti_pg_end_view(in.on, fault) == CLTI_PG_DONE;
    clti_pg_give(in.on);
    return done;
}
