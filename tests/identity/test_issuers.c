/* Tokens of other issuers: which are taken, and what an issuer, or one who pretends to be it, cannot do. */
#include "fixture.h"
#include "support/test.h"
#include <jose/jose.h>
#include <jose/openssl.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ONE      "https://one.example/tenant"
#define TWO      "http://127.0.0.1:9/two"
#define AUDIENCE "api://clientele"
#define ROUNDS   1000

/* What the world holds: documents by URL, and how often each was asked for. */
typedef struct document {
    const char *url;
    const char *text; /* NULL: not to be had */
    atomic_uint fetches;
} document;

enum { ONE_DISCOVERY, ONE_KEYS, TWO_DISCOVERY, TWO_KEYS, DOCUMENT_COUNT };

static identity_fixture shared;
static pthread_mutex_t world = PTHREAD_MUTEX_INITIALIZER;
static document documents[DOCUMENT_COUNT];
static atomic_uint told, failures;
static char last_failure[CLTI_FAULT_TEXT_MAX];
static json_t *rsa_jwk, *ec_jwk, *two_jwk;
static EVP_PKEY *rsa, *ec, *two;
static clti_identity *identity;

static bool fetch(void *user, const char *url, clti_buf *out, clti_fault *fault) {
    (void)user;
    bool found = false;
    pthread_mutex_lock(&world);
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        if (strcmp(documents[i].url, url) == 0) {
            atomic_fetch_add(&documents[i].fetches, 1);
            found = documents[i].text != NULL;
            if (found)
                clti_buf_add(out, clti_str(documents[i].text));
        }
    }
    pthread_mutex_unlock(&world);
    return (found && clti_buf_ok(out)) ||
           clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s is not to be had", url);
}

static void tell(void *user, clt_str issuer, const clti_fault *fault) {
    (void)user, (void)issuer;
    if (fault) {
        pthread_mutex_lock(&world);
        memcpy(last_failure, fault->text, sizeof last_failure);
        pthread_mutex_unlock(&world);
        atomic_fetch_add(&failures, 1);
    }
    atomic_fetch_add(&told, 1);
}

static void put(size_t which, const char *text) {
    pthread_mutex_lock(&world);
    documents[which].text = text;
    pthread_mutex_unlock(&world);
}

/* Until the thread has told so often; it always comes, so nothing is timed. */
static void wait_for(atomic_uint *count, unsigned wanted) {
    while (atomic_load(count) < wanted)
        usleep(1000);
}

static EVP_PKEY *make_key(const char *algorithm, const char *id, json_t **out_jwk) {
    *out_jwk = json_pack("{s:s, s:s}", "alg", algorithm, "kid", id);
    assert_true(jose_jwk_gen(NULL, *out_jwk));
    EVP_PKEY *key = jose_openssl_jwk_to_EVP_PKEY(NULL, *out_jwk);
    assert_non_null(key);
    return key;
}

static json_t *public_of(const json_t *jwk) {
    json_t *copy = json_deep_copy(jwk);
    assert_true(jose_jwk_pub(NULL, copy));
    json_object_del(copy, "key_ops");
    return copy;
}

/* Takes the list. */
static const char *keys_text(json_t *list) {
    json_t *set = json_pack("{s:o}", "keys", list);
    char *text = json_dumps(set, JSON_COMPACT);
    const clt_str copy = clti_arena_format(&shared.arena, "%s", text);
    free(text);
    json_decref(set);
    return copy.data;
}

static const char *good_keys(void) {
    return keys_text(json_pack("[o, o]", public_of(rsa_jwk), public_of(ec_jwk)));
}

static void start(unsigned unknown_key_ms) {
    const clti_issuer_options issuers[] = {
        {CLTI_STR(ONE), CLTI_STR(AUDIENCE), CLTI_STR("org"), CLTI_STR("groups")},
        {CLTI_STR(TWO), CLTI_STR("two"), CLTI_STR("tid"), CLTI_STR("roles")}};
    const clti_identity_options options = {.store = shared.store,
                                           .public_url = URL,
                                           .issuers = issuers,
                                           .issuer_count = CLTI_COUNT(issuers),
                                           .fetch_door = {fetch, tell, NULL},
                                           .unknown_key_ms = unknown_key_ms};
    clti_fault fault;
    atomic_store(&told, 0);
    atomic_store(&failures, 0);
    assert_true(clti_identity_new(&options, &identity, &fault));
    wait_for(&told, 2);
}

static int set_up(void **state) {
    (void)state;
    static const char *const urls[] = {ONE "/.well-known/openid-configuration", ONE "/keys",
                                       TWO "/.well-known/openid-configuration", TWO "/keys"};
    pthread_mutex_lock(&world);
    for (size_t i = 0; i < DOCUMENT_COUNT; i++) {
        documents[i].url = urls[i];
        atomic_store(&documents[i].fetches, 0);
    }
    pthread_mutex_unlock(&world);
    put(ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"" ONE "/keys\"}");
    put(TWO_DISCOVERY, "{\"issuer\":\"" TWO "\",\"jwks_uri\":\"" TWO "/keys\"}");
    put(ONE_KEYS, good_keys());
    put(TWO_KEYS, keys_text(json_pack("[o]", public_of(two_jwk))));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    clti_identity_free(identity);
    identity = NULL;
    return 0;
}

/* ---- tokens ----------------------------------------------------------------------------------------------
 */

static const char *claims(const char *overrides) {
    const clt_str base =
        clti_arena_format(&shared.arena,
                          "{\"iss\":\"" ONE "\",\"aud\":\"" AUDIENCE "\",\"org\":\"" DOMAIN
                          "\",\"azp\":\"" APP "\",\"sub\":\"" APP "\",\"appid\":null,\"tid\":null%s%s}",
                          overrides ? "," : "", overrides ? overrides : "");
    return fixture_claims(&shared, base.data);
}

/* A JWS of ES256 has two numbers of 32 bytes, where OpenSSL writes DER. */
static const char *sign_es256(EVP_PKEY *key, const char *header, const char *payload) {
    const char *input = fixture_signing_input(&shared, header, payload);
    uint8_t der[128], raw[64] = {0};
    size_t size = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL), 1);
    assert_int_equal(EVP_DigestSign(context, der, &size, (const uint8_t *)input, strlen(input)), 1);
    EVP_MD_CTX_free(context);
    const uint8_t *at = der + 2;
    for (size_t i = 0; i < 2; i++) {
        const size_t length = at[1], skipped = length > 32 ? length - 32 : 0;
        memcpy(raw + 32 * i + 32 - (length - skipped), at + 2 + skipped, length - skipped);
        at += 2 + length;
    }
    return clti_arena_format(&shared.arena, "%s.%s", input, fixture_encode(&shared, raw, sizeof raw)).data;
}

#define RSA_HEADER "{\"alg\":\"RS256\",\"kid\":\"one-rsa\"}"
#define EC_HEADER  "{\"alg\":\"ES256\",\"kid\":\"one-ec\"}"
#define TWO_HEADER "{\"alg\":\"RS256\",\"kid\":\"two-rsa\"}"

static const char *rsa_token(const char *overrides) {
    return fixture_sign(&shared, rsa, "SHA256", RSA_HEADER, claims(overrides));
}

static bool verify(const char *token, clti_caller *out, clti_fault *fault) {
    const clt_str header = clti_arena_format(&shared.arena, "Bearer %s", token);
    return clti_identity_verify(identity, NULL, header, NOW, out, fault);
}

static void expect_refused(const char *token, const char *what) {
    clti_caller caller;
    clti_fault fault;
    if (verify(token, &caller, &fault) || clti_fault_kind_of(fault.code)->http_status != 401)
        fail_msg("not refused: %s", what);
}

static void expect_taken(const char *token, const char *what) {
    clti_caller caller;
    clti_fault fault;
    if (!verify(token, &caller, &fault))
        fail_msg("%s: %s", what, fault.text);
}

/* ---- what is taken
 * ----------------------------------------------------------------------------------------- */

static void test_tokens_of_both_algorithms_name_partner_and_application(void **state) {
    (void)state;
    start(0);
    const char *tokens[] = {rsa_token(NULL),
                            sign_es256(ec, EC_HEADER, claims(NULL)),
                            rsa_token("\"aud\":[\"x\",\"" AUDIENCE "\"]"),
                            rsa_token("\"org\":\"" TENANT "\""),
                            rsa_token("\"sub\":null"),
                            rsa_token("\"azp\":null,\"client_id\":\"" APP "\"")};
    for (size_t i = 0; i < CLTI_COUNT(tokens); i++) {
        clti_caller caller;
        clti_fault fault;
        if (!verify(tokens[i], &caller, &fault))
            fail_msg("%zu: %s", i, fault.text);
        assert_true(clti_guid_equal(caller.partner, fixture_guid(TENANT)));
        assert_true(clti_guid_equal(caller.application, fixture_guid(APP)));
        assert_false(caller.has_user);
    }
}

static void test_a_user_has_the_roles_of_the_configured_claim(void **state) {
    (void)state;
    start(0);
    clti_caller caller, again;
    clti_fault fault;
    assert_true(verify(rsa_token("\"sub\":\"u1\",\"groups\":[\"AdminAgents\",\"Cooks\",7,\"salesagents\"]"),
                       &caller, &fault));
    assert_true(caller.has_user && !caller.has_mfa);
    assert_int_equal(caller.roles, CLTI_ROLE_ADMIN_AGENTS | CLTI_ROLE_SALES_AGENTS);
    assert_string_equal(caller.user_name, "u1");
    assert_true(verify(rsa_token("\"sub\":\"u1\",\"upn\":\"amy@x.example\",\"groups\":\"HelpdeskAgents\","
                                 "\"amr\":[\"pwd\",\"mfa\"]"),
                       &again, &fault));
    assert_true(again.has_user && again.has_mfa);
    assert_int_equal(again.roles, CLTI_ROLE_HELPDESK_AGENTS);
    assert_string_equal(again.user_name, "amy@x.example");
    assert_true(clti_guid_equal(caller.user, again.user));
}

/* Or whoever has no role could do what an application may. */
static void test_a_user_without_roles_is_never_taken_for_an_application(void **state) {
    (void)state;
    start(0);
    static const char *const rows[] = {"\"sub\":\"u1\"", "\"scp\":\"user_impersonation\"", "\"upn\":\"u@x\"",
                                       "\"sub\":\"u1\",\"roles\":[\"AdminAgents\"]"};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_caller caller;
        clti_fault fault;
        assert_true(verify(rsa_token(rows[i]), &caller, &fault));
        assert_true(caller.has_user);
        assert_int_equal(caller.roles, 0);
    }
    expect_refused(rsa_token("\"sub\":7"), "a user without a name");
    expect_refused(rsa_token("\"sub\":\"a\\u0007\""), "a name with a control character");
}

static void test_own_tokens_go_on_as_before(void **state) {
    (void)state;
    start(0);
    expect_taken(fixture_token(&shared, NULL), "our own");
}

/* ---- attacks
 * ------------------------------------------------------------------------------------------------ */

static void test_claims_that_are_wrong_in_one_way_are_refused(void **state) {
    (void)state;
    static const char *const rows[] = {
        "\"aud\":\"two\"",
        "\"aud\":\"" API "\"",
        "\"aud\":[]",
        "\"aud\":[[\"" AUDIENCE "\"]]",
        "\"aud\":null",
        "\"iss\":\"" TWO "\"",
        "\"iss\":\"" ONE "/\"",
        "\"iss\":\"" URL "/" TENANT "/\"",
        "\"iss\":null",
        "\"org\":\"nobody.example\"",
        "\"org\":null",
        "\"org\":\"common\"",
        "\"org\":\"\"",
        "\"org\":[\"" DOMAIN "\"]",
        "\"org\":null,\"tid\":\"" TENANT "\"",
        "\"azp\":\"" OTHER_APP "\"",
        "\"azp\":\"portal\"",
        "\"azp\":null",
        "\"azp\":7,\"client_id\":\"" APP "\"",
        "\"exp\":1799999700",
        "\"exp\":null",
        "\"nbf\":1800000301",
        "\"iat\":1800000301",
    };
    start(0);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        expect_refused(rsa_token(rows[i]), rows[i]);
}

static const char *sign_hmac(const void *secret, size_t size, const char *header) {
    const char *input = fixture_signing_input(&shared, header, claims(NULL));
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_size;
    assert_non_null(
        HMAC(EVP_sha256(), secret, (int)size, (const uint8_t *)input, strlen(input), mac, &mac_size));
    return clti_arena_format(&shared.arena, "%s.%s", input, fixture_encode(&shared, mac, mac_size)).data;
}

static void test_algorithms_cannot_be_confused(void **state) {
    (void)state;
    start(0);
    const char *modulus = json_string_value(json_object_get(rsa_jwk, "n"));
    expect_refused(sign_hmac(modulus, strlen(modulus), "{\"alg\":\"HS256\",\"kid\":\"one-rsa\"}"), "HS256");
    expect_refused(sign_hmac(modulus, strlen(modulus), RSA_HEADER), "HS256 as RS256");
    expect_refused(
        fixture_sign(&shared, rsa, "SHA512", "{\"alg\":\"RS512\",\"kid\":\"one-rsa\"}", claims(NULL)),
        "RS512");
    expect_refused(fixture_sign(&shared, rsa, "SHA512", RSA_HEADER, claims(NULL)), "RS512 as RS256");
    expect_refused(
        fixture_sign(&shared, rsa, "SHA256", "{\"alg\":\"ES256\",\"kid\":\"one-rsa\"}", claims(NULL)),
        "an RSA key for ES256");
    expect_refused(sign_es256(ec, "{\"alg\":\"RS256\",\"kid\":\"one-ec\"}", claims(NULL)),
                   "an EC key for RS256");
    expect_refused(sign_es256(ec, "{\"alg\":\"ES256\",\"kid\":\"one-rsa\"}", claims(NULL)),
                   "another key's id");
    static const char *const none[] = {"none", "None", "NONE", ""};
    for (size_t i = 0; i < CLTI_COUNT(none); i++) {
        const clt_str header =
            clti_arena_format(&shared.arena, "{\"alg\":\"%s\",\"kid\":\"one-rsa\"}", none[i]);
        const char *input = fixture_signing_input(&shared, header.data, claims(NULL));
        expect_refused(clti_arena_format(&shared.arena, "%s.", input).data, "none");
        expect_refused(clti_arena_format(&shared.arena, "%s.AA", input).data, "none with something");
    }
}

static void test_headers_cannot_bring_a_key_along(void **state) {
    (void)state;
    start(0);
    static const char *const members[] = {
        "\"jwk\":{}",     "\"jku\":\"" TWO "/keys\"", "\"x5u\":\"https://x\"",
        "\"x5c\":[\"\"]", "\"crit\":[\"exp\"]",       "\"b64\":false"};
    for (size_t i = 0; i < CLTI_COUNT(members); i++) {
        const clt_str header =
            clti_arena_format(&shared.arena, "{\"alg\":\"RS256\",\"kid\":\"one-rsa\",%s}", members[i]);
        expect_refused(fixture_sign(&shared, rsa, "SHA256", header.data, claims(NULL)), members[i]);
    }
    static const char *const ids[] = {"",
                                      "../one-rsa",
                                      "one-rsa' OR '1'='1",
                                      "one-rsa\\u0000",
                                      "ONE-RSA",
                                      "/dev/null",
                                      "https://one.example/tenant/keys",
                                      KEY_ID};
    for (size_t i = 0; i < CLTI_COUNT(ids); i++) {
        const clt_str header = clti_arena_format(&shared.arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", ids[i]);
        expect_refused(fixture_sign(&shared, shared.foreign, "SHA256", header.data, claims(NULL)), ids[i]);
        expect_refused(fixture_sign(&shared, rsa, "SHA256", header.data, claims(NULL)), ids[i]);
    }
    expect_refused(fixture_sign(&shared, rsa, "SHA256", "{\"alg\":\"RS256\"}", claims(NULL)), "no kid");
    expect_refused(
        fixture_sign(&shared, rsa, "SHA256", "{\"alg\":\"RS256\",\"kid\":[\"one-rsa\"]}", claims(NULL)),
        "a list of kids");
}

/* Each issuer speaks for itself: not for another, and not for us. */
static void test_an_issuer_cannot_speak_for_another(void **state) {
    (void)state;
    /* Two publishes keys by the names of One's and of ours. */
    json_t *as_one = public_of(two_jwk), *as_own = public_of(two_jwk);
    json_object_set_new(as_one, "kid", json_string("one-rsa"));
    json_object_set_new(as_own, "kid", json_string(KEY_ID));
    put(TWO_KEYS, keys_text(json_pack("[o, o, o]", public_of(two_jwk), as_one, as_own)));
    start(0);
    const char *right = "\"iss\":\"" TWO "\",\"aud\":\"two\",\"tid\":\"" TENANT "\"";
    expect_taken(fixture_sign(&shared, two, "SHA256", TWO_HEADER, claims(right)), "Two's own");
    expect_refused(fixture_sign(&shared, two, "SHA256", TWO_HEADER, claims(NULL)), "One's claims");
    expect_refused(fixture_sign(&shared, two, "SHA256", RSA_HEADER, claims(NULL)), "One's claims and kid");
    expect_refused(fixture_sign(&shared, two, "SHA256", GOOD_HEADER, fixture_claims(&shared, NULL)),
                   "our claims and kid");
    expect_refused(fixture_sign(&shared, two, "SHA256", TWO_HEADER, fixture_claims(&shared, NULL)),
                   "our claims");
    expect_refused(fixture_sign(&shared, shared.key, "SHA256", GOOD_HEADER, claims(NULL)),
                   "One's claims by us");
    expect_taken(rsa_token(NULL), "One's own, although Two has a key of that name");
    expect_taken(fixture_token(&shared, NULL), "ours, likewise");
}

/* ---- keys
 * --------------------------------------------------------------------------------------------------- */

static void test_unknown_keys_make_the_keys_be_fetched_once_a_minute_at_most(void **state) {
    (void)state;
    start(0);
    assert_int_equal(atomic_load(&documents[ONE_KEYS].fetches), 1);
    for (int i = 0; i < ROUNDS; i++) {
        const clt_str header =
            clti_arena_format(&shared.arena, "{\"alg\":\"RS256\",\"kid\":\"unknown-%d\"}", i);
        const char *input = fixture_signing_input(&shared, header.data, "{}");
        expect_refused(clti_arena_format(&shared.arena, "%s.AAAA", input).data, "unknown");
    }
    assert_int_equal(atomic_load(&documents[ONE_KEYS].fetches), 1);
    assert_int_equal(atomic_load(&documents[TWO_KEYS].fetches), 1);
}

static void test_a_new_key_is_found_and_a_removed_one_forgotten(void **state) {
    (void)state;
    put(ONE_KEYS, keys_text(json_pack("[o]", public_of(rsa_jwk))));
    start(1);
    const char *old_token = rsa_token(NULL), *new_token = sign_es256(ec, EC_HEADER, claims(NULL));
    expect_taken(old_token, "the old key's");
    put(ONE_KEYS, keys_text(json_pack("[o]", public_of(ec_jwk))));
    expect_refused(new_token, "not known yet");
    wait_for(&told, 3);
    expect_taken(new_token, "the new key's");
    expect_refused(old_token, "the old key's, although it was verified before");
}

static void test_an_issuer_that_is_down_does_not_stop_its_tokens(void **state) {
    (void)state;
    start(1);
    put(ONE_DISCOVERY, NULL);
    put(ONE_KEYS, NULL);
    expect_refused(fixture_sign(&shared, rsa, "SHA256", "{\"alg\":\"RS256\",\"kid\":\"x\"}", claims(NULL)),
                   "x");
    wait_for(&failures, 2);
    expect_taken(rsa_token("\"exp\":1800007777"), "a new token, by the keys at hand");
}

static void test_an_issuer_that_comes_up_late_is_found_without_a_token(void **state) {
    (void)state;
    put(ONE_DISCOVERY, NULL);
    start(1);
    expect_refused(rsa_token(NULL), "no keys yet");
    put(ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"" ONE "/keys\"}");
    const unsigned before = atomic_load(&failures);
    wait_for(&told, before + 2); /* Two's keys, the failures, and the first success */
    expect_taken(rsa_token(NULL), "once it is there");
}

static void test_bad_documents_are_refused_and_the_keys_at_hand_stay(void **state) {
    (void)state;
    char huge[300 * 1024];
    memset(huge, ' ', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    json_t *many = json_array();
    for (int i = 0; i < 65; i++)
        json_array_append_new(many, public_of(rsa_jwk));
    json_t *symmetric =
        json_pack("{s:s, s:s, s:s, s:s}", "kty", "oct", "alg", "HS256", "kid", "k", "k", "AAAA");
    json_t *weak = json_pack("{s:s, s:s, s:s, s:s}", "kty", "RSA", "kid", "w", "n", "AQAB", "e", "AQAB");
    json_t *other_use = public_of(rsa_jwk), *other_algorithm = public_of(rsa_jwk);
    json_object_set_new(other_use, "use", json_string("enc"));
    json_object_set_new(other_algorithm, "alg", json_string("RS512"));
    const struct {
        size_t which;
        const char *text, *why;
    } rows[] = {
        {ONE_DISCOVERY, "", "does not name the issuer"},
        {ONE_DISCOVERY, "[]", "does not name the issuer"},
        {ONE_DISCOVERY, "{\"issuer\":\"" TWO "\",\"jwks_uri\":\"" ONE "/keys\"}", "does not name the issuer"},
        {ONE_DISCOVERY, "{\"issuer\":\"" ONE "\"}", "no jwks_uri with https"},
        {ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"http://one.example/keys\"}", "with https"},
        {ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"http://127.0.0.1:1/keys\"}", "with https"},
        {ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"file:///etc/passwd\"}", "with https"},
        {ONE_DISCOVERY, "{\"issuer\":\"" ONE "\",\"jwks_uri\":\"https://u@one.example/keys\"}", "with https"},
        {ONE_KEYS, huge, "not to be had"},
        {ONE_KEYS, "", "is no JSON with a list of keys"},
        {ONE_KEYS, "{\"keys\":{}}", "is no JSON with a list of keys"},
        {ONE_KEYS, "{\"keys\":[],\"keys\":[]}", "is no JSON with a list of keys"},
        {ONE_KEYS, "{\"keys\":[]}", "has no key"},
        {ONE_KEYS, "{\"keys\":[7,null,[],{\"kty\":\"RSA\"}]}", "has no key"},
        {ONE_KEYS, keys_text(many), "more than 64 keys"},
        {ONE_KEYS, keys_text(json_pack("[o, o, o, o]", symmetric, weak, other_use, other_algorithm)),
         "has no key"},
    };
    start(1);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        set_up(state);
        put(rows[i].which, rows[i].text);
        const unsigned before = atomic_load(&failures);
        expect_refused(
            fixture_sign(&shared, rsa, "SHA256", "{\"alg\":\"RS256\",\"kid\":\"x\"}", claims(NULL)), "x");
        wait_for(&failures, before + 2); /* the first may still be of the row before */
        pthread_mutex_lock(&world);
        if (!strstr(last_failure, rows[i].why))
            fail_msg("%zu: %s", i, last_failure);
        pthread_mutex_unlock(&world);
        expect_taken(rsa_token(NULL), rows[i].why);
    }
}

static void test_issuers_that_are_set_wrongly_are_refused_at_the_start(void **state) {
    (void)state;
    const clti_issuer_options rows[] = {
        {CLTI_STR("http://one.example"), CLTI_STR("a"), CLTI_STR("t"), CLTI_STR("r")},
        {CLTI_STR("one.example"), CLTI_STR("a"), CLTI_STR("t"), CLTI_STR("r")},
        {CLTI_STR(ONE), CLTI_STR(""), CLTI_STR("t"), CLTI_STR("r")},
        {CLTI_STR(ONE), CLTI_STR("a"), CLTI_STR(""), CLTI_STR("r")},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const clti_identity_options options = {.store = shared.store,
                                               .public_url = URL,
                                               .issuers = &rows[i],
                                               .issuer_count = 1,
                                               .fetch_door = {fetch, tell, NULL}};
        clti_fault fault;
        assert_false(clti_identity_new(&options, &identity, &fault));
        assert_int_equal(fault.code, CLTI_FAULT_INVALID_PROPERTY);
    }
    identity = NULL;
}

static int group_set_up(void **state) {
    (void)state;
    fixture_init(&shared, true);
    rsa = make_key("RS256", "one-rsa", &rsa_jwk);
    ec = make_key("ES256", "one-ec", &ec_jwk);
    two = make_key("RS256", "two-rsa", &two_jwk);
    return 0;
}

static int group_tear_down(void **state) {
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(two);
    json_decref(rsa_jwk);
    json_decref(ec_jwk);
    json_decref(two_jwk);
    fixture_done(&shared);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(tokens_of_both_algorithms_name_partner_and_application),
        TEST(a_user_has_the_roles_of_the_configured_claim),
        TEST(a_user_without_roles_is_never_taken_for_an_application),
        TEST(own_tokens_go_on_as_before),
        TEST(claims_that_are_wrong_in_one_way_are_refused),
        TEST(algorithms_cannot_be_confused),
        TEST(headers_cannot_bring_a_key_along),
        TEST(an_issuer_cannot_speak_for_another),
        TEST(unknown_keys_make_the_keys_be_fetched_once_a_minute_at_most),
        TEST(a_new_key_is_found_and_a_removed_one_forgotten),
        TEST(an_issuer_that_is_down_does_not_stop_its_tokens),
        TEST(an_issuer_that_comes_up_late_is_found_without_a_token),
        TEST(bad_documents_are_refused_and_the_keys_at_hand_stay),
        TEST(issuers_that_are_set_wrongly_are_refused_at_the_start),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
