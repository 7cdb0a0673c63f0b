/**
 * @file postgres_private.h
 * @brief What the files of this store share: connections, statements, their pool.
 *
 * How a statement gets to the server: it is sent (clti_pg_send()) on a connection that is taken from the
 * pool, in a pipeline that clti_pg_sync() ends; then its results are received in the same order. All waiting
 * ends at the connection's deadline. Thread: a connection is for one thread at a time, from clti_pg_take() to
 * clti_pg_give().
 */
#ifndef CLTI_POSTGRES_PRIVATE_H
#define CLTI_POSTGRES_PRIVATE_H

#include "store/postgres/postgres_store.h"
#include "store/store_private.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

/** What became of an attempt. All but DONE set the fault. */
typedef enum clti_pg_verdict {
    CLTI_PG_DONE,
    CLTI_PG_BROKEN, /**< connection lost, or the server goes or may not write: on a new connection it may
                       work. What was sent may have been done or not */
    CLTI_PG_RACED,  /**< serialization failure or deadlock: nothing was done, and it may work if done again */
    CLTI_PG_FAILED
} clti_pg_verdict;

/** A statement, prepared on a connection when it is first sent there. `static const`, beside its use: its
 * address is what it is known by. */
typedef struct clti_pg_statement {
    const char *text;
} clti_pg_statement;

/* ---- parameters, in binary form (parameters.c)
 * -------------------------------------------------------------- */

#define CLTI_PG_PARAMETERS_MAX 48

/** Parameters of one statement. Bytes are views that must live until it is sent; numbers are kept here. */
typedef struct clti_pg_parameters {
    size_t count;
    const char *values[CLTI_PG_PARAMETERS_MAX];
    int sizes[CLTI_PG_PARAMETERS_MAX];
    int formats[CLTI_PG_PARAMETERS_MAX];
    uint8_t kept[CLTI_PG_PARAMETERS_MAX][sizeof(clt_guid)];
} clti_pg_parameters;

/** Empty. Only the count is set: the arrays are large. */
static inline void clti_pg_clear(clti_pg_parameters *parameters) {
    parameters->count = 0;
}

void clti_pg_add_guid(clti_pg_parameters *to, clt_guid id); /**< uuid */
void clti_pg_add_bytes(clti_pg_parameters *to,
                       clt_str bytes); /**< bytea, or any binary form; NULL if absent */
void clti_pg_add_int64(clti_pg_parameters *to, int64_t number); /**< bigint */
void clti_pg_add_int16(clti_pg_parameters *to, int16_t number); /**< smallint */
void clti_pg_add_bool(clti_pg_parameters *to, bool value);      /**< boolean */
void clti_pg_add_null(clti_pg_parameters *to);

/* ---- results, in binary form (results.c)
 * -------------------------------------------------------------------- */

/** @brief A value; absent if it is NULL. Lives as long as the result. */
clt_str clti_pg_bytes(const PGresult *result, int row, int column);

bool clti_pg_is_null(const PGresult *result, int row, int column);

/* The statements say what type a column has, and records fail where they are read: a value of another size is
 * a mistake of ours, and ends the process. */
clt_guid clti_pg_guid(const PGresult *result, int row, int column);
int64_t clti_pg_int64(const PGresult *result, int row, int column);
int32_t clti_pg_int32(const PGresult *result, int row, int column);
int16_t clti_pg_int16(const PGresult *result, int row, int column);
bool clti_pg_bool(const PGresult *result, int row, int column);

/* ---- key.c: keys of lists ----------------------------------------------------------------------------- */

/** Kind, related partner, position, and one byte more for the key just behind. */
#define CLTI_PG_KEY_MAX (1 + sizeof(clt_guid) + CLTI_POSITION_MAX + 1)

typedef struct clti_pg_key {
    size_t size;
    uint8_t bytes[CLTI_PG_KEY_MAX];
} clti_pg_key;

/** @brief What stands before the position: the kind of list, and for the two relationship fields `related`.
 */
void clti_pg_key_list(clti_pg_key *key, clti_list_field field, clt_guid related);

/** @brief Append the position, or part of one. */
void clti_pg_key_add(clti_pg_key *key, clt_str bytes);

clt_str clti_pg_key_str(const clti_pg_key *key);

/* ---- the store --------------------------------------------------------------------------------------------
 */

/** As what a partner takes part in a link: link.role. */
typedef enum clti_pg_role { CLTI_PG_PROVIDER = 1, CLTI_PG_RESELLER = 2 } clti_pg_role;

/** What user_account.is_admin says. */
static inline bool clti_pg_is_admin(const clti_user *user) {
    return (user->roles & CLTI_ROLE_ADMIN_AGENTS) != 0 && !user->is_disabled;
}

/** Slots over which a partner's revision and count are spread. */
#define CLTI_PG_SLOTS 16

typedef struct clti_pg_connection clti_pg_connection;

/** Why something was done again. */
typedef enum clti_pg_retry { CLTI_PG_RETRY_BROKEN, CLTI_PG_RETRY_RACED, CLTI_PG_RETRY_COUNT } clti_pg_retry;

typedef struct clti_pg_pool {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t freed;
    clti_pg_connection *idle; /* given back last first */
    size_t open;              /* idle, in use, or being opened */
    size_t in_use;
    size_t waiting;
    char *server; /* "host:port" of the connection opened last */
    int64_t
        doubted_us; /* connections unused since then are asked whether they live: one like them was broken */
} clti_pg_pool;

typedef struct clti_postgres {
    clti_store store; /* first */
    char *url;        /* a secret: it may hold the password */
    char *name;       /* what is shown of it */
    size_t connections_max;
    size_t queue_max;
    int64_t call_us; /* how long one call may take in all */
    int16_t slot;    /* of this process, in list_state */
    uint8_t token_key[CLTI_TOKEN_KEY_SIZE];
    clti_pg_connection *filling; /* while a new store is filled: holds the lock on it */
    clti_pg_pool pool;
    atomic_ullong refused;   /* queue full */
    atomic_ullong failovers; /* connections to another server than the last */
    atomic_ullong retries[CLTI_PG_RETRY_COUNT];
} clti_postgres;

/* ---- connection.c ----------------------------------------------------------------------------------------
 */

typedef struct clti_pg_prepared {
    const clti_pg_statement *statement;
    bool is_there; /* in the server, or on the way */
} clti_pg_prepared;

struct clti_pg_connection {
    clti_pg_connection *next;
    clti_postgres *store;
    PGconn *pg;          /* in pipeline mode but while it copies */
    int64_t deadline_us; /* steady clock: all waiting ends then */
    int64_t used_us;     /* when it was given back */
    bool is_broken;      /* closed when given back */
    bool warned;         /* the server has sent a warning; cleared by whoever wants to know */
    clti_pg_prepared *prepared;
    size_t prepared_count, prepared_capacity;
    uint16_t *expected; /* what results are still to come, in order (pipeline.c) */
    size_t expected_first, expected_count, expected_capacity;
};

/** @brief A deadline for a call that begins now. */
int64_t clti_pg_deadline(const clti_postgres *store);

/** @brief Connect; on success the connection is the caller's. A host that does not answer takes two seconds,
 * whatever the deadline. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_connect(clti_postgres *store, int64_t deadline_us,
                                                clti_pg_connection **out, clti_fault *fault);

/** @brief Close; NULL is allowed. */
void clti_pg_disconnect(clti_pg_connection *connection);

/** @brief Wait until one result is there, or NULL for libpq's end of results. For pipeline.c and for copying.
 */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_wait_result(clti_pg_connection *on, PGresult **out,
                                                    clti_fault *fault);

/** @brief Send what libpq still holds back. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_flush(clti_pg_connection *on, clti_fault *fault);

/** @brief Run a text of statements without parameters, outside of the pipeline. Results are dropped. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_script(clti_pg_connection *on, const char *text, clti_fault *fault);

/* ---- pipeline.c ------------------------------------------------------------------------------------------
 */

/** @brief Queue a statement, prepared before if need be. NULL: it has no parameters. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_send(clti_pg_connection *on, const clti_pg_statement *statement,
                                             const clti_pg_parameters *parameters, clti_fault *fault);

/** @brief End what was queued, and send it. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_sync(clti_pg_connection *on, clti_fault *fault);

/** @brief Wait for the result of the next statement; the caller frees it (PQclear()). After anything but DONE
 * *out is NULL, and the statements behind it up to the sync were not run. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_receive(clti_pg_connection *on, PGresult **out, clti_fault *fault);

/** @brief After clti_pg_sync(): the next statement's rows come one by one, with clti_pg_next_row(). */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_begin_rows(clti_pg_connection *on, clti_fault *fault);

/** @brief Wait for one row, which the caller frees; NULL behind the last. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_next_row(clti_pg_connection *on, PGresult **out, clti_fault *fault);

/** @brief Drop all results that are still to come, syncs included: the connection is ready for other work.
 * DONE if it is, whatever the results were. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_drain(clti_pg_connection *on, clti_fault *fault);

/** @brief One statement: send, sync, receive, drain. The caller frees the result. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_call(clti_pg_connection *on, const clti_pg_statement *statement,
                                             const clti_pg_parameters *parameters, PGresult **out,
                                             clti_fault *fault);

/* ---- pool.c ----------------------------------------------------------------------------------------------
 */

CLTI_MUST_CHECK bool clti_pg_pool_init(clti_pg_pool *pool);

/** @brief Close all connections; none may be in use. Also for one whose init failed. */
void clti_pg_pool_done(clti_pg_pool *pool);

/** @brief A connection for one call, by the deadline, which becomes its own. FAILED with BUSY if too many
 * wait. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_take(clti_postgres *store, int64_t deadline_us,
                                             clti_pg_connection **out, clti_fault *fault);

/** @brief Give it back. One that is broken, or in a transaction, is closed. */
void clti_pg_give(clti_pg_connection *connection);

/* ---- run.c: doing it again -------------------------------------------------------------------------------
 */

/** What a call does with a connection; it is done again if it can be, so it must only read. */
typedef clti_pg_verdict (*clti_pg_work)(clti_pg_connection *on, void *user, clti_fault *fault);

/** @brief Run it, again while its connection breaks, until the deadline of the call. */
CLTI_MUST_CHECK bool clti_pg_run(clti_postgres *store, clti_pg_work work, void *user, clti_fault *fault);

/** @brief One statement that reads, in such a run. The caller frees the result. */
CLTI_MUST_CHECK bool clti_pg_read(clti_postgres *store, const clti_pg_statement *statement,
                                  const clti_pg_parameters *parameters, PGresult **out, clti_fault *fault);

/** @brief Count a retry and pause before it, longer each time. @param attempt  From 0. @retval false  no: it
 * cannot help (DONE, FAILED), it was too often, or the deadline is too near; the fault stands. */
CLTI_MUST_CHECK bool clti_pg_again(clti_postgres *store, clti_pg_verdict verdict, unsigned attempt,
                                   int64_t deadline_us);

/** @brief Begin a transaction that only reads and sees one view. It ends with clti_pg_end_view(), or with the
 * connection: one that is given back inside of it is closed. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_begin_view(clti_pg_connection *on, clti_fault *fault);

/** @brief Within it, statements may take as long as they take: they read much, or whoever they answer is
 * slow. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_take_time(clti_pg_connection *on, clti_fault *fault);
CLTI_MUST_CHECK clti_pg_verdict clti_pg_end_view(clti_pg_connection *on, clti_fault *fault);

/** @brief A statement whose result nobody needs. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_do(clti_pg_connection *on, const clti_pg_statement *statement,
                                           const clti_pg_parameters *parameters, clti_fault *fault);

/* ---- read.c ----------------------------------------------------------------------------------------------
 */

/** @brief State of a partner's list, on this connection. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_read_state(clti_pg_connection *on, clt_guid partner,
                                                   clti_partner_state *out, clti_fault *fault);

/* ---- failures.c ------------------------------------------------------------------------------------------
 */

/** @brief The verdict on a result that is an error, with a fault in the server's words. */
clti_pg_verdict clti_pg_judge(clti_pg_connection *on, const PGresult *result, clti_fault *fault);

/** @brief The connection is lost: mark it so. @return BROKEN */
clti_pg_verdict clti_pg_lost(clti_pg_connection *on, clti_fault *fault);

/** @brief STORE_FAILED: name of the store, what was tried, libpq's words in one line. @return false */
bool clti_pg_fail(const clti_postgres *store, const char *tried, const char *why, clti_fault *fault);

/** @brief A stored record that does not parse: table and key in hex. @return false */
bool clti_pg_fail_record(const clti_postgres *store, const char *table, clt_str key, clti_fault *fault);

/* ---- migrate.c, open.c ------------------------------------------------------------------------------------
 */

/** @brief That the schema is the one that this program knows. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_check_schema(clti_pg_connection *on, clti_fault *fault);

/** Advisory locks of a database: the class is ours alone. */
#define CLTI_PG_LOCK_MIGRATE "1129075785, 1"
#define CLTI_PG_LOCK_FILL    "1129075785, 2"

/** @brief A store without connections yet. */
CLTI_MUST_CHECK bool clti_pg_new(const clti_store_options *options, clti_postgres **out, clti_fault *fault);

/** @brief Close connections and free; NULL is allowed. */
void clti_pg_free(clti_postgres *store);

/** @brief Make a store that was being filled whole. */
bool clti_pg_commit_new(clti_store *store, clti_fault *fault);

/** @brief Remove what is in a store that was being filled, and let go of it. */
void clti_pg_abandon_new(clti_postgres *store);

/* ---- the operations
 * ---------------------------------------------------------------------------------------- */

bool clti_pg_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                  clti_fault *fault);
bool clti_pg_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                   clti_fault *fault);
bool clti_pg_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                           clti_customer *out, clti_access *out_access, clti_fault *fault);
bool clti_pg_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault);
bool clti_pg_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                          bool *out_found, clti_fault *fault);
bool clti_pg_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                 bool *out_found, clti_fault *fault);
bool clti_pg_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                      clti_fault *fault);
bool clti_pg_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out, size_t *out_count,
                   clti_fault *fault);
bool clti_pg_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                              clti_application *out, bool *out_found, clti_fault *fault);
bool clti_pg_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                          clti_application **out, size_t *out_count, clti_fault *fault);
bool clti_pg_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                size_t *out_count, clti_fault *fault);
bool clti_pg_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                       bool *out_found, clti_fault *fault);
bool clti_pg_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                   size_t *out_count, clti_fault *fault);
bool clti_pg_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                        bool *out_found, clti_fault *fault);
bool clti_pg_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                          clti_fault *fault);
bool clti_pg_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault);
bool clti_pg_generation(clti_store *store, uint64_t *out, clti_fault *fault);
bool clti_pg_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                        clti_audit_page *out, clti_fault *fault);
bool clti_pg_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                              clti_arena *arena, clti_idempotency *out, bool *out_found, clti_fault *fault);
bool clti_pg_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                   clti_fault *fault);
bool clti_pg_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                  clti_load_outcome *outcomes, clti_fault *fault);
bool clti_pg_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault);
bool clti_pg_ready(clti_store *store, unsigned *out_schema, clti_fault *fault);
bool clti_pg_tell(clti_store *store, const clti_told *mine, clti_arena *arena, clti_told **out,
                  size_t *out_count, clti_fault *fault);
bool clti_pg_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                    clti_fault *fault);
bool clti_pg_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                   clti_fault *fault);

#endif
