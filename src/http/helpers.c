#include "http/helpers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct clti_helpers {
    clti_helpers_options options;
    pthread_t *threads;
    size_t thread_count;  /* that run */
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t wakes;
    clti_help *first;
    clti_help **last; /* where the next one is hung */
    size_t queued;
    uint64_t refused; /* for a full queue */
    bool is_refusing; /* whoever is new */
    bool is_stopping; /* when nothing is queued */
};

/* The next to do; NULL when all is done and the end has come. */
static clti_help *take(clti_helpers *helpers) {
    (void)pthread_mutex_lock(&helpers->lock);
    while (!helpers->first && !helpers->is_stopping)
        (void)pthread_cond_wait(&helpers->wakes, &helpers->lock);
    clti_help *help = helpers->first;
    if (help) {
        helpers->first = help->next;
        helpers->queued--;
        if (!helpers->first)
            helpers->last = &helpers->first;
    }
    (void)pthread_mutex_unlock(&helpers->lock);
    return help;
}

static void *run(void *user) {
    for (clti_help *help; (help = take(user));)
        help->run(help->user); /* it may be gone after this */
    return NULL;
}

bool clti_helpers_start(const clti_helpers_options *options, clti_helpers **out, clti_fault *fault) {
    clti_helpers *helpers = calloc(1, sizeof *helpers);
    pthread_t *threads = calloc(options->thread_count, sizeof *threads);
    if (!helpers || !threads) {
        free(helpers);
        free(threads);
        return clti_fault_no_memory(fault);
    }
    helpers->options = *options;
    helpers->threads = threads;
    helpers->last = &helpers->first;
    clti_assert(pthread_mutex_init(&helpers->lock, NULL) == 0 &&
                pthread_cond_init(&helpers->wakes, NULL) == 0); /* neither can fail on Linux */
    while (helpers->thread_count < options->thread_count) {
        const int code = pthread_create(&helpers->threads[helpers->thread_count], NULL, run, helpers);
        if (code != 0) {
            clti_helpers_free(helpers);
            return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL,
                                  "The helper threads could not be started: %s.", strerror(code));
        }
        helpers->thread_count++;
    }
    *out = helpers;
    return true;
}

bool clti_helpers_submit(clti_helpers *helpers, clti_help *help, clti_fault *fault) {
    help->next = NULL;
    (void)pthread_mutex_lock(&helpers->lock);
    const bool is_full = helpers->queued >= helpers->options.queue_max;
    const bool takes = !is_full && !helpers->is_refusing;
    if (takes) {
        *helpers->last = help;
        helpers->last = &help->next;
        helpers->queued++;
        (void)pthread_cond_signal(&helpers->wakes);
    }
    helpers->refused += is_full;
    (void)pthread_mutex_unlock(&helpers->lock);
    return takes ||
           clti_fault_set(fault, CLTI_FAULT_BUSY, NULL, "%s",
                          is_full ? helpers->options.when_full : "The service is stopping; try again.");
}

void clti_helpers_go_on(clti_helpers *helpers, clti_help *help) {
    (void)pthread_mutex_lock(&helpers->lock);
    help->next = helpers->first;
    helpers->first = help;
    if (!help->next)
        helpers->last = &help->next;
    helpers->queued++;
    (void)pthread_cond_signal(&helpers->wakes);
    (void)pthread_mutex_unlock(&helpers->lock);
}

size_t clti_helpers_queued(clti_helpers *helpers) {
    (void)pthread_mutex_lock(&helpers->lock);
    const size_t queued = helpers->queued;
    (void)pthread_mutex_unlock(&helpers->lock);
    return queued;
}

uint64_t clti_helpers_refused(clti_helpers *helpers) {
    (void)pthread_mutex_lock(&helpers->lock);
    const uint64_t refused = helpers->refused;
    (void)pthread_mutex_unlock(&helpers->lock);
    return refused;
}

void clti_helpers_refuse(clti_helpers *helpers) {
    if (!helpers)
        return;
    (void)pthread_mutex_lock(&helpers->lock);
    helpers->is_refusing = true;
    (void)pthread_mutex_unlock(&helpers->lock);
}

void clti_helpers_stop(clti_helpers *helpers) {
    if (!helpers)
        return;
    (void)pthread_mutex_lock(&helpers->lock);
    helpers->is_refusing = helpers->is_stopping = true;
    (void)pthread_cond_broadcast(&helpers->wakes);
    (void)pthread_mutex_unlock(&helpers->lock);
    while (helpers->thread_count > 0)
        clti_assert(pthread_join(helpers->threads[--helpers->thread_count], NULL) == 0);
}

void clti_helpers_free(clti_helpers *helpers) {
    if (!helpers)
        return;
    clti_helpers_stop(helpers);
    (void)pthread_cond_destroy(&helpers->wakes);
    (void)pthread_mutex_destroy(&helpers->lock);
    free(helpers->threads);
    free(helpers);
}
