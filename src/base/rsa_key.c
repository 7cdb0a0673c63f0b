#include "base/rsa_key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static const char *const names[] = {
    [CLTI_RSA_N] = OSSL_PKEY_PARAM_RSA_N,          [CLTI_RSA_E] = OSSL_PKEY_PARAM_RSA_E,
    [CLTI_RSA_D] = OSSL_PKEY_PARAM_RSA_D,          [CLTI_RSA_P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
    [CLTI_RSA_Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,    [CLTI_RSA_DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
    [CLTI_RSA_DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2, [CLTI_RSA_QI] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

static EVP_PKEY *key_of(OSSL_PARAM *parameters) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    if (context && parameters && EVP_PKEY_fromdata_init(context) == 1 &&
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

/* The builder only points to the numbers until it has made its parameters. */
clti_rsa_key *clti_rsa_key_new(const clt_str numbers[CLTI_RSA_NUMBER_COUNT]) {
    BIGNUM *values[CLTI_RSA_NUMBER_COUNT] = {NULL};
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    bool ok = builder != NULL;
    for (size_t i = 0; ok && i < CLTI_RSA_NUMBER_COUNT; i++) {
        ok = numbers[i].size > 0 && numbers[i].size <= INT32_MAX;
        if (ok)
            values[i] = BN_bin2bn((const uint8_t *)numbers[i].data, (int)numbers[i].size, NULL);
        ok = ok && values[i] && OSSL_PARAM_BLD_push_BN(builder, names[i], values[i]) == 1;
    }
    OSSL_PARAM *parameters = ok ? OSSL_PARAM_BLD_to_param(builder) : NULL;
    EVP_PKEY *key = key_of(parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    for (size_t i = 0; i < CLTI_RSA_NUMBER_COUNT; i++)
        BN_clear_free(values[i]);
    return (clti_rsa_key *)key;
}

void clti_rsa_key_free(clti_rsa_key *key) {
    EVP_PKEY_free((EVP_PKEY *)key);
}

bool clti_rsa_key_sign(const clti_rsa_key *key, clt_str data, clti_buf *out) {
    EVP_PKEY *pkey = (EVP_PKEY *)(uintptr_t)key; /* OpenSSL counts its users in it, under a lock of its own */
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = (size_t)EVP_PKEY_get_size(pkey);
    char *room = clti_buf_reserve(out, size);
    const bool ok =
        context && room && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, pkey) == 1 &&
        EVP_DigestSign(context, (uint8_t *)room, &size, (const uint8_t *)data.data, data.size) == 1;
    if (ok)
        clti_buf_advance(out, size);
    EVP_MD_CTX_free(context);
    return ok;
}
