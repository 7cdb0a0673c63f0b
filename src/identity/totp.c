#include "identity/identity_private.h"

#include <liboath/oath.h>
#include <stdlib.h>

/* RFC 6238 as every authenticator app knows it. */
#define DIGITS         6
#define PERIOD_SECONDS 30

bool clti_totp_encode(const uint8_t bytes[CLTI_TOTP_BYTES], clti_arena *arena, clt_str *out,
                      clti_fault *fault) {
    char *base32 = NULL;
    const bool ok = oath_base32_encode((const char *)bytes, CLTI_TOTP_BYTES, &base32, NULL) == OATH_OK &&
                    clti_arena_copy(arena, clti_str(base32), out);
    if (base32 != NULL)
        clti_wipe(base32, clti_str(base32).size);
    free(base32);
    return ok || clti_fault_no_memory(fault);
}

clt_str clti_totp_uri(clt_str user_name, clt_str secret, clti_arena *arena) {
    CLTI_CLEANUP(clti_buf_done) clti_buf label;
    clti_buf_init(&label, 3 * CLTI_USER_NAME_MAX);
    clti_url_encode(user_name, &label);
    if (!clti_buf_ok(&label))
        return (clt_str){NULL, 0};
    return clti_arena_format(arena, "otpauth://totp/Clientele:%.*s?secret=%.*s&issuer=Clientele",
                             CLTI_STR_ARGS(clti_buf_str(&label)), CLTI_STR_ARGS(secret));
}

bool clti_totp_make(clt_str user_name, clti_arena *arena, clti_totp *out, clti_fault *fault) {
    uint8_t bytes[CLTI_TOTP_BYTES];
    clti_random_bytes(bytes, sizeof bytes);
    const bool ok = clti_totp_encode(bytes, arena, &out->secret, fault);
    clti_wipe(bytes, sizeof bytes);
    if (!ok)
        return false;
    out->uri = clti_totp_uri(user_name, out->secret, arena);
    return out->uri.data || clti_fault_no_memory(fault);
}

static bool are_digits(clt_str digits) {
    for (size_t i = 0; i < digits.size; i++)
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
    return digits.size == DIGITS;
}

bool clti_totp_fits(clt_str secret, clt_str digits, int64_t now, int64_t *out_period) {
    char *key = NULL;
    size_t size;
    int position;
    char code[DIGITS + 1] = "";
    if (!are_digits(digits) || oath_base32_decode(secret.data, secret.size, &key, &size) != OATH_OK)
        return false;
    for (size_t i = 0; i < DIGITS; i++)
        code[i] = digits.data[i];
    const bool fits = oath_totp_validate2(key, size, (time_t)now, PERIOD_SECONDS, 0, 1, &position, code) >= 0;
    clti_wipe(key, size);
    free(key);
    if (fits)
        *out_period = now / PERIOD_SECONDS + position;
    return fits;
}
