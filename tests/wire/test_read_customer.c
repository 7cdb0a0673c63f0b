/* A Customer resource from JSON: what is taken, what is passed over, what is refused and in which words. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One text of the customer that was read, by its path: "-" if absent. */
typedef struct taken_case {
    const char *name;
    const char *json;
    const char *path;
    const char *want;
} taken_case;

#define ID       "aaaabbbb-0000-cccc-1111-dddd2222eeee"
#define OTHER_ID "bbbbcccc-1111-dddd-2222-eeee3333ffff"

static const taken_case TAKEN[] = {
    {"a nested member", "{\"companyProfile\":{\"domain\":\"a.example\"}}", "companyProfile.domain",
     "a.example"},
    {"names in any case", "{\"CompanyProfile\":{\"DOMAIN\":\"a.example\"}}", "companyProfile.domain",
     "a.example"},
    {"three levels", "{\"billingProfile\":{\"defaultAddress\":{\"city\":\"Bonn\"}}}",
     "billingProfile.defaultAddress.city", "Bonn"},
    {"null is absent", "{\"companyProfile\":{\"domain\":null}}", "companyProfile.domain", "-"},
    {"a null profile is absent", "{\"companyProfile\":null}", "companyProfile.domain", "-"},
    {"an empty text is absent", "{\"companyProfile\":{\"domain\":\"\"}}", "companyProfile.domain", "-"},
    {"an empty object", "{}", "companyProfile.domain", "-"},
    {"the last of two names", "{\"companyProfile\":{\"domain\":\"a.example\",\"Domain\":\"b.example\"}}",
     "companyProfile.domain", "b.example"},
    {"trailing commas", "{\"companyProfile\":{\"domain\":\"a.example\",},}", "companyProfile.domain",
     "a.example"},
    {"the billing profile's name if there is no other", "{\"billingProfile\":{\"companyName\":\"B\"}}",
     "companyProfile.companyName", "B"},
    {"the company profile's name before the other",
     "{\"billingProfile\":{\"companyName\":\"B\"},\"companyProfile\":{\"companyName\":\"C\"}}",
     "companyProfile.companyName", "C"},
    {"tenant id if there is no id", "{\"companyProfile\":{\"tenantId\":\"" ID "\"}}", "id", ID},
    {"id before tenant id", "{\"id\":\"" ID "\",\"companyProfile\":{\"tenantId\":\"" OTHER_ID "\"}}", "id",
     ID},
    {"custom domains joined", "{\"customDomains\":[\"a.example\",\"b.example\"]}", "customDomains",
     "a.example b.example"},
    {"no custom domains", "{\"customDomains\":[]}", "customDomains", "-"},
    {"relationship none", "{\"relationshipToPartner\":\"None\"}", "relationshipToPartner", "none"},
    {"relationship by number", "{\"relationshipToPartner\":5}", "relationshipToPartner", "none"},
    {"any other relationship", "{\"relationshipToPartner\":\"advisor\"}", "relationshipToPartner",
     "reseller"},
    {"no delegated access", "{\"allowDelegatedAccess\":false}", "allowDelegatedAccess", "false"},
    {"delegated access as text", "{\"allowDelegatedAccess\":\"False\"}", "allowDelegatedAccess", "false"},
    {"delegated access by default", "{}", "allowDelegatedAccess", "true"},
    {"unknown members", "{\"new\":{\"x\":[1,2]},\"companyProfile\":{\"domain\":\"a.example\",\"y\":1}}",
     "companyProfile.domain", "a.example"},
    {"members that are only written",
     "{\"attributes\":5,\"links\":[],\"userCredentials\":\"x\",\"companyProfile\":{\"address\":1,\"email\":2,"
     "\"links\":3,\"attributes\":4,\"domain\":\"a.example\"}}",
     "companyProfile.domain", "a.example"},
};

static clt_str text_of(clti_customer *customer, const clti_customer_member *member, clti_arena *arena) {
    switch (member->kind) {
    case CLTI_MEMBER_GUID: {
        clt_guid guid = *clti_customer_guid(customer, member);
        return clti_guid_is_absent(guid) ? CLTI_STR("-")
                                         : clti_arena_format(arena, "%s", clti_guid_to_text(guid).text);
    }
    case CLTI_MEMBER_RELATIONSHIP:
        return customer->relationship == CLTI_RELATIONSHIP_NONE ? CLTI_STR("none") : CLTI_STR("reseller");
    case CLTI_MEMBER_DELEGATED_ACCESS:
        return customer->no_delegated_access ? CLTI_STR("false") : CLTI_STR("true");
    case CLTI_MEMBER_TEXT:
    case CLTI_MEMBER_WORDS:
        break;
    }
    clt_str text = *clti_customer_text(customer, member);
    return text.data ? text : CLTI_STR("-");
}

static void check_taken(void **state) {
    const taken_case *row = *state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_fault fault = {0};
    /* A copy of its own: the customer must not point into the text it was read from. */
    char *json = strdup(row->json);
    assert_non_null(json);
    bool done = clti_wire_read_customer(clti_str(json), &arena, &customer, &fault);
    free(json);
    assert_string_equal(fault.text, "");
    assert_true(done);
    clt_str got = text_of(&customer, clti_customer_member_find(clti_str(row->path)), &arena);
    assert_int_equal(got.size, strlen(row->want));
    assert_memory_equal(got.data, row->want, got.size);
    clti_arena_done(&arena);
}

typedef struct refused_case {
    const char *name;
    const char *json;
    clti_fault_code code;
    const char *says; /* part of the text */
} refused_case;

#define PROPERTY CLTI_FAULT_INVALID_PROPERTY
#define REQUEST  CLTI_FAULT_INVALID_REQUEST

static const refused_case REFUSED[] = {
    {"nothing", "", REQUEST, "line 1"},
    {"not JSON", "{\"id\":", REQUEST, "line 1"},
    {"not an object", "[]", REQUEST, "JSON object"},
    {"something behind it", "{} {}", REQUEST, "line 1"},
    {"a profile that is no object", "{\"companyProfile\":\"x\"}", PROPERTY,
     "companyProfile must be an object"},
    {"an address that is no object", "{\"billingProfile\":{\"defaultAddress\":1}}", PROPERTY,
     "billingProfile.defaultAddress must be an object"},
    {"a number for a text", "{\"companyProfile\":{\"domain\":1}}", PROPERTY,
     "companyProfile.domain must be a string"},
    {"a text that is no GUID", "{\"id\":\"x\"}", PROPERTY, "id is not a GUID"},
    {"a tenant id that is no GUID", "{\"id\":\"" ID "\",\"companyProfile\":{\"tenantId\":\"x\"}}", PROPERTY,
     "companyProfile.tenantId is not a GUID"},
    {"a number for a GUID", "{\"id\":1}", PROPERTY, "id must be a string"},
    {"custom domains as text", "{\"customDomains\":\"a.example\"}", PROPERTY,
     "customDomains must be an array"},
    {"custom domains with a blank", "{\"customDomains\":[\"a b\"]}", PROPERTY,
     "customDomains must be an array"},
    {"custom domains with an object", "{\"customDomains\":[{}]}", PROPERTY, "customDomains must be an array"},
    {"custom domains that are too many", NULL, PROPERTY, "customDomains"},
    {"a relationship out of range", "{\"relationshipToPartner\":6}", PROPERTY,
     "relationshipToPartner must be"},
    {"delegated access as number", "{\"allowDelegatedAccess\":1}", PROPERTY, "must be true or false"},
    {"delegated access as other text", "{\"allowDelegatedAccess\":\"yes\"}", PROPERTY,
     "neither true nor false"},
    {"U+0000 in a name", "{\"companyProfile\":{\"companyName\":\"a\\u0000b\"}}", PROPERTY,
     "companyProfile.companyName contains a control character"},
    {"U+0000 in a custom domain", "{\"customDomains\":[\"a\\u0000b\"]}", PROPERTY,
     "customDomains contains a control"},
    {"U+0000 behind a GUID", "{\"id\":\"" ID "\\u0000\"}", PROPERTY, "id is not a GUID"},
    {"U+0000 behind true", "{\"allowDelegatedAccess\":\"true\\u0000\"}", PROPERTY, "neither true nor false"},
    {"no object but null", "null", REQUEST, "must be a JSON object"},
    {"a control character", "{\"companyProfile\":{\"companyName\":\"a\\u0007\"}}", PROPERTY,
     "control character"},
    {"bad UTF-8", "{\"companyProfile\":{\"companyName\":\"\xFF\"}}", REQUEST, "line 1"},
};

static char *many_custom_domains(void) {
    clti_buf buf;
    size_t size;
    clti_buf_init(&buf, CLTI_BODY_MAX);
    clti_buf_add(&buf, CLTI_STR("{\"customDomains\":[\"a\""));
    for (int i = 0; i < 20000; i++)
        clti_buf_add(&buf, CLTI_STR(",\"a.example\""));
    clti_buf_add(&buf, CLTI_STR("]}"));
    clti_buf_add_char(&buf, '\0');
    assert_true(clti_buf_ok(&buf));
    return clti_buf_take(&buf, &size);
}

static void check_refused(void **state) {
    const refused_case *row = *state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_fault fault;
    char *json = row->json ? strdup(row->json) : many_custom_domains();
    assert_non_null(json);
    assert_false(clti_wire_read_customer(clti_str(json), &arena, &customer, &fault));
    assert_int_equal(fault.code, row->code);
    assert_non_null(strstr(fault.text, row->says));
    free(json);
    clti_arena_done(&arena);
}

/* Every member set to something of its own survives being written and read. */
static void test_customer_survives_render_and_read(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_customer customer = {0}, again;
    clti_fault fault;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        clt_str value = clti_arena_format(&arena, "v%zu \"\xC3\xA9\\", i);
        if (member->kind == CLTI_MEMBER_GUID)
            value = clti_arena_format(&arena, "aaaabbbb-0000-cccc-1111-%012zu", i);
        if (member->kind == CLTI_MEMBER_WORDS)
            value = CLTI_STR("a.example b.example");
        if (member->kind == CLTI_MEMBER_DELEGATED_ACCESS)
            value = CLTI_STR("true");
        if (member->code_points_max == 2)
            value = CLTI_STR("DE");
        assert_true(clti_customer_set(&customer, member, value, &fault));
    }
    clti_buf json;
    clti_buf_init(&json, CLTI_BODY_MAX);
    clti_wire_render_customer(&customer, &json);
    assert_true(clti_buf_ok(&json));
    assert_true(clti_wire_read_customer(clti_buf_str(&json), &arena, &again, &fault));
    assert_true(clti_customer_equal(&customer, &again));
    clti_buf_done(&json);
    clti_arena_done(&arena);
}

static void assert_names(const clti_fault *fault, const char *want) {
    clti_buf names;
    clti_buf_init(&names, 10000);
    clti_buf_add(&names, clti_str(fault->member));
    for (size_t i = 0; i < fault->more_count; i++)
        clti_buf_add_format(&names, " %s", fault->more[i]);
    clti_buf_add_char(&names, '\0');
    assert_string_equal(names.data, want);
    clti_buf_done(&names);
}

static void test_read_customer_tells_every_bad_member(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_fault fault;
    assert_false(clti_wire_read_customer(CLTI_STR("{\"id\":\"x\",\"billingProfile\":{\"email\":1,"
                                                  "\"defaultAddress\":[]},\"allowDelegatedAccess\":2}"),
                                         &arena, &customer, &fault));
    assert_int_equal(fault.code, PROPERTY);
    assert_names(&fault, "Id AllowDelegatedAccess BillingProfile.Email");
    assert_string_equal(fault.text, "id is not a GUID. allowDelegatedAccess must be true or false. "
                                    "billingProfile.email must be a string. "
                                    "billingProfile.defaultAddress must be an object.");
    clti_arena_done(&arena);
}

static void test_read_part_takes_the_rest_for_absent(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_problems problems = {0};
    clti_fault fault;
    assert_true(clti_wire_read_part(CLTI_STR("{\"Email\":\"a@b\",\"Culture\":7,\"DefaultAddress\":{\"City\":"
                                             "\"Bonn\",\"Country\":\"DEU\"},\"domain\":\"x\"}"),
                                    CLTI_PART_BILLING_PROFILE, &arena, &customer, &problems, &fault));
    assert_true(clti_str_equal(customer.email, CLTI_STR("a@b")));
    assert_true(clti_str_equal(customer.address.city, CLTI_STR("Bonn")));
    assert_null(customer.domain.data);
    assert_null(customer.culture.data);
    assert_null(customer.address.country.data);
    assert_names(&problems.fault, "BillingProfile.Culture BillingProfile.DefaultAddress.Country");
    clti_arena_done(&arena);
}

/* The documented body of a create, as the samples send it: PascalCase, commas behind the last members, and
 * what only answers have. */
static void test_read_customer_takes_the_documented_body(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_problems problems = {0};
    clti_fault fault;
    assert_true(clti_wire_read_customer(
        CLTI_STR(
            "{\r\n  \"Id\": null,\r\n  \"CommerceId\": null,\r\n  \"CompanyProfile\": {\r\n"
            "    \"TenantId\": null,\r\n    \"Domain\": \"sampleadrwe1.onmicrosoft.com\",\r\n"
            "    \"CompanyName\": null,\r\n    \"Attributes\": {\r\n      \"ObjectType\": "
            "\"CustomerCompanyProfile\",\r\n    },\r\n  },\r\n  \"BillingProfile\": {\r\n    \"Id\": "
            "null,\r\n"
            "    \"FirstName\": \"FirstName\",\r\n    \"LastName\": \"LastName\",\r\n    \"Email\": "
            "\"SomeEmail@Example.com\",\r\n    \"Culture\": \"EN-US\",\r\n    \"Language\": \"En\",\r\n"
            "    \"CompanyName\": \"Some Company\",\r\n    \"DefaultAddress\": {\r\n      \"Country\": "
            "\"US\",\r\n"
            "      \"Region\": null,\r\n      \"City\": \"Redmond\",\r\n      \"State\": \"WA\",\r\n"
            "      \"AddressLine1\": \"One Microsoft Way\",\r\n      \"AddressLine2\": null,\r\n"
            "      \"PostalCode\": \"98052\",\r\n      \"FirstName\": \"FirstName\",\r\n      \"LastName\": "
            "\"LastName\",\r\n      \"PhoneNumber\": \"4257778899\",\r\n    },\r\n    \"Attributes\": {\r\n"
            "      \"Etag\": null,\r\n      \"ObjectType\": \"CustomerBillingProfile\",\r\n    },\r\n  },\r\n"
            "  \"RelationshipToPartner\": \"unknown\",\r\n  \"AllowDelegatedAccess\": null,\r\n"
            "  \"UserCredentials\": null,\r\n  \"CustomDomains\": null,\r\n  \"Attributes\": {\r\n"
            "    \"ObjectType\": \"Customer\",\r\n  },\r\n}\r\n"),
        &arena, &customer, &fault));
    clti_customer_check(&customer, &problems);
    assert_int_equal(problems.count, 0);
    assert_true(clti_str_equal(customer.company_name, CLTI_STR("Some Company")));
    assert_true(clti_str_equal(customer.culture, CLTI_STR("en-US")));
    assert_true(clti_str_equal(customer.language, CLTI_STR("En")));
    assert_true(clti_str_equal(customer.address.phone_number, CLTI_STR("4257778899")));
    clti_arena_done(&arena);
}

/* The address validation's documented body, with the comma behind its last member. */
static void test_read_part_takes_the_documented_address(void **state) {
    (void)state;
    clti_arena arena = {0};
    clti_customer customer;
    clti_problems problems = {0};
    clti_fault fault;
    assert_true(
        clti_wire_read_part(CLTI_STR("{\r\n    \"AddressLine1\": \"1 Microsoft Way\",\r\n"
                                     "    \"City\": \"Redmond\",\r\n    \"State\": \"WA\",\r\n"
                                     "    \"PostalCode\": \"98052\",\r\n    \"Country\": \"US\",\r\n}"),
                            CLTI_PART_ADDRESS, &arena, &customer, &problems, &fault));
    assert_int_equal(problems.count, 0);
    assert_true(clti_str_equal(customer.address.line1, CLTI_STR("1 Microsoft Way")));
    assert_true(clti_str_equal(customer.address.city, CLTI_STR("Redmond")));
    assert_true(clti_str_equal(customer.address.state, CLTI_STR("WA")));
    assert_true(clti_str_equal(customer.address.postal_code, CLTI_STR("98052")));
    assert_true(clti_str_equal(customer.address.country, CLTI_STR("US")));
    assert_false(
        clti_wire_read_part(CLTI_STR("[]"), CLTI_PART_ADDRESS, &arena, &customer, &problems, &fault));
    assert_int_equal(fault.code, REQUEST);
    clti_arena_done(&arena);
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(TAKEN) + CLTI_COUNT(REFUSED) + 5];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(TAKEN); i++)
        tests[count++] =
            (struct CMUnitTest){TAKEN[i].name, check_taken, NULL, NULL, (void *)(uintptr_t)&TAKEN[i]};
    for (size_t i = 0; i < CLTI_COUNT(REFUSED); i++)
        tests[count++] =
            (struct CMUnitTest){REFUSED[i].name, check_refused, NULL, NULL, (void *)(uintptr_t)&REFUSED[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_customer_survives_render_and_read);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_read_customer_takes_the_documented_body);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_read_customer_tells_every_bad_member);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_read_part_takes_the_rest_for_absent);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_read_part_takes_the_documented_address);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
