/* clienteled import: customers of one partner from a file or standard input. */
#include "daemon/daemon_private.h"
#include "daemon/export_private.h"
#include "daemon/import_private.h"
#include "daemon/long_run_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

/** What the command line says. */
typedef struct import_request {
    const char *partner; /* domain or GUID */
    const char *rejects; /* NULL: beside the input */
    const char *file;    /* `-` for standard input */
} import_request;

typedef struct import_input {
    const char *name; /* for messages */
    int descriptor;
    uint64_t size; /* 0 if not known */
    uint64_t read;
    bool is_at_end;
    struct stat status;
} import_input;

/* What the operating system says about a file. */
static int complain_about(const char *name, const char *what) {
    fprintf(stderr, "clienteled: %s %s: %s.\n", name, what, strerror(errno));
    return CLTI_EXIT_FAILED;
}

/* ---- input -------------------------------------------------------------------------------------------- */

static bool open_input(const char *file, import_input *out) {
    bool is_standard = strcmp(file, "-") == 0;
    *out = (import_input){.name = is_standard ? "standard input" : file, .descriptor = STDIN_FILENO};
    if (!is_standard)
        out->descriptor = open(file, O_RDONLY | O_CLOEXEC);
    if (out->descriptor < 0 || fstat(out->descriptor, &out->status) != 0) {
        complain_about(out->name, "cannot be opened");
        return false;
    }
    if (S_ISDIR(out->status.st_mode)) {
        fprintf(stderr, "clienteled: %s is a directory; name a file.\n", out->name);
        return false;
    }
    if (S_ISREG(out->status.st_mode))
        out->size = (uint64_t)out->status.st_size;
    return true;
}

static void close_input(import_input *input) {
    if (input->descriptor > STDIN_FILENO)
        close(input->descriptor);
}

/* A full chunk, unless the input ends or a signal comes. */
static bool read_chunk(import_input *input, char *chunk, size_t *out_size, clti_fault *fault) {
    size_t size = 0;
    while (size < CHUNK_SIZE && !clti_interrupted) {
        ssize_t got = read(input->descriptor, chunk + size, CHUNK_SIZE - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "It cannot be read: %s.",
                                  strerror(errno));
        input->is_at_end = got == 0;
        if (input->is_at_end)
            break;
        size += (size_t)got;
    }
    input->read += size;
    *out_size = size;
    return true;
}

/* ---- importing ---------------------------------------------------------------------------------------- */

typedef enum rows_end { ROWS_COMPLETE, ROWS_INTERRUPTED, ROWS_FAILED } rows_end;

/* Every line of an export would be refused, one by one. */
static bool check_is_no_export(clt_str begin, clti_fault *fault) {
    return !clti_str_starts_with(begin, CLTI_STR(CLTI_EXPORT_FIRST_LINE)) ||
           clti_fault_set(
               fault, CLTI_FAULT_INVALID_REQUEST, NULL,
               "This is an export of a whole store. 'clienteled import' without --partner makes a new "
               "store of it, in a folder (--data) or database (--store) that holds none.");
}

/* Everything from the input into the batch and, so far as it was read, from there into the store. */
static rows_end read_rows(import_input *input, clti_import_reader *reader, clti_import_batch *batch,
                          char *chunk, clti_fault *fault) {
    clti_progress progress;
    bool done = true;
    clti_progress_init(&progress);
    while (done && !input->is_at_end && !clti_interrupted) {
        size_t size = 0;
        bool is_first = input->read == 0;
        done = read_chunk(input, chunk, &size, fault) &&
               (!is_first || check_is_no_export((clt_str){chunk, size}, fault)) &&
               clti_import_reader_feed(reader, (clt_str){chunk, size}, fault);
        clti_progress_show(&progress, input->read, input->size, batch->summary.rows + batch->entry_count,
                           "rows");
    }
    if (done && input->is_at_end)
        done = clti_import_reader_finish(reader, fault);
    if (done)
        done = clti_import_batch_flush(batch, fault);
    clti_progress_erase(&progress);
    if (!done)
        return batch->is_interrupted ? ROWS_INTERRUPTED : ROWS_FAILED;
    return input->is_at_end ? ROWS_COMPLETE : ROWS_INTERRUPTED;
}

static void say_how_far(const clti_import_batch *batch, rows_end end, uint64_t line) {
    const clti_import_summary *summary = &batch->summary;
    if (end == ROWS_INTERRUPTED)
        fprintf(stderr, "clienteled: interrupted");
    else
        fprintf(stderr, "clienteled: stopped at line %" PRIu64, line);
    if (summary->added + summary->updated + summary->unchanged > 0)
        fprintf(stderr, "; rows before line %" PRIu64 " are stored.\n", batch->stored_before_line);
    else
        fprintf(stderr, "; nothing was stored.\n");
}

static bool import_rows(import_input *input, clti_import_batch *batch, char *chunk) {
    clti_import_reader *reader;
    clti_fault fault;
    if (!clti_import_reader_new(batch, &reader, &fault)) {
        clti_complain(&fault);
        return false;
    }
    rows_end end = read_rows(input, reader, batch, chunk, &fault);
    if (end == ROWS_FAILED)
        fprintf(stderr, "clienteled: %s: %s\n", input->name, fault.text);
    if (end != ROWS_COMPLETE)
        say_how_far(batch, end, clti_import_reader_line(reader));
    clti_import_reader_free(reader);
    return end == ROWS_COMPLETE;
}

static int report(const clti_import_summary *summary, const clti_import_rejects *rejects, bool done) {
    clti_import_summary_print(summary);
    if (summary->refused > 0 && !rejects->has_failed)
        printf("The refused rows are in %s, each with its line and the reason.\n", rejects->path);
    if (!clti_output_finish() || !done)
        return CLTI_EXIT_FAILED;
    return summary->refused > 0 ? CLTI_EXIT_PARTLY : CLTI_EXIT_DONE;
}

static int import_input_into(clti_store *store, clt_guid partner, import_input *input,
                             clti_import_rejects *rejects) {
    clti_fault fault;
    char *chunk = malloc(CHUNK_SIZE);
    if (!chunk)
        return complain_about("The input", "cannot be read");
    if (!clti_import_rejects_begin(rejects, &fault)) {
        clti_complain(&fault);
        free(chunk);
        return CLTI_EXIT_FAILED;
    }
    clti_import_batch batch;
    clti_import_batch_init(&batch, store, partner, rejects, &clti_interrupted);
    clti_interrupt_watch();
    bool done = import_rows(input, &batch, chunk);
    if (!clti_import_rejects_close(rejects, done, &fault)) {
        clti_complain(&fault);
        done = false;
    }
    free(chunk);
    int code = report(&batch.summary, rejects, done);
    clti_import_batch_done(&batch);
    return code;
}

/* ---- the command -------------------------------------------------------------------------------------- */

/* Where refused rows go when nobody says: beside the input. */
static const char *rejects_path(const import_request *request, clti_arena *arena) {
    if (request->rejects)
        return request->rejects;
    if (strcmp(request->file, "-") == 0)
        return "import.rejects";
    return clti_arena_format(arena, "%s.rejects", request->file).data;
}

static bool is_same_file(const import_input *input, const char *path) {
    struct stat status;
    return S_ISREG(input->status.st_mode) && stat(path, &status) == 0 &&
           status.st_dev == input->status.st_dev && status.st_ino == input->status.st_ino;
}

static int import_into_partner(clti_store *store, const import_request *request, import_input *input,
                               clti_import_rejects *rejects, clti_arena *arena) {
    clti_partner partner;
    clti_fault fault;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault)) {
        clti_complain(&fault);
        return CLTI_EXIT_FAILED;
    }
    return import_input_into(store, partner.id, input, rejects);
}

static int import_from(import_input *input, const import_request *request, const clti_store_options *options,
                       clti_arena *arena) {
    clti_import_rejects rejects = {.path = rejects_path(request, arena), .arena = arena};
    clti_store *store;
    clti_fault fault;
    if (!rejects.path)
        return complain_about("The input", "cannot be read");
    if (is_same_file(input, rejects.path)) {
        fprintf(stderr,
                "clienteled: refused rows would overwrite the input %s; name another file with --rejects.\n",
                rejects.path);
        return CLTI_EXIT_USAGE;
    }
    if (!clti_store_open(options, &store, &fault)) {
        clti_complain(&fault);
        return CLTI_EXIT_FAILED;
    }
    int code = import_into_partner(store, request, input, &rejects, arena);
    clti_store_close(store);
    return code;
}

/* The input is opened before the store is touched. */
static int run(const import_request *request, const clti_store_options *options) {
    clti_arena arena = {0};
    import_input input;
    if (!open_input(request->file, &input))
        return CLTI_EXIT_FAILED;
    int code = import_from(&input, request, options, &arena);
    close_input(&input);
    clti_arena_done(&arena);
    return code;
}

/* Then it must be an export, which says so itself. */
static int run_without_partner(const import_request *request, const clti_store_options *options) {
    int code = clti_import_export(request->file, options);
    if (code == CLTI_EXIT_USAGE)
        fprintf(stderr,
                "clienteled: import: --partner is missing; it says whose customers they are. (Without "
                "it, FILE must be an export.)\n");
    return code;
}

int clti_command_import(int argc, char **argv) {
    import_request request = {0};
    const clti_flag flags[] = {
        {"partner", "DOMAIN|GUID",
         "whose customers they are: the partner's domain or tenant id; not for an export", &request.partner},
        {"rejects", "FILE", "where refused rows go; default: FILE.rejects", &request.rejects}};
    const clti_command_line line = {
        .name = "import",
        .arguments = "FILE",
        .about =
            "Bring in customers from FILE, or from standard input if it is '-'. FILE is CSV with a header, "
            "the Customers.csv that Partner Center exports, or NDJSON of Customer resources. A customer that "
            "is there already is updated. Without --partner, FILE is what 'clienteled export' wrote, and a "
            "new "
            "store is made of it: all of it or nothing.\v"
            "Exit code: 0 if every row is in, 3 if some were refused, 1 if it failed or was interrupted, 2 "
            "if "
            "the command line is wrong.",
        .flags = flags,
        .flag_count = CLTI_COUNT(flags),
        .setting_count = CLTI_CONFIG_COMMON_COUNT,
        .operands = &request.file,
        .operand_count = 1};
    clti_settings settings;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE) {
        clti_store_options options = clti_config_store_options(&settings);
        code = request.partner ? run(&request, &options) : run_without_partner(&request, &options);
    }
    clti_settings_done(&settings);
    return code;
}
