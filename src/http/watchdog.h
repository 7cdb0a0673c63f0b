/**
 * @file watchdog.h
 * @brief Shuts the sockets of clients that take too long to send a request.
 *
 * libmicrohttpd's own time-out starts anew with every byte, so a client that sends a byte a second would hold
 * its connection for ever. The watchdog looks at all connections once a second: a header may take
 * `header_seconds` from its first byte, a body `body_seconds` from the end of the header. A connection
 * that waits for its next request is left alone; the library's time-out sees to it. A client that has closed
 * and still owes something is cut off at once.
 * Thread: any thread; a clti_watched belongs to its connection.
 */
#ifndef CLTI_WATCHDOG_H
#define CLTI_WATCHDOG_H

#include "base/base.h"

#include <stdatomic.h>

typedef struct clti_watchdog clti_watchdog;

/** What the watchdog knows of one connection; part of the connection's own state. Zero-initialised. */
typedef struct clti_watched {
    struct clti_watched *next, *previous; /* under the watchdog's lock */
    int socket;
    atomic_int phase;         /* of the request that is being received */
    atomic_bool replied;      /* since the watchdog's last look */
    unsigned long long bytes; /* the rest is the watchdog's own: received when the last reply was out */
    unsigned awaited;         /* at its last look */
    int64_t late_at_us;       /* when that is late */
} clti_watched;

CLTI_MUST_CHECK bool clti_watchdog_start(unsigned header_seconds, unsigned body_seconds, clti_watchdog **out,
                                         clti_fault *fault);
void clti_watchdog_stop(clti_watchdog *watchdog);

/** @brief Watch a new connection until clti_watchdog_forget(), which must come before its socket is closed.
 */
void clti_watchdog_watch(clti_watchdog *watchdog, clti_watched *watched, int socket);
void clti_watchdog_forget(clti_watchdog *watchdog, clti_watched *watched);

/** @brief The header of a request is complete, its body is awaited. */
void clti_watched_header_done(clti_watched *watched);

/** @brief The request is complete and is being answered: no deadline. */
void clti_watched_request_done(clti_watched *watched);

/** @brief The reply has been sent: the next header may come. */
void clti_watched_reply_done(clti_watched *watched);

#endif
