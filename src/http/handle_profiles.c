#include "http/http_private.h"

bool clti_handle_company_profile(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_customer customer;
    if (!clti_customers_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                            &customer, fault))
        return false;
    clti_wire_render_company_profile(&customer, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}

/* Its tag is the body's, so that it can go back in If-Match (api.md 2.2, 4.9). */
bool clti_handle_billing_profile(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_customer customer;
    if (!clti_customers_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                            &customer, fault))
        return false;
    int64_t etag = clti_wire_render_billing_profile(&customer, &reply->body);
    clt_str tag = clti_arena_format(&request->arena, "\"%lld\"", (long long)etag);
    return tag.data ? clti_reply_tag(request, reply, tag, fault) : clti_fault_no_memory(fault);
}

bool clti_handle_organization(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_partner partner;
    if (!clti_organization_get(request->http->service, &request->caller, &request->arena, &partner, fault))
        return false;
    clti_wire_render_organization(&partner, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}
