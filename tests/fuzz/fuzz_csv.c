/* CSV from strangers: whatever the pieces it comes in, the rows are the same, within limits and line by line.
 */
#include "wire/wire.h"

#define SEEN_MAX ((size_t)64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct seen_rows {
    clti_buf text;
    uint64_t last_line;
} seen_rows;

static bool see_row(void *user, const clti_csv_row *row, clti_fault *fault) {
    (void)fault;
    seen_rows *seen = user;
    clti_assert(row->count > 0 && row->count <= CLTI_CSV_COLUMNS_MAX);
    clti_assert(row->last_line >= row->line);
    clti_assert(row->line > seen->last_line);
    seen->last_line = row->last_line;
    clti_buf_add_u64(&seen->text, row->line);
    clti_buf_add(&seen->text, clti_str(row->problem ? row->problem : ""));
    for (size_t i = 0; i < row->count; i++) {
        clti_assert(row->cells[i].data != NULL);
        clti_buf_add_char(&seen->text, '|');
        clti_buf_add(&seen->text, row->cells[i]);
        (void)clti_csv_column_member(row->cells[i]);
    }
    return true;
}

/* The rows, then the fault if there was one. */
static clti_buf read_all(clt_str input, size_t step) {
    seen_rows seen = {0};
    clti_csv_reader *reader;
    clti_fault fault;
    clti_buf_init(&seen.text, SEEN_MAX);
    if (!clti_csv_reader_new(see_row, &seen, &reader, &fault))
        return seen.text;
    bool done = true;
    for (size_t at = 0; done && at < input.size; at += step) {
        clt_str rest = clti_str_from(input, at);
        done =
            clti_csv_reader_feed(reader, (clt_str){rest.data, rest.size < step ? rest.size : step}, &fault);
    }
    if (!done || !clti_csv_reader_finish(reader, &fault))
        clti_buf_add(&seen.text, clti_str(fault.text));
    clti_csv_reader_free(reader);
    return seen.text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clt_str input = {(const char *)data, size};
    clti_buf whole = read_all(input, size ? size : 1);
    clti_buf pieces = read_all(input, 1 + (size ? data[size - 1] % 7 : 0));
    clti_assert(!clti_buf_ok(&whole) || clti_str_equal(clti_buf_str(&whole), clti_buf_str(&pieces)));
    clti_buf_done(&whole);
    clti_buf_done(&pieces);
    return 0;
}
