#include "http/http_private.h"

/* ---- the target ---------------------------------------------------------------------------------------- */

/* A proxy's form, http://host/path, means the same as /path (RFC 9112 3.2.2). */
static clt_str without_authority(clt_str target) {
    static const clt_str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < CLTI_COUNT(schemes); i++) {
        clt_str start = {target.data, schemes[i].size};
        if (target.size < schemes[i].size || !clti_str_equal_nocase(start, schemes[i]))
            continue;
        clt_str rest = clti_str_from(target, schemes[i].size);
        while (rest.size && rest.data[0] != '/' && rest.data[0] != '?')
            rest = clti_str_from(rest, 1);
        return rest;
    }
    return target;
}

static bool is_version(clt_str segment) {
    return clti_str_equal_nocase(segment, CLTI_STR("v1"));
}

bool clti_target_read(clti_request *request, clti_fault *fault) {
    request->path = clti_str_cut(without_authority(request->target), '?', &request->query);
    clt_str *segments = request->segments;
    for (clt_str rest = request->path; rest.data;) {
        clt_str decoded, segment = clti_str_cut(rest, '/', &rest);
        if (segment.size == 0)
            continue;
        if (!clti_url_decode(&request->arena, segment, CLTI_URL_PATH, &decoded))
            return clti_fault_set(
                fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                "The path has a percent sign that is not followed by two hexadecimal digits, or "
                "an escaped slash or NUL.");
        /* Some clients put the version before a link that has it already (api.md 1.2). */
        bool repeated =
            request->segment_count && is_version(decoded) && is_version(segments[request->segment_count - 1]);
        if (repeated)
            continue;
        if (request->segment_count == CLTI_PATH_SEGMENTS_MAX)
            return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
        segments[request->segment_count++] = decoded;
    }
    return true;
}

/* ---- the table ----------------------------------------------------------------------------------------- */

/* Words that stand where a customer's id would, for resources of their own (api.md 1.2). */
static bool is_reserved(const clti_request *request, size_t position) {
    if (position == 0 || !clti_str_equal_nocase(request->segments[position - 1], CLTI_STR("customers")))
        return false;
    clt_str segment = request->segments[position];
    static const char *const words[] = {"all", "relationshiprequests", "usagerecords"};
    for (size_t i = 0; i < CLTI_COUNT(words); i++)
        if (clti_str_equal_nocase(segment, clti_str(words[i])))
            return true;
    return false;
}

static bool path_fits(clti_request *request, const char *template) {
    size_t parameter_count = 0, segment = 0;
    clt_str rest = clti_str(template);
    if (rest.size == 0)
        return request->segment_count == 0;
    for (; rest.data; segment++) {
        clt_str word = clti_str_cut(rest, '/', &rest);
        if (segment == request->segment_count)
            return false;
        if (word.data[0] == '{') {
            if (is_reserved(request, segment))
                return false;
            clti_assert(parameter_count < CLTI_PATH_PARAMETERS_MAX);
            request->parameters[parameter_count++] = request->segments[segment];
        } else if (!clti_str_equal_nocase(word, request->segments[segment])) {
            return false;
        }
    }
    return segment == request->segment_count;
}

static clti_method served_methods(const clti_route *route) {
    return route->method == CLTI_METHOD_GET ? CLTI_METHOD_GET | CLTI_METHOD_HEAD : route->method;
}

static const char *const method_names[] = {
#define X(name) #name,
    CLTI_METHODS(X)
#undef X
};

clti_method clti_method_of(const char *name) {
    for (size_t i = 0; i < CLTI_COUNT(method_names); i++)
        if (clti_str_equal(clti_str(name), clti_str(method_names[i])))
            return (clti_method)(1 << i);
    return CLTI_METHOD_OTHER;
}

static clt_str allow_text(unsigned methods, clti_arena *arena) {
    clti_buf text;
    clt_str copy;
    clti_buf_init(&text, CLTI_METHOD_COUNT * sizeof("OPTIONS, "));
    for (size_t i = 0; i < CLTI_COUNT(method_names); i++)
        if (methods & 1U << i)
            clti_buf_add_format(&text, "%s%s", text.size ? ", " : "", method_names[i]);
    bool done = clti_buf_ok(&text) && clti_arena_copy(arena, clti_buf_str(&text), &copy);
    clti_buf_done(&text);
    return done ? copy : (clt_str){NULL, 0};
}

bool clti_route_find(clti_request *request, clti_reply *reply, clti_fault *fault) {
    unsigned methods = 0;
    for (size_t i = 0; i < CLTI_ROUTE_COUNT; i++) {
        if (!path_fits(request, CLTI_ROUTES[i].path))
            continue;
        methods |= served_methods(&CLTI_ROUTES[i]);
        if (methods & request->method) {
            request->route = &CLTI_ROUTES[i];
            return true;
        }
    }
    if (methods == 0)
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    clt_str allow = allow_text(methods, &request->arena);
    if (!allow.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Allow", allow);
    return clti_fault_set(fault, CLTI_FAULT_WRONG_METHOD, NULL, NULL);
}
