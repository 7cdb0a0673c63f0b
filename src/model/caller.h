/**
 * @file caller.h
 * @brief Who is calling, once their token has been verified.
 */
#ifndef CLTI_CALLER_H
#define CLTI_CALLER_H

#include "base/base.h"

typedef struct clti_caller {
    clt_guid partner;     /**< tenant id: the only partner this caller can see */
    clt_guid application; /**< client id */
    bool has_user;        /**< App+User */
    bool is_sandbox;      /**< of the partner, as the next: what throttling needs to know */
    int64_t calls_per_minute;
    int64_t not_after; /**< `exp`, seconds since 1970, without skew */
} clti_caller;

#endif
