/* One try of an exchange: the request as curl wants it, the answer as curl gives it. */
#include "sdk/exchange_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Reserved at once on the word of Content-Length; more only as it arrives. */
#define BODY_RESERVE_MAX ((size_t)1024 * 1024)
#define READ_SIZE        ((long)128 * 1024)

/* ---- the request -------------------------------------------------------------------------------------- */

static bool is_given(const clti_request *request, const char *name) {
    for (size_t i = 0; i < request->header_count; i++)
        if (clti_str_equal_nocase(request->headers[i].name, clti_str(name)))
            return true;
    return false;
}

/* The nodes are ours: curl reads its list and never learns where it came from. The first is the token's. */
static bool add_line(clti_exchange *exchange, size_t *count, clt_str name, clt_str value) {
    const clt_str parts[] = {name, value.size ? CLTI_STR(": ") : CLTI_STR(";"), value};
    clt_str line = clti_arena_join(&exchange->arena, parts, CLTI_COUNT(parts));
    if (!line.data)
        return false;
    struct curl_slist *node = &exchange->nodes[(*count)++];
    node->data = (char *)(uintptr_t)line.data;
    node[-1].next = node;
    return true;
}

bool clti_transfer_prepare(clti_exchange *exchange) {
    const clti_request *request = &exchange->request;
    const clti_scope *scope = &exchange->scope;
    const struct {
        const char *name;
        clt_str value;
        bool is_for_authority;
    } own[] = {
        {"Accept", CLTI_STR("application/json"), true},
        {"Content-Type",
         !request->body.data ? (clt_str){NULL, 0}
         : request->is_form  ? CLTI_STR("application/x-www-form-urlencoded")
                             : CLTI_STR("application/json"),
         true},
        {"MS-RequestId", clti_str(scope->request_id), false},
        {"MS-CorrelationId", clti_str(scope->correlation_id), false},
        {"MS-Contract-Version", CLTI_STR("v1"), false},
        {"MS-PartnerCenter-Client", CLTI_STR("Clientele C SDK"), false},
        {"MS-SdkVersion", CLTI_STR(CLTI_VERSION), false},
        {"MS-PartnerCenter-Application", exchange->core->application, false},
        {"X-Locale", scope->locale, false},
    };
    exchange->nodes = clti_arena_calloc(&exchange->arena, CLTI_COUNT(own) + request->header_count + 2,
                                        sizeof(struct curl_slist));
    if (!exchange->nodes)
        return false;
    /* curl would ask before it sends a large body; the answer costs a round trip. */
    static char no_expect[] = "Expect:";
    exchange->nodes[1].data = no_expect;
    exchange->nodes[0].next = &exchange->nodes[1];
    size_t count = 2;
    for (size_t i = 0; i < CLTI_COUNT(own); i++)
        if (own[i].value.size && (own[i].is_for_authority || !request->is_form) &&
            !is_given(request, own[i].name) &&
            !add_line(exchange, &count, clti_str(own[i].name), own[i].value))
            return false;
    for (size_t i = 0; i < request->header_count; i++)
        if (!add_line(exchange, &count, request->headers[i].name, request->headers[i].value))
            return false;
    return true;
}

/* ---- the answer --------------------------------------------------------------------------------------- */

static size_t fail_memory(clti_exchange *exchange) {
    exchange->is_memory_out = true;
    return 0;
}

/* A status line begins an answer; those before it (100 Continue) are forgotten. */
static size_t on_header(char *data, size_t size, size_t count, void *user) {
    clti_exchange *exchange = user;
    clt_response *response = exchange->response;
    clt_str value, line = clti_str_trim((clt_str){data, size * count});
    if (clti_str_starts_with(line, CLTI_STR("HTTP/"))) {
        clti_buf_clear(&response->headers);
        response->is_headers_done = false;
        return size * count;
    }
    if (line.size == 0) {
        response->is_headers_done = true;
        return size * count;
    }
    clt_str name = clti_str_trim(clti_str_cut(line, ':', &value));
    value = clti_str_trim(value);
    /* A NUL would end the text too early. */
    if (memchr(line.data, '\0', line.size))
        return size * count;
    if (name.size + value.size + 2 > response->headers.size_max - response->headers.size) {
        exchange->limit_exceeded = response->headers.size_max;
        return 0;
    }
    clti_buf_add(&response->headers, name);
    clti_buf_add_char(&response->headers, '\0');
    clti_buf_add(&response->headers, value);
    clti_buf_add_char(&response->headers, '\0');
    return clti_buf_ok(&response->headers) ? size * count : fail_memory(exchange);
}

static uint64_t announced_size(const clti_exchange *exchange) {
    curl_off_t announced = -1;
    if (curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced) != CURLE_OK)
        return 0;
    return announced > 0 ? (uint64_t)announced : 0;
}

/* The length that is announced is compressed or true; either way it is a good start. */
static bool make_room(clti_exchange *exchange) {
    uint64_t announced = announced_size(exchange);
    size_t most = exchange->core->response_bytes_max;
    if (most > BODY_RESERVE_MAX)
        most = BODY_RESERVE_MAX;
    size_t size = announced < most ? (size_t)announced : most;
    return clti_buf_reserve(&exchange->response->body, size + CLTI_DECODER_PADDING);
}

static size_t on_body(char *data, size_t size, size_t count, void *user) {
    clti_exchange *exchange = user;
    clti_buf *body = &exchange->response->body;
    /* What announces too much is not waited for. */
    if (count > exchange->core->response_bytes_max - body->size ||
        (!body->size && announced_size(exchange) > exchange->core->response_bytes_max)) {
        exchange->limit_exceeded = exchange->core->response_bytes_max;
        return 0;
    }
    if (!body->data && !make_room(exchange))
        return fail_memory(exchange);
    clti_buf_add(body, (clt_str){data, size * count});
    return clti_buf_ok(body) ? size * count : fail_memory(exchange);
}

/* ---- curl --------------------------------------------------------------------------------------------- */

#define SET(option, value) (set = set && curl_easy_setopt(easy, option, value) == CURLE_OK)

static bool set_method(CURL *easy, const clti_request *request) {
    clt_str method = clti_str(request->method);
    bool set = true, has_body = request->body.data;
    if (clti_str_equal(method, CLTI_STR("GET")) && !has_body)
        return SET(CURLOPT_HTTPGET, 1L);
    if (clti_str_equal(method, CLTI_STR("HEAD")))
        return SET(CURLOPT_NOBODY, 1L);
    /* Whatever else: with a body, an empty one if there is none, so that it has a Content-Length. */
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    SET(CURLOPT_POSTFIELDS, has_body ? request->body.data : "");
    return SET(CURLOPT_CUSTOMREQUEST, request->method);
}

/* A program that starts others must not hand its connections to them. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)user;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool set_options(clti_exchange *exchange, CURL *easy) {
    const clti_core *core = exchange->core;
    const clti_origin *origin = exchange->request.is_form ? &core->authority : &core->base;
    bool set = true;
    curl_easy_reset(easy);
    exchange->curl_message[0] = '\0';
    /* Only a wish: a handle that has shared its connection (HTTP/2) may still hold a buffer, and keeps it. */
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, READ_SIZE);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_PROTOCOLS_STR, origin->is_loopback ? "http,https" : "https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_USERAGENT, "libclientele/" CLTI_VERSION);
    SET(CURLOPT_ERRORBUFFER, exchange->curl_message);
    SET(CURLOPT_PRIVATE, exchange);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, exchange);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, exchange);
    SET(CURLOPT_URL, exchange->request.url.data);
    SET(CURLOPT_HTTPHEADER, exchange->nodes + (exchange->token ? 0 : 1));
    if (core->ca_file.data)
        SET(CURLOPT_CAINFO, core->ca_file.data);
    /* To this machine compression costs more than it saves, and no proxy is asked. */
    if (origin->is_loopback)
        SET(CURLOPT_PROXY, "");
    SET(CURLOPT_ACCEPT_ENCODING, origin->is_loopback ? "identity" : "gzip");
    return set && set_method(easy, &exchange->request);
}

static CURL *take_easy(clti_lane *lane) {
    for (size_t i = 0; i < CLTI_LANE_EASIES; i++) {
        CURL *easy = lane->idle[i];
        lane->idle[i] = NULL;
        if (easy)
            return easy;
    }
    return curl_easy_init();
}

static void give_easy_back(clti_lane *lane, CURL *easy) {
    for (size_t i = 0; i < CLTI_LANE_EASIES; i++) {
        if (!lane->idle[i]) {
            lane->idle[i] = easy;
            return;
        }
    }
    curl_easy_cleanup(easy);
}

/* Here, not when the exchange is made: that may be another thread than the lane's. */
static void take_spare(clti_lane *lane, clti_buf *body) {
    if (body->data || !lane->spare.data)
        return;
    lane->spare.size_max = body->size_max;
    *body = lane->spare;
    lane->spare = (clti_buf){.data = NULL};
}

bool clti_transfer_start(clti_exchange *exchange) {
    clt_response *response = exchange->response;
    take_spare(exchange->lane, &response->body);
    clti_buf_clear(&response->headers);
    clti_buf_clear(&response->body);
    response->is_headers_done = false;
    response->http_status = 0;
    exchange->nodes[0].data = exchange->token ? exchange->token->line : NULL;
    CURL *easy = take_easy(exchange->lane);
    if (!easy)
        return false;
    exchange->easy = easy;
    if (set_options(exchange, easy) && curl_multi_add_handle(exchange->lane->multi, easy) == CURLM_OK)
        return true;
    exchange->easy = NULL;
    give_easy_back(exchange->lane, easy);
    return false;
}

void clti_transfer_stop(clti_exchange *exchange) {
    if (!exchange->easy)
        return;
    clti_assert(curl_multi_remove_handle(exchange->lane->multi, exchange->easy) == CURLM_OK);
    give_easy_back(exchange->lane, exchange->easy);
    exchange->easy = NULL;
}
