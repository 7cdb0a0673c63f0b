/* Each kind of damage to a store on PostgreSQL, done behind its back, is found and named; a sound one has no
 * finding. */
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};

static void put(clti_store *store, clti_change change) {
    assert_true(sample_apply(store, change).done);
}

/* Something of each kind: 30 customers, of which a third is shared with a reseller. */
static void fill(sample_any *in) {
    const clti_partner partners[] = {{.id = fabrikam, .domain = CLTI_STR("fabrikam.example")},
                                     {.id = northwind, .domain = CLTI_STR("northwind.example")}};
    const clti_application application = {.partner = northwind, .id = {{5}}, .name = CLTI_STR("app")};
    const clti_user user = {.partner = northwind, .id = {{6}}, .name = CLTI_STR("a@northwind.example")};
    const clti_user_grant grant = {.id = {{7}}, .revision = 1, .expires = 1};
    const clti_signing_key key = {CLTI_STR("kid"), CLTI_STR("{}"), 1, 0};
    const clti_audit_record audit = {fabrikam, .date = 1, .operation = CLTI_AUDIT_ADD_CUSTOMER};
    const clti_idempotency kept = {fabrikam, .key = {{3}}, .created = 1};
    for (size_t i = 0; i < CLTI_COUNT(partners); i++)
        put(in->store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[i]});
    put(in->store, (clti_change){CLTI_CHANGE_APPLICATION_PUT, .of.application = &application});
    put(in->store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &key});
    put(in->store, (clti_change){CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}, .audit = &audit,
                                 .idempotency = &kept, .arena = &in->arena});
    put(in->store, (clti_change){CLTI_CHANGE_USER_PUT, .of.user = &user});
    put(in->store, (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = &grant});
    for (uint64_t i = 0; i < 30; i++) {
        const char *domain = clti_arena_format(&in->arena, "d%d.example", (int)i).data;
        clti_customer customer = sample_customer(&in->arena, i, domain, "Contoso");
        clti_load_outcome outcome;
        if (i % 3 == 0) {
            customer.associated_partner_id = northwind;
            customer.relationship = CLTI_RELATIONSHIP_RESELLER;
        }
        sample_load(in->store, fabrikam, &customer, 1, &outcome);
        assert_int_equal(outcome, CLTI_LOAD_NEW);
    }
}

typedef struct listener {
    const char *says, *table;
    bool heard;
} listener;

static void hear(void *user, clt_str text) {
    listener *by = user;
    char *line = strndup(text.data, text.size);
    assert_non_null(line);
    by->heard |= strncmp(line, by->table, strlen(by->table)) == 0 && strstr(line, by->says) != NULL;
    free(line);
}

static clti_check_summary check(sample_any *in, listener *by) {
    clti_check_summary summary;
    clti_fault fault;
    if (!clti_store_check(in->store, hear, by, &summary, &fault))
        fail_msg("%s", fault.text);
    return summary;
}

static void test_a_sound_store_has_no_finding_and_all_is_read(void **state) {
    sample_any *in = *state;
    listener by = {.says = "", .table = ""};
    fill(in);
    const clti_check_summary summary = check(in, &by);
    assert_int_equal(summary.findings, 0);
    assert_int_equal(summary.partners, 2);
    assert_int_equal(summary.applications, 1);
    assert_int_equal(summary.users, 1);
    assert_int_equal(summary.grants, 1);
    assert_int_equal(summary.customers, 30);
    assert_int_equal(summary.audit_records, 1);
    assert_int_equal(summary.idempotency_records, 1);
    /* Domain, two lists; of the shared: another list of the owner, three of the reseller, and its right. */
    assert_int_equal(summary.entries, 30 * 3 + 10 * 5);
}

#define FIRST(table, key) "(SELECT " key " FROM clientele." table " ORDER BY 1 LIMIT 1)"

static void test_each_damage_is_found_and_named(void **state) {
    static const struct {
        const char *damage;
        const char *table, *says;
        uint64_t findings;
    } rows[] = {
        {"UPDATE clientele.customer SET record = '\\x00' WHERE id = " FIRST("customer", "id"), "customer",
         "damaged record", 1},
        {"DELETE FROM clientele.domain WHERE domain = " FIRST("domain", "domain"), "domain",
         "missing: the row", 1},
        {"UPDATE clientele.domain SET id = gen_random_uuid() WHERE domain = " FIRST("domain", "domain"),
         "domain", "altered", 1},
        {"INSERT INTO clientele.domain VALUES ('stray.example', gen_random_uuid(), gen_random_uuid())",
         "domain", "stray", 1},
        {"DELETE FROM clientele.list_item WHERE key < '\\x02' AND partner = '"
         "fa010000-0000-0000-0000-000000000000"
         "'",
         "list_item", "missing: the row", 31},
        {"UPDATE clientele.list_item SET item = item || '\\x00' WHERE key = " FIRST(
             "list_item", "key") " AND partner = 'fa010000-0000-0000-0000-000000000000'",
         "list_item", "altered", 1},
        {"INSERT INTO clientele.list_item VALUES (gen_random_uuid(), '\\x02', '\\x00')", "list_item", "stray",
         1},
        {"UPDATE clientele.list_item SET key = set_byte(key, 3, 255) WHERE key = " FIRST(
             "list_item", "key") " AND partner = 'fa010000-0000-0000-0000-000000000000'",
         "list_item", "stray", 2},
        {"DELETE FROM clientele.shared WHERE id = " FIRST("shared", "id"), "shared", "missing: the row", 1},
        {"UPDATE clientele.shared SET owner = gen_random_uuid() WHERE id = " FIRST("shared", "id"), "shared",
         "altered", 1},
        {"INSERT INTO clientele.shared VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid())",
         "shared", "stray", 1},
        {"UPDATE clientele.list_state SET count = count + 1 WHERE partner = "
         "'fa010000-0000-0000-0000-000000000000'",
         "list_state", "the count is 31, but the list of partner fa010000-0000-0000-0000-000000000000 has 30",
         1},
        {"DELETE FROM clientele.list_state", "list_state", "the count is 0", 2},
        {"UPDATE clientele.partner SET record = '\\x00' WHERE partner = " FIRST("partner", "partner"),
         "partner", "damaged record", 1},
        {"UPDATE clientele.partner SET is_strict = NOT is_strict WHERE partner = " FIRST("partner",
                                                                                         "partner"),
         "partner", "altered", 1},
        {"DELETE FROM clientele.partner_domain WHERE domain = " FIRST("partner_domain", "domain"),
         "partner_domain", "missing", 1},
        {"INSERT INTO clientele.partner_domain VALUES ('stray.example', gen_random_uuid())", "partner_domain",
         "stray", 1},
        {"UPDATE clientele.application SET record = '\\x00'", "application", "damaged record", 1},
        {"UPDATE clientele.application SET partner = gen_random_uuid()", "application",
         "its partner does not exist", 1},
        {"UPDATE clientele.user_account SET record = '\\x00'", "user_account", "damaged record", 1},
        {"UPDATE clientele.user_account SET is_admin = NOT is_admin", "user_account", "altered", 1},
        {"UPDATE clientele.user_account SET partner = gen_random_uuid()", "user_account",
         "its partner does not exist", 1},
        {"DELETE FROM clientele.link WHERE role = 1", "link", "missing in the other direction", 1},
        {"UPDATE clientele.link SET other = gen_random_uuid() WHERE role = 1", "link",
         "a partner of it does not exist", 3},
        {"UPDATE clientele.signing_key SET record = '\\x00'", "signing_key", "damaged record", 1},
        {"UPDATE clientele.user_grant SET record = '\\x00'", "user_grant", "damaged record", 1},
        {"UPDATE clientele.user_grant SET expires = expires + 1", "user_grant", "altered", 1},
        {"UPDATE clientele.audit SET record = '\\x00'", "audit", "damaged record", 1},
        {"UPDATE clientele.idempotency SET record = '\\x00'", "idempotency", "damaged record", 1},
        {"UPDATE clientele.idempotency SET created = created + 1", "idempotency", "altered", 1},
    };
    sample_any *in = *state;
    fill(in);
    clti_store_close(in->store);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        listener by = {.says = rows[i].says, .table = rows[i].table};
        char *damaged = clti_test_database_copy(in->database);
        const clti_store_options options = {.url = damaged};
        clti_fault fault;
        clti_test_database_run(damaged, rows[i].damage);
        if (!clti_store_open(&options, &in->store, &fault))
            fail_msg("%s", fault.text);
        const clti_check_summary summary = check(in, &by);
        if (!by.heard || summary.findings != rows[i].findings)
            fail_msg("%s: %d findings%s", rows[i].damage, (int)summary.findings,
                     by.heard ? "" : ", and not the one that was looked for");
        clti_store_close(in->store);
        in->store = NULL;
        clti_test_database_drop(damaged);
    }
}

/* Many more than are looked up at once. */
static void test_a_check_is_good_for_more_than_is_looked_up_at_once(void **state) {
    enum { MANY = 700 };
    sample_any *in = *state;
    listener by = {.says = "", .table = ""};
    clti_customer customers[MANY];
    clti_load_outcome outcomes[MANY];
    for (uint64_t i = 0; i < MANY; i++)
        customers[i] = sample_customer(&in->arena, i,
                                       clti_arena_format(&in->arena, "d%d.example", (int)i).data, "Contoso");
    sample_load(in->store, fabrikam, customers, MANY, outcomes);
    const clti_check_summary summary = check(in, &by);
    assert_int_equal(summary.customers, MANY);
    assert_int_equal(summary.entries, MANY * 3);
    assert_int_equal(summary.findings, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_sound_store_has_no_finding_and_all_is_read,
                                        sample_set_up_postgres, sample_tear_down),
        cmocka_unit_test_setup_teardown(test_each_damage_is_found_and_named, sample_set_up_postgres,
                                        sample_tear_down),
        cmocka_unit_test_setup_teardown(test_a_check_is_good_for_more_than_is_looked_up_at_once,
                                        sample_set_up_postgres, sample_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
