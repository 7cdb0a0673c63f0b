/* From a query to its request (api.md 4.1 and 5). */
#include "sdk/resources_private.h"

#include <stddef.h>

#define PAGE_SIZE_MAX  500
#define QUERY_SIZE_MAX ((size_t)64 * 1024)

static const char *const FIELDS[] = {
    [CLT_FIELD_NONE] = NULL,
    [CLT_FIELD_COMPANY_NAME] = "CompanyName",
    [CLT_FIELD_DOMAIN] = "Domain",
    [CLT_FIELD_INDIRECT_RESELLER] = "IndirectReseller",
    [CLT_FIELD_INDIRECT_CLOUD_SOLUTION_PROVIDER] = "IndirectCloudSolutionProvider",
};
static const char *const OPERATORS[] = {
    [CLT_OPERATOR_STARTS_WITH] = "starts_with", [CLT_OPERATOR_EQUALS] = "equals"};
static const char *const SEEKS[] = {[CLT_SEEK_NONE] = NULL,
                                    [CLT_SEEK_NEXT] = "Next",
                                    [CLT_SEEK_PREVIOUS] = "Previous",
                                    [CLT_SEEK_FIRST] = "First",
                                    [CLT_SEEK_LAST] = "Last"};

static bool is_row(int32_t number, size_t count) {
    return number >= 0 && (size_t)number < count;
}

bool clti_query_is_seeking(const clt_query *query) {
    return query && query->size >= offsetof(clt_query, seek) + sizeof(query->seek) &&
           (query->seek == CLT_SEEK_NEXT || query->seek == CLT_SEEK_PREVIOUS);
}

static clt_status check_filter(const clt_query *query, clt_error **err) {
    size_t code_points;
    if (!is_row(query->field, CLTI_COUNT(FIELDS)))
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->field is none of CLT_FIELD_*: %d.",
                         (int)query->field);
    if (!is_row(query->filter_operator, CLTI_COUNT(OPERATORS)))
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->filter_operator is none of CLT_OPERATOR_*: %d.",
                         (int)query->filter_operator);
    if (query->field != CLT_FIELD_NONE && !query->value)
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->value is NULL, but there is a field to filter by.");
    if (query->field == CLT_FIELD_NONE && query->value)
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->value is there, but no query->field to filter by.");
    if (query->value && !clti_text_check(clti_str(query->value), &code_points))
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->value is not valid UTF-8.");
    return CLT_OK;
}

static clt_status check(const clt_query *query, clt_error **err) {
    clt_str token = clti_str(query->continuation_token);
    if (query->page_size > PAGE_SIZE_MAX)
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->page_size is over %d.", PAGE_SIZE_MAX);
    if (!is_row(query->seek, CLTI_COUNT(SEEKS)))
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->seek is none of CLT_SEEK_*: %d.", (int)query->seek);
    if ((query->seek == CLT_SEEK_NEXT || query->seek == CLT_SEEK_PREVIOUS) && !token.size)
        return clti_fail(err, CLT_ERR_ARGUMENT,
                         "query->continuation_token is needed to seek next or previous.");
    if (query->seek == CLT_SEEK_NONE && token.data)
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->continuation_token is there, but no query->seek.");
    if (!clti_header_is_sound(token))
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->continuation_token has control characters.");
    return check_filter(query, err);
}

static void add_filter(const clt_query *query, clti_buf *json) {
    clti_buf_add_format(json, "{\"Field\":\"%s\",\"Value\":", FIELDS[query->field]);
    clti_json_add_string(json, clti_str(query->value));
    clti_buf_add_format(json, ",\"Operator\":\"%s\"}", OPERATORS[query->filter_operator]);
}

static void add_query(const clt_query *query, clti_buf *json, clti_buf *url) {
    char before = '?';
    if (query->page_size) {
        clti_buf_add_format(url, "%csize=%u", before, (unsigned)query->page_size);
        before = '&';
    }
    if (query->field != CLT_FIELD_NONE) {
        add_filter(query, json);
        clti_buf_add_format(url, "%cfilter=", before);
        clti_url_encode(clti_buf_str(json), url);
        before = '&';
    }
    if (query->seek != CLT_SEEK_NONE)
        clti_buf_add_format(url, "%cseekOperation=%s", before, SEEKS[query->seek]);
}

static clt_status make_url(const clti_core *core, const clt_query *query, clti_arena *arena, clt_str *out,
                           clt_error **err) {
    clti_buf json, url;
    clti_buf_init(&json, QUERY_SIZE_MAX);
    clti_buf_init(&url, 4 * QUERY_SIZE_MAX);
    clti_buf_add(&url, core->base.url);
    clti_buf_add(&url, CLTI_STR("/v1/customers"));
    add_query(query, &json, &url);
    bool whole = clti_buf_ok(&json) && clti_buf_ok(&url);
    bool copied = whole && clti_arena_copy(arena, clti_buf_str(&url), out);
    clti_buf_done(&json);
    clti_buf_done(&url);
    if (!whole)
        return clti_fail(err, CLT_ERR_ARGUMENT, "query->value is too long.");
    return copied ? CLT_OK : clti_fail_no_memory(err);
}

clt_status clti_query_request(const clti_core *core, const clt_query *given, clti_arena *arena,
                              clti_request *out, clt_error **err) {
    clt_query query;
    clti_request request = {.method = "GET"};
    clt_status status = clti_options_copy(&query, sizeof(query), given, "query", err);
    if (status == CLT_OK)
        status = check(&query, err);
    if (status == CLT_OK)
        status = make_url(core, &query, arena, &request.url, err);
    if (status != CLT_OK)
        return status;
    clti_header *headers = clti_arena_calloc(arena, 1, sizeof(*headers));
    if (!headers || !clti_arena_copy(arena, clti_str(query.continuation_token), &headers[0].value))
        return clti_fail_no_memory(err);
    headers[0].name = CLTI_STR("MS-ContinuationToken");
    request.headers = headers;
    request.header_count = headers[0].value.size ? 1 : 0;
    *out = request;
    return CLT_OK;
}
