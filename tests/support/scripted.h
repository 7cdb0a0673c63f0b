/**
 * @file scripted.h
 * @brief A service that answers as a script says; scripted.py tells what scripts can say.
 *
 * SCRIPTED in the environment names that file, PYTHON3 its interpreter. What goes wrong here fails the
 * running test. Thread: one thread at a time, but scripted_wait() from any.
 */
#ifndef CLTI_TEST_SCRIPTED_H
#define CLTI_TEST_SCRIPTED_H

#include "support/process.h"

#include <jansson.h>
#include <stddef.h>

typedef struct scripted {
    clti_test_process process;
    char base_url[64];
    json_t *requests; /* all that were handed out */
} scripted;

/** @brief Start a service; returns once it answers. */
void scripted_start(scripted *service, const char *script);

/** @brief Wait until so many requests have come to `api`, `token` or `other`, half a minute at most. */
void scripted_wait(const scripted *service, const char *to, size_t count);

/**
 * @brief The requests to `api`, `token` or `other` (the second service) that have come so far, in order.
 *
 * Each: `method`, `target`, `headers` (pairs of name and value), `body`, `connection` (a number of its own).
 * Lives until scripted_stop().
 */
const json_t *scripted_requests(scripted *service, const char *to);

/** @brief How many these are. */
size_t scripted_count(scripted *service, const char *to);

/** @brief A text of the request at an index of such a list. */
const char *scripted_text(const json_t *requests, size_t index, const char *member);

/** @brief A header of the request at an index, or NULL; any case. */
const char *scripted_header(const json_t *requests, size_t index, const char *name);

/** @brief End it; fails if something was asked that the script has no answer for, or an answer was left. */
void scripted_stop(scripted *service);

#endif
