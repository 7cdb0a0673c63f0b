/* Asking for audit records over HTTP: dates, filters, pages, one record (api.md 4.17, 5.4). */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define AUDIT        "/v1/auditrecords"
#define RESELLER     "33333333-0000-4000-8000-00000000000a"
#define RESELLER_APP "33333333-0000-4000-8000-00000000000b"
#define FIRST        "11111111-0000-4000-8000-000000000001"
#define SECOND       "11111111-0000-4000-8000-000000000002"
#define THIRD        "11111111-0000-4000-8000-000000000003"
#define BATCH_APP    "55555555-0000-4000-8000-00000000000b"
#define USER         "admin@fabrikam.example"

/* Days that the kept records are of, counted from today. */
#define RANGE_DAY  (-5)
#define FILTER_DAY (-20)
#define OLD_DAY    (-80)

static scene kept;
static int64_t today;

/* ---- records of the past ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int day;
    int64_t ticks; /* of the day */
    clti_audit_operation operation;
    const char *customer, *application, *user;
} ROWS[] = {
    {"before", RANGE_DAY, -1, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"first", RANGE_DAY, 0, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"noon", RANGE_DAY, CLTI_TICKS_PER_DAY / 2, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"last", RANGE_DAY, CLTI_TICKS_PER_DAY - 1, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"after", RANGE_DAY, CLTI_TICKS_PER_DAY, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"Contoso", FILTER_DAY, 1, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, USER},
    {"MyCONTOSO\xC3\x89", FILTER_DAY, 2, CLTI_AUDIT_UPDATE_BILLING_PROFILE, SECOND, BATCH_APP, NULL},
    {"Wingtip", FILTER_DAY, 3, CLTI_AUDIT_DELETE_CUSTOMER, THIRD, FABRIKAM_APP, NULL},
    {"Wingtip", FILTER_DAY, 4, CLTI_AUDIT_REMOVE_RELATIONSHIP, THIRD, FABRIKAM_APP, NULL},
    {"Contoso", FILTER_DAY, 5, CLTI_AUDIT_UPDATE_BILLING_PROFILE, FIRST, BATCH_APP, USER},
    {"old", OLD_DAY, 1, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
    {"older", -200, 1, CLTI_AUDIT_ADD_CUSTOMER, FIRST, FABRIKAM_APP, NULL},
};

/* A change brings a record along, as it does in the service. */
static void keep_rows(const char *folder) {
    const clti_store_options options = scene_store_options(folder);
    clti_audit_record records[CLTI_COUNT(ROWS)];
    clti_change changes[CLTI_COUNT(ROWS)];
    clti_outcome outcomes[CLTI_COUNT(ROWS)];
    clti_store *store;
    clti_fault fault;
    for (size_t i = 0; i < CLTI_COUNT(ROWS); i++) {
        records[i] = (clti_audit_record){.partner = scene_guid(FABRIKAM),
                                         .date = today + ROWS[i].day * CLTI_TICKS_PER_DAY + ROWS[i].ticks,
                                         .operation = (uint8_t)ROWS[i].operation,
                                         .customer = scene_guid(ROWS[i].customer),
                                         .customer_name = clti_str(ROWS[i].name),
                                         .application = scene_guid(ROWS[i].application),
                                         .user = clti_str(ROWS[i].user)};
        changes[i] = (clti_change){.kind = CLTI_CHANGE_LINK_PUT,
                                   .of.link = {scene_guid(FABRIKAM), scene_guid(RESELLER)},
                                   .audit = &records[i]};
    }
    assert_true(clti_store_open(&options, &store, &fault));
    assert_true(clti_store_apply(store, changes, CLTI_COUNT(ROWS), outcomes, &fault));
    clti_store_close(store);
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_new_store();
    scene_add_partner(folder, FABRIKAM, "fabrikam.example", FABRIKAM_APP);
    scene_add_partner(folder, RESELLER, "reseller.example", RESELLER_APP);
    today = clti_now_ticks() / CLTI_TICKS_PER_DAY * CLTI_TICKS_PER_DAY;
    keep_rows(folder);
    scene_open(&kept, folder, NULL);
    return 0;
}

static int teardown(void **state) {
    scene_close(&kept);
    return scene_group_teardown(state);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

/* Day counted from today, as `2020-09-02`. */
static clti_time_text day(int from_today) {
    clti_time_text text = clti_ticks_to_text(today + from_today * CLTI_TICKS_PER_DAY);
    text.text[sizeof("2020-09-02") - 1] = '\0';
    return text;
}

/* The customers' names of a page, in its order. */
static void expect_names(const clti_test_response *page, const char *want, const char *what) {
    char names[512] = "";
    const json_t *items = clti_test_at(page->json, "items"), *item;
    size_t i;
    if (page->status != 200 || !items)
        fail_msg("%s: %ld %s", what, page->status, page->body);
    json_array_foreach(items, i, item) {
        size_t end = strlen(names);
        snprintf(names + end, sizeof(names) - end, "%s%s", end ? " " : "",
                 clti_test_text_at(item, "customerName"));
    }
    if (strcmp(names, want) != 0)
        fail_msg("%s: [%s], want [%s]", what, names, want);
    assert_int_equal(json_integer_value(clti_test_at(page->json, "totalCount")), json_array_size(items));
    assert_string_equal(clti_test_text_at(page->json, "attributes.objectType"), "Collection");
}

/* ---- dates --------------------------------------------------------------------------------------------- */

static void test_a_range_of_dates_ends_where_it_says(void **state) {
    (void)state;
    static const struct {
        int start, end; /* from RANGE_DAY */
        const char *start_time, *end_time, *want;
    } rows[] = {
        {0, 0, "", "", "last noon first"},
        {-1, 0, "", "", "last noon first before"},
        {0, 1, "", "", "after last noon first"},
        {0, 1, "", "T00:00:00Z", "after last noon first"},
        {0, 0, "", "T23:59:59.9999999Z", "last noon first"},
        {0, 0, "", "T11:59:59.9999999", "first"},
        {0, 0, "T12:00:00Z", "T12:00:00Z", "noon"},
        {0, 0, "T12:00:00.0000001Z", "", "last"},
        {0, 0, "T14:00:00%2B02:00", "T14:00:00+02:00", "noon"},
        {0, 0, "T14:00:00+02:00", "T10:00:00-02:00", "noon"},
        {0, 0, "%2000:00:00", "+12:00:00", "noon first"},
        {-2, -2, "", "", ""},
        {-2, -1, "", "", "before"},
        {1, 31, "", "", "after"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char target[256];
        snprintf(target, sizeof(target), AUDIT "?startDate=%s%s&endDate=%s%s",
                 day(RANGE_DAY + rows[i].start).text, rows[i].start_time, day(RANGE_DAY + rows[i].end).text,
                 rows[i].end_time);
        expect_names(clti_test_get(kept.client, target, NULL), rows[i].want, target);
    }
}

/* Month first, as .NET and the documentation have it, and the day of the year that Java sends. */
static void test_dates_are_taken_as_clients_write_them(void **state) {
    (void)state;
    unsigned year, month, of_month;
    clti_date new_year;
    char forms[5][64];
    assert_int_equal(sscanf(day(RANGE_DAY).text, "%u-%u-%u", &year, &month, &of_month), 3);
    snprintf(forms[0], sizeof(forms[0]), "%04u-01-01", year);
    assert_true(clti_date_parse(clti_str(forms[0]), &new_year));
    int64_t of_year = today / CLTI_TICKS_PER_DAY + RANGE_DAY - new_year.ticks / CLTI_TICKS_PER_DAY + 1;
    snprintf(forms[0], sizeof(forms[0]), "%02u/%02u/%u%%2000:00:00", month, of_month, year);
    snprintf(forms[1], sizeof(forms[1]), "%02u/%02u/%u+00:00:00", month, of_month, year);
    snprintf(forms[2], sizeof(forms[2]), "%u/%u/%u%%2012:00:00%%20AM", month, of_month, year);
    snprintf(forms[3], sizeof(forms[3]), "%u/%u/%u", month, of_month, year);
    snprintf(forms[4], sizeof(forms[4]), "%04u-%02u-%02lld", year, month, (long long)of_year);
    for (size_t i = 0; i < CLTI_COUNT(forms); i++) {
        char target[768];
        snprintf(target, sizeof(target), AUDIT "?startDate=%s&endDate=%s", forms[i], forms[i]);
        expect_names(clti_test_get(kept.client, target, NULL), "last noon first", target);
    }
}

static void test_without_dates_the_last_thirty_days_are_meant(void **state) {
    (void)state;
    static const char all[] =
        "after last noon first before Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso";
    char target[128], want[160];
    const clti_test_response *page = clti_test_get(kept.client, AUDIT, NULL);
    expect_names(page, all, AUDIT);
    snprintf(want, sizeof(want), "/auditrecords?startDate=%s&endDate=%s&size=500", day(-30).text,
             day(0).text);
    assert_string_equal(clti_test_text_at(page->json, "links.self.uri"), want);
    snprintf(target, sizeof(target), AUDIT "?endDate=%s", day(RANGE_DAY - 1).text);
    expect_names(clti_test_get(kept.client, target, NULL),
                 "before Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso", target);
    snprintf(target, sizeof(target), AUDIT "?startDate=%s", day(RANGE_DAY).text);
    expect_names(clti_test_get(kept.client, target, NULL), "after last noon first", target);
    /* To thirty days behind it, not to today. */
    snprintf(target, sizeof(target), AUDIT "?startDate=%s&size=", day(OLD_DAY).text);
    page = clti_test_get(kept.client, target, NULL);
    expect_names(page, "old", target);
    snprintf(want, sizeof(want), "/auditrecords?startDate=%s&endDate=%s&size=500", day(OLD_DAY).text,
             day(OLD_DAY + 30).text);
    assert_string_equal(clti_test_text_at(page->json, "links.self.uri"), want);
    snprintf(target, sizeof(target), AUDIT "?startDate=%s", day(7).text);
    expect_names(clti_test_get(kept.client, target, NULL), "", "from next week");
}

/* Ninety days, or as long as the setting keeps them. */
static void test_the_past_is_as_long_as_records_are_kept(void **state) {
    (void)state;
    static const struct {
        const char *flag;
        bool reaches;
    } rows[] = {
        {"--audit-keep-days=30", false}, {"--audit-keep-days=365", true}, {"--audit-keep-days=0", true}};
    char target[128];
    snprintf(target, sizeof(target), AUDIT "?startDate=%s", day(-200).text);
    scene_expect_fault(clti_test_get(kept.client, target, NULL), 400, 2000, "startDate", "90 days");
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        scene_restart(&kept, CLTI_TEST_WORDS(rows[i].flag));
        const clti_test_response *page = clti_test_get(kept.client, target, NULL);
        if (rows[i].reaches)
            expect_names(page, "older", rows[i].flag);
        else
            scene_expect_fault(page, 400, 2000, "startDate", rows[i].flag);
    }
    scene_restart(&kept, NULL);
}

/* ---- filters ------------------------------------------------------------------------------------------- */

static void test_a_filter_takes_one_field(void **state) {
    (void)state;
    static const struct {
        const char *filter; /* as .NET's URI class would send it: braces and quotes alone are escaped */
        const char *want;
    } rows[] = {
        {"{'Field':'CompanyName','Value':'contoso','Operator':'substring'}",
         "Contoso MyCONTOSO\xC3\x89 Contoso"},
        {"{'Field':'CompanyName','Value':'contoso%C3%A9','Operator':'substring'}", "MyCONTOSO\xC3\x89"},
        {"{'field':'companyname','value':'TIP','operator':6,'fieldType':'String'}", "Wingtip Wingtip"},
        {"{'Field':'CompanyName','Value':'','Operator':'Substring'}",
         "Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso"},
        {"{'Field':'CompanyName','Value':'nobody','Operator':'substring'}", ""},
        {"{'Field':'CustomerId','Value':'" SECOND "','Operator':'equals'}", "MyCONTOSO\xC3\x89"},
        {"{'Field':'CustomerId','Value':'{" SECOND "}','Operator':0}", "MyCONTOSO\xC3\x89"},
        {"{'Field':'CustomerId','Value':'11111111-0000-4000-8000-000000000009','Operator':'equals'}", ""},
        {"{'Field':'ResourceType','Value':'Customer','Operator':'equals'}",
         "Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso"},
        {"{'Field':'ResourceType','Value':'1','Operator':'equals'}",
         "Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso"},
        {"{'Field':'ResourceType','Value':'PartnerRelationship','Operator':'equals'}", ""},
        {"{'Field':'ResourceType','Value':'credit_limit','Operator':'equals'}", ""},
        {"{'Field':'Actor','Value':'ADMIN@fabrikam.example','Operator':'equals'}", "Contoso Contoso"},
        {"{'Field':'Actor','Value':'" BATCH_APP "','Operator':'equals'}", "Contoso MyCONTOSO\xC3\x89"},
        {"{'Field':'Actor','Value':'admin','Operator':'equals'}", ""},
        {"{'Field':'Actor','Value':'','Operator':'equals'}", ""},
        {"{'Field':'OperationType','Value':'DeleteCustomer','Operator':'equals'}", "Wingtip"},
        {"{'Field':'OperationType','Value':'update_customer_billing_profile','Operator':'equals'}",
         "Contoso MyCONTOSO\xC3\x89"},
        {"", "Contoso Wingtip Wingtip MyCONTOSO\xC3\x89 Contoso"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char target[512] = "";
        clti_time_text date = day(FILTER_DAY);
        size_t end = (size_t)snprintf(target, sizeof(target),
                                      AUDIT "?startDate=%s&endDate=%s&filter=", date.text, date.text);
        for (const char *at = rows[i].filter; *at; at++)
            end += (size_t)snprintf(target + end, sizeof(target) - end,
                                    *at == '\''  ? "%%22"
                                    : *at == '{' ? "%%7B"
                                    : *at == '}' ? "%%7D"
                                                 : "%c",
                                    *at);
        expect_names(clti_test_get(kept.client, target, NULL), rows[i].want, rows[i].filter);
    }
}

/* ---- paging -------------------------------------------------------------------------------------------- */

#define PAGED AUDIT "?startDate=%s&endDate=%s&size=2"

/* Ask for the page that a link of this one leads to, as the original's enumerators do. */
static const clti_test_response *follow(const clti_test_response *page, const char *link) {
    char path[64], target[512], header[2200];
    const char *uri, *token;
    snprintf(path, sizeof(path), "links.%s.uri", link);
    uri = clti_test_text_at(page->json, path);
    snprintf(path, sizeof(path), "links.%s.headers.0.value", link);
    token = clti_test_text_at(page->json, path);
    assert_true(uri && token && strncmp(uri, "/auditrecords?", 14) == 0);
    snprintf(target, sizeof(target), "/v1%s", uri);
    snprintf(header, sizeof(header), "MS-ContinuationToken: %s", token);
    return clti_test_get(kept.client, target, CLTI_TEST_WORDS(header));
}

static void expect_links(const clti_test_response *page, bool previous, bool next) {
    const char *token = clti_test_text_at(page->json, "continuationToken");
    assert_int_equal(clti_test_at(page->json, "links.previous") != NULL, previous);
    assert_int_equal(clti_test_at(page->json, "links.next") != NULL, next);
    assert_int_equal(token != NULL, next);
    char *header = clti_test_header(page, "MS-ContinuationToken", 0);
    if (next) {
        assert_string_equal(header, token);
        assert_string_equal(clti_test_text_at(page->json, "links.next.headers.0.value"), token);
    } else
        assert_null(header);
    free(header);
}

static void test_pages_lead_to_each_other(void **state) {
    (void)state;
    char target[256];
    snprintf(target, sizeof(target), PAGED, day(RANGE_DAY - 1).text, day(RANGE_DAY + 1).text);
    const clti_test_response *page = clti_test_get(kept.client, target, NULL);
    expect_names(page, "after last", "first page");
    expect_links(page, false, true);
    page = follow(page, "next");
    expect_names(page, "noon first", "second page");
    expect_links(page, true, true);
    page = follow(page, "next");
    expect_names(page, "before", "third page");
    expect_links(page, true, false);
    page = follow(page, "previous");
    expect_names(page, "noon first", "back to the second");
    expect_links(page, true, true);
    page = follow(page, "previous");
    expect_names(page, "after last", "back to the first");
    expect_links(page, false, true);
}

static void test_a_token_says_all_and_may_stand_in_the_query(void **state) {
    (void)state;
    char target[256], with[2400], header[2200];
    snprintf(target, sizeof(target), PAGED, day(RANGE_DAY - 1).text, day(RANGE_DAY + 1).text);
    const clti_test_response *page = clti_test_get(kept.client, target, NULL);
    char *token = strdup(clti_test_text_at(page->json, "continuationToken"));
    snprintf(header, sizeof(header), "MS-ContinuationToken: %s", token);
    static const char *const queries[] = {"", "?seekOperation=Next",
                                          "?seekOperation=0&size=1&filter=x&startDate=x"};
    for (size_t i = 0; i < CLTI_COUNT(queries); i++) {
        snprintf(target, sizeof(target), "/auditactivity" AUDIT "%s", queries[i]);
        expect_names(clti_test_get(kept.client, target, CLTI_TEST_WORDS(header)), "noon first", target);
    }
    snprintf(with, sizeof(with), AUDIT "?seekOperation=Next&MS-ContinuationToken=%s", token);
    expect_names(clti_test_get(kept.client, with, CLTI_TEST_WORDS("MS-ContinuationToken;")), "noon first",
                 with);
    page = clti_test_get(kept.client, AUDIT "?seekOperation=first", CLTI_TEST_WORDS(header));
    expect_names(page, "after last", "first");
    expect_links(page, false, true);
    page = clti_test_get(kept.client, AUDIT "?seekOperation=Last", CLTI_TEST_WORDS(header));
    expect_names(page, "first before", "last");
    expect_links(page, true, false);
    snprintf(target, sizeof(target), PAGED "&seekOperation=last", day(RANGE_DAY).text, day(RANGE_DAY).text);
    expect_names(clti_test_get(kept.client, target, NULL), "noon first", "last without token");
    free(token);
}

static void test_a_filter_goes_on_through_the_pages(void **state) {
    (void)state;
    const clti_test_response *page =
        clti_test_get(kept.client,
                      AUDIT "?size=1&filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22tip%22,%"
                            "22Operator%22:%22substring%22%7D",
                      NULL);
    expect_names(page, "Wingtip", "first page");
    assert_string_equal(clti_test_text_at(page->json, "items.0.operationType"),
                        "remove_partner_customer_relationship");
    page = follow(page, "next");
    expect_names(page, "Wingtip", "second page");
    assert_string_equal(clti_test_text_at(page->json, "items.0.operationType"), "delete_customer");
    expect_links(page, true, false);
}

/* ---- wrong input --------------------------------------------------------------------------------------- */

static void test_wrong_input_is_refused_by_name(void **state) {
    (void)state;
    static const char no_filter[] = "{'Value':'x','Operator':'equals'}";
    static const struct {
        const char *query, *filter, *member;
    } rows[] = {
        {"startDate=yesterday", NULL, "startDate"},
        {"startDate=2020-02-30", NULL, "startDate"},
        {"startDate=2017-06-01", NULL, "startDate"},
        {"startDate=%4", NULL, "startDate"},
        {"startDate=2099-01-01&startDate=2099-01-01", NULL, "startDate"},
        {"endDate=31/12/2099", NULL, "endDate"},
        {"endDate=2099-12-31", NULL, "endDate"},
        {"endDate=2000-12-31", NULL, "endDate"},
        {"startDate=2099-01-02&endDate=2099-01-01", NULL, "endDate"},
        {"startDate=2099-01-01T12:00:00Z&endDate=2099-01-01T11:59:59Z", NULL, "endDate"},
        {"startDate=2099-01-01&endDate=2099-02-01", NULL, "endDate"},
        {"size=-1", NULL, "size"},
        {"size=many", NULL, "size"},
        {"seekOperation=Next", NULL, "seekOperation"},
        {"seekOperation=Last", NULL, "seekOperation"},
        {"seekOperation=PageIndex", NULL, "seekOperation"},
        {"MS-ContinuationToken=AQAAAA", NULL, "MS-ContinuationToken"},
        {"", "[]", "filter"},
        {"", "{", "filter"},
        {"", no_filter, "filter"},
        {"", "{'Field':'CompanyName','Value':'x'}", "filter"},
        {"", "{'Field':'CompanyName','Value':7,'Operator':'substring'}", "filter"},
        {"", "{'Field':'CompanyName','Operator':'substring'}", "filter"},
        {"", "{'Field':'Domain','Value':'x','Operator':'equals'}", "Field"},
        {"", "{'Field':'CompanyName','Value':'x','Operator':'starts_with'}", "Operator"},
        {"", "{'Field':'CompanyName','Value':'x','Operator':'equals'}", "Operator"},
        {"", "{'Field':'CustomerId','Value':'" FIRST "','Operator':'substring'}", "Operator"},
        {"", "{'Field':'CustomerId','Value':'x','Operator':'equals'}", "Value"},
        {"", "{'Field':'ResourceType','Value':'planet','Operator':'equals'}", "Value"},
        {"", "{'Field':'ResourceType','Value':'33','Operator':'equals'}", "Value"},
        {"", "{'Field':'OperationType','Value':'x','Operator':'equals'}", "Value"},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        char target[512], *at;
        snprintf(target, sizeof(target), AUDIT "?%s%s%s", rows[i].query, rows[i].filter ? "filter=" : "",
                 rows[i].filter ? rows[i].filter : "");
        while ((at = strchr(target, '\'')))
            *at = '"';
        scene_expect_fault(clti_test_get(kept.client, target, NULL), 400, 2000, rows[i].member, target);
    }
    scene_expect_fault(
        clti_test_send(kept.client, &(clti_test_request){.target = AUDIT, .method = "POST", .body = "{}"}),
        405, 900141, NULL, "POST");
    scene_expect_fault(
        clti_test_send(kept.client, &(clti_test_request){.target = AUDIT, .authorization = ""}), 401, 800001,
        NULL, "no token");
}

/* ---- one record ------------------------------------------------------------------------------------------
 */

static void test_a_record_is_found_by_its_id(void **state) {
    (void)state;
    char target[512], id[256];
    const clti_test_response *page = clti_test_get(kept.client, AUDIT "?size=1", NULL);
    char *listed = json_dumps(clti_test_at(page->json, "items.0"), JSON_COMPACT);
    snprintf(id, sizeof(id), "%s", clti_test_text_at(page->json, "items.0.id"));
    static const char *const roots[] = {AUDIT, "/auditactivity" AUDIT, "/AuditActivity/v1/AuditRecords"};
    for (size_t i = 0; i < CLTI_COUNT(roots); i++) {
        snprintf(target, sizeof(target), "%s/%s", roots[i], id);
        const clti_test_response *record = clti_test_get(kept.client, target, NULL);
        if (record->status != 200 || strcmp(record->body, listed) != 0)
            fail_msg("%s: %ld %s, listed: %s", target, record->status, record->body, listed);
    }
    static const char *const wrong[] = {"x", "_", "_1", "637346648528069005", "__%C3%A9_9223372036854775807"};
    for (size_t i = 0; i < CLTI_COUNT(wrong); i++) {
        snprintf(target, sizeof(target), AUDIT "/%s", wrong[i]);
        scene_expect_fault(clti_test_get(kept.client, target, NULL), 404, 1000, NULL, target);
    }
    /* Its date alone does not make an id. */
    id[0] = id[0] == '0' ? '1' : '0';
    snprintf(target, sizeof(target), AUDIT "/%s", id);
    scene_expect_fault(clti_test_get(kept.client, target, NULL), 404, 1000, NULL, target);
    free(listed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_range_of_dates_ends_where_it_says),
        cmocka_unit_test(test_dates_are_taken_as_clients_write_them),
        cmocka_unit_test(test_without_dates_the_last_thirty_days_are_meant),
        cmocka_unit_test(test_a_filter_takes_one_field),
        cmocka_unit_test(test_pages_lead_to_each_other),
        cmocka_unit_test(test_a_token_says_all_and_may_stand_in_the_query),
        cmocka_unit_test(test_a_filter_goes_on_through_the_pages),
        cmocka_unit_test(test_wrong_input_is_refused_by_name),
        cmocka_unit_test(test_a_record_is_found_by_its_id),
        cmocka_unit_test(test_the_past_is_as_long_as_records_are_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
