#include "store/postgres/postgres_private.h"

#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_DEFAULT 8
#define QUEUE_DEFAULT       256
#define CALL_MS_DEFAULT     10000

/* ---- the URL ---- */

bool clti_postgres_is_url(clt_str text) {
    return clti_str_starts_with(text, CLTI_STR("postgresql://")) ||
           clti_str_starts_with(text, CLTI_STR("postgres://"));
}

static const char *option_of(const PQconninfoOption *options, const char *keyword) {
    for (; options->keyword != NULL; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val != NULL ? options->val : "";
    return "";
}

/* As in the URL: each host with its port. One port may be for all. */
static void add_hosts(const char *hosts, const char *ports, clti_buf *out) {
    clt_str port = {NULL, 0};
    clt_str more_ports = clti_str(ports);
    for (clt_str more = clti_str(hosts); more.data != NULL;) {
        const clt_str host = clti_str_cut(more, ',', &more);
        if (more_ports.data != NULL)
            port = clti_str_cut(more_ports, ',', &more_ports);
        clti_buf_add_format(out, "%.*s%s%.*s%s", CLTI_STR_ARGS(host), port.size > 0 ? ":" : "",
                            CLTI_STR_ARGS(port), more.data != NULL ? "," : "");
    }
}

/* Of the URL what may be shown: neither password nor the further options. */
static char *name_of(const PQconninfoOption *options) {
    clti_buf name;
    size_t size;
    const char *user = option_of(options, "user");
    const char *host = option_of(options, "host");
    clti_buf_init(&name, SIZE_MAX);
    clti_buf_add_format(&name, "postgresql://%s%s", user, user[0] != '\0' ? "@" : "");
    add_hosts(host[0] != '\0' ? host : option_of(options, "hostaddr"), option_of(options, "port"), &name);
    clti_buf_add_format(&name, "/%s", option_of(options, "dbname"));
    clti_buf_add_char(&name, '\0');
    if (!clti_buf_ok(&name)) {
        clti_buf_done(&name);
        return NULL;
    }
    return clti_buf_take(&name, &size);
}

/* One '@' at the most, and before the first '/': of a password with more of them libpq would take a part for
 * the host, and tell of it. */
static bool has_one_authority(const char *url) {
    const char *authority = strstr(url, "://") + strlen("://");
    const char *at = memchr(authority, '@', strcspn(authority, "?"));
    return at == NULL ||
           (at < authority + strcspn(authority, "/") && memchr(at + 1, '@', strcspn(at + 1, "?")) == NULL);
}

/* libpq's words about a wrong URL would show it, password and all. */
static bool read_url(const char *url, char **out_name, clti_fault *fault) {
    char *words = NULL;
    PQconninfoOption *options = has_one_authority(url) ? PQconninfoParse(url, &words) : NULL;
    PQfreemem(words);
    if (options == NULL)
        return clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "the store's URL cannot be read: write postgresql://USER@HOST:PORT/DATABASE, with "
            "options of libpq behind a '?', and special characters as %%XX");
    *out_name = name_of(options);
    PQconninfoFree(options);
    return *out_name != NULL || clti_fault_no_memory(fault);
}

bool clti_postgres_place(const char *url, clti_arena *arena, clt_str *out, clti_fault *fault) {
    char *name;
    if (!read_url(url, &name, fault))
        return false;
    const bool done = clti_arena_copy(arena, clti_str(name), out) || clti_fault_no_memory(fault);
    free(name);
    return done;
}

/* ---- the handle ---- */

static void close_store(clti_store *store) {
    clti_postgres *postgres = (clti_postgres *)store;
    clti_pg_abandon_new(postgres);
    clti_pg_free(postgres);
}

/* Nobody is alone on a database. */
static bool claim(clti_store *store, clti_fault *fault) {
    return true;
}

static bool is_claimed(clti_store *store) {
    return false;
}

static bool token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    memcpy(out, ((const clti_postgres *)store)->token_key, CLTI_TOKEN_KEY_SIZE);
    return true;
}

static bool refuse_snapshot(clti_store *store, int descriptor, clti_fault *fault) {
    return clti_fault_set(
        fault, CLTI_FAULT_STORE_FAILED, NULL,
        "store '%s': a database is backed up by its own tools: use pg_dump or a base backup, or "
        "'clienteled export', or 'clienteled copy' into a folder",
        ((const clti_postgres *)store)->name);
}

static void read_pool(clti_store *store, clti_store_pool *out) {
    clti_postgres *postgres = (clti_postgres *)store;
    pthread_mutex_lock(&postgres->pool.lock);
    *out = (clti_store_pool){.connections_max = postgres->connections_max,
                             .open = postgres->pool.open,
                             .in_use = postgres->pool.in_use,
                             .waiting = postgres->pool.waiting};
    pthread_mutex_unlock(&postgres->pool.lock);
    out->refused = atomic_load(&postgres->refused);
    out->failovers = atomic_load(&postgres->failovers);
    out->retries_broken = atomic_load(&postgres->retries[CLTI_PG_RETRY_BROKEN]);
    out->retries_raced = atomic_load(&postgres->retries[CLTI_PG_RETRY_RACED]);
}

static const clti_store_operations operations = {
    .close = close_store,
    .commit_new = clti_pg_commit_new,
    .claim = claim,
    .is_claimed = is_claimed,
    .pool = read_pool,
    .ready = clti_pg_ready,
    .tell = clti_pg_tell,
    .list = clti_pg_list,
    .customer_find = clti_pg_customer_find,
    .partner_find = clti_pg_partner_find,
    .partner_find_domain = clti_pg_partner_find_domain,
    .domain_is_taken = clti_pg_domain_is_taken,
    .application_find = clti_pg_application_find,
    .user_find = clti_pg_user_find,
    .users = clti_pg_users,
    .grant_find = clti_pg_grant_find,
    .partners = clti_pg_partners,
    .links = clti_pg_links,
    .count = clti_pg_count,
    .applications = clti_pg_applications,
    .applications_of_id = clti_pg_applications_of_id,
    .signing_keys = clti_pg_signing_keys,
    .partner_state = clti_pg_partner_state,
    .generation = clti_pg_generation,
    .token_key = token_key,
    .audit_list = clti_pg_audit_list,
    .idempotency_find = clti_pg_idempotency_find,
    .apply = clti_pg_apply,
    .load = clti_pg_load,
    .purge = clti_pg_purge,
    .snapshot = refuse_snapshot,
    .stream = clti_pg_stream,
    .check = clti_pg_check,
};

bool clti_pg_new(const clti_store_options *options, clti_postgres **out, clti_fault *fault) {
    clti_postgres *store = calloc(1, sizeof *store);
    if (store == NULL)
        return clti_fault_no_memory(fault);
    if (!clti_pg_pool_init(&store->pool)) {
        free(store);
        return clti_fault_no_memory(fault);
    }
    uint16_t chance;
    clti_random_bytes(&chance, sizeof chance);
    store->store.operations = &operations;
    store->slot = (int16_t)(chance % CLTI_PG_SLOTS);
    store->connections_max = options->connections != 0 ? options->connections : CONNECTIONS_DEFAULT;
    store->queue_max = options->queue_max != 0 ? options->queue_max : QUEUE_DEFAULT;
    store->call_us = (int64_t)(options->call_ms != 0 ? options->call_ms : CALL_MS_DEFAULT) * 1000;
    store->url = strdup(options->url);
    if (store->url == NULL)
        clti_fault_no_memory(fault);
    if (store->url == NULL || !read_url(store->url, &store->name, fault)) {
        clti_pg_free(store);
        return false;
    }
    *out = store;
    return true;
}

void clti_pg_free(clti_postgres *store) {
    if (store == NULL)
        return;
    clti_pg_pool_done(&store->pool);
    if (store->url != NULL)
        clti_wipe(store->url, strlen(store->url));
    clti_wipe(store->token_key, sizeof store->token_key);
    free(store->url);
    free(store->name);
    free(store);
}

/* ---- opening what exists ---- */

static clti_pg_verdict read_store(clti_pg_connection *on, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT token_key FROM clientele.store WHERE is_whole"};
    PGresult *result;
    clti_postgres *store = on->store;
    clti_pg_verdict verdict = clti_pg_call(on, &find, NULL, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    clt_str key = PQntuples(result) > 0 ? clti_pg_bytes(result, 0, 0) : (clt_str){NULL, 0};
    if (key.size == sizeof store->token_key)
        memcpy(store->token_key, key.data, key.size);
    else if (key.data != NULL)
        clti_pg_fail_record(store, "store", CLTI_STR("token_key"), fault);
    else
        clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "no store in '%s', or one that is being set up: run 'clienteled init --store URL' first, or "
            "name the database that holds it",
            store->name);
    verdict = key.size == sizeof store->token_key ? CLTI_PG_DONE : CLTI_PG_FAILED;
    PQclear(result);
    return verdict;
}

bool clti_postgres_open(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    clti_postgres *store;
    clti_pg_connection *on;
    if (!clti_pg_new(options, &store, fault))
        return false;
    bool done = clti_pg_take(store, clti_pg_deadline(store), &on, fault) == CLTI_PG_DONE;
    if (done) {
        done = clti_pg_check_schema(on, fault) == CLTI_PG_DONE && read_store(on, fault) == CLTI_PG_DONE;
        clti_pg_give(on);
    }
    if (!done) {
        clti_pg_free(store);
        return false;
    }
    *out = &store->store;
    return true;
}
