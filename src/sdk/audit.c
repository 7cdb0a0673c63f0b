/* Audit records (api.md 3.9, 4.17, 5.4): their query, and their pages one behind the other. */
#include "sdk/single_private.h"

#include <stdlib.h>

#define PAGE_SIZE_MAX 500

/* ---- shapes ------------------------------------------------------------------------------------------- */

static const clt_audit_datum NO_DATUM;
static const clti_shape_member DATUM_MEMBERS[] = {
    CLTI_TEXT(clt_audit_datum, "key", key),
    CLTI_WORD(clt_audit_datum, "value", value),
};
static const clti_shape DATUM = CLTI_SHAPE(clt_audit_datum, DATUM_MEMBERS, &NO_DATUM);

static const clt_audit_record NO_RECORD;
static const clti_shape_member RECORD_MEMBERS[] = {
    CLTI_TEXT(clt_audit_record, "id", id),
    CLTI_TEXT(clt_audit_record, "partnerId", partner_id),
    CLTI_TEXT(clt_audit_record, "customerId", customer_id),
    CLTI_TEXT(clt_audit_record, "customerName", customer_name),
    CLTI_TEXT(clt_audit_record, "userPrincipalName", user_principal_name),
    CLTI_TEXT(clt_audit_record, "applicationId", application_id),
    CLTI_TEXT(clt_audit_record, "sessionId", session_id),
    CLTI_WORD(clt_audit_record, "resourceType", resource_type),
    CLTI_TEXT(clt_audit_record, "resourceOldValue", resource_old_value),
    CLTI_TEXT(clt_audit_record, "resourceNewValue", resource_new_value),
    CLTI_WORD(clt_audit_record, "operationType", operation_type),
    CLTI_TEXT(clt_audit_record, "originalCorrelationId", original_correlation_id),
    CLTI_TEXT(clt_audit_record, "operationDate", operation_date),
    CLTI_WORD(clt_audit_record, "operationStatus", operation_status),
    CLTI_OBJECTS(clt_audit_record, "customizedData", customized_data, customized_datum_count, &DATUM),
    CLTI_SKIP("attributes"),
};
static const clti_shape RECORD = CLTI_SHAPE(clt_audit_record, RECORD_MEMBERS, &NO_RECORD);

static const clti_audit_collection NO_COLLECTION;
static const clti_shape_member COLLECTION_MEMBERS[] = {
    CLTI_OBJECTS(clti_audit_collection, "items", items, item_count, &RECORD),
};
const clti_shape CLTI_AUDIT_SHAPE = CLTI_SHAPE(clti_audit_collection, COLLECTION_MEMBERS, &NO_COLLECTION);

/* ---- the query ---------------------------------------------------------------------------------------- */

static void add_filter(clti_single *call, const clt_audit_query *query) {
    static const struct {
        const char *field, *filter_operator;
    } ROWS[] = {
        [CLT_AUDIT_FIELD_NONE] = {NULL, NULL},
        [CLT_AUDIT_FIELD_COMPANY_NAME] = {"CompanyName", "substring"},
        [CLT_AUDIT_FIELD_CUSTOMER_ID] = {"CustomerId", "equals"},
        [CLT_AUDIT_FIELD_RESOURCE_TYPE] = {"ResourceType", "equals"},
        [CLT_AUDIT_FIELD_ACTOR] = {"Actor", "equals"},
        [CLT_AUDIT_FIELD_OPERATION_TYPE] = {"OperationType", "equals"},
    };
    clti_buf json;
    if (query->field < 0 || (size_t)query->field >= CLTI_COUNT(ROWS)) {
        clti_single_refuse(call, "query->field", "is none of CLT_AUDIT_FIELD_*");
        return;
    }
    if (query->field == CLT_AUDIT_FIELD_NONE) {
        if (query->value)
            clti_single_refuse(call, "query->value", "is there, but no query->field to filter by");
        return;
    }
    clti_single_require(call, "query->value", query->value);
    if (call->status != CLT_OK)
        return;
    clti_buf_init(&json, CLTI_SINGLE_URL_MAX);
    clti_buf_add_format(&json, "{\"Field\":\"%s\",\"Value\":", ROWS[query->field].field);
    clti_json_add_string(&json, clti_str(query->value));
    clti_buf_add_format(&json, ",\"Operator\":\"%s\"}", ROWS[query->field].filter_operator);
    if (clti_buf_ok(&json))
        clti_single_add_query(call, "filter", clti_buf_str(&json));
    else
        clti_single_refuse(call, "query->value", "is too long");
    clti_buf_done(&json);
}

static void add_query(clti_single *call, const clt_audit_query *given) {
    clt_audit_query query;
    clti_single_url(call, "/v1/auditrecords");
    if (call->status == CLT_OK)
        call->status = clti_options_copy(&query, sizeof(query), given, "query", &call->err);
    if (call->status != CLT_OK)
        return;
    if (query.page_size > PAGE_SIZE_MAX)
        clti_single_refuse(call, "query->page_size", "is over 500");
    if (query.start_date)
        clti_single_add_query(call, "startDate", clti_str(query.start_date));
    if (query.end_date)
        clti_single_add_query(call, "endDate", clti_str(query.end_date));
    if (query.page_size)
        clti_buf_add_format(&call->url, "%csize=%u", query.start_date || query.end_date ? '&' : '?',
                            (unsigned)query.page_size);
    add_filter(call, &query);
}

/* ---- pages -------------------------------------------------------------------------------------------- */

struct clt_audit_page {
    clti_arena arena;
    clti_audit_collection content;
    clti_collection links; /* of it, without items */
    clt_str url, token;    /* that it was asked for with */
    clti_facts facts;      /* of the request that brought it */
    clti_circle circle;    /* of the pages that led here */
};

void clt_audit_page_free(clt_audit_page *page) {
    if (!page)
        return;
    clti_arena_done(&page->arena);
    free(page);
}

/* Items and links have tables of their own, so the body is read twice; a page of these is rare. */
static clt_status decode(clt_response *response, clti_lane *lane, clt_audit_page *page, clt_error **err) {
    if (!clti_arena_copy(&page->arena, response->url, &page->url) ||
        !clti_arena_copy(&page->arena, response->token, &page->token) ||
        !clti_facts_keep(response, &page->arena, &page->facts))
        return clti_fail_no_memory(err);
    clt_status status =
        clti_response_decode(response, lane->decoder, &CLTI_AUDIT_SHAPE, &page->arena, &page->content, err);
    if (status == CLT_OK)
        status =
            clti_response_decode(response, lane->decoder, &CLTI_PAGE_SHAPE, &page->arena, &page->links, err);
    return status;
}

static clt_audit_page *read_page(clti_single *call, clt_response *response) {
    clti_lane *lane = NULL;
    if (response->error) {
        clti_single_fail(call, response);
        return NULL;
    }
    clt_audit_page *page = calloc(1, sizeof(*page));
    call->status = page ? clti_lane_take(call->core, &lane, &call->err) : clti_fail_no_memory(&call->err);
    if (call->status == CLT_OK)
        call->status = decode(response, lane, page, &call->err);
    clti_lane_give_back(call->core, lane);
    if (call->status == CLT_OK)
        return page;
    clt_audit_page_free(page);
    return NULL;
}

clt_status clt_audit_records_query(clt_partner *partner, const clt_audit_query *query,
                                   const clt_request_context *context, clt_audit_page **out_page,
                                   clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out_page);
    add_query(&call, query);
    clt_response *response = clti_single_send(&call, "GET");
    clt_audit_page *page = response ? read_page(&call, response) : NULL;
    if (page)
        *out_page = page;
    clt_response_free(response);
    return clti_single_end(&call, out_err);
}

/* The request for the page there, and what marks it in the chain of those that led here. */
static uint64_t link_request(clti_single *call, const clt_audit_page *page, clti_direction direction,
                             clti_request *out) {
    uint64_t mark = 0;
    call->status = clti_collection_request(call->core, &page->links, direction, page->url, page->token,
                                           &call->arena, out, &call->err);
    if (call->status == CLT_OK) {
        mark = clti_page_mark(out->url, clti_collection_token(&page->links, direction));
        if (direction == CLTI_FORWARD)
            call->status = clti_circle_check(&page->circle, mark, &call->err);
    }
    if (call->status != CLT_OK)
        clti_facts_describe(&page->facts, call->err);
    return mark;
}

static clt_audit_page *fetch(clti_single *call, const clt_audit_page *page, clti_direction direction) {
    clti_request request;
    clt_response *response = NULL;
    uint64_t mark = 0;
    if (!page)
        clti_single_refuse(call, "*ref_page", "is NULL");
    else if (call->status == CLT_OK && !clti_collection_has(&page->links, direction))
        call->status = clti_fail(&call->err, CLT_ERR_END, "There is no page %s.",
                                 direction == CLTI_FORWARD ? "behind the last" : "before the first");
    if (call->status == CLT_OK)
        mark = link_request(call, page, direction, &request);
    if (call->status == CLT_OK)
        call->status = clti_call(call->core, &request, &call->scope, &response, &call->err);
    clt_audit_page *arrived = call->status == CLT_OK ? read_page(call, response) : NULL;
    clt_response_free(response);
    if (arrived && direction == CLTI_FORWARD) {
        arrived->circle = page->circle;
        clti_circle_step(&arrived->circle, mark);
    }
    if (clti_is_end(call->err))
        call->err->status = call->status = CLT_ERR_END;
    return arrived;
}

static clt_status go(clt_partner *partner, clt_audit_page **ref_page, clti_direction direction,
                     const clt_request_context *context, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, ref_page);
    clt_audit_page *arrived = fetch(&call, ref_page ? *ref_page : NULL, direction);
    if (arrived) {
        clt_audit_page_free(*ref_page);
        *ref_page = arrived;
    }
    return clti_single_end(&call, out_err);
}

clt_status clt_audit_page_next(clt_partner *partner, clt_audit_page **ref_page,
                               const clt_request_context *context, clt_error **out_err) {
    return go(partner, ref_page, CLTI_FORWARD, context, out_err);
}

clt_status clt_audit_page_previous(clt_partner *partner, clt_audit_page **ref_page,
                                   const clt_request_context *context, clt_error **out_err) {
    return go(partner, ref_page, CLTI_BACKWARD, context, out_err);
}

size_t clt_audit_page_count(const clt_audit_page *page) {
    return page ? page->content.item_count : 0;
}

const clt_audit_record *clt_audit_page_at(const clt_audit_page *page, size_t index) {
    return page && index < page->content.item_count ? &page->content.items[index] : NULL;
}

int clt_audit_page_has_next(const clt_audit_page *page) {
    return page && clti_collection_has(&page->links, CLTI_FORWARD);
}

int clt_audit_page_has_previous(const clt_audit_page *page) {
    return page && clti_collection_has(&page->links, CLTI_BACKWARD);
}
