#include "support/database.h"

#include "store/store.h"
#include "support/test.h"

#include <errno.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define VARIABLE "TEST_POSTGRES"
/* Made by whoever needs it first. */
#define WITH_SCHEMA "with_schema"

/* The database where others are made. */
static const char *origin(void) {
    const char *url = getenv(VARIABLE);
    if (!url || !strrchr(url, '/'))
        fail_msg("%s must name a PostgreSQL: run this test as `tests/support/postgres.py %s`", VARIABLE,
                 program_invocation_name);
    return url;
}

static char *url_of(const char *name) {
    const char *first = origin();
    char *url;
    assert_true(asprintf(&url, "%.*s%s", (int)(strrchr(first, '/') + 1 - first), first, name) > 0);
    return url;
}

static const char *name_of(const char *url) {
    return strrchr(url, '/') + 1;
}

/* False if the statements fail, with SQLSTATE `expected` if that is given. */
static bool run(const char *url, const char *statements, const char *expected) {
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(connection));
    PGresult *result = PQexec(connection, statements);
    ExecStatusType status = PQresultStatus(result);
    bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!is_done && !(expected && state && strcmp(state, expected) == 0))
        fail_msg("%s: %s", statements, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return is_done;
}

/* The same where databases are made. */
static bool run_at_origin(const char *expected, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool run_at_origin(const char *expected, const char *format, ...) {
    char *statement;
    va_list arguments;
    va_start(arguments, format);
    assert_true(vasprintf(&statement, format, arguments) > 0);
    va_end(arguments);
    bool is_done = run(origin(), statement, expected);
    free(statement);
    return is_done;
}

/* Under a name that nobody else has; NULL if there is no such template. */
static char *make(const char *template) {
    uint64_t chance;
    char name[32];
    assert_int_equal(getrandom(&chance, sizeof(chance), 0), sizeof(chance));
    snprintf(name, sizeof(name), "test_%016llx", (unsigned long long)chance);
    if (!run_at_origin("3D000", "CREATE DATABASE %s TEMPLATE %s", name, template))
        return NULL;
    return url_of(name);
}

char *clti_test_database_bare(void) {
    char *url = make("template0");
    assert_non_null(url);
    return url;
}

char *clti_test_database_copy_shared(const char *name) {
    return make(name);
}

void clti_test_database_share(char *url, const char *name) {
    if (run_at_origin("42P04", "ALTER DATABASE %s RENAME TO %s", name_of(url), name))
        free(url);
    else
        clti_test_database_drop(url);
}

static void make_with_schema(void) {
    char *url = clti_test_database_bare();
    const clti_store_options options = {.url = url};
    clti_store_migration migration;
    clti_fault fault;
    if (!clti_store_migrate(&options, &migration, &fault))
        fail_msg("%s", fault.text);
    clti_test_database_share(url, WITH_SCHEMA);
}

char *clti_test_database_new(void) {
    char *url = make(WITH_SCHEMA);
    if (!url) {
        make_with_schema();
        url = make(WITH_SCHEMA);
    }
    assert_non_null(url);
    return url;
}

char *clti_test_database_copy(const char *url) {
    char *copy = make(name_of(url));
    assert_non_null(copy);
    return copy;
}

void clti_test_database_drop(char *url) {
    if (url)
        run_at_origin(NULL, "DROP DATABASE %s WITH (FORCE)", name_of(url));
    free(url);
}

void clti_test_database_run(const char *url, const char *statements) {
    run(url, statements, NULL);
}

bool clti_test_on_postgres(void) {
    const char *store = getenv("TEST_STORE");
    return store && strcmp(store, "postgresql") == 0;
}
