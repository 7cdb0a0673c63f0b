/* What every store must do with the changes that requests make, and with what is kept of them, shown on both
 * stores. */
#include "store/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW   INT64_C(1800000000)
#define TICKS INT64_C(639000000000000000)

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};
static const clt_guid tailspin = {{0x07, 3}};

static void add_partners(sample_any *in) {
    const clti_partner partners[] = {
        {.id = fabrikam, .domain = CLTI_STR("fabrikam.example")},
        {.id = northwind, .domain = CLTI_STR("northwind.example")},
        {.id = tailspin, .domain = CLTI_STR("tailspin.example"), .is_sandbox = true, .is_strict = true}};
    for (size_t i = 0; i < CLTI_COUNT(partners); i++)
        assert_true(
            sample_apply(in->store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[i]}).done);
    const clti_change link = {CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}};
    assert_true(sample_apply(in->store, link).done);
}

static clti_change creation(clt_guid owner, const clti_customer *customer) {
    return (clti_change){.kind = CLTI_CHANGE_CUSTOMER_CREATE,
                         .of.written = {.partner = owner, .customer = customer}};
}

static clti_outcome create(sample_any *in, clt_guid owner, const clti_customer *customer) {
    return sample_apply(in->store, creation(owner, customer));
}

static clti_access find(sample_any *in, clt_guid partner, clt_guid id, clti_customer *out) {
    clti_access access;
    clti_fault fault;
    assert_true(clti_store_customer_find(in->store, partner, id, &in->arena, out, &access, &fault));
    return access;
}

static clti_partner_state state_of(sample_any *in, clt_guid partner) {
    clti_partner_state state;
    clti_fault fault;
    assert_true(clti_store_partner_state(in->store, partner, &state, &fault));
    return state;
}

static void assert_sound(sample_any *in, uint64_t audits, uint64_t kept) {
    clti_check_summary seen;
    clti_fault fault;
    assert_true(clti_store_check(in->store, NULL, NULL, &seen, &fault));
    assert_int_equal(seen.findings, 0);
    assert_int_equal(seen.audit_records, audits);
    assert_int_equal(seen.idempotency_records, kept);
}

/* ---- customers ---- */

static void test_create_makes_a_customer_that_is_found_and_listed(void **state) {
    sample_any *in = *state;
    clti_fault fault;
    clti_list_page page;
    clti_customer found;
    uint64_t before;
    uint64_t after;
    clti_list_query query = sample_query(fabrikam, 40);
    add_partners(in);
    clti_customer customer = sample_customer(&in->arena, 1, "one.example", "One");
    assert_true(clti_store_generation(in->store, &before, &fault));
    assert_true(create(in, fabrikam, &customer).done);
    assert_true(clti_store_generation(in->store, &after, &fault));
    assert_int_equal(before, after);
    assert_int_equal(find(in, fabrikam, customer.id, &found), CLTI_ACCESS_OWNER);
    assert_true(clti_customer_equal(&customer, &found));
    assert_int_equal(find(in, northwind, customer.id, &found), CLTI_ACCESS_NONE);
    assert_true(clti_store_list(in->store, &query, &in->arena, &page, &fault));
    assert_int_equal(page.count, 1);
    assert_int_equal(page.total, 1);
    assert_int_equal(page.revision, 1);
    assert_sound(in, 0, 0);
}

static void test_create_is_refused_and_changes_nothing(void **state) {
    sample_any *in = *state;
    add_partners(in);
    clti_customer first = sample_customer(&in->arena, 1, "one.example", "One");
    assert_true(create(in, fabrikam, &first).done);
    const struct {
        clt_guid owner;
        uint64_t number;
        const char *domain;
        clt_guid reseller;
        clti_fault_code refusal;
    } rows[] = {
        {sample_guid(77), 2, "two.example", {{0}}, CLTI_FAULT_NOT_FOUND},
        {northwind, 2, "ONE.example", {{0}}, CLTI_FAULT_DOMAIN_TAKEN},
        {fabrikam, 2, "one.example", {{0}}, CLTI_FAULT_DOMAIN_TAKEN},
        {fabrikam, 1, "two.example", {{0}}, CLTI_FAULT_DOMAIN_TAKEN}, /* the id is there */
        {fabrikam, 2, "two.example", sample_guid(77), CLTI_FAULT_RESELLER_NOT_FOUND},
        {fabrikam, 2, "two.example", tailspin, CLTI_FAULT_NOT_A_RESELLER},
        {fabrikam, 2, "two.example", fabrikam, CLTI_FAULT_NOT_A_RESELLER},
        {northwind, 2, "two.example", fabrikam, CLTI_FAULT_NOT_A_RESELLER}, /* only the other way round */
    };
    const clti_audit_record audit = {fabrikam, .date = TICKS, .operation = CLTI_AUDIT_ADD_CUSTOMER};
    const clti_idempotency key = {fabrikam, .key = {{9}}, .created = NOW};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_customer customer = sample_customer(&in->arena, rows[i].number, rows[i].domain, "Two");
        customer.associated_partner_id = rows[i].reseller;
        clti_change change = creation(rows[i].owner, &customer);
        change.audit = &audit;
        change.idempotency = &key;
        change.arena = &in->arena;
        clti_outcome outcome = sample_apply(in->store, change);
        if (outcome.done || outcome.refusal != rows[i].refusal)
            fail_msg("row %zu: done %d, refusal %d", i, outcome.done, (int)outcome.refusal);
    }
    assert_int_equal(state_of(in, fabrikam).count, 1);
    assert_int_equal(state_of(in, fabrikam).revision, 1);
    assert_int_equal(state_of(in, northwind).count, 0);
    assert_sound(in, 0, 0);
}

static void test_create_for_a_reseller_is_listed_and_readable_there(void **state) {
    sample_any *in = *state;
    clti_customer found;
    add_partners(in);
    clti_customer customer = sample_customer(&in->arena, 1, "one.example", "One");
    customer.associated_partner_id = northwind;
    assert_true(create(in, fabrikam, &customer).done);
    assert_int_equal(find(in, northwind, customer.id, &found), CLTI_ACCESS_RESELLER);
    assert_int_equal(state_of(in, northwind).count, 1);
    /* Readable, never writable: neither changed nor deleted in the reseller's name. */
    const clti_change changes[] = {
        {CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {northwind, &customer, &customer}},
        {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {northwind, customer.id, NULL}}};
    for (size_t i = 0; i < CLTI_COUNT(changes); i++)
        assert_int_equal(sample_apply(in->store, changes[i]).refusal, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    assert_int_equal(state_of(in, northwind).count, 1);
    assert_sound(in, 0, 0);
}

static void test_create_stops_at_the_limit_of_a_strict_partner(void **state) {
    sample_any *in = *state;
    add_partners(in);
    for (uint64_t i = 0; i <= CLTI_STRICT_CUSTOMERS_MAX; i++) {
        const char *domain = clti_arena_format(&in->arena, "d%d.example", (int)i).data;
        clti_customer customer = sample_customer(&in->arena, i, domain, "Company");
        clti_outcome outcome = create(in, tailspin, &customer);
        assert_int_equal(outcome.done, i < CLTI_STRICT_CUSTOMERS_MAX);
        if (!outcome.done)
            assert_int_equal(outcome.refusal, CLTI_FAULT_CUSTOMERS_MAX);
    }
    const clti_change deletion = {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {tailspin, sample_guid(3)}};
    assert_true(sample_apply(in->store, deletion).done);
    clti_customer again = sample_customer(&in->arena, 500, "again.example", "Company");
    assert_true(create(in, tailspin, &again).done);
}

static void test_update_and_delete_want_the_customer_as_expected(void **state) {
    sample_any *in = *state;
    clti_customer found;
    clti_fault fault;
    clti_list_page page;
    add_partners(in);
    clti_customer first = sample_customer(&in->arena, 1, "one.example", "One");
    clti_customer second = first;
    second.company_name = CLTI_STR("Two");
    clti_customer removed = second;
    removed.relationship = CLTI_RELATIONSHIP_NONE;
    assert_true(create(in, fabrikam, &first).done);
    const struct {
        clti_change change;
        bool done;
        clti_fault_code refusal;
    } rows[] = {
        {{CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {northwind, &second, &first}},
         false,
         CLTI_FAULT_CUSTOMER_NOT_FOUND},
        {{CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {fabrikam, &second, &second}}, false, CLTI_FAULT_STALE},
        {{CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {fabrikam, &second, &first}}, true, 0},
        {{CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {fabrikam, &second, &first}}, false, CLTI_FAULT_STALE},
        {{CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {fabrikam, first.id, &first}}, false, CLTI_FAULT_STALE},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_outcome outcome = sample_apply(in->store, rows[i].change);
        if (outcome.done != rows[i].done || (!outcome.done && outcome.refusal != rows[i].refusal))
            fail_msg("row %zu: done %d, refusal %d", i, outcome.done, (int)outcome.refusal);
    }
    clti_list_query query = sample_query(fabrikam, 40);
    assert_true(clti_store_list(in->store, &query, &in->arena, &page, &fault));
    assert_int_equal(page.count, 1);
    sample_assert_str(page.items[0].company_name, "Two");
    const clti_change removal = {CLTI_CHANGE_CUSTOMER_UPDATE, .of.written = {fabrikam, &removed, &second}};
    assert_true(sample_apply(in->store, removal).done);
    assert_int_equal(state_of(in, fabrikam).count, 0);
    assert_int_equal(find(in, fabrikam, first.id, &found), CLTI_ACCESS_OWNER);
    const clti_change end = {CLTI_CHANGE_CUSTOMER_DELETE, .of.customer = {fabrikam, first.id, &removed}};
    assert_true(sample_apply(in->store, end).done);
    assert_true(create(in, northwind, &first).done); /* the domain is free again */
    assert_sound(in, 0, 0);
}

/* ---- idempotency ---- */

static clti_idempotency request(uint8_t key, uint8_t body, int64_t created, const char *answer) {
    clti_idempotency made = {.partner = fabrikam, .key = {{key}}, .created = created};
    made.body_sha256[0] = body;
    made.answer = (clti_answer){.status = 201, .body = clti_str(answer), .location = {{key, 1}}};
    made.answer.salt[1] = (clt_guid){{body, 2}};
    return made;
}

static clti_outcome create_once(sample_any *in, uint64_t number, const clti_idempotency *key) {
    const char *domain = clti_arena_format(&in->arena, "d%d.example", (int)number).data;
    clti_customer customer = sample_customer(&in->arena, number, domain, "Company");
    clti_change change = creation(fabrikam, &customer);
    change.idempotency = key;
    change.arena = &in->arena;
    return sample_apply(in->store, change);
}

static void test_a_request_id_is_done_once_and_answered_alike(void **state) {
    sample_any *in = *state;
    clti_idempotency found;
    clti_fault fault;
    bool is_found;
    add_partners(in);
    clti_idempotency first = request(1, 1, NOW, "{\"one\":1}");
    clti_idempotency again = request(1, 1, NOW + CLTI_IDEMPOTENCY_SECONDS - 1, "{\"two\":2}");
    clti_idempotency other_body = request(1, 2, NOW + 1, "{}");
    clti_idempotency late = request(1, 2, NOW + CLTI_IDEMPOTENCY_SECONDS, "{\"late\":3}");
    clti_outcome outcome = create_once(in, 1, &first);
    assert_true(outcome.done && !outcome.is_repeated);
    outcome = create_once(in, 2, &again);
    assert_true(outcome.done && outcome.is_repeated);
    assert_int_equal(outcome.answer.status, 201);
    sample_assert_str(outcome.answer.body, "{\"one\":1}");
    assert_true(clti_guid_equal(outcome.answer.location, first.answer.location));
    assert_true(clti_guid_equal(outcome.answer.salt[1], first.answer.salt[1]));
    assert_true(clti_guid_is_absent(outcome.answer.salt[0]));
    outcome = create_once(in, 2, &other_body);
    assert_true(!outcome.done && outcome.refusal == CLTI_FAULT_REQUEST_ID_REUSED);
    assert_int_equal(state_of(in, fabrikam).count, 1);
    assert_true(clti_store_idempotency_find(in->store, fabrikam, first.key, NOW + 5, &in->arena, &found,
                                            &is_found, &fault));
    assert_true(is_found && memcmp(found.body_sha256, first.body_sha256, 32) == 0);
    sample_assert_str(found.answer.body, "{\"one\":1}");
    const struct {
        clt_guid partner;
        clt_guid key;
        int64_t now;
    } misses[] = {{northwind, first.key, NOW},
                  {fabrikam, {{2}}, NOW},
                  {fabrikam, first.key, NOW + CLTI_IDEMPOTENCY_SECONDS}};
    for (size_t i = 0; i < CLTI_COUNT(misses); i++) {
        assert_true(clti_store_idempotency_find(in->store, misses[i].partner, misses[i].key, misses[i].now,
                                                &in->arena, &found, &is_found, &fault));
        assert_false(is_found);
    }
    outcome = create_once(in, 2, &late); /* after a day the id is as good as new */
    assert_true(outcome.done && !outcome.is_repeated);
    assert_sound(in, 0, 1);
}

static void test_two_with_one_request_id_in_one_group_see_each_other(void **state) {
    sample_any *in = *state;
    clti_fault fault;
    clti_outcome outcomes[3];
    add_partners(in);
    clti_customer customers[] = {sample_customer(&in->arena, 1, "one.example", "One"),
                                 sample_customer(&in->arena, 2, "one.example", "One"),
                                 sample_customer(&in->arena, 3, "one.example", "One")};
    clti_idempotency keys[] = {request(1, 1, NOW, "{\"one\":1}"), request(1, 1, NOW, "{\"two\":2}"),
                               request(2, 1, NOW, "{\"three\":3}")};
    clti_change changes[3];
    for (size_t i = 0; i < 3; i++) {
        changes[i] = creation(fabrikam, &customers[i]);
        changes[i].idempotency = &keys[i];
        changes[i].arena = &in->arena;
    }
    assert_true(clti_store_apply(in->store, changes, 3, outcomes, &fault));
    assert_true(outcomes[0].done && !outcomes[0].is_repeated);
    assert_true(outcomes[1].done && outcomes[1].is_repeated);
    sample_assert_str(outcomes[1].answer.body, "{\"one\":1}");
    assert_true(!outcomes[2].done && outcomes[2].refusal == CLTI_FAULT_DOMAIN_TAKEN);
    /* The refusal was not kept: the same id may try once more. */
    clti_idempotency retry = request(2, 1, NOW, "{\"four\":4}");
    assert_true(create_once(in, 4, &retry).done);
    assert_sound(in, 0, 2);
}

/* ---- audit ---- */

static clti_audit_record audit_of(clt_guid partner, int64_t date, clti_audit_operation operation,
                                  const char *name) {
    return (clti_audit_record){.partner = partner,
                               .date = date,
                               .operation = (uint8_t)operation,
                               .customer = {{(uint8_t)operation, 7}},
                               .customer_name = clti_str(name),
                               .application = {{5}},
                               .correlation_id = {{6}},
                               .request_id = {{7}},
                               .new_value = CLTI_STR("{\"Id\":\"x\"}"),
                               .customized = CLTI_STR("[]")};
}

static void write_audit(sample_any *in, const clti_audit_record *audit) {
    /* Some change that is always done. */
    const clti_change change = {CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}, .audit = audit};
    assert_true(sample_apply(in->store, change).done);
}

static clti_audit_page list(sample_any *in, const clti_audit_query *query) {
    clti_audit_page page;
    clti_fault fault;
    assert_true(clti_store_audit_list(in->store, query, &in->arena, &page, &fault));
    return page;
}

static void test_audit_records_are_kept_whole_and_one_date_is_given_once(void **state) {
    sample_any *in = *state;
    add_partners(in);
    clti_audit_record audit = audit_of(fabrikam, TICKS, CLTI_AUDIT_ADD_CUSTOMER, "Café");
    audit.user = CLTI_STR("ada@fabrikam.example");
    audit.old_value = CLTI_STR("{}");
    audit.resource = (clt_guid){{9}};
    for (size_t i = 0; i < 3; i++)
        write_audit(in, &audit);
    const clti_audit_query query = {.partner = fabrikam, .to = INT64_MAX, .size = 10};
    clti_audit_page page = list(in, &query);
    assert_int_equal(page.count, 3);
    assert_false(page.has_more);
    for (size_t i = 0; i < 3; i++) {
        const clti_audit_record *read = &page.records[i];
        assert_true(clti_guid_equal(read->partner, fabrikam));
        assert_int_equal(read->date, TICKS + 2 - (int64_t)i);
        assert_int_equal(read->operation, CLTI_AUDIT_ADD_CUSTOMER);
        assert_true(clti_guid_equal(read->customer, audit.customer));
        assert_true(clti_guid_equal(read->resource, audit.resource));
        assert_true(clti_guid_equal(read->application, audit.application));
        assert_true(clti_guid_equal(read->correlation_id, audit.correlation_id));
        assert_true(clti_guid_equal(read->request_id, audit.request_id));
        sample_assert_str(read->customer_name, "Café");
        sample_assert_str(read->user, "ada@fabrikam.example");
        sample_assert_str(read->old_value, "{}");
        sample_assert_str(read->new_value, "{\"Id\":\"x\"}");
        sample_assert_str(read->customized, "[]");
    }
    const clti_audit_query others = {.partner = northwind, .to = INT64_MAX, .size = 10};
    assert_int_equal(list(in, &others).count, 0);
}

static void test_audit_records_are_filtered(void **state) {
    sample_any *in = *state;
    add_partners(in);
    clti_audit_record records[] = {
        audit_of(fabrikam, TICKS + 0, CLTI_AUDIT_ADD_CUSTOMER, "Contoso"),
        audit_of(fabrikam, TICKS + 1, CLTI_AUDIT_DELETE_CUSTOMER, "Great CAFÉ"),
        audit_of(fabrikam, TICKS + 2, CLTI_AUDIT_ADD_CUSTOMER, "Cafe Contoso"),
        audit_of(northwind, TICKS + 1, CLTI_AUDIT_ADD_CUSTOMER, "Contoso"),
    };
    records[2].user = CLTI_STR("Ada@fabrikam.example");
    records[1].application = (clt_guid){{55}};
    for (size_t i = 0; i < CLTI_COUNT(records); i++)
        write_audit(in, &records[i]);
    const clti_audit_query all = {.partner = fabrikam, .to = INT64_MAX, .size = 10};
    clti_audit_query queries[10];
    for (size_t i = 0; i < CLTI_COUNT(queries); i++)
        queries[i] = all;
    queries[1].from = TICKS + 1;
    queries[2].to = TICKS + 2;
    queries[3].customer = (clt_guid){{CLTI_AUDIT_DELETE_CUSTOMER, 7}};
    queries[4].folded_name = sample_fold(&in->arena, CLTI_STR("toso"));
    queries[5].folded_name = sample_fold(&in->arena, CLTI_STR("Café"));
    queries[6].operation = CLTI_AUDIT_ADD_CUSTOMER;
    queries[7].application = (clt_guid){{55}};
    queries[8].user = CLTI_STR("ADA@fabrikam.example");
    queries[9].resource = "partner_relationship";
    static const size_t counts[] = {3, 2, 2, 1, 2, 1, 2, 1, 1, 0};
    for (size_t i = 0; i < CLTI_COUNT(queries); i++)
        if (list(in, &queries[i]).count != counts[i])
            fail_msg("query %zu: %zu records", i, list(in, &queries[i]).count);
}

static void test_audit_records_are_paged_newest_first_both_ways(void **state) {
    sample_any *in = *state;
    add_partners(in);
    for (int64_t i = 0; i < 7; i++) {
        clti_audit_record audit = audit_of(
            fabrikam, TICKS + i, i % 2 != 0 ? CLTI_AUDIT_DELETE_CUSTOMER : CLTI_AUDIT_ADD_CUSTOMER, "A");
        write_audit(in, &audit);
    }
    clti_audit_query query = {
        .partner = fabrikam, .from = TICKS, .to = TICKS + 7, .operation = CLTI_AUDIT_ADD_CUSTOMER, .size = 2};
    clti_audit_page page = list(in, &query);
    assert_true(page.count == 2 && page.has_more);
    assert_int_equal(page.records[0].date, TICKS + 6);
    assert_int_equal(page.records[1].date, TICKS + 4);
    query.to = page.records[1].date;
    page = list(in, &query);
    assert_true(page.count == 2 && !page.has_more);
    assert_int_equal(page.records[1].date, TICKS);
    query.to = TICKS + 7;
    query.from = page.records[0].date + 1;
    query.is_forwards = true;
    query.size = 1;
    page = list(in, &query);
    assert_true(page.count == 1 && page.has_more);
    assert_int_equal(page.records[0].date, TICKS + 4);
    query.size = 9;
    page = list(in, &query);
    assert_true(page.count == 2 && !page.has_more);
    assert_int_equal(page.records[0].date, TICKS + 6);
}

static void test_what_is_too_old_goes_sooner_or_later_and_the_rest_stays(void **state) {
    sample_any *in = *state;
    const clt_guid owners[] = {fabrikam, northwind, {{0xff, 0xff}}};
    add_partners(in);
    for (uint8_t i = 0; i < 60; i++) {
        clti_audit_record audit = audit_of(owners[i % 3], TICKS + i, CLTI_AUDIT_ADD_CUSTOMER, "A");
        clti_idempotency key = request(i, 1, NOW + i, "{}");
        key.partner = owners[i % 3];
        const clti_change change = {CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}, .audit = &audit,
                                    .idempotency = &key, .arena = &in->arena};
        assert_true(sample_apply(in->store, change).done);
    }
    const clti_change expiry = {CLTI_CHANGE_EXPIRE, .of.expired = {NOW + 31, TICKS + 41, 7}};
    for (size_t i = 0; i < 40; i++)
        assert_true(sample_apply(in->store, expiry).done);
    assert_sound(in, 19, 29);
    const clti_audit_query query = {.partner = owners[2], .to = INT64_MAX, .size = 100};
    clti_audit_page page = list(in, &query);
    assert_int_equal(page.count, 7);
    assert_int_equal(page.records[6].date, TICKS + 41);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_ON_ALL(test_create_makes_a_customer_that_is_found_and_listed),
        SAMPLE_ON_ALL(test_create_is_refused_and_changes_nothing),
        SAMPLE_ON_ALL(test_create_for_a_reseller_is_listed_and_readable_there),
        SAMPLE_ON_ALL(test_create_stops_at_the_limit_of_a_strict_partner),
        SAMPLE_ON_ALL(test_update_and_delete_want_the_customer_as_expected),
        SAMPLE_ON_ALL(test_a_request_id_is_done_once_and_answered_alike),
        SAMPLE_ON_ALL(test_two_with_one_request_id_in_one_group_see_each_other),
        SAMPLE_ON_ALL(test_audit_records_are_kept_whole_and_one_date_is_given_once),
        SAMPLE_ON_ALL(test_audit_records_are_filtered),
        SAMPLE_ON_ALL(test_audit_records_are_paged_newest_first_both_ways),
        SAMPLE_ON_ALL(test_what_is_too_old_goes_sooner_or_later_and_the_rest_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
