/* What is read beside the list, over a plain store: relationships, domains, addresses, countries. Their
 * shapes on the wire are shown by tests/e2e/test_reads.c. */
#include "service/service.h"
#include "support/memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid PROVIDER = {{1}}, FIRST = {{2}}, SECOND = {{3}}, STRANGER = {{4}}, GONE = {{5}};

typedef struct fixture {
    clti_service service;
    clti_arena arena;
    clti_caller caller;
    clti_relationship_list list;
    clti_fault fault;
} fixture;

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof(*made));
    assert_non_null(made);
    const clti_partner partners[] = {
        {.id = PROVIDER, .domain = CLTI_STR("p.example"), .name = CLTI_STR("Provider")},
        {.id = FIRST, .domain = CLTI_STR("f.example"), .name = CLTI_STR("zulu")},
        {.id = SECOND, .domain = CLTI_STR("s.example"), .name = CLTI_STR("\xC3\x84rger")},
        {.id = STRANGER, .domain = CLTI_STR("x.example"), .name = CLTI_STR("Stranger")},
    };
    const clti_change changes[] = {
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[0]},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[1]},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[2]},
        {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[3]},
        {.kind = CLTI_CHANGE_LINK_PUT, .of.link = {PROVIDER, FIRST}},
        {.kind = CLTI_CHANGE_LINK_PUT, .of.link = {PROVIDER, SECOND}},
        {.kind = CLTI_CHANGE_LINK_PUT, .of.link = {STRANGER, PROVIDER}},
    };
    clti_outcome outcomes[CLTI_COUNT(changes)];
    clti_load_outcome loaded[2];
    const clti_customer customers[] = {
        {.id = {{7, 1}}, .domain = CLTI_STR("a.example"), .company_name = CLTI_STR("A")},
        {.id = {{7, 2}},
         .domain = CLTI_STR("b.example"),
         .company_name = CLTI_STR("B"),
         .associated_partner_id = GONE}};
    made->caller.partner = PROVIDER;
    assert_true(clti_service_init(&made->service, clti_memory_store_new(), true, false, &made->fault));
    assert_true(clti_store_apply(made->service.store, changes, CLTI_COUNT(changes), outcomes, &made->fault));
    assert_true(clti_store_load(made->service.store, PROVIDER, customers, CLTI_COUNT(customers), loaded,
                                &made->fault));
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *made = *state;
    clti_store_close(made->service.store);
    clti_arena_done(&made->arena);
    free(made);
    return 0;
}

static void assert_list(fixture *made, const char *query, const char *want) {
    clti_buf names;
    clti_buf_init(&names, 10000);
    assert_true(clti_relationships_list(&made->service, &made->caller, clti_str(query), &made->arena,
                                        &made->list, &made->fault));
    for (size_t i = 0; i < made->list.count; i++) {
        clti_buf_add(&names, made->list.items[i].partner.name);
        clti_buf_add(&names, made->list.items[i].is_provider_of ? CLTI_STR("<") : CLTI_STR(">"));
    }
    clti_buf_add_char(&names, '\0');
    assert_string_equal(names.data, want);
    clti_buf_done(&names);
}

static void test_relationships_are_sorted_by_folded_name_and_kept_apart(void **state) {
    fixture *made = *state;
    assert_list(made, NULL, "\xC3\x84rger<Stranger>zulu<");
    assert_list(made, "relationship_type=IsIndirectCloudSolutionProviderOf", "\xC3\x84rger<zulu<");
    assert_list(made, "relationship_type=ISINDIRECTRESELLEROF", "Stranger>");
    assert_list(made, "relationship_type=", "\xC3\x84rger<Stranger>zulu<");
    assert_list(made, "filter={\"Field\":\"Name\",\"Value\":\"ZU\",\"Operator\":\"StartsWith\"}", "zulu<");
    assert_list(made, "filter={\"Field\":\"Name\",\"Value\":\"\",\"Operator\":\"equals\"}", "");
    made->caller.partner = GONE;
    assert_list(made, NULL, "");
}

static void test_a_customer_whose_reseller_is_gone_has_no_relationship(void **state) {
    fixture *made = *state;
    static const char *const ids[] = {"07010000-0000-0000-0000-000000000000",
                                      "07020000-0000-0000-0000-000000000000"};
    for (size_t i = 0; i < CLTI_COUNT(ids); i++) {
        assert_true(clti_customers_relationships(&made->service, &made->caller, clti_str(ids[i]),
                                                 &made->arena, &made->list, &made->fault));
        assert_int_equal(made->list.count, 0);
    }
    made->caller.partner = STRANGER;
    assert_false(clti_customers_relationships(&made->service, &made->caller, clti_str(ids[0]), &made->arena,
                                              &made->list, &made->fault));
    assert_int_equal(made->fault.code, CLTI_FAULT_CUSTOMER_NOT_FOUND);
}

static void test_a_partner_that_is_gone_has_no_profile(void **state) {
    fixture *made = *state;
    clti_partner partner;
    assert_true(clti_organization_get(&made->service, &made->caller, &made->arena, &partner, &made->fault));
    made->caller.partner = GONE;
    assert_false(clti_organization_get(&made->service, &made->caller, &made->arena, &partner, &made->fault));
    assert_int_equal(made->fault.code, CLTI_FAULT_ACCESS_DENIED);
}

static void test_an_address_tells_all_that_is_wrong_with_it(void **state) {
    fixture *made = *state;
    clti_address_validation validation;
    assert_true(clti_addresses_validate(
        CLTI_STR(
            "{\"country\":\"us\",\"city\":5,\"state\":\"XX\",\"postalCode\":\"1\",\"addressLine1\":\"x\"}"),
        &made->arena, &validation, &made->fault));
    assert_int_equal(validation.status, CLTI_ADDRESS_NOT_FOUND);
    assert_int_equal(validation.problem.code, CLTI_FAULT_INVALID_ADDRESS);
    assert_string_equal(validation.problem.member, "City");
    assert_int_equal(validation.problem.more_count, 2);
    assert_string_equal(validation.problem.text,
                        "city must be a string. state is not a state of US. postalCode does not match "
                        "^\\d{5}(-\\d{4})?$.");
}

/* Every row of the table is found, and what it shows keeps to the contract. */
static void test_every_country_can_be_shown(void **state) {
    (void)state;
    size_t count = 0;
    for (char first = 'a'; first <= 'z'; first++) {
        for (char second = 'a'; second <= 'z'; second++) {
            const char code[2] = {first, second};
            const clti_country *country;
            clti_fault fault;
            clti_buf out;
            if (!clti_countries_get((clt_str){code, 2}, &country, &fault)) {
                assert_int_equal(fault.code, CLTI_FAULT_NOT_FOUND);
                continue;
            }
            clti_buf_init(&out, 100000);
            clti_wire_render_country(country, &out);
            assert_true(clti_buf_ok(&out));
            clti_buf_done(&out);
            count++;
        }
    }
    assert_int_equal(count, 249);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_relationships_are_sorted_by_folded_name_and_kept_apart),
        TEST(test_a_customer_whose_reseller_is_gone_has_no_relationship),
        TEST(test_a_partner_that_is_gone_has_no_profile),
        TEST(test_an_address_tells_all_that_is_wrong_with_it),
        cmocka_unit_test(test_every_country_can_be_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
