/* Audit records: what is asked for, by dates, filter and continuation token (api.md 4.17, 5.4). */
#include "service/service_private.h"

#include <string.h>

#define TOKEN_KIND   'A' /* no version of a list's token */
#define DAYS_DEFAULT 30  /* from start to end, at most and by default */
#define TEXT_MAX     ((size_t)64 * 1024)

/* One question, wherever it was asked. Dates are ticks, `to` the first that is too late. */
typedef struct audit_request {
    int64_t from, to;
    size_t size;
    clti_audit_filter filter;
    bool is_before;   /* the page before `position`, newer ones; else the one behind it */
    int64_t position; /* date of a record; 0: the first page, or with is_before the last */
} audit_request;

/* ---- dates --------------------------------------------------------------------------------------------- */

static bool refuse(clti_fault *fault, const char *name, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, name, "The parameter %s %s.", name, why);
}

static bool read_date(clt_str query, const char *name, clti_arena *arena, clti_date *out, bool *out_given,
                      clti_fault *fault) {
    clt_str text;
    if (!clti_query_find(query, name, arena, &text, fault))
        return false;
    *out_given = !clti_str_is_empty(text);
    return !*out_given || clti_date_parse(text, out) ||
           refuse(fault, name, "is not a date such as 2020-09-02 or 2020-09-02T17:34:12Z");
}

/* The last moment of an end: a day is meant to its end, a moment with itself. */
static int64_t end_of(const clti_date *end) {
    return end->ticks + (end->is_day ? CLTI_TICKS_PER_DAY : 1);
}

/* Without dates: whole days, so that the self link says the same as what was asked. */
static bool read_dates(const clti_service *service, clt_str query, clti_arena *arena, audit_request *out,
                       clti_fault *fault) {
    const int64_t now = clti_now_ticks(), today = now - now % CLTI_TICKS_PER_DAY;
    const int64_t most = DAYS_DEFAULT * CLTI_TICKS_PER_DAY, past = service->audit_days * CLTI_TICKS_PER_DAY;
    clti_date start = {.ticks = today - most, .is_day = true}, end = {0};
    bool has_start, has_end;
    if (!read_date(query, "startDate", arena, &start, &has_start, fault) ||
        !read_date(query, "endDate", arena, &end, &has_end, fault))
        return false;
    if (past && start.ticks < today - past)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "startDate",
                              "The parameter startDate is more than %u days ago.", service->audit_days);
    if (!has_end && start.ticks + most < today)
        end = (clti_date){start.ticks + most, start.is_day};
    else if (!has_end)
        end = (clti_date){today, true};
    if (end.ticks - start.ticks > most)
        return refuse(fault, "endDate", "is more than 30 days after startDate; ask in pieces of 30 days");
    out->from = start.ticks;
    out->to = end_of(&end);
    if (out->to > out->from || !has_end)
        return true;
    return refuse(fault, "endDate",
                  has_start ? "is before startDate" : "needs a startDate if it is more than 30 days ago");
}

/* ---- query --------------------------------------------------------------------------------------------- */

static bool read_size(clt_str query, clti_arena *arena, size_t *out, bool *out_given, clti_fault *fault) {
    clt_str text;
    uint64_t number = 0;
    if (!clti_query_find(query, "size", arena, &text, fault))
        return false;
    if (!clti_str_is_empty(text) && !clti_str_to_u64(text, UINT64_MAX, &number))
        return refuse(fault, "size", "must be a whole number; 1 to 500 are the sizes of a page, 0 means 500");
    *out_given = text.data != NULL;
    *out = number == 0 || number > CLTI_PAGE_SIZE_MAX ? CLTI_PAGE_SIZE_MAX : (size_t)number;
    return true;
}

static bool read_filter(clt_str query, clti_arena *arena, clti_audit_filter *out, clti_fault *fault) {
    clt_str json;
    if (!clti_query_find(query, "filter", arena, &json, fault))
        return false;
    return clti_str_is_empty(json) || clti_wire_read_audit_filter(json, arena, out, fault);
}

/* ---- continuation tokens ------------------------------------------------------------------------------- */

static void add_number(clti_buf *out, uint64_t number) {
    for (unsigned i = 0; i < 8; i++)
        clti_buf_add_char(out, (char)(uint8_t)(number >> (56 - 8 * i)));
}

static uint64_t take_number(clt_str *rest) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | (uint8_t)rest->data[i];
    *rest = clti_str_from(*rest, 8);
    return number;
}

/* Kind, partner, direction, field, four numbers, and the filter's value. */
#define TOKEN_HEAD (1 + sizeof(clt_guid) + 2 + 4 * 8)

static clt_str write_token(const clti_service *service, clt_guid partner, const audit_request *request,
                           bool is_before, int64_t position, clti_arena *arena) {
    clti_buf bytes;
    clt_str token = {NULL, 0};
    clti_buf_init(&bytes, TEXT_MAX);
    clti_buf_add_char(&bytes, TOKEN_KIND);
    clti_buf_add(&bytes, (clt_str){(const char *)partner.bytes, sizeof(partner.bytes)});
    clti_buf_add_char(&bytes, is_before);
    clti_buf_add_char(&bytes, (char)request->filter.field);
    add_number(&bytes, (uint64_t)request->from);
    add_number(&bytes, (uint64_t)request->to);
    add_number(&bytes, (uint64_t)position);
    add_number(&bytes, request->size);
    clti_buf_add(&bytes, request->filter.value);
    if (clti_buf_ok(&bytes))
        token = clti_continuation_seal(service, clti_buf_str(&bytes), arena);
    clti_buf_done(&bytes);
    return token;
}

static bool read_token(const clti_service *service, clt_guid partner, clt_str token, clti_arena *arena,
                       audit_request *out) {
    clt_str bytes;
    if (!clti_continuation_open(service, token, arena, &bytes) || bytes.size < TOKEN_HEAD ||
        bytes.data[0] != TOKEN_KIND || memcmp(bytes.data + 1, partner.bytes, sizeof(partner.bytes)) != 0)
        return false;
    bytes = clti_str_from(bytes, 1 + sizeof(partner.bytes));
    uint8_t field = (uint8_t)bytes.data[1];
    out->is_before = bytes.data[0] != 0;
    bytes = clti_str_from(bytes, 2);
    out->from = (int64_t)take_number(&bytes);
    out->to = (int64_t)take_number(&bytes);
    out->position = (int64_t)take_number(&bytes);
    uint64_t size = take_number(&bytes);
    out->filter = (clti_audit_filter){(clti_audit_field)field, bytes};
    out->size = (size_t)size;
    return field < CLTI_AUDIT_FIELD_COUNT && size > 0 && size <= CLTI_PAGE_SIZE_MAX && out->position > 0;
}

/* In the header, or as some clients send it, in the query. An empty one counts as absent. */
static bool find_token(const clti_audit_request *request, clti_arena *arena, clt_str *out,
                       clti_fault *fault) {
    *out = request->continuation;
    return !clti_str_is_empty(*out) ||
           clti_query_find(request->query, "MS-ContinuationToken", arena, out, fault);
}

static bool read_seek(clt_str query, clti_arena *arena, clti_seek *out, clti_fault *fault) {
    clt_str text;
    return clti_query_find(query, "seekOperation", arena, &text, fault) && clti_seek_parse(text, out, fault);
}

static bool read_new(const clti_service *service, clt_str query, clti_seek seek, clti_arena *arena,
                     audit_request *out, clti_fault *fault) {
    bool has_size = false;
    return read_dates(service, query, arena, out, fault) &&
           read_size(query, arena, &out->size, &has_size, fault) &&
           read_filter(query, arena, &out->filter, fault) && clti_seek_may_begin(seek, has_size, fault);
}

static bool read_old(const clti_service *service, clt_guid partner, clt_str token, clti_seek seek,
                     clti_arena *arena, audit_request *out, clti_fault *fault) {
    if (!read_token(service, partner, token, arena, out))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "MS-ContinuationToken",
                              "The MS-ContinuationToken is not a token of these audit records; start again "
                              "without it.");
    return clti_seek_may_go_on(seek, out->is_before, fault);
}

/* With a token, what else the query says is not looked at. */
static bool read_request(const clti_service *service, clt_guid partner, const clti_audit_request *asked,
                         clti_arena *arena, audit_request *out, clti_fault *fault) {
    clt_str token;
    clti_seek seek;
    *out = (audit_request){.filter = {.value = CLTI_STR("")}};
    if (!find_token(asked, arena, &token, fault) || !read_seek(asked->query, arena, &seek, fault) ||
        !(clti_str_is_empty(token) ? read_new(service, asked->query, seek, arena, out, fault)
                                   : read_old(service, partner, token, seek, arena, out, fault)))
        return false;
    if (seek == CLTI_SEEK_FIRST || seek == CLTI_SEEK_LAST) {
        out->position = 0;
        out->is_before = seek == CLTI_SEEK_LAST;
    }
    return true;
}

/* ---- from request to the store's query ----------------------------------------------------------------- */

static bool refuse_value(clti_fault *fault, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "Value",
                          "The Value of the parameter filter must be %s for this Field.", why);
}

/* *out_nothing: no record can match, whatever there is. */
static bool add_filter(const clti_audit_filter *filter, clti_arena *arena, clti_audit_query *out,
                       bool *out_nothing, clti_fault *fault) {
    size_t points;
    const clti_audit_kind *kind;
    *out_nothing = !clti_text_check(filter->value, &points) || points > CLTI_FILTER_VALUE_MAX;
    if (*out_nothing)
        return true;
    switch (filter->field) {
    case CLTI_AUDIT_FIELD_COMPANY_NAME:
        return clti_fold_text(arena, filter->value, &out->folded_name) || clti_fault_no_memory(fault);
    case CLTI_AUDIT_FIELD_CUSTOMER_ID:
        return clti_guid_parse(filter->value, &out->customer) ||
               refuse_value(fault, "the GUID of a customer");
    case CLTI_AUDIT_FIELD_RESOURCE_TYPE:
        out->resource = clti_audit_resource_find(filter->value);
        return out->resource || refuse_value(fault, "a kind of resource such as Customer");
    case CLTI_AUDIT_FIELD_ACTOR:
        if (!clti_guid_parse(filter->value, &out->application))
            out->user = filter->value;
        *out_nothing = clti_str_is_empty(filter->value);
        return true;
    case CLTI_AUDIT_FIELD_OPERATION_TYPE:
        kind = clti_audit_kind_find(filter->value);
        if (kind)
            out->operation = kind->operation;
        return kind || refuse_value(fault, "an operation such as add_customer");
    case CLTI_AUDIT_FIELD_NONE:
    case CLTI_AUDIT_FIELD_COUNT:
        break;
    }
    return true;
}

static bool scan(const clti_service *service, const audit_request *request, clti_audit_query *query,
                 clti_arena *arena, clti_audit_page *out, clti_fault *fault) {
    query->from = request->from;
    query->to = request->to;
    query->size = request->size;
    query->is_forwards = request->is_before;
    if (request->position && request->is_before)
        query->from = request->position + 1;
    else if (request->position)
        query->to = request->position;
    return clti_store_audit_list(service->store, query, arena, out, fault);
}

/* Whether records of the same question stand on the other side of the page. */
static bool look_back(const clti_service *service, const audit_request *request, clti_audit_query *query,
                      const clti_audit_page *page, clti_arena *arena, bool *out, clti_fault *fault) {
    clti_audit_page other;
    query->from = request->from;
    query->to = request->to;
    query->size = 1;
    query->is_forwards = !request->is_before;
    if (request->is_before)
        query->to = page->records[page->count - 1].date;
    else
        query->from = page->records[0].date + 1;
    if (!clti_store_audit_list(service->store, query, arena, &other, fault))
        return false;
    *out = other.count > 0;
    return true;
}

/* ---- links --------------------------------------------------------------------------------------------- */

static void add_date(int64_t ticks, bool is_day, clti_buf *out) {
    const clti_time_text text = clti_ticks_to_text(ticks);
    clti_buf_add(out, is_day ? (clt_str){text.text, sizeof("2020-09-02") - 1} : clti_str(text.text));
}

static void write_uri(const audit_request *request, const char *seek, clti_buf *out) {
    clti_buf json;
    clti_buf_add(out, CLTI_STR("/auditrecords?startDate="));
    add_date(request->from, request->from % CLTI_TICKS_PER_DAY == 0, out);
    clti_buf_add(out, CLTI_STR("&endDate="));
    add_date(request->to - 1, request->to % CLTI_TICKS_PER_DAY == 0, out);
    clti_buf_add_format(out, "&size=%zu", request->size);
    if (seek)
        clti_buf_add_format(out, "&seekOperation=%s", seek);
    if (request->filter.field == CLTI_AUDIT_FIELD_NONE)
        return;
    clti_buf_init(&json, TEXT_MAX);
    clti_wire_render_audit_filter(&request->filter, &json);
    clti_buf_add(out, CLTI_STR("&filter="));
    clti_url_encode(clti_buf_str(&json), out);
    out->failed |= !clti_buf_ok(&json);
    clti_buf_done(&json);
}

/* `/auditrecords?startDate=..&endDate=..&size=..`, without /v1 (api.md 4.17); absent if memory is out. */
static clt_str make_uri(const audit_request *request, const char *seek, clti_arena *arena) {
    clti_buf uri;
    clt_str copy = {NULL, 0};
    clti_buf_init(&uri, TEXT_MAX);
    write_uri(request, seek, &uri);
    if (!clti_buf_ok(&uri) || !clti_arena_copy(arena, clti_buf_str(&uri), &copy))
        copy = (clt_str){NULL, 0};
    clti_buf_done(&uri);
    return copy;
}

static bool add_links(const clti_service *service, clt_guid partner, const audit_request *request,
                      bool has_next, bool has_previous, clti_arena *arena, clti_wire_audit_page *out,
                      clti_fault *fault) {
    out->self_uri = make_uri(request, NULL, arena);
    bool ok = out->self_uri.data;
    if (has_next) {
        out->next_uri = make_uri(request, "Next", arena);
        out->next_token =
            write_token(service, partner, request, false, out->records[out->count - 1].date, arena);
        ok &= out->next_uri.data && out->next_token.data;
    }
    if (has_previous) {
        out->previous_uri = make_uri(request, "Previous", arena);
        out->previous_token = write_token(service, partner, request, true, out->records[0].date, arena);
        ok &= out->previous_uri.data && out->previous_token.data;
    }
    return ok || clti_fault_no_memory(fault);
}

/* ---- the operations ------------------------------------------------------------------------------------ */

static bool read_page(const clti_service *service, clt_guid partner, const audit_request *request,
                      clti_audit_query *query, clti_arena *arena, clti_wire_audit_page *out,
                      clti_fault *fault) {
    clti_audit_page page;
    bool has_other = false;
    if (!scan(service, request, query, arena, &page, fault))
        return false;
    if (request->position && page.count == 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "MS-ContinuationToken",
                              "There are no further audit records in this direction.");
    if (request->position && !look_back(service, request, query, &page, arena, &has_other, fault))
        return false;
    out->records = page.records;
    out->count = page.count;
    bool has_next = request->is_before ? has_other : page.has_more;
    bool has_previous = request->is_before ? page.has_more : has_other;
    return add_links(service, partner, request, has_next, has_previous, arena, out, fault);
}

bool clti_audit_list(const clti_service *service, const clti_caller *caller,
                     const clti_audit_request *request, clti_arena *arena, clti_wire_audit_page *out,
                     clti_fault *fault) {
    audit_request asked;
    bool nothing;
    clti_audit_query query = {.partner = caller->partner};
    *out = (clti_wire_audit_page){0};
    if (!read_request(service, caller->partner, request, arena, &asked, fault) ||
        !add_filter(&asked.filter, arena, &query, &nothing, fault))
        return false;
    if (nothing)
        return add_links(service, caller->partner, &asked, false, false, arena, out, fault);
    return read_page(service, caller->partner, &asked, &query, arena, out, fault);
}

/* The date at the end of an id finds the record; the rest must be its own. */
static bool has_id(const clti_audit_record *record, clt_str id) {
    clti_buf own;
    clti_buf_init(&own, TEXT_MAX);
    clti_wire_render_audit_id(record, &own);
    bool same = clti_buf_ok(&own) && clti_str_equal_nocase(clti_buf_str(&own), id);
    clti_buf_done(&own);
    return same;
}

bool clti_audit_get(const clti_service *service, const clti_caller *caller, clt_str id, clti_arena *arena,
                    clti_audit_record *out, clti_fault *fault) {
    const char *last = id.size ? memrchr(id.data, '_', id.size) : NULL;
    uint64_t date = 0;
    clti_audit_page page = {0};
    if (last && clti_str_to_u64(clti_str_from(id, (size_t)(last - id.data) + 1), INT64_MAX - 1, &date)) {
        const clti_audit_query query = {
            .partner = caller->partner, .from = (int64_t)date, .to = (int64_t)date + 1, .size = 1};
        if (!clti_store_audit_list(service->store, &query, arena, &page, fault))
            return false;
    }
    if (page.count == 0 || !has_id(&page.records[0], id))
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The audit record does not exist.");
    *out = page.records[0];
    return true;
}
