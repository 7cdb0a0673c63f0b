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

/** The one algorithm that our own keys sign with. */
#define CLTI_KEY_ALGORITHM "RS256"

/** How long things live, seconds. */
#define CLTI_CODE_LIFETIME    300
#define CLTI_TICKET_LIFETIME  300
#define CLTI_DEVICE_LIFETIME  900
#define CLTI_DEVICE_INTERVAL  5
#define CLTI_REFRESH_LIFETIME (90 * 24 * 60 * 60)

/** Failures to sign in from one address, of whatever names: so many a minute. */
#define CLTI_FAILURES_PER_ADDRESS 30

/* ---- form.c: the parameters that mean something; others are ignored (RFC 6749 3.1, 3.2) ---------------- */

#define CLTI_PARAMETERS(X)                                                                                   \
    X(AMR_VALUES, "amr_values")                                                                              \
    X(CLIENT_ID, "client_id")                                                                                \
    X(CLIENT_INFO, "client_info")                                                                            \
    X(CLIENT_SECRET, "client_secret")                                                                        \
    X(CODE, "code")                                                                                          \
    X(CODE_CHALLENGE, "code_challenge")                                                                      \
    X(CODE_CHALLENGE_METHOD, "code_challenge_method")                                                        \
    X(CODE_VERIFIER, "code_verifier")                                                                        \
    X(DEVICE_CODE, "device_code")                                                                            \
    X(GRANT_TYPE, "grant_type")                                                                              \
    X(ID_TOKEN_HINT, "id_token_hint")                                                                        \
    X(LOGIN_HINT, "login_hint")                                                                              \
    X(NONCE, "nonce")                                                                                        \
    X(PASSWORD, "password")                                                                                  \
    X(POST_LOGOUT_REDIRECT_URI, "post_logout_redirect_uri")                                                  \
    X(PROMPT, "prompt")                                                                                      \
    X(REDIRECT_URI, "redirect_uri")                                                                          \
    X(REFRESH_TOKEN, "refresh_token")                                                                        \
    X(RESOURCE, "resource")                                                                                  \
    X(RESPONSE_MODE, "response_mode")                                                                        \
    X(RESPONSE_TYPE, "response_type")                                                                        \
    X(SCOPE, "scope")                                                                                        \
    X(STATE, "state")                                                                                        \
    X(TOKEN, "token")                                                                                        \
    X(USERNAME, "username")

typedef enum clti_parameter {
#define X(symbol, name) CLTI_PARAMETER_##symbol,
    CLTI_PARAMETERS(X)
#undef X
        CLTI_PARAMETER_COUNT
} clti_parameter;

/** A form or query: decoded values, absent if not given. */
typedef struct clti_form {
    clt_str values[CLTI_PARAMETER_COUNT];
} clti_form;

const char *clti_parameter_name(clti_parameter parameter);

typedef struct clti_refusal clti_refusal;

/** @brief Read a form. @retval false  *refusal says why, or, if it was left alone, memory is out. */
CLTI_MUST_CHECK bool clti_form_read(clt_str text, clti_arena *arena, clti_form *out, clti_refusal *refusal,
                                    clti_fault *fault);

/** @brief Wipe what is secret in it. */
void clti_form_wipe(const clti_form *form);

/** @brief Wipe a text that lives in an arena, which frees without wiping. */
void clti_arena_wipe(clt_str secret);

/* ---- scope.c ------------------------------------------------------------------------------------------- */

typedef struct clti_granted_scope {
    clt_str audience;
    clt_str resource; /**< the scope that names the audience */
    bool has_openid, has_offline;
} clti_granted_scope;

/** @brief Read a scope. For an application it must name the audience. @retval false  it is not served. */
CLTI_MUST_CHECK bool clti_scope_read(const clti_identity *identity, clt_str text, bool for_user,
                                     clti_granted_scope *out);

/* ---- secret.c: codes and refresh tokens ---------------------------------------------------------------- */

/** What such a text says: which grant, and the hash of the secret. */
typedef struct clti_handle {
    clt_guid id;
    uint8_t secret_sha256[CLTI_SHA256_SIZE];
} clti_handle;

/** @brief Give the grant a new secret. @param[out] out  The text with it, in the arena; a secret. */
CLTI_MUST_CHECK bool clti_handle_make(clti_user_grant *grant, clti_arena *arena, clt_str *out,
                                      clti_fault *fault);

/** @retval false  it is no such text. */
CLTI_MUST_CHECK bool clti_handle_read(clt_str text, clti_handle *out);

/* ---- sign_in.c ----------------------------------------------------------------------------------------- */

/** Failures to sign in, by name; of constant size. Thread: any thread. */
typedef struct clti_attempts clti_attempts;

clti_attempts *clti_attempts_new(void); /**< NULL if memory is out */
/** @brief Count together with other servers. */
CLTI_MUST_CHECK bool clti_attempts_share(clti_attempts *attempts, clti_shared_count *out, clti_fault *fault);
void clti_attempts_free(clti_attempts *attempts);

/** What somebody who signs in says. */
typedef struct clti_password_claim {
    clt_str name, password;
    clt_guid address; /**< or absent */
    int64_t now;
} clti_password_claim;

/** @brief Try a name with a password. *out is set if DONE. */
CLTI_MUST_CHECK bool clti_password_try(clti_identity *identity, const clti_password_claim *claim,
                                       clti_arena *arena, clti_user *out, clti_sign_in_result *out_result,
                                       clti_fault *fault);

/* ---- authorize.c --------------------------------------------------------------------------------------- */

typedef struct clti_client_query {
    clti_tenant_kind tenant_kind;
    clt_guid partner; /**< if the kind says so */
    clt_guid id;
    clt_str redirect; /**< prefer one that has registered it; or absent */
} clti_client_query;

/** @brief An application by its id, in one partner or in any. */
CLTI_MUST_CHECK bool clti_client_find(clti_identity *identity, const clti_client_query *query,
                                      clti_arena *arena, clti_application *out, bool *out_found,
                                      clti_fault *fault);

/* ---- keys.c: the signing keys ------------------------------------------------------------------------ */

/** Threads share it, so nobody takes references to its JSON: jansson does that with a read that is not
 * atomic. What goes elsewhere is a json_deep_copy(). */
typedef struct clti_key {
    clt_str id;                /**< `kid`; points into public_jwk, as the next */
    const char *algorithm;     /**< the only one that the key is good for */
    clti_rsa_key *private_key; /**< signs; NULL: another issuer's */
    json_t *public_jwk;        /**< verifies; built from public members alone, so it can be shown to anyone */
    int64_t signs_from;        /**< seconds since 1970 */
    int64_t verifies_until;
} clti_key;

/** The keys as they were at one generation of the store. Immutable but for the count of its holders. */
typedef struct clti_key_set {
    uint64_t generation;
    size_t holders; /**< guarded by clti_identity.keys_lock, or that of the issuers */
    size_t count;
    clti_key keys[]; /**< newest first */
} clti_key_set;

/** @brief The keys of this generation, loaded if need be. Give them back with clti_keys_release(). */
CLTI_MUST_CHECK bool clti_keys_get(clti_identity *identity, uint64_t generation, clti_key_set **out,
                                   clti_fault *fault);

/** @brief Give the keys back; NULL is allowed. */
void clti_keys_release(clti_identity *identity, clti_key_set *set);

/** @brief Free keys that nobody holds. */
void clti_keys_free(clti_key_set *set);

/** @brief The key with this id, or NULL if there is none that verifies now. */
const clti_key *clti_keys_find(const clti_key_set *set, clt_str id, int64_t now);

/** @brief The key that signs now, or NULL if there is none at all. */
const clti_key *clti_keys_signing(const clti_key_set *set, int64_t now);

/** @brief When the first of two successive keys stops to verify: no token that it signed lives longer. */
int64_t clti_key_verifies_until(const clti_signing_key *follower);

/** @brief When a key begins to sign. */
int64_t clti_key_signs_from(const clti_signing_key *key);

/** @brief The public part of a stored key as JSON; absent if it is no key of ours, or memory is out. */
clt_str clti_key_public_text(const clti_signing_key *stored, clti_arena *arena);

/**
 * @brief Make a key and store it.
 * @param generation     Only if the store still has it; NULL: whatever it has.
 * @param[out] out_done  False: it has another.
 */
CLTI_MUST_CHECK bool clti_key_make(clti_store *store, int64_t created, int64_t signs_from,
                                   const uint64_t *generation, bool *out_done, clti_fault *fault);

/* ---- jwks.c: public keys as others publish them ------------------------------------------------------ */

/** @brief Read a JWKS. Keys for other uses and algorithms are passed over. @retval false  none is left, it is
 * no JWKS, or has more than 64 keys; the text goes on from its URL. */
CLTI_MUST_CHECK bool clti_jwks_read(clt_str body, clti_key_set **out, clti_fault *fault);

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

/* ---- issuers.c: other issuers ------------------------------------------------------------------------ */

/** Thread: any thread. */
typedef struct clti_issuers clti_issuers;

/** @brief Check the options and begin to fetch keys. */
CLTI_MUST_CHECK bool clti_issuers_new(const clti_identity_options *options, clti_issuers **out,
                                      clti_fault *fault);
void clti_issuers_free(clti_issuers *issuers);

/** @brief A number that changes whenever keys do. */
uint64_t clti_issuers_revision(const clti_issuers *issuers);

/** @brief The issuer one of whose keys signed it, or NULL. An unknown key makes the keys be fetched again.
 * The header must have been judged before, but for `alg` and `kid`. */
const clti_issuer_options *clti_issuers_find(clti_issuers *issuers, const json_t *header,
                                             const clti_jws *jws);

/* ---- external.c, verify.c: claims -------------------------------------------------------------------- */

/** @brief Check the claims of a token that this issuer signed. */
CLTI_MUST_CHECK bool clti_external_claims_check(clti_identity *identity, const clti_issuer_options *issuer,
                                                const json_t *claims, int64_t now, clti_arena *arena,
                                                clti_caller *out, clti_fault *fault);

/** @brief exp, nbf and iat; sets not_after. */
CLTI_MUST_CHECK bool clti_claims_check_times(const json_t *claims, int64_t now, clti_caller *out,
                                             clti_fault *fault);

/** @brief True if `mfa` is among the ways in which the user proved who they are. */
bool clti_claims_have_mfa(const json_t *claims);

/** @brief Partner and application must be there; sets what the caller has of the partner. */
CLTI_MUST_CHECK bool clti_caller_check_existence(clti_identity *identity, clti_caller *caller,
                                                 clti_arena *arena, clti_fault *fault);

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

/** @brief Count one for `who`, whom nothing limits if absent. @return 0, or the seconds to wait. */
unsigned clti_token_limit_take(const clti_token_limit *limit, clt_guid who);

struct clti_identity {
    clti_store *store;
    char *public_url;
    char *hosts; /* with commas between */
    const char *own_scheme;
    unsigned own_port;
    bool allow_graph_audience;
    bool allow_password_grant;
    clti_hmac_key page_key; /**< of what our pages carry */
    clti_attempts *attempts;
    clti_token_cache *cache;
    clti_issuers *issuers;
    clti_token_limit clients, addresses;
    clti_rate_limit *failures; /* of signing in, from each address */
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
    bool is_public;        /**< the application proved nothing */
    const clti_user *user; /**< NULL: App only; the rest is of the user */
    bool has_mfa;
    int64_t signed_in;
    clt_guid session; /**< the grant's id: what signing out ends */
    clt_str nonce;    /**< of id tokens, or absent */
    clt_str code;     /**< that the id token goes with, or absent */
} clti_token_grant;

/** @brief Make an access token, signed by the key that signs now. */
CLTI_MUST_CHECK bool clti_token_issue(clti_identity *identity, const clti_token_grant *grant,
                                      clti_arena *arena, clt_str *out, clti_fault *fault);

/** @brief Make an id token for the grant's application. */
CLTI_MUST_CHECK bool clti_id_token_issue(clti_identity *identity, const clti_token_grant *grant,
                                         clti_arena *arena, clt_str *out, clti_fault *fault);

/** What an id token of ours says to its issuer. */
typedef struct clti_id_token {
    clt_guid partner, application, session;
} clti_id_token;

/** @brief Read an id token, expired or not (verify.c). *out_is_ours false: it is none of ours. */
CLTI_MUST_CHECK bool clti_id_token_read(clti_identity *identity, clt_str token, int64_t now,
                                        clti_arena *arena, clti_id_token *out, bool *out_is_ours,
                                        clti_fault *fault);

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
    CLTI_REFUSAL_INVALID_GRANT,
    CLTI_REFUSAL_INTERACTION,
    CLTI_REFUSAL_UNAUTHORIZED,
    CLTI_REFUSAL_PENDING,
    CLTI_REFUSAL_SLOW_DOWN,
    CLTI_REFUSAL_EXPIRED,
    CLTI_REFUSAL_DECLINED,
    CLTI_REFUSAL_COUNT
} clti_refusal_kind;

/** Why a request to the authority is refused. */
struct clti_refusal {
    clti_refusal_kind kind;
    clt_str text; /**< what is wrong and what to do; ours, never the request's */
};

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

/** @brief Resolve GUID, domain, `common` or `organizations`, in any case; *out_partner for PARTNER only. */
CLTI_MUST_CHECK bool clti_tenant_resolve(clti_identity *identity, clt_str tenant, clti_arena *arena,
                                         clti_tenant_kind *out_kind, clt_guid *out_partner,
                                         clti_fault *fault);

#endif
