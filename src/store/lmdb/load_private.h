/**
 * @file load_private.h
 * @brief What the files of a load share.
 */
#ifndef CLTI_LMDB_LOAD_PRIVATE_H
#define CLTI_LMDB_LOAD_PRIVATE_H

#include "store/lmdb/lmdb_private.h"

/** A write that waits for its turn. */
typedef struct clti_lmdb_load_write {
    const char *key;
    const char *value; /**< NULL deletes */
    uint32_t value_size;
    uint16_t key_size;
    uint8_t database;
    bool is_own; /**< the key begins with the id of the partner whose load this is */
} clti_lmdb_load_write;

/** Something to sort by its key, with the bytes that tell most keys apart: they are compared without a look
 * at the key. */
typedef struct clti_lmdb_load_rank {
    uint64_t head[2];
    const char *key;
    uint32_t at; /**< in the array that is put into order */
    uint16_t key_size;
    uint16_t group; /**< goes first */
} clti_lmdb_load_rank;

typedef struct clti_lmdb_load_pair {
    clt_str key;
    clt_str value;
} clti_lmdb_load_pair;

/** Takes sorted writes to one database. */
typedef struct clti_lmdb_load_sink {
    clti_lmdb_txn in;
    clti_lmdb_database database;
    MDB_cursor *cursor;
    unsigned flags; /**< MDB_APPEND if all goes behind what is there */
    clti_arena arena;
    clti_lmdb_load_pair *old; /**< taken out, to be put in again */
    size_t old_count;
    size_t old_done;
} clti_lmdb_load_sink;

typedef struct clti_lmdb_load_run {
    clti_lmdb_txn in;
    clt_guid partner;
    const clti_customer *customers;
    size_t count;
    clti_load_outcome *outcomes;
    bool partner_changed;
    int64_t count_change;
    clti_buf record;
    clti_folds folds;
    clti_folds old_folds;
    clti_index index;
    clti_index old_index;
    clti_arena arena; /**< keys and values that wait */
    clt_str item;     /**< the customer's item, once it has been kept */
    clti_lmdb_load_write *writes;
    size_t write_count;
    size_t write_capacity;
    bool is_new;                    /**< every customer is new: see load_new.c */
    clti_lmdb_load_rank *by_id;     /**< the customers in order, if so */
    clti_lmdb_load_rank *by_domain; /**< likewise */
    clt_str *domains;               /**< folded; in the arena */
    clti_lmdb_load_sink records;    /**< of new customers */
} clti_lmdb_load_run;

/** @brief A rank whose heads begin at `start` in the key, which must stay. */
clti_lmdb_load_rank clti_lmdb_load_rank_make(uint16_t group, clt_str key, size_t start, size_t at);

/** @brief Order by group, head and the whole key. */
int clti_lmdb_load_compare(const void *a, const void *b);

/**
 * @brief Open for about `count` writes to keys from `first` on. On failure there is nothing to close.
 */
CLTI_MUST_CHECK bool clti_lmdb_load_sink_open(clti_lmdb_load_sink *sink, clti_lmdb_txn in,
                                              clti_lmdb_database database, clt_str first, size_t count,
                                              clti_fault *fault);

/** @brief Write; keys must ascend. An absent value deletes. */
CLTI_MUST_CHECK bool clti_lmdb_load_sink_write(clti_lmdb_load_sink *sink, clt_str key, clt_str value,
                                               clti_fault *fault);

/** @brief Finish if all is `done`, and close. @return done, unless finishing fails. */
CLTI_MUST_CHECK bool clti_lmdb_load_sink_close(clti_lmdb_load_sink *sink, bool done, clti_fault *fault);

/** @brief Write all that waits, in order. */
CLTI_MUST_CHECK bool clti_lmdb_load_write_all(const clti_lmdb_load_run *in, clti_fault *fault);

/** @brief Find out whether all customers are new; if so, order them, and refuse those whose domain is taken.
 */
CLTI_MUST_CHECK bool clti_lmdb_load_plan(clti_lmdb_load_run *in, clti_fault *fault);

/** @brief Write the domains of the customers that a plan let in. */
CLTI_MUST_CHECK bool clti_lmdb_load_write_domains(clti_lmdb_load_run *in, clti_fault *fault);

#endif
