/* clientele customers delete, remove-relationship: what cannot be taken back is asked about first. */
#include "cli/cmd_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct remove_request {
    const char *yes, *only_access;
} remove_request;

/* One way to lose a customer. */
typedef struct removal {
    const char *question; /* the customer's name and domain stand for the two %s */
    const char *done;     /* likewise */
    clt_status (*call)(clt_partner *partner, const char *customer_id, const clt_request_context *context,
                       clt_error **out_err);
} removal;

static const removal DELETION = {"Delete %s (%s) with everything that it has? There is no way back.",
                                 "deleted: %s (%s).", clt_customers_delete};
static const removal RELATIONSHIP = {
    "End the relationship with %s (%s)? Only the customer can bring it back.",
    "the relationship is removed: %s (%s).", clt_customers_remove_relationship};
static const removal ACCESS = {"Give up delegated access to %s (%s)? Only the customer can grant it again.",
                               "delegated access is removed: %s (%s).",
                               clt_customers_remove_delegated_access};

static char *name_of(const clt_customer *customer) {
    const clt_company_profile *company = customer->company_profile;
    const clt_billing_profile *billing = customer->billing_profile;
    if (company && company->company_name.size > 0)
        return clti_copy(company->company_name);
    return clti_copy(billing && billing->company_name.size > 0 ? billing->company_name : customer->id);
}

static char *put_into(const char *format, const char *name, const char *domain) {
    clti_bytes text = {0};
    const char *values[] = {name, domain};
    for (size_t i = 0; *format; format++) {
        if (strncmp(format, "%s", 2) == 0 && i < CLTI_COUNT(values)) {
            clti_bytes_add_text(&text, values[i++]);
            format++;
        } else
            clti_bytes_add_char(&text, *format);
    }
    return clti_bytes_take(&text);
}

/* The name has to be typed, so that it is this customer and no other. */
static int confirm(const removal *removing, const char *name, const char *domain) {
    char *text = put_into(removing->question, name, domain);
    clti_complain("%s", text);
    char *answer = clti_prompt("Type its name or domain to go on: ");
    int code = CLTI_EXIT_DONE;
    if (!answer) {
        clti_complain("interrupted; nothing was changed.");
        code = CLTI_EXIT_INTERRUPTED;
    } else if (strcmp(answer, name) != 0 &&
               (*domain == '\0' || !clti_view_equal_nocase(clti_view(answer), clti_view(domain)))) {
        clti_complain("That is not its name; nothing was changed.");
        code = CLTI_EXIT_FAILED;
    }
    free(text);
    free(answer);
    return code;
}

static int remove_known(clti_session *session, const removal *removing, const clt_customer *customer,
                        bool is_asked) {
    clt_error *err = NULL;
    char *name = name_of(customer);
    char *domain = clti_copy(customer->company_profile ? customer->company_profile->domain : customer->id);
    int code = is_asked ? confirm(removing, name, domain) : CLTI_EXIT_DONE;
    if (code == CLTI_EXIT_DONE &&
        removing->call(session->partner, customer->id.data, &session->context, &err) != CLT_OK)
        code = clti_session_fail(session, err);
    else if (code == CLTI_EXIT_DONE) {
        char *done = put_into(removing->done, name, domain);
        clti_note("%s", done);
        free(done);
    }
    free(name);
    free(domain);
    return code;
}

static int remove_from(clti_session *session, const removal *removing, const char *named, bool is_asked) {
    const clt_customer *customer = NULL;
    clt_error *err = NULL;
    char *id;
    int code = clti_find_customer(session, named, &id);
    if (code == CLTI_EXIT_DONE &&
        clt_customers_get(session->partner, id, &session->context, &customer, &err) != CLT_OK)
        code = clti_session_fail(session, err);
    else if (code == CLTI_EXIT_DONE)
        code = remove_known(session, removing, customer, is_asked);
    clt_customer_free(customer);
    free(id);
    return code;
}

static int run(const clti_invocation *invocation, const removal *removing) {
    const remove_request *request = invocation->request;
    clti_session session;
    if (!request->yes && !clti_prompt_is_possible())
        return clti_complain_usage(invocation,
                                   "--yes is needed, since there is no terminal to ask for confirmation.");
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = remove_from(&session, removing, invocation->operands[0], !request->yes);
    clti_session_close(&session);
    return code;
}

static int delete_customer(const clti_invocation *invocation) {
    return run(invocation, &DELETION);
}

static int remove_relationship(const clti_invocation *invocation) {
    const remove_request *request = invocation->request;
    return run(invocation, request->only_access ? &ACCESS : &RELATIONSHIP);
}

#define YES                                                                                                  \
    { .name = "yes", .letter = 'y', .help = "do not ask", .offset = offsetof(remove_request, yes) }

static const clti_option delete_options[] = {YES};

const clti_command clti_cmd_customers_delete = {
    .name = "customers delete",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Delete a customer of a sandbox partner",
    .details = "Its domain is free again. The name or domain has to be typed, unless --yes is given. Other "
               "partners cannot delete customers; 'clientele customers remove-relationship' is for them.",
    .examples = "  clientele customers delete contoso.example\n"
                "  clientele customers delete b44bb1fb-c595-45b0-9e09-d657365580bf --yes",
    .options = delete_options,
    .option_count = CLTI_COUNT(delete_options),
    .request_size = sizeof(remove_request),
    .is_call = true,
    .run = delete_customer};

static const clti_option relationship_options[] = {
    YES,
    {.name = "only-delegated-access",
     .help = "give up delegated access and keep the relationship",
     .offset = offsetof(remove_request, only_access)},
};

const clti_command clti_cmd_customers_remove_relationship = {
    .name = "customers remove-relationship",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "End the reseller relationship with a customer; needs App + User",
    .details = "The customer leaves the list, and only it can bring the relationship back: 'clientele api "
               "customers/relationshiprequests' has the address to invite it with. The name or domain has to "
               "be typed, unless --yes is given.",
    .examples = "  clientele customers remove-relationship contoso.example\n"
                "  clientele customers remove-relationship contoso.example --only-delegated-access --yes",
    .options = relationship_options,
    .option_count = CLTI_COUNT(relationship_options),
    .request_size = sizeof(remove_request),
    .is_call = true,
    .run = remove_relationship};
