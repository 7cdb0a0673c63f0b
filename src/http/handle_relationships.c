#include "http/page_private.h"

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

/* Where the address leads. There is nothing to accept: here a partner adds its customers itself. */
bool clti_handle_invitation(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_partner partner;
    bool is_found;
    if (!clti_relationship_request_partner(request->http->service, request->query, &request->arena, &partner,
                                           &is_found, fault))
        return false;
    if (!is_found)
        return clti_page_message(request, reply, 404, "Partner invitation",
                                 CLTI_STR("The address names no partner of this server."), fault);
    const clt_str text = clti_arena_format(
        &request->arena,
        "%.*s (%.*s) would like to be your reseller. There is nothing to accept on this page: on this server "
        "the relationship is there as soon as the partner has added you as a customer.",
        CLTI_STR_ARGS(partner.name), CLTI_STR_ARGS(partner.domain));
    return text.data ? clti_page_message(request, reply, 200, "Partner invitation", text, fault)
                     : clti_fault_no_memory(fault);
}
