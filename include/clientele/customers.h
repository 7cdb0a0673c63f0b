/**
 * @file customers.h
 * @brief The list of a partner's customers, page by page, and single customers.
 *
 * @code
 *     clt_query query = clt_query_indexed(40);
 *     clt_customers_query(partner, &query, NULL, &page, &err);
 *     clt_customer_enumerator_create(partner, page, NULL, &enumerator, &err);
 *     while (clt_customer_enumerator_has_value(enumerator)) {
 *         const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
 *         for (size_t i = 0; i < clt_customer_page_count(current); i++)
 *             use(clt_customer_page_at(current, i));
 *         if (clt_customer_enumerator_next(enumerator, NULL, &err) != CLT_OK)
 *             break;
 *     }
 * @endcode
 *
 * Thread: calls from any thread, see clt_partner; pages and customers are immutable, and one thread frees
 * each; an enumerator is for one thread at a time.
 * @source api.md 3, 4.1, 4.2, 5, 6
 */
#ifndef CLIENTELE_CUSTOMERS_H
#define CLIENTELE_CUSTOMERS_H

#include "clientele/partner.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- resources -------------------------------------------------------------------------------------- */

/*
 * Resources are allocated by the library alone and handed out by const pointer; new members may be added at
 * the end. Texts are views, valid as long as the page or customer that they came with; each ends in a NUL.
 * What the service left away or sent as null is absent: data == NULL, pointer NULL, count 0.
 * Ids and words are kept as the service wrote them, so that one that nobody knows yet is not lost.
 */

/** An address with its contact. @source api.md 3.4 */
typedef struct clt_address {
    clt_str country, region, city, state, address_line1, address_line2, postal_code;
    clt_str first_name, middle_name, last_name, phone_number;
} clt_address;

/** What the company is. @source api.md 3.2 */
typedef struct clt_company_profile {
    clt_str tenant_id, domain, company_name;
    const clt_address *address; /**< NULL in lists */
    clt_str email, organization_registration_number;
} clt_company_profile;

/** Whom bills go to. @source api.md 3.3 */
typedef struct clt_billing_profile {
    clt_str id, first_name, last_name, email, culture, language, company_name;
    const clt_address *default_address;
    clt_str etag; /**< attributes.etag: what a later change of the profile has to bring along */
} clt_billing_profile;

/** The first administrator of a new customer; shown once. @source api.md 3.1 */
typedef struct clt_user_credentials {
    clt_str user_name, password;
} clt_user_credentials;

/** A flag that the service may leave away. @source api.md 1.3 */
enum { CLT_ABSENT = -1, CLT_FALSE = 0, CLT_TRUE = 1 };

/** A customer of the partner's. @source api.md 3.1 */
typedef struct clt_customer {
    clt_str id, commerce_id;
    const clt_company_profile *company_profile;
    const clt_billing_profile *billing_profile;   /**< NULL in lists */
    clt_str relationship_to_partner;              /**< `reseller`, ... */
    int32_t allow_delegated_access;               /**< CLT_ABSENT, CLT_FALSE or CLT_TRUE */
    const clt_user_credentials *user_credentials; /**< only of a customer just created */
    const clt_str *custom_domains;
    size_t custom_domain_count;
    clt_str associated_partner_id;
} clt_customer;

/* ---- queries ---------------------------------------------------------------------------------------- */

/** Fields that the list can be filtered by. @source api.md 5.2 */
enum {
    CLT_FIELD_NONE = 0,
    CLT_FIELD_COMPANY_NAME = 1,
    CLT_FIELD_DOMAIN = 2,
    CLT_FIELD_INDIRECT_RESELLER = 3,               /**< needs App+User */
    CLT_FIELD_INDIRECT_CLOUD_SOLUTION_PROVIDER = 4 /**< needs App+User */
};

/** How the field is compared, in any case of letters. @source api.md 5.2 */
enum { CLT_OPERATOR_STARTS_WITH = 0, CLT_OPERATOR_EQUALS = 1 };

/** Where to go from a token. @source api.md 6.1 */
enum { CLT_SEEK_NONE = 0, CLT_SEEK_NEXT = 1, CLT_SEEK_PREVIOUS = 2, CLT_SEEK_FIRST = 3, CLT_SEEK_LAST = 4 };

/** Which page of which list. Zero is the default of every member. Texts need to live during the call only.
 * @source QueryFactory of the original SDK; api.md 5, 6.1 */
typedef struct clt_query {
    size_t size;                    /**< sizeof(clt_query) */
    uint32_t page_size;             /**< customers a page, 1 to 500; 0: the service's own size */
    int32_t field;                  /**< CLT_FIELD_*; NONE: the whole list */
    int32_t filter_operator;        /**< CLT_OPERATOR_* */
    const char *value;              /**< filter value, UTF-8 */
    int32_t seek;                   /**< CLT_SEEK_* */
    const char *continuation_token; /**< of an earlier page, for NEXT and PREVIOUS */
} clt_query;

/** A query for the whole list. */
#define CLT_QUERY_INIT                                                                                       \
    { sizeof(clt_query), 0, 0, 0, 0, 0, 0 }

/** @brief The whole list, in pages of the service's own size. */
static inline clt_query clt_query_simple(void) {
    clt_query query = CLT_QUERY_INIT;
    return query;
}

/** @brief The whole list, in pages of `page_size`. */
static inline clt_query clt_query_indexed(uint32_t page_size) {
    clt_query query = CLT_QUERY_INIT;
    query.page_size = page_size;
    return query;
}

/** @brief Customers whose `field` begins with `value` (any case). */
static inline clt_query clt_query_filtered(uint32_t page_size, int32_t field, const char *value) {
    clt_query query = CLT_QUERY_INIT;
    query.page_size = page_size;
    query.field = field;
    query.value = value;
    return query;
}

/** @brief A page by its continuation token, which holds size and filter. */
static inline clt_query clt_query_seek(int32_t seek, const char *continuation_token) {
    clt_query query = CLT_QUERY_INIT;
    query.seek = seek;
    query.continuation_token = continuation_token;
    return query;
}

/* ---- pages ------------------------------------------------------------------------------------------ */

/** One page of the list. Thread: immutable; one thread frees it. */
typedef struct clt_customer_page clt_customer_page;

/** @brief How many customers the page holds. */
CLT_API size_t clt_customer_page_count(const clt_customer_page *page);

/** @brief Customer `index` of the page, or NULL if there are not so many. Lives as long as the page. */
CLT_API const clt_customer *clt_customer_page_at(const clt_customer_page *page, size_t index);

/** @brief `totalCount` as the service sent it: customers in this page. @source api.md 3.6 */
CLT_API uint64_t clt_customer_page_total_count(const clt_customer_page *page);

/** @brief Token of the page that follows; absent on the last page. Lives as long as the page.
 * @source api.md 6.2 */
CLT_API clt_str clt_customer_page_continuation_token(const clt_customer_page *page);

/** @brief 1 if a page follows (a next link or a continuation token), else 0. @source api.md 3.6 */
CLT_API int clt_customer_page_has_next(const clt_customer_page *page);

/** @brief 1 if a page stands before it (a previous link), else 0. @source api.md 3.6 */
CLT_API int clt_customer_page_has_previous(const clt_customer_page *page);

/** @brief Number of all matches, from Content-Range; -1 if not told. See clt_customers_count().
 * @source api.md 13 */
CLT_API int64_t clt_customer_page_match_count(const clt_customer_page *page);

/** @brief Free; NULL is allowed. */
CLT_API void clt_customer_page_free(clt_customer_page *page);

/* ---- operations ------------------------------------------------------------------------------------- */

/**
 * @brief Fetch one page of the partner's customers.
 *
 * Shape:  GET /v1/customers -> 200 Collection of Customer.
 * Owner:  *out_page is the caller's, clt_customer_page_free(); its customers live as long as it does.
 * Thread: any thread; see clt_partner.
 *
 * @param[in]  query     NULL for the whole list.
 * @param[in]  context   NULL for the partner's own.
 * @param[out] out_page  Set only on CLT_OK.
 * @param[out] out_err   NULL to ignore; set only on failure.
 * @retval CLT_OK                  A page, possibly empty.
 * @retval CLT_ERR_ARGUMENT        A seek without token, a field without value, a page size over 500, ...
 * @retval CLT_ERR_BAD_INPUT       The service refused the query or the token.
 * @retval CLT_ERR_END             NEXT or PREVIOUS from the end: the service answered 400 with code 2000.
 * @retval CLT_ERR_UNAUTHORIZED    Token missing or expired (401).
 * @retval CLT_ERR_RESPONSE_PARSE  The body was not such a collection.
 * @source Partner Center REST, "Get a list of customers"
 * @since  0.1
 */
CLT_API CLT_NODISCARD clt_status clt_customers_query(clt_partner *partner, const clt_query *query,
                                                     const clt_request_context *context,
                                                     clt_customer_page **out_page, clt_error **out_err);

/**
 * @brief How many customers match a query, where the service can tell (an extension of Clientele).
 * @retval CLT_ERR_UNSUPPORTED_FORMAT  The service did not tell: more than it counts, or it has no such
 * extension.
 * @source api.md 13
 */
CLT_API CLT_NODISCARD clt_status clt_customers_count(clt_partner *partner, const clt_query *query,
                                                     const clt_request_context *context, uint64_t *out_count,
                                                     clt_error **out_err);

/**
 * @brief One customer.
 *
 * Shape:  GET /v1/customers/{id} -> 200 Customer.
 * Owner:  *out is the caller's, clt_customer_free().
 * @retval CLT_ERR_NOT_FOUND  The partner has no such customer.
 * @source Partner Center REST, "Get a customer by ID"
 */
CLT_API CLT_NODISCARD clt_status clt_customers_get(clt_partner *partner, const char *customer_id,
                                                   const clt_request_context *context,
                                                   const clt_customer **out, clt_error **out_err);

/** @brief Free a customer that a call returned by itself, never one of a page; NULL is allowed. */
CLT_API void clt_customer_free(const clt_customer *customer);

/* ---- asynchronous ----------------------------------------------------------------------------------- */

/**
 * The end of a call: exactly one of `page` and `err` is set, and both are the callback's to free. Runs
 * exactly once, in the library's own thread of the partner handle; it may start further calls, but must not
 * wait for one.
 */
typedef void (*clt_customers_callback)(void *user, clt_customer_page *page, clt_error *err);

/**
 * @brief clt_customers_query() without waiting.
 * @param[out] out_operation  NULL if not wanted; the caller's, clt_operation_free().
 * @return not CLT_OK if the call could not begin; the callback then never runs.
 */
CLT_API CLT_NODISCARD clt_status clt_customers_query_async(clt_partner *partner, const clt_query *query,
                                                           const clt_request_context *context,
                                                           clt_customers_callback callback, void *user,
                                                           clt_operation **out_operation,
                                                           clt_error **out_err);

/* ---- enumerator ------------------------------------------------------------------------------------- */

/**
 * Walks the list from a page. While the caller works on a page, the next is already on its way; a prefetch
 * that failed is repeated by next() itself. Errors leave the enumerator on its page.
 *
 * next() and previous() take a request context, for they are what may ask the service. All others (has value,
 * current, take, is first, is last) look at the page that is there: they ask nothing, wait for nothing and
 * cannot fail, so that a context would have nothing to say to them. A prefetch goes out with the context of
 * the last next(): its correlation id and locale.
 *
 * Thread: one thread at a time.
 * @source the enumerators of the original SDKs, api.md 6.3
 */
typedef struct clt_customer_enumerator clt_customer_enumerator;

/** How an enumerator behaves. Zero is the default of every member. */
typedef struct clt_customer_enumerator_options {
    size_t size;         /**< sizeof(clt_customer_enumerator_options) */
    int32_t no_prefetch; /**< 1: ask for the next page only when told to */
} clt_customer_enumerator_options;

/** Options of which every member is its default. */
#define CLT_CUSTOMER_ENUMERATOR_OPTIONS_INIT                                                                 \
    { sizeof(clt_customer_enumerator_options), 0 }

/**
 * @brief Start on a page that was read already.
 * Owner:  takes the page, on failure too. *out is the caller's, clt_customer_enumerator_free(), before the
 * partner.
 * @param options  NULL for the defaults.
 * @retval CLT_ERR_ARGUMENT   partner, page or out is NULL.
 * @retval CLT_ERR_NO_MEMORY  Memory is out.
 * @source IResourceCollectionEnumerator of the original SDK
 */
CLT_API CLT_NODISCARD clt_status clt_customer_enumerator_create(
    clt_partner *partner, clt_customer_page *page, const clt_customer_enumerator_options *options,
    clt_customer_enumerator **out, clt_error **out_err);

/** @brief 1 while there is a current page, 0 after next() on the last or previous() on the first. */
CLT_API int clt_customer_enumerator_has_value(const clt_customer_enumerator *enumerator);

/** @brief The current page, valid until the following next() or previous(); NULL without a value. */
CLT_API const clt_customer_page *clt_customer_enumerator_current(const clt_customer_enumerator *enumerator);

/** @brief Take the current page over: the caller frees it. It stays current until next() or previous(). */
CLT_API clt_customer_page *clt_customer_enumerator_take(clt_customer_enumerator *enumerator);

/** @brief 1 if nothing stands before the current page, 0 also without a value. Asks nothing. */
CLT_API int clt_customer_enumerator_is_first(const clt_customer_enumerator *enumerator);

/** @brief 1 if nothing stands behind the current page, 0 also without a value. Asks nothing. */
CLT_API int clt_customer_enumerator_is_last(const clt_customer_enumerator *enumerator);

/**
 * @brief Go on to the page behind the current one; from the last to no value, without a request.
 * @param context  NULL for the partner's own.
 * @retval CLT_ERR_ARGUMENT  enumerator is NULL or has no value.
 * @retval CLT_ERR_ORIGIN    The service's link points elsewhere; the token was not sent there.
 * @retval ...               As clt_customers_query(); the enumerator is where it was.
 * @source api.md 6.3
 */
CLT_API CLT_NODISCARD clt_status clt_customer_enumerator_next(clt_customer_enumerator *enumerator,
                                                              const clt_request_context *context,
                                                              clt_error **out_err);

/**
 * @brief Go back to the page before the current one; from the first to no value, without a request. Pages are
 *        not asked for ahead in this direction.
 * @param context  NULL for the partner's own.
 * @retval ...  As clt_customer_enumerator_next().
 * @source api.md 6.3
 */
CLT_API CLT_NODISCARD clt_status clt_customer_enumerator_previous(clt_customer_enumerator *enumerator,
                                                                  const clt_request_context *context,
                                                                  clt_error **out_err);

/** @brief Free, with the current page unless it was taken; NULL is allowed. */
CLT_API void clt_customer_enumerator_free(clt_customer_enumerator *enumerator);

#ifdef __cplusplus
}
#endif

#endif
