/* Members of the service's resources and their places in the public structs (api.md 3). */
#include "sdk/resources_private.h"

#include <stddef.h>

#define NAME(literal)                                                                                        \
    { literal, sizeof(literal) - 1 }
#define TEXT(type, name, member)                                                                             \
    { NAME(name), CLTI_SHAPE_TEXT, false, offsetof(type, member), 0, NULL }
#define WORD(type, name, member)                                                                             \
    { NAME(name), CLTI_SHAPE_WORD, false, offsetof(type, member), 0, NULL }
#define SKIP(name)                                                                                           \
    { NAME(name), CLTI_SHAPE_SKIP, false, 0, 0, NULL }
#define SHAPE(type, members, blank)                                                                          \
    { members, CLTI_COUNT(members), sizeof(type), blank }

static const clt_address NO_ADDRESS;
static const clti_shape_member ADDRESS_MEMBERS[] = {
    TEXT(clt_address, "country", country),
    TEXT(clt_address, "region", region),
    TEXT(clt_address, "city", city),
    TEXT(clt_address, "state", state),
    TEXT(clt_address, "addressLine1", address_line1),
    TEXT(clt_address, "addressLine2", address_line2),
    TEXT(clt_address, "postalCode", postal_code),
    TEXT(clt_address, "firstName", first_name),
    TEXT(clt_address, "middleName", middle_name),
    TEXT(clt_address, "lastName", last_name),
    TEXT(clt_address, "phoneNumber", phone_number),
};
static const clti_shape ADDRESS = SHAPE(clt_address, ADDRESS_MEMBERS, &NO_ADDRESS);

static const clt_company_profile NO_COMPANY;
static const clti_shape_member COMPANY_MEMBERS[] = {
    TEXT(clt_company_profile, "tenantId", tenant_id),
    TEXT(clt_company_profile, "domain", domain),
    TEXT(clt_company_profile, "companyName", company_name),
    SKIP("attributes"),
    {NAME("address"), CLTI_SHAPE_OBJECT, false, offsetof(clt_company_profile, address), 0, &ADDRESS},
    TEXT(clt_company_profile, "email", email),
    TEXT(clt_company_profile, "organizationRegistrationNumber", organization_registration_number),
    SKIP("links"),
};
static const clti_shape COMPANY = SHAPE(clt_company_profile, COMPANY_MEMBERS, &NO_COMPANY);

static const clt_billing_profile NO_BILLING;
static const clti_shape_member BILLING_ATTRIBUTES_MEMBERS[] = {WORD(clt_billing_profile, "etag", etag)};
static const clti_shape BILLING_ATTRIBUTES =
    SHAPE(clt_billing_profile, BILLING_ATTRIBUTES_MEMBERS, &NO_BILLING);
static const clti_shape_member BILLING_MEMBERS[] = {
    TEXT(clt_billing_profile, "id", id),
    TEXT(clt_billing_profile, "firstName", first_name),
    TEXT(clt_billing_profile, "lastName", last_name),
    TEXT(clt_billing_profile, "email", email),
    TEXT(clt_billing_profile, "culture", culture),
    TEXT(clt_billing_profile, "language", language),
    TEXT(clt_billing_profile, "companyName", company_name),
    {NAME("defaultAddress"), CLTI_SHAPE_OBJECT, false, offsetof(clt_billing_profile, default_address), 0,
     &ADDRESS},
    {NAME("attributes"), CLTI_SHAPE_PART, false, 0, 0, &BILLING_ATTRIBUTES},
};
static const clti_shape BILLING = SHAPE(clt_billing_profile, BILLING_MEMBERS, &NO_BILLING);

static const clt_user_credentials NO_CREDENTIALS;
static const clti_shape_member CREDENTIALS_MEMBERS[] = {
    TEXT(clt_user_credentials, "userName", user_name),
    TEXT(clt_user_credentials, "password", password),
};
static const clti_shape CREDENTIALS = SHAPE(clt_user_credentials, CREDENTIALS_MEMBERS, &NO_CREDENTIALS);

static const clt_customer NO_CUSTOMER = {.allow_delegated_access = CLT_ABSENT};
static const clti_shape_member CUSTOMER_MEMBERS[] = {
    TEXT(clt_customer, "id", id),
    TEXT(clt_customer, "commerceId", commerce_id),
    {NAME("companyProfile"), CLTI_SHAPE_OBJECT, false, offsetof(clt_customer, company_profile), 0, &COMPANY},
    {NAME("billingProfile"), CLTI_SHAPE_OBJECT, false, offsetof(clt_customer, billing_profile), 0, &BILLING},
    WORD(clt_customer, "relationshipToPartner", relationship_to_partner),
    SKIP("attributes"),
    {NAME("allowDelegatedAccess"), CLTI_SHAPE_FLAG, false, offsetof(clt_customer, allow_delegated_access), 0,
     NULL},
    {NAME("userCredentials"), CLTI_SHAPE_OBJECT, false, offsetof(clt_customer, user_credentials), 0,
     &CREDENTIALS},
    {NAME("customDomains"), CLTI_SHAPE_TEXTS, false, offsetof(clt_customer, custom_domains),
     offsetof(clt_customer, custom_domain_count), NULL},
    TEXT(clt_customer, "associatedPartnerId", associated_partner_id),
    SKIP("links"),
};
const clti_shape CLTI_CUSTOMER_SHAPE = SHAPE(clt_customer, CUSTOMER_MEMBERS, &NO_CUSTOMER);

static const clti_link_header NO_HEADER;
static const clti_shape_member HEADER_MEMBERS[] = {
    TEXT(clti_link_header, "key", key),
    TEXT(clti_link_header, "value", value),
};
static const clti_shape HEADER = SHAPE(clti_link_header, HEADER_MEMBERS, &NO_HEADER);

static const clti_page_link NO_LINK;
static const clti_shape_member LINK_MEMBERS[] = {
    TEXT(clti_page_link, "uri", uri),
    SKIP("method"),
    {NAME("headers"), CLTI_SHAPE_OBJECTS, false, offsetof(clti_page_link, headers),
     offsetof(clti_page_link, header_count), &HEADER},
};
static const clti_shape LINK = SHAPE(clti_page_link, LINK_MEMBERS, &NO_LINK);

static const clti_collection NO_COLLECTION;
static const clti_shape_member LINKS_MEMBERS[] = {
    SKIP("self"),
    {NAME("next"), CLTI_SHAPE_OBJECT, false, offsetof(clti_collection, next), 0, &LINK},
    {NAME("previous"), CLTI_SHAPE_OBJECT, false, offsetof(clti_collection, previous), 0, &LINK},
};
static const clti_shape LINKS = SHAPE(clti_collection, LINKS_MEMBERS, &NO_COLLECTION);

static const clti_shape_member COLLECTION_MEMBERS[] = {
    WORD(clti_collection, "continuationToken", continuation_token),
    {NAME("totalCount"), CLTI_SHAPE_NUMBER, false, offsetof(clti_collection, total_count), 0, NULL},
    {NAME("links"), CLTI_SHAPE_PART, false, 0, 0, &LINKS},
    SKIP("attributes"),
    {NAME("items"), CLTI_SHAPE_OBJECTS, true, offsetof(clti_collection, items),
     offsetof(clti_collection, item_count), &CLTI_CUSTOMER_SHAPE},
};
const clti_shape CLTI_CUSTOMERS_SHAPE = SHAPE(clti_collection, COLLECTION_MEMBERS, &NO_COLLECTION);
/* All but the items, which stand last for this. */
const clti_shape CLTI_PAGE_SHAPE = {COLLECTION_MEMBERS, CLTI_COUNT(COLLECTION_MEMBERS) - 1,
                                    sizeof(clti_collection), &NO_COLLECTION};
