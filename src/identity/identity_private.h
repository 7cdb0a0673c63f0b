/**
 * @file identity_private.h
 * @brief What the files of `identity` share.
 */
#ifndef CLTI_IDENTITY_PRIVATE_H
#define CLTI_IDENTITY_PRIVATE_H

#include "identity/identity.h"
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

/** Largest bearer token, bytes. */
#define CLTI_TOKEN_MAX 16384

/** How far clocks may differ, seconds (api.md 7.4). */
#define CLTI_CLOCK_SKEW 300

/** How long an access token lives, seconds. */
#define CLTI_TOKEN_LIFETIME 3600

/** Text of an issuer's or endpoint's tenant when the request named none (as the original writes it). */
#define CLTI_TENANT_PLACEHOLDER "{tenantid}"

/** The one algorithm that our keys sign with. */
#define CLTI_KEY_ALGORITHM "RS256"

/* ---- keys.c: the signing keys ------------------------------------------------------------------------ */

/** Threads share it, so nobody takes references to its JSON: jansson does that with a read that is not
 * atomic. What goes elsewhere is a json_deep_copy(). */
typedef struct clti_key {
    clt_str id;          /**< `kid`; points into public_jwk */
    json_t *private_jwk; /**< signs */
    json_t *public_jwk;  /**< verifies; built from public members alone, so it can be shown to anyone */
    int64_t signs_from;  /**< seconds since 1970 */
    int64_t verifies_until;
} clti_key;

/** The keys as they were at one generation of the store. Immutable but for the count of its holders. */
typedef struct clti_key_set {
    uint64_t generation;
    size_t holders; /**< guarded by clti_identity.keys_lock */
    size_t count;
    clti_key keys[]; /**< newest first */
} clti_key_set;

/** @brief The keys of this generation, loaded if need be. Give them back with clti_keys_release(). */
CLTI_MUST_CHECK bool clti_keys_get(clti_identity *identity, uint64_t generation, clti_key_set **out,
                                   clti_fault *fault);

/** @brief Give the keys back; NULL is allowed. */
void clti_keys_release(clti_identity *identity, clti_key_set *set);

/** @brief The key with this id, or NULL if there is none that verifies now. */
const clti_key *clti_keys_find(const clti_key_set *set, clt_str id, int64_t now);

/** @brief The key that signs now, or NULL if there is none at all. */
const clti_key *clti_keys_signing(const clti_key_set *set, int64_t now);

/** @brief When the first of two successive keys stops to verify: no token that it signed lives longer. */
int64_t clti_key_verifies_until(const clti_signing_key *follower);

/** @brief When a key begins to sign. */
int64_t clti_key_signs_from(const clti_signing_key *key);

/** @brief Make a key and store it. */
CLTI_MUST_CHECK bool clti_key_make(clti_store *store, int64_t created, int64_t signs_from, clti_fault *fault);

/* ---- password.c, totp.c, redirect_uri.c -------------------------------------------------------------- */

/**
 * @brief Check a password; takes about 25 ms and 19 MiB, also against an absent hash, which nothing fits.
 */
CLTI_MUST_CHECK bool clti_password_fits(clt_str hash, clt_str password, bool *out, clti_fault *fault);

/**
 * @brief True if the six digits are those of now, or of the period before or after.
 * @param[out] out_period  Which one: it should count once.
 */
bool clti_totp_fits(clt_str secret, clt_str digits, int64_t now, int64_t *out_period);

/**
 * @brief True if an application may send its users there: equal to one that is registered; for a public one
 * on a loopback name, whatever the port (RFC 8252 7.3).
 */
bool clti_redirect_uri_is_registered(const clti_application *application, clt_str uri);

/* ---- jws.c: signatures, through libjose -------------------------------------------------------------- */

/** The three parts of a compact JWS, still base64url. */
typedef struct clti_jws {
    clt_str header;
    clt_str payload;
    clt_str signature;
} clti_jws;

/** @brief Sign claims into a compact JWS. */
CLTI_MUST_CHECK bool clti_jws_sign(const clti_key *key, const json_t *claims, clti_arena *arena, clt_str *out,
                                   clti_fault *fault);

/** @brief True if the signature is the key's. The header must have been judged before (design.md 6). */
bool clti_jws_check(const clti_key *key, const clti_jws *jws);

/* ---- token_cache.c: tokens already verified ---------------------------------------------------------- */

typedef struct clti_token_cache clti_token_cache;

/** @brief NULL if memory is out. Memory is bounded, and touched only as entries come. Thread: any thread. */
clti_token_cache *clti_token_cache_new(void);
void clti_token_cache_free(clti_token_cache *cache);

/** @brief The caller of a token verified at this generation of the store. */
bool clti_token_cache_find(clti_token_cache *cache, const uint8_t digest[CLTI_SHA256_SIZE],
                           uint64_t generation, clti_caller *out);
void clti_token_cache_put(clti_token_cache *cache, const uint8_t digest[CLTI_SHA256_SIZE],
                          uint64_t generation, const clti_caller *caller);

/* ---- identity.c -------------------------------------------------------------------------------------- */

/** How many tokens each may have. */
typedef struct clti_token_limit {
    uint32_t per_minute; /**< 0: any number */
    clti_rate_limit *buckets;
} clti_token_limit;

struct clti_identity {
    clti_store *store;
    char *public_url;
    char *hosts; /* with commas between */
    const char *own_scheme;
    unsigned own_port;
    bool allow_graph_audience;
    clti_token_cache *cache;
    clti_token_limit clients, addresses;
    pthread_mutex_t keys_lock; /**< guards `keys` and the holders of every key set */
    clti_key_set *keys;        /**< the newest loaded */
    struct {
        atomic_ullong by_connection, by_cache, by_signature, refused;
    } counted;
};

/** @brief True if tokens for this audience are issued and accepted. */
bool clti_identity_serves_audience(const clti_identity *identity, clt_str audience);

/** @brief `iss` for a tenant's text. Absent if memory is out. */
clt_str clti_identity_issuer(const clti_identity *identity, clti_authority_version version,
                             const char *tenant, clti_arena *arena);

/* ---- issue.c: access tokens -------------------------------------------------------------------------- */

/** What a token shall say. */
typedef struct clti_token_grant {
    clti_authority_version version;
    clt_guid partner;
    clt_guid application;
    clt_str audience;
    int64_t now;
} clti_token_grant;

/** @brief Make an App only access token, signed by the key that signs now. */
CLTI_MUST_CHECK bool clti_token_issue(clti_identity *identity, const clti_token_grant *grant,
                                      clti_arena *arena, clt_str *out, clti_fault *fault);

/* ---- answer.c: documents of the authority ------------------------------------------------------------ */

typedef enum clti_refusal_kind {
    CLTI_REFUSAL_MALFORMED,
    CLTI_REFUSAL_DUPLICATE,
    CLTI_REFUSAL_MISSING,
    CLTI_REFUSAL_TENANT_UNKNOWN,
    CLTI_REFUSAL_TENANT_NEEDED,
    CLTI_REFUSAL_GRANT,
    CLTI_REFUSAL_CLIENT,
    CLTI_REFUSAL_NO_SECRET,
    CLTI_REFUSAL_RESOURCE,
    CLTI_REFUSAL_SCOPE,
    CLTI_REFUSAL_TOO_MANY,
    CLTI_REFUSAL_COUNT
} clti_refusal_kind;

/** Why a request to the authority is refused. */
typedef struct clti_refusal {
    clti_refusal_kind kind;
    clt_str text; /**< what is wrong and what to do; ours, never the request's */
} clti_refusal;

/** @brief Answer with a JSON document. A NULL document is taken as memory being out. Takes the document. */
CLTI_MUST_CHECK bool clti_answer_take_document(json_t *document, clti_arena *arena,
                                               clti_authority_answer *out, clti_fault *fault);

/** @brief Answer with the error document of api.md 7.3. */
CLTI_MUST_CHECK bool clti_answer_refusal(const clti_refusal *refusal, clt_guid correlation_id, int64_t now,
                                         clti_arena *arena, clti_authority_answer *out, clti_fault *fault);

/* ---- address.c --------------------------------------------------------------------------------------- */

/** @brief Where the endpoints are for who asked by this header Host; no slash at its end. Absent if memory is
 * out. */
clt_str clti_identity_address(const clti_identity *identity, clt_str host, clti_arena *arena);

/* ---- discovery.c ------------------------------------------------------------------------------------- */

/** What the tenant part of a path names. */
typedef enum clti_tenant_kind { CLTI_TENANT_UNKNOWN, CLTI_TENANT_ANY, CLTI_TENANT_PARTNER } clti_tenant_kind;

/** @brief Resolve GUID, domain, `common` or `organizations`, in any case; *out_partner for PARTNER only. */
CLTI_MUST_CHECK bool clti_tenant_resolve(clti_identity *identity, clt_str tenant, clti_arena *arena,
                                         clti_tenant_kind *out_kind, clt_guid *out_partner,
                                         clti_fault *fault);

#endif
