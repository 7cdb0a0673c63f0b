/**
 * @file walk.h
 * @brief Read a list page by page, as the SDKs' enumerators do, and look at every page on the way.
 */
#ifndef CLTI_TEST_WALK_H
#define CLTI_TEST_WALK_H

#include "scene.h"

/** How a client makes a target of a link's uri (api.md 6.3). */
typedef enum walk_join {
    WALK_JOIN_NET, /**< /v1/ + uri without leading slashes, unless it begins with /v1 */
    WALK_JOIN_JAVA /**< /v1/ + uri; PC.NET does the same */
} walk_join;

/** Ids in the order in which they were read. */
typedef struct walk_ids {
    clt_guid *ids;
    size_t count, capacity;
    size_t page_count;
} walk_ids;

void walk_ids_done(walk_ids *ids);

/** @brief Target for a link's uri. The caller's, free(). */
char *walk_join_uri(walk_join join, const char *uri);

/** @brief Follow `next` or `previous` with the link's headers; NULL if the page has no such link. */
const clti_test_response *walk_follow(clti_test_client *client, const clti_test_response *page,
                                      const char *link, walk_join join);

/** @brief Check what holds for every page, and add its ids. */
void walk_take_page(const clti_test_response *page, walk_ids *out);

/** @brief Read from this target to the end, `size` items a page; the last page is returned. */
const clti_test_response *walk_forwards(clti_test_client *client, const char *target, size_t size,
                                        walk_join join, walk_ids *out);

/** @brief Read the pages before this one; ids are added in list order reversed. */
void walk_backwards(clti_test_client *client, const clti_test_response *page, size_t size, walk_join join,
                    walk_ids *out);

#endif
