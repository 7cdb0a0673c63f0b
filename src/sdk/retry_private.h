/**
 * @file retry_private.h
 * @brief What is tried again, and when. Values in, values out.
 */
#ifndef CLTI_SDK_RETRY_PRIVATE_H
#define CLTI_SDK_RETRY_PRIVATE_H

#include "base/base.h"

#include <curl/curl.h>

/** @brief 408, 429 and 5xx: the same request may succeed a little later. */
bool clti_retry_is_passing(int32_t http_status);

/** @brief A connection that was not to be had, or got lost. */
bool clti_retry_is_connection(CURLcode code);

/** @brief Exponential with full jitter: from 0 to 200 ms doubled `retry` times, at most 20 s. */
int64_t clti_retry_backoff_ms(int32_t retry, uint64_t random);

/**
 * @brief Read Retry-After: seconds, or an HTTP date.
 * @return milliseconds from `now_seconds` (since 1970), at least 0; -1 if it is absent or neither
 */
int64_t clti_retry_after_ms(clt_str value, int64_t now_seconds);

#endif
