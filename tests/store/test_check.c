/* Each kind of damage, done behind the store's back, is found and named; a sound store has no finding. */
#include "store/sample.h"
#include "support/folder.h"

#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid fabrikam = {{0xfa, 1}};
static const clt_guid northwind = {{0x40, 2}};

typedef enum damage_kind {
    DELETE,      /* the first entry */
    ADD,         /* one like the first, under a key that differs in the byte `at` */
    ALTER,       /* the byte `at` of the first value */
    CUT,         /* the last byte of the first value */
    LENGTHEN_KEY /* move the first entry to a key with a byte more */
} damage_kind;

typedef struct damage_row {
    damage_kind kind;
    const char *database;
    size_t at;
    uint64_t findings;
    const char *says; /* of the finding that names the database and the key */
} damage_row;

typedef struct fixture {
    clti_arena arena;
    char *above;
    clti_store_options options;
    char hex[1100]; /* of the damaged key */
    const damage_row *row;
    bool found;
} fixture;

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *in = *state;
    clti_arena_done(&in->arena);
    free(in);
    return 0;
}

static void put(clti_store *store, clti_change change) {
    assert_true(sample_apply(store, change).done);
}

static clti_store *make_store(fixture *in) {
    in->above = clti_test_folder_make();
    assert_non_null(in->above);
    clti_store *store = sample_lmdb(&in->arena, in->above);
    in->options = (clti_store_options){.folder = clti_arena_format(&in->arena, "%s/store", in->above).data,
                                       .map_size = TEST_MAP_SIZE};
    const clti_partner partners[] = {{.id = fabrikam, .domain = CLTI_STR("fabrikam.example")},
                                     {.id = northwind, .domain = CLTI_STR("northwind.example")}};
    const clti_application application = {.partner = northwind, .id = {{5}}, .name = CLTI_STR("app")};
    const clti_user user = {.partner = northwind, .id = {{6}}, .name = CLTI_STR("a@northwind.example")};
    const clti_user_grant grant = {.id = {{7}}, .revision = 1, .expires = 1};
    const clti_signing_key key = {CLTI_STR("kid"), CLTI_STR("{}"), 1, 0};
    for (size_t i = 0; i < 2; i++)
        put(store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partners[i]});
    put(store, (clti_change){CLTI_CHANGE_APPLICATION_PUT, .of.application = &application});
    put(store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &key});
    const clti_audit_record audit = {fabrikam, .date = 1, .operation = CLTI_AUDIT_ADD_CUSTOMER};
    const clti_idempotency kept = {fabrikam, .key = {{3}}, .created = 1};
    put(store, (clti_change){CLTI_CHANGE_LINK_PUT, .of.link = {fabrikam, northwind}, .audit = &audit,
                             .idempotency = &kept, .arena = &in->arena});
    put(store, (clti_change){CLTI_CHANGE_USER_PUT, .of.user = &user});
    put(store, (clti_change){CLTI_CHANGE_GRANT_PUT, .of.grant = &grant});
    return store;
}

static void load_customers(fixture *in, clti_store *store) {
    clti_customer customers[30];
    clti_load_outcome outcomes[30];
    for (size_t i = 0; i < 30; i++) {
        const char *domain = clti_arena_format(&in->arena, "d%zu.example", i).data;
        customers[i] = sample_customer(&in->arena, i, domain, "Contoso");
        if (i % 3 == 0)
            customers[i].associated_partner_id = northwind;
        if (i % 7 == 6)
            customers[i].relationship = CLTI_RELATIONSHIP_NONE;
    }
    sample_load(store, fabrikam, customers, 25, outcomes);
    sample_load(store, northwind, customers + 25, 5, outcomes);
}

static void remove_store(fixture *in) {
    clti_test_folder_remove(in->above);
    free(in->above);
}

/* ---- damage ---- */

static void keep_hex(fixture *in, MDB_val key) {
    const uint8_t *bytes = key.mv_data;
    for (size_t i = 0; i < key.mv_size; i++)
        snprintf(in->hex + 2 * i, 3, "%02x", bytes[i]);
}

static void damage_first(fixture *in, const damage_row *row, MDB_txn *txn, MDB_dbi dbi) {
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    uint8_t key_bytes[600] = {0};
    uint8_t value_bytes[4096];
    assert_int_equal(mdb_cursor_open(txn, dbi, &cursor), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
    mdb_cursor_close(cursor);
    memcpy(key_bytes, key.mv_data, key.mv_size);
    memcpy(value_bytes, value.mv_data, value.mv_size);
    key.mv_data = key_bytes;
    value.mv_data = value_bytes;
    if (row->kind == DELETE || row->kind == LENGTHEN_KEY)
        assert_int_equal(mdb_del(txn, dbi, &key, NULL), 0);
    if (row->kind == ADD)
        key_bytes[row->at] ^= 1;
    if (row->kind == LENGTHEN_KEY)
        key.mv_size++;
    if (row->kind == ALTER)
        value_bytes[row->at] ^= 1;
    if (row->kind == CUT)
        value.mv_size--;
    if (row->kind != DELETE)
        assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
    keep_hex(in, key);
}

static void damage(fixture *in, const damage_row *row) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 20), 0);
    assert_int_equal(mdb_env_set_mapsize(env, TEST_MAP_SIZE), 0);
    assert_int_equal(mdb_env_open(env, in->options.folder, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, row->database, 0, &dbi), 0);
    damage_first(in, row, txn, dbi);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

/* ---- the check ---- */

static void take_finding(void *user, clt_str text) {
    fixture *in = user;
    const char *line = clti_arena_format(&in->arena, "%.*s", CLTI_STR_ARGS(text)).data;
    if (in->row == NULL) {
        fail_msg("a sound store has a finding: %s", line);
        return;
    }
    const char *begin = clti_arena_format(&in->arena, "%s at key %s: ", in->row->database, in->hex).data;
    in->found |= in->row->says != NULL && clti_str_starts_with(text, clti_str(begin)) &&
                 strstr(line, in->row->says) != NULL;
    if (getenv("CLIENTELE_TEST_VERBOSE") != NULL)
        print_message("# %s\n", line);
}

static clti_check_summary check(fixture *in, clti_store *store) {
    clti_check_summary summary;
    clti_fault fault;
    if (!clti_store_check(store, take_finding, in, &summary, &fault))
        fail_msg("%s", fault.text);
    return summary;
}

static void test_check_of_a_sound_store_finds_nothing(void **state) {
    fixture *in = *state;
    clti_store *store = make_store(in);
    clti_check_summary summary = check(in, store);
    assert_int_equal(summary.entries, 0);
    load_customers(in, store);
    summary = check(in, store);
    assert_int_equal(summary.findings, 0);
    assert_int_equal(summary.partners, 2);
    assert_int_equal(summary.applications, 1);
    assert_int_equal(summary.users, 1);
    assert_int_equal(summary.grants, 1);
    assert_int_equal(summary.customers, 30);
    assert_true(summary.entries > 90);
    clti_store_close(store);
    remove_store(in);
}

static void test_check_names_each_damage_and_its_key(void **state) {
    fixture *in = *state;
    static const damage_row rows[] = {
        {DELETE, "names", 0, 2, "missing: the entry of customer"}, /* and the count of the list is off */
        {DELETE, "names_by_domain", 0, 1, "missing: the entry of customer"},
        {DELETE, "related", 0, 1, "missing: the entry of customer"},
        {DELETE, "shared", 0, 1, "missing: the entry of customer"},
        {DELETE, "domains", 0, 1, "missing: the entry of customer"},
        {ADD, "names", 20, 2, "stray"},
        {ADD, "names", 0, 2, "stray"},
        {ADD, "names_by_domain", 20, 1, "stray"},
        {ADD, "related", 16, 1, "stray"},
        {ADD, "shared", 31, 1, "stray"},
        {ADD, "domains", 0, 1, "stray"},
        {LENGTHEN_KEY, "names", 0, 2, "stray"},
        {LENGTHEN_KEY, "customers", 0, 4, "damaged key"},
        {ALTER, "names", 4, 1, "altered: the value is not that of customer"},
        {ALTER, "names_by_domain", 4, 1, "altered: the value is not that of customer"},
        {ALTER, "related", 4, 1, "altered: the value is not that of customer"},
        {ALTER, "shared", 0, 1, "altered: the value is not that of customer"},
        {ALTER, "domains", 0, 1, "altered: the value is not that of customer"},
        {CUT, "domains", 0, 1, "altered: the value is not that of customer"},
        {CUT, "names", 0, 1, "altered: the value is not that of customer"},
        {ALTER, "customers", 0, 1, "damaged record"},
        {CUT, "customers", 0, 1, "damaged record"},
        {ALTER, "partner_state", 15, 1, "the count is"},
        {CUT, "partner_state", 0, 1, "damaged record"},
        {DELETE, "partner_state", 0, 1, "the count is 0"},
        {ADD, "partner_state", 0, 1, "has 0"},
        {CUT, "partners", 0, 1, "damaged record"},
        {ADD, "partners", 0, 1, NULL},
        {LENGTHEN_KEY, "partners", 0, 6, "damaged key"},
        {DELETE, "partner_domains", 0, 1, NULL},
        {ADD, "partner_domains", 0, 1, "another domain"},
        {ALTER, "partner_domains", 0, 2, "does not"},
        {CUT, "applications", 0, 1, "damaged record"},
        {ADD, "applications", 0, 1, "its partner does not exist"},
        {LENGTHEN_KEY, "applications", 0, 1, "damaged key"},
        {DELETE, "links", 0, 1, NULL},
        {ADD, "links", 0, 1, "a partner of it does not exist"},
        {ADD, "links", 16, 1, "damaged key"},
        {CUT, "signing_keys", 0, 1, "damaged record"},
        {CUT, "audit", 0, 1, "damaged record"},
        {LENGTHEN_KEY, "audit", 0, 1, "damaged key"},
        {CUT, "idempotency", 0, 1, "damaged record"},
        {LENGTHEN_KEY, "idempotency", 0, 1, "damaged key"},
        {CUT, "users", 0, 1, "damaged record"},
        {ADD, "users", 0, 1, "its partner does not exist"},
        {CUT, "grants", 0, 1, "damaged record"},
        {LENGTHEN_KEY, "grants", 0, 1, "damaged key"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_store *store = make_store(in);
        clti_fault fault;
        load_customers(in, store);
        clti_store_close(store);
        damage(in, &rows[i]);
        assert_true(clti_store_open(&in->options, &store, &fault));
        in->row = &rows[i];
        in->found = false;
        clti_check_summary summary = check(in, store);
        /* Where the damage is an absence, it shows somewhere else. */
        if (summary.findings != rows[i].findings || in->found != (rows[i].says != NULL))
            fail_msg("row %zu, %s at key %s: %d findings, %s", i, rows[i].database, in->hex,
                     (int)summary.findings, in->found ? "named" : "not named");
        clti_store_close(store);
        remove_store(in);
        clti_arena_clear(&in->arena);
    }
}

static void test_check_names_every_entry_of_a_lost_customer(void **state) {
    fixture *in = *state;
    static const damage_row row = {DELETE, "customers", 0, 0, ""};
    clti_fault fault;
    clti_store *store = make_store(in);
    load_customers(in, store);
    uint64_t entries = check(in, store).entries;
    clti_store_close(store);
    damage(in, &row);
    assert_true(clti_store_open(&in->options, &store, &fault));
    in->row = &row;
    clti_check_summary summary = check(in, store);
    assert_int_equal(summary.entries, entries);
    assert_int_equal(summary.customers, 29);
    assert_true(summary.findings >= 3);
    clti_store_close(store);
    remove_store(in);
}

static void test_damaged_record_is_a_fault_that_names_its_key(void **state) {
    fixture *in = *state;
    static const damage_row row = {CUT, "customers", 0, 0, ""};
    clti_fault fault;
    size_t failures = 0;
    clti_store *store = make_store(in);
    load_customers(in, store);
    clti_store_close(store);
    damage(in, &row);
    assert_true(clti_store_open(&in->options, &store, &fault));
    for (uint64_t i = 25; i < 30; i++) {
        clti_customer found;
        clti_access access;
        if (!clti_store_customer_find(store, northwind, sample_guid(i), &in->arena, &found, &access,
                                      &fault)) {
            failures++;
            assert_non_null(strstr(fault.text, "customers at key"));
            assert_non_null(strstr(fault.text, in->hex));
        }
    }
    assert_int_equal(failures, 1);
    clti_store_close(store);
    remove_store(in);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_damaged_record_is_a_fault_that_names_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_check_of_a_sound_store_finds_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_check_names_each_damage_and_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_check_names_every_entry_of_a_lost_customer, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
