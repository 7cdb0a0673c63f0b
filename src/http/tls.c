#include "http/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX       16
#define SERVER_NAME_MAX 256
#define KEY_ID_SIZE     64

/* A certificate with those that lead to its root, and its key. */
typedef struct certificate {
    gnutls_x509_crt_t chain[CHAIN_MAX]; /* the first is the server's */
    gnutls_pcert_st parsed[CHAIN_MAX];  /* the same, as they are sent */
    unsigned chain_count, parsed_count;
    gnutls_privkey_t key;
} certificate;

/* Immutable but for the count of its holders. */
struct clti_certificates {
    size_t holders; /* guarded by clti_tls.lock */
    size_t count;
    certificate items[CLTI_CERTIFICATES_MAX];
};

struct clti_tls {
    clti_arena arena;
    clt_str certificate_files, key_files;
    pthread_mutex_t lock;
    clti_certificates *now;
};

/* ---- reading ------------------------------------------------------------------------------------------- */

static bool bad_file(const char *file, const char *why, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "tls", "%s: %s.", file, why);
}

static bool load(const char *file, gnutls_datum_t *out, clti_fault *fault) {
    errno = 0;
    if (gnutls_load_file(file, out) == GNUTLS_E_SUCCESS)
        return true;
    return bad_file(file, errno ? strerror(errno) : "it cannot be read", fault);
}

static void unload(gnutls_datum_t *data) {
    clti_wipe(data->data, data->size);
    gnutls_free(data->data);
}

static bool check_dates(const certificate *item, const char *file, clti_fault *fault) {
    const int64_t now = clti_now_seconds();
    const int64_t end = gnutls_x509_crt_get_expiration_time(item->chain[0]);
    const int64_t begin = gnutls_x509_crt_get_activation_time(item->chain[0]);
    if (end < now)
        return bad_file(file, "the certificate has expired; put a new one there", fault);
    return begin <= now || bad_file(file, "the certificate is not valid yet; look at the clock", fault);
}

static bool read_chain(certificate *item, const char *file, clti_fault *fault) {
    gnutls_datum_t data;
    if (!load(file, &data, fault))
        return false;
    item->chain_count = CHAIN_MAX;
    const int result =
        gnutls_x509_crt_list_import(item->chain, &item->chain_count, &data, GNUTLS_X509_FMT_PEM,
                                    GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED | GNUTLS_X509_CRT_LIST_SORT);
    unload(&data);
    if (result <= 0) {
        item->chain_count = 0;
        return bad_file(file, "it holds no certificates in PEM form, the server's first", fault);
    }
    for (; item->parsed_count < item->chain_count; item->parsed_count++)
        if (gnutls_pcert_import_x509(&item->parsed[item->parsed_count], item->chain[item->parsed_count], 0) <
            0)
            return clti_fault_no_memory(fault);
    return check_dates(item, file, fault);
}

static bool is_key_of(const certificate *item) {
    uint8_t of_key[KEY_ID_SIZE], of_certificate[KEY_ID_SIZE];
    size_t key_size = sizeof(of_key), certificate_size = sizeof(of_certificate);
    gnutls_pubkey_t public_key;
    if (gnutls_pubkey_init(&public_key) < 0)
        return false;
    const bool same = gnutls_pubkey_import_privkey(public_key, item->key, 0, 0) >= 0 &&
                      gnutls_pubkey_get_key_id(public_key, 0, of_key, &key_size) >= 0 &&
                      gnutls_x509_crt_get_key_id(item->chain[0], 0, of_certificate, &certificate_size) >= 0 &&
                      key_size == certificate_size && memcmp(of_key, of_certificate, key_size) == 0;
    gnutls_pubkey_deinit(public_key);
    return same;
}

static bool read_key(certificate *item, const char *file, const char *certificate_file, clti_fault *fault) {
    gnutls_datum_t data;
    if (!load(file, &data, fault))
        return false;
    const bool ok = gnutls_privkey_init(&item->key) >= 0 &&
                    gnutls_privkey_import_x509_raw(item->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0;
    unload(&data);
    if (!ok)
        return bad_file(file, "it holds no private key in PEM form that is not encrypted", fault);
    return is_key_of(item) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "tls",
                          "%s: it is not the key of the certificate in %s.", file, certificate_file);
}

static void free_certificates(clti_certificates *set) {
    for (size_t i = 0; set && i < set->count; i++) {
        certificate *item = &set->items[i];
        for (unsigned j = 0; j < item->parsed_count; j++)
            gnutls_pcert_deinit(&item->parsed[j]);
        for (unsigned j = 0; j < item->chain_count; j++)
            gnutls_x509_crt_deinit(item->chain[j]);
        if (item->key)
            gnutls_privkey_deinit(item->key);
    }
    free(set);
}

/* The next file of a list; absent at its end. */
static bool next_file(clti_arena *arena, clt_str *rest, clt_str *out, clti_fault *fault) {
    const clt_str name = clti_str_trim(clti_str_cut(*rest, ',', rest));
    *out = (clt_str){0};
    return clti_str_is_empty(name) || clti_arena_copy(arena, name, out) || clti_fault_no_memory(fault);
}

static bool read_pairs(const clti_tls *tls, clti_certificates *set, clti_arena *arena, clti_fault *fault) {
    clt_str certificates = tls->certificate_files, keys = tls->key_files;
    while (certificates.data || keys.data) {
        clt_str certificate_file, key_file;
        if (!next_file(arena, &certificates, &certificate_file, fault) ||
            !next_file(arena, &keys, &key_file, fault))
            return false;
        if (!certificate_file.data || !key_file.data)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "tls",
                                  "tls.cert and tls.key must name as many files, in the same order, with "
                                  "commas between.");
        if (set->count == CLTI_CERTIFICATES_MAX)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "tls",
                                  "tls.cert names more than %d files.", CLTI_CERTIFICATES_MAX);
        certificate *item = &set->items[set->count++];
        if (!read_chain(item, certificate_file.data, fault) ||
            !read_key(item, key_file.data, certificate_file.data, fault))
            return false;
    }
    return true;
}

static clti_certificates *read_all(const clti_tls *tls, clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_certificates *set = calloc(1, sizeof(*set));
    if (!set) {
        clti_fault_no_memory(fault);
        return NULL;
    }
    set->holders = 1;
    if (read_pairs(tls, set, &arena, fault))
        return set;
    free_certificates(set);
    return NULL;
}

/* ---- opening and exchanging ---------------------------------------------------------------------------- */

bool clti_tls_new(clt_str certificate_files, clt_str key_files, clti_tls **out, clti_fault *fault) {
    clti_tls *tls = calloc(1, sizeof(*tls));
    if (!tls)
        return clti_fault_no_memory(fault);
    clti_assert(pthread_mutex_init(&tls->lock, NULL) == 0);
    if (!clti_arena_copy(&tls->arena, certificate_files, &tls->certificate_files) ||
        !clti_arena_copy(&tls->arena, key_files, &tls->key_files))
        clti_fault_no_memory(fault);
    else
        tls->now = read_all(tls, fault);
    if (!tls->now) {
        clti_tls_free(tls);
        return false;
    }
    *out = tls;
    return true;
}

bool clti_tls_reload(clti_tls *tls, clti_fault *fault) {
    clti_certificates *read = read_all(tls, fault);
    if (!read)
        return false;
    (void)pthread_mutex_lock(&tls->lock);
    clti_certificates *before = tls->now;
    tls->now = read;
    (void)pthread_mutex_unlock(&tls->lock);
    clti_tls_release(tls, before);
    return true;
}

void clti_tls_free(clti_tls *tls) {
    if (!tls)
        return;
    clti_tls_release(tls, tls->now);
    (void)pthread_mutex_destroy(&tls->lock);
    clti_arena_done(&tls->arena);
    free(tls);
}

/* ---- connections --------------------------------------------------------------------------------------- */

clti_certificates *clti_tls_hold(clti_tls *tls, void *session) {
    (void)pthread_mutex_lock(&tls->lock);
    clti_certificates *held = tls->now;
    held->holders++;
    (void)pthread_mutex_unlock(&tls->lock);
    /* The session's own pointer is the HTTP library's; there is no cache of sessions that would use this. */
    gnutls_db_set_ptr(session, held);
    return held;
}

void clti_tls_release(clti_tls *tls, clti_certificates *certificates) {
    if (!certificates)
        return;
    (void)pthread_mutex_lock(&tls->lock);
    const bool is_last = --certificates->holders == 0;
    (void)pthread_mutex_unlock(&tls->lock);
    if (is_last)
        free_certificates(certificates);
}

static const certificate *find_by_name(const clti_certificates *set, gnutls_session_t session) {
    char name[SERVER_NAME_MAX];
    size_t size = sizeof(name);
    unsigned type = GNUTLS_NAME_DNS;
    if (gnutls_server_name_get(session, name, &size, &type, 0) == GNUTLS_E_SUCCESS && type == GNUTLS_NAME_DNS)
        for (size_t i = 0; i < set->count; i++)
            if (gnutls_x509_crt_check_hostname(set->items[i].chain[0], name))
                return &set->items[i];
    return &set->items[0];
}

int clti_tls_choose(gnutls_session_t session, const gnutls_datum_t *issuers, int issuer_count,
                    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **out_chain,
                    unsigned *out_count, gnutls_privkey_t *out_key) {
    const clti_certificates *set = gnutls_db_get_ptr(session);
    if (!set)
        return -1;
    const certificate *chosen = find_by_name(set, session);
    /* The library reads only, and leaves what it got to us. */
    *out_chain = (gnutls_pcert_st *)(uintptr_t)chosen->parsed;
    *out_count = chosen->parsed_count;
    *out_key = chosen->key;
    return 0;
}
