/* Items as JSON in the shape that the service gives them, so that `clienteled import` reads customers; or, if
 * columns are asked for by name, as flat objects of these. */
#include "cli/output_private.h"

static void add(clti_output *output, const void *item, bool is_indented) {
    const clti_column_choice *columns = output->columns;
    clti_printer object = {.out = &output->pending, .is_indented = is_indented};
    clti_printer_begin(&object);
    if (!columns->is_explicit && columns->kind->add_members)
        columns->kind->add_members(&object, item);
    else
        for (size_t i = 0; i < columns->count; i++)
            clti_printer_text(&object, columns->items[i]->name, columns->items[i]->get(item, &output->room));
    clti_printer_end(&object);
}

/* ---- formats ------------------------------------------------------------------------------------------- */

void clti_array_begin(clti_output *output) {
    clti_bytes_add_char(&output->pending, '[');
}

void clti_array_add(clti_output *output, const void *item) {
    clti_bytes_add_text(&output->pending, output->count > 0 ? ",\n" : "\n");
    add(output, item, false);
}

void clti_array_end(clti_output *output) {
    clti_bytes_add_text(&output->pending, output->count > 0 ? "\n]\n" : "]\n");
}

void clti_ndjson_add(clti_output *output, const void *item) {
    add(output, item, false);
    clti_bytes_add_char(&output->pending, '\n');
}

void clti_object_single(clti_output *output, const void *item) {
    add(output, item, true);
    clti_bytes_add_char(&output->pending, '\n');
}
