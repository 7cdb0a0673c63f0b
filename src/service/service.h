/**
 * @file service.h
 * @brief The door of `service`: what the system does, without a word of HTTP.
 *
 * All validation of what callers ask is here; bad input ends here with its fault.
 * Thread: a clti_service is immutable after creation, for any thread.
 */
#ifndef CLTI_SERVICE_H
#define CLTI_SERVICE_H

#include "identity/identity.h"
#include "wire/wire.h"

typedef struct clti_service {
    clti_store *store;       /**< must outlive the service */
    bool require_user;       /**< auth.require_user: App+User operations refuse an app-only token */
    bool item_links;         /**< list.item_links (api.md 12.5) */
    clti_hmac_key token_key; /**< of continuation tokens */
} clti_service;

/** @brief Fill a service; reads the store's key for continuation tokens. Nothing to release. */
CLTI_MUST_CHECK bool clti_service_init(clti_service *service, clti_store *store, bool require_user,
                                       bool item_links, clti_fault *fault);

typedef struct clti_customers_request {
    clt_str query;         /**< query string as received, encoded; may be absent */
    clt_str continuation;  /**< MS-ContinuationToken; absent and empty are the same */
    clt_str if_none_match; /**< entity tags that the caller has, as in HTTP; or absent */
    bool wants_count;      /**< how many there are in all (api.md 13) */
} clti_customers_request;

/** Most matches of a filter that are counted (api.md 13). */
#define CLTI_COUNT_MAX 10000

typedef struct clti_customers_answer {
    clt_str entity_tag; /**< changes whenever the page may have changed */
    bool unchanged;     /**< the caller has it already; nothing below is set */
    clti_wire_page page;
    bool is_filtered; /**< by the query or by the token */
    bool is_first;    /**< the page begins the list */
    bool is_counted;  /**< total is set */
    uint64_t total;   /**< all items of the list, when asked for */
} clti_customers_answer;

/**
 * @brief One page of the caller's customers.
 *
 * Shape:  GET /v1/customers -> 200 Collection of Customer (api.md 4.1, 5, 6).
 * Owner:  everything in *out lives in the arena, or is static.
 *
 * @retval false  INVALID_QUERY naming the parameter; USER_REQUIRED; the store failed.
 */
CLTI_MUST_CHECK bool clti_customers_list(const clti_service *service, const clti_caller *caller,
                                         const clti_customers_request *request, clti_arena *arena,
                                         clti_customers_answer *out, clti_fault *fault);

/**
 * @brief One customer of the caller.
 *
 * Shape:  GET /v1/customers/{id} -> 200 Customer (api.md 4.2).
 * @param id_text  The id as it stood in the path, decoded.
 * @retval false  INVALID_CUSTOMER_ID, CUSTOMER_NOT_FOUND, NO_RELATIONSHIP, or the store failed.
 */
CLTI_MUST_CHECK bool clti_customers_get(const clti_service *service, const clti_caller *caller,
                                        clt_str id_text, clti_arena *arena, clti_customer *out,
                                        clti_fault *fault);

/** @brief A weak entity tag of a hash; terminated. Absent if memory is out. */
clt_str clti_entity_tag_format(uint64_t hash, clti_arena *arena);

/** @brief True if `tag` is among the entity tags of an If-None-Match header; weak and strong count as one. */
bool clti_entity_tag_matches(clt_str if_none_match, clt_str tag);

#endif
