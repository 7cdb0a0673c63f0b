#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>

/* The service's own audiences: its address, with or without the slash that older clients add, and its
 * application id (api.md 7.4). */
static const char *const SERVICE_AUDIENCES[] = {
    "https://api.partnercenter.microsoft.com",
    "https://api.partnercenter.microsoft.com/",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
};

static const char *const GRAPH_AUDIENCES[] = {
    "https://graph.windows.net",
    "https://graph.windows.net/",
};

static bool is_one_of(clt_str text, const char *const *choices, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (clti_str_equal(text, clti_str(choices[i])))
            return true;
    return false;
}

bool clti_identity_serves_audience(const clti_identity *identity, clt_str audience) {
    return is_one_of(audience, SERVICE_AUDIENCES, CLTI_COUNT(SERVICE_AUDIENCES)) ||
           (identity->allow_graph_audience &&
            is_one_of(audience, GRAPH_AUDIENCES, CLTI_COUNT(GRAPH_AUDIENCES)));
}

clt_str clti_identity_issuer(const clti_identity *identity, clti_authority_version version,
                             const char *tenant, clti_arena *arena) {
    return clti_arena_format(arena, "%s/%s/%s", identity->public_url, tenant,
                             version == CLTI_AUTHORITY_V2 ? "v2.0" : "");
}

/* Load the keys now, so that a damaged one is found at the start and not by the first caller. */
static bool load_keys(clti_identity *identity, clti_fault *fault) {
    uint64_t generation;
    clti_key_set *keys;
    if (!clti_store_generation(identity->store, &generation, fault) ||
        !clti_keys_get(identity, generation, &keys, fault))
        return false;
    clti_keys_release(identity, keys);
    return true;
}

/* What our pages carry is authenticated with a key of its own, derived from the store's. */
static bool make_page_key(clti_identity *identity, clti_fault *fault) {
    uint8_t key[CLTI_TOKEN_KEY_SIZE], derived[CLTI_SHA256_SIZE];
    clti_hmac_key store_key;
    if (!clti_store_token_key(identity->store, key, fault))
        return false;
    clti_hmac_key_init(&store_key, key, sizeof key);
    clti_hmac_sha256(&store_key, CLTI_STR("sign-in pages"), derived);
    clti_hmac_key_init(&identity->page_key, derived, sizeof derived);
    clti_wipe(key, sizeof key);
    clti_wipe(derived, sizeof derived);
    clti_wipe(&store_key, sizeof store_key);
    return true;
}

bool clti_identity_new(const clti_identity_options *options, clti_identity **out, clti_fault *fault) {
    clti_identity *identity = calloc(1, sizeof *identity);
    if (!identity)
        return clti_fault_no_memory(fault);
    /* Default attributes: cannot fail in glibc. */
    clti_assert(pthread_mutex_init(&identity->keys_lock, NULL) == 0);
    identity->store = options->store;
    identity->allow_graph_audience = options->allow_graph_audience;
    identity->clients.per_minute = options->tokens_per_client;
    identity->addresses.per_minute = options->tokens_per_address;
    identity->public_url = strdup(options->public_url);
    identity->hosts = options->hosts.size ? strndup(options->hosts.data, options->hosts.size) : strdup("");
    identity->own_scheme = options->own_scheme;
    identity->own_port = options->own_port;
    identity->cache = clti_token_cache_new();
    identity->attempts = clti_attempts_new();
    identity->allow_password_grant = options->allow_password_grant;
    if (!identity->public_url || !identity->hosts || !identity->cache || !identity->attempts) {
        clti_identity_free(identity);
        return clti_fault_no_memory(fault);
    }
    if (!clti_rate_limit_new(&identity->clients.buckets, fault) ||
        !clti_rate_limit_new(&identity->addresses.buckets, fault) ||
        !clti_rate_limit_new(&identity->failures, fault) || !load_keys(identity, fault) ||
        !make_page_key(identity, fault) || !clti_issuers_new(options, &identity->issuers, fault)) {
        clti_identity_free(identity);
        return false;
    }
    *out = identity;
    return true;
}

void clti_identity_free(clti_identity *identity) {
    if (!identity)
        return;
    clti_issuers_free(identity->issuers);
    clti_keys_release(identity, identity->keys);
    clti_rate_limit_free(identity->clients.buckets);
    clti_rate_limit_free(identity->addresses.buckets);
    clti_rate_limit_free(identity->failures);
    clti_token_cache_free(identity->cache);
    clti_attempts_free(identity->attempts);
    free(identity->public_url);
    free(identity->hosts);
    (void)pthread_mutex_destroy(&identity->keys_lock);
    free(identity);
}

bool clti_identity_share(clti_identity *identity, clti_shared_count out[CLTI_IDENTITY_SHARED],
                         clti_fault *fault) {
    return clti_rate_limit_share(identity->clients.buckets, &out[0], fault) &&
           clti_rate_limit_share(identity->addresses.buckets, &out[1], fault) &&
           clti_rate_limit_share(identity->failures, &out[2], fault) &&
           clti_attempts_share(identity->attempts, &out[3], fault);
}

unsigned clti_token_limit_take(const clti_token_limit *limit, clt_guid who) {
    return limit->per_minute == 0 || clti_guid_is_absent(who)
               ? 0
               : clti_rate_limit_take(limit->buckets, who, limit->per_minute, clti_steady_us());
}

const char *clti_identity_public_url(const clti_identity *identity) {
    return identity->public_url;
}

void clti_identity_counted(const clti_identity *identity, clti_identity_counters *out) {
    out->by_connection = atomic_load_explicit(&identity->counted.by_connection, memory_order_relaxed);
    out->by_cache = atomic_load_explicit(&identity->counted.by_cache, memory_order_relaxed);
    out->by_signature = atomic_load_explicit(&identity->counted.by_signature, memory_order_relaxed);
    out->refused = atomic_load_explicit(&identity->counted.refused, memory_order_relaxed);
}

void clti_identity_throttled(const clti_identity *identity, uint64_t *out_by_client,
                             uint64_t *out_by_address) {
    *out_by_client = clti_rate_limit_refused(identity->clients.buckets);
    *out_by_address = clti_rate_limit_refused(identity->addresses.buckets);
}
