/* Filters against a scan of everything that was imported, in whatever script and form it is written. */
#include "directory.h"
#include "support/seed.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define PREFIXES       1000
#define NAMES_A_SCRIPT 60
#define CODE_POINTS    256

#define PROVIDER     "33333333-0000-4000-8000-000000000001"
#define PROVIDER_APP "33333333-0000-4000-8000-000000000002"
#define RESELLER     "33333333-0000-4000-8000-000000000003"
#define RESELLER_APP "33333333-0000-4000-8000-000000000004"
#define NOBODY       "33333333-0000-4000-8000-000000000005"

static scene demo, indirect;
static directory all;

/* ---- names in many scripts ----------------------------------------------------------------------------- */

static const char *const words[][8] = {
    {"Café", "Müller", "Ångström", "Łódź", "Société", "Ñandú", "straße", "Ægir"},
    {"Ελληνική", "Εταιρεία", "Αθήνα", "Ώρα", "Νίκος", "σοφός", "Ύδωρ", "ΆΡΗΣ"},
    {"Общество", "Ёлка", "Москва", "йод", "Київ", "Їжак", "ЖУРАВЛЬ", "щит"},
    {"中国", "银行", "科技", "有限公司", "上海", "电力", "集團", "貿易"},
    {"株式会社", "ガラス", "ｶﾞﾗｽ", "パナソニック", "ひらがな", "が", "東京", "㈱"},
    {"شركة", "النيل", "أحمد", "آل", "مصر", "ؤ", "الأولى", "لإنتاج"},
    {"한국", "전자", "주식회사", "서울", "가나다", "각", "힣", "현대"},
};

static char *normalised(const char *text, bool composed) {
    utf8proc_uint8_t *made = composed ? utf8proc_NFC((const utf8proc_uint8_t *)text)
                                      : utf8proc_NFD((const utf8proc_uint8_t *)text);
    assert_non_null(made);
    return (char *)made;
}

/* Both forms of each name stand in the list, so that each can be found by the other. */
static char *make_names(uint64_t *random) {
    clti_buf csv;
    clti_buf_init(&csv, SIZE_MAX);
    clti_buf_add(&csv, CLTI_STR("companyName,domain\n"));
    for (size_t script = 0; script < CLTI_COUNT(words); script++) {
        for (size_t i = 0; i < NAMES_A_SCRIPT; i++) {
            char name[256], domain[64];
            snprintf(name, sizeof(name), "%s %s %s", words[script][clti_test_random_below(random, 8)],
                     words[script][clti_test_random_below(random, 8)],
                     words[script][clti_test_random_below(random, 8)]);
            snprintf(domain, sizeof(domain), "Script%zu-%zu.Test", script, i);
            char *form = normalised(name, i % 2);
            directory_add(&all, form, domain, NULL);
            clti_buf_add_format(&csv, "%s,%s\n", form, domain);
            free(form);
        }
    }
    clti_buf_add_char(&csv, '\0');
    size_t size;
    return clti_buf_take(&csv, &size);
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    uint64_t random = clti_test_seed();
    const char *folder = scene_demo_store();
    char *csv = make_names(&random);
    scene_import(folder, FABRIKAM, csv);
    free(csv);
    directory_read_demo(&all, "companies.csv");
    directory_sort(&all);
    scene_open(&demo, folder, NULL);
    return 0;
}

static int teardown(void **state) {
    scene_close(&demo);
    directory_done(&all);
    return scene_group_teardown(state);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

typedef struct question {
    bool by_domain, exact;
    const char *value;
} question;

static void add_escaped(clti_buf *out, const char *text, bool plus) {
    for (; *text; text++)
        if (*text == ' ' && plus)
            clti_buf_add_char(out, '+');
        else if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *text))
            clti_buf_add_char(out, *text);
        else
            clti_buf_add_format(out, "%%%02X", (unsigned)(unsigned char)*text);
}

/* The target for a JSON text as filter; the caller's. */
static char *filter_target(const char *json, size_t size, bool plus) {
    clti_buf out;
    clti_buf_init(&out, 64 * 1024);
    clti_buf_add_format(&out, "/v1/customers?size=%zu&filter=", size);
    add_escaped(&out, json, plus);
    clti_buf_add_char(&out, '\0');
    assert_true(clti_buf_ok(&out));
    size_t ignored;
    return clti_buf_take(&out, &ignored);
}

static char *filter_json(const char *field, const char *value, const char *operator) {
    json_t *object = json_pack("{s:s, s:s, s:s}", "Field", field, "Value", value, "Operator", operator);
    char *text = json_dumps(object, JSON_COMPACT);
    assert_non_null(text);
    json_decref(object);
    return text;
}

static bool matches(const directory_entry *entry, const question *asked, const char *folded) {
    const char *fold = asked->by_domain ? entry->domain_fold : entry->name_fold;
    return asked->exact ? *folded && strcmp(fold, folded) == 0 : strncmp(fold, folded, strlen(folded)) == 0;
}

static int compare_ids(const void *a, const void *b) {
    return memcmp(a, b, sizeof(clt_guid));
}

/* Read every page of the answer and compare with the scan; names in list order too. */
static size_t expect_scan(const question *asked, size_t size) {
    char *json = filter_json(asked->by_domain ? "Domain" : "CompanyName", asked->value,
                             asked->exact ? "equals" : "starts_with");
    char *target = filter_target(json, size, false), *folded = directory_fold(asked->value);
    walk_ids read = {0};
    clt_guid *expected = calloc(all.count, sizeof(*expected));
    size_t count = 0;
    assert_non_null(expected);
    walk_forwards(demo.client, target, size, WALK_JOIN_NET, &read);
    for (size_t i = 0; i < all.count; i++)
        if (matches(&all.entries[i], asked, folded))
            expected[count++] = all.entries[i].id;
    if (asked->by_domain && read.count) {
        qsort(expected, count, sizeof(*expected), compare_ids);
        qsort(read.ids, read.count, sizeof(*read.ids), compare_ids);
    }
    if (read.count != count || (count && memcmp(read.ids, expected, count * sizeof(*expected)) != 0))
        fail_msg("%s finds %zu, the scan %zu", json, read.count, count);
    walk_ids_done(&read);
    free(expected);
    free(folded);
    free(target);
    free(json);
    return count;
}

/* ---- random prefixes ----------------------------------------------------------------------------------- */

static utf8proc_int32_t other_case(utf8proc_int32_t point, uint64_t choice) {
    return choice == 0 ? utf8proc_toupper(point) : choice == 1 ? utf8proc_tolower(point) : point;
}

/* The first code points of a name, in another case, composed or not, at times with one of them replaced. */
static char *random_prefix(const directory_entry *entry, bool by_domain, uint64_t *random) {
    utf8proc_int32_t points[CODE_POINTS];
    const char *text = by_domain ? entry->domain : entry->name;
    char prefix[CODE_POINTS * 4 + 1];
    size_t count = 0, size = 0;
    while (*text && count < CODE_POINTS - 1)
        text += utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &points[count++]);
    size_t length = 1 + clti_test_random_below(random, clti_test_random_below(random, 4) ? 12 : count);
    if (length > count)
        length = count;
    uint64_t letters = clti_test_random_below(random, 4), form = clti_test_random_below(random, 3);
    for (size_t i = 0; i < length; i++)
        points[i] = other_case(points[i], letters == 3 ? clti_test_random_below(random, 3) : letters);
    if (clti_test_random_below(random, 4) == 0)
        points[clti_test_random_below(random, length)] =
            (utf8proc_int32_t)(0x61 + clti_test_random_below(random, 0x500));
    for (size_t i = 0; i < length; i++)
        size += (size_t)utf8proc_encode_char(points[i], (utf8proc_uint8_t *)prefix + size);
    prefix[size] = '\0';
    return form == 2 ? strdup(prefix) : normalised(prefix, form);
}

static void test_a_thousand_random_prefixes_find_what_a_scan_finds(void **state) {
    (void)state;
    uint64_t random = clti_test_seed() + 1;
    size_t found = 0, nothing = 0, compared = 0;
    for (size_t i = 0; i < PREFIXES; i++) {
        question asked = {.by_domain = clti_test_random_below(&random, 4) == 0};
        /* Half of them from the names in many scripts, which are few among the others. */
        const directory_entry *entry;
        do
            entry = &all.entries[clti_test_random_below(&random, all.count)];
        while (i % 2 && strncmp(entry->domain, "Script", 6) != 0);
        char *value = random_prefix(entry, asked.by_domain, &random);
        asked.value = value;
        size_t count = expect_scan(&asked, 1 + clti_test_random_below(&random, 500));
        found += count > 0;
        nothing += count == 0;
        if (i % 4 == 0) {
            asked.exact = true;
            expect_scan(&asked, 500);
            asked.value = asked.by_domain ? entry->domain : entry->name;
            compared += expect_scan(&asked, 1 + clti_test_random_below(&random, 3)) > 0;
        }
        free(value);
    }
    assert_true(found > PREFIXES / 2 && nothing > PREFIXES / 20 && compared == PREFIXES / 4);
}

static void test_values_with_a_meaning_of_their_own(void **state) {
    (void)state;
    static const question questions[] = {
        {false, true, ""},
        {true, true, ""},
        {false, false, "cafe"},
        {false, false, "cafe\xCC\x81"},
        {false, false, "CAFÉ"},
        {false, false, "STRASSE"},
        {false, false, "strass"},
        {false, false, "ガ"},
        {false, false, "(株)"},
        {false, false, "%"},
        {false, false, "_"},
        {false, false, "\""},
        {false, false, "\\"},
        {false, false, " "},
        {false, false, "3"},
        {true, false, "SCRIPT1-"},
        {true, true, "sCRIPT1-1.tEST"},
        {true, false, "."},
        {false, false, "\xC2\xAD"},
        {false, false, "a\xE2\x80\x8B"},
    };
    for (size_t i = 0; i < CLTI_COUNT(questions); i++)
        expect_scan(&questions[i], 500);
    assert_true(expect_scan(&questions[2], 500) > 0);
    assert_int_equal(expect_scan(&(question){false, false, ""}, 500), all.count);
}

static void test_a_value_of_more_than_200_code_points_matches_nothing(void **state) {
    (void)state;
    static const char value[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "a";
    assert_int_equal(strlen(value), 201);
    assert_int_equal(expect_scan(&(question){false, false, value}, 10), 0);
    assert_int_equal(expect_scan(&(question){false, true, value}, 10), 0);
    assert_int_equal(expect_scan(&(question){false, false, value + 1}, 10), 0);
}

/* ---- forms of the parameter ---------------------------------------------------------------------------- */

static void test_each_clients_form_of_the_filter_is_understood(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool plus;
    } rows[] = {
        {"{\"Field\":\"CompanyName\",\"Value\":\"bank of\",\"Operator\":\"starts_with\"}", false},
        {"{\"Field\":\"CompanyName\",\"Value\":\"bank of\",\"Operator\":\"starts_with\"}", true},
        {"{\"Field\":\"CompanyName\",\"Value\":\"bank of\",\"Operator\":\"StartsWith\"}", true},
        {"{\"field\":\"CompanyName\",\"value\":\"bank "
         "of\",\"fieldType\":\"String\",\"operator\":\"StartsWith\"}",
         true},
        {"{ \"OPERATOR\" : \"STARTS_WITH\", \"fIELD\" : \"companyname\", \"VALUE\" : \"BANK OF\" }", false},
        {"{\"Field\":\"DisplayName\",\"Value\":\"Bank Of\",\"Operator\":\"startswith\"}", false},
        {"{\"Field\":\"CompanyName\",\"Value\":\"bank of\",\"Operator\":9}", false},
        {"{\"Field\":\"Domain\",\"Value\":\"bank of\",\"Operator\":9,\"Field\":\"CompanyName\"}", false},
        {"{\"Field\":\"CompanyName\",\"Value\":\"bank of\",\"Operator\":\"s_t_artswith\"}", false},
        {"{\"Field\":\"CompanyName\",\"Value\":\"\\u0062ank of\",\"Operator\":\"starts_with\",\"More\":[{}]}",
         false},
    };
    char *plain = filter_json("CompanyName", "bank of", "starts_with"),
         *target = filter_target(plain, 500, false);
    walk_ids expected = {0};
    walk_forwards(demo.client, target, 500, WALK_JOIN_NET, &expected);
    assert_true(expected.count > 5);
    free(target);
    free(plain);
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        walk_ids read = {0};
        target = filter_target(rows[i].json, 2, rows[i].plus);
        walk_forwards(demo.client, target, 2, WALK_JOIN_JAVA, &read);
        if (read.count != expected.count || memcmp(read.ids, expected.ids, read.count * 16) != 0)
            fail_msg("%s finds %zu, not %zu", rows[i].json, read.count, expected.count);
        walk_ids_done(&read);
        free(target);
    }
    walk_ids_done(&expected);
}

static void test_raw_JSON_in_the_request_line_is_understood(void **state) {
    (void)state;
    const clti_test_response *page = clti_test_get(
        demo.client,
        "/v1/customers?filter={\"Field\":\"Domain\",\"Value\":\"script1-1.test\",\"Operator\":\"equals\"}",
        NULL);
    assert_int_equal(page->status, 200);
    assert_int_equal(json_integer_value(clti_test_at(page->json, "totalCount")), 1);
    /* Java parses links strictly. */
    assert_null(strpbrk(clti_test_text_at(page->json, "links.self.uri"), "{}\" |"));
}

static void test_a_literal_plus_arrives_as_an_escape(void **state) {
    (void)state;
    scene own = {0};
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_import(folder, FABRIKAM,
                 "companyName,domain\nA+B,ab.test\nA B,a-b.test\n\"A&B=\"\"C\"\"\",abc.test\n");
    scene_open(&own, folder, NULL);
    static const struct {
        const char *value, *domain;
    } rows[] = {
        {"A%2BB", "ab.test"}, {"A+B", "a-b.test"}, {"A%20B", "a-b.test"}, {"A%26B%3D%5C%22c", "abc.test"}};
    char target[256];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target),
                 "/v1/"
                 "customers?size=0&filter=%%7B%%22Field%%22%%3A%%22CompanyName%%22%%2C%%22Value%%22%%3A%%22%"
                 "s%%22%%2C"
                 "%%22Operator%%22%%3A%%22starts_with%%22%%7D",
                 rows[i].value);
        const clti_test_response *page = clti_test_get(own.client, target, NULL);
        assert_int_equal(page->status, 200);
        assert_int_equal(json_integer_value(clti_test_at(page->json, "totalCount")), 1);
        assert_string_equal(clti_test_text_at(page->json, "items.0.companyProfile.domain"), rows[i].domain);
    }
    scene_close(&own);
}

static void test_operators_equals_and_its_number(void **state) {
    (void)state;
    static const char *const operators[] = {"\"equals\"", "\"Equals\"", "\"EQUALS\"", "0", "\"e_quals\""};
    for (size_t i = 0; i < CLTI_COUNT(operators); i++) {
        char json[256];
        snprintf(json, sizeof(json),
                 "{\"Field\":\"DefaultDomainName\",\"Value\":\"SCRIPT1-1.test\",\"Operator\":%s}",
                 operators[i]);
        char *target = filter_target(json, 5, false);
        const clti_test_response *page = clti_test_get(demo.client, target, NULL);
        if (page->status != 200 || json_array_size(clti_test_at(page->json, "items")) != 1)
            fail_msg("%s: %ld %s", json, page->status, page->body);
        free(target);
    }
}

static void test_an_empty_filter_counts_as_none(void **state) {
    (void)state;
    char *expected = strdup(
        clti_test_text_at(clti_test_get(demo.client, "/v1/customers?size=1", NULL)->json, "items.0.id"));
    const clti_test_response *page = clti_test_get(demo.client, "/v1/customers?size=1&filter=", NULL);
    assert_int_equal(page->status, 200);
    assert_string_equal(clti_test_text_at(page->json, "items.0.id"), expected);
    free(expected);
}

/* ---- names longer than a key --------------------------------------------------------------------------- */

static void test_names_that_differ_behind_the_cut_of_the_key_are_told_apart(void **state) {
    (void)state;
    /* 150 times three bytes: the key holds 133 of them. Then A, B or nothing. */
    clti_buf csv, name;
    scene own = {0};
    const char *folder = scene_new_store();
    clti_buf_init(&csv, SIZE_MAX);
    clti_buf_init(&name, SIZE_MAX);
    for (size_t i = 0; i < 150; i++)
        clti_buf_add(&name, CLTI_STR("国"));
    clti_buf_add(&csv, CLTI_STR("companyName,domain\n"));
    for (size_t i = 0; i < 12; i++)
        clti_buf_add_format(&csv, "%.*s%s,long%zu.test\n", (int)name.size, name.data,
                            i % 3 == 0   ? "A"
                            : i % 3 == 1 ? "B"
                                         : "",
                            i);
    clti_buf_add_char(&csv, '\0');
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_import(folder, FABRIKAM, csv.data);
    scene_open(&own, folder, NULL);
    static const struct {
        const char *tail, *operator;
        size_t count;
    } rows[] = {{"", "starts_with", 12}, {"a", "starts_with", 4}, {"B", "starts_with", 4},
                {"c", "starts_with", 0}, {"", "equals", 4},       {"A", "equals", 4},
                {"ab", "equals", 0}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char *value, *json, *target;
        assert_true(asprintf(&value, "%.*s%s", (int)name.size, name.data, rows[i].tail) > 0);
        json = filter_json("CompanyName", value, rows[i].operator);
        for (size_t size = 1; size <= 5; size++) {
            walk_ids forwards = {0}, backwards = {0};
            target = filter_target(json, size, false);
            const clti_test_response *last =
                walk_forwards(own.client, target, size, WALK_JOIN_NET, &forwards);
            size_t tail = json_array_size(clti_test_at(last->json, "items"));
            walk_backwards(own.client, last, size, WALK_JOIN_NET, &backwards);
            assert_int_equal(forwards.count, rows[i].count);
            assert_int_equal(backwards.count, rows[i].count - tail);
            walk_ids_done(&forwards);
            walk_ids_done(&backwards);
            free(target);
        }
        free(json);
        free(value);
    }
    clti_buf_done(&csv);
    clti_buf_done(&name);
    scene_close(&own);
}

/* ---- indirect resellers and providers ------------------------------------------------------------------ */

static const char *indirect_store(void) {
    const char *folder = scene_new_store();
    clti_buf ndjson;
    clti_buf_init(&ndjson, SIZE_MAX);
    for (size_t i = 0; i < 30; i++) {
        clti_buf_add_format(&ndjson,
                            "{\"companyProfile\":{\"domain\":\"d%zu.test\",\"companyName\":\"Name %02zu\"}",
                            i, (i * 7) % 30);
        if (i % 3 == 0)
            clti_buf_add(&ndjson, CLTI_STR(",\"associatedPartnerId\":\"" RESELLER "\""));
        clti_buf_add(&ndjson, CLTI_STR("}\n"));
    }
    clti_buf_add_char(&ndjson, '\0');
    scene_add_partner(folder, PROVIDER, "provider.test", PROVIDER_APP);
    scene_add_partner(folder, RESELLER, "reseller.test", RESELLER_APP);
    scene_import(folder, PROVIDER, ndjson.data);
    scene_import(folder, RESELLER, "companyName,domain\nOwn,own.test\n");
    clti_buf_done(&ndjson);
    return folder;
}

/* All items of the answer; the two operators mean the same, whatever the case of the GUID. */
static void expect_related(clti_test_client *client, const char *field, const char *value, size_t count) {
    static const char *const operators[] = {"starts_with", "equals"};
    for (size_t i = 0; i < CLTI_COUNT(operators); i++) {
        walk_ids read = {0};
        char *json = filter_json(field, value, operators[i]), *target = filter_target(json, 3, false);
        walk_forwards(client, target, 3, WALK_JOIN_JAVA, &read);
        if (read.count != count)
            fail_msg("%s finds %zu, not %zu", json, read.count, count);
        walk_ids_done(&read);
        free(target);
        free(json);
    }
}

static void expect_refused(clti_test_client *client, const char *field, const char *value, long status,
                           int code) {
    char *json = filter_json(field, value, "starts_with"), *target = filter_target(json, 0, false);
    scene_expect_fault(clti_test_get(client, target, NULL), status, code, NULL, json);
    free(target);
    free(json);
}

static void test_indirect_filters_find_the_customers_between_two_partners(void **state) {
    (void)state;
    const char *folder = indirect_store();
    scene_open_as(&indirect, folder, CLTI_TEST_WORDS("--auth-require-user=false"), PROVIDER, PROVIDER_APP);
    clti_test_client *reseller = clti_test_client_new(&indirect.server);
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    expect_related(indirect.client, "IndirectReseller", RESELLER, 10);
    expect_related(indirect.client, "indirectreseller", "{33333333-0000-4000-8000-000000000003}", 10);
    expect_related(indirect.client, "IndirectReseller", NOBODY, 0);
    expect_related(indirect.client, "IndirectCloudSolutionProvider", RESELLER, 0);
    expect_related(reseller, "IndirectCloudSolutionProvider", PROVIDER, 10);
    expect_related(reseller, "IndirectCloudSolutionProvider", NOBODY, 0);
    expect_related(reseller, "IndirectReseller", PROVIDER, 0);
    expect_refused(indirect.client, "IndirectReseller", "33333333", 400, 2000);
    expect_refused(indirect.client, "IndirectReseller", "", 400, 2000);
    expect_refused(reseller, "IndirectCloudSolutionProvider", "x", 400, 2000);
    /* The provider's customers for the reseller stand in both lists. */
    walk_ids provider = {0}, own = {0};
    walk_forwards(indirect.client, "/v1/customers?size=7", 7, WALK_JOIN_NET, &provider);
    walk_forwards(reseller, "/v1/customers?size=7", 7, WALK_JOIN_NET, &own);
    assert_int_equal(provider.count, 30);
    assert_int_equal(own.count, 11);
    walk_ids_done(&provider);
    walk_ids_done(&own);
    clti_test_client_free(reseller);
    scene_close(&indirect);
}

static void test_indirect_filters_need_a_user_unless_told_otherwise(void **state) {
    (void)state;
    scene_open_as(&indirect, indirect_store(), NULL, PROVIDER, PROVIDER_APP);
    expect_refused(indirect.client, "IndirectReseller", RESELLER, 403, 900329);
    expect_refused(indirect.client, "IndirectCloudSolutionProvider", RESELLER, 403, 900329);
    assert_int_equal(clti_test_get(indirect.client, "/v1/customers", NULL)->status, 200);
    scene_close(&indirect);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_random_prefixes_find_what_a_scan_finds),
        cmocka_unit_test(test_values_with_a_meaning_of_their_own),
        cmocka_unit_test(test_a_value_of_more_than_200_code_points_matches_nothing),
        cmocka_unit_test(test_each_clients_form_of_the_filter_is_understood),
        cmocka_unit_test(test_raw_JSON_in_the_request_line_is_understood),
        cmocka_unit_test(test_a_literal_plus_arrives_as_an_escape),
        cmocka_unit_test(test_operators_equals_and_its_number),
        cmocka_unit_test(test_an_empty_filter_counts_as_none),
        cmocka_unit_test(test_names_that_differ_behind_the_cut_of_the_key_are_told_apart),
        cmocka_unit_test(test_indirect_filters_find_the_customers_between_two_partners),
        cmocka_unit_test(test_indirect_filters_need_a_user_unless_told_otherwise),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
