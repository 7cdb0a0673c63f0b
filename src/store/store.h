/**
 * @file store.h
 * @brief The one door to storage.
 *
 * A store keeps partners, applications, users with their grants, signing keys and customers, with the ordered
 * indexes of the list. It speaks in words of the model: no cursor, transaction or statement shows through.
 * Everything read is copied into the arena given, so nothing points into the store afterwards.
 *
 * Every implementation passes tests/store/test_conformance.c.
 * Thread: a clti_store is for any thread.
 * Errors: CLTI_FAULT_STORE_FAILED with a text that names what failed; absence is not an error.
 */
#ifndef CLTI_STORE_H
#define CLTI_STORE_H

#include "model/model.h"

typedef struct clti_store clti_store;

/** Bytes of the key that authenticates continuation tokens. */
#define CLTI_TOKEN_KEY_SIZE 32

/** A folder for the embedded store, or the URL of a database. */
typedef struct clti_store_options {
    const char *folder;
    uint64_t map_size; /**< address space for the file, bytes; 0 for the default of 1 TiB */
    const char
        *url; /**< clti_store_is_url(); NULL for the embedded store. A secret: it may hold a password */
    size_t connections; /**< to the database, at most; 0 for the default of 8 */
    size_t queue_max; /**< calls that may wait for a connection, beyond which they are refused as BUSY; 0 for
                         the default of 256 */
    uint32_t
        call_ms; /**< how long a call may take, waiting and repetition included; 0 for the default of 10 s */
} clti_store_options;

/* ---- changes -------------------------------------------------------------------------------------- */

typedef enum clti_change_kind {
    CLTI_CHANGE_PARTNER_PUT,     /**< CONFLICT if another partner has the domain */
    CLTI_CHANGE_APPLICATION_PUT, /**< NOT_FOUND if the partner does not exist */
    CLTI_CHANGE_KEY_PUT,
    CLTI_CHANGE_CUSTOMER_DELETE,    /**< CUSTOMER_NOT_FOUND if the partner does not own such a customer; STALE
                                       if it is not as expected */
    CLTI_CHANGE_APPLICATION_DELETE, /**< NOT_FOUND if there is no such application */
    CLTI_CHANGE_PARTNER_DELETE,     /**< with its applications and links; NOT_FOUND; CONFLICT while it
                                       owns customers. Its audit records stay until they expire */
    CLTI_CHANGE_LINK_PUT,        /**< NOT_FOUND if either partner does not exist; CONFLICT if they are one */
    CLTI_CHANGE_CUSTOMER_CREATE, /**< NOT_FOUND if the partner does not exist; DOMAIN_TAKEN, as in a load;
                                    CUSTOMERS_MAX if it is strict and has CLTI_STRICT_CUSTOMERS_MAX;
                                    RESELLER_NOT_FOUND or NOT_A_RESELLER for its associated partner */
    CLTI_CHANGE_CUSTOMER_UPDATE, /**< CUSTOMER_NOT_FOUND if the partner does not own such a customer; STALE if
                                    it is not as expected. The domain must be the same */
    CLTI_CHANGE_EXPIRE, /**< delete some of what is too old: each goes sooner or later if this is repeated */
    CLTI_CHANGE_USER_PUT,     /**< NOT_FOUND if the partner does not exist */
    CLTI_CHANGE_USER_DELETE,  /**< NOT_FOUND if there is no such user; with `expected` as an update */
    CLTI_CHANGE_GRANT_PUT,    /**< CONFLICT unless the one that is there has the revision before; 0: none. A
                                   new one may delete some that have expired */
    CLTI_CHANGE_GRANT_DELETE, /**< it need not be there */
    CLTI_CHANGE_KEY_DELETE,   /**< NOT_FOUND if there is no such key */
    CLTI_CHANGE_APPLICATION_CREATE, /**< NOT_FOUND if the partner does not exist; CONFLICT if it has the
                                       application; LIMIT_REACHED if it has CLTI_APPLICATIONS_MAX */
    CLTI_CHANGE_APPLICATION_UPDATE, /**< STALE if it is not as expected, or gone */
    CLTI_CHANGE_USER_CREATE,        /**< NOT_FOUND if the partner does not exist; CONFLICT if it has a user of
                                       this name or id; LIMIT_REACHED if it has CLTI_USERS_MAX */
    CLTI_CHANGE_USER_UPDATE,   /**< STALE if it is not as expected, or gone; LAST_ADMIN if it was the last
                                  enabled user with the role AdminAgents, and is so no more */
    CLTI_CHANGE_TOKEN_KEY_PUT, /**< of a new store that takes another's place; what had the old one is void */
    CLTI_CHANGE_KEY_CREATE, /**< STALE unless the store has the generation that is expected: so the keys are
                               as they were read */
    CLTI_CHANGE_NOTHING     /**< but what comes with it: audit record, idempotency */
} clti_change_kind;

/** Customers of a strict partner (api.md 4.3). */
#define CLTI_STRICT_CUSTOMERS_MAX 75

/** What may be created for one partner: lists of them are read and answered whole. */
#define CLTI_APPLICATIONS_MAX 200
#define CLTI_USERS_MAX        1000

/** One change: preconditions and writes as a value. Views must live until apply returns. */
typedef struct clti_change {
    clti_change_kind kind;
    union {
        const clti_partner *partner;
        const clti_application *application;
        const clti_signing_key *key;
        struct {
            const clti_signing_key *key;
            uint64_t generation; /**< expected */
        } created_key;
        const uint8_t *token_key; /**< CLTI_TOKEN_KEY_SIZE bytes */
        const clti_user *user;
        const clti_user_grant *grant;
        struct {
            clt_guid partner; /**< the owner */
            clt_guid id;
            const clti_customer *expected; /**< NULL: however it is */
        } customer;
        struct {
            clt_guid partner;
            clt_guid id;
        } deleted_application;
        struct {
            const clti_application *application;
            const clti_application *expected;
        } updated_application;
        struct {
            const clti_user *user; /**< of the same name */
            const clti_user *expected;
        } updated_user;
        struct {
            clt_guid partner;
            clt_str name;
            const clti_user *expected; /**< NULL: however it is, even the last administrator */
        } deleted_user;
        clt_guid deleted_partner;
        clt_guid deleted_grant;
        clt_str deleted_key;
        clti_link link;
        struct {
            clt_guid partner;              /**< the owner */
            const clti_customer *customer; /**< complete */
            const clti_customer *expected; /**< of an update */
        } written;
        struct {
            int64_t idempotency_before; /**< seconds since 1970 */
            int64_t audit_before;       /**< ticks */
            size_t most;                /**< of each */
        } expired;
    } of;
    const clti_idempotency *idempotency; /**< NULL: none. REQUEST_ID_REUSED if its key is there with another
                                            body; with the same, nothing is done but to repeat the answer */
    const clti_audit_record *audit;      /**< NULL: none. Written if the change is done */
    clti_arena *arena;                   /**< for what the outcome holds; may be NULL without idempotency */
} clti_change;

typedef struct clti_outcome {
    bool done;
    bool is_repeated;        /**< done, but by an earlier change with the same idempotency key */
    clti_answer answer;      /**< of that one */
    clti_fault_code refusal; /**< why not, if not done */
} clti_outcome;

/** What became of one customer of a load. */
typedef enum clti_load_outcome {
    CLTI_LOAD_NEW,
    CLTI_LOAD_UPDATED,
    CLTI_LOAD_UNCHANGED,
    CLTI_LOAD_DOMAIN_TAKEN /**< another customer, of any partner, has the domain, or the same id in a list
                            * that would show this one; nothing was written for it */
} clti_load_outcome;

/** How a partner sees a customer. */
typedef enum clti_access {
    CLTI_ACCESS_NONE, /**< no such customer for this partner */
    CLTI_ACCESS_OWNER,
    CLTI_ACCESS_RESELLER /**< indirect reseller: may read */
} clti_access;

typedef struct clti_partner_state {
    uint64_t revision; /**< changes with every change of the partner's list */
    uint64_t count;    /**< customers listed */
} clti_partner_state;

/* ---- opening -------------------------------------------------------------------------------------- */

/** @brief True if a text names a store on PostgreSQL: `postgresql://...`, `postgres://...`. */
bool clti_store_is_url(clt_str text);

/** @brief What may be shown of where a store is: its folder, or of the URL user, host and database. In the
 * arena.
 */
CLTI_MUST_CHECK bool clti_store_place(const clti_store_options *options, clti_arena *arena, clt_str *out,
                                      clti_fault *fault);

/** What bringing up a database has done. */
typedef struct clti_store_migration {
    unsigned from, to; /**< versions of the schema; 0: there was none */
} clti_store_migration;

/**
 * @brief Bring the schema of a database to the version that this program knows. Several at once do no harm:
 * they wait for each other.
 * @param options  With a URL.
 * @retval false  nothing was changed.
 */
CLTI_MUST_CHECK bool clti_store_migrate(const clti_store_options *options, clti_store_migration *out,
                                        clti_fault *fault);

/**
 * @brief Make a new, empty store in a folder that holds none.
 *
 * The folder is created if need be (mode 0700). The store appears only with clti_store_commit_new(): until
 * then it is built aside, so that an interrupted set-up leaves nothing behind that looks whole.
 * @retval false  the folder already holds a store (nothing is touched), cannot be written, ...
 */
CLTI_MUST_CHECK bool clti_store_create(const clti_store_options *options, clti_store **out,
                                       clti_fault *fault);

/** @brief Put a created store in its place. Closes it, on failure too; *store is NULL afterwards. */
CLTI_MUST_CHECK bool clti_store_commit_new(clti_store **store, clti_fault *fault);

/**
 * @brief Make a new store with the content of a snapshot, as clti_store_create() makes an empty one.
 * @param descriptor  Read to its end.
 * @retval false  also if a signal comes while it waits to read, or if what is read is no snapshot, or cut
 *                short. A snapshot that is damaged inside shows only to clti_store_check().
 */
CLTI_MUST_CHECK bool clti_store_restore(const clti_store_options *options, int descriptor, clti_store **out,
                                        clti_fault *fault);

/** @brief Open what clti_store_create() made. The fault says if it is missing, foreign or of another format.
 */
CLTI_MUST_CHECK bool clti_store_open(const clti_store_options *options, clti_store **out, clti_fault *fault);

/** @brief Close; NULL is allowed. A created store that was not committed is removed. */
void clti_store_close(clti_store *store);

/** @brief Claim the store for one server until it is closed. @retval false another process serves it. */
CLTI_MUST_CHECK bool clti_store_claim(clti_store *store, clti_fault *fault);

/** @brief True if some process has claimed the store. */
bool clti_store_is_claimed(clti_store *store);

/**
 * @brief Let the calls of this thread, of any store that waits for another machine, end by a moment, if that
 * is sooner than they would by themselves.
 * @param steady_us  Of clti_steady_us(); 0: no such moment any more.
 */
void clti_store_calls_end_by(int64_t steady_us);

/* ---- reading -------------------------------------------------------------------------------------- */

/** @brief One page, with the state of the partner's list in the same view. Cost O(log n + size) at any depth.
 */
CLTI_MUST_CHECK bool clti_store_list(clti_store *store, const clti_list_query *query, clti_arena *arena,
                                     clti_list_page *out, clti_fault *fault);

/** @brief One customer as this partner may see it; *out is set unless the access is NONE. */
CLTI_MUST_CHECK bool clti_store_customer_find(clti_store *store, clt_guid partner, clt_guid id,
                                              clti_arena *arena, clti_customer *out, clti_access *out_access,
                                              clti_fault *fault);

/** @brief A partner by id; *out_found false if there is none. */
CLTI_MUST_CHECK bool clti_store_partner_find(clti_store *store, clt_guid id, clti_arena *arena,
                                             clti_partner *out, bool *out_found, clti_fault *fault);

/** @brief A partner by domain, any case. */
CLTI_MUST_CHECK bool clti_store_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena,
                                                    clti_partner *out, bool *out_found, clti_fault *fault);

/** @brief True if a customer of any partner has the domain, any case. */
CLTI_MUST_CHECK bool clti_store_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken,
                                                clti_fault *fault);

/** @brief An application of a partner. */
CLTI_MUST_CHECK bool clti_store_application_find(clti_store *store, clt_guid partner, clt_guid id,
                                                 clti_arena *arena, clti_application *out, bool *out_found,
                                                 clti_fault *fault);

/** @brief A user of a partner by name, in lower case. */
CLTI_MUST_CHECK bool clti_store_user_find(clti_store *store, clt_guid partner, clt_str name,
                                          clti_arena *arena, clti_user *out, bool *out_found,
                                          clti_fault *fault);

/** @brief All users of a partner, or with NULL of all, ordered by partner and name. Hashes and second factors
 * are secrets. */
CLTI_MUST_CHECK bool clti_store_users(clti_store *store, const clt_guid *partner, clti_arena *arena,
                                      clti_user **out, size_t *out_count, clti_fault *fault);

/** @brief A grant by id, expired or not. */
CLTI_MUST_CHECK bool clti_store_grant_find(clti_store *store, clt_guid id, clti_arena *arena,
                                           clti_user_grant *out, bool *out_found, clti_fault *fault);

/** @brief All partners, ordered by id. */
CLTI_MUST_CHECK bool clti_store_partners(clti_store *store, clti_arena *arena, clti_partner **out,
                                         size_t *out_count, clti_fault *fault);

/** @brief The links of a partner, as provider first, then as reseller, each ordered by the other's id. */
CLTI_MUST_CHECK bool clti_store_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out,
                                      size_t *out_count, clti_fault *fault);

/** @brief How many items a query has in all, counted up to `most`; start, position and size are ignored. */
CLTI_MUST_CHECK bool clti_store_count(clti_store *store, const clti_list_query *query, uint64_t most,
                                      uint64_t *out, clti_fault *fault);

/** @brief All applications of a partner, or with NULL of all, ordered by partner and id. */
CLTI_MUST_CHECK bool clti_store_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                                             clti_application **out, size_t *out_count, clti_fault *fault);

/** @brief The applications of this id, whose partners are several, ordered by partner. Others are not read.
 */
CLTI_MUST_CHECK bool clti_store_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena,
                                                   clti_application **out, size_t *out_count,
                                                   clti_fault *fault);

/** @brief All signing keys, newest first. The texts are secrets. */
CLTI_MUST_CHECK bool clti_store_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out,
                                             size_t *out_count, clti_fault *fault);

/** @brief Count and revision of a partner's list; zeros for one that never had a customer. */
CLTI_MUST_CHECK bool clti_store_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out,
                                              clti_fault *fault);

/** @brief A number that changes with every change of partners, applications, links, users and signing keys.
 * Cheap.
 */
CLTI_MUST_CHECK bool clti_store_generation(clti_store *store, uint64_t *out, clti_fault *fault);

/** @brief The key of this store's continuation tokens; the same for its whole life. */
CLTI_MUST_CHECK bool clti_store_token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE],
                                          clti_fault *fault);

/** What is asked of the audit records of one partner. */
typedef struct clti_audit_query {
    clt_guid partner;
    int64_t from, to;     /**< ticks; `to` is the first that is too late */
    clt_guid customer;    /**< of this customer; absent for any */
    clt_str folded_name;  /**< the fold of the customer's name contains it; empty for any */
    const char *resource; /**< of operations on this kind of resource; NULL for any */
    uint8_t operation;    /**< clti_audit_operation, 0 for any */
    clt_guid application; /**< done by this application; absent for any */
    clt_str user;         /**< done by this user, case of ASCII ignored; empty for any */
    bool is_forwards;     /**< towards newer ones, the `size` nearest to `from` */
    size_t size;
} clti_audit_query;

typedef struct clti_audit_page {
    clti_audit_record *records; /**< newest first */
    size_t count;
    bool has_more; /**< further records in the direction of the scan */
} clti_audit_page;

/** @brief Audit records, newest first. Cost O(log n + records between `from` and `to` until the page is
 * full).
 */
CLTI_MUST_CHECK bool clti_store_audit_list(clti_store *store, const clti_audit_query *query,
                                           clti_arena *arena, clti_audit_page *out, clti_fault *fault);

/**
 * @brief What is kept under an idempotency key, unless it is older than CLTI_IDEMPOTENCY_SECONDS.
 * @param now  Seconds since 1970.
 */
CLTI_MUST_CHECK bool clti_store_idempotency_find(clti_store *store, clt_guid partner, clt_guid key,
                                                 int64_t now, clti_arena *arena, clti_idempotency *out,
                                                 bool *out_found, clti_fault *fault);

/* ---- writing -------------------------------------------------------------------------------------- */

/**
 * @brief Apply a group of changes durably, in order, each with an outcome of its own: one refusal does not
 * hurt its neighbours.
 *
 * The embedded store does it in one transaction. On PostgreSQL, changes of customers are a transaction for
 * each partner; if some of these fail, the outcomes of their changes tell it: STORE_FAILED or BUSY.
 * @retval false  nothing at all was changed; or the fault's text says that it is not known, as when a
 * database is lost in the moment of the commit.
 */
CLTI_MUST_CHECK bool clti_store_apply(clti_store *store, const clti_change *changes, size_t count,
                                      clti_outcome *outcomes, clti_fault *fault);

/**
 * @brief Insert or replace many customers of one partner in one durable transaction, as if one after the
 *        other. Customers must be complete (clti_customer_complete()).
 * @retval false  nothing at all was changed.
 */
CLTI_MUST_CHECK bool clti_store_load(clti_store *store, clt_guid partner, const clti_customer *customers,
                                     size_t count, clti_load_outcome *outcomes, clti_fault *fault);

/**
 * @brief Delete up to `most` customers that a partner owns, lowest ids first, in one durable transaction.
 * @param[out] out_deleted  Less than `most` says that none is left.
 */
CLTI_MUST_CHECK bool clti_store_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted,
                                      clti_fault *fault);

/* ---- telling other servers --------------------------------------------------------------------------- */

/** What another server of the same store has told. */
typedef struct clti_told {
    clt_guid server;
    uint64_t tick; /**< that server's number of it, rising */
    clt_str bytes;
} clti_told;

/**
 * @brief Tell the other servers of the same store something, and learn what they have told in the last
 * seconds.
 *
 * Not kept for long, and lost if the database fails. Only for a store of which clti_store_has_pool() is true.
 * @param mine      Nothing is told if its bytes are empty.
 * @param[out] out  Of others, ordered by server and tick; in the arena. Mostly what the last call gave, too.
 */
CLTI_MUST_CHECK bool clti_store_tell(clti_store *store, const clti_told *mine, clti_arena *arena,
                                     clti_told **out, size_t *out_count, clti_fault *fault);

/* ---- copying -------------------------------------------------------------------------------------- */

/**
 * @brief Write a snapshot: all of the store in one consistent view, without the room that is free in it.
 *
 * Others go on reading and writing meanwhile; what they free is not used again until it ends.
 * @param descriptor  A file or a pipe; not synced, not closed.
 */
CLTI_MUST_CHECK bool clti_store_snapshot(clti_store *store, int descriptor, clti_fault *fault);

/**
 * @brief Append an entry as bytes: the same for the same entry of any store. No form to be kept in files.
 */
void clti_store_entry_write(const clti_entry *entry, clti_buf *out);

/** @brief Read such bytes; texts are views into them. @retval false  it is no entry. */
CLTI_MUST_CHECK bool clti_store_entry_read(clt_str bytes, clti_entry *out);

/** Takes one entry; its texts are valid during the call. @return false to end, with a fault */
typedef bool (*clti_stream_fn)(void *user, const clti_entry *entry, clti_fault *fault);

/**
 * @brief Give everything, in one consistent view: by kind, each in the order of ids.
 *
 * Others go on meanwhile, as with a snapshot. The callback must not write to this store.
 * @param partner  Only what is kept below this one; NULL for all.
 */
CLTI_MUST_CHECK bool clti_store_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry,
                                       void *user, clti_fault *fault);

/* ---- counting ------------------------------------------------------------------------------------- */

/** Kinds of operations that a store counts, for its operator. */
typedef enum clti_store_counted {
    CLTI_STORE_LISTS,
    CLTI_STORE_FINDS,
    CLTI_STORE_COUNTS,
    CLTI_STORE_APPLIES,
    CLTI_STORE_FAILURES, /**< of any kind */
    CLTI_STORE_COUNTED_COUNT
} clti_store_counted;

/** @brief How many there were since the store was opened. */
uint64_t clti_store_counter(const clti_store *store, clti_store_counted what);

/** @brief Its name: `list`, `find`, ... */
const char *clti_store_counted_name(clti_store_counted what);

/** The connections of a store on a database, now, and what has happened to them since it was opened. */
typedef struct clti_store_pool {
    size_t connections_max;
    size_t open, in_use; /**< connections */
    size_t waiting;      /**< calls that wait for one */
    uint64_t refused;    /**< calls, since too many waited */
    uint64_t retries_broken,
        retries_raced;  /**< done again: after a lost connection, after others came between */
    uint64_t failovers; /**< connections to another host than the one before */
} clti_store_pool;

/**
 * @brief Can the store be read, and is the schema of its database as new as this program needs it?
 * @param[out] out_schema  Its version; 0: it is in no database.
 */
CLTI_MUST_CHECK bool clti_store_ready(clti_store *store, unsigned *out_schema, clti_fault *fault);

/** @brief True if calls of this store wait for another machine: then *out is filled, unless it is NULL. */
bool clti_store_has_pool(clti_store *store, clti_store_pool *out);

/* ---- checking ------------------------------------------------------------------------------------- */

/** What a check has seen. */
typedef struct clti_check_summary {
    uint64_t users, grants;                              /**< read */
    uint64_t partners, applications, customers, entries; /**< read; entries are those of all indexes */
    uint64_t audit_records, idempotency_records;
    uint64_t findings; /**< things that are wrong */
} clti_check_summary;

/** Called with one line about each thing that is wrong and where. */
typedef void (*clti_check_finding)(void *user, clt_str text);

/**
 * @brief Read the whole store and verify every index against the records and the counters, in one consistent
 *        view. A finding is not a failure; it fails only if it cannot go on reading.
 */
CLTI_MUST_CHECK bool clti_store_check(clti_store *store, clti_check_finding on_finding, void *user,
                                      clti_check_summary *out, clti_fault *fault);

#endif
