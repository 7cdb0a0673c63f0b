/* clientele customers list, get, count. */
#include "cli/cmd_private.h"
#include "cli/output_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- list ---------------------------------------------------------------------------------------------- */

typedef struct list_request {
    clti_filter filter;
    const char *limit, *page_size, *output, *columns;
} list_request;

typedef struct list_run {
    clti_output output;
    uint64_t limit;
} list_run;

static bool take_page(void *user, const clt_customer_page *page) {
    list_run *listing = user;
    size_t count = clt_customer_page_count(page);
    for (size_t i = 0; i < count && listing->output.count < listing->limit; i++)
        clti_output_add(&listing->output, clt_customer_page_at(page, i));
    return clti_output_page(&listing->output) && listing->output.count < listing->limit;
}

static int run_list(clti_session *session, const clt_query *query, list_run *listing) {
    clt_error *err = NULL;
    clti_output_begin(&listing->output);
    clt_status status = clti_walk(session, query, take_page, listing, &err);
    bool is_whole = status == CLT_OK || status == CLT_ERR_END;
    if (!clti_output_end(&listing->output, is_whole))
        return clti_output_fail(&listing->output);
    if (!is_whole)
        return clti_session_fail(session, err);
    clt_error_free(err);
    if (listing->output.count == 0)
        clti_note("no customer matches.");
    return CLTI_EXIT_DONE;
}

static int list(const clti_invocation *invocation) {
    const list_request *request = invocation->request;
    clt_query query = CLT_QUERY_INIT;
    clti_column_choice columns;
    clti_session session;
    list_run listing = {.limit = UINT64_MAX};
    uint64_t page_size = 0;
    if (!clti_filter_query(invocation, &request->filter, &query) ||
        !clti_read_number(invocation, "limit", request->limit, 1, UINT32_MAX, &listing.limit) ||
        !clti_read_number(invocation, "page-size", request->page_size, 1, CLTI_PAGE_SIZE_MAX, &page_size) ||
        !clti_column_choose(invocation, &CLTI_KIND_CUSTOMER, request->columns, true, &columns))
        return CLTI_EXIT_USAGE;
    if (page_size == 0)
        page_size = listing.limit < CLTI_PAGE_SIZE_MAX ? listing.limit : CLTI_PAGE_SIZE_MAX;
    query.page_size = (uint32_t)page_size;
    clti_output_init(&listing.output, clti_format_find(request->output, CLTI_FORMAT_TABLE), &columns,
                     STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = run_list(&session, &query, &listing);
    clti_session_close(&session);
    clti_output_done(&listing.output);
    clti_column_choice_done(&columns);
    return code;
}

#define LIST_AT(member) offsetof(list_request, member)
static const clti_option list_options[] = {
    CLTI_FILTER_OPTIONS(LIST_AT(filter)),
    {.name = "limit", .argument = "N", .help = "at most so many; default: all", .offset = LIST_AT(limit)},
    {.name = "page-size",
     .argument = "N",
     .help = "customers that are asked for at a time, 1 to 500; default: 500, or the limit",
     .offset = LIST_AT(page_size)},
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = CLTI_FORMAT_CHOICES,
     .help = "how they are written; json is one array, ndjson an object a line; default: table",
     .offset = LIST_AT(output)},
    {.name = "columns",
     .argument = "NAMES",
     .help = "which columns, with commas: id, companyName, domain, relationshipToPartner, "
             "companyProfile.tenantId; JSON objects then have just these members",
     .offset = LIST_AT(columns)},
};

const clti_command clti_cmd_customers_list = {
    .name = "customers list",
    .about = "List the customers, ordered by name",
    .details = "They are printed page by page as they come; Ctrl-C ends the list behind a whole page. On a "
               "terminal a table is cut to fit; columns are as wide as the first page needs. CSV is RFC 4180 "
               "with a header; a cell that a spreadsheet would take for a formula is left as it is.",
    .examples = "  clientele customers list --limit 40\n"
                "  clientele customers list --name micro\n"
                "  clientele customers list --output ndjson | jq -r .companyProfile.domain\n"
                "  clientele customers list --output csv --columns domain,companyName",
    .options = list_options,
    .option_count = CLTI_COUNT(list_options),
    .request_size = sizeof(list_request),
    .is_call = true,
    .run = list};

/* ---- get ----------------------------------------------------------------------------------------------- */

typedef struct get_request {
    const char *output, *columns;
} get_request;

static int get_from(clti_session *session, const char *name, clti_output *output) {
    const clt_customer *customer;
    clt_error *err = NULL;
    char *id = NULL;
    int code = clti_find_customer(session, name, &id);
    if (code == CLTI_EXIT_DONE &&
        clt_customers_get(session->partner, id, &session->context, &customer, &err) != CLT_OK)
        code = clti_session_fail(session, err);
    else if (code == CLTI_EXIT_DONE) {
        if (!clti_output_single(output, customer))
            code = clti_output_fail(output);
        clt_customer_free(customer);
    }
    free(id);
    return code;
}

static int get(const clti_invocation *invocation) {
    const get_request *request = invocation->request;
    clti_column_choice columns;
    clti_output output;
    clti_session session;
    if (!clti_column_choose(invocation, &CLTI_KIND_CUSTOMER, request->columns, false, &columns))
        return CLTI_EXIT_USAGE;
    clti_output_init(&output, clti_format_find(request->output, CLTI_FORMAT_TABLE), &columns, STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = get_from(&session, invocation->operands[0], &output);
    clti_session_close(&session);
    clti_output_done(&output);
    clti_column_choice_done(&columns);
    return code;
}

static const clti_option get_options[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = CLTI_FORMAT_CHOICES,
     .help = "how it is written; a table has a line for each member; default: table",
     .offset = offsetof(get_request, output)},
    {.name = "columns",
     .argument = "NAMES",
     .help = "which members, with commas: those of the table, such as companyName,country,"
             "billingProfile.email",
     .offset = offsetof(get_request, columns)},
};

const clti_command clti_cmd_customers_get = {
    .name = "customers get",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Show one customer with its profiles, by its id or domain",
    .examples = "  clientele customers get contoso.example\n"
                "  clientele customers get b44bb1fb-c595-45b0-9e09-d657365580bf --output json",
    .options = get_options,
    .option_count = CLTI_COUNT(get_options),
    .request_size = sizeof(get_request),
    .is_call = true,
    .run = get};

/* ---- count --------------------------------------------------------------------------------------------- */

typedef struct count_request {
    clti_filter filter;
} count_request;

typedef struct count_run {
    uint64_t count;
    clti_progress progress;
} count_run;

static bool count_page(void *user, const clt_customer_page *page) {
    count_run *counting = user;
    counting->count += clt_customer_page_count(page);
    clti_progress_show(&counting->progress, counting->count);
    return true;
}

/* The service tells, or else its pages do. */
static int count_with(clti_session *session, clt_query *query) {
    clt_error *err = NULL;
    count_run counting = {0};
    clt_status status =
        clt_customers_count(session->partner, query, &session->context, &counting.count, &err);
    if (status == CLT_ERR_UNSUPPORTED_FORMAT) {
        clt_error_free(err);
        query->page_size = CLTI_PAGE_SIZE_MAX;
        clti_progress_begin(&counting.progress, 0, 0);
        status = clti_walk(session, query, count_page, &counting, &err);
        clti_progress_end(&counting.progress);
    }
    if (status != CLT_OK)
        return clti_session_fail(session, err);
    printf("%" PRIu64 "\n", counting.count);
    return CLTI_EXIT_DONE;
}

static int count(const clti_invocation *invocation) {
    const count_request *request = invocation->request;
    clt_query query = CLT_QUERY_INIT;
    clti_session session;
    if (!clti_filter_query(invocation, &request->filter, &query))
        return CLTI_EXIT_USAGE;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = count_with(&session, &query);
    clti_session_close(&session);
    return code;
}

static const clti_option count_options[] = {CLTI_FILTER_OPTIONS(offsetof(count_request, filter))};

const clti_command clti_cmd_customers_count = {
    .name = "customers count",
    .about = "Print how many customers there are, or match",
    .details = "A service that does not tell the number (only clienteled does, up to 10,000 matches of a "
               "filter) is asked for every page instead.",
    .examples = "  clientele customers count\n"
                "  clientele customers count --name micro",
    .options = count_options,
    .option_count = CLTI_COUNT(count_options),
    .request_size = sizeof(count_request),
    .is_call = true,
    .run = count};
