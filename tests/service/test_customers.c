/* List and get over a plain store: the worked example of api.md 6.2, filters, isolation, and what is refused.
 */
#include "service/service_private.h"
#include "support/memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const clt_guid PARTNER = {{1}};
static const clt_guid RESELLER = {{2}};

typedef struct fixture {
    clti_service service;
    clti_arena arena;
    clti_caller caller;
    clti_customers_answer answer;
    clti_fault fault;
} fixture;

static clti_customer customer(uint8_t number, const char *name, const char *domain) {
    return (clti_customer){
        .id = {{0x11, number}}, .company_name = clti_str(name), .domain = clti_str(domain)};
}

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof(*made));
    assert_non_null(made);
    clti_load_outcome outcomes[6];
    clti_customer customers[] = {
        customer(5, "Wingtip", "w.example"),      customer(1, "Adatum", "ad.example"),
        customer(4, "\xC3\x89lan", "e.example"),  customer(2, "CONTOSO", "co.example"),
        customer(3, "Contoso Ltd", "cl.example"), customer(6, "Removed", "r.example")};
    customers[1].associated_partner_id = RESELLER;
    customers[5].relationship = CLTI_RELATIONSHIP_NONE;
    made->caller.partner = PARTNER;
    assert_true(clti_service_init(&made->service, clti_memory_store_new(), true, false, &made->fault));
    assert_true(clti_store_load(made->service.store, PARTNER, customers, CLTI_COUNT(customers), outcomes,
                                &made->fault));
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *made = *state;
    clti_store_close(made->service.store);
    clti_arena_done(&made->arena);
    free(made);
    return 0;
}

static bool ask(fixture *made, const clti_customers_request *request) {
    return clti_customers_list(&made->service, &made->caller, request, &made->arena, &made->answer,
                               &made->fault);
}

static bool list(fixture *made, const char *query, clt_str token) {
    return ask(made, &(clti_customers_request){.query = clti_str(query), .continuation = token});
}

/* Names of the page, joined. */
static void assert_page(fixture *made, const char *want) {
    clti_buf names;
    clti_buf_init(&names, 10000);
    for (size_t i = 0; i < made->answer.page.count; i++) {
        if (i > 0)
            clti_buf_add_char(&names, ',');
        clti_buf_add(&names, made->answer.page.items[i].company_name);
    }
    clti_buf_add_char(&names, '\0');
    assert_string_equal(names.data, want);
    clti_buf_done(&names);
}

static void assert_links(const fixture *made, const char *self, const char *next, const char *previous) {
    assert_string_equal(made->answer.page.self_uri.data, self);
    assert_int_equal(made->answer.page.next_uri.data != NULL, next != NULL);
    assert_int_equal(made->answer.page.next_token.data != NULL, next != NULL);
    assert_int_equal(made->answer.page.previous_uri.data != NULL, previous != NULL);
    assert_int_equal(made->answer.page.previous_token.data != NULL, previous != NULL);
    if (next)
        assert_string_equal(made->answer.page.next_uri.data, next);
    if (previous)
        assert_string_equal(made->answer.page.previous_uri.data, previous);
}

#define NONE                                                                                                 \
    (clt_str) {                                                                                              \
        NULL, 0                                                                                              \
    }
#define NEXT     "/customers?size=2&seekOperation=Next"
#define PREVIOUS "/customers?size=2&seekOperation=Previous"

static void test_list_pages_forwards_and_back(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=2", NONE));
    assert_page(made, "Adatum,CONTOSO");
    assert_links(made, "/v1/customers?size=2", NEXT, NULL);
    assert_false(made->answer.is_filtered);
    clt_str first_token = made->answer.page.next_token;
    assert_true(list(made, "size=2&seekOperation=Next", first_token));
    assert_page(made, "Contoso Ltd,\xC3\x89lan");
    assert_links(made, "/v1/customers?size=2", NEXT, PREVIOUS);
    clt_str second_token = made->answer.page.next_token, back_token = made->answer.page.previous_token;
    assert_true(list(made, "seekOperation=Next", second_token));
    assert_page(made, "Wingtip");
    assert_links(made, "/v1/customers?size=2", NULL, PREVIOUS);
    assert_true(list(made, "size=2&seekOperation=Previous", made->answer.page.previous_token));
    assert_page(made, "Contoso Ltd,\xC3\x89lan");
    assert_links(made, "/v1/customers?size=2", NEXT, PREVIOUS);
    assert_true(clti_str_equal(made->answer.page.next_token, second_token));
    assert_true(list(made, "seekOperation=previous", back_token));
    assert_page(made, "Adatum,CONTOSO");
    assert_links(made, "/v1/customers?size=2", NEXT, NULL);
    assert_true(clti_str_equal(made->answer.page.next_token, first_token));
}

static void test_list_on_one_page_has_no_tokens(void **state) {
    fixture *made = *state;
    assert_true(list(made, NULL, NONE));
    assert_page(made, "Adatum,CONTOSO,Contoso Ltd,\xC3\x89lan,Wingtip");
    assert_links(made, "/v1/customers?size=500", NULL, NULL);
    assert_true(list(made, "size=5", NONE));
    assert_links(made, "/v1/customers?size=5", NULL, NULL);
}

static void test_list_first_and_last(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=2&seekOperation=Last", NONE));
    assert_page(made, "\xC3\x89lan,Wingtip");
    assert_links(made, "/v1/customers?size=2", NULL, PREVIOUS);
    assert_true(list(made, "seekOperation=Previous", made->answer.page.previous_token));
    assert_page(made, "CONTOSO,Contoso Ltd");
    clt_str token = made->answer.page.previous_token;
    assert_true(list(made, "seekOperation=Previous", token));
    assert_page(made, "Adatum");
    assert_true(list(made, "seekOperation=Last", token));
    assert_page(made, "\xC3\x89lan,Wingtip");
    assert_true(list(made, "seekOperation=First", token));
    assert_page(made, "Adatum,CONTOSO");
}

static void delete_customer(fixture *made, uint8_t number) {
    clti_outcome outcome;
    const clti_change change = {.kind = CLTI_CHANGE_CUSTOMER_DELETE,
                                .of.customer = {PARTNER, customer(number, "", "").id}};
    assert_true(clti_store_apply(made->service.store, &change, 1, &outcome, &made->fault));
    assert_true(outcome.done);
}

/* An empty page would make a client throw away what it has read (api.md 6.1). */
static void test_list_going_on_after_the_end_is_refused(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=4", NONE));
    delete_customer(made, 5);
    assert_false(list(made, "seekOperation=Next", made->answer.page.next_token));
    assert_int_equal(made->fault.code, CLTI_FAULT_INVALID_QUERY);
    assert_string_equal(made->fault.member, "MS-ContinuationToken");
}

static void test_list_of_another_partner_is_empty_and_takes_no_foreign_token(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=2", NONE));
    clt_str token = made->answer.page.next_token;
    made->caller.partner = (clt_guid){{9}};
    assert_false(list(made, "seekOperation=Next", token));
    assert_string_equal(made->fault.member, "MS-ContinuationToken");
    assert_true(list(made, "size=2", NONE));
    assert_page(made, "");
    assert_links(made, "/v1/customers?size=2", NULL, NULL);
}

static bool list_filtered(fixture *made, const char *field, const char *value, const char *operator) {
    clti_buf query;
    clt_str json = clti_arena_format(&made->arena, "{\"Field\":\"%s\",\"Value\":\"%s\",\"Operator\":\"%s\"}",
                                     field, value, operator);
    clti_buf_init(&query, 100000);
    clti_buf_add(&query, CLTI_STR("size=0&filter="));
    clti_url_encode(json, &query);
    clti_buf_add_char(&query, '\0');
    bool done = list(made, query.data, NONE);
    clti_buf_done(&query);
    return done;
}

static void test_list_filters_by_name_and_domain(void **state) {
    static const struct {
        const char *field, *value, *operator, * want;
    } rows[] = {
        {"CompanyName", "cont", "starts_with", "CONTOSO,Contoso Ltd"},
        {"CompanyName", "CONTOSO ", "starts_with", "Contoso Ltd"},
        {"CompanyName", "contoso", "equals", "CONTOSO"},
        {"CompanyName", "E", "starts_with", "\xC3\x89lan"},
        {"CompanyName", "\xC3\xA9L", "starts_with", "\xC3\x89lan"},
        {"CompanyName", "E\xCC\x81LAN", "equals", "\xC3\x89lan"},
        {"CompanyName", "elan", "equals", ""},
        {"CompanyName", "", "starts_with", "Adatum,CONTOSO,Contoso Ltd,\xC3\x89lan,Wingtip"},
        {"CompanyName", "", "equals", ""},
        {"CompanyName", "Removed", "starts_with", ""},
        {"CompanyName", "datum", "starts_with", ""},
        {"Domain", "C", "starts_with", "Contoso Ltd,CONTOSO"},
        {"Domain", "AD.Example", "equals", "Adatum"},
        {"Domain", "ad", "equals", ""},
    };
    fixture *made = *state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        assert_true(list_filtered(made, rows[i].field, rows[i].value, rows[i].operator));
        assert_true(made->answer.is_filtered);
        assert_page(made, rows[i].want);
    }
}

static void test_list_repeats_the_filter_in_its_links(void **state) {
    fixture *made = *state;
    static const char filter[] = "filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22cont%22%2C"
                                 "%22Operator%22%3A%22starts_with%22%7D";
    clt_str query = clti_arena_format(&made->arena, "size=1&%s", filter);
    assert_true(list(made, query.data, NONE));
    assert_page(made, "CONTOSO");
    assert_links(made, clti_arena_format(&made->arena, "/v1/customers?size=1&%s", filter).data,
                 clti_arena_format(&made->arena, "/customers?size=1&seekOperation=Next&%s", filter).data,
                 NULL);
    /* By hand, without the filter: the token has it. */
    assert_true(list(made, "seekOperation=Next", made->answer.page.next_token));
    assert_true(made->answer.is_filtered);
    assert_page(made, "Contoso Ltd");
    assert_null(made->answer.page.next_token.data);
    assert_non_null(made->answer.page.previous_token.data);
}

/* design.md 4: more than 200 code points match nothing, and are no error. */
static void test_list_with_a_long_value_is_empty(void **state) {
    fixture *made = *state;
    clti_buf value;
    clti_buf_init(&value, 10000);
    for (int i = 0; i < 201; i++)
        clti_buf_add(&value, CLTI_STR("\xC2\xAD"));
    clti_buf_add_char(&value, '\0');
    /* 201 soft hyphens fold to nothing, which would match everything. */
    assert_true(list_filtered(made, "CompanyName", value.data, "starts_with"));
    assert_page(made, "");
    /* 200 of them are a value, and its fold is empty. */
    assert_true(list_filtered(made, "CompanyName", value.data + 2, "starts_with"));
    assert_int_equal(made->answer.page.count, 5);
    clti_buf_done(&value);
}

static void test_list_by_relationship_needs_a_user_and_a_guid(void **state) {
    fixture *made = *state;
    const char *reseller = clti_arena_format(&made->arena, "%s", clti_guid_to_text(RESELLER).text).data;
    assert_false(list_filtered(made, "IndirectReseller", reseller, "starts_with"));
    assert_int_equal(made->fault.code, CLTI_FAULT_USER_REQUIRED);
    assert_false(list_filtered(made, "IndirectCloudSolutionProvider", reseller, "equals"));
    assert_int_equal(made->fault.code, CLTI_FAULT_USER_REQUIRED);
    made->caller.has_user = true;
    assert_true(list_filtered(made, "IndirectReseller", reseller, "starts_with"));
    assert_page(made, "Adatum");
    assert_false(list_filtered(made, "IndirectReseller", "Contoso", "equals"));
    assert_int_equal(made->fault.code, CLTI_FAULT_INVALID_QUERY);
    made->caller.has_user = false;
    made->service.require_user = false;
    assert_true(list_filtered(made, "IndirectReseller", reseller, "equals"));
    assert_page(made, "Adatum");
    /* Seen from the other side. */
    made->caller.partner = RESELLER;
    assert_true(
        list_filtered(made, "IndirectCloudSolutionProvider", clti_guid_to_text(PARTNER).text, "equals"));
    assert_page(made, "Adatum");
}

static void test_list_says_whether_the_page_is_the_first(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=2", NONE));
    assert_true(made->answer.is_first);
    assert_true(list(made, NULL, made->answer.page.next_token));
    assert_false(made->answer.is_first);
    assert_true(list(made, "seekOperation=Previous", made->answer.page.previous_token));
    assert_true(made->answer.is_first);
}

/* api.md 13. */
static void test_list_entity_tag_changes_with_the_list_and_the_question(void **state) {
    fixture *made = *state;
    assert_true(list(made, "size=2", NONE));
    clt_str tag = made->answer.entity_tag, token = made->answer.page.next_token;
    assert_true(clti_str_starts_with(tag, CLTI_STR("W/\"")));
    assert_true(list(made, "size=2", NONE));
    assert_true(clti_str_equal(made->answer.entity_tag, tag));
    assert_true(list(made, "size=3", NONE));
    assert_false(clti_str_equal(made->answer.entity_tag, tag));
    assert_true(list(made, "size=2", token));
    assert_false(clti_str_equal(made->answer.entity_tag, tag));
    clti_customers_request request = {.query = CLTI_STR("size=2"), .if_none_match = tag};
    assert_true(ask(made, &request));
    assert_true(made->answer.unchanged);
    delete_customer(made, 5);
    assert_true(ask(made, &request));
    assert_false(made->answer.unchanged);
    assert_false(clti_str_equal(made->answer.entity_tag, tag));
    assert_page(made, "Adatum,CONTOSO");
}

static void test_list_with_a_tag_still_refuses_wrong_input(void **state) {
    fixture *made = *state;
    clti_customers_request request = {.query = CLTI_STR("size=x"), .if_none_match = CLTI_STR("*")};
    assert_false(ask(made, &request));
    assert_string_equal(made->fault.member, "size");
}

static void test_entity_tag_matches_as_http_says(void **state) {
    static const struct {
        const char *held;
        bool matches;
    } rows[] = {{"W/\"a\"", true},          {"\"a\"", true},  {"*", true},  {"\"b\", W/\"a\"", true},
                {" \"b\" ,\t\"a\" ", true}, {"\"b\"", false}, {"a", false}, {"W/\"a", false},
                {"\"aa\"", false},          {"", false},      {",", false}};
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_int_equal(clti_entity_tag_matches(clti_str(rows[i].held), CLTI_STR("W/\"a\"")),
                         rows[i].matches);
    assert_false(clti_entity_tag_matches(NONE, CLTI_STR("W/\"a\"")));
}

static void test_list_counts_all_matches_when_asked(void **state) {
    fixture *made = *state;
    clti_customers_request request = {.query = CLTI_STR("size=2"), .wants_count = true};
    assert_true(ask(made, &request));
    assert_true(made->answer.is_counted);
    assert_int_equal(made->answer.total, 5);
    request.continuation = made->answer.page.next_token;
    assert_true(ask(made, &request));
    assert_int_equal(made->answer.total, 5);
    request = (clti_customers_request){
        .query = CLTI_STR("size=1&filter={\"Field\":\"CompanyName\",\"Value\":\"cont\",\"Operator\":9}"),
        .wants_count = true};
    assert_true(ask(made, &request));
    assert_true(made->answer.is_counted);
    assert_int_equal(made->answer.total, 2);
    request.wants_count = false;
    assert_true(ask(made, &request));
    assert_false(made->answer.is_counted);
}

static bool get(fixture *made, const char *id, clti_customer *out) {
    return clti_customers_get(&made->service, &made->caller, clti_str(id), &made->arena, out, &made->fault);
}

static void test_get_reads_one_customer(void **state) {
    fixture *made = *state;
    clti_customer read;
    assert_true(get(made, "11010000-0000-0000-0000-000000000000", &read));
    assert_true(clti_str_equal(read.company_name, CLTI_STR("Adatum")));
    assert_true(get(made, "{11010000-0000-0000-0000-000000000000}", &read));
}

static void test_get_refuses_what_is_not_there_for_the_caller(void **state) {
    fixture *made = *state;
    clti_customer read;
    assert_false(get(made, "contoso", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_INVALID_CUSTOMER_ID);
    assert_false(get(made, "", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_INVALID_CUSTOMER_ID);
    assert_false(get(made, "11090000-0000-0000-0000-000000000000", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    assert_false(get(made, "11060000-0000-0000-0000-000000000000", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_NO_RELATIONSHIP);
    made->caller.partner = (clt_guid){{9}};
    assert_false(get(made, "11010000-0000-0000-0000-000000000000", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    assert_false(get(made, "11060000-0000-0000-0000-000000000000", &read));
    assert_int_equal(made->fault.code, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    made->caller.partner = RESELLER;
    assert_true(get(made, "11010000-0000-0000-0000-000000000000", &read));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_list_pages_forwards_and_back),
        TEST(test_list_on_one_page_has_no_tokens),
        TEST(test_list_first_and_last),
        TEST(test_list_going_on_after_the_end_is_refused),
        TEST(test_list_of_another_partner_is_empty_and_takes_no_foreign_token),
        TEST(test_list_filters_by_name_and_domain),
        TEST(test_list_repeats_the_filter_in_its_links),
        TEST(test_list_with_a_long_value_is_empty),
        TEST(test_list_by_relationship_needs_a_user_and_a_guid),
        TEST(test_list_says_whether_the_page_is_the_first),
        TEST(test_list_entity_tag_changes_with_the_list_and_the_question),
        TEST(test_list_with_a_tag_still_refuses_wrong_input),
        cmocka_unit_test(test_entity_tag_matches_as_http_says),
        TEST(test_list_counts_all_matches_when_asked),
        TEST(test_get_reads_one_customer),
        TEST(test_get_refuses_what_is_not_there_for_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
