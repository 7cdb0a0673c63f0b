#include "identity/identity_private.h"

#include <argon2.h>
#include <stdlib.h>
#include <string.h>

/* OWASP's choice for argon2id: 19 MiB, two passes, one lane. */
#define MEMORY_KIB  19456
#define PASSES      2
#define LANES       1
#define SALT_SIZE   16
#define DIGEST_SIZE 32
/* As argon2_encodedlen() says, with the zero behind it. */
#define ENCODED_SIZE 98

/* Of 32 random bytes that nobody has kept: costs what a real one costs. */
static const char nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$FMpIvt5wgXYPLUDJN1HMgg$"
                                   "fXzrRpcl+Z4axRbXJcvh+OVdvrSrAJwJh0idLsAj+rI";

bool clti_password_hash(clt_str password, clti_arena *arena, clt_str *out, clti_fault *fault) {
    uint8_t salt[SALT_SIZE];
    size_t code_points;
    if (password.size < CLTI_PASSWORD_SIZE_MIN || password.size > CLTI_PASSWORD_SIZE_MAX ||
        !clti_text_check(password, &code_points) || clti_text_has_control(password))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "A password must have %d to %d bytes of UTF-8 without control characters.",
                              CLTI_PASSWORD_SIZE_MIN, CLTI_PASSWORD_SIZE_MAX);
    char *encoded = clti_arena_alloc(arena, ENCODED_SIZE);
    if (!encoded)
        return clti_fault_no_memory(fault);
    clti_random_bytes(salt, sizeof salt);
    if (argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.data, password.size, salt, sizeof salt,
                              DIGEST_SIZE, encoded, ENCODED_SIZE) != ARGON2_OK)
        return clti_fault_no_memory(fault); /* nothing else can go wrong with these numbers */
    *out = clti_str(encoded);
    return true;
}

bool clti_password_fits(clt_str hash, clt_str password, bool *out, clti_fault *fault) {
    const bool exists = !clti_str_is_empty(hash);
    /* A hash may be a view into a record; the library wants it terminated. */
    char *encoded = exists ? strndup(hash.data, hash.size) : strdup(nobodys_hash);
    if (!encoded)
        return clti_fault_no_memory(fault);
    const int code = argon2id_verify(encoded, password.data ? password.data : "", password.size);
    free(encoded);
    if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH)
        return clti_fault_set(fault, CLTI_FAULT_BUSY, NULL, "A password could not be checked: %s.",
                              argon2_error_message(code));
    *out = exists && code == ARGON2_OK;
    return true;
}
