/* How many tokens a client, and an address, may ask for. */
#include "fixture.h"
#include "identity/identity_private.h"
#include "support/test.h"

#define PER_CLIENT  3
#define PER_ADDRESS 5
#define GRANT       "grant_type=client_credentials&scope=" API "/.default&client_secret="
#define GOOD        GRANT "s3cret+%26%20more&client_id=" APP
#define OTHER_GOOD  GRANT "s3cret+%26%20more&client_id=" OTHER_APP
#define WRONG       GRANT "wrong&client_id=" APP

static identity_fixture shared;
static clti_identity *identity;

static int set_up(void **state) {
    clti_fault fault;
    const clti_identity_options options = {.store = shared.store,
                                           .public_url = URL,
                                           .tokens_per_client = PER_CLIENT,
                                           .tokens_per_address = PER_ADDRESS};
    (void)state;
    return clti_identity_new(&options, &identity, &fault) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    clti_identity_free(identity);
    return 0;
}

static clti_authority_answer ask(const char *tenant, const char *form, uint8_t address) {
    const clti_token_request request = {.version = CLTI_AUTHORITY_V2,
                                        .tenant = clti_str(tenant),
                                        .form = clti_str(form),
                                        .address = {{address}},
                                        .now = NOW};
    clti_authority_answer answer;
    clti_fault fault;
    assert_true(clti_authority_token(identity, &request, &shared.arena, &answer, &fault));
    return answer;
}

static void expect_throttled(const clti_authority_answer *answer) {
    assert_int_equal(answer->status, 429);
    assert_in_range(answer->retry_after, 1, 60);
    json_t *document = json_loadb(answer->body.data, answer->body.size, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(document, "error")), "temporarily_unavailable");
    json_decref(document);
}

static void test_limits_count_the_tokens_of_each_client(void **state) {
    (void)state;
    for (int i = 0; i < PER_CLIENT; i++)
        assert_int_equal(ask(TENANT, GOOD, 0).status, 200);
    const clti_authority_answer refused = ask(TENANT, GOOD, 0);
    expect_throttled(&refused);
    assert_int_equal(ask(OTHER, OTHER_GOOD, 0).status, 200);
}

/* Or anybody who knows a client's id could keep it from its tokens. */
static void test_limits_count_nothing_against_a_client_without_its_secret(void **state) {
    (void)state;
    for (int i = 0; i < 10 * PER_CLIENT; i++)
        assert_int_equal(ask(TENANT, WRONG, 0).status, 401);
    assert_int_equal(ask(TENANT, GOOD, 0).status, 200);
}

static void test_limits_count_every_request_of_each_address(void **state) {
    uint64_t by_client, by_address;
    (void)state;
    for (int i = 0; i < PER_ADDRESS; i++)
        assert_int_equal(ask(TENANT, WRONG, 1).status, 401);
    const clti_authority_answer refused = ask(TENANT, WRONG, 1);
    expect_throttled(&refused);
    assert_int_equal(ask(TENANT, GOOD, 2).status, 200);
    clti_identity_throttled(identity, &by_client, &by_address);
    assert_int_equal(by_client, 0);
    assert_int_equal(by_address, 1);
}

static clti_sign_in_result try_password(clt_str name, uint8_t address) {
    const clti_password_claim claim = {
        .name = name, .password = CLTI_STR("wrong password"), .address = {{address}}, .now = NOW};
    clti_user user;
    clti_sign_in_result result;
    clti_fault fault;
    assert_true(clti_password_try(identity, &claim, &shared.arena, &user, &result, &fault));
    return result;
}

static unsigned drain(clt_guid address) {
    unsigned count = 0;
    while (clti_rate_limit_take(identity->failures, address, CLTI_FAILURES_PER_ADDRESS, clti_steady_us()) ==
           0)
        count++;
    return count;
}

/* Of whatever names, so that none is locked. Buckets fill as time goes by, so what a pause may spoil is tried
 * again. Whoever has no address is of this machine. */
static void test_limits_count_the_failures_of_each_address(void **state) {
    uint8_t address = 3;
    (void)state;
    while (try_password(CLTI_STR("one@nobody.example"), address) == CLTI_SIGN_IN_WRONG &&
           drain((clt_guid){{address}}) != CLTI_FAILURES_PER_ADDRESS - 1 && address < 10)
        address++;
    assert_true(address < 10);
    int tries = 0;
    do
        (void)drain((clt_guid){{1}});
    while (try_password(CLTI_STR("more@nobody.example"), 1) != CLTI_SIGN_IN_LOCKED && ++tries < 8);
    assert_true(tries < 8);
    assert_int_equal(try_password(CLTI_STR("two@nobody.example"), 2), CLTI_SIGN_IN_WRONG);
    assert_int_equal(try_password(CLTI_STR("two@nobody.example"), 0), CLTI_SIGN_IN_WRONG);
}

static int group_set_up(void **state) {
    (void)state;
    fixture_init(&shared, true);
    return 0;
}

static int group_tear_down(void **state) {
    (void)state;
    fixture_done(&shared);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_limits_##name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(count_the_tokens_of_each_client),
        TEST(count_nothing_against_a_client_without_its_secret),
        TEST(count_every_request_of_each_address),
        TEST(count_the_failures_of_each_address),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
