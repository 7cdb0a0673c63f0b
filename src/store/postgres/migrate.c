/*
 * The schema comes in numbered migrations. All that are missing are applied in one transaction, under a lock:
 * two at once do no harm, and one that is interrupted leaves nothing.
 */
#include "store/postgres/postgres_private.h"

#include <stdlib.h>

/* Waiting for another migration, and running one, take as long as they take. */
#define MIGRATE_US (INT64_C(24) * 60 * 60 * 1000000)

extern const char clti_pg_migration_0001[];
extern const char clti_pg_migration_0002[];

static const struct {
    const char *name;
    const char *text;
} migrations[] = {
    {"tables", clti_pg_migration_0001},
    {"told", clti_pg_migration_0002},
};

#define VERSION ((unsigned)CLTI_COUNT(migrations))

/* ---- the version ---- */

/* *out is 0 if there is none. */
static clti_pg_verdict read_version(clti_pg_connection *on, unsigned *out, clti_fault *fault) {
    static const clti_pg_statement is_there = {"SELECT to_regclass('clientele.migration') IS NOT NULL"};
    static const clti_pg_statement highest = {"SELECT coalesce(max(version), 0) FROM clientele.migration"};
    PGresult *result;
    *out = 0;
    clti_pg_verdict verdict = clti_pg_call(on, &is_there, NULL, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    bool has_table = clti_pg_bool(result, 0, 0);
    PQclear(result);
    if (!has_table)
        return CLTI_PG_DONE;
    verdict = clti_pg_call(on, &highest, NULL, &result, fault);
    if (verdict == CLTI_PG_DONE) {
        *out = (unsigned)clti_pg_int32(result, 0, 0);
        PQclear(result);
    }
    return verdict;
}

static bool refuse_newer(const clti_postgres *store, unsigned version, clti_fault *fault) {
    return clti_fault_set(
        fault, CLTI_FAULT_STORE_FAILED, NULL,
        "store '%s': the schema has version %u, and this program knows up to %u: use the version of "
        "clienteled that made it, or a newer one",
        store->name, version, VERSION);
}

static void refuse_older(const clti_postgres *store, unsigned version, clti_fault *fault) {
    if (version == 0)
        clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "store '%s': the database has no schema of Clientele: run 'clienteled migrate --store URL'",
            store->name);
    else
        clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "store '%s': the schema has version %u, and this program needs %u: run 'clienteled migrate "
            "--store URL'",
            store->name, version, VERSION);
}

clti_pg_verdict clti_pg_check_schema(clti_pg_connection *on, clti_fault *fault) {
    unsigned version;
    clti_pg_verdict verdict = read_version(on, &version, fault);
    if (verdict != CLTI_PG_DONE || version == VERSION)
        return verdict;
    if (version > VERSION)
        refuse_newer(on->store, version, fault);
    else
        refuse_older(on->store, version, fault);
    return CLTI_PG_FAILED;
}

static clti_pg_verdict find_version(clti_pg_connection *on, void *user, clti_fault *fault) {
    return read_version(on, user, fault);
}

/* Who serves already goes on when the schema becomes newer, until a newer program takes its place. */
bool clti_pg_ready(clti_store *store, unsigned *out_schema, clti_fault *fault) {
    clti_postgres *postgres = (clti_postgres *)store;
    if (!clti_pg_run(postgres, find_version, out_schema, fault))
        return false;
    if (*out_schema >= VERSION)
        return true;
    refuse_older(postgres, *out_schema, fault);
    return false;
}

/* ---- applying ---- */

/* The schema may have been made by someone who may, for a user who may not. */
static const char begin_text[] =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN; "
    "SELECT "
    "pg_advisory_xact_lock(" CLTI_PG_LOCK_MIGRATE "); "
    "DO $$ BEGIN IF to_regnamespace('clientele') IS NULL THEN CREATE SCHEMA clientele; END IF; END $$; "
    "CREATE TABLE IF NOT EXISTS clientele.migration (version integer PRIMARY KEY, name text NOT NULL, "
    "applied timestamptz NOT NULL DEFAULT now())";

static clti_pg_verdict apply_one(clti_pg_connection *on, unsigned version, clti_fault *fault) {
    static const clti_pg_statement record = {"INSERT INTO clientele.migration (version, name) VALUES "
                                             "($1::bigint, convert_from($2::bytea, 'UTF8'))"};
    clti_pg_parameters parameters;
    clti_pg_verdict verdict = clti_pg_script(on, migrations[version - 1].text, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    clti_pg_clear(&parameters);
    clti_pg_add_int64(&parameters, version);
    clti_pg_add_bytes(&parameters, clti_str(migrations[version - 1].name));
    return clti_pg_do(on, &record, &parameters, fault);
}

static bool migrate_on(clti_pg_connection *on, clti_store_migration *out, clti_fault *fault) {
    on->deadline_us = clti_steady_us() + MIGRATE_US;
    if (clti_pg_script(on, begin_text, fault) != CLTI_PG_DONE ||
        read_version(on, &out->from, fault) != CLTI_PG_DONE)
        return false;
    if (out->from > VERSION)
        return refuse_newer(on->store, out->from, fault);
    for (unsigned version = out->from + 1; version <= VERSION; version++)
        if (apply_one(on, version, fault) != CLTI_PG_DONE)
            return false;
    out->to = VERSION;
    return clti_pg_script(on, "COMMIT", fault) == CLTI_PG_DONE;
}

bool clti_postgres_migrate(const clti_store_options *options, clti_store_migration *out, clti_fault *fault) {
    clti_postgres *store;
    clti_pg_connection *on;
    if (!clti_pg_new(options, &store, fault))
        return false;
    bool done = clti_pg_connect(store, clti_pg_deadline(store), &on, fault) == CLTI_PG_DONE;
    if (done) {
        done = migrate_on(on, out, fault);
        clti_pg_disconnect(on);
    }
    clti_pg_free(store);
    return done;
}
