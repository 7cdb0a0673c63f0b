#include "cli/terminal_private.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80

size_t clti_terminal_width(int descriptor) {
    struct winsize size = {0};
    if (!isatty(descriptor))
        return 0;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col;
}

bool clti_terminal_has_colours(int descriptor) {
    const char *unwanted = getenv("NO_COLOR"), *kind = getenv("TERM");
    return isatty(descriptor) && !(unwanted && *unwanted) && kind && strcmp(kind, "dumb") != 0;
}

/* ---- progress ------------------------------------------------------------------------------------------ */

#define SHOW_EVERY_US 100000
#define BAR_WIDTH     24
/* Before that much time a rate says nothing. */
#define RATE_AFTER_US 500000

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clti_progress_begin(clti_progress *progress, uint64_t first, uint64_t total) {
    *progress = (clti_progress){
        .is_wanted = isatty(STDERR_FILENO) == 1, .total = total, .first = first, .began_us = now_us()};
}

static void add_bar(clti_bytes *line, uint64_t done, uint64_t total) {
    uint64_t shown = done < total ? done : total;
    int filled = (int)(shown * BAR_WIDTH / total);
    clti_bytes_add_format(line, "[%.*s%.*s] %3d%%  ", filled, "########################", BAR_WIDTH - filled,
                          "------------------------", (int)(shown * 100 / total));
}

static void add_rate(clti_bytes *line, const clti_progress *progress, uint64_t done) {
    int64_t took_us = progress->shown_us - progress->began_us;
    if (took_us < RATE_AFTER_US || done <= progress->first)
        return;
    uint64_t rate = (done - progress->first) * 1000000 / (uint64_t)took_us;
    clti_bytes_add_format(line, ", %" PRIu64 "/s", rate);
    if (rate == 0 || done >= progress->total)
        return;
    uint64_t left = (progress->total - done) / rate;
    if (left >= 3600)
        clti_bytes_add_format(line, ", %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", left / 3600,
                              left / 60 % 60, left % 60);
    else
        clti_bytes_add_format(line, ", %" PRIu64 ":%02" PRIu64 " left", left / 60, left % 60);
}

void clti_progress_show(clti_progress *progress, uint64_t done) {
    clti_bytes line = {0};
    int64_t now = now_us();
    if (!progress->is_wanted || (progress->shown_us && now - progress->shown_us < SHOW_EVERY_US))
        return;
    progress->shown_us = now;
    if (progress->total > 0)
        add_bar(&line, done, progress->total);
    clti_bytes_add_format(&line, "%" PRIu64 " customers", done);
    add_rate(&line, progress, done);
    /* A line that is too long would wrap and stay. */
    size_t width = clti_terminal_width(STDERR_FILENO);
    if (line.size >= width)
        line.data[width - 1] = '\0';
    fprintf(stderr, "\r\033[K%s", line.data);
    clti_bytes_done(&line);
}

void clti_progress_end(const clti_progress *progress) {
    if (progress->shown_us)
        fputs("\r\033[K", stderr);
}

/* ---- interruption -------------------------------------------------------------------------------------- */

static volatile sig_atomic_t has_come;
static clt_cancellation *volatile cancelled_by_signal;

static void on_signal(int number) {
    (void)number;
    has_come = 1;
    if (cancelled_by_signal)
        clt_cancellation_cancel(cancelled_by_signal);
}

void clti_interrupt_watch(clt_cancellation *cancellation) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    cancelled_by_signal = cancellation;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void clti_interrupt_forget(void) {
    cancelled_by_signal = NULL;
}

bool clti_interrupt_came(void) {
    return has_come != 0;
}
