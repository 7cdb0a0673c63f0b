#include "fixture.h"
#include "identity/identity_private.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static identity_fixture shared;

static bool accepts(clti_remembered_token *remembered, const char *token, int64_t now) {
    clti_caller caller;
    clti_fault fault;
    const bool ok = fixture_verify(&shared, remembered, token, now, &caller, &fault);
    if (!ok)
        assert_int_equal(fault.code, CLTI_FAULT_ACCESS_DENIED);
    return ok;
}

static unsigned lookups(void) {
    return atomic_load(&shared.spy.application_finds);
}

/* A token of its own, so that no test meets another's cache entry. */
static const char *new_token(void) {
    static int number;
    return fixture_token(&shared, clti_arena_format(&shared.arena, "{\"uti\":\"%d\"}", number++).data);
}

/* ---- behaviour --------------------------------------------------------------------------------------- */

static void test_a_token_is_verified_once(void **state) {
    (void)state;
    const char *token = new_token();
    clti_remembered_token one = {0}, two = {0};
    const unsigned before = lookups();
    assert_true(accepts(&one, token, NOW));
    assert_int_equal(lookups(), before + 1);
    assert_true(accepts(&one, token, NOW)); /* the connection remembers */
    assert_true(accepts(&two, token, NOW)); /* the shared cache answers */
    assert_true(accepts(NULL, token, NOW));
    assert_int_equal(lookups(), before + 1);
    clti_remembered_token_done(&one);
    clti_remembered_token_done(&two);
}

static void test_a_connection_remembers_its_last_token_only(void **state) {
    (void)state;
    const char *first = new_token();
    const char *second = fixture_token(&shared, "{\"nbf\":null}");
    clti_remembered_token remembered = {0};
    assert_true(accepts(&remembered, first, NOW));
    assert_memory_equal(remembered.token, first, strlen(first));
    assert_true(accepts(&remembered, second, NOW));
    assert_int_equal(remembered.size, strlen(second));
    assert_memory_equal(remembered.token, second, strlen(second));
    assert_false(accepts(&remembered, "x.y.z", NOW));
    assert_true(accepts(&remembered, first, NOW));
    clti_remembered_token_done(&remembered);
    assert_null(remembered.token);
    clti_remembered_token_done(&remembered);
}

static void test_a_cached_token_expires_too(void **state) {
    (void)state;
    const char *token = new_token();
    clti_remembered_token remembered = {0};
    assert_true(accepts(&remembered, token, NOW));
    assert_true(accepts(&remembered, token, NOW + 3600 + 299));
    assert_false(accepts(&remembered, token, NOW + 3600 + 300));
    assert_false(accepts(NULL, token, NOW + 3600 + 300));
    clti_remembered_token_done(&remembered);
}

static void test_a_refusal_is_not_cached(void **state) {
    (void)state;
    const char *token = new_token();
    clti_remembered_token remembered = {0};
    shared.spy.hides_applications = true;
    assert_false(accepts(&remembered, token, NOW));
    assert_null(remembered.token);
    shared.spy.hides_applications = false;
    assert_true(accepts(&remembered, token, NOW));
    clti_remembered_token_done(&remembered);
}

static void test_a_removed_application_or_partner_loses_access_with_the_next_generation(void **state) {
    (void)state;
    bool *const hidden[] = {&shared.spy.hides_applications, &shared.spy.hides_partners};
    for (size_t i = 0; i < CLTI_COUNT(hidden); i++) {
        const char *token = new_token();
        clti_remembered_token remembered = {0};
        assert_true(accepts(&remembered, token, NOW));
        *hidden[i] = true;
        shared.spy.extra_generations++;
        assert_false(accepts(&remembered, token, NOW));
        assert_false(accepts(NULL, token, NOW));
        *hidden[i] = false;
        shared.spy.extra_generations++;
        assert_true(accepts(&remembered, token, NOW));
        clti_remembered_token_done(&remembered);
    }
}

static void test_a_new_key_is_known_at_once_and_the_old_one_stays(void **state) {
    (void)state;
    const char *header = "{\"alg\":\"RS256\",\"kid\":\"key-2\"}";
    const char *claims = fixture_claims(&shared, NULL);
    assert_false(accepts(NULL, fixture_sign(&shared, shared.foreign, "SHA256", header, claims), NOW));
    EVP_PKEY *key = fixture_add_key(shared.store, "key-2", NOW + 1);
    assert_true(accepts(NULL, fixture_sign(&shared, key, "SHA256", header, claims), NOW));
    assert_true(accepts(NULL, new_token(), NOW));
    assert_false(accepts(NULL, fixture_sign(&shared, key, "SHA256", GOOD_HEADER, claims), NOW));
    EVP_PKEY_free(key);
}

static void test_an_unreadable_key_is_found_at_the_start(void **state) {
    (void)state;
    static const char *const KEYS[] = {
        "",
        "not json",
        "{}",
        "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAAA\"}",
        "{\"kty\":\"RSA\",\"alg\":\"RS512\",\"n\":\"AAAA\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\"}",
    };
    for (size_t i = 0; i < CLTI_COUNT(KEYS); i++) {
        identity_fixture other;
        fixture_init(&other, true);
        const clti_signing_key key = {
            .id = CLTI_STR("broken"), .private_jwk = clti_str(KEYS[i]), .created = NOW + 1};
        const clti_change change = {.kind = CLTI_CHANGE_KEY_PUT, .of.key = &key};
        clti_outcome outcome;
        clti_fault fault;
        assert_true(clti_store_apply(other.store, &change, 1, &outcome, &fault));
        const clti_identity_options options = {.store = other.store, .public_url = URL};
        clti_identity *identity;
        assert_false(clti_identity_new(&options, &identity, &fault));
        assert_int_equal(fault.code, CLTI_FAULT_STORE_FAILED);
        assert_non_null(strstr(fault.text, "broken"));
        fixture_done(&other);
    }
}

/* ---- the cache by itself ----------------------------------------------------------------------------- */

static void digest_of(unsigned number, uint8_t out[CLTI_SHA256_SIZE]) {
    clti_sha256((clt_str){(const char *)&number, sizeof number}, out);
}

static bool holds(clti_token_cache *cache, unsigned number, uint64_t generation) {
    uint8_t digest[CLTI_SHA256_SIZE];
    clti_caller caller;
    digest_of(number, digest);
    const bool found = clti_token_cache_find(cache, digest, generation, &caller);
    if (found)
        assert_int_equal(caller.not_after, number);
    return found;
}

static void put(clti_token_cache *cache, unsigned number, uint64_t generation) {
    uint8_t digest[CLTI_SHA256_SIZE];
    digest_of(number, digest);
    clti_token_cache_put(cache, digest, generation, &(clti_caller){.not_after = number});
}

static void test_cache_keeps_what_is_used_when_it_overflows(void **state) {
    (void)state;
    clti_token_cache *cache = clti_token_cache_new();
    assert_non_null(cache);
    assert_false(holds(cache, 0, 0)); /* an empty entry is no entry of generation 0 */
    for (unsigned i = 0; i < 100000; i++) {
        put(cache, i, 7);
        assert_true(holds(cache, i, 7));
        assert_true(holds(cache, 0, 7)); /* used all the time, so it never gives way */
    }
    unsigned kept = 0;
    for (unsigned i = 0; i < 100000; i++)
        kept += holds(cache, i, 7);
    assert_in_range(kept, 16000, 16384);
    clti_token_cache_free(cache);
}

static void test_cache_of_1000_tokens_forgets_none(void **state) {
    (void)state;
    clti_token_cache *cache = clti_token_cache_new();
    assert_non_null(cache);
    for (unsigned i = 0; i < 1000; i++)
        put(cache, i, 1);
    for (unsigned i = 0; i < 1000; i++)
        assert_true(holds(cache, i, 1));
    clti_token_cache_free(cache);
}

static void test_cache_of_10000_tokens_forgets_fewer_than_one_in_100(void **state) {
    (void)state;
    clti_token_cache *cache = clti_token_cache_new();
    assert_non_null(cache);
    for (unsigned i = 0; i < 10000; i++)
        put(cache, i, 1);
    unsigned kept = 0;
    for (unsigned i = 0; i < 10000; i++)
        kept += holds(cache, i, 1);
    assert_in_range(kept, 9900, 10000);
    clti_token_cache_free(cache);
}

static void test_cache_is_empty_at_another_generation(void **state) {
    (void)state;
    clti_token_cache *cache = clti_token_cache_new();
    assert_non_null(cache);
    put(cache, 1, 1);
    assert_false(holds(cache, 1, 2));
    assert_false(holds(cache, 1, 0));
    put(cache, 1, 2);
    assert_true(holds(cache, 1, 2));
    assert_false(holds(cache, 1, 1));
    clti_token_cache_free(cache);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_token_is_verified_once),
        cmocka_unit_test(test_a_connection_remembers_its_last_token_only),
        cmocka_unit_test(test_a_cached_token_expires_too),
        cmocka_unit_test(test_a_refusal_is_not_cached),
        cmocka_unit_test(test_a_removed_application_or_partner_loses_access_with_the_next_generation),
        cmocka_unit_test(test_a_new_key_is_known_at_once_and_the_old_one_stays),
        cmocka_unit_test(test_an_unreadable_key_is_found_at_the_start),
        cmocka_unit_test(test_cache_keeps_what_is_used_when_it_overflows),
        cmocka_unit_test(test_cache_of_1000_tokens_forgets_none),
        cmocka_unit_test(test_cache_of_10000_tokens_forgets_fewer_than_one_in_100),
        cmocka_unit_test(test_cache_is_empty_at_another_generation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
