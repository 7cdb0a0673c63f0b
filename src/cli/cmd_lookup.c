/* clientele domain check, address validate, resellers list. */
#include "cli/cmd_private.h"
#include "cli/fields_private.h"
#include "cli/output_private.h"
#include "cli/shown_private.h"
#include "cli/walk_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The answer no has an exit code, as grep's: 1. So a failure needs another one; those that say more stay. */
static int code_of_answer(int code, bool is_yes) {
    if (code == CLTI_EXIT_DONE)
        return is_yes ? CLTI_EXIT_DONE : CLTI_EXIT_NO;
    return code == CLTI_EXIT_FAILED ? CLTI_EXIT_UNANSWERED : code;
}

/* ---- domain check -------------------------------------------------------------------------------------- */

static int check_domain(const clti_invocation *invocation) {
    const char *domain = invocation->operands[0];
    clti_session session;
    clt_error *err = NULL;
    int exists = 0;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE) {
        if (clt_domain_exists(session.partner, domain, &session.context, &exists, &err) != CLT_OK)
            code = clti_session_fail(&session, err);
        else
            code = clti_print(clti_view(exists ? "taken\n" : "free\n"));
    }
    clti_session_close(&session);
    return code_of_answer(code, !exists);
}

const clti_command clti_cmd_domain_check = {
    .name = "domain check",
    .operands = "DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Tell whether a new customer can have a domain",
    .details =
        "Prints 'free', or 'taken' and then exits with 1: a customer of some partner has it. Any failure "
        "exits with 2 or more. A DOMAIN without a dot is one below onmicrosoft.com.",
    .examples = "  clientele domain check contoso.example\n"
                "  clientele domain check contoso && echo contoso.onmicrosoft.com is free",
    .is_call = true,
    .run = check_domain};

/* ---- address validate ---------------------------------------------------------------------------------- */

typedef struct address_request {
    clti_fields fields; /* first */
    const char *output;
} address_request;

static void print_validation(clti_printer *object, const clt_address_validation *validation) {
    clti_printer_begin(object);
    if (validation->is_valid != CLT_ABSENT) {
        clti_printer_name(object, "isValid");
        clti_bytes_add_text(object->out, validation->is_valid == CLT_TRUE ? "true" : "false");
    }
    clti_printer_text(object, "status", validation->status);
    clti_printer_text(object, "validationMessage", validation->message);
    clti_printer_name(object, "suggestedAddresses");
    clti_printer_begin_array(object);
    for (size_t i = 0; i < validation->suggested_address_count; i++) {
        clti_printer_item(object);
        clti_printer_address(object, &validation->suggested_addresses[i]);
    }
    clti_printer_end_array(object);
    clti_printer_end(object);
    clti_bytes_add_char(object->out, '\n');
}

static void add_part(clti_bytes *out, const char *before, clt_str part) {
    if (part.size == 0)
        return;
    clti_bytes_add_text(out, before);
    clti_shown_add(out, part, 0);
}

static void show_validation(clti_bytes *out, const clt_address_validation *validation) {
    clti_bytes_add_text(out, validation->is_valid == CLT_TRUE    ? "valid"
                             : validation->is_valid == CLT_FALSE ? "not valid"
                                                                 : "undecided");
    add_part(out, ": ", validation->message);
    clti_bytes_add_char(out, '\n');
    for (size_t i = 0; i < validation->suggested_address_count; i++) {
        const clt_address *address = &validation->suggested_addresses[i];
        clti_bytes_add_text(out, "suggested:");
        add_part(out, " ", address->address_line1);
        add_part(out, ", ", address->address_line2);
        add_part(out, ", ", address->city);
        add_part(out, ", ", address->state);
        add_part(out, " ", address->postal_code);
        add_part(out, ", ", address->country);
        clti_bytes_add_char(out, '\n');
    }
}

static int validate_with(clti_session *session, const address_request *request) {
    const clti_fields *fields = &request->fields;
    clt_address_input input = clt_address_input_of(fields->country, fields->line1, fields->city,
                                                   fields->state, fields->postal_code);
    const clt_address_validation *validation = NULL;
    clt_error *err = NULL;
    clti_bytes out = {0};
    input.address_line2 = fields->line2;
    input.phone_number = fields->phone;
    if (clt_address_validate(session->partner, &input, &session->context, &validation, &err) != CLT_OK)
        return code_of_answer(clti_session_fail(session, err), false);
    clti_printer object = {.out = &out, .is_indented = true};
    if (clti_format_find(request->output, CLTI_FORMAT_TABLE) == CLTI_FORMAT_JSON)
        print_validation(&object, validation);
    else
        show_validation(&out, validation);
    int code = code_of_answer(clti_print(clti_bytes_view(&out)), validation->is_valid != CLT_FALSE);
    clt_address_validation_free(validation);
    clti_bytes_done(&out);
    return code;
}

static int validate_address(const clti_invocation *invocation) {
    const address_request *request = invocation->request;
    clti_session session;
    if (!request->fields.country)
        return clti_complain_usage(invocation, "--country is missing; see --help.");
    int code = clti_session_open(invocation, &session);
    code = code == CLTI_EXIT_DONE ? validate_with(&session, request) : code_of_answer(code, false);
    clti_session_close(&session);
    return code;
}

static const clti_option address_options[] = {
    CLTI_ADDRESS_FIELDS(CLTI_FIELD_OPTION){.name = "output",
                                           .letter = 'o',
                                           .argument = "FORMAT",
                                           .choices = "table|json",
                                           .help = "how it is told; default: table",
                                           .offset = offsetof(address_request, output)},
};

const clti_command clti_cmd_address_validate = {
    .name = "address validate",
    .about = "Tell whether the service takes an address",
    .details =
        "One that is not valid exits with 1, any failure with 2 or more. Without rules for the country, or "
        "where only a person can choose, it is 'undecided', with 0.",
    .examples = "  clientele address validate --country US --address '1 Main St' \\\n"
                "          --city Redmond --state WA --postal-code 98052",
    .options = address_options,
    .option_count = CLTI_COUNT(address_options),
    .request_size = sizeof(address_request),
    .is_call = true,
    .run = validate_address};

/* ---- resellers list ------------------------------------------------------------------------------------ */

typedef struct resellers_request {
    const char *name, *customer, *providers, *output, *columns;
} resellers_request;

#define GETTER(member)                                                                                       \
    static clt_str get_##member(const void *item, clti_bytes *room) {                                        \
        (void)room;                                                                                          \
        return ((const clt_relationship *)item)->member;                                                     \
    }
GETTER(id)
GETTER(name)
GETTER(mpn_id)
GETTER(location)
GETTER(state)
GETTER(relationship_type)

static const clti_column reseller_columns[] = {
    {"id", "ID", true, true, get_id},
    {"name", "NAME", true, false, get_name},
    {"mpnId", "MPN ID", true, false, get_mpn_id},
    {"location", "COUNTRY", true, false, get_location},
    {"state", "STATE", true, false, get_state},
    {"relationshipType", "RELATION", true, false, get_relationship_type},
};
static const clti_kind RESELLER = {reseller_columns, CLTI_COUNT(reseller_columns), 5, NULL};

static clt_status fetch_relationships(clti_session *session, const resellers_request *request, const char *id,
                                      const clt_relationships **out, clt_error **out_err) {
    int32_t kind = request->providers ? CLT_RELATIONSHIP_PROVIDERS : CLT_RELATIONSHIP_RESELLERS;
    if (id)
        return clt_customer_relationships_get(session->partner, id, &session->context, out, out_err);
    return clt_relationships_get(session->partner, kind, request->name, &session->context, out, out_err);
}

static int list_resellers_with(clti_session *session, const resellers_request *request, clti_output *output) {
    const clt_relationships *list = NULL;
    clt_error *err = NULL;
    char *id = NULL;
    int code = request->customer ? clti_find_customer(session, request->customer, &id) : CLTI_EXIT_DONE;
    if (code != CLTI_EXIT_DONE)
        return code;
    clt_status status = fetch_relationships(session, request, id, &list, &err);
    free(id);
    if (status != CLT_OK)
        return clti_session_fail(session, err);
    clti_output_begin(output);
    for (size_t i = 0; i < list->count; i++)
        clti_output_add(output, &list->items[i]);
    code = clti_output_end(output, true) ? CLTI_EXIT_DONE : clti_output_fail(output);
    if (list->count == 0)
        clti_note("there is none.");
    clt_relationships_free(list);
    return code;
}

static int list_resellers(const clti_invocation *invocation) {
    const resellers_request *request = invocation->request;
    clti_column_choice columns;
    clti_output output;
    clti_session session;
    if (request->customer && (request->name || request->providers))
        return clti_complain_usage(invocation, "--customer goes with neither --name nor --providers.");
    if (!clti_column_choose(invocation, &RESELLER, request->columns, true, &columns))
        return CLTI_EXIT_USAGE;
    clti_output_init(&output, clti_format_find(request->output, CLTI_FORMAT_TABLE), &columns, STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = list_resellers_with(&session, request, &output);
    clti_session_close(&session);
    clti_output_done(&output);
    clti_column_choice_done(&columns);
    return code;
}

#define AT(member) offsetof(resellers_request, member)
static const clti_option resellers_options[] = {
    {.name = "name",
     .argument = "PREFIX",
     .help = "only those whose name begins so, in any case",
     .offset = AT(name)},
    {.name = "customer",
     .argument = "ID|DOMAIN",
     .help = "only those of this customer; the service does not tell their country and state",
     .offset = AT(customer)},
    {.name = "providers",
     .help = "the other way round: the partner is a reseller, and these are its providers",
     .offset = AT(providers)},
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = CLTI_FORMAT_CHOICES,
     .help = "how they are written; json is one array, ndjson an object a line; default: table",
     .offset = AT(output)},
    {.name = "columns",
     .argument = "NAMES",
     .help = "which columns, with commas: id, name, mpnId, location, state, relationshipType",
     .offset = AT(columns)},
};

const clti_command clti_cmd_resellers_list = {
    .name = "resellers list",
    .about = "List the partner's indirect resellers; needs App + User",
    .examples = "  clientele resellers list\n"
                "  clientele resellers list --customer contoso.example --output json\n"
                "  clientele resellers list --name north --output csv --columns id",
    .options = resellers_options,
    .option_count = CLTI_COUNT(resellers_options),
    .request_size = sizeof(resellers_request),
    .is_call = true,
    .run = list_resellers};
