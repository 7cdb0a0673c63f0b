/* Text as people write it: which names fold to the same, and what is not text at all. */
#include "base/base.h"
#include "support/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#define E_ACUTE "\xC3\xA9"
#define ACUTE   "\xCC\x81"

typedef struct fold_case {
    const char *name;
    const char *text;
    const char *want;
} fold_case;

static const fold_case FOLDS[] = {
    {"fold of nothing", "", ""},
    {"fold of ASCII is lower case", "Contoso @[`{ LTD. 42", "contoso @[`{ ltd. 42"},
    {"fold decomposes", "Caf" E_ACUTE, "cafe" ACUTE},
    {"fold of the decomposed is the same", "Cafe" ACUTE, "cafe" ACUTE},
    {"fold of a capital with accent", "\xC3\x89lan", "e" ACUTE "lan"},
    {"fold of sharp s",
     "Stra\xC3\x9F"
     "e",
     "strasse"},
    {"fold of capital sharp s",
     "STRA\xE1\xBA\x9E"
     "E",
     "strasse"},
    {"fold of capital sigma", "\xCE\xA3", "\xCF\x83"},
    {"fold of final sigma", "\xCF\x82", "\xCF\x83"},
    {"fold of the ligature fi", "\xEF\xAC\x81n", "fin"},
    {"fold of full-width letters", "\xEF\xBC\xA1\xEF\xBD\x82\xEF\xBC\x91", "ab1"},
    {"fold drops the soft hyphen", "Con\xC2\xADtoso", "contoso"},
    {"fold drops zero-width joiners",
     "a\xE2\x80\x8D"
     "b\xE2\x80\x8C"
     "c\xEF\xBB\xBF",
     "abc"},
    {"fold of only ignorable text is empty", "\xC2\xAD\xE2\x80\x8D", ""},
    {"fold of Turkish capital I with dot", "\xC4\xB0", "i\xCC\x87"},
    {"fold keeps dotless i", "\xC4\xB1", "\xC4\xB1"},
    {"fold of a Korean syllable is its jamo", "\xED\x95\x9C", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"},
    {"fold of jamo", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"},
    {"fold of half-width katakana", "\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAB\xE3\x82\x99"},
    {"fold orders marks", "a\xCC\x87\xCC\xA3", "a\xCC\xA3\xCC\x87"},
    {"fold of the Angstrom sign", "\xE2\x84\xAB", "a\xCC\x8A"},
    {"fold of Cyrillic", "\xD0\x90\xD0\x91", "\xD0\xB0\xD0\xB1"},
    {"fold of a superscript", "m\xC2\xB2", "m2"},
    {"fold of the trade mark sign", "A\xE2\x84\xA2", "atm"},
    {"fold of a no-break space",
     "a\xC2\xA0"
     "b",
     "a b"},
    {"fold of letters beyond 16 bits", "\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},
    {"fold keeps an emoji", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
    {"fold keeps Chinese", "\xE4\xB8\xAD\xE6\x96\x87", "\xE4\xB8\xAD\xE6\x96\x87"},
};

static void check_fold(void **state) {
    const fold_case *row = *state;
    clti_buf folded;
    clti_buf_init(&folded, 1000);
    clti_buf_add_char(&folded, '<');
    assert_true(clti_text_fold(clti_str(row->text), &folded));
    assert_int_equal(folded.size, strlen(row->want) + 1);
    assert_memory_equal(folded.data + 1, row->want, strlen(row->want));
    clti_buf_done(&folded);
}

typedef struct check_case {
    const char *name;
    const char *text;
    int points; /* -1: refused */
} check_case;

static const check_case CHECKS[] = {
    {"UTF-8 empty", "", 0},
    {"UTF-8 ASCII", "abc", 3},
    {"UTF-8 one of each length", "a" E_ACUTE "\xE2\x82\xAC\xF0\x9F\x98\x80", 4},
    {"UTF-8 last code point", "\xF4\x8F\xBF\xBF", 1},
    {"UTF-8 around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", 2},
    {"UTF-8 lone continuation", "a\x80", -1},
    {"UTF-8 cut 2", "a\xC3", -1},
    {"UTF-8 cut 3", "\xE2\x82", -1},
    {"UTF-8 cut 4", "\xF0\x9F\x98", -1},
    {"UTF-8 cut and going on",
     "\xE2\x82"
     "a",
     -1},
    {"UTF-8 overlong 2", "\xC0\x80", -1},
    {"UTF-8 overlong slash", "\xC1\xAF", -1},
    {"UTF-8 overlong 3", "\xE0\x80\xAF", -1},
    {"UTF-8 overlong 4", "\xF0\x80\x80\xAF", -1},
    {"UTF-8 low surrogate", "\xED\xA0\x80", -1},
    {"UTF-8 surrogate pair", "\xED\xA0\xBD\xED\xB8\x80", -1},
    {"UTF-8 beyond the last", "\xF4\x90\x80\x80", -1},
    {"UTF-8 five bytes", "\xF8\x88\x80\x80\x80", -1},
    {"UTF-8 byte FE", "\xFE", -1},
    {"UTF-8 byte FF",
     "a\xFF"
     "b",
     -1},
    {"UTF-8 Latin-1", "caf\xE9", -1},
};

static void check_utf8(void **state) {
    const check_case *row = *state;
    size_t points = 0;
    clti_buf folded;
    clti_buf_init(&folded, 1000);
    assert_int_equal(clti_text_check(clti_str(row->text), &points), row->points >= 0);
    assert_int_equal(clti_text_fold(clti_str(row->text), &folded), row->points >= 0);
    if (row->points >= 0)
        assert_int_equal(points, row->points);
    clti_buf_done(&folded);
}

/* Behind ASCII text an accent takes the library's path: what comes before it must fold the same. */
static void test_text_fold_of_ascii_equals_the_librarys(void **state) {
    (void)state;
    uint64_t random = clti_test_seed();
    for (int round = 0; round < 2000; round++) {
        char text[40];
        size_t size = 0;
        clti_buf alone, behind;
        clti_buf_init(&alone, 1000);
        clti_buf_init(&behind, 1000);
        /* First every byte by itself, then mixtures. */
        if (round < 128)
            text[size++] = (char)round;
        else
            while (size < 30 && clti_test_random_below(&random, 20) != 0)
                text[size++] = (char)clti_test_random_below(&random, 128);
        assert_true(clti_text_fold((clt_str){text, size}, &alone));
        clti_buf_add(&alone, CLTI_STR("e" ACUTE));
        memcpy(text + size, E_ACUTE, 2);
        assert_true(clti_text_fold((clt_str){text, size + 2}, &behind));
        assert_true(clti_str_equal(clti_buf_str(&alone), clti_buf_str(&behind)));
        clti_buf_done(&alone);
        clti_buf_done(&behind);
    }
}

static void test_text_fold_appends_up_to_the_cap(void **state) {
    (void)state;
    clti_buf folded;
    clti_buf_init(&folded, 40);
    assert_true(clti_text_fold(CLTI_STR("Ab"), &folded));
    assert_true(clti_text_fold(CLTI_STR(E_ACUTE), &folded));
    assert_true(clti_str_equal(clti_buf_str(&folded), CLTI_STR("abe" ACUTE)));
    /* One character of 3 bytes whose fold has 33. */
    assert_true(clti_text_fold(CLTI_STR("\xEF\xB7\xBA"), &folded));
    assert_false(clti_text_fold(CLTI_STR("\xEF\xB7\xBA"), &folded));
    assert_false(clti_buf_ok(&folded));
    clti_buf_done(&folded);
}

static void test_text_has_control_knows_c0_and_delete(void **state) {
    (void)state;
    for (int c = 0; c < 256; c++) {
        const char text[3] = {'a', (char)c, 'b'};
        assert_int_equal(clti_text_has_control((clt_str){text, 3}), c < 0x20 || c == 0x7F);
    }
    assert_false(clti_text_has_control(CLTI_STR("")));
}

static void test_text_has_control_knows_c1(void **state) {
    (void)state;
    for (int c = 0x80; c < 0xC0; c++) {
        const char text[] = {'a', (char)0xC2, (char)c}, other[] = {(char)0xC3, (char)c};
        assert_int_equal(clti_text_has_control((clt_str){text, sizeof text}), c < 0xA0);
        assert_false(clti_text_has_control((clt_str){other, sizeof other}));
    }
    assert_false(clti_text_has_control((clt_str){"\xC2\x85", 1}));
}

static bool fold_is_blank(const char *text) {
    clti_buf folded;
    clti_buf_init(&folded, 1024);
    assert_true(clti_text_fold(clti_str(text), &folded));
    bool is_blank = clti_str_is_empty(clti_str_trim(clti_buf_str(&folded)));
    clti_buf_done(&folded);
    return is_blank;
}

/* The same as an empty or blank fold, but for the line separators, which no fold takes for a blank. */
static void test_text_is_blank_when_it_shows_nothing(void **state) {
    static const struct {
        const char *text;
        bool is_blank, fold_is_blank;
    } rows[] = {
        {"", true, true},
        {" ", true, true},
        {"\xC2\xA0\xE2\x80\x83 ", true, true},
        {"\xE2\x80\x8B\xC2\xAD\xE2\x81\xA0\xEF\xBB\xBF", true, true},
        {"\xE3\x85\xA4\xEF\xBE\xA0", true, true},
        {"\xE3\x80\x80", true, true},
        {"\xE2\x80\xA8\xE2\x80\xA9", true, false},
        {"\xC2\xA8", false, false},
        {"\xCC\x81", false, false},
        {"\xE2\x80\x8B-", false, false},
        {"\xE5\xB1\xB1", false, false},
    };
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        if (clti_text_is_blank(clti_str(rows[i].text)) != rows[i].is_blank)
            fail_msg("row %zu", i);
        if (fold_is_blank(rows[i].text) != rows[i].fold_is_blank)
            fail_msg("fold of row %zu", i);
    }
    assert_false(clti_text_is_blank(CLTI_STR("\xFF")));
    assert_false(clti_text_is_blank(CLTI_STR(" \xC2")));
}

/* One code point by the library's decoder, which is the definition. */
static bool library_accepts(const unsigned char *bytes, size_t size) {
    utf8proc_int32_t point;
    return utf8proc_iterate(bytes, (utf8proc_ssize_t)size, &point) == (utf8proc_ssize_t)size;
}

/* All lead bytes, each with every pair of bytes that can follow it or not; the last byte at its borders. */
static void test_text_check_agrees_with_the_library_on_every_sequence(void **state) {
    static const unsigned char lasts[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    unsigned char bytes[4];
    for (unsigned lead = 0x80; lead <= 0xFF; lead++) {
        for (unsigned pair = 0; pair <= 0xFFFF; pair++) {
            bytes[0] = (unsigned char)lead;
            bytes[1] = (unsigned char)(pair >> 8);
            bytes[2] = (unsigned char)pair;
            for (size_t last = 0; last < CLTI_COUNT(lasts); last++) {
                size_t points = 0, size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                bytes[3] = lasts[last];
                bool accepted = clti_text_check((clt_str){(const char *)bytes, size}, &points) && points == 1;
                assert_int_equal(accepted, library_accepts(bytes, size));
                if (size < 4)
                    break;
            }
        }
    }
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(FOLDS) + CLTI_COUNT(CHECKS) + 6];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(FOLDS); i++)
        tests[count++] =
            (struct CMUnitTest){FOLDS[i].name, check_fold, NULL, NULL, (void *)(uintptr_t)&FOLDS[i]};
    for (size_t i = 0; i < CLTI_COUNT(CHECKS); i++)
        tests[count++] =
            (struct CMUnitTest){CHECKS[i].name, check_utf8, NULL, NULL, (void *)(uintptr_t)&CHECKS[i]};
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(test_text_check_agrees_with_the_library_on_every_sequence);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text_fold_of_ascii_equals_the_librarys);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text_fold_appends_up_to_the_cap);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text_has_control_knows_c0_and_delete);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text_has_control_knows_c1);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text_is_blank_when_it_shows_nothing);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
