#include "base/certificate.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/str.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define AUTHORITY_DAYS 3650
#define SERVER_DAYS    397
/* So that a machine whose clock is a little behind takes it at once. */
#define BEFORE_SECONDS 3600

/* What a certificate is made of, freed together. */
typedef struct making {
    X509 *certificate, *issuer; /* the issuer of an authority is itself */
    EVP_PKEY *key, *issuer_key;
} making;

static void making_done(making *made) {
    if (made->issuer != made->certificate)
        X509_free(made->issuer);
    if (made->issuer_key != made->key)
        EVP_PKEY_free(made->issuer_key);
    X509_free(made->certificate);
    EVP_PKEY_free(made->key);
    ERR_clear_error();
}

static bool fail(clti_fault *fault, const char *what) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The certificate could not be made: %s.", what);
}

/* ---- parts --------------------------------------------------------------------------------------------- */

static bool set_serial(X509 *certificate) {
    uint8_t bytes[16];
    clti_random_bytes(bytes, sizeof(bytes));
    bytes[0] = (bytes[0] & 0x7F) | 0x40; /* positive, and always of the same size */
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    const bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return ok;
}

static bool set_name(X509 *certificate, const char *name) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"Clientele", -1, -1,
                                      0) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) ==
               1;
}

static bool add_extension(making *made, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, made->issuer, made->certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    const bool ok = extension && X509_add_ext(made->certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

/* A fresh key in a certificate that lacks its extensions and its signature. */
static bool begin(making *made, const char *name, int days) {
    made->key = EVP_EC_gen("P-256");
    made->certificate = X509_new();
    return made->key && made->certificate && X509_set_version(made->certificate, X509_VERSION_3) == 1 &&
           set_serial(made->certificate) && set_name(made->certificate, name) &&
           X509_gmtime_adj(X509_getm_notBefore(made->certificate), -BEFORE_SECONDS) &&
           X509_gmtime_adj(X509_getm_notAfter(made->certificate), days * 24L * 60 * 60) &&
           X509_set_pubkey(made->certificate, made->key) == 1;
}

static bool finish(making *made) {
    return X509_set_issuer_name(made->certificate, X509_get_subject_name(made->issuer)) == 1 &&
           X509_sign(made->certificate, made->issuer_key, EVP_sha256()) > 0;
}

static void add_text(BIO *from, clti_buf *out) {
    char *text;
    const long size = BIO_get_mem_data(from, &text);
    if (size > 0)
        clti_buf_add(out, (clt_str){text, (size_t)size});
}

static bool write_pair(const making *made, clti_buf *out_certificate, clti_buf *out_key) {
    BIO *certificate = BIO_new(BIO_s_mem()), *key = BIO_new(BIO_s_secmem());
    const bool ok = certificate && key && PEM_write_bio_X509(certificate, made->certificate) == 1 &&
                    PEM_write_bio_PrivateKey(key, made->key, NULL, NULL, 0, NULL, NULL) == 1;
    if (ok) {
        add_text(certificate, out_certificate);
        add_text(key, out_key);
    }
    BIO_free(certificate);
    BIO_free(key);
    return ok && clti_buf_ok(out_certificate) && clti_buf_ok(out_key);
}

/* ---- an authority -------------------------------------------------------------------------------------- */

static bool make_authority(making *made, const char *name) {
    if (!begin(made, name, AUTHORITY_DAYS))
        return false;
    made->issuer = made->certificate;
    made->issuer_key = made->key;
    return add_extension(made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add_extension(made, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_extension(made, NID_subject_key_identifier, "hash") && finish(made);
}

bool clti_certificate_make_authority(const char *name, clti_buf *out_certificate, clti_buf *out_key,
                                     clti_fault *fault) {
    making made = {0};
    const bool ok = make_authority(&made, name) && write_pair(&made, out_certificate, out_key);
    making_done(&made);
    return ok || fail(fault, "out of memory, or OpenSSL refused");
}

/* ---- a server's ---------------------------------------------------------------------------------------- */

static BIO *reader_of(clt_str text) {
    return text.size <= INT32_MAX ? BIO_new_mem_buf(text.data, (int)text.size) : NULL;
}

static bool read_authority(making *made, const clti_certificate_pair *authority, clti_fault *fault) {
    BIO *certificate = reader_of(authority->certificate), *key = reader_of(authority->key);
    if (certificate && key) {
        made->issuer = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
        /* With a password at hand, OpenSSL does not ask for one. */
        made->issuer_key = PEM_read_bio_PrivateKey(key, NULL, NULL, (void *)(uintptr_t) "");
    }
    BIO_free(certificate);
    BIO_free(key);
    if (!made->issuer || !made->issuer_key)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "The authority's certificate or key is not in PEM form.");
    if (X509_check_private_key(made->issuer, made->issuer_key) != 1)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "The authority's key is not that of its certificate.");
    if (X509_check_ca(made->issuer) != 1)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "The certificate is not that of an authority.");
    return X509_cmp_current_time(X509_get0_notAfter(made->issuer)) > 0 ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "The authority has expired.");
}

static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Strict, since the names become part of a text that OpenSSL reads. */
static bool is_dns_name(const char *name) {
    const char *rest = strncmp(name, "*.", 2) == 0 ? name + 2 : name;
    const size_t size = strlen(rest);
    if (size == 0 || size > 253 || rest[0] == '.' || rest[0] == '-' || rest[size - 1] == '.' ||
        strstr(rest, ".."))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_name_character(rest[i]))
            return false;
    return true;
}

static bool is_address(const char *name) {
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(name);
    ASN1_OCTET_STRING_free(address);
    return address != NULL;
}

static bool add_names(making *made, const char *const *names, size_t count, clti_fault *fault) {
    clti_buf text;
    clti_buf_init(&text, 64 * 1024);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        ok = is_address(names[i]) || is_dns_name(names[i]);
        clti_buf_add_format(&text, "%s%s:%s", i ? "," : "", is_address(names[i]) ? "IP" : "DNS", names[i]);
        if (!ok)
            clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "'%s' is no DNS name and no IP address.",
                           names[i]);
    }
    clti_buf_add_char(&text, '\0');
    if (ok && !(clti_buf_ok(&text) && add_extension(made, NID_subject_alt_name, text.data)))
        ok = fail(fault, "its names are too many");
    clti_buf_done(&text);
    return ok;
}

static bool issue(making *made, const char *const *names, size_t name_count, clti_fault *fault) {
    clti_assert(name_count > 0);
    /* A common name has 64 characters at most; what counts are the alternative names. */
    if (!begin(made, "Clientele development server", SERVER_DAYS))
        return fail(fault, "out of memory, or OpenSSL refused");
    if (!add_names(made, names, name_count, fault))
        return false;
    return (add_extension(made, NID_basic_constraints, "critical,CA:FALSE") &&
            add_extension(made, NID_key_usage, "critical,digitalSignature") &&
            add_extension(made, NID_ext_key_usage, "serverAuth") &&
            add_extension(made, NID_subject_key_identifier, "hash") &&
            add_extension(made, NID_authority_key_identifier, "keyid:always") && finish(made)) ||
           fail(fault, "out of memory, or OpenSSL refused");
}

bool clti_certificate_issue(const clti_certificate_pair *authority, const char *const *names,
                            size_t name_count, clti_buf *out_certificate, clti_buf *out_key,
                            clti_fault *fault) {
    making made = {0};
    bool ok = read_authority(&made, authority, fault) && issue(&made, names, name_count, fault);
    if (ok && !write_pair(&made, out_certificate, out_key))
        ok = clti_fault_no_memory(fault);
    making_done(&made);
    return ok;
}
