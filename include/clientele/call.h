/**
 * @file call.h
 * @brief Any call of the service: what has no function of its own yet.
 *
 * Thread: calls from any thread, see clt_partner; responses are immutable, and one thread frees each.
 * @source api.md 1.2, 2.1, 2.2: paths, and the headers of every request and response
 */
#ifndef CLIENTELE_CALL_H
#define CLIENTELE_CALL_H

#include "clientele/partner.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A header of a request; both texts need to live during the call only. */
typedef struct clt_call_header {
    const char *name;
    const char *value;
} clt_call_header;

/** One request. Zero is the default of every member. Texts need to live during the call only. */
typedef struct clt_call {
    size_t size;        /**< sizeof(clt_call) */
    const char *method; /**< NULL: GET */
    const char *path;   /**< with query; `/v1/customers?size=1`, `customers?size=1`, or a link's uri */
    const void *body;   /**< sent as JSON; NULL: none */
    size_t body_size;   /**< in bytes */
    const clt_call_header *headers; /**< sent beside the library's own; may not replace Authorization */
    size_t header_count;
} clt_call;

/** A request of which every member is its default. */
#define CLT_CALL_INIT                                                                                        \
    { sizeof(clt_call), 0, 0, 0, 0, 0, 0 }

/** An answer. Thread: immutable. */
typedef struct clt_response clt_response;

/**
 * @brief Send a request and take whatever the service answers, also 4xx and 5xx (after retries).
 *
 * Retries as every call does: a POST or PATCH too, since the service takes MS-RequestId as idempotency key.
 * Owner:  *out is the caller's, clt_response_free().
 * @retval CLT_OK          An answer came, with whatever status.
 * @retval CLT_ERR_ORIGIN  The path names another origin.
 * @retval ...             No answer: network, deadline, cancelled, no token, too large.
 * @source api.md 2.3, 10: idempotency, and how to go on after which answers
 */
CLT_API CLT_NODISCARD clt_status clt_partner_call(clt_partner *partner, const clt_call *call,
                                                  const clt_request_context *context, clt_response **out,
                                                  clt_error **out_err);

/**
 * The end of a call: exactly one of `response` and `err` is set, and both are the callback's to free. Runs
 * exactly once, in the library's own thread of the partner handle; it may start further calls, but must not
 * wait for one.
 */
typedef void (*clt_call_callback)(void *user, clt_response *response, clt_error *err);

/**
 * @brief clt_partner_call() without waiting: the one way for all that has no `_async` function of its own.
 *
 * Body and headers are copied.
 * @param[out] out_operation  NULL if not wanted; the caller's, clt_operation_free().
 * @return not CLT_OK if the call could not begin; the callback then never runs.
 * @source api.md 2.3, 10
 */
CLT_API CLT_NODISCARD clt_status clt_partner_call_async(clt_partner *partner, const clt_call *call,
                                                        const clt_request_context *context,
                                                        clt_call_callback callback, void *user,
                                                        clt_operation **out_operation, clt_error **out_err);

/** @brief HTTP status of the answer, 100 to 599. @return 0 for NULL @source api.md 8.1 */
CLT_API int32_t clt_response_http_status(const clt_response *response);

/** @brief The body without a byte order mark, a NUL behind it; empty if there is none. Lives as long as the
 * response. @source api.md 1.4 */
CLT_API clt_str clt_response_body(const clt_response *response);

/** @brief A header's value, any case of the name; absent if it was not sent. */
CLT_API clt_str clt_response_header(const clt_response *response, const char *name);

/** @brief The header at a position, in the order received; NULL for what is not wanted. @return 0 if there
 * are not so many, else 1. */
CLT_API int clt_response_header_at(const clt_response *response, size_t index, clt_str *out_name,
                                   clt_str *out_value);

/**
 * @brief The error that a typed function would have returned for this answer; NULL if the status is a
 * success. The caller's, clt_error_free().
 */
CLT_API clt_error *clt_response_error(const clt_response *response);

/**
 * @brief The page behind a list page: its `links.next`, or its continuation token sent by hand.
 * Owner:  *out is the caller's, clt_response_free(); set to NULL with CLT_OK if the page is the last.
 * @retval CLT_ERR_ORIGIN          The link points elsewhere; the token was not sent there.
 * @retval CLT_ERR_RESPONSE_PARSE  The answer is no list, or its links lead in a circle.
 * @retval ...                     As clt_partner_call().
 * @source api.md 6.3
 */
CLT_API CLT_NODISCARD clt_status clt_response_next(clt_partner *partner, const clt_response *response,
                                                   const clt_request_context *context, clt_response **out,
                                                   clt_error **out_err);

/** @brief Free; NULL is allowed. */
CLT_API void clt_response_free(clt_response *response);

#ifdef __cplusplus
}
#endif

#endif
