#include "http/http_private.h"

bool clti_handle_relationships(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_relationship_list list;
    if (!clti_relationships_list(request->http->service, &request->caller, request->query, &request->arena,
                                 &list, fault))
        return false;
    clti_wire_render_relationships(&list, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}

bool clti_handle_customers_relationships(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_relationship_list list;
    if (!clti_customers_relationships(request->http->service, &request->caller, request->parameters[0],
                                      &request->arena, &list, fault))
        return false;
    clti_wire_render_relationships(&list, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}

bool clti_handle_relationship_request(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clt_str url;
    if (!clti_relationship_request_get(&request->caller,
                                       clti_str(clti_identity_public_url(request->http->identity)),
                                       request->query, &request->arena, &url, fault))
        return false;
    clti_wire_render_relationship_request(url, &reply->body);
    return true;
}
