#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static struct timespec now_of(clockid_t clock) {
    struct timespec now;
    clti_assert(clock_gettime(clock, &now) == 0);
    return now;
}

int64_t clti_now_seconds(void) {
    return now_of(CLOCK_REALTIME).tv_sec;
}

int64_t clti_steady_us(void) {
    struct timespec now = now_of(CLOCK_MONOTONIC);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

clti_time_text clti_now_text(void) {
    struct timespec now = now_of(CLOCK_REALTIME);
    struct tm utc;
    clti_assert(gmtime_r(&now.tv_sec, &utc));
    clti_time_text out;
    size_t size = strftime(out.text, sizeof(out.text), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out.text + size, sizeof(out.text) - size, ".%07dZ", (int)(now.tv_nsec / 100));
    return out;
}
