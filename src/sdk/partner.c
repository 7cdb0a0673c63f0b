#include "sdk/sdk_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_MS_DEFAULT         180000
#define RETRY_MAX_DEFAULT          5
#define RESPONSE_BYTES_MAX_DEFAULT ((uint64_t)64 * 1024 * 1024)
/* What the decoder can address. */
#define RESPONSE_BYTES_MAX_LIMIT ((uint64_t)1024 * 1024 * 1024)

const char *clt_version(void) {
    return CLTI_VERSION;
}

void clt_partner_options_init(clt_partner_options *options) {
    if (options)
        *options = (clt_partner_options){.size = sizeof(*options)};
}

/* ---- the shared part ---------------------------------------------------------------------------------- */

void clti_core_log(const clti_core *core, int32_t level, const char *format, ...) {
    if (!core->log)
        return;
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (size >= 0)
        core->log(core->log_user, level,
                  (clt_str){line, (size_t)size < sizeof(line) ? (size_t)size : sizeof(line) - 1});
}

static void free_core(clti_core *core) {
    while (core->lanes) {
        clti_lane *next = core->lanes->next;
        clti_lane_free(core->lanes);
        core->lanes = next;
    }
    clt_credentials_free(core->credentials);
    pthread_mutex_destroy(&core->lock);
    clti_arena_done(&core->arena);
    free(core);
}

static void release_core(clti_core *core) {
    if (core && atomic_fetch_sub(&core->references, 1) == 1)
        free_core(core);
}

static clt_status set_addresses(clti_core *core, const clt_partner_options *options, clt_error **err) {
    const clt_cloud *cloud = clt_cloud_get(options->cloud);
    if (!cloud)
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->cloud is none of CLT_CLOUD_*: %d.",
                         (int)options->cloud);
    const char *base = options->base_url ? options->base_url : cloud->base_url;
    const char *authority = options->authority_url ? options->authority_url
                            : options->base_url    ? options->base_url
                                                   : cloud->authority_url;
    /* An own service takes tokens for the original's. */
    core->resource =
        clti_str(options->base_url ? clt_cloud_get(CLT_CLOUD_GLOBAL)->base_url : cloud->base_url);
    clt_status status = clti_origin_parse("options->base_url", base, &core->arena, &core->base, err);
    if (status != CLT_OK)
        return status;
    return clti_origin_parse("options->authority_url", authority, &core->arena, &core->authority, err);
}

static clt_status set_options(clti_core *core, const clt_partner_options *options, clt_error **err) {
    if (options->retry_max < -1)
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->retry_max is negative; -1 means none.");
    if (options->response_bytes_max > RESPONSE_BYTES_MAX_LIMIT)
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->response_bytes_max is over 1 GiB.");
    if (options->application && !clti_header_is_sound(clti_str(options->application)))
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->application has control characters.");
    core->retry_max = options->retry_max < 0 ? 0
                      : options->retry_max   ? options->retry_max
                                             : RETRY_MAX_DEFAULT;
    core->response_bytes_max =
        (size_t)(options->response_bytes_max ? options->response_bytes_max : RESPONSE_BYTES_MAX_DEFAULT);
    core->log = options->log;
    core->log_user = options->log_user;
    if (!clti_arena_copy(&core->arena, clti_str(options->application), &core->application) ||
        !clti_arena_copy(&core->arena, clti_str(options->ca_file), &core->ca_file))
        return clti_fail_no_memory(err);
    return set_addresses(core, options, err);
}

static clt_status new_core(const clt_partner_options *options, clt_credentials *credentials, clti_core **out,
                           clt_error **err) {
    clti_core *core = calloc(1, sizeof(*core));
    if (!core)
        return clti_fail_no_memory(err);
    atomic_init(&core->references, 1);
    clti_assert(pthread_mutex_init(&core->lock, NULL) == 0);
    clt_status status = set_options(core, options, err);
    if (status != CLT_OK) {
        free_core(core);
        return status;
    }
    clti_credentials_keep(credentials);
    core->credentials = credentials;
    *out = core;
    return CLT_OK;
}

/* ---- handles ------------------------------------------------------------------------------------------ */

/* Takes one reference of `core`, on failure too. */
static clt_status new_handle(clti_core *core, clt_str locale, clt_partner **out, clt_error **err) {
    clt_partner *made = calloc(1, sizeof(*made));
    if (!made) {
        release_core(core);
        return clti_fail_no_memory(err);
    }
    made->core = core;
    clti_assert(pthread_mutex_init(&made->lock, NULL) == 0);
    if (!clti_arena_copy(&made->arena, locale, &made->locale)) {
        clt_partner_free(made);
        return clti_fail_no_memory(err);
    }
    *out = made;
    return CLT_OK;
}

static clt_status create(const clt_partner_options *given, clt_credentials *credentials, clt_partner **out,
                         clt_error **err) {
    clt_partner_options options;
    clt_status status = clti_options_copy(&options, sizeof(options), given, "options", err);
    if (status != CLT_OK)
        return status;
    if (!credentials || !out)
        return clti_fail(err, CLT_ERR_ARGUMENT, "%s is NULL.", credentials ? "out" : "credentials");
    if (options.timeout_ms < -1)
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->timeout_ms is negative; -1 means none.");
    clt_str locale = options.locale ? clti_str(options.locale) : CLTI_STR("en-US");
    if (!locale.size || !clti_header_is_sound(locale))
        return clti_fail(err, CLT_ERR_ARGUMENT, "options->locale is not a locale such as en-US.");
    clti_core *core = NULL;
    status = new_core(&options, credentials, &core, err);
    if (status != CLT_OK)
        return status;
    clt_partner *made = NULL;
    status = new_handle(core, locale, &made, err);
    if (status != CLT_OK)
        return status;
    made->timeout_ms = options.timeout_ms ? options.timeout_ms : TIMEOUT_MS_DEFAULT;
    *out = made;
    return CLT_OK;
}

clt_status clt_partner_create(const clt_partner_options *options, clt_credentials *credentials,
                              clt_partner **out, clt_error **out_err) {
    clt_error *err = NULL;
    clt_status status = create(options, credentials, out, &err);
    return clti_hand_out(status, err, out_err);
}

static clt_status scoped(clt_partner *partner, const clt_request_context *context, clt_partner **out,
                         clt_error **err) {
    clti_scope scope;
    clt_request_context given;
    clt_status status = clti_require_partner(partner, out, err);
    if (status == CLT_OK)
        status = clti_options_copy(&given, sizeof(given), context, "context", err);
    if (status != CLT_OK)
        return status;
    if (given.request_id)
        return clti_fail(err, CLT_ERR_ARGUMENT, "context->request_id is for one call only.");
    /* "A new one if it has none": the id of the handle that this one is made from does not count. */
    given.size = sizeof(given);
    clti_guid_text fresh = clti_guid_to_text(clti_guid_random());
    if (!given.correlation_id)
        given.correlation_id = fresh.text;
    status = clti_scope_make(partner, &given, &scope, err);
    if (status != CLT_OK)
        return status;
    atomic_fetch_add(&partner->core->references, 1);
    clt_partner *made = NULL;
    status = new_handle(partner->core, scope.locale, &made, err);
    if (status != CLT_OK)
        return status;
    made->timeout_ms = given.timeout_ms ? given.timeout_ms : partner->timeout_ms;
    made->cancellation = scope.cancellations[0];
    if (!clti_arena_copy(&made->arena, clti_str(scope.correlation_id), &made->correlation_id)) {
        clt_partner_free(made);
        return clti_fail_no_memory(err);
    }
    *out = made;
    return CLT_OK;
}

clt_status clt_partner_with(clt_partner *partner, const clt_request_context *context, clt_partner **out,
                            clt_error **out_err) {
    clt_error *err = NULL;
    clt_status status = scoped(partner, context, out, &err);
    return clti_hand_out(status, err, out_err);
}

clt_str clt_partner_base_url(const clt_partner *partner) {
    return partner ? partner->core->base.url : (clt_str){NULL, 0};
}

void clt_partner_free(clt_partner *partner) {
    if (!partner)
        return;
    clti_async_free(partner->async);
    release_core(partner->core);
    pthread_mutex_destroy(&partner->lock);
    clti_arena_done(&partner->arena);
    free(partner);
}
