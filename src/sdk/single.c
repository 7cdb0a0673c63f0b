#include "sdk/single_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- resources ---------------------------------------------------------------------------------------- */

typedef struct owned_resource {
    clti_arena arena;
    max_align_t resource[];
} owned_resource;

void *clti_resource_new(size_t size, clti_arena **out_arena) {
    owned_resource *made = calloc(1, sizeof(*made) + size);
    if (!made)
        return NULL;
    *out_arena = &made->arena;
    return made->resource;
}

void clti_resource_free(const void *resource) {
    if (!resource)
        return;
    char *bytes = (char *)(uintptr_t)resource;
    owned_resource *owned = (void *)(bytes - offsetof(owned_resource, resource));
    clti_arena_done(&owned->arena);
    free(owned);
}

/* ---- a call ------------------------------------------------------------------------------------------- */

clti_single clti_single_begin(clt_partner *partner, const clt_request_context *context, const void *out) {
    clti_single call = {.status = CLT_OK};
    clti_buf_init(&call.url, CLTI_SINGLE_URL_MAX);
    clti_buf_init(&call.body, CLTI_SINGLE_BODY_MAX);
    call.status = clti_require_partner(partner, out, &call.err);
    if (call.status == CLT_OK)
        call.status = clti_scope_make(partner, context, &call.scope, &call.err);
    if (call.status == CLT_OK)
        call.core = partner->core;
    return call;
}

clt_status clti_single_end(clti_single *call, clt_error **out_err) {
    clti_buf_done(&call->url);
    clti_buf_done(&call->body);
    clti_arena_done(&call->arena);
    return clti_hand_out(call->status, call->err, out_err);
}

void clti_single_refuse(clti_single *call, const char *name, const char *problem) {
    if (call->status == CLT_OK)
        call->status = clti_fail(&call->err, CLT_ERR_ARGUMENT, "%s %s.", name, problem);
}

void clti_single_require(clti_single *call, const char *name, const char *text) {
    size_t code_points;
    if (!text || !*text)
        clti_single_refuse(call, name, text ? "is empty" : "is NULL");
    else if (!clti_text_check(clti_str(text), &code_points))
        clti_single_refuse(call, name, "is not valid UTF-8");
}

/* ---- its URL ------------------------------------------------------------------------------------------ */

void clti_single_url(clti_single *call, const char *path) {
    if (call->status != CLT_OK)
        return;
    clti_buf_add(&call->url, call->core->base.url);
    clti_buf_add(&call->url, clti_str(path));
}

void clti_single_customer_url(clti_single *call, const char *customer_id, const char *below) {
    clt_guid id;
    if (!clti_guid_parse(clti_str(customer_id), &id)) {
        clti_single_refuse(call, "customer_id", "is not a GUID");
        return;
    }
    clti_single_url(call, "/v1/customers/");
    clti_buf_add(&call->url, clti_str(clti_guid_to_text(id).text));
    clti_buf_add(&call->url, clti_str(below));
}

void clti_single_add_encoded(clti_single *call, const char *text) {
    clti_url_encode(clti_str(text), &call->url);
}

void clti_single_add_query(clti_single *call, const char *name, clt_str value) {
    clt_str url = clti_buf_str(&call->url);
    char before = url.size && memchr(url.data, '?', url.size) ? '&' : '?';
    clti_buf_add_format(&call->url, "%c%s=", before, name);
    clti_url_encode(value, &call->url);
}

/* ---- its way ------------------------------------------------------------------------------------------ */

/* Without the comma behind the whole. */
static clt_str body_of(const clti_single *call) {
    clt_str body = clti_buf_str(&call->body);
    return body.size ? (clt_str){body.data, body.size - 1} : (clt_str){NULL, 0};
}

clt_response *clti_single_send(clti_single *call, const char *method) {
    clt_response *response = NULL;
    if (call->status == CLT_OK && (!clti_buf_ok(&call->url) || !clti_buf_ok(&call->body)))
        clti_single_refuse(call, "A text", "is too long, or memory is out");
    if (call->status != CLT_OK)
        return NULL;
    const clti_header if_match = {CLTI_STR("If-Match"), call->if_match};
    const clti_request request = {.method = method,
                                  .url = clti_buf_str(&call->url),
                                  .body = body_of(call),
                                  .headers = &if_match,
                                  .header_count = call->if_match.data ? 1 : 0};
    call->status = clti_call(call->core, &request, &call->scope, &response, &call->err);
    if (call->status != CLT_OK)
        return NULL;
    response->is_secret |= call->is_secret;
    return response;
}

void clti_single_fail(clti_single *call, clt_response *response) {
    call->err = response->error;
    call->status = call->err->status;
    response->error = NULL;
}

/* A body that is an array or a text becomes an object's member, for tables read objects alone. */
static bool wrap_body(clt_response *response, const char *name) {
    clti_buf wrapped;
    clti_buf_init(&wrapped, response->body.size_max + 64);
    clti_buf_add_format(&wrapped, "{\"%s\":", name);
    clti_buf_add(&wrapped, clt_response_body(response));
    clti_buf_add_char(&wrapped, '}');
    if (!clti_buf_ok(&wrapped)) {
        clti_buf_done(&wrapped);
        return false;
    }
    clti_buf_done(&response->body);
    response->body = wrapped;
    return true;
}

void *clti_single_read(clti_single *call, clt_response *response, const clti_shape *shape, const char *wrap) {
    clti_arena *arena = NULL;
    clti_lane *lane = NULL;
    if (wrap && !wrap_body(response, wrap)) {
        call->status = clti_fail_no_memory(&call->err);
        return NULL;
    }
    void *made = clti_resource_new(shape->size, &arena);
    call->status = made ? clti_lane_take(call->core, &lane, &call->err) : clti_fail_no_memory(&call->err);
    if (call->status == CLT_OK)
        call->status = clti_response_decode(response, lane->decoder, shape, arena, made, &call->err);
    clti_lane_give_back(call->core, lane);
    if (call->status == CLT_OK)
        return made;
    clti_resource_free(made);
    return NULL;
}

void *clti_single_fetch_wrapped(clti_single *call, const char *method, const clti_shape *shape,
                                const char *wrap) {
    void *made = NULL;
    clt_response *response = clti_single_send(call, method);
    if (response && response->error)
        clti_single_fail(call, response);
    else if (response)
        made = clti_single_read(call, response, shape, wrap);
    clt_response_free(response);
    return made;
}

void *clti_single_fetch(clti_single *call, const char *method, const clti_shape *shape) {
    return clti_single_fetch_wrapped(call, method, shape, NULL);
}

void clti_single_do(clti_single *call, const char *method) {
    clt_response *response = clti_single_send(call, method);
    if (response && response->error)
        clti_single_fail(call, response);
    clt_response_free(response);
}
