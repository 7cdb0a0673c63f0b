/**
 * @file rsa_key.h
 * @brief A private RSA key that is kept ready: making one of its numbers costs more than a signature.
 *
 * Thread: immutable after creation; any number sign with one key.
 */
#ifndef CLTI_RSA_KEY_H
#define CLTI_RSA_KEY_H

#include "base/buf.h"
#include "base/compiler.h"

typedef struct clti_rsa_key clti_rsa_key;

/** The numbers of a private key, in the order of RFC 7518 6.3. */
enum clti_rsa_number {
    CLTI_RSA_N,
    CLTI_RSA_E,
    CLTI_RSA_D,
    CLTI_RSA_P,
    CLTI_RSA_Q,
    CLTI_RSA_DP,
    CLTI_RSA_DQ,
    CLTI_RSA_QI,
    CLTI_RSA_NUMBER_COUNT
};

/** @brief Make a key of its numbers, big-endian. Free with clti_rsa_key_free(). @return NULL: they are none,
 * or memory is out. */
clti_rsa_key *clti_rsa_key_new(const clt_str numbers[CLTI_RSA_NUMBER_COUNT]);
void clti_rsa_key_free(clti_rsa_key *key);

/** @brief Sign with PKCS #1 v1.5 and SHA-256 (RS256); the signature is appended. @retval false  memory is
 * out. */
CLTI_MUST_CHECK bool clti_rsa_key_sign(const clti_rsa_key *key, clt_str data, clti_buf *out);

#endif
