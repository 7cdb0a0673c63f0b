/* A list page: the seed's members in the seed's order, and whatever text an item has survives a JSON library.
 */
#include "support/seed.h"
#include "wire/wire_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODY_MAX (64 * 1024 * 1024)
#define ID       "b44bb1fb-c595-45b0-9e09-d657365580bf"

static clt_guid guid(const char *text) {
    clt_guid read;
    assert_true(clti_guid_parse(clti_str(text), &read));
    return read;
}

static void assert_rendered(const clti_wire_page *page, const char *want) {
    clti_buf body;
    clti_buf_init(&body, BODY_MAX);
    clti_wire_render_page(page, &body);
    assert_true(clti_buf_ok(&body));
    clti_buf_add_char(&body, '\0');
    assert_string_equal(body.data, want);
    clti_buf_done(&body);
}

/* api.md 4.1, the seed's exchange. */
static void test_page_has_the_members_of_the_seed(void **state) {
    (void)state;
    const clti_list_item items[] = {
        {guid(ID), CLTI_STR("domain"), CLTI_STR("companyName")},
        {guid("45c44870-ef77-4fdd-b6fe-3dacb075cff2"), CLTI_STR("domain"), CLTI_STR("companyName")}};
    const clti_wire_page page = {.items = items, .count = 2, .self_uri = CLTI_STR("/v1/customers?size=40")};
    assert_rendered(
        &page,
        "{\"totalCount\":2,\"items\":["
        "{\"id\":\"" ID "\",\"companyProfile\":{\"tenantId\":\"" ID
        "\",\"domain\":\"domain\",\"companyName\":\"companyName\",\"attributes\":{\"objectType\":"
        "\"CustomerCompanyProfile\"}},\"relationshipToPartner\":\"reseller\",\"attributes\":{\"objectType\":"
        "\"Customer\"}},"
        "{\"id\":\"45c44870-ef77-4fdd-b6fe-3dacb075cff2\",\"companyProfile\":{\"tenantId\":"
        "\"45c44870-ef77-4fdd-b6fe-3dacb075cff2\",\"domain\":\"domain\",\"companyName\":\"companyName\","
        "\"attributes\":{\"objectType\":\"CustomerCompanyProfile\"}},\"relationshipToPartner\":\"reseller\","
        "\"attributes\":{\"objectType\":\"Customer\"}}],"
        "\"links\":{\"self\":{\"uri\":\"/v1/customers?size=40\",\"method\":\"GET\",\"headers\":[]}},"
        "\"attributes\":{\"objectType\":\"Collection\"}}");
}

static void test_page_without_items_has_an_empty_array(void **state) {
    (void)state;
    const clti_wire_page page = {.self_uri = CLTI_STR("/v1/customers?size=500")};
    assert_rendered(&page, "{\"totalCount\":0,\"items\":[],\"links\":{\"self\":{\"uri\":"
                           "\"/v1/customers?size=500\",\"method\":\"GET\",\"headers\":[]}},"
                           "\"attributes\":{\"objectType\":\"Collection\"}}");
}

/* api.md 6.2: the token stands first and once more in the link's headers. */
static void test_page_with_links_repeats_the_token_in_their_headers(void **state) {
    (void)state;
    const clti_wire_page page = {.self_uri = CLTI_STR("/v1/customers?size=2"),
                                 .next_uri = CLTI_STR("/customers?size=2&seekOperation=Next"),
                                 .next_token = CLTI_STR("abc"),
                                 .previous_uri = CLTI_STR("/customers?size=2&seekOperation=Previous"),
                                 .previous_token = CLTI_STR("xyz")};
    assert_rendered(
        &page,
        "{\"continuationToken\":\"abc\",\"totalCount\":0,\"items\":[],\"links\":{"
        "\"self\":{\"uri\":\"/v1/customers?size=2\",\"method\":\"GET\",\"headers\":[]},"
        "\"next\":{\"uri\":\"/customers?size=2&seekOperation=Next\",\"method\":\"GET\",\"headers\":[{\"key\":"
        "\"MS-ContinuationToken\",\"value\":\"abc\"}]},"
        "\"previous\":{\"uri\":\"/customers?size=2&seekOperation=Previous\",\"method\":\"GET\",\"headers\":[{"
        "\"key\":\"MS-ContinuationToken\",\"value\":\"xyz\"}]}},"
        "\"attributes\":{\"objectType\":\"Collection\"}}");
}

static void test_last_page_has_a_previous_link_but_no_token(void **state) {
    (void)state;
    const clti_wire_page page = {
        .self_uri = CLTI_STR("/s"), .previous_uri = CLTI_STR("/p"), .previous_token = CLTI_STR("xyz")};
    assert_rendered(&page,
                    "{\"totalCount\":0,\"items\":[],\"links\":{\"self\":{\"uri\":\"/s\",\"method\":\"GET\","
                    "\"headers\":[]},\"previous\":{\"uri\":\"/p\",\"method\":\"GET\",\"headers\":[{\"key\":"
                    "\"MS-ContinuationToken\",\"value\":\"xyz\"}]}},\"attributes\":{\"objectType\":"
                    "\"Collection\"}}");
}

/* Later captures of the real service (api.md 4.1). */
static void test_page_with_item_links_has_both_in_place(void **state) {
    (void)state;
    const clti_list_item item = {guid(ID), CLTI_STR("d"), CLTI_STR("n")};
    const clti_wire_page page = {.items = &item, .count = 1, .self_uri = CLTI_STR("/s"), .item_links = true};
    assert_rendered(
        &page, "{\"totalCount\":1,\"items\":[{\"id\":\"" ID "\",\"companyProfile\":{\"tenantId\":\"" ID
               "\",\"domain\":\"d\",\"companyName\":\"n\",\"links\":{\"self\":{\"uri\":\"/customers/" ID
               "/profiles/company\",\"method\":\"GET\",\"headers\":[]}},\"attributes\":{\"objectType\":"
               "\"CustomerCompanyProfile\"}},\"relationshipToPartner\":\"reseller\",\"links\":{\"self\":{"
               "\"uri\":\"/customers/" ID "\",\"method\":\"GET\",\"headers\":[]}},\"attributes\":{"
               "\"objectType\":\"Customer\"}}],\"links\":{\"self\":{\"uri\":\"/s\",\"method\":\"GET\","
               "\"headers\":[]}},\"attributes\":{\"objectType\":\"Collection\"}}");
}

/* ---- read back ---------------------------------------------------------------------------------------- */

/* Names and domains as no store would let them in: quotes, backslashes, control bytes, all of Unicode. */
static clt_str random_text(clti_arena *arena, uint64_t *random) {
    static const char *const hostile[] = {"\"",   "\\", "\n",      "\x1F",        "\x01",
                                          "\x7F", "/",  "\\u0041", "\xE2\x80\xA8"};
    clti_buf text;
    clt_str copy;
    clti_buf_init(&text, 10000);
    clti_buf_add(&text, CLTI_STR(""));
    for (size_t left = clti_test_random_below(random, 40); left > 0; left--) {
        if (clti_test_random_below(random, 3) == 0) {
            clti_buf_add(&text, clti_str(hostile[clti_test_random_below(random, CLTI_COUNT(hostile))]));
            continue;
        }
        static const unsigned bits[] = {7, 11, 16, 20};
        uint64_t bound = 1ull << bits[clti_test_random_below(random, CLTI_COUNT(bits))];
        unsigned point = (unsigned)clti_test_random_below(random, bound - 1) + 1;
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        if (point < 0x80) {
            clti_buf_add_char(&text, (char)point);
        } else if (point < 0x800) {
            clti_buf_add_char(&text, (char)(0xC0 | point >> 6));
            clti_buf_add_char(&text, (char)(0x80 | (point & 0x3F)));
        } else if (point < 0x10000) {
            clti_buf_add_char(&text, (char)(0xE0 | point >> 12));
            clti_buf_add_char(&text, (char)(0x80 | (point >> 6 & 0x3F)));
            clti_buf_add_char(&text, (char)(0x80 | (point & 0x3F)));
        } else {
            clti_buf_add_char(&text, (char)(0xF0 | point >> 18));
            clti_buf_add_char(&text, (char)(0x80 | (point >> 12 & 0x3F)));
            clti_buf_add_char(&text, (char)(0x80 | (point >> 6 & 0x3F)));
            clti_buf_add_char(&text, (char)(0x80 | (point & 0x3F)));
        }
    }
    assert_true(clti_arena_copy(arena, clti_buf_str(&text), &copy));
    clti_buf_done(&text);
    return copy;
}

static void assert_member(const json_t *object, const char *name, clt_str want) {
    clt_str got = clti_json_string(json_object_get(object, name));
    assert_non_null(got.data);
    assert_true(clti_str_equal(got, want));
}

static void test_page_read_back_equals_the_items(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 100; round++) {
        clti_arena arena = {0};
        clti_list_item items[20];
        clti_buf body;
        for (size_t i = 0; i < CLTI_COUNT(items); i++)
            items[i] = (clti_list_item){clti_guid_random(), random_text(&arena, &random),
                                        random_text(&arena, &random)};
        const clti_wire_page page = {.items = items,
                                     .count = clti_test_random_below(&random, CLTI_COUNT(items) + 1),
                                     .self_uri = random_text(&arena, &random),
                                     .item_links = round % 2 == 0};
        clti_buf_init(&body, BODY_MAX);
        clti_wire_render_page(&page, &body);
        assert_true(clti_buf_ok(&body));
        json_error_t error;
        json_t *read = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, &error);
        if (!read)
            fail_msg("%s at %d", error.text, error.position);
        assert_int_equal(json_integer_value(json_object_get(read, "totalCount")), page.count);
        const json_t *array = json_object_get(read, "items");
        assert_int_equal(json_array_size(array), page.count);
        for (size_t i = 0; i < page.count; i++) {
            const json_t *item = json_array_get(array, i), *company = json_object_get(item, "companyProfile");
            assert_member(item, "id", clti_str(clti_guid_to_text(items[i].id).text));
            assert_member(company, "domain", items[i].domain);
            assert_member(company, "companyName", items[i].company_name);
        }
        assert_member(json_object_get(json_object_get(read, "links"), "self"), "uri", page.self_uri);
        json_decref(read);
        clti_buf_done(&body);
        clti_arena_done(&arena);
    }
}

/* The room reserved for an item must be enough when every byte is escaped. */
static void test_page_of_escapes_alone_fits(void **state) {
    (void)state;
    char controls[2000];
    clti_list_item items[50];
    clti_buf body;
    memset(controls, '\x01', sizeof(controls));
    for (size_t i = 0; i < CLTI_COUNT(items); i++)
        items[i] = (clti_list_item){guid(ID), {controls, 300}, {controls, sizeof(controls)}};
    const clti_wire_page page = {
        .items = items, .count = CLTI_COUNT(items), .self_uri = CLTI_STR("/s"), .item_links = true};
    clti_buf_init(&body, BODY_MAX);
    clti_wire_render_page(&page, &body);
    assert_true(clti_buf_ok(&body));
    assert_true(body.size > 50 * 2300 * 6);
    clti_buf_done(&body);
}

static void test_page_over_the_cap_fails_whole(void **state) {
    (void)state;
    const clti_list_item item = {guid(ID), CLTI_STR("d"), CLTI_STR("n")};
    const clti_wire_page page = {.items = &item, .count = 1, .self_uri = CLTI_STR("/s")};
    for (size_t cap = 0; cap < 200; cap++) {
        clti_buf body;
        clti_buf_init(&body, cap);
        clti_wire_render_page(&page, &body);
        assert_false(clti_buf_ok(&body));
        clti_buf_done(&body);
    }
}

static void test_json_add_string_escapes_every_byte_rightly(void **state) {
    static const struct {
        char c;
        const char *want;
    } short_ones[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\b', "\\b"}, {'\f', "\\f"},
                      {'\n', "\\n"}, {'\r', "\\r"},  {'\t', "\\t"}};
    (void)state;
    for (int c = 0; c < 0x80; c++) {
        clti_arena arena = {0};
        const char text[1] = {(char)c};
        clti_buf out;
        clti_buf_init(&out, 100);
        clti_json_add_string(&out, (clt_str){text, 1});
        clt_str want =
            c < 0x20 ? clti_arena_format(&arena, "\"\\u%04x\"", c) : clti_arena_format(&arena, "\"%c\"", c);
        for (size_t i = 0; i < CLTI_COUNT(short_ones); i++)
            if (c == short_ones[i].c)
                want = clti_arena_format(&arena, "\"%s\"", short_ones[i].want);
        assert_true(clti_str_equal(clti_buf_str(&out), want));
        clti_buf_done(&out);
        clti_arena_done(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_has_the_members_of_the_seed),
        cmocka_unit_test(test_page_without_items_has_an_empty_array),
        cmocka_unit_test(test_page_with_links_repeats_the_token_in_their_headers),
        cmocka_unit_test(test_last_page_has_a_previous_link_but_no_token),
        cmocka_unit_test(test_page_with_item_links_has_both_in_place),
        cmocka_unit_test(test_page_read_back_equals_the_items),
        cmocka_unit_test(test_page_of_escapes_alone_fits),
        cmocka_unit_test(test_page_over_the_cap_fails_whole),
        cmocka_unit_test(test_json_add_string_escapes_every_byte_rightly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
