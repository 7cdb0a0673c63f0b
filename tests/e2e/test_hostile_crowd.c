/* Many connections that want to be the only ones. */
#include "raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define CROWD 1000
#define HALF  "GET /v1/customers HTTP/1.1\r\nHost: a\r\nA: "

static raw_peer crowd[CROWD];

static int setup(void **state) {
    struct rlimit limit;
    if (scene_group_setup(state) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

/* From many addresses, as a botnet comes; a hundred connections each. */
static void gather(const clti_test_server *server) {
    for (size_t i = 0; i < CROWD; i++) {
        char from[32];
        snprintf(from, sizeof(from), "127.0.0.%zu", 2 + i / 100);
        raw_open(&crowd[i], server, from);
        assert_true(raw_send_text(&crowd[i], HALF));
    }
}

static void disperse(void) {
    for (size_t i = 0; i < CROWD; i++)
        raw_close(&crowd[i]);
}

static void expect_prompt_pages(scene *own, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t start = raw_now_ms();
        assert_int_equal(clti_test_get(own->client, "/v1/customers?size=5", NULL)->status, 200);
        if (raw_now_ms() - start > 2000)
            fail_msg("a page took %d ms", (int)(raw_now_ms() - start));
    }
}

/* Freed memory must not wait in AddressSanitizer's quarantine, or nothing could be measured. */
static const char *const *measurable(void) {
    static char options[512];
    static const char *list[] = {options, NULL};
    const char *given = getenv("ASAN_OPTIONS");
    snprintf(options, sizeof(options),
             "ASAN_OPTIONS=%s:quarantine_size_mb=1:thread_local_quarantine_size_kb=64", given ? given : "");
    return list;
}

static void test_a_thousand_half_open_connections_hold_up_nobody_and_cost_nothing(void **state) {
    (void)state;
    scene own = {.folder = scene_demo_store(), .tenant = FABRIKAM, .application = FABRIKAM_APP};
    clti_test_server_start_in(own.folder, CLTI_TEST_WORDS("--http-header-seconds=60"), measurable(),
                              &own.server);
    own.client = clti_test_client_new(&own.server);
    clti_test_sign_in(own.client, own.tenant, own.application);
    pid_t pid = own.server.process.pid;
    long first = 0;
    for (int round = 0; round < 4; round++) {
        gather(&own.server);
        expect_prompt_pages(&own, 100);
        for (size_t i = 0; i < 10; i++) {
            for (size_t j = i % 3; j < CROWD; j += 3)
                assert_true(raw_send(&crowd[j], "b", 1));
            expect_prompt_pages(&own, 20);
        }
        long now = raw_anonymous_kib(pid);
        if (round == 0)
            first = now;
        /* The buffers of the connections themselves are there in each round; a leak would grow with it. */
        if (now > first + 8 * 1024)
            fail_msg("round %d: %ld KiB, but %ld at first", round, now, first);
        disperse();
        raw_expect_alive(&own.server, NULL, "the crowd left");
    }
    scene_close(&own);
}

/* ---- shares -------------------------------------------------------------------------------------------- */

/* The server may open so many files and no more, whatever our own limit is. */
static void start_limited(const char *folder, unsigned files, const char *const *flags,
                          clti_test_server *server) {
    char *real = strdup(getenv("CLIENTELED")), *script;
    assert_non_null(real);
    assert_true(asprintf(&script, "#!/bin/sh\nulimit -n %u\nexec '%s' \"$@\"\n", files, real) > 0);
    const char *path = scene_file(script);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(setenv("CLIENTELED", path, 1), 0);
    clti_test_server_start(folder, flags, server);
    assert_int_equal(setenv("CLIENTELED", real, 1), 0);
    free(script);
    free(real);
}

/* How many of them the server has not closed. */
static size_t count_open(raw_peer *peers, size_t count) {
    size_t open = 0;
    raw_sleep_ms(300);
    for (size_t i = 0; i < count; i++)
        open += !raw_ends(&peers[i], 1);
    return open;
}

static void fill_from(const clti_test_server *server, const char *from, raw_peer *peers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        raw_open(&peers[i], server, from);
        raw_send_text(&peers[i], HALF);
    }
}

static void test_one_address_gets_half_of_the_connections_and_no_more(void **state) {
    (void)state;
    clti_test_server server;
    start_limited(scene_demo_store(), 164, CLTI_TEST_WORDS("--http-header-seconds=60"), &server);
    fill_from(&server, "127.0.0.2", crowd, 90);
    size_t open = count_open(crowd, 90);
    if (open != 50)
        fail_msg("of 100 connections one address got %zu", open);
    raw_expect_alive(&server, NULL, "one address took its share");
    raw_expect_alive(&server, "127.0.0.3", "one address took its share");
    for (size_t i = 0; i < 90; i++)
        raw_close(&crowd[i]);
    raw_sleep_ms(300);
    raw_expect_alive(&server, "127.0.0.2", "the greedy address let go");
    clti_test_server_stop(&server);
}

static void test_a_full_server_serves_again_once_the_slow_are_cut_off(void **state) {
    (void)state;
    clti_test_server server;
    start_limited(scene_demo_store(), 164, CLTI_TEST_WORDS("--http-header-seconds=1"), &server);
    for (int round = 0; round < 2; round++) {
        fill_from(&server, "127.0.0.2", crowd, 50);
        fill_from(&server, "127.0.0.3", crowd + 50, 50);
        fill_from(&server, "127.0.0.4", crowd + 100, 50);
        raw_expect_alive(&server, "127.0.0.5", "the server was full");
        for (size_t i = 0; i < 150; i++)
            raw_close(&crowd[i]);
    }
    clti_test_server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_half_open_connections_hold_up_nobody_and_cost_nothing),
        cmocka_unit_test(test_one_address_gets_half_of_the_connections_and_no_more),
        cmocka_unit_test(test_a_full_server_serves_again_once_the_slow_are_cut_off),
    };
    return cmocka_run_group_tests(tests, setup, scene_group_teardown);
}
