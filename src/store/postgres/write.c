/*
 * A transaction that is done once, whatever breaks. Its first statement inserts a mark of its own; if the
 * connection is lost after COMMIT was sent, whoever tries again asks for the mark first. That waits for the
 * transaction in doubt to end. If the mark is there, all is done, and one more COMMIT proves that it is where
 * commits have to be: on the standby, if there must be one. If it is not there, nothing was done.
 */
#include "store/postgres/change_private.h"

#include <string.h>

static const clti_pg_statement begin = {"BEGIN"};
static const clti_pg_statement commit = {"COMMIT"};
static const clti_pg_statement rollback = {"ROLLBACK"};

/* The server must not end a COMMIT that waits for its standby: it would tell of it with a warning alone. */
static const clti_pg_statement wait_for_standby = {"SET LOCAL statement_timeout = 0"};

static const clti_pg_statement insert_mark = {"INSERT INTO clientele.commit_mark (id, created) VALUES "
                                              "($1::uuid, $2::bigint) ON CONFLICT (id) DO NOTHING"
                                              " RETURNING 1"};
static const clti_pg_statement touch_mark = {
    "UPDATE clientele.commit_mark SET created = $2::bigint WHERE id = $1::uuid"};

typedef struct attempt {
    clti_pg_connection *on;
    clti_pg_parameters mark;
    bool in_doubt; /* a COMMIT was sent, and nobody knows what became of it */
} attempt;

clti_pg_verdict clti_pg_raced(const clti_postgres *store, clti_fault *fault) {
    clti_fault_set(fault, CLTI_FAULT_BUSY, NULL, "store '%s': others keep changing the same; try again",
                   store->name);
    return CLTI_PG_RACED;
}

clti_pg_verdict clti_pg_drop(clti_pg_connection *on, size_t count, clti_fault *fault) {
    for (size_t i = 0; i < count; i++) {
        PGresult *result;
        clti_pg_verdict verdict = clti_pg_receive(on, &result, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        PQclear(result);
    }
    return CLTI_PG_DONE;
}

/* Leave the connection as it was taken; if that fails, the pool closes it. */
static void roll_back(clti_pg_connection *on) {
    PGresult *result;
    if (clti_pg_drain(on, NULL) == CLTI_PG_DONE &&
        clti_pg_call(on, &rollback, NULL, &result, NULL) == CLTI_PG_DONE)
        PQclear(result);
}

/* ---- the end ---- */

static clti_pg_verdict send_commit(clti_pg_connection *on, PGresult **out, clti_fault *fault) {
    *out = NULL;
    clti_pg_verdict verdict = clti_pg_send(on, &wait_for_standby, NULL, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_send(on, &commit, NULL, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drop(on, 1, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_receive(on, out, fault);
    return verdict;
}

/* A warning is taken as what it may be: that the standby was not waited for. */
static clti_pg_verdict commit_it(attempt *of, clti_fault *fault) {
    PGresult *result;
    of->in_doubt = true;
    of->on->warned = false;
    clti_pg_verdict verdict = send_commit(of->on, &result, fault);
    bool is_answered = !of->on->is_broken;
    bool is_committed = verdict == CLTI_PG_DONE && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    if (is_answered && clti_pg_drain(of->on, is_committed ? fault : NULL) != CLTI_PG_DONE)
        return CLTI_PG_BROKEN;
    if (is_committed && of->on->warned) {
        clti_pg_fail(of->on->store, "committed", "but the server does not say that its standby has it",
                     fault);
        return CLTI_PG_BROKEN;
    }
    if (is_answered)
        of->in_doubt = false;
    return verdict == CLTI_PG_DONE && !is_committed ? clti_pg_raced(of->on->store, fault) : verdict;
}

/* ---- the beginning ---- */

static clti_pg_verdict send_begin(attempt *of, clti_fault *fault) {
    clti_pg_verdict verdict = clti_pg_send(of->on, &begin, NULL, fault);
    return verdict == CLTI_PG_DONE ? clti_pg_send(of->on, &insert_mark, &of->mark, fault) : verdict;
}

/* Whether the mark is there. If so it is changed, so that there is something to commit. */
static clti_pg_verdict find_mark(attempt *of, bool *out_found, clti_fault *fault) {
    PGresult *result;
    clti_pg_verdict verdict = send_begin(of, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(of->on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drop(of->on, 1, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_receive(of->on, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    *out_found = PQntuples(result) == 0;
    PQclear(result);
    verdict = clti_pg_drain(of->on, fault);
    if (verdict != CLTI_PG_DONE || !*out_found)
        return verdict;
    verdict = clti_pg_call(of->on, &touch_mark, &of->mark, &result, fault);
    PQclear(result);
    return verdict;
}

/* Find out what became of the attempt in doubt. *out_done says that all is done. */
static clti_pg_verdict settle(attempt *of, bool *out_done, clti_fault *fault) {
    *out_done = false;
    clti_pg_verdict verdict = find_mark(of, out_done, fault);
    if (verdict == CLTI_PG_DONE && *out_done)
        verdict = commit_it(of, fault);
    else if (!of->on->is_broken)
        roll_back(of->on);
    if (verdict == CLTI_PG_DONE)
        of->in_doubt = false;
    else
        of->in_doubt = true; /* as before, whatever became of this transaction */
    return verdict;
}

/* ---- the whole ---- */

static clti_pg_verdict do_once(attempt *of, clti_pg_write_work work, void *user, clti_fault *fault) {
    bool commits = true;
    clti_pg_verdict verdict = send_begin(of, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = work(of->on, user, &commits, fault);
    if (verdict == CLTI_PG_DONE && commits)
        return commit_it(of, fault);
    if (!of->on->is_broken)
        roll_back(of->on);
    return verdict;
}

static clti_pg_verdict try_once(clti_postgres *store, attempt *of, int64_t deadline_us,
                                clti_pg_write_work work, void *user, clti_fault *fault) {
    bool done = false;
    clti_pg_verdict verdict = clti_pg_take(store, deadline_us, &of->on, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (of->in_doubt)
        verdict = settle(of, &done, fault);
    if (verdict == CLTI_PG_DONE && !done)
        verdict = do_once(of, work, user, fault);
    clti_pg_give(of->on);
    return verdict;
}

bool clti_pg_write(clti_postgres *store, int64_t deadline_us, clti_pg_write_work work, void *user,
                   clti_fault *fault) {
    const bool is_long = deadline_us == CLTI_PG_LONG;
    attempt of = {.in_doubt = false};
    if (is_long)
        deadline_us = clti_pg_deadline(store);
    clti_pg_add_guid(&of.mark, clti_guid_random());
    clti_pg_add_int64(&of.mark, clti_now_seconds());
    for (unsigned count = 0;; count++) {
        clti_pg_verdict verdict = try_once(store, &of, deadline_us, work, user, fault);
        if (verdict == CLTI_PG_DONE)
            return true;
        if (is_long && count == 0)
            deadline_us = clti_pg_deadline(store);
        if (!clti_pg_again(store, verdict, count, deadline_us))
            break;
    }
    if (of.in_doubt)
        clti_fault_append(fault, "Whether the change was made is not known; look before you repeat it.");
    return false;
}
