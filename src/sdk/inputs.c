/* What callers want to be sent, as JSON (api.md 3.2 to 3.4). Texts are checked here; rules are the service's.
 */
#include "sdk/single_private.h"

#include <string.h>

/* The entity tag that matches any. */
#define ANY "*"

/* ---- members ------------------------------------------------------------------------------------------ */

void clti_single_add_text(clti_single *call, const char *name, const char *text) {
    size_t code_points;
    if (!text)
        return;
    if (!clti_text_check(clti_str(text), &code_points)) {
        clti_single_refuse(call, name, "is not valid UTF-8");
        return;
    }
    clti_buf_add_format(&call->body, "\"%s\":", name);
    clti_json_add_string(&call->body, clti_str(text));
    clti_buf_add_char(&call->body, ',');
}

void clti_single_add_object(clti_single *call, const char *name) {
    if (name)
        clti_buf_add_format(&call->body, "\"%s\":", name);
    clti_buf_add_char(&call->body, '{');
}

void clti_single_add_end(clti_single *call) {
    clti_buf *body = &call->body;
    if (clti_buf_ok(body) && body->size && body->data[body->size - 1] == ',')
        body->size--;
    clti_buf_add(body, CLTI_STR("},"));
}

static bool copy_input(clti_single *call, void *to, size_t known, const void *from, const char *name) {
    if (!from)
        clti_single_refuse(call, name, "is NULL");
    if (call->status == CLT_OK)
        call->status = clti_options_copy(to, known, from, name, &call->err);
    return call->status == CLT_OK;
}

/* ---- addresses ---------------------------------------------------------------------------------------- */

static void add_address(clti_single *call, const char *name, const clt_address_input *given) {
    clt_address_input input;
    if (!copy_input(call, &input, sizeof(input), given, name ? name : "address"))
        return;
    const struct {
        const char *name, *text;
    } members[] = {
        {"country", input.country},
        {"city", input.city},
        {"state", input.state},
        {"addressLine1", input.address_line1},
        {"addressLine2", input.address_line2},
        {"postalCode", input.postal_code},
        {"firstName", input.first_name},
        {"middleName", input.middle_name},
        {"lastName", input.last_name},
        {"phoneNumber", input.phone_number},
    };
    clti_single_add_object(call, name);
    for (size_t i = 0; i < CLTI_COUNT(members); i++)
        clti_single_add_text(call, members[i].name, members[i].text);
    clti_single_add_end(call);
}

void clti_single_add_address(clti_single *call, const clt_address_input *given) {
    add_address(call, NULL, given);
}

/* ---- profiles and customers --------------------------------------------------------------------------- */

static void add_billing_profile(clti_single *call, const clt_billing_profile_input *input) {
    const struct {
        const char *name, *text;
    } members[] = {
        {"firstName", input->first_name}, {"lastName", input->last_name},
        {"email", input->email},          {"culture", input->culture},
        {"language", input->language},    {"companyName", input->company_name},
    };
    for (size_t i = 0; i < CLTI_COUNT(members); i++)
        clti_single_add_text(call, members[i].name, members[i].text);
    add_address(call, "defaultAddress", input->default_address);
}

/* The tag goes out twice: the original reads the body, or the header (api.md 4.9). */
static void set_if_match(clti_single *call, const char *etag) {
    if (call->status != CLT_OK)
        return;
    if (!clti_header_is_sound(clti_str(etag)) || strchr(etag, '"')) {
        clti_single_refuse(call, "input->etag", "cannot be sent: it has quotes or control characters");
        return;
    }
    const char *quote = strcmp(etag, ANY) == 0 ? "" : "\"";
    call->if_match = clti_arena_format(&call->arena, "%s%s%s", quote, etag, quote);
    if (!call->if_match.data)
        call->status = clti_fail_no_memory(&call->err);
}

void clti_single_add_billing_profile(clti_single *call, const clt_billing_profile_input *given) {
    clt_billing_profile_input input;
    if (!copy_input(call, &input, sizeof(input), given, "input"))
        return;
    clti_single_require(call, "input->etag", input.etag);
    set_if_match(call, input.etag);
    if (call->status != CLT_OK)
        return;
    clti_single_add_object(call, NULL);
    add_billing_profile(call, &input);
    clti_single_add_object(call, "attributes");
    clti_single_add_text(call, "etag", strcmp(input.etag, ANY) == 0 ? NULL : input.etag);
    clti_single_add_text(call, "objectType", "CustomerBillingProfile");
    clti_single_add_end(call);
    clti_single_add_end(call);
}

void clti_single_add_customer(clti_single *call, const clt_customer_input *given) {
    clt_customer_input input;
    clt_billing_profile_input profile;
    if (!copy_input(call, &input, sizeof(input), given, "input") ||
        !copy_input(call, &profile, sizeof(profile), input.billing_profile, "input->billing_profile"))
        return;
    clti_single_require(call, "input->domain", input.domain);
    clti_single_add_object(call, NULL);
    clti_single_add_object(call, "companyProfile");
    clti_single_add_text(call, "domain", input.domain);
    clti_single_add_text(call, "organizationRegistrationNumber", input.organization_registration_number);
    clti_single_add_end(call);
    clti_single_add_object(call, "billingProfile");
    add_billing_profile(call, &profile);
    clti_single_add_end(call);
    clti_single_add_text(call, "associatedPartnerId", input.associated_partner_id);
    clti_single_add_end(call);
}
