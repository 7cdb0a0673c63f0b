#include "support/cutter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define POLL_MS          50
#define CONNECTIONS_MAX  1024
#define STATEMENT_NAME   64
#define MESSAGE_SIZE_MAX ((size_t)1 << 28)

struct clti_test_cutter {
    int listener;
    struct sockaddr_in server;
    char *url;
    pthread_t accepting;
    atomic_bool is_ending;
    atomic_int when;
    atomic_size_t left;
    atomic_bool closes, is_closed;
    pthread_t threads[CONNECTIONS_MAX];
    size_t thread_count;
};

static void must(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "cutter: %s: %s\n", what, strerror(errno));
        abort();
    }
}

/* ---- one connection ---- */

/* Bytes from one side, until they are whole messages. */
typedef struct way {
    int from, to;
    bool has_types; /* the client's first message has none */
    uint8_t *bytes;
    size_t size, capacity;
} way;

typedef struct connection {
    clti_test_cutter *cutter;
    way up, down;
    char commit[STATEMENT_NAME]; /* name of the statement COMMIT, once it is prepared */
    bool awaits_commit;
} connection;

static bool take_one(clti_test_cutter *cutter, clti_test_cut when) {
    if (atomic_load(&cutter->when) != (int)when)
        return false;
    size_t left = atomic_load(&cutter->left);
    while (left > 0 && !atomic_compare_exchange_weak(&cutter->left, &left, left - 1))
        continue;
    if (left > 0 && atomic_load(&cutter->closes))
        atomic_store(&cutter->is_closed, true);
    return left > 0;
}

/* False if the connection is to be cut before this message passes. */
static bool see_client(connection *of, uint8_t type, const char *text, size_t size) {
    size_t first = strnlen(text, size);
    if (first >= size)
        return true;
    const char *second = text + first + 1;
    if (type == 'P' && strcmp(second, "COMMIT") == 0)
        snprintf(of->commit, sizeof of->commit, "%s", text);
    if (type != 'B' || of->commit[0] == '\0' || strcmp(second, of->commit) != 0)
        return true;
    of->awaits_commit = true;
    return !take_one(of->cutter, CLTI_TEST_CUT_COMMIT_UNSENT);
}

static bool see_server(connection *of, uint8_t type, const char *text) {
    if (type == 'C' && strcmp(text, "BEGIN") == 0)
        return !take_one(of->cutter, CLTI_TEST_CUT_BEGIN);
    if (type == 'C' && of->awaits_commit && strcmp(text, "COMMIT") == 0) {
        of->awaits_commit = false;
        return !take_one(of->cutter, CLTI_TEST_CUT_COMMIT_UNANSWERED);
    }
    return true;
}

static bool send_all(int to, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Size of the first message with its head; 0 if it is not whole. */
static size_t whole_message(const way *on) {
    size_t head = on->has_types ? 5 : 4;
    if (on->size < head)
        return 0;
    const uint8_t *at = on->bytes + head - 4;
    size_t size = ((size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]) + head - 4;
    must(size < MESSAGE_SIZE_MAX, "a message that is none");
    return size <= on->size ? size : 0;
}

static bool pass_messages(connection *of, way *on) {
    size_t done = 0;
    for (;;) {
        way rest = *on;
        rest.bytes += done;
        rest.size -= done;
        size_t size = whole_message(&rest);
        if (size == 0)
            break;
        const char *text = (const char *)rest.bytes + 5;
        bool passes = !on->has_types || size <= 5 ||
                      (on == &of->up ? see_client(of, rest.bytes[0], text, size - 5)
                                     : see_server(of, rest.bytes[0], text));
        if (!passes || !send_all(on->to, rest.bytes, size))
            return false;
        on->has_types = true;
        done += size;
    }
    memmove(on->bytes, on->bytes + done, on->size - done);
    on->size -= done;
    return true;
}

static bool pass(connection *of, way *on) {
    if (on->size == on->capacity) {
        on->capacity = on->capacity == 0 ? 65536 : on->capacity * 2;
        on->bytes = realloc(on->bytes, on->capacity);
        must(on->bytes != NULL, "memory");
    }
    ssize_t got = recv(on->from, on->bytes + on->size, on->capacity - on->size, 0);
    if (got <= 0)
        return false;
    on->size += (size_t)got;
    return pass_messages(of, on);
}

static void *serve(void *user) {
    connection *of = user;
    struct pollfd ends[2] = {{.fd = of->up.from, .events = POLLIN}, {.fd = of->down.from, .events = POLLIN}};
    for (bool goes_on = true; goes_on && !atomic_load(&of->cutter->is_ending);) {
        int ready = poll(ends, 2, POLL_MS);
        must(ready >= 0 || errno == EINTR, "poll");
        if (ready > 0 && ends[0].revents != 0)
            goes_on = pass(of, &of->up);
        if (goes_on && ready > 0 && ends[1].revents != 0)
            goes_on = pass(of, &of->down);
    }
    close(of->up.from);
    close(of->down.from);
    free(of->up.bytes);
    free(of->down.bytes);
    free(of);
    return NULL;
}

/* ---- the proxy ---- */

static void start_connection(clti_test_cutter *cutter, int client) {
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(server >= 0, "socket");
    if (atomic_load(&cutter->is_closed) ||
        connect(server, (const struct sockaddr *)&cutter->server, sizeof cutter->server) != 0) {
        close(server);
        close(client);
        return;
    }
    const int yes =
        1; /* messages pass one by one: none waits for the other side to say that it has the last */
    must(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0 &&
             setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0,
         "TCP_NODELAY");
    connection *made = calloc(1, sizeof *made);
    must(made != NULL && cutter->thread_count < CONNECTIONS_MAX, "one more connection");
    made->cutter = cutter;
    made->up = (way){.from = client, .to = server};
    made->down = (way){.from = server, .to = client, .has_types = true};
    must(pthread_create(&cutter->threads[cutter->thread_count++], NULL, serve, made) == 0, "thread");
}

static void *accept_all(void *user) {
    clti_test_cutter *cutter = user;
    struct pollfd at = {.fd = cutter->listener, .events = POLLIN};
    while (!atomic_load(&cutter->is_ending)) {
        if (poll(&at, 1, POLL_MS) <= 0)
            continue;
        int client = accept(cutter->listener, NULL, NULL);
        if (client >= 0)
            start_connection(cutter, client);
    }
    return NULL;
}

/* Read USER@HOST:PORT/DATABASE, and write the same with another port. */
static void read_url(clti_test_cutter *cutter, const char *url, uint16_t port) {
    const char *host = strchr(url, '@');
    const char *colon = host != NULL ? strchr(host, ':') : NULL;
    const char *slash = colon != NULL ? strchr(colon, '/') : NULL;
    must(slash != NULL, "URL");
    cutter->server = (struct sockaddr_in){.sin_family = AF_INET,
                                          .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)),
                                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    must(asprintf(&cutter->url, "%.*s:%u%s?sslmode=disable&gssencmode=disable", (int)(colon - url), url,
                  (unsigned)port, slash) > 0,
         "memory");
}

clti_test_cutter *clti_test_cutter_new(const char *url) {
    clti_test_cutter *cutter = calloc(1, sizeof *cutter);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof own;
    must(cutter != NULL, "memory");
    cutter->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(cutter->listener >= 0 && bind(cutter->listener, (struct sockaddr *)&own, sizeof own) == 0 &&
             listen(cutter->listener, 16) == 0 &&
             getsockname(cutter->listener, (struct sockaddr *)&own, &size) == 0,
         "listen");
    read_url(cutter, url, ntohs(own.sin_port));
    must(pthread_create(&cutter->accepting, NULL, accept_all, cutter) == 0, "thread");
    return cutter;
}

const char *clti_test_cutter_url(const clti_test_cutter *cutter) {
    return cutter->url;
}

void clti_test_cutter_arm(clti_test_cutter *cutter, clti_test_cut when, size_t times) {
    atomic_store(&cutter->left, 0);
    atomic_store(&cutter->closes, false);
    atomic_store(&cutter->is_closed, false);
    atomic_store(&cutter->when, (int)when);
    atomic_store(&cutter->left, times);
}

void clti_test_cutter_close_after_cut(clti_test_cutter *cutter) {
    atomic_store(&cutter->closes, true);
}

size_t clti_test_cutter_left(const clti_test_cutter *cutter) {
    return atomic_load(&cutter->left);
}

void clti_test_cutter_free(clti_test_cutter *cutter) {
    if (cutter == NULL)
        return;
    atomic_store(&cutter->is_ending, true);
    must(pthread_join(cutter->accepting, NULL) == 0, "join");
    for (size_t i = 0; i < cutter->thread_count; i++)
        must(pthread_join(cutter->threads[i], NULL) == 0, "join");
    close(cutter->listener);
    free(cutter->url);
    free(cutter);
}
