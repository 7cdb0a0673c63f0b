#include "wire/wire_private.h"

void clti_wire_render_audit_id(const clti_audit_record *record, clti_buf *out) {
    const bool is_customer = clti_guid_is_absent(record->resource);
    clti_buf_add_format(out, "%s_", clti_guid_to_text(record->partner).text);
    if (!clti_guid_is_absent(record->customer))
        clti_buf_add_format(out, "%s_", clti_guid_to_text(record->customer).text);
    clti_buf_add_format(out, "%s_",
                        clti_guid_to_text(is_customer ? record->customer : record->resource).text);
    for (const char *at = clti_audit_kind_of(record->operation)->word; *at; at++)
        if (*at != '_')
            clti_buf_add_char(out, *at);
    clti_buf_add_format(out, "_%lld", (long long)record->date);
}

/* The array as it is kept, and the request's id, for which the original has no member (api.md 3.9). */
static void add_customized(const clti_audit_record *record, clti_buf *out) {
    clt_str kept = record->customized;
    clti_buf_add(out, CLTI_STR("\"customizedData\":["));
    if (kept.size > 2) {
        clti_buf_add(out, (clt_str){kept.data + 1, kept.size - 2});
        clti_buf_add_char(out, ',');
    }
    if (!clti_guid_is_absent(record->request_id))
        clti_buf_add_format(out, "{\"key\":\"RequestId\",\"value\":\"%s\"},",
                            clti_guid_to_text(record->request_id).text);
    clti_json_end(out, ']');
}

void clti_wire_render_audit_record(const clti_audit_record *record, clti_buf *out) {
    const clti_audit_kind *kind = clti_audit_kind_of(record->operation);
    clti_time_text date = clti_ticks_to_text(record->date);
    clti_buf_add(out, CLTI_STR("{\"id\":\""));
    clti_wire_render_audit_id(record, out);
    clti_buf_add(out, CLTI_STR("\","));
    clti_json_add_guid(out, "partnerId", record->partner);
    clti_json_add_guid(out, "customerId", record->customer);
    clti_json_add_text(out, "customerName", record->customer_name);
    clti_json_add_text(out, "userPrincipalName", record->user);
    clti_json_add_guid(out, "applicationId", record->application);
    clti_json_add_text(out, "resourceType", clti_str(kind->resource));
    clti_json_add_text(out, "resourceOldValue", record->old_value);
    clti_json_add_text(out, "resourceNewValue", record->new_value);
    clti_json_add_text(out, "operationType", clti_str(kind->word));
    clti_json_add_guid(out, "originalCorrelationId", record->correlation_id);
    clti_json_add_text(out, "operationDate", clti_str(date.text));
    clti_buf_add(out, CLTI_STR("\"operationStatus\":\"succeeded\","));
    add_customized(record, out);
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"AuditRecord\"}}"));
}

static void add_link(clti_buf *out, const char *name, clt_str uri, clt_str token) {
    if (!uri.data)
        return;
    clti_buf_add_format(out, "\"%s\":{\"uri\":", name);
    clti_json_add_string(out, uri);
    clti_buf_add(out, CLTI_STR(",\"method\":\"GET\",\"headers\":["));
    if (token.data)
        clti_buf_add_format(out, "{\"key\":\"MS-ContinuationToken\",\"value\":\"%.*s\"}",
                            CLTI_STR_ARGS(token));
    clti_buf_add(out, CLTI_STR("]},"));
}

void clti_wire_render_audit_page(const clti_wire_audit_page *page, clti_buf *out) {
    clti_buf_add_char(out, '{');
    clti_json_add_text(out, "continuationToken", page->next_token);
    clti_buf_add_format(out, "\"totalCount\":%zu,\"items\":[", page->count);
    for (size_t i = 0; i < page->count; i++) {
        clti_wire_render_audit_record(&page->records[i], out);
        clti_buf_add_char(out, ',');
    }
    clti_json_end(out, ']');
    clti_buf_add(out, CLTI_STR("\"links\":{"));
    add_link(out, "self", page->self_uri, (clt_str){NULL, 0});
    add_link(out, "next", page->next_uri, page->next_token);
    add_link(out, "previous", page->previous_uri, page->previous_token);
    clti_json_end(out, '}');
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"Collection\"}}"));
}
