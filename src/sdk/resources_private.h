/**
 * @file resources_private.h
 * @brief The shapes of the service's resources, and the pages and links made of them.
 */
#ifndef CLTI_SDK_RESOURCES_PRIVATE_H
#define CLTI_SDK_RESOURCES_PRIVATE_H

#include "sdk/sdk_private.h"

/** A header of a link. */
typedef struct clti_link_header {
    clt_str key, value;
} clti_link_header;

/** @source api.md 3.6 */
typedef struct clti_page_link {
    clt_str uri;
    const clti_link_header *headers;
    size_t header_count;
} clti_page_link;

/** A collection: what all have in common, and its items if they are customers. */
typedef struct clti_collection {
    clt_str continuation_token;
    int64_t total_count;
    const clt_customer *items;
    size_t item_count;
    const clti_page_link *next, *previous;
} clti_collection;

extern const clti_shape CLTI_ADDRESS_SHAPE;
extern const clti_shape CLTI_COMPANY_SHAPE;
extern const clti_shape CLTI_BILLING_SHAPE;
extern const clti_shape CLTI_CUSTOMER_SHAPE;
extern const clti_shape CLTI_CUSTOMERS_SHAPE; /* clti_collection */
extern const clti_shape CLTI_PAGE_SHAPE;      /* clti_collection of anything: links and token alone */

typedef enum clti_direction { CLTI_FORWARD, CLTI_BACKWARD } clti_direction;

/** @brief Something stands there: a link, or (forward) a continuation token. */
bool clti_collection_has(const clti_collection *page, clti_direction direction);

/** @brief The token that the page there is asked for with; absent if it needs none. */
clt_str clti_collection_token(const clti_collection *page, clti_direction direction);

/**
 * @brief The request for the page there: its link with the link's headers, or the token sent by hand.
 * @param own_url  Of the page itself, for the second case.
 * @param arena    Gets texts; the request also points into the page.
 * @retval CLT_ERR_ORIGIN          the link points elsewhere
 * @retval CLT_ERR_RESPONSE_PARSE  it cannot be sent, or it leads to the page itself
 */
CLTI_MUST_CHECK clt_status clti_collection_request(const clti_core *core, const clti_collection *page,
                                                   clti_direction direction, clt_str own_url,
                                                   clt_str own_token, clti_arena *arena, clti_request *out,
                                                   clt_error **err);

/** @brief The request for a page by its token alone, without its link. */
CLTI_MUST_CHECK clt_status clti_seek_request(clt_str own_url, clti_direction direction, clt_str token,
                                             clti_arena *arena, clti_request *out, clt_error **err);

/** @brief What names a page in a chain of links: the token that it is asked for with, else its URL. */
uint64_t clti_page_mark(clt_str url, clt_str token);

/** @brief A chain of next links that comes back to where it was would never end: CLT_ERR_RESPONSE_PARSE. */
CLTI_MUST_CHECK clt_status clti_circle_check(const clti_circle *circle, uint64_t mark, clt_error **err);

/** @brief The page with this mark is the next of the chain. */
void clti_circle_step(clti_circle *circle, uint64_t mark);

struct clt_customer_page {
    atomic_size_t references; /* the enumerator's and of who took it over */
    clti_arena arena;
    clti_collection content;
    int64_t match_count;
    clt_str url, token; /* that it was asked for with */
    clti_facts facts;   /* of the request that brought it */
};

/**
 * @brief Make a page of an answer, or the error that it stands for.
 * @param response  Taken, on failure too.
 * @param spare     A page whose memory is used again: taken, on failure too; NULL: none.
 */
CLTI_MUST_CHECK clt_status clti_page_read(clt_response *response, clti_lane *lane, clt_customer_page *spare,
                                          clt_customer_page **out, clt_error **err);

/** @brief Free a page that nobody else holds, all but its memory. @return NULL if it is still held */
clt_customer_page *clti_page_recycle(clt_customer_page *page);

/** @brief The answer says that there is no such page: 400 with code 2000 while seeking (api.md 6.1). */
bool clti_is_end(const clt_error *err);

/** @brief The request of a query. @retval CLT_ERR_ARGUMENT  it is none. */
CLTI_MUST_CHECK clt_status clti_query_request(const clti_core *core, const clt_query *query,
                                              clti_arena *arena, clti_request *out, clt_error **err);

/** @brief The request of a call. @retval CLT_ERR_ARGUMENT  it is none. */
CLTI_MUST_CHECK clt_status clti_call_request(const clti_core *core, const clt_call *call, clti_arena *arena,
                                             clti_request *out, clt_error **err);

/** @brief It goes on from a page, so that its list may have ended. */
bool clti_query_is_seeking(const clt_query *query);

#endif
