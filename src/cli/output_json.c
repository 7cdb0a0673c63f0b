/* Customers as JSON in the shape that the service gives them, so that `clienteled import` reads them; or, if
 * columns are asked for by name, as flat objects of these. */
#include "cli/output_private.h"
#include "cli/shown_private.h"

#include <string.h>

/* ---- strings ------------------------------------------------------------------------------------------- */

/* Bytes with which something begins that may not stay as it is: control characters, quote, backslash, DEL,
 * and the leads of C1 controls, of direction marks, and of whatever is not UTF-8. */
static bool needs_look(unsigned char byte) {
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F || byte >= 0x80;
}

static void add_point(clti_bytes *out, clt_str *text) {
    static const char acting[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    clt_str before = *text;
    uint32_t point = clti_shown_next(text);
    size_t size = before.size - text->size;
    const char *at = point > 0 && point < 0x80 ? strchr(acting, (int)point) : NULL;
    if (at) {
        clti_bytes_add_char(out, '\\');
        clti_bytes_add_char(out, letters[at - acting]);
    } else if (clti_shown_acts(point))
        clti_bytes_add_format(out, "\\u%04x", point);
    else if (point == 0xFFFD && size == 1)
        clti_bytes_add_text(out, "\xEF\xBF\xBD");
    else
        clti_bytes_add(out, (clt_str){before.data, size});
}

void clti_json_add(clti_bytes *out, clt_str text) {
    clti_bytes_add_char(out, '"');
    while (text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && !needs_look((unsigned char)text.data[plain]))
            plain++;
        clti_bytes_add(out, (clt_str){text.data, plain});
        text = (clt_str){text.data + plain, text.size - plain};
        if (text.size > 0)
            add_point(out, &text);
    }
    clti_bytes_add_char(out, '"');
}

/* ---- objects ------------------------------------------------------------------------------------------- */

/** An object that is being written. */
typedef struct json_writer {
    clti_bytes *out;
    bool is_indented;
    int depth;
    bool has_members; /* the innermost one */
} json_writer;

static void begin_line(json_writer *object) {
    if (!object->is_indented)
        return;
    clti_bytes_add_char(object->out, '\n');
    for (int i = 0; i < object->depth; i++)
        clti_bytes_add_text(object->out, "  ");
}

static void begin_object(json_writer *object) {
    clti_bytes_add_char(object->out, '{');
    object->depth++;
    object->has_members = false;
}

static void end_object(json_writer *object) {
    object->depth--;
    if (object->has_members)
        begin_line(object);
    clti_bytes_add_char(object->out, '}');
    object->has_members = true;
}

static void begin_member(json_writer *object, const char *name) {
    if (object->has_members)
        clti_bytes_add_char(object->out, ',');
    begin_line(object);
    clti_bytes_add_char(object->out, '"');
    clti_bytes_add_text(object->out, name);
    clti_bytes_add_text(object->out, object->is_indented ? "\": " : "\":");
    object->has_members = true;
}

static void add_text(json_writer *object, const char *name, clt_str value) {
    if (!value.data)
        return;
    begin_member(object, name);
    clti_json_add(object->out, value);
}

typedef struct text_member {
    const char *name;
    clt_str value;
} text_member;

static void add_texts(json_writer *object, const text_member *members, size_t count) {
    for (size_t i = 0; i < count; i++)
        add_text(object, members[i].name, members[i].value);
}

static void add_address(json_writer *object, const char *name, const clt_address *address) {
    if (!address)
        return;
    const text_member members[] = {
        {"country", address->country},
        {"region", address->region},
        {"city", address->city},
        {"state", address->state},
        {"addressLine1", address->address_line1},
        {"addressLine2", address->address_line2},
        {"postalCode", address->postal_code},
        {"firstName", address->first_name},
        {"middleName", address->middle_name},
        {"lastName", address->last_name},
        {"phoneNumber", address->phone_number},
    };
    begin_member(object, name);
    begin_object(object);
    add_texts(object, members, CLTI_COUNT(members));
    end_object(object);
}

static void add_company_profile(json_writer *object, const clt_company_profile *profile) {
    if (!profile)
        return;
    begin_member(object, "companyProfile");
    begin_object(object);
    add_text(object, "tenantId", profile->tenant_id);
    add_text(object, "domain", profile->domain);
    add_text(object, "companyName", profile->company_name);
    add_address(object, "address", profile->address);
    add_text(object, "email", profile->email);
    add_text(object, "organizationRegistrationNumber", profile->organization_registration_number);
    end_object(object);
}

static void add_billing_profile(json_writer *object, const clt_billing_profile *profile) {
    if (!profile)
        return;
    const text_member members[] = {
        {"id", profile->id},
        {"firstName", profile->first_name},
        {"lastName", profile->last_name},
        {"email", profile->email},
        {"culture", profile->culture},
        {"language", profile->language},
        {"companyName", profile->company_name},
    };
    begin_member(object, "billingProfile");
    begin_object(object);
    add_texts(object, members, CLTI_COUNT(members));
    add_address(object, "defaultAddress", profile->default_address);
    if (profile->etag.data) {
        begin_member(object, "attributes");
        begin_object(object);
        add_text(object, "etag", profile->etag);
        end_object(object);
    }
    end_object(object);
}

static void add_custom_domains(json_writer *object, const clt_customer *customer) {
    if (customer->custom_domain_count == 0)
        return;
    begin_member(object, "customDomains");
    clti_bytes_add_char(object->out, '[');
    object->depth++;
    for (size_t i = 0; i < customer->custom_domain_count; i++) {
        clti_bytes_add_text(object->out, i > 0 ? "," : "");
        begin_line(object);
        clti_json_add(object->out, customer->custom_domains[i]);
    }
    object->depth--;
    begin_line(object);
    clti_bytes_add_char(object->out, ']');
}

static void add_customer(json_writer *object, const clt_customer *customer) {
    begin_object(object);
    add_text(object, "id", customer->id);
    add_text(object, "commerceId", customer->commerce_id);
    add_company_profile(object, customer->company_profile);
    add_billing_profile(object, customer->billing_profile);
    add_text(object, "relationshipToPartner", customer->relationship_to_partner);
    if (customer->allow_delegated_access != CLT_ABSENT) {
        begin_member(object, "allowDelegatedAccess");
        clti_bytes_add_text(object->out, customer->allow_delegated_access == CLT_TRUE ? "true" : "false");
    }
    add_custom_domains(object, customer);
    add_text(object, "associatedPartnerId", customer->associated_partner_id);
    end_object(object);
}

static void add(clti_output *output, const clt_customer *customer, bool is_indented) {
    const clti_column_choice *columns = output->columns;
    json_writer object = {.out = &output->pending, .is_indented = is_indented};
    if (!columns->is_explicit) {
        add_customer(&object, customer);
        return;
    }
    begin_object(&object);
    for (size_t i = 0; i < columns->count; i++)
        add_text(&object, columns->items[i]->name, columns->items[i]->get(customer, &output->room));
    end_object(&object);
}

/* ---- formats ------------------------------------------------------------------------------------------- */

void clti_array_begin(clti_output *output) {
    clti_bytes_add_char(&output->pending, '[');
}

void clti_array_add(clti_output *output, const clt_customer *customer) {
    clti_bytes_add_text(&output->pending, output->count > 0 ? ",\n" : "\n");
    add(output, customer, false);
}

void clti_array_end(clti_output *output) {
    clti_bytes_add_text(&output->pending, output->count > 0 ? "\n]\n" : "]\n");
}

void clti_ndjson_add(clti_output *output, const clt_customer *customer) {
    add(output, customer, false);
    clti_bytes_add_char(&output->pending, '\n');
}

void clti_object_single(clti_output *output, const clt_customer *customer) {
    add(output, customer, true);
    clti_bytes_add_char(&output->pending, '\n');
}
