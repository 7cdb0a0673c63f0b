/**
 * @file identity.h
 * @brief The door of `identity`: who is calling, and the built-in token authority.
 *
 * Takes bytes and the time, gives bytes and callers; no sockets.
 * Thread: a clti_identity is for any thread.
 * @source api.md 7, design.md 6
 */
#ifndef CLTI_IDENTITY_H
#define CLTI_IDENTITY_H

#include "store/store.h"

typedef struct clti_identity clti_identity;

/** Most issuers other than ourselves. */
#define CLTI_ISSUERS_MAX 8

/** An issuer whose tokens are accepted too. Names of claims are terminated. */
typedef struct clti_issuer_options {
    clt_str issuer;        /**< `iss`, exactly; below it is its discovery document */
    clt_str audience;      /**< `aud` has to be it, or hold it */
    clt_str partner_claim; /**< the claim with the partner's tenant id or domain */
    clt_str roles_claim;   /**< the claim with the user's roles: one, or a list */
} clti_issuer_options;

/** How the documents of other issuers come in. Thread: called from one thread at a time. */
typedef struct clti_fetch_door {
    /** Fetch into the buffer, at most what it may hold; may take its time. The text of a fault names the URL.
     */
    bool (*fetch)(void *user, const char *url, clti_buf *out, clti_fault *fault);
    /** An issuer's keys are new (NULL), or could not be fetched. */
    void (*tell)(void *user, clt_str issuer, const clti_fault *fault);
    void *user;
} clti_fetch_door;

typedef struct clti_identity_options {
    clti_store *store;      /**< must outlive the identity */
    const char *public_url; /**< without trailing slash; gives issuer and endpoints; copied */
    clt_str hosts; /**< names with commas between: who asks by one of them gets endpoints on it; copied */
    const char *own_scheme;             /**< `http` or `https`: how such a host is reached; static */
    unsigned own_port;                  /**< that may stand behind its name */
    bool allow_graph_audience;          /**< accept https://graph.windows.net (api.md 12.18) */
    bool allow_password_grant;          /**< grant_type=password, for old clients */
    uint32_t tokens_per_client;         /**< a minute; 0: any number */
    uint32_t tokens_per_address;        /**< likewise */
    const clti_issuer_options *issuers; /**< copied */
    size_t issuer_count;
    clti_fetch_door fetch_door; /**< if there are issuers. What is being fetched should end soon when the
                                   identity is freed */
    unsigned unknown_key_ms;    /**< least time between two fetches on account of unknown keys; 0: a minute */
} clti_identity_options;

CLTI_MUST_CHECK bool clti_identity_new(const clti_identity_options *options, clti_identity **out,
                                       clti_fault *fault);
void clti_identity_free(clti_identity *identity);

/** Counts that clti_identity_share() gives. */
#define CLTI_IDENTITY_SHARED 4

/** @brief Count together with other servers of the same store, before anybody is served: tokens of clients
 * and addresses, failures to sign in from addresses and of names. */
CLTI_MUST_CHECK bool clti_identity_share(clti_identity *identity, clti_shared_count out[CLTI_IDENTITY_SHARED],
                                         clti_fault *fault);

/** @brief The server's address as clients see it, without a slash at its end. Lives as long as `identity`. */
const char *clti_identity_public_url(const clti_identity *identity);

/* ---- signing keys --------------------------------------------------------------------------------- */

/** How long a new key is published before it signs, seconds: whoever keeps a copy of the keys has it then. */
#define CLTI_KEY_LEAD_SECONDS 900

/** @brief Make a signing key that signs from now on, and put it into the store: the first of a store. */
CLTI_MUST_CHECK bool clti_identity_make_key(clti_store *store, int64_t now, clti_fault *fault);

typedef enum clti_key_state {
    CLTI_KEY_WAITS,    /**< published; signs later */
    CLTI_KEY_SIGNS,    /**< the one that signs */
    CLTI_KEY_VERIFIES, /**< signs no more; the tokens that it signed are good until they expire */
    CLTI_KEY_RETIRED   /**< no token of it can be good any more */
} clti_key_state;

/** @brief Its word: `waits`, `signs`, `verifies`, `retired`. */
const char *clti_key_state_name(clti_key_state state);

/** What may be told of a signing key. */
typedef struct clti_key_state_at {
    clt_str id;
    clt_str public_jwk; /**< JSON */
    int64_t created;
    int64_t signs_from;
    int64_t verifies_until; /**< INT64_MAX as long as none follows */
    clti_key_state state;
} clti_key_state_at;

/** @brief The signing keys as they are now, newest first. */
CLTI_MUST_CHECK bool clti_identity_key_states(clti_store *store, int64_t now, clti_arena *arena,
                                              clti_key_state_at **out, size_t *out_count, clti_fault *fault);

/**
 * @brief Let a new key follow the one that signs. Retired ones are deleted.
 * @param at_once  It signs without being published first; one that waits already takes the place of a new
 * one.
 * @retval false  CONFLICT: two are valid already. The text says until when, and the way out.
 */
CLTI_MUST_CHECK bool clti_identity_rotate_keys(clti_store *store, int64_t now, bool at_once,
                                               clti_arena *arena, clti_fault *fault);

/** @brief Delete a key: tokens that it signed are refused at once. @retval false  NOT_FOUND; CONFLICT if no
 * other could sign. */
CLTI_MUST_CHECK bool clti_identity_remove_key(clti_store *store, clt_str id, int64_t now, clti_arena *arena,
                                              clti_fault *fault);

/* ---- users ---------------------------------------------------------------------------------------- */

#define CLTI_PASSWORD_SIZE_MIN 8
#define CLTI_PASSWORD_SIZE_MAX 256

/** Longest name for people of a user or an application, in characters. */
#define CLTI_LABEL_POINTS_MAX 200

/**
 * @brief Check such a name; an empty one is none.
 * @param called  How whoever gave it calls it, such as `--name`.
 * @param member  Static name for the fault, or NULL.
 */
CLTI_MUST_CHECK bool clti_label_check(clt_str text, const char *called, const char *member,
                                      clti_fault *fault);

/** @brief Hash a password with argon2id (19 MiB, t=2). @retval false  its size is outside the limits, or
 * memory is out. */
CLTI_MUST_CHECK bool clti_password_hash(clt_str password, clti_arena *arena, clt_str *out, clti_fault *fault);

/** @brief Give a user another password; what was granted before counts no more. @retval false  as
 * clti_password_hash(). */
CLTI_MUST_CHECK bool clti_user_set_password(clti_user *user, clt_str password, int64_t now, clti_arena *arena,
                                            clti_fault *fault);

/** A second factor: what an authenticator app is given. Secrets. */
typedef struct clti_totp {
    clt_str secret; /**< base32 */
    clt_str uri;    /**< otpauth://totp/... */
} clti_totp;

/** @brief Make a second factor (RFC 6238: SHA-1, 6 digits, 30 s) for a user. */
CLTI_MUST_CHECK bool clti_totp_make(clt_str user_name, clti_arena *arena, clti_totp *out, clti_fault *fault);

/** Bytes of a second factor, and characters of its base32 form. */
#define CLTI_TOTP_BYTES 20
#define CLTI_TOTP_CHARS 32

/** @brief Second factor of bytes that nobody can guess. */
CLTI_MUST_CHECK bool clti_totp_encode(const uint8_t bytes[CLTI_TOTP_BYTES], clti_arena *arena, clt_str *out,
                                      clti_fault *fault);

/** @brief Its URI for an authenticator app; absent if memory is out. */
clt_str clti_totp_uri(clt_str user_name, clt_str secret, clti_arena *arena);

/* ---- applications --------------------------------------------------------------------------------- */

/** Bytes of an application's secret, and characters of its text. */
#define CLTI_SECRET_BYTES 32
#define CLTI_SECRET_CHARS 43

/** @brief Text of a secret, and what the store keeps of it. Append it to a fresh buffer; to be wiped. */
void clti_secret_format(const uint8_t bytes[CLTI_SECRET_BYTES], clti_buf *out,
                        uint8_t out_sha256[CLTI_SHA256_SIZE]);

/** @brief Make a secret of 256 random bits, likewise. */
void clti_secret_make(clti_buf *out, uint8_t out_sha256[CLTI_SHA256_SIZE]);

/** Bytes of all redirect URIs of an application together. */
#define CLTI_REDIRECT_URIS_MAX 8192

/** @brief Check a redirect URI and add it to a list, one a line. @param uris  Of CLTI_REDIRECT_URIS_MAX. */
CLTI_MUST_CHECK bool clti_redirect_uris_add(clti_buf *uris, clt_str uri, clti_fault *fault);

/** @brief An address that codes may be sent to: https, or http on the loopback names; no fragment, no user.
 */
CLTI_MUST_CHECK bool clti_redirect_uri_check(clt_str uri, clti_fault *fault);

/* ---- verifying ------------------------------------------------------------------------------------ */

/** The last token of one connection. Zero-initialised is ready; clti_remembered_token_done() frees. */
typedef struct clti_remembered_token {
    char *token;
    size_t size;
    uint64_t generation;
    clti_caller caller;
} clti_remembered_token;

void clti_remembered_token_done(clti_remembered_token *remembered);

/**
 * @brief Turn the value of an Authorization header into a caller.
 *
 * @param remembered     The connection's last token, or NULL.
 * @param authorization  Header value, absent if there was none. The scheme may be in any case.
 * @param now            Seconds since 1970.
 * @retval false  TOKEN_MISSING, WRONG_AUDIENCE, ACCESS_DENIED, or the store failed.
 */
CLTI_MUST_CHECK bool clti_identity_verify(clti_identity *identity, clti_remembered_token *remembered,
                                          clt_str authorization, int64_t now, clti_caller *out,
                                          clti_fault *fault);

/** How tokens were verified since the start. */
typedef struct clti_identity_counters {
    uint64_t by_connection; /**< the connection remembered the token */
    uint64_t by_cache;
    uint64_t by_signature;
    uint64_t refused;
} clti_identity_counters;

/** @brief Requests for tokens that were refused for being too many: of one client, from one address. */
void clti_identity_throttled(const clti_identity *identity, uint64_t *out_by_client,
                             uint64_t *out_by_address);

/** @brief Read the counters; each is exact, together they may be a request apart. */
void clti_identity_counted(const clti_identity *identity, clti_identity_counters *out);

/* ---- the token authority -------------------------------------------------------------------------- */

typedef enum clti_authority_version { CLTI_AUTHORITY_V1 = 1, CLTI_AUTHORITY_V2 = 2 } clti_authority_version;

/** A JSON document with its status; the body lives in the arena. */
typedef struct clti_authority_answer {
    int status;
    unsigned retry_after; /**< of 429: seconds until it is worth asking again; 0 for any other */
    clt_str body;
} clti_authority_answer;

typedef struct clti_token_request {
    clti_authority_version version;
    clt_str tenant;          /**< from the path, decoded: GUID, domain, `common`, `organizations` */
    clt_str form;            /**< application/x-www-form-urlencoded body */
    clt_str authorization;   /**< HTTP Basic, as an alternative to client_secret in the form; or absent */
    clt_guid address;        /**< who asks, as clti_identity_options.tokens_per_address counts; or absent */
    clt_str host;            /**< the request's header Host, as of clti_authority_discovery() */
    clt_guid correlation_id; /**< repeated in errors */
    int64_t now;
} clti_token_request;

/** @brief A form that asks for an application's own tokens: nothing is written, no password checked. */
bool clti_authority_is_quick(clt_str form);

/**
 * @brief Answer a token request. A refusal is an answer too (400, 401 or 429 with the OAuth members of
 * api.md 7.3).
 * @retval false  only if the store or memory failed.
 */
CLTI_MUST_CHECK bool clti_authority_token(clti_identity *identity, const clti_token_request *request,
                                          clti_arena *arena, clti_authority_answer *out, clti_fault *fault);

/* ---- the sign-in page ------------------------------------------------------------------------------ */

typedef struct clti_authorize_request {
    clti_authority_version version;
    clt_str tenant; /**< from the path, decoded */
    clt_str query;  /**< of the target, encoded */
    int64_t now;
} clti_authorize_request;

typedef enum clti_authorize_state {
    CLTI_AUTHORIZE_ASK,      /**< the user has to sign in */
    CLTI_AUTHORIZE_GRANTED,  /**< send the user back with code and id token */
    CLTI_AUTHORIZE_REFUSED,  /**< send the user back with the error */
    CLTI_AUTHORIZE_NOT_TOLD, /**< tell the user alone: the address is not known to be the application's */
} clti_authorize_state;

/** How an answer goes back to the application. */
typedef enum clti_response_mode {
    CLTI_RESPONSE_QUERY,
    CLTI_RESPONSE_FRAGMENT,
    CLTI_RESPONSE_FORM_POST
} clti_response_mode;

/** What the tenant part of a path names. */
typedef enum clti_tenant_kind { CLTI_TENANT_UNKNOWN, CLTI_TENANT_ANY, CLTI_TENANT_PARTNER } clti_tenant_kind;

/** An authorization request that has been read, and what became of it. Texts live in the arena or the
 * request. */
typedef struct clti_authorization {
    clti_authorize_state state;
    const char *error; /**< if refused or not told: the OAuth word, and a text for people */
    clt_str text;
    clti_authority_version version;
    clti_tenant_kind tenant_kind;
    clt_guid partner; /**< that the path names, or absent */
    clt_guid application;
    clt_str application_name;
    clt_str redirect, relay_state, nonce, challenge, scope, login_hint;
    clti_response_mode response_mode;
    bool wants_id_token, wants_mfa;
    int64_t now;
    clt_str code, id_token; /**< if granted; secrets */
} clti_authorization;

/** @brief Read and judge an authorization request. @retval false  only if the store or memory failed. */
CLTI_MUST_CHECK bool clti_authorize_check(clti_identity *identity, const clti_authorize_request *request,
                                          clti_arena *arena, clti_authorization *out, clti_fault *fault);

typedef enum clti_sign_in_result {
    CLTI_SIGN_IN_DONE,
    CLTI_SIGN_IN_WRONG,      /**< name or password; nobody learns which */
    CLTI_SIGN_IN_WRONG_CODE, /**< of the second factor */
    CLTI_SIGN_IN_LOCKED,     /**< too many failures of the name or from the address: wait a minute */
    CLTI_SIGN_IN_NEEDS_CODE, /**< the password is right, the second factor comes next */
    CLTI_SIGN_IN_STALE       /**< the form is not ours, or too old, or its cookie is gone */
} clti_sign_in_result;

/** What a form of the sign-in page brings. */
typedef struct clti_sign_in_request {
    clt_str binding;    /**< what form and cookie must share: cookie and target */
    clt_str form_proof; /**< as clti_sign_in_form_proof() made it */
    clt_str ticket;     /**< of the first step, or empty */
    clt_str name, password, otp;
    clt_guid address; /**< as of clti_token_request */
    int64_t now;
} clti_sign_in_request;

typedef struct clti_sign_in {
    clti_sign_in_result result;
    clti_user user; /**< if done */
    bool has_mfa;
    clt_str ticket; /**< to be carried to the second step */
    clti_totp
        enrolment; /**< a second factor that was never used, to be shown to whoever knows the password */
} clti_sign_in;

/** @brief What a form must bring back; bound to the cookie, so no other site can make it (CSRF). */
CLTI_MUST_CHECK bool clti_sign_in_form_proof(clti_identity *identity, clt_str binding, clti_arena *arena,
                                             clt_str *out, clti_fault *fault);

/** @brief Try to sign in. Takes about 25 ms, whatever is wrong. */
CLTI_MUST_CHECK bool clti_sign_in_try(clti_identity *identity, const clti_sign_in_request *request,
                                      clti_arena *arena, clti_sign_in *out, clti_fault *fault);

/** @brief The user has signed in: make the code, or refuse. */
CLTI_MUST_CHECK bool clti_authorize_grant(clti_identity *identity, clti_authorization *authorization,
                                          const clti_sign_in *sign_in, clti_arena *arena, clti_fault *fault);

/** @brief Sign out: revokes what the id token in `id_token_hint` belongs to. @param[out] out_redirect  Absent
 * unless the application that it names has registered it. */
CLTI_MUST_CHECK bool clti_authority_sign_out(clti_identity *identity, const clti_authorize_request *request,
                                             clti_arena *arena, clt_str *out_redirect, clti_fault *fault);

/** @brief Revoke the refresh token in a form (RFC 7009). Whether there was one does not show. */
CLTI_MUST_CHECK bool clti_authority_revoke(clti_identity *identity, clt_str form, clti_arena *arena,
                                           clti_fault *fault);

/* ---- device code ----------------------------------------------------------------------------------- */

typedef clti_token_request clti_device_request;

/** @brief Answer a device that asks for codes. */
CLTI_MUST_CHECK bool clti_device_begin(clti_identity *identity, const clti_device_request *request,
                                       clti_arena *arena, clti_authority_answer *out, clti_fault *fault);

/** A device that waits for its user. */
typedef struct clti_device {
    clti_user_grant grant;
    clt_str application_name;
} clti_device;

/** @brief The device whose user typed this code. */
CLTI_MUST_CHECK bool clti_device_find(clti_identity *identity, clt_str user_code, int64_t now,
                                      clti_arena *arena, clti_device *out, bool *out_found,
                                      clti_fault *fault);

/** @brief Let it in as the user who signed in, or, with NULL, decline. *out_done false: it waits no more. */
CLTI_MUST_CHECK bool clti_device_answer(clti_identity *identity, clt_str user_code,
                                        const clti_sign_in *sign_in, int64_t now, clti_arena *arena,
                                        bool *out_done, clti_fault *fault);

/**
 * @brief OpenID discovery document of a tenant. 404-like refusals are answers.
 * @param host  The request's header Host: endpoints are on it if it is one of the hosts, else on the public
 *              URL. The issuer never depends on it.
 */
CLTI_MUST_CHECK bool clti_authority_discovery(clti_identity *identity, clti_authority_version version,
                                              clt_str tenant, clt_str host, clti_arena *arena,
                                              clti_authority_answer *out, clti_fault *fault);

/** @brief Instance discovery, which MSAL asks for first. @param host  As above. */
CLTI_MUST_CHECK bool clti_authority_instance(clti_identity *identity, clt_str host, clti_arena *arena,
                                             clti_authority_answer *out, clti_fault *fault);

/** @brief The public signing keys as a JWKS: those of tokens that can be good now or soon. */
CLTI_MUST_CHECK bool clti_authority_keys(clti_identity *identity, int64_t now, clti_arena *arena,
                                         clti_authority_answer *out, clti_fault *fault);

#endif
