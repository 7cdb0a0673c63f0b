/* From bytes to rows: which of the three forms it is, and each row as a customer or a reason. */
#include "daemon/import_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** Of a line that is too long, this much goes to the rejects file. */
#define LONG_LINE_SHOWN 200

typedef enum import_form { FORM_UNKNOWN, FORM_CSV, FORM_NDJSON } import_form;

/** A column that names a member, and where its cell stands among those that are kept. */
typedef struct import_column {
    const clti_customer_member *member;
    size_t cell;
} import_column;

struct clti_import_reader {
    clti_import_batch *batch;
    import_form form;
    uint64_t line; /* NDJSON: the one that is being read; before that, lines that are blank */

    clti_csv_reader *csv;
    clti_arena header_arena; /* names of the kept columns */
    clt_str *header;         /* NULL until the header was read */
    size_t header_count;     /* kept columns */
    size_t header_size;      /* all of them */
    bool is_ignored[CLTI_CSV_COLUMNS_MAX];
    import_column columns[CLTI_CSV_COLUMNS_MAX]; /* in the order of the model's table */

    clti_buf begun; /* NDJSON: a line whose end has not come yet */
    bool is_too_long;
};

bool clti_import_reader_new(clti_import_batch *batch, clti_import_reader **out, clti_fault *fault) {
    clti_import_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return clti_fault_no_memory(fault);
    reader->batch = batch;
    reader->line = 1;
    clti_buf_init(&reader->begun, CLTI_BODY_MAX);
    *out = reader;
    return true;
}

void clti_import_reader_free(clti_import_reader *reader) {
    if (!reader)
        return;
    clti_csv_reader_free(reader->csv);
    clti_arena_done(&reader->header_arena);
    clti_buf_done(&reader->begun);
    free(reader);
}

uint64_t clti_import_reader_line(const clti_import_reader *reader) {
    return reader->csv ? clti_csv_reader_line(reader->csv) : reader->line;
}

static bool fail_input(clti_fault *fault, const char *text) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", text);
}

/* What the caller of the contract would get a 400 for refuses the row; anything else ends the import. */
static bool is_refusal(const clti_fault *fault) {
    return clti_fault_kind_of(fault->code)->http_status == 400;
}

/* ---- CSV: the header ---------------------------------------------------------------------------------- */

/* Our own rejects files begin with these; mended, they can be imported again. */
static bool is_ours(clt_str name) {
    name = clti_str_trim(name);
    return clti_str_equal_nocase(name, CLTI_STR("line")) || clti_str_equal_nocase(name, CLTI_STR("reason"));
}

/* No column that we know has another separator in its name. */
static bool fail_separator(const char *separator, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          "The header is separated by %s; the columns of CSV are separated by commas.",
                          separator);
}

static bool fail_column(clt_str name, clti_fault *fault) {
    if (memchr(name.data, ';', name.size))
        return fail_separator("semicolons", fault);
    if (memchr(name.data, '\t', name.size))
        return fail_separator("tabs", fault);
    const char *suggestion = clti_csv_column_suggest(name);
    clt_str shown = {name.data, name.size < 100 ? name.size : 100};
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          "The header names the column '%.*s', which no customer has%s%s%s",
                          CLTI_STR_ARGS(shown), suggestion ? "; did you mean '" : "",
                          suggestion ? suggestion : "", suggestion ? "'?" : ".");
}

static int compare_columns(const void *a, const void *b) {
    const import_column *left = a, *right = b;
    return (left->member > right->member) - (left->member < right->member);
}

/* Aliases come last in the model's table and must come last in the row, too; sorting also finds repeats. */
static bool check_columns(clti_import_reader *reader, clti_fault *fault) {
    bool has_domain = false;
    qsort(reader->columns, reader->header_count, sizeof *reader->columns, compare_columns);
    for (size_t i = 0; i < reader->header_count; i++) {
        const char *path = reader->columns[i].member->path;
        if (i > 0 && reader->columns[i - 1].member == reader->columns[i].member)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                                  "The header has more than one column for %s.", path);
        has_domain = has_domain || reader->columns[i].member == clti_csv_column_member(CLTI_STR("domain"));
    }
    return has_domain || fail_input(fault, "The header has no column for the domain, such as 'domain' or "
                                           "'Primary domain name'.");
}

static bool read_header(clti_import_reader *reader, const clti_csv_row *row, clti_fault *fault) {
    if (row->problem)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "line %" PRIu64 ": %s", row->line,
                              row->problem);
    clt_str *header = clti_arena_calloc(&reader->header_arena, row->count, sizeof *header);
    if (!header)
        return clti_fault_no_memory(fault);
    size_t kept = 0;
    for (size_t i = 0; i < row->count; i++) {
        reader->is_ignored[i] = is_ours(row->cells[i]);
        if (reader->is_ignored[i])
            continue;
        const clti_customer_member *member = clti_csv_column_member(row->cells[i]);
        if (!member)
            return fail_column(row->cells[i], fault);
        if (!clti_arena_copy(&reader->header_arena, row->cells[i], &header[kept]))
            return clti_fault_no_memory(fault);
        reader->columns[kept] = (import_column){member, kept};
        kept++;
    }
    reader->header = header;
    reader->header_count = kept;
    reader->header_size = row->count;
    if (reader->batch->rejects) {
        reader->batch->rejects->header = header;
        reader->batch->rejects->header_count = kept;
    }
    return check_columns(reader, fault);
}

/* ---- CSV: the rows ------------------------------------------------------------------------------------ */

/* Cells live in one piece of the batch's arena: the views, then their texts. */
static bool keep_cells(clti_import_reader *reader, const clti_csv_row *row, clti_import_row *out) {
    size_t text_size = 0;
    for (size_t i = 0; i < row->count; i++)
        text_size += row->cells[i].size + 1;
    clt_str *cells = clti_arena_alloc(&reader->batch->arena, row->count * sizeof *cells + text_size);
    if (!cells)
        return false;
    char *text = (char *)(cells + row->count);
    size_t kept = 0;
    for (size_t i = 0; i < row->count; i++) {
        if (i < reader->header_size && reader->is_ignored[i])
            continue;
        if (row->cells[i].size > 0)
            memcpy(text, row->cells[i].data, row->cells[i].size);
        cells[kept++] = (clt_str){text, row->cells[i].size};
        text += row->cells[i].size;
        *text++ = '\0';
    }
    /* Spreadsheets like to leave empty cells behind the last column. */
    while (kept > reader->header_count && clti_str_is_empty(cells[kept - 1]))
        kept--;
    *out = (clti_import_row){row->line, cells, kept};
    return true;
}

/* Where it ends helps to find a quote that is missing. */
static bool fail_row(const clti_csv_row *row, clti_fault *fault) {
    if (row->last_line == row->line)
        return fail_input(fault, row->problem);
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s It ends on line %" PRIu64 ".",
                          row->problem, row->last_line);
}

static bool read_cells(const clti_import_reader *reader, const clti_import_row *row, clti_customer *out,
                       clti_fault *fault) {
    if (row->count > reader->header_count)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "The row has %zu cells, but the header names %zu columns.", row->count,
                              reader->header_count);
    for (size_t i = 0; i < reader->header_count; i++) {
        const import_column *column = &reader->columns[i];
        if (column->cell < row->count &&
            !clti_customer_set(out, column->member, row->cells[column->cell], fault))
            return false;
    }
    return clti_customer_complete(out, fault);
}

static bool read_row(clti_import_reader *reader, const clti_csv_row *row, clti_fault *fault) {
    /* A line of blanks is an empty line. */
    if (row->count == 1 && !row->problem && clti_str_is_empty(clti_str_trim(row->cells[0])))
        return true;
    if (!reader->header)
        return read_header(reader, row, fault);
    clti_import_row kept;
    clti_customer customer = {0};
    clti_fault refusal;
    if (!keep_cells(reader, row, &kept))
        return clti_fault_no_memory(fault);
    if (row->problem ? fail_row(row, &refusal) : read_cells(reader, &kept, &customer, &refusal))
        return clti_import_batch_add(reader->batch, &kept, &customer, NULL, fault);
    if (is_refusal(&refusal))
        return clti_import_batch_add(reader->batch, &kept, NULL, refusal.text, fault);
    *fault = refusal;
    return false;
}

static bool on_csv_row(void *user, const clti_csv_row *row, clti_fault *fault) {
    return read_row(user, row, fault);
}

static bool finish_csv(clti_import_reader *reader, clti_fault *fault) {
    return clti_csv_reader_finish(reader->csv, fault) &&
           (reader->header || fail_input(fault, "The input has no header."));
}

/* ---- NDJSON ------------------------------------------------------------------------------------------- */

static bool read_json(clti_import_reader *reader, clt_str line, clti_customer *out, clti_fault *fault) {
    size_t points;
    if (reader->is_too_long)
        return fail_input(fault, "The line is longer than 1 MiB; 'input' is only its beginning.");
    if (!clti_text_check(line, &points))
        return fail_input(fault, "The line is not valid UTF-8.");
    return clti_wire_read_customer(line, &reader->batch->arena, out, fault) &&
           clti_customer_complete(out, fault);
}

static bool read_line(clti_import_reader *reader, clt_str line, clti_fault *fault) {
    line = clti_str_trim(line);
    if (clti_str_is_empty(line))
        return true;
    if (reader->is_too_long)
        line.size = line.size < LONG_LINE_SHOWN ? line.size : LONG_LINE_SHOWN;
    clti_customer customer;
    clti_fault refusal;
    bool done = read_json(reader, line, &customer, &refusal);
    if (!done && !is_refusal(&refusal)) {
        *fault = refusal;
        return false;
    }
    clt_str *cell = clti_arena_alloc(&reader->batch->arena, sizeof *cell);
    if (!cell || !clti_arena_copy(&reader->batch->arena, line, cell))
        return clti_fault_no_memory(fault);
    clti_import_row row = {reader->line, cell, 1};
    return clti_import_batch_add(reader->batch, &row, done ? &customer : NULL, refusal.text, fault);
}

/* Keep the piece of a line that goes on in the next bytes. */
static bool begin_line(clti_import_reader *reader, clt_str piece, clti_fault *fault) {
    size_t room = CLTI_BODY_MAX - reader->begun.size;
    if (piece.size > room) {
        reader->is_too_long = true;
        piece.size = room;
    }
    clti_buf_add(&reader->begun, piece);
    return clti_buf_ok(&reader->begun) || clti_fault_no_memory(fault);
}

static bool end_line(clti_import_reader *reader, clt_str piece, clti_fault *fault) {
    bool done;
    if (reader->begun.size == 0 && piece.size <= CLTI_BODY_MAX)
        done = read_line(reader, piece, fault);
    else
        done = begin_line(reader, piece, fault) && read_line(reader, clti_buf_str(&reader->begun), fault);
    if (!done)
        return false;
    reader->line++;
    reader->is_too_long = false;
    clti_buf_clear(&reader->begun);
    return true;
}

static bool feed_ndjson(clti_import_reader *reader, clt_str bytes, clti_fault *fault) {
    while (bytes.size > 0) {
        const char *end = memchr(bytes.data, '\n', bytes.size);
        if (!end)
            return begin_line(reader, bytes, fault);
        size_t size = (size_t)(end - bytes.data);
        if (!end_line(reader, (clt_str){bytes.data, size}, fault))
            return false;
        bytes = clti_str_from(bytes, size + 1);
    }
    return true;
}

/* ---- which form --------------------------------------------------------------------------------------- */

static bool start_csv(clti_import_reader *reader, clti_fault *fault) {
    if (!clti_csv_reader_new(on_csv_row, reader, &reader->csv, fault))
        return false;
    /* The blank lines before, so that its line numbers are right. */
    for (uint64_t blank = 1; blank < reader->line; blank++)
        if (!clti_csv_reader_feed(reader->csv, CLTI_STR("\n"), fault))
            return false;
    return true;
}

static bool start(clti_import_reader *reader, unsigned char first, clti_fault *fault) {
    switch (first) {
    case '{':
        reader->form = FORM_NDJSON;
        return true;
    case '[':
        return fail_input(fault,
                          "The input is a JSON array; give one customer a line, without brackets around "
                          "and commas between them (jq -c '.[]' makes that).");
    case 0xFE:
    case 0xFF:
        return fail_input(fault, "The input is not UTF-8 (it looks like UTF-16); save it as UTF-8.");
    default:
        reader->form = FORM_CSV;
        return start_csv(reader, fault);
    }
}

/* Leave out a byte order mark and what is blank before the first row. */
static clt_str skip_blank(clti_import_reader *reader, clt_str bytes) {
    const clt_str mark = CLTI_STR("\xEF\xBB\xBF");
    if (reader->line == 1 && clti_str_starts_with(bytes, mark))
        bytes = clti_str_from(bytes, mark.size);
    while (bytes.size > 0 && strchr(" \t\r\n", bytes.data[0]) && bytes.data[0] != '\0') {
        reader->line += bytes.data[0] == '\n';
        bytes = clti_str_from(bytes, 1);
    }
    return bytes;
}

bool clti_import_reader_feed(clti_import_reader *reader, clt_str bytes, clti_fault *fault) {
    if (reader->form == FORM_UNKNOWN) {
        bytes = skip_blank(reader, bytes);
        if (bytes.size == 0)
            return true;
        if (!start(reader, (unsigned char)bytes.data[0], fault))
            return false;
    }
    return reader->form == FORM_CSV ? clti_csv_reader_feed(reader->csv, bytes, fault)
                                    : feed_ndjson(reader, bytes, fault);
}

bool clti_import_reader_finish(clti_import_reader *reader, clti_fault *fault) {
    switch (reader->form) {
    case FORM_CSV:
        return finish_csv(reader, fault);
    case FORM_NDJSON:
        return end_line(reader, CLTI_STR(""), fault);
    case FORM_UNKNOWN:
        break;
    }
    return fail_input(fault, "The input is empty: neither a CSV header nor a line of JSON.");
}

bool clti_import_bytes(clti_store *store, clt_guid partner, clt_str bytes, clti_import_summary *out,
                       clti_fault *fault) {
    clti_import_reader *reader = NULL;
    clti_import_batch batch;
    clti_import_batch_init(&batch, store, partner, /* rejects= */ NULL, /* interrupted= */ NULL);
    bool done = clti_import_reader_new(&batch, &reader, fault) &&
                clti_import_reader_feed(reader, bytes, fault) && clti_import_reader_finish(reader, fault) &&
                clti_import_batch_flush(&batch, fault);
    clti_import_reader_free(reader);
    if (done)
        *out = batch.summary;
    clti_import_batch_done(&batch);
    return done;
}
