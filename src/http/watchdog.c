#include "http/watchdog.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { PHASE_HEADER, PHASE_BODY, PHASE_ANSWER };

/* What the server waits for, each with its time. */
typedef enum awaited { AWAITS_NOTHING, AWAITS_HEADER, AWAITS_BODY, AWAITS_THE_END, AWAITED_COUNT } awaited;

/* The peer has closed, we have not. TCP's constant for it is in a header that clashes with linux/tcp.h. */
#define STATE_CLOSE_WAIT 8

struct clti_watchdog {
    pthread_t thread;
    pthread_mutex_t lock; /* guards first, the links of every clti_watched, and stopping */
    pthread_cond_t wake;
    bool stopping;
    clti_watched *first;
    unsigned seconds[AWAITED_COUNT]; /* constant */
};

/* ---- one connection ------------------------------------------------------------------------------------ */

/* What cannot be asked counts as nothing received and not closed. */
static struct tcp_info ask(int socket) {
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received))
        return (struct tcp_info){0};
    return info;
}

/* The peer will send no more and everything has been read. The library waits for edges, so it misses an end
 * that comes in one piece with the bytes before it. */
static bool has_left(int socket, const struct tcp_info *info) {
    int unread = 0;
    return info->tcpi_state == STATE_CLOSE_WAIT && ioctl(socket, SIOCINQ, &unread) == 0 && unread == 0;
}

static awaited awaits(clti_watched *watched, bool is_new) {
    int phase = atomic_load(&watched->phase);
    if (phase == PHASE_ANSWER)
        return AWAITS_NOTHING;
    struct tcp_info info = ask(watched->socket);
    bool gone = has_left(watched->socket, &info);
    if (phase == PHASE_BODY)
        return gone ? AWAITS_THE_END : AWAITS_BODY;
    /* The count at the end of a reply is taken here and not there: a system call for each request would show
     * in the figures, and a look that comes a little late only gives the client that much longer. */
    if (is_new) {
        watched->bytes = info.tcpi_bytes_received;
        return AWAITS_NOTHING;
    }
    if (gone)
        return AWAITS_THE_END;
    return info.tcpi_bytes_received > watched->bytes ? AWAITS_HEADER : AWAITS_NOTHING;
}

/* What is awaited gets its deadline at the first look that finds it so, for each request anew. */
static void look_at(const clti_watchdog *watchdog, clti_watched *watched, int64_t now_us) {
    bool is_new = atomic_exchange(&watched->replied, false);
    awaited what = awaits(watched, is_new);
    if (is_new || what != watched->awaited) {
        watched->awaited = what;
        watched->late_at_us = now_us + (int64_t)watchdog->seconds[what] * 1000000;
    } else if (what != AWAITS_NOTHING && now_us >= watched->late_at_us) {
        /* The library notices, cleans up and calls back as for any connection that broke. */
        shutdown(watched->socket, SHUT_RDWR);
    }
}

void clti_watched_header_done(clti_watched *watched) {
    atomic_store(&watched->phase, PHASE_BODY);
}

void clti_watched_request_done(clti_watched *watched) {
    atomic_store(&watched->phase, PHASE_ANSWER);
}

void clti_watched_reply_done(clti_watched *watched) {
    atomic_store(&watched->replied, true);
    atomic_store(&watched->phase, PHASE_HEADER);
}

/* ---- all connections ----------------------------------------------------------------------------------- */

static void *watch(void *user) {
    clti_watchdog *watchdog = user;
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    pthread_mutex_lock(&watchdog->lock);
    while (!watchdog->stopping) {
        next.tv_sec++;
        while (!watchdog->stopping &&
               pthread_cond_clockwait(&watchdog->wake, &watchdog->lock, CLOCK_MONOTONIC, &next) != ETIMEDOUT)
            continue;
        int64_t now_us = clti_steady_us();
        for (clti_watched *watched = watchdog->first; watched; watched = watched->next)
            look_at(watchdog, watched, now_us);
    }
    pthread_mutex_unlock(&watchdog->lock);
    return NULL;
}

bool clti_watchdog_start(unsigned header_seconds, unsigned body_seconds, clti_watchdog **out,
                         clti_fault *fault) {
    clti_watchdog *watchdog = calloc(1, sizeof(*watchdog));
    if (!watchdog)
        return clti_fault_no_memory(fault);
    watchdog->seconds[AWAITS_HEADER] = header_seconds;
    watchdog->seconds[AWAITS_BODY] = body_seconds;
    clti_assert(pthread_mutex_init(&watchdog->lock, NULL) == 0);
    clti_assert(pthread_cond_init(&watchdog->wake, NULL) == 0);
    int error = pthread_create(&watchdog->thread, NULL, watch, watchdog);
    if (error != 0) {
        pthread_cond_destroy(&watchdog->wake);
        pthread_mutex_destroy(&watchdog->lock);
        free(watchdog);
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "No thread can be started: %s.",
                              strerror(error));
    }
    *out = watchdog;
    return true;
}

void clti_watchdog_stop(clti_watchdog *watchdog) {
    if (!watchdog)
        return;
    pthread_mutex_lock(&watchdog->lock);
    watchdog->stopping = true;
    pthread_cond_signal(&watchdog->wake);
    pthread_mutex_unlock(&watchdog->lock);
    clti_assert(pthread_join(watchdog->thread, NULL) == 0);
    pthread_cond_destroy(&watchdog->wake);
    pthread_mutex_destroy(&watchdog->lock);
    free(watchdog);
}

void clti_watchdog_watch(clti_watchdog *watchdog, clti_watched *watched, int socket) {
    watched->socket = socket;
    pthread_mutex_lock(&watchdog->lock);
    watched->previous = NULL;
    watched->next = watchdog->first;
    if (watched->next)
        watched->next->previous = watched;
    watchdog->first = watched;
    pthread_mutex_unlock(&watchdog->lock);
}

void clti_watchdog_forget(clti_watchdog *watchdog, clti_watched *watched) {
    pthread_mutex_lock(&watchdog->lock);
    if (watched->previous)
        watched->previous->next = watched->next;
    else
        watchdog->first = watched->next;
    if (watched->next)
        watched->next->previous = watched->previous;
    pthread_mutex_unlock(&watchdog->lock);
}
