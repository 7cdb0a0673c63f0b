#include "sdk/exchange_private.h"
#include "sdk/retry_private.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADERS_SIZE_MAX ((size_t)256 * 1024)

/* ---- making and freeing ------------------------------------------------------------------------------- */

static clt_response *new_response(const clti_core *core, clt_str url) {
    clt_response *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    clti_buf_init(&made->headers, HEADERS_SIZE_MAX);
    clti_buf_init(&made->body, core->response_bytes_max + CLTI_DECODER_PADDING);
    if (clti_arena_copy(&made->arena, url, &made->url))
        return made;
    clt_response_free(made);
    return NULL;
}

/* The continuation token that is sent: it names the page that the answer will be. */
static clt_str sent_token(const clti_request *request) {
    for (size_t i = 0; i < request->header_count; i++)
        if (clti_str_equal_nocase(request->headers[i].name, CLTI_STR("MS-ContinuationToken")))
            return request->headers[i].value;
    return (clt_str){NULL, 0};
}

/* What an error will say. */
static bool set_facts(clti_exchange *exchange, const clti_request *request) {
    clt_response *response = exchange->response;
    const clti_origin *origin = request->is_form ? &exchange->core->authority : &exchange->core->base;
    response->is_secret = request->is_form;
    response->operation = clti_link_operation(origin, request->method, request->url, &response->arena);
    if (!response->operation.data ||
        !clti_arena_copy(&response->arena, sent_token(request), &response->token))
        return false;
    return request->is_form ||
           (clti_arena_copy(&response->arena, clti_str(exchange->scope.request_id), &response->request_id) &&
            clti_arena_copy(&response->arena, clti_str(exchange->scope.correlation_id),
                            &response->correlation_id));
}

static bool copy_request(clti_exchange *exchange, const clti_request *request) {
    clti_arena *arena = &exchange->arena;
    clti_header *headers = clti_arena_calloc(arena, request->header_count + 1, sizeof(*headers));
    exchange->request = *request;
    exchange->request.headers = headers;
    clt_str method;
    exchange->response = new_response(exchange->core, request->url);
    if (!headers || !exchange->response || !set_facts(exchange, request) ||
        !clti_arena_copy(arena, clti_str(request->method), &method) ||
        !clti_arena_copy(arena, request->url, &exchange->request.url) ||
        !clti_arena_copy(arena, request->body, &exchange->request.body))
        return false;
    exchange->request.method = method.data;
    /* Names and values are copied into the lines that are sent. */
    for (size_t i = 0; i < request->header_count; i++)
        headers[i] = request->headers[i];
    return clti_transfer_prepare(exchange);
}

clti_exchange *clti_exchange_new(clti_core *core, clti_lane *lane, const clti_request *request,
                                 const clti_scope *scope) {
    clti_exchange *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    *made = (clti_exchange){.core = core, .lane = lane, .scope = *scope, .started_us = clti_steady_us()};
    if (copy_request(made, request))
        return made;
    clti_exchange_free(made);
    return NULL;
}

void clti_exchange_free(clti_exchange *exchange) {
    if (!exchange)
        return;
    clti_transfer_stop(exchange);
    clti_token_release(exchange->token);
    /* A form holds secrets. */
    if (exchange->request.is_form && exchange->request.body.data)
        clti_wipe((char *)(uintptr_t)exchange->request.body.data, exchange->request.body.size);
    clt_response_free(exchange->response);
    clt_error_free(exchange->err);
    clti_arena_done(&exchange->arena);
    free(exchange);
}

clt_response *clti_exchange_take_response(clti_exchange *exchange) {
    clt_response *response = exchange->response;
    exchange->response = NULL;
    return response;
}

/* ---- the end ------------------------------------------------------------------------------------------ */

void clti_exchange_abandon(clti_exchange *exchange, clt_status status, clt_error *err) {
    clti_transfer_stop(exchange);
    exchange->response->http_status = 0;
    exchange->response->attempt_count = exchange->attempt_count;
    clti_response_describe(exchange->response, err);
    exchange->status = status;
    exchange->err = err;
    exchange->state = CLTI_EXCHANGE_DONE;
}

static void finish(clti_exchange *exchange) {
    clt_response *response = exchange->response;
    clt_error *err = NULL;
    char *behind = clti_buf_reserve(&response->body, CLTI_DECODER_PADDING);
    if (!behind) {
        clt_status status = clti_fail_no_memory(&err);
        clti_exchange_abandon(exchange, status, err);
        return;
    }
    *behind = '\0';
    response->attempt_count = exchange->attempt_count;
    response->error = clti_response_error_of(response, exchange->lane->decoder);
    exchange->status = CLT_OK;
    exchange->state = CLTI_EXCHANGE_DONE;
}

static void log_answer(const clti_exchange *exchange, const char *what) {
    const clti_core *core = exchange->core;
    if (!core->log)
        return;
    clti_core_log(core, CLT_LOG_DEBUG,
                  "operation=\"%.*s\" attempt=%d answer=\"%s\" duration_us=%lld request_id=%s",
                  CLTI_STR_ARGS(exchange->response->operation), (int)exchange->attempt_count, what,
                  (long long)(clti_steady_us() - exchange->started_us), exchange->scope.request_id);
}

/* ---- sending and trying again -------------------------------------------------------------------------- */

void clti_exchange_send(clti_exchange *exchange) {
    clt_error *err = NULL;
    clt_status status = clti_scope_check(&exchange->scope, &err);
    if (status == CLT_OK && !exchange->request.is_form) {
        clti_token *token = NULL;
        status = clti_token_get(exchange->core, &exchange->scope, exchange->spent_generation, &token, &err);
        if (status == CLT_OK) {
            clti_token_release(exchange->token);
            exchange->token = token;
        }
    }
    if (status == CLT_OK && !clti_transfer_start(exchange))
        status = clti_fail_no_memory(&err);
    if (status != CLT_OK) {
        clti_exchange_abandon(exchange, status, err);
        return;
    }
    exchange->attempt_count++;
    exchange->state = CLTI_EXCHANGE_SENT;
}

/* What asks for a wait that would outlast the deadline is final. */
static bool try_later(clti_exchange *exchange, int64_t wanted_ms) {
    if (exchange->is_ahead || exchange->retry_count >= exchange->core->retry_max)
        return false;
    uint64_t random;
    clti_random_bytes(&random, sizeof(random));
    int64_t wait_ms = wanted_ms >= 0 ? wanted_ms : clti_retry_backoff_ms(exchange->retry_count, random);
    int64_t now = clti_steady_us();
    if (exchange->scope.deadline_us != INT64_MAX && wait_ms >= (exchange->scope.deadline_us - now) / 1000)
        return false;
    exchange->retry_count++;
    exchange->wake_us = now + wait_ms * 1000;
    exchange->state = CLTI_EXCHANGE_WAITING;
    clti_core_log(exchange->core, CLT_LOG_WARNING,
                  "operation=\"%.*s\" attempt=%d outcome=\"trying again\" wait_ms=%lld request_id=%s",
                  CLTI_STR_ARGS(exchange->response->operation), (int)exchange->attempt_count,
                  (long long)wait_ms, exchange->scope.request_id);
    return true;
}

static int64_t asked_wait_ms(const clt_response *response) {
    return clti_retry_after_ms(clt_response_header(response, "Retry-After"), clti_now_seconds());
}

static void judge_answer(clti_exchange *exchange) {
    clt_response *response = exchange->response;
    const int32_t http_status = response->http_status;
    if (http_status == 401 && !exchange->request.is_form && !exchange->is_ahead &&
        !exchange->spent_generation && clti_token_is_renewable(exchange->core)) {
        exchange->spent_generation = exchange->token->generation;
        clti_exchange_send(exchange);
        return;
    }
    bool says_when = http_status == 429 || http_status == 503;
    if (clti_retry_is_passing(http_status) && try_later(exchange, says_when ? asked_wait_ms(response) : -1))
        return;
    finish(exchange);
}

static void judge_failure(clti_exchange *exchange, CURLcode code) {
    clt_error *err = NULL;
    if (exchange->is_memory_out) {
        clt_status status = clti_fail_no_memory(&err);
        clti_exchange_abandon(exchange, status, err);
        return;
    }
    /* libcurl has one code for both. */
    if (code == CURLE_OUT_OF_MEMORY) {
        clt_status status =
            clti_fail(&err, CLT_ERR_NO_MEMORY, "Memory is out, or a header is longer than libcurl takes.");
        clti_exchange_abandon(exchange, status, err);
        return;
    }
    if (exchange->limit_exceeded) {
        clt_status status = clti_fail(&err, CLT_ERR_LIMIT, "The response is larger than %zu bytes.",
                                      exchange->limit_exceeded);
        clti_exchange_abandon(exchange, status, err);
        return;
    }
    if (clti_retry_is_connection(code) && try_later(exchange, -1))
        return;
    const char *reason = exchange->curl_message[0] ? exchange->curl_message : curl_easy_strerror(code);
    clt_status status = clti_fail(&err, CLT_ERR_NETWORK, "No answer came: %s.", reason);
    if (status == CLT_ERR_NETWORK) {
        err->native_domain = CLT_NATIVE_CURL;
        err->native_code = code;
    }
    clti_exchange_abandon(exchange, status, err);
}

void clti_exchange_judge(clti_exchange *exchange, CURLcode result) {
    long http_status = 0;
    if (curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &http_status) != CURLE_OK)
        http_status = 0;
    clti_transfer_stop(exchange);
    if (result != CURLE_OK) {
        log_answer(exchange, curl_easy_strerror(result));
        judge_failure(exchange, result);
        return;
    }
    exchange->response->http_status = (int32_t)http_status;
    char text[16];
    snprintf(text, sizeof(text), "%ld", http_status);
    log_answer(exchange, text);
    judge_answer(exchange);
}

void clti_exchange_collect(CURLM *multi) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode result = message->data.result;
        char *exchange = NULL;
        clti_assert(curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange) == CURLE_OK);
        clti_exchange_judge((clti_exchange *)(void *)exchange, result);
    }
}
