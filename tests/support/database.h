/**
 * @file database.h
 * @brief Databases of their own for tests, in the cluster of tests/support/postgres.py.
 *
 * A database is named by its connection string. What goes wrong here fails the running test.
 * Thread: any; processes may run side by side.
 */
#ifndef CLTI_TEST_DATABASE_H
#define CLTI_TEST_DATABASE_H

#include <stdbool.h>

/** @brief A new database without schema. The connection string is the caller's, for
 * clti_test_database_drop(). */
char *clti_test_database_bare(void);

/** @brief A new database with the schema of this program and nothing in it. As above. */
char *clti_test_database_new(void);

/** @brief A copy of a database, which nobody may have open; one that a server has just left will do. As
 * above. */
char *clti_test_database_copy(const char *url);

/** @brief A copy of the database that is shared under this name, for all programs of the run; NULL if there
 * is none. */
char *clti_test_database_copy_shared(const char *name);

/** @brief Share a database, which nobody may have open, and free the string. Somebody may have been quicker.
 */
void clti_test_database_share(char *url, const char *name);

/** @brief Drop a database, whoever has it open, and free the string. NULL is allowed. */
void clti_test_database_drop(char *url);

/** @brief Run statements in a database; nothing of what they return. */
void clti_test_database_run(const char *url, const char *statements);

/** @brief True if the tests of this run are to have their stores on PostgreSQL: TEST_STORE is `postgresql`.
 */
bool clti_test_on_postgres(void);

#endif
