/* Qualifications of customers (api.md 4.16). */
#include "http/http_private.h"

typedef void (*render)(const clti_qualification *qualification, clti_buf *out);

static bool get(clti_request *request, render write, clti_reply *reply, clti_fault *fault) {
    clti_customer customer;
    if (!clti_customers_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                            &customer, fault))
        return false;
    write(&customer.qualification, &reply->body);
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}

bool clti_handle_qualification(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return get(request, clti_wire_render_qualification_word, reply, fault);
}

bool clti_handle_qualifications(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return get(request, clti_wire_render_qualifications, reply, fault);
}

/* Nobody validates customers for anybody here, so there is none that could be used. */
bool clti_handle_validation_codes(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_buf_add(&reply->body, CLTI_STR("[]"));
    return clti_reply_tag(request, reply, (clt_str){NULL, 0}, fault);
}
