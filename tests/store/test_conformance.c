/*
 * What every store must do, run on the embedded store and on the plain model in memory; then a random run
 * that holds the one against the other.
 */
#include "store/sample.h"
#include "support/folder.h"
#include "support/memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    clti_arena arena;
    char *folder;
    clti_store *store;
} fixture;

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};
static const clt_guid highest = {
    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

static int set_up_memory(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->store = clti_memory_store_new();
    *state = made;
    return 0;
}

static int set_up_lmdb(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->folder = clti_test_folder_make();
    assert_non_null(made->folder);
    made->store = sample_lmdb(&made->arena, made->folder);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *in = *state;
    clti_store_close(in->store);
    clti_test_folder_remove(in->folder);
    free(in->folder);
    clti_arena_done(&in->arena);
    free(in);
    return 0;
}

static clti_load_outcome load_one(fixture *in, clt_guid partner, const clti_customer *customer) {
    clti_load_outcome outcome;
    sample_load(in->store, partner, customer, 1, &outcome);
    return outcome;
}

static clti_list_page list(fixture *in, const clti_list_query *query) {
    clti_list_page page;
    clti_fault fault;
    if (!clti_store_list(in->store, query, &in->arena, &page, &fault)) {
        fail_msg("%s", fault.text);
    }
    return page;
}

static clti_access find(fixture *in, clt_guid partner, clt_guid id, clti_customer *out) {
    clti_access access;
    clti_fault fault;
    if (!clti_store_customer_find(in->store, partner, id, &in->arena, out, &access, &fault)) {
        fail_msg("%s", fault.text);
    }
    return access;
}

static clti_partner_state state_of(clti_store *store, clt_guid partner) {
    clti_partner_state state;
    clti_fault fault;
    assert_true(clti_store_partner_state(store, partner, &state, &fault));
    return state;
}

static uint64_t generation_of(clti_store *store) {
    uint64_t generation;
    clti_fault fault;
    assert_true(clti_store_generation(store, &generation, &fault));
    return generation;
}

static void assert_str(clt_str got, const char *want) {
    if (!clti_str_equal(got, clti_str(want))) {
        fail_msg("got '%.*s', want '%s'", CLTI_STR_ARGS(got), want);
    }
}

static void assert_names(fixture *in, const clti_list_query *query, const char *const *names, size_t count) {
    clti_list_page page = list(in, query);
    assert_int_equal(page.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_str(page.items[i].company_name, names[i]);
    }
}

/* ---- partners, applications, keys ---- */

static clti_partner partner(clt_guid id, const char *domain) {
    return (clti_partner){.id = id,
                          .domain = clti_str(domain),
                          .name = clti_str("Fabrikam é"),
                          .country = clti_str("US"),
                          .culture = clti_str("en-US"),
                          .is_sandbox = true};
}

static clti_outcome put_partner(fixture *in, const clti_partner *value) {
    return sample_apply(in->store, (clti_change){.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = value});
}

static void test_partner_is_found_by_id_and_by_domain_in_any_case(void **state) {
    fixture *in = *state;
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
    assert_str(found.domain, "Fabrikam.Example");
    assert_str(found.name, "Fabrikam é");
    assert_str(found.country, "US");
    assert_str(found.culture, "en-US");
    assert_true(found.is_sandbox);
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
    fixture *in = *state;
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
    fixture *in = *state;
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
    assert_str(found.name, "app");
    assert_memory_equal(found.secret_sha256, value.secret_sha256, sizeof value.secret_sha256);
    assert_true(clti_guid_equal(found.partner, fabrikam) && clti_guid_equal(found.id, northwind));
    assert_true(
        clti_store_application_find(in->store, northwind, northwind, &in->arena, &found, &is_found, &fault));
    assert_false(is_found);
}

static void test_applications_are_all_there_ordered_by_partner_and_id(void **state) {
    fixture *in = *state;
    clti_application *found;
    size_t count;
    clti_fault fault;
    clti_partner owners[] = {partner(fabrikam, "fabrikam.example"), partner(northwind, "northwind.example")};
    assert_true(clti_store_applications(in->store, &in->arena, &found, &count, &fault));
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
    assert_true(clti_store_applications(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 10);
    for (size_t i = 1; i < count; i++) {
        assert_true(memcmp(&found[i - 1].partner, &found[i].partner, 16) < 0 ||
                    memcmp(&found[i - 1].id, &found[i].id, 16) < 0);
    }
}

static void test_signing_keys_are_newest_first(void **state) {
    fixture *in = *state;
    clti_signing_key *found;
    size_t count;
    clti_fault fault;
    const clti_signing_key keys[] = {
        {clti_str("b"), clti_str("{\"k\":1}"), 100},
        {clti_str("a"), clti_str("{\"k\":2}"), 300},
        {clti_str("c"), clti_str("{\"k\":3}"), -5},
    };
    for (size_t i = 0; i < CLTI_COUNT(keys); i++) {
        assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &keys[i]}).done);
    }
    assert_true(clti_store_signing_keys(in->store, &in->arena, &found, &count, &fault));
    assert_int_equal(count, 3);
    assert_str(found[0].id, "a");
    assert_str(found[0].private_jwk, "{\"k\":2}");
    assert_int_equal(found[0].created, 300);
    assert_str(found[1].id, "b");
    assert_str(found[2].id, "c");
    assert_int_equal(found[2].created, -5);
}

static void test_generation_changes_with_identities_only(void **state) {
    fixture *in = *state;
    clti_partner value = partner(fabrikam, "fabrikam.example");
    clti_partner taken = partner(northwind, "fabrikam.example");
    clti_signing_key key = {clti_str("a"), clti_str("{}"), 1};
    uint64_t before = generation_of(in->store);
    assert_int_equal(generation_of(in->store), before);
    assert_true(put_partner(in, &value).done);
    uint64_t after = generation_of(in->store);
    assert_int_not_equal(after, before);
    assert_true(sample_apply(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &key}).done);
    assert_int_not_equal(generation_of(in->store), after);
    after = generation_of(in->store);
    assert_false(put_partner(in, &taken).done);
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    assert_int_equal(generation_of(in->store), after);
}

static void test_refusal_in_a_group_does_not_hurt_its_neighbours(void **state) {
    fixture *in = *state;
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
    fixture *in = *state;
    uint8_t first[CLTI_TOKEN_KEY_SIZE];
    uint8_t second[CLTI_TOKEN_KEY_SIZE];
    uint8_t zeros[CLTI_TOKEN_KEY_SIZE] = {0};
    clti_fault fault;
    assert_true(clti_store_token_key(in->store, first, &fault));
    assert_true(clti_store_token_key(in->store, second, &fault));
    assert_memory_equal(first, second, sizeof first);
    assert_memory_not_equal(first, zeros, sizeof first);
}

/* ---- customers ---- */

static void test_load_tells_new_unchanged_and_updated(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    uint64_t revision = state_of(in->store, fabrikam).revision;
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_UNCHANGED);
    assert_int_equal(state_of(in->store, fabrikam).revision, revision);
    customer.company_name = clti_str("Wide World Importers");
    customer.email = clti_str("a@contoso.example");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_UPDATED);
    assert_int_not_equal(state_of(in->store, fabrikam).revision, revision);
    assert_int_equal(state_of(in->store, fabrikam).count, 1);
    assert_int_equal(find(in, fabrikam, customer.id, &found), CLTI_ACCESS_OWNER);
    assert_true(clti_customer_equal(&found, &customer));
    const char *names[] = {"Wide World Importers"};
    clti_list_query query = sample_query(fabrikam, 40);
    assert_names(in, &query, names, 1);
}

static void test_domain_is_unique_over_all_partners_in_any_case(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    clti_customer same = sample_customer(&in->arena, 2, "CONTOSO.example", "Contoso 2");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    assert_int_equal(load_one(in, fabrikam, &same), CLTI_LOAD_DOMAIN_TAKEN);
    assert_int_equal(load_one(in, northwind, &same), CLTI_LOAD_DOMAIN_TAKEN);
    assert_int_equal(find(in, northwind, same.id, &found), CLTI_ACCESS_NONE);
    assert_int_equal(state_of(in->store, northwind).count, 0);
    customer.domain = clti_str("moved.example");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_UPDATED);
    assert_int_equal(load_one(in, northwind, &same), CLTI_LOAD_NEW);
}

static void test_load_is_as_if_one_after_the_other(void **state) {
    fixture *in = *state;
    clti_load_outcome outcomes[6];
    clti_customer batch[6];
    batch[0] = sample_customer(&in->arena, 1, "a.example", "First");
    batch[1] = sample_customer(&in->arena, 1, "b.example", "Second");
    batch[2] = sample_customer(&in->arena, 2, "a.example", "Third");
    batch[3] = sample_customer(&in->arena, 3, "b.example", "Fourth");
    batch[4] = sample_customer(&in->arena, 1, "b.example", "First");
    batch[5] = batch[4];
    sample_load(in->store, fabrikam, batch, 6, outcomes);
    const clti_load_outcome want[] = {CLTI_LOAD_NEW,          CLTI_LOAD_UPDATED, CLTI_LOAD_NEW,
                                      CLTI_LOAD_DOMAIN_TAKEN, CLTI_LOAD_UPDATED, CLTI_LOAD_UNCHANGED};
    assert_memory_equal(outcomes, want, sizeof want);
    const char *names[] = {"First", "Third"};
    clti_list_query query = sample_query(fabrikam, 40);
    assert_names(in, &query, names, 2);
    query.field = CLTI_LIST_DOMAIN;
    assert_int_equal(list(in, &query).count, 2);
    assert_int_equal(state_of(in->store, fabrikam).count, 2);
}

static void test_partners_do_not_see_each_other(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    clti_list_query query = sample_query(northwind, 40);
    assert_int_equal(find(in, northwind, customer.id, &found), CLTI_ACCESS_NONE);
    for (clti_list_field field = 0; field < CLTI_LIST_FIELD_COUNT; field++) {
        query.field = field;
        assert_int_equal(list(in, &query).count, 0);
    }
    clti_change change = {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {northwind, customer.id}};
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    assert_int_equal(find(in, fabrikam, customer.id, &found), CLTI_ACCESS_OWNER);
}

static void test_delete_leaves_nothing_behind(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    customer.associated_partner_id = northwind;
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    clti_change change = {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {fabrikam, customer.id}};
    assert_true(sample_apply(in->store, change).done);
    assert_int_equal(sample_apply(in->store, change).refusal, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    const clt_guid viewers[] = {fabrikam, northwind};
    for (size_t i = 0; i < 2; i++) {
        clti_list_query query = sample_query(viewers[i], 40);
        query.related = viewers[1 - i];
        for (clti_list_field field = 0; field < CLTI_LIST_FIELD_COUNT; field++) {
            query.field = field;
            assert_int_equal(list(in, &query).count, 0);
        }
        assert_int_equal(find(in, viewers[i], customer.id, &found), CLTI_ACCESS_NONE);
        assert_int_equal(state_of(in->store, viewers[i]).count, 0);
    }
    clti_customer again = sample_customer(&in->arena, 2, "contoso.example", "Contoso");
    assert_int_equal(load_one(in, northwind, &again), CLTI_LOAD_NEW);
}

static void test_removed_relationship_keeps_the_customer_for_its_owner_unlisted(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer customer = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    clti_customer rival = sample_customer(&in->arena, 2, "contoso.example", "Rival");
    customer.associated_partner_id = northwind;
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_NEW);
    customer.relationship = CLTI_RELATIONSHIP_NONE;
    assert_int_equal(load_one(in, fabrikam, &customer), CLTI_LOAD_UPDATED);
    assert_int_equal(find(in, fabrikam, customer.id, &found), CLTI_ACCESS_OWNER);
    assert_int_equal(found.relationship, CLTI_RELATIONSHIP_NONE);
    assert_int_equal(find(in, northwind, customer.id, &found), CLTI_ACCESS_NONE);
    clti_list_query query = sample_query(fabrikam, 40);
    assert_int_equal(list(in, &query).count, 0);
    assert_int_equal(state_of(in->store, fabrikam).count, 0);
    assert_int_equal(state_of(in->store, northwind).count, 0);
    assert_int_equal(load_one(in, northwind, &rival), CLTI_LOAD_DOMAIN_TAKEN);
}

static void test_indirect_customer_is_listed_and_readable_for_its_reseller(void **state) {
    fixture *in = *state;
    clti_customer found;
    clti_customer indirect = sample_customer(&in->arena, 1, "indirect.example", "Indirect");
    clti_customer own = sample_customer(&in->arena, 2, "own.example", "Own");
    indirect.associated_partner_id = northwind;
    assert_int_equal(load_one(in, fabrikam, &indirect), CLTI_LOAD_NEW);
    assert_int_equal(load_one(in, northwind, &own), CLTI_LOAD_NEW);
    assert_int_equal(find(in, fabrikam, indirect.id, &found), CLTI_ACCESS_OWNER);
    assert_int_equal(find(in, northwind, indirect.id, &found), CLTI_ACCESS_RESELLER);
    assert_true(clti_customer_equal(&found, &indirect));
    const char *both[] = {"Indirect", "Own"};
    clti_list_query query = sample_query(northwind, 40);
    assert_names(in, &query, both, 2);
    query.field = CLTI_LIST_INDIRECT_PROVIDER;
    query.related = fabrikam;
    assert_names(in, &query, both, 1);
    query = sample_query(fabrikam, 40);
    query.field = CLTI_LIST_INDIRECT_RESELLER;
    query.related = northwind;
    assert_names(in, &query, both, 1);
    assert_int_equal(state_of(in->store, northwind).count, 2);
    clti_change change = {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {northwind, indirect.id}};
    assert_false(sample_apply(in->store, change).done);
}

static void test_list_never_has_one_id_twice(void **state) {
    fixture *in = *state;
    clti_customer own = sample_customer(&in->arena, 1, "own.example", "Same");
    clti_customer indirect = sample_customer(&in->arena, 1, "indirect.example", "Same");
    assert_int_equal(load_one(in, northwind, &own), CLTI_LOAD_NEW);
    indirect.associated_partner_id = northwind;
    assert_int_equal(load_one(in, fabrikam, &indirect), CLTI_LOAD_DOMAIN_TAKEN);
    indirect.associated_partner_id = highest;
    assert_int_equal(load_one(in, fabrikam, &indirect), CLTI_LOAD_NEW);
    own.associated_partner_id = highest;
    assert_int_equal(load_one(in, northwind, &own), CLTI_LOAD_DOMAIN_TAKEN);
    clti_customer third = sample_customer(&in->arena, 1, "third.example", "Same");
    assert_int_equal(load_one(in, highest, &third), CLTI_LOAD_DOMAIN_TAKEN);
}

/* ---- the list ---- */

static const char *const ordered_names[] = {"100 Percent", "cafe",  "Café",  "CAFÉ Zwei", "Straße",
                                            "STRASSE 2",   "Zebra", "Ελλάς", "Яндекс",    "三井物産"};

static void load_ordered(fixture *in, clt_guid owner) {
    clti_load_outcome outcomes[CLTI_COUNT(ordered_names)];
    clti_customer customers[CLTI_COUNT(ordered_names)];
    for (size_t i = 0; i < CLTI_COUNT(ordered_names); i++) {
        size_t other = CLTI_COUNT(ordered_names) - 1 - i;
        const char *domain = clti_arena_format(&in->arena, "d%zu.example", i).data;
        customers[other] = sample_customer(&in->arena, i, domain, ordered_names[i]);
    }
    sample_load(in->store, owner, customers, CLTI_COUNT(ordered_names), outcomes);
}

static void test_list_is_in_order_of_folds(void **state) {
    fixture *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 500);
    assert_names(in, &query, ordered_names, CLTI_COUNT(ordered_names));
    query.start = CLTI_LIST_LAST;
    assert_names(in, &query, ordered_names, CLTI_COUNT(ordered_names));
}

static void test_list_prefix_and_exact(void **state) {
    fixture *in = *state;
    load_ordered(in, fabrikam);
    static const struct {
        const char *value;
        bool is_exact;
        size_t count;
    } rows[] = {
        {"caf", false, 3}, {"cafe", false, 3},           {"CAFE\xcc\x81", false, 2}, {"cafe", true, 1},
        {"CAFÉ", true, 1}, {"strasse", false, 2},        {"strasse", true, 1},       {"x", false, 0},
        {"三", false, 1},  {"zebra crossing", false, 0},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_list_query query = sample_query(fabrikam, 40);
        query.folded = sample_fold(&in->arena, clti_str(rows[i].value));
        query.is_exact = rows[i].is_exact;
        clti_list_page page = list(in, &query);
        if (page.count != rows[i].count) {
            fail_msg("'%s': %zu items, want %zu", rows[i].value, page.count, rows[i].count);
        }
    }
    clti_list_query query = sample_query(fabrikam, 40);
    query.folded = (clt_str){"cafe\0", 5};
    assert_int_equal(list(in, &query).count, 0);
}

static void test_list_walks_forwards_and_backwards(void **state) {
    fixture *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 3);
    static const size_t counts[] = {3, 3, 3, 1};
    for (size_t i = 0; i < CLTI_COUNT(counts); i++) {
        clti_list_page page = list(in, &query);
        assert_int_equal(page.count, counts[i]);
        assert_str(page.items[0].company_name, ordered_names[3 * i]);
        assert_int_equal(page.has_previous, i > 0);
        assert_int_equal(page.has_next, i < 3);
        query.start = CLTI_LIST_AFTER;
        query.position = page.last_position;
    }
    clti_list_page behind = list(in, &query);
    assert_int_equal(behind.count, 0);
    assert_null(behind.first_position.data);
    query.start = CLTI_LIST_LAST;
    for (size_t i = 0; i < CLTI_COUNT(counts); i++) {
        clti_list_page page = list(in, &query);
        assert_int_equal(page.count, counts[i]);
        assert_str(page.items[page.count - 1].company_name, ordered_names[9 - 3 * i]);
        assert_int_equal(page.has_next, i > 0);
        assert_int_equal(page.has_previous, i < 3);
        query.start = CLTI_LIST_BEFORE;
        query.position = page.first_position;
    }
}

static void test_list_stays_in_the_range_of_a_position_of_another_prefix(void **state) {
    fixture *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 1);
    clt_str first = list(in, &query).first_position;
    query.start = CLTI_LIST_LAST;
    clt_str last = list(in, &query).last_position;
    const struct {
        clti_list_start start;
        clt_str position;
        size_t count;
        bool has_previous;
        bool has_next;
    } rows[] = {
        {CLTI_LIST_AFTER, first, 2, false, true},
        {CLTI_LIST_AFTER, last, 0, false, false},
        {CLTI_LIST_BEFORE, first, 0, false, false},
        {CLTI_LIST_BEFORE, last, 2, true, false},
    };
    query.folded = CLTI_STR("caf");
    query.size = 2;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        query.start = rows[i].start;
        query.position = rows[i].position;
        clti_list_page page = list(in, &query);
        assert_int_equal(page.count, rows[i].count);
        assert_int_equal(page.has_previous, rows[i].has_previous);
        assert_int_equal(page.has_next, rows[i].has_next);
    }
}

static void test_list_of_the_partner_with_the_highest_id_has_an_end(void **state) {
    fixture *in = *state;
    load_ordered(in, highest);
    clti_list_query query = sample_query(highest, 4);
    query.start = CLTI_LIST_LAST;
    clti_list_page page = list(in, &query);
    assert_int_equal(page.count, 4);
    assert_str(page.items[3].company_name, "三井物産");
    assert_true(page.has_previous && !page.has_next);
}

#define ON_BOTH(test)                                                                                        \
    {"lmdb_" #test, test, set_up_lmdb, tear_down, NULL}, {                                                   \
        "memory_" #test, test, set_up_memory, tear_down, NULL                                                \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_partner_is_found_by_id_and_by_domain_in_any_case),
        ON_BOTH(test_partner_put_again_replaces_it_and_frees_its_domain),
        ON_BOTH(test_application_needs_its_partner_and_is_found_under_it_alone),
        ON_BOTH(test_applications_are_all_there_ordered_by_partner_and_id),
        ON_BOTH(test_signing_keys_are_newest_first),
        ON_BOTH(test_generation_changes_with_identities_only),
        ON_BOTH(test_refusal_in_a_group_does_not_hurt_its_neighbours),
        ON_BOTH(test_token_key_stays_the_same),
        ON_BOTH(test_load_tells_new_unchanged_and_updated),
        ON_BOTH(test_domain_is_unique_over_all_partners_in_any_case),
        ON_BOTH(test_load_is_as_if_one_after_the_other),
        ON_BOTH(test_partners_do_not_see_each_other),
        ON_BOTH(test_delete_leaves_nothing_behind),
        ON_BOTH(test_removed_relationship_keeps_the_customer_for_its_owner_unlisted),
        ON_BOTH(test_indirect_customer_is_listed_and_readable_for_its_reseller),
        ON_BOTH(test_list_never_has_one_id_twice),
        ON_BOTH(test_list_is_in_order_of_folds),
        ON_BOTH(test_list_prefix_and_exact),
        ON_BOTH(test_list_walks_forwards_and_backwards),
        ON_BOTH(test_list_stays_in_the_range_of_a_position_of_another_prefix),
        ON_BOTH(test_list_of_the_partner_with_the_highest_id_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
