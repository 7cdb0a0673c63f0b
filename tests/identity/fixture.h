/**
 * @file fixture.h
 * @brief A store with two partners and a known key, an identity over it, and tokens signed by hand.
 *
 * Tokens are signed with OpenSSL, not with libjose, so that both sides are not wrong in the same way.
 */
#ifndef CLTI_TEST_IDENTITY_FIXTURE_H
#define CLTI_TEST_IDENTITY_FIXTURE_H

#include "identity/identity.h"
#include "store/store_private.h"
#include <jansson.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>

#define URL         "https://login.example:8484"
#define NOW         INT64_C(1800000000)
#define KEY_ID      "key-1"
#define TENANT      "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define APP         "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"
#define DOMAIN      "fabrikam.example"
#define SECRET      "s3cret & more"
#define OTHER       "c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4"
#define OTHER_APP   "6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293"
#define USER        "admin@fabrikam.example"
#define USER_ID     "1d2e3f40-5162-4738-895a-6b7c8d9eaf01"
#define API         "https://api.partnercenter.microsoft.com"
#define GRAPH       "https://graph.windows.net"
#define GOOD_HEADER "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\"}"

/** A store in front of the real one: counts, hides and fails as told, and lets one thread in at a time. */
typedef struct spy_store {
    clti_store base;
    clti_store *inner;
    pthread_mutex_t lock; /* the inner store is for one thread at a time */
    clti_store_operations operations;
    atomic_uint application_finds;
    uint64_t extra_generations;
    bool hides_applications;
    bool hides_partners;
    bool fails;
} spy_store;

typedef struct identity_fixture {
    spy_store spy;
    clti_store *store; /* the spy */
    clti_identity *identity;
    EVP_PKEY *key;     /* private half of KEY_ID */
    EVP_PKEY *foreign; /* a key the store does not know */
    clti_arena arena;
} identity_fixture;

/** @brief Everything anew. Its cost is two RSA keys, so groups share one. */
void fixture_init(identity_fixture *fixture, bool allow_graph_audience);
void fixture_done(identity_fixture *fixture);

/** @brief Put another key of this id into the store; returns its private half. */
EVP_PKEY *fixture_add_key(clti_store *store, const char *id, int64_t created);

/** @brief Put USER of TENANT into the store, as AdminAgents, with what counts of it. */
void fixture_put_user(identity_fixture *fixture, int64_t valid_from, bool is_disabled);

/** @brief Claims of a valid token, with `overrides` (JSON object or NULL) merged in; null removes. v1. */
const char *fixture_claims(identity_fixture *fixture, const char *overrides);

/** @brief `base64url(header).base64url(payload)`. */
const char *fixture_signing_input(identity_fixture *fixture, const char *header, const char *payload);

/** @brief The compact JWS, signed with RSA and this digest (`SHA256`). */
const char *fixture_sign(identity_fixture *fixture, EVP_PKEY *key, const char *digest, const char *header,
                         const char *payload);

/** @brief A token that is right in every way, but for the claims overridden. */
const char *fixture_token(identity_fixture *fixture, const char *overrides);

/** @brief base64url of bytes, terminated. */
const char *fixture_encode(identity_fixture *fixture, const void *bytes, size_t size);

/** @brief Verify `Bearer <token>` at a time. */
bool fixture_verify(identity_fixture *fixture, clti_remembered_token *remembered, const char *token,
                    int64_t now, clti_caller *out, clti_fault *fault);

/** @brief The GUID of a literal. */
clt_guid fixture_guid(const char *text);

#endif
