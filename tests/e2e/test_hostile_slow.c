/* Clients that take their time: the watchdog cuts them off, and only them. The limits are short here. */
#include "raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* The watchdog looks once a second, and the machine may be busy. */
#define LATE_MS_MAX 6000

#define POST_HEAD "POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
#define POST_HEAD_CHUNKED                                                                                    \
    "POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
#define GET "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

static clti_test_server server;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    clti_test_server_start(scene_demo_store(),
                           CLTI_TEST_WORDS("--http-header-seconds=1", "--http-body-seconds=2"), &server);
    return 0;
}

static int teardown(void **state) {
    clti_test_server_stop(&server);
    return scene_group_teardown(state);
}

typedef struct slow_client {
    const char *what;
    const char *start, *unit; /* sent at once, and again and again */
    int limit_ms;             /* may take so long at least; 0: is never cut off */
    raw_peer peer;
    int64_t cut_after_ms; /* 0: not yet */
} slow_client;

/* All at the same time: four units a second each. */
static void drip(slow_client *clients, size_t count) {
    raw_answer answer;
    int64_t start = raw_now_ms();
    for (size_t i = 0; i < count; i++) {
        raw_open(&clients[i].peer, &server, NULL);
        assert_true(raw_send_text(&clients[i].peer, clients[i].start));
    }
    while (raw_now_ms() - start < LATE_MS_MAX) {
        for (size_t i = 0; i < count; i++) {
            slow_client *client = &clients[i];
            if (client->cut_after_ms)
                continue;
            if (!raw_send_text(&client->peer, client->unit) || raw_ends(&client->peer, 1))
                client->cut_after_ms = raw_now_ms() - start;
            while (client->peer.size && raw_next(&client->peer, &answer))
                assert_int_equal(answer.status, 200);
        }
        raw_sleep_ms(250);
    }
}

static void test_slow_requests_are_cut_off_and_others_are_not(void **state) {
    (void)state;
    slow_client clients[] = {
        {.what = "a header a piece at a time", .start = "G", .unit = "E", .limit_ms = 1000},
        {.what = "header lines without end",
         .start = "GET /healthz HTTP/1.1\r\nHost: a\r\n",
         .unit = "A: b\r\n",
         .limit_ms = 1000},
        {.what = "a header that stops", .start = "GET /healthz HT", .unit = "", .limit_ms = 1000},
        {.what = "a second header that stops", .start = GET "GET /he", .unit = "a", .limit_ms = 1000},
        {.what = "empty lines", .start = "\r\n", .unit = "\r\n", .limit_ms = 1000},
        {.what = "a body a piece at a time", .start = POST_HEAD, .unit = "a", .limit_ms = 2000},
        {.what = "a body that stops", .start = POST_HEAD "a", .unit = "", .limit_ms = 2000},
        {.what = "tiny chunks", .start = POST_HEAD_CHUNKED, .unit = "1\r\na\r\n", .limit_ms = 2000},
        {.what = "a chunk's line without end",
         .start = POST_HEAD_CHUNKED "1;",
         .unit = "a",
         .limit_ms = 2000},
        {.what = "an idle connection", .start = GET, .unit = ""},
        {.what = "an idle connection without a request", .start = "", .unit = ""},
        {.what = "a busy connection", .start = "", .unit = GET},
        {.what = "a busy connection that always owes a piece",
         .start = "GET",
         .unit = " /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET"},
        {.what = "another that owes almost all",
         .start = "GET /healthz HTTP/1.1\r\nHost: a\r",
         .unit = "\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r"},
    };
    drip(clients, CLTI_COUNT(clients));
    size_t wrong = 0;
    for (size_t i = 0; i < CLTI_COUNT(clients); i++) {
        const slow_client *client = &clients[i];
        bool right = client->limit_ms ? client->cut_after_ms >= client->limit_ms : !client->cut_after_ms;
        if (!right)
            print_error("%s: %s %d ms\n", client->what,
                        client->cut_after_ms ? "cut off after" : "not cut off in",
                        client->cut_after_ms ? (int)client->cut_after_ms : LATE_MS_MAX);
        wrong += !right;
        raw_close(&clients[i].peer);
    }
    assert_int_equal(wrong, 0);
    raw_expect_alive(&server, NULL, "slow clients");
}

/* A client that leaves within a request takes its place with it, even if its end came together with its last
 * bytes: see the watchdog. */
static void test_clients_that_leave_do_not_keep_their_places(void **state) {
    (void)state;
    static const char *const starts[] = {"GET /he", POST_HEAD "a", POST_HEAD_CHUNKED "1\r\n", GET};
    for (size_t i = 0; i < 400; i++) {
        raw_peer peer;
        raw_open(&peer, &server, NULL);
        assert_true(raw_send_text(&peer, starts[i % CLTI_COUNT(starts)]));
        assert_int_equal(shutdown(peer.socket, SHUT_WR), 0);
        raw_close(&peer);
    }
    raw_peer peer;
    raw_answer answer;
    long open = 0;
    for (int64_t end = raw_now_ms() + LATE_MS_MAX; open != 1 && raw_now_ms() < end;) {
        raw_open(&peer, &server, NULL);
        assert_true(raw_send_text(&peer, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        assert_true(raw_next(&peer, &answer));
        const char *line = strstr(answer.body, "\nclientele_http_connections ");
        assert_non_null(line);
        open = strtol(line + strlen("\nclientele_http_connections "), NULL, 10);
        raw_close(&peer);
        raw_sleep_ms(100);
    }
    assert_int_equal(open, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_requests_are_cut_off_and_others_are_not),
        cmocka_unit_test(test_clients_that_leave_do_not_keep_their_places),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
