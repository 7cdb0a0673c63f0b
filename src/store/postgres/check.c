/*
 * Everything in one view. What each record makes is looked up, many rows at a time; if a table then holds
 * more than was found, it is walked, and rows that nobody makes are named. Memory does not grow with the
 * store.
 */
#include "store/postgres/check_private.h"

#include <string.h>

/* It takes as long as it takes; a connection that dies is noticed by its keepalives. */
#define CHECK_US (INT64_C(24) * 60 * 60 * 1000000)

/* A value as bytes. $1 and $2 are the key. */
static const clti_pg_statement lookups[] = {
    [CLTI_PG_MADE_PARTNER_DOMAIN] =
        {"SELECT uuid_send(partner) FROM clientele.partner_domain WHERE domain = $1"},
    [CLTI_PG_MADE_DOMAIN] =
        {"SELECT uuid_send(partner) || uuid_send(id) FROM clientele.domain WHERE domain = $1"},
    [CLTI_PG_MADE_LIST_ITEM] = {"SELECT item FROM clientele.list_item WHERE partner = $1 AND key = $2"},
    [CLTI_PG_MADE_SHARED] = {"SELECT uuid_send(owner) FROM clientele.shared WHERE partner = $1 AND id = $2"},
};

static const char *const table_names[] = {
    [CLTI_PG_MADE_PARTNER_DOMAIN] = "partner_domain",
    [CLTI_PG_MADE_DOMAIN] = "domain",
    [CLTI_PG_MADE_LIST_ITEM] = "list_item",
    [CLTI_PG_MADE_SHARED] = "shared",
};

/* ---- findings ---- */

static void begin_finding(clti_pg_check_run *in, const char *table, clt_str key) {
    clti_buf_clear(&in->text);
    clti_buf_add_format(&in->text, "%s at key ", table);
    for (size_t i = 0; i < key.size; i++)
        clti_buf_add_format(&in->text, "%02x", (unsigned)(uint8_t)key.data[i]);
    clti_buf_add(&in->text, CLTI_STR(": "));
}

static bool end_finding(clti_pg_check_run *in) {
    if (!clti_buf_ok(&in->text))
        return clti_fault_no_memory(in->fault);
    in->summary.findings++;
    in->on_finding(in->user, clti_buf_str(&in->text));
    return true;
}

bool clti_pg_check_report(clti_pg_check_run *in, const char *table, clt_str key, const char *what) {
    begin_finding(in, table, key);
    clti_buf_add(&in->text, clti_str(what));
    return end_finding(in);
}

bool clti_pg_check_report_row(clti_pg_check_run *in, const char *table, const PGresult *row, int columns,
                              const char *what) {
    clti_buf key;
    clti_buf_init(&key, SIZE_MAX);
    for (int i = 0; i < columns; i++)
        clti_buf_add(&key, clti_pg_bytes(row, 0, i));
    bool done = clti_buf_ok(&key) ? clti_pg_check_report(in, table, clti_buf_str(&key), what)
                                  : clti_fault_no_memory(in->fault);
    clti_buf_done(&key);
    return done;
}

static bool report_expected(clti_pg_check_run *in, const clti_pg_expectation *expected, const char *what) {
    bool is_partners = clti_guid_is_absent(expected->id);
    begin_finding(in, table_names[expected->table], expected->key);
    clti_buf_add_format(&in->text, "%s of %s %s", what, is_partners ? "partner" : "customer",
                        clti_guid_to_text(is_partners ? expected->owner : expected->id).text);
    if (!is_partners)
        clti_buf_add_format(&in->text, " of partner %s", clti_guid_to_text(expected->owner).text);
    return end_finding(in);
}

/* ---- looking up ---- */

static bool judge(clti_pg_check_run *in, const clti_pg_expectation *expected, const PGresult *result) {
    if (PQntuples(result) == 0)
        return report_expected(in, expected, "missing: the row");
    in->found[expected->table]++;
    return clti_str_equal(clti_pg_bytes(result, 0, 0), expected->value) ||
           report_expected(in, expected, "altered: the value is not that");
}

static bool look_at_expected(clti_pg_check_run *in) {
    bool done = in->expected_count == 0 || clti_pg_sync(in->looker, in->fault) == CLTI_PG_DONE;
    for (size_t i = 0; i < in->expected_count && done; i++) {
        PGresult *result;
        done = clti_pg_receive(in->looker, &result, in->fault) == CLTI_PG_DONE &&
               judge(in, &in->expected[i], result);
        PQclear(result);
    }
    in->expected_count = 0;
    clti_arena_clear(&in->arena);
    return done && clti_pg_drain(in->looker, in->fault) == CLTI_PG_DONE;
}

bool clti_pg_check_expect(clti_pg_check_run *in, clti_pg_made table, const clti_pg_parameters *key,
                          clt_str value, clt_guid owner, clt_guid id) {
    if (in->expected_count == CLTI_COUNT(in->expected) && !look_at_expected(in))
        return false;
    clt_str parts[2] = {{NULL, 0}, {NULL, 0}};
    clti_assert(key->count <= CLTI_COUNT(parts));
    for (size_t i = 0; i < key->count; i++)
        parts[i] = (clt_str){key->values[i], (size_t)key->sizes[i]};
    clti_pg_expectation *expected = &in->expected[in->expected_count++];
    *expected = (clti_pg_expectation){.table = table, .owner = owner, .id = id};
    expected->key = clti_arena_join(&in->arena, parts, key->count);
    if (expected->key.data == NULL || !clti_arena_copy(&in->arena, value, &expected->value))
        return clti_fault_no_memory(in->fault);
    return clti_pg_send(in->looker, &lookups[table], key, in->fault) == CLTI_PG_DONE;
}

bool clti_pg_check_look(clti_pg_check_run *in, const clti_pg_statement *statement,
                        const clti_pg_parameters *parameters, PGresult **out) {
    return look_at_expected(in) &&
           clti_pg_call(in->looker, statement, parameters, out, in->fault) == CLTI_PG_DONE;
}

bool clti_pg_check_has_strays(clti_pg_check_run *in, clti_pg_made table, const clti_pg_statement *count,
                              uint64_t *entries, bool *out) {
    PGresult *result;
    if (!clti_pg_check_look(in, count, NULL, &result))
        return false;
    *entries = (uint64_t)clti_pg_int64(result, 0, 0);
    *out = *entries != in->found[table];
    PQclear(result);
    return true;
}

/* ---- walking ---- */

bool clti_pg_check_walk(clti_pg_check_run *in, const clti_pg_statement *statement,
                        clti_pg_check_visit visit) {
    PGresult *row;
    if (clti_pg_send(in->walker, statement, NULL, in->fault) != CLTI_PG_DONE ||
        clti_pg_sync(in->walker, in->fault) != CLTI_PG_DONE ||
        clti_pg_begin_rows(in->walker, in->fault) != CLTI_PG_DONE)
        return false;
    for (;;) {
        if (clti_pg_next_row(in->walker, &row, in->fault) != CLTI_PG_DONE)
            return false;
        if (row == NULL)
            break;
        bool done = visit(in, row);
        PQclear(row);
        if (!done)
            return false;
    }
    return clti_pg_drain(in->walker, in->fault) == CLTI_PG_DONE && look_at_expected(in);
}

/* ---- the operation ---- */

/* Both see what the walker saw first. */
static bool share_view(clti_pg_check_run *in) {
    static const clti_pg_statement export = {"SELECT pg_export_snapshot()"};
    PGresult *result;
    clti_buf text;
    if (clti_pg_begin_view(in->walker, in->fault) != CLTI_PG_DONE ||
        clti_pg_take_time(in->walker, in->fault) != CLTI_PG_DONE ||
        clti_pg_begin_view(in->looker, in->fault) != CLTI_PG_DONE ||
        clti_pg_call(in->walker, &export, NULL, &result, in->fault) != CLTI_PG_DONE)
        return false;
    clti_buf_init(&text, SIZE_MAX);
    clti_buf_add_format(&text, "SET TRANSACTION SNAPSHOT '%.*s'", CLTI_STR_ARGS(clti_pg_bytes(result, 0, 0)));
    clti_buf_add_char(&text, '\0');
    PQclear(result);
    bool done = clti_buf_ok(&text) ? clti_pg_script(in->looker, text.data, in->fault) == CLTI_PG_DONE
                                   : clti_fault_no_memory(in->fault);
    clti_buf_done(&text);
    return done && clti_pg_take_time(in->looker, in->fault) == CLTI_PG_DONE;
}

static bool check_all(clti_pg_check_run *in) {
    in->walker->deadline_us = in->looker->deadline_us = clti_steady_us() + CHECK_US;
    return share_view(in) && clti_pg_check_identities(in) && clti_pg_check_customers(in) &&
           clti_pg_end_view(in->looker, in->fault) == CLTI_PG_DONE &&
           clti_pg_end_view(in->walker, in->fault) == CLTI_PG_DONE;
}

/* Not on the pool's connections: it needs two, and for long. */
bool clti_pg_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                   clti_fault *fault) {
    clti_pg_check_run in = {
        .store = (clti_postgres *)store, .on_finding = on_finding, .user = user, .fault = fault};
    int64_t deadline_us = clti_pg_deadline(in.store);
    clti_buf_init(&in.text, SIZE_MAX);
    clti_folds_init(&in.folds);
    clti_index_init(&in.index);
    bool done = clti_pg_connect(in.store, deadline_us, &in.walker, fault) == CLTI_PG_DONE &&
                clti_pg_connect(in.store, deadline_us, &in.looker, fault) == CLTI_PG_DONE && check_all(&in);
    clti_pg_disconnect(in.looker);
    clti_pg_disconnect(in.walker);
    clti_index_done(&in.index);
    clti_folds_done(&in.folds);
    clti_buf_done(&in.text);
    clti_arena_done(&in.arena);
    if (done)
        *out = in.summary;
    return done;
}
