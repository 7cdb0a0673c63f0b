/**
 * @file user.h
 * @brief Users of a partner: people who sign in with a password.
 */
#ifndef CLTI_USER_H
#define CLTI_USER_H

#include "base/base.h"

/** Roles, as bits, so that sets of them are numbers (api.md 7.4). */
typedef enum clti_role {
    CLTI_ROLE_ADMIN_AGENTS = 1,
    CLTI_ROLE_SALES_AGENTS = 2,
    CLTI_ROLE_HELPDESK_AGENTS = 4
} clti_role;

#define CLTI_ROLE_COUNT 3

/** Longest user name, as in the original. */
#define CLTI_USER_NAME_MAX 113

typedef struct clti_user {
    clt_guid partner;
    clt_guid id;           /**< `oid` */
    clt_str name;          /**< user principal name in lower case, `local@domain`; unique in the partner */
    clt_str display_name;  /**< how people call them, or absent */
    uint8_t roles;         /**< set of clti_role */
    clt_str password_hash; /**< argon2id in its encoded form; a secret */
    clt_str totp_secret;   /**< base32, or absent: no second factor; a secret */
    int64_t valid_from;    /**< what was granted or issued before, seconds since 1970, does not count */
    bool is_enrolling;     /**< the second factor is new: until it was used, the sign-in page shows it */
    bool is_disabled;
    bool is_demo; /**< the password is published: the server then stays on loopback */
} clti_user;

/** @brief Name of a role by its position: bit `1 << index`. */
const char *clti_role_name(size_t index);

/** @brief Add the role of this name, in any case, to a set. @retval false  there is no such role. */
CLTI_MUST_CHECK bool clti_role_add(clt_str name, uint8_t *roles);

/**
 * @brief Read a user name: printable ASCII without blanks, `local@domain`, any case.
 * @param[out] out  In lower case, in the arena.
 * @retval false  it is none, or memory is out.
 */
CLTI_MUST_CHECK bool clti_user_name_read(clt_str text, clti_arena *arena, clt_str *out);

/** @brief The part behind the '@': the domain of the user's partner. */
clt_str clti_user_name_domain(clt_str name);

#endif
