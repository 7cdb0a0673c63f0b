/**
 * @file audit.h
 * @brief Who changed what, and when: the audit records, newest first, page by page.
 *
 * @code
 *     clt_audit_query query = CLT_AUDIT_QUERY_INIT;
 *     clt_audit_page *records = NULL;
 *     query.start_date = "2026-11-01";
 *     status = clt_audit_records_query(partner, &query, NULL, &records, &err);
 *     while (status == CLT_OK) {
 *         for (size_t i = 0; i < clt_audit_page_count(records); i++)
 *             if (clt_audit_page_at(records, i)->operation_type.data)
 *                 puts(clt_audit_page_at(records, i)->operation_type.data);
 *         status = clt_audit_page_next(partner, &records, NULL, &err);
 *     }
 *     clt_audit_page_free(records);
 * @endcode
 *
 * That ends with CLT_ERR_END behind the last page. Texts that the service left away are absent, so look
 * before they are printed.
 *
 * Thread: calls from any thread, see clt_partner; pages are immutable, and one thread frees each.
 * @source api.md 3.9, 4.17, 5.4
 */
#ifndef CLIENTELE_AUDIT_H
#define CLIENTELE_AUDIT_H

#include "clientele/partner.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One fact of a record besides its members; views that live as long as the page. @source api.md 3.9 */
typedef struct clt_audit_datum {
    clt_str key, value;
} clt_audit_datum;

/** One change. Words are kept as the service wrote them. @source api.md 3.9 */
typedef struct clt_audit_record {
    clt_str id, partner_id, customer_id, customer_name;
    clt_str user_principal_name; /**< absent if an application did it by itself */
    clt_str application_id, session_id;
    clt_str resource_type;                          /**< `customer`, ... */
    clt_str resource_old_value, resource_new_value; /**< JSON of the resource, without secrets */
    clt_str operation_type;                         /**< `add_customer`, ... */
    clt_str operation_date;                         /**< ISO 8601, UTC */
    clt_str operation_status;                       /**< `succeeded`, ... */
    clt_str original_correlation_id;                /**< MS-CorrelationId of the call */
    const clt_audit_datum *customized_data;
    size_t customized_datum_count;
} clt_audit_record;

/** What the records can be filtered by. @source api.md 5.4 */
enum {
    CLT_AUDIT_FIELD_NONE = 0,
    CLT_AUDIT_FIELD_COMPANY_NAME = 1,  /**< a part of the customer's name, any case */
    CLT_AUDIT_FIELD_CUSTOMER_ID = 2,   /**< a GUID */
    CLT_AUDIT_FIELD_RESOURCE_TYPE = 3, /**< `customer`, ... */
    CLT_AUDIT_FIELD_ACTOR = 4,         /**< user or application id; an extension of Clientele, api.md 13 */
    CLT_AUDIT_FIELD_OPERATION_TYPE = 5 /**< `add_customer`, ...; likewise */
};

/** Which records. Zero is the default of every member. Texts need to live during the call only.
 * @source api.md 4.17 */
typedef struct clt_audit_query {
    size_t size; /**< sizeof(clt_audit_query) */
    const char
        *start_date; /**< `2026-11-01`, or ISO 8601 with a time; NULL: 30 days ago. At most 90 days ago */
    const char
        *end_date; /**< likewise, a day is included; at most 30 days behind the start; NULL: as far as that */
    uint32_t page_size; /**< records a page, 1 to 500; 0: 500 */
    int32_t field;      /**< CLT_AUDIT_FIELD_* */
    const char *value;  /**< filter value, UTF-8 */
} clt_audit_query;

/** A query of which every member is its default. */
#define CLT_AUDIT_QUERY_INIT                                                                                 \
    { sizeof(clt_audit_query), 0, 0, 0, 0, 0 }

/** One page of records. Thread: immutable; one thread frees it. */
typedef struct clt_audit_page clt_audit_page;

/**
 * @brief The first page of the records that match, newest first.
 *
 * Shape:  GET /v1/auditrecords -> 200 Collection of AuditRecord.
 * Owner:  *out_page is the caller's, clt_audit_page_free(); its records live as long as it does.
 * Thread: any thread; see clt_partner.
 *
 * @param query  NULL for the last 30 days.
 * @retval CLT_OK             A page, possibly empty.
 * @retval CLT_ERR_ARGUMENT   A field without value, a page size over 500, ...
 * @retval CLT_ERR_BAD_INPUT  The service refused dates or filter.
 * @source Partner Center REST, "Get a record of Partner Center activity by user"; api.md 4.17
 */
CLT_API CLT_NODISCARD clt_status clt_audit_records_query(clt_partner *partner, const clt_audit_query *query,
                                                         const clt_request_context *context,
                                                         clt_audit_page **out_page, clt_error **out_err);

/**
 * @brief Go on to the page behind: older records.
 * Owner:  On CLT_OK the page is freed and replaced by the other; else it stays as it is.
 * Thread: any thread, but one at a time for the same page. It waits; nothing is asked for ahead.
 * @retval CLT_ERR_END     It is the last; no request was sent.
 * @retval CLT_ERR_ORIGIN  The service's link points elsewhere; the token was not sent there.
 * @retval ...             As clt_audit_records_query().
 * @source api.md 5.4, 6.3
 */
CLT_API CLT_NODISCARD clt_status clt_audit_page_next(clt_partner *partner, clt_audit_page **ref_page,
                                                     const clt_request_context *context, clt_error **out_err);

/**
 * @brief Go back to the page before: newer records, also such as came meanwhile.
 * Owner:  As clt_audit_page_next().
 * Thread: As clt_audit_page_next().
 * @retval CLT_ERR_END  It is the first; no request was sent.
 * @retval ...          As clt_audit_page_next().
 * @source api.md 5.4, 6.3
 */
CLT_API CLT_NODISCARD clt_status clt_audit_page_previous(clt_partner *partner, clt_audit_page **ref_page,
                                                         const clt_request_context *context,
                                                         clt_error **out_err);

/** @brief How many records the page holds. */
CLT_API size_t clt_audit_page_count(const clt_audit_page *page);

/** @brief Record `index` of the page, or NULL if there are not so many. Lives as long as the page. */
CLT_API const clt_audit_record *clt_audit_page_at(const clt_audit_page *page, size_t index);

/** @brief 1 if a page follows, else 0. @source api.md 3.6 */
CLT_API int clt_audit_page_has_next(const clt_audit_page *page);

/** @brief 1 if a page stands before it, else 0. @source api.md 3.6 */
CLT_API int clt_audit_page_has_previous(const clt_audit_page *page);

/** @brief Free; NULL is allowed. */
CLT_API void clt_audit_page_free(clt_audit_page *page);

#ifdef __cplusplus
}
#endif

#endif
