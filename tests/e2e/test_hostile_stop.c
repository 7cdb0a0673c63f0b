/* SIGTERM while clients are in the middle of something. */
#include "raw.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_COUNT 200
#define BUSY_COUNT 16
#define GET        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST_HEAD  "POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"

static void open_and_send(const clti_test_server *server, raw_peer *peers, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++) {
        raw_open(&peers[i], server, NULL);
        assert_true(raw_send_text(&peers[i], text));
    }
}

static void close_all(raw_peer *peers, size_t count) {
    for (size_t i = 0; i < count; i++)
        raw_close(&peers[i]);
}

static void test_a_stop_finishes_what_is_in_flight_and_waits_for_nobody_else(void **state) {
    (void)state;
    static raw_peer idle[IDLE_COUNT], silent[BUSY_COUNT], halves[BUSY_COUNT], posting[BUSY_COUNT];
    clti_test_server server;
    raw_answer answer;
    clti_test_server_start(scene_demo_store(), NULL, &server);
    open_and_send(&server, idle, IDLE_COUNT, GET);
    for (size_t i = 0; i < IDLE_COUNT; i++)
        assert_true(raw_next(&idle[i], &answer));
    open_and_send(&server, silent, BUSY_COUNT, "");
    open_and_send(&server, halves, BUSY_COUNT, "GET /healthz HTTP/1.1\r\nHo");
    open_and_send(&server, posting, BUSY_COUNT, POST_HEAD "abc");
    raw_sleep_ms(200);
    int64_t start = raw_now_ms();
    clti_test_server_ask_to_stop(&server);
    raw_sleep_ms(300);
    for (size_t i = 0; i < BUSY_COUNT; i++)
        if (!raw_send_text(&posting[i], "def") || !raw_next(&posting[i], &answer) || answer.status != 400)
            fail_msg("request %zu was in flight and not answered", i);
    clti_test_server_expect_stop(&server);
    if (raw_now_ms() - start > 5000)
        fail_msg("stopping took %d ms", (int)(raw_now_ms() - start));
    for (size_t i = 0; i < IDLE_COUNT; i++)
        assert_true(raw_ends(&idle[i], 1000));
    close_all(idle, IDLE_COUNT);
    close_all(silent, BUSY_COUNT);
    close_all(halves, BUSY_COUNT);
    close_all(posting, BUSY_COUNT);
}

static void test_a_stop_gives_up_on_bodies_that_never_come(void **state) {
    (void)state;
    static raw_peer stuck[BUSY_COUNT];
    clti_test_server server;
    clti_test_server_start(scene_demo_store(), CLTI_TEST_WORDS("--http-body-seconds=3600"), &server);
    open_and_send(&server, stuck, BUSY_COUNT, POST_HEAD "abc");
    raw_sleep_ms(200);
    int64_t start = raw_now_ms();
    clti_test_server_stop(&server);
    int64_t taken = raw_now_ms() - start;
    if (taken < 9000 || taken > 20000)
        fail_msg("stopping took %d ms", (int)taken);
    close_all(stuck, BUSY_COUNT);
}

/* Silence, not refusal: who asks again finds the next server. */
static void test_a_stopping_server_lets_nobody_in(void **state) {
    (void)state;
    clti_test_server server;
    raw_peer posting;
    raw_answer answer;
    clti_test_server_start(scene_demo_store(), NULL, &server);
    open_and_send(&server, &posting, 1, POST_HEAD "abc");
    raw_sleep_ms(200);
    clti_test_server_ask_to_stop(&server);
    raw_sleep_ms(200);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server.port)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct pollfd late = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                          .events = POLLOUT};
    assert_true(late.fd >= 0);
    assert_int_equal(connect(late.fd, (const struct sockaddr *)&there, sizeof(there)), -1);
    assert_int_equal(poll(&late, 1, 300), 0);
    close(late.fd);
    assert_true(raw_send_text(&posting, "def") && raw_next(&posting, &answer));
    assert_int_equal(answer.status, 400);
    clti_test_server_expect_stop(&server);
    raw_close(&posting);
}

/* Again and again, each time a little later: whatever the server is just doing. */
static void test_a_stop_in_the_middle_of_traffic_ends_well(void **state) {
    (void)state;
    static raw_peer peers[BUSY_COUNT];
    char *many = malloc(sizeof(GET) * 64);
    assert_non_null(many);
    for (size_t i = 0; i < 64; i++)
        memcpy(many + i * (sizeof(GET) - 1), GET, sizeof(GET));
    const char *folder = scene_demo_store();
    for (int round = 0; round < 8; round++) {
        clti_test_server server;
        clti_test_server_start(folder, NULL, &server);
        open_and_send(&server, peers, BUSY_COUNT, many);
        raw_sleep_ms(round);
        size_t leaving = round % 2 ? BUSY_COUNT / 2 : 0;
        close_all(peers, leaving);
        clti_test_server_stop(&server);
        close_all(peers + leaving, BUSY_COUNT - leaving);
    }
    free(many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stop_finishes_what_is_in_flight_and_waits_for_nobody_else),
        cmocka_unit_test(test_a_stop_gives_up_on_bodies_that_never_come),
        cmocka_unit_test(test_a_stopping_server_lets_nobody_in),
        cmocka_unit_test(test_a_stop_in_the_middle_of_traffic_ends_well),
    };
    return cmocka_run_group_tests(tests, scene_group_setup, scene_group_teardown);
}
