/**
 * @file error.h
 * @brief What went wrong, for every call of the library.
 *
 * A call that can fail returns a clt_status, CLT_OK (zero) for success, and fills its last parameter,
 * `clt_error **out_err`, on failure only; NULL there ignores the details. Nothing is kept per thread and
 * nothing is printed.
 *
 * Thread: any thread; an error is immutable, and one thread frees it.
 * @source api.md 3.11, 8
 */
#ifndef CLIENTELE_ERROR_H
#define CLIENTELE_ERROR_H

#include "clientele/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief The category of an error. The first group is the list of the service's own SDKs; those from
 *        CLT_ERR_ARGUMENT on are ours. New values may be added at the end.
 * @source PartnerErrorCategory of the original SDK; api.md 8.1
 */
typedef int32_t clt_status;

/** The categories. @source PartnerErrorCategory of the original SDK; api.md 8.1 */
enum {
    CLT_OK = 0,
    CLT_ERR_BAD_INPUT = 1,          /**< 400 */
    CLT_ERR_UNAUTHORIZED = 2,       /**< 401, or the token authority refused the credentials */
    CLT_ERR_FORBIDDEN = 3,          /**< 403 */
    CLT_ERR_NOT_FOUND = 4,          /**< 404 */
    CLT_ERR_INVALID_OPERATION = 5,  /**< 405 */
    CLT_ERR_UNSUPPORTED_FORMAT = 6, /**< 406 */
    CLT_ERR_ALREADY_EXISTS = 7,     /**< 409 */
    CLT_ERR_TOO_MANY_REQUESTS = 8,  /**< 429, and the deadline is nearer than the wait it asks for */
    CLT_ERR_SERVER_ERROR = 9,       /**< 5xx without a category of its own, and any other status */
    CLT_ERR_SERVER_BUSY = 10,       /**< 503 */
    CLT_ERR_REQUEST_TIMEOUT = 11,   /**< 408, or the deadline passed without an answer */
    CLT_ERR_GATEWAY_TIMEOUT = 12,   /**< 504 */
    CLT_ERR_RESPONSE_PARSE = 13,    /**< the body is not what the contract says; the message has the offset */
    CLT_ERR_ARGUMENT = 32,          /**< a mistake of the caller; the message names the parameter */
    CLT_ERR_NO_MEMORY = 33,
    CLT_ERR_NETWORK = 34,             /**< no connection, no name, no trust, connection lost */
    CLT_ERR_CANCELLED = 35,           /**< through a clt_cancellation or clt_operation_cancel() */
    CLT_ERR_PRECONDITION_FAILED = 36, /**< 412, or 400 with code 2055: the entity tag is no longer valid */
    CLT_ERR_LIMIT = 37,  /**< the response is larger than clt_partner_options.response_bytes_max */
    CLT_ERR_ORIGIN = 38, /**< a link or redirect points to another origin; it was not followed */
    CLT_ERR_END = 39     /**< there is no such page: asked to go on after the end */
};

/** Whose number clt_error.native_code is. */
enum {
    CLT_NATIVE_NONE = 0,
    CLT_NATIVE_CURL = 1, /**< a CURLcode */
    CLT_NATIVE_ERRNO = 2
};

/**
 * @brief One failed call.
 *
 * Owner:  whoever got it through `out_err`, clt_error_free(); its texts live as long as it does. Texts are
 *         never absent unless told; each ends in a NUL behind its last byte.
 * Thread: immutable after creation.
 * New members may be added at the end: never embed or copy the struct.
 */
typedef struct clt_error {
    clt_status status;      /**< category, never CLT_OK */
    int32_t http_status;    /**< 0 if no answer came */
    clt_str service_code;   /**< `code` of the service's fault, number or text; absent if there was none */
    clt_str message;        /**< one line: what failed and why */
    const clt_str *details; /**< `data` of the fault: names of offending members */
    size_t detail_count;    /**< 0 if none */
    clt_str operation;      /**< such as `GET /v1/customers` */
    clt_str request_id; /**< MS-RequestId, the same over all retries; absent if nothing was sent. Of a link
                             that was refused: of the request whose answer it stood in; the next two, too */
    clt_str correlation_id; /**< MS-CorrelationId; absent if nothing was sent */
    int64_t retry_after_ms; /**< what the service asked for; -1 if it did not */
    int32_t attempt_count;  /**< requests that were sent */
    int32_t native_domain;  /**< CLT_NATIVE_* */
    int64_t native_code;
} clt_error;

/** @brief Free an error; NULL is allowed. */
CLT_API void clt_error_free(clt_error *err);

/** @brief The name of a category in words, such as "not found"; "unknown" for a number that is none. Static.
 */
CLT_API const char *clt_status_name(clt_status status);

#ifdef __cplusplus
}
#endif

#endif
