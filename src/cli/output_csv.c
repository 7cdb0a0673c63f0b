/* CSV by RFC 4180, and tab-separated values. Cells are what the service sent: one that a spreadsheet would
 * take for a formula is left as it is. On a terminal what acts there is made harmless. */
#include "cli/output_private.h"
#include "cli/shown_private.h"

#include <string.h>

void clti_csv_add_cell(clti_bytes *out, clt_str cell) {
    bool plain = true;
    for (size_t i = 0; i < cell.size && plain; i++)
        plain = !strchr(",\"\r\n", cell.data[i]) && cell.data[i] != '\0';
    if (plain) {
        clti_bytes_add(out, cell);
        return;
    }
    clti_bytes_add_char(out, '"');
    while (cell.data) {
        clti_bytes_add(out, clti_view_cut(cell, '"', &cell));
        clti_bytes_add_text(out, cell.data ? "\"\"" : "\"");
    }
}

void clti_tsv_add_cell(clti_bytes *out, clt_str cell) {
    static const char acting[] = "\t\n\r\\", letters[] = "tnr\\";
    for (size_t i = 0; i < cell.size; i++) {
        const char *at = cell.data[i] ? strchr(acting, cell.data[i]) : NULL;
        if (at) {
            clti_bytes_add_char(out, '\\');
            clti_bytes_add_char(out, letters[at - acting]);
        } else
            clti_bytes_add_char(out, cell.data[i]);
    }
}

static void add_cell(clti_output *output, size_t column, clt_str cell) {
    bool is_csv = output->format == CLTI_FORMAT_CSV;
    clti_bytes shown = {0};
    if (output->is_terminal) {
        clti_shown_add(&shown, cell, 0);
        cell = clti_bytes_view(&shown);
    }
    if (column > 0)
        clti_bytes_add_char(&output->pending, is_csv ? ',' : '\t');
    if (is_csv)
        clti_csv_add_cell(&output->pending, cell);
    else
        clti_tsv_add_cell(&output->pending, cell);
    clti_bytes_done(&shown);
}

static void end_row(clti_output *output) {
    clti_bytes_add_text(&output->pending, output->format == CLTI_FORMAT_CSV ? "\r\n" : "\n");
}

void clti_csv_begin(clti_output *output) {
    for (size_t i = 0; i < output->columns->count; i++)
        add_cell(output, i, clti_view(output->columns->items[i]->name));
    end_row(output);
}

void clti_csv_add(clti_output *output, const void *item) {
    for (size_t i = 0; i < output->columns->count; i++)
        add_cell(output, i, output->columns->items[i]->get(item, &output->room));
    end_row(output);
}
