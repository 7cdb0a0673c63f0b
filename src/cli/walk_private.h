/**
 * @file walk_private.h
 * @brief The list page by page, and the flags that say which list.
 */
#ifndef CLTI_CLI_WALK_PRIVATE_H
#define CLTI_CLI_WALK_PRIVATE_H

#include "cli/session_private.h"

#define CLTI_PAGE_SIZE_MAX 500

/** Flags that choose customers; the request of a command holds one. */
typedef struct clti_filter {
    const char *name, *domain, *reseller;
} clti_filter;

/** The rows for them; `at` is the offset of the request's clti_filter. */
#define CLTI_FILTER_OPTIONS(at)                                                                              \
    {.name = "name",                                                                                         \
     .argument = "PREFIX",                                                                                   \
     .help = "only customers whose name begins so, in any case",                                             \
     .offset = (at) + offsetof(clti_filter, name)},                                                          \
        {.name = "domain",                                                                                   \
         .argument = "PREFIX",                                                                               \
         .help = "only customers whose domain begins so",                                                    \
         .offset = (at) + offsetof(clti_filter, domain)},                                                    \
    {                                                                                                        \
        .name = "reseller", .argument = "ID",                                                                \
        .help = "only customers of this indirect reseller, by its tenant id; needs App + User",              \
        .offset = (at) + offsetof(clti_filter, reseller)                                                     \
    }

/** @brief Make a query of them. @return false, and told, if there is more than one, or a bad one */
bool clti_filter_query(const clti_invocation *invocation, const clti_filter *filter, clt_query *out);

/**
 * @brief The id of the customer that a person names by id or domain.
 * @param out_id  free(); NULL on failure
 * @return CLTI_EXIT_DONE, or an exit code, and told
 */
int clti_find_customer(clti_session *session, const char *name, char **out_id);

/** Takes one page, in order. @return false: no more pages are wanted */
typedef bool (*clti_page_taker)(void *user, const clt_customer_page *page);

/**
 * @brief Hand over the query's page and those behind it; a signal ends that between two pages.
 * @param out_err  Set unless the result is CLT_OK; NULL if a signal came between two pages.
 * @retval CLT_OK         All, or as many as were wanted.
 * @retval CLT_ERR_END    A query with a token that nothing stands behind.
 * @retval CLT_ERR_CANCELLED  A signal came.
 */
clt_status clti_walk(clti_session *session, const clt_query *query, clti_page_taker take, void *user,
                     clt_error **out_err);

#endif
