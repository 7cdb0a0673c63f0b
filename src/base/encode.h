/**
 * @file encode.h
 * @brief Bytes as text: base64url and hex.
 */
#ifndef CLTI_ENCODE_H
#define CLTI_ENCODE_H

#include "base/buf.h"
#include "base/compiler.h"

/** @brief Append base64url without padding. */
void clti_base64url_encode(const uint8_t *bytes, size_t size, clti_buf *out);

/**
 * @brief Decode base64url without padding; only the canonical form (no stray bits, no other characters).
 * @param out  Room for `text.size * 3 / 4` bytes.
 */
CLTI_MUST_CHECK bool clti_base64url_decode(clt_str text, uint8_t *out, size_t *out_size);

/** @brief Standard base64 with padding optional, as in HTTP Basic. Room as above. */
CLTI_MUST_CHECK bool clti_base64_decode(clt_str text, uint8_t *out, size_t *out_size);

/** @brief 16 characters of standard base64 from 12 bytes; no NUL. */
void clti_base64_encode_12(const uint8_t bytes[12], char out[16]);

/** @brief Value of a hexadecimal digit in any case, or -1. */
int clti_hex_value(char digit);

/** Start of a hash over several pieces. */
#define CLTI_HASH64_START UINT64_C(0xcbf29ce484222325)

/** @brief Go on hashing (FNV-1a, 64 bits). For entity tags; no secret depends on it. */
uint64_t clti_hash64(uint64_t hash, clt_str bytes);

#endif
