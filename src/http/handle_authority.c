#include "http/http_private.h"

static bool give(clti_reply *reply, const clti_authority_answer *answer) {
    reply->status = (unsigned)answer->status;
    if (answer->status != 200)
        reply->cache_control = "no-store";
    clti_buf_add(&reply->body, answer->body);
    return true;
}

static bool is_form(clt_str content_type) {
    clt_str parameters;
    clt_str type = clti_str_trim(clti_str_cut(content_type, ';', &parameters));
    return clti_str_is_empty(type) ||
           clti_str_equal_nocase(type, CLTI_STR("application/x-www-form-urlencoded"));
}

static bool check_form(const clti_request *request, clti_fault *fault) {
    return is_form(request->headers[CLTI_HEADER_CONTENT_TYPE]) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, "Content-Type",
                          "This is asked for with Content-Type: application/x-www-form-urlencoded.");
}

static bool give_token(clti_request *request, clti_authority_version version, clti_reply *reply,
                       clti_fault *fault) {
    clti_authority_answer answer;
    clti_token_request wanted = {.version = version,
                                 .tenant = request->parameters[0],
                                 .form = request->body,
                                 .authorization = request->headers[CLTI_HEADER_AUTHORIZATION],
                                 .address = request->address,
                                 .now = clti_now_seconds()};
    if (!check_form(request, fault))
        return false;
    /* A user's grant is written to the disk, and a password takes long to check. */
    if (!clti_authority_is_quick(request->body) && clti_request_needs_help(request))
        return true;
    if (!clti_guid_parse(request->correlation_id, &wanted.correlation_id) ||
        !clti_authority_token(request->http->identity, &wanted, &request->arena, &answer, fault))
        return false;
    if (answer.status == 401)
        clti_reply_add_header(reply, "WWW-Authenticate", CLTI_STR("Basic realm=\"clientele\""));
    if (answer.retry_after)
        clti_reply_add_retry_after(request, reply, answer.retry_after);
    reply->cache_control = "no-store";
    clti_reply_add_header(reply, "Pragma", CLTI_STR("no-cache"));
    return give(reply, &answer);
}

bool clti_handle_token_v1(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_token(request, CLTI_AUTHORITY_V1, reply, fault);
}

bool clti_handle_token_v2(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_token(request, CLTI_AUTHORITY_V2, reply, fault);
}

static bool give_device_code(clti_request *request, clti_authority_version version, clti_reply *reply,
                             clti_fault *fault) {
    clti_authority_answer answer;
    clti_device_request wanted = {.version = version,
                                  .tenant = request->parameters[0],
                                  .form = request->body,
                                  .address = request->address,
                                  .host = request->headers[CLTI_HEADER_HOST],
                                  .now = clti_now_seconds()};
    if (!check_form(request, fault))
        return false;
    if (clti_request_needs_help(request))
        return true;
    reply->cache_control = "no-store";
    if (!clti_guid_parse(request->correlation_id, &wanted.correlation_id) ||
        !clti_device_begin(request->http->identity, &wanted, &request->arena, &answer, fault))
        return false;
    if (answer.retry_after)
        clti_reply_add_retry_after(request, reply, answer.retry_after);
    return give(reply, &answer);
}

bool clti_handle_device_code_v1(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_device_code(request, CLTI_AUTHORITY_V1, reply, fault);
}

bool clti_handle_device_code_v2(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_device_code(request, CLTI_AUTHORITY_V2, reply, fault);
}

bool clti_handle_revoke(clti_request *request, clti_reply *reply, clti_fault *fault) {
    if (!check_form(request, fault))
        return false;
    if (clti_request_needs_help(request))
        return true;
    reply->cache_control = "no-store";
    reply->content_type = NULL;
    return clti_authority_revoke(request->http->identity, request->body, &request->arena, fault);
}

static bool give_discovery(clti_request *request, clti_authority_version version, clti_reply *reply,
                           clti_fault *fault) {
    clti_authority_answer answer;
    return clti_authority_discovery(request->http->identity, version, request->parameters[0],
                                    request->headers[CLTI_HEADER_HOST], &request->arena, &answer, fault) &&
           give(reply, &answer);
}

bool clti_handle_discovery_v1(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_discovery(request, CLTI_AUTHORITY_V1, reply, fault);
}

bool clti_handle_discovery_v2(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return give_discovery(request, CLTI_AUTHORITY_V2, reply, fault);
}

bool clti_handle_instance(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_authority_answer answer;
    return clti_authority_instance(request->http->identity, request->headers[CLTI_HEADER_HOST],
                                   &request->arena, &answer, fault) &&
           give(reply, &answer);
}

bool clti_handle_keys(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_authority_answer answer;
    return clti_authority_keys(request->http->identity, clti_now_seconds(), &request->arena, &answer,
                               fault) &&
           give(reply, &answer);
}
