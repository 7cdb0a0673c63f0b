/**
 * @file rate_limit.h
 * @brief Token buckets: so many calls a minute for each of any number of callers.
 *
 * A bucket holds one minute's calls and fills evenly. The table has a fixed size: a caller who has been away
 * for long enough to have a full bucket is forgotten for nothing; when more than the table holds are busy at
 * once, those nearest to a full bucket are forgotten first and so begin anew. Of busy callers, one in a
 * hundred thousand shares a bucket with another. Thread: any thread; no lock is taken, unless it is shared.
 */
#ifndef CLTI_RATE_LIMIT_H
#define CLTI_RATE_LIMIT_H

#include "base/fault.h"
#include "base/tally.h"

/** Most calls a minute that a bucket counts well. */
#define CLTI_RATE_LIMIT_MAX 60000

typedef struct clti_rate_limit clti_rate_limit;

/** @brief Everybody's bucket is full. Free with clti_rate_limit_free(). */
CLTI_MUST_CHECK bool clti_rate_limit_new(clti_rate_limit **out, clti_fault *fault);
void clti_rate_limit_free(clti_rate_limit *limit);

/**
 * @brief One call. A refused one takes nothing.
 *
 * @param key         Who calls: a GUID, or any 16 bytes.
 * @param per_minute  1 to CLTI_RATE_LIMIT_MAX; the same each time for one key, or its bucket is adjusted.
 * @param now_us      clti_steady_us()
 * @return 0: it may go on. Otherwise it may not, and would after so many seconds, if it alone calls.
 */
unsigned clti_rate_limit_take(clti_rate_limit *limit, clt_guid key, uint32_t per_minute, int64_t now_us);

/** @brief What clti_rate_limit_take() would return, without taking anything. */
unsigned clti_rate_limit_wait(clti_rate_limit *limit, clt_guid key, uint32_t per_minute, int64_t now_us);

/**
 * @brief From now on, count for other processes what is taken, and let them take from these buckets.
 *
 * A bucket that others have emptied owes up to a minute's calls more. To be called before any call is taken.
 */
CLTI_MUST_CHECK bool clti_rate_limit_share(clti_rate_limit *limit, clti_shared_count *out, clti_fault *fault);

/** @brief How many calls have been refused. */
uint64_t clti_rate_limit_refused(const clti_rate_limit *limit);

#endif
