#include "identity/identity_private.h"
#include <jose/jose.h>
#include <stdarg.h>
#include <stdlib.h>

/* Far above any token of ours. */
#define TOKEN_SIZE_MAX (64 * 1024)

static void ignore_error(void *misc, const char *file, int line, uint64_t error, const char *format,
                         va_list args) {
    (void)misc, (void)file, (void)line, (void)error, (void)format, (void)args;
}

/* libjose writes its errors to standard error unless told otherwise; a forged token is no event for us.
 * One for each use: its reference count is not made for threads. */
static jose_cfg_t *quiet(void) {
    jose_cfg_t *config = jose_cfg();
    if (config != NULL)
        jose_cfg_set_err_func(config, ignore_error, NULL);
    return config;
}

static void add_encoded(clti_buf *out, clt_str text) {
    clti_base64url_encode((const uint8_t *)text.data, text.size, out);
}

static void add_json(clti_buf *out, const json_t *value) {
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
    if (text)
        add_encoded(out, clti_str(text));
    else
        out->failed = true;
    free(text);
}

/* By ourselves, not libjose, which makes the key anew of its numbers each time: that takes longer than the
 * signature. */
bool clti_jws_sign(const clti_key *key, const json_t *claims, clti_arena *arena, clt_str *out,
                   clti_fault *fault) {
    json_auto_t *header = json_pack("{s:s, s:s, s:s%}", "typ", "JWT", "alg", CLTI_KEY_ALGORITHM, "kid",
                                    key->id.data, key->id.size);
    clti_buf token, signature;
    clti_buf_init(&token, TOKEN_SIZE_MAX);
    clti_buf_init(&signature, TOKEN_SIZE_MAX);
    add_json(&token, header);
    clti_buf_add_char(&token, '.');
    add_json(&token, claims);
    bool ok = clti_buf_ok(&token) && clti_rsa_key_sign(key->private_key, clti_buf_str(&token), &signature);
    clti_buf_add_char(&token, '.');
    add_encoded(&token, clti_buf_str(&signature));
    ok = ok && clti_buf_ok(&token) && clti_arena_copy(arena, clti_buf_str(&token), out);
    clti_buf_done(&token);
    clti_buf_done(&signature);
    return ok || clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "A token could not be signed.");
}

bool clti_jws_check(const clti_key *key, const clti_jws *jws) {
    jose_cfg_auto_t *config = quiet();
    json_auto_t *flattened = json_pack("{s:s%, s:s%, s:s%}", "protected", jws->header.data, jws->header.size,
                                       "payload", jws->payload.data, jws->payload.size, "signature",
                                       jws->signature.data, jws->signature.size);
    json_auto_t *jwk = json_deep_copy(key->public_jwk);
    return config && flattened && jwk && jose_jws_ver(config, flattened, NULL, jwk, false);
}
