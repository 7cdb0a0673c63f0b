/**
 * @file raw.h
 * @brief A peer that speaks bytes, not HTTP: for requests that no HTTP library would send.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_TEST_RAW_H
#define CLTI_TEST_RAW_H

#include "scene.h"

typedef struct raw_peer {
    int socket;
    char *data;
    size_t size, capacity; /* received so far, not taken yet */
    char *answer;          /* the one that was taken last */
    bool ended;            /* the server has closed */
} raw_peer;

/** One answer; lives until the next is read. */
typedef struct raw_answer {
    int status;
    const char *headers; /**< status line and headers, terminated */
    const char *body;    /**< terminated */
    size_t body_size;
} raw_answer;

/** @brief Connect from this address of ours, such as 127.0.0.2; NULL for any. */
void raw_open(raw_peer *peer, const clti_test_server *server, const char *from);
void raw_close(raw_peer *peer);

/** @brief Send bytes. @retval false  the server has closed meanwhile. */
bool raw_send(raw_peer *peer, const void *bytes, size_t size);
bool raw_send_text(raw_peer *peer, const char *text);

/** @brief The next whole answer, 100 Continue included. @retval false  the connection ended before. */
bool raw_next(raw_peer *peer, raw_answer *out);

/** @brief True if the server closes within this time, whatever it sends before. */
bool raw_ends(raw_peer *peer, int milliseconds);

/** @brief Send a request on a connection of its own and read the first answer's status; 0 if none came. */
int raw_status(const clti_test_server *server, const void *request, size_t size);

/** @brief The server must answer /healthz promptly, from this address (or NULL). */
void raw_expect_alive(const clti_test_server *server, const char *from, const char *after);

/** @brief Milliseconds of a clock that only goes forward. */
int64_t raw_now_ms(void);
void raw_sleep_ms(int milliseconds);

/** @brief The whole of an answer's header of this name; absent: "". The caller's, free(). */
char *raw_header(const raw_answer *answer, const char *name);

/** @brief Anonymous memory of a process, in KiB. */
long raw_anonymous_kib(pid_t pid);

#endif
