/*
 * Walking the list (api.md 6.3), with the next page already on its way.
 *
 * Clientele names the next page in a header, so request n+1 goes out when the headers of page n are in, on a
 * second connection of the same lane; its answer then waits in the socket's buffer, without a thread. The
 * original names it in the body alone: there the request goes out when page n has been decoded, on the same
 * connection. Whatever becomes of it, next() asks again by itself.
 */
#include "sdk/resources_private.h"

#include <stdlib.h>
#include <string.h>

struct clt_customer_enumerator {
    clt_partner *partner;
    clt_customer_page *page;  /* NULL: no value */
    clt_customer_page *spare; /* the one before it, of which only the memory is left */
    bool no_prefetch;
    bool is_early; /* the request for the next page goes out before the page is there */
    clti_lane *lane;
    clti_exchange *ahead; /* for the page behind the current one, or NULL */
    /* What the last next() asked with, and so the prefetch too. */
    char correlation_id[CLTI_GUID_TEXT_SIZE + 1]; /* empty: the partner's way */
    clti_secret locale;                           /* no secret, but it is freed the same way */
    clti_circle circle;
};

/* ---- the page ahead ------------------------------------------------------------------------------------ */

static void drop_ahead(clt_customer_enumerator *enumerator) {
    clti_exchange_free(enumerator->ahead);
    enumerator->ahead = NULL;
}

static clt_status make_scope(clt_customer_enumerator *enumerator, clti_scope *out, clt_error **err) {
    clt_request_context context = CLT_REQUEST_CONTEXT_INIT;
    context.correlation_id = enumerator->correlation_id[0] ? enumerator->correlation_id : NULL;
    context.locale = enumerator->locale.text;
    return clti_scope_make(enumerator->partner, &context, out, err);
}

/* The token that it needs may have to be fetched, which is bounded by `limits`; then it waits without end. */
static void start_ahead(clt_customer_enumerator *enumerator, const clti_request *request,
                        const clti_scope *limits) {
    clti_scope scope;
    clt_error *err = NULL;
    if (make_scope(enumerator, &scope, &err) != CLT_OK) {
        clt_error_free(err);
        return;
    }
    if (limits) {
        scope.deadline_us = limits->deadline_us;
        memcpy(scope.cancellations, limits->cancellations, sizeof(scope.cancellations));
    }
    clti_exchange *ahead = clti_exchange_new(enumerator->partner->core, enumerator->lane, request, &scope);
    if (!ahead)
        return;
    ahead->is_ahead = true;
    clti_exchange_send(ahead);
    ahead->scope.deadline_us = INT64_MAX;
    memset(ahead->scope.cancellations, 0, sizeof(ahead->scope.cancellations));
    enumerator->ahead = ahead;
    if (ahead->state != CLTI_EXCHANGE_SENT)
        drop_ahead(enumerator);
}

static bool is_sent(const clti_exchange *exchange) {
    long size = 0;
    return exchange->state == CLTI_EXCHANGE_DONE ||
           (exchange->easy && curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &size) == CURLE_OK &&
            size > 0);
}

static void push(clt_customer_enumerator *enumerator) {
    int running;
    if (curl_multi_perform(enumerator->lane->multi, &running) != CURLM_OK)
        drop_ahead(enumerator);
    else
        clti_exchange_collect(enumerator->lane->multi);
}

/* Sent is enough: the answer comes without us. */
static bool is_under_way(clt_customer_enumerator *enumerator) {
    if (is_sent(enumerator->ahead))
        return true;
    push(enumerator);
    return enumerator->ahead && is_sent(enumerator->ahead);
}

/* The page is there: see to it that the one behind it is under way, on this connection if need be. */
static void settle_ahead(clt_customer_enumerator *enumerator, const clti_scope *limits) {
    const clt_customer_page *page = enumerator->page;
    clt_str token = clti_collection_token(&page->content, CLTI_FORWARD);
    clti_exchange *ahead = enumerator->ahead;
    if (ahead && !clti_str_equal(ahead->response->token, token))
        drop_ahead(enumerator);
    if (enumerator->ahead && is_under_way(enumerator))
        return;
    if (enumerator->ahead) {
        /* Its connection takes longer than a page does. */
        enumerator->is_early = false;
        drop_ahead(enumerator);
    }
    if (enumerator->no_prefetch || !clti_collection_has(&page->content, CLTI_FORWARD))
        return;
    clti_arena arena = {NULL};
    clti_request request;
    clt_error *err = NULL;
    if (clti_collection_request(enumerator->partner->core, &page->content, CLTI_FORWARD, page->url,
                                page->token, &arena, &request, &err) == CLT_OK)
        start_ahead(enumerator, &request, limits);
    clt_error_free(err);
    clti_arena_done(&arena);
    if (enumerator->ahead)
        push(enumerator);
}

/* ---- one step ----------------------------------------------------------------------------------------- */

typedef struct enumerator_step {
    clt_customer_enumerator *enumerator;
    clti_direction direction;
    clti_scope scope;
    clti_exchange *exchange;
} enumerator_step;

/* After each step of curl: the headers may be in. */
static void look_ahead(void *user) {
    enumerator_step *step = user;
    clt_customer_enumerator *enumerator = step->enumerator;
    const clt_response *response = step->exchange->response;
    if (enumerator->ahead || !enumerator->is_early || step->direction != CLTI_FORWARD ||
        !response->is_headers_done)
        return;
    clt_str token = clt_response_header(response, "MS-ContinuationToken");
    if (!token.size || clti_str_equal(token, response->token))
        return;
    clti_arena arena = {NULL};
    clti_request request;
    clt_error *err = NULL;
    if (clti_seek_request(response->url, CLTI_FORWARD, token, &arena, &request, &err) == CLT_OK)
        start_ahead(enumerator, &request, &step->scope);
    clt_error_free(err);
    clti_arena_done(&arena);
    if (enumerator->ahead)
        push(enumerator);
}

/* Those that the prefetch carries are those that the caller wants now. */
static bool is_as_wanted(const clt_customer_enumerator *enumerator, const clt_request_context *context) {
    if (!context)
        return !enumerator->correlation_id[0] && !enumerator->locale.text;
    return !context->request_id &&
           clti_str_equal_nocase(clti_str(context->correlation_id), clti_str(enumerator->correlation_id)) &&
           clti_str_equal(clti_str(context->locale), clti_secret_str(&enumerator->locale));
}

static bool remember_context(clt_customer_enumerator *enumerator, const clt_request_context *context,
                             const clti_scope *scope) {
    enumerator->correlation_id[0] = '\0';
    clti_secret_done(&enumerator->locale);
    if (context && context->correlation_id)
        memcpy(enumerator->correlation_id, scope->correlation_id, sizeof(scope->correlation_id));
    return !context || !context->locale || clti_secret_set(&enumerator->locale, clti_str(context->locale));
}

/* Take over what is under way, if it is for this request. */
static clti_exchange *take_ahead(enumerator_step *step, const clti_request *request,
                                 const clt_request_context *context) {
    clt_customer_enumerator *enumerator = step->enumerator;
    clti_exchange *ahead = enumerator->ahead;
    if (!ahead)
        return NULL;
    clt_str token = clti_collection_token(&enumerator->page->content, step->direction);
    bool same = token.size ? clti_str_equal(token, ahead->response->token)
                           : clti_str_equal(request->url, ahead->response->url);
    if (!same || step->direction != CLTI_FORWARD || !is_as_wanted(enumerator, context)) {
        drop_ahead(enumerator);
        return NULL;
    }
    enumerator->ahead = NULL;
    ahead->scope.deadline_us = step->scope.deadline_us;
    memcpy(ahead->scope.cancellations, step->scope.cancellations, sizeof(ahead->scope.cancellations));
    return ahead;
}

static void drive(enumerator_step *step, clti_exchange *exchange) {
    step->exchange = exchange;
    clti_drive(exchange, look_ahead, step);
    /* It may have been there before we looked. */
    look_ahead(step);
}

static bool has_failed(const clti_exchange *exchange) {
    return exchange->status != CLT_OK || exchange->response->error;
}

static clt_status fetch(enumerator_step *step, const clti_request *request,
                        const clt_request_context *context, clt_customer_page **out, clt_error **err) {
    clt_customer_enumerator *enumerator = step->enumerator;
    clti_exchange *exchange = take_ahead(step, request, context);
    if (!remember_context(enumerator, context, &step->scope)) {
        clti_exchange_free(exchange);
        return clti_fail_no_memory(err);
    }
    if (exchange)
        drive(step, exchange);
    if (exchange && has_failed(exchange) && exchange->status != CLT_ERR_CANCELLED &&
        exchange->status != CLT_ERR_REQUEST_TIMEOUT) {
        clti_exchange_free(exchange);
        exchange = NULL;
    }
    if (!exchange) {
        drop_ahead(enumerator);
        exchange = clti_exchange_new(enumerator->partner->core, enumerator->lane, request, &step->scope);
        if (!exchange)
            return clti_fail_no_memory(err);
        drive(step, exchange);
    }
    clt_status status = exchange->status;
    if (status == CLT_OK) {
        status = clti_page_read(clti_exchange_take_response(exchange), enumerator->lane, enumerator->spare,
                                out, err);
        enumerator->spare = NULL;
    } else {
        *err = exchange->err;
        exchange->err = NULL;
    }
    clti_exchange_free(exchange);
    return status;
}

static void leave(clt_customer_enumerator *enumerator) {
    drop_ahead(enumerator);
    clt_customer_page_free(enumerator->page);
    clt_customer_page_free(enumerator->spare);
    enumerator->page = enumerator->spare = NULL;
    clti_lane_give_back(enumerator->partner->core, enumerator->lane);
    enumerator->lane = NULL;
}

static void count_step(clt_customer_enumerator *enumerator, clti_direction direction, uint64_t mark) {
    if (direction == CLTI_BACKWARD)
        enumerator->circle.steps = enumerator->circle.steps_max = 0;
    else
        clti_circle_step(&enumerator->circle, mark);
}

static clt_status move(enumerator_step *step, const clt_request_context *context, clti_arena *arena,
                       clt_error **err) {
    clt_customer_enumerator *enumerator = step->enumerator;
    clt_customer_page *page = enumerator->page, *arrived = NULL;
    clti_request request;
    clt_status status = clti_scope_make(enumerator->partner, context, &step->scope, err);
    if (status == CLT_OK)
        status = clti_collection_request(enumerator->partner->core, &page->content, step->direction,
                                         page->url, page->token, arena, &request, err);
    uint64_t mark = 0;
    if (status == CLT_OK)
        mark = clti_page_mark(request.url, clti_collection_token(&page->content, step->direction));
    if (status == CLT_OK && step->direction == CLTI_FORWARD)
        status = clti_circle_check(&enumerator->circle, mark, err);
    if (status != CLT_OK)
        clti_facts_describe(&page->facts, *err);
    if (status == CLT_OK && !enumerator->lane)
        status = clti_lane_take(enumerator->partner->core, &enumerator->lane, err);
    if (status == CLT_OK)
        status = fetch(step, &request, context, &arrived, err);
    if (clti_is_end(*err)) {
        clt_error_free(*err);
        *err = NULL;
        leave(enumerator);
        return CLT_OK;
    }
    if (status != CLT_OK)
        return status;
    enumerator->spare = clti_page_recycle(page);
    enumerator->page = arrived;
    count_step(enumerator, step->direction, mark);
    settle_ahead(enumerator, &step->scope);
    return CLT_OK;
}

static clt_status go(clt_customer_enumerator *enumerator, clti_direction direction,
                     const clt_request_context *given, clt_error **out_err) {
    clt_error *err = NULL;
    clt_request_context context;
    clti_arena arena = {NULL};
    clt_status status = CLT_OK;
    if (!enumerator || !enumerator->page)
        status = clti_fail(&err, CLT_ERR_ARGUMENT, "enumerator %s.", enumerator ? "has no value" : "is NULL");
    if (status == CLT_OK)
        status = clti_options_copy(&context, sizeof(context), given, "context", &err);
    if (status == CLT_OK && !clti_collection_has(&enumerator->page->content, direction)) {
        leave(enumerator);
    } else if (status == CLT_OK) {
        enumerator_step step = {.enumerator = enumerator, .direction = direction};
        context.size = sizeof(context);
        status = move(&step, given ? &context : NULL, &arena, &err);
    }
    clti_arena_done(&arena);
    return clti_hand_out(status, err, out_err);
}

clt_status clt_customer_enumerator_next(clt_customer_enumerator *enumerator,
                                        const clt_request_context *context, clt_error **out_err) {
    return go(enumerator, CLTI_FORWARD, context, out_err);
}

clt_status clt_customer_enumerator_previous(clt_customer_enumerator *enumerator,
                                            const clt_request_context *context, clt_error **out_err) {
    return go(enumerator, CLTI_BACKWARD, context, out_err);
}

/* ---- making, looking, freeing ---------------------------------------------------------------------------
 */

static clt_status create(clt_partner *partner, const clt_customer_enumerator_options *given,
                         clt_customer_enumerator **out, clt_error **err) {
    clt_customer_enumerator_options options;
    clt_status status = clti_require_partner(partner, out, err);
    if (status == CLT_OK)
        status = clti_options_copy(&options, sizeof(options), given, "options", err);
    if (status != CLT_OK)
        return status;
    clt_customer_enumerator *made = calloc(1, sizeof(*made));
    if (!made)
        return clti_fail_no_memory(err);
    made->partner = partner;
    made->no_prefetch = options.no_prefetch != 0;
    made->is_early = !made->no_prefetch;
    *out = made;
    return CLT_OK;
}

clt_status clt_customer_enumerator_create(clt_partner *partner, clt_customer_page *page,
                                          const clt_customer_enumerator_options *options,
                                          clt_customer_enumerator **out, clt_error **out_err) {
    clt_error *err = NULL;
    clt_customer_enumerator *made = NULL;
    clt_status status = page ? create(partner, options, out ? &made : NULL, &err)
                             : clti_fail(&err, CLT_ERR_ARGUMENT, "page is NULL.");
    if (status == CLT_OK)
        status = clti_lane_take(partner->core, &made->lane, &err);
    if (status != CLT_OK) {
        clt_customer_enumerator_free(made);
        clt_customer_page_free(page);
        return clti_hand_out(status, err, out_err);
    }
    made->page = page;
    settle_ahead(made, NULL);
    *out = made;
    return CLT_OK;
}

void clt_customer_enumerator_free(clt_customer_enumerator *enumerator) {
    if (!enumerator)
        return;
    leave(enumerator);
    clti_secret_done(&enumerator->locale);
    free(enumerator);
}

int clt_customer_enumerator_has_value(const clt_customer_enumerator *enumerator) {
    return enumerator && enumerator->page;
}

const clt_customer_page *clt_customer_enumerator_current(const clt_customer_enumerator *enumerator) {
    return enumerator ? enumerator->page : NULL;
}

clt_customer_page *clt_customer_enumerator_take(clt_customer_enumerator *enumerator) {
    if (!enumerator || !enumerator->page)
        return NULL;
    atomic_fetch_add(&enumerator->page->references, 1);
    return enumerator->page;
}

int clt_customer_enumerator_is_first(const clt_customer_enumerator *enumerator) {
    return enumerator && enumerator->page && !clti_collection_has(&enumerator->page->content, CLTI_BACKWARD);
}

int clt_customer_enumerator_is_last(const clt_customer_enumerator *enumerator) {
    return enumerator && enumerator->page && !clti_collection_has(&enumerator->page->content, CLTI_FORWARD);
}
