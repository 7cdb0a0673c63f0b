/* What a call carries: its options, ids, deadline and what may cancel it. */
#include "sdk/sdk_private.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define OPTIONS_SIZE_MAX 4096

/* ---- options ------------------------------------------------------------------------------------------ */

clt_status clti_options_copy(void *to, size_t known, const void *from, const char *name, clt_error **err) {
    memset(to, 0, known);
    if (!from)
        return CLT_OK;
    size_t size;
    memcpy(&size, from, sizeof(size));
    /* Larger than any version's: what stood in memory before, and nothing to read by. */
    if (size < sizeof(size) || size > OPTIONS_SIZE_MAX)
        return clti_fail(err, CLT_ERR_ARGUMENT, "%s->size is not set: begin with its ..._INIT.", name);
    for (size_t i = known; i < size; i++)
        if (((const char *)from)[i] != 0)
            return clti_fail(err, CLT_ERR_ARGUMENT,
                             "%s has a member that this version of the library does not know.", name);
    memcpy(to, from, size < known ? size : known);
    return CLT_OK;
}

clt_status clti_require_text(const char *name, const char *text, clt_error **err) {
    if (text && *text)
        return CLT_OK;
    return clti_fail(err, CLT_ERR_ARGUMENT, "%s is %s.", name, text ? "empty" : "NULL");
}

clt_status clti_require_partner(const clt_partner *partner, const void *out, clt_error **err) {
    if (!partner)
        return clti_fail(err, CLT_ERR_ARGUMENT, "partner is NULL.");
    return out ? CLT_OK : clti_fail(err, CLT_ERR_ARGUMENT, "out is NULL.");
}

void clt_request_context_init(clt_request_context *context) {
    if (context)
        *context = (clt_request_context){.size = sizeof(*context)};
}

void clt_guid_new(char *out_text) {
    static_assert(CLT_GUID_TEXT_SIZE == CLTI_GUID_TEXT_SIZE + 1, "the text and its NUL");
    clti_guid_format(clti_guid_random(), out_text);
    out_text[CLTI_GUID_TEXT_SIZE] = '\0';
}

/* ---- cancellation ------------------------------------------------------------------------------------- */

clt_status clt_cancellation_new(clt_cancellation **out, clt_error **out_err) {
    clt_error *err = NULL;
    if (!out)
        return clti_hand_out(clti_fail(&err, CLT_ERR_ARGUMENT, "out is NULL."), err, out_err);
    clt_cancellation *made = calloc(1, sizeof(*made));
    if (!made)
        return clti_hand_out(clti_fail_no_memory(&err), err, out_err);
    made->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->fd < 0) {
        clti_fail(&err, CLT_ERR_NO_MEMORY, "No descriptor for a cancellation: %s.", strerror(errno));
        err->native_domain = CLT_NATIVE_ERRNO;
        err->native_code = errno;
        free(made);
        return clti_hand_out(err->status, err, out_err);
    }
    *out = made;
    return CLT_OK;
}

/* In signal handlers too: an atomic flag and write(2) alone. */
void clt_cancellation_cancel(clt_cancellation *cancellation) {
    if (!cancellation)
        return;
    int before = errno;
    atomic_store(&cancellation->cancelled, true);
    const uint64_t one = 1;
    /* It fails only when the counter is full, and then it is readable already. */
    ssize_t written = write(cancellation->fd, &one, sizeof(one));
    (void)written;
    errno = before;
}

void clt_cancellation_free(clt_cancellation *cancellation) {
    if (!cancellation)
        return;
    close(cancellation->fd);
    free(cancellation);
}

/* ---- scope -------------------------------------------------------------------------------------------- */

static clt_status take_id(const char *name, const char *given, clt_str otherwise,
                          char out[CLTI_GUID_TEXT_SIZE + 1], clt_error **err) {
    clt_guid guid = {{0}};
    if (given && !clti_guid_parse(clti_str(given), &guid))
        return clti_fail(err, CLT_ERR_ARGUMENT, "context->%s is not a GUID.", name);
    if (!given && otherwise.data && !clti_guid_parse(otherwise, &guid))
        return clti_fail(err, CLT_ERR_ARGUMENT, "The partner's %s is not a GUID.", name);
    if (!given && !otherwise.data)
        guid = clti_guid_random();
    clti_guid_format(guid, out);
    out[CLTI_GUID_TEXT_SIZE] = '\0';
    return CLT_OK;
}

clt_status clti_scope_make(const clt_partner *partner, const clt_request_context *context, clti_scope *out,
                           clt_error **err) {
    clt_request_context given;
    clt_status status = clti_options_copy(&given, sizeof(given), context, "context", err);
    if (status != CLT_OK)
        return status;
    if (given.timeout_ms < -1)
        return clti_fail(err, CLT_ERR_ARGUMENT, "context->timeout_ms is negative; -1 means none.");
    *out = (clti_scope){.locale = given.locale ? clti_str(given.locale) : partner->locale,
                        .cancellations = {given.cancellation ? given.cancellation : partner->cancellation}};
    if (clti_str_is_empty(out->locale) || !clti_header_is_sound(out->locale))
        return clti_fail(err, CLT_ERR_ARGUMENT, "context->locale is not a locale such as en-US.");
    int64_t timeout_ms = given.timeout_ms ? given.timeout_ms : partner->timeout_ms, now = clti_steady_us();
    out->deadline_us =
        timeout_ms < 0 || timeout_ms > (INT64_MAX - now) / 1000 ? INT64_MAX : now + timeout_ms * 1000;
    clt_str none = {NULL, 0};
    status = take_id("request_id", given.request_id, none, out->request_id, err);
    if (status != CLT_OK)
        return status;
    return take_id("correlation_id", given.correlation_id, partner->correlation_id, out->correlation_id, err);
}

clt_status clti_scope_check(const clti_scope *scope, clt_error **err) {
    for (size_t i = 0; i < CLTI_CANCELLATIONS; i++)
        if (scope->cancellations[i] && atomic_load(&scope->cancellations[i]->cancelled))
            return clti_fail(err, CLT_ERR_CANCELLED, "The call was cancelled.");
    if (scope->deadline_us != INT64_MAX && clti_steady_us() >= scope->deadline_us)
        return clti_fail(err, CLT_ERR_REQUEST_TIMEOUT,
                         "The deadline of the call has passed without an answer.");
    return CLT_OK;
}

int clti_wait_ms(int64_t until_us) {
    if (until_us == INT64_MAX)
        return -1;
    int64_t left = until_us - clti_steady_us();
    if (left <= 0)
        return 0;
    return left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}
