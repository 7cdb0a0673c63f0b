/* Issuers other than ourselves: their keys are fetched by one thread, so that no request ever waits for them.
 */
#include "identity/identity_private.h"
#include <stdlib.h>
#include <string.h>

/* Room for everything that is fetched; a document beyond it is refused. */
#define DOCUMENT_MAX (256 * 1024)

#define SECOND_US          INT64_C(1000000)
#define REFRESH_US         (3600 * SECOND_US)
#define UNKNOWN_KEY_MS     60000
#define FIRST_TRY_AGAIN_US SECOND_US

typedef struct issuer {
    clti_issuer_options options; /* texts in the arena */
    clti_key_set *keys;          /* NULL until they have been fetched; with its count of holders */
    uint8_t body_sha256[CLTI_SHA256_SIZE];
    int64_t due_us;       /* the next fetch */
    int64_t attempted_us; /* the last one */
    int64_t pause_us;     /* until the next try while there are no keys */
} issuer;

struct clti_issuers {
    clti_fetch_door door;
    int64_t unknown_key_us;
    clti_arena arena;
    atomic_ullong revision;
    pthread_mutex_t lock; /* guards what follows, and the holders of all key sets */
    pthread_cond_t wake;
    bool is_stopping;
    bool has_thread;
    pthread_t thread;
    size_t count;
    issuer list[CLTI_ISSUERS_MAX];
};

/* ---- what is fetched ------------------------------------------------------------------------------------
 */

static bool is_safe(clt_str url) {
    clti_fault ignored;
    return clti_redirect_uri_check(url, &ignored);
}

static bool fail(clti_fault *fault, const char *url, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s %s", url, why);
}

static bool fetch(const clti_issuers *issuers, const char *url, clti_buf *out, clti_fault *fault) {
    clti_buf_init(out, DOCUMENT_MAX);
    return issuers->door.fetch(issuers->door.user, url, out, fault);
}

/* Where the keys are: what comes by https says so of https alone. */
static bool read_discovery(const issuer *of, const char *url, clt_str body, clti_arena *arena,
                           const char **out, clti_fault *fault) {
    json_auto_t *document = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *name = json_object_get(document, "issuer"), *keys = json_object_get(document, "jwks_uri");
    const clt_str uri = {json_string_value(keys), json_string_length(keys)};
    if (!json_is_string(name) ||
        !clti_str_equal((clt_str){json_string_value(name), json_string_length(name)}, of->options.issuer))
        return fail(fault, url, "does not name the issuer as it is set");
    if (!uri.data || !is_safe(uri) ||
        (clti_str_starts_with(of->options.issuer, CLTI_STR("https:")) &&
         !clti_str_starts_with(uri, CLTI_STR("https:"))))
        return fail(fault, url, "names no jwks_uri with https");
    clt_str copy;
    if (!clti_arena_copy(arena, uri, &copy))
        return clti_fault_no_memory(fault);
    *out = copy.data;
    return true;
}

static bool find_keys_url(const clti_issuers *issuers, const issuer *of, clti_arena *arena, const char **out,
                          clti_fault *fault) {
    clt_str base = of->options.issuer;
    while (base.size > 0 && base.data[base.size - 1] == '/')
        base.size--;
    const clt_str url =
        clti_arena_format(arena, "%.*s/.well-known/openid-configuration", CLTI_STR_ARGS(base));
    if (!url.data)
        return clti_fault_no_memory(fault);
    clti_buf body;
    const bool ok = fetch(issuers, url.data, &body, fault) &&
                    read_discovery(of, url.data, clti_buf_str(&body), arena, out, fault);
    clti_buf_done(&body);
    return ok;
}

static bool read_keys(const char *url, clt_str body, clti_key_set **out, clti_fault *fault) {
    clti_fault reason;
    return clti_jwks_read(body, out, &reason) || fail(fault, url, reason.text);
}

/* *out stays NULL if they are the same as before. */
static bool fetch_keys(const clti_issuers *issuers, issuer *of, clti_key_set **out, clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    const char *url = NULL; /* or some compilers complain */
    if (!find_keys_url(issuers, of, &arena, &url, fault))
        return false;
    clti_buf body;
    bool ok = fetch(issuers, url, &body, fault);
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_sha256(clti_buf_str(&body), digest);
    /* Keys and hash are written by this thread alone. */
    if (ok && (!of->keys || memcmp(digest, of->body_sha256, sizeof digest) != 0)) {
        ok = read_keys(url, clti_buf_str(&body), out, fault);
        if (ok)
            memcpy(of->body_sha256, digest, sizeof digest);
    }
    clti_buf_done(&body);
    return ok;
}

/* ---- the thread -----------------------------------------------------------------------------------------
 */

static void release(clti_issuers *issuers, clti_key_set *set) {
    if (!set)
        return;
    (void)pthread_mutex_lock(&issuers->lock);
    const bool last = --set->holders == 0;
    (void)pthread_mutex_unlock(&issuers->lock);
    if (last)
        clti_keys_free(set);
}

/* Failing, the keys at hand stay; without any, it is tried soon, and then less and less often. */
static void plan_next(const clti_issuers *issuers, issuer *of, bool ok) {
    const int64_t now = clti_steady_us();
    of->attempted_us = now;
    if (ok) {
        of->due_us = now + REFRESH_US;
    } else if (of->keys) {
        of->due_us = now + issuers->unknown_key_us;
    } else {
        of->due_us = now + of->pause_us;
        of->pause_us =
            of->pause_us * 2 < issuers->unknown_key_us ? of->pause_us * 2 : issuers->unknown_key_us;
    }
}

static void refresh(clti_issuers *issuers, issuer *of) {
    clti_key_set *fresh = NULL, *old = NULL;
    clti_fault fault;
    const bool ok = fetch_keys(issuers, of, &fresh, &fault);
    (void)pthread_mutex_lock(&issuers->lock);
    if (fresh) {
        fresh->holders = 1;
        old = of->keys;
        of->keys = fresh;
        atomic_fetch_add(&issuers->revision, 1);
    }
    plan_next(issuers, of, ok);
    const bool is_stopping = issuers->is_stopping;
    (void)pthread_mutex_unlock(&issuers->lock);
    release(issuers, old);
    if ((fresh || !ok) && !is_stopping)
        issuers->door.tell(issuers->door.user, of->options.issuer, ok ? NULL : &fault);
}

static issuer *next_due(clti_issuers *issuers) {
    issuer *next = &issuers->list[0];
    for (size_t i = 1; i < issuers->count; i++)
        if (issuers->list[i].due_us < next->due_us)
            next = &issuers->list[i];
    return next;
}

static void *run(void *user) {
    clti_issuers *issuers = user;
    (void)pthread_mutex_lock(&issuers->lock);
    while (!issuers->is_stopping) {
        issuer *next = next_due(issuers);
        if (next->due_us <= clti_steady_us()) {
            (void)pthread_mutex_unlock(&issuers->lock);
            refresh(issuers, next);
            (void)pthread_mutex_lock(&issuers->lock);
        } else {
            const struct timespec until = {.tv_sec = next->due_us / SECOND_US,
                                           .tv_nsec = next->due_us % SECOND_US * 1000};
            (void)pthread_cond_timedwait(&issuers->wake, &issuers->lock, &until);
        }
    }
    (void)pthread_mutex_unlock(&issuers->lock);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------------------
 */

static bool check_options(const clti_issuer_options *options, clti_fault *fault) {
    if (!is_safe(options->issuer))
        return clti_fault_set(
            fault, CLTI_FAULT_INVALID_PROPERTY, "auth.issuers",
            "auth.issuers: '%.*s' must be https://..., or http:// with localhost, 127.0.0.1 "
            "or [::1].",
            CLTI_STR_ARGS(options->issuer));
    return (!clti_str_is_empty(options->audience) && !clti_str_is_empty(options->partner_claim) &&
            !clti_str_is_empty(options->roles_claim)) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "auth.issuer_audiences",
                          "The issuer %.*s needs an audience, and names of claims for partner and roles.",
                          CLTI_STR_ARGS(options->issuer));
}

static bool take_options(clti_issuers *issuers, const clti_issuer_options *options, clti_fault *fault) {
    issuer *added = &issuers->list[issuers->count];
    if (!check_options(options, fault))
        return false;
    added->pause_us = FIRST_TRY_AGAIN_US;
    if (!clti_arena_copy(&issuers->arena, options->issuer, &added->options.issuer) ||
        !clti_arena_copy(&issuers->arena, options->audience, &added->options.audience) ||
        !clti_arena_copy(&issuers->arena, options->partner_claim, &added->options.partner_claim) ||
        !clti_arena_copy(&issuers->arena, options->roles_claim, &added->options.roles_claim))
        return clti_fault_no_memory(fault);
    issuers->count++;
    return true;
}

static void init_locks(clti_issuers *issuers) {
    pthread_condattr_t attributes;
    /* None of these can fail in glibc with such arguments. */
    clti_assert(pthread_mutex_init(&issuers->lock, NULL) == 0);
    clti_assert(pthread_condattr_init(&attributes) == 0);
    clti_assert(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    clti_assert(pthread_cond_init(&issuers->wake, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

bool clti_issuers_new(const clti_identity_options *options, clti_issuers **out, clti_fault *fault) {
    if (options->issuer_count > CLTI_ISSUERS_MAX)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "auth.issuers",
                              "auth.issuers: there can be %d at most.", CLTI_ISSUERS_MAX);
    clti_issuers *issuers = calloc(1, sizeof *issuers);
    if (!issuers)
        return clti_fault_no_memory(fault);
    init_locks(issuers);
    issuers->door = options->fetch_door;
    issuers->unknown_key_us =
        1000 * (int64_t)(options->unknown_key_ms ? options->unknown_key_ms : UNKNOWN_KEY_MS);
    bool ok = true;
    for (size_t i = 0; i < options->issuer_count && ok; i++)
        ok = take_options(issuers, &options->issuers[i], fault);
    if (ok && issuers->count > 0) {
        issuers->has_thread = pthread_create(&issuers->thread, NULL, run, issuers) == 0;
        ok = issuers->has_thread || clti_fault_no_memory(fault);
    }
    if (!ok) {
        clti_issuers_free(issuers);
        return false;
    }
    *out = issuers;
    return true;
}

void clti_issuers_free(clti_issuers *issuers) {
    if (!issuers)
        return;
    (void)pthread_mutex_lock(&issuers->lock);
    issuers->is_stopping = true;
    (void)pthread_cond_signal(&issuers->wake);
    (void)pthread_mutex_unlock(&issuers->lock);
    if (issuers->has_thread)
        (void)pthread_join(issuers->thread, NULL);
    for (size_t i = 0; i < issuers->count; i++)
        release(issuers, issuers->list[i].keys);
    (void)pthread_cond_destroy(&issuers->wake);
    (void)pthread_mutex_destroy(&issuers->lock);
    clti_arena_done(&issuers->arena);
    free(issuers);
}

/* ---- whose token it is ----------------------------------------------------------------------------------
 */

uint64_t clti_issuers_revision(const clti_issuers *issuers) {
    return atomic_load(&issuers->revision);
}

/* An unknown key may be a new one. However many tokens name one, the keys are fetched once a minute at most.
 */
static void want_keys(clti_issuers *issuers) {
    (void)pthread_mutex_lock(&issuers->lock);
    for (size_t i = 0; i < issuers->count; i++) {
        issuer *asked = &issuers->list[i];
        const int64_t earliest = asked->attempted_us + issuers->unknown_key_us;
        if (asked->keys && earliest < asked->due_us)
            asked->due_us = earliest;
    }
    (void)pthread_cond_signal(&issuers->wake);
    (void)pthread_mutex_unlock(&issuers->lock);
}

/* An issuer's keys, to be released. */
static clti_key_set *hold(clti_issuers *issuers, const issuer *of) {
    (void)pthread_mutex_lock(&issuers->lock);
    clti_key_set *set = of->keys;
    if (set)
        set->holders++;
    (void)pthread_mutex_unlock(&issuers->lock);
    return set;
}

/* Several may have keys of one name: each is tried, and the signature tells. */
const clti_issuer_options *clti_issuers_find(clti_issuers *issuers, const json_t *header,
                                             const clti_jws *jws) {
    const json_t *name = json_object_get(header, "kid");
    const clt_str id = {json_string_value(name), json_string_length(name)};
    const char *algorithm = json_string_value(json_object_get(header, "alg"));
    bool is_known = false, is_right = false;
    if (!id.data || !algorithm)
        return NULL;
    for (size_t i = 0; i < issuers->count; i++) {
        clti_key_set *keys = hold(issuers, &issuers->list[i]);
        const clti_key *key = keys ? clti_keys_find(keys, id, 0) : NULL;
        is_known |= key != NULL;
        is_right = key && strcmp(key->algorithm, algorithm) == 0 && clti_jws_check(key, jws);
        release(issuers, keys);
        if (is_right)
            return &issuers->list[i].options;
    }
    if (!is_known && issuers->count > 0)
        want_keys(issuers);
    return NULL;
}
