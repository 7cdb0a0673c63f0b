#include "http/helpers.h"
#include "http/http_private.h"
#include "http/metrics.h"
#include "http/tls.h"
#include "http/watchdog.h"

#include <linux/filter.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The only file that knows libmicrohttpd. A request passes through it in this order: on_target (first line
 * read), on_request (headers read, then once for each piece of body, then once more to answer),
 * on_completed. What the library does not police is checked here (design.md 3).
 */

/* A body over its route's limit is read to the end and then refused; beyond this it is cut off. */
#define DRAIN_MAX    (16 * 1024 * 1024)
#define IDLE_SECONDS 60
/* A year, as browsers want it. */
#define HSTS "max-age=31536000"
/* Descriptors that the process needs besides connections. */
#define DESCRIPTOR_RESERVE 64
#define CONNECTIONS_MAX    65536
/* One address may hold this part of all connections: a half. */
#define ADDRESS_SHARE 2
/* A password takes 25 ms and 19 MiB to check: more at a time would only take memory and cores from the list.
 * With so many in the queue, the last waits for less than a second. */
#define PASSWORD_THREADS   2
#define PASSWORD_QUEUE_MAX 64

/* For the replies of those who waited until the end. */
#define SEND_GRACE_MS 1000

struct clti_http {
    clti_http_options options;
    clti_watchdog *watchdog;
    clti_helpers *password_helpers;
    struct MHD_Daemon *daemon;
    atomic_size_t in_flight; /* requests whose header has arrived and whose reply is not out yet */
    atomic_bool is_stopping; /* what has waited so far need not begin any more */
};

/* What a request does next. */
typedef enum step {
    STEP_HANDLE,  /* from the beginning */
    STEP_HELPED,  /* again, by a thread for passwords, which the handler asked for */
    STEP_WRITTEN, /* its write is done */
    STEP_SEND     /* there is a reply */
} step;

/* One connection. Its last token lets a client's every further request skip the verification. */
typedef struct peer {
    clti_remembered_token remembered;
    clti_watched watched;
    bool is_local;
    clt_guid address;
    clti_certificates *certificates; /* NULL without TLS */
} peer;

/* One request, from its first line until its reply has been sent. */
typedef struct exchange {
    clti_http *http;
    struct MHD_Connection *connection;
    clti_request request;
    clti_reply reply;
    peer *peer;
    clti_buf body;
    size_t body_seen; /* bytes received, also those that were dropped */
    int64_t started_us;
    size_t reply_size;
    bool headers_done;
    step next; /* read and written by whichever thread has the request at the time */
    clti_help help;
    int64_t due_us; /* of one that is handled by a thread that may wait: when it is too late for that */
} exchange;

/* ---- request headers ----------------------------------------------------------------------------------- */

static const struct {
    clt_str name;
    bool is_list;
} headers[] = {
#define X(symbol, name, is_list) {{name, sizeof(name) - 1}, is_list},
    CLTI_REQUEST_HEADERS(X)
#undef X
};

typedef struct header_reading {
    exchange *exchange;
    bool malformed;
    const char *repeated; /* a header that was sent twice and may not be */
} header_reading;

static bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+.^_`|~", c));
}

static bool is_token(clt_str name) {
    for (size_t i = 0; i < name.size; i++)
        if (!is_token_character(name.data[i]))
            return false;
    return name.size != 0;
}

/* The value without the blanks around it, terminated; lines of a list are joined. */
static bool keep_header(header_reading *reading, size_t index, clt_str value) {
    clti_request *request = &reading->exchange->request;
    clt_str *held = &request->headers[index], trimmed = clti_str_trim(value);
    if (held->data && !headers[index].is_list) {
        reading->repeated = headers[index].name.data;
        return true;
    }
    if (held->data) {
        *held =
            clti_arena_format(&request->arena, "%.*s, %.*s", CLTI_STR_ARGS(*held), CLTI_STR_ARGS(trimmed));
        return held->data != NULL;
    }
    *held = trimmed;
    return trimmed.size == value.size || clti_arena_copy(&request->arena, trimmed, held);
}

static enum MHD_Result read_header(void *user, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size) {
    header_reading *reading = user;
    clt_str header = {name, name_size};
    if (!is_token(header) || (value_size && memchr(value, '\r', value_size)))
        reading->malformed = true;
    for (size_t i = 0; i < CLTI_HEADER_COUNT; i++)
        if (clti_str_equal_nocase(header, headers[i].name))
            reading->malformed |= !keep_header(reading, i, (clt_str){value ? value : "", value_size});
    return MHD_YES;
}

/* Whatever could let two readers of the same bytes see two different requests is refused. */
static bool check_framing(const header_reading *reading, const char *version, clti_fault *fault) {
    const clt_str *sent = reading->exchange->request.headers;
    clt_str coding = sent[CLTI_HEADER_TRANSFER_ENCODING];
    const char *why = NULL;
    if (reading->malformed)
        why = "A header has a name that is no token, or a carriage return in its value.";
    else if (sent[CLTI_HEADER_CONTENT_LENGTH].data && coding.data)
        why = "Send either Content-Length or Transfer-Encoding, not both.";
    else if (coding.data && !clti_str_equal_nocase(coding, CLTI_STR("chunked")))
        why = "The only Transfer-Encoding understood is chunked.";
    else if (!sent[CLTI_HEADER_HOST].data && strcmp(version, MHD_HTTP_VERSION_1_1) == 0)
        why = "The header Host is missing.";
    if (reading->repeated)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, reading->repeated,
                              "The header %s is sent twice.", reading->repeated);
    return !why || clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", why);
}

/* ---- replies ------------------------------------------------------------------------------------------- */

/* Peers on this machine never get gzip by default, so for them the reply does not vary either. */
static void compress_reply(const clti_request *request, clti_reply *reply) {
    clti_compress rule = request->http->compress;
    /* What may not be kept may be secret, and its compressed size would tell of it. */
    if (reply->status != 200 || reply->built_in.data || rule == CLTI_COMPRESS_OFF ||
        strcmp(reply->cache_control, "no-store") == 0 || (rule == CLTI_COMPRESS_AUTO && request->is_local))
        return;
    clti_reply_add_header(reply, "Vary", CLTI_STR("Accept-Encoding"));
    if (clti_accepts_gzip(request->headers[CLTI_HEADER_ACCEPT_ENCODING]))
        clti_reply_compress(reply);
}

static struct MHD_Response *make_response(exchange *current) {
    const clt_str built_in = current->reply.built_in;
    if (built_in.data) {
        current->reply_size = built_in.size;
        return MHD_create_response_from_buffer(built_in.size, (void *)(uintptr_t)built_in.data,
                                               MHD_RESPMEM_PERSISTENT);
    }
    char *body = clti_buf_take(&current->reply.body, &current->reply_size);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(current->reply_size, body, &free);
    if (!response)
        free(body);
    return response;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, exchange *current) {
    const clti_request *request = &current->request;
    clti_reply *reply = &current->reply;
    compress_reply(request, reply);
    clti_cors_add(request, reply);
    struct MHD_Response *response = make_response(current);
    if (!response)
        return MHD_NO;
    enum MHD_Result ok = MHD_YES;
    if (reply->content_type)
        ok &= MHD_add_response_header(response, "Content-Type", reply->content_type);
    ok &= MHD_add_response_header(response, "MS-CorrelationId", request->correlation_id.data);
    ok &= MHD_add_response_header(response, "MS-RequestId", request->request_id.data);
    ok &= MHD_add_response_header(response, "MS-CV", request->cv.data);
    ok &= MHD_add_response_header(response, "MS-ServerId", request->http->server_id.data);
    ok &= MHD_add_response_header(response, "Cache-Control", reply->cache_control);
    ok &= MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    /* Never for this machine: its browsers would refuse whatever else is tried out there. */
    if (request->http->tls && !request->is_local)
        ok &= MHD_add_response_header(response, "Strict-Transport-Security", HSTS);
    for (size_t i = 0; i < reply->header_count; i++)
        ok &= MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value.data);
    if (reply->close)
        ok &= MHD_add_response_header(response, "Connection", "close");
    if (ok == MHD_YES)
        ok = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return ok;
}

/* ---- the life of a request ----------------------------------------------------------------------------- */

static void *on_target(void *user, const char *target, struct MHD_Connection *connection) {
    clti_http *http = user;
    exchange *current = calloc(1, sizeof(*current));
    if (!current)
        return NULL;
    current->http = http;
    current->started_us = clti_steady_us();
    current->request.http = &http->options;
    /* The library takes its own copy of the target apart in place, so ours has to be another. */
    if (!clti_arena_copy(&current->request.arena, clti_str(target), &current->request.target)) {
        free(current);
        return NULL;
    }
    return current;
}

static enum MHD_Result on_headers(clti_http *http, struct MHD_Connection *connection, exchange *current,
                                  const char *method, const char *version) {
    clti_request *request = &current->request;
    header_reading reading = {.exchange = current};
    clti_fault fault;
    current->headers_done = true;
    current->connection = connection;
    atomic_fetch_add(&http->in_flight, 1);
    request->method_text = clti_str(method);
    request->method = clti_method_of(method);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    current->peer = info ? info->socket_context : NULL;
    if (!current->peer)
        return MHD_NO;
    request->remembered = &current->peer->remembered;
    request->is_local = current->peer->is_local;
    request->address = current->peer->address;
    clti_watched_header_done(&current->peer->watched);
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, read_header, &reading);
    clti_request_settle_ids(request);
    if (!check_framing(&reading, version, &fault)) {
        current->reply.close = true;
        clti_reply_fault(request, &current->reply, &fault);
        return send_reply(connection, current);
    }
    if (!clti_target_read(request, &fault) || !clti_route_find(request, &current->reply, &fault)) {
        current->next = STEP_SEND;
        if (!clti_cors_preflight(request, &current->reply, &fault))
            clti_reply_fault(request, &current->reply, &fault);
    }
    clti_buf_init(&current->body, current->next == STEP_SEND ? 0 : request->route->body_max);
    return MHD_YES;
}

static enum MHD_Result on_body(exchange *current, const char *data, size_t *size) {
    current->body_seen += *size;
    if (current->body_seen > DRAIN_MAX)
        return MHD_NO;
    clti_buf_add(&current->body, (clt_str){data, *size});
    *size = 0;
    return MHD_YES;
}

/* ---- handling ------------------------------------------------------------------------------------------ */

/* Like the next, false: there is no reply yet. */
static bool handle(exchange *current) {
    clti_request *request = &current->request;
    clti_fault fault;
    request->body = clti_buf_str(&current->body);
    if (current->body_seen > request->route->body_max && request->route->body_max) {
        clti_fault_set(&fault, CLTI_FAULT_INVALID_REQUEST, NULL, "The request body is larger than %zu bytes.",
                       request->route->body_max);
        clti_reply_fault(request, &current->reply, &fault);
        return true;
    }
    return clti_dispatch(request, &current->reply);
}

static bool take_step(exchange *current) {
    switch (current->next) {
    case STEP_HANDLE:
        return handle(current);
    case STEP_HELPED:
        return clti_dispatch_helped(&current->request, &current->reply);
    case STEP_WRITTEN:
        return clti_dispatch_written(&current->request, &current->reply);
    case STEP_SEND:
        break;
    }
    return true;
}

/* The library's thread sends. */
static void give_back(exchange *current) {
    current->next = STEP_SEND;
    MHD_resume_connection(current->connection);
}

static void on_helper(void *user);

static void hand_to(clti_helpers *helpers, exchange *current) {
    clti_fault fault;
    current->help = (clti_help){.run = on_helper, .user = current};
    if (!clti_helpers_submit(helpers, &current->help, &fault)) {
        clti_reply_fault(&current->request, &current->reply, &fault);
        give_back(current);
    }
}

/* On the writer's thread, mostly. */
static void on_written(void *user) {
    exchange *current = user;
    if (!current->http->options.store_helpers) {
        MHD_resume_connection(current->connection);
        return;
    }
    current->help = (clti_help){.run = on_helper, .user = current};
    clti_helpers_go_on(current->http->options.store_helpers, &current->help);
}

/* After a step without reply, to the thread that does the next. The connection is suspended already: that may
 * be done before this returns, and the request gone. */
static void hand_on(exchange *current) {
    clti_write *write = current->request.write;
    if (current->request.help == CLTI_HELP_WANTED) {
        current->next = STEP_HELPED;
        hand_to(current->http->password_helpers, current);
        return;
    }
    current->next = STEP_WRITTEN;
    write->due_us = current->due_us;
    write->on_done = on_written;
    write->user = current;
    clti_writer_submit(current->http->options.service->writer, write);
}

/* A client that waited for so long has given up, or is about to; and a server that stops has no time for what
 * it has not begun. Nobody waits for long without a database. */
static bool refuse_late(exchange *current) {
    clti_fault fault;
    const bool is_late = clti_steady_us() >= current->due_us;
    if (current->due_us == 0 || !(is_late || atomic_load(&current->http->is_stopping)))
        return false;
    clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "%s",
                   is_late ? "The request waited too long for its turn; try again."
                           : "The service is stopping; try again.");
    clti_reply_fault(&current->request, &current->reply, &fault);
    return true;
}

/* Several calls of the store have no longer than one; but what was written is told in any case. */
static void on_helper(void *user) {
    exchange *current = user;
    const bool is_written = current->next == STEP_WRITTEN;
    clti_store_calls_end_by(is_written ? 0 : current->due_us);
    if ((!is_written && refuse_late(current)) || take_step(current))
        give_back(current);
    else
        hand_on(current);
}

/* What would wait for the store is not for the library's threads, which serve the other connections. */
static bool is_for_helper(const exchange *current) {
    return current->http->options.store_helpers && current->next == STEP_HANDLE &&
           current->request.route->access != CLTI_CALL_QUICK;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request_context) {
    exchange *current = *request_context;
    if (!current)
        return MHD_NO;
    if (!current->headers_done)
        return on_headers(user, connection, current, method, version);
    if (*data_size)
        return on_body(current, data, data_size);
    clti_watched_request_done(&current->peer->watched);
    if (is_for_helper(current)) {
        current->due_us = clti_steady_us() + (int64_t)current->http->options.store_wait_ms * 1000;
        MHD_suspend_connection(connection);
        hand_to(current->http->options.store_helpers, current);
        return MHD_YES;
    }
    if (take_step(current))
        return send_reply(connection, current);
    MHD_suspend_connection(connection);
    hand_on(current);
    return MHD_YES;
}

static void log_request(const exchange *current) {
    const clti_request *request = &current->request;
    clti_guid_text partner = clti_guid_to_text(request->caller.partner);
    /* Never the query: filters are names of people's customers. */
    clt_str query, path = clti_str_cut(request->target, '?', &query);
    const clti_log_field fields[] = {
        CLTI_LOG_TEXT("method", request->method_text),
        CLTI_LOG_TEXT("path", path),
        CLTI_LOG_NUMBER("status", current->reply.status),
        CLTI_LOG_NUMBER("bytes", current->reply_size),
        CLTI_LOG_NUMBER("duration_us", clti_steady_us() - current->started_us),
        CLTI_LOG_TEXT("request_id", request->request_id),
        CLTI_LOG_TEXT("correlation_id", request->correlation_id),
        CLTI_LOG_TEXT("partner", clti_str(request->has_caller ? partner.text : "")),
    };
    clti_log_write(CLTI_LOG_INFO, "request", fields, CLTI_COUNT(fields));
}

static void count_request(clti_http *http, const exchange *current) {
    clti_metrics_count(http->options.metrics, current->request.route, current->reply.status,
                       clti_steady_us() - current->started_us);
    if (http->options.access_log)
        log_request(current);
    atomic_fetch_sub(&http->in_flight, 1);
}

static void on_completed(void *user, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode how) {
    clti_http *http = user;
    exchange *current = *request_context;
    if (current) {
        if (current->headers_done)
            count_request(http, current);
        if (current->peer)
            clti_watched_reply_done(&current->peer->watched);
        clti_buf_done(&current->reply.body);
        clti_buf_done(&current->body);
        clti_arena_done(&current->request.arena);
        free(current);
    }
    *request_context = NULL;
}

static peer *new_peer(clti_http *http, struct MHD_Connection *connection) {
    peer *created = calloc(1, sizeof(*created));
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!created || !address || !socket) {
        free(created);
        return NULL;
    }
    created->is_local = clti_address_is_loopback(address->client_addr);
    created->address = clti_address_key(address->client_addr);
    const union MHD_ConnectionInfo *session =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (http->options.tls && session)
        created->certificates = clti_tls_hold(http->options.tls, session->tls_session);
    clti_watchdog_watch(http->watchdog, &created->watched, socket->connect_fd);
    clti_metrics_connection(http->options.metrics, 1);
    return created;
}

static void on_connection(void *user, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what) {
    clti_http *http = user;
    peer *known = *socket_context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = new_peer(http, connection);
    } else if (known) {
        clti_watchdog_forget(http->watchdog, &known->watched);
        clti_metrics_connection(http->options.metrics, -1);
        clti_remembered_token_done(&known->remembered);
        clti_tls_release(http->options.tls, known->certificates);
        free(known);
        *socket_context = NULL;
    }
}

/* ---- start and stop ------------------------------------------------------------------------------------ */

static unsigned connection_limit(void) {
    struct rlimit descriptors;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0)
        return 1024 - DESCRIPTOR_RESERVE;
    if (descriptors.rlim_cur < descriptors.rlim_max) {
        /* If raising fails, the lower limit is what we have. */
        struct rlimit raised = {descriptors.rlim_max, descriptors.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            descriptors = raised;
    }
    if (descriptors.rlim_cur <= 2 * DESCRIPTOR_RESERVE)
        return DESCRIPTOR_RESERVE;
    rlim_t limit = descriptors.rlim_cur - DESCRIPTOR_RESERVE;
    return limit > CONNECTIONS_MAX ? CONNECTIONS_MAX : (unsigned)limit;
}

static void free_http(clti_http *http) {
    clti_helpers_free(http->password_helpers);
    clti_helpers_free(http->options.store_helpers);
    clti_watchdog_stop(http->watchdog);
    clti_metrics_free(http->options.metrics);
    free(http);
}

static bool start_daemon(clti_http *http, clti_fault *fault) {
    const clti_http_options *options = &http->options;
    unsigned connections = connection_limit();
    const unsigned tls = options->tls ? MHD_USE_TLS : 0;
    /* Suspending brings the channel by which stopping wakes the threads. A pool of one is what one thread
     * without a pool is. */
    unsigned pool = options->threads > 1 ? options->threads : 0;
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | tls, 0, NULL, NULL,
        on_request, http, MHD_OPTION_LISTEN_SOCKET, options->listen_socket, MHD_OPTION_THREAD_POOL_SIZE, pool,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, http, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        connections / ADDRESS_SHARE, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_HTTPS_PRIORITIES, CLTI_TLS_PRIORITIES, MHD_OPTION_HTTPS_CERT_CALLBACK, clti_tls_choose,
        MHD_OPTION_END);
    return http->daemon ||
           clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The HTTP server could not be started.");
}

static bool start_helpers(clti_http *http, clti_fault *fault) {
    const clti_helpers_options passwords = {.thread_count = PASSWORD_THREADS,
                                            .queue_max = PASSWORD_QUEUE_MAX,
                                            .when_full = "Too many are signing in; try again."};
    const clti_helpers_options store = {.thread_count = http->options.store_threads,
                                        .queue_max = http->options.store_queue_max,
                                        .when_full = "Too many requests wait for the store; try again."};
    return clti_helpers_start(&passwords, &http->password_helpers, fault) &&
           (store.thread_count == 0 || clti_helpers_start(&store, &http->options.store_helpers, fault));
}

bool clti_http_start(const clti_http_options *options, clti_http **out, clti_fault *fault) {
    clti_http *http = calloc(1, sizeof(*http));
    if (!http)
        return clti_fault_no_memory(fault);
    http->options = *options;
    http->options.metrics = NULL;
    http->options.store_helpers = NULL;
    if (!clti_metrics_new(&http->options.metrics, fault) ||
        !clti_watchdog_start(options->header_seconds, options->body_seconds, &http->watchdog, fault) ||
        !start_helpers(http, fault) || !start_daemon(http, fault)) {
        free_http(http);
        return false;
    }
    *out = http;
    return true;
}

/* From here the kernel drops whoever wants to connect. MHD_quiesce_daemon() would be the library's way, but
 * it ends the process if one of the threads happens to be awake (both remove the socket from one epoll set).
 * If it fails, clients that come while the server finishes are merely cut off at its end. */
static void stop_accepting(int listen_socket) {
    struct sock_filter drop[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
    const struct sock_fprog program = {.len = CLTI_COUNT(drop), .filter = drop};
    (void)setsockopt(listen_socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static void wait_for_replies(clti_http *http, unsigned most_ms) {
    const int64_t deadline = clti_steady_us() + (int64_t)most_ms * 1000;
    while (atomic_load(&http->in_flight) && clti_steady_us() < deadline)
        usleep(1000);
}

void clti_http_stop(clti_http *http, unsigned grace_ms) {
    if (!http)
        return;
    stop_accepting(http->options.listen_socket);
    wait_for_replies(http, grace_ms);
    /* The library ends the process if it is stopped while a request is suspended. From here none waits: what
     * has begun gets done, what comes later is refused at once. In the order in which requests pass on. */
    atomic_store(&http->is_stopping, true);
    clti_helpers_refuse(http->options.store_helpers);
    clti_helpers_stop(http->password_helpers);
    clti_writer_stop(http->options.service->writer);
    clti_helpers_stop(http->options.store_helpers);
    wait_for_replies(http, SEND_GRACE_MS);
    MHD_stop_daemon(http->daemon); /* closes the socket too */
    free_http(http);
}
