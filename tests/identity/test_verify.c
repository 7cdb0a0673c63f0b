#include "fixture.h"
#include <openssl/bio.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static identity_fixture shared;

/* One token that differs from a good one in one way. Without `build`, it is `header` and the good claims with
 * `claims` merged in (or `payload` as it stands), signed by the right key. */
typedef struct attack_row {
    const char *name;
    const char *header;
    const char *claims;
    const char *payload;
    const char *(*build)(void);
    clti_fault_code want;
    const char *text; /* part of the fault's text; NULL if the token is good */
} attack_row;

/* ---- builders of the odd ones ------------------------------------------------------------------------ */

static const char *good(void) {
    return fixture_token(&shared, NULL);
}

/* A good token's parts put together anew: H, P and S of the pattern stand for them. */
static const char *arranged(const char *pattern) {
    clt_str payload, signature;
    const clt_str header = clti_str_cut(clti_str(good()), '.', &payload);
    payload = clti_str_cut(payload, '.', &signature);
    clti_buf out;
    clti_buf_init(&out, 65536);
    for (const char *c = pattern; *c; c++) {
        if (*c == 'H')
            clti_buf_add(&out, header);
        else if (*c == 'P')
            clti_buf_add(&out, payload);
        else if (*c == 'S')
            clti_buf_add(&out, signature);
        else
            clti_buf_add_char(&out, *c);
    }
    clt_str result;
    assert_true(clti_buf_ok(&out) && clti_arena_copy(&shared.arena, clti_buf_str(&out), &result));
    clti_buf_done(&out);
    return result.data;
}

static const char *one_part(void) {
    return arranged("H");
}
static const char *two_parts(void) {
    return arranged("H.P");
}
static const char *empty_signature(void) {
    return arranged("H.P.");
}
static const char *empty_payload(void) {
    return arranged("H..S");
}
static const char *empty_header(void) {
    return arranged(".P.S");
}
static const char *four_parts(void) {
    return arranged("H.P.S.S");
}
static const char *five_parts(void) {
    return arranged("H.P.S.P.S");
}
static const char *padded_signature(void) {
    return arranged("H.P.S==");
}
static const char *padded_header(void) {
    return arranged("H=.P.S");
}
static const char *space_inside(void) {
    return arranged("H.P. S");
}
static const char *swapped(void) {
    return arranged("P.H.S");
}

/* 256 bytes end in a character of which two bits count; the other four must be zero. */
static const char *stray_bits(void) {
    char *token = strdup(good());
    char *last = &token[strlen(token) - 1];
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    *last = ALPHABET[(strchr(ALPHABET, *last) - ALPHABET) ^ 1];
    const clt_str copy = clti_arena_format(&shared.arena, "%s", token);
    free(token);
    return copy.data;
}

static const char *standard_alphabet(void) {
    return arranged("H.P.+/+/");
}

static const char *foreign_key(void) {
    return fixture_sign(&shared, shared.foreign, "SHA256", GOOD_HEADER, fixture_claims(&shared, NULL));
}
static const char *right_key_as_rs512(void) {
    return fixture_sign(&shared, shared.key, "SHA512",
                        "{\"typ\":\"JWT\",\"alg\":\"RS512\",\"kid\":\"" KEY_ID "\"}",
                        fixture_claims(&shared, NULL));
}
static const char *sha512_as_rs256(void) {
    return fixture_sign(&shared, shared.key, "SHA512", GOOD_HEADER, fixture_claims(&shared, NULL));
}

static const char *hmac(const char *header, const void *secret, size_t size) {
    const char *input = fixture_signing_input(&shared, header, fixture_claims(&shared, NULL));
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_size = 0;
    assert_non_null(
        HMAC(EVP_sha256(), secret, (int)size, (const uint8_t *)input, strlen(input), mac, &mac_size));
    return clti_arena_format(&shared.arena, "%s.%s", input, fixture_encode(&shared, mac, mac_size)).data;
}

#define HS256_HEADER "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"" KEY_ID "\"}"

static const char *hs256_with_pem(void) {
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PUBKEY(bio, shared.key), 1);
    char *pem;
    const long size = BIO_get_mem_data(bio, &pem);
    const char *token = hmac(HS256_HEADER, pem, (size_t)size);
    BIO_free(bio);
    return token;
}

static const char *hs256_with_jwk(void) {
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_keys(shared.identity, NOW, &shared.arena, &answer, &fault));
    return hmac(HS256_HEADER, answer.body.data, answer.body.size);
}

static const char *hs256_said_to_be_rs256(void) {
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_keys(shared.identity, NOW, &shared.arena, &answer, &fault));
    return hmac(GOOD_HEADER, answer.body.data, answer.body.size);
}

static const char *unsigned_token(const char *alg) {
    const clt_str header =
        clti_arena_format(&shared.arena, "{\"typ\":\"JWT\",\"alg\":\"%s\",\"kid\":\"" KEY_ID "\"}", alg);
    return fixture_signing_input(&shared, header.data, fixture_claims(&shared, NULL));
}
static const char *none_without_signature(void) {
    return clti_arena_format(&shared.arena, "%s.", unsigned_token("none")).data;
}
static const char *none_with_signature(void) {
    return clti_arena_format(&shared.arena, "%s.AAAA", unsigned_token("none")).data;
}
static const char *none_in_capitals(void) {
    return clti_arena_format(&shared.arena, "%s.AAAA", unsigned_token("NONE")).data;
}

/* Brings its own key, and would verify with it. */
static const char *embedded_jwk(void) {
    return fixture_sign(&shared, shared.foreign, "SHA256",
                        "{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\",\"jwk\":{\"kty\":\"RSA\"}}",
                        fixture_claims(&shared, NULL));
}

static const char *repeated(const char *before, char filler, size_t count, const char *after) {
    char *middle = malloc(count + 1);
    memset(middle, filler, count);
    middle[count] = '\0';
    const clt_str text = clti_arena_format(&shared.arena, "%s%s%s", before, middle, after);
    free(middle);
    return text.data;
}
static const char *huge_header(void) {
    return fixture_sign(&shared, shared.key, "SHA256",
                        repeated("{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\",\"pad\":\"", 'x', 16384, "\"}"),
                        fixture_claims(&shared, NULL));
}
static const char *deep_header(void) {
    return fixture_sign(&shared, shared.key, "SHA256",
                        repeated("{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\",\"deep\":", '[', 8000, ""),
                        fixture_claims(&shared, NULL));
}
static const char *deep_claims(void) {
    return fixture_sign(&shared, shared.key, "SHA256", GOOD_HEADER, repeated("{\"deep\":", '[', 8000, ""));
}
static const char *expired_by_another_key(void) {
    return fixture_sign(&shared, shared.foreign, "SHA256", GOOD_HEADER,
                        fixture_claims(&shared, "{\"exp\":1}"));
}

/* ---- the table --------------------------------------------------------------------------------------- */

#define DENIED            CLTI_FAULT_ACCESS_DENIED
#define AUDIENCE          CLTI_FAULT_WRONG_AUDIENCE
#define HEADER_WITH(more) "{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\"," more "}"
#define V2_ISSUER         "\"iss\":\"" URL "/" TENANT "/v2.0\",\"appid\":null"

/* A row reads best in one or two lines. */
/* clang-format off */
static const attack_row ATTACKS[] = {
    {.name = "v1"},
    {.name = "v2", .claims = "{" V2_ISSUER ",\"azp\":\"" APP "\"}"},
    {.name = "audience_with_slash", .claims = "{\"aud\":\"" API "/\"}"},
    {.name = "audience_application_id", .claims = "{\"aud\":\"fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd\"}"},
    {.name = "audience_graph", .claims = "{\"aud\":\"" GRAPH "\"}"},
    {.name = "audience_graph_with_slash", .claims = "{\"aud\":\"" GRAPH "/\"}"},
    {.name = "without_nbf_and_iat", .claims = "{\"nbf\":null,\"iat\":null}"},
    {.name = "expired_within_skew", .claims = "{\"exp\":1799999701}"},
    {.name = "not_yet_within_skew", .claims = "{\"nbf\":1800000300,\"iat\":1800000300}"},
    {.name = "unknown_header_member", .header = HEADER_WITH("\"x5t\":\"abc\"")},
    {.name = "one_part", .build = one_part, .want = DENIED, .text = "three parts"},
    {.name = "two_parts", .build = two_parts, .want = DENIED, .text = "three parts"},
    {.name = "four_parts", .build = four_parts, .want = DENIED, .text = "three parts"},
    {.name = "five_parts", .build = five_parts, .want = DENIED, .text = "three parts"},
    {.name = "empty_header", .build = empty_header, .want = DENIED, .text = "three parts"},
    {.name = "empty_payload", .build = empty_payload, .want = DENIED, .text = "three parts"},
    {.name = "empty_signature", .build = empty_signature, .want = DENIED, .text = "three parts"},
    {.name = "padded_signature", .build = padded_signature, .want = DENIED, .text = "three parts"},
    {.name = "padded_header", .build = padded_header, .want = DENIED, .text = "header"},
    {.name = "space_inside", .build = space_inside, .want = DENIED, .text = "three parts"},
    {.name = "stray_bits_in_the_last_character", .build = stray_bits, .want = DENIED, .text = "three parts"},
    {.name = "standard_base64", .build = standard_alphabet, .want = DENIED, .text = "three parts"},
    {.name = "header_and_payload_swapped", .build = swapped, .want = DENIED, .text = "token"},
    {.name = "header_not_json", .header = "alg=RS256", .want = DENIED, .text = "header"},
    {.name = "header_no_object", .header = "[\"RS256\"]", .want = DENIED, .text = "header"},
    {.name = "header_with_trailing_text", .header = GOOD_HEADER "x", .want = DENIED, .text = "header"},
    {.name = "header_alg_twice", .header = HEADER_WITH("\"alg\":\"RS256\""), .want = DENIED,
     .text = "header"},
    {.name = "header_bad_utf8", .header = HEADER_WITH("\"a\":\"\xff\""), .want = DENIED, .text = "header"},
    {.name = "header_nul_in_kid", .header = "{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\\u0000\"}",
     .want = DENIED, .text = "header"},
    {.name = "crit", .header = HEADER_WITH("\"crit\":[\"exp\"]"), .want = DENIED, .text = "'crit'"},
    {.name = "crit_empty", .header = HEADER_WITH("\"crit\":[]"), .want = DENIED, .text = "'crit'"},
    {.name = "crit_null", .header = HEADER_WITH("\"crit\":null"), .want = DENIED, .text = "'crit'"},
    {.name = "b64", .header = HEADER_WITH("\"b64\":true"), .want = DENIED, .text = "'b64'"},
    {.name = "jku", .header = HEADER_WITH("\"jku\":\"https://evil.example/keys\""), .want = DENIED,
     .text = "'jku'"},
    {.name = "x5u", .header = HEADER_WITH("\"x5u\":\"https://evil.example/c\""), .want = DENIED,
     .text = "'x5u'"},
    {.name = "x5c", .header = HEADER_WITH("\"x5c\":[\"AAAA\"]"), .want = DENIED, .text = "'x5c'"},
    {.name = "jwk", .build = embedded_jwk, .want = DENIED, .text = "'jwk'"},
    {.name = "alg_missing", .header = "{\"kid\":\"" KEY_ID "\"}", .want = DENIED, .text = "RS256"},
    {.name = "alg_no_text", .header = "{\"alg\":256,\"kid\":\"" KEY_ID "\"}", .want = DENIED,
     .text = "RS256"},
    {.name = "alg_in_small_letters", .header = "{\"alg\":\"rs256\",\"kid\":\"" KEY_ID "\"}", .want = DENIED,
     .text = "RS256"},
    {.name = "alg_none", .build = none_without_signature, .want = DENIED, .text = "three parts"},
    {.name = "alg_none_with_signature", .build = none_with_signature, .want = DENIED, .text = "RS256"},
    {.name = "alg_none_in_capitals", .build = none_in_capitals, .want = DENIED, .text = "RS256"},
    {.name = "hs256_with_public_pem", .build = hs256_with_pem, .want = DENIED, .text = "RS256"},
    {.name = "hs256_with_public_jwks", .build = hs256_with_jwk, .want = DENIED, .text = "RS256"},
    {.name = "hs256_said_to_be_rs256", .build = hs256_said_to_be_rs256, .want = DENIED, .text = "signature"},
    {.name = "rs512_by_the_right_key", .build = right_key_as_rs512, .want = DENIED, .text = "RS256"},
    {.name = "rs512_said_to_be_rs256", .build = sha512_as_rs256, .want = DENIED, .text = "signature"},
    {.name = "kid_missing", .header = "{\"alg\":\"RS256\"}", .want = DENIED, .text = "unknown key"},
    {.name = "kid_unknown", .header = "{\"alg\":\"RS256\",\"kid\":\"key-2\"}", .want = DENIED,
     .text = "unknown key"},
    {.name = "kid_no_text", .header = "{\"alg\":\"RS256\",\"kid\":1}", .want = DENIED, .text = "unknown key"},
    {.name = "foreign_key_with_our_kid", .build = foreign_key, .want = DENIED, .text = "signature"},
    {.name = "expired_by_another_key", .build = expired_by_another_key, .want = DENIED, .text = "signature"},
    {.name = "huge_header", .build = huge_header, .want = DENIED, .text = "too long"},
    {.name = "deep_header", .build = deep_header, .want = DENIED, .text = "header"},
    {.name = "deep_claims", .build = deep_claims, .want = DENIED, .text = "claims"},
    {.name = "claims_not_json", .payload = "hello", .want = DENIED, .text = "claims"},
    {.name = "claims_no_object", .payload = "[1]", .want = DENIED, .text = "claims"},
    {.name = "claims_twice", .payload = "{\"exp\":1,\"exp\":1900000000}", .want = DENIED, .text = "claims"},
    {.name = "expired", .claims = "{\"exp\":1799999700}", .want = DENIED, .text = "expired"},
    {.name = "exp_missing", .claims = "{\"exp\":null}", .want = DENIED, .text = "'exp'"},
    {.name = "exp_text", .claims = "{\"exp\":\"1900000000\"}", .want = DENIED, .text = "'exp'"},
    {.name = "exp_real", .claims = "{\"exp\":1900000000.5}", .want = DENIED, .text = "'exp'"},
    {.name = "exp_negative", .claims = "{\"exp\":-1}", .want = DENIED, .text = "'exp'"},
    {.name = "exp_largest", .claims = "{\"exp\":9223372036854775807}", .want = DENIED, .text = "'exp'"},
    {.name = "exp_beyond_64_bits", .payload = "{\"exp\":99999999999999999999}", .want = DENIED,
     .text = "claims"},
    {.name = "not_yet_valid", .claims = "{\"nbf\":1800000301}", .want = DENIED, .text = "not valid yet"},
    {.name = "nbf_text", .claims = "{\"nbf\":\"0\"}", .want = DENIED, .text = "'nbf'"},
    {.name = "issued_in_the_future", .claims = "{\"iat\":1800000301}", .want = DENIED,
     .text = "not valid yet"},
    {.name = "iat_true", .claims = "{\"iat\":true}", .want = DENIED, .text = "'iat'"},
    {.name = "tid_missing", .claims = "{\"tid\":null}", .want = DENIED, .text = "tenant"},
    {.name = "tid_no_guid", .claims = "{\"tid\":\"fabrikam\"}", .want = DENIED, .text = "tenant"},
    {.name = "issuer_missing", .claims = "{\"iss\":null}", .want = DENIED, .text = "another authority"},
    {.name = "issuer_of_the_original", .claims = "{\"iss\":\"https://sts.windows.net/" TENANT "/\"}",
     .want = DENIED, .text = "another authority"},
    {.name = "issuer_without_slash", .claims = "{\"iss\":\"" URL "/" TENANT "\"}", .want = DENIED,
     .text = "another authority"},
    {.name = "issuer_with_more", .claims = "{\"iss\":\"" URL "/" TENANT "/v2.0/\"}", .want = DENIED,
     .text = "another authority"},
    {.name = "issuer_of_another_tenant", .claims = "{\"iss\":\"" URL "/" OTHER "/\"}", .want = DENIED,
     .text = "another authority"},
    {.name = "appid_missing", .claims = "{\"appid\":null}", .want = DENIED, .text = "no application"},
    {.name = "appid_no_guid", .claims = "{\"appid\":\"app\"}", .want = DENIED, .text = "no application"},
    {.name = "appid_in_a_v2_token", .claims = "{\"iss\":\"" URL "/" TENANT "/v2.0\"}", .want = DENIED,
     .text = "no application"},
    {.name = "azp_in_a_v1_token", .claims = "{\"appid\":null,\"azp\":\"" APP "\"}", .want = DENIED,
     .text = "no application"},
    {.name = "audience_missing", .claims = "{\"aud\":null}", .want = AUDIENCE, .text = "audience"},
    {.name = "audience_list", .claims = "{\"aud\":[\"" API "\"]}", .want = AUDIENCE, .text = "audience"},
    {.name = "audience_other", .claims = "{\"aud\":\"https://graph.microsoft.com\"}", .want = AUDIENCE,
     .text = "audience"},
    {.name = "audience_longer", .claims = "{\"aud\":\"" API ".evil.example\"}", .want = AUDIENCE,
     .text = "audience"},
    {.name = "application_of_another_partner", .claims = "{\"appid\":\"" OTHER_APP "\"}", .want = DENIED,
     .text = "not registered"},
    {.name = "partner_without_the_application",
     .claims = "{\"tid\":\"" OTHER "\",\"iss\":\"" URL "/" OTHER "/\"}", .want = DENIED,
     .text = "not registered"},
    {.name = "partner_unknown",
     .claims = "{\"tid\":\"00000000-0000-0000-0000-000000000001\",\"iss\":\"" URL
               "/00000000-0000-0000-0000-000000000001/\"}",
     .want = DENIED, .text = "not registered"},
};
/* clang-format on */

static void test_attack(void **state) {
    const attack_row *attack = *state;
    const char *token =
        attack->build
            ? attack->build()
            : fixture_sign(&shared, shared.key, "SHA256", attack->header ? attack->header : GOOD_HEADER,
                           attack->payload ? attack->payload : fixture_claims(&shared, attack->claims));
    clti_remembered_token remembered = {0};
    clti_caller caller = {0};
    clti_fault fault = {0};
    /* Twice, so that a cache that keeps what it should not shows. */
    for (int i = 0; i < 2; i++) {
        const bool ok = fixture_verify(&shared, &remembered, token, NOW, &caller, &fault);
        if (!attack->text) {
            assert_true(ok);
            assert_true(clti_guid_equal(caller.partner, fixture_guid(TENANT)));
            assert_true(clti_guid_equal(caller.application, fixture_guid(APP)));
            assert_false(caller.has_user);
        } else {
            assert_false(ok);
            assert_int_equal(fault.code, attack->want);
            assert_non_null(strstr(fault.text, attack->text));
            assert_null(strstr(fault.text, token));
        }
    }
    clti_remembered_token_done(&remembered);
}

/* ---- the request's header ---------------------------------------------------------------------------- */

static void expect_header(clt_str header, clti_fault_code want) {
    clti_caller caller;
    clti_fault fault;
    assert_false(clti_identity_verify(shared.identity, NULL, header, NOW, &caller, &fault));
    assert_int_equal(fault.code, want);
}

static void test_no_header_or_another_scheme_is_a_missing_token(void **state) {
    (void)state;
    const char *token = good();
    expect_header((clt_str){0}, CLTI_FAULT_TOKEN_MISSING);
    expect_header(CLTI_STR(""), CLTI_FAULT_TOKEN_MISSING);
    expect_header(CLTI_STR("Bearer"), CLTI_FAULT_TOKEN_MISSING);
    expect_header(CLTI_STR("Bearer   "), CLTI_FAULT_TOKEN_MISSING);
    expect_header(CLTI_STR("Basic dXNlcjpwYXNz"), CLTI_FAULT_TOKEN_MISSING);
    expect_header(clti_str(token), CLTI_FAULT_TOKEN_MISSING);
    expect_header(clti_arena_format(&shared.arena, "Bearer%s", token), CLTI_FAULT_TOKEN_MISSING);
    expect_header(CLTI_STR("Bearer x"), CLTI_FAULT_ACCESS_DENIED);
    expect_header(clti_arena_format(&shared.arena, "Bearer %s %s", token, token), CLTI_FAULT_ACCESS_DENIED);
}

static void test_the_scheme_may_be_in_any_case(void **state) {
    (void)state;
    static const char *const SCHEMES[] = {"Bearer", "bearer", "BEARER", "bEaReR"};
    for (size_t i = 0; i < CLTI_COUNT(SCHEMES); i++) {
        clti_caller caller;
        clti_fault fault;
        const clt_str header = clti_arena_format(&shared.arena, "%s  %s ", SCHEMES[i], good());
        assert_true(clti_identity_verify(shared.identity, NULL, header, NOW, &caller, &fault));
        assert_int_equal(caller.not_after, NOW + 3600);
    }
}

static void test_a_token_over_16_kib_is_refused_and_one_of_16_kib_is_not(void **state) {
    (void)state;
    clti_caller caller;
    clti_fault fault;
    const char *overrides = repeated("{\"pad\":\"", 'x', 11400, "\"}");
    assert_true(strlen(fixture_token(&shared, overrides)) <= 16384);
    assert_true(fixture_verify(&shared, NULL, fixture_token(&shared, overrides), NOW, &caller, &fault));
    overrides = repeated("{\"pad\":\"", 'x', 11800, "\"}");
    assert_true(strlen(fixture_token(&shared, overrides)) > 16384);
    assert_false(fixture_verify(&shared, NULL, fixture_token(&shared, overrides), NOW, &caller, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_ACCESS_DENIED);
}

static void test_a_token_cut_anywhere_is_refused(void **state) {
    (void)state;
    const char *token = good();
    clti_caller caller;
    clti_fault fault;
    for (size_t size = 1; size < strlen(token); size++) {
        clt_str header = clti_arena_format(&shared.arena, "Bearer %.*s", (int)size, token);
        assert_false(clti_identity_verify(shared.identity, NULL, header, NOW, &caller, &fault));
        assert_int_equal(fault.code, CLTI_FAULT_ACCESS_DENIED);
    }
}

/* Also every bit of the signature's last character. */
static void test_a_token_with_any_bit_changed_is_refused(void **state) {
    (void)state;
    const char *token = good();
    clti_caller caller;
    clti_fault fault;
    assert_true(fixture_verify(&shared, NULL, token, NOW, &caller, &fault)); /* now it is cached */
    const clt_str header = clti_arena_format(&shared.arena, "Bearer %s", token);
    char *copy = malloc(header.size);
    memcpy(copy, header.data, header.size);
    for (size_t i = strlen("Bearer "); i < header.size; i++) {
        /* All bits of the last two characters, one of each other: a check costs an RSA operation. */
        const int bits = i + 2 < header.size ? 1 : 8;
        for (int bit = 0; bit < bits; bit++) {
            copy[i] = (char)(header.data[i] ^ 1 << bit);
            assert_false(clti_identity_verify(shared.identity, NULL, (clt_str){copy, header.size}, NOW,
                                              &caller, &fault));
        }
        copy[i] = header.data[i];
    }
    free(copy);
}

#define USER_CLAIMS "\"upn\":\"" USER "\",\"oid\":\"" USER_ID "\",\"scp\":\"user_impersonation\""

static void test_a_token_of_a_user_is_worth_what_the_user_is_now(void **state) {
    (void)state;
    static const struct {
        const char *claims;
        int64_t valid_from;
        bool is_disabled, is_good, has_mfa;
    } ROWS[] = {
        {"{" USER_CLAIMS "}", NOW, false, true, false},
        {"{" USER_CLAIMS ",\"amr\":[\"pwd\",\"mfa\"]}", NOW, false, true, true},
        {"{" USER_CLAIMS ",\"roles\":[\"HelpdeskAgents\"]}", NOW, false, true, false},
        {"{\"preferred_username\":\"" USER "\",\"oid\":\"" USER_ID "\"}", NOW, false, true, false},
        {"{" USER_CLAIMS "}", NOW + 1, false, false, false}, /* reset since */
        {"{" USER_CLAIMS "}", NOW, true, false, false},
        {"{" USER_CLAIMS ",\"oid\":null}", NOW, false, false, false},
        {"{" USER_CLAIMS ",\"oid\":\"" TENANT "\"}", NOW, false, false, false}, /* another of the same name */
        {"{" USER_CLAIMS ",\"upn\":\"nobody@fabrikam.example\"}", NOW, false, false, false},
        {"{\"scp\":\"user_impersonation\"}", NOW, false, false, false},
    };
    for (size_t i = 0; i < CLTI_COUNT(ROWS); i++) {
        clti_caller caller;
        clti_fault fault;
        fixture_put_user(&shared, ROWS[i].valid_from, ROWS[i].is_disabled);
        const bool ok =
            fixture_verify(&shared, NULL, fixture_token(&shared, ROWS[i].claims), NOW, &caller, &fault);
        if (ok != ROWS[i].is_good)
            fail_msg("%s: %s", ROWS[i].claims, ok ? "accepted" : "refused");
        if (!ok) {
            assert_int_equal(fault.code, CLTI_FAULT_ACCESS_DENIED);
            continue;
        }
        assert_true(caller.has_user);
        assert_int_equal(caller.has_mfa, ROWS[i].has_mfa);
        assert_int_equal(caller.roles, CLTI_ROLE_ADMIN_AGENTS);
        assert_string_equal(caller.user_name, USER);
    }
}

static void test_an_empty_or_null_scp_is_no_user(void **state) {
    (void)state;
    static const char *const TEXTS[] = {"null", "\"\"", "[]"};
    for (size_t i = 0; i < CLTI_COUNT(TEXTS); i++) {
        char *claims = strdup(fixture_claims(&shared, NULL));
        claims[strlen(claims) - 1] = '\0';
        const clt_str payload = clti_arena_format(&shared.arena, "%s,\"scp\":%s}", claims, TEXTS[i]);
        free(claims);
        clti_caller caller;
        clti_fault fault;
        const char *token = fixture_sign(&shared, shared.key, "SHA256", GOOD_HEADER, payload.data);
        assert_true(fixture_verify(&shared, NULL, token, NOW, &caller, &fault));
        assert_false(caller.has_user);
    }
}

static void test_a_failing_store_is_no_refusal(void **state) {
    (void)state;
    clti_caller caller;
    clti_fault fault;
    shared.spy.fails = true;
    const bool ok = fixture_verify(&shared, NULL, good(), NOW, &caller, &fault);
    shared.spy.fails = false;
    assert_false(ok);
    assert_int_equal(fault.code, CLTI_FAULT_STORE_FAILED);
}

static void test_the_graph_audience_can_be_refused(void **state) {
    (void)state;
    const clti_identity_options options = {.store = shared.store, .public_url = URL};
    clti_identity *identity;
    clti_caller caller;
    clti_fault fault;
    assert_true(clti_identity_new(&options, &identity, &fault));
    const char *token = fixture_token(&shared, "{\"aud\":\"" GRAPH "\"}");
    const clt_str header = clti_arena_format(&shared.arena, "Bearer %s", token);
    assert_false(clti_identity_verify(identity, NULL, header, NOW, &caller, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_WRONG_AUDIENCE);
    clti_identity_free(identity);
}

static int set_up(void **state) {
    (void)state;
    fixture_init(&shared, true);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    fixture_done(&shared);
    return 0;
}

int main(void) {
    static const struct CMUnitTest PLAIN[] = {
        cmocka_unit_test(test_no_header_or_another_scheme_is_a_missing_token),
        cmocka_unit_test(test_the_scheme_may_be_in_any_case),
        cmocka_unit_test(test_a_token_over_16_kib_is_refused_and_one_of_16_kib_is_not),
        cmocka_unit_test(test_a_token_cut_anywhere_is_refused),
        cmocka_unit_test(test_a_token_with_any_bit_changed_is_refused),
        cmocka_unit_test(test_a_token_of_a_user_is_worth_what_the_user_is_now),
        cmocka_unit_test(test_an_empty_or_null_scp_is_no_user),
        cmocka_unit_test(test_a_failing_store_is_no_refusal),
        cmocka_unit_test(test_the_graph_audience_can_be_refused),
    };
    static struct CMUnitTest tests[CLTI_COUNT(PLAIN) + CLTI_COUNT(ATTACKS)];
    static clti_arena names;                     /* live until the end */
    static attack_row rows[CLTI_COUNT(ATTACKS)]; /* cmocka wants the state writable */
    memcpy(tests, PLAIN, sizeof PLAIN);
    memcpy(rows, ATTACKS, sizeof ATTACKS);
    for (size_t i = 0; i < CLTI_COUNT(ATTACKS); i++) {
        const clt_str name = clti_arena_format(&names, "test_verify_%s_%s",
                                               rows[i].text ? "refuses" : "accepts", rows[i].name);
        tests[CLTI_COUNT(PLAIN) + i] =
            (struct CMUnitTest){.name = name.data, .test_func = test_attack, .initial_state = &rows[i]};
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
