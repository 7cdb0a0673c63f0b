/* Counts that several servers of one store have together. */
#include "service/service.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EVERY_MS 1000
/* One exchange; what does not work by then is lost, and the next one comes soon. */
#define CALL_US 2000000
/* Others that are remembered; one that is forgotten is learned from twice. */
#define SERVERS_MAX 256

/*
 * What is told: a format number, then for each entry the place of its count, the key, detail and number,
 * these two with the highest byte first. A server that knows another format passes it over.
 */
#define FORMAT     1
#define ENTRY_SIZE (1 + sizeof(clt_guid) + 4 + 4)

typedef struct other_server {
    clt_guid id;
    uint64_t tick; /* learned up to here */
} other_server;

struct clti_sharing {
    clti_store *store;
    clti_shared_count counts[CLTI_SHARED_MAX];
    size_t count;
    pthread_t thread;
    pthread_mutex_t lock; /* guards is_stopping */
    pthread_cond_t wakes;
    bool is_stopping;
    /* The thread's own. */
    clti_told mine;
    clti_buf bytes;
    clti_tally_entry drained[CLTI_TALLY_MAX];
    other_server others[SERVERS_MAX];
    size_t other_count;
    bool has_failed; /* the last time; told once */
};

/* ---- telling ---- */

static void add_number(clti_buf *out, uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        clti_buf_add_char(out, (char)(number >> shift));
}

static void write_mine(clti_sharing *sharing) {
    clti_buf *out = &sharing->bytes;
    clti_buf_clear(out);
    for (size_t i = 0; i < sharing->count; i++) {
        const size_t count = clti_tally_drain(sharing->counts[i].tally, sharing->drained);
        for (size_t j = 0; j < count; j++) {
            if (out->size == 0)
                clti_buf_add_char(out, FORMAT);
            clti_buf_add_char(out, (char)i);
            clti_buf_add(out, (clt_str){(const char *)&sharing->drained[j].key, sizeof(clt_guid)});
            add_number(out, sharing->drained[j].detail);
            add_number(out, sharing->drained[j].count);
        }
    }
    sharing->mine.tick++;
    sharing->mine.bytes = clti_buf_ok(out) ? (clt_str){out->size ? out->data : "", out->size} : CLTI_STR("");
}

/* ---- learning ---- */

static uint32_t read_number(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void learn(clti_sharing *sharing, clt_str told) {
    if (told.size == 0 || told.data[0] != FORMAT)
        return;
    const uint8_t *at = (const uint8_t *)told.data + 1;
    for (size_t left = told.size - 1; left >= ENTRY_SIZE; left -= ENTRY_SIZE, at += ENTRY_SIZE) {
        clti_tally_entry entry = {.detail = read_number(at + 1 + sizeof(clt_guid)),
                                  .count = read_number(at + 1 + sizeof(clt_guid) + 4)};
        memcpy(&entry.key, at + 1, sizeof entry.key);
        if (at[0] < sharing->count)
            sharing->counts[at[0]].learn(sharing->counts[at[0]].user, &entry);
    }
}

static other_server *find_other(clti_sharing *sharing, clt_guid id) {
    for (size_t i = 0; i < sharing->other_count; i++)
        if (clti_guid_equal(sharing->others[i].id, id))
            return &sharing->others[i];
    /* Servers come and go: the table begins anew when it is full. */
    if (sharing->other_count == SERVERS_MAX)
        sharing->other_count = 0;
    other_server *added = &sharing->others[sharing->other_count++];
    *added = (other_server){.id = id};
    return added;
}

static void exchange(clti_sharing *sharing) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_told *told;
    size_t count;
    clti_fault fault;
    write_mine(sharing);
    clti_store_calls_end_by(clti_steady_us() + CALL_US);
    const bool done = clti_store_tell(sharing->store, &sharing->mine, &arena, &told, &count, &fault);
    if (!done && !sharing->has_failed)
        clti_log(CLTI_LOG_WARNING, "what other servers count is not known, so each counts for itself: %s",
                 fault.text);
    sharing->has_failed = !done;
    for (size_t i = 0; done && i < count; i++) {
        other_server *other = find_other(sharing, told[i].server);
        if (told[i].tick <= other->tick)
            continue;
        other->tick = told[i].tick;
        learn(sharing, told[i].bytes);
    }
}

/* ---- the thread ---- */

/* False when it is time to end. */
static bool rest(clti_sharing *sharing) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += EVERY_MS / 1000;
    int code = 0;
    (void)pthread_mutex_lock(&sharing->lock);
    while (!sharing->is_stopping && code == 0)
        code = pthread_cond_timedwait(&sharing->wakes, &sharing->lock, &until);
    const bool goes_on = !sharing->is_stopping;
    (void)pthread_mutex_unlock(&sharing->lock);
    return goes_on;
}

static void *run(void *user) {
    clti_sharing *sharing = user;
    while (rest(sharing))
        exchange(sharing);
    return NULL;
}

static void free_sharing(clti_sharing *sharing) {
    (void)pthread_cond_destroy(&sharing->wakes);
    (void)pthread_mutex_destroy(&sharing->lock);
    clti_buf_done(&sharing->bytes);
    free(sharing);
}

bool clti_sharing_start(clti_store *store, const clti_shared_count *counts, size_t count, clti_sharing **out,
                        clti_fault *fault) {
    pthread_condattr_t steady;
    clti_sharing *sharing = calloc(1, sizeof *sharing);
    clti_assert(count <= CLTI_SHARED_MAX);
    if (!sharing)
        return clti_fault_no_memory(fault);
    /* None of these can fail on Linux. */
    clti_assert(
        pthread_condattr_init(&steady) == 0 && pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0 &&
        pthread_cond_init(&sharing->wakes, &steady) == 0 && pthread_mutex_init(&sharing->lock, NULL) == 0);
    (void)pthread_condattr_destroy(&steady);
    clti_buf_init(&sharing->bytes, 1 + CLTI_SHARED_MAX * CLTI_TALLY_MAX * ENTRY_SIZE);
    sharing->store = store;
    sharing->count = count;
    memcpy(sharing->counts, counts, count * sizeof *counts);
    sharing->mine.server = clti_guid_random();
    const int code = pthread_create(&sharing->thread, NULL, run, sharing);
    if (code != 0) {
        free_sharing(sharing);
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "A thread could not be started: %s.",
                              strerror(code));
    }
    *out = sharing;
    return true;
}

void clti_sharing_stop(clti_sharing *sharing) {
    if (!sharing)
        return;
    (void)pthread_mutex_lock(&sharing->lock);
    sharing->is_stopping = true;
    (void)pthread_cond_signal(&sharing->wakes);
    (void)pthread_mutex_unlock(&sharing->lock);
    clti_assert(pthread_join(sharing->thread, NULL) == 0);
    free_sharing(sharing);
}
