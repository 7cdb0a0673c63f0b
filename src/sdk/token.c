/*
 * The token in use. One thread fetches a new one, the others wait for it, each within its own deadline: they
 * poll an eventfd that is readable while nobody fetches, beside what may cancel them.
 */
#include "sdk/credentials_private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RENEW_BEFORE_SECONDS 30

/* ---- tokens ------------------------------------------------------------------------------------------- */

clti_token *clti_token_new(clt_str text, int64_t expires_at) {
    static const clt_str START = {"Authorization: Bearer ", 22};
    clti_token *made = malloc(sizeof(*made) + START.size + text.size + 1);
    if (!made)
        return NULL;
    memset(made, 0, sizeof(*made));
    atomic_init(&made->references, 1);
    memcpy(made->line, START.data, START.size);
    memcpy(made->line + START.size, text.data, text.size);
    made->line_size = START.size + text.size;
    made->line[made->line_size] = '\0';
    made->text = (clt_str){made->line + START.size, text.size};
    made->expires_at = expires_at;
    return made;
}

void clti_token_release(clti_token *token) {
    if (!token || atomic_fetch_sub(&token->references, 1) != 1)
        return;
    clti_secret_done(&token->refresh_token);
    clti_wipe(token->line, token->line_size);
    free(token);
}

static clti_token *keep(clti_token *token) {
    atomic_fetch_add(&token->references, 1);
    return token;
}

bool clti_token_is_renewable(const clti_core *core) {
    return core->credentials->kind != CLTI_CREDENTIALS_BEARER;
}

/* ---- one fetches, others wait -------------------------------------------------------------------------- */

/* A call that wants a token. */
typedef struct token_seeker {
    clti_core *core;
    const clti_scope *scope;
    uint64_t spent; /* a token that the service has refused */
    uint64_t seen;  /* the last fetch when it began to look */
} token_seeker;

static bool is_good(const clt_credentials *credentials, const token_seeker *seeker) {
    const clti_token *token = credentials->token;
    if (!token || (seeker->spent && token->generation <= seeker->spent))
        return false;
    if (credentials->kind == CLTI_CREDENTIALS_BEARER)
        return true;
    if (credentials->kind != CLTI_CREDENTIALS_CALLBACK &&
        !clti_str_equal(clti_secret_str(&credentials->authority), seeker->core->authority.url))
        return false;
    /* One that came while we waited is as new as they get, however short its life. */
    return token->generation > seeker->seen || token->expires_at == 0 ||
           token->expires_at > clti_now_seconds() + RENEW_BEFORE_SECONDS;
}

static clt_status wait_for_news(const clt_credentials *credentials, const clti_scope *scope,
                                clt_error **err) {
    struct pollfd fds[1 + CLTI_CANCELLATIONS] = {{.fd = credentials->news_fd, .events = POLLIN}};
    nfds_t count = 1;
    for (size_t i = 0; i < CLTI_CANCELLATIONS; i++)
        if (scope->cancellations[i])
            fds[count++] = (struct pollfd){.fd = scope->cancellations[i]->fd, .events = POLLIN};
    if (poll(fds, count, clti_wait_ms(scope->deadline_us)) < 0 && errno != EINTR)
        return clti_fail_no_memory(err);
    return clti_scope_check(scope, err);
}

static clt_status fetch(clt_credentials *credentials, const token_seeker *seeker, clti_token **out,
                        clt_error **err) {
    clti_token *token = NULL;
    clt_status status = clti_grant(seeker->core, seeker->scope, &token, err);
    pthread_mutex_lock(&credentials->lock);
    credentials->generation++;
    clt_error_free(credentials->failure);
    credentials->failure = NULL;
    if (token && clti_secret_set(&credentials->authority, seeker->core->authority.url)) {
        token->generation = credentials->generation;
        clti_token_release(credentials->token);
        credentials->token = token;
        *out = keep(token);
    } else if (token) {
        clti_token_release(token);
        status = clti_fail_no_memory(err);
    }
    /* Those who waited fail with us, but not for our own haste. */
    if (status != CLT_OK && status != CLT_ERR_CANCELLED && status != CLT_ERR_REQUEST_TIMEOUT)
        credentials->failure = clti_error_copy(*err);
    credentials->is_fetching = false;
    const uint64_t one = 1;
    clti_assert(write(credentials->news_fd, &one, sizeof(one)) == sizeof(one));
    pthread_mutex_unlock(&credentials->lock);
    return status;
}

/* With the lock held; gives it up. */
static clt_status find(clt_credentials *credentials, const token_seeker *seeker, clti_token **out,
                       clt_error **err) {
    while (!is_good(credentials, seeker)) {
        if (credentials->failure && credentials->generation > seeker->seen) {
            clt_error_free(*err);
            *err = clti_error_copy(credentials->failure);
            pthread_mutex_unlock(&credentials->lock);
            return (*err)->status;
        }
        if (!credentials->is_fetching) {
            credentials->is_fetching = true;
            uint64_t count;
            /* Nothing to read before the first fetch. */
            clti_assert(read(credentials->news_fd, &count, sizeof(count)) > 0 || errno == EAGAIN);
            pthread_mutex_unlock(&credentials->lock);
            return fetch(credentials, seeker, out, err);
        }
        pthread_mutex_unlock(&credentials->lock);
        clt_status status = wait_for_news(credentials, seeker->scope, err);
        if (status != CLT_OK)
            return status;
        pthread_mutex_lock(&credentials->lock);
    }
    *out = keep(credentials->token);
    pthread_mutex_unlock(&credentials->lock);
    return CLT_OK;
}

clt_status clti_token_get(clti_core *core, const clti_scope *scope, uint64_t spent, clti_token **out,
                          clt_error **err) {
    clt_credentials *credentials = core->credentials;
    pthread_mutex_lock(&credentials->lock);
    const token_seeker seeker = {
        .core = core, .scope = scope, .spent = spent, .seen = credentials->generation};
    return find(credentials, &seeker, out, err);
}

/* ---- for the caller ------------------------------------------------------------------------------------ */

typedef struct handed_token {
    clt_token token;
    clti_token *held;
} handed_token;

void clt_token_free(clt_token *token) {
    if (!token)
        return;
    handed_token *handed = (handed_token *)(void *)token;
    clti_token_release(handed->held);
    free(handed);
}

static clt_status get(clt_partner *partner, const clt_request_context *context, clt_token **out,
                      clt_error **err) {
    clti_scope scope;
    clt_status status = clti_require_partner(partner, out, err);
    if (status == CLT_OK)
        status = clti_scope_make(partner, context, &scope, err);
    if (status == CLT_OK)
        status = clti_scope_check(&scope, err);
    if (status != CLT_OK)
        return status;
    handed_token *handed = calloc(1, sizeof(*handed));
    if (!handed)
        return clti_fail_no_memory(err);
    status = clti_token_get(partner->core, &scope, 0, &handed->held, err);
    if (status != CLT_OK) {
        clt_token_free(&handed->token);
        return status;
    }
    handed->token = (clt_token){.access_token = handed->held->text,
                                .expires_at = handed->held->expires_at,
                                .refresh_token = clti_secret_str(&handed->held->refresh_token)};
    *out = &handed->token;
    return CLT_OK;
}

clt_status clt_partner_token(clt_partner *partner, const clt_request_context *context, clt_token **out,
                             clt_error **out_err) {
    clt_error *err = NULL;
    clt_status status = get(partner, context, out, &err);
    return clti_hand_out(status, err, out_err);
}
