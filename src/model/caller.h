/**
 * @file caller.h
 * @brief Who is calling, once their token has been verified.
 */
#ifndef CLTI_CALLER_H
#define CLTI_CALLER_H

#include "model/user.h"

typedef struct clti_caller {
    clt_guid partner;     /**< tenant id: the only partner this caller can see */
    clt_guid application; /**< client id */
    bool is_sandbox;      /**< of the partner, as the next: what throttling needs to know */
    int64_t calls_per_minute;
    bool has_user; /**< App+User; the next four are the user's */
    bool has_mfa;  /**< signed in with a second factor */
    uint8_t roles; /**< set of clti_role */
    clt_guid user; /**< object id */
    char user_name[CLTI_USER_NAME_MAX + 1];
    int64_t not_after; /**< `exp`, seconds since 1970, without skew */
} clti_caller;

#endif
