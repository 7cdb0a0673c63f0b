#include "store/lmdb/lmdb_store.h"
#include "store/postgres/postgres_store.h"
#include "store/store_private.h"

#include <stdlib.h>

/* ---- counting ---- */

static bool counted(clti_store *store, clti_store_counted what, bool done) {
    atomic_fetch_add_explicit(&store->counters[what], 1, memory_order_relaxed);
    if (!done)
        atomic_fetch_add_explicit(&store->counters[CLTI_STORE_FAILURES], 1, memory_order_relaxed);
    return done;
}

uint64_t clti_store_counter(const clti_store *store, clti_store_counted what) {
    return atomic_load_explicit(&store->counters[what], memory_order_relaxed);
}

const char *clti_store_counted_name(clti_store_counted what) {
    static const char *const names[CLTI_STORE_COUNTED_COUNT] = {"list", "find", "count", "apply", "failed"};
    return names[what];
}

bool clti_store_has_pool(clti_store *store, clti_store_pool *out) {
    if (store->operations->pool == NULL)
        return false;
    if (out != NULL)
        store->operations->pool(store, out);
    return true;
}

/* ---- deadline ---- */

static _Thread_local int64_t calls_end_us;

void clti_store_calls_end_by(int64_t steady_us) {
    calls_end_us = steady_us;
}

int64_t clti_store_calls_end(void) {
    return calls_end_us;
}

/* ---- operations ---- */

bool clti_store_ready(clti_store *store, unsigned *out_schema, clti_fault *fault) {
    clti_partner_state state;
    *out_schema = 0;
    if (store->operations->ready != NULL)
        return store->operations->ready(store, out_schema, fault);
    return clti_store_partner_state(store, (clt_guid){{0}}, &state, fault);
}

bool clti_store_tell(clti_store *store, const clti_told *mine, clti_arena *arena, clti_told **out,
                     size_t *out_count, clti_fault *fault) {
    return store->operations->tell(store, mine, arena, out, out_count, fault);
}

bool clti_store_is_url(clt_str text) {
    return clti_postgres_is_url(text);
}

bool clti_store_place(const clti_store_options *options, clti_arena *arena, clt_str *out, clti_fault *fault) {
    if (options->url != NULL)
        return clti_postgres_place(options->url, arena, out, fault);
    return clti_arena_copy(arena, clti_str(options->folder), out) || clti_fault_no_memory(fault);
}

bool clti_store_migrate(const clti_store_options *options, clti_store_migration *out, clti_fault *fault) {
    return clti_postgres_migrate(options, out, fault);
}

bool clti_store_create(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    return options->url != NULL ? clti_postgres_create(options, out, fault)
                                : clti_lmdb_create(options, out, fault);
}

bool clti_store_commit_new(clti_store **store, clti_fault *fault) {
    bool done = (*store)->operations->commit_new(*store, fault);
    clti_store_close(*store);
    *store = NULL;
    return done;
}

bool clti_store_restore(const clti_store_options *options, int descriptor, clti_store **out,
                        clti_fault *fault) {
    if (options->url != NULL)
        return clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "a backup is restored into a folder: do that, then 'clienteled copy' it into the database");
    return clti_lmdb_restore(options, descriptor, out, fault);
}

bool clti_store_open(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    return options->url != NULL ? clti_postgres_open(options, out, fault)
                                : clti_lmdb_open(options, out, fault);
}

void clti_store_close(clti_store *store) {
    if (store != NULL)
        store->operations->close(store);
}

bool clti_store_claim(clti_store *store, clti_fault *fault) {
    return store->operations->claim(store, fault);
}

bool clti_store_is_claimed(clti_store *store) {
    return store->operations->is_claimed(store);
}

bool clti_store_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                     clti_fault *fault) {
    return counted(store, CLTI_STORE_LISTS, store->operations->list(store, query, arena, out, fault));
}

bool clti_store_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                              clti_customer *out, clti_access *out_access, clti_fault *fault) {
    return counted(store, CLTI_STORE_FINDS,
                   store->operations->customer_find(store, partner, id, arena, out, out_access, fault));
}

bool clti_store_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                             bool *out_found, clti_fault *fault) {
    return counted(store, CLTI_STORE_FINDS,
                   store->operations->partner_find(store, id, arena, out, out_found, fault));
}

bool clti_store_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                    bool *out_found, clti_fault *fault) {
    return counted(store, CLTI_STORE_FINDS,
                   store->operations->partner_find_domain(store, domain, arena, out, out_found, fault));
}

bool clti_store_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault) {
    return counted(store, CLTI_STORE_FINDS,
                   store->operations->domain_is_taken(store, domain, out_taken, fault));
}

bool clti_store_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                                 clti_application *out, bool *out_found, clti_fault *fault) {
    return counted(store, CLTI_STORE_FINDS,
                   store->operations->application_find(store, partner, id, arena, out, out_found, fault));
}

bool clti_store_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena,
                          clti_user *out, bool *out_found, clti_fault *fault) {
    return store->operations->user_find(store, partner, name, arena, out, out_found, fault);
}

bool clti_store_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                      size_t *out_count, clti_fault *fault) {
    return store->operations->users(store, partner, arena, out, out_count, fault);
}

bool clti_store_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                           bool *out_found, clti_fault *fault) {
    return store->operations->grant_find(store, id, arena, out, out_found, fault);
}

bool clti_store_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                         clti_fault *fault) {
    return store->operations->partners(store, arena, out, out_count, fault);
}

bool clti_store_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out,
                      size_t *out_count, clti_fault *fault) {
    return store->operations->links(store, partner, arena, out, out_count, fault);
}

bool clti_store_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                      clti_fault *fault) {
    return store->operations->count(store, query, most, out, fault);
}

bool clti_store_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                             clti_application **out, size_t *out_count, clti_fault *fault) {
    return store->operations->applications(store, partner, arena, out, out_count, fault);
}

bool clti_store_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                   size_t *out_count, clti_fault *fault) {
    return store->operations->applications_of_id(store, id, arena, out, out_count, fault);
}

static int compare_newest_first(const void *a, const void *b) {
    const clti_signing_key *left = a;
    const clti_signing_key *right = b;
    if (left->created != right->created)
        return left->created > right->created ? -1 : 1;
    return clti_str_compare(left->id, right->id);
}

bool clti_store_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                             clti_fault *fault) {
    if (!store->operations->signing_keys(store, arena, out, out_count, fault))
        return false;
    qsort(*out, *out_count, sizeof **out, compare_newest_first);
    return true;
}

bool clti_store_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out,
                              clti_fault *fault) {
    return store->operations->partner_state(store, partner, out, fault);
}

bool clti_store_generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    return store->operations->generation(store, out, fault);
}

bool clti_store_token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    return store->operations->token_key(store, out, fault);
}

bool clti_store_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                      clti_fault *fault) {
    return counted(store, CLTI_STORE_APPLIES,
                   store->operations->apply(store, changes, count, outcomes, fault));
}

bool clti_store_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                     clti_load_outcome *outcomes, clti_fault *fault) {
    return counted(store, CLTI_STORE_APPLIES,
                   store->operations->load(store, partner, customers, count, outcomes, fault));
}

bool clti_store_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                           clti_audit_page *out, clti_fault *fault) {
    return counted(store, CLTI_STORE_LISTS, store->operations->audit_list(store, query, arena, out, fault));
}

bool clti_store_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                                 clti_arena *arena, clti_idempotency *out, bool *out_found,
                                 clti_fault *fault) {
    return counted(
        store, CLTI_STORE_FINDS,
        store->operations->idempotency_find(store, partner, key, now, arena, out, out_found, fault));
}

bool clti_store_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted,
                      clti_fault *fault) {
    return store->operations->purge(store, partner, most, out_deleted, fault);
}

bool clti_store_snapshot(clti_store *store, int descriptor, clti_fault *fault) {
    return store->operations->snapshot(store, descriptor, fault);
}

bool clti_store_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                       clti_fault *fault) {
    return store->operations->stream(store, partner, on_entry, user, fault);
}

bool clti_store_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                      clti_fault *fault) {
    return store->operations->check(store, on_finding, user, out, fault);
}
