/**
 * @file cutter.h
 * @brief A proxy before PostgreSQL that cuts connections at a moment that matters.
 *
 * It reads the protocol's messages as they pass, so TLS is off. What goes wrong here ends the program.
 * Thread: any.
 */
#ifndef CLTI_TEST_CUTTER_H
#define CLTI_TEST_CUTTER_H

#include <stddef.h>

typedef struct clti_test_cutter clti_test_cutter;

/** When a connection is cut. */
typedef enum clti_test_cut {
    CLTI_TEST_CUT_BEGIN,            /**< a transaction has begun; the client is not told */
    CLTI_TEST_CUT_COMMIT_UNSENT,    /**< the client has sent COMMIT; it does not come to the server */
    CLTI_TEST_CUT_COMMIT_UNANSWERED /**< the server has committed; the client is not told */
} clti_test_cut;

/** @brief A proxy before the database of this connection string. */
clti_test_cutter *clti_test_cutter_new(const char *url);

/** @brief The connection string by which it is reached; its own. */
const char *clti_test_cutter_url(const clti_test_cutter *cutter);

/** @brief Cut the next connections to which it happens, so many times. */
void clti_test_cutter_arm(clti_test_cutter *cutter, clti_test_cut when, size_t times);

/** @brief Once a connection was cut, let nobody through any more; no longer so when it is armed again. */
void clti_test_cutter_close_after_cut(clti_test_cutter *cutter);

/** @brief Cuts that were armed and have not come. */
size_t clti_test_cutter_left(const clti_test_cutter *cutter);

/** @brief End all connections, and free. */
void clti_test_cutter_free(clti_test_cutter *cutter);

#endif
