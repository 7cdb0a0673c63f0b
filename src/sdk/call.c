/* Any call of the service. */
#include "sdk/resources_private.h"

/* What the library itself decides for every request. */
static clt_status check_header(const clt_call_header *header, clt_error **err) {
    static const char *const NAMES[] = {
        "Authorization", "Connection", "Content-Length",    "Expect", "Host", "MS-CorrelationId",
        "MS-RequestId",  "TE",         "Transfer-Encoding", "Upgrade"};
    clt_str name = clti_str(header->name);
    if (!clti_header_name_is_sound(name) || !header->value || !clti_header_is_sound(clti_str(header->value)))
        return clti_fail(err, CLT_ERR_ARGUMENT, "call->headers has one that cannot be sent: '%.*s'.",
                         CLTI_STR_ARGS(name));
    for (size_t i = 0; i < CLTI_COUNT(NAMES); i++)
        if (clti_str_equal_nocase(name, clti_str(NAMES[i])))
            return clti_fail(
                err, CLT_ERR_ARGUMENT,
                "call->headers may not have %s, which the library sets; ids go into the context.", NAMES[i]);
    return CLT_OK;
}

static clt_status make_request(const clti_core *core, const clt_call *call, clti_arena *arena,
                               clti_request *out, clt_error **err) {
    clt_status status = clti_require_text("call->path", call->path, err);
    if (status != CLT_OK)
        return status;
    if (call->header_count && !call->headers)
        return clti_fail(err, CLT_ERR_ARGUMENT, "call->headers is NULL, but call->header_count is not 0.");
    if (call->body_size && !call->body)
        return clti_fail(err, CLT_ERR_ARGUMENT, "call->body is NULL, but call->body_size is not 0.");
    clt_str method = clti_str(call->method ? call->method : "GET");
    if (!clti_header_name_is_sound(method))
        return clti_fail(err, CLT_ERR_ARGUMENT, "call->method is not a method.");
    clti_header *headers = clti_arena_calloc(arena, call->header_count + 1, sizeof(*headers));
    if (!headers || !clti_arena_copy(arena, method, &method))
        return clti_fail_no_memory(err);
    *out = (clti_request){.method = method.data, .headers = headers, .header_count = call->header_count};
    for (size_t i = 0; i < call->header_count; i++) {
        status = check_header(&call->headers[i], err);
        if (status != CLT_OK)
            return status;
        headers[i] = (clti_header){clti_str(call->headers[i].name), clti_str(call->headers[i].value)};
    }
    if (call->body)
        out->body = (clt_str){call->body, call->body_size};
    status = clti_link_join(&core->base, clti_str(call->path), arena, &out->url, err);
    /* The path came from the caller, not from the service. */
    if (status == CLT_ERR_RESPONSE_PARSE)
        (*err)->status = status = CLT_ERR_ARGUMENT;
    return status;
}

clt_status clti_call_request(const clti_core *core, const clt_call *given, clti_arena *arena,
                             clti_request *out, clt_error **err) {
    clt_call call;
    if (!given)
        return clti_fail(err, CLT_ERR_ARGUMENT, "call is NULL.");
    clt_status status = clti_options_copy(&call, sizeof(call), given, "call", err);
    return status == CLT_OK ? make_request(core, &call, arena, out, err) : status;
}

static clt_status call_service(clt_partner *partner, const clt_call *call, const clt_request_context *context,
                               clti_arena *arena, clt_response **out, clt_error **err) {
    clti_scope scope;
    clti_request request;
    clt_status status = clti_require_partner(partner, out, err);
    if (status == CLT_OK)
        status = clti_scope_make(partner, context, &scope, err);
    if (status == CLT_OK)
        status = clti_call_request(partner->core, call, arena, &request, err);
    return status == CLT_OK ? clti_call(partner->core, &request, &scope, out, err) : status;
}

clt_status clt_partner_call(clt_partner *partner, const clt_call *call, const clt_request_context *context,
                            clt_response **out, clt_error **out_err) {
    clt_error *err = NULL;
    clti_arena arena = {NULL};
    clt_status status = call_service(partner, call, context, &arena, out, &err);
    clti_arena_done(&arena);
    return clti_hand_out(status, err, out_err);
}

/* ---- lists -------------------------------------------------------------------------------------------- */

/* What the answer says of its neighbours. It is const for the caller; decoding needs room behind the body. */
static clt_status read_links(clti_core *core, const clt_response *response, clti_arena *arena,
                             clti_collection *out, clt_error **err) {
    clti_lane *lane = NULL;
    if (response->error) {
        *err = clti_error_copy(response->error);
        return (*err)->status;
    }
    clt_str body = clt_response_body(response);
    clt_response copy = {.body = {.size_max = body.size + CLTI_DECODER_PADDING}};
    clti_buf_add(&copy.body, body);
    clt_status status = clti_buf_ok(&copy.body) ? clti_lane_take(core, &lane, err) : clti_fail_no_memory(err);
    if (status == CLT_OK)
        status = clti_response_decode(&copy, lane->decoder, &CLTI_PAGE_SHAPE, arena, out, err);
    clti_lane_give_back(core, lane);
    clti_buf_done(&copy.body);
    return status;
}

static clt_status call_next(clt_partner *partner, const clt_response *response,
                            const clt_request_context *context, clti_arena *arena, clt_response **out,
                            clt_error **err) {
    clti_scope scope;
    clti_request request;
    clti_collection page;
    clt_status status = clti_require_partner(partner, out, err);
    if (status == CLT_OK && !response)
        status = clti_fail(err, CLT_ERR_ARGUMENT, "response is NULL.");
    if (status == CLT_OK)
        status = clti_scope_make(partner, context, &scope, err);
    if (status == CLT_OK)
        status = read_links(partner->core, response, arena, &page, err);
    if (status != CLT_OK)
        return status;
    if (!clti_collection_has(&page, CLTI_FORWARD)) {
        *out = NULL;
        return CLT_OK;
    }
    status = clti_collection_request(partner->core, &page, CLTI_FORWARD, response->url, response->token,
                                     arena, &request, err);
    clt_response *next = NULL;
    uint64_t mark = 0;
    if (status == CLT_OK) {
        mark = clti_page_mark(request.url, clti_collection_token(&page, CLTI_FORWARD));
        status = clti_circle_check(&response->circle, mark, err);
    }
    if (status != CLT_OK)
        clti_response_describe(response, *err);
    if (status == CLT_OK)
        status = clti_call(partner->core, &request, &scope, &next, err);
    if (status != CLT_OK)
        return status;
    next->circle = response->circle;
    clti_circle_step(&next->circle, mark);
    if (clti_is_end(next->error)) {
        clt_response_free(next);
        next = NULL;
    }
    *out = next;
    return CLT_OK;
}

clt_status clt_response_next(clt_partner *partner, const clt_response *response,
                             const clt_request_context *context, clt_response **out, clt_error **out_err) {
    clt_error *err = NULL;
    clti_arena arena = {NULL};
    clt_status status = call_next(partner, response, context, &arena, out, &err);
    clti_arena_done(&arena);
    return clti_hand_out(status, err, out_err);
}
