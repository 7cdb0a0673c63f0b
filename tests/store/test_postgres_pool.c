/* The connections to PostgreSQL: how many there are, who waits, and what becomes of those that break. */
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct fixture {
    char *url;
    clti_store *store;
    PGconn *other; /* somebody else's connection to the same database */
} fixture;

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->url = clti_test_database_new();
    clti_store_close(sample_postgres(made->url));
    made->other = PQconnectdb(made->url);
    assert_int_equal(PQstatus(made->other), CONNECTION_OK);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *in = *state;
    clti_store_close(in->store);
    PQfinish(in->other);
    clti_test_database_drop(in->url);
    free(in);
    return 0;
}

static void open_store(fixture *in, size_t connections, size_t queue_max, uint32_t call_ms) {
    const clti_store_options options = {
        .url = in->url, .connections = connections, .queue_max = queue_max, .call_ms = call_ms};
    clti_fault fault;
    if (!clti_store_open(&options, &in->store, &fault))
        fail_msg("%s", fault.text);
}

static void run(fixture *in, const char *statement) {
    PGresult *result = PQexec(in->other, statement);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", statement, PQerrorMessage(in->other));
    PQclear(result);
}

static int number_of(fixture *in, const char *query) {
    run(in,
        "SELECT pg_stat_clear_snapshot()"); /* a transaction sees others as they were when it first looked */
    PGresult *result = PQexec(in->other, query);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    int number = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return number;
}

#define OURS                                                                                                 \
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "                  \
    "AND application_name = 'clienteled'"

/* Whoever reads the generation waits until this ends. */
static void keep_readers_out(fixture *in) {
    run(in, "BEGIN");
    run(in, "LOCK TABLE clientele.store IN ACCESS EXCLUSIVE MODE");
}

static void let_readers_in(fixture *in) {
    run(in, "ROLLBACK");
}

static clti_store_pool pool_of(fixture *in) {
    clti_store_pool pool;
    assert_true(clti_store_has_pool(in->store, &pool));
    return pool;
}

/* ---- readers in threads of their own ------------------------------------------------------------------- */

typedef struct reader {
    clti_store *store;
    size_t reads;
    pthread_t thread;
    size_t done;
    clti_fault fault; /* of the last that was not */
} reader;

static void *read_often(void *user) {
    reader *in = user;
    uint64_t generation;
    for (size_t i = 0; i < in->reads; i++)
        in->done += clti_store_generation(in->store, &generation, &in->fault);
    return NULL;
}

static void start(fixture *in, reader *which, size_t reads) {
    *which = (reader){.store = in->store, .reads = reads};
    assert_int_equal(pthread_create(&which->thread, NULL, read_often, which), 0);
}

static void join(reader *which) {
    assert_int_equal(pthread_join(which->thread, NULL), 0);
}

static void wait_until(fixture *in, size_t in_use, size_t waiting) {
    clti_store_pool pool;
    do {
        usleep(1000);
        pool = pool_of(in);
    } while (pool.in_use != in_use || pool.waiting != waiting);
}

/* The server's own word: so many of our statements wait for a lock. */
static void wait_until_blocked(fixture *in, int count) {
    while (number_of(in, "SELECT count(*) " OURS " AND wait_event_type = 'Lock'") != count)
        usleep(1000);
}

/* ---- bounds -------------------------------------------------------------------------------------------- */

static void test_there_are_never_more_connections_than_allowed(void **state) {
    fixture *in = *state;
    reader readers[8];
    open_store(in, 2, 100, 0);
    for (size_t i = 0; i < CLTI_COUNT(readers); i++)
        start(in, &readers[i], 200);
    for (size_t i = 0; i < 50; i++) {
        assert_true(pool_of(in).open <= 2);
        assert_true(number_of(in, "SELECT count(*) " OURS) <= 2);
    }
    for (size_t i = 0; i < CLTI_COUNT(readers); i++) {
        join(&readers[i]);
        assert_int_equal(readers[i].done, 200);
    }
    const clti_store_pool pool = pool_of(in);
    assert_int_equal(pool.connections_max, 2);
    assert_int_equal(pool.in_use, 0);
    assert_int_equal(pool.waiting, 0);
    assert_int_equal(pool.refused, 0);
}

static void test_who_finds_the_queue_full_is_told_so_at_once(void **state) {
    fixture *in = *state;
    reader first, second;
    uint64_t generation;
    clti_fault fault;
    open_store(in, 1, 1, 0);
    keep_readers_out(in);
    start(in, &first, 1);
    wait_until(in, 1, 0);
    start(in, &second, 1);
    wait_until(in, 1, 1);
    assert_false(clti_store_generation(in->store, &generation, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_BUSY);
    assert_int_equal(pool_of(in).refused, 1);
    let_readers_in(in);
    join(&first);
    join(&second);
    assert_int_equal(first.done + second.done, 2);
}

static void test_a_call_ends_at_its_deadline_and_the_next_one_works(void **state) {
    fixture *in = *state;
    reader first, second;
    uint64_t generation;
    clti_fault fault;
    open_store(in, 1, 1, 300);
    keep_readers_out(in);
    start(in, &first, 1);
    wait_until(in, 1, 0);
    start(in, &second, 1);
    join(&first);
    join(&second);
    assert_int_equal(first.done + second.done, 0);
    assert_int_equal(clti_fault_kind_of(first.fault.code)->http_status, 503);
    assert_int_equal(clti_fault_kind_of(second.fault.code)->http_status, 503);
    let_readers_in(in);
    assert_true(clti_store_generation(in->store, &generation, &fault));
}

/* ---- broken connections -------------------------------------------------------------------------------- */

static void test_a_connection_that_was_closed_meanwhile_is_not_used(void **state) {
    fixture *in = *state;
    uint64_t generation;
    clti_fault fault;
    open_store(in, 1, 1, 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(number_of(in, "SELECT count(pg_terminate_backend(pid, 10000)) " OURS), 1);
        if (!clti_store_generation(in->store, &generation, &fault))
            fail_msg("%s", fault.text);
    }
    assert_int_equal(pool_of(in).failovers, 0);
    assert_int_equal(pool_of(in).open, 1);
}

static void test_a_read_whose_connection_breaks_is_done_again(void **state) {
    fixture *in = *state;
    reader readers[3];
    open_store(in, CLTI_COUNT(readers), 1, 0);
    keep_readers_out(in);
    for (size_t i = 0; i < CLTI_COUNT(readers); i++)
        start(in, &readers[i], 1);
    wait_until_blocked(in, CLTI_COUNT(readers));
    assert_int_equal(number_of(in, "SELECT count(pg_terminate_backend(pid, 10000)) " OURS),
                     CLTI_COUNT(readers));
    wait_until_blocked(in, CLTI_COUNT(readers));
    let_readers_in(in);
    for (size_t i = 0; i < CLTI_COUNT(readers); i++) {
        join(&readers[i]);
        if (readers[i].done != 1)
            fail_msg("%s", readers[i].fault.text);
    }
    assert_true(pool_of(in).retries_broken >= CLTI_COUNT(readers));
    assert_true(pool_of(in).open <= CLTI_COUNT(readers));
}

/* As after a switch-over: the server is there, but may not write any more. */
static void test_a_server_that_may_not_write_is_left_for_another(void **state) {
    fixture *in = *state;
    clti_fault fault;
    clti_outcome outcome;
    const clti_partner partner = {.id = {{1}}, .domain = CLTI_STR("a.example")};
    const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner};
    open_store(in, 1, 1, 1000);
    run(in, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
            "current_database()); END $$");
    assert_int_equal(number_of(in, "SELECT count(pg_terminate_backend(pid, 10000)) " OURS), 1);
    assert_false(clti_store_apply(in->store, &change, 1, &outcome, &fault));
    assert_int_equal(clti_fault_kind_of(fault.code)->http_status, 503);
    run(in, "SET default_transaction_read_only = off");
    run(in, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', "
            "current_database()); END $$");
    if (!clti_store_apply(in->store, &change, 1, &outcome, &fault))
        fail_msg("%s", fault.text);
    assert_true(outcome.done);
}

static void test_of_several_hosts_the_one_that_answers_is_taken(void **state) {
    fixture *in = *state;
    clti_fault fault;
    uint64_t generation;
    const char *host = PQhost(in->other), *port = PQport(in->other);
    clti_arena arena = {NULL};
    /* Nobody listens on port 1. */
    const clti_store_options options = {.url = clti_arena_format(&arena, "postgresql://%s@%s:1,%s:%s,%s:1/%s",
                                                                 PQuser(in->other), host, host, port, host,
                                                                 PQdb(in->other))
                                                   .data};
    if (!clti_store_open(&options, &in->store, &fault))
        fail_msg("%s", fault.text);
    assert_true(clti_store_generation(in->store, &generation, &fault));
    clti_arena_done(&arena);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_there_are_never_more_connections_than_allowed),
        TEST(test_who_finds_the_queue_full_is_told_so_at_once),
        TEST(test_a_call_ends_at_its_deadline_and_the_next_one_works),
        TEST(test_a_connection_that_was_closed_meanwhile_is_not_used),
        TEST(test_a_read_whose_connection_breaks_is_done_again),
        TEST(test_a_server_that_may_not_write_is_left_for_another),
        TEST(test_of_several_hosts_the_one_that_answers_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
