/* The schema: what can be distributed, migrations, and filling a new store. */
#include "store/sample.h"
#include "support/database.h"
#include "support/test.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const clt_guid fabrikam = {{0xfa, 1}};

typedef struct fixture {
    char *url;
    clti_store_options options;
} fixture;

static int set_up(void **state, char *(*make)(void)) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->url = make();
    made->options.url = made->url;
    *state = made;
    return 0;
}

static int set_up_bare(void **state) {
    return set_up(state, clti_test_database_bare);
}

static int set_up_schema(void **state) {
    return set_up(state, clti_test_database_new);
}

static int tear_down(void **state) {
    fixture *in = *state;
    clti_test_database_drop(in->url);
    free(in);
    return 0;
}

/* The rows of a query as text: columns by a space, each row with a line break. */
static void assert_rows(const char *url, const char *query, const char *wanted) {
    clti_buf got;
    clti_buf_init(&got, SIZE_MAX);
    PGconn *connection = PQconnectdb(url);
    PGresult *result = PQexec(connection, query);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(connection));
    for (int row = 0; row < PQntuples(result); row++)
        for (int column = 0; column < PQnfields(result); column++) {
            clti_buf_add(&got, clti_str(PQgetvalue(result, row, column)));
            clti_buf_add_char(&got, column + 1 < PQnfields(result) ? ' ' : '\n');
        }
    clti_buf_add_char(&got, '\0');
    assert_string_equal(got.data, wanted);
    PQclear(result);
    PQfinish(connection);
    clti_buf_done(&got);
}

static void assert_refused(bool done, const clti_fault *fault, const char *says) {
    assert_false(done);
    if (strstr(fault->text, says) == NULL)
        fail_msg("'%s' does not say '%s'", fault->text, says);
}

/* ---- distribution -------------------------------------------------------------------------------------- */

#define DOCUMENT SOURCE_ROOT "/docs/scaling.md"

/* The words between quotes on a line: a table and, unless it is whole on every machine, the column that it is
 * distributed by. */
static bool read_command(const char *line, char table[64], char column[64]) {
    column[0] = '\0';
    return sscanf(line, "SELECT create_distributed_table('clientele.%63[a-z_]', '%63[a-z_]'", table,
                  column) == 2 ||
           sscanf(line, "SELECT create_reference_table('clientele.%63[a-z_]'", table) == 1;
}

/* What the document says becomes a table of the database, to be joined with its catalogue. */
static void load_document(const char *url) {
    FILE *document = fopen(DOCUMENT, "r");
    clti_buf text;
    char line[256], table[64], column[64];
    assert_non_null(document);
    clti_buf_init(&text, SIZE_MAX);
    clti_buf_add(&text,
                 CLTI_STR("CREATE TABLE distributed (name text, by text); INSERT INTO distributed VALUES "
                          "('none', 'none')"));
    while (fgets(line, sizeof line, document) != NULL)
        if (read_command(line, table, column))
            clti_buf_add_format(&text, ", ('%s', '%s')", table, column);
    fclose(document);
    clti_buf_add(&text, (clt_str){"; DELETE FROM distributed WHERE name = 'none'", 46});
    clti_test_database_run(url, text.data);
    clti_buf_done(&text);
}

#define TABLES                                                                                               \
    "(SELECT c.oid, c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "  \
    "WHERE nspname = 'clientele' AND relkind = 'r') AS tables "

static void test_the_document_distributes_every_table(void **state) {
    fixture *in = *state;
    load_document(in->url);
    assert_rows(in->url, "SELECT name FROM " TABLES "WHERE name NOT IN (SELECT name FROM distributed)", "");
    assert_rows(in->url,
                "SELECT name, by FROM distributed WHERE by <> '' AND NOT EXISTS (SELECT FROM pg_attribute "
                "WHERE attrelid = ('clientele.' || name)::regclass AND attname = by)",
                "");
    assert_rows(in->url, "SELECT name FROM distributed GROUP BY name HAVING count(*) > 1", "");
    assert_rows(in->url, "SELECT name FROM distributed WHERE by = '' ORDER BY name",
                "migration\nsigning_key\nstore\n");
}

/* Citus wants it: a key that is unique on each machine is unique on all only if it tells the machine. */
static void test_every_unique_key_contains_its_tables_distribution_column(void **state) {
    fixture *in = *state;
    load_document(in->url);
#define UNIQUE_KEYS                                                                                          \
    "FROM distributed JOIN " TABLES "USING (name) JOIN pg_index i ON i.indrelid = oid AND i.indisunique "    \
    "WHERE by <> '' "
    assert_rows(in->url,
                "SELECT indexrelid::regclass " UNIQUE_KEYS
                "AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = oid AND attname = by "
                "AND attnum = ANY (i.indkey::smallint[]))",
                "");
    assert_rows(in->url, "SELECT count(*) > 10 " UNIQUE_KEYS, "t\n");
    /* Nothing else that it has no way to keep. */
    assert_rows(in->url,
                "SELECT conname FROM pg_constraint o JOIN " TABLES "ON tables.oid = conrelid "
                "WHERE contype IN ('f', 'x')",
                "");
}

/* ---- migrations ---------------------------------------------------------------------------------------- */

static void test_all_but_migrate_refuse_a_database_without_schema(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    clti_store_migration done;
    assert_refused(clti_store_open(&in->options, &store, &fault), &fault, "run 'clienteled migrate");
    assert_refused(clti_store_create(&in->options, &store, &fault), &fault, "run 'clienteled migrate");
    assert_true(clti_store_migrate(&in->options, &done, &fault));
    assert_int_equal(done.from, 0);
    assert_true(done.to > 0);
    assert_refused(clti_store_open(&in->options, &store, &fault), &fault, "run 'clienteled init");
    assert_true(clti_store_migrate(&in->options, &done, &fault));
    assert_int_equal(done.from, done.to);
}

static void test_a_newer_schema_is_refused_by_all(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    clti_store_migration done;
    clti_test_database_run(in->url, "INSERT INTO clientele.migration (version, name) VALUES (999, 'later')");
    assert_refused(clti_store_open(&in->options, &store, &fault), &fault, "has version 999");
    assert_refused(clti_store_create(&in->options, &store, &fault), &fault, "has version 999");
    assert_refused(clti_store_migrate(&in->options, &done, &fault), &fault, "has version 999");
    assert_rows(in->url, "SELECT count(*) FROM clientele.migration WHERE version > 999", "0\n");
}

static void test_an_older_schema_is_refused_and_brought_up_with_what_it_holds(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    clti_store_migration done;
    clti_store_close(sample_postgres(in->url));
    clti_test_database_run(in->url,
                           "DELETE FROM clientele.migration WHERE version > 1; DROP TABLE clientele.told");
    assert_refused(clti_store_open(&in->options, &store, &fault), &fault, "run 'clienteled migrate");
    assert_refused(clti_store_create(&in->options, &store, &fault), &fault, "run 'clienteled migrate");
    assert_true(clti_store_migrate(&in->options, &done, &fault));
    assert_int_equal(done.from, 1);
    assert_true(done.to > 1);
    assert_true(clti_store_open(&in->options, &store, &fault));
    clti_store_close(store);
}

typedef struct migrating {
    const clti_store_options *options;
    bool done;
    clti_store_migration what;
    clti_fault fault;
} migrating;

static void *migrate(void *user) {
    migrating *in = user;
    in->done = clti_store_migrate(in->options, &in->what, &in->fault);
    return NULL;
}

static void test_migrations_at_once_do_the_work_once(void **state) {
    fixture *in = *state;
    pthread_t threads[4];
    migrating each[CLTI_COUNT(threads)];
    unsigned from_nothing = 0;
    for (size_t i = 0; i < CLTI_COUNT(threads); i++) {
        each[i] = (migrating){.options = &in->options};
        assert_int_equal(pthread_create(&threads[i], NULL, migrate, &each[i]), 0);
    }
    for (size_t i = 0; i < CLTI_COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (!each[i].done)
            fail_msg("%s", each[i].fault.text);
        from_nothing += each[i].what.from == 0;
        assert_int_equal(each[i].what.to, each[0].what.to);
    }
    assert_int_equal(from_nothing, 1);
}

/* What a migration cannot finish, it has not begun. */
static void test_a_migration_that_fails_leaves_nothing(void **state) {
    fixture *in = *state;
    clti_fault fault;
    clti_store_migration done;
    clti_test_database_run(in->url, "CREATE SCHEMA clientele; CREATE TABLE clientele.audit (mine text)");
    assert_refused(clti_store_migrate(&in->options, &done, &fault), &fault, "already exists");
    assert_rows(in->url, "SELECT tablename FROM pg_tables WHERE schemaname = 'clientele'", "audit\n");
    clti_test_database_run(in->url, "DROP TABLE clientele.audit");
    assert_true(clti_store_migrate(&in->options, &done, &fault));
}

/* ---- filling ------------------------------------------------------------------------------------------- */

static clti_store *create(fixture *in) {
    clti_store *store;
    clti_fault fault;
    const clti_partner partner = {.id = fabrikam, .domain = CLTI_STR("fabrikam.example")};
    if (!clti_store_create(&in->options, &store, &fault))
        fail_msg("%s", fault.text);
    assert_true(sample_apply(store, (clti_change){CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner}).done);
    return store;
}

static void test_a_store_appears_when_it_is_whole_and_once(void **state) {
    fixture *in = *state;
    clti_store *store, *second;
    clti_fault fault;
    store = create(in);
    assert_refused(clti_store_open(&in->options, &second, &fault), &fault, "no store in");
    assert_refused(clti_store_create(&in->options, &second, &fault), &fault, "being set up by another");
    assert_true(clti_store_commit_new(&store, &fault));
    assert_refused(clti_store_create(&in->options, &second, &fault), &fault, "holds a store already");
    assert_true(clti_store_open(&in->options, &second, &fault));
    clti_store_close(second);
    assert_rows(in->url, "SELECT count(*) FROM clientele.partner", "1\n");
}

static void test_what_is_closed_before_it_is_whole_leaves_nothing(void **state) {
    fixture *in = *state;
    clti_store *store = create(in);
    clti_fault fault;
    clti_store_close(store);
    assert_rows(in->url,
                "SELECT (SELECT count(*) FROM clientele.partner), (SELECT count(*) FROM clientele.store)",
                "0 0\n");
    store = create(in);
    assert_true(clti_store_commit_new(&store, &fault));
}

static void test_what_a_killed_filling_left_is_removed_by_the_next(void **state) {
    fixture *in = *state;
    int status;
    clti_store *store;
    clti_fault fault;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const clti_partner left = {.id = {{0x0e}}, .domain = CLTI_STR("left.example")};
        const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &left};
        clti_outcome outcome;
        _exit(clti_store_create(&in->options, &store, &fault) &&
                      clti_store_apply(store, &change, 1, &outcome, &fault) && outcome.done
                  ? 7
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_rows(in->url, "SELECT count(*) FROM clientele.partner", "1\n");
    assert_refused(clti_store_open(&in->options, &store, &fault), &fault, "no store in");
    /* Its lock ends when the server notices that it is gone. */
    while (!clti_store_create(&in->options, &store, &fault))
        assert_non_null(strstr(fault.text, "being set up by another"));
    assert_rows(in->url, "SELECT count(*) FROM clientele.partner", "0\n");
    assert_true(clti_store_commit_new(&store, &fault));
}

/* ---- what is shown ------------------------------------------------------------------------------------- */

static void test_no_fault_shows_the_password(void **state) {
    static const char *const urls[] = {
        "postgresql://ada:s3cret@127.0.0.1:1/db",
        "postgresql://ada:s3cret@127.0.0.1:1,127.0.0.1:2/db?sslmode=disable",
        "postgresql://ada@127.0.0.1:1/db?password=s3cret",
        "postgresql://ada:s3cret%zz@127.0.0.1/db",
        "postgresql://ada:a/s3cret@127.0.0.1:1/db",
        "postgresql://ada:a@s3cret@127.0.0.1:1/db",
        "postgresql://ada:a?s3cret@127.0.0.1:1/db",
        "postgresql://ada:s3cret@[::1/db",
        "postgresql://ada:s3cret@127.0.0.1/db?nonsense=s3cret",
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(urls); i++) {
        const clti_store_options options = {.url = urls[i]};
        clti_store *store;
        clti_store_migration done;
        clti_fault fault;
        assert_false(clti_store_open(&options, &store, &fault));
        assert_null(strstr(fault.text, "s3cret"));
        assert_false(clti_store_create(&options, &store, &fault));
        assert_null(strstr(fault.text, "s3cret"));
        assert_false(clti_store_migrate(&options, &done, &fault));
        assert_null(strstr(fault.text, "s3cret"));
    }
}

#define ON_BARE(test)   cmocka_unit_test_setup_teardown(test, set_up_bare, tear_down)
#define ON_SCHEMA(test) cmocka_unit_test_setup_teardown(test, set_up_schema, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_SCHEMA(test_the_document_distributes_every_table),
        ON_SCHEMA(test_every_unique_key_contains_its_tables_distribution_column),
        ON_BARE(test_all_but_migrate_refuse_a_database_without_schema),
        ON_SCHEMA(test_a_newer_schema_is_refused_by_all),
        ON_SCHEMA(test_an_older_schema_is_refused_and_brought_up_with_what_it_holds),
        ON_BARE(test_migrations_at_once_do_the_work_once),
        ON_BARE(test_a_migration_that_fails_leaves_nothing),
        ON_SCHEMA(test_a_store_appears_when_it_is_whole_and_once),
        ON_SCHEMA(test_what_is_closed_before_it_is_whole_leaves_nothing),
        ON_SCHEMA(test_what_a_killed_filling_left_is_removed_by_the_next),
        cmocka_unit_test(test_no_fault_shows_the_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
