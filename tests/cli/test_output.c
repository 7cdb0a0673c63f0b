/* Customers in every format, also such as no honest service sends. */
#include "cli/output_private.h"
#include "cli/shown_private.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GONE "\xEF\xBF\xBD"

/* ---- scenes -------------------------------------------------------------------------------------------- */

#define TEXT(literal)                                                                                        \
    { (literal), sizeof(literal) - 1 }

static const clt_company_profile profiles[] = {
    {.tenant_id = TEXT("11111111-0000-4000-8000-000000000001"),
     .domain = TEXT("contoso.example"),
     .company_name = TEXT("Contoso, \"Ltd\"")},
    {.domain = TEXT("ink.example"), .company_name = TEXT("\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE")},
    {.domain = TEXT("evil.example"), .company_name = TEXT("\033[2J=1+1\tx\r\n\xC2\x9B\\")},
};

static const clt_customer customers[] = {
    {.id = TEXT("11111111-0000-4000-8000-000000000001"),
     .company_profile = &profiles[0],
     .relationship_to_partner = TEXT("reseller"),
     .allow_delegated_access = CLT_ABSENT},
    {.id = TEXT("11111111-0000-4000-8000-000000000002"),
     .company_profile = &profiles[1],
     .relationship_to_partner = TEXT("reseller"),
     .allow_delegated_access = CLT_ABSENT},
    {.id = TEXT("11111111-0000-4000-8000-000000000003"),
     .company_profile = &profiles[2],
     .allow_delegated_access = CLT_ABSENT},
};

static const clti_invocation invocation = {.command = &(const clti_command){.name = "test"}};

typedef struct output_scene {
    FILE *file;
    clti_column_choice columns;
    clti_output output;
    char text[8192];
} output_scene;

static void scene_begin(output_scene *scene, clti_format_kind format, const char *columns, bool listed) {
    scene->file = tmpfile();
    assert_non_null(scene->file);
    assert_true(clti_column_choose(&invocation, &CLTI_KIND_CUSTOMER, columns, listed, &scene->columns));
    clti_output_init(&scene->output, format, &scene->columns, fileno(scene->file));
}

static const char *scene_text(output_scene *scene) {
    ssize_t size = pread(fileno(scene->file), scene->text, sizeof(scene->text) - 1, 0);
    assert_true(size >= 0);
    scene->text[size] = '\0';
    assert_int_equal(size, scene->output.size);
    return scene->text;
}

static void scene_end(output_scene *scene) {
    clti_output_done(&scene->output);
    clti_column_choice_done(&scene->columns);
    fclose(scene->file);
}

/* All customers as one page. */
static void list_all(output_scene *scene, clti_format_kind format, const char *columns) {
    scene_begin(scene, format, columns, true);
    clti_output_begin(&scene->output);
    for (size_t i = 0; i < CLTI_COUNT(customers); i++)
        clti_output_add(&scene->output, &customers[i]);
    assert_true(clti_output_end(&scene->output, true));
    assert_int_equal(scene->output.count, CLTI_COUNT(customers));
}

/* ---- lists --------------------------------------------------------------------------------------------- */

static void test_csv_quotes_where_it_must_and_leaves_the_rest(void **state) {
    output_scene scene;
    (void)state;
    list_all(&scene, CLTI_FORMAT_CSV, "domain,companyName");
    assert_string_equal(scene_text(&scene), "domain,companyName\r\n"
                                            "contoso.example,\"Contoso, \"\"Ltd\"\"\"\r\n"
                                            "ink.example,\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE\r\n"
                                            "evil.example,\"\033[2J=1+1\tx\r\n\xC2\x9B\\\"\r\n");
    scene_end(&scene);
}

static void test_csv_cells(void **state) {
    static const struct {
        clt_str cell;
        const char *want;
    } rows[] = {
        {TEXT(""), ""},
        {{NULL, 0}, ""},
        {TEXT("plain"), "plain"},
        {TEXT("=1+1"), "=1+1"},
        {TEXT("a,b"), "\"a,b\""},
        {TEXT("\""), "\"\"\"\""},
        {TEXT("a\nb"), "\"a\nb\""},
        {TEXT("a\rb"), "\"a\rb\""},
        {TEXT("\"a\""), "\"\"\"a\"\"\""},
        {TEXT("-5 @x"), "-5 @x"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_bytes out = {0};
        clti_csv_add_cell(&out, rows[i].cell);
        assert_string_equal(clti_bytes_view(&out).data, rows[i].want);
        clti_bytes_done(&out);
    }
}

static void test_tsv_has_no_tab_or_line_end_in_a_cell(void **state) {
    output_scene scene;
    (void)state;
    list_all(&scene, CLTI_FORMAT_TSV, "domain,companyName");
    assert_string_equal(scene_text(&scene), "domain\tcompanyName\n"
                                            "contoso.example\tContoso, \"Ltd\"\n"
                                            "ink.example\t\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE\n"
                                            "evil.example\t\033[2J=1+1\\tx\\r\\n\xC2\x9B\\\\\n");
    scene_end(&scene);
}

static void test_on_a_terminal_csv_is_harmless(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_CSV, "companyName", true);
    scene.output.is_terminal = true;
    clti_output_add(&scene.output, &customers[2]);
    assert_true(clti_output_end(&scene.output, true));
    assert_string_equal(scene_text(&scene), GONE "[2J=1+1" GONE "x" GONE GONE GONE "\\\r\n");
    scene_end(&scene);
}

static void test_ndjson_has_the_shape_of_the_service(void **state) {
    output_scene scene;
    (void)state;
    list_all(&scene, CLTI_FORMAT_NDJSON, NULL);
    assert_string_equal(
        scene_text(&scene),
        "{\"id\":\"11111111-0000-4000-8000-000000000001\",\"companyProfile\":{\"tenantId\":"
        "\"11111111-0000-4000-8000-000000000001\",\"domain\":\"contoso.example\",\"companyName\":\"Contoso, "
        "\\\"Ltd\\\"\"},\"relationshipToPartner\":\"reseller\"}\n"
        "{\"id\":\"11111111-0000-4000-8000-000000000002\",\"companyProfile\":{\"domain\":\"ink.example\","
        "\"companyName\":\"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE\"},\"relationshipToPartner\":"
        "\"reseller\"}\n"
        "{\"id\":\"11111111-0000-4000-8000-000000000003\",\"companyProfile\":{\"domain\":\"evil.example\","
        "\"companyName\":\"\\u001b[2J=1+1\\tx\\r\\n\\u009b\\\\\"}}\n");
    scene_end(&scene);
}

static void test_json_is_one_array_also_over_pages(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_JSON, "domain", true);
    clti_output_begin(&scene.output);
    for (size_t i = 0; i < CLTI_COUNT(customers); i++) {
        clti_output_add(&scene.output, &customers[i]);
        assert_true(clti_output_page(&scene.output));
    }
    assert_true(clti_output_end(&scene.output, true));
    assert_string_equal(scene_text(&scene),
                        "[\n{\"domain\":\"contoso.example\"},\n{\"domain\":\"ink.example\"},\n"
                        "{\"domain\":\"evil.example\"}\n]\n");
    scene_end(&scene);
    scene_begin(&scene, CLTI_FORMAT_JSON, NULL, true);
    clti_output_begin(&scene.output);
    assert_true(clti_output_end(&scene.output, true));
    assert_string_equal(scene_text(&scene), "[]\n");
    scene_end(&scene);
}

static void test_json_of_which_a_part_is_missing_is_none(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_JSON, "domain", true);
    clti_output_begin(&scene.output);
    clti_output_add(&scene.output, &customers[0]);
    assert_true(clti_output_end(&scene.output, false));
    assert_string_equal(scene_text(&scene), "[\n{\"domain\":\"contoso.example\"}\n");
    scene_end(&scene);
}

static void test_json_strings(void **state) {
    static const struct {
        clt_str text;
        const char *want;
    } rows[] = {
        {TEXT(""), "\"\""},
        {TEXT("a\"b\\c/d"), "\"a\\\"b\\\\c/d\""},
        {TEXT("\b\f\n\r\t\001\037"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\""},
        {TEXT("a\0b"), "\"a\\u0000b\""},
        {TEXT("\x7F\xC2\x85\xE2\x80\xAE\xE2\x80\xA8"), "\"\\u007f\\u0085\\u202e\\u2028\""},
        {TEXT("\xE2\x82\xAC\xE2\x80\x99\xF0\x9F\x9A\x80"), "\"\xE2\x82\xAC\xE2\x80\x99\xF0\x9F\x9A\x80\""},
        {TEXT("\xFF"
              "a\xE2\x82"),
         "\"" GONE "a" GONE GONE "\""},
        {TEXT(GONE), "\"" GONE "\""},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_bytes out = {0};
        clti_json_add(&out, rows[i].text);
        assert_string_equal(out.data, rows[i].want);
        clti_bytes_done(&out);
    }
}

/* ---- tables -------------------------------------------------------------------------------------------- */

static void test_json_that_is_written_already_stays_the_same_values(void **state) {
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"{\n  \"a\": \"plain \\n \xC3\xA4\"\n}", "{\n  \"a\": \"plain \\n \xC3\xA4\"\n}"},
        {"\"\xE2\x80\x8E\xE2\x80\xAE\"", "\"\\u200e\\u202e\""},
        {"\"\x7F\xC2\x9B\xEF\xBF\xBD\"", "\"\\u007f\\u009b\xEF\xBF\xBD\""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_bytes out = {0};
        clti_json_add_harmless(&out, clti_view(rows[i].text));
        clti_bytes_add_text(&out, "");
        assert_string_equal(out.data, rows[i].want);
        clti_bytes_done(&out);
    }
}

static void test_table_aligns_wide_characters_and_is_harmless(void **state) {
    output_scene scene;
    (void)state;
    list_all(&scene, CLTI_FORMAT_TABLE, "companyName,domain");
    assert_string_equal(scene_text(&scene),
                        "NAME            DOMAIN\n"
                        "Contoso, \"Ltd\"  contoso.example\n"
                        "\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE"
                        "        ink.example\n" GONE "[2J=1+1" GONE "x" GONE GONE GONE "\\  evil.example\n");
    scene_end(&scene);
}

static void test_table_fits_any_terminal(void **state) {
    (void)state;
    for (size_t width = 10; width < 120; width++) {
        output_scene scene;
        size_t lines = 0;
        scene_begin(&scene, CLTI_FORMAT_TABLE, NULL, true);
        scene.output.width = width;
        for (size_t i = 0; i < CLTI_COUNT(customers); i++)
            clti_output_add(&scene.output, &customers[i]);
        assert_true(clti_output_end(&scene.output, true));
        clt_str rest = clti_view(scene_text(&scene));
        for (clt_str line; rest.size > 0; lines++) {
            line = clti_view_cut(rest, '\n', &rest);
            assert_true(clti_shown_width(line) <= width);
        }
        assert_int_equal(lines, 1 + CLTI_COUNT(customers));
        /* An id in part is of no use: the others give way first. */
        if (width >= 36 + 3 * 2 + 3 * 4)
            assert_non_null(strstr(scene.text, "11111111-0000-4000-8000-000000000001"));
        scene_end(&scene);
    }
}

static void test_table_keeps_its_columns_over_pages(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_TABLE, "domain,relationshipToPartner", true);
    clti_output_add(&scene.output, &customers[1]);
    assert_true(clti_output_page(&scene.output));
    scene.output.width = 80; /* as if a terminal: a wider cell is cut */
    clti_output_add(&scene.output, &customers[0]);
    assert_true(clti_output_page(&scene.output));
    scene.output.width = 0; /* and otherwise not */
    clti_output_add(&scene.output, &customers[0]);
    assert_true(clti_output_end(&scene.output, true));
    assert_string_equal(scene_text(&scene), "DOMAIN       RELATION\n"
                                            "ink.example  reseller\n"
                                            "contoso.ex\xE2\x80\xA6  reseller\n"
                                            "contoso.example  reseller\n");
    scene_end(&scene);
}

static void test_table_header_is_bold_where_colours_are(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_TABLE, "domain", true);
    scene.output.has_colours = true;
    clti_output_add(&scene.output, &customers[1]);
    assert_true(clti_output_end(&scene.output, true));
    assert_string_equal(scene_text(&scene), "\033[1mDOMAIN\033[0m\nink.example\n");
    scene_end(&scene);
}

/* ---- one customer -------------------------------------------------------------------------------------- */

static const clt_address address = {.country = TEXT("DE"), .city = TEXT("Ulm")};
static const clt_billing_profile billing = {
    .email = TEXT("ada@contoso.example"), .default_address = &address, .etag = TEXT("-42")};
static const clt_str domains[] = {TEXT("a.example"), TEXT("b.example")};
static const clt_customer full = {.id = TEXT("11111111-0000-4000-8000-000000000001"),
                                  .company_profile = &profiles[0],
                                  .billing_profile = &billing,
                                  .allow_delegated_access = CLT_TRUE,
                                  .custom_domains = domains,
                                  .custom_domain_count = 2};

static void test_single_table_has_a_line_for_each_member(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_TABLE, NULL, false);
    assert_true(clti_output_single(&scene.output, &full));
    const char *text = scene_text(&scene);
    assert_non_null(strstr(text, "companyName              Contoso, \"Ltd\"\n"));
    assert_non_null(strstr(text, "allowDelegatedAccess     true\n"));
    assert_non_null(strstr(text, "customDomains            a.example b.example\n"));
    assert_non_null(strstr(text, "billingProfile.email     ada@contoso.example\n"));
    assert_non_null(strstr(text, "city                     Ulm\n"));
    assert_null(strstr(text, "postalCode"));
    scene_end(&scene);
}

static void test_single_table_fits_any_terminal_and_loses_nothing(void **state) {
    (void)state;
    for (size_t width = 3; width < 120; width++) {
        output_scene scene;
        char flat[sizeof(scene.text)] = "";
        scene_begin(&scene, CLTI_FORMAT_TABLE, "billingProfile.email,id", false);
        scene.output.width = width;
        assert_true(clti_output_single(&scene.output, &full));
        for (clt_str rest = clti_view(scene_text(&scene)); rest.size > 0;) {
            clt_str line = clti_view_cut(rest, '\n', &rest);
            assert_true(clti_shown_width(line) <= width);
            while (line.size > 0 && *line.data == ' ')
                line = (clt_str){line.data + 1, line.size - 1};
            strncat(flat, line.data, line.size);
        }
        assert_non_null(strstr(flat, "ada@contoso.example"));
        assert_non_null(strstr(flat, "11111111-0000-4000-8000-000000000001"));
        scene_end(&scene);
    }
}

static void test_single_table_goes_on_below_where_a_value_began(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_TABLE, "id", false);
    scene.output.width = 24;
    assert_true(clti_output_single(&scene.output, &full));
    assert_string_equal(scene_text(&scene), "id  11111111-0000-4000-8\n    000-000000000001\n");
    scene_end(&scene);
    scene_begin(&scene, CLTI_FORMAT_TABLE, "companyName", false);
    scene.output.width = 16; /* too narrow for both */
    assert_true(clti_output_single(&scene.output, &full));
    assert_string_equal(scene_text(&scene), "companyName\n  Contoso, \"Ltd\"\n");
    scene_end(&scene);
}

static void test_single_json_is_indented_and_ndjson_is_not(void **state) {
    static const char line[] =
        "{\"id\":\"11111111-0000-4000-8000-000000000001\",\"companyProfile\":{\"tenantId\":\"11111111-0000-"
        "4000-"
        "8000-000000000001\",\"domain\":\"contoso.example\",\"companyName\":\"Contoso, "
        "\\\"Ltd\\\"\"},\"billingProfile\":{\"email\":\"ada@contoso.example\",\"defaultAddress\":{"
        "\"country\":"
        "\"DE\",\"city\":\"Ulm\"},\"attributes\":{\"etag\":\"-42\"}},\"allowDelegatedAccess\":true,"
        "\"customDomains\":[\"a.example\",\"b.example\"]}\n";
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_NDJSON, NULL, false);
    assert_true(clti_output_single(&scene.output, &full));
    assert_string_equal(scene_text(&scene), line);
    scene_end(&scene);
    scene_begin(&scene, CLTI_FORMAT_JSON, "domain,city,customDomains", false);
    assert_true(clti_output_single(&scene.output, &full));
    assert_string_equal(scene_text(&scene), "{\n  \"domain\": \"contoso.example\",\n  \"city\": \"Ulm\",\n"
                                            "  \"customDomains\": \"a.example b.example\"\n}\n");
    scene_end(&scene);
}

static void test_single_csv_has_header_and_row(void **state) {
    output_scene scene;
    (void)state;
    scene_begin(&scene, CLTI_FORMAT_CSV, "id,country,postalCode", false);
    assert_true(clti_output_single(&scene.output, &full));
    assert_string_equal(scene_text(&scene),
                        "id,country,postalCode\r\n11111111-0000-4000-8000-000000000001,DE,\r\n");
    scene_end(&scene);
}

/* ---- columns and writing ------------------------------------------------------------------------------- */

static void test_columns_that_are_none_are_refused(void **state) {
    static const struct {
        const char *names;
        bool listed, want;
    } rows[] = {
        {"id", true, true},       {"ID,Domain", true, true},    {"country", true, false},
        {"country", false, true}, {"id,,domain", false, false}, {"", false, false},
        {"nmae", true, false},    {"id, domain", true, false},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_column_choice choice;
        assert_int_equal(
            clti_column_choose(&invocation, &CLTI_KIND_CUSTOMER, rows[i].names, rows[i].listed, &choice),
            rows[i].want);
        clti_column_choice_done(&choice);
    }
}

static void test_a_failed_write_stays_failed(void **state) {
    clti_column_choice columns;
    clti_output output;
    int full_disk = open("/dev/full", O_WRONLY);
    (void)state;
    assert_true(full_disk >= 0);
    assert_true(clti_column_choose(&invocation, &CLTI_KIND_CUSTOMER, "id", true, &columns));
    clti_output_init(&output, CLTI_FORMAT_NDJSON, &columns, full_disk);
    clti_output_add(&output, &customers[0]);
    assert_false(clti_output_page(&output));
    assert_int_equal(output.error, ENOSPC);
    clti_output_add(&output, &customers[0]);
    assert_false(clti_output_end(&output, true));
    clti_output_done(&output);
    clti_column_choice_done(&columns);
    close(full_disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_quotes_where_it_must_and_leaves_the_rest),
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_tsv_has_no_tab_or_line_end_in_a_cell),
        cmocka_unit_test(test_on_a_terminal_csv_is_harmless),
        cmocka_unit_test(test_ndjson_has_the_shape_of_the_service),
        cmocka_unit_test(test_json_is_one_array_also_over_pages),
        cmocka_unit_test(test_json_of_which_a_part_is_missing_is_none),
        cmocka_unit_test(test_json_strings),
        cmocka_unit_test(test_json_that_is_written_already_stays_the_same_values),
        cmocka_unit_test(test_table_aligns_wide_characters_and_is_harmless),
        cmocka_unit_test(test_table_fits_any_terminal),
        cmocka_unit_test(test_table_keeps_its_columns_over_pages),
        cmocka_unit_test(test_table_header_is_bold_where_colours_are),
        cmocka_unit_test(test_single_table_has_a_line_for_each_member),
        cmocka_unit_test(test_single_table_fits_any_terminal_and_loses_nothing),
        cmocka_unit_test(test_single_table_goes_on_below_where_a_value_began),
        cmocka_unit_test(test_single_json_is_indented_and_ndjson_is_not),
        cmocka_unit_test(test_single_csv_has_header_and_row),
        cmocka_unit_test(test_columns_that_are_none_are_refused),
        cmocka_unit_test(test_a_failed_write_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
