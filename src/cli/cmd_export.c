/* clientele customers export: the whole directory into a file. */
#include "cli/cmd_private.h"
#include "cli/export_private.h"
#include "cli/output_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct export_request {
    clti_filter filter;
    const char *page_size, *output, *columns, *restart;
} export_request;

typedef struct export_run {
    const char *path; /* NULL: a stream, which cannot be gone on with */
    const export_request *request;
    clti_session session;
    clt_query query;
    clti_output output;
    clti_place place;
    clti_progress progress;
    bool has_pages;
    bool cannot_save; /* and that was told */
} export_run;

/* ---- format -------------------------------------------------------------------------------------------- */

#define EXPORT_CHOICES "ndjson|csv|tsv"

/* By name, else by the file's extension, else NDJSON. */
static clti_format_kind choose_format(const char *name, const char *path) {
    static const struct {
        const char *extension;
        clti_format_kind format;
    } known[] = {{".csv", CLTI_FORMAT_CSV},
                 {".tsv", CLTI_FORMAT_TSV},
                 {".ndjson", CLTI_FORMAT_NDJSON},
                 {".jsonl", CLTI_FORMAT_NDJSON}};
    const char *extension = strrchr(path, '.');
    for (size_t i = 0; !name && extension && i < CLTI_COUNT(known); i++)
        if (clti_view_equal_nocase(clti_view(extension), clti_view(known[i].extension)))
            return known[i].format;
    return clti_format_find(name, CLTI_FORMAT_NDJSON);
}

/* ---- pages --------------------------------------------------------------------------------------------- */

static bool take_page(void *user, const clt_customer_page *page) {
    export_run *exporting = user;
    exporting->has_pages = true;
    if (!clti_output_add_page(&exporting->output, page))
        return false;
    clti_progress_show(&exporting->progress, exporting->output.count);
    if (exporting->path && !clti_place_save(&exporting->place, clt_customer_page_continuation_token(page),
                                            exporting->output.size, exporting->output.count))
        exporting->cannot_save = true;
    return !exporting->cannot_save;
}

static clt_status walk(export_run *exporting, clt_error **out_err) {
    clt_query query = exporting->query;
    if (exporting->place.token)
        query = clt_query_seek(CLT_SEEK_NEXT, exporting->place.token);
    else
        clti_output_begin(&exporting->output);
    return clti_walk(&exporting->session, &query, take_page, exporting, out_err);
}

/* A place that the service does not know any more, as after a change of its keys, is no place to go on from.
 */
static clt_status walk_from_place(export_run *exporting, clt_error **out_err) {
    bool goes_on = exporting->place.token != NULL;
    clt_status status = walk(exporting, out_err);
    if (!goes_on || exporting->has_pages || (status != CLT_ERR_END && status != CLT_ERR_BAD_INPUT))
        return status;
    clt_error_free(*out_err);
    *out_err = NULL;
    clti_complain("the service does not know any more where the earlier run stopped; beginning anew.");
    if (!clti_place_restart(&exporting->place)) {
        exporting->cannot_save = true;
        return CLT_OK;
    }
    exporting->output.count = exporting->output.size = 0;
    return walk(exporting, out_err);
}

/* ---- ends ---------------------------------------------------------------------------------------------- */

static int fail_output(const export_run *exporting) {
    if (!exporting->path)
        return clti_output_fail(&exporting->output);
    clti_complain("%s cannot be written: %s; when that is mended, the same command goes on from there.",
                  exporting->place.part, strerror(exporting->output.error));
    return CLTI_EXIT_FAILED;
}

static int fail_walk(export_run *exporting, clt_error *err) {
    int code = clti_session_fail(&exporting->session, err);
    if (exporting->path && exporting->place.token)
        clti_complain("%" PRIu64 " customers are in %s; the same command goes on from there.",
                      exporting->place.count, exporting->place.part);
    return code;
}

static void begin_progress(export_run *exporting) {
    uint64_t total = 0;
    clt_error *err = NULL;
    /* A number to show is worth a request only if somebody looks. */
    if (isatty(STDERR_FILENO) && clt_customers_count(exporting->session.partner, &exporting->query,
                                                     &exporting->session.context, &total, &err) != CLT_OK) {
        clt_error_free(err);
        total = 0;
    }
    clti_progress_begin(&exporting->progress, exporting->place.count, total);
}

static int run(export_run *exporting) {
    clt_error *err = NULL;
    begin_progress(exporting);
    clt_status status = walk_from_place(exporting, &err);
    clti_progress_end(&exporting->progress);
    if (exporting->cannot_save) {
        clt_error_free(err);
        return CLTI_EXIT_FAILED;
    }
    if (status != CLT_OK && status != CLT_ERR_END)
        return fail_walk(exporting, err);
    clt_error_free(err);
    if (!clti_output_end(&exporting->output, true))
        return fail_output(exporting);
    if (exporting->path && !clti_place_finish(&exporting->place, exporting->path))
        return CLTI_EXIT_FAILED;
    clti_note("%" PRIu64 " customers exported.", exporting->output.count);
    return CLTI_EXIT_DONE;
}

/* ---- where to ------------------------------------------------------------------------------------------ */

static void add_part(clti_bytes *key, const char *part) {
    clti_bytes_add_text(key, part ? part : "");
    clti_bytes_add_char(key, '\n');
}

/* What must be the same for a later run to go on. */
static char *key_of(const export_run *exporting, const clti_column_choice *columns) {
    const export_request *request = exporting->request;
    const clti_profile *profile = exporting->session.profile;
    clti_bytes key = {0};
    clti_bytes_add(&key, clt_partner_base_url(exporting->session.partner));
    clti_bytes_add_format(&key, "\n%d\n%d\n", (int)exporting->output.format, columns->is_explicit);
    add_part(&key, profile->values[CLTI_PROFILE_TENANT]);
    add_part(&key, request->filter.name);
    add_part(&key, request->filter.domain);
    add_part(&key, request->filter.reseller);
    for (size_t i = 0; i < columns->count; i++)
        add_part(&key, columns->items[i]->name);
    return clti_bytes_take(&key);
}

static int export_to_file(export_run *exporting, const clti_column_choice *columns) {
    bool restart = exporting->request->restart != NULL;
    char *key = key_of(exporting, columns);
    int code = CLTI_EXIT_FAILED;
    if (clti_place_open(&exporting->place, exporting->path, key, restart)) {
        exporting->output.descriptor = exporting->place.descriptor;
        exporting->output.size = exporting->place.size;
        exporting->output.count = exporting->place.count;
        if (exporting->place.token)
            clti_note("going on behind %" PRIu64 " customers.", exporting->place.count);
        code = run(exporting);
    }
    clti_place_done(&exporting->place);
    return code;
}

static bool check_path(const clti_invocation *invocation, const char *path) {
    struct stat status;
    if (*path == '\0')
        clti_complain_usage(invocation, "FILE is empty; '-' is standard output.");
    else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        clti_complain_usage(invocation, "%s is a folder; name a file in it.", path);
    else
        return true;
    return false;
}

/* A pipe or a device is written to, never replaced. */
static int open_stream(const char *path) {
    struct stat status;
    if (strcmp(path, "-") == 0)
        return dup(STDOUT_FILENO);
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return -1;
    return open(path, O_WRONLY | O_CLOEXEC);
}

static int export(const clti_invocation *invocation) {
    const export_request *request = invocation->request;
    const char *path = invocation->operands[0];
    export_run exporting = {.request = request, .query = CLT_QUERY_INIT};
    clti_column_choice columns;
    uint64_t page_size = CLTI_PAGE_SIZE_MAX;
    if (!check_path(invocation, path) || !clti_filter_query(invocation, &request->filter, &exporting.query) ||
        !clti_read_number(invocation, "page-size", request->page_size, 1, CLTI_PAGE_SIZE_MAX, &page_size) ||
        !clti_column_choose(invocation, &CLTI_KIND_CUSTOMER, request->columns, true, &columns))
        return CLTI_EXIT_USAGE;
    exporting.query.page_size = (uint32_t)page_size;
    int stream = open_stream(path);
    clti_output_init(&exporting.output, choose_format(request->output, path), &columns, stream);
    int code = clti_session_open(invocation, &exporting.session);
    if (code == CLTI_EXIT_DONE && stream < 0) {
        exporting.path = path;
        code = export_to_file(&exporting, &columns);
    } else if (code == CLTI_EXIT_DONE)
        code = run(&exporting);
    if (stream >= 0 && close(stream) != 0 && code == CLTI_EXIT_DONE) {
        exporting.output.error = errno;
        code = clti_output_fail(&exporting.output);
    }
    clti_session_close(&exporting.session);
    clti_output_done(&exporting.output);
    clti_column_choice_done(&columns);
    return code;
}

#define AT(member) offsetof(export_request, member)
static const clti_option export_options[] = {
    CLTI_FILTER_OPTIONS(AT(filter)),
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = EXPORT_CHOICES,
     .help = "how they are written; default: by the file's extension, else ndjson",
     .offset = AT(output)},
    {.name = "columns",
     .argument = "NAMES",
     .help = "which columns, with commas; see customers list",
     .offset = AT(columns)},
    {.name = "page-size",
     .argument = "N",
     .help = "customers that are asked for at a time, 1 to 500; default: 500",
     .offset = AT(page_size)},
    {.name = "restart",
     .help = "give up what an interrupted run left, and begin anew",
     .offset = AT(restart)},
};

const clti_command clti_cmd_customers_export = {
    .name = "customers export",
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Write all customers to a file, as NDJSON or CSV; - is standard output",
    .details = "The file appears when it is whole. Until then FILE.part and FILE.part.state stand beside it; "
               "after an interruption the same command goes on from its last page. 'clienteled import' reads "
               "what this writes.",
    .examples = "  clientele customers export customers.ndjson\n"
                "  clientele customers export customers.csv --name micro\n"
                "  clientele customers export - --output csv | gzip >customers.csv.gz",
    .options = export_options,
    .option_count = CLTI_COUNT(export_options),
    .request_size = sizeof(export_request),
    .is_call = true,
    .run = export};
