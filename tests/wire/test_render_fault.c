/* Error bodies (api.md 3.11). */
#include "wire/wire_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_body(const clti_fault *fault, const char *want) {
    clti_buf body;
    clti_buf_init(&body, 100000);
    clti_wire_render_fault(fault, &body);
    assert_true(clti_buf_ok(&body));
    clti_buf_add_char(&body, '\0');
    assert_string_equal(body.data, want);
    clti_buf_done(&body);
}

static void test_fault_names_the_member_in_data(void **state) {
    (void)state;
    clti_fault fault;
    clti_fault_set(&fault, CLTI_FAULT_INVALID_QUERY, "size", "Bad size.");
    assert_body(&fault, "{\"code\":2000,\"description\":\"Bad size.\",\"data\":[\"size\"],"
                        "\"source\":\"PartnerApiServiceControllers\"}");
}

static void test_fault_without_member_has_empty_data(void **state) {
    (void)state;
    clti_fault fault;
    clti_fault_set(&fault, CLTI_FAULT_CUSTOMER_NOT_FOUND, NULL, NULL);
    assert_body(&fault, "{\"code\":60003,\"description\":\"The customer does not exist.\",\"data\":[],"
                        "\"source\":\"PartnerFD\"}");
}

static void test_fault_names_every_member_of_its_problems(void **state) {
    (void)state;
    clti_problems problems = {0};
    clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "BillingProfile.Culture", "One.");
    clti_problems_add(&problems, CLTI_FAULT_INVALID_ADDRESS, "BillingProfile.DefaultAddress.State", "Two.");
    assert_body(&problems.fault, "{\"code\":3000,\"description\":\"One. Two.\",\"data\":["
                                 "\"BillingProfile.Culture\",\"BillingProfile.DefaultAddress.State\"],"
                                 "\"source\":\"PartnerApiServiceControllers\"}");
}

static void test_fault_text_is_escaped(void **state) {
    (void)state;
    clti_fault fault;
    clti_fault_set(&fault, CLTI_FAULT_BUSY, NULL, "%s", "a\"b\\c\nd\xC3\xA9");
    assert_body(&fault, "{\"code\":800003,\"description\":\"a\\\"b\\\\c\\nd\xC3\xA9\",\"data\":[],"
                        "\"source\":\"PartnerFD\"}");
}

/* code is a number, description is there, data an array, in every fault and at every length. */
static void test_every_fault_has_the_contracts_shape(void **state) {
    (void)state;
    for (int code = 0; code < CLTI_FAULT_COUNT; code++) {
        clti_fault fault;
        clti_buf body;
        clti_fault_set(&fault, (clti_fault_code)code, "member", "%02000d", code);
        clti_buf_init(&body, 100000);
        clti_wire_render_fault(&fault, &body);
        json_t *read = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(read);
        assert_int_equal(json_object_size(read), 4);
        assert_true(json_is_integer(json_object_get(read, "code")));
        assert_in_range(json_string_length(json_object_get(read, "description")), 1, 1024);
        assert_int_equal(json_array_size(json_object_get(read, "data")), 1);
        assert_true(json_is_string(json_object_get(read, "source")));
        json_decref(read);
        clti_buf_done(&body);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_names_the_member_in_data),
        cmocka_unit_test(test_fault_without_member_has_empty_data),
        cmocka_unit_test(test_fault_names_every_member_of_its_problems),
        cmocka_unit_test(test_fault_text_is_escaped),
        cmocka_unit_test(test_every_fault_has_the_contracts_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
