/**
 * @file memory_private.h
 * @brief What the files of the store in memory share.
 */
#ifndef CLTI_TEST_MEMORY_PRIVATE_H
#define CLTI_TEST_MEMORY_PRIVATE_H

#include "store/store_private.h"

typedef struct clti_memory_row {
    clt_guid owner;
    clti_customer customer;
    clt_str name_fold;
    clt_str domain_fold;
} clti_memory_row;

typedef struct clti_memory_revision {
    clt_guid partner;
    uint64_t number;
} clti_memory_revision;

#define CLTI_MEMORY_ROWS_MAX 100000
#define CLTI_MEMORY_FEW_MAX  256
#define CLTI_MEMORY_KEPT_MAX 10000

typedef struct clti_memory {
    clti_store store;
    clti_arena arena; /* all texts, until the end */
    clti_memory_row *rows;
    size_t row_count;
    clti_partner partners[CLTI_MEMORY_FEW_MAX];
    size_t partner_count;
    clti_application applications[CLTI_MEMORY_FEW_MAX];
    size_t application_count;
    clti_link links[CLTI_MEMORY_FEW_MAX];
    size_t link_count;
    clti_signing_key keys[CLTI_MEMORY_FEW_MAX];
    size_t key_count;
    clti_memory_revision revisions[CLTI_MEMORY_FEW_MAX];
    size_t revision_count;
    clti_audit_record *audits; /* in order of partner and date */
    size_t audit_count;
    clti_idempotency *repeats;
    size_t repeat_count;
    uint64_t generation;
    uint8_t token_key[CLTI_TOKEN_KEY_SIZE];
    bool claimed;
    clti_user users[CLTI_USERS_MAX + CLTI_MEMORY_FEW_MAX];
    size_t user_count;
    clti_user_grant grants[CLTI_MEMORY_FEW_MAX];
    size_t grant_count;
} clti_memory;

/* memory_users.c */
bool clti_memory_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena,
                           clti_user *out, bool *out_found, clti_fault *fault);
bool clti_memory_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                       size_t *out_count, clti_fault *fault);
bool clti_memory_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                            bool *out_found, clti_fault *fault);
clti_outcome clti_memory_user_put(clti_memory *in, const clti_user *user);
clti_outcome clti_memory_user_create(clti_memory *in, const clti_user *user);

/** @param user  NULL: delete it. */
clti_outcome clti_memory_user_update(clti_memory *in, const clti_user *user, const clti_user *expected);
clti_outcome clti_memory_user_delete(clti_memory *in, clt_guid partner, clt_str name);
void clti_memory_users_delete(clti_memory *in, clt_guid partner);
clti_outcome clti_memory_grant_put(clti_memory *in, const clti_user_grant *grant);
void clti_memory_grant_delete(clti_memory *in, clt_guid id);

/** @brief Copy a text into the arena. */
clt_str clti_memory_copy(clti_arena *arena, clt_str from);

/** @brief `fold(text)` in the arena. */
clt_str clti_memory_fold(clti_arena *arena, clt_str text);

/** @brief Whether the relationship still stands. */
bool clti_memory_is_listed(const clti_memory_row *in);
bool clti_memory_is_reseller_of(const clti_memory_row *in, clt_guid partner);
bool clti_memory_is_seen_by(const clti_memory_row *in, clt_guid partner);

bool clti_memory_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                      clti_fault *fault);
bool clti_memory_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                       clti_fault *fault);

/* ---- memory_kept.c: audit and idempotency records ---- */

bool clti_memory_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                            clti_audit_page *out, clti_fault *fault);
bool clti_memory_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                                  clti_arena *arena, clti_idempotency *out, bool *out_found,
                                  clti_fault *fault);
void clti_memory_audit_put(clti_memory *in, const clti_audit_record *audit);
void clti_memory_idempotency_put(clti_memory *in, const clti_idempotency *idempotency);
const clti_idempotency *clti_memory_idempotency_get(const clti_memory *in, clt_guid partner, clt_guid key,
                                                    int64_t now);
void clti_memory_expire(clti_memory *in, int64_t idempotency_before, int64_t audit_before);

#endif
