/**
 * @file moment_private.h
 * @brief Dates as people write them, and as the service reads them.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_MOMENT_PRIVATE_H
#define CLTI_CLI_MOMENT_PRIVATE_H

#include "cli/text_private.h"

#define CLTI_SECONDS_PER_DAY 86400

/** A day, or a moment of it. */
typedef struct clti_moment {
    int64_t seconds; /**< since 1970, UTC; of the day's beginning if it is one */
    bool is_day;
} clti_moment;

/** @brief Read `2026-11-01`, `2026-11-01T09:30`, with or without seconds and `Z`, or `7d`, `12h`, `30m` ago.
 */
bool clti_moment_parse(const char *text, int64_t now, clti_moment *out);

/** @brief The day that a moment is in. */
clti_moment clti_moment_day(int64_t seconds);

/** @brief As the service reads it; free(). */
char *clti_moment_format(clti_moment moment);

#endif
