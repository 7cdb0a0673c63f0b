/*
 * Calls without waiting: one thread per partner handle, started with the first, moves all of them on in a
 * lane of its own. A token is fetched there too, which holds the others up for as long as it takes.
 */
#include "sdk/resources_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct clt_operation {
    atomic_size_t references; /* the caller's and the thread's */
    clt_cancellation *cancellation;
    bool is_seeking; /* so that "no such page" is the end */
    clti_exchange *exchange;
    /* one of both */
    clt_customers_callback page_callback;
    clt_call_callback call_callback;
    void *user;
    clt_operation *next; /* in the thread's list or its inbox */
};

struct clti_async {
    clti_core *core;
    clti_lane *lane;
    pthread_t thread;
    clt_operation *running; /* the thread's own */
    pthread_mutex_t lock;   /* of the following */
    clt_operation *inbox;   /* the last that came first */
    bool is_stopping;
};

/* ---- operations --------------------------------------------------------------------------------------- */

void clt_operation_free(clt_operation *operation) {
    if (!operation || atomic_fetch_sub(&operation->references, 1) != 1)
        return;
    clti_exchange_free(operation->exchange);
    clt_cancellation_free(operation->cancellation);
    free(operation);
}

void clt_operation_cancel(clt_operation *operation) {
    if (operation)
        clt_cancellation_cancel(operation->cancellation);
}

static void finish_page(clti_async *async, const clt_operation *operation, clt_response *response,
                        clt_error *err) {
    clt_customer_page *page = NULL;
    clt_status status = response ? clti_page_read(response, async->lane, NULL, &page, &err) : err->status;
    if (status != CLT_OK && operation->is_seeking && clti_is_end(err))
        err->status = CLT_ERR_END;
    operation->page_callback(operation->user, page, err);
}

static void finish(clti_async *async, clt_operation *operation) {
    clti_exchange *exchange = operation->exchange;
    clt_error *err = exchange->err;
    clt_response *response = exchange->status == CLT_OK ? clti_exchange_take_response(exchange) : NULL;
    exchange->err = NULL;
    /* The lane is the thread's: what the caller still holds must not point to it. */
    clti_exchange_free(exchange);
    operation->exchange = NULL;
    if (operation->page_callback)
        finish_page(async, operation, response, err);
    else
        operation->call_callback(operation->user, response, err);
    clt_operation_free(operation);
}

/* ---- the thread --------------------------------------------------------------------------------------- */

/* New operations go behind those that run, in the order in which they came. */
static bool take_inbox(clti_async *async) {
    pthread_mutex_lock(&async->lock);
    clt_operation *came = async->inbox, *in_order = NULL;
    async->inbox = NULL;
    bool is_stopping = async->is_stopping;
    pthread_mutex_unlock(&async->lock);
    while (came) {
        clt_operation *next = came->next;
        came->next = in_order;
        in_order = came;
        came = next;
    }
    clt_operation **end = &async->running;
    while (*end)
        end = &(*end)->next;
    *end = in_order;
    return is_stopping;
}

/* What curl does not tell: beginnings, cancellations, deadlines, waits that are over. */
static void look_after(clt_operation *operation) {
    clti_exchange *exchange = operation->exchange;
    clt_error *err = NULL;
    if (exchange->state == CLTI_EXCHANGE_DONE)
        return;
    clt_status status = clti_scope_check(&exchange->scope, &err);
    if (status != CLT_OK)
        clti_exchange_abandon(exchange, status, err);
    else if (exchange->state == CLTI_EXCHANGE_NEW ||
             (exchange->state == CLTI_EXCHANGE_WAITING && exchange->wake_us <= clti_steady_us()))
        clti_exchange_send(exchange);
}

/* The callbacks run here, and may bring new operations. */
static bool finish_some(clti_async *async) {
    bool any = false;
    clt_operation **at = &async->running;
    while (*at) {
        clt_operation *operation = *at;
        if (operation->exchange->state != CLTI_EXCHANGE_DONE) {
            at = &operation->next;
            continue;
        }
        *at = operation->next;
        finish(async, operation);
        any = true;
    }
    return any;
}

/* Without memory for the list of descriptors, the wait is short instead. */
static void wait_for_news(const clti_async *async) {
    int64_t until = INT64_MAX;
    size_t size = 0;
    unsigned count = 0;
    for (const clt_operation *operation = async->running; operation; operation = operation->next)
        size += CLTI_CANCELLATIONS;
    struct curl_waitfd *fds = calloc(size + 1, sizeof(*fds));
    for (const clt_operation *operation = async->running; operation; operation = operation->next) {
        const clti_exchange *exchange = operation->exchange;
        if (exchange->scope.deadline_us < until)
            until = exchange->scope.deadline_us;
        if (exchange->state == CLTI_EXCHANGE_WAITING && exchange->wake_us < until)
            until = exchange->wake_us;
        for (size_t i = 0; fds && i < CLTI_CANCELLATIONS; i++)
            if (exchange->scope.cancellations[i])
                fds[count++] = (struct curl_waitfd){.fd = exchange->scope.cancellations[i]->fd,
                                                    .events = CURL_WAIT_POLLIN};
    }
    int wait_ms = fds ? clti_wait_ms(until) : 10;
    (void)curl_multi_poll(async->lane->multi, fds, count, wait_ms < 0 ? 3600000 : wait_ms, NULL);
    free(fds);
}

static void *run(void *user) {
    clti_async *async = user;
    for (;;) {
        bool is_stopping = take_inbox(async);
        for (clt_operation *operation = async->running; operation; operation = operation->next) {
            if (is_stopping)
                clt_cancellation_cancel(operation->cancellation);
            look_after(operation);
        }
        int running;
        /* Out of memory, the transfers do not move, and their deadlines end them. */
        (void)curl_multi_perform(async->lane->multi, &running);
        clti_exchange_collect(async->lane->multi);
        if (finish_some(async))
            continue;
        if (is_stopping && !async->running)
            return NULL;
        wait_for_news(async);
    }
}

/* Signals are for the caller's threads. */
static int start_thread(clti_async *async) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&async->thread, NULL, run, async);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

static clt_status new_async(clti_core *core, clti_async **out, clt_error **err) {
    clti_async *made = calloc(1, sizeof(*made));
    if (!made)
        return clti_fail_no_memory(err);
    made->core = core;
    clti_assert(pthread_mutex_init(&made->lock, NULL) == 0);
    clt_status status = clti_lane_take(core, &made->lane, err);
    int failure = status == CLT_OK ? start_thread(made) : 0;
    if (failure)
        status = clti_fail(err, CLT_ERR_NO_MEMORY, "No thread could be started: %s.", strerror(failure));
    if (status == CLT_OK) {
        *out = made;
        return CLT_OK;
    }
    clti_lane_give_back(core, made->lane);
    pthread_mutex_destroy(&made->lock);
    free(made);
    return status;
}

void clti_async_free(clti_async *async) {
    if (!async)
        return;
    pthread_mutex_lock(&async->lock);
    async->is_stopping = true;
    pthread_mutex_unlock(&async->lock);
    (void)curl_multi_wakeup(async->lane->multi);
    clti_assert(pthread_join(async->thread, NULL) == 0);
    clti_lane_give_back(async->core, async->lane);
    pthread_mutex_destroy(&async->lock);
    free(async);
}

/* ---- starting ----------------------------------------------------------------------------------------- */

/* What a callback starts while the handle is being freed would never be waited for. */
static clt_status enqueue(clti_async *async, clt_operation *operation, clt_operation **out, clt_error **err) {
    pthread_mutex_lock(&async->lock);
    bool is_stopping = async->is_stopping;
    if (!is_stopping) {
        operation->next = async->inbox;
        async->inbox = operation;
        /* Now, since the callback may run before this call returns. */
        if (out) {
            atomic_fetch_add(&operation->references, 1);
            *out = operation;
        }
    }
    pthread_mutex_unlock(&async->lock);
    if (is_stopping)
        return clti_fail(err, CLT_ERR_CANCELLED, "The partner is being freed.");
    (void)curl_multi_wakeup(async->lane->multi);
    return CLT_OK;
}

static clt_status get_async(clt_partner *partner, clti_async **out, clt_error **err) {
    clt_status status = CLT_OK;
    pthread_mutex_lock(&partner->lock);
    if (!partner->async)
        status = new_async(partner->core, &partner->async, err);
    *out = partner->async;
    pthread_mutex_unlock(&partner->lock);
    return status;
}

static clt_status new_operation(clti_async *async, const clti_request *request, const clti_scope *given,
                                clt_operation **out, clt_error **err) {
    clti_scope scope = *given;
    clt_operation *made = calloc(1, sizeof(*made));
    if (!made)
        return clti_fail_no_memory(err);
    atomic_init(&made->references, 1);
    clt_status status = clt_cancellation_new(&made->cancellation, err);
    if (status == CLT_OK) {
        scope.cancellations[1] = made->cancellation;
        made->exchange = clti_exchange_new(async->core, async->lane, request, &scope);
        if (!made->exchange)
            status = clti_fail_no_memory(err);
    }
    if (status == CLT_OK)
        *out = made;
    else
        clt_operation_free(made);
    return status;
}

/* Start what its callbacks are set in. */
static clt_status start(clt_partner *partner, const clti_request *request, const clti_scope *scope,
                        const clt_operation *callbacks, clt_operation **out, clt_error **err) {
    clti_async *async = NULL;
    clt_operation *operation = NULL;
    clt_status status = get_async(partner, &async, err);
    if (status == CLT_OK)
        status = new_operation(async, request, scope, &operation, err);
    if (status != CLT_OK)
        return status;
    operation->is_seeking = callbacks->is_seeking;
    operation->page_callback = callbacks->page_callback;
    operation->call_callback = callbacks->call_callback;
    operation->user = callbacks->user;
    status = enqueue(async, operation, out, err);
    if (status != CLT_OK)
        clt_operation_free(operation);
    return status;
}

static clt_status check(const clt_partner *partner, bool has_callback, const clt_request_context *context,
                        clti_scope *out_scope, clt_error **err) {
    clt_status status = clti_require_partner(partner, partner, err);
    if (status == CLT_OK && !has_callback)
        status = clti_fail(err, CLT_ERR_ARGUMENT, "callback is NULL.");
    return status == CLT_OK ? clti_scope_make(partner, context, out_scope, err) : status;
}

clt_status clt_customers_query_async(clt_partner *partner, const clt_query *query,
                                     const clt_request_context *context, clt_customers_callback callback,
                                     void *user, clt_operation **out_operation, clt_error **out_err) {
    clti_scope scope;
    clti_request request;
    clt_error *err = NULL;
    clti_arena arena = {NULL};
    const clt_operation callbacks = {
        .is_seeking = clti_query_is_seeking(query), .page_callback = callback, .user = user};
    clt_status status = check(partner, callback != NULL, context, &scope, &err);
    if (status == CLT_OK)
        status = clti_query_request(partner->core, query, &arena, &request, &err);
    if (status == CLT_OK)
        status = start(partner, &request, &scope, &callbacks, out_operation, &err);
    clti_arena_done(&arena);
    return clti_hand_out(status, err, out_err);
}

clt_status clt_partner_call_async(clt_partner *partner, const clt_call *call,
                                  const clt_request_context *context, clt_call_callback callback, void *user,
                                  clt_operation **out_operation, clt_error **out_err) {
    clti_scope scope;
    clti_request request;
    clt_error *err = NULL;
    clti_arena arena = {NULL};
    const clt_operation callbacks = {.call_callback = callback, .user = user};
    clt_status status = check(partner, callback != NULL, context, &scope, &err);
    if (status == CLT_OK)
        status = clti_call_request(partner->core, call, &arena, &request, &err);
    if (status == CLT_OK)
        status = start(partner, &request, &scope, &callbacks, out_operation, &err);
    clti_arena_done(&arena);
    return clti_hand_out(status, err, out_err);
}
