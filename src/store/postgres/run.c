#include "store/postgres/postgres_private.h"

#include <errno.h>
#include <time.h>

/* Of one group of changes that others keep getting in the way of. */
#define RACES_MAX 20

#define PAUSE_FIRST_US INT64_C(5000)
#define PAUSE_MAX_US   INT64_C(500000)

/* With chance in it, so that two who met once do not meet again. */
static int64_t pause_before(unsigned attempt) {
    uint16_t chance;
    int64_t pause_us = PAUSE_MAX_US;
    if (attempt < 7 && (PAUSE_FIRST_US << attempt) < PAUSE_MAX_US)
        pause_us = PAUSE_FIRST_US << attempt;
    clti_random_bytes(&chance, sizeof chance);
    return pause_us / 2 + pause_us / 2 * chance / UINT16_MAX;
}

static void pause_for(int64_t us) {
    struct timespec left = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

bool clti_pg_again(clti_postgres *store, clti_pg_verdict verdict, unsigned attempt, int64_t deadline_us) {
    if (verdict == CLTI_PG_DONE || verdict == CLTI_PG_FAILED ||
        (verdict == CLTI_PG_RACED && attempt >= RACES_MAX))
        return false;
    /* The pool's other connections may be good, or the URL's other hosts: the first time at once. */
    int64_t pause_us = verdict == CLTI_PG_BROKEN && attempt == 0 ? 0 : pause_before(attempt);
    if (clti_steady_us() + pause_us >= deadline_us)
        return false;
    atomic_fetch_add(&store->retries[verdict == CLTI_PG_RACED ? CLTI_PG_RETRY_RACED : CLTI_PG_RETRY_BROKEN],
                     1);
    if (pause_us > 0)
        pause_for(pause_us);
    return true;
}

bool clti_pg_run(clti_postgres *store, clti_pg_work work, void *user, clti_fault *fault) {
    const int64_t deadline_us = clti_pg_deadline(store);
    for (unsigned attempt = 0;; attempt++) {
        clti_pg_connection *on;
        clti_pg_verdict verdict = clti_pg_take(store, deadline_us, &on, fault);
        if (verdict == CLTI_PG_DONE) {
            verdict = work(on, user, fault);
            clti_pg_give(on);
        }
        if (verdict == CLTI_PG_DONE)
            return true;
        if (!clti_pg_again(store, verdict, attempt, deadline_us))
            return false;
    }
}

typedef struct reading {
    const clti_pg_statement *statement;
    const clti_pg_parameters *parameters;
    PGresult *result;
} reading;

static clti_pg_verdict read_once(clti_pg_connection *on, void *user, clti_fault *fault) {
    reading *in = user;
    return clti_pg_call(on, in->statement, in->parameters, &in->result, fault);
}

bool clti_pg_read(clti_postgres *store, const clti_pg_statement *statement,
                  const clti_pg_parameters *parameters, PGresult **out, clti_fault *fault) {
    reading in = {.statement = statement, .parameters = parameters};
    if (!clti_pg_run(store, read_once, &in, fault))
        return false;
    *out = in.result;
    return true;
}

clti_pg_verdict clti_pg_do(clti_pg_connection *on, const clti_pg_statement *statement,
                           const clti_pg_parameters *parameters, clti_fault *fault) {
    PGresult *result;
    clti_pg_verdict verdict = clti_pg_call(on, statement, parameters, &result, fault);
    PQclear(result);
    return verdict;
}

clti_pg_verdict clti_pg_begin_view(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement begin = {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
    return clti_pg_do(on, &begin, NULL, fault);
}

clti_pg_verdict clti_pg_take_time(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement statement = {"SET LOCAL statement_timeout = 0"};
    static const clti_pg_statement pause = {"SET LOCAL idle_in_transaction_session_timeout = 0"};
    clti_pg_verdict verdict = clti_pg_do(on, &statement, NULL, fault);
    return verdict == CLTI_PG_DONE ? clti_pg_do(on, &pause, NULL, fault) : verdict;
}

clti_pg_verdict clti_pg_end_view(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement commit = {"COMMIT"};
    return clti_pg_do(on, &commit, NULL, fault);
}
