/**
 * @file lmdb_private.h
 * @brief What the files of the embedded store share.
 *
 * Functions that return bool fill the fault on failure only; MDB codes never leave the folder.
 */
#ifndef CLTI_LMDB_PRIVATE_H
#define CLTI_LMDB_PRIVATE_H

#include "store/index.h"
#include "store/lmdb/lmdb_store.h"
#include "store/store_private.h"

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

/** Formats 2 and 3 came with the databases from CLTI_LMDB_AUDIT on; an older store is brought up when it is
 * opened.
 */
#define CLTI_LMDB_FORMAT 3

/** Named databases; what is in them stands in key.c. */
typedef enum clti_lmdb_database {
    CLTI_LMDB_META,
    CLTI_LMDB_PARTNERS,
    CLTI_LMDB_PARTNER_DOMAINS,
    CLTI_LMDB_APPLICATIONS,
    CLTI_LMDB_SIGNING_KEYS,
    CLTI_LMDB_CUSTOMERS,
    CLTI_LMDB_DOMAINS,
    CLTI_LMDB_NAMES,
    CLTI_LMDB_NAMES_BY_DOMAIN,
    CLTI_LMDB_RELATED,
    CLTI_LMDB_SHARED,
    CLTI_LMDB_PARTNER_STATE,
    CLTI_LMDB_LINKS,
    CLTI_LMDB_AUDIT,
    CLTI_LMDB_IDEMPOTENCY,
    CLTI_LMDB_USERS,
    CLTI_LMDB_GRANTS,
    CLTI_LMDB_DATABASE_COUNT
} clti_lmdb_database;

/** LMDB's limit, as compiled in Debian. */
#define CLTI_LMDB_KEY_MAX 511

typedef struct clti_lmdb_key {
    size_t size;
    uint8_t bytes[CLTI_LMDB_KEY_MAX];
} clti_lmdb_key;

/** A read transaction that waits, reset, for its next use. */
typedef struct clti_lmdb_reader {
    struct clti_lmdb_reader *next;
    MDB_txn *txn;
    MDB_cursor *cursors[CLTI_LMDB_DATABASE_COUNT]; /* opened when first needed */
} clti_lmdb_reader;

typedef struct clti_lmdb {
    clti_store store; /* first */
    char *folder;
    char *building; /* while a new store is built: its folder */
    int folder_fd;  /* while a new store is built: locked */
    bool made_folder;
    MDB_env *env;
    MDB_dbi databases[CLTI_LMDB_DATABASE_COUNT];
    uint8_t token_key[CLTI_TOKEN_KEY_SIZE];
    int claim_fd;         /* -1 if not claimed by us */
    pthread_mutex_t lock; /* guards idle, and who refreshes the generation */
    clti_lmdb_reader *idle;
    _Atomic size_t generation_txn; /* transaction at which the generation was read; 0: never */
    _Atomic uint64_t generation;
    clti_lmdb_key expired[2]; /* where expiry goes on, in audit and idempotency; the writer's own */
    clt_guid expired_grant;   /* where expiry goes on; for the one who writes */
} clti_lmdb;

/* ---- key.c: the only place where keys are built ---- */

void clti_lmdb_key_guid(clti_lmdb_key *key, clt_guid id);
void clti_lmdb_key_pair(clti_lmdb_key *key, clt_guid partner, clt_guid id);

/** @retval false  LMDB cannot have this as key (empty, too long): nothing can stand under it. */
CLTI_MUST_CHECK bool clti_lmdb_key_text(clti_lmdb_key *key, clt_str text);

/** @brief The key of a user. @retval false  nothing can stand under such a name. */
CLTI_MUST_CHECK bool clti_lmdb_key_user(clti_lmdb_key *key, clt_guid partner, clt_str name);

/** @brief The part of a list's keys before the fold. `related` is for the two relationship fields. */
void clti_lmdb_key_list(clti_lmdb_key *key, clti_list_field field, clt_guid partner, clt_guid related);

/** As what a partner takes part in a link. */
typedef enum clti_lmdb_role { CLTI_LMDB_PROVIDER = 1, CLTI_LMDB_RESELLER = 2 } clti_lmdb_role;

/** @brief The key of a link as `partner`, who has this role in it, finds it. */
void clti_lmdb_key_link(clti_lmdb_key *key, clt_guid partner, clti_lmdb_role role, clt_guid other);

/** @brief The link of such a key. @retval false  it is no such key. */
CLTI_MUST_CHECK bool clti_lmdb_read_link(clt_str key, clti_link *out);

/** @brief The key of a partner's audit record. */
void clti_lmdb_key_date(clti_lmdb_key *key, clt_guid partner, int64_t date);

/** @brief Partner and date of such a key. @retval false  it is no such key. */
CLTI_MUST_CHECK bool clti_lmdb_read_date(clt_str key, clt_guid *out_partner, int64_t *out_date);

/** @brief The key of what the indexes hold. @return its database */
clti_lmdb_database clti_lmdb_key_entry(clti_lmdb_key *key, const clti_index_entry *entry, clt_str position);

/** @brief Append to a list's key. */
void clti_lmdb_key_add(clti_lmdb_key *key, clt_str bytes);

/** @brief The database of a list field. */
clti_lmdb_database clti_lmdb_list_database(clti_list_field field);

clt_str clti_lmdb_key_str(const clti_lmdb_key *key);

/* ---- transaction.c ---- */

/** @brief A fault for an MDB or errno code: folder, what was tried, LMDB's words. @return false */
bool clti_lmdb_fail(const clti_lmdb *store, const char *tried, int code, clti_fault *fault);

/** @brief A fault for a stored record that does not parse: database and key in hex. @return false */
bool clti_lmdb_fail_record(const clti_lmdb *store, clti_lmdb_database database, clt_str key,
                           clti_fault *fault);

/** @brief Name of a database in the file. */
const char *clti_lmdb_database_name(clti_lmdb_database database);

/** @brief A read transaction from the pool; give it back with clti_lmdb_read_end(). NULL on failure. */
clti_lmdb_reader *clti_lmdb_read_begin(clti_lmdb *store, clti_fault *fault);
void clti_lmdb_read_end(clti_lmdb *store, clti_lmdb_reader *reader);

/** @brief The reader's cursor on a database. NULL on failure. */
MDB_cursor *clti_lmdb_read_cursor(clti_lmdb *store, clti_lmdb_reader *reader, clti_lmdb_database database,
                                  clti_fault *fault);

/** @brief Free a reader that is not in the pool. */
void clti_lmdb_reader_free(clti_lmdb_reader *reader);

/** A transaction, so that store and transaction need not be passed side by side. */
typedef struct clti_lmdb_txn {
    clti_lmdb *store;
    MDB_txn *txn;
} clti_lmdb_txn;

/** LMDB's type has no const; LMDB does not write through keys and values that it is given. */
MDB_val clti_lmdb_val(clt_str bytes);

/** @brief Get a value; absent view if there is none. Valid until the next write. */
CLTI_MUST_CHECK bool clti_lmdb_get(clti_lmdb_txn in, clti_lmdb_database database, clt_str key, clt_str *out,
                                   clti_fault *fault);
CLTI_MUST_CHECK bool clti_lmdb_put(clti_lmdb_txn in, clti_lmdb_database database, clt_str key, clt_str value,
                                   clti_fault *fault);
/** @brief Delete; it need not be there. */
CLTI_MUST_CHECK bool clti_lmdb_delete(clti_lmdb_txn in, clti_lmdb_database database, clt_str key,
                                      clti_fault *fault);

/** @brief Copy the first key that begins with a partner's id; empty if there is none. */
CLTI_MUST_CHECK bool clti_lmdb_first_key(clti_lmdb_txn in, clti_lmdb_database database, clt_guid partner,
                                         clti_lmdb_key *out, clti_fault *fault);

/** @brief Big-endian number as value. */
void clti_lmdb_write_u64(uint64_t number, uint8_t out[8]);
uint64_t clti_lmdb_read_u64(const uint8_t in[8]);

/** @brief Add to a partner's count and take its next revision. */
CLTI_MUST_CHECK bool clti_lmdb_state_add(clti_lmdb_txn in, clt_guid partner, int64_t count,
                                         clti_fault *fault);

/** @brief Get a partner's state; zeros if there is none. */
CLTI_MUST_CHECK bool clti_lmdb_state_get(clti_lmdb_txn in, clt_guid partner, clti_partner_state *out,
                                         clti_fault *fault);

/* ---- read.c, list.c, audit.c, apply.c, load.c, check.c, claim.c, create.c: the operations ---- */

bool clti_lmdb_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                    clti_fault *fault);
bool clti_lmdb_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                             clti_customer *out, clti_access *out_access, clti_fault *fault);
bool clti_lmdb_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                            bool *out_found, clti_fault *fault);
bool clti_lmdb_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault);
bool clti_lmdb_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                   bool *out_found, clti_fault *fault);
bool clti_lmdb_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                                clti_application *out, bool *out_found, clti_fault *fault);
bool clti_lmdb_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                         bool *out_found, clti_fault *fault);
bool clti_lmdb_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                     size_t *out_count, clti_fault *fault);
bool clti_lmdb_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                          bool *out_found, clti_fault *fault);
bool clti_lmdb_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                        clti_fault *fault);
bool clti_lmdb_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out,
                     size_t *out_count, clti_fault *fault);
bool clti_lmdb_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                     clti_fault *fault);
bool clti_lmdb_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                            clti_application **out, size_t *out_count, clti_fault *fault);
bool clti_lmdb_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                  size_t *out_count, clti_fault *fault);
bool clti_lmdb_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                            clti_fault *fault);
bool clti_lmdb_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault);
bool clti_lmdb_generation(clti_store *store, uint64_t *out, clti_fault *fault);
bool clti_lmdb_token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault);
bool clti_lmdb_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                          clti_audit_page *out, clti_fault *fault);
bool clti_lmdb_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                                clti_arena *arena, clti_idempotency *out, bool *out_found, clti_fault *fault);
bool clti_lmdb_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                     clti_fault *fault);
bool clti_lmdb_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                    clti_load_outcome *outcomes, clti_fault *fault);
bool clti_lmdb_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted,
                     clti_fault *fault);
bool clti_lmdb_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                     clti_fault *fault);
bool clti_lmdb_snapshot(clti_store *store, int descriptor, clti_fault *fault);
bool clti_lmdb_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                      clti_fault *fault);
bool clti_lmdb_claim(clti_store *store, clti_fault *fault);
bool clti_lmdb_is_claimed(clti_store *store);
bool clti_lmdb_commit_new(clti_store *store, clti_fault *fault);

/* ---- users.c: what apply.c needs for users and their grants ---- */

/** Why a change is refused; CLTI_FAULT_COUNT: it is not. */
typedef clti_fault_code clti_lmdb_refusal;

CLTI_MUST_CHECK bool clti_lmdb_user_put(clti_lmdb_txn in, const clti_user *user, clti_lmdb_refusal *out,
                                        clti_fault *fault);
CLTI_MUST_CHECK bool clti_lmdb_user_delete(clti_lmdb_txn in, clt_guid partner, clt_str name,
                                           clti_lmdb_refusal *out, clti_fault *fault);
CLTI_MUST_CHECK bool clti_lmdb_grant_put(clti_lmdb_txn in, const clti_user_grant *grant,
                                         clti_lmdb_refusal *out, clti_fault *fault);
CLTI_MUST_CHECK bool clti_lmdb_grant_delete(clti_lmdb_txn in, clt_guid id, clti_fault *fault);

/* ---- size.c ---- */

/** @brief Refuse a data file that was cut short; to be called before anything is read out of it. */
CLTI_MUST_CHECK bool clti_lmdb_check_size(clti_lmdb *store, clti_fault *fault);

/* ---- open.c ---- */

/** @brief A store without environment yet. NULL if memory is out. */
clti_lmdb *clti_lmdb_new(const char *folder);

/** @brief Open the environment in a folder, which must exist. */
CLTI_MUST_CHECK bool clti_lmdb_open_environment(clti_lmdb *store, const char *folder, uint64_t map_size,
                                                clti_fault *fault);

/** @brief Open the databases of an environment that is open; the fault says if they are not those of a store.
 */
CLTI_MUST_CHECK bool clti_lmdb_open_databases(clti_lmdb *store, clti_fault *fault);

/** @brief Close readers and environment, keep the rest. */
void clti_lmdb_close_environment(clti_lmdb *store);

/** @brief Undo a create that was not committed. */
void clti_lmdb_remove_building(clti_lmdb *store);

#endif
