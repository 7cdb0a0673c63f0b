/**
 * @file idempotency.h
 * @brief What is kept of a request that changed something, so that its repetition gets the same answer.
 *
 * Owner: all texts are views into someone else's memory.
 * @source api.md 2.3
 */
#ifndef CLTI_IDEMPOTENCY_H
#define CLTI_IDEMPOTENCY_H

#include "base/base.h"

/** A request is remembered for so long. */
#define CLTI_IDEMPOTENCY_SECONDS (24 * 60 * 60)

/** What a change is answered with. */
typedef struct clti_answer {
    int64_t status;    /**< of HTTP */
    clt_str body;      /**< JSON, with U+0000, which JSON has not, where a password stands; may be empty */
    clt_guid location; /**< customer that was created, or absent */
    int64_t etag;      /**< of the billing profile in the body; 0: there is none */
    clt_guid salt[2];  /**< the password is derived from it; absent if there is none */
} clti_answer;

typedef struct clti_idempotency {
    clt_guid partner;
    clt_guid key; /**< hash of method, path and request id */
    uint8_t body_sha256[CLTI_SHA256_SIZE];
    int64_t created; /**< seconds since 1970 */
    clti_answer answer;
} clti_idempotency;

#endif
