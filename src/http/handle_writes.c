/* Requests that change something: what they have in common, and the handlers. */
#include "http/http_private.h"

/* The path's template stands for every spelling of the path. */
static bool read_request(clti_request *request, clti_write_request *out, clti_fault *fault) {
    *out = (clti_write_request){.caller = &request->caller,
                                .id_text = request->parameters[0],
                                .part_text = request->parameters[1],
                                .if_match = request->headers[CLTI_HEADER_IF_MATCH],
                                .body = request->body,
                                .operation = clti_arena_format(&request->arena, "%.*s %s",
                                                               CLTI_STR_ARGS(request->method_text),
                                                               request->route->path)};
    clt_guid given;
    out->is_id_given = clti_guid_parse(request->headers[CLTI_HEADER_REQUEST_ID], &given);
    if (!clti_guid_parse(request->request_id, &out->request_id))
        out->request_id = (clt_guid){{0}};
    if (!clti_guid_parse(request->correlation_id, &out->correlation_id))
        out->correlation_id = (clt_guid){{0}};
    return out->operation.data || clti_fault_no_memory(fault);
}

bool clti_write_begin(clti_request *request, clti_write_operation operation, clti_fault *fault) {
    clti_write_request wanted;
    return read_request(request, &wanted, fault) &&
           operation(request->http->service, &wanted, &request->arena, &request->write, fault);
}

bool clti_handle_customers_create(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_customers_create, fault);
}

bool clti_handle_customers_patch(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_customers_patch, fault);
}

bool clti_handle_customers_delete(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_customers_delete, fault);
}

bool clti_handle_billing_profile_put(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_billing_profiles_put, fault);
}

bool clti_handle_qualification_put(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_qualification_put, fault);
}

bool clti_handle_qualifications_add(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_qualifications_add, fault);
}
