/* Requests that wait for a store that stands still: who is served meanwhile, who is sent away, how it ends.
 */
#include "http/http.h"
#include "store/store_private.h"
#include "support/client.h"
#include "support/folder.h"
#include "support/test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS   2
#define QUEUE_MAX 2
#define LONG_MS   600000

#define TENANT      "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define APPLICATION "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"
#define USER        "admin@fabrikam.example"

/* What readiness asks of the store waits here until the gate is opened. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changes;
    bool is_open;
    size_t waiting;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0};

static bool wait_at_gate(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    (void)store, (void)partner, (void)fault;
    pthread_mutex_lock(&gate.lock);
    gate.waiting++;
    pthread_cond_broadcast(&gate.changes);
    while (!gate.is_open)
        pthread_cond_wait(&gate.changes, &gate.lock);
    gate.waiting--;
    pthread_mutex_unlock(&gate.lock);
    *out = (clti_partner_state){0};
    return true;
}

static void set_gate(bool is_open) {
    pthread_mutex_lock(&gate.lock);
    gate.is_open = is_open;
    pthread_cond_broadcast(&gate.changes);
    pthread_mutex_unlock(&gate.lock);
}

static void await_at_gate(size_t wanted) {
    pthread_mutex_lock(&gate.lock);
    while (gate.waiting != wanted)
        pthread_cond_wait(&gate.changes, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

/* ---- a server ------------------------------------------------------------------------------------------ */

typedef struct serving {
    char *folder;
    clti_store *store;
    clti_store_operations operations;
    clti_identity *identity;
    clti_service service;
    clti_http *http;
    clti_test_server server; /* address alone */
} serving;

static void apply(clti_store *store, clti_change change) {
    clti_outcome outcome;
    clti_fault fault;
    assert_true(clti_store_apply(store, &change, 1, &outcome, &fault));
    assert_true(outcome.done);
}

static void fill(clti_store *store) {
    clti_partner partner = {.domain = CLTI_STR("fabrikam.example"),
                            .name = CLTI_STR("Fabrikam"),
                            .country = CLTI_STR("US"),
                            .culture = CLTI_STR("en-US"),
                            .is_sandbox = true};
    clti_application application = {.name = CLTI_STR("Test")}, native = {.name = CLTI_STR("Native")};
    clti_user user = {.name = CLTI_STR(USER), .roles = CLTI_ROLE_ADMIN_AGENTS, .id = {{7}}};
    clti_arena arena = {0};
    clti_fault fault;
    assert_true(clti_identity_make_key(store, clti_now_seconds(), &fault));
    assert_true(clti_guid_parse(CLTI_STR(TENANT), &partner.id));
    assert_true(clti_guid_parse(CLTI_STR(APPLICATION), &application.id));
    application.partner = native.partner = user.partner = partner.id;
    clti_sha256(CLTI_STR(CLTI_TEST_SECRET), application.secret_sha256);
    apply(store, (clti_change){.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner});
    apply(store, (clti_change){.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &application});
    assert_true(
        clti_user_set_password(&user, CLTI_STR("demo-password-not-for-production"), 1, &arena, &fault));
    apply(store, (clti_change){.kind = CLTI_CHANGE_USER_PUT, .of.user = &user});
    clti_arena_done(&arena);
}

static void open_store(serving *on) {
    clti_fault fault;
    on->folder = clti_test_folder_make();
    assert_non_null(on->folder);
    rmdir(on->folder);
    const clti_store_options options = {.folder = on->folder, .map_size = 1u << 28};
    assert_true(clti_store_create(&options, &on->store, &fault));
    fill(on->store);
    assert_true(clti_store_commit_new(&on->store, &fault));
    assert_true(clti_store_open(&options, &on->store, &fault));
    on->operations = *on->store->operations;
    on->operations.partner_state = wait_at_gate;
    on->store->operations = &on->operations;
}

static void start(serving *on, unsigned store_wait_ms) {
    clti_fault fault;
    clti_listen_address address;
    memset(on, 0, sizeof(*on));
    set_gate(false);
    open_store(on);
    const clti_identity_options identity = {.store = on->store,
                                            .public_url = "http://127.0.0.1",
                                            .own_scheme = "http",
                                            .allow_password_grant = true};
    const clti_writer_options writer = {.store = on->store};
    const clti_throttle_options throttle = {.per_minute = 0};
    assert_true(clti_identity_new(&identity, &on->identity, &fault));
    assert_true(clti_service_init(&on->service, on->store, false, false, &fault));
    assert_true(clti_writer_start(&writer, &on->service.writer, &fault));
    assert_true(clti_throttle_new(&throttle, &on->service.throttle, &fault));
    assert_true(clti_listen_address_parse(CLTI_STR("127.0.0.1:0"), &address, &fault));
    const clti_http_options options = {.listen_socket = clti_listen_open(&address, &fault),
                                       .threads = 1,
                                       .service = &on->service,
                                       .identity = on->identity,
                                       .metrics_rule = CLTI_METRICS_ON,
                                       .header_seconds = 60,
                                       .body_seconds = 60,
                                       .server_id = CLTI_STR("test"),
                                       .cors_origins = CLTI_STR(""),
                                       .store_threads = THREADS,
                                       .store_queue_max = QUEUE_MAX,
                                       .store_wait_ms = store_wait_ms};
    assert_true(options.listen_socket >= 0);
    assert_true(clti_http_start(&options, &on->http, &fault));
    on->server.port = clti_listen_address_port(&address);
    strcpy(on->server.host, "127.0.0.1");
    snprintf(on->server.address, sizeof(on->server.address), "127.0.0.1:%u", on->server.port);
}

static void finish(serving *on, unsigned grace_ms) {
    clti_http_stop(on->http, grace_ms);
    clti_writer_free(on->service.writer);
    clti_throttle_free(on->service.throttle);
    clti_identity_free(on->identity);
    clti_store_close(on->store);
    clti_test_folder_remove(on->folder);
    free(on->folder);
}

/* ---- its callers --------------------------------------------------------------------------------------- */

static int ask(const serving *on, const char *target) {
    char request[256];
    int socket = clti_test_connect(&on->server);
    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", target);
    clti_test_write(socket, request);
    return socket;
}

/* Status of the answer that comes; `wanted` must be in it. */
static int status_of(int socket, const char *wanted) {
    char *answer = clti_test_read_all(socket);
    int status = 0;
    if (strlen(answer) < 12 || (wanted && !strstr(answer, wanted)))
        fail_msg("instead of '%s' came: %s", wanted ? wanted : "an answer", answer);
    status = atoi(answer + strlen("HTTP/1.1 "));
    free(answer);
    close(socket);
    return status;
}

static void await_waiting(const serving *on, size_t wanted) {
    char line[64];
    snprintf(line, sizeof(line), "\nclientele_http_waiting_requests %zu\n", wanted);
    for (bool is_there = false; !is_there;) {
        int socket = ask(on, "/metrics");
        char *answer = clti_test_read_all(socket);
        is_there = strstr(answer, line) != NULL;
        free(answer);
        close(socket);
        usleep(5000);
    }
}

/* As many as the threads take, and as many as may wait. */
static void fill_up(const serving *on, int sockets[THREADS + QUEUE_MAX]) {
    for (size_t i = 0; i < THREADS; i++) {
        sockets[i] = ask(on, "/readyz");
        await_at_gate(i + 1);
    }
    for (size_t i = THREADS; i < THREADS + QUEUE_MAX; i++) {
        sockets[i] = ask(on, "/readyz");
        await_waiting(on, i + 1 - THREADS);
    }
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void test_who_needs_no_store_is_answered_while_it_stands_still(void **state) {
    (void)state;
    serving on;
    int sockets[THREADS + QUEUE_MAX];
    start(&on, LONG_MS);
    fill_up(&on, sockets);
    assert_int_equal(status_of(ask(&on, "/healthz"), "ok"), 200);
    assert_int_equal(status_of(ask(&on, "/common/discovery/instance"), "tenant_discovery_endpoint"), 200);
    assert_int_equal(status_of(ask(&on, "/nowhere"), NULL), 404);
    set_gate(true);
    for (size_t i = 0; i < CLTI_COUNT(sockets); i++)
        assert_int_equal(status_of(sockets[i], "ready"), 200);
    finish(&on, LONG_MS);
}

static void test_who_comes_when_too_many_wait_is_sent_away(void **state) {
    (void)state;
    serving on;
    int sockets[THREADS + QUEUE_MAX];
    start(&on, LONG_MS);
    fill_up(&on, sockets);
    assert_int_equal(status_of(ask(&on, "/readyz"), "Retry-After: "), 503);
    set_gate(true);
    for (size_t i = 0; i < CLTI_COUNT(sockets); i++)
        assert_int_equal(status_of(sockets[i], "ready"), 200);
    assert_int_equal(status_of(ask(&on, "/readyz"), "ready"), 200);
    finish(&on, LONG_MS);
}

static void test_who_waited_for_too_long_is_not_served_any_more(void **state) {
    (void)state;
    serving on;
    int sockets[THREADS + QUEUE_MAX];
    start(&on, 1000);
    fill_up(&on, sockets);
    usleep(1500000);
    set_gate(true);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(status_of(sockets[i], "ready"), 200);
    for (size_t i = THREADS; i < CLTI_COUNT(sockets); i++)
        assert_int_equal(status_of(sockets[i], "Retry-After: "), 503);
    finish(&on, LONG_MS);
}

static void *open_later(void *user) {
    (void)user;
    usleep(300000);
    set_gate(true);
    return NULL;
}

static void test_a_stop_answers_everyone_who_waits(void **state) {
    (void)state;
    serving on;
    pthread_t opener;
    int sockets[THREADS + QUEUE_MAX];
    start(&on, LONG_MS);
    fill_up(&on, sockets);
    assert_int_equal(pthread_create(&opener, NULL, open_later, NULL), 0);
    finish(&on, 1);
    assert_int_equal(pthread_join(opener, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(status_of(sockets[i], "ready"), 200);
    for (size_t i = THREADS; i < CLTI_COUNT(sockets); i++)
        assert_int_equal(status_of(sockets[i], "Retry-After: "), 503);
}

/* From helper to writer and back, and from helper to helper. */
static void test_tokens_reads_and_writes_pass_through(void **state) {
    (void)state;
    serving on;
    start(&on, LONG_MS);
    set_gate(true);
    clti_test_client *client = clti_test_client_new(&on.server);
    clti_test_sign_in(client, TENANT, APPLICATION);
    const char *body =
        "{\"companyProfile\":{\"domain\":\"d.example\"},\"billingProfile\":{\"email\":\"a@b.example\","
        "\"culture\":\"en-US\",\"language\":\"en\",\"companyName\":\"Waiting\",\"defaultAddress\":{"
        "\"country\":\"US\",\"city\":\"Redmond\",\"state\":\"WA\",\"addressLine1\":\"1\","
        "\"postalCode\":\"98052\",\"firstName\":\"A\",\"lastName\":\"B\"}}}";
    const clti_test_request create = {.target = "/v1/customers",
                                      .headers = CLTI_TEST_WORDS("Content-Type: application/json"),
                                      .body = body};
    const clti_test_response *answer = clti_test_send(client, &create);
    assert_int_equal(answer->status, 201);
    answer = clti_test_send(client, &create);
    assert_int_equal(answer->status, 409);
    answer = clti_test_get(client, "/v1/customers?size=40", NULL);
    assert_int_equal(answer->status, 200);
    assert_int_equal(json_integer_value(clti_test_at(answer->json, "totalCount")), 1);
    answer = clti_test_send(client, &(clti_test_request){.target = "/v1/customers", .authorization = ""});
    assert_int_equal(answer->status, 401);
    const char *form =
        "grant_type=password&client_id=" APPLICATION "&client_secret=" CLTI_TEST_SECRET "&username=" USER
        "&password=wrong&scope=https://api.partnercenter.microsoft.com/.default";
    answer = clti_test_send(
        client,
        &(clti_test_request){.target = "/" TENANT "/oauth2/v2.0/token",
                             .headers = CLTI_TEST_WORDS("Content-Type: application/x-www-form-urlencoded"),
                             .body = form});
    assert_int_equal(answer->status, 400);
    assert_string_equal(clti_test_text_at(answer->json, "error"), "invalid_grant");
    clti_test_client_free(client);
    finish(&on, LONG_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_needs_no_store_is_answered_while_it_stands_still),
        cmocka_unit_test(test_who_comes_when_too_many_wait_is_sent_away),
        cmocka_unit_test(test_who_waited_for_too_long_is_not_served_any_more),
        cmocka_unit_test(test_a_stop_answers_everyone_who_waits),
        cmocka_unit_test(test_tokens_reads_and_writes_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
