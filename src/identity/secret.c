/* Codes, refresh tokens and device codes: a grant's id and a secret, in one text. */
#include "identity/identity_private.h"

#include <string.h>

#define SECRET_SIZE 32

typedef struct handle_bytes {
    clt_guid id;
    uint8_t secret[SECRET_SIZE];
} handle_bytes;

static void hash(const handle_bytes *bytes, uint8_t out[CLTI_SHA256_SIZE]) {
    clti_sha256((clt_str){(const char *)bytes->secret, sizeof bytes->secret}, out);
}

bool clti_handle_make(clti_user_grant *grant, clti_arena *arena, clt_str *out, clti_fault *fault) {
    handle_bytes bytes = {.id = grant->id};
    clti_buf text;
    clti_buf_init(&text, 2 * sizeof bytes);
    clti_random_bytes(bytes.secret, sizeof bytes.secret);
    hash(&bytes, grant->secret_sha256);
    clti_base64url_encode((const uint8_t *)&bytes, sizeof bytes, &text);
    const bool ok = clti_buf_ok(&text) && clti_arena_copy(arena, clti_buf_str(&text), out);
    clti_wipe(&bytes, sizeof bytes);
    if (text.data != NULL)
        clti_wipe(text.data, text.size);
    clti_buf_done(&text);
    return ok || clti_fault_no_memory(fault);
}

bool clti_handle_read(clt_str text, clti_handle *out) {
    handle_bytes bytes;
    uint8_t decoded[sizeof bytes + 2];
    size_t size;
    if (text.size != (sizeof bytes * 4 + 2) / 3 || !clti_base64url_decode(text, decoded, &size) ||
        size != sizeof bytes)
        return false;
    memcpy(&bytes, decoded, sizeof bytes);
    out->id = bytes.id;
    hash(&bytes, out->secret_sha256);
    clti_wipe(decoded, sizeof decoded);
    clti_wipe(&bytes, sizeof bytes);
    return true;
}
