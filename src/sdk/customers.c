/* Calls that read customers and wait for the answer. */
#include "sdk/single_private.h"

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

/* The password of a new one is not left in memory. */
void clt_customer_free(const clt_customer *customer) {
    const clt_user_credentials *credentials = customer ? customer->user_credentials : NULL;
    if (credentials && credentials->password.data)
        clti_wipe((char *)(uintptr_t)credentials->password.data, credentials->password.size);
    clti_resource_free(customer);
}

clt_status clt_customers_get(clt_partner *partner, const char *customer_id,
                             const clt_request_context *context, const clt_customer **out,
                             clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "");
    const clt_customer *made = clti_single_fetch(&call, "GET", &CLTI_CUSTOMER_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}
