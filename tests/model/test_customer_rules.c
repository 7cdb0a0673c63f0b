/* What creating a customer and writing its billing profile demand (api.md 3.2 to 3.5, 4.3): each row changes
 * one valid customer and says which problems that makes. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct rule_case {
    const char *name;
    const char *changes; /* "path=value", separated by '|'; no value: left out */
    const char *members; /* of the fault, separated by spaces; NULL: none, the customer is right */
    clti_fault_code code;
} rule_case;

#define BILLING "BillingProfile."
#define ADDRESS "BillingProfile.DefaultAddress."
#define LONG_27 "abcdefghijklmnopqrstuvwxyz1"
#define RUSSIA                                                                                               \
    "country=RU|state|postalCode=101000|culture=ru-RU|language=ru|phoneNumber=+7 495 1234567|"               \
    "organizationRegistrationNumber=1027700132195"

#define PROPERTY CLTI_FAULT_INVALID_PROPERTY
#define BAD      CLTI_FAULT_INVALID_ADDRESS

static const rule_case CASES[] = {
    {"nothing changed", "", NULL, 0},
    {"no domain", "domain", "CompanyProfile.Domain", PROPERTY},
    {"a blank domain", "domain= ", "CompanyProfile.Domain", PROPERTY},
    {"a domain without dot", "domain=contoso", "CompanyProfile.Domain", PROPERTY},
    {"a domain of another suffix", "domain=xyz.ccsctp.net", NULL, 0},
    {"a prefix of 27", "domain=" LONG_27 ".onmicrosoft.com", NULL, 0},
    {"a prefix of 28", "domain=" LONG_27 "2.OnMicrosoft.com", "CompanyProfile.Domain", PROPERTY},
    {"a long name elsewhere", "domain=" LONG_27 "2.example", NULL, 0},
    {"no company name", "companyName", BILLING "CompanyName", PROPERTY},
    {"a company name that shows nothing", "companyName=\xE2\x80\x8B", BILLING "CompanyName", PROPERTY},
    {"no email", "email", BILLING "Email", PROPERTY},
    {"an email without @", "email=ada.contoso.com", BILLING "Email", PROPERTY},
    {"an email without name", "email=@contoso.com", BILLING "Email", PROPERTY},
    {"an email without host", "email=ada@", BILLING "Email", PROPERTY},
    {"an email with a blank", "email=ada byron@contoso.com", BILLING "Email", PROPERTY},
    {"an email of a machine", "email=ada@localhost", NULL, 0},
    {"no culture", "culture", BILLING "Culture", PROPERTY},
    {"a culture of another country", "culture=de-DE", BILLING "Culture", PROPERTY},
    {"another culture of the country", "culture=ES-us", NULL, 0},
    {"no language", "language", BILLING "Language", PROPERTY},
    {"a language of three letters", "language=eng", BILLING "Language", PROPERTY},
    {"a language that is no letters", "language=e1", BILLING "Language", PROPERTY},
    {"a language in upper case", "language=En", NULL, 0},
    {"no names of the profile's contact", "billingProfile.firstName|billingProfile.lastName", NULL, 0},
    {"no country", "country", ADDRESS "Country", PROPERTY},
    {"an unknown country", "country=XX", ADDRESS "Country", BAD},
    {"a country in lower case", "country=us", NULL, 0},
    {"no city", "city", ADDRESS "City", PROPERTY},
    {"no city where there is but one", "country=SG|city|state|postalCode=018956|culture=en-SG", NULL, 0},
    {"no state", "state", ADDRESS "State", PROPERTY},
    {"a state of another country", "state=ON", ADDRESS "State", BAD},
    {"a state in lower case", "state=wa", NULL, 0},
    {"a state written out", "state=Washington", ADDRESS "State", BAD},
    {"no state where none is listed", "country=DE|state|postalCode=10117|culture=de-DE", NULL, 0},
    {"any state of two letters where none is listed", "country=DE|state=BE|postalCode=10117|culture=de-DE",
     NULL, 0},
    {"a state of three letters where none is listed", "country=DE|state=BER|postalCode=10117|culture=de-DE",
     ADDRESS "State", PROPERTY},
    {"a Canadian address", "country=CA|state=ON|postalCode=K1A 0B1|culture=fr-CA", NULL, 0},
    {"a Chinese address", "country=CN|state=BJ|postalCode=100000|culture=zh-CN|phoneNumber=01012345678", NULL,
     0},
    {"a Mexican address", "country=MX|state=JC|postalCode=44100|culture=es-MX", NULL, 0},
    {"no first line", "addressLine1", ADDRESS "AddressLine1", PROPERTY},
    {"no postal code", "postalCode", ADDRESS "PostalCode", PROPERTY},
    {"a wrong postal code", "postalCode=9805", ADDRESS "PostalCode", BAD},
    {"no postal code where there are none", "country=AE|state|postalCode|culture=ar-AE", NULL, 0},
    {"any postal code where there are none", "country=AE|state|postalCode=0000|culture=ar-AE", NULL, 0},
    {"no postal code where it is not required", "country=IE|state|postalCode|culture=en-IE", NULL, 0},
    {"no first name", "billingProfile.defaultAddress.firstName", ADDRESS "FirstName", PROPERTY},
    {"no last name", "billingProfile.defaultAddress.lastName", ADDRESS "LastName", PROPERTY},
    {"no phone number", "phoneNumber", NULL, 0},
    {"a wrong phone number", "phoneNumber=555-CALL", ADDRESS "PhoneNumber", BAD},
    {"a registration number where there are none", "organizationRegistrationNumber=1",
     "CompanyProfile.OrganizationRegistrationNumber", CLTI_FAULT_REGISTRATION_UNSUPPORTED},
    {"a Russian customer", RUSSIA, NULL, 0},
    {"one without registration number", RUSSIA "|organizationRegistrationNumber",
     "CompanyProfile.OrganizationRegistrationNumber", CLTI_FAULT_REGISTRATION_MISSING},
    {"one with a wrong registration number", RUSSIA "|organizationRegistrationNumber=10 27",
     "CompanyProfile.OrganizationRegistrationNumber", CLTI_FAULT_REGISTRATION_INVALID},
    {"a registration number of 33 characters",
     RUSSIA "|organizationRegistrationNumber=123456789012345678901234567890123",
     "CompanyProfile.OrganizationRegistrationNumber", CLTI_FAULT_REGISTRATION_INVALID},
    {"one without phone number", RUSSIA "|phoneNumber", ADDRESS "PhoneNumber", CLTI_FAULT_PHONE_MISSING},
    {"two members", "email|city", BILLING "Email " ADDRESS "City", PROPERTY},
    {"a missing member before a wrong one", "postalCode=1|email", BILLING "Email " ADDRESS "PostalCode",
     PROPERTY},
    {"all at once",
     "domain=x|companyName|email|culture|language|country|state=Washington|addressLine1|"
     "billingProfile.defaultAddress.firstName|billingProfile.defaultAddress.lastName",
     "CompanyProfile.Domain " BILLING "CompanyName " BILLING "Email " BILLING "Culture " BILLING
     "Language " ADDRESS "Country " ADDRESS "State " ADDRESS "AddressLine1 " ADDRESS "FirstName " ADDRESS
     "LastName",
     PROPERTY},
};

static clti_customer valid(void) {
    return (clti_customer){.domain = CLTI_STR("contoso.onmicrosoft.com"),
                           .company_name = CLTI_STR("Contoso"),
                           .email = CLTI_STR("ada@contoso.com"),
                           .culture = CLTI_STR("EN-us"),
                           .language = CLTI_STR("en"),
                           .address = {.country = CLTI_STR("US"),
                                       .city = CLTI_STR("Redmond"),
                                       .state = CLTI_STR("WA"),
                                       .line1 = CLTI_STR("1 Main St"),
                                       .postal_code = CLTI_STR("98052"),
                                       .first_name = CLTI_STR("Ada"),
                                       .last_name = CLTI_STR("Byron"),
                                       .phone_number = CLTI_STR("4255550101")}};
}

/* The row whose path is, or ends with, a word. */
static const clti_customer_member *member_of(clt_str word) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        clt_str path = clti_str(CLTI_CUSTOMER_MEMBERS[i].path);
        if (path.size >= word.size && clti_str_equal(clti_str_from(path, path.size - word.size), word))
            return &CLTI_CUSTOMER_MEMBERS[i];
    }
    fail_msg("no member %.*s", CLTI_STR_ARGS(word));
    return NULL;
}

static void change(clti_customer *customer, clt_str changes) {
    for (clt_str rest = changes; rest.data && changes.size;) {
        clt_str value, word = clti_str_cut(clti_str_cut(rest, '|', &rest), '=', &value);
        *clti_customer_text(customer, member_of(word)) = value;
    }
}

static void check_members(const clti_fault *fault, const char *want) {
    clti_buf names;
    clti_buf_init(&names, 10000);
    if (fault->member)
        clti_buf_add(&names, clti_str(fault->member));
    for (size_t i = 0; i < fault->more_count; i++)
        clti_buf_add_format(&names, " %s", fault->more[i]);
    clti_buf_add_char(&names, '\0');
    assert_string_equal(names.data, want);
    clti_buf_done(&names);
}

static void check_case(void **state) {
    const rule_case *row = *state;
    clti_customer customer = valid();
    clti_problems problems = {0};
    clti_fault fault = {0};
    change(&customer, clti_str(row->changes));
    clti_customer_check(&customer, &problems);
    bool right = clti_problems_none(&problems, &fault);
    if (!row->members) {
        assert_string_equal(fault.text, "");
        assert_true(right);
        return;
    }
    assert_false(right);
    assert_int_equal(fault.code, row->code);
    check_members(&fault, row->members);
}

static void test_customer_check_brings_codes_into_canonical_case(void **state) {
    (void)state;
    clti_customer customer = valid();
    clti_problems problems = {0};
    change(&customer, CLTI_STR("country=us|state=wa|culture=EN-us|language=En"));
    clti_customer_check(&customer, &problems);
    assert_int_equal(problems.count, 0);
    assert_true(clti_str_equal(customer.address.country, CLTI_STR("US")));
    assert_true(clti_str_equal(customer.address.state, CLTI_STR("WA")));
    assert_true(clti_str_equal(customer.culture, CLTI_STR("en-US")));
    assert_true(clti_str_equal(customer.language, CLTI_STR("En")));
}

/* PUT says nothing of domain and registration number, so nothing is asked of them. */
static void test_billing_profile_check_leaves_the_company_profile_alone(void **state) {
    (void)state;
    clti_customer customer = valid();
    clti_problems problems = {0};
    change(&customer, CLTI_STR("domain|" RUSSIA "|organizationRegistrationNumber"));
    clti_billing_profile_check(&customer, &problems);
    assert_int_equal(problems.count, 0);
    change(&customer, CLTI_STR("phoneNumber"));
    clti_billing_profile_check(&customer, &problems);
    assert_int_equal(problems.fault.code, CLTI_FAULT_PHONE_MISSING);
}

static void test_address_check_alone_wants_no_contact_and_names_members_alone(void **state) {
    (void)state;
    clti_customer customer = valid();
    clti_problems problems = {0};
    change(&customer, CLTI_STR(RUSSIA "|phoneNumber|billingProfile.defaultAddress.firstName|"
                                      "billingProfile.defaultAddress.lastName"));
    clti_address_check(&customer.address, CLTI_ADDRESS_ALONE, &problems);
    assert_int_equal(problems.count, 0);
    change(&customer, CLTI_STR("postalCode=x|city"));
    clti_address_check(&customer.address, CLTI_ADDRESS_ALONE, &problems);
    check_members(&problems.fault, "City PostalCode");
    assert_string_equal(problems.fault.text, "city is missing. postalCode does not match ^\\d{6}$.");
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + 3];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_case, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_customer_check_brings_codes_into_canonical_case);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_billing_profile_check_leaves_the_company_profile_alone);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(
        test_address_check_alone_wants_no_contact_and_names_members_alone);
    clti_assert(count == CLTI_COUNT(tests));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
