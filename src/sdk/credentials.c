#include "sdk/credentials_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* ---- secrets ------------------------------------------------------------------------------------------ */

bool clti_secret_set(clti_secret *secret, clt_str text) {
    char *copy = malloc(text.size + 1);
    if (!copy)
        return false;
    if (text.size)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    clti_secret_done(secret);
    *secret = (clti_secret){copy, text.size};
    return true;
}

void clti_secret_done(clti_secret *secret) {
    if (secret->text)
        clti_wipe(secret->text, secret->size);
    free(secret->text);
    *secret = (clti_secret){NULL, 0};
}

clt_str clti_secret_str(const clti_secret *secret) {
    return (clt_str){secret->text, secret->size};
}

/* ---- making and freeing ------------------------------------------------------------------------------- */

void clti_credentials_keep(clt_credentials *credentials) {
    atomic_fetch_add(&credentials->references, 1);
}

void clt_credentials_free(clt_credentials *credentials) {
    if (!credentials || atomic_fetch_sub(&credentials->references, 1) != 1)
        return;
    clti_secret_done(&credentials->client_secret);
    clti_secret_done(&credentials->refresh_token);
    clti_secret_done(&credentials->authority);
    clti_token_release(credentials->token);
    clt_error_free(credentials->failure);
    if (credentials->news_fd >= 0)
        close(credentials->news_fd);
    pthread_mutex_destroy(&credentials->lock);
    clti_arena_done(&credentials->arena);
    free(credentials);
}

void clt_credentials_on_issued(clt_credentials *credentials, clt_token_issued_callback issued, void *user) {
    if (!credentials)
        return;
    credentials->issued = issued;
    credentials->issued_user = user;
}

static clt_credentials *new_credentials(clti_credentials_kind kind) {
    clt_credentials *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->kind = kind;
    clti_assert(pthread_mutex_init(&made->lock, NULL) == 0);
    made->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->news_fd >= 0)
        return made;
    clt_credentials_free(made);
    return NULL;
}

/* What the kinds have in common; absent texts are not needed. */
typedef struct parts {
    clti_credentials_kind kind;
    const char *tenant, *client_id, *client_secret, *refresh_token, *access_token;
    int64_t expires_at;
} parts;

static bool fill(clt_credentials *made, const parts *from) {
    if (!clti_arena_copy(&made->arena, clti_str(from->tenant), &made->tenant) ||
        !clti_arena_copy(&made->arena, clti_str(from->client_id), &made->client_id) ||
        (from->client_secret && !clti_secret_set(&made->client_secret, clti_str(from->client_secret))) ||
        (from->refresh_token && !clti_secret_set(&made->refresh_token, clti_str(from->refresh_token))))
        return false;
    if (from->access_token)
        made->token = clti_token_new(clti_str(from->access_token), from->expires_at);
    return !from->access_token || made->token;
}

static clt_status create(const parts *from, clt_credentials **out, clt_error **err) {
    if (!out)
        return clti_fail(err, CLT_ERR_ARGUMENT, "out is NULL.");
    clt_credentials *made = new_credentials(from->kind);
    if (made && fill(made, from)) {
        *out = made;
        return CLT_OK;
    }
    clt_credentials_free(made);
    return clti_fail_no_memory(err);
}

static clt_status require_application(const parts *from, clt_error **err) {
    clt_status status = clti_require_text("tenant", from->tenant, err);
    return status == CLT_OK ? clti_require_text("client_id", from->client_id, err) : status;
}

clt_status clt_credentials_app(const char *tenant, const char *client_id, const char *client_secret,
                               clt_credentials **out, clt_error **out_err) {
    clt_error *err = NULL;
    const parts from = {.kind = CLTI_CREDENTIALS_APP,
                        .tenant = tenant,
                        .client_id = client_id,
                        .client_secret = client_secret};
    clt_status status = require_application(&from, &err);
    if (status == CLT_OK)
        status = clti_require_text("client_secret", client_secret, &err);
    if (status == CLT_OK)
        status = create(&from, out, &err);
    return clti_hand_out(status, err, out_err);
}

clt_status clt_credentials_refresh_token(const char *tenant, const char *client_id, const char *client_secret,
                                         const char *refresh_token, clt_credentials **out,
                                         clt_error **out_err) {
    clt_error *err = NULL;
    const parts from = {.kind = CLTI_CREDENTIALS_REFRESH_TOKEN,
                        .tenant = tenant,
                        .client_id = client_id,
                        .client_secret = client_secret,
                        .refresh_token = refresh_token};
    clt_status status = require_application(&from, &err);
    if (status == CLT_OK && client_secret)
        status = clti_require_text("client_secret", client_secret, &err);
    if (status == CLT_OK)
        status = clti_require_text("refresh_token", refresh_token, &err);
    if (status == CLT_OK)
        status = create(&from, out, &err);
    return clti_hand_out(status, err, out_err);
}

clt_status clt_credentials_device_code(const char *tenant, const char *client_id,
                                       clt_device_code_callback show, void *user, clt_credentials **out,
                                       clt_error **out_err) {
    clt_error *err = NULL;
    const parts from = {.kind = CLTI_CREDENTIALS_DEVICE_CODE, .tenant = tenant, .client_id = client_id};
    clt_status status = require_application(&from, &err);
    if (status == CLT_OK && !show)
        status = clti_fail(&err, CLT_ERR_ARGUMENT, "show is NULL.");
    if (status == CLT_OK)
        status = create(&from, out, &err);
    if (status == CLT_OK) {
        (*out)->show = show;
        (*out)->user = user;
    }
    return clti_hand_out(status, err, out_err);
}

clt_status clt_credentials_bearer(const char *access_token, int64_t expires_at, clt_credentials **out,
                                  clt_error **out_err) {
    clt_error *err = NULL;
    const parts from = {
        .kind = CLTI_CREDENTIALS_BEARER, .access_token = access_token, .expires_at = expires_at};
    clt_status status = clti_require_text("access_token", access_token, &err);
    if (status == CLT_OK && !clti_header_is_sound(clti_str(access_token)))
        status = clti_fail(&err, CLT_ERR_ARGUMENT, "access_token has control characters.");
    if (status == CLT_OK)
        status = create(&from, out, &err);
    return clti_hand_out(status, err, out_err);
}

clt_status clt_credentials_callback(clt_token_callback provide, void *user, clt_credentials **out,
                                    clt_error **out_err) {
    clt_error *err = NULL;
    const parts from = {.kind = CLTI_CREDENTIALS_CALLBACK};
    clt_status status = provide ? CLT_OK : clti_fail(&err, CLT_ERR_ARGUMENT, "provide is NULL.");
    if (status == CLT_OK)
        status = create(&from, out, &err);
    if (status == CLT_OK) {
        (*out)->provide = provide;
        (*out)->user = user;
    }
    return clti_hand_out(status, err, out_err);
}
