/**
 * @file scene.h
 * @brief What most of these tests begin with: a store of their own, a server on it, a client that may call.
 *
 * Stores are prepared once per program and copied. Everything lies in one folder that is gone at the end, or,
 * if TEST_STORE is `postgresql`, in databases of tests/support/postgres.py that are: a store's name is a
 * folder's path, or the address of a database, and the flag --data takes either (process.h). Thread: one
 * thread at a time.
 */
#ifndef CLTI_TEST_SCENE_H
#define CLTI_TEST_SCENE_H

#include "store/store.h"
#include "support/client.h"
#include "support/test.h"

#include <string.h>

/** The demo's two partners. */
#define FABRIKAM      "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define FABRIKAM_APP  "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"
#define NORTHWIND     "c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4"
#define NORTHWIND_APP "6a7b8c9d-0e1f-4a2b-9c3d-4e5f60718293"

/** @brief Setup and teardown of a group of tests, for cmocka_run_group_tests(). */
int scene_group_setup(void **state);
int scene_group_teardown(void **state);

/** @brief Path of a new folder or file in the group's folder; nothing is made. Lives until teardown. */
const char *scene_path(void);

/** @brief Write a new file in the group's folder; its path. */
const char *scene_file(const char *content);

/** @brief A copy of the demo's store. */
const char *scene_demo_store(void);

/** @brief A store without partners; each call makes another store, with keys of its own. */
const char *scene_new_store(void);

/** @brief A copy of this store, which nobody may have open. */
const char *scene_copy_store(const char *store);

/** @brief Options to open a store in the test's own process, when it is not open there yet. */
clti_store_options scene_store_options(const char *store);

/** @brief Add a partner, whose application has the demo's secret. */
void scene_add_partner(const char *folder, const char *tenant, const char *domain, const char *application);

/** @brief Add a user with the role AdminAgents and the demo's secret as password. */
void scene_add_admin(const char *folder, const char *name, const char *display_name);

/** @brief Add an application with the demo's secret to a partner that is there. */
void scene_add_application(const char *folder, const char *tenant, const char *application);

/** @brief Import a text; every row must be taken. */
void scene_import(const char *folder, const char *partner, const char *text);

/** @brief Delete a customer, as no request can yet. */
void scene_delete(const char *folder, const char *partner, const char *customer);

/** A server with a client that has signed in. */
typedef struct scene {
    const char *folder;
    clti_test_server server;
    clti_test_client *client;
    const char *tenant, *application;
} scene;

/** @brief Serve a folder with more flags (or NULL) and sign in as Fabrikam. */
void scene_open(scene *opened, const char *folder, const char *const *flags);

/** @brief As scene_open(), as another partner. */
void scene_open_as(scene *opened, const char *folder, const char *const *flags, const char *tenant,
                   const char *application);

/** @brief Stop the server, which must end well, start it again on the same store, and sign in anew: the port
 *         is another one, and with it the issuer of tokens. */
void scene_restart(scene *opened, const char *const *flags);

void scene_close(scene *opened);

/** @brief The GUID of a text that is one. */
clt_guid scene_guid(const char *text);

/** @brief The answer must be this error; `member` is the only one in `data`, or NULL for whatever. */
void scene_expect_fault(const clti_test_response *response, long status, int code, const char *member,
                        const char *what);

#endif
