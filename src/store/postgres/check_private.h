/**
 * @file check_private.h
 * @brief What the files of the check share. A `bool` is false only if it cannot go on reading.
 */
#ifndef CLTI_POSTGRES_CHECK_PRIVATE_H
#define CLTI_POSTGRES_CHECK_PRIVATE_H

#include "store/index.h"
#include "store/postgres/postgres_private.h"

/** Tables whose rows are made by others' records. */
typedef enum clti_pg_made {
    CLTI_PG_MADE_PARTNER_DOMAIN,
    CLTI_PG_MADE_DOMAIN,
    CLTI_PG_MADE_LIST_ITEM,
    CLTI_PG_MADE_SHARED,
    CLTI_PG_MADE_COUNT
} clti_pg_made;

/** A row that must be there: sent, its answer not looked at yet. Texts are in the run's arena. */
typedef struct clti_pg_expectation {
    clti_pg_made table;
    clt_str key;        /* for a finding */
    clt_str value;      /* what must stand there */
    clt_guid owner, id; /* whose record makes it; no id: the partner itself does */
} clti_pg_expectation;

#define CLTI_PG_EXPECTATIONS_MAX 500

/** One check of a whole store, on two connections of one view: one gives rows, on the other things are looked
 * up. */
typedef struct clti_pg_check_run {
    clti_postgres *store;
    clti_pg_connection *walker, *looker;
    clti_check_finding on_finding;
    void *user;
    clti_check_summary summary;
    clti_buf text; /* of a finding */
    clti_folds folds;
    clti_index index;
    clti_arena arena; /* of what is expected */
    clti_pg_expectation expected[CLTI_PG_EXPECTATIONS_MAX];
    size_t expected_count;
    uint64_t found[CLTI_PG_MADE_COUNT]; /* rows that some record makes and that are there */
    clti_fault *fault;
} clti_pg_check_run;

/** Takes one row; it ends with the call. */
typedef bool (*clti_pg_check_visit)(clti_pg_check_run *in, const PGresult *row);

/** @brief Visit all rows that a statement gives, then wait for what was expected of them. */
CLTI_MUST_CHECK bool clti_pg_check_walk(clti_pg_check_run *in, const clti_pg_statement *statement,
                                        clti_pg_check_visit visit);

/** @brief A finding: table, key in hex, and what is wrong. */
CLTI_MUST_CHECK bool clti_pg_check_report(clti_pg_check_run *in, const char *table, clt_str key,
                                          const char *what);

/** @brief The same; the key is the first columns of a row, ids or bytes. */
CLTI_MUST_CHECK bool clti_pg_check_report_row(clti_pg_check_run *in, const char *table, const PGresult *row,
                                              int columns, const char *what);

/** @brief Look a row up: the answer is looked at later. The parameters are its key. */
CLTI_MUST_CHECK bool clti_pg_check_expect(clti_pg_check_run *in, clti_pg_made table,
                                          const clti_pg_parameters *key, clt_str value, clt_guid owner,
                                          clt_guid id);

/** @brief One row now, on the looker. The caller frees the result. */
CLTI_MUST_CHECK bool clti_pg_check_look(clti_pg_check_run *in, const clti_pg_statement *statement,
                                        const clti_pg_parameters *parameters, PGresult **out);

/** @brief Whether a table has more rows than were found. `entries` counts them. */
CLTI_MUST_CHECK bool clti_pg_check_has_strays(clti_pg_check_run *in, clti_pg_made table,
                                              const clti_pg_statement *count, uint64_t *entries, bool *out);

/** @brief Partners, their domains, applications and links, users and grants, signing keys, audit and
 * idempotency records. */
CLTI_MUST_CHECK bool clti_pg_check_identities(clti_pg_check_run *in);

/** @brief Customers, and all that the indexes hold of them. */
CLTI_MUST_CHECK bool clti_pg_check_customers(clti_pg_check_run *in);

#endif
