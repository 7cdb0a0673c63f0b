#include "wire/wire_private.h"

static void add_self_link(clti_buf *out, const char *head, clt_guid id, const char *tail) {
    clti_buf_add_format(
        out, "\"links\":{\"self\":{\"uri\":\"%s/customers/%s%s\",\"method\":\"GET\",\"headers\":[]}},", head,
        clti_guid_to_text(id).text, tail);
}

/* Where it stands decides how it looks. */
typedef enum place {
    ALONE,
    IN_CUSTOMER,
    IN_NEW_CUSTOMER /* the answer to its creation (api.md 4.3) */
} place;

static void add_company_profile(clti_buf *out, const clti_customer *customer, place where) {
    const clti_address *address = &customer->address;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "tenantId", customer->id);
    clti_json_add_text(out, "domain", customer->domain);
    clti_json_add_text(out, "companyName", customer->company_name);
    if (!customer->no_delegated_access && where != IN_NEW_CUSTOMER) {
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

void clti_wire_render_company_profile(const clti_customer *customer, clti_buf *out) {
    add_company_profile(out, customer, ALONE);
}

static int64_t add_billing_profile(clti_buf *out, const clti_customer *customer, place where) {
    int64_t etag = clti_customer_billing_etag(customer);
    clti_address address = customer->address;
    if (where == IN_NEW_CUSTOMER && !address.phone_number.data)
        address.phone_number = CLTI_STR("");
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", clti_customer_billing_id(customer));
    clti_json_add_text(out, "firstName", customer->first_name);
    clti_json_add_text(out, "lastName", customer->last_name);
    clti_json_add_text(out, "email", customer->email);
    clti_json_add_text(out, "culture", customer->culture);
    clti_json_add_text(out, "language", customer->language);
    clti_json_add_text(out, "companyName", customer->company_name);
    clti_json_add_address(out, "defaultAddress", &address);
    if (where != IN_NEW_CUSTOMER)
        add_self_link(out, where == ALONE ? "/v1" : "", customer->id, "/profiles/billing");
    clti_buf_add_format(out, "\"attributes\":{\"etag\":\"%lld\",\"objectType\":\"CustomerBillingProfile\"}}",
                        (long long)etag);
    return etag;
}

int64_t clti_wire_render_billing_profile(const clti_customer *customer, clti_buf *out) {
    return add_billing_profile(out, customer, ALONE);
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

static void begin_customer(clti_buf *out, const clti_customer *customer, place where) {
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", customer->id);
    clti_json_add_guid(out, "commerceId", clti_customer_commerce_id(customer));
    clti_buf_add(out, CLTI_STR("\"companyProfile\":"));
    add_company_profile(out, customer, where);
    clti_buf_add(out, CLTI_STR(",\"billingProfile\":"));
    add_billing_profile(out, customer, where);
    clti_buf_add(out, customer->relationship == CLTI_RELATIONSHIP_RESELLER
                          ? CLTI_STR(",\"relationshipToPartner\":\"reseller\",")
                          : CLTI_STR(",\"relationshipToPartner\":\"none\","));
    clti_json_add_bool(out, "allowDelegatedAccess", !customer->no_delegated_access);
}

static void end_customer(clti_buf *out) {
    clti_buf_add(out, CLTI_STR("\"attributes\":{\"objectType\":\"Customer\"}}"));
}

void clti_wire_render_customer(const clti_customer *customer, clti_buf *out) {
    begin_customer(out, customer, IN_CUSTOMER);
    if (!customer->no_delegated_access)
        add_custom_domains(out, customer);
    clti_json_add_guid(out, "associatedPartnerId", customer->associated_partner_id);
    add_self_link(out, "", customer->id, "");
    end_customer(out);
}

void clti_wire_render_new_customer(const clti_customer *customer, clti_buf *out) {
    begin_customer(out, customer, IN_NEW_CUSTOMER);
    clti_buf_add(out, CLTI_STR("\"userCredentials\":{\"userName\":\"admin\",\"password\":\"\0\"},"));
    clti_json_add_guid(out, "associatedPartnerId", customer->associated_partner_id);
    end_customer(out);
}
