/* The table of countries: complete, findable, and with lists and expressions that are well formed. */
#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ISO_3166_COUNT 249

/* The search is binary, so a row out of order or there twice would hide another: then the count is wrong. */
static void test_country_find_knows_every_iso_code(void **state) {
    (void)state;
    size_t count = 0;
    for (char first = 'A'; first <= 'Z'; first++) {
        for (char second = 'A'; second <= 'Z'; second++) {
            const char code[2] = {first, second};
            const clti_country *country = clti_country_find((clt_str){code, 2});
            if (!country)
                continue;
            assert_memory_equal(country->iso2, code, 2);
            count++;
        }
    }
    assert_int_equal(count, ISO_3166_COUNT);
}

static void test_country_rows_stand_in_rising_order(void **state) {
    (void)state;
    const clti_country *before = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 1; i < ISO_3166_COUNT; i++)
        assert_true(strcmp(before[i - 1].iso2, before[i].iso2) < 0);
}

/* Calls back for each word of a list: one space between two, none at the ends. */
static void for_each_word(const char *list, void (*look)(clt_str word)) {
    for (clt_str rest = clti_str(list); rest.data;) {
        clt_str word = clti_str_cut(rest, ' ', &rest);
        assert_true(word.size > 0);
        look(word);
    }
}

static void look_at_culture(clt_str culture) {
    assert_in_range(culture.size, 5, 10);
    assert_int_equal(culture.data[culture.size - 3], '-');
    assert_non_null(clti_country_find(clti_str_from(culture, culture.size - 2)));
    assert_int_equal(culture.data[2], '-');
}

static void look_at_calling_code(clt_str code) {
    uint64_t number;
    assert_true(clti_str_to_u64(code, 999, &number) && number > 0);
}

static void look_at_state(clt_str state) {
    assert_int_equal(state.size, 2);
}

static void test_country_lists_are_well_formed(void **state) {
    (void)state;
    const clti_country *rows = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 0; i < ISO_3166_COUNT; i++) {
        for_each_word(rows[i].cultures, look_at_culture);
        for_each_word(rows[i].calling_codes, look_at_calling_code);
        for_each_word(rows[i].states, look_at_state);
        assert_int_equal(clti_country_language(&rows[i]).size, 2);
        assert_true(clti_str_starts_with(clti_country_culture(&rows[i]), clti_country_language(&rows[i])));
        if (rows[i].demands & CLTI_COUNTRY_STATE)
            assert_non_null(rows[i].states);
        if (rows[i].demands & CLTI_COUNTRY_POSTAL_CODE)
            assert_non_null(rows[i].postal);
    }
}

/* An expression that is none would end the process here. */
static void test_country_expressions_compile_and_match_no_empty_text(void **state) {
    (void)state;
    const clti_country *rows = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 0; i < ISO_3166_COUNT; i++) {
        const char *const expressions[] = {rows[i].postal, rows[i].vat_id, clti_country_phone(&rows[i])};
        for (size_t j = 0; j < CLTI_COUNT(expressions); j++) {
            const char *expression = expressions[j];
            if (!expression)
                continue;
            assert_int_equal(expression[0], '^');
            assert_int_equal(expression[strlen(expression) - 1], '$');
            assert_int_equal(clti_pattern_match(expression, CLTI_STR("")), CLTI_PATTERN_DIFFERS);
        }
    }
}

static void test_country_postal_codes(void **state) {
    static const struct {
        const char *iso2, *good, *bad;
    } rows[] = {
        {"US", "98052", "9805"},       {"US", "98052-6399", "98052 6399"},
        {"CA", "K1A 0B1", "K1A 0BB"},  {"CA", "K1A0B1", "12345"},
        {"GB", "SW1A 1AA", "SW1A 1A"}, {"GB", "M1 1AE", "11 1AE"},
        {"DE", "10117", "1011"},       {"NL", "1012 AB", "1012"},
        {"JP", "100-0001", "100-001"}, {"BR", "01310-100", "0131-100"},
        {"IN", "110 001", "1100"},     {"PL", "00-001", "00-01"},
        {"SE", "111 22", "1112"},      {"PT", "1000-205", "100"},
        {"AU", "2000", "20000"},       {"CH", "8001", "80011"},
        {"AR", "C1425DKG", "14"},      {"MX", "06600", "0660"},
        {"CN", "100000", "10000"},     {"KR", "03187", "0318"},
        {"LV", "LV-1010", "LV-10"},    {"KZ", "A05H9K3", "A05"},
        {"VA", "00120", "00121"},      {"PR", "00901", "10901"},
        {"IE", "D02 AF30", "D02"},     {"MT", "VLT 1117", "1117"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const char *expression = clti_country_find(clti_str(rows[i].iso2))->postal;
        if (clti_pattern_match(expression, clti_str(rows[i].good)) != CLTI_PATTERN_MATCHES ||
            clti_pattern_match(expression, clti_str(rows[i].bad)) != CLTI_PATTERN_DIFFERS)
            fail_msg("%s: %s %s", rows[i].iso2, rows[i].good, rows[i].bad);
    }
}

static void test_country_phones_written_in_the_usual_ways_match(void **state) {
    static const char *const written[] = {"+49 30 901820", "030/90182-0", "(030) 9018 20", "112233",
                                          "+49.30.901820"};
    (void)state;
    const char *expression = clti_country_phone(clti_country_find(CLTI_STR("DE")));
    for (size_t i = 0; i < CLTI_COUNT(written); i++)
        assert_int_equal(clti_pattern_match(expression, clti_str(written[i])), CLTI_PATTERN_MATCHES);
    assert_int_equal(clti_pattern_match(expression, CLTI_STR("call me")), CLTI_PATTERN_DIFFERS);
    assert_int_equal(clti_pattern_match(expression, CLTI_STR("123")), CLTI_PATTERN_DIFFERS);
}

static size_t count_words(const char *list) {
    size_t count = 0;
    for (clt_str rest = clti_str(list); rest.data; count++)
        clti_str_cut(rest, ' ', &rest);
    return count;
}

/* api.md 3.10, as recorded. */
static void test_country_us_is_as_recorded(void **state) {
    (void)state;
    const clti_country *us = clti_country_find(CLTI_STR("US"));
    assert_string_equal(us->cultures, "en-US es-US");
    assert_string_equal(us->calling_codes, "1");
    assert_string_equal(us->postal, "^\\d{5}(-\\d{4})?$");
    assert_string_equal(
        clti_country_phone(us),
        "^(1[ \\-\\/\\.]?)?(\\((\\d{3})\\)|(\\d{3}))[ \\-\\/\\.]?(\\d{3})[ \\-\\/\\.]?(\\d{4})$");
    assert_int_equal(us->demands, CLTI_COUNTRY_STATE | CLTI_COUNTRY_CITY | CLTI_COUNTRY_POSTAL_CODE);
    assert_int_equal(count_words(us->states), 51);
    assert_true(us->is_tax_id_wanted);
    assert_null(us->vat_id);
}

static void test_country_states_are_complete(void **state) {
    (void)state;
    assert_int_equal(count_words(clti_country_find(CLTI_STR("CA"))->states), 13);
    assert_int_equal(count_words(clti_country_find(CLTI_STR("CN"))->states), 31);
    assert_int_equal(count_words(clti_country_find(CLTI_STR("MX"))->states), 32);
}

static void test_country_registration_is_wanted_in_eleven_countries(void **state) {
    (void)state;
    const char *const wanted = "AM AZ BY HU KZ KG MD RU TJ UZ UA";
    const clti_country *rows = clti_country_find(CLTI_STR("AD"));
    for (size_t i = 0; i < ISO_3166_COUNT; i++)
        assert_int_equal(clti_country_word(wanted, clti_str(rows[i].iso2)).data != NULL,
                         (rows[i].demands & CLTI_COUNTRY_REGISTRATION) != 0);
}

static void test_country_word_finds_whole_words_in_any_case(void **state) {
    (void)state;
    assert_true(clti_str_equal(clti_country_word("en-US es-US", CLTI_STR("ES-us")), CLTI_STR("es-US")));
    assert_null(clti_country_word("en-US es-US", CLTI_STR("en")).data);
    assert_null(clti_country_word("en-US es-US", CLTI_STR("en-US es-US")).data);
    assert_null(clti_country_word("en-US", CLTI_STR("")).data);
    assert_null(clti_country_word(NULL, CLTI_STR("x")).data);
}

static void test_country_find_ignores_case_and_refuses_the_rest(void **state) {
    static const char *const unknown[] = {"", "D", "DEU", "XX", "ZZ", "UK", "  ", "d ", "49", "$%"};
    (void)state;
    assert_true(clti_str_equal(clti_country_culture(clti_country_find(CLTI_STR("de"))), CLTI_STR("de-DE")));
    assert_string_equal(clti_country_find(CLTI_STR("Us"))->iso2, "US");
    assert_true(clti_str_equal(clti_country_language(clti_country_find(CLTI_STR("rs"))), CLTI_STR("sr")));
    for (size_t i = 0; i < CLTI_COUNT(unknown); i++)
        assert_null(clti_country_find(clti_str(unknown[i])));
    assert_null(clti_country_find(CLTI_STR("\0\0")));
    assert_null(clti_country_find((clt_str){NULL, 0}));
    assert_null(clti_country_find(CLTI_STR("\xC4\xC5")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_country_find_knows_every_iso_code),
        cmocka_unit_test(test_country_rows_stand_in_rising_order),
        cmocka_unit_test(test_country_lists_are_well_formed),
        cmocka_unit_test(test_country_expressions_compile_and_match_no_empty_text),
        cmocka_unit_test(test_country_postal_codes),
        cmocka_unit_test(test_country_phones_written_in_the_usual_ways_match),
        cmocka_unit_test(test_country_us_is_as_recorded),
        cmocka_unit_test(test_country_states_are_complete),
        cmocka_unit_test(test_country_registration_is_wanted_in_eleven_countries),
        cmocka_unit_test(test_country_word_finds_whole_words_in_any_case),
        cmocka_unit_test(test_country_find_ignores_case_and_refuses_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
