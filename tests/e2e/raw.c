#include "raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MS_MAX 20000
/* Generous: the machine may be busy. A server that a hostile client holds up does not answer at all. */
#define PROMPT_MS_MAX 5000

/* ---- clock --------------------------------------------------------------------------------------------- */

int64_t raw_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void raw_sleep_ms(int milliseconds) {
    const struct timespec pause = {.tv_sec = milliseconds / 1000,
                                   .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- connections --------------------------------------------------------------------------------------- */

void raw_open(raw_peer *peer, const clti_test_server *server, const char *from) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    struct sockaddr_in here = {.sin_family = AF_INET};
    int on = 1;
    *peer = (raw_peer){.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_true(peer->socket >= 0);
    assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &there.sin_addr), 1);
    if (from) {
        assert_int_equal(inet_pton(AF_INET, from, &here.sin_addr), 1);
        assert_int_equal(bind(peer->socket, (const struct sockaddr *)&here, sizeof(here)), 0);
    }
    assert_int_equal(setsockopt(peer->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    assert_int_equal(connect(peer->socket, (const struct sockaddr *)&there, sizeof(there)), 0);
}

void raw_close(raw_peer *peer) {
    if (peer->socket >= 0)
        close(peer->socket);
    free(peer->data);
    free(peer->answer);
    *peer = (raw_peer){.socket = -1};
}

bool raw_send(raw_peer *peer, const void *bytes, size_t size) {
    const char *rest = bytes;
    while (size) {
        ssize_t sent = send(peer->socket, rest, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        rest += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool raw_send_text(raw_peer *peer, const char *text) {
    return raw_send(peer, text, strlen(text));
}

/* ---- answers ------------------------------------------------------------------------------------------- */

/* Wait for more bytes. @retval false  none came in time, or the connection has ended. */
static bool receive(raw_peer *peer, int milliseconds) {
    struct pollfd wait = {.fd = peer->socket, .events = POLLIN};
    if (peer->ended || poll(&wait, 1, milliseconds) != 1)
        return false;
    if (peer->capacity - peer->size < 4096) {
        peer->capacity = peer->capacity * 2 + 8192;
        peer->data = realloc(peer->data, peer->capacity);
        assert_non_null(peer->data);
    }
    ssize_t got = recv(peer->socket, peer->data + peer->size, peer->capacity - peer->size - 1, 0);
    if (got <= 0) {
        peer->ended = true;
        return false;
    }
    peer->size += (size_t)got;
    peer->data[peer->size] = '\0';
    return true;
}

static size_t content_length(const char *headers, const char *end) {
    for (const char *line = headers; line && line < end; line = strstr(line, "\r\n")) {
        line += *line == '\r' ? 2 : 0;
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            return strtoul(line + 15, NULL, 10);
    }
    return 0;
}

bool raw_next(raw_peer *peer, raw_answer *out) {
    char *end;
    while (!peer->size || !(end = memmem(peer->data, peer->size, "\r\n\r\n", 4)))
        if (!receive(peer, SILENCE_MS_MAX))
            return false;
    size_t head = (size_t)(end - peer->data) + 4, body = content_length(peer->data, end);
    while (peer->size < head + body)
        if (!receive(peer, SILENCE_MS_MAX))
            return false;
    assert_true(strncmp(peer->data, "HTTP/1.", 7) == 0);
    free(peer->answer);
    peer->answer = malloc(head + body + 2);
    assert_non_null(peer->answer);
    memcpy(peer->answer, peer->data, head);
    memcpy(peer->answer + head + 1, peer->data + head, body);
    peer->answer[head] = peer->answer[head + 1 + body] = '\0';
    peer->size -= head + body;
    memmove(peer->data, peer->data + head + body, peer->size);
    *out = (raw_answer){.status = (int)strtol(peer->answer + 9, NULL, 10),
                        .headers = peer->answer,
                        .body = peer->answer + head + 1,
                        .body_size = body};
    return true;
}

bool raw_ends(raw_peer *peer, int milliseconds) {
    int64_t end = raw_now_ms() + milliseconds;
    for (int64_t now = raw_now_ms(); !peer->ended && now < end; now = raw_now_ms())
        receive(peer, (int)(end - now));
    return peer->ended;
}

char *raw_header(const raw_answer *answer, const char *name) {
    size_t size = strlen(name);
    for (const char *line = strstr(answer->headers, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, size) == 0 && line[2 + size] == ':') {
            const char *value = line + 3 + size + strspn(line + 3 + size, " ");
            return strndup(value, strcspn(value, "\r"));
        }
    return strdup("");
}

int raw_status(const clti_test_server *server, const void *request, size_t size) {
    raw_peer peer;
    raw_answer answer;
    raw_open(&peer, server, NULL);
    raw_send(&peer, request, size);
    int status = raw_next(&peer, &answer) ? answer.status : 0;
    raw_close(&peer);
    return status;
}

/* ---- the server ---------------------------------------------------------------------------------------- */

void raw_expect_alive(const clti_test_server *server, const char *from, const char *after) {
    raw_peer peer;
    raw_answer answer;
    int64_t start = raw_now_ms();
    raw_open(&peer, server, from);
    raw_send_text(&peer, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    bool answered = raw_next(&peer, &answer) && answer.status == 200;
    raw_close(&peer);
    if (!answered || raw_now_ms() - start > PROMPT_MS_MAX)
        fail_msg("after %s: another client was %s", after, answered ? "kept waiting" : "not answered");
}

long raw_anonymous_kib(pid_t pid) {
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kib = strtol(line + 8, NULL, 10);
    fclose(file);
    assert_true(kib >= 0);
    return kib;
}
