/* Too much of everything: headers, bodies, filters, nesting; and text that is none. */
#include "raw.h"

#include <stdio.h>
#include <stdlib.h>

#define MIB        ((size_t)1024 * 1024)
#define TOKEN_PATH "/" FABRIKAM "/oauth2/v2.0/token"

static scene demo;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), CLTI_TEST_WORDS("--auth-require-user=false"));
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    return scene_group_teardown(state);
}

static void expect_alive(const char *after) {
    raw_expect_alive(&demo.server, NULL, after);
    assert_int_equal(clti_test_get(demo.client, "/v1/customers?size=1", NULL)->status, 200);
}

static char *repeated(const char *text, size_t count) {
    size_t size = strlen(text);
    char *all = malloc(size * count + 1);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * size, text, size);
    all[size * count] = '\0';
    return all;
}

/* ---- headers ------------------------------------------------------------------------------------------- */

static void test_a_header_that_is_too_large_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *before, *unit, *behind;
        size_t count;
    } rows[] = {
        {"GET /healthz HTTP/1.1\r\nHost: a\r\nA: ", "x", "\r\n\r\n", 65536},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\n", "x", ": a\r\n\r\n", 65536},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\n", "A: b\r\n", "\r\n", 10000},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\n", "Authorization: Bearer x\r\n", "\r\n", 10000},
        {"GET /healthz HTTP/1.1\r\nHost: ", "a", "\r\n\r\n", 65536},
        {"GET /", "a", " HTTP/1.1\r\nHost: a\r\n\r\n", 65536},
        {"GET /healthz?", "a=b&", " HTTP/1.1\r\nHost: a\r\n\r\n", 32768},
        {"", "A", " /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 65536},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: ", "a=b; ", "\r\n\r\n", 32768},
        {"GET /healthz HTTP/1.1\r\nHost: a\r\nA: b", "\r\n c", "\r\n\r\n", 32768},
        {"", "\r\n", "", 100000},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char *middle = repeated(rows[i].unit, rows[i].count), *request;
        int size = asprintf(&request, "%s%s%s", rows[i].before, middle, rows[i].behind);
        assert_true(size > 0);
        int status = raw_status(&demo.server, request, (size_t)size);
        /* 0: cut off without a word, for the rest of the request had not been read. */
        if (status != 0 && status != 400 && status != 413 && status != 414 && status != 431)
            fail_msg("%.40s... %zu times: answered %d", rows[i].before, rows[i].count, status);
        free(request);
        free(middle);
        expect_alive(rows[i].before);
    }
}

/* ---- bodies -------------------------------------------------------------------------------------------- */

/* POST so many bytes; how they are framed is up to the caller. */
static int status_of_body(const char *headers, const char *piece, size_t piece_size, size_t count) {
    raw_peer peer;
    raw_answer answer;
    char *head;
    raw_open(&peer, &demo.server, NULL);
    assert_true(asprintf(&head, "POST " TOKEN_PATH " HTTP/1.1\r\nHost: a\r\n%s\r\n", headers) > 0);
    bool open = raw_send_text(&peer, head);
    for (size_t i = 0; open && i < count; i++)
        open = raw_send(&peer, piece, piece_size);
    int status = raw_next(&peer, &answer) ? answer.status : 0;
    free(head);
    raw_close(&peer);
    return status;
}

static void test_a_body_over_its_limit_is_read_and_refused(void **state) {
    (void)state;
    char *kilobyte = repeated("a", 1024);
    assert_int_equal(status_of_body("Content-Length: 66560\r\n", kilobyte, 1024, 65), 400);
    assert_int_equal(status_of_body("Content-Length: 8388608\r\n", kilobyte, 1024, 8192), 400);
    char *chunk = repeated("a", 1031);
    memcpy(chunk, "400\r\n", 5);
    memcpy(chunk + 1029, "\r\n", 2);
    char *last = repeated("a", 8);
    memcpy(last, "0\r\n\r\n", 5);
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send_text(&peer, "POST " TOKEN_PATH
                                     " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 100; i++)
        assert_true(raw_send(&peer, chunk, 1031));
    assert_true(raw_send(&peer, last, 5));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 400);
    /* It has been read to its end, so the connection is good for more. */
    assert_true(raw_send_text(&peer, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 200);
    raw_close(&peer);
    free(last);
    free(chunk);
    free(kilobyte);
    expect_alive("a body over its limit");
}

static void test_a_body_without_end_is_cut_and_kept_nowhere(void **state) {
    (void)state;
    char *piece = repeated("a", MIB);
    long before = raw_anonymous_kib(demo.server.process.pid);
    assert_int_equal(status_of_body("Content-Length: 17825792\r\n", piece, MIB, 17), 0);
    memcpy(piece, "FFFF7\r\n", 7); /* each piece is one chunk, 9 bytes of it framing */
    memcpy(piece + MIB - 2, "\r\n", 2);
    assert_int_equal(status_of_body("Transfer-Encoding: chunked\r\n", piece, MIB, 64), 0);
    char *tiny = repeated("1\r\na\r\n", MIB / 6);
    assert_int_equal(status_of_body("Transfer-Encoding: chunked\r\n", tiny, MIB / 6 * 6, 200), 0);
    memset(piece, 'a', MIB);
    assert_int_equal(status_of_body("Content-Length: 9223372036854775807\r\n", piece, MIB, 64), 0);
    long grown = raw_anonymous_kib(demo.server.process.pid) - before;
    if (grown > 16 * 1024)
        fail_msg("the server has grown by %ld KiB", grown);
    free(tiny);
    free(piece);
    expect_alive("an endless body");
}

static void test_a_route_without_body_drops_what_it_is_sent(void **state) {
    (void)state;
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send_text(&peer, "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n"
                                     "GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n\r\n"
                                     "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 200);
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 200);
    raw_close(&peer);
}

static void test_continue_is_said_to_those_who_wait_for_it(void **state) {
    (void)state;
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send_text(&peer, "POST " TOKEN_PATH " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                                     "Expect: 100-continue\r\n\r\n"));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 100);
    assert_true(raw_send_text(&peer, "a=b"));
    assert_true(raw_next(&peer, &answer));
    assert_int_equal(answer.status, 400);
    raw_close(&peer);
    /* One who leaves instead. */
    raw_open(&peer, &demo.server, NULL);
    assert_true(raw_send_text(&peer, "POST " TOKEN_PATH " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                                     "Expect: 100-continue\r\n\r\n"));
    assert_true(raw_next(&peer, &answer));
    raw_close(&peer);
    expect_alive("Expect");
}

/* ---- filters and text ---------------------------------------------------------------------------------- */

static void expect_filter_refused(const char *before, const char *unit, size_t count, const char *behind) {
    char *middle = repeated(unit, count), *target;
    assert_true(asprintf(&target, "/v1/customers?filter=%s%s%s", before, middle, behind) > 0);
    scene_expect_fault(clti_test_get(demo.client, target, NULL), 400, 2000, NULL, unit);
    free(target);
    free(middle);
    expect_alive(unit);
}

#define VALUE_STARTS "%7B%22Field%22:%22CompanyName%22,%22Operator%22:9,%22Value%22:"

static void test_a_filter_of_ten_kilobytes_is_refused(void **state) {
    (void)state;
    expect_filter_refused(VALUE_STARTS "%22", "a", 10240, "%22%7D");
    expect_filter_refused(VALUE_STARTS "%22", "%C3%A9", 5120, "%22%7D");
    expect_filter_refused("", "%20", 10240, "");
    expect_filter_refused("%7B", "%22a%22:1,", 1000, "%22a%22:1%7D");
}

static void test_json_nested_deeply_is_refused(void **state) {
    (void)state;
    expect_filter_refused("", "%5B", 5000, "");
    expect_filter_refused("", "[", 5000, "");
    expect_filter_refused("", "%7B%22a%22:", 1200, "");
    expect_filter_refused(VALUE_STARTS, "%5B", 1000, "");
    expect_filter_refused("", "[", 65, "1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
}

static void test_text_that_is_not_utf8_is_refused_however_it_is_written(void **state) {
    (void)state;
    static const char *const bad[] = {
        "%FF",
        "%FE%FF",
        "%80",
        "%C0%AF",
        "%C1%81",
        "%E0%80%80",
        "%ED%A0%80",
        "%F0%80%80%80",
        "%F4%90%80%80",
        "%F8%88%80%80%80",
        "%C3",
        "%E2%82",
        "%F0%9F%98",
        "\xFF",
        "\x80",
        "\xC3",
        "\xC0\xAF",
        "\xED\xA0\x80",
        "\\uD800",
        "\\uDC00",
        "\\uD800\\uD800",
        "%00",
        "%01",
        "%0A",
        "%0D",
    };
    for (size_t i = 0; i < CLTI_COUNT(bad); i++)
        expect_filter_refused(VALUE_STARTS "%22a", bad[i], 1, "%22%7D");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_header_that_is_too_large_is_refused),
        cmocka_unit_test(test_a_body_over_its_limit_is_read_and_refused),
        cmocka_unit_test(test_a_body_without_end_is_cut_and_kept_nowhere),
        cmocka_unit_test(test_a_route_without_body_drops_what_it_is_sent),
        cmocka_unit_test(test_continue_is_said_to_those_who_wait_for_it),
        cmocka_unit_test(test_a_filter_of_ten_kilobytes_is_refused),
        cmocka_unit_test(test_json_nested_deeply_is_refused),
        cmocka_unit_test(test_text_that_is_not_utf8_is_refused_however_it_is_written),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
