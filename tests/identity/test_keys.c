/* The succession of signing keys: which one signs, which ones verify, and until when. */
#include "fixture.h"
#include "support/test.h"
#include <string.h>

#define LEAD     CLTI_KEY_LEAD_SECONDS
#define LIFETIME 3600 /* of a token */
#define SKEW     300

static identity_fixture shared;

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

static const char *ask(int64_t now) {
    const clti_token_request request = {.version = CLTI_AUTHORITY_V2,
                                        .tenant = CLTI_STR(TENANT),
                                        .form = CLTI_STR("grant_type=client_credentials&scope=" API
                                                         "/.default&client_id=" APP
                                                         "&client_secret=s3cret+%26%20more"),
                                        .now = now};
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_token(shared.identity, &request, &shared.arena, &answer, &fault));
    assert_int_equal(answer.status, 200);
    json_t *document = json_loadb(answer.body.data, answer.body.size, 0, NULL);
    const clt_str token =
        clti_arena_format(&shared.arena, "%s", json_string_value(json_object_get(document, "access_token")));
    json_decref(document);
    return token.data;
}

static bool verifies(const char *token, int64_t now) {
    clti_caller caller;
    clti_fault fault;
    return fixture_verify(&shared, NULL, token, now, &caller, &fault);
}

static size_t published(int64_t now) {
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_keys(shared.identity, now, &shared.arena, &answer, &fault));
    json_t *document = json_loadb(answer.body.data, answer.body.size, 0, NULL);
    const size_t count = json_array_size(json_object_get(document, "keys"));
    json_decref(document);
    return count;
}

static bool rotate(int64_t now, bool at_once, clti_fault *fault) {
    return clti_identity_rotate_keys(shared.store, now, at_once, &shared.arena, fault);
}

static void expect_states(int64_t now, const clti_key_state *want, size_t want_count) {
    clti_key_state_at *keys;
    size_t count;
    clti_fault fault;
    assert_true(clti_identity_key_states(shared.store, now, &shared.arena, &keys, &count, &fault));
    assert_int_equal(count, want_count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(keys[i].state, want[i]);
}

#define EXPECT_STATES(now, ...)                                                                              \
    expect_states(now, (const clti_key_state[]){__VA_ARGS__},                                                \
                  CLTI_COUNT(((const clti_key_state[]){__VA_ARGS__})))

static clt_str key_of(const char *token) {
    const char *dot = strchr(token, '.');
    uint8_t *bytes = clti_arena_alloc(&shared.arena, (size_t)(dot - token));
    size_t size;
    assert_true(clti_base64url_decode((clt_str){token, (size_t)(dot - token)}, bytes, &size));
    json_t *header = json_loadb((const char *)bytes, size, 0, NULL);
    const clt_str id =
        clti_arena_format(&shared.arena, "%s", json_string_value(json_object_get(header, "kid")));
    json_decref(header);
    return id;
}

static void test_keys_are_published_before_they_sign(void **state) {
    (void)state;
    clti_fault fault;
    EXPECT_STATES(NOW, CLTI_KEY_SIGNS);
    assert_true(rotate(NOW, false, &fault));
    EXPECT_STATES(NOW, CLTI_KEY_WAITS, CLTI_KEY_SIGNS);
    assert_int_equal(published(NOW), 2);
    assert_string_equal(key_of(ask(NOW + LEAD - 1)).data, KEY_ID);
    const char *fresh = ask(NOW + LEAD);
    assert_string_not_equal(key_of(fresh).data, KEY_ID);
    assert_true(verifies(fresh, NOW + LEAD));
    EXPECT_STATES(NOW + LEAD, CLTI_KEY_SIGNS, CLTI_KEY_VERIFIES);
}

static void test_old_keys_verify_until_their_last_token_has_expired(void **state) {
    (void)state;
    clti_fault fault;
    assert_true(rotate(NOW, false, &fault));
    const char *last = ask(NOW + LEAD - 1);
    const int64_t end = NOW + LEAD - 1 + LIFETIME + SKEW;
    assert_true(verifies(last, end - 1));
    assert_false(verifies(last, end));
    assert_int_equal(published(end), 2);
    assert_int_equal(published(end + 1), 1);
    /* Whoever has stolen the old key signs what he likes: it is worth nothing any more. */
    const char *forged = fixture_token(&shared, "{\"exp\":1900000000}");
    assert_true(verifies(forged, end));
    assert_false(verifies(fixture_token(&shared, "{\"exp\":1900000001}"), end + 1));
    EXPECT_STATES(end + 1, CLTI_KEY_SIGNS, CLTI_KEY_RETIRED);
}

static void test_two_keys_are_valid_at_a_time(void **state) {
    (void)state;
    clti_fault fault;
    assert_true(rotate(NOW, false, &fault));
    assert_false(rotate(NOW + 1, false, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_CONFLICT);
    assert_non_null(strstr(fault.text, "899 seconds"));
    assert_false(rotate(NOW + LEAD + LIFETIME, true, &fault));
    assert_non_null(strstr(fault.text, KEY_ID));
    assert_true(rotate(NOW + LEAD + LIFETIME + SKEW, false, &fault));
    EXPECT_STATES(NOW + LEAD + LIFETIME + SKEW, CLTI_KEY_WAITS, CLTI_KEY_SIGNS); /* the first is gone */
}

static void test_a_key_that_waits_can_be_told_to_sign_at_once(void **state) {
    (void)state;
    clti_fault fault;
    assert_true(rotate(NOW, false, &fault));
    assert_string_equal(key_of(ask(NOW)).data, KEY_ID);
    assert_true(rotate(NOW, true, &fault));
    EXPECT_STATES(NOW, CLTI_KEY_SIGNS, CLTI_KEY_VERIFIES);
    assert_string_not_equal(key_of(ask(NOW)).data, KEY_ID);
}

static void test_a_removed_key_is_refused_at_once_and_the_last_one_stays(void **state) {
    (void)state;
    clti_fault fault;
    const char *token = ask(NOW);
    assert_true(verifies(token, NOW));
    assert_false(clti_identity_remove_key(shared.store, CLTI_STR(KEY_ID), NOW, &shared.arena, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_CONFLICT);
    assert_false(clti_identity_remove_key(shared.store, CLTI_STR("other"), NOW, &shared.arena, &fault));
    assert_int_equal(fault.code, CLTI_FAULT_NOT_FOUND);
    assert_true(rotate(NOW, false, &fault));
    assert_true(clti_identity_remove_key(shared.store, CLTI_STR(KEY_ID), NOW, &shared.arena, &fault));
    assert_false(verifies(token, NOW));
    assert_true(verifies(ask(NOW), NOW)); /* somebody has to sign: the one that waits */
}

/* Two keys of one second, or a clock that was put back: the order is that in which they were made. */
static void test_keys_keep_their_order_whatever_the_clock_does(void **state) {
    (void)state;
    clti_fault fault;
    assert_true(rotate(NOW - 1000, true, &fault));
    EXPECT_STATES(NOW - 1000, CLTI_KEY_SIGNS, CLTI_KEY_VERIFIES);
    assert_string_not_equal(key_of(ask(NOW - 1000)).data, KEY_ID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(keys_are_published_before_they_sign),
        TEST(old_keys_verify_until_their_last_token_has_expired),
        TEST(two_keys_are_valid_at_a_time),
        TEST(a_key_that_waits_can_be_told_to_sign_at_once),
        TEST(a_removed_key_is_refused_at_once_and_the_last_one_stays),
        TEST(keys_keep_their_order_whatever_the_clock_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
