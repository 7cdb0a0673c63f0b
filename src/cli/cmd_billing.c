/* clientele customers billing get, set. */
#include "cli/billing_private.h"
#include "cli/cmd_private.h"
#include "cli/fields_private.h"
#include "cli/output_private.h"
#include "cli/shown_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A change of named members is brought into what others made meanwhile; so often, then something is wrong. */
#define TRIES_MAX     8
#define FILE_SIZE_MAX ((size_t)1024 * 1024)

/* ---- get ----------------------------------------------------------------------------------------------- */

typedef struct get_request {
    const char *output;
} get_request;

static void show_rows(clti_bytes *out, json_t *profile) {
    clti_record record = {.width = clti_terminal_width(STDOUT_FILENO),
                          .has_colours = clti_terminal_has_colours(STDOUT_FILENO)};
    json_object_del(profile, "links");
    clti_document_rows rows = clti_document_flatten(profile);
    for (size_t i = 0; i < rows.count; i++)
        if (clti_shown_width(clti_view(rows.items[i].path)) > record.name_width)
            record.name_width = clti_shown_width(clti_view(rows.items[i].path));
    for (size_t i = 0; i < rows.count; i++) {
        char *text = clti_document_text(rows.items[i].value);
        clti_record_add(out, &record, clti_view(rows.items[i].path), clti_view(text));
        free(text);
    }
    clti_document_rows_done(&rows);
}

static int get_with(clti_session *session, const char *name, clti_format_kind format) {
    clt_error *err = NULL;
    json_t *profile = NULL;
    clti_bytes out = {0};
    char *id;
    int code = clti_find_customer(session, name, &id);
    if (code == CLTI_EXIT_DONE && clti_billing_fetch(session, id, &profile, &err) != CLT_OK)
        code = clti_session_fail(session, err);
    if (profile && format == CLTI_FORMAT_TABLE)
        show_rows(&out, profile);
    else if (profile) {
        char *text = json_dumps(profile, JSON_INDENT(2));
        clti_json_add_harmless(&out, clti_view(text));
        clti_bytes_add_char(&out, '\n');
        free(text);
    }
    if (profile)
        code = clti_print(clti_bytes_view(&out));
    clti_bytes_done(&out);
    json_decref(profile);
    free(id);
    return code;
}

static int get(const clti_invocation *invocation) {
    const get_request *request = invocation->request;
    clti_session session;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code =
            get_with(&session, invocation->operands[0], clti_format_find(request->output, CLTI_FORMAT_TABLE));
    clti_session_close(&session);
    return code;
}

static const clti_option get_options[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "FORMAT",
     .choices = "table|json",
     .help = "how it is written; a table has a line for each member; default: table",
     .offset = offsetof(get_request, output)},
};

const clti_command clti_cmd_billing_get = {
    .name = "customers billing get",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Show a customer's billing profile",
    .examples = "  clientele customers billing get contoso.example\n"
                "  clientele customers billing get contoso.example --output json >profile.json",
    .options = get_options,
    .option_count = CLTI_COUNT(get_options),
    .request_size = sizeof(get_request),
    .is_call = true,
    .run = get};

/* ---- set ----------------------------------------------------------------------------------------------- */

typedef struct set_request {
    clti_fields fields; /* first */
    const char *from;
} set_request;

#define PLACE(member, flag, path, word, text)                                                                \
    {(path) + sizeof("billingProfile.") - 1, offsetof(clti_fields, member)},
static const struct {
    const char *path;
    size_t offset;
} places[] = {CLTI_BILLING_FIELDS(PLACE)};

static const char *said(const clti_fields *fields, size_t place) {
    return *(const char *const *)(const void *)((const char *)fields + places[place].offset);
}

/* An empty text removes the member. */
static bool apply(const clti_invocation *invocation, const clti_fields *fields, json_t *profile) {
    for (size_t i = 0; i < CLTI_COUNT(places); i++) {
        const char *text = said(fields, i);
        if (!text)
            continue;
        json_t *value = *text ? json_string(text) : NULL;
        if (*text && (!value || !clti_document_put(profile, clti_view(places[i].path), value))) {
            clti_complain_usage(invocation, "what is said of %s is not UTF-8.", places[i].path);
            return false;
        }
        if (!*text)
            (void)clti_document_put(profile, clti_view(places[i].path), NULL);
    }
    return true;
}

typedef struct change {
    const clti_invocation *invocation;
    const set_request *request;
    json_t *file; /* NULL: flags alone */
    char *id;
} change;

/* What the profile shall become, of what it is. */
static json_t *wanted_of(const change *changing, const json_t *present) {
    json_t *wanted = clti_billing_editable(changing->file ? changing->file : present);
    if (apply(changing->invocation, &changing->request->fields, wanted))
        return wanted;
    json_decref(wanted);
    return NULL;
}

static int tell_conflict(json_t *present, json_t *wanted, clt_error *err) {
    clti_error_tell(err, NULL);
    clt_error_free(err);
    clti_complain("Somebody else changed the profile since the file was written; this would have changed:");
    clti_billing_show_diff(present, wanted);
    clti_complain(
        "Take what is right into the file, with the etag of 'customers billing get', and try again.");
    return CLTI_EXIT_FAILED;
}

/* One try. @return CLTI_EXIT_DONE, an exit code, or -1: there is another profile meanwhile, try again */
static int try_once(clti_session *session, const change *changing) {
    clt_error *err = NULL;
    json_t *present = NULL;
    if (clti_billing_fetch(session, changing->id, &present, &err) != CLT_OK)
        return clti_session_fail(session, err);
    char *file_etag = changing->file ? clti_billing_etag(changing->file) : NULL;
    char *etag = file_etag ? file_etag : clti_billing_etag(present);
    json_t *wanted = wanted_of(changing, present), *editable = clti_billing_editable(present);
    int code = wanted ? CLTI_EXIT_DONE : CLTI_EXIT_USAGE;
    if (wanted && json_equal(wanted, editable))
        clti_note("nothing is to be changed.");
    else if (wanted) {
        clt_status status = clti_billing_send(session, changing->id, wanted, etag, &err);
        if (status == CLT_ERR_PRECONDITION_FAILED && file_etag)
            code = tell_conflict(present, wanted, err);
        else if (status == CLT_ERR_PRECONDITION_FAILED) {
            clt_error_free(err);
            code = -1;
        } else if (status != CLT_OK)
            code = clti_session_fail(session, err);
        else
            clti_note("changed.");
    }
    json_decref(present);
    json_decref(wanted);
    json_decref(editable);
    free(etag);
    return code;
}

static int set_with(clti_session *session, change *changing) {
    int code = clti_find_customer(session, changing->invocation->operands[0], &changing->id);
    if (code != CLTI_EXIT_DONE)
        return code;
    code = -1;
    for (int i = 0; i < TRIES_MAX && code < 0; i++)
        code = try_once(session, changing);
    if (code >= 0)
        return code;
    clti_complain("The profile is changed by others again and again; nothing was changed. Try again later.");
    return CLTI_EXIT_FAILED;
}

static bool read_file(change *changing) {
    clti_bytes text = {0};
    char *problem = NULL;
    bool done = clti_file_read(changing->invocation, "from", changing->request->from, FILE_SIZE_MAX, &text);
    if (done)
        changing->file = clti_billing_read(clti_bytes_view(&text), NULL, &problem);
    if (problem)
        clti_complain_usage(changing->invocation, "--from: %s", problem);
    free(problem);
    clti_bytes_done(&text);
    return changing->file != NULL;
}

static int set(const clti_invocation *invocation) {
    const set_request *request = invocation->request;
    change changing = {.invocation = invocation, .request = request};
    clti_session session;
    bool says_something = request->from != NULL;
    for (size_t i = 0; i < CLTI_COUNT(places); i++)
        says_something |= said(&request->fields, i) != NULL;
    if (!says_something)
        return clti_complain_usage(invocation,
                                   "what shall be changed? See --help, or 'customers billing edit'.");
    if (request->from && !read_file(&changing))
        return CLTI_EXIT_USAGE;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = set_with(&session, &changing);
    clti_session_close(&session);
    json_decref(changing.file);
    free(changing.id);
    return code;
}

static const clti_option set_options[] = {
    CLTI_BILLING_FIELDS(CLTI_FIELD_OPTION){.name = "from",
                                           .argument = "FILE",
                                           .help = "a whole profile as JSON, as 'customers billing get -o "
                                                   "json' writes it; - is standard input; flags go over it",
                                           .offset = offsetof(set_request, from)},
};

const clti_command clti_cmd_billing_set = {
    .name = "customers billing set",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Change members of a customer's billing profile",
    .details = "What is not named stays as it is, also if others change it at the same moment; an empty text "
               "removes a member. --from replaces all of it: with the etag that it has, so that what others "
               "changed meanwhile is shown and not lost; without one it goes over whatever is there. Another "
               "--name renames the customer.",
    .examples = "  clientele customers billing set contoso.example --email ada@contoso.example\n"
                "  clientele customers billing set contoso.example --from profile.json",
    .options = set_options,
    .option_count = CLTI_COUNT(set_options),
    .request_size = sizeof(set_request),
    .is_call = true,
    .run = set};
