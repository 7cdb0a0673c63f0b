#include "identity/identity_private.h"
#include <jose/jose.h>
#include <stdarg.h>

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

bool clti_jws_sign(const clti_key *key, const json_t *claims, clti_arena *arena, clt_str *out,
                   clti_fault *fault) {
    jose_cfg_auto_t *config = quiet();
    json_auto_t *jws = json_pack("{s:o}", "payload", jose_b64_enc_dump(claims));
    json_auto_t *signature = json_pack("{s:{s:s, s:s, s:s%}}", "protected", "typ", "JWT", "alg",
                                       CLTI_KEY_ALGORITHM, "kid", key->id.data, key->id.size);
    json_auto_t *jwk = json_deep_copy(key->private_jwk);
    if (!config || !jws || !signature || !jwk)
        return clti_fault_no_memory(fault);
    const char *header, *payload, *proof;
    if (!jose_jws_sig(config, jws, signature, jwk) ||
        json_unpack(jws, "{s:s, s:s, s:s}", "protected", &header, "payload", &payload, "signature", &proof) !=
            0)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "A token could not be signed.");
    *out = clti_arena_format(arena, "%s.%s.%s", header, payload, proof);
    return out->data != NULL || clti_fault_no_memory(fault);
}

bool clti_jws_check(const clti_key *key, const clti_jws *jws) {
    jose_cfg_auto_t *config = quiet();
    json_auto_t *flattened = json_pack("{s:s%, s:s%, s:s%}", "protected", jws->header.data, jws->header.size,
                                       "payload", jws->payload.data, jws->payload.size, "signature",
                                       jws->signature.data, jws->signature.size);
    json_auto_t *jwk = json_deep_copy(key->public_jwk);
    return config && flattened && jwk && jose_jws_ver(config, flattened, NULL, jwk, false);
}
