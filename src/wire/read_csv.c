/* CSV: libcsv finds cells and rows; here they are joined to rows with their line, and limited. */
#include "wire/wire.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/** What libcsv gets at a time, so that limits are looked at often enough. */
#define FEED_MAX ((size_t)64 * 1024)

/** What may be wrong with a row. */
static const char TOO_LONG[] =
    "The row is longer than 1 MiB, and its long cells are left out here; is a closing "
    "quote missing?";
static const char TOO_MANY_CELLS[] = "The row has more than 256 cells; the others are left out here.";
static const char TEXT_BEHIND_QUOTE[] =
    "Text follows a closing quote; a quote inside a quoted cell is doubled.";

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
#define BYTE_ORDER_MARK_SIZE (sizeof(BYTE_ORDER_MARK) - 1)

/** Strict, so that it stops where the rules are broken instead of taking the rest of the file for one cell.
 */
#define LOOSE  (CSV_STRICT_FINI | CSV_REPALL_NL)
#define STRICT (CSV_STRICT | LOOSE)

struct clti_csv_reader {
    struct csv_parser parser;
    clti_csv_row_fn on_row;
    void *user;
    clti_fault *fault;   /* of the call that is running */
    bool has_failed;     /* nothing more is handed over */
    size_t mark_size;    /* bytes of a byte order mark seen so far */
    bool mark_is_over;   /* it is known whether there is one */
    uint64_t line;       /* of the next cell */
    bool is_cut;         /* the next cell is too long already */
    uint64_t cut_lines;  /* line ends in what was cut from it */
    uint64_t row_line;   /* on which the current row began */
    int last_end;        /* character that ended the last row, 0 if a cell came since */
    const char *problem; /* of the current row */
    clti_buf text;       /* the row's cells, one behind the other */
    size_t ends[CLTI_CSV_COLUMNS_MAX];
    clt_str cells[CLTI_CSV_COLUMNS_MAX];
    size_t count;
};

/* Lines end with LF, CRLF or a lone CR. */
static uint64_t count_line_ends(const char *data, size_t size) {
    uint64_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += data[i] == '\n' || (data[i] == '\r' && (i + 1 == size || data[i + 1] != '\n'));
    return count;
}

/* The first problem of a row is the one to tell. */
static void set_problem(clti_csv_reader *reader, const char *problem) {
    if (!reader->problem)
        reader->problem = problem;
}

static void on_cell(void *data, size_t size, void *user) {
    clti_csv_reader *reader = user;
    if (reader->count == 0)
        reader->row_line = reader->line;
    reader->line += reader->cut_lines + count_line_ends(data, size);
    reader->cut_lines = 0;
    reader->last_end = 0;
    bool is_too_long = reader->is_cut || size > CLTI_CSV_ROW_MAX - reader->text.size;
    reader->is_cut = false;
    if (reader->count == CLTI_CSV_COLUMNS_MAX) {
        set_problem(reader, TOO_MANY_CELLS);
        return;
    }
    if (is_too_long) {
        set_problem(reader, TOO_LONG);
        size = 0;
    }
    clti_buf_add(&reader->text, (clt_str){data, size});
    reader->ends[reader->count++] = reader->text.size;
}

static bool hand_over(clti_csv_reader *reader, uint64_t last_line) {
    if (!clti_buf_ok(&reader->text))
        return clti_fault_no_memory(reader->fault);
    clt_str text = clti_buf_str(&reader->text);
    size_t start = 0;
    for (size_t i = 0; i < reader->count; i++) {
        reader->cells[i] = (clt_str){text.data + start, reader->ends[i] - start};
        start = reader->ends[i];
    }
    const clti_csv_row row = {reader->row_line, last_line, reader->cells, reader->count, reader->problem};
    return reader->on_row(reader->user, &row, reader->fault);
}

/* libcsv reports CR and LF of a CRLF as two ends, the second with an empty row. */
static void on_row_end(int character, void *user) {
    clti_csv_reader *reader = user;
    if (reader->has_failed)
        return;
    uint64_t last_line = reader->line;
    if (!(character == '\n' && reader->last_end == '\r'))
        reader->line++;
    reader->last_end = character;
    if (reader->count == 0)
        return;
    if (!hand_over(reader, last_line)) {
        reader->has_failed = true;
        return;
    }
    reader->count = 0;
    reader->problem = NULL;
    clti_buf_clear(&reader->text);
}

/* Blanks belong to their cell (RFC 4180), which libcsv would strip otherwise. */
static int is_never_stripped(unsigned char character) {
    (void)character;
    return 0;
}

bool clti_csv_reader_new(clti_csv_row_fn on_row, void *user, clti_csv_reader **out, clti_fault *fault) {
    clti_csv_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return clti_fault_no_memory(fault);
    if (csv_init(&reader->parser, STRICT) != 0) {
        free(reader);
        return clti_fault_no_memory(fault);
    }
    csv_set_space_func(&reader->parser, is_never_stripped);
    csv_set_blk_size(&reader->parser, FEED_MAX);
    reader->on_row = on_row;
    reader->user = user;
    reader->line = 1;
    clti_buf_init(&reader->text, CLTI_CSV_ROW_MAX);
    *out = reader;
    return true;
}

void clti_csv_reader_free(clti_csv_reader *reader) {
    if (!reader)
        return;
    csv_free(&reader->parser);
    clti_buf_done(&reader->text);
    free(reader);
}

uint64_t clti_csv_reader_line(const clti_csv_reader *reader) {
    return reader->count ? reader->row_line : reader->line;
}

/* libcsv's strict mode stopped at a quote in a plain cell, or at what follows a closing quote. The one is
 * text; the other makes the cell a plain one, in a row that is no CSV. */
static bool take_stray(clti_csv_reader *reader, const char *stray) {
    struct csv_parser *parser = &reader->parser;
    if (csv_error(parser) != CSV_EPARSE)
        return false;
    csv_set_opts(parser, LOOSE);
    bool done = csv_parse(parser, stray, 1, on_cell, on_row_end, reader) == 1;
    csv_set_opts(parser, STRICT);
    if (parser->quoted)
        set_problem(reader, TEXT_BEHIND_QUOTE);
    parser->quoted = 0;
    return done;
}

/* Of a cell that is too long already only its last byte matters: it may be a closing quote, or half a CRLF.
 */
static void cut_cell(clti_csv_reader *reader) {
    struct csv_parser *parser = &reader->parser;
    if (reader->text.size + parser->entry_pos <= CLTI_CSV_ROW_MAX + 1)
        return;
    const char *cell = (const char *)parser->entry_buf;
    size_t last = parser->entry_pos - 1;
    reader->is_cut = true;
    reader->cut_lines += count_line_ends(cell, last + 1) - count_line_ends(cell + last, 1);
    parser->entry_buf[0] = parser->entry_buf[last];
    parser->entry_pos = 1;
}

static bool feed(clti_csv_reader *reader, clt_str bytes, clti_fault *fault) {
    reader->fault = fault;
    while (bytes.size > 0) {
        size_t size = bytes.size < FEED_MAX ? bytes.size : FEED_MAX;
        size_t taken = csv_parse(&reader->parser, bytes.data, size, on_cell, on_row_end, reader);
        if (reader->has_failed)
            return false;
        if (taken < size && !take_stray(reader, bytes.data + taken++))
            return clti_fault_no_memory(fault);
        cut_cell(reader);
        bytes = clti_str_from(bytes, taken);
    }
    return true;
}

bool clti_csv_reader_feed(clti_csv_reader *reader, clt_str bytes, clti_fault *fault) {
    while (!reader->mark_is_over && bytes.size > 0) {
        if (bytes.data[0] == BYTE_ORDER_MARK[reader->mark_size]) {
            bytes = clti_str_from(bytes, 1);
            reader->mark_is_over = ++reader->mark_size == BYTE_ORDER_MARK_SIZE;
            continue;
        }
        /* It only began like one. */
        reader->mark_is_over = true;
        if (!feed(reader, (clt_str){BYTE_ORDER_MARK, reader->mark_size}, fault))
            return false;
    }
    return feed(reader, bytes, fault);
}

bool clti_csv_reader_finish(clti_csv_reader *reader, clti_fault *fault) {
    if (!reader->mark_is_over && reader->mark_size > 0 &&
        !feed(reader, (clt_str){BYTE_ORDER_MARK, reader->mark_size}, fault))
        return false;
    reader->fault = fault;
    int result = csv_fini(&reader->parser, on_cell, on_row_end, reader);
    if (reader->has_failed)
        return false;
    if (result != 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "line %llu: the quote that opens here is never closed",
                              (unsigned long long)reader->line);
    return true;
}

/* ---- columns ---------------------------------------------------------------------------------------- */

/** Names of columns that are not JSON paths: our short ones, then the titles of Partner Center's export. */
static const struct {
    const char *name;
    const char *path;
} COLUMN_NAMES[] = {
    {"domain", "companyProfile.domain"},
    {"companyName", "companyProfile.companyName"},
    {"country", "billingProfile.defaultAddress.country"},
    {"state", "billingProfile.defaultAddress.state"},
    {"city", "billingProfile.defaultAddress.city"},
    {"postalCode", "billingProfile.defaultAddress.postalCode"},
    {"Microsoft ID", "id"},
    {"Company name", "companyProfile.companyName"},
    {"Primary domain name", "companyProfile.domain"},
    {"Relationship", "relationshipToPartner"},
};

const clti_customer_member *clti_csv_column_member(clt_str header) {
    clt_str name = clti_str_trim(header);
    for (size_t i = 0; i < CLTI_COUNT(COLUMN_NAMES); i++)
        if (clti_str_equal_nocase(name, clti_str(COLUMN_NAMES[i].name)))
            return clti_customer_member_find(clti_str(COLUMN_NAMES[i].path));
    return clti_customer_member_find(name);
}

const char *clti_csv_column_suggest(clt_str header) {
    clt_str name = clti_str_trim(header);
    const char *nearest = NULL;
    size_t least = name.size / 3 + 2; /* farther names help nobody */
    for (size_t i = 0; i < CLTI_COUNT(COLUMN_NAMES) + CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const char *candidate = i < CLTI_COUNT(COLUMN_NAMES)
                                    ? COLUMN_NAMES[i].name
                                    : CLTI_CUSTOMER_MEMBERS[i - CLTI_COUNT(COLUMN_NAMES)].path;
        size_t distance = clti_str_distance(name, clti_str(candidate));
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}
