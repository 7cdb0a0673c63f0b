/* Customers: valid domains, setting members, completing what an import left open, comparing. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#define LABEL_63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"
#define ID       "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define OTHER_ID "c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4"

static void test_domain_validity(void **state) {
    static const struct {
        const char *domain;
        bool valid;
    } rows[] = {
        {"contoso.onmicrosoft.com", true},
        {"Contoso.COM", true},
        {"a.b", true},
        {"1.2", true},
        {"xn--bcher-kva.example", true},
        {"a-b--c.example", true},
        {LABEL_63 ".example", true},
        {LABEL_63 "." LABEL_63 "." LABEL_63 ".aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1",
         true},
        {LABEL_63 "." LABEL_63 "." LABEL_63 ".aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12",
         false},
        {LABEL_63 "4.example", false},
        {"", false},
        {"contoso", false},
        {".", false},
        {".com", false},
        {"contoso.", false},
        {"contoso.com.", false},
        {"a..b", false},
        {"-a.example", false},
        {"a-.example", false},
        {"a.-b", false},
        {"a_b.example", false},
        {"a b.example", false},
        {" a.example", false},
        {"a.example\n", false},
        {"b\xC3\xBC"
         "cher.example",
         false},
        {"a/b.example", false},
        {"a@b.example", false},
        {"*.example", false},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if (clti_domain_is_valid(clti_str(rows[i].domain)) != rows[i].valid)
            fail_msg("'%s'", rows[i].domain);
    assert_false(clti_domain_is_valid((clt_str){NULL, 0}));
    assert_false(clti_domain_is_valid(CLTI_STR("a\0b.example")));
}

static bool set(clti_customer *customer, const char *path, clt_str value, clti_fault *fault) {
    const clti_customer_member *member = clti_customer_member_find(clti_str(path));
    assert_non_null(member);
    return clti_customer_set(customer, member, value, fault);
}

static void test_customer_member_table_is_consistent(void **state) {
    (void)state;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        assert_ptr_equal(clti_customer_member_find(clti_str(member->path)), member);
        assert_int_equal(strcasecmp(member->path, member->name), 0);
        if (!member->is_alias)
            assert_ptr_equal(clti_customer_member_at(member->offset), member);
        bool is_text = member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS;
        assert_int_equal(member->code_points_max > 0, is_text);
        assert_int_equal(member->tag != 0, is_text && !member->is_alias);
        for (size_t j = 0; j < i; j++) {
            bool same_place = CLTI_CUSTOMER_MEMBERS[j].offset == member->offset;
            assert_int_equal(same_place && !CLTI_CUSTOMER_MEMBERS[j].is_alias,
                             same_place && member->is_alias);
            assert_false(member->tag != 0 && CLTI_CUSTOMER_MEMBERS[j].tag == member->tag);
        }
    }
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++)
        for (const char *at = CLTI_CUSTOMER_MEMBERS[i].name; at;
             at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL)
            assert_in_range(*at, 'A', 'Z');
    assert_non_null(clti_customer_member_find(CLTI_STR("BILLINGPROFILE.defaultaddress.CITY")));
    assert_null(clti_customer_member_find(CLTI_STR("city")));
    assert_null(clti_customer_member_find(CLTI_STR("")));
}

static void test_customer_set_refuses_bad_values_and_names_the_member(void **state) {
    static const struct {
        const char *path, *value;
    } rows[] = {
        {"companyProfile.companyName", "a\xFF"},
        {"companyProfile.companyName", "a\nb"},
        {"companyProfile.companyName", "a\x1F"},
        {"companyProfile.companyName", "a\xC2\x85"},
        {"billingProfile.defaultAddress.city", "\xC2\x9B"
                                               "31m"},
        {"companyProfile.domain", "\x01"},
        {"billingProfile.defaultAddress.country", "DEU"},
        {"billingProfile.firstName", "123456789012345678901234567890123456789012345678901"},
        {"id", "5b1c0a52"},
        {"id", "00000000-0000-0000-0000-000000000000"},
        {"associatedPartnerId", "x"},
        {"companyProfile.tenantId", "x"},
        {"allowDelegatedAccess", "maybe"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_customer customer = {0};
        clti_fault fault;
        assert_false(set(&customer, rows[i].path, clti_str(rows[i].value), &fault));
        assert_int_equal(strcasecmp(fault.member, rows[i].path), 0);
        assert_in_range(fault.member[0], 'A', 'Z');
        assert_non_null(strstr(fault.text, rows[i].path));
    }
}

static void test_customer_set_counts_code_points(void **state) {
    (void)state;
    clti_customer customer = {0};
    clti_fault fault;
    clti_buf name;
    clti_buf_init(&name, 10000);
    for (int i = 0; i < 200; i++)
        clti_buf_add(&name, CLTI_STR("\xF0\x9F\x98\x80"));
    assert_true(set(&customer, "companyProfile.companyName", clti_buf_str(&name), &fault));
    clti_buf_add_char(&name, 'x');
    assert_false(set(&customer, "companyProfile.companyName", clti_buf_str(&name), &fault));
    assert_non_null(strstr(fault.text, "200"));
    clti_buf_done(&name);
}

static void test_customer_set_empty_leaves_a_member_absent(void **state) {
    (void)state;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        clti_customer customer = {0};
        clti_fault fault;
        assert_true(clti_customer_set(&customer, &CLTI_CUSTOMER_MEMBERS[i], CLTI_STR(""), &fault));
        assert_true(clti_customer_equal(&customer, &(clti_customer){0}));
    }
}

static void test_customer_set_aliases_fill_gaps_only(void **state) {
    (void)state;
    clti_customer customer = {0};
    clti_fault fault;
    clt_guid other;
    assert_true(clti_guid_parse(CLTI_STR(OTHER_ID), &other));
    assert_true(set(&customer, "billingProfile.companyName", CLTI_STR("Billing"), &fault));
    assert_true(clti_str_equal(customer.company_name, CLTI_STR("Billing")));
    assert_true(set(&customer, "companyProfile.companyName", CLTI_STR("Company"), &fault));
    assert_true(set(&customer, "billingProfile.companyName", CLTI_STR("Billing"), &fault));
    assert_true(clti_str_equal(customer.company_name, CLTI_STR("Company")));
    assert_true(set(&customer, "companyProfile.tenantId", CLTI_STR(ID), &fault));
    assert_true(set(&customer, "id", CLTI_STR(OTHER_ID), &fault));
    assert_true(set(&customer, "companyProfile.tenantId", CLTI_STR(ID), &fault));
    assert_true(clti_guid_equal(customer.id, other));
}

static void test_customer_set_reads_relationship_and_access(void **state) {
    (void)state;
    clti_customer customer = {0};
    clti_fault fault;
    assert_true(set(&customer, "relationshipToPartner", CLTI_STR("None"), &fault));
    assert_int_equal(customer.relationship, CLTI_RELATIONSHIP_NONE);
    assert_true(set(&customer, "relationshipToPartner", CLTI_STR("Reseller"), &fault));
    assert_int_equal(customer.relationship, CLTI_RELATIONSHIP_RESELLER);
    assert_true(set(&customer, "allowDelegatedAccess", CLTI_STR("FALSE"), &fault));
    assert_true(customer.no_delegated_access);
    assert_true(set(&customer, "allowDelegatedAccess", CLTI_STR("true"), &fault));
    assert_false(customer.no_delegated_access);
}

static clti_customer minimal(void) {
    return (clti_customer){.domain = CLTI_STR("contoso.example"), .company_name = CLTI_STR("Contoso")};
}

static void test_customer_complete_refuses_what_is_missing(void **state) {
    (void)state;
    clti_fault fault;
    clti_customer customer = minimal();
    customer.domain = (clt_str){NULL, 0};
    assert_false(clti_customer_complete(&customer, &fault));
    assert_string_equal(fault.member, "CompanyProfile.Domain");
    customer.domain = CLTI_STR("contoso");
    assert_false(clti_customer_complete(&customer, &fault));
    assert_string_equal(fault.member, "CompanyProfile.Domain");
    customer = minimal();
    customer.company_name = (clt_str){NULL, 0};
    assert_false(clti_customer_complete(&customer, &fault));
    assert_string_equal(fault.member, "CompanyProfile.CompanyName");
    customer.company_name = CLTI_STR("  ");
    assert_false(clti_customer_complete(&customer, &fault));
}

static void test_customer_complete_refuses_names_that_show_nothing(void **state) {
    static const struct {
        const char *name;
        bool is_name;
    } rows[] = {
        {"\xE2\x80\x8B", false},
        {"\xC2\xA0", false},
        {"\xC2\xAD", false},
        {" \xE3\x80\x80\xE2\x80\x8B ", false},
        {"\xE2\x80\x8B"
         "A",
         true},
        {"\xC2\xA0\xE5\xB1\xB1", true},
        {".", true},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_fault fault;
        clti_customer customer = minimal();
        customer.company_name = clti_str(rows[i].name);
        if (clti_customer_complete(&customer, &fault) != rows[i].is_name)
            fail_msg("row %zu", i);
        if (!rows[i].is_name)
            assert_string_equal(fault.member, "CompanyProfile.CompanyName");
    }
}

/* The same row again must find the same customer, so the id comes from the domain, whatever its case. */
static void test_customer_complete_derives_the_id_from_the_domain(void **state) {
    (void)state;
    clti_fault fault;
    clti_customer customer = minimal(), upper = minimal();
    upper.domain = CLTI_STR("CONTOSO.Example");
    assert_true(clti_customer_complete(&customer, &fault));
    assert_true(clti_customer_complete(&upper, &fault));
    assert_true(clti_guid_equal(customer.id, upper.id));
    assert_true(clti_guid_equal(customer.id,
                                clti_guid_from_name(CLTI_GUID_NAMESPACE_DNS, CLTI_STR("contoso.example"))));
    assert_true(clti_str_equal(upper.domain, CLTI_STR("CONTOSO.Example")));
    clti_customer given = minimal();
    assert_true(clti_guid_parse(CLTI_STR(ID), &given.id));
    assert_true(clti_customer_complete(&given, &fault));
    assert_string_equal(clti_guid_to_text(given.id).text, ID);
}

static void test_customer_complete_takes_culture_and_language_from_the_country(void **state) {
    static const struct {
        const char *country, *culture, *language; /* given */
        const char *want_culture, *want_language; /* NULL: absent */
    } rows[] = {
        {"DE", NULL, NULL, "de-DE", "de"},    {"de", NULL, NULL, "de-DE", "de"},
        {"CH", "fr-CH", NULL, "fr-CH", "de"}, {"CH", NULL, "it", "de-CH", "it"},
        {"CH", "fr-CH", "En", "fr-CH", "En"}, {NULL, NULL, NULL, NULL, NULL},
        {"XX", NULL, NULL, NULL, NULL},       {"XX", "en-US", NULL, "en-US", NULL},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_fault fault;
        clti_customer customer = minimal();
        customer.address.country = clti_str(rows[i].country);
        customer.culture = clti_str(rows[i].culture);
        customer.language = clti_str(rows[i].language);
        assert_true(clti_customer_complete(&customer, &fault));
        assert_true(clti_str_equal(customer.culture, clti_str(rows[i].want_culture)));
        assert_true(clti_str_equal(customer.language, clti_str(rows[i].want_language)));
    }
}

static void test_customer_equal_looks_at_every_member(void **state) {
    (void)state;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        clti_customer customer = {0};
        clti_fault fault;
        clt_str value = CLTI_STR("xy");
        if (member->kind == CLTI_MEMBER_GUID)
            value = CLTI_STR(ID);
        if (member->kind == CLTI_MEMBER_RELATIONSHIP)
            value = CLTI_STR("none");
        if (member->kind == CLTI_MEMBER_DELEGATED_ACCESS)
            value = CLTI_STR("false");
        assert_true(clti_customer_set(&customer, member, value, &fault));
        assert_false(clti_customer_equal(&customer, &(clti_customer){0}));
        assert_true(clti_customer_equal(&customer, &customer));
    }
}

static void test_customer_equal_looks_at_what_is_no_member(void **state) {
    (void)state;
    const clti_customer rows[] = {{.billing_revision = 1},
                                  {.qualification.kind = CLTI_QUALIFICATION_EDUCATION},
                                  {.qualification.created = 1},
                                  {.qualification.is_in_review = true}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_false(clti_customer_equal(&rows[i], &(clti_customer){0}));
        assert_true(clti_customer_equal(&rows[i], &rows[i]));
    }
}

/* What is read from elsewhere knows neither; and no etag may come back. */
static void test_customer_keeps_its_qualification_and_counts_a_change(void **state) {
    (void)state;
    const clti_customer old = {.company_name = CLTI_STR("A"),
                               .billing_revision = 3,
                               .qualification = {.kind = CLTI_QUALIFICATION_NONPROFIT, .created = 7}};
    clti_customer same = {.company_name = CLTI_STR("A")}, other = {.company_name = CLTI_STR("B")};
    clti_customer_keep(&same, &old);
    assert_true(clti_customer_equal(&same, &old));
    clti_customer_keep(&other, &old);
    assert_int_equal(other.billing_revision, 4);
    assert_int_equal(other.qualification.kind, CLTI_QUALIFICATION_NONPROFIT);
}

static void test_customer_derived_ids_differ_and_stay(void **state) {
    (void)state;
    clti_customer customer = {.id = {{1}}}, other = {.id = {{2}}};
    clt_guid commerce = clti_customer_commerce_id(&customer), billing = clti_customer_billing_id(&customer);
    assert_true(clti_guid_equal(commerce, clti_customer_commerce_id(&customer)));
    assert_false(clti_guid_equal(commerce, billing));
    assert_false(clti_guid_equal(commerce, customer.id));
    assert_false(clti_guid_equal(commerce, clti_customer_commerce_id(&other)));
    customer.commerce_id = (clt_guid){{7}};
    customer.billing_id = (clt_guid){{8}};
    assert_true(clti_guid_equal(clti_customer_commerce_id(&customer), customer.commerce_id));
    assert_true(clti_guid_equal(clti_customer_billing_id(&customer), customer.billing_id));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_domain_validity),
        cmocka_unit_test(test_customer_member_table_is_consistent),
        cmocka_unit_test(test_customer_set_refuses_bad_values_and_names_the_member),
        cmocka_unit_test(test_customer_set_counts_code_points),
        cmocka_unit_test(test_customer_set_empty_leaves_a_member_absent),
        cmocka_unit_test(test_customer_set_aliases_fill_gaps_only),
        cmocka_unit_test(test_customer_set_reads_relationship_and_access),
        cmocka_unit_test(test_customer_complete_refuses_what_is_missing),
        cmocka_unit_test(test_customer_complete_refuses_names_that_show_nothing),
        cmocka_unit_test(test_customer_complete_derives_the_id_from_the_domain),
        cmocka_unit_test(test_customer_complete_takes_culture_and_language_from_the_country),
        cmocka_unit_test(test_customer_equal_looks_at_every_member),
        cmocka_unit_test(test_customer_equal_looks_at_what_is_no_member),
        cmocka_unit_test(test_customer_keeps_its_qualification_and_counts_a_change),
        cmocka_unit_test(test_customer_derived_ids_differ_and_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
