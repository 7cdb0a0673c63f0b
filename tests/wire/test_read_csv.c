/* CSV: cells, rows, their lines, and every way to be malformed; each input whole and byte by byte. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)

typedef struct seen_rows {
    clti_buf text;     /* `line[-last line][!problem]:cell|cell;` for each row */
    size_t stop_after; /* rows; 0 for never */
    size_t rows;
} seen_rows;

static bool see_row(void *user, const clti_csv_row *row, clti_fault *fault) {
    seen_rows *seen = user;
    clti_buf_add_u64(&seen->text, row->line);
    if (row->last_line != row->line)
        clti_buf_add_format(&seen->text, "-%llu", (unsigned long long)row->last_line);
    if (row->problem)
        clti_buf_add_format(&seen->text, "!%.4s", row->problem);
    for (size_t i = 0; i < row->count; i++) {
        assert_non_null(row->cells[i].data);
        clti_buf_add_char(&seen->text, i ? '|' : ':');
        clti_buf_add(&seen->text, row->cells[i]);
    }
    clti_buf_add_char(&seen->text, ';');
    return ++seen->rows != seen->stop_after ||
           clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "the callback's own");
}

static bool read_all(seen_rows *seen, clt_str input, size_t step, clti_fault *fault) {
    clti_csv_reader *reader;
    assert_true(clti_csv_reader_new(see_row, seen, &reader, fault));
    bool done = true;
    for (size_t at = 0; done && at < input.size; at += step) {
        clt_str rest = clti_str_from(input, at);
        done = clti_csv_reader_feed(reader, (clt_str){rest.data, rest.size < step ? rest.size : step}, fault);
    }
    done = done && clti_csv_reader_finish(reader, fault);
    clti_csv_reader_free(reader);
    return done;
}

typedef struct row_case {
    const char *name;
    const char *input;
    const char *want;  /* rows */
    const char *fault; /* begins the text, or NULL for success */
} row_case;

static const row_case CASES[] = {
    {"nothing", "", "", NULL},
    {"lines with LF", "a,b\n1,2\n", "1:a|b;2:1|2;", NULL},
    {"lines with CRLF", "a,b\r\n1,2\r\n3,4\r\n", "1:a|b;2:1|2;3:3|4;", NULL},
    {"lines with a lone CR", "a\rb\rc", "1:a;2:b;3:c;", NULL},
    {"no newline at the end", "a,b\n1,2", "1:a|b;2:1|2;", NULL},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a\n1\n",
     "1:a;2:1;", NULL},
    {"byte order mark alone", "\xEF\xBB\xBF", "", NULL},
    {"only half a byte order mark", "\xEF\xBB", "1:\xEF\xBB;", NULL},
    {"begins like a byte order mark",
     "\xEF\xBB"
     "x\n",
     "1:\xEF\xBB"
     "x;",
     NULL},
    {"second byte order mark is text",
     "\xEF\xBB\xBF\xEF\xBB\xBF"
     "a",
     "1:\xEF\xBB\xBF"
     "a;",
     NULL},
    {"empty lines count", "a\n\n\nb\n\n", "1:a;4:b;", NULL},
    {"empty CRLF lines count", "\r\na\r\n\r\n\r\nb", "2:a;5:b;", NULL},
    {"empty cells", ",a,,\n", "1:|a||;", NULL},
    {"one empty quoted cell", "\"\"\nb", "1:;2:b;", NULL},
    {"quoted comma and quote", "\"a,b\",\"say \"\"hi\"\"\"\n", "1:a,b|say \"hi\";", NULL},
    {"quoted newlines count", "h\n\"a\nb\",c\nd\n", "1:h;2-3:a\nb|c;4:d;", NULL},
    {"quoted CRLF counts once", "h\r\n\"a\r\nb\"\r\nd\r\n", "1:h;2-3:a\r\nb;4:d;", NULL},
    {"quoted empty lines count", "\"\n\n\"\nx", "1-3:\n\n;4:x;", NULL},
    {"blanks are kept", " a ,\tb \n", "1: a |\tb ;", NULL},
    {"quote never closed", "h\na,\"b\nc\n", "1:h;", "line 2: the quote that opens here is never closed"},
    {"quote opened at the very end", "h\nx\n\"", "1:h;2:x;", "line 3: the quote that opens here"},
    {"quote never closed in a later cell", "\"a\nb\",\"c", "", "line 2: the quote that opens here"},
    {"quotes inside a plain cell are text", "h\n\na \"b\" c,d\"\n", "1:h;3:a \"b\" c|d\";", NULL},
    {"two quotes inside a plain cell are two", "a\"\"b\n", "1:a\"\"b;", NULL},
    {"blank before a quote", "a, \"b\"\n", "1:a| \"b\";", NULL},
    {"text behind a closing quote", "h\n\"a\"b,c\nd\n", "1:h;2!Text:a\"b|c;3:d;", NULL},
    {"text behind a closing quote of two lines", "\"a\nb\"c\nd\n", "1-2!Text:a\nb\"c;3:d;", NULL},
    {"blank behind a closing quote", "\"a\" ,b\nc\n", "1!Text:a\" |b;2:c;", NULL},
    {"the quote after the text behind a closing quote", "\"a\"b\"c,d\"\ne\n", "1!Text:a\"b\"c|d\";2:e;",
     NULL},
    {"a quoted cell in a row that is no CSV", "\"a\"b,\"c\nd\"\ne\n", "1-2!Text:a\"b|c\nd;3:e;", NULL},
    {"a quote that only a later row closes", "h\na,\"b\nc,\"d\ne\n", "1:h;2-3!Text:a|b\nc,\"d;4:e;", NULL},
};

static void check_case(void **state) {
    const row_case *row = *state;
    const size_t steps[] = {1, 2, 3, MIB};
    for (size_t i = 0; i < CLTI_COUNT(steps); i++) {
        seen_rows seen = {0};
        clti_buf_init(&seen.text, MIB);
        clti_fault fault = {0};
        bool done = read_all(&seen, clti_str(row->input), steps[i], &fault);
        if (row->fault)
            assert_memory_equal(fault.text, row->fault, strlen(row->fault));
        assert_int_equal(done, row->fault == NULL);
        clt_str text = clti_buf_str(&seen.text);
        assert_int_equal(text.size, strlen(row->want));
        assert_memory_equal(text.data, row->want, text.size);
        clti_buf_done(&seen.text);
    }
}

static void test_csv_keeps_nul_bytes(void **state) {
    (void)state;
    seen_rows seen = {0};
    clti_buf_init(&seen.text, MIB);
    clti_fault fault;
    assert_true(read_all(&seen, CLTI_STR("a\0b,\"\0\"\n"), 1, &fault));
    assert_memory_equal(seen.text.data, "1:a\0b|\0;", 8);
    clti_buf_done(&seen.text);
}

static void test_csv_stops_when_the_callback_says_so(void **state) {
    (void)state;
    seen_rows seen = {.stop_after = 2};
    clti_buf_init(&seen.text, MIB);
    clti_fault fault = {.text = "untouched"};
    assert_false(read_all(&seen, CLTI_STR("a\nb\nc\nd\n"), MIB, &fault));
    assert_int_equal(seen.rows, 2);
    assert_string_equal(fault.text, "the callback's own");
    assert_int_equal(fault.code, CLTI_FAULT_NOT_FOUND);
    clti_buf_done(&seen.text);
}

/* `before`, then `count` times `piece`, then `after`. */
static char *repeat(const char *before, const char *piece, size_t count, const char *after,
                    size_t *out_size) {
    clti_buf buf;
    clti_buf_init(&buf, 16 * MIB);
    clti_buf_add(&buf, clti_str(before));
    for (size_t i = 0; i < count; i++)
        clti_buf_add(&buf, clti_str(piece));
    clti_buf_add(&buf, clti_str(after));
    assert_true(clti_buf_ok(&buf));
    return clti_buf_take(&buf, out_size);
}

typedef struct limit_case {
    const char *name;
    const char *before, *piece;
    size_t count;
    const char *after;
    const char *want;  /* ends the rows */
    const char *fault; /* NULL for success */
} limit_case;

static const limit_case LIMITS[] = {
    {"as many columns as allowed", "h\na", ",x", CLTI_CSV_COLUMNS_MAX - 1, "\nb\n", "|x|x;3:b;", NULL},
    {"one column too many", "h\na", ",x", CLTI_CSV_COLUMNS_MAX, "\nb\n", "|x|x;3:b;", NULL},
    {"many columns too many", "h\n\"\na\"", ",\"\n\"", 1000, "\nb\n", "|\n|\n;1004:b;", NULL},
    {"a row as long as allowed", "", "x", CLTI_CSV_ROW_MAX, "\nb\n", "xxx;2:b;", NULL},
    {"a quoted row as long as allowed", "\"", "x", CLTI_CSV_ROW_MAX, "\"\nb\n", "xxx;2:b;", NULL},
    {"a cell too long", "h\n\n", "x", CLTI_CSV_ROW_MAX + 1, "\nb\n", "1:h;3!The :;4:b;", NULL},
    {"a quoted cell too long", "a,\"", "x", CLTI_CSV_ROW_MAX + 1, "\"\nb\n", "1!The :a|;2:b;", NULL},
    {"cells too long together", "a,", "x", CLTI_CSV_ROW_MAX, ",c\nb\n", "1!The :a||c;2:b;", NULL},
    {"many lines too long together", "h\na,\"", "text\n", MIB, "\"\nb\n", "1:h;2-1048578!The :a|;1048579:b;",
     NULL},
    {"many CRLF too long together", "h\r\na,\"", "\r\n", 3 * MIB, "\"\r\nb\r\n",
     "1:h;2-3145730!The :a|;3145731:b;", NULL},
    {"many CR too long together", "\"", "\r", 3 * MIB, "\"\rb\r", "1-3145729!The :;3145730:b;", NULL},
    {"many quotes too long together", "\"", "\"\"", 3 * MIB, "\"\nb\n", "1!The :;2:b;", NULL},
    {"a quote never closed in a large file", "h\na,\"b\",\"", "text\n", MIB, "", "1:h;",
     "line 2: the quote that opens here is never closed"},
    {"a quote never closed in a large file, below a quoted cell", "h\n\"\n\",\"", "text\n", MIB, "", "1:h;",
     "line 3: the quote that opens here is never closed"},
};

static void check_limit(void **state) {
    const limit_case *row = *state;
    const size_t steps[] = {100000, 65537, 4097, 16 * MIB};
    size_t size;
    char *input = repeat(row->before, row->piece, row->count, row->after, &size);
    for (size_t i = 0; i < CLTI_COUNT(steps); i++) {
        seen_rows seen = {0};
        clti_buf_init(&seen.text, 8 * MIB);
        clti_fault fault = {0};
        bool done = read_all(&seen, (clt_str){input, size}, steps[i], &fault);
        if (row->fault)
            assert_memory_equal(fault.text, row->fault, strlen(row->fault));
        assert_int_equal(done, row->fault == NULL);
        size_t want = strlen(row->want);
        assert_true(seen.text.size >= want);
        clti_buf_add_char(&seen.text, '\0');
        assert_string_equal(seen.text.data + seen.text.size - 1 - want, row->want);
        clti_buf_done(&seen.text);
    }
    free(input);
}

typedef struct column_case {
    const char *header;
    const char *path;    /* NULL: names no member */
    const char *suggest; /* for those: nearest, or NULL */
} column_case;

static const column_case COLUMNS[] = {
    {"domain", "companyProfile.domain", NULL},
    {"DOMAIN", "companyProfile.domain", NULL},
    {" companyName ", "companyProfile.companyName", NULL},
    {"country", "billingProfile.defaultAddress.country", NULL},
    {"state", "billingProfile.defaultAddress.state", NULL},
    {"city", "billingProfile.defaultAddress.city", NULL},
    {"postalcode", "billingProfile.defaultAddress.postalCode", NULL},
    {"Microsoft ID", "id", NULL},
    {"Company name", "companyProfile.companyName", NULL},
    {"Primary domain name", "companyProfile.domain", NULL},
    {"relationship", "relationshipToPartner", NULL},
    {"BillingProfile.DefaultAddress.PhoneNumber", "billingProfile.defaultAddress.phoneNumber", NULL},
    {"id", "id", NULL},
    {"domian", NULL, "domain"},
    {"compnyname", NULL, "companyName"},
    {"Postal Code", NULL, "postalCode"},
    {"billingProfile.emial", NULL, "billingProfile.email"},
    {"quite something else", NULL, NULL},
    {"", NULL, NULL},
};

static void test_csv_column_names_a_member(void **state) {
    (void)state;
    for (size_t i = 0; i < CLTI_COUNT(COLUMNS); i++) {
        const clti_customer_member *member = clti_csv_column_member(clti_str(COLUMNS[i].header));
        if (COLUMNS[i].path) {
            assert_non_null(member);
            assert_string_equal(member->path, COLUMNS[i].path);
            continue;
        }
        assert_null(member);
        const char *suggestion = clti_csv_column_suggest(clti_str(COLUMNS[i].header));
        if (COLUMNS[i].suggest) {
            assert_non_null(suggestion);
            assert_string_equal(suggestion, COLUMNS[i].suggest);
        } else {
            assert_null(suggestion);
        }
    }
}

int main(void) {
    struct CMUnitTest tests[CLTI_COUNT(CASES) + CLTI_COUNT(LIMITS) + 3];
    size_t count = 0;
    for (size_t i = 0; i < CLTI_COUNT(CASES); i++)
        tests[count++] =
            (struct CMUnitTest){CASES[i].name, check_case, NULL, NULL, (void *)(uintptr_t)&CASES[i]};
    for (size_t i = 0; i < CLTI_COUNT(LIMITS); i++)
        tests[count++] =
            (struct CMUnitTest){LIMITS[i].name, check_limit, NULL, NULL, (void *)(uintptr_t)&LIMITS[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_csv_keeps_nul_bytes);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_csv_stops_when_the_callback_says_so);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_csv_column_names_a_member);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
