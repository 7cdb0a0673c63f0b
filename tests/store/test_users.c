/* What every store must do with users and what they granted, shown on both stores. */
#include "store/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};

static void put_partners(sample_any *in) {
    const clti_partner partners[] = {{.id = fabrikam, .domain = CLTI_STR("fabrikam.example")},
                                     {.id = northwind, .domain = CLTI_STR("northwind.example")}};
    for (size_t i = 0; i < CLTI_COUNT(partners); i++)
        assert_true(
            sample_apply(in->store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[i]}).done);
}

static clti_user user(clt_guid partner, const char *name) {
    return (clti_user){.partner = partner,
                       .id = sample_guid(7),
                       .name = clti_str(name),
                       .display_name = CLTI_STR("Zoë"),
                       .roles = CLTI_ROLE_ADMIN_AGENTS | CLTI_ROLE_HELPDESK_AGENTS,
                       .password_hash = CLTI_STR("$argon2id$"),
                       .totp_secret = CLTI_STR("GEZDGNBVGY3TQOJQ"),
                       .valid_from = 1234567890123,
                       .is_enrolling = true,
                       .is_disabled = true,
                       .is_demo = true};
}

static clti_outcome put_user(sample_any *in, const clti_user *value) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_USER_PUT, .of.user = value});
}

static bool find_user(sample_any *in, clt_guid partner, const char *name, clti_user *out) {
    bool found;
    clti_fault fault;
    assert_true(clti_store_user_find(in->store, partner, clti_str(name), &in->arena, out, &found, &fault));
    return found;
}

static void test_user_needs_a_partner_and_comes_back_whole(void **state) {
    sample_any *in = *state;
    const clti_user value = user(fabrikam, "zoe@fabrikam.example");
    clti_user found;
    assert_int_equal(put_user(in, &value).refusal, CLTI_FAULT_NOT_FOUND);
    put_partners(in);
    assert_true(put_user(in, &value).done);
    assert_true(find_user(in, fabrikam, "zoe@fabrikam.example", &found));
    assert_true(clti_guid_equal(found.partner, fabrikam) && clti_guid_equal(found.id, value.id));
    sample_assert_str(found.name, "zoe@fabrikam.example");
    sample_assert_str(found.display_name, "Zoë");
    sample_assert_str(found.password_hash, "$argon2id$");
    sample_assert_str(found.totp_secret, "GEZDGNBVGY3TQOJQ");
    assert_int_equal(found.roles, value.roles);
    assert_int_equal(found.valid_from, value.valid_from);
    assert_true(found.is_enrolling && found.is_disabled && found.is_demo);
    assert_false(find_user(in, northwind, "zoe@fabrikam.example", &found));
    assert_false(find_user(in, fabrikam, "zoe@fabrikam.exampl", &found));
    assert_false(find_user(in, fabrikam, "", &found));
}

static void test_user_name_of_impossible_length_is_no_user(void **state) {
    sample_any *in = *state;
    clti_user found;
    char name[CLTI_USER_NAME_MAX + 2];
    memset(name, 'a', sizeof name);
    name[CLTI_USER_NAME_MAX + 1] = '\0';
    put_partners(in);
    const clti_user too_long = user(fabrikam, name);
    const clti_user empty = user(fabrikam, "");
    assert_int_equal(put_user(in, &too_long).refusal, CLTI_FAULT_INVALID_PROPERTY);
    assert_int_equal(put_user(in, &empty).refusal, CLTI_FAULT_INVALID_PROPERTY);
    assert_false(find_user(in, fabrikam, name, &found));
    name[CLTI_USER_NAME_MAX] = '\0';
    const clti_user longest = user(fabrikam, name);
    assert_true(put_user(in, &longest).done);
    assert_true(find_user(in, fabrikam, name, &found));
}

static void test_users_are_all_there_ordered_and_go_with_their_partner(void **state) {
    sample_any *in = *state;
    clti_user *found;
    size_t count;
    clti_fault fault;
    put_partners(in);
    const clti_user values[] = {user(fabrikam, "b@x"), user(fabrikam, "a@x"), user(northwind, "c@x"),
                                user(fabrikam, "a@x")};
    for (size_t i = 0; i < CLTI_COUNT(values); i++)
        assert_true(put_user(in, &values[i]).done);
    assert_true(clti_store_users(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 3);
    sample_assert_str(found[0].name, "c@x");
    sample_assert_str(found[1].name, "a@x");
    sample_assert_str(found[2].name, "b@x");
    clti_change change = {.kind = CLTI_CHANGE_USER_DELETE, .of.deleted_user = {northwind, CLTI_STR("a@x")}};
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_NOT_FOUND);
    change.of.deleted_user.partner = fabrikam;
    assert_true(sample_apply(in->store, change).done);
    change = (clti_change){CLTI_CHANGE_PARTNER_DELETE, .of.deleted_partner = fabrikam};
    assert_true(sample_apply(in->store, change).done);
    assert_true(clti_store_users(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    assert_true(clti_guid_equal(found[0].partner, northwind));
}

static void test_application_keeps_its_redirects_and_second_secret(void **state) {
    sample_any *in = *state;
    clti_application found, value = {.partner = fabrikam,
                                     .id = sample_guid(1),
                                     .redirect_uris = CLTI_STR("https://a.example/\nhttp://localhost/"),
                                     .is_public = true};
    bool is_found;
    clti_fault fault;
    memset(value.second_sha256, 9, sizeof value.second_sha256);
    put_partners(in);
    assert_true(
        sample_apply(in->store, (clti_change){CLTI_CHANGE_APPLICATION_PUT, .of.application = &value}).done);
    assert_true(
        clti_store_application_find(in->store, fabrikam, value.id, &in->arena, &found, &is_found, &fault));
    assert_true(is_found && found.is_public);
    sample_assert_str(found.redirect_uris, "https://a.example/\nhttp://localhost/");
    assert_memory_equal(found.secret_sha256, value.secret_sha256, sizeof value.secret_sha256);
    assert_memory_equal(found.second_sha256, value.second_sha256, sizeof value.second_sha256);
}

/* ---- grants ---- */

static clti_user_grant grant(uint64_t number) {
    clti_user_grant made = {.id = sample_guid(number),
                            .revision = 1,
                            .state = CLTI_GRANT_CODE,
                            .partner = fabrikam,
                            .application = northwind,
                            .user = CLTI_STR("zoe@fabrikam.example"),
                            .scope = CLTI_STR("openid"),
                            .redirect = CLTI_STR("https://a.example/"),
                            .challenge = CLTI_STR("challenge"),
                            .nonce = CLTI_STR("nonce"),
                            .has_mfa = true,
                            .signed_in = 1000,
                            .polled = 1001,
                            .expires = 2000};
    memset(made.secret_sha256, 3, sizeof made.secret_sha256);
    return made;
}

static clti_outcome put_grant(sample_any *in, const clti_user_grant *value) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = value});
}

static bool find_grant(sample_any *in, clt_guid id, clti_user_grant *out) {
    bool found;
    clti_fault fault;
    assert_true(clti_store_grant_find(in->store, id, &in->arena, out, &found, &fault));
    return found;
}

static void test_grant_comes_back_whole(void **state) {
    sample_any *in = *state;
    const clti_user_grant value = grant(1);
    clti_user_grant found;
    assert_false(find_grant(in, value.id, &found));
    assert_true(put_grant(in, &value).done);
    assert_true(find_grant(in, value.id, &found));
    assert_true(clti_guid_equal(found.id, value.id) && clti_guid_equal(found.partner, fabrikam) &&
                clti_guid_equal(found.application, northwind));
    sample_assert_str(found.user, "zoe@fabrikam.example");
    sample_assert_str(found.scope, "openid");
    sample_assert_str(found.redirect, "https://a.example/");
    sample_assert_str(found.challenge, "challenge");
    sample_assert_str(found.nonce, "nonce");
    assert_memory_equal(found.secret_sha256, value.secret_sha256, sizeof value.secret_sha256);
    assert_int_equal(found.state, CLTI_GRANT_CODE);
    assert_true(found.has_mfa && found.revision == 1 && found.signed_in == 1000 && found.polled == 1001 &&
                found.expires == 2000);
}

/* Of two who change the same grant at once, one wins: a code or refresh token is used once. */
static void test_grant_changes_only_from_the_revision_before(void **state) {
    sample_any *in = *state;
    clti_user_grant found, value = grant(1);
    value.revision = 2;
    assert_int_equal(put_grant(in, &value).refusal, CLTI_FAULT_CONFLICT);
    value.revision = 1;
    assert_true(put_grant(in, &value).done);
    assert_int_equal(put_grant(in, &value).refusal, CLTI_FAULT_CONFLICT);
    value.revision = 2;
    value.state = CLTI_GRANT_REFRESHING;
    assert_true(put_grant(in, &value).done);
    assert_int_equal(put_grant(in, &value).refusal, CLTI_FAULT_CONFLICT);
    assert_true(find_grant(in, value.id, &found));
    assert_int_equal(found.state, CLTI_GRANT_REFRESHING);
    const clti_change change = {CLTI_CHANGE_GRANT_DELETE, .of.deleted_grant = value.id};
    assert_true(sample_apply(in->store, change).done);
    assert_true(sample_apply(in->store, change).done);
    assert_false(find_grant(in, value.id, &found));
    value.revision = 3;
    assert_int_equal(put_grant(in, &value).refusal, CLTI_FAULT_CONFLICT);
}

static void test_expired_grants_go_as_new_ones_come(void **state) {
    sample_any *in = *state;
    clti_user_grant found;
    size_t left = 0;
    for (uint64_t i = 0; i < 100; i++) {
        clti_user_grant old = grant(i);
        old.expires = i % 2 ? 2000 : 9000;
        assert_true(put_grant(in, &old).done);
    }
    for (uint64_t i = 100; i < 120; i++) {
        clti_user_grant later = grant(i);
        later.signed_in = 2000;
        later.expires = 9000;
        assert_true(put_grant(in, &later).done);
    }
    for (uint64_t i = 0; i < 120; i++)
        left += find_grant(in, sample_guid(i), &found);
    assert_int_equal(left, 70);
}

static void test_generation_changes_with_users_not_with_grants(void **state) {
    sample_any *in = *state;
    const clti_user someone = user(fabrikam, "a@x");
    const clti_user_grant granted = grant(1);
    uint64_t before, after;
    clti_fault fault;
    put_partners(in);
    assert_true(clti_store_generation(in->store, &before, &fault));
    assert_true(put_grant(in, &granted).done);
    assert_true(clti_store_generation(in->store, &after, &fault));
    assert_int_equal(after, before);
    assert_true(put_user(in, &someone).done);
    assert_true(clti_store_generation(in->store, &after, &fault));
    assert_int_equal(after, before + 1);
    const clti_change change = {CLTI_CHANGE_USER_DELETE, .of.deleted_user = {fabrikam, CLTI_STR("a@x")}};
    assert_true(sample_apply(in->store, change).done);
    assert_true(clti_store_generation(in->store, &after, &fault));
    assert_int_equal(after, before + 2);
}

static void test_signing_key_is_deleted_by_id(void **state) {
    sample_any *in = *state;
    clti_signing_key *found;
    size_t count;
    clti_fault fault;
    const clti_signing_key keys[] = {{CLTI_STR("a"), CLTI_STR("{}"), 1, 0},
                                     {CLTI_STR("b"), CLTI_STR("{}"), 2, 0}};
    for (size_t i = 0; i < CLTI_COUNT(keys); i++)
        assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &keys[i]}).done);
    const clti_change change = {CLTI_CHANGE_KEY_DELETE, .of.deleted_key = CLTI_STR("b")};
    assert_true(sample_apply(in->store, change).done);
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_NOT_FOUND);
    assert_true(clti_store_signing_keys(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    sample_assert_str(found[0].id, "a");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_ALL(test_user_needs_a_partner_and_comes_back_whole),
        SAMPLE_ON_ALL(test_user_name_of_impossible_length_is_no_user),
        SAMPLE_ON_ALL(test_users_are_all_there_ordered_and_go_with_their_partner),
        SAMPLE_ON_ALL(test_application_keeps_its_redirects_and_second_secret),
        SAMPLE_ON_ALL(test_grant_comes_back_whole),
        SAMPLE_ON_ALL(test_grant_changes_only_from_the_revision_before),
        SAMPLE_ON_ALL(test_expired_grants_go_as_new_ones_come),
        SAMPLE_ON_ALL(test_generation_changes_with_users_not_with_grants),
        SAMPLE_ON_ALL(test_signing_key_is_deleted_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
