/* What a partner has, for its administrators: applications, users, and the keys that sign their tokens. */
#include "http/http_private.h"

#define NO_TAG ((clt_str){NULL, 0}) /* of its own */

/* ---- applications -------------------------------------------------------------------------------------- */

bool clti_handle_applications_list(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_application *applications;
    size_t count;
    if (!clti_applications_list(request->http->service, &request->caller, &request->arena, &applications,
                                &count, fault))
        return false;
    clti_wire_render_applications(applications, count, &reply->body);
    return clti_reply_tag(request, reply, NO_TAG, fault);
}

bool clti_handle_applications_get(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_application application;
    if (!clti_applications_get(request->http->service, &request->caller, request->parameters[0],
                               &request->arena, &application, fault))
        return false;
    clti_wire_render_application(&(clti_wire_application){.application = &application}, &reply->body);
    return clti_reply_tag(request, reply, NO_TAG, fault);
}

bool clti_handle_applications_create(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_applications_create, fault);
}

bool clti_handle_applications_patch(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_applications_patch, fault);
}

bool clti_handle_applications_delete(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_applications_delete, fault);
}

bool clti_handle_secrets_add(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_secrets_add, fault);
}

bool clti_handle_secrets_delete(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_secrets_delete, fault);
}

/* ---- users --------------------------------------------------------------------------------------------- */

bool clti_handle_users_list(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_user *users;
    size_t count;
    if (!clti_users_list(request->http->service, &request->caller, &request->arena, &users, &count, fault))
        return false;
    clti_wire_render_users(users, count, &reply->body);
    return clti_reply_tag(request, reply, NO_TAG, fault);
}

bool clti_handle_users_get(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_user user;
    if (!clti_users_get(request->http->service, &request->caller, request->parameters[0], &request->arena,
                        &user, fault))
        return false;
    clti_wire_render_user(&(clti_wire_user){.user = &user}, &reply->body);
    return clti_reply_tag(request, reply, NO_TAG, fault);
}

bool clti_handle_users_create(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_request_needs_help(request) || clti_write_begin(request, clti_users_create, fault);
}

bool clti_handle_users_patch(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_users_patch, fault);
}

bool clti_handle_users_reset(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_request_needs_help(request) || clti_write_begin(request, clti_users_reset, fault);
}

bool clti_handle_users_delete(clti_request *request, clti_reply *reply, clti_fault *fault) {
    (void)reply;
    return clti_write_begin(request, clti_users_delete, fault);
}

/* ---- keys ---------------------------------------------------------------------------------------------- */

bool clti_handle_signing_keys(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_wire_key *keys;
    size_t count;
    if (!clti_keys_list(request->http->service, &request->arena, &keys, &count, fault))
        return false;
    clti_wire_render_keys(keys, count, &reply->body);
    return clti_reply_tag(request, reply, NO_TAG, fault);
}
