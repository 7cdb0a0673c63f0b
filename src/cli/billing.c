#include "cli/billing_private.h"
#include "cli/fields_private.h"
#include "cli/terminal_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEFORE                              "billingProfile."
#define ROW(member, flag, path, word, text) (path) + sizeof(BEFORE) - 1,
static const char *const members[] = {CLTI_BILLING_FIELDS(ROW) CLTI_FILE_FIELDS(ROW) NULL};

const char *clti_billing_member(size_t index) {
    return members[index];
}

/* ---- the service --------------------------------------------------------------------------------------- */

static clt_status call(clti_session *session, const clt_call *request, json_t **out, clt_error **out_err) {
    clt_response *response = NULL;
    clt_status status = clt_partner_call(session->partner, request, &session->context, &response, out_err);
    if (status != CLT_OK)
        return status;
    clt_error *err = clt_response_error(response);
    if (err) {
        status = err->status;
        *out_err = err;
    } else if (out) {
        clt_str body = clt_response_body(response);
        *out = json_loadb(body.data, body.size, 0, NULL);
    }
    clt_response_free(response);
    return status;
}

clt_status clti_billing_fetch(clti_session *session, const char *customer_id, json_t **out,
                              clt_error **out_err) {
    const clt_billing_profile *checked = NULL;
    clt_call request = CLT_CALL_INIT;
    char *path = clti_format("customers/%s/profiles/billing", customer_id);
    json_t *profile = NULL;
    request.path = path;
    clt_status status = call(session, &request, &profile, out_err);
    free(path);
    if (status == CLT_OK && !json_is_object(profile)) {
        /* The typed call says what is wrong with it. */
        json_decref(profile);
        profile = json_object();
        status = clt_billing_profile_get(session->partner, customer_id, &session->context, &checked, out_err);
        clt_billing_profile_free(checked);
    }
    if (status == CLT_OK)
        *out = profile;
    else
        json_decref(profile);
    return status;
}

clt_status clti_billing_send(clti_session *session, const char *customer_id, json_t *profile,
                             const char *etag, clt_error **out_err) {
    clt_call request = CLT_CALL_INIT;
    clt_call_header if_match = {"If-Match", NULL};
    json_t *sent = json_deep_copy(profile);
    clti_billing_set_etag(sent, etag);
    char *body = json_dumps(sent, JSON_COMPACT);
    char *path = clti_format("customers/%s/profiles/billing", customer_id);
    char *quoted = clti_format("\"%s\"", etag ? etag : "");
    if_match.value = quoted;
    request.method = "PUT";
    request.path = path;
    request.body = body;
    request.body_size = body ? strlen(body) : 0;
    request.headers = &if_match;
    request.header_count = etag ? 1 : 0;
    clt_status status = call(session, &request, NULL, out_err);
    json_decref(sent);
    free(body);
    free(path);
    free(quoted);
    return status;
}

/* ---- the profile --------------------------------------------------------------------------------------- */

char *clti_billing_etag(const json_t *profile) {
    const json_t *etag = clti_document_get(profile, "attributes.etag");
    return etag && !json_is_null(etag) ? clti_document_text(etag) : NULL;
}

void clti_billing_set_etag(json_t *profile, const char *etag) {
    (void)clti_document_put(profile, clti_view("attributes.etag"), etag ? json_string(etag) : NULL);
}

json_t *clti_billing_editable(const json_t *profile) {
    json_t *copy = json_deep_copy(profile);
    json_object_del(copy, "links");
    json_object_del(copy, "attributes");
    json_object_del(copy, "id");
    return copy;
}

/* Unlike the service this refuses what it does not know: it may be a name that was mistyped. */
static char *check_members(json_t *profile, const json_t *known) {
    json_t *editable = clti_billing_editable(profile);
    clti_document_rows rows = clti_document_flatten(editable);
    char *problem = NULL;
    for (size_t i = 0; i < rows.count && !problem; i++) {
        clti_guess guess = clti_guess_for(clti_view(rows.items[i].path));
        bool is_known = clti_document_get(known, rows.items[i].path) != NULL;
        for (size_t j = 0; members[j] && !is_known; j++) {
            is_known = clti_view_equal(clti_view(members[j]), guess.asked);
            clti_guess_consider(&guess, members[j]);
        }
        if (!is_known)
            problem = guess.name ? clti_format("There is no member %s; did you mean %s?", rows.items[i].path,
                                               guess.name)
                                 : clti_format("A billing profile has no member %s.", rows.items[i].path);
    }
    clti_document_rows_done(&rows);
    json_decref(editable);
    return problem;
}

json_t *clti_billing_read(clt_str text, const json_t *known, char **out_problem) {
    json_error_t error;
    json_t *profile = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (!profile)
        *out_problem =
            clti_format("This is not JSON: %s, in line %d, column %d.", error.text, error.line, error.column);
    else if (!json_is_object(profile))
        *out_problem = clti_format("The JSON is not an object.");
    else if (!(*out_problem = check_members(profile, known)))
        return profile;
    json_decref(profile);
    return NULL;
}

size_t clti_billing_show_diff(json_t *before, json_t *after) {
    clti_bytes text = {0};
    json_t *old = clti_billing_editable(before), *new = clti_billing_editable(after);
    size_t count = clti_document_diff(&text, old, new, clti_terminal_has_colours(STDERR_FILENO));
    fputs(text.data ? text.data : "", stderr);
    clti_bytes_done(&text);
    json_decref(old);
    json_decref(new);
    return count;
}
