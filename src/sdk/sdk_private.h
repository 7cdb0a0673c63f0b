/**
 * @file sdk_private.h
 * @brief What the files of libclientele share: the partner's insides and the way of one call.
 *
 * A call is an *exchange*: one request with its retries. An exchange moves on in a *lane*, a curl multi
 * handle with its connections, that one thread uses at a time; lanes wait in a locked pool for the next call.
 * (curl does not let threads share connections.) A call that blocks drives its own exchange (drive.c); the
 * library's thread drives many (async.c).
 */
#ifndef CLTI_SDK_PRIVATE_H
#define CLTI_SDK_PRIVATE_H

#include "clientele/clientele.h"
#include "sdk/link_private.h"
#include "wire/wire.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

/* ---- options ------------------------------------------------------------------------------------------ */

/**
 * @brief Copy a caller's struct, of this or another version, into a zeroed one of `known` bytes.
 * @param name  The parameter, for messages.
 * @param from  NULL leaves `to` zeroed.
 * @retval CLT_ERR_ARGUMENT  its size is not set, or a member that this version does not know is not zero
 */
CLTI_MUST_CHECK clt_status clti_options_copy(void *to, size_t known, const void *from, const char *name,
                                             clt_error **err);

/** @brief CLT_ERR_ARGUMENT unless `text` is there and not empty. */
CLTI_MUST_CHECK clt_status clti_require_text(const char *name, const char *text, clt_error **err);

/* ---- cancellation ------------------------------------------------------------------------------------- */

struct clt_cancellation {
    int fd; /**< eventfd, readable once cancelled */
    atomic_bool cancelled;
};

/** At most two can stop a call: the context's and the asynchronous operation's. NULL: none. */
#define CLTI_CANCELLATIONS 2

/* ---- the partner -------------------------------------------------------------------------------------- */

typedef struct clti_lane clti_lane;
typedef struct clti_token clti_token;

/** What scoped handles share. Immutable after creation but for the pool and the count. */
typedef struct clti_core {
    atomic_size_t references;
    clti_arena arena; /* of the texts below */
    clti_origin base, authority;
    clt_str resource; /* that tokens are for */
    clt_str application;
    clt_str ca_file;
    int32_t retry_max;
    size_t response_bytes_max;
    clt_log_callback log;
    void *log_user;
    clt_credentials *credentials;
    pthread_mutex_t lock; /* of the following */
    clti_lane *lanes;     /* idle ones, the last used first */
    size_t idle_count;
} clti_core;

typedef struct clti_async clti_async;

struct clt_partner {
    clti_core *core;
    clti_arena arena;
    clt_str correlation_id; /* absent: a new one each call */
    clt_str locale;
    int64_t timeout_ms; /* -1: none */
    clt_cancellation *cancellation;
    pthread_mutex_t lock; /* of async */
    clti_async *async;    /* NULL until the first asynchronous call */
};

/** @brief One line to the log callback, if there is one. */
void clti_core_log(const clti_core *core, int32_t level, const char *format, ...) CLTI_PRINTF(3, 4);

/** What a call carries, from its context and its partner. */
typedef struct clti_scope {
    char request_id[CLTI_GUID_TEXT_SIZE + 1];
    char correlation_id[CLTI_GUID_TEXT_SIZE + 1];
    clt_str locale;      /* lives as long as context and partner */
    int64_t deadline_us; /* of the steady clock; INT64_MAX: none */
    clt_cancellation *cancellations[CLTI_CANCELLATIONS];
} clti_scope;

/** @retval CLT_ERR_ARGUMENT  an id that is no GUID, a locale that cannot stand in a header, ... */
CLTI_MUST_CHECK clt_status clti_scope_make(const clt_partner *partner, const clt_request_context *context,
                                           clti_scope *out, clt_error **err);

/** @brief A call's own arguments are in order: partner and result are there. */
CLTI_MUST_CHECK clt_status clti_require_partner(const clt_partner *partner, const void *out, clt_error **err);

void clti_async_free(clti_async *async); /* async.c; NULL is allowed */

/* ---- waiting ------------------------------------------------------------------------------------------ */

/** @brief CLT_OK, or CLT_ERR_CANCELLED or CLT_ERR_REQUEST_TIMEOUT if the call has to end. */
CLTI_MUST_CHECK clt_status clti_scope_check(const clti_scope *scope, clt_error **err);

/** @brief Milliseconds for poll() until a moment, at least 0, rounded up; -1 for INT64_MAX. */
int clti_wait_ms(int64_t until_us);

/* ---- lanes -------------------------------------------------------------------------------------------- */

/** A page that arrives and one that is on its way. */
#define CLTI_LANE_EASIES 2

struct clti_lane {
    CURLM *multi;
    CURL *idle[CLTI_LANE_EASIES]; /* made when first needed; NULL while in use */
    clti_decoder *decoder;
    clti_buf spare;  /* of the last body, for the next */
    clti_lane *next; /* in the pool */
};

CLTI_MUST_CHECK clt_status clti_lane_take(clti_core *core, clti_lane **out, clt_error **err);
void clti_lane_give_back(clti_core *core, clti_lane *lane); /* NULL is allowed */
void clti_lane_free(clti_lane *lane);

/* ---- exchanges ---------------------------------------------------------------------------------------- */

/** Brent's way to find a circle in a chain of pages: a mark that is moved on after 1, 2, 4, 8, ... of them.
 */
typedef struct clti_circle {
    uint64_t mark;
    uint64_t steps, steps_max;
} clti_circle;

struct clt_response {
    int32_t http_status;
    bool is_headers_done;
    bool is_secret;                                /* holds tokens: wiped when freed */
    clti_buf headers;                              /* name, NUL, value, NUL, ... */
    clti_buf body;                                 /* with CLTI_DECODER_PADDING bytes of room behind it */
    clt_str url;                                   /* that was asked for */
    clt_str token;                                 /* continuation token that was sent, or absent */
    clt_str operation, request_id, correlation_id; /* of the exchange; ids absent for the authority's */
    int32_t attempt_count;
    clti_circle circle; /* of the pages that led here */
    clti_arena arena;   /* of the texts above */
    clt_error *error;   /* what a typed call makes of it; NULL: success */
};

/**
 * @brief Read the body, without a byte order mark, into a struct of a shape.
 * @param arena  Gets texts and inner structs.
 * @retval CLT_ERR_RESPONSE_PARSE  at which offset, or which member
 */
CLTI_MUST_CHECK clt_status clti_response_decode(clt_response *response, clti_decoder *decoder,
                                                const clti_shape *shape, clti_arena *arena, void *out,
                                                clt_error **err);

typedef struct clti_header {
    clt_str name, value;
} clti_header;

/** What to ask. The views must live until the exchange is made. */
typedef struct clti_request {
    const char *method;
    clt_str url;
    clt_str body; /* absent: none */
    const clti_header *headers;
    size_t header_count;
    bool is_form; /* to the token authority: a form, without token and without headers of the service */
} clti_request;

typedef enum clti_exchange_state {
    CLTI_EXCHANGE_NEW,
    CLTI_EXCHANGE_SENT,    /* in the lane's multi handle */
    CLTI_EXCHANGE_WAITING, /* for the next try, at wake_us */
    CLTI_EXCHANGE_DONE     /* status and err are set, or the response */
} clti_exchange_state;

/** One request with its retries. */
typedef struct clti_exchange {
    clti_core *core;
    clti_lane *lane;
    clti_scope scope;
    clti_arena arena;
    clti_request request; /* copied */
    CURL *easy;           /* while sent */
    struct curl_slist *nodes;
    clt_response *response;
    size_t limit_exceeded; /* the number of bytes that the answer is larger than; 0: it is not */
    bool is_memory_out;
    bool is_ahead; /* a prefetch: nobody waits for it, so no retries */
    clti_token *token;
    uint64_t spent_generation; /* of the token that the service refused; one more try was made */
    int32_t attempt_count, retry_count;
    int64_t started_us, wake_us;
    char curl_message[CURL_ERROR_SIZE];
    clti_exchange_state state;
    clt_status status;
    clt_error *err;
} clti_exchange;

/** @brief Make one; nothing is sent. @return NULL if memory is out. */
clti_exchange *clti_exchange_new(clti_core *core, clti_lane *lane, const clti_request *request,
                                 const clti_scope *scope);

/** @brief Send it, with a token, which may have to be fetched first. Ends in any state but NEW. */
void clti_exchange_send(clti_exchange *exchange);

/** @brief curl is through with it: judge the answer. Ends in WAITING or DONE, or SENT again after a 401. */
void clti_exchange_judge(clti_exchange *exchange, CURLcode result);

/** @brief Give up; sets DONE with the error, which is taken. */
void clti_exchange_abandon(clti_exchange *exchange, clt_status status, clt_error *err);

/** @brief Free a response, and keep its memory in the lane for the next. */
void clti_response_recycle(clt_response *response, clti_lane *lane);

/** @brief The response of one that is DONE with CLT_OK: the caller's. */
clt_response *clti_exchange_take_response(clti_exchange *exchange);

/** @brief Also takes it off the lane; NULL is allowed. */
void clti_exchange_free(clti_exchange *exchange);

/** @brief Judge all that curl has finished in this multi handle. */
void clti_exchange_collect(CURLM *multi);

/**
 * @brief Move everything in the lane on until `exchange` is done.
 * @param look  Called before each wait, to see what has come; may start and move on others in the lane. Or
 * NULL.
 */
void clti_drive(clti_exchange *exchange, void (*look)(void *user), void *user);

/**
 * @brief Send one request and wait for its answer, whatever its status.
 * @retval CLT_OK  *out is the caller's; its `error` says what is wrong with it
 */
CLTI_MUST_CHECK clt_status clti_call(clti_core *core, const clti_request *request, const clti_scope *scope,
                                     clt_response **out, clt_error **err);

/** What errors tell of a request: those about its answer, and those about where its links lead. */
typedef struct clti_facts {
    clt_str operation, request_id, correlation_id;
    int32_t http_status, attempt_count;
} clti_facts;

/** @brief Facts that live as long as the response. */
clti_facts clti_response_facts(const clt_response *response);

/** @brief Facts that live as long as the arena. @return false if memory is out */
CLTI_MUST_CHECK bool clti_facts_keep(const clt_response *response, clti_arena *arena, clti_facts *out);

/** @brief Add the facts to an error that has none. */
void clti_facts_describe(const clti_facts *facts, clt_error *err);

/** @brief The same with those of a response. */
void clti_response_describe(const clt_response *response, clt_error *err);

/* ---- tokens ------------------------------------------------------------------------------------------- */

/** A text that is wiped when it goes. */
typedef struct clti_secret {
    char *text; /* terminated; NULL: none */
    size_t size;
} clti_secret;

/** @brief Replace the secret by a copy of a text. @return false if memory is out; it then keeps what it has
 */
CLTI_MUST_CHECK bool clti_secret_set(clti_secret *secret, clt_str text);
void clti_secret_done(clti_secret *secret);
clt_str clti_secret_str(const clti_secret *secret);

/** An access token in use. Shared by reference; wiped with the last one. */
struct clti_token {
    atomic_size_t references;
    uint64_t generation; /* counts the tokens of these credentials */
    int64_t expires_at;  /* seconds since 1970; 0: unknown */
    clti_secret refresh_token;
    clt_str text; /* a part of line */
    size_t line_size;
    char line[]; /* `Authorization: Bearer ...`, terminated */
};

void clti_token_release(clti_token *token); /* NULL is allowed */

void clti_credentials_keep(clt_credentials *credentials);

/**
 * @brief A token that is good for at least 30 s, if one can be had: the one at hand, or a new one that one
 *        thread fetches while others wait.
 * @param spent  Generation of a token that the service refused; 0: none.
 * @param out    The caller's, clti_token_release().
 */
CLTI_MUST_CHECK clt_status clti_token_get(clti_core *core, const clti_scope *scope, uint64_t spent,
                                          clti_token **out, clt_error **err);

/** @brief Another token may be had than the one that the service refused. */
bool clti_token_is_renewable(const clti_core *core);

#endif
