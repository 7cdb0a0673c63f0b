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

int64_t clti_now_ticks(void) {
    struct timespec now = now_of(CLOCK_REALTIME);
    return CLTI_TICKS_OF_1970 + now.tv_sec * CLTI_TICKS_PER_SECOND + now.tv_nsec / 100;
}

clti_time_text clti_ticks_to_text(int64_t ticks) {
    struct tm utc;
    int64_t since_1970 = ticks - CLTI_TICKS_OF_1970;
    int64_t fraction = since_1970 % CLTI_TICKS_PER_SECOND;
    if (fraction < 0)
        fraction += CLTI_TICKS_PER_SECOND;
    time_t seconds = (since_1970 - fraction) / CLTI_TICKS_PER_SECOND;
    clti_time_text out;
    clti_assert(gmtime_r(&seconds, &utc));
    snprintf(out.text, sizeof(out.text), "%04u-%02u-%02uT%02u:%02u:%02u.%07uZ",
             (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)(utc.tm_mon + 1) % 100,
             (unsigned)utc.tm_mday % 100, (unsigned)utc.tm_hour % 100, (unsigned)utc.tm_min % 100,
             (unsigned)utc.tm_sec % 100, (unsigned)fraction % 10000000);
    return out;
}

clti_time_text clti_now_text(void) {
    return clti_ticks_to_text(clti_now_ticks());
}
