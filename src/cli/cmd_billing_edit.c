/* clientele customers billing edit: in the person's editor, until it is sent or given up; nothing that was
 * typed is lost either way. */
#include "cli/billing_private.h"
#include "cli/cmd_private.h"
#include "cli/editor_private.h"
#include "cli/terminal_private.h"
#include "cli/walk_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct edit {
    clti_session *session;
    char *id;
    const char *name; /* as the person said it */
    char *path;       /* of the file */
    json_t *base;     /* the profile that the text rests on, as it came */
    bool is_kept;     /* the file has something that was not sent */
} edit;

/* ---- the file ------------------------------------------------------------------------------------------ */

static bool write_profile(const edit *editing, json_t *profile) {
    char *text = json_dumps(profile, JSON_INDENT(2));
    clti_bytes lines = {0};
    clti_bytes_add_text(&lines, text ? text : "{}");
    clti_bytes_add_char(&lines, '\n');
    bool done = clti_editor_write(editing->path, clti_bytes_view(&lines));
    clti_bytes_done(&lines);
    free(text);
    return done;
}

/* An editor that failed has left nothing of the person's: the file is as it was written. */
static bool is_untouched(const edit *editing, const json_t *before) {
    json_t *now = json_load_file(editing->path, 0, NULL);
    bool is_same = now && json_equal(now, before);
    json_decref(now);
    return is_same;
}

/* With the etag that it rests on, so that `set --from` sends it only over that one. */
static void keep_file(edit *editing, json_t *ours) {
    char *etag = clti_billing_etag(editing->base);
    if (ours && etag) {
        json_t *kept = json_deep_copy(ours);
        clti_billing_set_etag(kept, etag);
        (void)write_profile(editing, kept);
        json_decref(kept);
    }
    free(etag);
    editing->is_kept = true;
    clti_complain("What you wrote is in %s; to send it: clientele customers billing set %s --from %s",
                  editing->path, editing->name, editing->path);
}

/* ---- one round ----------------------------------------------------------------------------------------- */

typedef enum answer { ANSWER_EDIT, ANSWER_SEND, ANSWER_STOP } answer;

/* Where nobody can be asked, it is over. */
static answer ask(const char *question, answer otherwise) {
    char *typed = clti_prompt_is_possible() ? clti_prompt(question) : NULL;
    answer chosen = !typed ? ANSWER_STOP : otherwise;
    if (typed && *typed)
        chosen = strchr("eEyY", *typed) ? ANSWER_EDIT : strchr("sS", *typed) ? ANSWER_SEND : ANSWER_STOP;
    free(typed);
    return chosen;
}

/* Somebody else was first: both changes are shown, and ours are brought into theirs. Replaces *ours. */
static answer resolve(edit *editing, json_t **ours, int *out_code) {
    clt_error *err = NULL;
    json_t *theirs = NULL;
    clti_bytes clashes = {0};
    if (clti_billing_fetch(editing->session, editing->id, &theirs, &err) != CLT_OK) {
        *out_code = clti_session_fail(editing->session, err);
        return ANSWER_STOP;
    }
    json_t *base = clti_billing_editable(editing->base), *merged = clti_billing_editable(theirs);
    clti_complain("Somebody else changed the profile meanwhile:");
    clti_billing_show_diff(editing->base, theirs);
    clti_complain("Your changes:");
    clti_billing_show_diff(base, *ours);
    clti_document_merge(base, *ours, merged, &clashes);
    for (clt_str rest = clti_bytes_view(&clashes); rest.size > 0;) {
        clt_str line = clti_view_cut(rest, '\n', &rest);
        clti_complain("Both changed %.*s.", CLTI_VIEW_ARGS(line));
    }
    clti_bytes_done(&clashes);
    json_decref(base);
    json_decref(editing->base);
    editing->base = theirs;
    json_decref(*ours);
    *ours = merged;
    *out_code = CLTI_EXIT_FAILED;
    return write_profile(editing, merged)
               ? ask("Yours over theirs: [s]end it, [e]dit it first, or [q]uit? ", ANSWER_EDIT)
               : ANSWER_STOP;
}

/* Send, as often as that is wanted. @return ANSWER_SEND once it is done, else what next */
static answer send(edit *editing, json_t **ours, int *out_code) {
    for (;;) {
        clt_error *err = NULL;
        char *etag = clti_billing_etag(editing->base);
        clt_status status = clti_billing_send(editing->session, editing->id, *ours, etag, &err);
        free(etag);
        if (status == CLT_OK) {
            clti_note("changed.");
            *out_code = CLTI_EXIT_DONE;
            return ANSWER_SEND;
        }
        if (status != CLT_ERR_PRECONDITION_FAILED) {
            *out_code = clti_session_fail(editing->session, err);
            return ask("Edit it again? [Y/n] ", ANSWER_EDIT);
        }
        clt_error_free(err);
        answer next = resolve(editing, ours, out_code);
        if (next != ANSWER_SEND)
            return next;
    }
}

/* What the file says now; NULL if it cannot be sent so. */
static json_t *read_profile(const edit *editing, bool *out_has_ended) {
    clti_bytes text = {0};
    char *problem = NULL;
    json_t *ours = NULL;
    *out_has_ended = clti_editor_run(editing->path, editing->session->context.cancellation, &text);
    if (*out_has_ended)
        ours = clti_billing_read(clti_bytes_view(&text), editing->base, &problem);
    if (problem)
        clti_complain("%s", problem);
    free(problem);
    clti_bytes_done(&text);
    return ours;
}

static int edit_until_done(edit *editing) {
    int code = CLTI_EXIT_FAILED;
    answer next = ANSWER_EDIT;
    while (next == ANSWER_EDIT) {
        bool has_ended;
        json_t *ours = read_profile(editing, &has_ended), *before = clti_billing_editable(editing->base);
        if (ours && json_equal(ours, before)) {
            clti_note("nothing was changed.");
            code = CLTI_EXIT_DONE;
            next = ANSWER_SEND;
        } else if (ours)
            next = send(editing, &ours, &code);
        else
            next = has_ended ? ask("Edit it again? [Y/n] ", ANSWER_EDIT) : ANSWER_STOP;
        if (next == ANSWER_STOP && (ours || !is_untouched(editing, before)))
            keep_file(editing, ours);
        json_decref(ours);
        json_decref(before);
    }
    return code;
}

/* ---- the command --------------------------------------------------------------------------------------- */

static int edit_with(edit *editing) {
    clt_error *err = NULL;
    int code = clti_find_customer(editing->session, editing->name, &editing->id);
    if (code != CLTI_EXIT_DONE)
        return code;
    if (clti_billing_fetch(editing->session, editing->id, &editing->base, &err) != CLT_OK)
        return clti_session_fail(editing->session, err);
    editing->path = clti_editor_begin();
    json_t *text = clti_billing_editable(editing->base);
    code = editing->path && write_profile(editing, text) ? edit_until_done(editing) : CLTI_EXIT_FAILED;
    json_decref(text);
    if (editing->path && !editing->is_kept)
        unlink(editing->path);
    return code;
}

static int edit_profile(const clti_invocation *invocation) {
    clti_session session;
    edit editing = {.session = &session, .name = invocation->operands[0]};
    if (!clti_editor_is_possible())
        return CLTI_EXIT_USAGE;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE)
        code = edit_with(&editing);
    clti_session_close(&session);
    json_decref(editing.base);
    free(editing.id);
    free(editing.path);
    return code;
}

const clti_command clti_cmd_billing_edit = {
    .name = "customers billing edit",
    .operands = "ID|DOMAIN",
    .operand_min = 1,
    .operand_max = 1,
    .about = "Change a customer's billing profile in an editor",
    .details =
        "The editor is that of VISUAL or EDITOR, else vi on a terminal. What the service refuses can be "
        "edited again. "
        "If somebody else changed the profile meanwhile, both changes are shown, and yours are brought "
        "into theirs. What is not sent in the end stays in a file, whose name is told.",
    .examples = "  clientele customers billing edit contoso.example\n"
                "  EDITOR='code --wait' clientele customers billing edit contoso.example",
    .is_call = true,
    .run = edit_profile};
