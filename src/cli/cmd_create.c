/* clientele customers create: from flags, a file, or a conversation; what the country tells is not asked. */
#include "cli/cmd_private.h"
#include "cli/fields_private.h"
#include "cli/output_private.h"
#include "cli/session_private.h"
#include "cli/terminal_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t)1024 * 1024)

typedef struct create_request {
    clti_fields fields; /* first */
    const char *from, *request_id, *output;
} create_request;

typedef struct creation {
    const clti_invocation *invocation;
    const create_request *request;
    clti_fields fields; /* flags over file over answers */
    clti_words owned;   /* texts that these point to */
    const clt_country_rules *rules;
    char request_id[CLT_GUID_TEXT_SIZE]; /* the answer can be had again by it */
} creation;

static void keep(creation *creating, const char **out, char *text) {
    clti_words *owned = &creating->owned;
    owned->items = clti_reallocate(owned->items, (owned->count + 1) * sizeof(*owned->items));
    owned->items[owned->count++] = text;
    *out = text;
}

static void creation_done(creation *creating) {
    for (size_t i = 0; i < creating->owned.count; i++)
        free((void *)(uintptr_t)creating->owned.items[i]);
    free(creating->owned.items);
    clt_country_rules_free(creating->rules);
}

/* ---- the file ------------------------------------------------------------------------------------------ */

static bool take_file(creation *creating) {
    clti_bytes text = {0};
    clti_fields from_file = {0};
    bool done = clti_file_read(creating->invocation, "from", creating->request->from, FILE_SIZE_MAX, &text) &&
                clti_fields_parse(creating->invocation, clti_bytes_view(&text), &from_file, &creating->owned);
    clti_bytes_done(&text);
    if (done)
        clti_fields_merge(&creating->fields, &from_file);
    return done;
}

/* ---- what the country tells ---------------------------------------------------------------------------- */

/* Without rules the service will say what is missing; that there are none is no failure. */
static void fetch_rules(clti_session *session, creation *creating) {
    if (!creating->rules && creating->fields.country && *creating->fields.country)
        (void)!clt_country_rules_get(session->partner, creating->fields.country, &session->context,
                                     &creating->rules, NULL);
}

static char *default_culture(const creation *creating) {
    const clt_country_rules *rules = creating->rules;
    return rules && rules->default_culture.size > 0 ? clti_copy(rules->default_culture) : NULL;
}

/* What stands before the hyphen of the culture. */
static char *default_language(const creation *creating) {
    clt_str rest;
    return creating->fields.culture
               ? clti_copy(clti_view_cut(clti_view(creating->fields.culture), '-', &rest))
               : NULL;
}

static void fill_in(clti_session *session, creation *creating) {
    clti_fields *fields = &creating->fields;
    if (!fields->culture) {
        fetch_rules(session, creating);
        char *culture = default_culture(creating);
        if (culture)
            keep(creating, &fields->culture, culture);
    }
    if (!fields->language && fields->culture)
        keep(creating, &fields->language, default_language(creating));
    if (!fields->contact_first_name)
        fields->contact_first_name = fields->first_name;
    if (!fields->contact_last_name)
        fields->contact_last_name = fields->last_name;
}

/* ---- the conversation ---------------------------------------------------------------------------------- */

typedef enum wanted { REQUIRED, OPTIONAL, NOT_ASKED } wanted;

static wanted by_flag(int32_t flag) {
    return flag == CLT_TRUE ? REQUIRED : flag == CLT_FALSE ? OPTIONAL : REQUIRED;
}

static wanted state_wanted(const clt_country_rules *rules) {
    if (!rules)
        return OPTIONAL;
    return rules->is_state_required == CLT_TRUE ? REQUIRED : rules->state_count > 0 ? OPTIONAL : NOT_ASKED;
}

static wanted if_required(const clt_country_rules *rules, int32_t flag) {
    return rules && flag == CLT_TRUE ? REQUIRED : NOT_ASKED;
}

/* One question, unless it is answered already. An empty answer is the default, or nothing. */
static bool ask(creation *creating, const char *question, wanted wish, const char *otherwise,
                const char **out) {
    if (*out || wish == NOT_ASKED)
        return true;
    char *shown = otherwise          ? clti_format("%s [%s]: ", question, otherwise)
                  : wish == OPTIONAL ? clti_format("%s (may be empty): ", question)
                                     : clti_format("%s: ", question);
    char *answer = clti_prompt(shown);
    while (answer && !*answer && wish == REQUIRED && !otherwise) {
        free(answer);
        answer = clti_prompt(shown);
    }
    free(shown);
    if (answer && !*answer && otherwise) {
        free(answer);
        answer = clti_copy(clti_view(otherwise));
    }
    if (answer && *answer)
        keep(creating, out, answer);
    else
        free(answer);
    return answer != NULL;
}

static bool ask_about_country(clti_session *session, creation *creating) {
    clti_fields *fields = &creating->fields;
    const clt_organization_profile *own = NULL;
    const char *country = NULL;
    /* Most customers are in the partner's own country. */
    if (!fields->country &&
        clt_organization_profile_get(session->partner, &session->context, &own, NULL) == CLT_OK &&
        own->default_address)
        country = own->default_address->country.data;
    bool done = ask(creating, "Country, two letters", REQUIRED, country, &fields->country);
    clt_organization_profile_free(own);
    fetch_rules(session, creating);
    return done;
}

static bool ask_all(clti_session *session, creation *creating) {
    clti_fields *fields = &creating->fields;
    if (!ask(creating, "Domain, such as contoso.onmicrosoft.com", REQUIRED, NULL, &fields->domain) ||
        !ask(creating, "Name of the company", REQUIRED, NULL, &fields->company_name) ||
        !ask_about_country(session, creating))
        return false;
    const clt_country_rules *rules = creating->rules;
    char *culture = default_culture(creating);
    const struct {
        const char *question;
        wanted wish;
        const char *otherwise, **out;
    } questions[] = {
        {"Address, first line", REQUIRED, NULL, &fields->line1},
        {"City", rules ? by_flag(rules->is_city_required) : REQUIRED, NULL, &fields->city},
        {"State", state_wanted(rules), NULL, &fields->state},
        {"Postal code", rules ? by_flag(rules->is_postal_code_required) : OPTIONAL, NULL,
         &fields->postal_code},
        {"Contact, first name", REQUIRED, NULL, &fields->first_name},
        {"Contact, last name", REQUIRED, NULL, &fields->last_name},
        {"Contact, e-mail address", REQUIRED, NULL, &fields->email},
        {"Phone number", if_required(rules, rules ? rules->is_phone_number_required : 0), NULL,
         &fields->phone},
        {"Registration number", if_required(rules, rules ? rules->is_registration_number_required : 0), NULL,
         &fields->registration_number},
        {"Culture", REQUIRED, culture, &fields->culture},
    };
    bool done = true;
    for (size_t i = 0; i < CLTI_COUNT(questions) && done; i++)
        done =
            ask(creating, questions[i].question, questions[i].wish, questions[i].otherwise, questions[i].out);
    free(culture);
    return done;
}

/* ---- all together -------------------------------------------------------------------------------------- */

static clt_status create_customer(clti_session *session, const creation *creating, const clt_customer **out,
                                  clt_error **out_err) {
    const clti_fields *fields = &creating->fields;
    clt_request_context context = session->context;
    clt_billing_profile_input billing = CLT_BILLING_PROFILE_INPUT_INIT;
    clt_customer_input input = clt_customer_input_of(fields->domain, &billing);
    clt_address_input address = clt_address_input_of(fields->country, fields->line1, fields->city,
                                                     fields->state, fields->postal_code);
    address.address_line2 = fields->line2;
    address.first_name = fields->contact_first_name;
    address.middle_name = fields->contact_middle_name;
    address.last_name = fields->contact_last_name;
    address.phone_number = fields->phone;
    billing.email = fields->email;
    billing.culture = fields->culture;
    billing.language = fields->language;
    billing.company_name = fields->company_name;
    billing.first_name = fields->first_name;
    billing.last_name = fields->last_name;
    billing.default_address = &address;
    input.organization_registration_number = fields->registration_number;
    input.associated_partner_id = fields->reseller;
    context.request_id = creating->request_id;
    return clt_customers_create(session->partner, &input, &context, out, out_err);
}

/* An answer that did not come, or whole, may still have been given; the same id asks for it again. */
static int tell_failure(clti_session *session, clt_error *err) {
    bool is_unknown = err->attempt_count > 0 && (err->http_status < 300 || err->http_status >= 500);
    char *id = is_unknown && err->request_id.size > 0 ? clti_copy(err->request_id) : NULL;
    int code = clti_session_fail(session, err);
    if (id)
        clti_complain("Whether it was created is not known; the same command with --request-id %s finds out, "
                      "and creates it once at most.",
                      id);
    free(id);
    return code;
}

/* Nobody else has the password: what was not shown is lost, unless it is asked for again. */
static int tell_unshown(const creation *creating, const clti_output *output, const clt_customer *customer) {
    clti_complain(
        "The customer %.*s was created, but standard output cannot be written (%s), so its password "
        "was not shown.",
        CLTI_VIEW_ARGS(customer->id), strerror(output->error));
    clti_complain("Within 24 hours the same command with --request-id %s gives the same answer again, the "
                  "password included; it creates nothing.",
                  creating->request_id);
    return CLTI_EXIT_FAILED;
}

static int create_from(clti_session *session, creation *creating, clti_output *output, bool is_asked) {
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    if (is_asked && !ask_all(session, creating)) {
        clti_complain("interrupted; nothing was created.");
        return CLTI_EXIT_INTERRUPTED;
    }
    fill_in(session, creating);
    if (create_customer(session, creating, &customer, &err) != CLT_OK)
        return tell_failure(session, err);
    int code = CLTI_EXIT_DONE;
    if (clti_output_single(output, customer))
        clti_note("created; the password is shown this once.");
    else
        code = tell_unshown(creating, output, customer);
    clt_customer_free(customer);
    return code;
}

/* A person is asked if something is missing that every country demands. */
static bool is_conversation(const creation *creating) {
    const clti_fields *fields = &creating->fields;
    bool is_whole =
        fields->domain && fields->company_name && fields->country && fields->line1 && fields->email;
    return !creating->request->from && !is_whole && clti_prompt_is_possible();
}

static bool check(const creation *creating) {
    const clti_invocation *invocation = creating->invocation;
    const create_request *request = creating->request;
    if (request->request_id && !clti_view_is_guid(clti_view(request->request_id))) {
        clti_complain_usage(invocation, "--request-id: '%s' is no GUID.", request->request_id);
        return false;
    }
    if (!creating->fields.domain && !clti_prompt_is_possible()) {
        clti_complain_usage(invocation, "--domain is missing, and there is no terminal to ask; see --help.");
        return false;
    }
    return true;
}

static void choose_request_id(creation *creating) {
    const char *given = creating->request->request_id;
    bool has_braces = given && *given == '{';
    if (given)
        snprintf(creating->request_id, sizeof(creating->request_id), "%.*s", CLT_GUID_TEXT_SIZE - 1,
                 given + has_braces);
    else
        clt_guid_new(creating->request_id);
}

static int create(const clti_invocation *invocation) {
    const create_request *request = invocation->request;
    creation creating = {.invocation = invocation, .request = request, .fields = request->fields};
    clti_column_choice columns = {0};
    clti_output output = {0};
    clti_session session;
    if ((request->from && !take_file(&creating)) || !check(&creating) ||
        !clti_column_choose(invocation, &CLTI_KIND_CUSTOMER, NULL, false, &columns)) {
        creation_done(&creating);
        return CLTI_EXIT_USAGE;
    }
    choose_request_id(&creating);
    clti_output_init(&output, clti_format_find(request->output, CLTI_FORMAT_TABLE), &columns, STDOUT_FILENO);
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = create_from(&session, &creating, &output, is_conversation(&creating));
    clti_session_close(&session);
    clti_output_done(&output);
    clti_column_choice_done(&columns);
    creation_done(&creating);
    return code;
}

static const clti_option create_options[] = {
    CLTI_CUSTOMER_FIELDS(CLTI_FIELD_OPTION){.name = "from",
                                            .argument = "FILE",
                                            .help = "a customer as JSON, as 'customers get -o json' writes "
                                                    "it; - is standard input; flags go over it",
                                            .offset = offsetof(create_request, from)},
    {.name = "request-id",
     .argument = "GUID",
     .help = "of an earlier call whose answer was lost: the same answer again, if there was one",
     .offset = offsetof(create_request, request_id)},
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = CLTI_FORMAT_CHOICES,
     .help = "how the new customer is written; a table has a line for each member; default: table",
     .offset = offsetof(create_request, output)},
};

const clti_command clti_cmd_customers_create = {
    .name = "customers create",
    .about = "Create a customer, and show it with the password of its first user",
    .details = "On a terminal what is needed and not given is asked for. Without --culture it is the "
               "country's, without --language the culture's. The contact of the address is that of the "
               "profile, unless --from says otherwise. The password is shown this once; no later call has "
               "it.",
    .examples = "  clientele customers create\n"
                "  clientele customers create --from customer.json --domain contoso.onmicrosoft.com\n"
                "  clientele customers create --domain contoso.onmicrosoft.com --name Contoso \\\n"
                "          --first-name Ada --last-name Byron --email ada@contoso.example \\\n"
                "          --country US --address '1 Main St' --city Redmond --state WA \\\n"
                "          --postal-code 98052 --output json",
    .options = create_options,
    .option_count = CLTI_COUNT(create_options),
    .request_size = sizeof(create_request),
    .is_call = true,
    .run = create};
