/* Requests that come in pieces, break off, or come several at once. */
#include "raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static scene demo;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    return scene_group_teardown(state);
}

#define FORM                                                                                                 \
    "grant_type=client_credentials&client_id=" FABRIKAM_APP "&client_secret=" CLTI_TEST_SECRET               \
    "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default"
#define POST_HEAD                                                                                            \
    "POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nHost: a\r\n"                                           \
    "Content-Type: application/x-www-form-urlencoded\r\n"

/* The caller's, free(). */
static char *whole_request(bool chunked) {
    char *request;
    int size = chunked ? asprintf(&request,
                                  POST_HEAD "Transfer-Encoding: chunked\r\n\r\n%zx;a=b\r\n%s\r\n0\r\n"
                                            "Trailer: x\r\n\r\n",
                                  strlen(FORM), FORM)
                       : asprintf(&request, POST_HEAD "Content-Length: %zu\r\n\r\n%s", strlen(FORM), FORM);
    assert_true(size > 0);
    return request;
}

/* ---- breaking off -------------------------------------------------------------------------------------- */

typedef enum breaking { BREAK_CLOSE, BREAK_SHUTDOWN, BREAK_RESET, BREAK_COUNT } breaking;

static void send_part(const char *request, size_t size, breaking how) {
    const struct linger reset = {.l_onoff = 1};
    raw_peer peer;
    raw_open(&peer, &demo.server, NULL);
    raw_send(&peer, request, size);
    if (how == BREAK_SHUTDOWN) {
        assert_int_equal(shutdown(peer.socket, SHUT_WR), 0);
        raw_ends(&peer, 20);
        if (peer.size && strncmp(peer.data, "HTTP/1.1 400", 12) != 0)
            fail_msg("%zu bytes of the request were answered: %s", size, peer.data);
    }
    if (how == BREAK_RESET)
        assert_int_equal(setsockopt(peer.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
    raw_close(&peer);
}

static void test_a_request_cut_at_every_byte_is_forgotten(void **state) {
    (void)state;
    for (int chunked = 0; chunked < 2; chunked++) {
        char *request = whole_request(chunked != 0);
        size_t size = strlen(request);
        for (size_t part = 0; part < size; part++)
            for (breaking how = 0; how < BREAK_COUNT; how++)
                /* An end without closing may take a while to be noticed, so not at each byte. */
                if (how != BREAK_SHUTDOWN || part % 4 == 0)
                    send_part(request, part, how);
        assert_int_equal(raw_status(&demo.server, request, size), 200);
        free(request);
    }
    raw_expect_alive(&demo.server, NULL, "cut requests");
}

static void test_a_request_that_comes_byte_by_byte_is_answered(void **state) {
    (void)state;
    for (int chunked = 0; chunked < 2; chunked++) {
        raw_peer peer;
        raw_answer answer;
        char *request = whole_request(chunked != 0);
        raw_open(&peer, &demo.server, NULL);
        for (const char *byte = request; *byte; byte++)
            assert_true(raw_send(&peer, byte, 1));
        assert_true(raw_next(&peer, &answer));
        assert_int_equal(answer.status, 200);
        raw_close(&peer);
        free(request);
    }
}

static void test_clients_that_leave_before_their_answer_harm_nobody(void **state) {
    (void)state;
    const struct linger reset = {.l_onoff = 1};
    char *request;
    assert_true(asprintf(&request,
                         "GET /v1/customers?size=500 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
                         clti_test_client_token(demo.client)) > 0);
    for (int i = 0; i < 200; i++) {
        raw_peer peer;
        raw_open(&peer, &demo.server, NULL);
        for (int j = 0; j < 4; j++)
            raw_send_text(&peer, request);
        if (i % 2)
            assert_int_equal(setsockopt(peer.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
        raw_close(&peer);
    }
    free(request);
    raw_expect_alive(&demo.server, NULL, "leaving clients");
}

/* ---- several at once ----------------------------------------------------------------------------------- */

/* The nth request of a pipeline, by turns of several kinds, with an id of its own. The caller's, free(). */
static char *numbered_request(int number, int *out_status) {
    static const struct {
        const char *head, *body;
        int status;
    } kinds[] = {
        {"GET /healthz HTTP/1.1\r\n", "", 200},
        {"GET /v1/customers HTTP/1.1\r\n", "", 401},
        {"GET /nothing HTTP/1.1\r\n", "", 404},
        {"POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nContent-Length: 3\r\n", "a=b", 400},
        {"GET /%zz HTTP/1.1\r\n", "", 400},
        {"POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
         "3\r\na=b\r\n0\r\n\r\n", 400},
        {"DELETE /healthz HTTP/1.1\r\n", "", 405},
        {"GET /healthz HTTP/1.1\r\nContent-Length: 5\r\n", "abcde", 200},
    };
    size_t kind = (size_t)number % CLTI_COUNT(kinds);
    char *request;
    *out_status = kinds[kind].status;
    assert_true(asprintf(&request,
                         "%sHost: a\r\nMS-RequestId: 00000000-0000-0000-0000-%012d\r\n"
                         "MS-CorrelationId: 11111111-0000-0000-0000-%012d\r\n\r\n%s",
                         kinds[kind].head, number, number, kinds[kind].body) > 0);
    return request;
}

static void expect_numbered_answer(raw_peer *peer, int number) {
    raw_answer answer;
    int status;
    free(numbered_request(number, &status));
    if (!raw_next(peer, &answer))
        fail_msg("request %d was not answered", number);
    char *request_id = raw_header(&answer, "MS-RequestId");
    char *correlation_id = raw_header(&answer, "MS-CorrelationId");
    if (answer.status != status || strlen(request_id) != 36 || atoi(request_id + 24) != number ||
        strlen(correlation_id) != 36 || atoi(correlation_id + 24) != number)
        fail_msg("request %d: answered %d with the ids %s and %s", number, answer.status, request_id,
                 correlation_id);
    free(correlation_id);
    free(request_id);
}

static void test_pipelined_requests_are_answered_in_order_each_with_its_own_ids(void **state) {
    (void)state;
    enum { COUNT = 400 };
    raw_peer peer;
    char *all = NULL;
    size_t size = 0;
    for (int i = 0; i < COUNT; i++) {
        int status;
        char *request = numbered_request(i, &status);
        size_t more = strlen(request);
        all = realloc(all, size + more);
        assert_non_null(all);
        memcpy(all + size, request, more);
        size += more;
        free(request);
    }
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send(&peer, all, size));
    for (int i = 0; i < COUNT; i++)
        expect_numbered_answer(&peer, i);
    /* And in pieces that end anywhere. */
    for (size_t sent = 0, piece = 1; sent < size; sent += piece, piece = piece * 7 % 1009)
        assert_true(raw_send(&peer, all + sent, piece < size - sent ? piece : size - sent));
    for (int i = 0; i < COUNT; i++)
        expect_numbered_answer(&peer, i);
    raw_close(&peer);
    free(all);
}

static void test_what_follows_connection_close_is_not_answered(void **state) {
    (void)state;
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send_text(&peer, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                     "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(raw_next(&peer, &answer));
    assert_false(raw_next(&peer, &answer));
    assert_true(peer.ended);
    raw_close(&peer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_cut_at_every_byte_is_forgotten),
        cmocka_unit_test(test_a_request_that_comes_byte_by_byte_is_answered),
        cmocka_unit_test(test_clients_that_leave_before_their_answer_harm_nobody),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order_each_with_its_own_ids),
        cmocka_unit_test(test_what_follows_connection_close_is_not_answered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
