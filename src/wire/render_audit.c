/* What audit records keep of a resource, in the original's own form: a .NET object written out. */
#include "wire/wire.h"

/* Members come with a comma behind each; an object's last one, `Attributes`, has none. */
static void add_name(clti_buf *out, const char *name) {
    clti_buf_add_format(out, "\"%s\":", name);
}

static void add_text(clti_buf *out, const char *name, clt_str text) {
    add_name(out, name);
    if (clti_str_is_empty(text))
        clti_buf_add(out, CLTI_STR("null"));
    else
        clti_json_add_string(out, text);
    clti_buf_add_char(out, ',');
}

static void add_guid(clti_buf *out, const char *name, clt_guid id) {
    clti_guid_text text = clti_guid_to_text(id);
    add_text(out, name, clti_guid_is_absent(id) ? (clt_str){NULL, 0} : clti_str(text.text));
}

static void add_literal(clti_buf *out, const char *name, const char *value) {
    clti_buf_add_format(out, "\"%s\":%s,", name, value);
}

static void end_object(clti_buf *out, const char *type) {
    clti_buf_add_format(out, "\"Attributes\":{\"ObjectType\":\"%s\"}}", type);
}

static void add_company_profile(clti_buf *out, const clti_customer *customer) {
    clti_buf_add(out, CLTI_STR("\"CompanyProfile\":{"));
    add_guid(out, "TenantId", customer->id);
    add_text(out, "Domain", customer->domain);
    add_text(out, "CompanyName", customer->company_name);
    add_literal(out, "Address", "null");
    add_literal(out, "Email", "null");
    add_text(out, "OrganizationRegistrationNumber", customer->registration_number);
    end_object(out, "CustomerCompanyProfile");
    clti_buf_add_char(out, ',');
}

static void add_address(clti_buf *out, const clti_address *address) {
    clti_buf_add(out, CLTI_STR("\"DefaultAddress\":{"));
    add_text(out, "Country", address->country);
    add_text(out, "Region", address->region);
    add_text(out, "City", address->city);
    add_text(out, "State", address->state);
    add_text(out, "AddressLine1", address->line1);
    add_text(out, "AddressLine2", address->line2);
    add_text(out, "AddressLine3", address->line3);
    add_text(out, "District", address->district);
    add_text(out, "PostalCode", address->postal_code);
    add_text(out, "FirstName", address->first_name);
    add_text(out, "MiddleName", address->middle_name);
    add_text(out, "LastName", address->last_name);
    add_text(out, "PhoneNumber", address->phone_number);
    add_text(out, "EmailAddress", address->email);
    out->size -= clti_buf_ok(out);
    clti_buf_add(out, CLTI_STR("},"));
}

void clti_wire_render_audit_billing_profile(const clti_customer *customer, clti_buf *out) {
    clti_buf_add_char(out, '{');
    add_guid(out, "Id", clti_customer_billing_id(customer));
    add_text(out, "FirstName", customer->first_name);
    add_text(out, "LastName", customer->last_name);
    add_text(out, "Email", customer->email);
    add_text(out, "Culture", customer->culture);
    add_text(out, "Language", customer->language);
    add_text(out, "CompanyName", customer->company_name);
    add_address(out, &customer->address);
    end_object(out, "CustomerBillingProfile");
}

void clti_wire_render_audit_customer(const clti_customer *customer, bool is_new, clti_buf *out) {
    bool is_reseller = customer->relationship == CLTI_RELATIONSHIP_RESELLER;
    clti_buf_add_char(out, '{');
    add_guid(out, "Id", customer->id);
    add_guid(out, "CommerceId", clti_customer_commerce_id(customer));
    add_company_profile(out, customer);
    add_name(out, "BillingProfile");
    clti_wire_render_audit_billing_profile(customer, out);
    clti_buf_add_char(out, ',');
    add_literal(out, "RelationshipToPartner", is_reseller ? "\"Reseller\"" : "\"None\"");
    add_literal(out, "AllowDelegatedAccess", customer->no_delegated_access ? "false" : "true");
    add_literal(out, "UserCredentials", is_new ? "{\"UserName\":\"admin\",\"Password\":\"\"}" : "null");
    add_literal(out, "CustomDomains", "null");
    add_guid(out, "AssociatedPartnerId", customer->associated_partner_id);
    end_object(out, "Customer");
}

void clti_wire_render_audit_relationship(const clti_partner *reseller, clti_buf *out) {
    clti_buf_add_char(out, '{');
    add_guid(out, "Id", reseller->id);
    add_text(out, "Name", reseller->name);
    add_literal(out, "RelationshipType", "\"IsIndirectCloudSolutionProviderOf\"");
    add_literal(out, "State", "\"Active\"");
    add_text(out, "MpnId", reseller->mpn_id);
    add_text(out, "Location", reseller->country);
    end_object(out, "PartnerRelationship");
}
