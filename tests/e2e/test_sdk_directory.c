/* libclientele against clienteled: the whole directory, its filters, single customers, many threads. */
#include "directory.h"
#include "sdk_partner.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#define PROVIDER     "33333333-0000-4000-8000-000000000001"
#define PROVIDER_APP "33333333-0000-4000-8000-000000000002"
#define RESELLER     "33333333-0000-4000-8000-000000000003"
#define RESELLER_APP "33333333-0000-4000-8000-000000000004"
#define DEMO_COUNT   28073

static scene demo;
static directory companies;
static clt_partner *partner;

static void base_url_of(const scene *opened, char out[80]) {
    snprintf(out, 80, "http://%s", opened->server.address);
}

static int setup(void **state) {
    char base_url[80];
    if (scene_group_setup(state) != 0)
        return -1;
    directory_read_demo(&companies, "companies.csv");
    directory_sort(&companies);
    scene_open(&demo, scene_demo_store(), NULL);
    base_url_of(&demo, base_url);
    partner = sdk_partner(base_url, NULL, FABRIKAM, FABRIKAM_APP);
    return 0;
}

static int teardown(void **state) {
    clt_partner_free(partner);
    scene_close(&demo);
    directory_done(&companies);
    return scene_group_teardown(state);
}

/* ---- the whole list ------------------------------------------------------------------------------------ */

/* NULL if customer `index` of the list is this one, else what differs. */
static const char *difference(size_t index, const clt_customer *customer) {
    char id[CLTI_GUID_TEXT_SIZE + 1];
    if (index >= companies.count)
        return "more customers than there are";
    const directory_entry *entry = &companies.entries[index];
    clti_guid_format(entry->id, id);
    id[CLTI_GUID_TEXT_SIZE] = '\0';
    if (strcmp(customer->id.data, id) != 0 || strcmp(customer->company_profile->tenant_id.data, id) != 0)
        return "id";
    if (strcmp(customer->company_profile->company_name.data, entry->name) != 0)
        return "name";
    if (strcmp(customer->company_profile->domain.data, entry->domain) != 0)
        return "domain";
    return strcmp(customer->relationship_to_partner.data, "reseller") == 0 ? NULL : "relationship";
}

/* Walks the list; NULL, or what was wrong. Any thread. */
static const char *read_all(clt_partner *with, uint32_t page_size, int no_prefetch) {
    const clt_query query = clt_query_indexed(page_size);
    clt_customer_enumerator_options options = CLT_CUSTOMER_ENUMERATOR_OPTIONS_INIT;
    clt_customer_page *page = NULL;
    clt_customer_enumerator *enumerator = NULL;
    const char *wrong = NULL;
    size_t count = 0;
    options.no_prefetch = no_prefetch;
    if (clt_customers_query(with, &query, NULL, &page, NULL) != CLT_OK ||
        clt_customer_enumerator_create(with, page, &options, &enumerator, NULL) != CLT_OK)
        return "it does not begin";
    while (!wrong && clt_customer_enumerator_has_value(enumerator)) {
        const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
        if (clt_customer_page_count(current) != page_size && !clt_customer_enumerator_is_last(enumerator))
            wrong = "a short page";
        for (size_t i = 0; !wrong && i < clt_customer_page_count(current); i++, count++)
            wrong = difference(count, clt_customer_page_at(current, i));
        if (!wrong && clt_customer_enumerator_next(enumerator, NULL, NULL) != CLT_OK)
            wrong = "a page did not come";
    }
    clt_customer_enumerator_free(enumerator);
    return wrong || count == DEMO_COUNT ? wrong : "customers are missing";
}

static void expect_all(uint32_t page_size, int no_prefetch) {
    const char *wrong = read_all(partner, page_size, no_prefetch);
    if (wrong)
        fail_msg("pages of %u: %s", page_size, wrong);
}

static void test_pages_of_40_read_every_company_once_in_order(void **state) {
    (void)state;
    expect_all(40, 0);
}

static void test_pages_of_500_read_every_company_once_in_order(void **state) {
    (void)state;
    expect_all(500, 0);
}

static void test_without_prefetch_it_is_the_same_list(void **state) {
    (void)state;
    expect_all(500, 1);
}

static void test_backwards_from_the_last_page_it_is_the_same_list(void **state) {
    (void)state;
    clt_query query = clt_query_indexed(500);
    query.seek = CLT_SEEK_LAST;
    clt_customer_enumerator *enumerator = sdk_enumerate(partner, &query);
    size_t left = DEMO_COUNT;
    while (clt_customer_enumerator_has_value(enumerator)) {
        const clt_customer_page *current = clt_customer_enumerator_current(enumerator);
        for (size_t i = clt_customer_page_count(current); i-- > 0;)
            assert_null(difference(--left, clt_customer_page_at(current, i)));
        clt_error *err = NULL;
        sdk_expect_ok(clt_customer_enumerator_previous(enumerator, NULL, &err), &err);
    }
    assert_int_equal(left, 0);
    clt_customer_enumerator_free(enumerator);
}

static void test_a_token_leads_back_to_its_page_later(void **state) {
    (void)state;
    const clt_query first = clt_query_indexed(40);
    clt_customer_page *page, *again;
    clt_error *err = NULL;
    sdk_expect_ok(clt_customers_query(partner, &first, NULL, &page, &err), &err);
    const clt_query next = clt_query_seek(CLT_SEEK_NEXT, clt_customer_page_continuation_token(page).data);
    sdk_expect_ok(clt_customers_query(partner, &next, NULL, &again, &err), &err);
    assert_int_equal(clt_customer_page_count(again), 40);
    assert_null(difference(40, clt_customer_page_at(again, 0)));
    assert_int_equal(clt_customer_page_has_previous(again), 1);
    assert_int_equal(clt_customer_page_has_previous(page), 0);
    clt_customer_page_free(again);
    clt_customer_page_free(page);
}

/* ---- filters and counts -------------------------------------------------------------------------------- */

static size_t count_matches(clt_partner *with, const clt_query *query) {
    clt_customer_enumerator *enumerator = sdk_enumerate(with, query);
    size_t count = 0;
    while (clt_customer_enumerator_has_value(enumerator)) {
        count += clt_customer_page_count(clt_customer_enumerator_current(enumerator));
        clt_error *err = NULL;
        sdk_expect_ok(clt_customer_enumerator_next(enumerator, NULL, &err), &err);
    }
    clt_customer_enumerator_free(enumerator);
    return count;
}

static void test_name_and_domain_find_what_a_scan_finds_and_the_count_says_so(void **state) {
    (void)state;
    static const struct {
        int32_t field, filter_operator;
        const char *value;
    } rows[] = {
        {CLT_FIELD_COMPANY_NAME, CLT_OPERATOR_STARTS_WITH, "deutsche "},
        {CLT_FIELD_COMPANY_NAME, CLT_OPERATOR_STARTS_WITH, "MICRO"},
        {CLT_FIELD_COMPANY_NAME, CLT_OPERATOR_EQUALS, "microsoft corporation"},
        {CLT_FIELD_COMPANY_NAME, CLT_OPERATOR_STARTS_WITH, "\"quoted\" & more"},
        {CLT_FIELD_DOMAIN, CLT_OPERATOR_STARTS_WITH, "a"},
        {CLT_FIELD_DOMAIN, CLT_OPERATOR_EQUALS, "MICROSOFT.com"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char *fold = directory_fold(rows[i].value);
        clt_query query = clt_query_filtered(100, rows[i].field, rows[i].value);
        size_t expected = 0;
        uint64_t count;
        clt_error *err = NULL;
        query.filter_operator = rows[i].filter_operator;
        for (size_t j = 0; j < companies.count; j++) {
            const char *text = rows[i].field == CLT_FIELD_DOMAIN ? companies.entries[j].domain_fold
                                                                 : companies.entries[j].name_fold;
            expected += rows[i].filter_operator == CLT_OPERATOR_EQUALS
                            ? strcmp(text, fold) == 0
                            : strncmp(text, fold, strlen(fold)) == 0;
        }
        assert_int_equal(count_matches(partner, &query), expected);
        sdk_expect_ok(clt_customers_count(partner, &query, NULL, &count, &err), &err);
        assert_int_equal(count, expected);
        free(fold);
    }
}

static void test_the_whole_list_is_counted(void **state) {
    (void)state;
    uint64_t count;
    clt_error *err = NULL;
    sdk_expect_ok(clt_customers_count(partner, NULL, NULL, &count, &err), &err);
    assert_int_equal(count, DEMO_COUNT);
}

static const char *indirect_store(void) {
    const char *folder = scene_new_store();
    scene_add_partner(folder, PROVIDER, "provider.test", PROVIDER_APP);
    scene_add_partner(folder, RESELLER, "reseller.test", RESELLER_APP);
    scene_import(folder, PROVIDER,
                 "{\"companyProfile\":{\"domain\":\"a.test\",\"companyName\":\"A\"},\"associatedPartnerId\":"
                 "\"" RESELLER "\"}\n{\"companyProfile\":{\"domain\":\"b.test\",\"companyName\":\"B\"}}\n");
    return folder;
}

static void test_reseller_and_provider_find_the_customers_between_two_partners(void **state) {
    (void)state;
    scene indirect;
    char base_url[80];
    scene_open_as(&indirect, indirect_store(), CLTI_TEST_WORDS("--auth-require-user=false"), PROVIDER,
                  PROVIDER_APP);
    base_url_of(&indirect, base_url);
    clt_partner *provider = sdk_partner(base_url, NULL, PROVIDER, PROVIDER_APP),
                *reseller = sdk_partner(base_url, NULL, "reseller.test", RESELLER_APP);
    const clt_query by_reseller = clt_query_filtered(0, CLT_FIELD_INDIRECT_RESELLER, RESELLER),
                    by_provider = clt_query_filtered(0, CLT_FIELD_INDIRECT_CLOUD_SOLUTION_PROVIDER, PROVIDER);
    assert_int_equal(count_matches(provider, &by_reseller), 1);
    assert_int_equal(count_matches(provider, &by_provider), 0);
    assert_int_equal(count_matches(reseller, &by_provider), 1);
    clt_partner_free(reseller);
    clt_partner_free(provider);
    scene_close(&indirect);
}

static void test_they_need_a_user_where_the_service_insists(void **state) {
    (void)state;
    scene indirect;
    char base_url[80];
    clt_customer_page *page;
    clt_error *err = NULL;
    scene_open_as(&indirect, indirect_store(), NULL, PROVIDER, PROVIDER_APP);
    base_url_of(&indirect, base_url);
    clt_partner *provider = sdk_partner(base_url, NULL, PROVIDER, PROVIDER_APP);
    const clt_query query = clt_query_filtered(0, CLT_FIELD_INDIRECT_RESELLER, RESELLER);
    clt_status status = clt_customers_query(provider, &query, NULL, &page, &err);
    assert_int_equal(status, CLT_ERR_FORBIDDEN);
    assert_string_equal(err->service_code.data, "900329");
    sdk_expect_error(status, &err, CLT_ERR_FORBIDDEN);
    clt_partner_free(provider);
    scene_close(&indirect);
}

/* ---- one customer -------------------------------------------------------------------------------------- */

static void test_a_customer_is_whole(void **state) {
    (void)state;
    scene own;
    char base_url[80];
    const clt_customer *customer;
    clt_error *err = NULL;
    const char *folder = scene_new_store();
    scene_add_partner(folder, PROVIDER, "provider.test", PROVIDER_APP);
    scene_import(folder, PROVIDER,
                 "id,companyName,domain,country,city,postalCode\n"
                 "11111111-0000-4000-8000-000000000001,Caf\xc3\xa9 \"A\",a.test,US,Redmond,98052\n");
    scene_open_as(&own, folder, NULL, PROVIDER, PROVIDER_APP);
    base_url_of(&own, base_url);
    clt_partner *provider = sdk_partner(base_url, NULL, PROVIDER, PROVIDER_APP);
    sdk_expect_ok(clt_customers_get(provider, "11111111-0000-4000-8000-000000000001", NULL, &customer, &err),
                  &err);
    assert_string_equal(customer->id.data, "11111111-0000-4000-8000-000000000001");
    assert_string_equal(customer->company_profile->company_name.data, "Caf\xc3\xa9 \"A\"");
    assert_string_equal(customer->billing_profile->company_name.data, "Caf\xc3\xa9 \"A\"");
    assert_string_equal(customer->billing_profile->default_address->city.data, "Redmond");
    assert_true(customer->billing_profile->etag.size > 0);
    assert_true(customer->commerce_id.size == 36);
    clt_customer_free(customer);
    clt_status status = clt_customers_get(provider, PROVIDER, NULL, &customer, &err);
    assert_string_equal(err->service_code.data, "60003");
    sdk_expect_error(status, &err, CLT_ERR_NOT_FOUND);
    clt_partner_free(provider);
    scene_close(&own);
}

/* ---- the end of the list, and of patience -------------------------------------------------------------- */

static void test_going_on_after_the_end_is_the_end(void **state) {
    (void)state;
    scene own;
    char base_url[80];
    clt_error *err = NULL;
    clt_customer_page *page, *none;
    const char *folder = scene_new_store();
    scene_add_partner(folder, PROVIDER, "provider.test", PROVIDER_APP);
    scene_import(folder, PROVIDER,
                 "id,companyName,domain\n11111111-0000-4000-8000-000000000001,A,a.test\n"
                 "11111111-0000-4000-8000-000000000002,B,b.test\n");
    scene_open_as(&own, folder, NULL, PROVIDER, PROVIDER_APP);
    base_url_of(&own, base_url);
    clt_partner *provider = sdk_partner(base_url, NULL, PROVIDER, PROVIDER_APP);
    const clt_query query = clt_query_indexed(1);
    sdk_expect_ok(clt_customers_query(provider, &query, NULL, &page, &err), &err);
    scene_delete(folder, PROVIDER, "11111111-0000-4000-8000-000000000002");
    const clt_query next = clt_query_seek(CLT_SEEK_NEXT, clt_customer_page_continuation_token(page).data);
    sdk_expect_error(clt_customers_query(provider, &next, NULL, &none, &err), &err, CLT_ERR_END);
    clt_customer_enumerator *enumerator;
    err = NULL;
    sdk_expect_ok(clt_customer_enumerator_create(provider, page, NULL, &enumerator, &err), &err);
    sdk_expect_ok(clt_customer_enumerator_next(enumerator, NULL, &err), &err);
    assert_int_equal(clt_customer_enumerator_has_value(enumerator), 0);
    clt_customer_enumerator_free(enumerator);
    clt_partner_free(provider);
    scene_close(&own);
}

static void test_wrong_credentials_say_so(void **state) {
    (void)state;
    char base_url[80];
    clt_credentials *credentials;
    clt_partner_options options = CLT_PARTNER_OPTIONS_INIT;
    clt_partner *stranger;
    clt_customer_page *page;
    clt_error *err = NULL;
    base_url_of(&demo, base_url);
    options.base_url = base_url;
    sdk_expect_ok(clt_credentials_app(FABRIKAM, FABRIKAM_APP, "guessed", &credentials, &err), &err);
    sdk_expect_ok(clt_partner_create(&options, credentials, &stranger, &err), &err);
    clt_status status = clt_customers_query(stranger, NULL, NULL, &page, &err);
    assert_null(strstr(err->message.data, "guessed"));
    sdk_expect_error(status, &err, CLT_ERR_UNAUTHORIZED);
    clt_partner_free(stranger);
    clt_credentials_free(credentials);
}

/* ---- many at once -------------------------------------------------------------------------------------- */

static void *read_in_thread(void *argument) {
    (void)argument;
    return (void *)(uintptr_t)read_all(partner, 500, 0);
}

static void test_sixteen_threads_read_the_whole_list_with_one_handle(void **state) {
    (void)state;
    pthread_t threads[16];
    for (size_t i = 0; i < CLTI_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_in_thread, NULL), 0);
    for (size_t i = 0; i < CLTI_COUNT(threads); i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        if (wrong)
            fail_msg("thread %zu: %s", i, (const char *)wrong);
    }
}

static sem_t answered;
static size_t found[26];

static void count_found(void *user, clt_customer_page *page, clt_error *err) {
    *(size_t *)user = page ? clt_customer_page_count(page) : 0;
    clt_customer_page_free(page);
    clt_error_free(err);
    sem_post(&answered);
}

static void test_a_query_for_each_letter_goes_out_at_once(void **state) {
    (void)state;
    assert_int_equal(sem_init(&answered, 0, 0), 0);
    for (size_t i = 0; i < CLTI_COUNT(found); i++) {
        const char letter[] = {(char)('a' + i), '\0'};
        const clt_query query = clt_query_filtered(500, CLT_FIELD_DOMAIN, letter);
        clt_error *err = NULL;
        sdk_expect_ok(clt_customers_query_async(partner, &query, NULL, count_found, &found[i], NULL, &err),
                      &err);
    }
    for (size_t i = 0; i < CLTI_COUNT(found); i++)
        sem_wait(&answered);
    for (size_t i = 0; i < CLTI_COUNT(found); i++) {
        size_t expected = 0;
        for (size_t j = 0; j < companies.count; j++)
            expected += companies.entries[j].domain_fold[0] == (char)('a' + i);
        assert_int_equal(found[i], expected < 500 ? expected : 500);
    }
    sem_destroy(&answered);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_of_40_read_every_company_once_in_order),
        cmocka_unit_test(test_pages_of_500_read_every_company_once_in_order),
        cmocka_unit_test(test_without_prefetch_it_is_the_same_list),
        cmocka_unit_test(test_backwards_from_the_last_page_it_is_the_same_list),
        cmocka_unit_test(test_a_token_leads_back_to_its_page_later),
        cmocka_unit_test(test_name_and_domain_find_what_a_scan_finds_and_the_count_says_so),
        cmocka_unit_test(test_the_whole_list_is_counted),
        cmocka_unit_test(test_reseller_and_provider_find_the_customers_between_two_partners),
        cmocka_unit_test(test_they_need_a_user_where_the_service_insists),
        cmocka_unit_test(test_a_customer_is_whole),
        cmocka_unit_test(test_going_on_after_the_end_is_the_end),
        cmocka_unit_test(test_wrong_credentials_say_so),
        cmocka_unit_test(test_sixteen_threads_read_the_whole_list_with_one_handle),
        cmocka_unit_test(test_a_query_for_each_letter_goes_out_at_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
