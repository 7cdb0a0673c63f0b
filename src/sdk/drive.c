/* Calls that block: the caller's own thread moves its exchange on. */
#include "sdk/sdk_private.h"

static void wait_for_news(const clti_exchange *exchange) {
    struct curl_waitfd fds[CLTI_CANCELLATIONS];
    unsigned count = 0;
    for (size_t i = 0; i < CLTI_CANCELLATIONS; i++)
        if (exchange->scope.cancellations[i])
            fds[count++] =
                (struct curl_waitfd){.fd = exchange->scope.cancellations[i]->fd, .events = CURL_WAIT_POLLIN};
    int64_t until = exchange->scope.deadline_us;
    if (exchange->state == CLTI_EXCHANGE_WAITING && exchange->wake_us < until)
        until = exchange->wake_us;
    int wait_ms = clti_wait_ms(until);
    /* curl knows of its own timers; the hour is for calls without a deadline. */
    (void)curl_multi_poll(exchange->lane->multi, fds, count, wait_ms < 0 ? 3600000 : wait_ms, NULL);
}

static void step(clti_exchange *exchange) {
    int running;
    if (curl_multi_perform(exchange->lane->multi, &running) == CURLM_OK) {
        clti_exchange_collect(exchange->lane->multi);
        return;
    }
    clt_error *err = NULL;
    clt_status status = clti_fail_no_memory(&err);
    clti_exchange_abandon(exchange, status, err);
}

void clti_drive(clti_exchange *exchange, void (*look)(void *user), void *user) {
    clt_error *err = NULL;
    /* What was sent ahead of this call has gone as far as it goes before an answer. */
    bool is_moved_on = exchange->state == CLTI_EXCHANGE_SENT;
    if (exchange->state == CLTI_EXCHANGE_NEW)
        clti_exchange_send(exchange);
    while (exchange->state != CLTI_EXCHANGE_DONE) {
        if (!is_moved_on)
            step(exchange);
        is_moved_on = false;
        if (look)
            look(user);
        /* Looking may have moved on the whole lane. */
        if (exchange->state == CLTI_EXCHANGE_DONE)
            return;
        clt_status status = clti_scope_check(&exchange->scope, &err);
        if (status != CLT_OK) {
            clti_exchange_abandon(exchange, status, err);
            return;
        }
        if (exchange->state == CLTI_EXCHANGE_WAITING && exchange->wake_us <= clti_steady_us())
            clti_exchange_send(exchange);
        else
            wait_for_news(exchange);
    }
}

clt_status clti_call(clti_core *core, const clti_request *request, const clti_scope *scope,
                     clt_response **out, clt_error **err) {
    clti_lane *lane = NULL;
    clt_status status = clti_lane_take(core, &lane, err);
    if (status != CLT_OK)
        return status;
    clti_exchange *exchange = clti_exchange_new(core, lane, request, scope);
    if (!exchange) {
        clti_lane_give_back(core, lane);
        return clti_fail_no_memory(err);
    }
    clti_drive(exchange, NULL, NULL);
    status = exchange->status;
    if (status == CLT_OK) {
        *out = clti_exchange_take_response(exchange);
    } else {
        *err = exchange->err;
        exchange->err = NULL;
    }
    clti_exchange_free(exchange);
    clti_lane_give_back(core, lane);
    return status;
}
