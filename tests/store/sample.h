/**
 * @file sample.h
 * @brief Customers, partners and queries for the tests of the store.
 */
#ifndef CLTI_TEST_SAMPLE_H
#define CLTI_TEST_SAMPLE_H

#include "store/store.h"

/** Address space of a store in tests; sanitizers need it small. */
#define TEST_MAP_SIZE (UINT64_C(16) << 30)

/** @brief A GUID that differs for each number and begins with bytes in no particular order. */
clt_guid sample_guid(uint64_t number);

/** @brief A complete customer with id sample_guid(number). Texts are kept in the arena. */
clti_customer sample_customer(clti_arena *arena, uint64_t number, const char *domain, const char *name);

/** @brief A query for a partner's whole list, from the beginning. */
clti_list_query sample_query(clt_guid partner, size_t size);

/** @brief `fold(text)`, kept in the arena. */
clt_str sample_fold(clti_arena *arena, clt_str text);

/** @brief A new LMDB store in FOLDER/store, opened. Fails the test otherwise. */
clti_store *sample_lmdb(clti_arena *arena, const char *folder);

/** @brief A new store in a database with the schema, opened. Fails the test otherwise. */
clti_store *sample_postgres(const char *url);

/** A store of any kind, for tests that run on all. */
typedef struct sample_any {
    clti_arena arena;
    char *folder;   /**< of LMDB's, otherwise NULL */
    char *database; /**< of PostgreSQL's, otherwise NULL */
    clti_store *store;
} sample_any;

int sample_set_up_memory(void **state);
int sample_set_up_lmdb(void **state);
int sample_set_up_postgres(void **state);
int sample_tear_down(void **state);

/** Rows of a table of struct CMUnitTest: on the stores that last. */
#define SAMPLE_ON_LASTING(test)                                                                              \
    {"lmdb_" #test, test, sample_set_up_lmdb, sample_tear_down, NULL}, {                                     \
        "postgres_" #test, test, sample_set_up_postgres, sample_tear_down, NULL                              \
    }

/** The same on the model in memory too. */
#define SAMPLE_ON_ALL(test)                                                                                  \
    SAMPLE_ON_LASTING(test), {                                                                               \
        "memory_" #test, test, sample_set_up_memory, sample_tear_down, NULL                                  \
    }

/** @brief Fails the test, showing both, unless the texts are equal. */
void sample_assert_str(clt_str got, const char *want);

/** @brief Load customers; fails the test if the store fails. */
void sample_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                 clti_load_outcome *outcomes);

/** @brief Apply one change; fails the test if the store fails. */
clti_outcome sample_apply(clti_store *store, clti_change change);

#endif
