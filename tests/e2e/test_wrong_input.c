/* Wrong input to the list: which status, which code, which parameter; and the next request is not disturbed.
 */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define LIST "/v1/customers"

static scene demo;
static clti_test_client *northwind;

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    scene_open(&demo, scene_demo_store(), NULL);
    northwind = clti_test_client_new(&demo.server);
    clti_test_sign_in(northwind, NORTHWIND, NORTHWIND_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(northwind);
    scene_close(&demo);
    return scene_group_teardown(state);
}

/* 400/2000 whose data and description both name the parameter. */
static void expect_refusal(const clti_test_response *response, const char *member, const char *named,
                           const char *what) {
    scene_expect_fault(response, 400, 2000, member, what);
    if (named && !strstr(clti_test_text_at(response->json, "description"), named))
        fail_msg("%s: the description does not name %s: %s", what, named, response->body);
}

/* The same connection goes on as if nothing had been. */
static void expect_undisturbed(const char *what) {
    long connections = clti_test_client_connections(demo.client);
    const clti_test_response *page = clti_test_get(demo.client, LIST "?size=2", NULL);
    if (page->status != 200 || json_array_size(clti_test_at(page->json, "items")) != 2 ||
        clti_test_client_connections(demo.client) != connections)
        fail_msg("after %s: %ld %s", what, page->status, page->body);
}

typedef struct row {
    const char *query;
    const char *member, *named;
} row;

static void expect_all_refused(const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char *target;
        assert_true(asprintf(&target, LIST "%s", rows[i].query) > 0);
        expect_refusal(clti_test_get(demo.client, target, NULL), rows[i].member, rows[i].named, target);
        expect_undisturbed(target);
        free(target);
    }
}

static void test_a_size_that_is_no_size_is_refused(void **state) {
    (void)state;
    static const row rows[] = {
        {"?size=-1", "size", "size"},
        {"?size=-0", "size", "size"},
        {"?size=+5", "size", "size"},
        {"?size=%2B5", "size", "size"},
        {"?size=%205", "size", "size"},
        {"?size=5%20", "size", "size"},
        {"?size=1.5", "size", "size"},
        {"?size=1e2", "size", "size"},
        {"?size=0x10", "size", "size"},
        {"?size=abc", "size", "size"},
        {"?size=5a", "size", "size"},
        {"?size=9223372036854775808", "size", "size"},
        {"?size=18446744073709551616", "size", "size"},
        {"?size=18446744073709551656", "size", "size"},
        {"?size=-9223372036854775809", "size", "size"},
        {"?size=100000000000000000000000000000000000000000", "size", "size"},
        {"?size=4&size=4", "size", "size"},
        {"?size=4&SIZE=5", "size", "size"},
        {"?size&size=5", "size", "size"},
        {"?size=%", "size", "size"},
        {"?size=%4", "size", "size"},
        {"?size=%zz", "size", "size"},
        {"?size=4%00", "size", "size"},
        {"?size=%00", "size", "size"},
        {"?size=%D9%A3", "size", "size"},
        {"?size=%FF", "size", "size"},
    };
    expect_all_refused(rows, CLTI_COUNT(rows));
}

#define FILTER(field, value, operator)                                                                       \
    "?filter=%7B%22Field%22%3A" field "%2C%22Value%22%3A" value "%2C%22Operator%22%3A" operator"%7D"
#define NAME   "%22CompanyName%22"
#define STARTS "%22starts_with%22"

static void test_a_filter_that_is_no_filter_is_refused(void **state) {
    (void)state;
    static const row rows[] = {
        {"?filter=x", "filter", "filter"},
        {"?filter=%7B", "filter", "filter"},
        {"?filter=%7B%7D", "filter", "filter"},
        {"?filter=%5B%5D", "filter", "filter"},
        {"?filter=null", "filter", "is not a JSON object"},
        {"?filter=1", "filter", "is not a JSON object"},
        {"?filter=%7B%22Field%22%3A" NAME "%2C%22Value%22%3A%22a%5Cu0000%22%2C%22Operator%22%3A" STARTS "%7D",
         "filter", "U+0000"},
        {"?filter=%22CompanyName%22", "filter", "filter"},
        {"?filter=%7B%22Value%22%3A%22a%22%2C%22Operator%22%3A" STARTS "%7D", "filter", "filter"},
        {"?filter=%7B%22Field%22%3A" NAME "%2C%22Value%22%3A%22a%22%7D", "filter", "filter"},
        {"?filter=%7B%22Field%22%3A" NAME "%2C%22Operator%22%3A" STARTS "%7D", "filter", "filter"},
        {FILTER(NAME, "1", STARTS), "filter", "filter"},
        {FILTER(NAME, "true", STARTS), "filter", "filter"},
        {FILTER(NAME, "null", STARTS), "filter", "filter"},
        {FILTER(NAME, "%5B%22a%22%5D", STARTS), "filter", "filter"},
        {FILTER(NAME, "%22a%22", STARTS) "%7D", "filter", "filter"},
        {FILTER(NAME, "%22%FF%22", STARTS), "filter", "filter"},
        {FILTER(NAME, "%22%ED%A0%80%22", STARTS), "filter", "filter"},
        {FILTER(NAME, "%22a%22", STARTS) "%00", "filter", "filter"},
        {"?filter=%7", "filter", "filter"},
        {"?filter=%zz", "filter", "filter"},
        {FILTER("%22Name%22", "%22a%22", STARTS), "Field", NULL},
        {FILTER("%22%22", "%22a%22", STARTS), NULL, NULL},
        {FILTER("%22CustomerId%22", "%22a%22", STARTS), "Field", NULL},
        {FILTER("%22company_name2%22", "%22a%22", STARTS), "Field", NULL},
        {FILTER(NAME, "%22a%22", "%22contains%22"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "%22%22"), NULL, NULL},
        {FILTER(NAME, "%22a%22", "%22substring%22"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "%22not_equals%22"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "%22GreaterThan%22"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "%22not_starts_with%22"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "1"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "6"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "10"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "-1"), "Operator", NULL},
        {FILTER(NAME, "%22a%22", "4294967305"), "Operator", NULL},
        {"?filter=%7B%22LeftFilter%22%3A%7B%7D%2C%22RightFilter%22%3A%7B%7D%2C%22Operator%22%3A%22and%22%7D",
         NULL, NULL},
    };
    expect_all_refused(rows, CLTI_COUNT(rows));
}

static void test_a_refused_operator_is_told_in_the_services_own_words(void **state) {
    (void)state;
    const clti_test_response *response =
        clti_test_get(demo.client, LIST FILTER(NAME, "%22a%22", "%22substring%22"), NULL);
    assert_string_equal(clti_test_text_at(response->json, "description"),
                        "Customer search only allows starts with and equals operation.");
    assert_string_equal(clti_test_text_at(response->json, "source"), "PartnerApiServiceControllers");
}

static void test_a_filter_longer_than_4_KiB_is_refused(void **state) {
    (void)state;
    char value[4200], *target;
    for (size_t size = 4050; size <= 4150; size += 100) {
        memset(value, 'a', size);
        value[size] = '\0';
        assert_true(asprintf(&target,
                             LIST "?filter=%%7B%%22Field%%22:%%22CompanyName%%22,%%22Value%%22:%%22%s%%22,"
                                  "%%22Operator%%22:0%%7D",
                             value) > 0);
        const clti_test_response *response = clti_test_get(demo.client, target, NULL);
        /* 51 bytes stand around the value. */
        if (size + 51 <= 4096)
            assert_int_equal(response->status, 200);
        else
            expect_refusal(response, "filter", "filter", "long filter");
        free(target);
    }
}

static void test_a_seek_operation_that_cannot_be_done_is_refused(void **state) {
    (void)state;
    static const row rows[] = {
        {"?seekOperation=Next", "seekOperation", "seekOperation"},
        {"?size=5&seekOperation=next", "seekOperation", "seekOperation"},
        {"?seekOperation=0", "seekOperation", "seekOperation"},
        {"?seekOperation=Previous", "seekOperation", "seekOperation"},
        {"?size=5&seekOperation=1", "seekOperation", "seekOperation"},
        {"?seekOperation=Last", "seekOperation", "seekOperation"},
        {"?seekOperation=PageIndex", "seekOperation", "seekOperation"},
        {"?seekOperation=pageIndex&page=2", "seekOperation", "seekOperation"},
        {"?size=5&seekOperation=4", "seekOperation", "seekOperation"},
        {"?seekOperation=5", "seekOperation", "seekOperation"},
        {"?seekOperation=-1", "seekOperation", "seekOperation"},
        {"?seekOperation=Nex", "seekOperation", "seekOperation"},
        {"?seekOperation=Next%20", "seekOperation", "seekOperation"},
        {"?seekOperation=Next%00", "seekOperation", "seekOperation"},
        {"?seekOperation=%zz", "seekOperation", "seekOperation"},
        {"?size=5&seekOperation=First&seekOperation=First", "seekOperation", "seekOperation"},
    };
    expect_all_refused(rows, CLTI_COUNT(rows));
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

static void expect_token_refused(clti_test_client *client, const char *token, const char *what) {
    expect_refusal(clti_test_get_page(client, LIST "?seekOperation=Next", token), "MS-ContinuationToken",
                   "MS-ContinuationToken", what);
}

/* One that leads on, from here or from another list; the caller's. */
static char *token_of(clti_test_client *client, const char *target) {
    const char *token = clti_test_text_at(clti_test_get(client, target, NULL)->json, "continuationToken");
    assert_non_null(token);
    return strdup(token);
}

static void test_a_token_cut_anywhere_is_refused(void **state) {
    (void)state;
    char *token = token_of(demo.client, LIST "?size=2");
    for (size_t size = strlen(token) - 1; size > 0; size--) {
        token[size] = '\0';
        expect_token_refused(demo.client, token, "cut token");
    }
    free(token);
    expect_undisturbed("cut tokens");
}

static void test_a_token_with_one_character_altered_is_refused(void **state) {
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static const char strange[] = "=+/.,%* ~";
    char *token = token_of(demo.client, LIST "?size=2&filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22a%22,"
                                             "%22Operator%22:9%7D");
    for (size_t i = 0; token[i]; i++) {
        char kept = token[i];
        size_t place = (size_t)(strchr(alphabet, kept) - alphabet);
        const char others[] = {alphabet[(place + 1) % 64], alphabet[place ^ 32], strange[i % 9]};
        for (size_t k = 0; k < sizeof(others); k++) {
            token[i] = others[k];
            /* White space around a header's value is not part of it. */
            if (others[k] != ' ' || (i > 0 && token[i + 1]))
                expect_token_refused(demo.client, token, "altered token");
        }
        token[i] = kept;
    }
    assert_int_equal(clti_test_get_page(demo.client, LIST "?seekOperation=Next", token)->status, 200);
    free(token);
    expect_undisturbed("altered tokens");
}

static void test_a_token_with_something_added_is_refused(void **state) {
    (void)state;
    static const char *const tails[] = {"A", "AAAA", "=", "==", ".", ",", "\xC3\xA9"};
    char *token = token_of(demo.client, LIST "?size=2"), *longer;
    for (size_t i = 0; i < CLTI_COUNT(tails); i++) {
        assert_true(asprintf(&longer, "%s%s", token, tails[i]) > 0);
        expect_token_refused(demo.client, longer, longer);
        free(longer);
        assert_true(asprintf(&longer, "%s%s", tails[i], token) > 0);
        expect_token_refused(demo.client, longer, longer);
        free(longer);
    }
    assert_true(asprintf(&longer, "%s%s", token, token) > 0);
    expect_token_refused(demo.client, longer, "doubled token");
    free(longer);
    free(token);
}

static void test_texts_that_are_no_tokens_are_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "AQAAAA==", "0", "A", "null", "c2VlazoxOkFkYXR1bTow", "3705fc6d-4127-4a87-bdba-9658f73fe019"};
    char long_text[3001];
    for (size_t i = 0; i < CLTI_COUNT(texts); i++)
        expect_token_refused(demo.client, texts[i], texts[i]);
    memset(long_text, 'A', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    expect_token_refused(demo.client, long_text, "long token");
    expect_undisturbed("no tokens");
}

static void test_a_token_of_another_partner_is_refused_both_ways(void **state) {
    (void)state;
    char *ours = token_of(demo.client, LIST "?size=2"), *theirs = token_of(northwind, LIST "?size=2");
    expect_token_refused(northwind, ours, "Fabrikam's token");
    expect_token_refused(demo.client, theirs, "Northwind's token");
    assert_int_equal(clti_test_get_page(northwind, LIST, theirs)->status, 200);
    assert_int_equal(clti_test_get_page(demo.client, LIST, ours)->status, 200);
    free(ours);
    free(theirs);
}

static void test_a_token_of_another_store_is_refused(void **state) {
    (void)state;
    scene other = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_import(folder, FABRIKAM, "companyName,domain\nA,a.test\nB,b.test\nC,c.test\n");
    scene_open(&other, folder, NULL);
    char *foreign = token_of(other.client, LIST "?size=2"), *ours = token_of(demo.client, LIST "?size=2");
    expect_token_refused(demo.client, foreign, "another store's token");
    expect_token_refused(other.client, ours, "another store's token");
    assert_int_equal(clti_test_get_page(other.client, LIST, foreign)->status, 200);
    free(foreign);
    free(ours);
    scene_close(&other);
}

static void test_a_token_goes_before_the_parameters_beside_it(void **state) {
    (void)state;
    char *by_domain =
        token_of(demo.client, LIST "?size=3&filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22a%22,"
                                   "%22Operator%22:9%7D");
    const clti_test_response *page = clti_test_get_page(demo.client, LIST "?seekOperation=Next", by_domain);
    char *expected = strdup(page->body);
    static const char *const targets[] = {
        LIST "?seekOperation=Next&size=40&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22b%22,"
             "%22Operator%22:9%7D",
        LIST "?filter=junk&size=-4&seekOperation=next", LIST "?size=1&size=2"};
    for (size_t i = 0; i < CLTI_COUNT(targets); i++) {
        page = clti_test_get_page(demo.client, targets[i], by_domain);
        assert_int_equal(page->status, 200);
        assert_string_equal(page->body, expected);
    }
    free(by_domain);
    free(expected);
}

static void test_a_token_given_with_an_unknown_seek_word_is_refused(void **state) {
    (void)state;
    static const char *const words[] = {"PageIndex", "4", "junk", "Next%20"};
    char *token = token_of(demo.client, LIST "?size=2"), target[128];
    for (size_t i = 0; i < CLTI_COUNT(words); i++) {
        snprintf(target, sizeof(target), LIST "?seekOperation=%s", words[i]);
        expect_refusal(clti_test_get_page(demo.client, target, token), "seekOperation", "seekOperation",
                       target);
    }
    free(token);
}

/* ---- framing, which no HTTP library would send --------------------------------------------------------- */

static void test_bytes_that_could_be_read_in_two_ways_are_refused(void **state) {
    (void)state;
    static const char *const requests[] = {
        "POST /common/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: "
        "chunked\r\n\r\n"
        "0\r\n\r\n",
        "POST /common/oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\na=b",
        "POST /common/oauth2/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET /v1/customers HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /v1/customers HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
        "GET /v1/%2Fcustomers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/customers%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /v1/customers/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    };
    for (size_t i = 0; i < CLTI_COUNT(requests); i++) {
        char *answer = clti_test_exchange(&demo.server, requests[i]);
        if (strncmp(answer, "HTTP/1.1 400 ", 13) != 0)
            fail_msg("%s\nanswered\n%s", requests[i], answer);
        free(answer);
    }
    expect_undisturbed("odd framing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_size_that_is_no_size_is_refused),
        cmocka_unit_test(test_a_filter_that_is_no_filter_is_refused),
        cmocka_unit_test(test_a_refused_operator_is_told_in_the_services_own_words),
        cmocka_unit_test(test_a_filter_longer_than_4_KiB_is_refused),
        cmocka_unit_test(test_a_seek_operation_that_cannot_be_done_is_refused),
        cmocka_unit_test(test_a_token_cut_anywhere_is_refused),
        cmocka_unit_test(test_a_token_with_one_character_altered_is_refused),
        cmocka_unit_test(test_a_token_with_something_added_is_refused),
        cmocka_unit_test(test_texts_that_are_no_tokens_are_refused),
        cmocka_unit_test(test_a_token_of_another_partner_is_refused_both_ways),
        cmocka_unit_test(test_a_token_of_another_store_is_refused),
        cmocka_unit_test(test_a_token_goes_before_the_parameters_beside_it),
        cmocka_unit_test(test_a_token_given_with_an_unknown_seek_word_is_refused),
        cmocka_unit_test(test_bytes_that_could_be_read_in_two_ways_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
