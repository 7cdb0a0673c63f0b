/* clientele audit list: who changed what, newest first; or as it happens. */
#include "cli/cmd_private.h"
#include "cli/moment_private.h"
#include "cli/output_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The service answers for so many days at a time, both ends included, and no others. */
#define PIECE_DAYS   30
#define PAGE_SIZE    500
#define FOLLOW_EVERY 2000 /* milliseconds */

typedef struct audit_request {
    const char *since, *until, *customer, *name, *resource_type, *actor, *operation;
    const char *limit, *follow, *output, *columns;
} audit_request;

typedef struct audit_run {
    clti_session session;
    const audit_request *request;
    clti_output output;
    clt_audit_query query; /* its filter */
    char *customer_id;
    uint64_t limit;
    bool has_dates;
    clti_moment since, until;
    /* of --follow */
    char *last_id;   /* of the newest record that was shown */
    char *last_date; /* from when to look for newer ones */
} audit_run;

/* ---- records ------------------------------------------------------------------------------------------- */

#define GETTER(member)                                                                                       \
    static clt_str get_##member(const void *item, clti_bytes *room) {                                        \
        (void)room;                                                                                          \
        return ((const clt_audit_record *)item)->member;                                                     \
    }
GETTER(id)
GETTER(partner_id)
GETTER(customer_id)
GETTER(customer_name)
GETTER(user_principal_name)
GETTER(application_id)
GETTER(resource_type)
GETTER(resource_old_value)
GETTER(resource_new_value)
GETTER(operation_type)
GETTER(operation_date)
GETTER(operation_status)
GETTER(original_correlation_id)

static const clti_column columns_of_record[] = {
    {"operationDate", "DATE", true, true, get_operation_date},
    {"operationType", "OPERATION", true, false, get_operation_type},
    {"customerName", "CUSTOMER", true, false, get_customer_name},
    {"userPrincipalName", "USER", true, false, get_user_principal_name},
    {"applicationId", "APPLICATION", true, false, get_application_id},
    {"customerId", "CUSTOMER ID", true, true, get_customer_id},
    {"operationStatus", "STATUS", true, false, get_operation_status},
    {"resourceType", "RESOURCE", true, false, get_resource_type},
    {"resourceOldValue", "OLD VALUE", true, false, get_resource_old_value},
    {"resourceNewValue", "NEW VALUE", true, false, get_resource_new_value},
    {"originalCorrelationId", "CORRELATION ID", true, true, get_original_correlation_id},
    {"partnerId", "PARTNER ID", true, true, get_partner_id},
    {"id", "ID", true, false, get_id},
};

static void add_record(clti_printer *object, const void *item) {
    const clt_audit_record *record = item;
    const clti_printer_member members[] = {
        {"id", record->id},
        {"partnerId", record->partner_id},
        {"customerId", record->customer_id},
        {"customerName", record->customer_name},
        {"userPrincipalName", record->user_principal_name},
        {"applicationId", record->application_id},
        {"sessionId", record->session_id},
        {"resourceType", record->resource_type},
        {"resourceOldValue", record->resource_old_value},
        {"resourceNewValue", record->resource_new_value},
        {"operationType", record->operation_type},
        {"originalCorrelationId", record->original_correlation_id},
        {"operationDate", record->operation_date},
        {"operationStatus", record->operation_status},
    };
    clti_printer_texts(object, members, CLTI_COUNT(members));
    clti_printer_name(object, "customizedData");
    clti_printer_begin_array(object);
    for (size_t i = 0; i < record->customized_datum_count; i++) {
        clti_printer_item(object);
        clti_printer_begin(object);
        clti_printer_text(object, "key", record->customized_data[i].key);
        clti_printer_text(object, "value", record->customized_data[i].value);
        clti_printer_end(object);
    }
    clti_printer_end_array(object);
}

static const clti_kind RECORD = {columns_of_record, CLTI_COUNT(columns_of_record), 5, add_record};

/* ---- what is asked for --------------------------------------------------------------------------------- */

static bool choose_filter(const clti_invocation *invocation, audit_run *run) {
    const audit_request *request = run->request;
    const struct {
        const char *value;
        int32_t field;
    } filters[] = {{request->customer, CLT_AUDIT_FIELD_CUSTOMER_ID},
                   {request->name, CLT_AUDIT_FIELD_COMPANY_NAME},
                   {request->resource_type, CLT_AUDIT_FIELD_RESOURCE_TYPE},
                   {request->actor, CLT_AUDIT_FIELD_ACTOR},
                   {request->operation, CLT_AUDIT_FIELD_OPERATION_TYPE}};
    for (size_t i = 0; i < CLTI_COUNT(filters); i++) {
        if (!filters[i].value)
            continue;
        if (run->query.field != CLT_AUDIT_FIELD_NONE) {
            clti_complain_usage(invocation, "the service filters by one thing at a time: --customer, --name, "
                                            "--resource-type, --actor or --operation.");
            return false;
        }
        run->query.field = filters[i].field;
        run->query.value = filters[i].value;
    }
    return true;
}

static bool read_moment(const clti_invocation *invocation, const char *flag, const char *text, int64_t now,
                        clti_moment *out) {
    if (!text || clti_moment_parse(text, now, out))
        return true;
    clti_complain_usage(invocation, "--%s: '%s' is no date such as 2026-11-01, 2026-11-01T09:30 or 7d.", flag,
                        text);
    return false;
}

static bool choose_dates(const clti_invocation *invocation, audit_run *run) {
    const audit_request *request = run->request;
    int64_t now = (int64_t)time(NULL);
    run->until = clti_moment_day(now);
    if (!read_moment(invocation, "until", request->until, now, &run->until))
        return false;
    run->since = clti_moment_day(run->until.seconds - (PIECE_DAYS - 1) * CLTI_SECONDS_PER_DAY);
    run->has_dates = request->since || request->until;
    if (!read_moment(invocation, "since", request->since, now, &run->since))
        return false;
    int64_t last = run->until.seconds + (run->until.is_day ? CLTI_SECONDS_PER_DAY - 1 : 0);
    if (run->since.seconds > last) {
        clti_complain_usage(invocation, "--since is after --until.");
        return false;
    }
    if (!request->follow)
        return true;
    if (request->until || request->limit) {
        clti_complain_usage(invocation, "--follow goes with neither --until nor --limit.");
        return false;
    }
    /* Without a beginning, from now on. */
    if (!request->since)
        run->since = (clti_moment){now, false};
    run->last_date = clti_moment_format(run->since);
    return true;
}

/* ---- all of them, newest first ------------------------------------------------------------------------- */

static bool take_page(audit_run *run, const clt_audit_page *page) {
    size_t count = clt_audit_page_count(page);
    for (size_t i = 0; i < count && run->output.count < run->limit; i++)
        clti_output_add(&run->output, clt_audit_page_at(page, i));
    return clti_output_page(&run->output) && run->output.count < run->limit;
}

/* One question with its pages. *ref_goes_on: more are wanted. */
static clt_status list_piece(audit_run *run, const clt_audit_query *query, bool *ref_goes_on,
                             clt_error **out_err) {
    clt_audit_page *page = NULL;
    clti_session *session = &run->session;
    clt_status status = clt_audit_records_query(session->partner, query, &session->context, &page, out_err);
    while (status == CLT_OK) {
        *ref_goes_on = take_page(run, page) && !clti_interrupt_came();
        if (!*ref_goes_on || !clt_audit_page_has_next(page))
            break;
        status = clt_audit_page_next(session->partner, &page, &session->context, out_err);
    }
    clt_audit_page_free(page);
    if (status != CLT_ERR_END)
        return status;
    clt_error_free(*out_err);
    *out_err = NULL;
    return CLT_OK;
}

/* More days than the service answers for at a time are asked for in pieces, the newest first. */
static clt_status list_pieces(audit_run *run, clt_error **out_err) {
    clt_status status = CLT_OK;
    clti_moment end = run->until;
    bool goes_on = true, is_first = false;
    while (goes_on && !is_first && status == CLT_OK) {
        clt_audit_query query = run->query;
        clti_moment start = clti_moment_day(end.seconds - (PIECE_DAYS - 1) * CLTI_SECONDS_PER_DAY);
        is_first = start.seconds <= run->since.seconds;
        char *from = clti_moment_format(is_first ? run->since : start), *to = clti_moment_format(end);
        query.start_date = from;
        query.end_date = to;
        status = list_piece(run, &query, &goes_on, out_err);
        end = clti_moment_day(start.seconds - CLTI_SECONDS_PER_DAY);
        free(from);
        free(to);
    }
    return status;
}

static int list_all(audit_run *run) {
    clt_error *err = NULL;
    bool goes_on;
    clti_output_begin(&run->output);
    clt_status status =
        run->has_dates ? list_pieces(run, &err) : list_piece(run, &run->query, &goes_on, &err);
    bool is_whole = status == CLT_OK && !clti_interrupt_came();
    if (!clti_output_end(&run->output, is_whole))
        return clti_output_fail(&run->output);
    if (!is_whole)
        return clti_session_fail(&run->session, err);
    if (run->output.count == 0)
        clti_note("no record matches.");
    return CLTI_EXIT_DONE;
}

/* ---- as it happens, oldest first ----------------------------------------------------------------------- */

static void remember(audit_run *run, const clt_audit_record *newest) {
    free(run->last_id);
    run->last_id = clti_copy(newest->id);
    if (newest->operation_date.size == 0)
        return;
    free(run->last_date);
    run->last_date = clti_copy(newest->operation_date);
}

static bool is_last(const audit_run *run, const clt_audit_record *record) {
    return run->last_id && clti_view_equal(clti_view(run->last_id), record->id);
}

/* Records that outlive their page: they come newest first and are shown the other way round. */
typedef struct new_records {
    clt_audit_record *items;
    size_t count;
} new_records;

static const size_t texts_of_record[] = {
    offsetof(clt_audit_record, id),
    offsetof(clt_audit_record, partner_id),
    offsetof(clt_audit_record, customer_id),
    offsetof(clt_audit_record, customer_name),
    offsetof(clt_audit_record, user_principal_name),
    offsetof(clt_audit_record, application_id),
    offsetof(clt_audit_record, session_id),
    offsetof(clt_audit_record, resource_type),
    offsetof(clt_audit_record, resource_old_value),
    offsetof(clt_audit_record, resource_new_value),
    offsetof(clt_audit_record, operation_type),
    offsetof(clt_audit_record, operation_date),
    offsetof(clt_audit_record, operation_status),
    offsetof(clt_audit_record, original_correlation_id),
};

static clt_str *text_at(clt_audit_record *record, size_t index) {
    return (clt_str *)(void *)((char *)record + texts_of_record[index]);
}

static clt_str copy_text(clt_str text) {
    return text.data ? (clt_str){clti_copy(text), text.size} : text;
}

static void keep_record(new_records *records, const clt_audit_record *from) {
    records->items = clti_reallocate(records->items, (records->count + 1) * sizeof(*records->items));
    clt_audit_record *kept = &records->items[records->count++];
    clt_audit_datum *data = clti_allocate((from->customized_datum_count + 1) * sizeof(*data));
    *kept = *from;
    for (size_t i = 0; i < CLTI_COUNT(texts_of_record); i++)
        *text_at(kept, i) = copy_text(*text_at(kept, i));
    for (size_t i = 0; i < from->customized_datum_count; i++)
        data[i] = (clt_audit_datum){copy_text(from->customized_data[i].key),
                                    copy_text(from->customized_data[i].value)};
    kept->customized_data = data;
}

static void free_text(clt_str text) {
    free((void *)(uintptr_t)text.data);
}

static void new_records_done(new_records *records) {
    for (size_t i = 0; i < records->count; i++) {
        clt_audit_record *record = &records->items[i];
        for (size_t j = 0; j < CLTI_COUNT(texts_of_record); j++)
            free_text(*text_at(record, j));
        for (size_t j = 0; j < record->customized_datum_count; j++) {
            free_text(record->customized_data[j].key);
            free_text(record->customized_data[j].value);
        }
        free((void *)(uintptr_t)record->customized_data);
    }
    free(records->items);
}

/* Up to the one that was shown last. @return it was met */
static bool keep_page(audit_run *run, new_records *records, const clt_audit_page *page) {
    for (size_t i = 0; i < clt_audit_page_count(page); i++) {
        const clt_audit_record *record = clt_audit_page_at(page, i);
        if (is_last(run, record))
            return true;
        keep_record(records, record);
    }
    return false;
}

static clt_status fetch_new(audit_run *run, new_records *out, clt_error **out_err) {
    clt_audit_query query = run->query;
    clt_audit_page *page = NULL;
    clti_session *session = &run->session;
    query.start_date = run->last_date;
    clt_status status = clt_audit_records_query(session->partner, &query, &session->context, &page, out_err);
    while (status == CLT_OK && !keep_page(run, out, page) && clt_audit_page_has_next(page))
        status = clt_audit_page_next(session->partner, &page, &session->context, out_err);
    clt_audit_page_free(page);
    if (status != CLT_ERR_END)
        return status;
    clt_error_free(*out_err);
    *out_err = NULL;
    return CLT_OK;
}

static bool show_new(audit_run *run, const new_records *records) {
    for (size_t i = records->count; i-- > 0;)
        clti_output_add(&run->output, &records->items[i]);
    bool is_written = clti_output_page(&run->output);
    if (records->count > 0)
        remember(run, &records->items[0]);
    return is_written;
}

static int follow(audit_run *run) {
    clt_error *err = NULL;
    clt_status status = CLT_OK;
    bool is_written = true;
    clti_output_begin(&run->output);
    while (status == CLT_OK && is_written && !clti_interrupt_came()) {
        new_records records = {0};
        status = fetch_new(run, &records, &err);
        if (status == CLT_OK)
            is_written = show_new(run, &records);
        new_records_done(&records);
        /* A signal ends it, and so does the reader who leaves. */
        if (status == CLT_OK && is_written)
            is_written = clti_output_wait(&run->output, FOLLOW_EVERY);
    }
    if (!clti_output_end(&run->output, false))
        return clti_output_fail(&run->output);
    return clti_session_fail(&run->session, err);
}

/* ---- the command --------------------------------------------------------------------------------------- */

static int run_list(audit_run *run) {
    const audit_request *request = run->request;
    int code = CLTI_EXIT_DONE;
    if (request->customer) {
        code = clti_find_customer(&run->session, request->customer, &run->customer_id);
        run->query.value = run->customer_id;
    }
    if (code != CLTI_EXIT_DONE)
        return code;
    return request->follow ? follow(run) : list_all(run);
}

static int list(const clti_invocation *invocation) {
    const audit_request *request = invocation->request;
    audit_run run = {.request = request, .query = CLT_AUDIT_QUERY_INIT, .limit = UINT64_MAX};
    clti_column_choice columns = {0};
    clti_format_kind format = clti_format_find(request->output, CLTI_FORMAT_TABLE);
    int code = CLTI_EXIT_USAGE;
    if (request->follow && format == CLTI_FORMAT_JSON)
        clti_complain_usage(
            invocation, "--follow has no end, so an array has none; --output ndjson has a record a line.");
    else if (choose_filter(invocation, &run) && choose_dates(invocation, &run) &&
             clti_read_number(invocation, "limit", request->limit, 1, UINT32_MAX, &run.limit) &&
             clti_column_choose(invocation, &RECORD, request->columns, true, &columns)) {
        run.query.page_size = run.limit < PAGE_SIZE ? (uint32_t)run.limit : PAGE_SIZE;
        clti_output_init(&run.output, format, &columns, STDOUT_FILENO);
        code = clti_session_open(invocation, &run.session);
        if (code == CLTI_EXIT_DONE)
            code = run_list(&run);
        clti_session_close(&run.session);
        clti_output_done(&run.output);
        clti_column_choice_done(&columns);
    }
    free(run.customer_id);
    free(run.last_id);
    free(run.last_date);
    return code;
}

#define AT(member) offsetof(audit_request, member)
static const clti_option options[] = {
    {.name = "since",
     .argument = "DATE",
     .help = "from this day or moment (UTC) on, such as 2026-11-01, 2026-11-01T09:30, or 7d, 12h, 30m ago; "
             "the service keeps 90 days; default: 30 days before the end",
     .offset = AT(since)},
    {.name = "until",
     .argument = "DATE",
     .help = "to this moment, or to the end of this day; default: today",
     .offset = AT(until)},
    {.name = "customer", .argument = "ID|DOMAIN", .help = "only about this customer", .offset = AT(customer)},
    {.name = "name",
     .argument = "TEXT",
     .help = "only about customers with this in their name, in any case",
     .offset = AT(name)},
    {.name = "resource-type",
     .argument = "TYPE",
     .help = "only about such resources: customer, partner_relationship, application, ...",
     .offset = AT(resource_type)},
    {.name = "actor",
     .argument = "USER|ID",
     .help = "only what this user or application did; clienteled alone knows it",
     .offset = AT(actor)},
    {.name = "operation",
     .argument = "TYPE",
     .help = "only such operations: add_customer, delete_customer, ...; clienteled alone knows it",
     .offset = AT(operation)},
    {.name = "limit", .argument = "N", .help = "at most so many; default: all", .offset = AT(limit)},
    {.name = "follow",
     .letter = 'f',
     .help = "go on as records come, oldest first, until Ctrl-C; without --since from now on",
     .offset = AT(follow)},
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = CLTI_FORMAT_CHOICES,
     .help = "how they are written; json is one array, ndjson an object a line; default: table",
     .offset = AT(output)},
    {.name = "columns",
     .argument = "NAMES",
     .help = "which columns, with commas: operationDate, operationType, customerName, userPrincipalName, "
             "applicationId, customerId, operationStatus, resourceType, resourceOldValue, resourceNewValue, "
             "originalCorrelationId, partnerId, id",
     .offset = AT(columns)},
};

const clti_command clti_cmd_audit_list = {
    .name = "audit list",
    .about = "List who changed what, and when; newest first",
    .details = "The service answers for 30 days at a time; more are asked for in pieces.",
    .examples = "  clientele audit list --since 7d\n"
                "  clientele audit list --customer contoso.example --output ndjson | jq .resourceNewValue\n"
                "  clientele audit list --follow",
    .options = options,
    .option_count = CLTI_COUNT(options),
    .request_size = sizeof(audit_request),
    .is_call = true,
    .run = list};
