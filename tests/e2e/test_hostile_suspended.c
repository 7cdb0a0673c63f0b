/* Requests that wait for the writer, and what becomes of them when the server is told to stop meanwhile. */
#include "raw.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WRITERS     32
#define CUSTOMERS   "/v1/customers"
#define PATIENCE_MS 60000

/* Whoever has the store's write lock keeps the server's writer waiting. */
typedef struct held {
    MDB_env *env;
    MDB_txn *txn;
} held;

static held hold(const char *folder) {
    held lock;
    assert_int_equal(mdb_env_create(&lock.env), 0);
    assert_int_equal(mdb_env_set_mapsize(lock.env, UINT64_C(16) << 30), 0);
    assert_int_equal(mdb_env_open(lock.env, folder, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(lock.env, NULL, 0, &lock.txn), 0);
    return lock;
}

static void let_go(held lock) {
    mdb_txn_abort(lock.txn);
    mdb_env_close(lock.env);
}

static void send_create(raw_peer *peer, const char *token, int round, size_t number) {
    char *body, *request;
    assert_true(
        asprintf(&body,
                 "{\"companyProfile\":{\"domain\":\"d%d-%zu.example\"},\"billingProfile\":{\"email\":"
                 "\"a@b.example\",\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Waiting\","
                 "\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\","
                 "\"addressLine1\":\"1\",\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":"
                 "\"B\"}}}",
                 round, number) > 0);
    assert_true(asprintf(&request,
                         "POST " CUSTOMERS " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                         "Content-Length: %zu\r\n\r\n%s",
                         token, strlen(body), body) > 0);
    assert_true(raw_send_text(peer, request));
    free(body);
    free(request);
}

/* Wait until the metrics say that so many writes are queued; the writer has one group in hand besides. */
static void await_queue(scene *on, size_t at_least) {
    for (int64_t end = raw_now_ms() + PATIENCE_MS; raw_now_ms() < end; raw_sleep_ms(20)) {
        const char *name = "\nclientele_writer_queue_length ";
        const clti_test_response *answer = clti_test_get(on->client, "/metrics", NULL);
        const char *line = strstr(answer->body, name);
        assert_non_null(line);
        if (strtoul(line + strlen(name), NULL, 10) >= at_least)
            return;
    }
    fail_msg("never were %zu writes queued", at_least);
}

static void open_writers(scene *on, raw_peer peers[WRITERS], int round) {
    for (size_t i = 0; i < WRITERS; i++) {
        raw_open(&peers[i], &on->server, NULL);
        send_create(&peers[i], clti_test_client_token(on->client), round, i);
        if (i == 0)
            raw_sleep_ms(200); /* the first is a group of its own */
    }
    await_queue(on, WRITERS - 1);
}

static size_t count_created(raw_peer peers[WRITERS], size_t count) {
    raw_answer answer;
    size_t created = 0;
    for (size_t i = 0; i < count; i++)
        created += raw_next(&peers[i], &answer) && answer.status == 201;
    for (size_t i = 0; i < count; i++)
        raw_close(&peers[i]);
    return created;
}

/* How many customers of these rounds a new server lists; and the store is sound. */
static size_t count_kept(const char *folder) {
    scene again;
    clti_store *store;
    clti_fault fault;
    clti_check_summary seen;
    scene_open(&again, folder, NULL);
    const char *target =
        CUSTOMERS "?size=500&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22Waiting%22,"
                  "%22Operator%22:%22starts_with%22%7D";
    size_t count = json_array_size(clti_test_at(clti_test_get(again.client, target, NULL)->json, "items"));
    scene_close(&again);
    const clti_store_options options = scene_store_options(folder);
    assert_true(clti_store_open(&options, &store, &fault));
    assert_true(clti_store_check(store, NULL, NULL, &seen, &fault));
    assert_int_equal(seen.findings, 0);
    assert_int_equal(seen.audit_records, count);
    clti_store_close(store);
    return count;
}

static void test_a_stop_finishes_requests_that_are_suspended(void **state) {
    (void)state;
    static raw_peer peers[WRITERS];
    scene on;
    const char *folder = scene_demo_store();
    scene_open(&on, folder, NULL);
    held lock = hold(folder);
    open_writers(&on, peers, 0);
    raw_expect_alive(&on.server, NULL, "requests were suspended");
    clti_test_server_ask_to_stop(&on.server);
    raw_sleep_ms(500);
    let_go(lock);
    assert_int_equal(count_created(peers, WRITERS), WRITERS);
    clti_test_server_expect_stop(&on.server);
    scene_close(&on);
    assert_int_equal(count_kept(folder), WRITERS);
}

/* Longer than its patience: whoever still waits gets done, or an end, but the process is never aborted. */
static void test_a_stop_survives_writes_that_take_longer_than_its_patience(void **state) {
    (void)state;
    static raw_peer peers[WRITERS];
    scene on;
    const char *folder = scene_demo_store();
    scene_open(&on, folder, NULL);
    held lock = hold(folder);
    open_writers(&on, peers, 0);
    clti_test_server_ask_to_stop(&on.server);
    raw_sleep_ms(11000);
    let_go(lock);
    size_t created = count_created(peers, WRITERS);
    clti_test_server_expect_stop(&on.server);
    scene_close(&on);
    assert_true(count_kept(folder) >= created);
}

/* Half of the clients leave while they wait; the server notices when the write is done, and goes on. */
static void test_clients_may_leave_while_they_wait(void **state) {
    (void)state;
    static raw_peer peers[WRITERS];
    scene on;
    const char *folder = scene_demo_store();
    scene_open(&on, folder, NULL);
    for (int round = 0; round < 4; round++) {
        held lock = hold(folder);
        open_writers(&on, peers, round);
        for (size_t i = WRITERS / 2; i < WRITERS; i++)
            raw_close(&peers[i]);
        raw_sleep_ms(50);
        let_go(lock);
        assert_int_equal(count_created(peers, WRITERS / 2), WRITERS / 2);
        raw_expect_alive(&on.server, NULL, "clients left");
    }
    scene_close(&on);
    assert_int_equal(count_kept(folder), 4 * WRITERS);
}

/* With nothing in its way, at any moment: each acknowledged write is there. */
static void test_a_stop_amid_writes_loses_none_that_was_acknowledged(void **state) {
    (void)state;
    static raw_peer peers[WRITERS];
    const char *folder = scene_demo_store();
    size_t created = 0;
    for (int round = 0; round < 6; round++) {
        scene on;
        scene_open(&on, folder, NULL);
        for (size_t i = 0; i < WRITERS; i++)
            raw_open(&peers[i], &on.server, NULL);
        for (size_t i = 0; i < WRITERS; i++)
            send_create(&peers[i], clti_test_client_token(on.client), round, i);
        raw_sleep_ms(3 * round);
        clti_test_server_ask_to_stop(&on.server);
        created += count_created(peers, WRITERS);
        clti_test_server_expect_stop(&on.server);
        scene_close(&on);
    }
    size_t kept = count_kept(folder);
    if (kept < created)
        fail_msg("%zu were acknowledged, %zu are there", created, kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stop_finishes_requests_that_are_suspended),
        cmocka_unit_test(test_a_stop_survives_writes_that_take_longer_than_its_patience),
        cmocka_unit_test(test_clients_may_leave_while_they_wait),
        cmocka_unit_test(test_a_stop_amid_writes_loses_none_that_was_acknowledged),
    };
    return cmocka_run_group_tests(tests, scene_group_setup, scene_group_teardown);
}
