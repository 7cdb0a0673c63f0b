/* Text as a terminal shows it: widths, cutting, and that nothing in it acts. */
#include "cli/shown_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GONE "\xEF\xBF\xBD"

static void test_width_counts_columns(void **state) {
    static const struct {
        const char *text;
        size_t want;
    } rows[] = {
        {"", 0},
        {"Contoso", 7},
        {"Caf\xC3\xA9", 4},
        {"Cafe\xCC\x81", 4},                                     /* combining acute */
        {"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE", 8}, /* four wide ones */
        {"\xED\x95\x9C\xEA\xB8\x80", 4},                         /* Hangul */
        {"\xF0\x9F\x9A\x80", 2},                                 /* a rocket */
        {"a\xE2\x80\x8B"
         "b",
         2},         /* zero width space */
        {"a\tb", 3}, /* what acts is shown as one mark */
        {"\xFF\xFE", 2},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        assert_int_equal(clti_shown_width(clti_view(rows[i].text)), rows[i].want);
}

static void test_what_acts_is_replaced(void **state) {
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain", "plain"},
        {"\033[31mred\033[0m", GONE "[31mred" GONE "[0m"},
        {"\033]0;title\007", GONE "]0;title" GONE},
        {"a\r\nb", "a" GONE GONE "b"},
        {"\xC2\x9B"
         "31m",
         GONE "31m"},   /* CSI as one C1 control */
        {"\x7F", GONE}, /* DEL */
        {"\xE2\x80\xAE"
         "evil",
         GONE "evil"},                                /* right-to-left override */
        {"\xE2\x81\xA6x\xE2\x81\xA9", GONE "x" GONE}, /* isolates */
        {"\xE2\x80\xA8", GONE},                       /* line separator */
        {"\xD8\x9C", GONE},                           /* Arabic letter mark */
        {"\xE2\x82\xAC", "\xE2\x82\xAC"},             /* the euro stays */
        {"\xC0\xAF", GONE GONE},                      /* overlong */
        {"\xED\xA0\x80", GONE GONE GONE},             /* a surrogate */
        {"\xF4\x90\x80\x80", GONE GONE GONE GONE},    /* beyond the last */
        {"ab\xE2\x82", "ab" GONE GONE},               /* cut */
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_bytes out = {0};
        clti_shown_add(&out, clti_view(rows[i].text), 0);
        assert_string_equal(clti_bytes_view(&out).data, rows[i].want);
        clti_bytes_done(&out);
    }
}

static void test_add_fills_or_cuts_to_the_width(void **state) {
    static const struct {
        const char *text;
        size_t width;
        const char *want;
    } rows[] = {
        {"Contoso", 10, "Contoso   "},
        {"Contoso", 7, "Contoso"},
        {"Contoso", 4, "Con\xE2\x80\xA6"},
        {"Contoso", 1, "\xE2\x80\xA6"},
        {"", 3, "   "},
        {"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A", 6, "\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A"},
        /* A wide one does not fit into what is left: a blank fills up. */
        {"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A", 4, "\xE6\xA0\xAA\xE2\x80\xA6 "},
        {"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A", 5, "\xE6\xA0\xAA\xE5\xBC\x8F\xE2\x80\xA6"},
        /* A combining mark stays with its letter. */
        {"Cafe\xCC\x81s", 5, "Cafe\xCC\x81s"},
        {"Cafe\xCC\x81s!", 5, "Cafe\xCC\x81\xE2\x80\xA6"},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clti_bytes out = {0};
        clti_shown_add(&out, clti_view(rows[i].text), rows[i].width);
        assert_string_equal(out.data, rows[i].want);
        assert_int_equal(clti_shown_width(clti_bytes_view(&out)), rows[i].width);
        clti_bytes_done(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_width_counts_columns),
        cmocka_unit_test(test_what_acts_is_replaced),
        cmocka_unit_test(test_add_fills_or_cuts_to_the_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
