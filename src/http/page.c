/* Pages for people: plain HTML with forms, no script. */
#include "http/page_private.h"

#define NONCE_SIZE 16

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f4f6;color:#1b1b1f}"
    "main{max-width:24rem;margin:10vh auto;padding:2rem;background:#fff;border-radius:8px;"
    "box-shadow:0 1px 6px #0003}"
    "h1{font-size:1.3rem;margin:0 0 1rem}label{display:block;margin:1rem 0 .25rem}"
    "input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid #767680;"
    "border-radius:4px}"
    "button{margin:1.5rem .5rem 0 0;padding:.6rem 1.4rem;font:inherit;border:1px solid #0b57d0;"
    "border-radius:4px;background:#0b57d0;color:#fff}button.plain{background:#fff;color:#0b57d0}"
    ".wrong{color:#a4001d}svg{display:block;width:12rem;margin:1rem auto}code{overflow-wrap:anywhere}";

void clti_html_add(clti_buf *out, clt_str text) {
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&':
            clti_buf_add(out, CLTI_STR("&amp;"));
            break;
        case '<':
            clti_buf_add(out, CLTI_STR("&lt;"));
            break;
        case '>':
            clti_buf_add(out, CLTI_STR("&gt;"));
            break;
        case '"':
            clti_buf_add(out, CLTI_STR("&quot;"));
            break;
        case '\'':
            clti_buf_add(out, CLTI_STR("&#39;"));
            break;
        default:
            clti_buf_add_char(out, text.data[i]);
        }
    }
}

void clti_html_add_hidden(clti_buf *out, const char *name, clt_str value) {
    clti_buf_add_format(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    clti_html_add(out, value);
    clti_buf_add(out, CLTI_STR("\">"));
}

/* scheme://host:port: browsers hold a form's redirects to form-action as well. */
static clt_str origin_of(clt_str uri) {
    size_t slashes = 0, size = 0;
    while (size < uri.size && uri.data[size] != '?') {
        if (uri.data[size] == '/' && ++slashes == 3)
            break;
        size++;
    }
    return (clt_str){uri.data, size};
}

/* Nothing may be loaded, run or framed; what may be sent goes here or to the application. */
static bool add_policy(clti_request *request, clti_reply *reply, clt_str nonce, clt_str redirect,
                       clti_fault *fault) {
    const clt_str origin = origin_of(redirect);
    const clt_str policy =
        clti_arena_format(&request->arena,
                          "default-src 'none'; style-src 'nonce-%.*s'; form-action 'self'%s%.*s; "
                          "frame-ancestors 'none'; base-uri 'none'",
                          CLTI_STR_ARGS(nonce), origin.size ? " " : "", CLTI_STR_ARGS(origin));
    if (!policy.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Content-Security-Policy", policy);
    clti_reply_add_header(reply, "X-Frame-Options", CLTI_STR("DENY"));
    clti_reply_add_header(reply, "Referrer-Policy", CLTI_STR("no-referrer"));
    return true;
}

bool clti_page_begin(clti_request *request, clti_reply *reply, const char *title, clt_str redirect,
                     clti_fault *fault) {
    uint8_t random[NONCE_SIZE];
    clti_buf encoded;
    clt_str nonce;
    clti_random_bytes(random, sizeof random);
    clti_buf_init(&encoded, 2 * sizeof random);
    clti_base64url_encode(random, sizeof random, &encoded);
    bool ok = clti_buf_ok(&encoded) && clti_arena_copy(&request->arena, clti_buf_str(&encoded), &nonce);
    clti_buf_done(&encoded);
    if (!ok)
        return clti_fault_no_memory(fault);
    reply->content_type = "text/html; charset=utf-8";
    reply->cache_control = "no-store";
    clti_buf_clear(&reply->body);
    clti_buf_add_format(&reply->body,
                        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
                        "<style nonce=\"%.*s\">%s</style></head><body><main><h1>%s</h1>",
                        title, CLTI_STR_ARGS(nonce), style, title);
    return add_policy(request, reply, nonce, redirect, fault);
}

void clti_page_end(clti_reply *reply) {
    clti_buf_add(&reply->body, CLTI_STR("</main></body></html>\n"));
}

bool clti_page_message(clti_request *request, clti_reply *reply, unsigned status, const char *title,
                       clt_str text, clti_fault *fault) {
    reply->status = status;
    if (!clti_page_begin(request, reply, title, (clt_str){NULL, 0}, fault))
        return false;
    clti_buf_add(&reply->body, CLTI_STR("<p>"));
    clti_html_add(&reply->body, text);
    clti_buf_add(&reply->body, CLTI_STR("</p>"));
    clti_page_end(reply);
    return true;
}

bool clti_page_redirect(clti_reply *reply, clt_str address) {
    reply->status = 303;
    reply->content_type = NULL;
    reply->cache_control = "no-store";
    clti_reply_add_header(reply, "Location", address);
    clti_reply_add_header(reply, "Referrer-Policy", CLTI_STR("no-referrer"));
    return true;
}
