#include "wire/wire_private.h"

#include <string.h>

static void add_self_link(clti_buf *out, const char *head, clt_guid id, const char *tail) {
    clti_buf_add_format(
        out, "\"links\":{\"self\":{\"uri\":\"%s/customers/%s%s\",\"method\":\"GET\",\"headers\":[]}},", head,
        clti_guid_to_text(id).text, tail);
}

void clti_wire_render_company_profile(const clti_customer *customer, clti_buf *out) {
    const clti_address *address = &customer->address;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "tenantId", customer->id);
    clti_json_add_text(out, "domain", customer->domain);
    clti_json_add_text(out, "companyName", customer->company_name);
    if (!customer->no_delegated_access) {
        /* The billing address, its state shown as region (api.md 4.2). */
        const clti_json_member_text members[] = {
            {"country", address->country},
            {"region", clti_str_is_empty(address->state) ? address->region : address->state},
            {"city", address->city},
            {"addressLine1", address->line1},
            {"addressLine2", address->line2},
            {"postalCode", address->postal_code},
            {"phoneNumber", address->phone_number},
        };
        clti_json_add_texts(out, "address", members, CLTI_COUNT(members));
        clti_json_add_text(out, "email", customer->email);
    }
    clti_json_add_text(out, "organizationRegistrationNumber", customer->registration_number);
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
    size_t start = out->size;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", clti_customer_billing_id(customer));
    clti_json_add_text(out, "firstName", customer->first_name);
    clti_json_add_text(out, "lastName", customer->last_name);
    clti_json_add_text(out, "email", customer->email);
    clti_json_add_text(out, "culture", customer->culture);
    clti_json_add_text(out, "language", customer->language);
    clti_json_add_text(out, "companyName", customer->company_name);
    clti_json_add_address(out, "defaultAddress", &customer->address);
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
    clti_json_end(out, ']');
}

void clti_wire_render_customer(const clti_customer *customer, clti_buf *out) {
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", customer->id);
    clti_json_add_guid(out, "commerceId", clti_customer_commerce_id(customer));
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
    clti_json_add_guid(out, "associatedPartnerId", customer->associated_partner_id);
    add_self_link(out, "", customer->id, "");
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"Customer\"}}"));
}
