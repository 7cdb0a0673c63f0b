/**
 * @file credentials_private.h
 * @brief The insides of credentials: what they are, and the token in use.
 */
#ifndef CLTI_SDK_CREDENTIALS_PRIVATE_H
#define CLTI_SDK_CREDENTIALS_PRIVATE_H

#include "sdk/sdk_private.h"

typedef enum clti_credentials_kind {
    CLTI_CREDENTIALS_APP,
    CLTI_CREDENTIALS_REFRESH_TOKEN,
    CLTI_CREDENTIALS_DEVICE_CODE,
    CLTI_CREDENTIALS_BEARER,
    CLTI_CREDENTIALS_CALLBACK
} clti_credentials_kind;

struct clt_credentials {
    atomic_size_t references;
    clti_credentials_kind kind;
    clti_arena arena;
    clt_str tenant, client_id;
    clti_secret client_secret;
    clt_device_code_callback show;
    clt_token_callback provide;
    void *user;
    clt_token_issued_callback issued;
    void *issued_user;

    /* Of the one thread that fetches (is_fetching says that there is one). */
    clti_secret refresh_token;

    pthread_mutex_t lock; /* of the following */
    bool is_fetching;
    int news_fd;         /* eventfd: readable while nobody fetches */
    uint64_t generation; /* of the last fetch, whatever became of it */
    clti_token *token;
    clti_secret authority; /* that issued it; another's partner does not get it */
    clt_error *failure;    /* of the last fetch, for those who waited for it; NULL if it succeeded */
};

/** @brief A token from its text, without a refresh token. NULL if memory is out. */
clti_token *clti_token_new(clt_str text, int64_t expires_at);

/** @brief Get a token from where these credentials get theirs. Called by one thread at a time. */
CLTI_MUST_CHECK clt_status clti_grant(clti_core *core, const clti_scope *scope, clti_token **out,
                                      clt_error **err);

#endif
