/* The rejects file: refused rows as they stood, with line and reason, so that they can be mended. */
#include "daemon/import_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Above the largest line: a row at its limit, its stray bytes replaced by three each, room for escapes. */
#define LINE_SIZE_MAX ((size_t)32 * CLTI_CSV_ROW_MAX)

static bool fail_write(const clti_import_rejects *rejects, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "The rejects file %s cannot be written: %s.",
                          rejects->path, strerror(errno));
}

/* ---- the file ------------------------------------------------------------------------------------------ */

/* As any new file; mkstemp() makes it private. */
static bool set_usual_mode(int descriptor) {
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(descriptor, 0666 & ~mask) == 0;
}

static int make_temporary(clti_import_rejects *rejects) {
    rejects->temporary =
        (char *)(uintptr_t)clti_arena_format(rejects->arena, "%s.XXXXXX", rejects->path).data;
    if (!rejects->temporary) {
        errno = ENOMEM;
        return -1;
    }
    int descriptor = mkostemp(rejects->temporary, O_CLOEXEC);
    if (descriptor >= 0 && set_usual_mode(descriptor))
        return descriptor;
    int why = errno;
    if (descriptor >= 0) {
        close(descriptor);
        unlink(rejects->temporary);
    }
    errno = why;
    return -1;
}

bool clti_import_rejects_begin(clti_import_rejects *rejects, clti_fault *fault) {
    bool is_there = stat(rejects->path, &rejects->before) == 0;
    if (!is_there)
        rejects->before = (struct stat){0};
    /* A device such as /dev/null is written to, never replaced. */
    bool is_replaced = !is_there || S_ISREG(rejects->before.st_mode);
    int descriptor = is_replaced ? make_temporary(rejects) : open(rejects->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL,
                              "The rejects file %s cannot be written: %s; --rejects names another.",
                              rejects->path, strerror(errno));
    rejects->file = fdopen(descriptor, "w");
    if (rejects->file)
        return true;
    fail_write(rejects, fault);
    close(descriptor);
    if (rejects->temporary)
        unlink(rejects->temporary);
    return false;
}

/* No other import has put its file there since this one began. */
static bool is_as_before(const clti_import_rejects *rejects) {
    struct stat now = {0};
    if (stat(rejects->path, &now) != 0)
        return true;
    const struct stat *before = &rejects->before;
    return before->st_nlink > 0 && now.st_dev == before->st_dev && now.st_ino == before->st_ino;
}

/* One of ours, that is; anybody may name any file. */
static bool is_rejects_file(const char *path) {
    const clt_str csv = CLTI_STR("line,reason"), ndjson = CLTI_STR("{\"line\":");
    char text[16];
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    clt_str begin = {text, fread(text, 1, sizeof text, file)};
    fclose(file);
    return clti_str_starts_with(begin, csv) || clti_str_starts_with(begin, ndjson);
}

static bool remove_stale(const clti_import_rejects *rejects, clti_fault *fault) {
    bool is_stale = rejects->before.st_nlink > 0 && is_as_before(rejects) && is_rejects_file(rejects->path);
    if (!is_stale || unlink(rejects->path) == 0 || errno == ENOENT)
        return true;
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL,
                          "The rejects file %s of an earlier run cannot be removed: %s.", rejects->path,
                          strerror(errno));
}

static bool give_name(clti_import_rejects *rejects, clti_fault *fault) {
    if (!is_as_before(rejects)) {
        rejects->path = rejects->temporary;
        return true;
    }
    if (rename(rejects->temporary, rejects->path) == 0)
        return true;
    fail_write(rejects, fault);
    unlink(rejects->temporary);
    return false;
}

bool clti_import_rejects_close(clti_import_rejects *rejects, bool is_complete, clti_fault *fault) {
    bool was_told = rejects->has_failed;
    bool done = fclose(rejects->file) == 0 || fail_write(rejects, fault);
    rejects->file = NULL;
    if (rejects->temporary && (!done || was_told || !rejects->has_rows))
        unlink(rejects->temporary);
    else if (rejects->temporary)
        done = give_name(rejects, fault);
    if (rejects->temporary && is_complete && !rejects->has_rows)
        done = remove_stale(rejects, fault) && done;
    rejects->has_failed = was_told || !done;
    return done || was_told;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

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
    if (!rejects || rejects->has_failed)
        return true;
    clti_buf text;
    clti_buf_init(&text, LINE_SIZE_MAX);
    if (rejects->header && !rejects->has_rows) {
        clti_buf_add(&text, CLTI_STR("line,reason"));
        add_cells(&text, rejects->header, rejects->header_count);
    }
    rejects->has_rows = true;
    add_row(&text, rejects, row, reason);
    bool done = clti_buf_ok(&text) ? fwrite(text.data, 1, text.size, rejects->file) == text.size ||
                                         fail_write(rejects, fault)
                                   : clti_fault_no_memory(fault);
    rejects->has_failed = !done;
    clti_buf_done(&text);
    return done;
}
