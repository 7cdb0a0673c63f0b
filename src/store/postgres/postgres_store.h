/**
 * @file postgres_store.h
 * @brief The door of the store on PostgreSQL, for more than one machine.
 *
 * Contracts: store.h. Any number of processes may serve one database. Nothing is cached but the token key.
 */
#ifndef CLTI_POSTGRES_STORE_H
#define CLTI_POSTGRES_STORE_H

#include "store/store.h"

/** @brief True if a store is named by a connection string of PostgreSQL. */
bool clti_postgres_is_url(clt_str text);

/** @brief As clti_store_place(). @retval false  the URL cannot be read, or memory is out. */
CLTI_MUST_CHECK bool clti_postgres_place(const char *url, clti_arena *arena, clt_str *out, clti_fault *fault);

/** @brief As clti_store_create(): in a database whose schema is current and which holds no whole store. What
 * an earlier, interrupted filling has left is removed. */
CLTI_MUST_CHECK bool clti_postgres_create(const clti_store_options *options, clti_store **out,
                                          clti_fault *fault);

/** @brief As clti_store_open(). The fault names the command to run if the schema is missing, old or newer. */
CLTI_MUST_CHECK bool clti_postgres_open(const clti_store_options *options, clti_store **out,
                                        clti_fault *fault);

/** @brief As clti_store_migrate(). */
CLTI_MUST_CHECK bool clti_postgres_migrate(const clti_store_options *options, clti_store_migration *out,
                                           clti_fault *fault);

#endif
