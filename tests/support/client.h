/**
 * @file client.h
 * @brief A caller of the API as plain as can be: one connection, one request at a time.
 *
 * What goes wrong below HTTP fails the running test.
 * Thread: one thread at a time.
 */
#ifndef CLTI_TEST_CLIENT_H
#define CLTI_TEST_CLIENT_H

#include "support/process.h"

#include <jansson.h>
#include <stddef.h>

typedef struct clti_test_client clti_test_client;

/** An answer; belongs to the client and lives until its next request. */
typedef struct clti_test_response {
    long status;
    char *headers; /**< all lines, each ended by CRLF */
    char *body;    /**< terminated */
    size_t body_size;
    json_t *json; /**< the body, if it is JSON (a byte order mark is skipped), or NULL */
} clti_test_response;

/** What a request consists of. Everything but the target may be left out. */
typedef struct clti_test_request {
    const char *method;         /**< NULL for GET, or POST if there is a body */
    const char *target;         /**< as it stands in the request line */
    const char *const *headers; /**< `Name: value`, or `Name;` for an empty value; NULL ends them */
    const char *body;
    const char *authorization; /**< instead of the client's token; "" for none */
} clti_test_request;

/** @brief A client of a server that is running, without token. Frees with clti_test_client_free(). */
clti_test_client *clti_test_client_new(const clti_test_server *server);
void clti_test_client_free(clti_test_client *client);

/** @brief Send all further requests to another server; token and all stay. */
void clti_test_client_turn_to(clti_test_client *client, const clti_test_server *server);

/** @brief Exchange one request. */
const clti_test_response *clti_test_send(clti_test_client *client, const clti_test_request *request);

/** @brief GET with headers (may be NULL). */
const clti_test_response *clti_test_get(clti_test_client *client, const char *target,
                                        const char *const *headers);

/** @brief GET with a continuation token (may be NULL). */
const clti_test_response *clti_test_get_page(clti_test_client *client, const char *target, const char *token);

/** @brief How many connections the client has opened. */
long clti_test_client_connections(const clti_test_client *client);

/** @brief Value of a header, the nth of its name (from 0), or NULL. The caller's, free(). */
char *clti_test_header(const clti_test_response *response, const char *name, size_t nth);

/** @brief Text at a path such as `links.next.uri`, or NULL. */
const char *clti_test_text_at(const json_t *json, const char *path);

/** @brief Value at a path, or NULL; a number in the path picks an item of an array. */
const json_t *clti_test_at(const json_t *json, const char *path);

/* ---- tokens -------------------------------------------------------------------------------------------- */

#define CLTI_TEST_SECRET "demo-secret-not-for-production"

/** @brief Get an app-only token from the server's v2 endpoint and use it from now on. */
void clti_test_sign_in(clti_test_client *client, const char *tenant, const char *application);

/** @brief The same as a user, whose password is the demo's secret, at a server that allows the password
 * grant. */
void clti_test_sign_in_as(clti_test_client *client, const char *tenant, const char *application,
                          const char *user);

/** @brief Use this bearer token from now on; NULL for none. */
void clti_test_client_set_token(clti_test_client *client, const char *token);

/** @brief The bearer token in use. */
const char *clti_test_client_token(const clti_test_client *client);

/* ---- bytes --------------------------------------------------------------------------------------------- */

/** @brief A connection of its own, for bytes that no HTTP library would send. */
int clti_test_connect(const clti_test_server *server);
void clti_test_write(int socket, const char *text);

/** @brief Everything until the server closes or is silent for ten seconds. The caller's, free(). */
char *clti_test_read_all(int socket);

/** @brief Send text, read the answer, close. The request should say `Connection: close`. */
char *clti_test_exchange(const clti_test_server *server, const char *text);

#endif
