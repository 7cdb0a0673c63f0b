/* Members of the service's resources and their places in the public structs (api.md 3). */
#include "sdk/shapes_private.h"

static const clt_address NO_ADDRESS;
static const clti_shape_member ADDRESS_MEMBERS[] = {
    CLTI_TEXT(clt_address, "country", country),
    CLTI_TEXT(clt_address, "region", region),
    CLTI_TEXT(clt_address, "city", city),
    CLTI_TEXT(clt_address, "state", state),
    CLTI_TEXT(clt_address, "addressLine1", address_line1),
    CLTI_TEXT(clt_address, "addressLine2", address_line2),
    CLTI_TEXT(clt_address, "postalCode", postal_code),
    CLTI_TEXT(clt_address, "firstName", first_name),
    CLTI_TEXT(clt_address, "middleName", middle_name),
    CLTI_TEXT(clt_address, "lastName", last_name),
    CLTI_TEXT(clt_address, "phoneNumber", phone_number),
};
const clti_shape CLTI_ADDRESS_SHAPE = CLTI_SHAPE(clt_address, ADDRESS_MEMBERS, &NO_ADDRESS);

static const clt_company_profile NO_COMPANY;
static const clti_shape_member COMPANY_MEMBERS[] = {
    CLTI_TEXT(clt_company_profile, "tenantId", tenant_id),
    CLTI_TEXT(clt_company_profile, "domain", domain),
    CLTI_TEXT(clt_company_profile, "companyName", company_name),
    CLTI_SKIP("attributes"),
    CLTI_OBJECT(clt_company_profile, "address", address, &CLTI_ADDRESS_SHAPE),
    CLTI_TEXT(clt_company_profile, "email", email),
    CLTI_TEXT(clt_company_profile, "organizationRegistrationNumber", organization_registration_number),
    CLTI_SKIP("links"),
};
const clti_shape CLTI_COMPANY_SHAPE = CLTI_SHAPE(clt_company_profile, COMPANY_MEMBERS, &NO_COMPANY);

static const clt_billing_profile NO_BILLING;
static const clti_shape_member BILLING_ATTRIBUTES_MEMBERS[] = {CLTI_WORD(clt_billing_profile, "etag", etag)};
static const clti_shape BILLING_ATTRIBUTES =
    CLTI_SHAPE(clt_billing_profile, BILLING_ATTRIBUTES_MEMBERS, &NO_BILLING);
static const clti_shape_member BILLING_MEMBERS[] = {
    CLTI_TEXT(clt_billing_profile, "id", id),
    CLTI_TEXT(clt_billing_profile, "firstName", first_name),
    CLTI_TEXT(clt_billing_profile, "lastName", last_name),
    CLTI_TEXT(clt_billing_profile, "email", email),
    CLTI_TEXT(clt_billing_profile, "culture", culture),
    CLTI_TEXT(clt_billing_profile, "language", language),
    CLTI_TEXT(clt_billing_profile, "companyName", company_name),
    CLTI_OBJECT(clt_billing_profile, "defaultAddress", default_address, &CLTI_ADDRESS_SHAPE),
    CLTI_PART("attributes", &BILLING_ATTRIBUTES),
};
const clti_shape CLTI_BILLING_SHAPE = CLTI_SHAPE(clt_billing_profile, BILLING_MEMBERS, &NO_BILLING);

static const clt_user_credentials NO_CREDENTIALS;
static const clti_shape_member CREDENTIALS_MEMBERS[] = {
    CLTI_TEXT(clt_user_credentials, "userName", user_name),
    CLTI_TEXT(clt_user_credentials, "password", password),
};
static const clti_shape CREDENTIALS = CLTI_SHAPE(clt_user_credentials, CREDENTIALS_MEMBERS, &NO_CREDENTIALS);

static const clt_customer NO_CUSTOMER = {.allow_delegated_access = CLT_ABSENT};
static const clti_shape_member CUSTOMER_MEMBERS[] = {
    CLTI_TEXT(clt_customer, "id", id),
    CLTI_TEXT(clt_customer, "commerceId", commerce_id),
    CLTI_OBJECT(clt_customer, "companyProfile", company_profile, &CLTI_COMPANY_SHAPE),
    CLTI_OBJECT(clt_customer, "billingProfile", billing_profile, &CLTI_BILLING_SHAPE),
    CLTI_WORD(clt_customer, "relationshipToPartner", relationship_to_partner),
    CLTI_SKIP("attributes"),
    CLTI_FLAG(clt_customer, "allowDelegatedAccess", allow_delegated_access),
    CLTI_OBJECT(clt_customer, "userCredentials", user_credentials, &CREDENTIALS),
    CLTI_TEXTS(clt_customer, "customDomains", custom_domains, custom_domain_count),
    CLTI_TEXT(clt_customer, "associatedPartnerId", associated_partner_id),
    CLTI_SKIP("links"),
};
const clti_shape CLTI_CUSTOMER_SHAPE = CLTI_SHAPE(clt_customer, CUSTOMER_MEMBERS, &NO_CUSTOMER);

static const clti_link_header NO_HEADER;
static const clti_shape_member HEADER_MEMBERS[] = {
    CLTI_TEXT(clti_link_header, "key", key),
    CLTI_TEXT(clti_link_header, "value", value),
};
static const clti_shape HEADER = CLTI_SHAPE(clti_link_header, HEADER_MEMBERS, &NO_HEADER);

static const clti_page_link NO_LINK;
static const clti_shape_member LINK_MEMBERS[] = {
    CLTI_TEXT(clti_page_link, "uri", uri),
    CLTI_SKIP("method"),
    CLTI_OBJECTS(clti_page_link, "headers", headers, header_count, &HEADER),
};
static const clti_shape LINK = CLTI_SHAPE(clti_page_link, LINK_MEMBERS, &NO_LINK);

static const clti_collection NO_COLLECTION;
static const clti_shape_member LINKS_MEMBERS[] = {
    CLTI_SKIP("self"),
    CLTI_OBJECT(clti_collection, "next", next, &LINK),
    CLTI_OBJECT(clti_collection, "previous", previous, &LINK),
};
static const clti_shape LINKS = CLTI_SHAPE(clti_collection, LINKS_MEMBERS, &NO_COLLECTION);

static const clti_shape_member COLLECTION_MEMBERS[] = {
    CLTI_WORD(clti_collection, "continuationToken", continuation_token),
    CLTI_NUMBER(clti_collection, "totalCount", total_count),
    CLTI_PART("links", &LINKS),
    CLTI_SKIP("attributes"),
    {CLTI_NAME("items"), CLTI_SHAPE_OBJECTS, true, offsetof(clti_collection, items),
     offsetof(clti_collection, item_count), &CLTI_CUSTOMER_SHAPE},
};
const clti_shape CLTI_CUSTOMERS_SHAPE = CLTI_SHAPE(clti_collection, COLLECTION_MEMBERS, &NO_COLLECTION);
/* All but the items, which stand last for this. */
const clti_shape CLTI_PAGE_SHAPE = {COLLECTION_MEMBERS, CLTI_COUNT(COLLECTION_MEMBERS) - 1,
                                    sizeof(clti_collection), &NO_COLLECTION};
