#include "store/postgres/check_private.h"

#include <stdio.h>
#include <string.h>

/* ---- customers and what they make ---- */

/* Fill folds and index from a record. *out_sound says that it can be read. */
static bool read_customer(clti_pg_check_run *in, clt_guid owner, clt_guid id, clt_str record,
                          bool *out_sound) {
    clti_customer customer;
    clti_index_clear(&in->index);
    *out_sound = clti_record_read_customer(record, id, &customer);
    if (!*out_sound)
        return true;
    if (!clti_folds_make(&customer, &in->folds, in->fault) ||
        !clti_index_build(owner, &customer, &in->folds, &in->index, in->fault))
        return false;
    *out_sound = in->folds.domain.size > 0;
    return true;
}

static void list_key_of(const clti_index *index, const clti_index_entry *entry, clti_pg_key *out) {
    clti_pg_key_list(out, (clti_list_field)entry->kind, entry->related);
    clti_pg_key_add(out, clti_index_position_of(index, entry));
}

static bool expect_entry(clti_pg_check_run *in, const clti_index_entry *entry) {
    clti_pg_parameters parameters;
    clti_pg_key key;
    bool is_shared = entry->kind == CLTI_INDEX_SHARED;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, entry->viewer);
    if (is_shared) {
        clti_pg_add_guid(&parameters, in->index.id);
    } else {
        list_key_of(&in->index, entry, &key);
        clti_pg_add_bytes(&parameters, clti_pg_key_str(&key));
    }
    return clti_pg_check_expect(in, is_shared ? CLTI_PG_MADE_SHARED : CLTI_PG_MADE_LIST_ITEM, &parameters,
                                clti_index_value_of(&in->index, entry), in->index.owner, in->index.id);
}

static bool visit_customer(clti_pg_check_run *in, const PGresult *row) {
    const clt_guid ids[2] = {clti_pg_guid(row, 0, 0), clti_pg_guid(row, 0, 1)};
    clti_pg_parameters parameters;
    bool sound;
    in->summary.customers++;
    if (!read_customer(in, ids[0], ids[1], clti_pg_bytes(row, 0, 2), &sound))
        return false;
    if (!sound)
        return clti_pg_check_report_row(in, "customer", row, 2, "damaged record");
    clti_pg_clear(&parameters);
    clti_pg_add_bytes(&parameters, clti_buf_str(&in->folds.domain));
    bool done = clti_pg_check_expect(in, CLTI_PG_MADE_DOMAIN, &parameters,
                                     (clt_str){(const char *)ids, sizeof ids}, ids[0], ids[1]);
    for (size_t i = 0; i < in->index.count && done; i++)
        done = expect_entry(in, &in->index.entries[i]);
    return done;
}

/* ---- rows that nobody makes ---- */

/* What the row says, as what a customer's index would say it. */
typedef struct stray {
    clti_pg_made table;
    clt_guid viewer; /* whose list, or the reseller */
    clt_str key;     /* of a list; or the domain */
} stray;

static bool makes(clti_pg_check_run *in, const stray *row) {
    if (row->table == CLTI_PG_MADE_DOMAIN)
        return clti_str_equal(row->key, clti_buf_str(&in->folds.domain));
    for (size_t i = 0; i < in->index.count; i++) {
        const clti_index_entry *entry = &in->index.entries[i];
        clti_pg_key key;
        if (!clti_guid_equal(entry->viewer, row->viewer) ||
            (entry->kind == CLTI_INDEX_SHARED) != (row->table == CLTI_PG_MADE_SHARED))
            continue;
        if (entry->kind == CLTI_INDEX_SHARED)
            return true;
        list_key_of(&in->index, entry, &key);
        if (clti_str_equal(row->key, clti_pg_key_str(&key)))
            return true;
    }
    return false;
}

/* Whether this customer makes such a row. One whose record cannot be read may; that has been said. */
static bool does_make(clti_pg_check_run *in, clt_guid owner, clt_guid id, const stray *row, bool *out) {
    static const clti_pg_statement find = {
        "SELECT record FROM clientele.customer WHERE partner = $1 AND id = $2"};
    clti_pg_parameters parameters;
    PGresult *result;
    bool sound = true;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, owner);
    clti_pg_add_guid(&parameters, id);
    *out = false;
    if (!clti_pg_check_look(in, &find, &parameters, &result))
        return false;
    bool done = PQntuples(result) == 0 || read_customer(in, owner, id, clti_pg_bytes(result, 0, 0), &sound);
    if (done && PQntuples(result) > 0)
        *out = !sound || makes(in, row);
    PQclear(result);
    return done;
}

/* The customer in a list of the viewer: its own, or one that is shared with it. */
static bool is_listed(clti_pg_check_run *in, clt_guid id, const stray *row, bool *out) {
    static const clti_pg_statement find_owner = {
        "SELECT owner FROM clientele.shared WHERE partner = $1 AND id = $2"};
    clti_pg_parameters parameters;
    PGresult *result;
    if (!does_make(in, row->viewer, id, row, out))
        return false;
    if (*out)
        return true;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, row->viewer);
    clti_pg_add_guid(&parameters, id);
    if (!clti_pg_check_look(in, &find_owner, &parameters, &result))
        return false;
    bool done = PQntuples(result) == 0 || does_make(in, clti_pg_guid(result, 0, 0), id, row, out);
    PQclear(result);
    return done;
}

#define STRAY "stray: no customer makes it"

static bool visit_domain(clti_pg_check_run *in, const PGresult *row) {
    const stray seen = {.table = CLTI_PG_MADE_DOMAIN, .key = clti_pg_bytes(row, 0, 0)};
    bool made;
    return does_make(in, clti_pg_guid(row, 0, 1), clti_pg_guid(row, 0, 2), &seen, &made) &&
           (made || clti_pg_check_report_row(in, "domain", row, 1, STRAY));
}

static bool visit_list_item(clti_pg_check_run *in, const PGresult *row) {
    const stray seen = {
        .table = CLTI_PG_MADE_LIST_ITEM, .viewer = clti_pg_guid(row, 0, 0), .key = clti_pg_bytes(row, 0, 1)};
    clt_guid id;
    bool made = false;
    if (seen.key.size >= sizeof id.bytes) {
        memcpy(id.bytes, seen.key.data + seen.key.size - sizeof id.bytes, sizeof id.bytes);
        if (!is_listed(in, id, &seen, &made))
            return false;
    }
    return made || clti_pg_check_report_row(in, "list_item", row, 2, STRAY);
}

static bool visit_shared(clti_pg_check_run *in, const PGresult *row) {
    const stray seen = {.table = CLTI_PG_MADE_SHARED, .viewer = clti_pg_guid(row, 0, 0)};
    bool made;
    return does_make(in, clti_pg_guid(row, 0, 2), clti_pg_guid(row, 0, 1), &seen, &made) &&
           (made || clti_pg_check_report_row(in, "shared", row, 2, STRAY));
}

static bool check_strays(clti_pg_check_run *in) {
    static const struct {
        clti_pg_made table;
        clti_pg_statement count, all;
        clti_pg_check_visit visit;
    } rows[] = {
        {CLTI_PG_MADE_DOMAIN,
         {"SELECT count(*) FROM clientele.domain"},
         {"SELECT domain, partner, id FROM clientele.domain"},
         visit_domain},
        {CLTI_PG_MADE_LIST_ITEM,
         {"SELECT count(*) FROM clientele.list_item"},
         {"SELECT partner, key FROM clientele.list_item"},
         visit_list_item},
        {CLTI_PG_MADE_SHARED,
         {"SELECT count(*) FROM clientele.shared"},
         {"SELECT partner, id, owner FROM clientele.shared"},
         visit_shared},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        uint64_t entries;
        bool has_strays;
        if (!clti_pg_check_has_strays(in, rows[i].table, &rows[i].count, &entries, &has_strays) ||
            (has_strays && !clti_pg_check_walk(in, &rows[i].all, rows[i].visit)))
            return false;
        in->summary.entries += entries;
    }
    return true;
}

/* ---- the counters ---- */

static bool visit_count(clti_pg_check_run *in, const PGresult *row) {
    char what[128];
    snprintf(what, sizeof what, "the count is %lld, but the list of partner %s has %lld",
             (long long)clti_pg_int64(row, 0, 1), clti_guid_to_text(clti_pg_guid(row, 0, 0)).text,
             (long long)clti_pg_int64(row, 0, 2));
    return clti_pg_check_report_row(in, "list_state", row, 1, what);
}

/* Each customer in a partner's list stands in it once by name: kind 1. */
static bool check_counters(clti_pg_check_run *in) {
    static const clti_pg_statement differing = {
        "SELECT partner, coalesce(counted, 0)::bigint, coalesce(listed, 0)::bigint FROM "
        "(SELECT partner, sum(count) AS counted FROM clientele.list_state GROUP BY partner) AS state "
        "FULL JOIN (SELECT partner, count(*) AS listed FROM clientele.list_item WHERE key < '\\x02' "
        "GROUP BY partner) AS list USING (partner) "
        "WHERE coalesce(counted, 0) <> coalesce(listed, 0)"};
    return clti_pg_check_walk(in, &differing, visit_count);
}

bool clti_pg_check_customers(clti_pg_check_run *in) {
    static const clti_pg_statement all = {"SELECT partner, id, record FROM clientele.customer"};
    return clti_pg_check_walk(in, &all, visit_customer) && check_strays(in) && check_counters(in);
}
