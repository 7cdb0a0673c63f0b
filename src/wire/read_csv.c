/* CSV: libcsv finds cells and rows; here they are joined to rows with their line, and limited. */
#include "wire/wire.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/** What libcsv gets at a time, so that limits are looked at often enough. */
#define FEED_MAX ((size_t)64 * 1024)

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
#define BYTE_ORDER_MARK_SIZE (sizeof(BYTE_ORDER_MARK) - 1)

/** Why nothing more is handed over. */
typedef enum reader_end {
    GOES_ON,
    ENDED_BY_CALLBACK,
    ENDED_BY_LENGTH,
    ENDED_BY_COLUMNS,
    ENDED_BY_MEMORY
} reader_end;

struct clti_csv_reader {
    struct csv_parser parser;
    clti_csv_row_fn on_row;
    void *user;
    size_t mark_size;  /* bytes of a byte order mark seen so far */
    bool mark_is_over; /* it is known whether there is one */
    reader_end end;
    uint64_t line;     /* of the next cell */
    uint64_t row_line; /* on which the current row began */
    int last_end;      /* character that ended the last row, 0 if a cell came since */
    clti_buf text;     /* the row's cells, one behind the other */
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

static void on_cell(void *data, size_t size, void *user) {
    clti_csv_reader *reader = user;
    if (reader->end != GOES_ON)
        return;
    if (reader->count == 0)
        reader->row_line = reader->line;
    if (reader->count == CLTI_CSV_COLUMNS_MAX) {
        reader->end = ENDED_BY_COLUMNS;
        return;
    }
    if (size > CLTI_CSV_ROW_MAX - reader->text.size) {
        reader->end = ENDED_BY_LENGTH;
        return;
    }
    reader->line += count_line_ends(data, size);
    reader->last_end = 0;
    clti_buf_add(&reader->text, (clt_str){data, size});
    reader->ends[reader->count++] = reader->text.size;
}

/* libcsv reports CR and LF of a CRLF as two ends, the second with an empty row. */
static void on_row_end(int character, void *user) {
    clti_csv_reader *reader = user;
    if (reader->end != GOES_ON)
        return;
    if (!(character == '\n' && reader->last_end == '\r'))
        reader->line++;
    reader->last_end = character;
    if (reader->count == 0)
        return;
    if (!clti_buf_ok(&reader->text)) {
        reader->end = ENDED_BY_MEMORY;
        return;
    }
    clt_str text = clti_buf_str(&reader->text);
    size_t start = 0;
    for (size_t i = 0; i < reader->count; i++) {
        reader->cells[i] = (clt_str){text.data + start, reader->ends[i] - start};
        start = reader->ends[i];
    }
    clti_csv_row row = {reader->row_line, reader->cells, reader->count};
    if (!reader->on_row(reader->user, &row)) {
        reader->end = ENDED_BY_CALLBACK;
        return;
    }
    reader->count = 0;
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
    if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        free(reader);
        return clti_fault_no_memory(fault);
    }
    csv_set_space_func(&reader->parser, is_never_stripped);
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

static bool fail_too_long(const clti_csv_reader *reader, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          "line %llu: a row may have at most %d bytes; is a closing quote missing?",
                          (unsigned long long)clti_csv_reader_line(reader), CLTI_CSV_ROW_MAX);
}

static bool fail_ended(const clti_csv_reader *reader, clti_fault *fault) {
    switch (reader->end) {
    case ENDED_BY_LENGTH:
        return fail_too_long(reader, fault);
    case ENDED_BY_COLUMNS:
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "line %llu: a row may have at most %d columns",
                              (unsigned long long)reader->row_line, CLTI_CSV_COLUMNS_MAX);
    case ENDED_BY_MEMORY:
        return clti_fault_no_memory(fault);
    case GOES_ON:
    case ENDED_BY_CALLBACK:
        break;
    }
    /* The callback knows why it said stop. */
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", "");
}

/* libcsv's strict mode stopped at a character of the cell that it is collecting. */
static bool fail_parse(clti_csv_reader *reader, clti_fault *fault) {
    const struct csv_parser *parser = &reader->parser;
    if (parser->status != CSV_EPARSE)
        return clti_fault_no_memory(fault);
    const char *cell = (const char *)parser->entry_buf;
    unsigned long long line = reader->line + count_line_ends(cell, parser->entry_pos);
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          parser->quoted ? "line %llu: text follows a closing quote"
                                         : "line %llu: a quote stands inside a cell that is not quoted",
                          line);
}

static bool feed(clti_csv_reader *reader, clt_str bytes, clti_fault *fault) {
    while (bytes.size > 0) {
        size_t size = bytes.size < FEED_MAX ? bytes.size : FEED_MAX;
        size_t taken = csv_parse(&reader->parser, bytes.data, size, on_cell, on_row_end, reader);
        if (reader->end != GOES_ON)
            return fail_ended(reader, fault);
        if (taken != size)
            return fail_parse(reader, fault);
        if (reader->text.size + reader->parser.entry_pos > CLTI_CSV_ROW_MAX)
            return fail_too_long(reader, fault);
        bytes = clti_str_from(bytes, size);
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
    int result = csv_fini(&reader->parser, on_cell, on_row_end, reader);
    if (reader->end != GOES_ON)
        return fail_ended(reader, fault);
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
