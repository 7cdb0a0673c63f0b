/* How PostgreSQL finds what lists show: by one range of an index, never sorting, never reading more than is
 * shown. */
#include "store/postgres/list_private.h"
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <jansson.h>
#include <string.h>

#define PAGE_SIZE 40

static const clt_guid partner = {{0xfa, 1}}, other = {{0x40, 2}};

/* 40,000 customers in each kind of list of two partners, and what the server has not looked at yet. */
static const char fill_text[] =
    "INSERT INTO clientele.list_item (partner, key, item) "
    "SELECT owner::uuid, decode(kind || lpad(to_hex(n), 8, '0') || '00' || md5(n::text), 'hex'), '\\x01' "
    "FROM generate_series(1, 40000) AS n, "
    "(VALUES ('fa010000-0000-0000-0000-000000000000'), ('40020000-0000-0000-0000-000000000000')) AS owners "
    "(owner), "
    "(VALUES ('01'), ('02'), ('0340020000000000000000000000000000'), ('0440020000000000000000000000000000')) "
    "AS "
    "kinds (kind); "
    "INSERT INTO clientele.list_state (partner, slot, revision, count) "
    "SELECT owner::uuid, slot, 1, 2500 FROM generate_series(0, 15) AS slot, "
    "(VALUES ('fa010000-0000-0000-0000-000000000000'), ('40020000-0000-0000-0000-000000000000')) AS owners "
    "(owner)";

/* ---- what a plan does ---------------------------------------------------------------------------------- */

typedef struct seen {
    size_t page_rows, other_rows, state_rows; /* as the server has read them */
    const char *wrong;                        /* a kind of node that has no business here */
} seen;

static size_t rows_of(const json_t *node) {
    double rows = json_number_value(json_object_get(node, "Actual Rows"));
    double loops = json_number_value(json_object_get(node, "Actual Loops"));
    return (size_t)(rows * loops);
}

static void look_at_scan(const json_t *node, const char *type, size_t branch, seen *out) {
    const char *table = json_string_value(json_object_get(node, "Relation Name"));
    if (strcmp(type, "Index Scan") != 0 && strcmp(type, "Index Only Scan") != 0)
        out->wrong = type;
    /* What the index's range lets through is read in vain. */
    if (json_object_get(node, "Filter") != NULL || json_object_get(node, "Rows Removed by Filter") != NULL)
        out->wrong = "Filter";
    if (strcmp(table, "list_state") == 0)
        out->state_rows += rows_of(node);
    else if (branch == 0)
        out->page_rows += rows_of(node);
    else
        out->other_rows += rows_of(node);
}

static bool is_harmless(const char *type) {
    static const char *const harmless[] = {"Append", "Subquery Scan", "Limit", "Aggregate", "Result"};
    for (size_t i = 0; i < CLTI_COUNT(harmless); i++)
        if (strcmp(type, harmless[i]) == 0)
            return true;
    return false;
}

/* All nodes below one, without recursion: those to come stand in an array. */
static void look_at_branch(json_t *top, size_t branch, seen *out) {
    json_t *nodes = json_array();
    json_array_append(nodes, top);
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *node = json_array_get(nodes, i);
        const char *type = json_string_value(json_object_get(node, "Node Type"));
        json_t *child;
        size_t index;
        assert_non_null(type);
        if (json_object_get(node, "Relation Name") != NULL)
            look_at_scan(node, type, branch, out);
        else if (!is_harmless(type))
            out->wrong = type;
        json_array_foreach(json_object_get(node, "Plans"), index, child) json_array_append(nodes, child);
    }
    json_decref(nodes);
}

/* The parts of a page's statement stand side by side at the top: page, other side, state. */
static seen look_at_plan(json_t *plan) {
    seen out = {0};
    json_t *part;
    size_t index;
    if (strcmp(json_string_value(json_object_get(plan, "Node Type")), "Append") != 0)
        look_at_branch(plan, 0, &out);
    else
        json_array_foreach(json_object_get(plan, "Plans"), index, part) look_at_branch(part, index, &out);
    if (out.wrong != NULL)
        fail_msg("%s in %s", out.wrong, json_dumps(plan, JSON_INDENT(1)));
    return out;
}

/* ---- a statement as the store sends it -------------------------------------------------------------------
 */

static PGresult *ask(clti_pg_connection *on, const clti_pg_statement *statement,
                     const clti_pg_parameters *parameters) {
    PGresult *result;
    clti_fault fault;
    if (clti_pg_call(on, statement, parameters, &result, &fault) != CLTI_PG_DONE)
        fail_msg("%s", fault.text);
    return result;
}

/* Under what name it is prepared on this connection. */
static void find_name(clti_pg_connection *on, const char *text, clti_buf *out) {
    static const clti_pg_statement find = {"SELECT convert_to(name, 'UTF8') FROM pg_prepared_statements "
                                           "WHERE statement = convert_from($1, 'UTF8')"};
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    clti_pg_add_bytes(&parameters, clti_str(text));
    PGresult *result = ask(on, &find, &parameters);
    assert_int_equal(PQntuples(result), 1);
    clti_buf_add(out, clti_pg_bytes(result, 0, 0));
    PQclear(result);
}

/* A parameter in SQL's words: the store's are uuids (the partner), keys, and how many. */
static void write_parameter(clti_buf *out, const clti_pg_parameters *parameters, size_t at) {
    const char *value = parameters->values[at];
    bool is_bytes = at != 0 && at != 3;
    clti_buf_add(out, is_bytes ? CLTI_STR("'\\x") : at == 0 ? CLTI_STR("'") : CLTI_STR("x'"));
    for (int i = 0; i < parameters->sizes[at]; i++)
        clti_buf_add_format(out, "%02x", (unsigned)(uint8_t)value[i]);
    clti_buf_add(out, is_bytes  ? CLTI_STR("'::bytea")
                      : at == 0 ? CLTI_STR("'::uuid")
                                : CLTI_STR("'::bigint"));
}

static seen explain(clti_pg_connection *on, const clti_pg_statement *statement,
                    const clti_pg_parameters *parameters) {
    clti_buf text;
    json_error_t error;
    PQclear(ask(on, statement, parameters));
    clti_buf_init(&text, SIZE_MAX);
    clti_buf_add(&text, CLTI_STR("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE "));
    find_name(on, statement->text, &text);
    for (size_t i = 0; i < parameters->count; i++) {
        clti_buf_add(&text, i == 0 ? CLTI_STR(" (") : CLTI_STR(", "));
        write_parameter(&text, parameters, i);
    }
    clti_buf_add(&text, (clt_str){")", 2});
    assert_int_not_equal(PQexitPipelineMode(on->pg), 0);
    PGresult *result = PQexec(on->pg, text.data);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text.data, PQerrorMessage(on->pg));
    json_t *plans = json_loads(PQgetvalue(result, 0, 0), 0, &error);
    assert_non_null(plans);
    seen out = look_at_plan(json_object_get(json_array_get(plans, 0), "Plan"));
    json_decref(plans);
    PQclear(result);
    assert_int_not_equal(PQenterPipelineMode(on->pg), 0);
    clti_buf_done(&text);
    return out;
}

/* ---- the tests ----------------------------------------------------------------------------------------- */

static const char *const folds[] = {"", "0", "00001", "0000", "zzz", "00002710"};

/* Fold number `fold`, from the middle of the list if it is not from its end. */
static clti_list_query query_of(clti_list_field field, clti_list_start start, size_t fold, bool is_exact) {
    static const char position[] = "\0\0\x4e\x20";
    return (clti_list_query){.partner = partner,
                             .field = field,
                             .related = other,
                             .folded = clti_str(folds[fold]),
                             .is_exact = is_exact,
                             .start = start,
                             .position = {position, 4},
                             .size = PAGE_SIZE};
}

static void assert_page_is_a_range(clti_pg_connection *on, const clti_list_query *query) {
    clti_pg_range range;
    clti_pg_key split;
    clti_pg_parameters parameters;
    assert_true(clti_pg_range_build(query, &range));
    clti_pg_range_split(query, &range, &split);
    clti_pg_list_parameters(query, &range, &split, &parameters);
    seen plan = explain(on, &clti_pg_list_statements[query->start], &parameters);
    assert_true(plan.page_rows <= query->size + 1);
    assert_true(plan.other_rows <= 1);
    assert_true(plan.state_rows <= CLTI_PG_SLOTS);
    if (query->folded.size == 0) {
        bool has_other = query->start == CLTI_LIST_AFTER || query->start == CLTI_LIST_BEFORE;
        assert_int_equal(plan.page_rows, query->size + 1);
        assert_int_equal(plan.other_rows, has_other ? 1 : 0);
        assert_int_equal(plan.state_rows, CLTI_PG_SLOTS);
    }
}

static void assert_count_is_a_range(clti_pg_connection *on, uint64_t most) {
    clti_pg_range range;
    clti_pg_parameters parameters;
    const clti_list_query query = query_of(CLTI_LIST_COMPANY_NAME, CLTI_LIST_FIRST, 0, false);
    assert_true(clti_pg_range_build(&query, &range));
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, query.partner);
    clti_pg_add_bytes(&parameters, clti_pg_key_str(&range.begin));
    clti_pg_add_bytes(&parameters, clti_pg_key_str(&range.end));
    clti_pg_add_int64(&parameters, (int64_t)most);
    assert_int_equal(explain(on, &clti_pg_count_statement, &parameters).page_rows, most);
}

static void assert_all_are_ranges(sample_any *in) {
    clti_postgres *store = (clti_postgres *)in->store;
    clti_pg_connection *on;
    clti_fault fault;
    const int64_t deadline_us = clti_pg_deadline(store) + INT64_C(60000000);
    assert_int_equal(clti_pg_connect(store, deadline_us, &on, &fault), CLTI_PG_DONE);
    for (int field = 0; field < CLTI_LIST_FIELD_COUNT; field++)
        for (int start = CLTI_LIST_FIRST; start <= CLTI_LIST_LAST; start++)
            for (size_t fold = 0; fold < CLTI_COUNT(folds); fold++)
                for (int is_exact = 0; is_exact <= 1; is_exact++) {
                    const clti_list_query query =
                        query_of((clti_list_field)field, (clti_list_start)start, fold, is_exact != 0);
                    assert_page_is_a_range(on, &query);
                }
    assert_count_is_a_range(on, 10000);
    clti_pg_disconnect(on);
}

static void test_every_page_is_a_range_of_an_index_before_the_server_knows_the_table(void **state) {
    sample_any *in = *state;
    clti_test_database_run(in->database, fill_text);
    assert_all_are_ranges(in);
}

static void test_every_page_is_a_range_of_an_index_when_the_server_knows_the_table(void **state) {
    sample_any *in = *state;
    clti_test_database_run(in->database, fill_text);
    clti_test_database_run(in->database, "VACUUM ANALYZE clientele.list_item");
    clti_test_database_run(in->database, "ANALYZE clientele.list_state");
    assert_all_are_ranges(in);
}

/* A plan is made once: one for an empty table must do for a full one. */
static void test_a_plan_made_for_an_empty_table_is_good_for_a_full_one(void **state) {
    sample_any *in = *state;
    assert_int_equal(clti_store_list(in->store, &(clti_list_query){.partner = partner, .size = PAGE_SIZE},
                                     &in->arena, &(clti_list_page){0}, NULL),
                     true);
    clti_test_database_run(in->database, fill_text);
    assert_all_are_ranges(in);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_every_page_is_a_range_of_an_index_before_the_server_knows_the_table, sample_set_up_postgres,
            sample_tear_down),
        cmocka_unit_test_setup_teardown(
            test_every_page_is_a_range_of_an_index_when_the_server_knows_the_table, sample_set_up_postgres,
            sample_tear_down),
        cmocka_unit_test_setup_teardown(test_a_plan_made_for_an_empty_table_is_good_for_a_full_one,
                                        sample_set_up_postgres, sample_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
