/* Codes and refresh tokens from strangers: only the one spelling is read, and one that we make reads as made.
 */
#include "identity/identity_private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_SIZE 64 /* base64url of an id and a secret */

static void check_own(const uint8_t *data, size_t size) {
    clti_arena arena = {0};
    clti_user_grant grant = {0};
    clti_handle handle;
    clti_fault fault;
    clt_str text;
    memcpy(grant.id.bytes, data, size < sizeof grant.id ? size : sizeof grant.id);
    clti_assert(clti_handle_make(&grant, &arena, &text, &fault) && text.size == TEXT_SIZE);
    clti_assert(clti_handle_read(text, &handle) && clti_guid_equal(handle.id, grant.id) &&
                memcmp(handle.secret_sha256, grant.secret_sha256, CLTI_SHA256_SIZE) == 0);
    clti_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const clt_str text = {(const char *)data, size};
    clti_handle handle;
    clti_buf again;
    uint8_t bytes[TEXT_SIZE];
    size_t count;
    if (clti_handle_read(text, &handle)) {
        clti_assert(size == TEXT_SIZE && clti_base64url_decode(text, bytes, &count) && count == 48);
        clti_assert(memcmp(bytes, handle.id.bytes, sizeof handle.id) == 0);
        clti_buf_init(&again, 2 * TEXT_SIZE);
        clti_base64url_encode(bytes, count, &again);
        clti_assert(clti_str_equal(clti_buf_str(&again), text));
        clti_buf_done(&again);
    }
    check_own(data, size);
    return 0;
}
