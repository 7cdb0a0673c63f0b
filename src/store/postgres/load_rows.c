/* A load whose customers may be there: some at a time are looked up and held, then each is written by a
 * statement of its own, which sees what those before it have done. */
#include "store/postgres/load_private.h"

#include <stdlib.h>
#include <string.h>

/* Looked up at a time. */
#define CHUNK_MAX ((size_t)256)

#define RECORD_SIZE_MAX ((size_t)1 << 24)

static const clti_pg_statement find_customers = {"SELECT id, record FROM clientele.customer WHERE partner = "
                                                 "$1::uuid AND id = ANY ($2::uuid[]) FOR UPDATE"};

typedef struct rows {
    clti_pg_load_run *of;
    clti_pg_connection *on;
    clti_pg_builder builder;
    clti_pg_array ids;
    clti_buf record;
    bool is_sent[CHUNK_MAX];
    bool wrote;
    clti_fault *fault;
} rows;

/* How many from `first` on have ids of their own: what is looked up must not be written meanwhile. */
static size_t chunk_size(const clti_pg_load_run *of, size_t first) {
    size_t size = 0;
    for (; size < CHUNK_MAX && first + size < of->count; size++)
        for (size_t i = 0; i < size; i++)
            if (clti_guid_equal(of->customers[first + i].id, of->customers[first + size].id))
                return size;
    return size;
}

static clti_pg_verdict look_up(rows *in, size_t first, size_t size, PGresult **out) {
    clti_pg_parameters parameters;
    clti_pg_array_of_guids(&in->ids);
    for (size_t i = 0; i < size; i++)
        clti_pg_array_add_guid(&in->ids, in->of->customers[first + i].id);
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, in->of->partner);
    if (!clti_pg_add_array(&parameters, &in->ids)) {
        clti_fault_no_memory(in->fault);
        return CLTI_PG_FAILED;
    }
    return clti_pg_call(in->on, &find_customers, &parameters, out, in->fault);
}

/* The record of a customer among those that were found; absent if it is new. */
static clt_str record_of(const PGresult *found, clt_guid id) {
    for (int i = 0; i < PQntuples(found); i++)
        if (clti_guid_equal(clti_pg_guid(found, i, 0), id))
            return clti_pg_bytes(found, i, 1);
    return (clt_str){NULL, 0};
}

/* ---- one customer ---- */

/* *out_same: it is there as it shall be. */
static bool compare(rows *in, const clti_customer *kept, clt_str record, bool *out_same) {
    clti_buf_clear(&in->record);
    clti_record_write_customer(kept, &in->record);
    *out_same = clti_str_equal(clti_buf_str(&in->record), record);
    return clti_buf_ok(&in->record) || clti_fault_no_memory(in->fault);
}

static bool build_update(rows *in, const clti_customer *customer, clt_str record, bool *out_same) {
    clti_customer old;
    clti_customer kept = *customer;
    if (!clti_record_read_customer(record, customer->id, &old)) {
        const clt_guid key[] = {in->of->partner, customer->id};
        return clti_pg_fail_record(in->of->store, "customer", (clt_str){(const char *)key, sizeof key},
                                   in->fault);
    }
    clti_customer_keep(&kept, &old);
    return compare(in, &kept, record, out_same) &&
           (*out_same ||
            (clti_pg_build_common(&in->builder, NULL, NULL, in->fault) &&
             clti_pg_build_customer_update(&in->builder, in->of->partner, &kept, &old, true, in->fault)));
}

static bool build_new(rows *in, const clti_customer *customer) {
    return clti_pg_build_common(&in->builder, NULL, NULL, in->fault) &&
           clti_pg_build_customer_create(&in->builder, in->of->partner, customer, false, in->fault);
}

static clti_pg_verdict send_one(rows *in, size_t at, clt_str record, bool *out_sent) {
    bool same = false;
    const clti_customer *customer = &in->of->customers[at];
    if (!(record.data != NULL ? build_update(in, customer, record, &same) : build_new(in, customer)))
        return CLTI_PG_FAILED;
    *out_sent = !same;
    in->of->outcomes[at] = same                  ? CLTI_LOAD_UNCHANGED
                           : record.data != NULL ? CLTI_LOAD_UPDATED
                                                 : CLTI_LOAD_NEW;
    return same ? CLTI_PG_DONE
                : clti_pg_send(in->on, in->builder.statement, &in->builder.parameters, in->fault);
}

static clti_pg_verdict receive_one(rows *in, size_t at) {
    PGresult *result;
    clti_pg_verdict verdict = clti_pg_receive(in->on, &result, in->fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    int32_t seen = clti_pg_int32(result, 0, 0);
    bool is_done = clti_pg_bool(result, 0, 2);
    PQclear(result);
    if (seen == CLTI_PG_SEEN_DOMAIN_TAKEN) {
        in->of->outcomes[at] = CLTI_LOAD_DOMAIN_TAKEN;
        return CLTI_PG_DONE;
    }
    in->wrote |= is_done;
    return is_done ? CLTI_PG_DONE : clti_pg_raced(in->of->store, in->fault);
}

/* ---- all of them ---- */

static clti_pg_verdict load_found(rows *in, size_t first, size_t size, const PGresult *found) {
    clti_pg_verdict verdict = CLTI_PG_DONE;
    for (size_t i = 0; verdict == CLTI_PG_DONE && i < size; i++)
        verdict = send_one(in, first + i, record_of(found, in->of->customers[first + i].id), &in->is_sent[i]);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(in->on, in->fault);
    for (size_t i = 0; verdict == CLTI_PG_DONE && i < size; i++)
        if (in->is_sent[i])
            verdict = receive_one(in, first + i);
    return verdict == CLTI_PG_DONE ? clti_pg_drain(in->on, in->fault) : verdict;
}

static clti_pg_verdict load_chunk(rows *in, size_t first, size_t size) {
    PGresult *found;
    clti_pg_load_breathe(in->on);
    clti_pg_verdict verdict = look_up(in, first, size, &found);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    verdict = load_found(in, first, size, found);
    PQclear(found);
    return verdict;
}

clti_pg_verdict clti_pg_load_rows(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault) {
    rows in = {.of = user, .on = on, .fault = fault};
    clti_pg_builder_init(&in.builder, in.of->store);
    in.builder.slot = clti_pg_load_slot(in.of->store);
    clti_pg_array_init(&in.ids);
    clti_buf_init(&in.record, RECORD_SIZE_MAX);
    clti_pg_verdict verdict = clti_pg_load_begin(on, in.of, fault);
    for (size_t i = 0; verdict == CLTI_PG_DONE && i < in.of->count;) {
        size_t size = chunk_size(in.of, i);
        verdict = load_chunk(&in, i, size);
        i += size;
    }
    clti_buf_done(&in.record);
    clti_pg_array_done(&in.ids);
    clti_pg_builder_done(&in.builder);
    *out_commit = in.wrote;
    return verdict;
}
