#include "daemon/long_run_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SHARED_US      20000
#define SHARED_GOAL_US 10000

#define PROGRESS_WIDTH    30
#define PROGRESS_EVERY_US 100000

/* ---- pace ---------------------------------------------------------------------------------------------- */

void clti_pace_init(clti_pace *pace, clti_store *store) {
    *pace = (clti_pace){.store = store, .slice = CLTI_PACE_ITEMS_FIRST};
}

size_t clti_pace_limit(clti_pace *pace, size_t wanted) {
    pace->is_shared = clti_store_is_claimed(pace->store);
    return pace->is_shared && wanted > pace->slice ? pace->slice : wanted;
}

size_t clti_pace_begin(clti_pace *pace, size_t wanted) {
    size_t count = clti_pace_limit(pace, wanted);
    pace->began_us = clti_steady_us();
    return count;
}

static void rest(int64_t took_us) {
    int64_t pause_us = took_us > SHARED_US ? took_us : SHARED_US;
    struct timespec pause = {pause_us / 1000000, pause_us % 1000000 * 1000};
    /* Woken early only by a signal, which ends the command anyway. */
    nanosleep(&pause, NULL);
}

/* Aim at the goal from what the last one took, but never grow more than twofold. */
static void adapt(clti_pace *pace, size_t count, int64_t took_us) {
    if (count < pace->slice && took_us <= SHARED_GOAL_US)
        return;
    uint64_t wanted = (uint64_t)count * SHARED_GOAL_US / (uint64_t)(took_us > 0 ? took_us : 1);
    if (wanted > (uint64_t)pace->slice * 2)
        wanted = (uint64_t)pace->slice * 2;
    pace->slice = wanted < CLTI_PACE_ITEMS_MIN ? CLTI_PACE_ITEMS_MIN : (size_t)wanted;
}

void clti_pace_end(clti_pace *pace, size_t count) {
    int64_t took_us = clti_steady_us() - pace->began_us;
    if (!pace->is_shared || count == 0)
        return;
    adapt(pace, count, took_us);
    rest(took_us);
}

/* ---- progress ------------------------------------------------------------------------------------------ */

void clti_progress_init(clti_progress *progress) {
    *progress = (clti_progress){.is_wanted = isatty(STDERR_FILENO) == 1};
}

void clti_progress_show(clti_progress *progress, uint64_t done, uint64_t total, uint64_t items,
                        const char *noun) {
    int64_t now_us = clti_steady_us();
    if (!progress->is_wanted || (progress->shown_us && now_us - progress->shown_us < PROGRESS_EVERY_US))
        return;
    progress->shown_us = now_us;
    fprintf(stderr, "\r\033[K");
    if (total > 0) {
        uint64_t shown = done < total ? done : total;
        int filled = (int)(shown * PROGRESS_WIDTH / total);
        fprintf(stderr, "[%.*s%.*s] %3d%%  ", filled, "##############################",
                PROGRESS_WIDTH - filled, "------------------------------", (int)(shown * 100 / total));
    }
    fprintf(stderr, "%" PRIu64 " %s", items, noun);
}

void clti_progress_erase(const clti_progress *progress) {
    if (progress->shown_us)
        fputs("\r\033[K", stderr);
}

/* ---- signals ------------------------------------------------------------------------------------------- */

volatile sig_atomic_t clti_interrupted;

static void on_signal(int number) {
    (void)number;
    clti_interrupted = 1;
}

void clti_interrupt_watch(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}
