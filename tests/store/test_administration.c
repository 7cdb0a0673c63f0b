/* Applications and users with preconditions, shown on both stores: as expected, within limits, and never
 * without somebody to administer. */
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

/* ---- users ---- */

static clti_user user(clt_guid partner, const char *name, uint64_t number, uint8_t roles) {
    return (clti_user){.partner = partner,
                       .id = sample_guid(number),
                       .name = clti_str(name),
                       .roles = roles,
                       .password_hash = CLTI_STR("$argon2id$")};
}

static clti_outcome create_user(sample_any *in, const clti_user *value) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_USER_CREATE, .of.user = value});
}

static clti_outcome update_user(sample_any *in, const clti_user *value, const clti_user *expected) {
    return sample_apply(in->store,
                        (clti_change){CLTI_CHANGE_USER_UPDATE, .of.updated_user = {value, expected}});
}

static clti_outcome delete_user(sample_any *in, const clti_user *expected) {
    return sample_apply(in->store,
                        (clti_change){CLTI_CHANGE_USER_DELETE,
                                      .of.deleted_user = {expected->partner, expected->name, expected}});
}

static void test_user_is_created_once_by_name_and_by_id(void **state) {
    sample_any *in = *state;
    const clti_user first = user(fabrikam, "a@x", 1, CLTI_ROLE_SALES_AGENTS);
    const clti_user same_name = user(fabrikam, "a@x", 2, CLTI_ROLE_SALES_AGENTS);
    const clti_user same_id = user(fabrikam, "b@x", 1, CLTI_ROLE_SALES_AGENTS);
    const clti_user elsewhere = user(northwind, "a@x", 1, CLTI_ROLE_SALES_AGENTS);
    assert_int_equal(create_user(in, &first).refusal, CLTI_FAULT_NOT_FOUND);
    put_partners(in);
    assert_true(create_user(in, &first).done);
    assert_int_equal(create_user(in, &same_name).refusal, CLTI_FAULT_CONFLICT);
    assert_int_equal(create_user(in, &same_id).refusal, CLTI_FAULT_CONFLICT);
    assert_true(create_user(in, &elsewhere).done);
}

static void test_user_changes_only_from_what_is_expected(void **state) {
    sample_any *in = *state;
    const clti_user before = user(fabrikam, "a@x", 1, CLTI_ROLE_SALES_AGENTS);
    clti_user after = before, gone = user(fabrikam, "b@x", 2, CLTI_ROLE_SALES_AGENTS);
    after.roles = CLTI_ROLE_HELPDESK_AGENTS;
    put_partners(in);
    assert_true(create_user(in, &before).done);
    assert_true(update_user(in, &after, &before).done);
    assert_int_equal(update_user(in, &after, &before).refusal, CLTI_FAULT_STALE);
    assert_int_equal(update_user(in, &gone, &gone).refusal, CLTI_FAULT_STALE);
    assert_int_equal(delete_user(in, &before).refusal, CLTI_FAULT_STALE);
    assert_true(delete_user(in, &after).done);
}

static void test_last_administrator_stays_one(void **state) {
    sample_any *in = *state;
    const clti_user first = user(fabrikam, "a@x", 1, CLTI_ROLE_ADMIN_AGENTS | CLTI_ROLE_SALES_AGENTS);
    const clti_user second = user(fabrikam, "b@x", 2, CLTI_ROLE_ADMIN_AGENTS);
    const clti_user foreign = user(northwind, "a@x", 1, CLTI_ROLE_ADMIN_AGENTS);
    clti_user disabled = second, deprived = first, renamed = first;
    disabled.is_disabled = true;
    deprived.roles = CLTI_ROLE_SALES_AGENTS;
    renamed.display_name = CLTI_STR("A");
    put_partners(in);
    assert_true(create_user(in, &first).done && create_user(in, &second).done);
    assert_true(create_user(in, &foreign).done);
    assert_true(update_user(in, &disabled, &second).done);
    assert_int_equal(update_user(in, &deprived, &first).refusal, CLTI_FAULT_LAST_ADMIN);
    assert_int_equal(delete_user(in, &first).refusal, CLTI_FAULT_LAST_ADMIN);
    assert_int_equal(delete_user(in, &foreign).refusal, CLTI_FAULT_LAST_ADMIN);
    assert_true(update_user(in, &renamed, &first).done);
    assert_true(delete_user(in, &disabled).done);
    const clti_change by_operator = {CLTI_CHANGE_USER_DELETE,
                                     .of.deleted_user = {fabrikam, first.name, NULL}};
    assert_true(sample_apply(in->store, by_operator).done);
}

/* In one group, as two administrators may do it at the same time. */
static void test_two_administrators_cannot_disable_each_other(void **state) {
    sample_any *in = *state;
    clti_outcome outcomes[2];
    clti_fault fault;
    const clti_user both[] = {user(fabrikam, "a@x", 1, CLTI_ROLE_ADMIN_AGENTS),
                              user(fabrikam, "b@x", 2, CLTI_ROLE_ADMIN_AGENTS)};
    clti_user disabled[] = {both[0], both[1]};
    put_partners(in);
    for (size_t i = 0; i < 2; i++) {
        disabled[i].is_disabled = true;
        assert_true(create_user(in, &both[i]).done);
    }
    const clti_change changes[] = {
        {CLTI_CHANGE_USER_UPDATE, .of.updated_user = {&disabled[0], &both[0]}},
        {CLTI_CHANGE_USER_UPDATE, .of.updated_user = {&disabled[1], &both[1]}},
    };
    assert_true(clti_store_apply(in->store, changes, 2, outcomes, &fault));
    assert_true(outcomes[0].done);
    assert_int_equal(outcomes[1].refusal, CLTI_FAULT_LAST_ADMIN);
}

/* Users of which each has a name of its own, in groups. */
static void create_many(sample_any *in, size_t count) {
    clti_fault fault;
    for (size_t done = 0; done < count;) {
        clti_user users[50];
        clti_change changes[CLTI_COUNT(users)];
        clti_outcome outcomes[CLTI_COUNT(users)];
        for (size_t i = 0; i < CLTI_COUNT(users); i++, done++) {
            clt_str name = clti_arena_format(&in->arena, "%zu@x", done);
            users[i] = user(fabrikam, name.data, done, CLTI_ROLE_SALES_AGENTS);
            changes[i] = (clti_change){CLTI_CHANGE_USER_CREATE, .of.user = &users[i]};
        }
        assert_true(clti_store_apply(in->store, changes, CLTI_COUNT(users), outcomes, &fault));
        for (size_t i = 0; i < CLTI_COUNT(users); i++)
            assert_true(outcomes[i].done);
    }
}

static void test_users_are_limited_for_each_partner(void **state) {
    sample_any *in = *state;
    const clti_user one_more = user(fabrikam, "more@x", CLTI_USERS_MAX, CLTI_ROLE_SALES_AGENTS);
    const clti_user elsewhere = user(northwind, "more@x", 1, CLTI_ROLE_SALES_AGENTS);
    clti_user *found;
    size_t count;
    clti_fault fault;
    put_partners(in);
    create_many(in, CLTI_USERS_MAX);
    assert_int_equal(create_user(in, &one_more).refusal, CLTI_FAULT_LIMIT_REACHED);
    assert_true(create_user(in, &elsewhere).done);
    assert_true(clti_store_users(in->store, &fabrikam, &in->arena, &found, &count, &fault));
    assert_int_equal(count, CLTI_USERS_MAX);
    assert_true(clti_store_users(in->store, &northwind, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    sample_assert_str(found[0].name, "more@x");
}

/* ---- applications ---- */

static clti_outcome create_application(sample_any *in, const clti_application *value) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_APPLICATION_CREATE, .of.application = value});
}

static void test_application_is_created_once_and_changes_from_what_is_expected(void **state) {
    sample_any *in = *state;
    const clti_application before = {.partner = fabrikam, .id = sample_guid(1), .name = CLTI_STR("a")};
    clti_application after = before, gone = {.partner = fabrikam, .id = sample_guid(2)};
    after.redirect_uris = CLTI_STR("https://a.example/");
    assert_int_equal(create_application(in, &before).refusal, CLTI_FAULT_NOT_FOUND);
    put_partners(in);
    assert_true(create_application(in, &before).done);
    assert_int_equal(create_application(in, &before).refusal, CLTI_FAULT_CONFLICT);
    clti_change change = {CLTI_CHANGE_APPLICATION_UPDATE, .of.updated_application = {&after, &before}};
    assert_true(sample_apply(in->store, change).done);
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_STALE);
    change.of.updated_application.application = change.of.updated_application.expected = &gone;
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_STALE);
}

static void test_applications_are_limited_for_each_partner(void **state) {
    sample_any *in = *state;
    clti_application value = {.partner = fabrikam}, values[CLTI_APPLICATIONS_MAX], *found;
    clti_change changes[CLTI_APPLICATIONS_MAX];
    clti_outcome outcomes[CLTI_APPLICATIONS_MAX];
    size_t count;
    clti_fault fault;
    put_partners(in);
    for (size_t i = 0; i < CLTI_APPLICATIONS_MAX; i++) {
        values[i] = (clti_application){.partner = fabrikam, .id = sample_guid(i)};
        changes[i] = (clti_change){CLTI_CHANGE_APPLICATION_CREATE, .of.application = &values[i]};
    }
    assert_true(clti_store_apply(in->store, changes, CLTI_APPLICATIONS_MAX, outcomes, &fault));
    for (size_t i = 0; i < CLTI_APPLICATIONS_MAX; i++)
        assert_true(outcomes[i].done);
    value.id = sample_guid(CLTI_APPLICATIONS_MAX);
    assert_int_equal(create_application(in, &value).refusal, CLTI_FAULT_LIMIT_REACHED);
    value.partner = northwind;
    assert_true(create_application(in, &value).done);
    assert_true(clti_store_applications(in->store, &northwind, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    assert_true(clti_store_applications(in->store, &fabrikam, &in->arena, &found, &count, &fault));
    assert_int_equal(count, CLTI_APPLICATIONS_MAX);
}

/* Partners and ids at both ends of the order, and ids before and behind the one that is asked for. */
static void test_applications_of_an_id_are_found_with_every_partner_that_has_it(void **state) {
    sample_any *in = *state;
    static const clt_guid first = {{0, 0, 1}}, middle = {{0x80}}, without = {{0x90}};
    clt_guid last;
    memset(last.bytes, 0xFF, sizeof last.bytes);
    const clt_guid partners[] = {first, middle, without, last};
    const clt_guid asked = {{0x50}}, before = {{0x10}}, behind = {{0x60}};
    clti_application *found;
    size_t count;
    clti_fault fault;
    assert_true(clti_store_applications_of_id(in->store, asked, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < CLTI_COUNT(partners); i++) {
        const clt_guid ids[] = {before, behind, asked};
        const clti_partner partner = {.id = partners[i], .domain = clti_arena_format(&in->arena, "%zu.x", i)};
        assert_true(
            sample_apply(in->store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner}).done);
        for (size_t j = 0; j < (i == 2 ? 2 : 3); j++) {
            const clti_application value = {.partner = partners[i], .id = ids[j], .name = partner.domain};
            assert_true(create_application(in, &value).done);
        }
    }
    assert_true(clti_store_applications_of_id(in->store, asked, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 3);
    sample_assert_str(found[0].name, "0.x");
    sample_assert_str(found[1].name, "1.x");
    sample_assert_str(found[2].name, "3.x");
    assert_true(clti_guid_equal(found[2].partner, last) && clti_guid_equal(found[2].id, asked));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_ALL(test_user_is_created_once_by_name_and_by_id),
        SAMPLE_ON_ALL(test_user_changes_only_from_what_is_expected),
        SAMPLE_ON_ALL(test_last_administrator_stays_one),
        SAMPLE_ON_ALL(test_two_administrators_cannot_disable_each_other),
        SAMPLE_ON_ALL(test_users_are_limited_for_each_partner),
        SAMPLE_ON_ALL(test_application_is_created_once_and_changes_from_what_is_expected),
        SAMPLE_ON_ALL(test_applications_are_limited_for_each_partner),
        SAMPLE_ON_ALL(test_applications_of_an_id_are_found_with_every_partner_that_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
