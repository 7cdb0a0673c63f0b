/*
 * A connection is always in libpq's pipeline mode, for one statement too: it costs nothing more, and a
 * statement that is not prepared yet is prepared on the way, without waiting for it. What results are to come
 * is kept in a queue: the answers to such preparations are taken in behind the caller's back.
 */
#include "store/postgres/postgres_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is expected; a smaller number is that of the statement being prepared. */
#define EXPECT_STATEMENT UINT16_MAX
#define EXPECT_SYNC      (UINT16_MAX - 1)
#define PREPARED_MAX     1000

#define RESULT_BINARY 1

/* ---- the queue ---- */

static bool expect(clti_pg_connection *on, uint16_t what) {
    if (on->expected_first + on->expected_count == on->expected_capacity) {
        size_t capacity = on->expected_capacity == 0 ? 64 : on->expected_capacity * 2;
        uint16_t *larger = realloc(on->expected, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        on->expected = larger;
        on->expected_capacity = capacity;
    }
    on->expected[on->expected_first + on->expected_count++] = what;
    return true;
}

static void expect_next(clti_pg_connection *on) {
    on->expected_first++;
    if (--on->expected_count == 0)
        on->expected_first = 0;
}

/* ---- sending ---- */

static clti_pg_verdict out_of_memory(clti_pg_connection *on, clti_fault *fault) {
    on->is_broken = true; /* nobody knows what was sent */
    clti_fault_no_memory(fault);
    return CLTI_PG_FAILED;
}

/* The row of a statement, made if there is none. NULL if memory is out. */
static clti_pg_prepared *prepared_row(clti_pg_connection *on, const clti_pg_statement *statement) {
    for (size_t i = 0; i < on->prepared_count; i++)
        if (on->prepared[i].statement == statement)
            return &on->prepared[i];
    if (on->prepared_count == on->prepared_capacity) {
        size_t capacity = on->prepared_capacity == 0 ? 32 : on->prepared_capacity * 2;
        clti_pg_prepared *larger = realloc(on->prepared, capacity * sizeof *larger);
        if (larger == NULL)
            return NULL;
        on->prepared = larger;
        on->prepared_capacity = capacity;
    }
    clti_assert(on->prepared_count < PREPARED_MAX);
    on->prepared[on->prepared_count] = (clti_pg_prepared){.statement = statement};
    return &on->prepared[on->prepared_count++];
}

typedef struct statement_name {
    char text[16];
} statement_name;

static statement_name name_of(const clti_pg_connection *on, const clti_pg_prepared *row) {
    statement_name name;
    snprintf(name.text, sizeof name.text, "s%u", (unsigned)(row - on->prepared));
    return name;
}

clti_pg_verdict clti_pg_send(clti_pg_connection *on, const clti_pg_statement *statement,
                             const clti_pg_parameters *parameters, clti_fault *fault) {
    clti_pg_prepared *row = prepared_row(on, statement);
    if (row == NULL)
        return out_of_memory(on, fault);
    statement_name name = name_of(on, row);
    if (!row->is_there) {
        if (!expect(on, (uint16_t)(row - on->prepared)))
            return out_of_memory(on, fault);
        if (PQsendPrepare(on->pg, name.text, statement->text, 0, NULL) == 0)
            return clti_pg_lost(on, fault);
        row->is_there = true;
    }
    if (!expect(on, EXPECT_STATEMENT))
        return out_of_memory(on, fault);
    static const clti_pg_parameters none = {.count = 0};
    if (parameters == NULL)
        parameters = &none;
    if (PQsendQueryPrepared(on->pg, name.text, (int)parameters->count, parameters->values, parameters->sizes,
                            parameters->formats, RESULT_BINARY) == 0)
        return clti_pg_lost(on, fault);
    return CLTI_PG_DONE;
}

clti_pg_verdict clti_pg_sync(clti_pg_connection *on, clti_fault *fault) {
    if (!expect(on, EXPECT_SYNC))
        return out_of_memory(on, fault);
    if (PQpipelineSync(on->pg) == 0)
        return clti_pg_lost(on, fault);
    return clti_pg_flush(on, fault);
}

/* ---- receiving ---- */

static bool is_good(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
}

/* The next result, whatever it is for, and the NULL behind it; *out_what says what it is for. */
static clti_pg_verdict next_result(clti_pg_connection *on, PGresult **out, uint16_t *out_what,
                                   clti_fault *fault) {
    PGresult *end = NULL;
    clti_assert(on->expected_count > 0);
    *out_what = on->expected[on->expected_first];
    clti_pg_verdict verdict = clti_pg_wait_result(on, out, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (*out == NULL)
        return clti_pg_lost(on, fault);
    if (*out_what != EXPECT_SYNC)
        verdict = clti_pg_wait_result(on, &end, fault);
    if (verdict == CLTI_PG_DONE &&
        (end != NULL || (PQresultStatus(*out) == PGRES_PIPELINE_SYNC) != (*out_what == EXPECT_SYNC)))
        verdict = clti_pg_lost(on, fault); /* libpq says something else than we wait for: it has given up */
    PQclear(end);
    if (verdict != CLTI_PG_DONE) {
        PQclear(*out);
        *out = NULL;
        return verdict;
    }
    expect_next(on);
    if (*out_what < PREPARED_MAX && !is_good(*out))
        on->prepared[*out_what].is_there = false;
    return CLTI_PG_DONE;
}

/* What the server has said before it closed the connection is worth more than that it is closed. */
static clti_pg_verdict judge_and_clear(clti_pg_connection *on, PGresult *result, clti_fault *fault) {
    clti_pg_verdict verdict = clti_pg_judge(on, result, fault);
    PQclear(result);
    return verdict;
}

clti_pg_verdict clti_pg_receive(clti_pg_connection *on, PGresult **out, clti_fault *fault) {
    clti_pg_verdict prepared = CLTI_PG_DONE;
    *out = NULL;
    for (;;) {
        PGresult *result;
        uint16_t what;
        clti_pg_verdict verdict = next_result(on, &result, &what, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        clti_assert(what != EXPECT_SYNC);
        if (is_good(result) && what == EXPECT_STATEMENT) {
            *out = result;
            return CLTI_PG_DONE;
        }
        bool is_behind_failure = PQresultStatus(result) == PGRES_PIPELINE_ABORTED && prepared != CLTI_PG_DONE;
        if (is_good(result) || is_behind_failure)
            PQclear(result);
        else
            prepared = judge_and_clear(on, result, fault);
        if (what == EXPECT_STATEMENT)
            return prepared;
    }
}

/* ---- row by row ---- */

clti_pg_verdict clti_pg_begin_rows(clti_pg_connection *on, clti_fault *fault) {
    while (on->expected_count > 0 && on->expected[on->expected_first] < PREPARED_MAX) {
        PGresult *result;
        uint16_t what;
        clti_pg_verdict verdict = next_result(on, &result, &what, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        if (!is_good(result))
            return judge_and_clear(on, result, fault);
        PQclear(result);
    }
    return PQsetSingleRowMode(on->pg) != 0 ? CLTI_PG_DONE : clti_pg_lost(on, fault);
}

clti_pg_verdict clti_pg_next_row(clti_pg_connection *on, PGresult **out, clti_fault *fault) {
    PGresult *end;
    clti_assert(on->expected_count > 0 && on->expected[on->expected_first] == EXPECT_STATEMENT);
    clti_pg_verdict verdict = clti_pg_wait_result(on, out, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (*out == NULL)
        return clti_pg_lost(on, fault);
    if (PQresultStatus(*out) == PGRES_SINGLE_TUPLE)
        return CLTI_PG_DONE;
    if (is_good(*out))
        PQclear(*out);
    else
        verdict = judge_and_clear(on, *out, fault);
    *out = NULL;
    if (on->is_broken)
        return verdict;
    clti_pg_verdict ended = clti_pg_wait_result(on, &end, verdict == CLTI_PG_DONE ? fault : NULL);
    PQclear(end);
    expect_next(on);
    return verdict != CLTI_PG_DONE ? verdict : ended;
}

clti_pg_verdict clti_pg_drain(clti_pg_connection *on, clti_fault *fault) {
    if (on->is_broken)
        return CLTI_PG_BROKEN;
    if (on->expected_count > 0 && on->expected[on->expected_first + on->expected_count - 1] != EXPECT_SYNC) {
        clti_pg_verdict verdict = clti_pg_sync(on, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
    }
    while (on->expected_count > 0) {
        PGresult *result;
        uint16_t what;
        clti_pg_verdict verdict = next_result(on, &result, &what, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        PQclear(result);
    }
    return CLTI_PG_DONE;
}

clti_pg_verdict clti_pg_call(clti_pg_connection *on, const clti_pg_statement *statement,
                             const clti_pg_parameters *parameters, PGresult **out, clti_fault *fault) {
    *out = NULL;
    clti_pg_verdict verdict = clti_pg_send(on, statement, parameters, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_receive(on, out, fault);
    if (on->is_broken)
        return verdict;
    clti_pg_verdict drained = clti_pg_drain(on, verdict == CLTI_PG_DONE ? fault : NULL);
    if (verdict == CLTI_PG_DONE && drained != CLTI_PG_DONE) {
        PQclear(*out);
        *out = NULL;
        return drained;
    }
    return verdict;
}
