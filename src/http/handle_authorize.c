/* The authorization endpoint, its answers, and signing out. */
#include "http/dashboard_private.h"
#include "http/page_private.h"

#include <string.h>

#define ADDRESS_MAX 32768

/* ---- the answer to the application --------------------------------------------------------------------- */

typedef struct answer_part {
    const char *name;
    clt_str value;
} answer_part;

#define PARTS_MAX 5

static size_t list_parts(const clti_authorization *authorization, answer_part out[PARTS_MAX]) {
    const bool granted = authorization->state == CLTI_AUTHORIZE_GRANTED;
    const answer_part all[PARTS_MAX] = {
        {"code", granted ? authorization->code : (clt_str){NULL, 0}},
        {"id_token", granted ? authorization->id_token : (clt_str){NULL, 0}},
        {"error", granted ? (clt_str){NULL, 0} : clti_str(authorization->error)},
        {"error_description", granted ? (clt_str){NULL, 0} : authorization->text},
        {"state", authorization->relay_state},
    };
    size_t count = 0;
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (all[i].value.size > 0)
            out[count++] = all[i];
    return count;
}

/* A page whose form leads back. Without script the user has to press its button. */
static bool answer_by_form(clti_request *request, clti_reply *reply, const clti_authorization *authorization,
                           clti_fault *fault) {
    answer_part parts[PARTS_MAX];
    const size_t count = list_parts(authorization, parts);
    clti_buf *out = &reply->body;
    reply->status = 200;
    if (!clti_page_begin(request, reply, "Signed in", authorization->redirect, fault))
        return false;
    clti_buf_add(out, CLTI_STR("<form method=\"post\" action=\""));
    clti_html_add(out, authorization->redirect);
    clti_buf_add(out, CLTI_STR("\">"));
    for (size_t i = 0; i < count; i++)
        clti_html_add_hidden(out, parts[i].name, parts[i].value);
    clti_buf_add(out, CLTI_STR("<button autofocus>Continue</button></form>"));
    clti_page_end(reply);
    return true;
}

static bool answer_by_address(clti_request *request, clti_reply *reply,
                              const clti_authorization *authorization, clti_fault *fault) {
    answer_part parts[PARTS_MAX];
    const size_t count = list_parts(authorization, parts);
    const clt_str redirect = authorization->redirect;
    clt_str address;
    char separator = '#';
    if (authorization->response_mode == CLTI_RESPONSE_QUERY)
        separator = memchr(redirect.data, '?', redirect.size) ? '&' : '?';
    clti_buf text;
    clti_buf_init(&text, ADDRESS_MAX);
    clti_buf_add(&text, redirect);
    for (size_t i = 0; i < count; i++) {
        clti_buf_add_char(&text, i == 0 ? separator : '&');
        clti_buf_add(&text, clti_str(parts[i].name));
        clti_buf_add_char(&text, '=');
        clti_url_encode(parts[i].value, &text);
    }
    const bool ok = clti_buf_ok(&text) && clti_arena_copy(&request->arena, clti_buf_str(&text), &address);
    clti_buf_done(&text);
    return ok ? clti_page_redirect(reply, address) : clti_fault_no_memory(fault);
}

static bool answer(clti_request *request, clti_reply *reply, const clti_authorization *authorization,
                   clti_fault *fault) {
    if (authorization->state == CLTI_AUTHORIZE_NOT_TOLD)
        return clti_page_message(request, reply, 400, "This does not work", authorization->text, fault);
    return authorization->response_mode == CLTI_RESPONSE_FORM_POST
               ? answer_by_form(request, reply, authorization, fault)
               : answer_by_address(request, reply, authorization, fault);
}

/* ---- the endpoint -------------------------------------------------------------------------------------- */

static clti_authorize_request wanted_by(const clti_request *request, clti_authority_version version) {
    return (clti_authorize_request){.version = version,
                                    .tenant = request->parameters[0],
                                    .query = request->query,
                                    .now = clti_now_seconds()};
}

static bool authorize(clti_request *request, clti_authority_version version, clti_reply *reply,
                      clti_fault *fault) {
    const clti_authorize_request wanted = wanted_by(request, version);
    clti_identity *identity = request->http->identity;
    clti_authorization authorization;
    clti_sign_in_post post;
    if (request->method == CLTI_METHOD_POST && clti_request_needs_help(request))
        return true;
    if (!clti_authorize_check(identity, &wanted, &request->arena, &authorization, fault))
        return false;
    if (authorization.state != CLTI_AUTHORIZE_ASK)
        return answer(request, reply, &authorization, fault);
    clti_sign_in_page page = {.application_name = authorization.application_name,
                              .name = authorization.login_hint,
                              .redirect = authorization.redirect};
    if (request->method != CLTI_METHOD_POST)
        return clti_sign_in_show(request, reply, &page, fault);
    if (!clti_sign_in_take(request, &post, fault))
        return false;
    if (post.result.result != CLTI_SIGN_IN_DONE) {
        clti_sign_in_next(&post, reply, &page);
        return clti_sign_in_show(request, reply, &page, fault);
    }
    return clti_authorize_grant(identity, &authorization, &post.result, &request->arena, fault) &&
           answer(request, reply, &authorization, fault);
}

bool clti_handle_authorize_v1(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return authorize(request, CLTI_AUTHORITY_V1, reply, fault);
}

bool clti_handle_authorize_v2(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return authorize(request, CLTI_AUTHORITY_V2, reply, fault);
}

bool clti_handle_sign_out(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_authorize_request wanted = wanted_by(request, CLTI_AUTHORITY_V2);
    clt_str redirect;
    if (clti_request_needs_help(request))
        return true;
    if (!clti_authority_sign_out(request->http->identity, &wanted, &request->arena, &redirect, fault))
        return false;
    if (redirect.data)
        return clti_page_redirect(reply, redirect);
    if (!clti_page_begin(request, reply, "Signed out", (clt_str){NULL, 0}, fault))
        return false;
    clti_buf_add(&reply->body, CLTI_STR("<p>You can close this page.</p>"));
    if (CLTI_DASHBOARD_FILE_COUNT)
        clti_buf_add(&reply->body, CLTI_STR("<p><a href=\"/\">Sign in to the dashboard</a></p>"));
    clti_page_end(reply);
    return true;
}

/* ---- a device's user ----------------------------------------------------------------------------------- */

/* `user_code` of the query, or absent. */
static clt_str find_user_code(clti_request *request) {
    clt_str rest = request->query, code;
    clti_url_pair pair;
    while (clti_url_next_pair(&rest, &pair))
        if (pair.value.data && clti_str_equal(pair.name, CLTI_STR("user_code")) &&
            clti_url_decode(&request->arena, pair.value, CLTI_URL_QUERY, &code))
            return code;
    return (clt_str){NULL, 0};
}

static bool ask_for_code(clti_request *request, clti_reply *reply, const char *wrong, clti_fault *fault) {
    if (!clti_page_begin(request, reply, "Sign in on another device", (clt_str){NULL, 0}, fault))
        return false;
    if (wrong)
        clti_buf_add_format(&reply->body, "<p class=\"wrong\" role=\"alert\">%s</p>", wrong);
    clti_buf_add(&reply->body,
                 CLTI_STR("<form method=\"get\"><label for=\"user_code\">The code that it shows</label>"
                          "<input id=\"user_code\" name=\"user_code\" maxlength=\"16\" required autofocus "
                          "autocomplete=\"off\"><button>Next</button></form>"));
    clti_page_end(reply);
    return true;
}

static bool finish_device(clti_request *request, clti_reply *reply, clt_str code,
                          const clti_sign_in_post *post, clti_fault *fault) {
    bool done;
    if (!clti_device_answer(request->http->identity, code, post->is_declined ? NULL : &post->result,
                            clti_now_seconds(), &request->arena, &done, fault))
        return false;
    if (!done)
        return ask_for_code(request, reply, "The code is not known, or has expired.", fault);
    return post->is_declined
               ? clti_page_message(request, reply, 200, "Declined", CLTI_STR("You can close this page."),
                                   fault)
               : clti_page_message(
                     request, reply, 200, "Signed in",
                     CLTI_STR("Your other device goes on in a moment. You can close this page."), fault);
}

bool clti_handle_device_page(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clt_str code = find_user_code(request);
    clti_device device;
    clti_sign_in_post post;
    bool found;
    if (request->method == CLTI_METHOD_POST && clti_request_needs_help(request))
        return true;
    if (!code.data)
        return ask_for_code(request, reply, NULL, fault);
    if (!clti_device_find(request->http->identity, code, clti_now_seconds(), &request->arena, &device, &found,
                          fault))
        return false;
    if (!found) {
        reply->status = 400;
        return ask_for_code(request, reply, "The code is not known, or has expired.", fault);
    }
    clti_sign_in_page page = {.application_name = device.application_name, .is_for_device = true};
    if (request->method != CLTI_METHOD_POST)
        return clti_sign_in_show(request, reply, &page, fault);
    if (!clti_sign_in_take(request, &post, fault))
        return false;
    if (post.result.result == CLTI_SIGN_IN_DONE ||
        (post.is_declined && post.result.result != CLTI_SIGN_IN_STALE))
        return finish_device(request, reply, code, &post, fault);
    clti_sign_in_next(&post, reply, &page);
    return clti_sign_in_show(request, reply, &page, fault);
}
