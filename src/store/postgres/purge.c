/* A partner's customers, from the lowest id on, some at a time by one statement. */
#include "store/postgres/load_private.h"

/* Deleted at a time. */
#define CHUNK_MAX ((size_t)1000)

static const clti_pg_statement take_time = {"SET LOCAL statement_timeout = 0"};

static const clti_pg_statement find_lowest = {"SELECT id, record FROM clientele.customer WHERE partner = "
                                              "$1::uuid ORDER BY id LIMIT $2::bigint FOR UPDATE"};

/* Parameters 1 to 20 as with other changes; $21 ids, $22 domains. */
static const clti_pg_statement delete_customers = {
    CLTI_PG_SEE("") "done AS (SELECT FROM seen WHERE verdict = 0),"
                    " customers AS (DELETE FROM clientele.customer held USING unnest($21::uuid[]) AS old(id)"
                    " WHERE held.partner = $8::uuid AND held.id = old.id),"
                    " domains AS (DELETE FROM clientele.domain held USING unnest($22::bytea[]) AS old(domain)"
                    " WHERE held.domain = old.domain AND held.partner = $8::uuid)" CLTI_PG_WRITE_DIFFERENCE
                        CLTI_PG_FINISH};

typedef struct purge {
    clti_postgres *store;
    clt_guid partner;
    size_t most;
    size_t deleted;
    clti_pg_builder builder;
    clti_pg_array ids;
    clti_pg_array domains;
} purge;

static bool add_one(purge *in, clt_guid id, clt_str record, clti_fault *fault) {
    clti_customer customer;
    clti_pg_builder *builder = &in->builder;
    if (!clti_record_read_customer(record, id, &customer)) {
        const clt_guid key[] = {in->partner, id};
        return clti_pg_fail_record(in->store, "customer", (clt_str){(const char *)key, sizeof key}, fault);
    }
    if (!clti_pg_build_index(&customer, in->partner, &builder->old_folds, &builder->old_index, fault) ||
        !clti_pg_difference_add(&builder->difference, &builder->old_index, &builder->index, fault))
        return false;
    clti_pg_array_add_guid(&in->ids, id);
    clti_pg_array_add_bytes(&in->domains, clti_buf_str(&builder->old_folds.domain));
    return true;
}

static bool build(purge *in, const PGresult *found, clti_fault *fault) {
    clti_pg_builder *builder = &in->builder;
    if (!clti_pg_build_common(builder, NULL, NULL, fault))
        return false;
    clti_pg_difference_clear(&builder->difference);
    clti_index_clear(&builder->index);
    clti_pg_array_of_guids(&in->ids);
    clti_pg_array_of_bytes(&in->domains);
    for (int i = 0; i < PQntuples(found); i++)
        if (!add_one(in, clti_pg_guid(found, i, 0), clti_pg_bytes(found, i, 1), fault))
            return false;
    if (!clti_pg_add_difference(&builder->parameters, &builder->difference, in->partner, builder->slot,
                                fault))
        return false;
    return (clti_pg_add_array(&builder->parameters, &in->ids) &&
            clti_pg_add_array(&builder->parameters, &in->domains)) ||
           clti_fault_no_memory(fault);
}

static clti_pg_verdict delete_found(clti_pg_connection *on, purge *in, const PGresult *found,
                                    clti_fault *fault) {
    PGresult *result;
    if (!build(in, found, fault))
        return CLTI_PG_FAILED;
    clti_pg_verdict verdict = clti_pg_call(on, &delete_customers, &in->builder.parameters, &result, fault);
    PQclear(result);
    in->deleted += (size_t)PQntuples(found);
    return verdict;
}

/* *out_found: how many there were. */
static clti_pg_verdict purge_some(clti_pg_connection *on, purge *in, size_t most, size_t *out_found,
                                  clti_fault *fault) {
    PGresult *found;
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, in->partner);
    clti_pg_add_int64(&parameters, (int64_t)most);
    clti_pg_load_breathe(on);
    clti_pg_verdict verdict = clti_pg_call(on, &find_lowest, &parameters, &found, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    *out_found = (size_t)PQntuples(found);
    if (*out_found > 0)
        verdict = delete_found(on, in, found, fault);
    PQclear(found);
    return verdict;
}

static clti_pg_verdict purge_all(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault) {
    purge *in = user;
    size_t wanted = 0;
    size_t found = 0;
    in->deleted = 0;
    clti_pg_verdict verdict = clti_pg_send(on, &take_time, NULL, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drop(on, CLTI_PG_BEGUN + 1, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drain(on, fault);
    while (verdict == CLTI_PG_DONE && found == wanted && in->deleted < in->most) {
        size_t left = in->most - in->deleted;
        wanted = left < CHUNK_MAX ? left : CHUNK_MAX;
        verdict = purge_some(on, in, wanted, &found, fault);
    }
    *out_commit = in->deleted > 0;
    return verdict;
}

bool clti_pg_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault) {
    purge in = {.store = (clti_postgres *)store, .partner = partner, .most = most};
    clti_pg_builder_init(&in.builder, in.store);
    in.builder.slot = clti_pg_load_slot(in.store);
    clti_pg_array_init(&in.ids);
    clti_pg_array_init(&in.domains);
    bool done = clti_pg_write(in.store, CLTI_PG_LONG, purge_all, &in, fault);
    clti_pg_array_done(&in.domains);
    clti_pg_array_done(&in.ids);
    clti_pg_builder_done(&in.builder);
    if (done)
        *out_deleted = in.deleted;
    return done;
}
