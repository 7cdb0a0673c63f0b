#include "wire/wire.h"

#include <string.h>

/* Members are written with a comma behind each; the end of an object takes the last one back. */
static void end_object(clti_buf *out, char bracket) {
    if (out->size && out->data[out->size - 1] == ',')
        out->size--;
    clti_buf_add_char(out, bracket);
    clti_buf_add_char(out, ',');
}

static void add_text(clti_buf *out, const char *name, clt_str text) {
    if (clti_str_is_empty(text))
        return;
    clti_buf_add_format(out, "\"%s\":", name);
    clti_json_add_string(out, text);
    clti_buf_add_char(out, ',');
}

static void add_guid(clti_buf *out, const char *name, clt_guid guid) {
    if (!clti_guid_is_absent(guid))
        clti_buf_add_format(out, "\"%s\":\"%s\",", name, clti_guid_to_text(guid).text);
}

static void add_self_link(clti_buf *out, const char *head, clt_guid id, const char *tail) {
    clti_buf_add_format(
        out, "\"links\":{\"self\":{\"uri\":\"%s/customers/%s%s\",\"method\":\"GET\",\"headers\":[]}},", head,
        clti_guid_to_text(id).text, tail);
}

typedef struct text_member {
    const char *name;
    clt_str text;
} text_member;

/* An object of texts, left out as a whole if all are absent. */
static void add_texts(clti_buf *out, const char *name, const text_member *members, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= !clti_str_is_empty(members[i].text);
    if (!any)
        return;
    clti_buf_add_format(out, "\"%s\":{", name);
    for (size_t i = 0; i < count; i++)
        add_text(out, members[i].name, members[i].text);
    end_object(out, '}');
}

void clti_wire_render_company_profile(const clti_customer *customer, clti_buf *out) {
    const clti_address *address = &customer->address;
    clti_buf_add_char(out, '{');
    add_guid(out, "tenantId", customer->id);
    add_text(out, "domain", customer->domain);
    add_text(out, "companyName", customer->company_name);
    if (!customer->no_delegated_access) {
        /* The billing address, its state shown as region (api.md 4.2). */
        const text_member members[] = {
            {"country", address->country},
            {"region", clti_str_is_empty(address->state) ? address->region : address->state},
            {"city", address->city},
            {"addressLine1", address->line1},
            {"addressLine2", address->line2},
            {"postalCode", address->postal_code},
            {"phoneNumber", address->phone_number},
        };
        add_texts(out, "address", members, CLTI_COUNT(members));
        add_text(out, "email", customer->email);
    }
    add_text(out, "organizationRegistrationNumber", customer->registration_number);
    add_self_link(out, "", customer->id, "/profiles/company");
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"CustomerCompanyProfile\"}}"));
}

/* A tag that changes whenever the profile does: the profile's own text, hashed. */
static int64_t billing_etag(const clti_buf *out, size_t start) {
    uint8_t hash[CLTI_SHA256_SIZE];
    int64_t tag;
    if (!clti_buf_ok(out))
        return 0;
    clti_sha256((clt_str){out->data + start, out->size - start}, hash);
    memcpy(&tag, hash, sizeof(tag));
    return tag;
}

static int64_t add_billing_profile(clti_buf *out, const clti_customer *customer, const char *link_head) {
    const clti_address *address = &customer->address;
    const text_member members[] = {
        {"country", address->country},
        {"region", address->region},
        {"city", address->city},
        {"state", address->state},
        {"addressLine1", address->line1},
        {"addressLine2", address->line2},
        {"postalCode", address->postal_code},
        {"firstName", address->first_name},
        {"middleName", address->middle_name},
        {"lastName", address->last_name},
        {"phoneNumber", address->phone_number},
        {"id", address->id},
        {"district", address->district},
        {"addressLine3", address->line3},
        {"emailAddress", address->email},
    };
    size_t start = out->size;
    clti_buf_add_char(out, '{');
    add_guid(out, "id", clti_customer_billing_id(customer));
    add_text(out, "firstName", customer->first_name);
    add_text(out, "lastName", customer->last_name);
    add_text(out, "email", customer->email);
    add_text(out, "culture", customer->culture);
    add_text(out, "language", customer->language);
    add_text(out, "companyName", customer->company_name);
    add_texts(out, "defaultAddress", members, CLTI_COUNT(members));
    int64_t etag = billing_etag(out, start);
    add_self_link(out, link_head, customer->id, "/profiles/billing");
    clti_buf_add_format(out, "\"attributes\":{\"etag\":\"%lld\",\"objectType\":\"CustomerBillingProfile\"}}",
                        (long long)etag);
    return etag;
}

int64_t clti_wire_render_billing_profile(const clti_customer *customer, clti_buf *out) {
    return add_billing_profile(out, customer, "/v1");
}

static void add_custom_domains(clti_buf *out, const clti_customer *customer) {
    clt_str rest = clti_str_is_empty(customer->custom_domains) ? customer->domain : customer->custom_domains;
    clti_buf_add(out, CLTI_STR("\"customDomains\":["));
    while (rest.data) {
        clti_json_add_string(out, clti_str_cut(rest, ' ', &rest));
        clti_buf_add_char(out, ',');
    }
    end_object(out, ']');
}

void clti_wire_render_customer(const clti_customer *customer, clti_buf *out) {
    clti_buf_add_char(out, '{');
    add_guid(out, "id", customer->id);
    add_guid(out, "commerceId", clti_customer_commerce_id(customer));
    clti_buf_add(out, CLTI_STR("\"companyProfile\":"));
    clti_wire_render_company_profile(customer, out);
    clti_buf_add(out, CLTI_STR(",\"billingProfile\":"));
    add_billing_profile(out, customer, "");
    clti_buf_add(out, customer->relationship == CLTI_RELATIONSHIP_RESELLER
                          ? CLTI_STR(",\"relationshipToPartner\":\"reseller\",")
                          : CLTI_STR(",\"relationshipToPartner\":\"none\","));
    clti_buf_add(out, customer->no_delegated_access ? CLTI_STR("\"allowDelegatedAccess\":false,")
                                                    : CLTI_STR("\"allowDelegatedAccess\":true,"));
    if (!customer->no_delegated_access)
        add_custom_domains(out, customer);
    add_guid(out, "associatedPartnerId", customer->associated_partner_id);
    add_self_link(out, "", customer->id, "");
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"Customer\"}}"));
}
