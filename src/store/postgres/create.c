/*
 * A new store is filled where it will stand, but nobody opens it before it is whole. Who fills holds a lock
 * of his session; what an earlier one has left is removed.
 */
#include "store/postgres/postgres_private.h"

static const char remove_all_text[] =
    "DO $$ DECLARE names text; BEGIN "
    "SELECT string_agg(format('clientele.%I', tablename), ', ') INTO names FROM pg_catalog.pg_tables "
    "WHERE schemaname = 'clientele' AND tablename <> 'migration'; "
    "EXECUTE 'TRUNCATE ' || names; END $$";

static clti_pg_verdict lock(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement try_lock = {"SELECT pg_try_advisory_lock(" CLTI_PG_LOCK_FILL ")"};
    PGresult *result;
    clti_pg_verdict verdict = clti_pg_call(on, &try_lock, NULL, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    bool locked = clti_pg_bool(result, 0, 0);
    PQclear(result);
    if (locked)
        return CLTI_PG_DONE;
    clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                   "store '%s' is being set up by another process: wait for it", on->store->name);
    return CLTI_PG_FAILED;
}

static clti_pg_verdict check_not_whole(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement find_whole = {"SELECT FROM clientele.store WHERE is_whole"};
    PGresult *result;
    clti_pg_verdict verdict = clti_pg_call(on, &find_whole, NULL, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    bool is_whole = PQntuples(result) > 0;
    PQclear(result);
    if (!is_whole)
        return CLTI_PG_DONE;
    clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                   "'%s' holds a store already; nothing was changed: use it, or name another database",
                   on->store->name);
    return CLTI_PG_FAILED;
}

static clti_pg_verdict insert_store(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement insert = {
        "INSERT INTO clientele.store (store_id, token_key) VALUES ($1, $2)"};
    clti_pg_parameters parameters;
    clti_postgres *store = on->store;
    clti_random_bytes(store->token_key, sizeof store->token_key);
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, clti_guid_random());
    clti_pg_add_bytes(&parameters, (clt_str){(const char *)store->token_key, sizeof store->token_key});
    return clti_pg_do(on, &insert, &parameters, fault);
}

/* Removing takes as long as it takes: it waits for who still reads, and files are deleted. */
static clti_pg_verdict remove_all(clti_pg_connection *on, clti_fault *fault) {
    on->deadline_us = clti_pg_deadline(on->store);
    return clti_pg_script(on, remove_all_text, fault);
}

bool clti_postgres_create(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    clti_postgres *store;
    clti_pg_connection *on;
    if (!clti_pg_new(options, &store, fault))
        return false;
    if (clti_pg_connect(store, clti_pg_deadline(store), &on, fault) != CLTI_PG_DONE) {
        clti_pg_free(store);
        return false;
    }
    if (clti_pg_check_schema(on, fault) != CLTI_PG_DONE || lock(on, fault) != CLTI_PG_DONE ||
        check_not_whole(on, fault) != CLTI_PG_DONE || remove_all(on, fault) != CLTI_PG_DONE ||
        insert_store(on, fault) != CLTI_PG_DONE) {
        clti_pg_disconnect(on);
        clti_pg_free(store);
        return false;
    }
    store->filling = on;
    *out = &store->store;
    return true;
}

/* Said, not left to the server's noticing that the connection is gone: the next one may come at once. */
static void let_go(clti_postgres *store) {
    static const clti_pg_statement unlock = {"SELECT pg_advisory_unlock(" CLTI_PG_LOCK_FILL ")"};
    clti_pg_verdict unlocked =
        store->filling->is_broken ? CLTI_PG_BROKEN : clti_pg_do(store->filling, &unlock, NULL, NULL);
    (void)unlocked; /* what is not said will be noticed */
    clti_pg_disconnect(store->filling);
    store->filling = NULL;
}

bool clti_pg_commit_new(clti_store *store, clti_fault *fault) {
    static const clti_pg_statement make_whole = {"UPDATE clientele.store SET is_whole = true"};
    clti_postgres *postgres = (clti_postgres *)store;
    clti_pg_connection *on = postgres->filling;
    on->deadline_us = clti_pg_deadline(postgres);
    if (clti_pg_do(on, &make_whole, NULL, fault) != CLTI_PG_DONE)
        return false;
    let_go(postgres);
    return true;
}

void clti_pg_abandon_new(clti_postgres *store) {
    if (store->filling == NULL)
        return;
    /* Nothing to be done about a failure: what is left, the next one to fill removes. */
    if (!store->filling->is_broken)
        (void)remove_all(store->filling, NULL);
    let_go(store);
}
