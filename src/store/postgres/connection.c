#include "store/postgres/postgres_private.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* The first that looks for its client while it works (client_connection_check_interval). */
#define SERVER_VERSION_MIN 140000

int64_t clti_pg_deadline(const clti_postgres *store) {
    const int64_t own = clti_steady_us() + store->call_us, end = clti_store_calls_end();
    return end != 0 && end < own ? end : own;
}

/* ---- waiting ---- */

static clti_pg_verdict too_late(clti_pg_connection *on, clti_fault *fault) {
    on->is_broken = true; /* what it still has to say nobody waits for */
    clti_pg_fail(on->store, "no answer in time", "the database is busy or cannot be reached; try again",
                 fault);
    return CLTI_PG_FAILED;
}

static clti_pg_verdict wait_for(clti_pg_connection *on, short events, clti_fault *fault) {
    struct pollfd at = {.fd = PQsocket(on->pg), .events = events};
    for (;;) {
        int64_t left_us = on->deadline_us - clti_steady_us();
        if (at.fd < 0)
            return clti_pg_lost(on, fault);
        if (left_us <= 0)
            return too_late(on, fault);
        int64_t left_ms = left_us / 1000 + 1;
        int ready = poll(&at, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
        if (ready > 0)
            return CLTI_PG_DONE;
        if (ready < 0 && errno != EINTR && errno != EAGAIN) {
            on->is_broken = true;
            clti_pg_fail(on->store, "cannot wait for the server", strerror(errno), fault);
            return CLTI_PG_FAILED;
        }
    }
}

/* Taking in what comes meanwhile, lest both sides wait for each other with full buffers. */
clti_pg_verdict clti_pg_flush(clti_pg_connection *on, clti_fault *fault) {
    for (;;) {
        int left = PQflush(on->pg);
        if (left == 0)
            return CLTI_PG_DONE;
        clti_pg_verdict verdict = left < 0 ? clti_pg_lost(on, fault) : wait_for(on, POLLIN | POLLOUT, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        if (PQconsumeInput(on->pg) == 0)
            return clti_pg_lost(on, fault);
    }
}

clti_pg_verdict clti_pg_wait_result(clti_pg_connection *on, PGresult **out, clti_fault *fault) {
    *out = NULL;
    while (PQisBusy(on->pg) != 0) {
        clti_pg_verdict verdict = clti_pg_flush(on, fault);
        if (verdict == CLTI_PG_DONE && PQisBusy(on->pg) != 0)
            verdict = wait_for(on, POLLIN, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        if (PQconsumeInput(on->pg) == 0 && PQisBusy(on->pg) != 0)
            return clti_pg_lost(on, fault);
    }
    *out = PQgetResult(on->pg);
    return CLTI_PG_DONE;
}

/* ---- connecting ---- */

/* Nobody prints notices; a warning is remembered for those who must know (a COMMIT that was not replicated).
 */
static void take_notice(void *user, const PGresult *notice) {
    clti_pg_connection *on = user;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && strcmp(severity, "WARNING") == 0)
        on->warned = true;
}

/*
 * What stands before `dbname` can be said otherwise in the URL. A host that does not answer is given up after
 * two seconds (libpq's least), so that the next one in the URL gets its turn within the deadline of a call.
 */
static PGconn *connect_by(const char *url) {
    const char *const rows[][2] = {
        {"connect_timeout", "2"},
        {"tcp_user_timeout", "3000"}, /* milliseconds */
        {"keepalives_idle", "3"},
        {"keepalives_interval", "1"},
        {"keepalives_count", "3"},
        {"target_session_attrs", "read-write"},
        {"fallback_application_name", "clienteled"},
        {"dbname", url},
        {"client_encoding", "UTF8"},
        {NULL, NULL},
    };
    const char *keywords[CLTI_COUNT(rows)];
    const char *values[CLTI_COUNT(rows)];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        keywords[i] = rows[i][0];
        values[i] = rows[i][1];
    }
    return PQconnectdbParams(keywords, values, /* expand_dbname= */ 1);
}

/*
 * Every statement here goes by an index, whatever the statistics say, and is planned once: without them, a
 * plan made for an empty table would read a full one from end to end. And the server lets go of a client that
 * is gone within seconds, even one that holds locks: it looks for it as we look for the server.
 */
static clti_pg_verdict set_up_session(clti_pg_connection *on, clti_fault *fault) {
    clti_buf text;
    clti_buf_init(&text, SIZE_MAX);
    unsigned long long call_ms = (unsigned long long)on->store->call_us / 1000;
    clti_buf_add_format(
        &text,
        "SET statement_timeout = %llu; SET lock_timeout = %llu; "
        "SET idle_in_transaction_session_timeout = %llu; "
        "SET client_connection_check_interval = 2000; SET tcp_user_timeout = 5000; "
        "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; "
        "SET default_transaction_isolation = 'read committed'; "
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
        "SET enable_bitmapscan = off; SET enable_sort = off; SET jit = off",
        call_ms, call_ms, call_ms);
    clti_buf_add_char(&text, '\0');
    clti_pg_verdict verdict = CLTI_PG_FAILED;
    if (clti_buf_ok(&text))
        verdict = clti_pg_script(on, text.data, fault);
    else
        clti_fault_no_memory(fault);
    clti_buf_done(&text);
    return verdict;
}

static clti_pg_verdict open_session(clti_pg_connection *on, clti_fault *fault) {
    on->pg = connect_by(on->store->url);
    if (on->pg == NULL) {
        clti_fault_no_memory(fault);
        return CLTI_PG_FAILED;
    }
    if (PQstatus(on->pg) != CONNECTION_OK || PQsetnonblocking(on->pg, 1) != 0) {
        clti_pg_fail(on->store, "cannot connect", PQerrorMessage(on->pg), fault);
        return CLTI_PG_BROKEN;
    }
    if (PQserverVersion(on->pg) < SERVER_VERSION_MIN) {
        clti_pg_fail(on->store, "cannot use the server", "PostgreSQL 14 or newer is needed", fault);
        return CLTI_PG_FAILED;
    }
    PQsetNoticeReceiver(on->pg, take_notice, on);
    if (PQenterPipelineMode(on->pg) == 0)
        return clti_pg_lost(on, fault);
    return set_up_session(on, fault);
}

clti_pg_verdict clti_pg_connect(clti_postgres *store, int64_t deadline_us, clti_pg_connection **out,
                                clti_fault *fault) {
    clti_pg_connection *on = calloc(1, sizeof *on);
    if (on == NULL) {
        clti_fault_no_memory(fault);
        return CLTI_PG_FAILED;
    }
    on->store = store;
    on->deadline_us = deadline_us;
    clti_pg_verdict verdict = open_session(on, fault);
    if (verdict != CLTI_PG_DONE) {
        clti_pg_disconnect(on);
        return verdict;
    }
    *out = on;
    return CLTI_PG_DONE;
}

void clti_pg_disconnect(clti_pg_connection *connection) {
    if (connection == NULL)
        return;
    PQfinish(connection->pg);
    free(connection->prepared);
    free(connection->expected);
    free(connection);
}

/* ---- outside of the pipeline ---- */

static clti_pg_verdict drop_results(clti_pg_connection *on, clti_fault *fault) {
    clti_pg_verdict verdict = CLTI_PG_DONE;
    for (;;) {
        PGresult *result;
        clti_pg_verdict waited = clti_pg_wait_result(on, &result, fault);
        if (waited != CLTI_PG_DONE)
            return waited;
        if (result == NULL)
            return verdict;
        ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
            verdict = clti_pg_judge(on, result, fault);
        PQclear(result);
    }
}

clti_pg_verdict clti_pg_script(clti_pg_connection *on, const char *text, clti_fault *fault) {
    if (PQexitPipelineMode(on->pg) == 0 || PQsendQuery(on->pg, text) == 0)
        return clti_pg_lost(on, fault);
    clti_pg_verdict verdict = clti_pg_flush(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = drop_results(on, fault);
    if (!on->is_broken && PQenterPipelineMode(on->pg) == 0)
        return clti_pg_lost(on, fault);
    return verdict;
}
