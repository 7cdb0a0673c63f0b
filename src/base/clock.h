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

/** Ticks: units of 100 ns since 0001-01-01 UTC, as in the ids of audit records (api.md 3.9). */
#define CLTI_TICKS_PER_SECOND INT64_C(10000000)
#define CLTI_TICKS_OF_1970    INT64_C(621355968000000000)

/** @brief Ticks of now. */
int64_t clti_now_ticks(void);

/** @brief Ticks from 0001 to 9999 as text. */
clti_time_text clti_ticks_to_text(int64_t ticks);

#endif
