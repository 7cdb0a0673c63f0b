/* What users and applications are made of, however they are registered: by command or by HTTP. */
#include "identity/identity.h"

bool clti_label_check(clt_str text, const char *called, const char *member, clti_fault *fault) {
    size_t points;
    return (clti_text_check(text, &points) && !clti_text_has_control(text) &&
            points <= CLTI_LABEL_POINTS_MAX) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, member,
                          "%s must be valid UTF-8 without control characters, at most %d characters.", called,
                          CLTI_LABEL_POINTS_MAX);
}

bool clti_user_set_password(clti_user *user, clt_str password, int64_t now, clti_arena *arena,
                            clti_fault *fault) {
    if (!clti_password_hash(password, arena, &user->password_hash, fault))
        return false;
    user->is_demo = false;
    user->valid_from = now;
    return true;
}

void clti_secret_format(const uint8_t bytes[CLTI_SECRET_BYTES], clti_buf *out,
                        uint8_t out_sha256[CLTI_SHA256_SIZE]) {
    clti_buf_init(out, 2 * (size_t)CLTI_SECRET_CHARS);
    clti_base64url_encode(bytes, CLTI_SECRET_BYTES, out);
    clti_sha256(clti_buf_str(out), out_sha256);
}

void clti_secret_make(clti_buf *out, uint8_t out_sha256[CLTI_SHA256_SIZE]) {
    uint8_t bytes[CLTI_SECRET_BYTES];
    clti_random_bytes(bytes, sizeof bytes);
    clti_secret_format(bytes, out, out_sha256);
    clti_wipe(bytes, sizeof bytes);
}

bool clti_redirect_uris_add(clti_buf *uris, clt_str uri, clti_fault *fault) {
    if (!clti_redirect_uri_check(uri, fault))
        return false;
    if (uris->size)
        clti_buf_add_char(uris, '\n');
    clti_buf_add(uris, uri);
    return clti_buf_ok(uris) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                          "All redirect URIs together may have %d bytes.", CLTI_REDIRECT_URIS_MAX);
}
