#include "fixture.h"
#include "support/memory_store.h"
#include <jose/jose.h>
#include <jose/openssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the spy ----------------------------------------------------------------------------------------- */

/* The inner store, locked until leave(). */
static clti_store *enter(clti_store *store) {
    spy_store *spy = (spy_store *)store;
    pthread_mutex_lock(&spy->lock);
    return spy->inner;
}

static bool leave(clti_store *store, bool result) {
    spy_store *spy = (spy_store *)store;
    pthread_mutex_unlock(&spy->lock);
    return result;
}

static bool spy_generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    const spy_store *spy = (spy_store *)store;
    if (spy->fails)
        return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, NULL);
    if (!leave(store, clti_store_generation(enter(store), out, fault)))
        return false;
    *out += spy->extra_generations;
    return true;
}

static bool spy_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                             bool *out_found, clti_fault *fault) {
    if (!leave(store, clti_store_partner_find(enter(store), id, arena, out, out_found, fault)))
        return false;
    *out_found = *out_found && !((spy_store *)store)->hides_partners;
    return true;
}

static bool spy_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                    bool *out_found, clti_fault *fault) {
    return leave(store, clti_store_partner_find_domain(enter(store), domain, arena, out, out_found, fault));
}

static bool spy_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                                 clti_application *out, bool *out_found, clti_fault *fault) {
    spy_store *spy = (spy_store *)store;
    atomic_fetch_add(&spy->application_finds, 1);
    if (!leave(store, clti_store_application_find(enter(store), partner, id, arena, out, out_found, fault)))
        return false;
    *out_found = *out_found && !spy->hides_applications;
    return true;
}

static bool spy_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                             clti_fault *fault) {
    return leave(store, clti_store_signing_keys(enter(store), arena, out, out_count, fault));
}

static bool spy_token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    return leave(store, clti_store_token_key(enter(store), out, fault));
}

static bool spy_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena,
                          clti_user *out, bool *out_found, clti_fault *fault) {
    return leave(store, clti_store_user_find(enter(store), partner, name, arena, out, out_found, fault));
}

static bool spy_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                           bool *out_found, clti_fault *fault) {
    return leave(store, clti_store_grant_find(enter(store), id, arena, out, out_found, fault));
}

static bool spy_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                             clti_application **out, size_t *out_count, clti_fault *fault) {
    return leave(store, clti_store_applications(enter(store), partner, arena, out, out_count, fault));
}

static bool spy_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                   size_t *out_count, clti_fault *fault) {
    return leave(store, clti_store_applications_of_id(enter(store), id, arena, out, out_count, fault));
}

static bool spy_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                      clti_fault *fault) {
    return leave(store, clti_store_apply(enter(store), changes, count, outcomes, fault));
}

/* ---- set-up ------------------------------------------------------------------------------------------ */

clt_guid fixture_guid(const char *text) {
    clt_guid guid;
    assert_true(clti_guid_parse(clti_str(text), &guid));
    return guid;
}

static void apply(clti_store *store, const clti_change *change) {
    clti_outcome outcome;
    clti_fault fault;
    assert_true(clti_store_apply(store, change, 1, &outcome, &fault));
    assert_true(outcome.done);
}

static void add_partner(clti_store *store, const char *id, const char *domain, const char *app) {
    const clti_partner partner = {.id = fixture_guid(id),
                                  .domain = clti_str(domain),
                                  .name = CLTI_STR("A partner"),
                                  .country = CLTI_STR("US"),
                                  .culture = CLTI_STR("en-US")};
    clti_application application = {
        .partner = partner.id, .id = fixture_guid(app), .name = CLTI_STR("An application")};
    clti_sha256(CLTI_STR(SECRET), application.secret_sha256);
    apply(store, &(clti_change){.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner});
    apply(store, &(clti_change){.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &application});
}

void fixture_put_user(identity_fixture *fixture, int64_t valid_from, bool is_disabled) {
    const clti_user user = {.partner = fixture_guid(TENANT),
                            .id = fixture_guid(USER_ID),
                            .name = CLTI_STR(USER),
                            .roles = CLTI_ROLE_ADMIN_AGENTS,
                            .password_hash = CLTI_STR("none"),
                            .valid_from = valid_from,
                            .is_disabled = is_disabled};
    apply(fixture->store, &(clti_change){.kind = CLTI_CHANGE_USER_PUT, .of.user = &user});
}

static EVP_PKEY *make_key(json_t **out_jwk) {
    *out_jwk = json_pack("{s:s}", "alg", "RS256");
    assert_true(jose_jwk_gen(NULL, *out_jwk));
    EVP_PKEY *key = jose_openssl_jwk_to_EVP_PKEY(NULL, *out_jwk);
    assert_non_null(key);
    return key;
}

EVP_PKEY *fixture_add_key(clti_store *store, const char *id, int64_t created) {
    json_t *jwk;
    EVP_PKEY *key = make_key(&jwk);
    char *text = json_dumps(jwk, JSON_COMPACT);
    assert_non_null(text);
    const clti_signing_key stored = {.id = clti_str(id), .private_jwk = clti_str(text), .created = created};
    apply(store, &(clti_change){.kind = CLTI_CHANGE_KEY_PUT, .of.key = &stored});
    free(text);
    json_decref(jwk);
    return key;
}

void fixture_init(identity_fixture *fixture, bool allow_graph_audience) {
    *fixture = (identity_fixture){0};
    spy_store *spy = &fixture->spy;
    spy->inner = clti_memory_store_new();
    assert_non_null(spy->inner);
    assert_int_equal(pthread_mutex_init(&spy->lock, NULL), 0);
    spy->operations = (clti_store_operations){.generation = spy_generation,
                                              .partner_find = spy_partner_find,
                                              .partner_find_domain = spy_partner_find_domain,
                                              .application_find = spy_application_find,
                                              .signing_keys = spy_signing_keys,
                                              .token_key = spy_token_key,
                                              .user_find = spy_user_find,
                                              .grant_find = spy_grant_find,
                                              .applications = spy_applications,
                                              .applications_of_id = spy_applications_of_id,
                                              .apply = spy_apply};
    spy->base.operations = &spy->operations;
    fixture->store = &spy->base;
    add_partner(fixture->store, TENANT, DOMAIN, APP);
    add_partner(fixture->store, OTHER, "northwind.example", OTHER_APP);
    fixture->key = fixture_add_key(fixture->store, KEY_ID, NOW);
    json_t *jwk;
    fixture->foreign = make_key(&jwk);
    json_decref(jwk);
    const clti_identity_options options = {
        .store = fixture->store, .public_url = URL, .allow_graph_audience = allow_graph_audience};
    clti_fault fault;
    assert_true(clti_identity_new(&options, &fixture->identity, &fault));
}

void fixture_done(identity_fixture *fixture) {
    clti_identity_free(fixture->identity);
    clti_store_close(fixture->spy.inner);
    pthread_mutex_destroy(&fixture->spy.lock);
    EVP_PKEY_free(fixture->key);
    EVP_PKEY_free(fixture->foreign);
    clti_arena_done(&fixture->arena);
}

/* ---- tokens ------------------------------------------------------------------------------------------ */

const char *fixture_claims(identity_fixture *fixture, const char *overrides) {
    json_t *claims = json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "aud", API, "iss", URL "/" TENANT "/",
                               "iat", (json_int_t)NOW, "nbf", (json_int_t)NOW, "exp",
                               (json_int_t)(NOW + 3600), "tid", TENANT, "appid", APP);
    if (overrides) {
        json_t *extra = json_loads(overrides, 0, NULL);
        assert_int_equal(json_object_update(claims, extra), 0);
        const char *name;
        json_t *value;
        json_object_foreach(extra, name, value) {
            if (json_is_null(value))
                assert_int_equal(json_object_del(claims, name), 0);
        }
        json_decref(extra);
    }
    char *text = json_dumps(claims, JSON_COMPACT);
    assert_non_null(text);
    const clt_str copy = clti_arena_format(&fixture->arena, "%s", text);
    free(text);
    json_decref(claims);
    return copy.data;
}

const char *fixture_encode(identity_fixture *fixture, const void *bytes, size_t size) {
    clti_buf buf;
    clti_buf_init(&buf, 1024 * 1024);
    clti_base64url_encode(bytes, size, &buf);
    clt_str copy;
    assert_true(clti_buf_ok(&buf) && clti_arena_copy(&fixture->arena, clti_buf_str(&buf), &copy));
    clti_buf_done(&buf);
    return copy.data ? copy.data : "";
}

const char *fixture_signing_input(identity_fixture *fixture, const char *header, const char *payload) {
    return clti_arena_format(&fixture->arena, "%s.%s", fixture_encode(fixture, header, strlen(header)),
                             fixture_encode(fixture, payload, strlen(payload)))
        .data;
}

const char *fixture_sign(identity_fixture *fixture, EVP_PKEY *key, const char *digest, const char *header,
                         const char *payload) {
    const char *input = fixture_signing_input(fixture, header, payload);
    uint8_t signature[1024];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key, NULL), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &size, (const uint8_t *)input, strlen(input)), 1);
    EVP_MD_CTX_free(context);
    return clti_arena_format(&fixture->arena, "%s.%s", input, fixture_encode(fixture, signature, size)).data;
}

const char *fixture_token(identity_fixture *fixture, const char *overrides) {
    return fixture_sign(fixture, fixture->key, "SHA256", GOOD_HEADER, fixture_claims(fixture, overrides));
}

bool fixture_verify(identity_fixture *fixture, clti_remembered_token *remembered, const char *token,
                    int64_t now, clti_caller *out, clti_fault *fault) {
    const clt_str header = clti_arena_format(&fixture->arena, "Bearer %s", token);
    return clti_identity_verify(fixture->identity, remembered, header, now, out, fault);
}
