/* What all formats share: which function does what, and bytes on their way out. */
#include "cli/output_private.h"
#include "cli/terminal_private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void do_nothing(clti_output *output) {
    (void)output;
}

/* Also a single item in CSV: header and row. */
static void add_to_csv(clti_output *output, const void *item) {
    clti_csv_begin(output);
    clti_csv_add(output, item);
}

static const struct {
    void (*begin)(clti_output *output);
    void (*add)(clti_output *output, const void *item);
    void (*flush)(clti_output *output); /* before a page is written */
    void (*end)(clti_output *output);
    void (*single)(clti_output *output, const void *item);
} formats[] = {
    [CLTI_FORMAT_TABLE] = {do_nothing, clti_table_add, clti_table_flush, do_nothing, clti_table_single},
    [CLTI_FORMAT_JSON] = {clti_array_begin, clti_array_add, do_nothing, clti_array_end, clti_object_single},
    [CLTI_FORMAT_NDJSON] = {do_nothing, clti_ndjson_add, do_nothing, do_nothing, clti_ndjson_add},
    [CLTI_FORMAT_CSV] = {clti_csv_begin, clti_csv_add, do_nothing, do_nothing, add_to_csv},
    [CLTI_FORMAT_TSV] = {clti_csv_begin, clti_csv_add, do_nothing, do_nothing, add_to_csv},
};

clti_format_kind clti_format_find(const char *name, clti_format_kind fallback) {
    return name ? (clti_format_kind)clti_choice_find(CLTI_FORMAT_CHOICES, clti_view(name)) : fallback;
}

void clti_output_init(clti_output *output, clti_format_kind format, const clti_column_choice *columns,
                      int descriptor) {
    size_t width = clti_terminal_width(descriptor);
    *output = (clti_output){.format = format,
                            .columns = columns,
                            .descriptor = descriptor,
                            .is_terminal = width > 0,
                            .has_colours = clti_terminal_has_colours(descriptor),
                            .width = width};
}

void clti_output_begin(clti_output *output) {
    formats[output->format].begin(output);
}

void clti_output_add(clti_output *output, const void *item) {
    formats[output->format].add(output, item);
    output->count++;
}

bool clti_output_add_page(clti_output *output, const clt_customer_page *page) {
    for (size_t i = 0; i < clt_customer_page_count(page); i++)
        clti_output_add(output, clt_customer_page_at(page, i));
    return clti_output_page(output);
}

int clti_write_all(int descriptor, clt_str bytes) {
    while (bytes.size > 0) {
        ssize_t written = write(descriptor, bytes.data, bytes.size);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
            poll(&waiting, 1, -1);
        } else if (written < 0 && errno != EINTR)
            return errno;
        else if (written > 0)
            bytes = (clt_str){bytes.data + written, bytes.size - (size_t)written};
    }
    return 0;
}

int clti_print(clt_str text) {
    const clti_output output = {.error = clti_write_all(STDOUT_FILENO, text)};
    return output.error ? clti_output_fail(&output) : CLTI_EXIT_DONE;
}

bool clti_output_page(clti_output *output) {
    formats[output->format].flush(output);
    if (!output->error && output->pending.size > 0) {
        output->error = clti_write_all(output->descriptor, clti_bytes_view(&output->pending));
        output->size += output->pending.size;
    }
    clti_bytes_clear(&output->pending);
    return output->error == 0;
}

bool clti_output_end(clti_output *output, bool is_whole) {
    if (is_whole)
        formats[output->format].end(output);
    else if (output->format == CLTI_FORMAT_JSON)
        clti_bytes_add_char(&output->pending, '\n');
    return clti_output_page(output);
}

bool clti_output_single(clti_output *output, const void *item) {
    formats[output->format].single(output, item);
    return clti_output_page(output);
}

bool clti_output_wait(clti_output *output, int milliseconds) {
    /* Without events to wait for it tells errors alone: a pipe without a reader, a terminal that hung up. */
    struct pollfd left = {.fd = output->descriptor};
    if (!output->error && poll(&left, 1, milliseconds) > 0)
        output->error = EPIPE;
    return output->error == 0;
}

void clti_output_done(clti_output *output) {
    clti_bytes_done(&output->pending);
    clti_bytes_done(&output->room);
    free(output->cells);
    free(output->widths);
}

int clti_output_fail(const clti_output *output) {
    if (output->error == EPIPE)
        return CLTI_EXIT_DONE;
    clti_complain("Standard output cannot be written: %s.", strerror(output->error));
    return CLTI_EXIT_FAILED;
}
