/* A full customer: everything, nothing, and no delegated access; members in the contract's order. */
#include "wire/wire_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ID      "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define OTHER   "aaaabbbb-0000-cccc-1111-dddd2222eeee"
#define PARTNER "c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4"

static clti_customer everything(void) {
    clti_customer customer = {
        .domain = CLTI_STR("contoso.onmicrosoft.com"),
        .company_name = CLTI_STR("Con\"toso"),
        .registration_number = CLTI_STR("1234567"),
        .custom_domains = CLTI_STR("contoso.onmicrosoft.com contoso.example"),
        .first_name = CLTI_STR("Ada"),
        .last_name = CLTI_STR("Byron"),
        .email = CLTI_STR("ada@contoso.com"),
        .culture = CLTI_STR("en-US"),
        .language = CLTI_STR("En"),
        .address = {.id = CLTI_STR("7"),
                    .country = CLTI_STR("US"),
                    .region = CLTI_STR("West"),
                    .city = CLTI_STR("Redmond"),
                    .state = CLTI_STR("WA"),
                    .line1 = CLTI_STR("1 Main St"),
                    .line2 = CLTI_STR("Floor 2"),
                    .line3 = CLTI_STR("Room 3"),
                    .district = CLTI_STR("King"),
                    .postal_code = CLTI_STR("98052"),
                    .first_name = CLTI_STR("Bo"),
                    .middle_name = CLTI_STR("Q"),
                    .last_name = CLTI_STR("Day"),
                    .phone_number = CLTI_STR("4255550101"),
                    .email = CLTI_STR("bo@contoso.com")},
    };
    assert_true(clti_guid_parse(CLTI_STR(ID), &customer.id));
    assert_true(clti_guid_parse(CLTI_STR(OTHER), &customer.commerce_id));
    assert_true(clti_guid_parse(CLTI_STR(OTHER), &customer.billing_id));
    assert_true(clti_guid_parse(CLTI_STR(PARTNER), &customer.associated_partner_id));
    return customer;
}

static json_t *render(const clti_customer *customer) {
    clti_buf body;
    json_error_t error;
    clti_buf_init(&body, CLTI_BODY_MAX);
    clti_wire_render_customer(customer, &body);
    assert_true(clti_buf_ok(&body));
    json_t *read = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, &error);
    if (!read)
        fail_msg("%s at %d", error.text, error.position);
    /* Compact: as the library would write it, which keeps the order of the members. */
    char *again = json_dumps(read, JSON_COMPACT);
    assert_int_equal(strlen(again), body.size);
    assert_memory_equal(again, body.data, body.size);
    free(again);
    clti_buf_done(&body);
    return read;
}

/* Names of an object's members, joined by spaces. */
static void assert_members(const json_t *object, const char *want) {
    clti_buf names;
    const char *name;
    json_t *value, *writable = json_copy((json_t *)(uintptr_t)object);
    clti_buf_init(&names, 10000);
    json_object_foreach(writable, name, value) {
        clti_buf_add_format(&names, "%s%s", names.size ? " " : "", name);
    }
    clti_buf_add_char(&names, '\0');
    assert_string_equal(names.data, want);
    clti_buf_done(&names);
    json_decref(writable);
}

static const json_t *member(const json_t *object, const char *path) {
    for (clt_str rest = clti_str(path); rest.data && object;)
        object = clti_json_member(object, strndupa(rest.data, clti_str_cut(rest, '.', &rest).size));
    return object;
}

static void assert_text(const json_t *customer, const char *path, const char *want) {
    const char *got = json_string_value(member(customer, path));
    assert_non_null(got);
    assert_string_equal(got, want);
}

static void test_customer_with_everything_has_the_contracts_order(void **state) {
    (void)state;
    const clti_customer customer = everything();
    json_t *read = render(&customer);
    assert_members(read, "id commerceId companyProfile billingProfile relationshipToPartner "
                         "allowDelegatedAccess customDomains associatedPartnerId links attributes");
    assert_members(member(read, "companyProfile"), "tenantId domain companyName address email "
                                                   "organizationRegistrationNumber links attributes");
    assert_members(member(read, "companyProfile.address"),
                   "country region city addressLine1 addressLine2 postalCode phoneNumber");
    assert_members(member(read, "billingProfile"), "id firstName lastName email culture language companyName "
                                                   "defaultAddress links attributes");
    assert_members(member(read, "billingProfile.defaultAddress"),
                   "country region city state addressLine1 addressLine2 postalCode firstName middleName "
                   "lastName phoneNumber id district addressLine3 emailAddress");
    assert_members(member(read, "billingProfile.attributes"), "etag objectType");
    assert_members(member(read, "links.self"), "uri method headers");
    json_decref(read);
}

static void test_customer_with_everything_has_its_values(void **state) {
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"id", ID},
        {"commerceId", OTHER},
        {"companyProfile.tenantId", ID},
        {"companyProfile.companyName", "Con\"toso"},
        {"companyProfile.address.region", "WA"},
        {"companyProfile.email", "ada@contoso.com"},
        {"companyProfile.links.self.uri", "/customers/" ID "/profiles/company"},
        {"companyProfile.attributes.objectType", "CustomerCompanyProfile"},
        {"billingProfile.id", OTHER},
        {"billingProfile.companyName", "Con\"toso"},
        {"billingProfile.language", "En"},
        {"billingProfile.defaultAddress.state", "WA"},
        {"billingProfile.defaultAddress.region", "West"},
        {"billingProfile.defaultAddress.emailAddress", "bo@contoso.com"},
        {"billingProfile.links.self.uri", "/customers/" ID "/profiles/billing"},
        {"billingProfile.attributes.objectType", "CustomerBillingProfile"},
        {"relationshipToPartner", "reseller"},
        {"associatedPartnerId", PARTNER},
        {"links.self.uri", "/customers/" ID},
        {"links.self.method", "GET"},
        {"attributes.objectType", "Customer"},
    };
    (void)state;
    const clti_customer customer = everything();
    json_t *read = render(&customer);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_text(read, rows[i].path, rows[i].want);
    assert_true(json_is_true(member(read, "allowDelegatedAccess")));
    assert_int_equal(json_array_size(member(read, "customDomains")), 2);
    assert_string_equal(json_string_value(json_array_get(member(read, "customDomains"), 1)),
                        "contoso.example");
    assert_int_equal(json_array_size(member(read, "links.self.headers")), 0);
    assert_true(json_is_array(member(read, "links.self.headers")));
    json_decref(read);
}

static void test_customer_with_nothing_more_leaves_members_out(void **state) {
    (void)state;
    const clti_customer customer = {
        .id = {{1}}, .domain = CLTI_STR("a.example"), .company_name = CLTI_STR("A")};
    json_t *read = render(&customer);
    assert_members(read, "id commerceId companyProfile billingProfile relationshipToPartner "
                         "allowDelegatedAccess customDomains links attributes");
    assert_members(member(read, "companyProfile"), "tenantId domain companyName links attributes");
    assert_members(member(read, "billingProfile"), "id companyName links attributes");
    assert_int_equal(json_array_size(member(read, "customDomains")), 1);
    assert_string_equal(json_string_value(json_array_get(member(read, "customDomains"), 0)), "a.example");
    json_decref(read);
}

static void test_customer_without_delegated_access_hides_address_email_and_domains(void **state) {
    (void)state;
    clti_customer customer = everything();
    customer.no_delegated_access = true;
    json_t *read = render(&customer);
    assert_members(read, "id commerceId companyProfile billingProfile relationshipToPartner "
                         "allowDelegatedAccess associatedPartnerId links attributes");
    assert_members(member(read, "companyProfile"),
                   "tenantId domain companyName organizationRegistrationNumber links attributes");
    assert_true(json_is_false(member(read, "allowDelegatedAccess")));
    json_decref(read);
}

static void test_customer_shows_region_where_there_is_no_state(void **state) {
    (void)state;
    clti_customer customer = everything();
    customer.address.state = (clt_str){NULL, 0};
    json_t *read = render(&customer);
    assert_text(read, "companyProfile.address.region", "West");
    json_decref(read);
}

static void test_customer_whose_relationship_is_removed_shows_none(void **state) {
    (void)state;
    clti_customer customer = everything();
    customer.relationship = CLTI_RELATIONSHIP_NONE;
    json_t *read = render(&customer);
    assert_text(read, "relationshipToPartner", "none");
    json_decref(read);
}

/* A signed 64-bit decimal, the same for the same profile and another after a change (api.md 3.3). */
static void test_customer_etag_follows_the_billing_profile(void **state) {
    (void)state;
    clti_customer customer = everything();
    json_t *first = render(&customer), *again = render(&customer);
    customer.address.line3 = CLTI_STR("Room 4");
    json_t *changed = render(&customer);
    const char *path = "billingProfile.attributes.etag";
    const char *tag = json_string_value(member(first, path));
    assert_string_equal(tag, json_string_value(member(again, path)));
    assert_string_not_equal(tag, json_string_value(member(changed, path)));
    assert_in_range(strlen(tag), 1, 20);
    assert_int_equal(strspn(tag + (*tag == '-'), "0123456789"), strlen(tag) - (*tag == '-'));
    json_decref(first);
    json_decref(again);
    json_decref(changed);
}

/* ---- a new customer, and audit records ---- */

static json_t *read_text(const clti_buf *body) {
    json_error_t error;
    json_t *read = json_loadb(body->data, body->size, JSON_REJECT_DUPLICATES, &error);
    if (!read)
        fail_msg("%s at %d", error.text, error.position);
    return read;
}

static void test_a_new_customer_has_credentials_with_a_hole_and_no_links(void **state) {
    (void)state;
    clti_customer customer = everything();
    clti_buf body;
    customer.address.phone_number = (clt_str){NULL, 0};
    clti_buf_init(&body, CLTI_BODY_MAX);
    clti_wire_render_new_customer(&customer, &body);
    char *hole = memchr(body.data, '\0', body.size);
    assert_non_null(hole);
    *hole = 'x';
    assert_null(memchr(body.data, '\0', body.size));
    json_t *read = read_text(&body);
    assert_members(read, "id commerceId companyProfile billingProfile relationshipToPartner "
                         "allowDelegatedAccess userCredentials associatedPartnerId attributes");
    assert_members(member(read, "companyProfile"),
                   "tenantId domain companyName organizationRegistrationNumber links attributes");
    assert_members(member(read, "billingProfile"), "id firstName lastName email culture language companyName "
                                                   "defaultAddress attributes");
    assert_string_equal(json_string_value(member(read, "billingProfile.defaultAddress.phoneNumber")), "");
    assert_string_equal(json_string_value(member(read, "userCredentials.password")), "x");
    json_decref(read);
    clti_buf_done(&body);
}

static void test_an_audit_value_is_in_pascal_case_with_nulls_and_no_password(void **state) {
    (void)state;
    clti_customer customer = everything();
    clti_buf body;
    customer.address.line2 = (clt_str){NULL, 0};
    clti_buf_init(&body, CLTI_BODY_MAX);
    clti_wire_render_audit_customer(&customer, true, &body);
    json_t *read = read_text(&body);
    assert_members(read, "Id CommerceId CompanyProfile BillingProfile RelationshipToPartner "
                         "AllowDelegatedAccess UserCredentials CustomDomains AssociatedPartnerId Attributes");
    assert_true(json_is_null(member(read, "CompanyProfile.Address")));
    assert_true(json_is_null(member(read, "BillingProfile.DefaultAddress.AddressLine2")));
    assert_string_equal(json_string_value(member(read, "BillingProfile.DefaultAddress.City")), "Redmond");
    assert_string_equal(json_string_value(member(read, "UserCredentials.Password")), "");
    assert_string_equal(json_string_value(member(read, "RelationshipToPartner")), "Reseller");
    json_decref(read);
    clti_buf_clear(&body);
    customer.relationship = CLTI_RELATIONSHIP_NONE;
    clti_wire_render_audit_customer(&customer, false, &body);
    read = read_text(&body);
    assert_true(json_is_null(member(read, "UserCredentials")));
    assert_string_equal(json_string_value(member(read, "RelationshipToPartner")), "None");
    json_decref(read);
    clti_buf_done(&body);
}

static void test_the_etag_grows_with_each_write_even_of_the_same(void **state) {
    (void)state;
    clti_customer customer = everything(), again = customer;
    again.billing_revision++;
    assert_true(clti_customer_billing_etag(&customer) == clti_customer_billing_etag(&customer));
    assert_true(clti_customer_billing_etag(&customer) != clti_customer_billing_etag(&again));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_customer_with_everything_has_the_contracts_order),
        cmocka_unit_test(test_customer_with_everything_has_its_values),
        cmocka_unit_test(test_customer_with_nothing_more_leaves_members_out),
        cmocka_unit_test(test_customer_without_delegated_access_hides_address_email_and_domains),
        cmocka_unit_test(test_customer_shows_region_where_there_is_no_state),
        cmocka_unit_test(test_customer_whose_relationship_is_removed_shows_none),
        cmocka_unit_test(test_customer_etag_follows_the_billing_profile),
        cmocka_unit_test(test_a_new_customer_has_credentials_with_a_hole_and_no_links),
        cmocka_unit_test(test_an_audit_value_is_in_pascal_case_with_nulls_and_no_password),
        cmocka_unit_test(test_the_etag_grows_with_each_write_even_of_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
