/* What every store must do with partners and all that belongs to them, shown on both stores. */
#include "store/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};
static const clt_guid tailspin = {{0x07, 3}};

static clti_load_outcome load_one(sample_any *in, clt_guid partner, const clti_customer *customer) {
    clti_load_outcome outcome;
    sample_load(in->store, partner, customer, 1, &outcome);
    return outcome;
}

static clti_access find(sample_any *in, clt_guid partner, clt_guid id, clti_customer *out) {
    clti_access access;
    clti_fault fault;
    if (!clti_store_customer_find(in->store, partner, id, &in->arena, out, &access, &fault))
        fail_msg("%s", fault.text);
    return access;
}

static uint64_t generation_of(clti_store *store) {
    uint64_t generation;
    clti_fault fault;
    assert_true(clti_store_generation(store, &generation, &fault));
    return generation;
}

static clti_partner partner(clt_guid id, const char *domain) {
    return (clti_partner){.id = id,
                          .domain = clti_str(domain),
                          .name = clti_str("Fabrikam é"),
                          .country = clti_str("US"),
                          .culture = clti_str("en-US"),
                          .mpn_id = clti_str("4847383"),
                          .is_sandbox = true,
                          .is_strict = true};
}

static clti_outcome put_partner(sample_any *in, const clti_partner *value) {
    return sample_apply(in->store, (clti_change){.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = value});
}

static void test_partner_is_found_by_id_and_by_domain_in_any_case(void **state) {
    sample_any *in = *state;
    clti_partner found;
    clti_fault fault;
    bool is_found;
    clti_partner value = partner(fabrikam, "Fabrikam.Example");
    assert_true(clti_store_partner_find(in->store, fabrikam, &in->arena, &found, &is_found, &fault));
    assert_false(is_found);
    assert_true(put_partner(in, &value).done);
    assert_true(clti_store_partner_find(in->store, fabrikam, &in->arena, &found, &is_found, &fault));
    assert_true(is_found);
    assert_true(clti_guid_equal(found.id, fabrikam));
    sample_assert_str(found.domain, "Fabrikam.Example");
    sample_assert_str(found.name, "Fabrikam é");
    sample_assert_str(found.country, "US");
    sample_assert_str(found.culture, "en-US");
    sample_assert_str(found.mpn_id, "4847383");
    assert_true(found.is_sandbox && found.is_strict);
    static const struct {
        clt_str domain;
        bool found;
    } domains[] = {
        {{"fabrikam.EXAMPLE", 16}, true},
        {{"fabrikam.exampl", 15}, false},
        {{"", 0}, false},
        {{"\xff", 1}, false},
    };
    for (size_t i = 0; i < CLTI_COUNT(domains); i++) {
        assert_true(clti_store_partner_find_domain(in->store, domains[i].domain, &in->arena, &found,
                                                   &is_found, &fault));
        assert_int_equal(is_found, domains[i].found);
    }
    clt_str too_long = clti_arena_format(&in->arena, "%01000d", 1);
    assert_true(clti_store_partner_find_domain(in->store, too_long, &in->arena, &found, &is_found, &fault));
    assert_false(is_found);
}

static void test_partner_put_again_replaces_it_and_frees_its_domain(void **state) {
    sample_any *in = *state;
    clti_partner found;
    clti_fault fault;
    bool is_found;
    clti_partner first = partner(fabrikam, "old.example");
    clti_partner second = partner(fabrikam, "new.example");
    clti_partner other = partner(northwind, "OLD.example");
    assert_true(put_partner(in, &first).done);
    assert_false(put_partner(in, &other).done);
    assert_int_equal(put_partner(in, &other).refusal, CLTI_FAULT_CONFLICT);
    assert_true(put_partner(in, &second).done);
    assert_true(clti_store_partner_find_domain(in->store, clti_str("old.example"), &in->arena, &found,
                                               &is_found, &fault));
    assert_false(is_found);
    assert_true(put_partner(in, &other).done);
    assert_true(clti_store_partner_find_domain(in->store, clti_str("old.example"), &in->arena, &found,
                                               &is_found, &fault));
    assert_true(is_found && clti_guid_equal(found.id, northwind));
}

static void test_application_needs_its_partner_and_is_found_under_it_alone(void **state) {
    sample_any *in = *state;
    clti_application found;
    clti_fault fault;
    bool is_found;
    clti_partner owner = partner(fabrikam, "fabrikam.example");
    clti_application value = {.partner = fabrikam, .id = northwind, .name = clti_str("app"), .is_demo = true};
    memset(value.secret_sha256, 7, sizeof value.secret_sha256);
    clti_change change = {.kind = CLTI_CHANGE_APPLICATION_PUT, .of.application = &value};
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_NOT_FOUND);
    assert_true(put_partner(in, &owner).done);
    assert_true(sample_apply(in->store, change).done);
    assert_true(
        clti_store_application_find(in->store, fabrikam, northwind, &in->arena, &found, &is_found, &fault));
    assert_true(is_found && found.is_demo);
    sample_assert_str(found.name, "app");
    assert_memory_equal(found.secret_sha256, value.secret_sha256, sizeof value.secret_sha256);
    assert_true(clti_guid_equal(found.partner, fabrikam) && clti_guid_equal(found.id, northwind));
    assert_true(
        clti_store_application_find(in->store, northwind, northwind, &in->arena, &found, &is_found, &fault));
    assert_false(is_found);
}

static void test_applications_are_all_there_ordered_by_partner_and_id(void **state) {
    sample_any *in = *state;
    clti_application *found;
    size_t count;
    clti_fault fault;
    clti_partner owners[] = {partner(fabrikam, "fabrikam.example"), partner(northwind, "northwind.example")};
    assert_true(clti_store_applications(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_true(put_partner(in, &owners[i]).done);
        for (uint64_t k = 0; k < 5; k++) {
            clti_application value = {.partner = owners[i].id, .id = sample_guid(k), .name = clti_str("app")};
            assert_true(
                sample_apply(in->store, (clti_change){CLTI_CHANGE_APPLICATION_PUT, .of.application = &value})
                    .done);
        }
    }
    assert_true(clti_store_applications(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 10);
    for (size_t i = 1; i < count; i++) {
        assert_true(memcmp(&found[i - 1].partner, &found[i].partner, 16) < 0 ||
                    memcmp(&found[i - 1].id, &found[i].id, 16) < 0);
    }
}

static clti_outcome put_application(sample_any *in, clt_guid owner, clt_guid id) {
    clti_application value = {.partner = owner, .id = id, .name = clti_str("app")};
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_APPLICATION_PUT, .of.application = &value});
}

static clti_outcome put_link(sample_any *in, clt_guid provider, clt_guid reseller) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_LINK_PUT, .of.link = {provider, reseller}});
}

static clti_outcome delete_partner(sample_any *in, clt_guid id) {
    return sample_apply(in->store, (clti_change){CLTI_CHANGE_PARTNER_DELETE, .of.deleted_partner = id});
}

static void put_three_partners(sample_any *in) {
    const clti_partner partners[] = {partner(fabrikam, "fabrikam.example"),
                                     partner(northwind, "northwind.example"),
                                     partner(tailspin, "tailspin.example")};
    for (size_t i = 0; i < CLTI_COUNT(partners); i++)
        assert_true(put_partner(in, &partners[i]).done);
}

static size_t count_links(sample_any *in, clt_guid of) {
    clti_link *found;
    size_t count;
    clti_fault fault;
    assert_true(clti_store_links(in->store, of, &in->arena, &found, &count, &fault));
    return count;
}

static void test_partners_are_all_there_ordered_by_id(void **state) {
    sample_any *in = *state;
    clti_partner *found;
    size_t count;
    clti_fault fault;
    assert_true(clti_store_partners(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 0);
    put_three_partners(in);
    assert_true(clti_store_partners(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 3);
    sample_assert_str(found[0].domain, "tailspin.example");
    sample_assert_str(found[1].domain, "northwind.example");
    sample_assert_str(found[2].domain, "fabrikam.example");
    assert_true(clti_guid_equal(found[2].id, fabrikam));
}

static void test_deleted_application_is_gone_alone(void **state) {
    sample_any *in = *state;
    clti_application *found;
    size_t count;
    clti_fault fault;
    put_three_partners(in);
    for (uint64_t i = 0; i < 3; i++)
        assert_true(put_application(in, fabrikam, sample_guid(i)).done);
    clti_change change = {.kind = CLTI_CHANGE_APPLICATION_DELETE,
                          .of.deleted_application = {northwind, sample_guid(1)}};
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_NOT_FOUND);
    change.of.deleted_application.partner = fabrikam;
    assert_true(sample_apply(in->store, change).done);
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_NOT_FOUND);
    assert_true(clti_store_applications(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 2);
    assert_false(clti_guid_equal(found[0].id, sample_guid(1)) ||
                 clti_guid_equal(found[1].id, sample_guid(1)));
}

static void test_link_needs_two_partners(void **state) {
    sample_any *in = *state;
    clti_partner first = partner(fabrikam, "fabrikam.example");
    assert_int_equal(put_link(in, fabrikam, northwind).refusal, CLTI_FAULT_NOT_FOUND);
    assert_true(put_partner(in, &first).done);
    assert_int_equal(put_link(in, fabrikam, northwind).refusal, CLTI_FAULT_NOT_FOUND);
    assert_int_equal(put_link(in, northwind, fabrikam).refusal, CLTI_FAULT_NOT_FOUND);
    assert_int_equal(put_link(in, fabrikam, fabrikam).refusal, CLTI_FAULT_CONFLICT);
    assert_int_equal(count_links(in, fabrikam), 0);
}

static void test_links_are_found_from_both_ends_as_provider_first(void **state) {
    sample_any *in = *state;
    clti_link *found;
    size_t count;
    clti_fault fault;
    put_three_partners(in);
    assert_true(put_link(in, northwind, fabrikam).done);
    assert_true(put_link(in, fabrikam, tailspin).done);
    assert_true(put_link(in, fabrikam, northwind).done);
    assert_true(put_link(in, fabrikam, northwind).done); /* again changes nothing */
    assert_true(clti_store_links(in->store, fabrikam, &in->arena, &found, &count, &fault));
    const clti_link want[] = {{fabrikam, tailspin}, {fabrikam, northwind}, {northwind, fabrikam}};
    assert_int_equal(count, CLTI_COUNT(want));
    assert_memory_equal(found, want, sizeof want);
    assert_true(clti_store_links(in->store, tailspin, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    assert_memory_equal(found, &want[0], sizeof want[0]);
}

static void test_deleted_partner_takes_applications_links_and_domain_along(void **state) {
    sample_any *in = *state;
    clti_application *found;
    size_t count;
    clti_fault fault;
    put_three_partners(in);
    for (uint64_t i = 0; i < 4; i++)
        assert_true(put_application(in, i < 3 ? northwind : fabrikam, sample_guid(i)).done);
    assert_true(put_link(in, northwind, fabrikam).done);
    assert_true(put_link(in, tailspin, northwind).done);
    assert_true(put_link(in, fabrikam, tailspin).done);
    assert_true(delete_partner(in, northwind).done);
    assert_int_equal(delete_partner(in, northwind).refusal, CLTI_FAULT_NOT_FOUND);
    assert_true(clti_store_applications(in->store, NULL, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    assert_true(clti_guid_equal(found[0].partner, fabrikam));
    assert_int_equal(count_links(in, northwind), 0);
    assert_int_equal(count_links(in, fabrikam), 1);
    assert_int_equal(count_links(in, tailspin), 1);
    clti_partner heir = partner(sample_guid(9), "NORTHWIND.example");
    assert_true(put_partner(in, &heir).done);
}

static void test_partner_with_customers_is_not_deleted(void **state) {
    sample_any *in = *state;
    put_three_partners(in);
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    customer.relationship = CLTI_RELATIONSHIP_NONE; /* even if nobody sees it */
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    assert_int_equal(delete_partner(in, fabrikam).refusal, CLTI_FAULT_CONFLICT);
    clti_change change = {.kind = CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {fabrikam, customer.id}};
    assert_true(sample_apply(in->store, change).done);
    assert_true(delete_partner(in, fabrikam).done);
}

static void test_signing_keys_are_newest_first(void **state) {
    sample_any *in = *state;
    clti_signing_key *found;
    size_t count;
    clti_fault fault;
    const clti_signing_key keys[] = {
        {clti_str("b"), clti_str("{\"k\":1}"), 100, 0},
        {clti_str("a"), clti_str("{\"k\":2}"), 300, 0},
        {clti_str("c"), clti_str("{\"k\":3}"), -5, 0},
    };
    for (size_t i = 0; i < CLTI_COUNT(keys); i++)
        assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &keys[i]}).done);
    assert_true(clti_store_signing_keys(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 3);
    sample_assert_str(found[0].id, "a");
    sample_assert_str(found[0].private_jwk, "{\"k\":2}");
    assert_int_equal(found[0].created, 300);
    sample_assert_str(found[1].id, "b");
    sample_assert_str(found[2].id, "c");
    assert_int_equal(found[2].created, -5);
}

static void test_a_key_is_created_in_the_store_that_was_read_alone(void **state) {
    sample_any *in = *state;
    const clti_signing_key first = {clti_str("a"), clti_str("{}"), 1, 0},
                           second = {clti_str("b"), clti_str("{}"), 2, 0};
    const uint64_t generation = generation_of(in->store);
    const clti_change changes[] = {{CLTI_CHANGE_KEY_CREATE, .of.created_key = {&first, generation}},
                                   {CLTI_CHANGE_KEY_CREATE, .of.created_key = {&second, generation}}};
    clti_signing_key *found;
    size_t count;
    clti_fault fault;
    assert_true(sample_apply(in->store, changes[0]).done);
    const clti_outcome outcome = sample_apply(in->store, changes[1]);
    assert_false(outcome.done);
    assert_int_equal(outcome.refusal, CLTI_FAULT_STALE);
    assert_true(clti_store_signing_keys(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 1);
    sample_assert_str(found[0].id, "a");
}

static void test_generation_changes_with_identities_only(void **state) {
    sample_any *in = *state;
    clti_partner value = partner(fabrikam, "fabrikam.example");
    clti_partner taken = partner(northwind, "fabrikam.example");
    clti_signing_key key = {clti_str("a"), clti_str("{}"), 1, 0};
    uint64_t before = generation_of(in->store);
    assert_int_equal(generation_of(in->store), before);
    assert_true(put_partner(in, &value).done);
    uint64_t after = generation_of(in->store);
    assert_int_not_equal(after, before);
    assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &key}).done);
    assert_int_not_equal(generation_of(in->store), after);
    after = generation_of(in->store);
    clti_partner gone = partner(tailspin, "tailspin.example");
    assert_true(put_partner(in, &gone).done && delete_partner(in, tailspin).done);
    assert_int_equal(generation_of(in->store), after + 2);
    after += 2;
    assert_false(put_partner(in, &taken).done);
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    assert_int_equal(generation_of(in->store), after);
}

static void test_refusal_in_a_group_does_not_hurt_its_neighbours(void **state) {
    sample_any *in = *state;
    clti_fault fault;
    clti_outcome outcomes[4];
    clti_partner first = partner(fabrikam, "fabrikam.example");
    clti_partner second = partner(northwind, "northwind.example");
    clti_partner taken = partner(northwind, "FABRIKAM.example");
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    const clti_change changes[] = {
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &first},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &taken},
        {.kind = CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {fabrikam, customer.id}},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &second},
    };
    assert_true(clti_store_apply(in->store, changes, 4, outcomes, &fault));
    assert_true(outcomes[0].done && !outcomes[1].done && outcomes[2].done && outcomes[3].done);
    assert_int_equal(outcomes[1].refusal, CLTI_FAULT_CONFLICT);
    assert_int_equal(find(in, fabrikam, customer.id, &customer), CLTI_ACCESS_NONE);
}

static void test_token_key_stays_the_same(void **state) {
    sample_any *in = *state;
    uint8_t first[CLTI_TOKEN_KEY_SIZE];
    uint8_t second[CLTI_TOKEN_KEY_SIZE];
    uint8_t zeros[CLTI_TOKEN_KEY_SIZE] = {0};
    clti_fault fault;
    assert_true(clti_store_token_key(in->store, first, &fault));
    assert_true(clti_store_token_key(in->store, second, &fault));
    assert_memory_equal(first, second, sizeof first);
    assert_memory_not_equal(first, zeros, sizeof first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_ALL(test_partner_is_found_by_id_and_by_domain_in_any_case),
        SAMPLE_ON_ALL(test_partner_put_again_replaces_it_and_frees_its_domain),
        SAMPLE_ON_ALL(test_application_needs_its_partner_and_is_found_under_it_alone),
        SAMPLE_ON_ALL(test_applications_are_all_there_ordered_by_partner_and_id),
        SAMPLE_ON_ALL(test_partners_are_all_there_ordered_by_id),
        SAMPLE_ON_ALL(test_deleted_application_is_gone_alone),
        SAMPLE_ON_ALL(test_link_needs_two_partners),
        SAMPLE_ON_ALL(test_links_are_found_from_both_ends_as_provider_first),
        SAMPLE_ON_ALL(test_deleted_partner_takes_applications_links_and_domain_along),
        SAMPLE_ON_ALL(test_partner_with_customers_is_not_deleted),
        SAMPLE_ON_ALL(test_signing_keys_are_newest_first),
        SAMPLE_ON_ALL(test_a_key_is_created_in_the_store_that_was_read_alone),
        SAMPLE_ON_ALL(test_generation_changes_with_identities_only),
        SAMPLE_ON_ALL(test_refusal_in_a_group_does_not_hurt_its_neighbours),
        SAMPLE_ON_ALL(test_token_key_stays_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
