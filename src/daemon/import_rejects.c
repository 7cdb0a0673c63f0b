/* The rejects file: refused rows as they stood, with line and reason, so that they can be mended. */
#include "daemon/import_private.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Above the largest line: a row at its limit, its stray bytes replaced by three each, room for escapes. */
#define LINE_SIZE_MAX ((size_t)32 * CLTI_CSV_ROW_MAX)

static bool fail_write(const clti_import_rejects *rejects, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The rejects file %s cannot be written: %s.",
                          rejects->path, strerror(errno));
}

bool clti_import_rejects_remove_stale(const clti_import_rejects *rejects, clti_fault *fault) {
    struct stat status;
    /* Only a file: a device such as /dev/null is written to, never removed. */
    if (stat(rejects->path, &status) == 0 && S_ISREG(status.st_mode) && unlink(rejects->path) != 0)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL,
                              "The rejects file %s of an earlier run cannot be removed: %s.", rejects->path,
                              strerror(errno));
    return true;
}

static void add_cell(clti_buf *out, clt_str cell) {
    bool plain = true;
    for (size_t i = 0; i < cell.size; i++)
        plain = plain && cell.data[i] != ',' && cell.data[i] != '"' && cell.data[i] != '\r' &&
                cell.data[i] != '\n';
    if (plain) {
        clti_buf_add(out, cell);
        return;
    }
    clti_buf_add_char(out, '"');
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            clti_buf_add_char(out, '"');
        clti_buf_add_char(out, cell.data[i]);
    }
    clti_buf_add_char(out, '"');
}

static void add_cells(clti_buf *out, const clt_str *cells, size_t count) {
    for (size_t i = 0; i < count; i++) {
        clti_buf_add_char(out, ',');
        add_cell(out, cells[i]);
    }
    clti_buf_add_char(out, '\n');
}

/* JSON must be UTF-8, which a refused line need not be: each stray byte becomes U+FFFD. */
static void add_json_text(clti_buf *out, clt_str text) {
    size_t points;
    if (clti_text_check(text, &points)) {
        clti_json_add_string(out, text);
        return;
    }
    clti_buf clean;
    clti_buf_init(&clean, 3 * text.size);
    while (text.size > 0) {
        size_t size = 1;
        while (size < 4 && size < text.size && !clti_text_check((clt_str){text.data, size}, &points))
            size++;
        bool valid = clti_text_check((clt_str){text.data, size}, &points);
        clti_buf_add(&clean, valid ? (clt_str){text.data, size} : CLTI_STR("\xEF\xBF\xBD"));
        text = clti_str_from(text, valid ? size : 1);
    }
    if (clti_buf_ok(&clean))
        clti_json_add_string(out, clti_buf_str(&clean));
    else
        out->failed = true;
    clti_buf_done(&clean);
}

static void add_row(clti_buf *out, const clti_import_rejects *rejects, const clti_import_row *row,
                    clt_str reason) {
    if (rejects->header) {
        clti_buf_add_u64(out, row->line);
        add_cells(out, &reason, 1);
        out->size--; /* the row goes on */
        add_cells(out, row->cells, row->count);
        return;
    }
    clti_buf_add_format(out, "{\"line\":%" PRIu64 ",\"reason\":", row->line);
    add_json_text(out, reason);
    clti_buf_add(out, CLTI_STR(",\"input\":"));
    add_json_text(out, row->cells[0]);
    clti_buf_add(out, CLTI_STR("}\n"));
}

bool clti_import_rejects_add(clti_import_rejects *rejects, const clti_import_row *row, clt_str reason,
                             clti_fault *fault) {
    if (!rejects || !rejects->path)
        return true;
    clti_buf text;
    clti_buf_init(&text, LINE_SIZE_MAX);
    if (!rejects->file) {
        rejects->file = fopen(rejects->path, "we");
        if (!rejects->file)
            return fail_write(rejects, fault);
        if (rejects->header) {
            clti_buf_add(&text, CLTI_STR("line,reason"));
            add_cells(&text, rejects->header, rejects->header_count);
        }
    }
    add_row(&text, rejects, row, reason);
    bool done = clti_buf_ok(&text) ? fwrite(text.data, 1, text.size, rejects->file) == text.size ||
                                         fail_write(rejects, fault)
                                   : clti_fault_no_memory(fault);
    clti_buf_done(&text);
    return done;
}

bool clti_import_rejects_close(clti_import_rejects *rejects, clti_fault *fault) {
    if (!rejects->file)
        return true;
    bool done = fclose(rejects->file) == 0;
    rejects->file = NULL;
    return done || fail_write(rejects, fault);
}
