/* The dashboard: one page for all its addresses, and the files that it loads. */
#include "http/dashboard_private.h"
#include "http/http_private.h"

/* Scripts and styles are files of ours. The hash is that of an empty style element: the page's library makes
 * such elements and fills them through the CSSOM, to which the policy does not apply. */
#define POLICY                                                                                               \
    "default-src 'none'; script-src 'self'; "                                                                \
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "                               \
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

static const clti_dashboard_file *find(clt_str name) {
    for (size_t i = 0; i < CLTI_DASHBOARD_FILE_COUNT; i++)
        if (clti_str_equal(clti_str(CLTI_DASHBOARD_FILES[i].name), name))
            return &CLTI_DASHBOARD_FILES[i];
    return NULL;
}

static bool give(clti_request *request, clti_reply *reply, const clti_dashboard_file *file,
                 const char *cache_control, clti_fault *fault) {
    const clt_str packed = {file->begin, (size_t)(file->end - file->begin)};
    reply->content_type = file->content_type;
    reply->cache_control = cache_control;
    clti_reply_add_header(reply, "Vary", CLTI_STR("Accept-Encoding"));
    clti_reply_add_header(reply, "Referrer-Policy", CLTI_STR("no-referrer"));
    if (!clti_reply_tag(request, reply, clti_str(file->tag), fault))
        return false;
    if (reply->status == 304)
        return true;
    if (!clti_accepts_gzip(request->headers[CLTI_HEADER_ACCEPT_ENCODING]))
        return clti_gzip_unpack(packed, &reply->body) || clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Content-Encoding", CLTI_STR("gzip"));
    reply->built_in = packed;
    return true;
}

static bool takes_html(clt_str accept) {
    while (accept.data) {
        clt_str parameters, item = clti_str_cut(accept, ',', &accept);
        if (clti_str_equal_nocase(clti_str_trim(clti_str_cut(item, ';', &parameters)), CLTI_STR("text/html")))
            return true;
    }
    return false;
}

/* Only to who asks for a page: a client that forgot the version in its path is to be told that it did. */
bool clti_handle_dashboard(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_dashboard_file *page = find(CLTI_STR("index.html"));
    if (!takes_html(request->headers[CLTI_HEADER_ACCEPT]))
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    if (!page)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL,
                              "This clienteled was built without the dashboard; the API is below /v1/.");
    clti_reply_add_header(reply, "Content-Security-Policy", CLTI_STR(POLICY));
    clti_reply_add_header(reply, "X-Frame-Options", CLTI_STR("DENY"));
    return give(request, reply, page, "no-cache", fault);
}

/* Their names change with their contents. */
bool clti_handle_dashboard_asset(clti_request *request, clti_reply *reply, clti_fault *fault) {
    const clti_dashboard_file *file = find(request->parameters[0]);
    if (!file || clti_str_equal(request->parameters[0], CLTI_STR("index.html")))
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    return give(request, reply, file, "public, max-age=31536000, immutable", fault);
}
