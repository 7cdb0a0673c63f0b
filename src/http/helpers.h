/**
 * @file helpers.h
 * @brief Threads for what takes long, so that no thread that serves connections has to wait (design.md 3).
 *
 * A server has two sets of them: for passwords, and, if its store waits for another machine, for whole
 * requests (server.c). Who comes when too many wait is sent away. Thread: any thread; start, stop and free
 * from one.
 */
#ifndef CLTI_HELPERS_H
#define CLTI_HELPERS_H

#include "base/base.h"

typedef struct clti_helpers clti_helpers;

/** Something to do. The caller's; must stay until `run` has been called, and may be gone in it. */
typedef struct clti_help {
    void (*run)(void *user);
    void *user;
    struct clti_help *next; /**< the queue's */
} clti_help;

typedef struct clti_helpers_options {
    size_t thread_count;
    size_t queue_max;
    const char *when_full; /**< static: what is told who comes when so many wait */
} clti_helpers_options;

CLTI_MUST_CHECK bool clti_helpers_start(const clti_helpers_options *options, clti_helpers **out,
                                        clti_fault *fault);

/** @brief Queue it. @retval false  BUSY: too many wait, or the helpers have been stopped; it will not run. */
CLTI_MUST_CHECK bool clti_helpers_submit(clti_helpers *helpers, clti_help *help, clti_fault *fault);

/** @brief Queue the next step of what was submitted before: never refused, first in the queue. Not after
 * clti_helpers_stop() has returned. */
void clti_helpers_go_on(clti_helpers *helpers, clti_help *help);

/** @brief How many wait. */
size_t clti_helpers_queued(clti_helpers *helpers);

/** @brief How many were refused because the queue was full. */
uint64_t clti_helpers_refused(clti_helpers *helpers);

/** @brief Refuse what comes from now on. NULL is allowed. */
void clti_helpers_refuse(clti_helpers *helpers);

/** @brief Likewise, and do what is queued. NULL is allowed. */
void clti_helpers_stop(clti_helpers *helpers);

/** @brief Stop, if that has not been done, and free. NULL is allowed. */
void clti_helpers_free(clti_helpers *helpers);

#endif
