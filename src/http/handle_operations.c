#include "http/http_private.h"
#include "http/metrics.h"

bool clti_handle_health(clti_request *request, clti_reply *reply, clti_fault *fault) {
    reply->cache_control = "no-store";
    clti_buf_add(&reply->body, CLTI_STR("{\"status\":\"ok\"}"));
    return true;
}

/* Whoever asks gives up sooner than other clients. */
#define READY_US 2000000

/* A read that goes all the way to the store. */
bool clti_handle_readiness(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_store *store = request->http->service->store;
    clti_store_pool pool;
    unsigned schema;
    clti_store_calls_end_by(clti_steady_us() + READY_US);
    const bool is_ready = clti_store_ready(store, &schema, fault);
    clti_store_calls_end_by(0);
    if (!is_ready)
        return false;
    reply->cache_control = "no-store";
    clti_buf_add(&reply->body, CLTI_STR("{\"status\":\"ready\""));
    if (clti_store_has_pool(store, &pool))
        clti_buf_add_format(
            &reply->body,
            ",\"schema\":%u,\"connections\":{\"inUse\":%zu,\"open\":%zu,\"most\":%zu,\"waiting\":%zu}",
            schema, pool.in_use, pool.open, pool.connections_max, pool.waiting);
    clti_buf_add_char(&reply->body, '}');
    return true;
}

bool clti_handle_metrics(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_metrics_rule rule = request->http->metrics_rule;
    if (rule == CLTI_METRICS_OFF || (rule == CLTI_METRICS_LOCAL && !request->is_local))
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply->cache_control = "no-store";
    clti_metrics_render(request->http, &reply->body);
    return true;
}
