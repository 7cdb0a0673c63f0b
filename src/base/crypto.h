/**
 * @file crypto.h
 * @brief Random bytes, hashes, and comparison that takes the same time whatever differs.
 *
 * Failures of the underlying library here mean a broken machine: they end the process (clti_assert).
 * Thread: any thread.
 */
#ifndef CLTI_CRYPTO_H
#define CLTI_CRYPTO_H

#include "base/compiler.h"
#include "clientele/types.h"

#define CLTI_SHA256_SIZE 32

/** @brief Unpredictable bytes from the kernel; small requests are served from a per-thread reserve. */
void clti_random_bytes(void *out, size_t size);

void clti_sha256(clt_str data, uint8_t out[CLTI_SHA256_SIZE]);

/** A key of HMAC-SHA-256, prepared once: the half of the work that does not depend on the data. A secret. */
typedef struct clti_hmac_key {
    uint8_t state[384] __attribute__((aligned(16)));
} clti_hmac_key;

void clti_hmac_key_init(clti_hmac_key *out, const uint8_t *key, size_t key_size);

/** @brief HMAC-SHA-256 of data. Thread: any number with one key. */
void clti_hmac_sha256(const clti_hmac_key *key, clt_str data, uint8_t out[CLTI_SHA256_SIZE]);

/** @brief HKDF (RFC 5869) with SHA-256: a key derived from another, with a salt and a purpose. */
void clti_hkdf_sha256(const uint8_t *key, size_t key_size, clt_str salt, clt_str purpose,
                      uint8_t out[CLTI_SHA256_SIZE]);

/** @brief SHA-1, for derived GUIDs only. */
void clti_sha1(clt_str a, clt_str b, uint8_t out[20]);

/** @brief Same bytes; constant time for one size. */
bool clti_equal_constant_time(const void *a, const void *b, size_t size);

/** @brief Overwrite secrets so that the compiler cannot leave it out. */
void clti_wipe(void *data, size_t size);

#endif
