/**
 * @file list_private.h
 * @brief What the files of the list share.
 */
#ifndef CLTI_POSTGRES_LIST_PRIVATE_H
#define CLTI_POSTGRES_LIST_PRIVATE_H

#include "store/postgres/postgres_private.h"

/** Keys of a query: from `begin` on, before `end`. */
typedef struct clti_pg_range {
    clti_pg_key begin, end;
    size_t head_size;    /* of a key's part before the position */
    bool compares_folds; /* the fold is longer than keys tell: look into the items */
} clti_pg_range;

static inline bool clti_pg_is_forwards(const clti_list_query *query) {
    return query->start == CLTI_LIST_FIRST || query->start == CLTI_LIST_AFTER;
}

/** @retval false  nothing can match. */
CLTI_MUST_CHECK bool clti_pg_range_build(const clti_list_query *query, clti_pg_range *out);

/** @brief Where the page begins (forwards: its lowest key possible; backwards: the key that is too high). Its
 * other side is what the range has beyond. */
void clti_pg_range_split(const clti_list_query *query, const clti_pg_range *range, clti_pg_key *out);

/** One statement for each clti_list_start. */
extern const clti_pg_statement clti_pg_list_statements[];
extern const clti_pg_statement clti_pg_count_statement;

/** @brief The parameters of such a statement: views into all that is given. */
void clti_pg_list_parameters(const clti_list_query *query, const clti_pg_range *range,
                             const clti_pg_key *split, clti_pg_parameters *out);

/** @brief The item of a row, as views. */
CLTI_MUST_CHECK bool clti_pg_read_item(const clti_postgres *store, clt_str key, clt_str item,
                                       clti_list_item *out, clti_fault *fault);

/* ---- list_long.c: folds longer than keys tell ---- */

CLTI_MUST_CHECK bool clti_pg_list_long(clti_postgres *store, const clti_list_query *query,
                                       const clti_pg_range *range, const clti_pg_key *split,
                                       clti_arena *arena, clti_list_page *out, clti_fault *fault);
CLTI_MUST_CHECK bool clti_pg_count_long(clti_postgres *store, const clti_list_query *query,
                                        const clti_pg_range *range, uint64_t most, uint64_t *out,
                                        clti_fault *fault);

#endif
