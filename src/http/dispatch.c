#include "http/http_private.h"

/* A page of 500 names of 200 characters each, every one escaped, stays below. */
#define BODY_MAX (8 * 1024 * 1024)
#define CV_MAX   127
/* A write that others overtake so often is given up. */
#define ATTEMPTS_MAX 16

static clt_str new_guid_text(clti_arena *arena) {
    char *text = clti_arena_alloc(arena, CLTI_GUID_TEXT_SIZE + 1);
    if (!text)
        return CLTI_STR("00000000-0000-0000-0000-000000000000");
    clti_guid_format(clti_guid_random(), text);
    text[CLTI_GUID_TEXT_SIZE] = '\0';
    return (clt_str){text, CLTI_GUID_TEXT_SIZE};
}

static clt_str guid_or_new(clt_str received, clti_arena *arena) {
    clt_guid ignored;
    return clti_guid_parse(received, &ignored) ? received : new_guid_text(arena);
}

static clt_str new_cv(clti_arena *arena) {
    uint8_t bytes[12];
    char *text = clti_arena_alloc(arena, 19);
    if (!text)
        return CLTI_STR("AAAAAAAAAAAAAAAA.0");
    clti_random_bytes(bytes, sizeof(bytes));
    clti_base64_encode_12(bytes, text);
    text[16] = '.';
    text[17] = '0';
    text[18] = '\0';
    return (clt_str){text, 18};
}

static bool is_printable(clt_str text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7F)
            return false;
    return true;
}

void clti_request_settle_ids(clti_request *request) {
    clt_str cv = request->headers[CLTI_HEADER_CV];
    request->request_id = guid_or_new(request->headers[CLTI_HEADER_REQUEST_ID], &request->arena);
    request->correlation_id = guid_or_new(request->headers[CLTI_HEADER_CORRELATION_ID], &request->arena);
    request->cv = cv.size && cv.size <= CV_MAX && is_printable(cv) ? cv : new_cv(&request->arena);
}

static bool check_contract_version(const clti_request *request, clti_fault *fault) {
    clt_str version = request->headers[CLTI_HEADER_CONTRACT_VERSION];
    return clti_str_is_empty(version) || clti_str_equal_nocase(version, CLTI_STR("v1")) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "MS-Contract-Version",
                          "The header MS-Contract-Version must be v1, or left away.");
}

static bool authenticate(clti_request *request, clti_fault *fault) {
    request->has_caller = clti_identity_verify(request->http->identity, request->remembered,
                                               request->headers[CLTI_HEADER_AUTHORIZATION],
                                               clti_now_seconds(), &request->caller, fault);
    return request->has_caller;
}

/* Bodies are JSON, whether told or not; another type is no 415, which some clients would repeat for ever
 * (api.md 1.6). */
static bool check_content_type(const clti_request *request, clti_fault *fault) {
    clt_str parameters;
    clt_str type = clti_str_trim(clti_str_cut(request->headers[CLTI_HEADER_CONTENT_TYPE], ';', &parameters));
    return request->route->body_max == 0 || clti_str_is_empty(type) ||
           clti_str_equal_nocase(type, CLTI_STR("application/json")) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, "Content-Type",
                          "Send the body as Content-Type: application/json.");
}

/* Everything under /v1/customers counts, whatever becomes of it; nothing else does (api.md 9). */
static bool is_throttled(clti_request *request, clti_reply *reply) {
    clti_throttle *throttle = request->http->service->throttle;
    if (!throttle || !clti_str_starts_with(clti_str(request->route->path), CLTI_STR("v1/customers")))
        return false;
    const unsigned seconds = clti_throttle_take(throttle, &request->caller, clti_steady_us());
    if (seconds == 0)
        return false;
    clti_reply_throttled(request, reply, seconds);
    return true;
}

static bool authorize(const clti_request *request, clti_fault *fault) {
    const clti_access_rule rule = request->route->access;
    bool needs_user =
        rule == CLTI_CALL_ALWAYS_USER || (rule == CLTI_CALL_USER && request->http->service->require_user);
    if (!request->caller.has_user)
        return !needs_user || clti_fault_set(fault, CLTI_FAULT_USER_REQUIRED, NULL, NULL);
    if (request->http->require_mfa && !request->caller.has_mfa)
        return clti_fault_set(fault, CLTI_FAULT_MFA_REQUIRED, NULL, NULL);
    return (request->caller.roles & request->route->roles) != 0 ||
           clti_fault_set(fault, CLTI_FAULT_ROLE_DENIED, NULL, NULL);
}

static bool wants_bom(const clti_request *request) {
    const clt_str old_module = CLTI_STR("Partner Center PowerShell Module");
    if (request->http->bom == CLTI_BOM_AUTO)
        return clti_str_starts_with(request->headers[CLTI_HEADER_APPLICATION], old_module);
    return request->http->bom == CLTI_BOM_ON;
}

static bool run_handler(clti_request *request, clti_reply *reply, clti_fault *fault) {
    return request->route->handler(request, reply, fault) &&
           (clti_buf_ok(&reply->body) || clti_fault_no_memory(fault));
}

static bool handle(clti_request *request, clti_reply *reply, clti_fault *fault) {
    switch (request->route->access) {
    case CLTI_CALL_PUBLIC:
    case CLTI_CALL_QUICK:
        break;
    case CLTI_CALL_APP:
    case CLTI_CALL_USER:
    case CLTI_CALL_ALWAYS_USER:
        if (!authenticate(request, fault))
            return false;
        if (is_throttled(request, reply))
            return true;
        if (!check_contract_version(request, fault) || !authorize(request, fault) ||
            !check_content_type(request, fault))
            return false;
        if (wants_bom(request))
            clti_buf_add(&reply->body, CLTI_STR("\xEF\xBB\xBF"));
        break;
    case CLTI_CALL_NOBODY:
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, NULL);
    }
    return run_handler(request, reply, fault);
}

/* What was created is found below where it was posted. */
static bool add_location(clti_request *request, clt_guid id, clti_reply *reply, clti_fault *fault) {
    clt_str location =
        clti_arena_format(&request->arena, "/%s/%s", request->route->path, clti_guid_to_text(id).text);
    if (!location.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "Location", location);
    return true;
}

static bool add_etag(clti_request *request, int64_t etag, clti_reply *reply, clti_fault *fault) {
    clt_str tag = clti_arena_format(&request->arena, "\"%lld\"", (long long)etag);
    if (!tag.data)
        return clti_fault_no_memory(fault);
    clti_reply_add_header(reply, "ETag", tag);
    return true;
}

static bool reply_answer(clti_request *request, clti_reply *reply, clti_fault *fault) {
    clti_answer answer;
    if (!clti_write_answer(request->http->service, request->write, &request->arena, &answer, fault) ||
        (!clti_guid_is_absent(answer.location) && !add_location(request, answer.location, reply, fault)) ||
        (answer.etag && !add_etag(request, answer.etag, reply, fault)))
        return false;
    reply->status = (unsigned)answer.status;
    reply->cache_control = "no-store";
    if (clti_str_is_empty(answer.body)) {
        reply->content_type = NULL;
        clti_buf_clear(&reply->body);
    }
    clti_buf_add(&reply->body, answer.body);
    return clti_buf_ok(&reply->body) || clti_fault_no_memory(fault);
}

/* Always true: there is a reply. */
static bool answer_write(clti_request *request, clti_reply *reply) {
    clti_fault fault;
    if (!reply_answer(request, reply, &fault))
        clti_reply_fault(request, reply, &fault);
    return true;
}

/* What the handler has come to: true if there is a reply. */
static bool settle(clti_request *request, clti_reply *reply, bool handled, const clti_fault *fault) {
    if (!handled)
        clti_reply_fault(request, reply, fault);
    else if (request->write)
        return request->write->outcome.done && answer_write(request, reply);
    return request->help != CLTI_HELP_WANTED;
}

bool clti_dispatch_written(clti_request *request, clti_reply *reply) {
    clti_fault fault;
    if (!clti_write_is_stale(request->write))
        return answer_write(request, reply);
    request->write = NULL;
    request->help = CLTI_HELP_NONE;
    const bool is_tried = ++request->attempts < ATTEMPTS_MAX;
    if (!is_tried)
        clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "It is changed by others too often; try again.");
    return settle(request, reply, is_tried && request->route->handler(request, reply, &fault), &fault);
}

bool clti_dispatch(clti_request *request, clti_reply *reply) {
    clti_fault fault;
    reply->status = 200;
    reply->content_type = CLTI_JSON_TYPE;
    reply->cache_control = "private, no-cache";
    clti_buf_init(&reply->body, BODY_MAX);
    return settle(request, reply, handle(request, reply, &fault), &fault);
}

bool clti_request_needs_help(clti_request *request) {
    if (request->help == CLTI_HELP_GIVEN)
        return false;
    request->help = CLTI_HELP_WANTED;
    return true;
}

bool clti_dispatch_helped(clti_request *request, clti_reply *reply) {
    clti_fault fault;
    request->help = CLTI_HELP_GIVEN;
    return settle(request, reply, run_handler(request, reply, &fault), &fault);
}
