#include "model/customer.h"
#include "model/country_rules.h"

#include <string.h>

/* Where the contract gives no length (api.md 3.4); states are kept as given, whatever their length in rules.
 */
#define DEFAULT_MAX     128
#define NAME_MAX_POINTS 200
#define DOMAIN_MAX      253

#define AT(field) offsetof(clti_customer, field)
#define TEXT(path_and_name, field, max, tag)                                                                 \
    { path_and_name, CLTI_MEMBER_TEXT, false, AT(field), max, tag }
#define ALIAS(path_and_name, kind, field, max)                                                               \
    { path_and_name, kind, true, AT(field), max, 0 }
#define PROFILE(word, name) "companyProfile." word, "CompanyProfile." name
#define BILLING(word, name) "billingProfile." word, "BillingProfile." name
#define ADDRESS(word, name) CLTI_ADDRESS_PATH word, "BillingProfile.DefaultAddress." name

/* Tags are part of the stored format: never change or reuse one. 1 to 15 belong to members that are no texts.
 */
const clti_customer_member CLTI_CUSTOMER_MEMBERS[] = {
    {"id", "Id", CLTI_MEMBER_GUID, false, AT(id), 0, 0},
    {"commerceId", "CommerceId", CLTI_MEMBER_GUID, false, AT(commerce_id), 0, 0},
    {"associatedPartnerId", "AssociatedPartnerId", CLTI_MEMBER_GUID, false, AT(associated_partner_id), 0, 0},
    {"billingProfile.id", "BillingProfile.Id", CLTI_MEMBER_GUID, false, AT(billing_id), 0, 0},
    {"relationshipToPartner", "RelationshipToPartner", CLTI_MEMBER_RELATIONSHIP, false, AT(relationship), 0,
     0},
    {"allowDelegatedAccess", "AllowDelegatedAccess", CLTI_MEMBER_DELEGATED_ACCESS, false,
     AT(no_delegated_access), 0, 0},
    {"customDomains", "CustomDomains", CLTI_MEMBER_WORDS, false, AT(custom_domains), 4096, 16},
    TEXT(PROFILE("domain", "Domain"), domain, DOMAIN_MAX, 17),
    TEXT(PROFILE("companyName", "CompanyName"), company_name, NAME_MAX_POINTS, 18),
    TEXT(PROFILE("organizationRegistrationNumber", "OrganizationRegistrationNumber"), registration_number,
         DEFAULT_MAX, 19),
    TEXT(BILLING("firstName", "FirstName"), first_name, 50, 20),
    TEXT(BILLING("lastName", "LastName"), last_name, 50, 21),
    TEXT(BILLING("email", "Email"), email, DEFAULT_MAX, 22),
    TEXT(BILLING("culture", "Culture"), culture, DEFAULT_MAX, 23),
    TEXT(BILLING("language", "Language"), language, DEFAULT_MAX, 24),
    TEXT(ADDRESS("id", "Id"), address.id, DEFAULT_MAX, 25),
    TEXT(ADDRESS("country", "Country"), address.country, 2, 26),
    TEXT(ADDRESS("region", "Region"), address.region, DEFAULT_MAX, 27),
    TEXT(ADDRESS("city", "City"), address.city, DEFAULT_MAX, 28),
    TEXT(ADDRESS("state", "State"), address.state, DEFAULT_MAX, 29),
    TEXT(ADDRESS("addressLine1", "AddressLine1"), address.line1, 200, 30),
    TEXT(ADDRESS("addressLine2", "AddressLine2"), address.line2, 200, 31),
    TEXT(ADDRESS("addressLine3", "AddressLine3"), address.line3, 200, 32),
    TEXT(ADDRESS("district", "District"), address.district, DEFAULT_MAX, 33),
    TEXT(ADDRESS("postalCode", "PostalCode"), address.postal_code, DEFAULT_MAX, 34),
    TEXT(ADDRESS("firstName", "FirstName"), address.first_name, 50, 35),
    TEXT(ADDRESS("middleName", "MiddleName"), address.middle_name, 50, 36),
    TEXT(ADDRESS("lastName", "LastName"), address.last_name, 50, 37),
    TEXT(ADDRESS("phoneNumber", "PhoneNumber"), address.phone_number, DEFAULT_MAX, 38),
    TEXT(ADDRESS("emailAddress", "EmailAddress"), address.email, DEFAULT_MAX, 39),
    ALIAS(PROFILE("tenantId", "TenantId"), CLTI_MEMBER_GUID, id, 0),
    ALIAS(BILLING("companyName", "CompanyName"), CLTI_MEMBER_TEXT, company_name, NAME_MAX_POINTS),
};
const size_t CLTI_CUSTOMER_MEMBER_COUNT = CLTI_COUNT(CLTI_CUSTOMER_MEMBERS);

const clti_customer_member *clti_customer_member_find(clt_str path) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++)
        if (clti_str_equal_nocase(clti_str(CLTI_CUSTOMER_MEMBERS[i].path), path))
            return &CLTI_CUSTOMER_MEMBERS[i];
    return NULL;
}

const clti_customer_member *clti_customer_member_at(size_t offset) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++)
        if (CLTI_CUSTOMER_MEMBERS[i].offset == offset)
            return &CLTI_CUSTOMER_MEMBERS[i];
    clti_assert(false); /* a place that is no member's */
    return NULL;
}

static void *place(clti_customer *customer, const clti_customer_member *member) {
    return (char *)customer + member->offset;
}

clt_str *clti_customer_text(clti_customer *customer, const clti_customer_member *member) {
    clti_assert(member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS);
    return place(customer, member);
}

clt_guid *clti_customer_guid(clti_customer *customer, const clti_customer_member *member) {
    clti_assert(member->kind == CLTI_MEMBER_GUID);
    return place(customer, member);
}

/* ---- setting members ---------------------------------------------------------------------------------- */

static bool refuse(clti_fault *fault, const clti_customer_member *member, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, member->name, "%s %s.", member->path, why);
}

static bool set_text(clti_customer *customer, const clti_customer_member *member, clt_str value,
                     clti_fault *fault) {
    size_t points;
    clt_str *text = clti_customer_text(customer, member);
    if (!clti_text_check(value, &points))
        return refuse(fault, member, "is not valid UTF-8");
    if (clti_text_has_control(value))
        return refuse(fault, member, "contains a control character");
    if (points > member->code_points_max)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, member->name,
                              "%s is longer than %zu characters.", member->path, member->code_points_max);
    if (!member->is_alias || !text->data)
        *text = value;
    return true;
}

static bool set_guid(clti_customer *customer, const clti_customer_member *member, clt_str value,
                     clti_fault *fault) {
    clt_guid read, *guid = clti_customer_guid(customer, member);
    if (!clti_guid_parse(value, &read) || clti_guid_is_absent(read))
        return refuse(fault, member, "is not a GUID");
    if (!member->is_alias || clti_guid_is_absent(*guid))
        *guid = read;
    return true;
}

bool clti_customer_set(clti_customer *customer, const clti_customer_member *member, clt_str value,
                       clti_fault *fault) {
    if (clti_str_is_empty(value))
        return true;
    switch (member->kind) {
    case CLTI_MEMBER_TEXT:
    case CLTI_MEMBER_WORDS:
        return set_text(customer, member, value, fault);
    case CLTI_MEMBER_GUID:
        return set_guid(customer, member, value, fault);
    case CLTI_MEMBER_RELATIONSHIP:
        /* Every living relationship is served as `reseller` (api.md 3.1); only `none` means removed. */
        customer->relationship = clti_str_equal_nocase(value, CLTI_STR("none")) ? CLTI_RELATIONSHIP_NONE
                                                                                : CLTI_RELATIONSHIP_RESELLER;
        return true;
    case CLTI_MEMBER_DELEGATED_ACCESS:
        if (!clti_str_equal_nocase(value, CLTI_STR("true")) &&
            !clti_str_equal_nocase(value, CLTI_STR("false")))
            return refuse(fault, member, "is neither true nor false");
        customer->no_delegated_access = clti_str_equal_nocase(value, CLTI_STR("false"));
        return true;
    }
    return true;
}

/* ---- completing --------------------------------------------------------------------------------------- */

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool label_is_valid(clt_str label) {
    if (label.size == 0 || label.size > 63 || !is_letter_or_digit(label.data[0]) ||
        !is_letter_or_digit(label.data[label.size - 1]))
        return false;
    for (size_t i = 0; i < label.size; i++)
        if (!is_letter_or_digit(label.data[i]) && label.data[i] != '-')
            return false;
    return true;
}

bool clti_domain_is_valid(clt_str domain) {
    size_t labels = 0;
    if (domain.size > DOMAIN_MAX)
        return false;
    for (clt_str rest = domain; rest.data; labels++)
        if (!label_is_valid(clti_str_cut(rest, '.', &rest)))
            return false;
    return labels >= 2;
}

/* One domain is one customer, whatever the case it is written in, so its derived id ignores case too. */
static clt_guid id_from_domain(clt_str domain) {
    char lower[DOMAIN_MAX];
    for (size_t i = 0; i < domain.size; i++)
        lower[i] =
            (char)(domain.data[i] >= 'A' && domain.data[i] <= 'Z' ? domain.data[i] | 0x20 : domain.data[i]);
    return clti_guid_from_name(CLTI_GUID_NAMESPACE_DNS, (clt_str){lower, domain.size});
}

bool clti_customer_complete(clti_customer *customer, clti_fault *fault) {
    const clti_fault_code code = CLTI_FAULT_INVALID_PROPERTY;
    if (clti_str_is_empty(customer->domain))
        return clti_fault_set(fault, code, "CompanyProfile.Domain", "companyProfile.domain is missing.");
    if (!clti_domain_is_valid(customer->domain))
        return clti_fault_set(fault, code, "CompanyProfile.Domain",
                              "companyProfile.domain is not a DNS name such as contoso.onmicrosoft.com.");
    if (clti_text_is_blank(customer->company_name))
        return clti_fault_set(fault, code, "CompanyProfile.CompanyName",
                              "companyProfile.companyName is missing.");
    if (clti_guid_is_absent(customer->id))
        customer->id = id_from_domain(customer->domain);
    const clti_country *country = clti_country_find(customer->address.country);
    if (country && clti_str_is_empty(customer->culture))
        customer->culture = clti_country_culture(country);
    if (country && clti_str_is_empty(customer->language))
        customer->language = clti_country_language(country);
    return true;
}

/* ---- comparing and showing ----------------------------------------------------------------------------- */

static bool member_equal(const clti_customer *a, const clti_customer *b, const clti_customer_member *member) {
    const char *at_a = (const char *)a + member->offset, *at_b = (const char *)b + member->offset;
    if (member->kind == CLTI_MEMBER_GUID)
        return memcmp(at_a, at_b, sizeof(clt_guid)) == 0;
    if (member->kind != CLTI_MEMBER_TEXT && member->kind != CLTI_MEMBER_WORDS)
        return true;
    clt_str text_a, text_b;
    memcpy(&text_a, at_a, sizeof(text_a));
    memcpy(&text_b, at_b, sizeof(text_b));
    return clti_str_equal(text_a, text_b);
}

bool clti_customer_equal(const clti_customer *a, const clti_customer *b) {
    if (a->relationship != b->relationship || a->no_delegated_access != b->no_delegated_access ||
        a->billing_revision != b->billing_revision || a->qualification.kind != b->qualification.kind ||
        a->qualification.created != b->qualification.created ||
        a->qualification.is_in_review != b->qualification.is_in_review)
        return false;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++)
        if (!member_equal(a, b, &CLTI_CUSTOMER_MEMBERS[i]))
            return false;
    return true;
}

void clti_customer_keep(clti_customer *loaded, const clti_customer *old) {
    loaded->qualification = old->qualification;
    loaded->billing_revision = old->billing_revision;
    loaded->billing_revision += !clti_customer_equal(loaded, old);
}

clt_guid clti_customer_commerce_id(const clti_customer *customer) {
    return clti_guid_is_absent(customer->commerce_id)
               ? clti_guid_from_name(customer->id, CLTI_STR("commerce"))
               : customer->commerce_id;
}

clt_guid clti_customer_billing_id(const clti_customer *customer) {
    return clti_guid_is_absent(customer->billing_id) ? clti_guid_from_name(customer->id, CLTI_STR("billing"))
                                                     : customer->billing_id;
}
