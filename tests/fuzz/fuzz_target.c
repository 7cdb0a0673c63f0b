/* Request targets from strangers: segments are clean, encoded and read again they are the same. */
#include "http/http_private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_segments(const clti_request *request) {
    clti_buf target;
    clti_request again = {.method = request->method};
    clti_fault fault;
    clti_buf_init(&target, SIZE_MAX);
    clti_buf_add_char(&target, '/');
    for (size_t i = 0; i < request->segment_count; i++) {
        clt_str segment = request->segments[i];
        clti_assert(segment.size > 0 && !memchr(segment.data, '/', segment.size) &&
                    !memchr(segment.data, '\0', segment.size));
        clti_url_encode(segment, &target);
        clti_buf_add_char(&target, '/');
    }
    clti_assert(clti_buf_ok(&target));
    again.target = clti_buf_str(&target);
    clti_assert(clti_target_read(&again, &fault) && again.segment_count == request->segment_count);
    for (size_t i = 0; i < request->segment_count; i++)
        clti_assert(clti_str_equal(again.segments[i], request->segments[i]));
    clti_arena_done(&again.arena);
    clti_buf_done(&target);
}

static void check_route(clti_request *request, clti_method method) {
    clti_reply reply = {0};
    clti_fault fault;
    request->method = method;
    request->route = NULL;
    if (clti_route_find(request, &reply, &fault)) {
        clti_assert(request->route != NULL && reply.header_count == 0);
        clti_assert(request->route->method == method || method == CLTI_METHOD_HEAD);
    } else if (fault.code == CLTI_FAULT_WRONG_METHOD) {
        clti_assert(reply.header_count == 1 && strcmp(reply.headers[0].name, "Allow") == 0);
    } else {
        clti_assert(fault.code == CLTI_FAULT_NOT_FOUND && reply.header_count == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const clti_method methods[] = {CLTI_METHOD_GET, CLTI_METHOD_HEAD, CLTI_METHOD_POST,
                                          CLTI_METHOD_OTHER};
    /* A target comes as a terminated text: no NUL reaches us. */
    clti_request request = {.target = {(const char *)data, strnlen((const char *)data, size)}};
    clti_fault fault;
    if (clti_target_read(&request, &fault)) {
        check_segments(&request);
        for (size_t i = 0; i < CLTI_COUNT(methods); i++)
            check_route(&request, methods[i]);
    } else {
        clti_assert(fault.code == CLTI_FAULT_INVALID_REQUEST || fault.code == CLTI_FAULT_NOT_FOUND);
    }
    clti_arena_done(&request.arena);
    return 0;
}
