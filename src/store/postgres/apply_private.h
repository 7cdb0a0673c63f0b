/**
 * @file apply_private.h
 * @brief A group of changes, and the parts of it that are transactions.
 */
#ifndef CLTI_PG_APPLY_PRIVATE_H
#define CLTI_PG_APPLY_PRIVATE_H

#include "store/postgres/change_private.h"

/** A change with its outcome. */
typedef struct clti_pg_member {
    const clti_change *change;
    clti_outcome *outcome;
    clt_str domain; /**< folded; by it a part is put into order */
    size_t at;      /**< in the group */
    size_t to_drop; /**< results that come before its own */
} clti_pg_member;

/** What is done in one transaction. */
typedef struct clti_pg_part {
    clti_pg_builder *builder;
    clti_pg_member *members;
    size_t count;
} clti_pg_part;

/** @brief Whether changes of this kind belong to one partner alone. */
bool clti_pg_is_of_customer(clti_change_kind kind);

/** @brief Do it, and fill the outcomes. @retval false  as clti_pg_write() */
CLTI_MUST_CHECK bool clti_pg_apply_part(clti_postgres *store, int64_t deadline_us, clti_pg_part *part,
                                        clti_fault *fault);

#endif
