/**
 * @file partner.h
 * @brief Partner operations: where the service is, who calls, and how calls behave.
 *
 * @code
 *     clt_credentials *credentials;
 *     clt_partner *partner;
 *     clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
 *     clt_credentials_app("fabrikam.example", client_id, secret, &credentials, &err);
 *     clt_partner_create(&options, credentials, &partner, &err);
 * @endcode
 *
 * Thread: a clt_partner is for any thread, any number at a time; so are credentials and cancellations.
 * @source api.md 1.1, 2.1, 7, 9, 10; IAggregatePartner, IPartnerCredentials and RequestContextFactory of the
 * original SDK
 */
#ifndef CLIENTELE_PARTNER_H
#define CLIENTELE_PARTNER_H

#include "clientele/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** National clouds, with the addresses of the contract. @source api.md 1.1 */
enum {
    CLT_CLOUD_GLOBAL = 0,
    CLT_CLOUD_CHINA = 1, /**< operated by 21Vianet */
    CLT_CLOUD_GERMANY = 2,
    CLT_CLOUD_US_GOVERNMENT = 3,
    CLT_CLOUD_COUNT = 4
};

/** The addresses of a cloud; static texts. @source api.md 1.1 */
typedef struct clt_cloud {
    const char *name; /**< `global`, `china`, `germany`, `us-government` */
    const char *base_url;
    const char *authority_url;
    const char *graph_resource; /**< token resource of older applications */
} clt_cloud;

/** @brief The addresses of a cloud, CLT_CLOUD_*; NULL if the number is none. */
CLT_API const clt_cloud *clt_cloud_get(int32_t cloud);

/** @brief CLT_CLOUD_* of a name, any case; -1 if it is none. */
CLT_API int32_t clt_cloud_find(const char *name);

/* ---- credentials ------------------------------------------------------------------------------------ */

/** How tokens are had; made by one of the functions below. Thread: any thread. @source api.md 7 */
typedef struct clt_credentials clt_credentials;

/** An access token and what came with it. */
typedef struct clt_token {
    clt_str access_token;  /**< a secret */
    int64_t expires_at;    /**< seconds since 1970, UTC; 0 if unknown */
    clt_str refresh_token; /**< a secret; absent if there is none */
} clt_token;

/** What a person must do to sign in with a device code. */
typedef struct clt_device_code {
    clt_str user_code;
    clt_str verification_uri;
    clt_str message;    /**< the authority's own words for both */
    int64_t expires_at; /**< seconds since 1970, UTC */
} clt_device_code;

/** Shows a code; called once per sign-in, in a thread that makes a call. */
typedef void (*clt_device_code_callback)(void *user, const clt_device_code *code);

/**
 * Provides a token when none is at hand or the last is about to expire: fill *out; its texts must stay valid
 * until the next call of this function or until the credentials are freed. Never called by two threads at
 * once.
 * @return CLT_OK, or a category; the call that needed the token then fails with it.
 */
typedef clt_status (*clt_token_callback)(void *user, clt_token *out);

/** Told of every token that the authority issued, so that it can be kept; same thread rules. */
typedef void (*clt_token_issued_callback)(void *user, const clt_token *token);

/**
 * @brief App only: client credentials.
 * @param tenant  The partner's tenant id or one of its domains.
 * Owner: texts are copied; *out is the caller's, clt_credentials_free(). Secrets are wiped when freed.
 * @retval CLT_ERR_ARGUMENT  A text is NULL or empty.
 * @source api.md 7.1 to 7.3
 */
CLT_API CLT_NODISCARD clt_status clt_credentials_app(const char *tenant, const char *client_id,
                                                     const char *client_secret, clt_credentials **out,
                                                     clt_error **out_err);

/**
 * @brief App+User: a refresh token, of a sign-in elsewhere. The authority may answer with another one, which
 *        takes its place: see clt_credentials_on_issued().
 * Owner: texts are copied; *out is the caller's, clt_credentials_free(). Secrets are wiped when freed.
 * @param client_secret  NULL for a public application.
 * @retval CLT_ERR_ARGUMENT  Another text is NULL or empty.
 * @source api.md 7.3
 */
CLT_API CLT_NODISCARD clt_status clt_credentials_refresh_token(const char *tenant, const char *client_id,
                                                               const char *client_secret,
                                                               const char *refresh_token,
                                                               clt_credentials **out, clt_error **out_err);

/**
 * @brief App+User: device code; the first call that needs a token shows the code and waits for the sign-in.
 * Owner: texts are copied; *out is the caller's, clt_credentials_free().
 * @param show  Called in the thread of that call; its texts live until it returns.
 * @retval CLT_ERR_ARGUMENT  A text is NULL or empty, or show is NULL.
 * @source api.md 7.3; RFC 8628
 */
CLT_API CLT_NODISCARD clt_status clt_credentials_device_code(const char *tenant, const char *client_id,
                                                             clt_device_code_callback show, void *user,
                                                             clt_credentials **out, clt_error **out_err);

/**
 * @brief A bearer token of the caller's own; never renewed.
 * Owner: the text is copied, and wiped when freed; *out is the caller's, clt_credentials_free().
 * Units: expires_at is seconds since 1970, UTC; 0 if unknown.
 * @retval CLT_ERR_ARGUMENT  access_token is NULL, empty, or has control characters.
 * @source api.md 7.1
 */
CLT_API CLT_NODISCARD clt_status clt_credentials_bearer(const char *access_token, int64_t expires_at,
                                                        clt_credentials **out, clt_error **out_err);

/**
 * @brief Tokens from a function of the caller's.
 * Owner: *out is the caller's, clt_credentials_free(); `user` must live as long as any partner made with
 * them.
 * @retval CLT_ERR_ARGUMENT  provide is NULL.
 * @source IPartnerCredentials of the original SDK
 */
CLT_API CLT_NODISCARD clt_status clt_credentials_callback(clt_token_callback provide, void *user,
                                                          clt_credentials **out, clt_error **out_err);

/** @brief Have issued tokens told to the caller; before the credentials are given to a partner. */
CLT_API void clt_credentials_on_issued(clt_credentials *credentials, clt_token_issued_callback issued,
                                       void *user);

/** @brief Give up the caller's hold; NULL is allowed. Partners made with them keep theirs. */
CLT_API void clt_credentials_free(clt_credentials *credentials);

/* ---- partner ---------------------------------------------------------------------------------------- */

/** Partner operations: every call is made through one. Thread: any number of threads at a time.
 * @source IAggregatePartner of the original SDK */
typedef struct clt_partner clt_partner;

/** How much a line of the log matters: a request, a retry, a failure. */
enum { CLT_LOG_DEBUG = 0, CLT_LOG_INFO = 1, CLT_LOG_WARNING = 2 };

/** Told of requests and retries: one line, without tokens, bodies and personal data. May run in any thread.
 */
typedef void (*clt_log_callback)(void *user, int32_t level, clt_str line);

/** How a partner behaves. Zero is the default of every member. Texts are copied. */
typedef struct clt_partner_options {
    size_t size;                 /**< sizeof(clt_partner_options) */
    int32_t cloud;               /**< CLT_CLOUD_* */
    const char *base_url;        /**< own service instead of the cloud's: `http://127.0.0.1:8484` */
    const char *authority_url;   /**< own token authority; NULL with a base_url: the same as that */
    const char *locale;          /**< X-Locale; NULL: `en-US` */
    const char *application;     /**< MS-PartnerCenter-Application; NULL: not sent */
    const char *ca_file;         /**< PEM file of trusted authorities; NULL: the system's */
    int64_t timeout_ms;          /**< for a whole call, retries and waits included; 0: 180,000; -1: none */
    int32_t retry_max;           /**< retries of one call; 0: 5; -1: none */
    uint64_t response_bytes_max; /**< a larger (decoded) body is refused; 0: 64 MiB */
    clt_log_callback log;        /**< NULL: nothing is logged */
    void *log_user;
} clt_partner_options;

/** Options of which every member is its default. */
#define CLT_PARTNER_OPTIONS_INIT                                                                             \
    { sizeof(clt_partner_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** @brief The same for languages without the macro. */
CLT_API void clt_partner_options_init(clt_partner_options *options);

/**
 * @brief Partner operations. No request is sent yet.
 *
 * Owner:  *out is the caller's, clt_partner_free(); it holds the credentials, which the caller may free at
 * once. Thread: any thread.
 *
 * @param options  NULL for the defaults.
 * @retval CLT_ERR_ARGUMENT  A URL that is none, http to a host that is not loopback, an unknown cloud,
 *                           unknown non-zero bytes behind the members that this version knows.
 */
CLT_API CLT_NODISCARD clt_status clt_partner_create(const clt_partner_options *options,
                                                    clt_credentials *credentials, clt_partner **out,
                                                    clt_error **out_err);

/** Stops calls from any thread, once and for all calls that use it. */
typedef struct clt_cancellation clt_cancellation;

/** @brief A new one, not cancelled. Owner: *out is the caller's, clt_cancellation_free(). */
CLT_API CLT_NODISCARD clt_status clt_cancellation_new(clt_cancellation **out, clt_error **out_err);

/** @brief Cancel. Safe in a signal handler. */
CLT_API void clt_cancellation_cancel(clt_cancellation *cancellation);

/** @brief Free; no call may be using it any more. NULL is allowed. */
CLT_API void clt_cancellation_free(clt_cancellation *cancellation);

/** What one call, or every call of a scoped partner, carries. Zero is the default of every member. */
typedef struct clt_request_context {
    size_t size;                    /**< sizeof(clt_request_context) */
    const char *correlation_id;     /**< MS-CorrelationId, a GUID; NULL: the partner's, or a new one */
    const char *request_id;         /**< MS-RequestId, a GUID, for one call only; NULL: a new one each call */
    const char *locale;             /**< NULL: the partner's */
    int64_t timeout_ms;             /**< 0: the partner's; -1: none */
    clt_cancellation *cancellation; /**< NULL: none; must outlive the calls that use it */
} clt_request_context;

/** A context of which every member is its default. */
#define CLT_REQUEST_CONTEXT_INIT                                                                             \
    { sizeof(clt_request_context), 0, 0, 0, 0, 0 }

/** @brief The same for languages without the macro. */
CLT_API void clt_request_context_init(clt_request_context *context);

/** @brief A context that carries a correlation id, and nothing else. @param correlation_id  a GUID; it must
 * live as long as the context is used. @source RequestContextFactory.Create of the original SDK */
static inline clt_request_context clt_request_context_of(const char *correlation_id) {
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    context.correlation_id = correlation_id;
    return context;
}

/** The text of a GUID with the NUL behind it, in bytes. */
#define CLT_GUID_TEXT_SIZE 37

/**
 * @brief Write a new random GUID (RFC 9562, version 4): lower case, hyphens, no braces.
 * Thread: any thread.
 * @param out_text  Room for CLT_GUID_TEXT_SIZE bytes.
 * @source api.md 2.1: a GUID as correlation id, and as request id
 */
CLT_API void clt_guid_new(char *out_text);

/**
 * @brief The same partner, scoped: all operations share the context's correlation id (a new one if it has
 *        none), each has a request id of its own.
 * Owner: *out is the caller's, clt_partner_free(); the original may be freed before it.
 * @param context  NULL for a fresh correlation id. Its request_id must be NULL.
 * @source IPartner.With of the original SDK
 */
CLT_API CLT_NODISCARD clt_status clt_partner_with(clt_partner *partner, const clt_request_context *context,
                                                  clt_partner **out, clt_error **out_err);

/**
 * @brief The token that calls use now, renewed first if need be.
 * Owner: *out is the caller's, clt_token_free().
 * @retval CLT_ERR_UNAUTHORIZED  The authority refused the credentials.
 * @retval ...                   No answer: network, deadline, cancelled.
 * @source api.md 7
 */
CLT_API CLT_NODISCARD clt_status clt_partner_token(clt_partner *partner, const clt_request_context *context,
                                                   clt_token **out, clt_error **out_err);

/** @brief Free, and wipe it if nobody else uses it; NULL is allowed. */
CLT_API void clt_token_free(clt_token *token);

/* ---- calls without waiting -------------------------------------------------------------------------- */

/** A call that is under way: what the functions that end in `_async` hand out. Thread: any thread. */
typedef struct clt_operation clt_operation;

/** @brief Ask it to end soon; its callback still runs, with CLT_ERR_CANCELLED unless it had finished. */
CLT_API void clt_operation_cancel(clt_operation *operation);

/** @brief Give up the caller's hold; the call itself goes on. NULL is allowed. */
CLT_API void clt_operation_free(clt_operation *operation);

/* ---- the end ---------------------------------------------------------------------------------------- */

/** @brief Base URL in use, without a slash at the end; lives as long as the partner. */
CLT_API clt_str clt_partner_base_url(const clt_partner *partner);

/**
 * @brief Free; NULL is allowed. Cancels asynchronous operations of this handle and waits for their callbacks.
 *        Not to be called from such a callback, nor while another thread makes a call on this handle.
 */
CLT_API void clt_partner_free(clt_partner *partner);

#ifdef __cplusplus
}
#endif

#endif
