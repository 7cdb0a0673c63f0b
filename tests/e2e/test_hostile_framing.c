/* Requests that two readers could understand differently, and targets that try to be what they are not. */
#include "raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define BYTES(literal) (literal), sizeof(literal) - 1

static clti_test_server server;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    clti_test_server_start(scene_demo_store(), NULL, &server);
    return 0;
}

static int teardown(void **state) {
    clti_test_server_stop(&server);
    return scene_group_teardown(state);
}

typedef struct row {
    const char *what;
    const char *bytes;
    size_t size;
} row;

/* A request that would have been smuggled in behind. */
#define BEHIND "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

/* 400, nothing behind it, and the connection ends. @return what was seen instead, or NULL */
static const char *see_refused_and_closed(const row *refused) {
    raw_peer peer;
    raw_answer answer;
    const char *seen = NULL;
    raw_open(&peer, &server, NULL);
    raw_send(&peer, refused->bytes, refused->size);
    raw_send(&peer, BYTES(BEHIND));
    if (!raw_next(&peer, &answer))
        seen = "no answer";
    else if (answer.status != 400)
        seen = "another status than 400";
    else if (raw_next(&peer, &answer))
        seen = "an answer to what stood behind it";
    else if (!peer.ended)
        seen = "the connection stays open";
    raw_close(&peer);
    return seen;
}

/* All rows are tried, so that one run tells everything that is wrong. */
static void expect_all_refused_and_closed(const row *rows, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const char *seen = see_refused_and_closed(&rows[i]);
        if (seen)
            print_error("%s: %s\n", rows[i].what, seen);
        wrong += seen != NULL;
        raw_expect_alive(&server, NULL, rows[i].what);
    }
    assert_int_equal(wrong, 0);
}

#define POST "POST /" FABRIKAM "/oauth2/v2.0/token HTTP/1.1\r\nHost: a\r\n"
#define GET  "GET /healthz HTTP/1.1\r\n"

static void test_contradictory_framing_is_refused_and_the_connection_ends(void **state) {
    (void)state;
    static const row rows[] = {
        {"length and chunked",
         BYTES(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
        {"chunked and length",
         BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")},
        {"length 0 and chunked",
         BYTES(POST "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
        {"two lengths, the same", BYTES(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b")},
        {"two lengths, different", BYTES(POST "Content-Length: 3\r\nContent-Length: 0\r\n\r\na=b")},
        {"two tokens", BYTES(GET "Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")},
        {"two continuation tokens",
         BYTES(GET "Host: a\r\nMS-ContinuationToken: a\r\nms-continuationtoken: b\r\n\r\n")},
        {"two request ids", BYTES(GET "Host: a\r\nMS-RequestId: a\r\nMS-RequestId: b\r\n\r\n")},
        {"two lengths in another case", BYTES(POST "Content-Length: 3\r\ncontent-length: 3\r\n\r\na=b")},
        {"two lengths in one", BYTES(POST "Content-Length: 3, 3\r\n\r\na=b")},
        {"a length that is negative", BYTES(POST "Content-Length: -3\r\n\r\na=b")},
        {"a length with a sign", BYTES(POST "Content-Length: +3\r\n\r\na=b")},
        {"a length in hexadecimal", BYTES(POST "Content-Length: 0x3\r\n\r\na=b")},
        {"a length that is empty", BYTES(POST "Content-Length:\r\n\r\na=b")},
        {"a length with a space inside", BYTES(POST "Content-Length: 1 3\r\n\r\na=b")},
        {"gzip", BYTES(POST "Transfer-Encoding: gzip\r\n\r\na=b")},
        {"gzip, chunked", BYTES(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")},
        {"chunked, gzip", BYTES(POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n")},
        {"chunked, chunked", BYTES(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n")},
        {"identity", BYTES(POST "Transfer-Encoding: identity\r\n\r\na=b")},
        {"xchunked", BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")},
        {"an empty Transfer-Encoding", BYTES(POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n")},
        {"chunked with a parameter", BYTES(POST "Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n")},
        {"chunked behind a vertical tab", BYTES(POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n")},
        {"chunked twice",
         BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
        {"chunked and identity",
         BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")},
        {"two hosts, the same", BYTES(GET "Host: a\r\nHost: a\r\n\r\n")},
        {"two hosts, different", BYTES(GET "Host: a\r\nhost: b\r\n\r\n")},
        {"no host", BYTES(GET "\r\n")},
    };
    expect_all_refused_and_closed(rows, CLTI_COUNT(rows));
}

static void test_a_header_that_is_none_is_refused_and_the_connection_ends(void **state) {
    (void)state;
    static const row rows[] = {
        {"a space before the colon", BYTES(GET "Host: a\r\nContent-Length : 0\r\n\r\n")},
        {"a tab before the colon", BYTES(GET "Host: a\r\nContent-Length\t: 0\r\n\r\n")},
        {"a space inside a name", BYTES(GET "Host: a\r\nTransfer Encoding: chunked\r\n\r\n")},
        {"a name with a parenthesis", BYTES(GET "Host: a\r\nA(b): c\r\n\r\n")},
        {"a name with a slash", BYTES(GET "Host: a\r\nA/b: c\r\n\r\n")},
        {"a name with a quote", BYTES(GET "Host: a\r\n\"A\": c\r\n\r\n")},
        {"a name with a byte over 127", BYTES(GET "Host: a\r\nA\xC3\xA9: c\r\n\r\n")},
        {"a name with a control character", BYTES(GET "Host: a\r\nA\x01: c\r\n\r\n")},
        {"a name with DEL", BYTES(GET "Host: a\r\nA\x7F: c\r\n\r\n")},
        {"a name with NUL", BYTES(GET "Host: a\r\nA\0b: c\r\n\r\n")},
        {"a line without a colon", BYTES(GET "Host: a\r\nContent-Length\r\n\r\n")},
        {"a bare CR in a value", BYTES(GET "Host: a\r\nA: b\rContent-Length: 0\r\n\r\n")},
        {"a bare CR in the framing", BYTES(POST "Transfer-Encoding: chu\rnked\r\n\r\n0\r\n\r\n")},
        {"a bare CR in a name", BYTES(GET "Host: a\r\nA\rB: c\r\n\r\n")},
    };
    expect_all_refused_and_closed(rows, CLTI_COUNT(rows));
}

/* What the library reads without telling us (SECURITY.md) must at least do no harm: any answer, one or none,
 * but the server lives and gives no sanitizer anything to say. */
static void test_bytes_that_cannot_be_seen_do_no_harm(void **state) {
    (void)state;
    static const row rows[] = {
        {"a NUL in a value", BYTES(GET "Host: a\r\nA: b\0c\r\n\r\n")},
        {"a NUL in a length", BYTES(POST "Content-Length: 3\0\r\n\r\na=b")},
        {"a NUL in the authorization", BYTES(GET "Host: a\r\nAuthorization: Bearer a\0b\r\n\r\n")},
        {"an empty name", BYTES(GET "Host: a\r\n: c\r\n\r\n")},
        {"a folded header", BYTES(GET "Host: a\r\nA: b\r\n c\r\n\r\n")},
        {"a folded first header", BYTES(GET " Host: a\r\n\r\n")},
        {"LF alone", BYTES("GET /healthz HTTP/1.1\nHost: a\n\n")},
        {"a NUL in the target", BYTES("GET /healthz\0/x HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"a NUL in the method", BYTES("GE\0T /healthz HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"a NUL in the version", BYTES("GET /healthz HTTP/1.1\0\r\nHost: a\r\n\r\n")},
        {"only NULs", BYTES("\0\0\0\0\r\n\0\0\r\n\r\n")},
        {"a bare CR in the target", BYTES("GET /health\rz HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"no version", BYTES("GET /healthz\r\n\r\n")},
        {"no target", BYTES("GET\r\nHost: a\r\n\r\n")},
        {"an empty method", BYTES(" /healthz HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"two spaces", BYTES("GET  /healthz  HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"HTTP/1.0", BYTES("GET /healthz HTTP/1.0\r\n\r\n")},
        {"HTTP/0.9", BYTES("GET /healthz HTTP/0.9\r\n\r\n")},
        {"HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
        {"HTTP/1.10", BYTES("GET /healthz HTTP/1.10\r\nHost: a\r\n\r\n")},
        {"HTTP/9.9", BYTES("GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n")},
        {"another protocol", BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03")},
        {"empty lines first", BYTES("\r\n\r\n\r\n" GET "Host: a\r\n\r\n")},
        {"a chunk size that overflows",
         BYTES(POST "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\na\r\n")},
        {"a chunk size that is negative", BYTES(POST "Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n")},
        {"a chunk size that is none", BYTES(POST "Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n")},
        {"a chunk without its end", BYTES(POST "Transfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n")},
        {"a huge length", BYTES(POST "Content-Length: 18446744073709551615\r\n\r\na=b")},
        {"a length that overflows", BYTES(POST "Content-Length: 99999999999999999999999\r\n\r\na=b")},
        {"an upgrade", BYTES(GET "Host: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n")},
        {"CONNECT", BYTES("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"TRACE", BYTES("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"OPTIONS *", BYTES("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        raw_peer peer;
        raw_answer answer;
        int worst = 0;
        raw_open(&peer, &server, NULL);
        raw_send(&peer, rows[i].bytes, rows[i].size);
        /* Nothing follows, so whoever waits for more gives up. */
        assert_int_equal(shutdown(peer.socket, SHUT_WR), 0);
        if (raw_next(&peer, &answer))
            worst = answer.status > worst ? answer.status : worst;
        /* An end that arrives together with the request may be seen by the idle limit only. */
        if ((worst >= 500 && worst != 505) || (worst == 0 && !peer.ended)) {
            print_error("%s: answered %d, %s\n", rows[i].what, worst, peer.ended ? "closed" : "open");
            wrong++;
        }
        raw_close(&peer);
        raw_expect_alive(&server, NULL, rows[i].what);
    }
    assert_int_equal(wrong, 0);
}

/* ---- targets ------------------------------------------------------------------------------------------- */

static int status_of_target(const char *target) {
    char *request;
    int size = asprintf(&request, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", target);
    assert_true(size > 0);
    int status = raw_status(&server, request, (size_t)size);
    free(request);
    return status;
}

static void test_each_form_of_a_target_is_routed_once_decoded(void **state) {
    (void)state;
    static const struct {
        const char *target;
        int status;
    } rows[] = {
        {"/v1/customers", 401},
        {"/V1/CUSTOMERS/", 401},
        {"/%76%31/%63ustomers", 401},
        {"//v1///customers//", 401},
        {"/v1//v1/customers", 401},
        {"http://a/v1/customers", 401},
        {"http://b:80/v1/customers?size=1", 401},
        {"HTTPS://a/v1/customers", 401},
        {"http://a", 404},
        {"http://", 404},
        {"http:///v1/customers", 401},
        {"ftp://a/v1/customers", 404},
        {"/v1/customers%2F", 400},
        {"/v1%2fcustomers", 400},
        {"/v1/customers%00", 400},
        {"/v1/%00/customers", 400},
        {"/v1/customers%", 400},
        {"/v1/customers%4", 400},
        {"/v1/customers%zz", 400},
        {"/v1/%%36%36", 400},
        {"/v1/customers%3Fsize=1", 404},
        {"/v1/customers/../customers", 404},
        {"/v1/customers/%2e%2e/customers", 404},
        {"/./v1/customers", 404},
        {"/v1/customers;a=b", 404},
        {"/v1\\customers", 404},
        {"/v1/customers#fragment", 404},
        {"/v1/%FF%FE", 404},
        {"/v1/%c0%af", 404},
        {"*", 404},
        {"/", 404},
        {"/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t", 404},
        {"/%252e%252e/%2500", 404},
        {"/v1/customers/%7B00000000-0000-0000-0000-000000000000%7D", 401},
        {"/v1/customers?%00", 401},
        {"/v1/customers?filter=%", 401},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        int status = status_of_target(rows[i].target);
        if (status != rows[i].status)
            print_error("%s: answered %d, not %d\n", rows[i].target, status, rows[i].status);
        wrong += status != rows[i].status;
    }
    assert_int_equal(wrong, 0);
}

/* A refused target is no reason to hang up: only framing is. */
static void test_a_bad_target_leaves_the_connection_open(void **state) {
    (void)state;
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, &server, NULL);
    assert_true(raw_send_text(&peer, "GET /v1/%zz HTTP/1.1\r\nHost: a\r\n\r\n" BEHIND));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 400);
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 200);
    raw_close(&peer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contradictory_framing_is_refused_and_the_connection_ends),
        cmocka_unit_test(test_a_header_that_is_none_is_refused_and_the_connection_ends),
        cmocka_unit_test(test_bytes_that_cannot_be_seen_do_no_harm),
        cmocka_unit_test(test_each_form_of_a_target_is_routed_once_decoded),
        cmocka_unit_test(test_a_bad_target_leaves_the_connection_open),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
