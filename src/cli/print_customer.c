/* A customer as the service writes it. */
#include "cli/output_private.h"

void clti_printer_address(clti_printer *object, const clt_address *address) {
    const clti_printer_member members[] = {
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
    clti_printer_begin(object);
    clti_printer_texts(object, members, CLTI_COUNT(members));
    clti_printer_end(object);
}

static void add_address(clti_printer *object, const char *name, const clt_address *address) {
    if (!address)
        return;
    clti_printer_name(object, name);
    clti_printer_address(object, address);
}

static void add_company_profile(clti_printer *object, const clt_company_profile *profile) {
    if (!profile)
        return;
    clti_printer_name(object, "companyProfile");
    clti_printer_begin(object);
    clti_printer_text(object, "tenantId", profile->tenant_id);
    clti_printer_text(object, "domain", profile->domain);
    clti_printer_text(object, "companyName", profile->company_name);
    add_address(object, "address", profile->address);
    clti_printer_text(object, "email", profile->email);
    clti_printer_text(object, "organizationRegistrationNumber", profile->organization_registration_number);
    clti_printer_end(object);
}

static void add_billing_profile(clti_printer *object, const clt_billing_profile *profile) {
    if (!profile)
        return;
    const clti_printer_member members[] = {
        {"id", profile->id},
        {"firstName", profile->first_name},
        {"lastName", profile->last_name},
        {"email", profile->email},
        {"culture", profile->culture},
        {"language", profile->language},
        {"companyName", profile->company_name},
    };
    clti_printer_name(object, "billingProfile");
    clti_printer_begin(object);
    clti_printer_texts(object, members, CLTI_COUNT(members));
    add_address(object, "defaultAddress", profile->default_address);
    if (profile->etag.data) {
        clti_printer_name(object, "attributes");
        clti_printer_begin(object);
        clti_printer_text(object, "etag", profile->etag);
        clti_printer_end(object);
    }
    clti_printer_end(object);
}

static void add_custom_domains(clti_printer *object, const clt_customer *customer) {
    if (customer->custom_domain_count == 0)
        return;
    clti_printer_name(object, "customDomains");
    clti_printer_begin_array(object);
    for (size_t i = 0; i < customer->custom_domain_count; i++) {
        clti_printer_item(object);
        clti_json_add(object->out, customer->custom_domains[i]);
    }
    clti_printer_end_array(object);
}

static void add_credentials(clti_printer *object, const clt_user_credentials *credentials) {
    if (!credentials)
        return;
    clti_printer_name(object, "userCredentials");
    clti_printer_begin(object);
    clti_printer_text(object, "userName", credentials->user_name);
    clti_printer_text(object, "password", credentials->password);
    clti_printer_end(object);
}

void clti_printer_customer(clti_printer *object, const void *item) {
    const clt_customer *customer = item;
    clti_printer_text(object, "id", customer->id);
    clti_printer_text(object, "commerceId", customer->commerce_id);
    add_company_profile(object, customer->company_profile);
    add_billing_profile(object, customer->billing_profile);
    clti_printer_text(object, "relationshipToPartner", customer->relationship_to_partner);
    if (customer->allow_delegated_access != CLT_ABSENT) {
        clti_printer_name(object, "allowDelegatedAccess");
        clti_bytes_add_text(object->out, customer->allow_delegated_access == CLT_TRUE ? "true" : "false");
    }
    add_custom_domains(object, customer);
    clti_printer_text(object, "associatedPartnerId", customer->associated_partner_id);
    add_credentials(object, customer->user_credentials);
}
