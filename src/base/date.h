/**
 * @file date.h
 * @brief Dates as callers write them: one reader for every form.
 */
#ifndef CLTI_DATE_H
#define CLTI_DATE_H

#include "base/compiler.h"
#include "clientele/types.h"

typedef struct clti_date {
    int64_t ticks; /**< clock.h; of the day's beginning if it is a whole day */
    bool is_day;   /**< no time was given, or midnight with slashes: .NET writes a time behind each day */
} clti_date;

#define CLTI_TICKS_PER_DAY INT64_C(864000000000)

/**
 * @brief Read a date of the years 1 to 9999, in UTC unless it has a zone.
 *
 * `2017-06-01`; `2017-06-152`, where a third part over 31 is the day of the year, as Java writes it by
 * mistake; ISO 8601 with a time, which may have a fraction and a zone (a space before it is a plus that
 * nobody escaped in a URL); `6/1/2017`, month first, with or without a time of 24 hours or of 12 with AM or
 * PM.
 * @source api.md 4.17
 * @retval false  none of these, or a day or time that does not exist.
 */
CLTI_MUST_CHECK bool clti_date_parse(clt_str text, clti_date *out);

#endif
