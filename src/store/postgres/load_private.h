/**
 * @file load_private.h
 * @brief What the files of a load share.
 */
#ifndef CLTI_PG_LOAD_PRIVATE_H
#define CLTI_PG_LOAD_PRIVATE_H

#include "store/postgres/change_private.h"

/** A load: many customers of one partner. */
typedef struct clti_pg_load_run {
    clti_postgres *store;
    clt_guid partner;
    const clti_customer *customers;
    size_t count;
    clti_load_outcome *outcomes;
    clti_pg_array owners;    /**< the partner alone */
    clti_pg_array resellers; /**< each that shall see one of them, once */
    bool met_existing;       /**< copying met what is there already: another way must be taken */
} clti_pg_load_run;

/** @brief All customers are new: straight into the tables. If it fails with `met_existing`, they are not. */
clti_pg_verdict clti_pg_load_copied(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault);

/** @brief Customer by customer, as if one after the other. */
clti_pg_verdict clti_pg_load_rows(clti_pg_connection *on, void *user, bool *out_commit, clti_fault *fault);

/** @brief A slot of list_state for what takes its time: those of servers are not held up by it. */
static inline int16_t clti_pg_load_slot(const clti_postgres *store) {
    return (int16_t)(CLTI_PG_SLOTS + store->slot);
}

/** @brief What stays bounded is each wait, not the whole: a large load takes its time. */
void clti_pg_load_breathe(clti_pg_connection *on);

/** @brief Take the locks and receive what was sent for the beginning. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_load_begin(clti_pg_connection *on, clti_pg_load_run *run,
                                                   clti_fault *fault);

/* ---- load_table.c: rows of a table, in the binary form of COPY, put into order
 * -------------------------------- */

typedef struct clti_pg_row {
    uint64_t head; /**< the key's first bytes */
    const char *key;
    const char *bytes;
    uint32_t size;
    uint32_t key_size;
} clti_pg_row;

typedef struct clti_pg_table {
    const char *copy; /**< the statement */
    clti_arena arena;
    clti_buf row; /**< that is being written */
    clti_pg_row *rows;
    size_t count;
    size_t capacity;
} clti_pg_table;

void clti_pg_table_init(clti_pg_table *table, const char *copy);
void clti_pg_table_done(clti_pg_table *table);

/** @brief No rows. */
void clti_pg_table_clear(clti_pg_table *table);

void clti_pg_table_begin_row(clti_pg_table *table, uint8_t columns);
void clti_pg_table_add(clti_pg_table *table, clt_str value);

/** @brief Keep the row. The key that it has its place by are `key_size` bytes from `key_at` on. */
CLTI_MUST_CHECK bool clti_pg_table_end_row(clti_pg_table *table, size_t key_at, size_t key_size,
                                           clti_fault *fault);

/** @brief Put the rows into order and copy them. *out_conflict: one of them is there already. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_table_copy(clti_pg_connection *on, clti_pg_table *table,
                                                   bool *out_conflict, clti_fault *fault);

#endif
