#include "http/http_private.h"

/* 200: taken; 404: free. Neither is an error, and neither has a body (api.md 4.10). */
bool clti_handle_domain(clti_request *request, clti_reply *reply, clti_fault *fault) {
    bool taken;
    if (!clti_domains_check(request->http->service, request->parameters[0], &request->arena, &taken, fault))
        return false;
    clti_buf_clear(&reply->body);
    reply->status = taken ? 200 : 404;
    reply->content_type = NULL;
    return true;
}

bool clti_handle_domain_available(clti_request *request, clti_reply *reply, clti_fault *fault) {
    bool taken;
    if (!clti_domains_check(request->http->service, request->parameters[0], &request->arena, &taken, fault))
        return false;
    clti_buf_add(&reply->body, taken ? CLTI_STR("false") : CLTI_STR("true"));
    return true;
}

/* Three contracts are alive; these clients know the one that answers `true` (api.md 4.11). */
static bool wants_boolean(clt_str client) {
    static const char *const names[] = {"Partner Center Java SDK", "Partner Center Open .NET SDK",
                                        "Partner Center PowerShell"};
    for (size_t i = 0; i < CLTI_COUNT(names); i++)
        if (clti_str_equal_nocase(client, clti_str(names[i])))
            return true;
    return false;
}

bool clti_handle_address(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_address_validation validation;
    if (!clti_addresses_validate(request->body, &request->arena, &validation, fault))
        return false;
    if (!wants_boolean(request->headers[CLTI_HEADER_CLIENT])) {
        clti_wire_render_address_validation(&validation, &reply->body);
        return true;
    }
    if (validation.status == CLTI_ADDRESS_NOT_FOUND) {
        *fault = validation.problem;
        return false;
    }
    clti_buf_add(&reply->body, CLTI_STR("true"));
    return true;
}

bool clti_handle_country(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_country *country;
    if (!clti_countries_get(request->parameters[0], &country, fault))
        return false;
    clti_wire_render_country(country, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}
