#include "http/http_private.h"

bool clti_handle_audit_list(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_audit_request wanted = {.query = request->query,
                                       .continuation = request->headers[CLTI_HEADER_CONTINUATION]};
    clti_wire_audit_page page;
    if (!clti_audit_list(request->http->service, &request->caller, &wanted, &request->arena, &page, fault))
        return false;
    if (page.next_token.data)
        clti_reply_add_header(reply, "MS-ContinuationToken", page.next_token);
    clti_wire_render_audit_page(&page, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}

bool clti_handle_audit_get(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_audit_record record;
    if (!clti_audit_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                        &record, fault))
        return false;
    clti_wire_render_audit_record(&record, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}
