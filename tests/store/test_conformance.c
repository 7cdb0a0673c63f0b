/* What every store must do with customers, shown on the embedded store and on the plain model in memory. */
#include "store/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};
static const clt_guid highest = {
    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

static clti_load_outcome load_one(sample_any *in, clt_guid partner, const clti_customer *customer) {
    clti_load_outcome outcome;
    sample_load(in->store, partner, customer, 1, &outcome);
    return outcome;
}

static clti_list_page list(sample_any *in, const clti_list_query *query) {
    clti_list_page page;
    clti_fault fault;
    if (!clti_store_list(in->store, query, &in->arena, &page, &fault))
        fail_msg("%s", fault.text);
    return page;
}

static clti_access find(sample_any *in, clt_guid partner, clt_guid id, clti_customer *out) {
    clti_access access;
    clti_fault fault;
    if (!clti_store_customer_find(in->store, partner, id, &in->arena, out, &access, &fault))
        fail_msg("%s", fault.text);
    return access;
}

static clti_partner_state state_of(clti_store *store, clt_guid partner) {
    clti_partner_state state;
    clti_fault fault;
    assert_true(clti_store_partner_state(store, partner, &state, &fault));
    return state;
}

static void assert_names(sample_any *in, const clti_list_query *query, const char *const *names,
                         size_t count) {
    clti_list_page page = list(in, query);
    assert_int_equal(page.count, count);
    for (size_t i = 0; i < count; i++)
        sample_assert_str(page.items[i].company_name, names[i]);
}

/* ---- customers ---- */

static void test_load_tells_new_unchanged_and_updated(void **state) {
    sample_any *in = *state;
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
    customer.billing_revision = 1; /* it was written once more */
    assert_true(clti_customer_equal(&found, &customer));
    const char *names[] = {"Wide World Importers"};
    clti_list_query query = sample_query(fabrikam, 40);
    assert_names(in, &query, names, 1);
}

static void test_domain_is_unique_over_all_partners_in_any_case(void **state) {
    sample_any *in = *state;
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

static void test_a_domain_is_taken_while_a_customer_of_any_partner_has_it(void **state) {
    sample_any *in = *state;
    static const struct {
        const char *domain;
        bool taken;
    } rows[] = {{"contoso.example", true},
                {"CONTOSO.Example", true},
                {"removed.example", true},
                {"contoso.exampl", false},
                {"contoso.example.", false},
                {"", false},
                {"\xFF", false}};
    clti_fault fault;
    bool taken;
    clti_customer first = sample_customer(&in->arena, 1, "contoso.example", "Contoso");
    clti_customer second = sample_customer(&in->arena, 2, "removed.example", "Removed");
    second.relationship = CLTI_RELATIONSHIP_NONE;
    assert_int_equal(load_one(in, fabrikam, &first), CLTI_LOAD_NEW);
    assert_int_equal(load_one(in, northwind, &second), CLTI_LOAD_NEW);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_true(clti_store_domain_is_taken(in->store, clti_str(rows[i].domain), &taken, &fault));
        if (taken != rows[i].taken)
            fail_msg("%s", rows[i].domain);
    }
    first.domain = clti_str("moved.example");
    assert_int_equal(load_one(in, fabrikam, &first), CLTI_LOAD_UPDATED);
    assert_true(clti_store_domain_is_taken(in->store, clti_str("contoso.example"), &taken, &fault));
    assert_false(taken);
}

static void test_load_is_as_if_one_after_the_other(void **state) {
    sample_any *in = *state;
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
    sample_any *in = *state;
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
    sample_any *in = *state;
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
    sample_any *in = *state;
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
    sample_any *in = *state;
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
    sample_any *in = *state;
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

static void load_ordered(sample_any *in, clt_guid owner) {
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
    sample_any *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 500);
    assert_names(in, &query, ordered_names, CLTI_COUNT(ordered_names));
    query.start = CLTI_LIST_LAST;
    assert_names(in, &query, ordered_names, CLTI_COUNT(ordered_names));
}

static void test_list_prefix_and_exact(void **state) {
    sample_any *in = *state;
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
        if (page.count != rows[i].count)
            fail_msg("'%s': %zu items, want %zu", rows[i].value, page.count, rows[i].count);
    }
    clti_list_query query = sample_query(fabrikam, 40);
    query.folded = (clt_str){"cafe\0", 5};
    assert_int_equal(list(in, &query).count, 0);
}

static void test_list_walks_forwards_and_backwards(void **state) {
    sample_any *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 3);
    static const size_t counts[] = {3, 3, 3, 1};
    for (size_t i = 0; i < CLTI_COUNT(counts); i++) {
        clti_list_page page = list(in, &query);
        assert_int_equal(page.count, counts[i]);
        sample_assert_str(page.items[0].company_name, ordered_names[3 * i]);
        assert_int_equal(page.has_previous, i > 0);
        assert_int_equal(page.revision, state_of(in->store, fabrikam).revision);
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
        sample_assert_str(page.items[page.count - 1].company_name, ordered_names[9 - 3 * i]);
        assert_int_equal(page.has_next, i > 0);
        assert_int_equal(page.has_previous, i < 3);
        query.start = CLTI_LIST_BEFORE;
        query.position = page.first_position;
    }
}

static void test_list_stays_in_the_range_of_a_position_of_another_prefix(void **state) {
    sample_any *in = *state;
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
    sample_any *in = *state;
    load_ordered(in, highest);
    clti_list_query query = sample_query(highest, 4);
    query.start = CLTI_LIST_LAST;
    clti_list_page page = list(in, &query);
    assert_int_equal(page.count, 4);
    sample_assert_str(page.items[3].company_name, "三井物産");
    assert_true(page.has_previous && !page.has_next);
}

static uint64_t count_of(sample_any *in, const clti_list_query *query, uint64_t most) {
    uint64_t count;
    clti_fault fault;
    assert_true(clti_store_count(in->store, query, most, &count, &fault));
    return count;
}

static void test_count_is_that_of_all_matches_up_to_a_limit(void **state) {
    sample_any *in = *state;
    load_ordered(in, fabrikam);
    clti_list_query query = sample_query(fabrikam, 1);
    clti_list_page page = list(in, &query);
    query.start = CLTI_LIST_AFTER;
    query.position = page.last_position;
    assert_int_equal(count_of(in, &query, 1000), 10);
    assert_int_equal(count_of(in, &query, 10), 10);
    assert_int_equal(count_of(in, &query, 9), 9);
    assert_int_equal(count_of(in, &query, 0), 0);
    query.folded = CLTI_STR("caf");
    assert_int_equal(count_of(in, &query, 1000), 3);
    query.folded = CLTI_STR("c\0");
    assert_int_equal(count_of(in, &query, 1000), 0);
    query = sample_query(northwind, 1);
    assert_int_equal(count_of(in, &query, 1000), 0);
}

/* Names that are alike for longer than keys tell: what matches stands anywhere between what does not, which
 * is most. */
static void test_list_looks_past_what_keys_tell(void **state) {
    enum { MANY = 600, EVERY = 10, MATCHES = MANY / EVERY, PAGE = 7 };
    sample_any *in = *state;
    clti_customer customers[MANY];
    clti_load_outcome outcomes[MANY];
    char name[CLTI_FOLD_KEY_MAX + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    for (uint64_t i = 0; i < MANY; i++) {
        name[CLTI_FOLD_KEY_MAX] = i % EVERY == 0 ? 'b' : 'a';
        const char *domain = clti_arena_format(&in->arena, "d%d.example", (int)i).data;
        customers[i] = sample_customer(&in->arena, i, domain, name);
    }
    sample_load(in->store, fabrikam, customers, MANY, outcomes);
    clti_list_query query = sample_query(fabrikam, PAGE);
    name[CLTI_FOLD_KEY_MAX] = 'b';
    query.folded = clti_str(name);
    assert_int_equal(count_of(in, &query, 1000), MATCHES);
    assert_int_equal(count_of(in, &query, PAGE), PAGE);
    for (int is_back = 0; is_back <= 1; is_back++) {
        size_t seen = 0;
        query.start = is_back ? CLTI_LIST_LAST : CLTI_LIST_FIRST;
        for (bool has_more = true; has_more;) {
            clti_list_page page = list(in, &query);
            assert_int_equal(is_back ? page.has_next : page.has_previous, seen > 0);
            for (size_t i = 0; i < page.count; i++) {
                sample_assert_str(page.items[i].company_name, name);
                if (i > 0)
                    assert_true(memcmp(&page.items[i - 1].id, &page.items[i].id, sizeof page.items[i].id) <
                                0);
            }
            seen += page.count;
            has_more = is_back ? page.has_previous : page.has_next;
            query.start = is_back ? CLTI_LIST_BEFORE : CLTI_LIST_AFTER;
            query.position = is_back ? page.first_position : page.last_position;
        }
        assert_int_equal(seen, MATCHES);
    }
}

static size_t purge(sample_any *in, clt_guid owner, size_t most) {
    size_t deleted;
    clti_fault fault;
    assert_true(clti_store_purge(in->store, owner, most, &deleted, &fault));
    return deleted;
}

static void test_purge_deletes_all_that_a_partner_owns_and_nothing_else(void **state) {
    sample_any *in = *state;
    for (uint64_t i = 0; i < 10; i++) {
        clti_customer customer = sample_customer(
            &in->arena, i, clti_arena_format(&in->arena, "d%d.example", (int)i).data, "Contoso");
        if (i % 2 == 0)
            customer.associated_partner_id = northwind;
        if (i == 3)
            customer.relationship = CLTI_RELATIONSHIP_NONE;
        assert_int_equal(load_one(in, i < 7 ? fabrikam : highest, &customer), CLTI_LOAD_NEW);
    }
    assert_int_equal(purge(in, northwind, 100), 0); /* a reseller owns none of them */
    assert_int_equal(purge(in, fabrikam, 4), 4);
    assert_int_equal(purge(in, fabrikam, 0), 0);
    assert_int_equal(purge(in, fabrikam, 4), 3);
    assert_int_equal(purge(in, fabrikam, 4), 0);
    assert_int_equal(state_of(in->store, fabrikam).count, 0);
    assert_int_equal(state_of(in->store, highest).count, 3);
    assert_int_equal(state_of(in->store, northwind).count, 1);
    clti_customer again = sample_customer(&in->arena, 1, "d1.example", "Contoso");
    assert_int_equal(load_one(in, highest, &again), CLTI_LOAD_NEW);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_ALL(test_load_tells_new_unchanged_and_updated),
        SAMPLE_ON_ALL(test_domain_is_unique_over_all_partners_in_any_case),
        SAMPLE_ON_ALL(test_a_domain_is_taken_while_a_customer_of_any_partner_has_it),
        SAMPLE_ON_ALL(test_load_is_as_if_one_after_the_other),
        SAMPLE_ON_ALL(test_partners_do_not_see_each_other),
        SAMPLE_ON_ALL(test_delete_leaves_nothing_behind),
        SAMPLE_ON_ALL(test_removed_relationship_keeps_the_customer_for_its_owner_unlisted),
        SAMPLE_ON_ALL(test_indirect_customer_is_listed_and_readable_for_its_reseller),
        SAMPLE_ON_ALL(test_list_never_has_one_id_twice),
        SAMPLE_ON_ALL(test_list_is_in_order_of_folds),
        SAMPLE_ON_ALL(test_list_prefix_and_exact),
        SAMPLE_ON_ALL(test_list_walks_forwards_and_backwards),
        SAMPLE_ON_ALL(test_list_stays_in_the_range_of_a_position_of_another_prefix),
        SAMPLE_ON_ALL(test_list_of_the_partner_with_the_highest_id_has_an_end),
        SAMPLE_ON_ALL(test_count_is_that_of_all_matches_up_to_a_limit),
        SAMPLE_ON_ALL(test_list_looks_past_what_keys_tell),
        SAMPLE_ON_ALL(test_purge_deletes_all_that_a_partner_owns_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
