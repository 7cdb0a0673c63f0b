#include "http/http_private.h"

bool clti_handle_customers_list(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_service *service = request->http->service;
    const clti_customers_request wanted = {request->query, request->headers[CLTI_HEADER_CONTINUATION]};
    clti_wire_page page;
    bool filtered;
    if (!clti_customers_list(service, &request->caller, &wanted, &request->arena, &page, &filtered, fault))
        return false;
    if (!filtered)
        reply->content_type = "application/json"; /* as in the founding example (api.md 1.6) */
    if (page.next_token.data)
        clti_reply_add_header(reply, "MS-ContinuationToken", page.next_token);
    clti_wire_render_page(&page, &reply->body);
    return true;
}

bool clti_handle_customers_get(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_customer customer;
    if (!clti_customers_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                            &customer, fault))
        return false;
    clti_wire_render_customer(&customer, &reply->body);
    return true;
}
