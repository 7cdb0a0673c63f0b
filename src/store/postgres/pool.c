#include "store/postgres/postgres_private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of a connection that nobody has used for longer: it is looked at, or asked whether it lives. */
#define LOOK_US INT64_C(100000)
#define IDLE_US INT64_C(30000000)

/* How long it has for its answer. */
#define ANSWER_US INT64_C(2000000)

bool clti_pg_pool_init(clti_pg_pool *pool) {
    pthread_condattr_t clock;
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        return false;
    bool done = pthread_condattr_init(&clock) == 0;
    if (done) {
        done = pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&pool->freed, &clock) == 0;
        pthread_condattr_destroy(&clock);
    }
    if (!done)
        pthread_mutex_destroy(&pool->lock);
    return done;
}

void clti_pg_pool_done(clti_pg_pool *pool) {
    clti_assert(pool->in_use == 0);
    while (pool->idle != NULL) {
        clti_pg_connection *connection = pool->idle;
        pool->idle = connection->next;
        clti_pg_disconnect(connection);
    }
    free(pool->server);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
}

/* ---- a place in the pool ---- */

static bool has_place(const clti_postgres *store) {
    return store->pool.idle != NULL || store->pool.open < store->connections_max;
}

static struct timespec moment_of(int64_t steady_us) {
    return (struct timespec){.tv_sec = steady_us / 1000000, .tv_nsec = steady_us % 1000000 * 1000};
}

/* Who comes later stands behind those who wait. @return false when the deadline has passed */
static bool wait_for_place(clti_postgres *store, int64_t deadline_us) {
    clti_pg_pool *pool = &store->pool;
    const struct timespec until = moment_of(deadline_us);
    int code = 0;
    pool->waiting++;
    do
        code = pthread_cond_timedwait(&pool->freed, &pool->lock, &until);
    while (!has_place(store) && code == 0);
    pool->waiting--;
    return has_place(store);
}

/* With the lock held. *out is NULL if there is place for a new connection, which counts as open from here on.
 */
static clti_pg_verdict reserve(clti_postgres *store, int64_t deadline_us, clti_pg_connection **out,
                               clti_fault *fault) {
    clti_pg_pool *pool = &store->pool;
    if (pool->waiting > 0 || !has_place(store)) {
        if (pool->waiting >= store->queue_max) {
            atomic_fetch_add(&store->refused, 1);
            clti_fault_set(fault, CLTI_FAULT_BUSY, NULL,
                           "store '%s': all %zu connections are in use and %zu calls wait for one; try again",
                           store->name, store->connections_max, pool->waiting);
            return CLTI_PG_FAILED;
        }
        if (!wait_for_place(store, deadline_us)) {
            clti_fault_set(fault, CLTI_FAULT_BUSY, NULL,
                           "store '%s': none of %zu connections became free in time; try again", store->name,
                           store->connections_max);
            return CLTI_PG_FAILED;
        }
    }
    *out = pool->idle;
    if (*out != NULL)
        pool->idle = (*out)->next;
    else
        pool->open++;
    pool->in_use++;
    /* The signal for a second place may have come before the next one waited. */
    if (pool->waiting > 0 && has_place(store))
        pthread_cond_signal(&pool->freed);
    return CLTI_PG_DONE;
}

/* ---- health ---- */

static bool has_news(const clti_pg_connection *connection) {
    struct pollfd at = {.fd = PQsocket(connection->pg), .events = POLLIN};
    return at.fd < 0 || poll(&at, 1, 0) != 0;
}

/* A round trip without a statement. */
static bool answers(clti_pg_connection *on, int64_t deadline_us) {
    int64_t soon = clti_steady_us() + ANSWER_US;
    on->deadline_us = soon < deadline_us ? soon : deadline_us;
    return PQconsumeInput(on->pg) != 0 && clti_pg_sync(on, NULL) == CLTI_PG_DONE &&
           clti_pg_drain(on, NULL) == CLTI_PG_DONE;
}

/* Nobody speaks to us unasked, but to say goodbye. */
static bool is_alive(clti_pg_connection *connection, int64_t doubted_us, int64_t deadline_us) {
    int64_t idle_us = clti_steady_us() - connection->used_us;
    bool is_doubtful =
        connection->used_us <= doubted_us || idle_us > IDLE_US || (idle_us > LOOK_US && has_news(connection));
    return !is_doubtful || answers(connection, deadline_us);
}

/* Which host was reached; another one than before is a failover. */
static void note_server(clti_postgres *store, const clti_pg_connection *connection) {
    char *server;
    if (asprintf(&server, "%s:%s", PQhost(connection->pg), PQport(connection->pg)) < 0)
        return;
    pthread_mutex_lock(&store->pool.lock);
    if (store->pool.server != NULL && strcmp(store->pool.server, server) != 0)
        atomic_fetch_add(&store->failovers, 1);
    free(store->pool.server);
    store->pool.server = server;
    pthread_mutex_unlock(&store->pool.lock);
}

/* ---- taking and giving ---- */

static void free_place(clti_postgres *store, bool doubts_others) {
    pthread_mutex_lock(&store->pool.lock);
    store->pool.open--;
    store->pool.in_use--;
    if (doubts_others)
        store->pool.doubted_us = clti_steady_us();
    pthread_cond_signal(&store->pool.freed);
    pthread_mutex_unlock(&store->pool.lock);
}

clti_pg_verdict clti_pg_take(clti_postgres *store, int64_t deadline_us, clti_pg_connection **out,
                             clti_fault *fault) {
    clti_pg_connection *taken = NULL;
    pthread_mutex_lock(&store->pool.lock);
    clti_pg_verdict verdict = reserve(store, deadline_us, &taken, fault);
    int64_t doubted_us = store->pool.doubted_us;
    pthread_mutex_unlock(&store->pool.lock);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (taken != NULL && !is_alive(taken, doubted_us, deadline_us)) {
        clti_pg_disconnect(taken);
        taken = NULL;
    }
    if (taken == NULL) {
        verdict = clti_pg_connect(store, deadline_us, &taken, fault);
        if (verdict != CLTI_PG_DONE) {
            free_place(store, false);
            return verdict;
        }
        note_server(store, taken);
    }
    taken->deadline_us = deadline_us;
    *out = taken;
    return CLTI_PG_DONE;
}

void clti_pg_give(clti_pg_connection *connection) {
    clti_postgres *store = connection->store;
    if (connection->is_broken || connection->expected_count > 0 ||
        PQtransactionStatus(connection->pg) != PQTRANS_IDLE) {
        bool was_broken = connection->is_broken;
        clti_pg_disconnect(connection);
        free_place(store, was_broken);
        return;
    }
    connection->used_us = clti_steady_us();
    pthread_mutex_lock(&store->pool.lock);
    connection->next = store->pool.idle;
    store->pool.idle = connection;
    store->pool.in_use--;
    pthread_cond_signal(&store->pool.freed);
    pthread_mutex_unlock(&store->pool.lock);
}
