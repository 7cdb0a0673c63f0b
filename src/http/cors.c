/* Pages of other origins (Fetch standard): those that are set may call and read, without cookies. */
#include "http/http_private.h"

/* What a page may send beyond what any may, and see of an answer. */
#define REQUEST_HEADERS                                                                                      \
    "Authorization, Content-Type, If-Match, If-None-Match, MS-ContinuationToken, MS-Contract-Version, "      \
    "MS-CorrelationId, MS-PartnerCenter-Application, MS-PartnerCenter-Client, MS-RequestId, Prefer, "        \
    "X-Locale"
#define REPLY_HEADERS                                                                                        \
    "Content-Range, ETag, Location, MS-ContinuationToken, MS-CorrelationId, MS-CV, MS-RequestId, "           \
    "MS-ServerId, Preference-Applied, Retry-After, WWW-Authenticate"
#define PREFLIGHT_SECONDS "600"

/* Byte by byte: browsers write an origin in one way only. `null` is what many pages are, so never one. */
static bool is_allowed(const clti_request *request) {
    const clt_str origin = request->headers[CLTI_HEADER_ORIGIN];
    clt_str rest = request->http->cors_origins;
    while (rest.data && !clti_str_is_empty(origin))
        if (clti_str_equal(clti_str_trim(clti_str_cut(rest, ',', &rest)), origin))
            return true;
    return false;
}

void clti_cors_add(const clti_request *request, clti_reply *reply) {
    if (clti_str_is_empty(request->http->cors_origins))
        return;
    clti_reply_add_header(reply, "Vary", CLTI_STR("Origin"));
    if (!is_allowed(request))
        return;
    clti_reply_add_header(reply, "Access-Control-Allow-Origin", request->headers[CLTI_HEADER_ORIGIN]);
    clti_reply_add_header(reply, "Access-Control-Expose-Headers", CLTI_STR(REPLY_HEADERS));
}

bool clti_cors_preflight(const clti_request *request, clti_reply *reply, const clti_fault *fault) {
    if (fault->code != CLTI_FAULT_WRONG_METHOD ||
        !clti_str_equal(request->method_text, CLTI_STR("OPTIONS")) ||
        !request->headers[CLTI_HEADER_REQUEST_METHOD].data || !is_allowed(request))
        return false;
    clti_assert(reply->header_count == 1); /* Allow: the methods that are served here */
    reply->status = 204;
    reply->content_type = NULL;
    reply->cache_control = "no-store";
    clti_buf_init(&reply->body, 0);
    clti_reply_add_header(reply, "Access-Control-Allow-Methods", reply->headers[0].value);
    clti_reply_add_header(reply, "Access-Control-Allow-Headers", CLTI_STR(REQUEST_HEADERS));
    clti_reply_add_header(reply, "Access-Control-Max-Age", CLTI_STR(PREFLIGHT_SECONDS));
    return true;
}

bool clti_cors_check(clt_str origins, clti_fault *fault) {
    while (origins.data && origins.size > 0) {
        clt_str scheme, rest;
        const clt_str origin = clti_str_trim(clti_str_cut(origins, ',', &origins));
        scheme = clti_str_cut(origin, ':', &rest);
        const bool has_scheme =
            clti_str_equal(scheme, CLTI_STR("https")) || clti_str_equal(scheme, CLTI_STR("http"));
        const clt_str host = clti_str_from(rest, rest.size < 2 ? rest.size : 2);
        bool is_good = has_scheme && clti_str_starts_with(rest, CLTI_STR("//")) && host.size > 0;
        for (size_t i = 0; i < host.size; i++)
            is_good &= host.data[i] > ' ' && host.data[i] < 0x7F && host.data[i] != '/' &&
                       host.data[i] != '*' && !(host.data[i] >= 'A' && host.data[i] <= 'Z');
        if (!is_good)
            return clti_fault_set(
                fault, CLTI_FAULT_INVALID_PROPERTY, "http.cors_origins",
                "http.cors_origins: '%.*s' is no origin as browsers write it: https://host or "
                "https://host:port in small letters, without a path.",
                CLTI_STR_ARGS(origin));
    }
    return true;
}
