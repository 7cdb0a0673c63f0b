/* The form by which people sign in: password first, then the second factor. */
#include "http/page_private.h"

#include <string.h>

#define COOKIE_NAME  "clientele-sign-in"
#define SAFE_PREFIX  "__Host-" /* browsers let no other host and no plain page set it */
#define COOKIE_SIZE  32
#define COOKIE_CHARS 43 /* of base64url */

/* ---- the cookie that form and browser share ------------------------------------------------------------ */

static bool is_cookie(clt_str value) {
    uint8_t bytes[COOKIE_SIZE + 1];
    size_t size;
    return value.size == COOKIE_CHARS && clti_base64url_decode(value, bytes, &size);
}

static const char *cookie_name(const clti_request *request) {
    return request->http->is_secure ? SAFE_PREFIX COOKIE_NAME : COOKIE_NAME;
}

/* Ours among the others, or absent. */
static clt_str find_cookie(const clti_request *request) {
    clt_str rest = request->headers[CLTI_HEADER_COOKIE];
    while (rest.data) {
        clt_str value, name = clti_str_cut(clti_str_trim(clti_str_cut(rest, ';', &rest)), '=', &value);
        if (clti_str_equal(name, clti_str(cookie_name(request))) && is_cookie(value))
            return value;
    }
    return (clt_str){NULL, 0};
}

/* One that is there stays, so that pages open beside this one go on working. */
static bool settle_cookie(clti_request *request, clti_reply *reply, clt_str *out, clti_fault *fault) {
    uint8_t bytes[COOKIE_SIZE];
    clti_buf text;
    *out = find_cookie(request);
    if (out->data)
        return true;
    clti_random_bytes(bytes, sizeof bytes);
    clti_buf_init(&text, 2 * COOKIE_CHARS);
    clti_base64url_encode(bytes, sizeof bytes, &text);
    clt_str header = {NULL, 0};
    if (clti_buf_ok(&text) && clti_arena_copy(&request->arena, clti_buf_str(&text), out))
        header = clti_arena_format(&request->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s",
                                   cookie_name(request), CLTI_STR_ARGS(*out),
                                   request->http->is_secure ? "; Secure" : "");
    clti_buf_done(&text);
    if (!header.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Set-Cookie", header);
    return true;
}

/* Both were made by and for this browser and this very request, or the form is worth nothing. */
static clt_str binding_of(clti_request *request, clt_str cookie) {
    return clti_arena_format(&request->arena, "%.*s %.*s", CLTI_STR_ARGS(cookie),
                             CLTI_STR_ARGS(request->target));
}

/* ---- showing ------------------------------------------------------------------------------------------- */

/* By camera, by a tap on the machine that has the app, or by hand. */
static void add_enrolment(clti_buf *out, const clti_totp *enrolment) {
    clti_buf_add(out,
                 CLTI_STR("<p>Your second factor is new. Scan it with your authenticator app, <a href=\""));
    clti_html_add(out, enrolment->uri);
    clti_buf_add(out, CLTI_STR("\">open it there</a>, or type its key: <code>"));
    clti_html_add(out, enrolment->secret);
    clti_buf_add(out, CLTI_STR("</code></p>"));
    clti_html_add_qr_code(out, enrolment->uri);
}

static void add_fields(clti_buf *out, const clti_sign_in_page *page) {
    if (page->ticket.data) {
        clti_html_add_hidden(out, "ticket", page->ticket);
        clti_html_add_hidden(out, "username", page->name);
        if (page->enrolment.uri.data)
            add_enrolment(out, &page->enrolment);
        clti_buf_add(out, CLTI_STR("<label for=\"otp\">Code of your authenticator app</label>"
                                   "<input id=\"otp\" name=\"otp\" inputmode=\"numeric\" "
                                   "autocomplete=\"one-time-code\" maxlength=\"6\" required autofocus>"));
        return;
    }
    clti_buf_add(out, CLTI_STR("<label for=\"username\">User</label><input id=\"username\" name=\"username\" "
                               "autocomplete=\"username\" maxlength=\"113\" required autofocus value=\""));
    clti_html_add(out, page->name);
    clti_buf_add(out, CLTI_STR("\"><label for=\"password\">Password</label><input id=\"password\" "
                               "name=\"password\" type=\"password\" autocomplete=\"current-password\" "
                               "maxlength=\"256\" required>"));
}

bool clti_sign_in_show(clti_request *request, clti_reply *reply, const clti_sign_in_page *page,
                       clti_fault *fault) {
    clt_str cookie, binding, proof;
    if (!settle_cookie(request, reply, &cookie, fault))
        return false;
    binding = binding_of(request, cookie);
    if (!binding.data)
        return clti_fault_no_memory(fault);
    if (!clti_sign_in_form_proof(request->http->identity, binding, &request->arena, &proof, fault) ||
        !clti_page_begin(request, reply, "Sign in", page->redirect, fault))
        return false;
    clti_buf *out = &reply->body;
    clti_buf_add(out, CLTI_STR("<p>to "));
    clti_html_add(out, clti_str_is_empty(page->application_name) ? CLTI_STR("an application of your partner")
                                                                 : page->application_name);
    clti_buf_add(out, clti_str(page->is_for_device
                                   ? " on another device. Go on only if you have started this there.</p>"
                                   : "</p>"));
    if (page->wrong)
        clti_buf_add_format(out, "<p class=\"wrong\" role=\"alert\">%s</p>", page->wrong);
    clti_buf_add(out, CLTI_STR("<form method=\"post\">"));
    clti_html_add_hidden(out, "form", proof);
    add_fields(out, page);
    clti_buf_add(out, CLTI_STR("<button>Sign in</button>"));
    if (page->is_for_device)
        clti_buf_add(out,
                     CLTI_STR("<button class=\"plain\" name=\"decline\" value=\"1\" formnovalidate>Decline"
                              "</button>"));
    clti_buf_add(out, CLTI_STR("</form>"));
    clti_page_end(reply);
    return true;
}

/* ---- taking -------------------------------------------------------------------------------------------- */

typedef enum field { FORM, TICKET, USERNAME, PASSWORD, OTP, DECLINE, FIELD_COUNT } field;

static const char *const field_names[FIELD_COUNT] = {"form",     "ticket", "username",
                                                     "password", "otp",    "decline"};

/* What cannot be decoded is as if it were not there: the form is then not ours. */
static void read_fields(clti_request *request, clt_str out[FIELD_COUNT]) {
    clt_str rest = request->body;
    clti_url_pair pair;
    while (clti_url_next_pair(&rest, &pair)) {
        for (size_t i = 0; i < FIELD_COUNT; i++)
            if (pair.value.data && clti_str_equal(pair.name, clti_str(field_names[i])) &&
                !clti_url_decode(&request->arena, pair.value, CLTI_URL_QUERY, &out[i]))
                out[i] = (clt_str){NULL, 0};
    }
}

/* The arena frees without wiping; what it gave us is ours to write. */
static void wipe(clt_str secret) {
    if (secret.size > 0)
        clti_wipe((void *)(uintptr_t)secret.data, secret.size);
}

bool clti_sign_in_take(clti_request *request, clti_sign_in_post *out, clti_fault *fault) {
    clt_str fields[FIELD_COUNT] = {{0}};
    const clt_str cookie = find_cookie(request);
    clti_sign_in_request wanted = {.address = request->address, .now = clti_now_seconds()};
    read_fields(request, fields);
    if (cookie.data)
        wanted.binding = binding_of(request, cookie);
    if (cookie.data && !wanted.binding.data)
        return clti_fault_no_memory(fault);
    wanted.form_proof = cookie.data ? fields[FORM] : (clt_str){NULL, 0};
    wanted.ticket = fields[TICKET];
    wanted.name = clti_str_trim(fields[USERNAME]);
    wanted.password = fields[PASSWORD];
    wanted.otp = clti_str_trim(fields[OTP]);
    *out = (clti_sign_in_post){.name = wanted.name, .is_declined = fields[DECLINE].size > 0};
    if (out->is_declined) /* only the proof is looked at */
        wanted.ticket = wanted.name = CLTI_STR("-");
    const bool ok = clti_sign_in_try(request->http->identity, &wanted, &request->arena, &out->result, fault);
    wipe(fields[PASSWORD]);
    wipe(fields[OTP]);
    return ok;
}

void clti_sign_in_next(const clti_sign_in_post *post, clti_reply *reply, clti_sign_in_page *page) {
    static const char *const words[] = {
        [CLTI_SIGN_IN_WRONG] = "The user or the password is wrong.",
        [CLTI_SIGN_IN_WRONG_CODE] = "The code is wrong, or has been used.",
        [CLTI_SIGN_IN_LOCKED] = "Too many attempts failed. Try again in a minute.",
        [CLTI_SIGN_IN_STALE] = "The page was too old. Please try again; cookies must be allowed.",
        [CLTI_SIGN_IN_NEEDS_CODE] = NULL,
    };
    page->wrong = words[post->result.result];
    page->name = post->name;
    page->ticket = post->result.ticket;
    page->enrolment = post->result.enrolment;
    if (page->wrong)
        reply->status = post->result.result == CLTI_SIGN_IN_LOCKED ? 429 : 400;
    if (reply->status == 429)
        clti_reply_add_header(reply, "Retry-After", CLTI_STR("60"));
}
