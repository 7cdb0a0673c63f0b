/* The list read page by page: whole, in order, each customer once, whoever asks and however. */
#include "directory.h"
#include "support/database.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>

#define PARTNER     "11111111-2222-4333-8444-555555555555"
#define PARTNER_APP "11111111-2222-4333-8444-666666666666"
#define FIVE_CSV                                                                                             \
    "id,companyName,domain\n"                                                                                \
    "11111111-0000-4000-8000-000000000003,Fabrikam,fabrikam.test\n"                                          \
    "11111111-0000-4000-8000-000000000001,Adatum,adatum.test\n"                                              \
    "11111111-0000-4000-8000-000000000005,Wingtip,wingtip.test\n"                                            \
    "11111111-0000-4000-8000-000000000004,Litware,litware.test\n"                                            \
    "11111111-0000-4000-8000-000000000002,Contoso,contoso.test\n"
#define FIVE_ID "11111111-0000-4000-8000-00000000000"

static scene demo, five;
static directory companies;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    directory_read_demo(&companies, "companies.csv");
    directory_sort(&companies);
    scene_open(&demo, scene_demo_store(), NULL);
    const char *folder = scene_new_store();
    scene_add_partner(folder, PARTNER, "partner.test", PARTNER_APP);
    scene_import(folder, PARTNER, FIVE_CSV);
    scene_open_as(&five, folder, NULL, PARTNER, PARTNER_APP);
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    scene_close(&five);
    directory_done(&companies);
    return scene_group_teardown(state);
}

/* A copy that outlives the next request; NULL stays NULL. */
static char *keep(const char *text) {
    return text ? strdup(text) : NULL;
}

static char *keep_at(const clti_test_response *page, const char *path) {
    char *kept = keep(clti_test_text_at(page->json, path));
    if (!kept)
        fail_msg("no %s in %s", path, page->body);
    return kept;
}

/* Last digits of the five customers' ids, as they stand in a page: "12". */
static const char *digits(const clti_test_response *page) {
    static char found[8];
    const json_t *items = clti_test_at(page->json, "items"), *item;
    size_t i;
    if (page->status != 200)
        fail_msg("not a page: %ld %s", page->status, page->body);
    memset(found, 0, sizeof(found));
    json_array_foreach(items, i, item) {
        const char *id = clti_test_text_at(item, "id");
        assert_true(i < sizeof(found) - 1);
        assert_memory_equal(id, FIVE_ID, strlen(FIVE_ID));
        found[i] = id[strlen(FIVE_ID)];
    }
    return found;
}

/* ---- the whole list ------------------------------------------------------------------------------------ */

static void expect_companies(const walk_ids *read, bool backwards, size_t tail) {
    assert_int_equal(read->count, companies.count - tail);
    for (size_t i = 0; i < read->count; i++) {
        const directory_entry *expected = &companies.entries[backwards ? read->count - 1 - i : i];
        if (memcmp(&read->ids[i], &expected->id, sizeof(expected->id)) != 0)
            fail_msg("item %zu should be %s (%s)", i, expected->name, expected->domain);
    }
}

static void read_both_ways(size_t size) {
    char target[64];
    walk_ids forwards = {0}, backwards = {0};
    snprintf(target, sizeof(target), "/v1/customers?size=%zu", size);
    assert_int_equal(companies.count, 28073);
    const clti_test_response *last = walk_forwards(demo.client, target, size, WALK_JOIN_NET, &forwards);
    assert_int_equal(forwards.page_count, (companies.count + size - 1) / size);
    expect_companies(&forwards, false, 0);
    size_t tail = json_array_size(clti_test_at(last->json, "items"));
    walk_backwards(demo.client, last, size, WALK_JOIN_JAVA, &backwards);
    expect_companies(&backwards, true, tail);
    walk_ids_done(&forwards);
    walk_ids_done(&backwards);
}

static void test_pages_of_1_read_every_company_once_in_order_both_ways(void **state) {
    (void)state;
    read_both_ways(1);
}

static void test_pages_of_40_read_every_company_once_in_order_both_ways(void **state) {
    (void)state;
    read_both_ways(40);
}

static void test_pages_of_499_read_every_company_once_in_order_both_ways(void **state) {
    (void)state;
    read_both_ways(499);
}

static void test_pages_of_500_read_every_company_once_in_order_both_ways(void **state) {
    (void)state;
    read_both_ways(500);
}

static void test_size_absent_empty_zero_or_above_the_maximum_is_500(void **state) {
    (void)state;
    static const char *const targets[] = {
        "/v1/customers",          "/v1/customers?size=",       "/v1/customers?size=0",
        "/v1/customers?size=501", "/v1/customers?SIZE=100000", "/v1/customers?size=9223372036854775807"};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        const clti_test_response *page = clti_test_get(demo.client, targets[i], NULL);
        if (page->status != 200 || json_array_size(clti_test_at(page->json, "items")) != 500)
            fail_msg("%s: %ld %.200s", targets[i], page->status, page->body);
    }
}

static void test_last_is_the_last_items_in_list_order(void **state) {
    (void)state;
    static const char *const targets[] = {"/v1/customers?size=40&seekOperation=Last",
                                          "/v1/customers?seekOperation=last&size=500",
                                          "/v1/customers?size=1&seekOperation=3"};
    static const size_t sizes[] = {40, 500, 1};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        walk_ids read = {0};
        const clti_test_response *page = clti_test_get(demo.client, targets[i], NULL);
        walk_take_page(page, &read);
        assert_int_equal(read.count, sizes[i]);
        for (size_t k = 0; k < read.count; k++)
            assert_memory_equal(&read.ids[k], &companies.entries[companies.count - read.count + k].id, 16);
        assert_null(clti_test_at(page->json, "links.next"));
        assert_non_null(clti_test_at(page->json, "links.previous"));
        walk_ids_done(&read);
    }
}

static void test_pages_read_backwards_from_last_are_everything(void **state) {
    (void)state;
    walk_ids read = {0};
    const clti_test_response *last =
        clti_test_get(demo.client, "/v1/customers?size=499&seekOperation=Last", NULL);
    walk_backwards(demo.client, last, 499, WALK_JOIN_NET, &read);
    expect_companies(&read, true, 499);
    walk_ids_done(&read);
}

/* ---- the worked example of api.md 6.2 ------------------------------------------------------------------ */

/* One page with the tokens that this server gave, compared as a whole. */
static void expect_example(const clti_test_response *page, const char *ids, const char *form) {
    static const char *const names[] = {"", "Adatum", "Contoso", "Fabrikam", "Litware", "Wingtip"};
    static const char *const domains[] = {
        "", "adatum.test", "contoso.test", "fabrikam.test", "litware.test", "wingtip.test"};
    const char *next = clti_test_text_at(page->json, "links.next.headers.0.value");
    const char *previous = clti_test_text_at(page->json, "links.previous.headers.0.value");
    clti_buf text;
    clti_buf_init(&text, 64 * 1024);
    clti_buf_add(&text, CLTI_STR("{"));
    if (next)
        clti_buf_add_format(&text, "\"continuationToken\":\"%s\",", next);
    clti_buf_add_format(&text, "\"totalCount\":%zu,\"items\":[", strlen(ids));
    for (const char *id = ids; *id; id++)
        clti_buf_add_format(&text,
                            "%s{\"id\":\"" FIVE_ID "%c\",\"companyProfile\":{\"tenantId\":\"" FIVE_ID
                            "%c\",\"domain\":\"%s\",\"companyName\":\"%s\",\"attributes\":{\"objectType\":"
                            "\"CustomerCompanyProfile\"}},\"relationshipToPartner\":\"reseller\","
                            "\"attributes\":{\"objectType\":\"Customer\"}}",
                            id == ids ? "" : ",", *id, *id, domains[*id - '0'], names[*id - '0']);
    clti_buf_add(&text, CLTI_STR("],\"links\":{\"self\":{\"uri\":\"/v1/customers?size=2\",\"method\":\"GET\","
                                 "\"headers\":[]}"));
    const char *const tokens[] = {next, previous}, *const words[] = {"next", "previous"},
                      *const seeks[] = {"Next", "Previous"};
    for (size_t i = 0; i < CLTI_COUNT(tokens); i++)
        if (tokens[i])
            clti_buf_add_format(&text,
                                ",\"%s\":{\"uri\":\"/customers?size=2&seekOperation=%s\",\"method\":\"GET\","
                                "\"headers\":[{\"key\":\"MS-ContinuationToken\",\"value\":\"%s\"}]}",
                                words[i], seeks[i], tokens[i]);
    clti_buf_add(&text, CLTI_STR("},\"attributes\":{\"objectType\":\"Collection\"}}"));
    assert_true(clti_buf_ok(&text));
    size_t size;
    char *expected = clti_buf_take(&text, &size);
    if (page->body_size != size || memcmp(page->body, expected, size) != 0)
        fail_msg("%s: expected\n%s\nanswered\n%s", form, expected, page->body);
    free(expected);
}

static void test_the_worked_example_reads_the_same_in_each_form_of_request(void **state) {
    (void)state;
    static const char *const forms[] = {"/v1/customers?size=2&seekOperation=Next",
                                        "/v1//customers?size=2&seekOperation=Next",
                                        "/v1/customers?seekOperation=Next"};
    for (size_t i = 0; i < CLTI_COUNT(forms); i++) {
        const clti_test_response *page = clti_test_get(five.client, "/v1/customers?size=2", NULL);
        expect_example(page, "12", forms[i]);
        assert_null(clti_test_at(page->json, "links.previous"));
        char *token = keep_at(page, "continuationToken");
        page = clti_test_get_page(five.client, forms[i], token);
        expect_example(page, "34", forms[i]);
        assert_non_null(clti_test_at(page->json, "links.previous"));
        free(token);
        token = keep_at(page, "continuationToken");
        page = clti_test_get_page(five.client, forms[i], token);
        expect_example(page, "5", forms[i]);
        assert_null(clti_test_at(page->json, "links.next"));
        assert_null(clti_test_at(page->json, "continuationToken"));
        assert_non_null(clti_test_at(page->json, "links.previous"));
        free(token);
    }
}

static void test_one_page_that_holds_everything_has_no_links_but_self(void **state) {
    (void)state;
    const clti_test_response *page = clti_test_get(five.client, "/v1/customers?size=5", NULL);
    assert_string_equal(digits(page), "12345");
    assert_int_equal(json_object_size(clti_test_at(page->json, "links")), 1);
    assert_null(clti_test_at(page->json, "continuationToken"));
    assert_null(clti_test_header(page, "MS-ContinuationToken", 0));
}

static void test_backwards_the_front_page_may_be_shorter_but_never_empty(void **state) {
    (void)state;
    const clti_test_response *page =
        clti_test_get(five.client, "/v1/customers?size=2&seekOperation=Last", NULL);
    assert_string_equal(digits(page), "45");
    page = walk_follow(five.client, page, "previous", WALK_JOIN_NET);
    assert_string_equal(digits(page), "23");
    page = walk_follow(five.client, page, "previous", WALK_JOIN_NET);
    assert_string_equal(digits(page), "1");
    assert_null(clti_test_at(page->json, "links.previous"));
    page = walk_follow(five.client, page, "next", WALK_JOIN_NET);
    assert_string_equal(digits(page), "23");
}

static void test_each_client_joins_links_in_its_own_way_and_gets_there(void **state) {
    (void)state;
    const walk_join joins[] = {WALK_JOIN_NET, WALK_JOIN_JAVA};
    for (size_t i = 0; i < CLTI_COUNT(joins); i++) {
        const clti_test_response *page = clti_test_get(five.client, "/v1/customers?size=2", NULL);
        page = walk_follow(five.client, page, "next", joins[i]);
        assert_string_equal(digits(page), "34");
        page = walk_follow(five.client, page, "previous", joins[i]);
        assert_string_equal(digits(page), "12");
        char *self = walk_join_uri(joins[i], clti_test_text_at(page->json, "links.self.uri"));
        page = clti_test_get(five.client, self, NULL);
        assert_string_equal(digits(page), "12");
        free(self);
    }
}

/* ---- seeking ------------------------------------------------------------------------------------------- */

static void test_seek_words_in_any_case_and_as_numbers(void **state) {
    (void)state;
    /* With the token of the first page of two. */
    static const struct {
        const char *query, *ids;
    } rows[] = {
        {"?seekOperation=Next", "34"},
        {"?seekOperation=next", "34"},
        {"?seekOperation=NEXT", "34"},
        {"?seekoperation=nExT", "34"},
        {"?SEEKOPERATION=0", "34"},
        {"", "34"},
        {"?seekOperation=", "34"},
        {"?size=500&seekOperation=next", "34"},
        {"?size=abc&filter=junk&seekOperation=Next", "34"},
        {"?size=-1", "34"},
        {"?unknown=1&seekOperation=Next", "34"},
        {"?seekOperation=First", "12"},
        {"?seekOperation=first&size=500", "12"},
        {"?seekOperation=2", "12"},
        {"?seekOperation=Last", "45"},
        {"?seekOperation=LAST&size=1", "45"},
        {"?seekOperation=3", "45"},
        {"?%73eekOperation=%4eext", "34"},
    };
    const clti_test_response *page = clti_test_get(five.client, "/v1/customers?size=2", NULL);
    char *token = keep_at(page, "continuationToken"), target[128];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target), "/v1/customers%s", rows[i].query);
        page = clti_test_get_page(five.client, target, token);
        if (page->status != 200 || strcmp(digits(page), rows[i].ids) != 0)
            fail_msg("%s: expected %s: %ld %s", target, rows[i].ids, page->status, page->body);
    }
    free(token);
}

static void test_a_list_can_start_at_a_name(void **state) {
    (void)state;
    static const struct {
        const char *query, *ids;
    } rows[] = {
        {"startAt=C", "23"},
        {"startAt=contoso", "23"},
        {"STARTAT=d", "34"},
        {"startAt=Wing", "5"},
        {"startAt=", "12"},
        {"startAt=0", "12"},
        {"startAt=%46", "34"},
        {"startAt=C&seekOperation=Last", "45"},
        {"startAt=A&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22F%22,%22Operator%22:%22starts_"
         "with%22%7D",
         "3"},
        {"startAt=fabrikam&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22F%22,%22Operator%22:%"
         "22starts_with%22%7D",
         "3"},
    };
    char target[256];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target), "/v1/customers?size=2&%s", rows[i].query);
        const clti_test_response *page = clti_test_get(five.client, target, NULL);
        if (page->status != 200 || strcmp(digits(page), rows[i].ids) != 0)
            fail_msg("%s: expected %s: %ld %s", target, rows[i].ids, page->status, page->body);
    }
    static const char *const refused[] = {"startAt=Z", "startAt=%FF", "startAt=%4", "startAt=a&startAt=b"};
    for (size_t i = 0; i < CLTI_COUNT(refused); i++) {
        snprintf(target, sizeof(target), "/v1/customers?size=2&%s", refused[i]);
        assert_int_equal(clti_test_get(five.client, target, NULL)->status, 400);
    }
}

static void test_what_stands_before_a_name_is_a_page_back(void **state) {
    (void)state;
    const clti_test_response *page = clti_test_get(five.client, "/v1/customers?size=2&startAt=F", NULL);
    char *token = keep_at(page, "links.previous.headers.0.value");
    assert_string_equal(digits(page), "34");
    page = clti_test_get_page(five.client, "/v1/customers?seekOperation=Previous", token);
    assert_string_equal(digits(page), "12");
    free(token);
}

static void test_previous_in_any_case_and_as_number(void **state) {
    (void)state;
    static const char *const words[] = {"Previous", "previous", "PREVIOUS", "1"};
    const clti_test_response *page =
        clti_test_get(five.client, "/v1/customers?size=2&seekOperation=Last", NULL);
    char *token = keep_at(page, "links.previous.headers.0.value"), target[128];
    for (size_t i = 0; i < CLTI_COUNT(words); i++) {
        snprintf(target, sizeof(target), "/v1/customers?seekOperation=%s", words[i]);
        assert_string_equal(digits(clti_test_get_page(five.client, target, token)), "23");
    }
    free(token);
}

static void test_first_needs_no_token_and_an_empty_token_is_none(void **state) {
    (void)state;
    static const char *const firsts[] = {"?size=2&seekOperation=First", "?seekOperation=FIRST&size=2",
                                         "?size=2&seekOperation=2", "?size=2&seekOperation=", "?size=2"};
    char target[128];
    for (size_t i = 0; i < CLTI_COUNT(firsts); i++) {
        snprintf(target, sizeof(target), "/v1/customers%s", firsts[i]);
        assert_string_equal(digits(clti_test_get(five.client, target, NULL)), "12");
        assert_string_equal(
            digits(clti_test_get(five.client, target, CLTI_TEST_WORDS("MS-ContinuationToken;"))), "12");
    }
}

static void test_links_repeat_the_filter_and_lead_on_within_it(void **state) {
    (void)state;
    walk_ids read = {0}, back = {0};
    const char *target =
        "/v1/customers?size=3&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22deutsche%20"
        "%22,%22Operator%22:%22starts_with%22%7D";
    const clti_test_response *page = clti_test_get(demo.client, target, NULL);
    const char *uri = clti_test_text_at(page->json, "links.next.uri");
    static const char beginning[] =
        "/customers?size=3&seekOperation=Next&filter=%7B%22Field%22%3A%22CompanyName"
        "%22%2C%22Value%22%3A%22deutsche%20%22%2C%22Operator%22%3A%22starts_with%22%7D";
    assert_non_null(uri);
    assert_string_equal(uri, beginning);
    page = walk_forwards(demo.client, target, 3, WALK_JOIN_JAVA, &read);
    size_t tail = json_array_size(clti_test_at(page->json, "items")), expected = 0;
    walk_backwards(demo.client, page, 3, WALK_JOIN_NET, &back);
    for (size_t i = 0; i < companies.count; i++)
        expected += strncmp(companies.entries[i].name_fold, "deutsche ", 9) == 0;
    assert_true(expected > 6);
    assert_int_equal(read.count, expected);
    assert_int_equal(back.count, expected - tail);
    walk_ids_done(&read);
    walk_ids_done(&back);
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

static void test_going_on_after_the_end_is_refused(void **state) {
    (void)state;
    scene own = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, PARTNER, "partner.test", PARTNER_APP);
    scene_import(folder, PARTNER, FIVE_CSV);
    scene_open_as(&own, folder, NULL, PARTNER, PARTNER_APP);
    char *next = keep_at(clti_test_get(own.client, "/v1/customers?size=4", NULL), "continuationToken");
    char *previous = keep_at(clti_test_get(own.client, "/v1/customers?size=4&seekOperation=Last", NULL),
                             "links.previous.headers.0.value");
    assert_string_equal(digits(clti_test_get_page(own.client, "/v1/customers?seekOperation=Next", next)),
                        "5");
    assert_string_equal(
        digits(clti_test_get_page(own.client, "/v1/customers?seekOperation=Previous", previous)), "1");
    scene_delete(folder, PARTNER, FIVE_ID "5");
    scene_delete(folder, PARTNER, FIVE_ID "1");
    scene_expect_fault(clti_test_get_page(own.client, "/v1/customers?seekOperation=Next", next), 400, 2000,
                       NULL, "after the end");
    scene_expect_fault(clti_test_get_page(own.client, "/v1/customers?seekOperation=Previous", previous), 400,
                       2000, NULL, "before the beginning");
    assert_string_equal(digits(clti_test_get(own.client, "/v1/customers?size=4", NULL)), "234");
    /* Its item is gone, but the token still says where to go on. */
    char *middle = keep_at(clti_test_get(own.client, "/v1/customers?size=2", NULL), "continuationToken");
    scene_delete(folder, PARTNER, FIVE_ID "3");
    assert_string_equal(digits(clti_test_get_page(own.client, "/v1/customers?seekOperation=Next", middle)),
                        "4");
    free(next);
    free(previous);
    free(middle);
    scene_close(&own);
}

static void test_an_empty_list_is_a_page_without_items(void **state) {
    (void)state;
    scene own = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, PARTNER, "partner.test", PARTNER_APP);
    scene_open_as(&own, folder, NULL, PARTNER, PARTNER_APP);
    static const char expected[] =
        "{\"totalCount\":0,\"items\":[],\"links\":{\"self\":{\"uri\":\"/v1/customers?size=500\",\"method\":"
        "\"GET\",\"headers\":[]}},\"attributes\":{\"objectType\":\"Collection\"}}";
    const clti_test_response *page = clti_test_get(own.client, "/v1/customers", NULL);
    assert_int_equal(page->status, 200);
    assert_string_equal(page->body, expected);
    scene_close(&own);
}

/* All tokens of a walk, joined. */
static char *tokens_of_walk(clti_test_client *client, const char *target) {
    clti_buf all;
    clti_buf_init(&all, SIZE_MAX);
    for (const clti_test_response *page = clti_test_get(client, target, NULL); page;
         page = walk_follow(client, page, "next", WALK_JOIN_NET)) {
        const char *next = clti_test_text_at(page->json, "continuationToken");
        const char *previous = clti_test_text_at(page->json, "links.previous.headers.0.value");
        clti_buf_add_format(&all, "%s %s\n", next ? next : "-", previous ? previous : "-");
    }
    clti_buf_add_char(&all, '\0');
    assert_true(clti_buf_ok(&all));
    size_t size;
    return clti_buf_take(&all, &size);
}

static void test_tokens_are_the_same_after_a_restart_and_still_lead_on(void **state) {
    (void)state;
    static const char *const targets[] = {
        "/v1/customers?size=499",
        "/v1/customers?size=50&filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22a%22,%22Operator%22:9%7D"};
    char *before[CLTI_COUNT(targets)];
    for (size_t i = 0; i < CLTI_COUNT(targets); i++)
        before[i] = tokens_of_walk(demo.client, targets[i]);
    char *token = keep_at(clti_test_get(demo.client, "/v1/customers?size=3", NULL), "continuationToken");
    scene_restart(&demo, NULL);
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        char *after = tokens_of_walk(demo.client, targets[i]);
        assert_true(strchr(after, '\n') != strrchr(after, '\n'));
        assert_string_equal(after, before[i]);
        free(after);
        free(before[i]);
    }
    walk_ids read = {0};
    walk_take_page(clti_test_get_page(demo.client, "/v1/customers?seekOperation=Next", token), &read);
    assert_int_equal(read.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(&read.ids[i], &companies.entries[3 + i].id, 16);
    walk_ids_done(&read);
    free(token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_of_1_read_every_company_once_in_order_both_ways),
        cmocka_unit_test(test_pages_of_40_read_every_company_once_in_order_both_ways),
        cmocka_unit_test(test_pages_of_499_read_every_company_once_in_order_both_ways),
        cmocka_unit_test(test_pages_of_500_read_every_company_once_in_order_both_ways),
        cmocka_unit_test(test_size_absent_empty_zero_or_above_the_maximum_is_500),
        cmocka_unit_test(test_last_is_the_last_items_in_list_order),
        cmocka_unit_test(test_pages_read_backwards_from_last_are_everything),
        cmocka_unit_test(test_the_worked_example_reads_the_same_in_each_form_of_request),
        cmocka_unit_test(test_one_page_that_holds_everything_has_no_links_but_self),
        cmocka_unit_test(test_backwards_the_front_page_may_be_shorter_but_never_empty),
        cmocka_unit_test(test_each_client_joins_links_in_its_own_way_and_gets_there),
        cmocka_unit_test(test_seek_words_in_any_case_and_as_numbers),
        cmocka_unit_test(test_a_list_can_start_at_a_name),
        cmocka_unit_test(test_what_stands_before_a_name_is_a_page_back),
        cmocka_unit_test(test_previous_in_any_case_and_as_number),
        cmocka_unit_test(test_first_needs_no_token_and_an_empty_token_is_none),
        cmocka_unit_test(test_links_repeat_the_filter_and_lead_on_within_it),
        cmocka_unit_test(test_going_on_after_the_end_is_refused),
        cmocka_unit_test(test_an_empty_list_is_a_page_without_items),
        cmocka_unit_test(test_tokens_are_the_same_after_a_restart_and_still_lead_on),
    };
    /* So many requests are for the embedded store alone: a statement for two items is the one for forty. */
    if (clti_test_on_postgres())
        cmocka_set_skip_filter("test_pages_of_1_*");
    return cmocka_run_group_tests(tests, setup, teardown);
}
