/* A new store from an export: line by line, all of it or nothing. */
#include "daemon/daemon_private.h"
#include "daemon/entry_sink_private.h"
#include "daemon/export_private.h"
#include "daemon/long_run_private.h"
#include "identity/identity.h"
#include "wire/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct import_run {
    FILE *file;
    char *line;
    size_t line_capacity;
    uint64_t number; /* of the line, from 1 */
    clti_store *store;
    clti_entry_sink sink;
} import_run;

static bool grow_line(import_run *run, clti_fault *fault) {
    size_t capacity = run->line_capacity ? 2 * run->line_capacity : 4096;
    char *line = realloc(run->line, capacity);
    if (!line)
        return clti_fault_no_memory(fault);
    run->line = line;
    run->line_capacity = capacity;
    return true;
}

/* The next line without its end; *out_more false at the end of the input. */
static bool next_line(import_run *run, clt_str *out, bool *out_more, clti_fault *fault) {
    size_t size = 0;
    int byte;
    run->number++;
    while ((byte = getc_unlocked(run->file)) != EOF && byte != '\n') {
        if (size == CLTI_EXPORT_LINE_MAX)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "It is longer than 16 MiB.");
        if (size == run->line_capacity && !grow_line(run, fault))
            return false;
        run->line[size++] = (char)byte;
    }
    if (ferror(run->file))
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "It cannot be read: %s.", strerror(errno));
    *out_more = size > 0 || byte != EOF;
    *out = clti_str_trim((clt_str){run->line, size});
    return true;
}

static bool add_line(import_run *run, clt_str line, clti_fault *fault) {
    clti_arena *arena = &run->sink.arena;
    clti_entry entry;
    bool flushed;
    if (!clti_wire_read_entry(line, arena, &entry, fault) ||
        !clti_entry_sink_make_room(&run->sink, &entry, &flushed, fault))
        return false;
    /* Storing what waited has emptied the arena, and with it this line; so it is read once more. */
    return (!flushed || clti_wire_read_entry(line, arena, &entry, fault)) &&
           clti_entry_sink_add(&run->sink, &entry, fault);
}

static bool fail_line(clti_fault *fault, const char *text) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", text);
}

/* The next line into the store; *in_out_ended once the last line of the export was read. */
static bool take_line(import_run *run, bool *out_more, bool *in_out_ended, clti_fault *fault) {
    clt_str line = {NULL, 0};
    bool is_read = next_line(run, &line, out_more, fault);
    if (clti_interrupted)
        return fail_line(fault, "It was interrupted.");
    if (!is_read)
        return false;
    if (!*out_more)
        return *in_out_ended ||
               fail_line(fault, "The last line of an export is missing; the file was cut short.");
    if (clti_str_is_empty(line))
        return true;
    if (*in_out_ended)
        return fail_line(fault, "It stands behind the last line of an export.");
    *in_out_ended = clti_str_equal(line, CLTI_STR(CLTI_EXPORT_LAST_LINE));
    return *in_out_ended || add_line(run, line, fault);
}

static bool add_lines(import_run *run, clti_fault *fault) {
    clti_progress progress;
    bool done = true, more = true, ended = false;
    clti_progress_init(&progress);
    while (done && more) {
        done = take_line(run, &more, &ended, fault);
        clti_progress_show(&progress, 0, 0, run->number, "lines");
    }
    clti_progress_erase(&progress);
    return done && clti_entry_sink_flush(&run->sink, fault);
}

/* A store without keys could give no tokens. */
static bool fill(import_run *run, clti_fault *fault) {
    if (!clti_entry_sink_init(&run->sink, run->store, fault))
        return false;
    return add_lines(run, fault) && (run->sink.counts[CLTI_ENTRY_KEY] > 0 ||
                                     clti_identity_make_key(run->store, clti_now_seconds(), fault));
}

static int import_lines(import_run *run, const char *path, const clti_store_options *options) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_fault fault;
    clt_str place;
    clti_interrupt_watch();
    if (!clti_store_place(options, &arena, &place, &fault) ||
        !clti_store_create(options, &run->store, &fault))
        return clti_fail(&fault);
    bool filled = fill(run, &fault);
    if (!filled)
        fprintf(stderr, "clienteled: %s, line %" PRIu64 ": %s Nothing was imported.\n", path, run->number,
                fault.text);
    bool done = filled && clti_store_commit_new(&run->store, &fault);
    if (filled && !done)
        clti_complain(&fault);
    clti_store_close(run->store);
    if (done)
        printf("A new store is in %.*s: %" PRIu64 " partners, %" PRIu64 " applications, %" PRIu64
               " users, %" PRIu64 " links, %" PRIu64 " customers, %" PRIu64 " audit records.\n",
               CLTI_STR_ARGS(place), run->sink.counts[CLTI_ENTRY_PARTNER],
               run->sink.counts[CLTI_ENTRY_APPLICATION], run->sink.counts[CLTI_ENTRY_USER],
               run->sink.counts[CLTI_ENTRY_LINK], run->sink.counts[CLTI_ENTRY_CUSTOMER],
               run->sink.counts[CLTI_ENTRY_AUDIT]);
    return done ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
}

int clti_import_export(const char *path, const clti_store_options *options) {
    import_run run = {.file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re")};
    clt_str first;
    bool more;
    clti_fault fault;
    if (!run.file) {
        fprintf(stderr, "clienteled: %s cannot be opened: %s.\n", path, strerror(errno));
        return CLTI_EXIT_FAILED;
    }
    bool is_export = next_line(&run, &first, &more, &fault) && more &&
                     clti_str_equal(first, CLTI_STR(CLTI_EXPORT_FIRST_LINE));
    int code = is_export ? import_lines(&run, path, options) : CLTI_EXIT_USAGE;
    if (run.file != stdin)
        fclose(run.file);
    free(run.line);
    clti_entry_sink_done(&run.sink);
    return code;
}
