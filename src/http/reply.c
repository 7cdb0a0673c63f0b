#include "http/http_private.h"

#define FAULT_BODY_MAX (16 * 1024)
#define RETRY_AFTER    CLTI_STR("5")

void clti_reply_add_header(clti_reply *reply, const char *name, clt_str value) {
    clti_assert(reply->header_count < CLTI_REPLY_HEADERS_MAX);
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count].value = value;
    reply->header_count++;
}

void clti_reply_unchanged(clti_reply *reply) {
    reply->status = 304;
    reply->content_type = NULL;
    clti_buf_clear(&reply->body);
}

bool clti_reply_tag(clti_request *request, clti_reply *reply, clt_str tag, clti_fault *fault) {
    if (!tag.data)
        tag = clti_entity_tag_format(clti_hash64(CLTI_HASH64_START, clti_buf_str(&reply->body)),
                                     &request->arena);
    if (!tag.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "ETag", tag);
    if (clti_entity_tag_matches(request->headers[CLTI_HEADER_IF_NONE_MATCH], tag))
        clti_reply_unchanged(reply);
    return true;
}

void clti_reply_add_retry_after(clti_request *request, clti_reply *reply, unsigned seconds) {
    clt_str text = clti_arena_format(&request->arena, "%u", seconds);
    clti_reply_add_header(reply, "Retry-After", text.data ? text : CLTI_STR("60"));
}

void clti_reply_throttled(clti_request *request, clti_reply *reply, unsigned seconds) {
    reply->status = 429;
    reply->content_type = "application/json";
    reply->cache_control = "no-store";
    clti_reply_add_retry_after(request, reply, seconds);
    clti_buf_add_format(&reply->body,
                        "{ \"statusCode\": 429, \"message\": "
                        "\"Rate limit is exceeded. Try again in %u seconds.\" }",
                        seconds);
}

/* Our own faults go to the log; the caller gets an id to ask about, not our paths and keys. */
static clti_fault hide_own_fault(const clti_request *request, const clti_fault *fault) {
    clti_fault shown;
    const clti_log_field fields[] = {CLTI_LOG_TEXT("error", clti_str(fault->text)),
                                     CLTI_LOG_TEXT("request_id", request->request_id),
                                     CLTI_LOG_TEXT("correlation_id", request->correlation_id)};
    clti_log_write(CLTI_LOG_ERROR, "request failed", fields, CLTI_COUNT(fields));
    clti_fault_set(&shown, fault->code, fault->member, "%s Correlation id: %.*s.",
                   clti_fault_kind_of(fault->code)->text, CLTI_STR_ARGS(request->correlation_id));
    return shown;
}

void clti_reply_fault(clti_request *request, clti_reply *reply, const clti_fault *fault) {
    clti_fault shown = *fault;
    reply->status = (unsigned)clti_fault_kind_of(fault->code)->http_status;
    reply->content_type = CLTI_JSON_TYPE;
    reply->cache_control = "no-store";
    if (reply->status >= 500)
        shown = hide_own_fault(request, fault);
    if (reply->status == 503)
        clti_reply_add_header(reply, "Retry-After", RETRY_AFTER);
    if (reply->status == 401) {
        clti_reply_add_header(reply, "WWW-Authenticate", CLTI_STR("Bearer error=\"invalid_token\""));
        clt_str realm = clti_arena_format(&request->arena, "OAuth realm=urn:cpsvc:cpid:%.*s",
                                          CLTI_STR_ARGS(request->correlation_id));
        if (realm.data)
            clti_reply_add_header(reply, "WWW-Authenticate", realm);
    }
    clti_buf_done(&reply->body);
    clti_buf_init(&reply->body, FAULT_BODY_MAX);
    clti_wire_render_fault(&shown, &reply->body);
}
