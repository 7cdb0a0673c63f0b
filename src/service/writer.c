#include "service/service_private.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX_DEFAULT 1024
/* Records looked at for expiry with each group, of each kind. */
#define EXPIRE_MAX      128
#define SECONDS_PER_DAY (24 * 60 * 60)

static_assert(1 << (CLTI_GROUP_BUCKETS - 1) == CLTI_GROUP_MAX, "the last bucket takes the largest group");

struct clti_writer {
    clti_writer_options options;
    pthread_t thread;
    pthread_mutex_t lock; /* guards the rest but what is the thread's own */
    pthread_cond_t wakes;
    clti_write *first;
    clti_write **last; /* where the next one is hung */
    clti_writer_counters counters;
    bool is_stopping;
    bool is_joined;
    /* The thread's own; one more than a group for what expires. */
    clti_write *group[CLTI_GROUP_MAX];
    clti_change changes[CLTI_GROUP_MAX + 1];
    clti_outcome outcomes[CLTI_GROUP_MAX + 1];
};

/* ---- one group ---- */

/* The last change of a group. A limit that nothing reaches keeps audit records for ever. */
static clti_change expiry(const clti_writer *writer) {
    int64_t now = clti_now_seconds();
    int64_t kept_ticks = (int64_t)writer->options.keep_days * SECONDS_PER_DAY * CLTI_TICKS_PER_SECOND;
    return (clti_change){
        .kind = CLTI_CHANGE_EXPIRE,
        .of.expired = {.idempotency_before = now - CLTI_IDEMPOTENCY_SECONDS,
                       .audit_before = writer->options.keep_days ? clti_now_ticks() - kept_ticks : 0,
                       .most = EXPIRE_MAX}};
}

static void complete(clti_write *write) {
    write->on_done(write->user); /* the write is gone after this */
}

static void fail(clti_write *write, const clti_fault *fault) {
    write->failed = true;
    write->fault = *fault;
    complete(write);
}

/* Whoever waited for so long that the time left is not enough is sent away, and may come again: nothing of it
 * was done. @return how many stay */
static size_t drop_late(clti_writer *writer, size_t count) {
    const int64_t now_us = clti_steady_us();
    size_t kept = 0;
    clti_fault fault;
    for (size_t i = 0; i < count; i++) {
        clti_write *write = writer->group[i];
        if (write->due_us == 0 || now_us + writer->options.call_us < write->due_us) {
            writer->group[kept++] = write;
            continue;
        }
        clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "The write waited too long for its turn; try again.");
        fail(write, &fault);
    }
    return kept;
}

static void apply_group(clti_writer *writer, size_t taken) {
    clti_fault fault;
    const size_t count = drop_late(writer, taken);
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        writer->changes[i] = writer->group[i]->change;
    writer->changes[count] = expiry(writer);
    if (writer->options.call_us)
        clti_store_calls_end_by(clti_steady_us() + writer->options.call_us);
    bool done = clti_store_apply(writer->options.store, writer->changes, count + 1, writer->outcomes, &fault);
    for (size_t i = 0; i < count; i++) {
        if (!done) {
            fail(writer->group[i], &fault);
            continue;
        }
        writer->group[i]->outcome = writer->outcomes[i];
        complete(writer->group[i]);
    }
}

/* ---- the thread ---- */

static void count_group(clti_writer *writer, size_t count) {
    size_t bucket = 0;
    while (count > (size_t)1 << bucket)
        bucket++;
    writer->counters.groups[bucket]++;
    writer->counters.writes += count;
    writer->counters.queued -= count;
}

/* Wait for writes and take as many as make a group; none are left when it returns 0. */
static size_t take_group(clti_writer *writer) {
    size_t count = 0;
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->is_stopping)
        pthread_cond_wait(&writer->wakes, &writer->lock);
    while (writer->first && count < CLTI_GROUP_MAX) {
        writer->group[count++] = writer->first;
        writer->first = writer->first->next;
    }
    if (!writer->first)
        writer->last = &writer->first;
    if (count)
        count_group(writer, count);
    pthread_mutex_unlock(&writer->lock);
    return count;
}

static void *run(void *user) {
    clti_writer *writer = user;
    for (size_t count; (count = take_group(writer)) > 0;)
        apply_group(writer, count);
    return NULL;
}

/* ---- the door ---- */

bool clti_writer_start(const clti_writer_options *options, clti_writer **out, clti_fault *fault) {
    clti_writer *writer = calloc(1, sizeof(*writer));
    if (!writer)
        return clti_fault_no_memory(fault);
    writer->options = *options;
    writer->last = &writer->first;
    if (!writer->options.queue_max)
        writer->options.queue_max = QUEUE_MAX_DEFAULT;
    clti_assert(pthread_mutex_init(&writer->lock, NULL) == 0 &&
                pthread_cond_init(&writer->wakes, NULL) == 0); /* neither can fail on Linux */
    int code = pthread_create(&writer->thread, NULL, run, writer);
    if (code != 0) {
        writer->is_joined = true;
        clti_writer_free(writer);
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The writer could not be started: %s.",
                              strerror(code));
    }
    *out = writer;
    return true;
}

void clti_writer_submit(clti_writer *writer, clti_write *write) {
    clti_fault fault;
    write->next = NULL;
    pthread_mutex_lock(&writer->lock);
    bool is_full = writer->counters.queued >= writer->options.queue_max;
    bool takes = !is_full && !writer->is_stopping;
    if (takes) {
        *writer->last = write;
        writer->last = &write->next;
        writer->counters.queued++;
        pthread_cond_signal(&writer->wakes);
    }
    writer->counters.refused += is_full;
    pthread_mutex_unlock(&writer->lock);
    if (!takes) {
        clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL,
                       is_full ? "Too many writes are waiting; try again."
                               : "The service is stopping; try again.");
        fail(write, &fault);
    }
}

void clti_writer_stop(clti_writer *writer) {
    if (writer->is_joined)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->is_stopping = true;
    pthread_cond_signal(&writer->wakes);
    pthread_mutex_unlock(&writer->lock);
    clti_assert(pthread_join(writer->thread, NULL) == 0);
    writer->is_joined = true;
}

void clti_writer_free(clti_writer *writer) {
    if (!writer)
        return;
    clti_writer_stop(writer);
    pthread_cond_destroy(&writer->wakes);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

void clti_writer_counted(clti_writer *writer, clti_writer_counters *out) {
    pthread_mutex_lock(&writer->lock);
    *out = writer->counters;
    pthread_mutex_unlock(&writer->lock);
}
