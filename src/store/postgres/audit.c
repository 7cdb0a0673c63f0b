/* Audit records of a partner, from one end of the time asked for, in batches until the page is full. */
#include "store/audit_filter.h"
#include "store/postgres/postgres_private.h"

/* When not every record is wanted. */
#define BATCH_SIZE ((size_t)500)

typedef struct scan {
    clti_postgres *store;
    const clti_audit_query *query;
    clti_arena *arena;
    int64_t from, to; /* what is left of it */
    size_t batch_size;
    clti_buf folded;
    clti_audit_page page;
} scan;

static bool wants_all(const clti_audit_query *query) {
    return query->operation == 0 && query->resource == NULL && clti_guid_is_absent(query->customer) &&
           clti_guid_is_absent(query->application) && query->user.size == 0 && query->folded_name.size == 0;
}

/* Take the record if it matches. Once the page is full, only whether there is one. */
static bool visit(scan *in, int64_t date, clt_str value, clti_fault *fault) {
    clti_audit_record record;
    clt_guid partner = in->query->partner;
    clt_str copy;
    if (!clti_record_read_audit(value, partner, date, &record))
        return clti_pg_fail_record(in->store, "audit",
                                   (clt_str){(const char *)partner.bytes, sizeof partner.bytes}, fault);
    if (!clti_audit_matches(in->query, &record, &in->folded))
        return true;
    in->page.has_more = in->page.count == in->query->size;
    if (in->page.has_more)
        return true;
    if (!clti_arena_copy(in->arena, value, &copy))
        return clti_fault_no_memory(fault);
    return clti_record_read_audit(copy, partner, date, &in->page.records[in->page.count++]);
}

static bool visit_all(scan *in, const PGresult *result, clti_fault *fault) {
    for (int i = 0; i < PQntuples(result) && !in->page.has_more; i++) {
        int64_t date = clti_pg_int64(result, i, 0);
        if (!visit(in, date, clti_pg_bytes(result, i, 1), fault))
            return false;
        if (in->query->is_forwards)
            in->from = date + 1;
        else
            in->to = date;
    }
    return true;
}

/* *out_is_last: there are no more records. */
static bool scan_batch(scan *in, bool *out_is_last, clti_fault *fault) {
#define BATCH(order)                                                                                         \
    "SELECT date, record FROM clientele.audit WHERE partner = $1 AND date >= $2 AND date < $3 "              \
    "ORDER BY date " order " LIMIT $4"
    static const clti_pg_statement upwards = {BATCH("ASC")};
    static const clti_pg_statement downwards = {BATCH("DESC")};
    PGresult *result;
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, in->query->partner);
    clti_pg_add_int64(&parameters, in->from);
    clti_pg_add_int64(&parameters, in->to);
    clti_pg_add_int64(&parameters, (int64_t)in->batch_size);
    if (!clti_pg_read(in->store, in->query->is_forwards ? &upwards : &downwards, &parameters, &result, fault))
        return false;
    *out_is_last = (size_t)PQntuples(result) < in->batch_size;
    bool done = visit_all(in, result, fault);
    PQclear(result);
    return done;
}

bool clti_pg_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                        clti_audit_page *out, clti_fault *fault) {
    scan in = {.store = (clti_postgres *)store,
               .query = query,
               .arena = arena,
               .from = query->from,
               .to = query->to,
               .batch_size = wants_all(query) ? query->size + 1 : BATCH_SIZE};
    bool is_last = false;
    bool done = true;
    in.page.records = clti_arena_calloc(arena, query->size, sizeof *in.page.records);
    if (in.page.records == NULL)
        return clti_fault_no_memory(fault);
    clti_buf_init(&in.folded, SIZE_MAX);
    while (done && !is_last && !in.page.has_more)
        done = scan_batch(&in, &is_last, fault);
    clti_buf_done(&in.folded);
    if (!done)
        return false;
    if (query->is_forwards)
        clti_audit_turn_around(&in.page);
    *out = in.page;
    return true;
}
