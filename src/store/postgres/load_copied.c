/*
 * A load of new customers: records, domains and list items go straight into their tables. What is there
 * already shows as a violation of a unique key, in this load's own customers too; then nothing of it is kept,
 * and all take the way of load_rows.c.
 */
#include "store/postgres/load_private.h"

#include <string.h>

/* Customers whose rows are made and put into order before they are sent: at 700 bytes each or so. The more,
 * the fewer times an index is walked from end to end. */
#define CHUNK_MAX ((size_t)200000)

/* Looked for before anything is sent: most loads of what is there already end here. */
#define SAMPLE_MAX ((size_t)16)

/* $1 partner, $2 sample of ids, $3 all ids, $4 resellers, $5 ids that they shall see. What no unique key
 * tells: ids in other partners' tables that would stand in one list with these. */
static const clti_pg_statement find_existing = {
    "SELECT EXISTS (SELECT FROM clientele.customer WHERE partner = $1::uuid AND id = ANY ($2::uuid[]))"
    " OR CASE WHEN EXISTS (SELECT FROM clientele.shared WHERE partner = $1::uuid) THEN EXISTS (SELECT"
    " FROM unnest($3::uuid[]) AS wanted(id) JOIN clientele.shared held ON held.partner = $1::uuid"
    " AND held.id = wanted.id) ELSE false END"
    " OR EXISTS (SELECT FROM unnest($4::uuid[], $5::uuid[]) AS wanted(partner, id)"
    " JOIN clientele.customer held ON held.partner = wanted.partner AND held.id = wanted.id)"
    " OR EXISTS (SELECT FROM unnest($4::uuid[], $5::uuid[]) AS wanted(partner, id)"
    " JOIN clientele.shared held ON held.partner = wanted.partner AND held.id = wanted.id)"};

static const clti_pg_statement add_to_states = {
    "INSERT INTO clientele.list_state AS held (partner, slot, revision, count)"
    " SELECT new.partner, $3::smallint, 1, sum(new.count)::bigint"
    " FROM unnest($1::uuid[], $2::bigint[]) AS new(partner, count) GROUP BY new.partner"
    " ON CONFLICT (partner, slot) DO UPDATE SET revision = held.revision + 1, count = held.count + "
    "excluded.count"};

typedef struct copied {
    clti_pg_load_run *of;
    clti_pg_connection *on;
    clti_pg_table customers, domains, items, shared;
    clti_pg_array viewers, counts; /* what lists gain; a viewer may come many times */
    int64_t own_count;
    clti_folds folds;
    clti_index index;
    clti_buf record;
    clti_fault *fault;
} copied;

#define RECORD_SIZE_MAX ((size_t)1 << 24)

static clt_str str_of(const clt_guid *id) {
    return (clt_str){(const char *)id->bytes, sizeof id->bytes};
}

/* ---- what would stand in one list with what is there ---- */

static bool add_arrays(const copied *in, clti_pg_array arrays[4], clti_pg_parameters *parameters) {
    const clti_pg_load_run *of = in->of;
    size_t step = of->count / SAMPLE_MAX + 1;
    for (size_t i = 0; i < 4; i++) {
        clti_pg_array_init(&arrays[i]);
        clti_pg_array_of_guids(&arrays[i]);
    }
    for (size_t i = 0; i < of->count; i += step)
        clti_pg_array_add_guid(&arrays[0], of->customers[i].id);
    for (size_t i = 0; i < of->count; i++) {
        clt_guid reseller = clti_index_reseller(of->partner, &of->customers[i]);
        clti_pg_array_add_guid(&arrays[1], of->customers[i].id);
        if (clti_guid_is_absent(reseller))
            continue;
        clti_pg_array_add_guid(&arrays[2], reseller);
        clti_pg_array_add_guid(&arrays[3], of->customers[i].id);
    }
    for (size_t i = 0; i < 4; i++)
        if (!clti_pg_add_array(parameters, &arrays[i]))
            return false;
    return true;
}

static clti_pg_verdict look_for_existing(copied *in) {
    clti_pg_array arrays[4];
    clti_pg_parameters parameters;
    PGresult *result = NULL;
    clti_pg_verdict verdict = CLTI_PG_FAILED;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, in->of->partner);
    if (add_arrays(in, arrays, &parameters))
        verdict = clti_pg_call(in->on, &find_existing, &parameters, &result, in->fault);
    else
        clti_fault_no_memory(in->fault);
    for (size_t i = 0; i < CLTI_COUNT(arrays); i++)
        clti_pg_array_done(&arrays[i]);
    if (verdict == CLTI_PG_DONE && clti_pg_bool(result, 0, 0)) {
        in->of->met_existing = true;
        verdict = CLTI_PG_FAILED;
    }
    PQclear(result);
    return verdict;
}

/* ---- rows ---- */

/* A row begins with its count of columns (2 bytes); each value has its size before it (4 bytes). */
#define FIRST_VALUE  ((size_t)6)
#define SECOND_VALUE (FIRST_VALUE + sizeof(clt_guid) + 4)

static bool add_item(copied *in, const clti_index_entry *entry) {
    clti_pg_key key;
    clti_pg_key_list(&key, (clti_list_field)entry->kind, entry->related);
    clti_pg_key_add(&key, clti_index_position_of(&in->index, entry));
    clti_pg_table_begin_row(&in->items, 3);
    clti_pg_table_add(&in->items, str_of(&entry->viewer));
    clti_pg_table_add(&in->items, clti_pg_key_str(&key));
    clti_pg_table_add(&in->items, clti_buf_str(&in->index.item));
    return clti_pg_table_end_row(&in->items, SECOND_VALUE, key.size, in->fault);
}

static bool add_shared(copied *in, const clti_index_entry *entry) {
    clti_pg_table_begin_row(&in->shared, 3);
    clti_pg_table_add(&in->shared, str_of(&entry->viewer));
    clti_pg_table_add(&in->shared, str_of(&in->index.id));
    clti_pg_table_add(&in->shared, str_of(&in->index.owner));
    return clti_pg_table_end_row(&in->shared, FIRST_VALUE, sizeof(clt_guid), in->fault);
}

static bool add_entries(copied *in) {
    for (size_t i = 0; i < in->index.count; i++) {
        const clti_index_entry *entry = &in->index.entries[i];
        if (!(entry->kind == CLTI_INDEX_SHARED ? add_shared(in, entry) : add_item(in, entry)))
            return false;
    }
    for (size_t i = 0; i < in->index.viewer_count; i++) {
        if (clti_guid_equal(in->index.viewers[i], in->of->partner)) {
            in->own_count++;
            continue;
        }
        clti_pg_array_add_guid(&in->viewers, in->index.viewers[i]);
        clti_pg_array_add_number(&in->counts, 1);
    }
    return true;
}

static bool add_customer(copied *in, const clti_customer *customer) {
    clti_buf_clear(&in->record);
    clti_record_write_customer(customer, &in->record);
    if (!clti_buf_ok(&in->record))
        return clti_fault_no_memory(in->fault);
    if (!clti_folds_make(customer, &in->folds, in->fault) ||
        !clti_index_build(in->of->partner, customer, &in->folds, &in->index, in->fault))
        return false;
    clti_pg_table_begin_row(&in->customers, 3);
    clti_pg_table_add(&in->customers, str_of(&in->of->partner));
    clti_pg_table_add(&in->customers, str_of(&customer->id));
    clti_pg_table_add(&in->customers, clti_buf_str(&in->record));
    if (!clti_pg_table_end_row(&in->customers, SECOND_VALUE, sizeof(clt_guid), in->fault))
        return false;
    clt_str domain = clti_buf_str(&in->folds.domain);
    clti_assert(domain.size > 0); /* the customer is complete */
    clti_pg_table_begin_row(&in->domains, 3);
    clti_pg_table_add(&in->domains, domain);
    clti_pg_table_add(&in->domains, str_of(&in->of->partner));
    clti_pg_table_add(&in->domains, str_of(&customer->id));
    return clti_pg_table_end_row(&in->domains, FIRST_VALUE, domain.size, in->fault) && add_entries(in);
}

/* ---- all of them ---- */

static clti_pg_verdict copy_tables(copied *in) {
    clti_pg_table *const tables[] = {&in->customers, &in->domains, &in->shared, &in->items};
    for (size_t i = 0; i < CLTI_COUNT(tables); i++) {
        bool conflict;
        clti_pg_verdict verdict = clti_pg_table_copy(in->on, tables[i], &conflict, in->fault);
        in->of->met_existing |= conflict;
        if (verdict != CLTI_PG_DONE)
            return verdict;
        clti_pg_table_clear(tables[i]);
    }
    return CLTI_PG_DONE;
}

static clti_pg_verdict copy_all(copied *in) {
    for (size_t i = 0; i < in->of->count; i++) {
        if (!add_customer(in, &in->of->customers[i]))
            return CLTI_PG_FAILED;
        in->of->outcomes[i] = CLTI_LOAD_NEW;
        if ((i + 1) % CHUNK_MAX != 0 && i + 1 != in->of->count)
            continue;
        clti_pg_verdict verdict = copy_tables(in);
        if (verdict != CLTI_PG_DONE)
            return verdict;
    }
    return CLTI_PG_DONE;
}

static clti_pg_verdict write_states(copied *in) {
    clti_pg_parameters parameters;
    PGresult *result;
    clti_pg_clear(&parameters);
    if (in->own_count > 0) {
        clti_pg_array_add_guid(&in->viewers, in->of->partner);
        clti_pg_array_add_number(&in->counts, in->own_count);
    }
    if (!clti_pg_add_array(&parameters, &in->viewers) || !clti_pg_add_array(&parameters, &in->counts)) {
        clti_fault_no_memory(in->fault);
        return CLTI_PG_FAILED;
    }
    clti_pg_add_int16(&parameters, clti_pg_load_slot(in->of->store));
    clti_pg_load_breathe(in->on);
    clti_pg_verdict verdict = clti_pg_call(in->on, &add_to_states, &parameters, &result, in->fault);
    PQclear(result);
    return verdict;
}

static void init(copied *in) {
    clti_pg_table_init(&in->customers,
                       "COPY clientele.customer (partner, id, record) FROM STDIN (FORMAT binary)");
    clti_pg_table_init(&in->domains,
                       "COPY clientele.domain (domain, partner, id) FROM STDIN (FORMAT binary)");
    clti_pg_table_init(&in->shared, "COPY clientele.shared (partner, id, owner) FROM STDIN (FORMAT binary)");
    clti_pg_table_init(&in->items,
                       "COPY clientele.list_item (partner, key, item) FROM STDIN (FORMAT binary)");
    clti_pg_array_init(&in->viewers);
    clti_pg_array_init(&in->counts);
    clti_pg_array_of_guids(&in->viewers);
    clti_pg_array_of_numbers(&in->counts);
    clti_folds_init(&in->folds);
    clti_index_init(&in->index);
    clti_buf_init(&in->record, RECORD_SIZE_MAX);
}

static void done(copied *in) {
    clti_buf_done(&in->record);
    clti_index_done(&in->index);
    clti_folds_done(&in->folds);
    clti_pg_array_done(&in->counts);
    clti_pg_array_done(&in->viewers);
    clti_pg_table_done(&in->items);
    clti_pg_table_done(&in->shared);
    clti_pg_table_done(&in->domains);
    clti_pg_table_done(&in->customers);
}

clti_pg_verdict clti_pg_load_copied(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault) {
    copied in = {.of = user, .on = on, .fault = fault};
    init(&in);
    clti_pg_verdict verdict = clti_pg_load_begin(on, in.of, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = look_for_existing(&in);
    if (verdict == CLTI_PG_DONE)
        verdict = copy_all(&in);
    if (verdict == CLTI_PG_DONE)
        verdict = write_states(&in);
    done(&in);
    return verdict;
}
