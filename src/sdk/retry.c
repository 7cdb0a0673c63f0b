#include "sdk/retry_private.h"

#include <string.h>

#define BACKOFF_FIRST_MS 200
#define BACKOFF_MAX_MS   20000
/* Far beyond any deadline; keeps the arithmetic in its bounds. */
#define RETRY_AFTER_MAX_SECONDS INT32_MAX

bool clti_retry_is_passing(int32_t http_status) {
    return http_status == 408 || http_status == 429 || (http_status >= 500 && http_status <= 599);
}

bool clti_retry_is_connection(CURLcode code) {
    static const CURLcode CODES[] = {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY,
                                     CURLE_COULDNT_CONNECT,      CURLE_OPERATION_TIMEDOUT,
                                     CURLE_SSL_CONNECT_ERROR,    CURLE_GOT_NOTHING,
                                     CURLE_SEND_ERROR,           CURLE_RECV_ERROR,
                                     CURLE_PARTIAL_FILE,         CURLE_HTTP2,
                                     CURLE_HTTP2_STREAM};
    for (size_t i = 0; i < CLTI_COUNT(CODES); i++)
        if (CODES[i] == code)
            return true;
    return false;
}

int64_t clti_retry_backoff_ms(int32_t retry, uint64_t random) {
    uint64_t most = BACKOFF_FIRST_MS;
    for (int32_t i = 0; i < retry && most < BACKOFF_MAX_MS; i++)
        most *= 2;
    if (most > BACKOFF_MAX_MS)
        most = BACKOFF_MAX_MS;
    return (int64_t)(random % (most + 1));
}

int64_t clti_retry_after_ms(clt_str value, int64_t now_seconds) {
    uint64_t seconds;
    if (clti_str_is_empty(value))
        return -1;
    /* A header's value, so it is terminated. A number too large to read is as good as the largest. */
    if (strspn(value.data, "0123456789") == value.size) {
        bool is_read = clti_str_to_u64(value, RETRY_AFTER_MAX_SECONDS, &seconds);
        return (is_read ? (int64_t)seconds : (int64_t)RETRY_AFTER_MAX_SECONDS) * 1000;
    }
    time_t at = curl_getdate(value.data, NULL);
    if (at < 0)
        return -1;
    int64_t left = (int64_t)at - now_seconds;
    if (left > RETRY_AFTER_MAX_SECONDS)
        left = RETRY_AFTER_MAX_SECONDS;
    return left > 0 ? left * 1000 : 0;
}
