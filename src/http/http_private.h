/**
 * @file http_private.h
 * @brief What the files of `http` share: the request as handlers see it, and the reply they fill.
 *
 * Only server.c knows libmicrohttpd.
 */
#ifndef CLTI_HTTP_PRIVATE_H
#define CLTI_HTTP_PRIVATE_H

#include "http/http.h"

/* ---- headers that we read ------------------------------------------------------------------------------ */

/* Each with whether it is a list, which may be sent in several lines; any other may be sent once. */
#define CLTI_REQUEST_HEADERS(X)                                                                              \
    X(AUTHORIZATION, "Authorization", false)                                                                 \
    X(CONTENT_LENGTH, "Content-Length", false)                                                               \
    X(CONTENT_TYPE, "Content-Type", false)                                                                   \
    X(HOST, "Host", false)                                                                                   \
    X(ORIGIN, "Origin", false)                                                                               \
    X(REQUEST_METHOD, "Access-Control-Request-Method", false)                                                \
    X(TRANSFER_ENCODING, "Transfer-Encoding", false)                                                         \
    X(ACCEPT, "Accept", true)                                                                                \
    X(APPLICATION, "MS-PartnerCenter-Application", false)                                                    \
    X(CLIENT, "MS-PartnerCenter-Client", false)                                                              \
    X(CONTINUATION, "MS-ContinuationToken", false)                                                           \
    X(COOKIE, "Cookie", false)                                                                               \
    X(CONTRACT_VERSION, "MS-Contract-Version", false)                                                        \
    X(CORRELATION_ID, "MS-CorrelationId", false)                                                             \
    X(CV, "MS-CV", false)                                                                                    \
    X(ACCEPT_ENCODING, "Accept-Encoding", true)                                                              \
    X(IF_MATCH, "If-Match", true)                                                                            \
    X(IF_NONE_MATCH, "If-None-Match", true)                                                                  \
    X(PREFER, "Prefer", true)                                                                                \
    X(REQUEST_ID, "MS-RequestId", false)

typedef enum clti_header {
#define X(symbol, name, is_list) CLTI_HEADER_##symbol,
    CLTI_REQUEST_HEADERS(X)
#undef X
        CLTI_HEADER_COUNT
} clti_header;

/* ---- request ------------------------------------------------------------------------------------------- */

/* In the order in which the header Allow names them. */
#define CLTI_METHODS(X)                                                                                      \
    X(GET)                                                                                                   \
    X(HEAD)                                                                                                  \
    X(POST)                                                                                                  \
    X(PUT)                                                                                                   \
    X(PATCH)                                                                                                 \
    X(DELETE)

enum {
#define X(name) CLTI_METHOD_NUMBER_##name,
    CLTI_METHODS(X)
#undef X
        CLTI_METHOD_COUNT
};

/** Bits, so that sets of them are numbers. */
typedef enum clti_method {
#define X(name) CLTI_METHOD_##name = 1 << CLTI_METHOD_NUMBER_##name,
    CLTI_METHODS(X)
#undef X
        CLTI_METHOD_OTHER = 1 << CLTI_METHOD_COUNT
} clti_method;

/** @brief The method of a request line's word; names are case-sensitive (RFC 9110 9.1). */
clti_method clti_method_of(const char *name);

#define CLTI_PATH_SEGMENTS_MAX   16
#define CLTI_PATH_PARAMETERS_MAX 2

typedef struct clti_route clti_route;

/** Whether a helper's thread handles the request. */
typedef enum clti_help_state { CLTI_HELP_NONE, CLTI_HELP_WANTED, CLTI_HELP_GIVEN } clti_help_state;

/** One request. Texts are valid until its reply has been sent. */
typedef struct clti_request {
    const clti_http_options *http;
    clti_arena arena;
    clti_method method;
    clt_str method_text;
    clt_str target;                           /**< as received */
    clt_str path;                             /**< part of it before '?' */
    clt_str query;                            /**< part behind, encoded; absent if there was no '?' */
    clt_str segments[CLTI_PATH_SEGMENTS_MAX]; /**< decoded */
    size_t segment_count;
    const clti_route *route;
    clt_str parameters[CLTI_PATH_PARAMETERS_MAX]; /**< segments that stand for {..} in the route */
    clt_str headers[CLTI_HEADER_COUNT];
    clt_str request_id, correlation_id, cv; /**< as they go into the reply */
    clt_str body;
    bool is_local;                     /**< the peer is on this machine */
    clt_guid address;                  /**< the peer's, as clti_address_key() */
    clti_remembered_token *remembered; /**< the connection's */
    clti_caller caller;                /**< set if the route wants one */
    bool has_caller;
    clti_write
        *write; /**< set by a handler that changes something: the reply is made of it when it is done */
    unsigned attempts; /**< writes that were overtaken by others */
    clti_help_state help;
} clti_request;

/* ---- reply --------------------------------------------------------------------------------------------- */

#define CLTI_REPLY_HEADERS_MAX 12

typedef struct clti_reply {
    unsigned status;
    clti_buf body;
    clt_str built_in; /**< if present, the body: bytes of the program itself, not to be compressed */
    const char *content_type;
    const char *cache_control;
    struct {
        const char *name;
        clt_str value; /**< lives in the request's arena or is static; terminated */
    } headers[CLTI_REPLY_HEADERS_MAX];
    size_t header_count;
    bool close; /**< end the connection after this reply */
} clti_reply;

#define CLTI_JSON_TYPE "application/json; charset=utf-8"

/** @brief One more header; the value must be terminated and outlive the reply. */
void clti_reply_add_header(clti_reply *reply, const char *name, clt_str value);

/** @brief Answer 304: the caller has it already. */
void clti_reply_unchanged(clti_reply *reply);

/**
 * @brief Give a single resource its entity tag, or answer 304 if the caller has it already.
 * @param tag  Terminated; absent: a weak one is made of the body.
 */
CLTI_MUST_CHECK bool clti_reply_tag(clti_request *request, clti_reply *reply, clt_str tag, clti_fault *fault);

/** @brief True if the client takes gzip (RFC 9110 12.5.3). */
bool clti_accepts_gzip(clt_str accept_encoding);

/** @brief Replace the body by its gzip form, with the headers that say so; left as it was if that fails. */
void clti_reply_compress(clti_reply *reply);

/** @brief Undo gzip, of bytes that are ours. @retval false  memory is out, or the buffer may not hold it. */
CLTI_MUST_CHECK bool clti_gzip_unpack(clt_str packed, clti_buf *out);

/** @brief Answer with a fault: body, status, and the headers that belong to it. What it held before is
 * dropped. */
void clti_reply_fault(clti_request *request, clti_reply *reply, const clti_fault *fault);

/** @brief Say after how many seconds to come again. */
void clti_reply_add_retry_after(clti_request *request, clti_reply *reply, unsigned seconds);

/** @brief Answer 429 as the original does: no error of the usual form (api.md 9). */
void clti_reply_throttled(clti_request *request, clti_reply *reply, unsigned seconds);

/* ---- pages of other origins (cors.c) ------------------------------------------------------------------- */

/** @brief Tell a page of an origin that is allowed that it may read this reply; nothing to any other. */
void clti_cors_add(const clti_request *request, clti_reply *reply);

/** @brief Answer an allowed origin's question what it may send to a path, which no route serves.
 * @param fault  Of clti_route_find(). @retval false  it is no such question. */
bool clti_cors_preflight(const clti_request *request, clti_reply *reply, const clti_fault *fault);

/* ---- routes -------------------------------------------------------------------------------------------- */

/** Who may call. Nobody unless the row says so. */
typedef enum clti_access_rule {
    CLTI_CALL_NOBODY,
    CLTI_CALL_PUBLIC,     /**< without token */
    CLTI_CALL_QUICK,      /**< likewise; the handler never waits: it does not look into the store */
    CLTI_CALL_APP,        /**< App only or App+User */
    CLTI_CALL_USER,       /**< App+User; App only too unless auth.require_user */
    CLTI_CALL_ALWAYS_USER /**< App+User, whatever auth.require_user says */
} clti_access_rule;

/** @return false with a fault to answer with. */
typedef bool (*clti_handler)(clti_request *request, clti_reply *reply, clti_fault *fault);

struct clti_route {
    clti_method method; /**< GET serves HEAD as well */
    const char *path;   /**< whole template: words and {..} */
    clti_access_rule access;
    uint8_t roles;   /**< set of clti_role: a user must have one of them; no matter to an application */
    size_t body_max; /**< bytes of the largest request body */
    clti_handler handler;
};

extern const clti_route CLTI_ROUTES[];
extern const size_t CLTI_ROUTE_COUNT;

/** @brief Take the target apart into path, query and decoded segments. @retval false bad escapes and the
 * like. */
CLTI_MUST_CHECK bool clti_target_read(clti_request *request, clti_fault *fault);

/**
 * @brief Find the route and its parameters.
 * @retval false  NOT_FOUND, or WRONG_METHOD with the header Allow added to the reply.
 */
CLTI_MUST_CHECK bool clti_route_find(clti_request *request, clti_reply *reply, clti_fault *fault);

/** @brief Settle request id, correlation id and MS-CV: as received, or new. */
void clti_request_settle_ids(clti_request *request);

/**
 * @brief From route to reply: authenticate, authorize, handle. Never fails: a fault becomes the reply.
 * @retval false  there is no reply yet: if request->help is WANTED, clti_dispatch_helped() makes it, on a
 * helper's thread; otherwise request->write must be done first, then clti_dispatch_written() comes.
 */
CLTI_MUST_CHECK bool clti_dispatch(clti_request *request, clti_reply *reply);

/**
 * @brief The reply, once request->write is done.
 * @retval false  another write came in between: as of clti_dispatch().
 */
CLTI_MUST_CHECK bool clti_dispatch_written(clti_request *request, clti_reply *reply);

/**
 * @brief For a handler that may take long, before it does anything.
 * @retval true   Return true at once: the handler is called again, on a thread that may wait.
 * @retval false  This is that thread.
 */
bool clti_request_needs_help(clti_request *request);

/**
 * @brief Handle a request that wants help.
 * @retval false  there is no reply yet: request->write must be done first, then clti_dispatch_written()
 * comes.
 */
CLTI_MUST_CHECK bool clti_dispatch_helped(clti_request *request, clti_reply *reply);

/* ---- handlers ------------------------------------------------------------------------------------------ */

/** A write of service.h. */
typedef bool (*clti_write_operation)(const clti_service *service, const clti_write_request *request,
                                     clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Prepare the write that the request asks for (handle_writes.c). */
CLTI_MUST_CHECK bool clti_write_begin(clti_request *request, clti_write_operation operation,
                                      clti_fault *fault);

bool clti_handle_applications_list(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_applications_get(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_applications_create(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_applications_patch(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_applications_delete(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_secrets_add(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_secrets_delete(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_list(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_get(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_create(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_patch(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_reset(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_users_delete(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_signing_keys(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_list(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_get(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_relationships(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_company_profile(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_billing_profile(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_organization(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_relationships(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_relationship_request(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_invitation(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_domain(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_domain_available(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_address(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_country(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_patch(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_delete(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_billing_profile_put(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_qualification(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_qualification_put(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_qualifications(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_qualifications_add(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_validation_codes(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_audit_list(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_audit_get(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_customers_create(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_health(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_readiness(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_metrics(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_dashboard(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_dashboard_asset(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_authorize_v1(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_authorize_v2(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_sign_out(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_device_page(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_device_code_v1(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_device_code_v2(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_revoke(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_token_v1(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_token_v2(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_discovery_v1(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_discovery_v2(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_instance(clti_request *request, clti_reply *reply, clti_fault *fault);
bool clti_handle_keys(clti_request *request, clti_reply *reply, clti_fault *fault);

#endif
