/* Audit records as they are written, and the filters that ask for them (api.md 3.9, 5.4). */
#include "wire/wire_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PARTNER  "5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40"
#define CUSTOMER "42477eb9-94b7-5776-8d41-8ad58faa0f07"
#define OTHER    "0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60"

static clt_guid guid(const char *text) {
    clt_guid read;
    assert_true(clti_guid_parse(clti_str(text), &read));
    return read;
}

/* Quotes of `want` are apostrophes, to be readable. */
static void assert_text(clti_buf *got, const char *want) {
    char *text = strdup(want);
    for (char *at = text; (at = strchr(at, '\''));)
        *at = '"';
    assert_true(clti_buf_ok(got));
    clti_buf_add_char(got, '\0');
    assert_string_equal(got->data, text);
    clti_buf_done(got);
    free(text);
}

static clti_audit_record sample(void) {
    return (clti_audit_record){.partner = guid(PARTNER),
                               .date = INT64_C(637346648528069005),
                               .operation = CLTI_AUDIT_ADD_CUSTOMER,
                               .customer = guid(CUSTOMER),
                               .customer_name = CLTI_STR("A \"name\""),
                               .application = guid(OTHER)};
}

/* The ticks and the date are those of the original's example. */
static void test_a_record_leaves_out_what_is_absent(void **state) {
    (void)state;
    clti_buf text;
    clti_buf_init(&text, 10000);
    const clti_audit_record record = sample();
    clti_wire_render_audit_record(&record, &text);
    assert_text(&text, "{'id':'" PARTNER "_" CUSTOMER "_" CUSTOMER
                       "_addcustomer_637346648528069005','partnerId':'" PARTNER "','customerId':'" CUSTOMER
                       "','customerName':'A \\'name\\'','applicationId':'" OTHER
                       "','resourceType':'customer','operationType':'add_customer','operationDate':"
                       "'2020-09-02T17:34:12.8069005Z','operationStatus':'succeeded','customizedData':[],"
                       "'attributes':{'objectType':'AuditRecord'}}");
}

static void test_a_record_of_another_resource_has_no_customer(void **state) {
    (void)state;
    clti_buf text;
    clti_application application = {.id = guid(OTHER),
                                    .name = CLTI_STR("A \"name\""),
                                    .redirect_uris = CLTI_STR("https://a.example/\nhttp://localhost/"),
                                    .is_public = true};
    clti_audit_record record = {.partner = guid(PARTNER),
                                .date = INT64_C(637346648528069005),
                                .operation = CLTI_AUDIT_UNREGISTER_APPLICATION,
                                .resource = guid(OTHER)};
    clti_buf_init(&text, 10000);
    clti_wire_render_audit_record(&record, &text);
    assert_text(&text,
                "{'id':'" PARTNER "_" OTHER "_unregisterapplication_637346648528069005','partnerId':'" PARTNER
                "','resourceType':'application','operationType':'unregister_application',"
                "'operationDate':'2020-09-02T17:34:12.8069005Z','operationStatus':'succeeded',"
                "'customizedData':[],'attributes':{'objectType':'AuditRecord'}}");
    clti_buf_init(&text, 10000);
    clti_wire_render_audit_application(&application, &text);
    assert_text(
        &text,
        "{'Id':'" OTHER "','Name':'A \\'name\\'','Public':true,'RedirectUris':"
        "['https://a.example/','http://localhost/'],'Secrets':[],'Attributes':{'ObjectType':'Application'}}");
}

static void test_a_record_has_its_request_behind_what_was_kept(void **state) {
    (void)state;
    clti_buf text;
    clti_audit_record record = sample();
    clti_buf_init(&text, 10000);
    record.operation = CLTI_AUDIT_REMOVE_RELATIONSHIP;
    record.user = CLTI_STR("admin@fabrikam.example");
    record.old_value = CLTI_STR("{\"A\":1}");
    record.new_value = CLTI_STR("{}");
    record.correlation_id = guid(CUSTOMER);
    record.request_id = guid(OTHER);
    record.customized = CLTI_STR("[{\"key\":\"AllowDelegatedAccess\",\"value\":\"false\"}]");
    clti_wire_render_audit_record(&record, &text);
    assert_text(
        &text,
        "{'id':'" PARTNER "_" CUSTOMER "_" CUSTOMER "_removepartnercustomerrelationship_637346648528069005',"
        "'partnerId':'" PARTNER "','customerId':'" CUSTOMER "','customerName':'A \\'name\\'',"
        "'userPrincipalName':'admin@fabrikam.example','applicationId':'" OTHER "','resourceType':'customer',"
        "'resourceOldValue':'{\\'A\\':1}','resourceNewValue':'{}',"
        "'operationType':'remove_partner_customer_relationship','originalCorrelationId':'" CUSTOMER "',"
        "'operationDate':'2020-09-02T17:34:12.8069005Z','operationStatus':'succeeded','customizedData':["
        "{'key':'AllowDelegatedAccess','value':'false'},{'key':'RequestId','value':'" OTHER "'}],"
        "'attributes':{'objectType':'AuditRecord'}}");
}

static void test_a_page_has_the_links_that_there_are(void **state) {
    (void)state;
    clti_buf text;
    clti_wire_audit_page page = {.self_uri = CLTI_STR("/auditrecords?size=1")};
    clti_buf_init(&text, 10000);
    clti_wire_render_audit_page(&page, &text);
    assert_text(&text,
                "{'totalCount':0,'items':[],'links':{'self':{'uri':'/auditrecords?size=1','method':'GET',"
                "'headers':[]}},'attributes':{'objectType':'Collection'}}");
    page.next_uri = CLTI_STR("/n");
    page.next_token = CLTI_STR("N");
    page.previous_uri = CLTI_STR("/p");
    page.previous_token = CLTI_STR("P");
    clti_buf_init(&text, 10000);
    clti_wire_render_audit_page(&page, &text);
    assert_text(&text,
                "{'continuationToken':'N','totalCount':0,'items':[],'links':{'self':{'uri':"
                "'/auditrecords?size=1','method':'GET','headers':[]},'next':{'uri':'/n','method':'GET',"
                "'headers':[{'key':'MS-ContinuationToken','value':'N'}]},'previous':{'uri':'/p','method':"
                "'GET','headers':[{'key':'MS-ContinuationToken','value':'P'}]}},"
                "'attributes':{'objectType':'Collection'}}");
}

/* ---- filters ---- */

static void test_each_field_has_its_operator(void **state) {
    (void)state;
    static const struct {
        const char *json, *written; /* NULL: refused */
    } rows[] = {
        {"{\"Field\":\"CompanyName\",\"Value\":\"Cont\",\"Operator\":\"substring\"}",
         "{\"Field\":\"CompanyName\",\"Value\":\"Cont\",\"Operator\":\"substring\"}"},
        {"{\"field\":\"companyname\",\"value\":\"\",\"operator\":\"Sub_String\"}",
         "{\"Field\":\"CompanyName\",\"Value\":\"\",\"Operator\":\"substring\"}"},
        {"{\"Field\":\"CustomerId\",\"Value\":\"x\",\"Operator\":0,}",
         "{\"Field\":\"CustomerId\",\"Value\":\"x\",\"Operator\":\"equals\"}"},
        {"{\"Field\":\"ResourceType\",\"Value\":\"Customer\",\"Operator\":\"EQUALS\",\"fieldType\":"
         "\"String\"}",
         "{\"Field\":\"ResourceType\",\"Value\":\"Customer\",\"Operator\":\"equals\"}"},
        {"{\"Field\":\"Actor\",\"Value\":\"a@b\",\"Operator\":\"equals\"}",
         "{\"Field\":\"Actor\",\"Value\":\"a@b\",\"Operator\":\"equals\"}"},
        {"{\"Field\":\"OperationType\",\"Value\":\"AddCustomer\",\"Operator\":\"equals\"}",
         "{\"Field\":\"OperationType\",\"Value\":\"AddCustomer\",\"Operator\":\"equals\"}"},
        {"{\"Field\":\"CompanyName\",\"Value\":\"x\",\"Operator\":0}", NULL},
        {"{\"Field\":\"Actor\",\"Value\":\"x\",\"Operator\":6}", NULL},
        {"{\"Field\":\"Actor\",\"Value\":\"\\u0000\",\"Operator\":0}", NULL},
        {"{\"Field\":\"\",\"Value\":\"x\",\"Operator\":0}", NULL},
        {"[1]", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_arena arena = {0};
        clti_audit_filter filter;
        clti_fault fault = {0};
        clti_buf text;
        bool taken = clti_wire_read_audit_filter(clti_str(rows[i].json), &arena, &filter, &fault);
        if (taken != (rows[i].written != NULL))
            fail_msg("%s: %s", rows[i].json, taken ? "taken" : fault.text);
        if (taken) {
            clti_buf_init(&text, 10000);
            clti_wire_render_audit_filter(&filter, &text);
            assert_text(&text, rows[i].written);
        } else {
            assert_int_equal(fault.code, CLTI_FAULT_INVALID_QUERY);
            assert_non_null(fault.member);
        }
        clti_arena_done(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_leaves_out_what_is_absent),
        cmocka_unit_test(test_a_record_of_another_resource_has_no_customer),
        cmocka_unit_test(test_a_record_has_its_request_behind_what_was_kept),
        cmocka_unit_test(test_a_page_has_the_links_that_there_are),
        cmocka_unit_test(test_each_field_has_its_operator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
