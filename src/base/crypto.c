#include "base/crypto.h"

#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

/* Every response needs a few random bytes; a system call for each would show in the figures. */
#define RESERVE_SIZE 4096
static _Thread_local struct {
    uint8_t bytes[RESERVE_SIZE];
    size_t left;
} reserve;

static void from_kernel(uint8_t *out, size_t size) {
    while (size) {
        ssize_t got = getrandom(out, size, 0);
        clti_assert(got > 0 || errno == EINTR);
        if (got > 0) {
            out += got;
            size -= (size_t)got;
        }
    }
}

void clti_random_bytes(void *out, size_t size) {
    if (size > RESERVE_SIZE / 16) {
        from_kernel(out, size);
        return;
    }
    if (reserve.left < size) {
        from_kernel(reserve.bytes, RESERVE_SIZE);
        reserve.left = RESERVE_SIZE;
    }
    uint8_t *taken = reserve.bytes + (RESERVE_SIZE - reserve.left);
    memcpy(out, taken, size);
    memset(taken, 0, size);
    reserve.left -= size;
}

void clti_sha256(clt_str data, uint8_t out[CLTI_SHA256_SIZE]) {
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, data.size, (const uint8_t *)data.data);
    sha256_digest(&context, CLTI_SHA256_SIZE, out);
    clti_wipe(&context, sizeof(context));
}

_Static_assert(sizeof(struct hmac_sha256_ctx) <= sizeof(clti_hmac_key), "a prepared key holds the library's");

void clti_hmac_key_init(clti_hmac_key *out, const uint8_t *key, size_t key_size) {
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key_size, key);
    *out = (clti_hmac_key){{0}};
    memcpy(out->state, &context, sizeof(context));
    clti_wipe(&context, sizeof(context));
}

void clti_hmac_sha256(const clti_hmac_key *key, clt_str data, uint8_t out[CLTI_SHA256_SIZE]) {
    struct hmac_sha256_ctx context;
    memcpy(&context, key->state, sizeof(context));
    hmac_sha256_update(&context, data.size, (const uint8_t *)data.data);
    hmac_sha256_digest(&context, CLTI_SHA256_SIZE, out);
    clti_wipe(&context, sizeof(context));
}

/* One block of output, so the chain of blocks has a single link. */
void clti_hkdf_sha256(const uint8_t *key, size_t key_size, clt_str salt, clt_str purpose,
                      uint8_t out[CLTI_SHA256_SIZE]) {
    static const uint8_t first_block = 1;
    struct hmac_sha256_ctx context;
    uint8_t extracted[CLTI_SHA256_SIZE];
    hmac_sha256_set_key(&context, salt.size, (const uint8_t *)salt.data);
    hmac_sha256_update(&context, key_size, key);
    hmac_sha256_digest(&context, sizeof(extracted), extracted);
    hmac_sha256_set_key(&context, sizeof(extracted), extracted);
    hmac_sha256_update(&context, purpose.size, (const uint8_t *)purpose.data);
    hmac_sha256_update(&context, sizeof(first_block), &first_block);
    hmac_sha256_digest(&context, CLTI_SHA256_SIZE, out);
    clti_wipe(&context, sizeof(context));
    clti_wipe(extracted, sizeof(extracted));
}

void clti_sha1(clt_str a, clt_str b, uint8_t out[20]) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    clti_assert(context);
    clti_assert(EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1);
    clti_assert(EVP_DigestUpdate(context, a.data, a.size) == 1);
    clti_assert(EVP_DigestUpdate(context, b.data, b.size) == 1);
    clti_assert(EVP_DigestFinal_ex(context, out, NULL) == 1);
    EVP_MD_CTX_free(context);
}

/* Word by word: a token is compared with each request, and a library's loop over its bytes showed. */
bool clti_equal_constant_time(const void *a, const void *b, size_t size) {
    const char *left = a, *right = b;
    uint64_t difference = 0, x, y;
    for (; size >= sizeof(x); size -= sizeof(x), left += sizeof(x), right += sizeof(y)) {
        memcpy(&x, left, sizeof(x));
        memcpy(&y, right, sizeof(y));
        difference |= x ^ y;
    }
    return (CRYPTO_memcmp(left, right, size) == 0) & (difference == 0);
}

void clti_wipe(void *data, size_t size) {
    OPENSSL_cleanse(data, size);
}
