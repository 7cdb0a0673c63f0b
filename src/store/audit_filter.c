#include "store/audit_filter.h"

#include <string.h>

static bool name_matches(clt_str wanted, clt_str name, clti_buf *folded) {
    if (wanted.size == 0)
        return true;
    clti_buf_clear(folded);
    if (!clti_text_fold(name, folded) || folded->size == 0)
        return false;
    return memmem(folded->data, folded->size, wanted.data, wanted.size) != NULL;
}

static bool id_matches(clt_guid wanted, clt_guid id) {
    return clti_guid_is_absent(wanted) || clti_guid_equal(wanted, id);
}

bool clti_audit_matches(const clti_audit_query *query, const clti_audit_record *record, clti_buf *folded) {
    const char *resource = clti_audit_kind_of(record->operation)->resource;
    return (query->operation == 0 || query->operation == record->operation) &&
           (query->resource == NULL || strcmp(query->resource, resource) == 0) &&
           id_matches(query->customer, record->customer) &&
           id_matches(query->application, record->application) &&
           (query->user.size == 0 || clti_str_equal_nocase(query->user, record->user)) &&
           name_matches(query->folded_name, record->customer_name, folded);
}

void clti_audit_turn_around(clti_audit_page *page) {
    for (size_t i = 0; i < page->count / 2; i++) {
        clti_audit_record record = page->records[i];
        page->records[i] = page->records[page->count - 1 - i];
        page->records[page->count - 1 - i] = record;
    }
}
