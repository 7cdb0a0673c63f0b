/**
 * @file postgres_private.h
 * @brief What the files of this store share.
 *
 * A connection is used by one thread at a time: taken from the pool, given back. All waiting is bounded by a deadline.
 */
#ifndef CLTI_POSTGRES_PRIVATE_H
#define CLTI_POSTGRES_PRIVATE_H

#include "store/postgres/postgres_store.h"
#include "store/store_private.h"

#include <libpq-fe.h>

/* ---- the statements (statements.c): prepared on a connection when first used ------------------------------- */

/** One row each in statements.c: name in the server, text. */
typedef enum clti_pg_statement clti_pg_statement;

/* ---- parameters, in binary form (parameters.c) ----------------------------------------------------------- */

#define CLTI_PG_PARAMETERS_MAX 32

/** Parameters of one call. Texts are views that must live until it is sent; numbers are kept here. */
typedef struct clti_pg_parameters {
    size_t count;
    const char *values[CLTI_PG_PARAMETERS_MAX];
    int sizes[CLTI_PG_PARAMETERS_MAX];
    uint8_t numbers[CLTI_PG_PARAMETERS_MAX][16];
} clti_pg_parameters;

void clti_pg_add_guid(clti_pg_parameters *to, clt_guid id);      /**< uuid */
void clti_pg_add_bytes(clti_pg_parameters *to, clt_str bytes);   /**< bytea; NULL if absent */
void clti_pg_add_int64(clti_pg_parameters *to, int64_t number);  /**< bigint */
void clti_pg_add_int16(clti_pg_parameters *to, int16_t number);  /**< smallint */
void clti_pg_add_bool(clti_pg_parameters *to, bool value);       /**< boolean */
void clti_pg_add_null(clti_pg_parameters *to);

/* ---- results, in binary form (results.c); views live as long as the result ----------------------------------- */

clt_str clti_pg_bytes(const PGresult *result, int row, int column); /**< absent if NULL */
CLTI_MUST_CHECK bool clti_pg_guid(const PGresult *result, int row, int column, clt_guid *out);
CLTI_MUST_CHECK bool clti_pg_int64(const PGresult *result, int row, int column, int64_t *out);
CLTI_MUST_CHECK bool clti_pg_bool(const PGresult *result, int row, int column, bool *out);

#endif
