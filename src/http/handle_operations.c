#include "http/http_private.h"
#include "http/metrics.h"

bool clti_handle_health(clti_request *request, clti_reply *reply, clti_fault *fault) {
    reply->cache_control = "no-store";
    clti_buf_add(&reply->body, CLTI_STR("{\"status\":\"ok\"}"));
    return true;
}

/* A read that goes all the way to the store. */
bool clti_handle_readiness(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_partner_state state;
    if (!clti_store_partner_state(request->http->service->store, (clt_guid){{0}}, &state, fault))
        return false;
    reply->cache_control = "no-store";
    clti_buf_add(&reply->body, CLTI_STR("{\"status\":\"ready\"}"));
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
