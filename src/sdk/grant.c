/* Getting a token from the authority (api.md 7.3, the second version), or from the caller's function. */
#include "sdk/credentials_private.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>

#define FORM_SIZE_MAX           ((size_t)256 * 1024)
#define TOKEN_SIZE_MAX          ((size_t)64 * 1024)
#define POLL_SECONDS_DEFAULT    5
#define POLL_SECONDS_MAX        60
#define SIGN_IN_SECONDS_DEFAULT 900
#define EXPIRES_IN_SECONDS_MAX  INT32_MAX

/* ---- what the authority says --------------------------------------------------------------------------- */

typedef struct authority_answer {
    clt_str access_token, refresh_token, error, error_description;
    clt_str device_code, user_code, verification_uri, message;
    int64_t expires_in, interval;
} authority_answer;

static const authority_answer NO_ANSWER;

#define TEXT(name, member)                                                                                   \
    { {name, sizeof(name) - 1}, CLTI_SHAPE_TEXT, false, offsetof(authority_answer, member), 0, NULL }
#define NUMBER(name, member)                                                                                 \
    { {name, sizeof(name) - 1}, CLTI_SHAPE_NUMBER, false, offsetof(authority_answer, member), 0, NULL }

static const clti_shape_member ANSWER_MEMBERS[] = {
    TEXT("access_token", access_token),
    TEXT("refresh_token", refresh_token),
    NUMBER("expires_in", expires_in),
    TEXT("error", error),
    TEXT("error_description", error_description),
    TEXT("device_code", device_code),
    TEXT("user_code", user_code),
    TEXT("verification_uri", verification_uri),
    TEXT("message", message),
    NUMBER("interval", interval),
};
static const clti_shape ANSWER = {ANSWER_MEMBERS, CLTI_COUNT(ANSWER_MEMBERS), sizeof(authority_answer),
                                  &NO_ANSWER};

/* One way to a token: asked in one thread, freed at its end. */
typedef struct grant_flow {
    clti_core *core;
    const clti_scope *scope;
    clt_credentials *credentials;
    clti_buf form;
    clti_arena arena;
    clt_response *response; /* of the last question */
    authority_answer answer;
} grant_flow;

/* ---- asking ------------------------------------------------------------------------------------------- */

static void add_field(clti_buf *form, const char *name, clt_str value) {
    if (!value.data)
        return;
    if (form->size)
        clti_buf_add_char(form, '&');
    clti_buf_add(form, clti_str(name));
    clti_buf_add_char(form, '=');
    clti_url_encode(value, form);
}

/* The application, its secret if it has one, and what the token is for. */
static void begin_form(grant_flow *flow, const char *grant_type) {
    const clt_credentials *credentials = flow->credentials;
    clti_buf *form = &flow->form;
    if (form->data)
        clti_wipe(form->data, form->size);
    clti_buf_clear(form);
    add_field(form, "client_id", credentials->client_id);
    add_field(form, "client_secret", clti_secret_str(&credentials->client_secret));
    clt_str scope = clti_arena_format(&flow->arena, "%.*s/.default%s", CLTI_STR_ARGS(flow->core->resource),
                                      credentials->kind == CLTI_CREDENTIALS_APP ? "" : " offline_access");
    form->failed = form->failed || !scope.data;
    add_field(form, "scope", scope);
    add_field(form, "grant_type", clti_str(grant_type));
}

static clt_str endpoint(grant_flow *flow, const char *name) {
    clti_buf tenant;
    clti_buf_init(&tenant, FORM_SIZE_MAX);
    clti_url_encode(flow->credentials->tenant, &tenant);
    clt_str url = {NULL, 0};
    if (clti_buf_ok(&tenant))
        url = clti_arena_format(&flow->arena, "%.*s/%.*s/oauth2/v2.0/%s",
                                CLTI_STR_ARGS(flow->core->authority.url),
                                CLTI_STR_ARGS(clti_buf_str(&tenant)), name);
    clti_buf_done(&tenant);
    return url;
}

/* The arena does not wipe what it held. */
static void wipe_answer(authority_answer *answer) {
    const clt_str secrets[] = {answer->access_token, answer->refresh_token};
    for (size_t i = 0; i < CLTI_COUNT(secrets); i++)
        if (secrets[i].size)
            clti_wipe((char *)(uintptr_t)secrets[i].data, secrets[i].size);
    *answer = NO_ANSWER;
}

static clt_status decode_answer(grant_flow *flow, clt_error **err) {
    clti_lane *lane = NULL;
    clt_status status = clti_lane_take(flow->core, &lane, err);
    if (status != CLT_OK)
        return status;
    wipe_answer(&flow->answer);
    status = clti_response_decode(flow->response, lane->decoder, &ANSWER, &flow->arena, &flow->answer, err);
    clti_lane_give_back(flow->core, lane);
    return status;
}

/* The answer is there, as JSON, whatever the status; an answer that is none is an error. */
static clt_status ask(grant_flow *flow, const char *name, clt_error **err) {
    const clti_request request = {
        .method = "POST", .url = endpoint(flow, name), .body = clti_buf_str(&flow->form), .is_form = true};
    if (!request.url.data || !clti_buf_ok(&flow->form))
        return clti_fail_no_memory(err);
    clt_response_free(flow->response);
    flow->response = NULL;
    clt_status status = clti_call(flow->core, &request, flow->scope, &flow->response, err);
    if (status != CLT_OK)
        return status;
    status = decode_answer(flow, err);
    if (status == CLT_ERR_RESPONSE_PARSE && flow->response->error) {
        clt_error_free(*err);
        *err = clti_error_copy(flow->response->error);
        return (*err)->status;
    }
    return status;
}

/* Statuses that may pass keep their category; what is left is a refusal, in the authority's words. */
static clt_status fail_refused(const grant_flow *flow, clt_error **err) {
    const authority_answer *answer = &flow->answer;
    const clt_error *error = flow->response->error;
    clt_status status = CLT_ERR_UNAUTHORIZED;
    if (error && (error->status == CLT_ERR_TOO_MANY_REQUESTS || error->status == CLT_ERR_REQUEST_TIMEOUT ||
                  error->http_status >= 500 || error->status == CLT_ERR_ORIGIN))
        status = error->status;
    if (error && (status == CLT_ERR_ORIGIN || !answer->error.size))
        clti_fail(err, status, "%s", error->message.data);
    else
        clti_fail(err, status, "The token authority refused: %.*s%s%.*s", CLTI_STR_ARGS(answer->error),
                  answer->error.size && answer->error_description.size ? ": " : "",
                  CLTI_STR_ARGS(answer->error_description));
    clti_arena *arena = clti_error_arena(*err);
    if (!arena || !error)
        return (*err)->status;
    (*err)->http_status = error->http_status;
    (*err)->retry_after_ms = error->retry_after_ms;
    (*err)->attempt_count = error->attempt_count;
    if (!clti_arena_copy(arena, error->operation, &(*err)->operation))
        return clti_fail_no_memory(err);
    return (*err)->status;
}

/* ---- a token ------------------------------------------------------------------------------------------ */

static int64_t expiry(int64_t expires_in) {
    if (expires_in <= 0)
        return 0;
    return clti_now_seconds() + (expires_in < EXPIRES_IN_SECONDS_MAX ? expires_in : EXPIRES_IN_SECONDS_MAX);
}

/* RFC 6749, appendix A: printable ASCII. It becomes a line of a header, and maybe one of a caller's file. */
static bool is_token(clt_str text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return text.size && text.size <= TOKEN_SIZE_MAX && text.data[0] != ' ' && text.data[text.size - 1] != ' ';
}

static clt_status take_token(grant_flow *flow, clti_token **out, clt_error **err) {
    const authority_answer *answer = &flow->answer;
    clt_credentials *credentials = flow->credentials;
    if (flow->response->error || answer->error.size)
        return fail_refused(flow, err);
    if (!is_token(answer->access_token) || (answer->refresh_token.size && !is_token(answer->refresh_token)))
        return clti_fail(err, CLT_ERR_RESPONSE_PARSE,
                         "The token authority's answer has no %s that can be used.",
                         is_token(answer->access_token) ? "refresh_token" : "access_token");
    /* Refresh tokens rotate: the old one is void as soon as there is a new one. */
    if (answer->refresh_token.size && !clti_secret_set(&credentials->refresh_token, answer->refresh_token))
        return clti_fail_no_memory(err);
    clti_token *token = clti_token_new(answer->access_token, expiry(answer->expires_in));
    if (!token || (credentials->refresh_token.text &&
                   !clti_secret_set(&token->refresh_token, clti_secret_str(&credentials->refresh_token)))) {
        clti_token_release(token);
        return clti_fail_no_memory(err);
    }
    *out = token;
    return CLT_OK;
}

static clt_status grant_app(grant_flow *flow, clti_token **out, clt_error **err) {
    begin_form(flow, "client_credentials");
    clt_status status = ask(flow, "token", err);
    return status == CLT_OK ? take_token(flow, out, err) : status;
}

static clt_status grant_refresh(grant_flow *flow, clti_token **out, clt_error **err) {
    begin_form(flow, "refresh_token");
    add_field(&flow->form, "refresh_token", clti_secret_str(&flow->credentials->refresh_token));
    clt_status status = ask(flow, "token", err);
    return status == CLT_OK ? take_token(flow, out, err) : status;
}

/* ---- device code --------------------------------------------------------------------------------------- */

/* The interval between two questions; a deadline that ends before it ends the call at once. */
static clt_status pause_seconds(const clti_scope *scope, int64_t seconds, clt_error **err) {
    int64_t until = clti_steady_us() + seconds * 1000000;
    clt_status status = CLT_OK;
    while (status == CLT_OK && clti_steady_us() < until) {
        struct pollfd fds[CLTI_CANCELLATIONS];
        nfds_t count = 0;
        for (size_t i = 0; i < CLTI_CANCELLATIONS; i++)
            if (scope->cancellations[i])
                fds[count++] = (struct pollfd){.fd = scope->cancellations[i]->fd, .events = POLLIN};
        if (poll(fds, count, clti_wait_ms(until < scope->deadline_us ? until : scope->deadline_us)) < 0 &&
            errno != EINTR)
            return clti_fail_no_memory(err);
        status = clti_scope_check(scope, err);
    }
    return status;
}

static clt_status begin_sign_in(grant_flow *flow, clt_error **err) {
    const authority_answer *answer = &flow->answer;
    begin_form(flow, NULL);
    clt_status status = ask(flow, "devicecode", err);
    if (status != CLT_OK)
        return status;
    if (flow->response->error || answer->error.size)
        return fail_refused(flow, err);
    if (!answer->device_code.size || !answer->user_code.size || !answer->verification_uri.size)
        return clti_fail(err, CLT_ERR_RESPONSE_PARSE, "The token authority's answer has no device_code.");
    return CLT_OK;
}

/* Ask again and again, as slowly as the authority wants it. */
static clt_status await_sign_in(grant_flow *flow, clt_str device_code, int64_t interval, int64_t expires_in,
                                clti_token **out, clt_error **err) {
    const int64_t until = clti_steady_us() + expires_in * 1000000;
    for (;;) {
        clt_status status = pause_seconds(flow->scope, interval, err);
        if (status != CLT_OK)
            return status;
        begin_form(flow, "urn:ietf:params:oauth:grant-type:device_code");
        add_field(&flow->form, "device_code", device_code);
        status = ask(flow, "token", err);
        if (status != CLT_OK)
            return status;
        bool slower = clti_str_equal(flow->answer.error, CLTI_STR("slow_down"));
        if (!slower && !clti_str_equal(flow->answer.error, CLTI_STR("authorization_pending")))
            return take_token(flow, out, err);
        if (slower && interval < POLL_SECONDS_MAX)
            interval += POLL_SECONDS_DEFAULT;
        if (clti_steady_us() >= until)
            return clti_fail(err, CLT_ERR_UNAUTHORIZED, "Nobody signed in before the code expired.");
    }
}

static clt_status grant_device_code(grant_flow *flow, clti_token **out, clt_error **err) {
    clt_status status = begin_sign_in(flow, err);
    if (status != CLT_OK)
        return status;
    const authority_answer answer = flow->answer; /* its texts live in the arena */
    int64_t interval = answer.interval > 0 ? answer.interval : POLL_SECONDS_DEFAULT;
    if (interval > POLL_SECONDS_MAX)
        interval = POLL_SECONDS_MAX;
    int64_t expires_in = answer.expires_in > 0 && answer.expires_in < EXPIRES_IN_SECONDS_MAX
                             ? answer.expires_in
                             : SIGN_IN_SECONDS_DEFAULT;
    const clt_device_code code = {.user_code = answer.user_code,
                                  .verification_uri = answer.verification_uri,
                                  .message = answer.message.data ? answer.message : CLTI_STR(""),
                                  .expires_at = clti_now_seconds() + expires_in};
    flow->credentials->show(flow->credentials->user, &code);
    return await_sign_in(flow, answer.device_code, interval, expires_in, out, err);
}

/* Once signed in, the refresh token serves; a person is asked again when it is refused. */
static clt_status grant_device(grant_flow *flow, clti_token **out, clt_error **err) {
    if (flow->credentials->refresh_token.text) {
        clt_status status = grant_refresh(flow, out, err);
        if (status != CLT_ERR_UNAUTHORIZED)
            return status;
        clti_secret_done(&flow->credentials->refresh_token);
        clt_error_free(*err);
        *err = NULL;
    }
    return grant_device_code(flow, out, err);
}

/* ---- the caller's function ----------------------------------------------------------------------------- */

static clt_status grant_callback(const clt_credentials *credentials, clti_token **out, clt_error **err) {
    clt_token given = {{NULL, 0}, 0, {NULL, 0}};
    clt_status status = credentials->provide(credentials->user, &given);
    if (status != CLT_OK)
        return clti_fail(err, status, "The function that provides tokens gave none.");
    if (!given.access_token.size || !clti_header_is_sound(given.access_token))
        return clti_fail(err, CLT_ERR_ARGUMENT,
                         "The function that provides tokens gave one that cannot be sent.");
    clti_token *token = clti_token_new(given.access_token, given.expires_at);
    if (!token)
        return clti_fail_no_memory(err);
    *out = token;
    return CLT_OK;
}

static clt_status grant(grant_flow *flow, clti_token **out, clt_error **err) {
    switch (flow->credentials->kind) {
    case CLTI_CREDENTIALS_APP:
        return grant_app(flow, out, err);
    case CLTI_CREDENTIALS_REFRESH_TOKEN:
        return grant_refresh(flow, out, err);
    case CLTI_CREDENTIALS_DEVICE_CODE:
        return grant_device(flow, out, err);
    case CLTI_CREDENTIALS_CALLBACK:
        return grant_callback(flow->credentials, out, err);
    case CLTI_CREDENTIALS_BEARER:
        break;
    }
    return clti_fail(err, CLT_ERR_UNAUTHORIZED, "The bearer token cannot be renewed.");
}

static void tell(const clt_credentials *credentials, const clti_token *token) {
    if (!credentials->issued)
        return;
    const clt_token told = {token->text, token->expires_at, clti_secret_str(&token->refresh_token)};
    credentials->issued(credentials->issued_user, &told);
}

clt_status clti_grant(clti_core *core, const clti_scope *scope, clti_token **out, clt_error **err) {
    grant_flow flow = {.core = core, .scope = scope, .credentials = core->credentials};
    clti_buf_init(&flow.form, FORM_SIZE_MAX);
    (void)clti_buf_reserve(&flow.form, FORM_SIZE_MAX / 16);
    clt_status status = grant(&flow, out, err);
    if (status == CLT_OK && core->credentials->kind != CLTI_CREDENTIALS_CALLBACK)
        tell(core->credentials, *out);
    if (flow.form.data)
        clti_wipe(flow.form.data, flow.form.size);
    clti_buf_done(&flow.form);
    clt_response_free(flow.response);
    wipe_answer(&flow.answer);
    clti_arena_done(&flow.arena);
    return status;
}
