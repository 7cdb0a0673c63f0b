#include "sdk/error_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct failure {
    clt_error error; /* first, so that one is the other */
    clti_arena arena;
} failure;

#define EMPTY                                                                                                \
    { "", 0 }

/* Memory being out must be told without memory. It is never written to. */
static const failure NO_MEMORY = {.error = {.status = CLT_ERR_NO_MEMORY,
                                            .message = {"Memory is out.", sizeof("Memory is out.") - 1},
                                            .operation = EMPTY,
                                            .retry_after_ms = -1}};

static const struct {
    clt_status status;
    const char *name;
} NAMES[] = {
    {CLT_OK, "success"},
    {CLT_ERR_BAD_INPUT, "bad input"},
    {CLT_ERR_UNAUTHORIZED, "unauthorized"},
    {CLT_ERR_FORBIDDEN, "forbidden"},
    {CLT_ERR_NOT_FOUND, "not found"},
    {CLT_ERR_INVALID_OPERATION, "invalid operation"},
    {CLT_ERR_UNSUPPORTED_FORMAT, "unsupported format"},
    {CLT_ERR_ALREADY_EXISTS, "already exists"},
    {CLT_ERR_TOO_MANY_REQUESTS, "too many requests"},
    {CLT_ERR_SERVER_ERROR, "server error"},
    {CLT_ERR_SERVER_BUSY, "server busy"},
    {CLT_ERR_REQUEST_TIMEOUT, "request timeout"},
    {CLT_ERR_GATEWAY_TIMEOUT, "gateway timeout"},
    {CLT_ERR_RESPONSE_PARSE, "response not understood"},
    {CLT_ERR_ARGUMENT, "wrong argument"},
    {CLT_ERR_NO_MEMORY, "no memory"},
    {CLT_ERR_NETWORK, "network"},
    {CLT_ERR_CANCELLED, "cancelled"},
    {CLT_ERR_PRECONDITION_FAILED, "precondition failed"},
    {CLT_ERR_LIMIT, "response too large"},
    {CLT_ERR_ORIGIN, "other origin"},
    {CLT_ERR_END, "end"},
};

const char *clt_status_name(clt_status status) {
    for (size_t i = 0; i < CLTI_COUNT(NAMES); i++)
        if (NAMES[i].status == status)
            return NAMES[i].name;
    return "unknown";
}

static clt_error *no_memory(void) {
    return (clt_error *)(uintptr_t)&NO_MEMORY.error;
}

static clt_error *new_error(clt_status status) {
    failure *made = calloc(1, sizeof(*made));
    if (!made)
        return no_memory();
    made->error = (clt_error){.status = status, .message = EMPTY, .operation = EMPTY, .retry_after_ms = -1};
    return &made->error;
}

void clt_error_free(clt_error *err) {
    if (!err || err == &NO_MEMORY.error)
        return;
    failure *made = (failure *)(void *)err;
    clti_arena_done(&made->arena);
    free(made);
}

clti_arena *clti_error_arena(clt_error *err) {
    return err == &NO_MEMORY.error ? NULL : &((failure *)(void *)err)->arena;
}

clt_status clti_fail_no_memory(clt_error **err) {
    clt_error_free(*err);
    *err = no_memory();
    return CLT_ERR_NO_MEMORY;
}

CLTI_PRINTF(2, 0)
static clt_str format_text(clti_arena *arena, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = size < 0 ? NULL : clti_arena_alloc(arena, (size_t)size + 1);
    if (!text)
        return (clt_str){NULL, 0};
    vsnprintf(text, (size_t)size + 1, format, arguments);
    /* One line, whatever a peer's text brought along. */
    for (char *at = text; *at; at++)
        if ((*at > 0 && *at < ' ') || *at == 0x7F)
            *at = ' ';
    return (clt_str){text, (size_t)size};
}

clt_status clti_fail(clt_error **err, clt_status status, const char *format, ...) {
    clt_error *made = new_error(status);
    clti_arena *arena = clti_error_arena(made);
    if (arena) {
        va_list arguments;
        va_start(arguments, format);
        made->message = format_text(arena, format, arguments);
        va_end(arguments);
        if (!made->message.data) {
            clt_error_free(made);
            made = no_memory();
        }
    }
    /* The arguments may stand in the old one, so it goes last. */
    clt_error_free(*err);
    *err = made;
    return made->status;
}

static bool copy_texts(const clt_error *from, clti_arena *arena, clt_error *to) {
    clt_str *details = clti_arena_calloc(arena, from->detail_count + 1, sizeof(clt_str));
    bool copied = details && clti_arena_copy(arena, from->service_code, &to->service_code) &&
                  clti_arena_copy(arena, from->message, &to->message) &&
                  clti_arena_copy(arena, from->operation, &to->operation) &&
                  clti_arena_copy(arena, from->request_id, &to->request_id) &&
                  clti_arena_copy(arena, from->correlation_id, &to->correlation_id);
    for (size_t i = 0; copied && i < from->detail_count; i++)
        copied = clti_arena_copy(arena, from->details[i], &details[i]);
    to->details = details;
    return copied;
}

clt_error *clti_error_copy(const clt_error *from) {
    clt_error *made = new_error(from->status);
    clti_arena *arena = clti_error_arena(made);
    if (!arena || from == &NO_MEMORY.error)
        return made;
    *made = *from;
    if (copy_texts(from, arena, made))
        return made;
    clt_error_free(made);
    return no_memory();
}

clt_status clti_hand_out(clt_status status, clt_error *err, clt_error **out_err) {
    if (status != CLT_OK && out_err)
        *out_err = err;
    else
        clt_error_free(err);
    return status;
}
