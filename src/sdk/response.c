/* What came back: status, headers, body, and the error that it may stand for. */
#include "sdk/exchange_private.h"
#include "sdk/retry_private.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Memory of a larger body is given back. */
#define SPARE_SIZE_MAX ((size_t)1024 * 1024)

/* ---- reading it --------------------------------------------------------------------------------------- */

int32_t clt_response_http_status(const clt_response *response) {
    return response ? response->http_status : 0;
}

clt_str clt_response_body(const clt_response *response) {
    static const clt_str MARK = {"\xEF\xBB\xBF", 3};
    if (!response || !response->body.size)
        return (clt_str){"", 0};
    clt_str text = clti_buf_str(&response->body);
    return clti_str_starts_with(text, MARK) ? clti_str_from(text, MARK.size) : text;
}

/* Both ends of a pair in the headers' buffer. */
static clt_str next_text(clt_str *rest) {
    clt_str text = {rest->data, strlen(rest->data)};
    *rest = clti_str_from(*rest, text.size + 1);
    return text;
}

int clt_response_header_at(const clt_response *response, size_t index, clt_str *out_name,
                           clt_str *out_value) {
    clt_str rest = response ? clti_buf_str(&response->headers) : (clt_str){NULL, 0};
    while (rest.size) {
        clt_str name = next_text(&rest), value = next_text(&rest);
        if (index-- == 0) {
            if (out_name)
                *out_name = name;
            if (out_value)
                *out_value = value;
            return 1;
        }
    }
    return 0;
}

clt_str clt_response_header(const clt_response *response, const char *name) {
    clt_str rest = response ? clti_buf_str(&response->headers) : (clt_str){NULL, 0};
    while (rest.size) {
        clt_str at = next_text(&rest), value = next_text(&rest);
        if (clti_str_equal_nocase(at, clti_str(name)))
            return value;
    }
    return (clt_str){NULL, 0};
}

clt_error *clt_response_error(const clt_response *response) {
    return response && response->error ? clti_error_copy(response->error) : NULL;
}

void clti_response_recycle(clt_response *response, clti_lane *lane) {
    if (!response->is_secret && !lane->spare.data && response->body.capacity <= SPARE_SIZE_MAX) {
        clti_buf_clear(&response->body);
        lane->spare = response->body;
        response->body = (clti_buf){.data = NULL};
    }
    clt_response_free(response);
}

void clt_response_free(clt_response *response) {
    if (!response)
        return;
    if (response->is_secret && response->body.data)
        clti_wipe(response->body.data, response->body.size);
    clti_buf_done(&response->body);
    clti_buf_done(&response->headers);
    clt_error_free(response->error);
    clti_arena_done(&response->arena);
    free(response);
}

clti_facts clti_response_facts(const clt_response *response) {
    clti_facts facts = {.operation = response->operation,
                        .http_status = response->http_status,
                        .attempt_count = response->attempt_count};
    if (response->attempt_count > 0) {
        facts.request_id = response->request_id;
        facts.correlation_id = response->correlation_id;
    }
    return facts;
}

bool clti_facts_keep(const clt_response *response, clti_arena *arena, clti_facts *out) {
    const clti_facts facts = clti_response_facts(response);
    *out = facts;
    return clti_arena_copy(arena, facts.operation, &out->operation) &&
           clti_arena_copy(arena, facts.request_id, &out->request_id) &&
           clti_arena_copy(arena, facts.correlation_id, &out->correlation_id);
}

void clti_facts_describe(const clti_facts *facts, clt_error *err) {
    clti_arena *arena = clti_error_arena(err);
    /* What went wrong on the way, at the authority, has its own operation. */
    if (!arena || !facts->operation.data || err->operation.size)
        return;
    /* Without memory for them the texts stay as they were, which is still an error that says why. */
    clt_error before = *err;
    if (!clti_arena_copy(arena, facts->operation, &err->operation) ||
        !clti_arena_copy(arena, facts->request_id, &err->request_id) ||
        !clti_arena_copy(arena, facts->correlation_id, &err->correlation_id))
        *err = before;
    err->http_status = facts->http_status;
    err->attempt_count = facts->attempt_count;
}

void clti_response_describe(const clt_response *response, clt_error *err) {
    const clti_facts facts = clti_response_facts(response);
    clti_facts_describe(&facts, err);
}

clt_status clti_response_decode(clt_response *response, clti_decoder *decoder, const clti_shape *shape,
                                clti_arena *arena, void *out, clt_error **err) {
    clti_fault fault;
    if (!clti_buf_reserve(&response->body, CLTI_DECODER_PADDING))
        return clti_fail_no_memory(err);
    if (clti_decoder_read(decoder, clt_response_body(response), shape, arena, out, &fault))
        return CLT_OK;
    if (fault.code == CLTI_FAULT_BUSY)
        return clti_fail_no_memory(err);
    clt_status status =
        clti_fail(err, CLT_ERR_RESPONSE_PARSE, "The answer was not understood: %s.", fault.text);
    clti_response_describe(response, *err);
    return status;
}

/* ---- errors ------------------------------------------------------------------------------------------- */

/* An error body, api.md 3.11; the throttle's has `message` alone. */
typedef struct fault_body {
    clt_str code, description, message;
    clt_str *data;
    size_t data_count;
} fault_body;

static const fault_body NO_FAULT;

static const clti_shape_member FAULT_MEMBERS[] = {
    {{"code", 4}, CLTI_SHAPE_WORD, false, offsetof(fault_body, code), 0, NULL},
    {{"description", 11}, CLTI_SHAPE_TEXT, false, offsetof(fault_body, description), 0, NULL},
    {{"message", 7}, CLTI_SHAPE_TEXT, false, offsetof(fault_body, message), 0, NULL},
    {{"data", 4},
     CLTI_SHAPE_TEXTS,
     false,
     offsetof(fault_body, data),
     offsetof(fault_body, data_count),
     NULL},
};
static const clti_shape FAULT = {FAULT_MEMBERS, CLTI_COUNT(FAULT_MEMBERS), sizeof(fault_body), &NO_FAULT};
/* `data` may hold anything; if it holds no texts, the rest still counts. */
static const clti_shape FAULT_WITHOUT_DATA = {FAULT_MEMBERS, CLTI_COUNT(FAULT_MEMBERS) - 1,
                                              sizeof(fault_body), &NO_FAULT};

/* api.md 8.1: the categories of the original SDK. */
static clt_status status_of(int32_t http_status, clt_str code) {
    static const struct {
        int32_t http_status;
        clt_status status;
    } ROWS[] = {
        {400, CLT_ERR_BAD_INPUT},           {401, CLT_ERR_UNAUTHORIZED},
        {403, CLT_ERR_FORBIDDEN},           {404, CLT_ERR_NOT_FOUND},
        {405, CLT_ERR_INVALID_OPERATION},   {406, CLT_ERR_UNSUPPORTED_FORMAT},
        {408, CLT_ERR_REQUEST_TIMEOUT},     {409, CLT_ERR_ALREADY_EXISTS},
        {412, CLT_ERR_PRECONDITION_FAILED}, {429, CLT_ERR_TOO_MANY_REQUESTS},
        {503, CLT_ERR_SERVER_BUSY},         {504, CLT_ERR_GATEWAY_TIMEOUT},
    };
    if (http_status == 400 && clti_str_equal(code, CLTI_STR("2055")))
        return CLT_ERR_PRECONDITION_FAILED;
    for (size_t i = 0; i < CLTI_COUNT(ROWS); i++)
        if (ROWS[i].http_status == http_status)
            return ROWS[i].status;
    return CLT_ERR_SERVER_ERROR;
}

static clt_status fail_with(clt_error **err, const clt_response *response, const fault_body *fault) {
    clt_status status = status_of(response->http_status, fault->code);
    clt_str location = clt_response_header(response, "Location");
    if (response->http_status >= 300 && response->http_status < 400 && location.size)
        return clti_fail(err, CLT_ERR_ORIGIN, "The service redirects to %.*s, which was not followed.",
                         CLTI_STR_ARGS(location));
    clt_str said = fault->description.size ? fault->description : fault->message;
    if (said.size)
        return clti_fail(err, status, "%.*s", CLTI_STR_ARGS(said));
    return clti_fail(err, status, "The service answered with status %d.", (int)response->http_status);
}

static bool keep_fault(clt_error *err, const fault_body *fault) {
    clti_arena *arena = clti_error_arena(err);
    clt_str *details = arena ? clti_arena_calloc(arena, fault->data_count + 1, sizeof(*details)) : NULL;
    if (!details || !clti_arena_copy(arena, fault->code, &err->service_code))
        return false;
    for (size_t i = 0; i < fault->data_count; i++)
        if (!clti_arena_copy(arena, fault->data[i], &details[i]))
            return false;
    err->details = details;
    err->detail_count = fault->data_count;
    return true;
}

clt_error *clti_response_error_of(clt_response *response, clti_decoder *decoder) {
    if (response->http_status >= 200 && response->http_status < 300)
        return NULL;
    clti_arena arena = {NULL};
    fault_body fault = NO_FAULT;
    clt_error *err = NULL;
    /* A body that is no fault says nothing; then the status speaks. */
    if (clti_response_decode(response, decoder, &FAULT, &arena, &fault, &err) != CLT_OK &&
        clti_response_decode(response, decoder, &FAULT_WITHOUT_DATA, &arena, &fault, &err) != CLT_OK)
        fault = NO_FAULT;
    (void)fail_with(&err, response, &fault);
    if (clti_error_arena(err)) {
        (void)keep_fault(err, &fault);
        err->retry_after_ms =
            clti_retry_after_ms(clt_response_header(response, "Retry-After"), clti_now_seconds());
        clti_response_describe(response, err);
    }
    clti_arena_done(&arena);
    return err;
}
