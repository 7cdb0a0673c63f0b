/* What servers of one database tell each other: one statement a second of each of them. */
#include "store/postgres/postgres_private.h"

/* Who comes later than that has missed it. What is older goes. */
static const clti_pg_statement exchange = {
    "WITH gone AS (DELETE FROM clientele.told WHERE (server, tick) IN"
    " (SELECT server, tick FROM clientele.told WHERE told < clock_timestamp() - interval '20 s'"
    " FOR UPDATE SKIP LOCKED)),"
    " mine AS (INSERT INTO clientele.told (server, tick, bytes) SELECT $1::uuid, $2::bigint, $3::bytea"
    " WHERE length($3::bytea) > 0 ON CONFLICT DO NOTHING)"
    " SELECT server, tick, bytes FROM clientele.told WHERE server <> $1::uuid"
    " AND told > clock_timestamp() - interval '10 s' ORDER BY server, tick"};

static bool take_rows(const PGresult *result, clti_arena *arena, clti_told **out, size_t *out_count,
                      clti_fault *fault) {
    const size_t count = (size_t)PQntuples(result);
    clti_told *rows = clti_arena_calloc(arena, count + 1, sizeof *rows);
    if (rows == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++) {
        rows[i].server = clti_pg_guid(result, (int)i, 0);
        rows[i].tick = (uint64_t)clti_pg_int64(result, (int)i, 1);
        if (!clti_arena_copy(arena, clti_pg_bytes(result, (int)i, 2), &rows[i].bytes))
            return clti_fault_no_memory(fault);
    }
    *out = rows;
    *out_count = count;
    return true;
}

bool clti_pg_tell(clti_store *store, const clti_told *mine, clti_arena *arena, clti_told **out,
                  size_t *out_count, clti_fault *fault) {
    PGresult *result;
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, mine->server);
    clti_pg_add_int64(&parameters, (int64_t)mine->tick);
    clti_pg_add_bytes(&parameters, mine->bytes);
    /* Done again after a lost connection, it finds its row, or makes it. */
    if (!clti_pg_read((clti_postgres *)store, &exchange, &parameters, &result, fault))
        return false;
    const bool done = take_rows(result, arena, out, out_count, fault);
    PQclear(result);
    return done;
}
