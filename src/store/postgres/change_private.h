/**
 * @file change_private.h
 * @brief What the files share that write: transactions, and the statements of changes.
 *
 * Each change is one statement, which cannot fail for business reasons. It reads whether the change may be
 * done
 * (`seen`), does it if so (`done` has a row then), and with it what comes with each change: its audit record
 * and what is kept of the request. It returns the verdict, what is kept of an earlier request of the same
 * key, and whether all was done that the verdict promised. If not, somebody else was faster after the
 * statement had looked: the group is rolled back and tried again, and sees it then.
 */
#ifndef CLTI_PG_CHANGE_PRIVATE_H
#define CLTI_PG_CHANGE_PRIVATE_H

#include "store/index.h"
#include "store/postgres/postgres_private.h"

/* ---- write.c: transactions --------------------------------------------------------------------------------
 */

/** The writing of one transaction, on a connection where it has been begun: the results of what was sent for
 * that (CLTI_PG_BEGUN) come first. It is done anew if need be, so it must not keep anything of an earlier
 * try.
 * @param[out] out_commit  False: nothing was written that anybody waits for. */
typedef clti_pg_verdict (*clti_pg_write_work)(clti_pg_connection *on, void *user, bool *out_commit,
                                              clti_fault *fault);

/** Instead of a deadline, of work that takes its time and sets deadlines of its own: tries go on for the time
 * of a call after the first one has failed. */
#define CLTI_PG_LONG INT64_MAX

/** Statements that are sent before the work's own. */
#define CLTI_PG_BEGUN 2

/**
 * @brief Do it in one durable transaction, exactly once, however often connections break or others get in the
 * way.
 * @retval false  Nothing was written; or, as the fault's text says then, it is not known: the connection
 * broke after COMMIT was sent, and the time was up before anybody could be asked.
 */
CLTI_MUST_CHECK bool clti_pg_write(clti_postgres *store, int64_t deadline_us, clti_pg_write_work work,
                                   void *user, clti_fault *fault);

/** @brief Receive so many results that say nothing. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_drop(clti_pg_connection *on, size_t count, clti_fault *fault);

/** @brief Others got in the way: RACED, and the fault that tells so if it does not end. */
clti_pg_verdict clti_pg_raced(const clti_postgres *store, clti_fault *fault);

/* ---- arrays.c: arrays as parameters -----------------------------------------------------------------------
 */

/** An array in binary form, made element by element. */
typedef struct clti_pg_array {
    clti_buf bytes;
    uint32_t type;
    uint32_t count;
} clti_pg_array;

void clti_pg_array_init(clti_pg_array *array);
void clti_pg_array_done(clti_pg_array *array);

/** @brief Empty. */
void clti_pg_array_of_guids(clti_pg_array *array);
void clti_pg_array_of_bytes(clti_pg_array *array);
void clti_pg_array_of_numbers(clti_pg_array *array);

void clti_pg_array_add_guid(clti_pg_array *array, clt_guid id);
void clti_pg_array_add_bytes(clti_pg_array *array, clt_str bytes);
void clti_pg_array_add_number(clti_pg_array *array, int64_t number);

/** @brief As a parameter; a view into the array. @retval false  memory was out. */
CLTI_MUST_CHECK bool clti_pg_add_array(clti_pg_parameters *to, clti_pg_array *array);

/* ---- locks.c ---- */

/**
 * @brief Send the locks under which customers may be created for owners, so that they are shown to resellers
 * too: a partner that gets a customer is not deleted meanwhile; and lists of which the statements read more
 * than they write (a strict partner's count, the ids in a reseller's list) change for one transaction at a
 * time.
 * @param[out] out_sent  Results to drop.
 */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_send_locks(clti_pg_connection *on, clti_pg_array *owners,
                                                   clti_pg_array *resellers, size_t *out_sent,
                                                   clti_fault *fault);

/* ---- difference.c: what the indexes gain and lose
 * ----------------------------------------------------------- */

/** Rows of list_item that go and come, and how many customers each viewer's list gains. */
typedef struct clti_pg_difference {
    clti_pg_array gone_viewers, gone_keys; /* in the order of the parameters */
    clti_pg_array put_viewers, put_keys, put_items;
    clti_pg_array unshared_viewers, unshared_ids;
    clti_pg_array shared_viewers, shared_ids;
    clti_pg_array state_viewers, state_counts;
} clti_pg_difference;

void clti_pg_difference_init(clti_pg_difference *difference);
void clti_pg_difference_done(clti_pg_difference *difference);
void clti_pg_difference_clear(clti_pg_difference *difference);

/** @brief Add what differs between two states of a customer. */
CLTI_MUST_CHECK bool clti_pg_difference_add(clti_pg_difference *to, const clti_index *from,
                                            const clti_index *now, clti_fault *fault);

/** Parameters that clti_pg_add_difference() adds. */
#define CLTI_PG_DIFFERENCE_PARAMETERS 13

/** @brief As parameters, with the owner and the slot; views into the difference. */
CLTI_MUST_CHECK bool clti_pg_add_difference(clti_pg_parameters *to, clti_pg_difference *difference,
                                            clt_guid owner, int16_t slot, clti_fault *fault);

/** Longest id of a signing key, and longest fold of a domain: what an index of PostgreSQL takes for sure. */
#define CLTI_PG_ID_MAX 511

/* ---- the texts of statements ------------------------------------------------------------------------------
 */

#define CLTI_PG_TEXT_OF(macro) #macro
#define CLTI_PG_TEXT(macro)    CLTI_PG_TEXT_OF(macro)

/* Verdicts, as the statements return them; change.c has the refusals. */
#define CLTI_PG_SEEN_FREE           0
#define CLTI_PG_SEEN_REPEATED       1
#define CLTI_PG_SEEN_NOT_FOUND      2
#define CLTI_PG_SEEN_CONFLICT       3
#define CLTI_PG_SEEN_INVALID        4
#define CLTI_PG_SEEN_STALE          5
#define CLTI_PG_SEEN_LIMIT_REACHED  6
#define CLTI_PG_SEEN_LAST_ADMIN     7
#define CLTI_PG_SEEN_CUSTOMERS_MAX  8
#define CLTI_PG_SEEN_NO_CUSTOMER    9
#define CLTI_PG_SEEN_NO_RESELLER    10
#define CLTI_PG_SEEN_NOT_A_RESELLER 11
#define CLTI_PG_SEEN_DOMAIN_TAKEN   12

/** WHEN a condition of SQL holds, it is seen. The first that holds counts. */
#define CLTI_PG_IF(condition, word) " WHEN " condition " THEN " CLTI_PG_TEXT(CLTI_PG_SEEN_##word)

/* Parameters 1 to 7 of each change: partner, key, time and record of its request; partner, date and record of
 * its audit record. The change's own begin with 8. */
#define CLTI_PG_OWN 8

/** Begins each change: conditions (CLTI_PG_IF), the first of them that it is repeated. */
#define CLTI_PG_SEE(conditions)                                                                              \
    "WITH repeated AS (SELECT record FROM clientele.idempotency"                                             \
    " WHERE partner = $1::uuid AND key = $2::uuid AND created > $3::bigint - " CLTI_PG_TEXT(                 \
        CLTI_IDEMPOTENCY_SECONDS) "),"                                                                       \
                                  " seen AS MATERIALIZED (SELECT CASE" CLTI_PG_IF(                           \
                                      "EXISTS (SELECT FROM repeated)", REPEATED) conditions                  \
        " ELSE 0 END AS verdict), "

/** Ends each change, whose CTE `done` has a row if it was done. A date that is taken moves on to the next
 * free one. */
#define CLTI_PG_FINISH                                                                                       \
    ", kept AS (INSERT INTO clientele.idempotency AS held (partner, key, created, record)"                   \
    " SELECT $1::uuid, $2::uuid, $3::bigint, $4::bytea FROM done WHERE $1::uuid IS NOT NULL"                 \
    " ON CONFLICT (partner, key) DO UPDATE SET created = excluded.created, record = excluded.record"         \
    " WHERE held.created <= excluded.created - " CLTI_PG_TEXT(                                               \
        CLTI_IDEMPOTENCY_SECONDS) " RETURNING 1),"                                                           \
                                  " audited AS (INSERT INTO clientele.audit (partner, date, record) SELECT " \
                                  "$5::uuid,"                                                                \
                                  " CASE WHEN EXISTS (SELECT FROM clientele.audit WHERE partner = $5::uuid " \
                                  "AND date = $6::bigint)"                                                   \
                                  " THEN (SELECT taken.date + 1 FROM clientele.audit taken WHERE "           \
                                  "taken.partner = $5::uuid"                                                 \
                                  " AND taken.date >= $6::bigint AND NOT EXISTS (SELECT FROM "               \
                                  "clientele.audit next"                                                     \
                                  " WHERE next.partner = $5::uuid AND next.date = taken.date + 1) ORDER BY " \
                                  "taken.date LIMIT 1)"                                                      \
                                  " ELSE $6::bigint END, $7::bytea FROM done WHERE $5::uuid IS NOT NULL"     \
                                  " ON CONFLICT (partner, date) DO NOTHING RETURNING 1)"                     \
                                  " SELECT verdict, (SELECT record FROM repeated), EXISTS (SELECT FROM "     \
                                  "done)"                                                                    \
                                  " AND ($1::uuid IS NULL OR EXISTS (SELECT FROM kept)) AND ($5::uuid IS "   \
                                  "NULL OR EXISTS (SELECT FROM audited))"                                    \
                                  " FROM seen"

/** Of a statement that writes a difference: parameters 8 to 20 are the owner, the difference's arrays and the
 * slot. They are written if `done` has a row. */
#define CLTI_PG_WRITE_DIFFERENCE                                                                             \
    ", gone AS (DELETE FROM clientele.list_item held USING done,"                                            \
    " unnest($9::uuid[], $10::bytea[]) AS old(partner, key)"                                                 \
    " WHERE held.partner = old.partner AND held.key = old.key),"                                             \
    " put AS (INSERT INTO clientele.list_item (partner, key, item) SELECT new.partner, new.key, new.item"    \
    " FROM done, unnest($11::uuid[], $12::bytea[], $13::bytea[]) AS new(partner, key, item)"                 \
    " ON CONFLICT (partner, key) DO UPDATE SET item = excluded.item),"                                       \
    " unshared AS (DELETE FROM clientele.shared held USING done, unnest($14::uuid[], $15::uuid[]) AS "       \
    "old(partner, id)"                                                                                       \
    " WHERE held.partner = old.partner AND held.id = old.id),"                                               \
    " shared AS (INSERT INTO clientele.shared (partner, id, owner) SELECT new.partner, new.id, $8::uuid"     \
    " FROM done, unnest($16::uuid[], $17::uuid[]) AS new(partner, id)"                                       \
    " ON CONFLICT (partner, id) DO UPDATE SET owner = excluded.owner),"                                      \
    " state AS (INSERT INTO clientele.list_state AS held (partner, slot, revision, count)"                   \
    " SELECT new.partner, $20::smallint, 1, sum(new.count)::bigint"                                          \
    " FROM done, unnest($18::uuid[], $19::bigint[]) AS new(partner, count) GROUP BY new.partner"             \
    " ON CONFLICT (partner, slot) DO UPDATE SET revision = held.revision + 1, count = held.count + "         \
    "excluded.count)"

/* ---- change.c: from a change to its statement, and from its result to the outcome
 * ------------------------------- */

/** What is used again for each change. Zeroed, then clti_pg_builder_init(). */
typedef struct clti_pg_builder {
    clti_postgres *store;
    int16_t slot;                       /**< of list_state, to write to */
    const clti_pg_statement *statement; /**< what was built last */
    clti_pg_parameters parameters;
    clti_arena arena; /**< what the parameters view */
    clt_str kept[8];  /**< in it; wiped before it goes, for there may be secrets */
    size_t kept_count;
    clti_buf scratch;
    clti_folds folds, old_folds;
    clti_index index, old_index;
    clti_pg_difference difference;
} clti_pg_builder;

void clti_pg_builder_init(clti_pg_builder *builder, clti_postgres *store);
void clti_pg_builder_done(clti_pg_builder *builder);

/** @brief Make statement and parameters of a change. `old` is the customer as it is, for a change that does
 * not say how it expects it. */
CLTI_MUST_CHECK bool clti_pg_build(clti_pg_builder *builder, const clti_change *change,
                                   const clti_customer *old, clti_fault *fault);

/** @brief Read the outcome of a change. RACED if somebody was faster. */
CLTI_MUST_CHECK clti_pg_verdict clti_pg_read_outcome(clti_postgres *store, const clti_change *change,
                                                     const PGresult *result, clti_outcome *out,
                                                     clti_fault *fault);

/** @brief The two that all changes share. */
CLTI_MUST_CHECK bool clti_pg_build_common(clti_pg_builder *builder, const clti_idempotency *idempotency,
                                          const clti_audit_record *audit, clti_fault *fault);

/** @brief Keep what was just written to builder->scratch for this change, and empty that. */
CLTI_MUST_CHECK bool clti_pg_keep(clti_pg_builder *builder, clt_str *out, clti_fault *fault);

/** @brief The fold of a domain, kept; absent if there can be none. */
CLTI_MUST_CHECK bool clti_pg_keep_fold(clti_pg_builder *builder, clt_str text, clt_str *out,
                                       clti_fault *fault);

/** @brief Build the folds and the index of a customer. NULL: of none. */
CLTI_MUST_CHECK bool clti_pg_build_index(const clti_customer *customer, clt_guid owner, clti_folds *folds,
                                         clti_index *index, clti_fault *fault);

/* ---- expire.c ---- */

/** @brief Delete some of what is too old. */
CLTI_MUST_CHECK bool clti_pg_expire(clti_postgres *store, const clti_change *change, clti_fault *fault);

/* ---- change_customer.c, change_identity.c, change_user.c: the statements of each kind
 * ---------------------------- */

/** Makes the statement's own parameters, behind the common ones. */
typedef bool (*clti_pg_build_fn)(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);

bool clti_pg_build_customer_create(clti_pg_builder *builder, clt_guid owner, const clti_customer *customer,
                                   bool is_checked, clti_fault *fault);
bool clti_pg_build_customer_update(clti_pg_builder *builder, clt_guid owner, const clti_customer *customer,
                                   const clti_customer *expected, bool is_load, clti_fault *fault);
bool clti_pg_build_customer_delete(clti_pg_builder *builder, clt_guid owner, const clti_customer *expected,
                                   clt_guid id, clti_fault *fault);

bool clti_pg_build_partner_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_partner_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_application_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_application_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_application_update(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_application_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_key_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_key_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_key_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_token_key_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_link_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_nothing(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);

bool clti_pg_build_user_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_user_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_user_update(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_user_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_grant_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);
bool clti_pg_build_grant_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault);

#endif
