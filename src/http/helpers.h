/**
 * @file helpers.h
 * @brief Threads for what takes long, so that no thread that serves connections has to wait (design.md 3).
 *
 * Two of them, because a password takes 25 ms and 19 MiB to check: more would only take memory and cores from
 * the list. Who comes when too many wait is sent away.
 * Thread: any thread; start, stop and free from one.
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

CLTI_MUST_CHECK bool clti_helpers_start(clti_helpers **out, clti_fault *fault);

/** @brief Queue it. @retval false  BUSY: too many wait, or the helpers have been stopped; it will not run. */
CLTI_MUST_CHECK bool clti_helpers_submit(clti_helpers *helpers, clti_help *help, clti_fault *fault);

/** @brief Do what is queued, refuse what comes later. NULL is allowed. */
void clti_helpers_stop(clti_helpers *helpers);

/** @brief Stop, if that has not been done, and free. NULL is allowed. */
void clti_helpers_free(clti_helpers *helpers);

#endif
