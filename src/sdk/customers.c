/* Calls that read customers and wait for the answer. */
#include "sdk/resources_private.h"

#include <stddef.h>
#include <stdlib.h>

/* What the calls share; arena and scope live as long as the call. */
typedef struct customers_call {
    clt_partner *partner;
    clti_scope scope;
    clti_arena arena;
} customers_call;

static clt_status begin(customers_call *call, clt_partner *partner, const clt_request_context *context,
                        const void *out, clt_error **err) {
    clt_status status = clti_require_partner(partner, out, err);
    if (status != CLT_OK)
        return status;
    call->partner = partner;
    return clti_scope_make(partner, context, &call->scope, err);
}

/* ---- pages -------------------------------------------------------------------------------------------- */

static clt_status read_with_lane(clti_core *core, clt_response *response, clt_customer_page **out,
                                 clt_error **err) {
    clti_lane *lane = NULL;
    clt_status status = clti_lane_take(core, &lane, err);
    if (status != CLT_OK) {
        clt_response_free(response);
        return status;
    }
    status = clti_page_read(response, lane, NULL, out, err);
    clti_lane_give_back(core, lane);
    return status;
}

static clt_status fetch_page(customers_call *call, const clti_request *request, clt_customer_page **out,
                             clt_error **err) {
    clti_core *core = call->partner->core;
    clt_response *response = NULL;
    clt_status status = clti_call(core, request, &call->scope, &response, err);
    return status == CLT_OK ? read_with_lane(core, response, out, err) : status;
}

static clt_status query_page(customers_call *call, const clt_query *query, clt_customer_page **out,
                             clt_error **err) {
    clti_request request;
    clt_status status = clti_query_request(call->partner->core, query, &call->arena, &request, err);
    if (status == CLT_OK)
        status = fetch_page(call, &request, out, err);
    if (clti_query_is_seeking(query) && clti_is_end(*err))
        (*err)->status = status = CLT_ERR_END;
    return status;
}

clt_status clt_customers_query(clt_partner *partner, const clt_query *query,
                               const clt_request_context *context, clt_customer_page **out_page,
                               clt_error **out_err) {
    customers_call call = {0};
    clt_error *err = NULL;
    clt_status status = begin(&call, partner, context, out_page, &err);
    if (status == CLT_OK)
        status = query_page(&call, query, out_page, &err);
    clti_arena_done(&call.arena);
    return clti_hand_out(status, err, out_err);
}

/* ---- the count ---------------------------------------------------------------------------------------- */

/* One customer is enough to be told of all. The size is a member of every version of the query. */
static clt_status count_all(customers_call *call, const clt_query *given, uint64_t *out, clt_error **err) {
    clt_query query;
    clti_request request;
    clt_customer_page *page = NULL;
    clt_status status = clti_options_copy(&query, sizeof(query), given, "query", err);
    query.size = sizeof(query);
    query.page_size = 1;
    if (status == CLT_OK)
        status = clti_query_request(call->partner->core, &query, &call->arena, &request, err);
    if (status != CLT_OK)
        return status;
    clti_header headers[2] = {{CLTI_STR("Prefer"), CLTI_STR("count=exact")}};
    if (request.header_count)
        headers[1] = request.headers[0];
    request.headers = headers;
    request.header_count++;
    status = fetch_page(call, &request, &page, err);
    if (status != CLT_OK)
        return status;
    if (page->match_count < 0)
        status = clti_fail(err, CLT_ERR_UNSUPPORTED_FORMAT,
                           "The service did not tell how many customers match; read the pages and count.");
    else
        *out = (uint64_t)page->match_count;
    clt_customer_page_free(page);
    return status;
}

clt_status clt_customers_count(clt_partner *partner, const clt_query *query,
                               const clt_request_context *context, uint64_t *out_count, clt_error **out_err) {
    customers_call call = {0};
    clt_error *err = NULL;
    clt_status status = begin(&call, partner, context, out_count, &err);
    if (status == CLT_OK)
        status = count_all(&call, query, out_count, &err);
    clti_arena_done(&call.arena);
    return clti_hand_out(status, err, out_err);
}

/* ---- one customer ------------------------------------------------------------------------------------- */

typedef struct owned_customer {
    clt_customer customer; /* first, so that one is the other */
    clti_arena arena;
} owned_customer;

void clt_customer_free(const clt_customer *customer) {
    if (!customer)
        return;
    owned_customer *owned = (owned_customer *)(uintptr_t)customer;
    clti_arena_done(&owned->arena);
    free(owned);
}

static clt_status read_customer(clti_core *core, clt_response *response, const clt_customer **out,
                                clt_error **err) {
    if (response->error) {
        *err = response->error;
        response->error = NULL;
        return (*err)->status;
    }
    clti_lane *lane = NULL;
    clt_status status = clti_lane_take(core, &lane, err);
    if (status != CLT_OK)
        return status;
    owned_customer *owned = calloc(1, sizeof(*owned));
    if (owned)
        status = clti_response_decode(response, lane->decoder, &CLTI_CUSTOMER_SHAPE, &owned->arena,
                                      &owned->customer, err);
    else
        status = clti_fail_no_memory(err);
    clti_lane_give_back(core, lane);
    if (status == CLT_OK)
        *out = &owned->customer;
    else if (owned)
        clt_customer_free(&owned->customer);
    return status;
}

static clt_status get(customers_call *call, const char *customer_id, const clt_customer **out,
                      clt_error **err) {
    clt_guid id;
    if (!clti_guid_parse(clti_str(customer_id), &id))
        return clti_fail(err, CLT_ERR_ARGUMENT, "customer_id is not a GUID.");
    clti_core *core = call->partner->core;
    clt_str url = clti_arena_format(&call->arena, "%.*s/v1/customers/%s", CLTI_STR_ARGS(core->base.url),
                                    clti_guid_to_text(id).text);
    if (!url.data)
        return clti_fail_no_memory(err);
    const clti_request request = {.method = "GET", .url = url};
    clt_response *response = NULL;
    clt_status status = clti_call(core, &request, &call->scope, &response, err);
    if (status == CLT_OK)
        status = read_customer(core, response, out, err);
    clt_response_free(response);
    return status;
}

clt_status clt_customers_get(clt_partner *partner, const char *customer_id,
                             const clt_request_context *context, const clt_customer **out,
                             clt_error **out_err) {
    customers_call call = {0};
    clt_error *err = NULL;
    clt_status status = begin(&call, partner, context, out, &err);
    if (status == CLT_OK)
        status = get(&call, customer_id, out, &err);
    clti_arena_done(&call.arena);
    return clti_hand_out(status, err, out_err);
}
