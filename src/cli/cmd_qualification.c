/* clientele customers qualification get, set. */
#include "cli/cmd_private.h"
#include "cli/output_private.h"
#include "cli/walk_private.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct qualification_request {
    const char *code, *output, *columns;
} qualification_request;

#define GETTER(member)                                                                                       \
    static clt_str get_##member(const void *item, clti_bytes *room) {                                        \
        (void)room;                                                                                          \
        return ((const clt_qualification *)item)->member;                                                    \
    }
GETTER(qualification)
GETTER(vetting_status)
GETTER(vetting_reason)
GETTER(vetting_created_date)

static const clti_column columns_of_qualification[] = {
    {"qualification", "QUALIFICATION", true, false, get_qualification},
    {"vettingStatus", "VETTING", true, false, get_vetting_status},
    {"vettingReason", "REASON", true, false, get_vetting_reason},
    {"vettingCreatedDate", "DATE", true, false, get_vetting_created_date},
};
static const clti_kind QUALIFICATION = {columns_of_qualification, CLTI_COUNT(columns_of_qualification), 4,
                                        NULL};

typedef int (*qualification_runner)(clti_session *session, const clti_invocation *invocation, const char *id,
                                    clti_output *output);

/* Everything around the call itself. */
static int run(const clti_invocation *invocation, qualification_runner runner) {
    const qualification_request *request = invocation->request;
    clti_column_choice columns;
    clti_output output;
    clti_session session;
    char *id = NULL;
    if (!clti_column_choose(invocation, &QUALIFICATION, request->columns, true, &columns))
        return CLTI_EXIT_USAGE;
    clti_output_init(&output, clti_format_find(request->output, CLTI_FORMAT_TABLE), &columns, STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = clti_find_customer(&session, invocation->operands[0], &id);
    if (code == CLTI_EXIT_DONE)
        code = runner(&session, invocation, id, &output);
    clti_session_close(&session);
    clti_output_done(&output);
    clti_column_choice_done(&columns);
    free(id);
    return code;
}

static int show(clti_output *output, const clt_qualification *items, size_t count) {
    clti_output_begin(output);
    for (size_t i = 0; i < count; i++)
        clti_output_add(output, &items[i]);
    return clti_output_end(output, true) ? CLTI_EXIT_DONE : clti_output_fail(output);
}

/* ---- get ----------------------------------------------------------------------------------------------- */

static int get_with(clti_session *session, const clti_invocation *invocation, const char *id,
                    clti_output *output) {
    const clt_qualifications *list = NULL;
    clt_error *err = NULL;
    (void)invocation;
    if (clt_qualifications_get(session->partner, id, &session->context, &list, &err) != CLT_OK)
        return clti_session_fail(session, err);
    int code = show(output, list->items, list->count);
    if (list->count == 0)
        clti_note("the customer has no qualification.");
    clt_qualifications_free(list);
    return code;
}

static int get(const clti_invocation *invocation) {
    return run(invocation, get_with);
}

#define AT(member) offsetof(qualification_request, member)
#define OUTPUT_OPTIONS                                                                                       \
    {.name = "output",                                                                                       \
     .letter = 'o',                                                                                          \
     .argument = "FORMAT",                                                                                   \
     .choices = CLTI_FORMAT_CHOICES,                                                                         \
     .help = "how they are written; json is one array, ndjson an object a line; default: table",             \
     .offset = AT(output)},                                                                                  \
    {                                                                                                        \
        .name = "columns", .argument = "NAMES",                                                              \
        .help = "which columns, with commas: qualification, vettingStatus, vettingReason, "                  \
                "vettingCreatedDate",                                                                        \
        .offset = AT(columns)                                                                                \
    }

static const clti_option get_options[] = {OUTPUT_OPTIONS};

const clti_command clti_cmd_qualification_get = {
    .name = "customers qualification get",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Show what a customer is qualified for, and how far its vetting is",
    .examples = "  clientele customers qualification get contoso.example",
    .options = get_options,
    .option_count = CLTI_COUNT(get_options),
    .request_size = sizeof(qualification_request),
    .is_call = true,
    .run = get};

/* ---- set ----------------------------------------------------------------------------------------------- */

/* Nothing is applied for, so it is put in the older way. */
static int set_none(clti_session *session, const char *id) {
    static const char none[] = "\"none\"";
    clt_call call = CLT_CALL_INIT;
    clt_response *response = NULL;
    clt_error *err = NULL;
    char *path = clti_format("customers/%s/qualification", id);
    call.method = "PUT";
    call.path = path;
    call.body = none;
    call.body_size = sizeof(none) - 1;
    clt_status status = clt_partner_call(session->partner, &call, &session->context, &response, &err);
    if (status == CLT_OK)
        err = clt_response_error(response);
    free(path);
    clt_response_free(response);
    if (err)
        return clti_session_fail(session, err);
    clti_note("the customer has no qualification any more.");
    return CLTI_EXIT_DONE;
}

static int set_with(clti_session *session, const clti_invocation *invocation, const char *id,
                    clti_output *output) {
    const qualification_request *request = invocation->request;
    const clt_qualification *made = NULL;
    clt_error *err = NULL;
    if (clti_view_equal_nocase(clti_view(invocation->operands[1]), clti_view("none")))
        return set_none(session, id);
    if (clt_qualifications_add(session->partner, id, invocation->operands[1], request->code,
                               &session->context, &made, &err) != CLT_OK)
        return clti_session_fail(session, err);
    int code = show(output, made, 1);
    clt_qualification_free(made);
    return code;
}

static int set(const clti_invocation *invocation) {
    return run(invocation, set_with);
}

static const clti_option set_options[] = {
    {.name = "code",
     .argument = "ID",
     .help = "of a validation that the qualification is given by",
     .offset = AT(code)},
    OUTPUT_OPTIONS,
};

const clti_command clti_cmd_qualification_set = {
    .name = "customers qualification set",
    .operands = "ID|DOMAIN WORD",
    .operand_min = 2,
    .operand_max = 2,
    .about = "Apply for a customer's qualification; needs App + User",
    .details =
        "WORD is education, nonprofit, government_community_cloud or state_owned_entity; none takes it "
        "back.",
    .examples = "  clientele customers qualification set contoso.example education\n"
                "  clientele customers qualification set contoso.example none",
    .options = set_options,
    .option_count = CLTI_COUNT(set_options),
    .request_size = sizeof(qualification_request),
    .is_call = true,
    .run = set};
