#include "tls_proxy.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS_MAX 30000

static int loopback_socket(unsigned port, struct sockaddr_in *out) {
    *out = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    return fd;
}

static unsigned free_port(void) {
    struct sockaddr_in address;
    socklen_t size = sizeof(address);
    int fd = loopback_socket(0, &address);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool accepts(unsigned port) {
    struct sockaddr_in address;
    int fd = loopback_socket(port, &address);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return ok;
}

void tls_proxy_start(tls_proxy *proxy, unsigned port, const clti_test_server *upstream) {
    char number[16];
    *proxy = (tls_proxy){.folder = scene_path(), .port = port ? port : free_port()};
    assert_int_equal(mkdir(proxy->folder, 0700), 0);
    snprintf(number, sizeof(number), "%u", proxy->port);
    snprintf(proxy->ca_file, sizeof(proxy->ca_file), "%s/ca.pem", proxy->folder);
    snprintf(proxy->stranger_file, sizeof(proxy->stranger_file), "%s/stranger.pem", proxy->folder);
    clti_test_start(
        &(clti_test_command){.program = getenv("TLS_PROXY"),
                             .arguments = CLTI_TEST_WORDS(proxy->folder, number, upstream->address)},
        &proxy->process);
    for (int waited = 0; !accepts(proxy->port); waited++) {
        if (waited > WAIT_MS_MAX)
            fail_msg("nginx did not start: %s", clti_test_errors(&proxy->process));
        nanosleep(&(const struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

char *tls_proxy_requests(const tls_proxy *proxy) {
    char path[256], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/requests", proxy->folder);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    if (getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = strdup("");
    }
    assert_int_equal(fclose(file), 0);
    return text;
}

void tls_proxy_stop(tls_proxy *proxy) {
    clti_test_outcome outcome;
    assert_int_equal(kill(proxy->process.pid, SIGTERM), 0);
    clti_test_wait(&proxy->process, &outcome);
    assert_int_equal(outcome.exit_code, 0);
    clti_test_outcome_done(&outcome);
}
