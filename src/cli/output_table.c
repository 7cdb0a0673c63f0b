/* Tables that fit: columns as wide as the first page needs, the widest cut down to the terminal's width. */
#include "cli/output_private.h"
#include "cli/shown_private.h"

#include <stdlib.h>
#include <string.h>

#define GAP         "  "
#define GAP_SIZE    2
#define WIDTH_LEAST 4  /* of a column; on a very narrow terminal one */
#define VALUE_LEAST 16 /* of a record's value; with less room it stands below its name */
#define BOLD        "\033[1m"
#define PLAIN       "\033[0m"

/* A table holds its page's cells until it knows how wide they are. */
void clti_table_add(clti_output *output, const void *item) {
    size_t count = output->columns->count;
    output->cells = clti_reallocate(output->cells, (output->cell_count + count) * sizeof(*output->cells));
    for (size_t i = 0; i < count; i++) {
        clt_str cell = output->columns->items[i]->get(item, &output->room);
        output->cells[output->cell_count++] = cell;
    }
}

/* The widest that can be cut; those of no use in part come last, and before it gets absurd. `count`: none. */
static size_t widest_of(const clti_output *output) {
    size_t count = output->columns->count, found = count;
    for (int pass = 0; pass < 4 && found == count; pass++) {
        const bool is_whole = pass % 2 == 1;
        const size_t least = pass < 2 ? WIDTH_LEAST : 1;
        for (size_t i = 0; i < count; i++)
            if (output->columns->items[i]->is_whole == is_whole && output->widths[i] > least &&
                (found == count || output->widths[i] > output->widths[found]))
                found = i;
    }
    return found;
}

/* Take columns off the widest until the row fits. */
static void fit(clti_output *output) {
    size_t count = output->columns->count, total = (count - 1) * GAP_SIZE;
    for (size_t i = 0; i < count; i++)
        total += output->widths[i];
    for (; total > output->width; total--) {
        size_t widest = widest_of(output);
        if (widest == count)
            return;
        output->widths[widest]--;
    }
}

/* The column of the cell behind one of `column`. */
static size_t next_column(const clti_output *output, size_t column) {
    return column + 1 < output->columns->count ? column + 1 : 0;
}

static void settle_widths(clti_output *output) {
    size_t count = output->columns->count;
    output->widths = clti_allocate(count * sizeof(*output->widths));
    for (size_t i = 0; i < count; i++)
        output->widths[i] = strlen(output->columns->items[i]->title);
    for (size_t i = 0, column = 0; i < output->cell_count; i++, column = next_column(output, column)) {
        size_t width = clti_shown_width(output->cells[i]);
        if (width > output->widths[column])
            output->widths[column] = width;
    }
    if (output->width > 0)
        fit(output);
}

/* Where nothing has to fit, a cell wider than its column is not cut: it pushes the others aside. */
static void add_cell(clti_output *output, size_t column, clt_str cell) {
    bool is_last = column + 1 == output->columns->count;
    size_t width = output->widths[column], needed = clti_shown_width(cell);
    if (needed > width && output->width == 0)
        width = needed;
    clti_shown_add(&output->pending, cell, is_last && needed < width ? needed : width);
    clti_bytes_add_text(&output->pending, is_last ? "\n" : GAP);
}

static void add_header(clti_output *output) {
    if (output->has_colours)
        clti_bytes_add_text(&output->pending, BOLD);
    for (size_t i = 0; i < output->columns->count; i++)
        add_cell(output, i, clti_view(output->columns->items[i]->title));
    if (output->has_colours) {
        output->pending.size--; /* the line goes on */
        clti_bytes_add_text(&output->pending, PLAIN "\n");
    }
}

void clti_table_flush(clti_output *output) {
    if (output->cell_count == 0)
        return;
    if (!output->widths) {
        settle_widths(output);
        add_header(output);
    }
    for (size_t i = 0, column = 0; i < output->cell_count; i++, column = next_column(output, column))
        add_cell(output, column, output->cells[i]);
    output->cell_count = 0;
}

/* ---- one item ------------------------------------------------------------------------------------------ */

void clti_record_add(clti_bytes *out, const clti_record *record, clt_str name, clt_str value) {
    const size_t whole = record->name_width + GAP_SIZE, width = record->width;
    const bool is_stacked = width > 0 && whole + VALUE_LEAST > width;
    const size_t indent = is_stacked ? GAP_SIZE : whole;
    clti_bytes_add_text(out, record->has_colours ? BOLD : "");
    if (is_stacked)
        clti_shown_take(out, &name, width);
    else
        clti_shown_add(out, name, record->name_width);
    clti_bytes_add_text(out, record->has_colours ? PLAIN : "");
    clti_bytes_add_text(out, is_stacked ? "\n" GAP : GAP);
    if (width == 0)
        clti_shown_add(out, value, 0);
    while (width > 0 && value.size > 0) {
        clti_shown_take(out, &value, width > indent ? width - indent : 1);
        if (value.size > 0) {
            clti_bytes_add_char(out, '\n');
            clti_shown_indent(out, indent);
        }
    }
    clti_bytes_add_char(out, '\n');
}

void clti_table_single(clti_output *output, const void *item) {
    clti_record record = {.width = output->width, .has_colours = output->has_colours};
    for (size_t i = 0; i < output->columns->count; i++) {
        size_t needed = strlen(output->columns->items[i]->name);
        if (needed > record.name_width && output->columns->items[i]->get(item, &output->room).size > 0)
            record.name_width = needed;
    }
    for (size_t i = 0; i < output->columns->count; i++) {
        clt_str cell = output->columns->items[i]->get(item, &output->room);
        if (cell.size > 0)
            clti_record_add(&output->pending, &record, clti_view(output->columns->items[i]->name), cell);
    }
}
