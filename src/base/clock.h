/**
 * @file clock.h
 * @brief Time: the wall clock for dates, the steady clock for durations.
 */
#ifndef CLTI_CLOCK_H
#define CLTI_CLOCK_H

#include "base/compiler.h"

/** @brief Seconds since 1970-01-01 UTC. */
int64_t clti_now_seconds(void);

/** @brief Microseconds of a clock that never goes back; only differences mean anything. */
int64_t clti_steady_us(void);

/** Text of a moment, terminated: `2020-09-02T17:34:12.8069005Z`. */
typedef struct clti_time_text {
    char text[32];
} clti_time_text;

/** @brief Now, in UTC with seven fraction digits (api.md 1.5). */
clti_time_text clti_now_text(void);

#endif
