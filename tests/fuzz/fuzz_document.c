/*
 * Resources as JSON from a stranger, three of them, a line each: base, ours, theirs. Whatever they are, they
 * can be flattened, compared, brought together, and read as a billing profile or refused with a reason.
 */
#include "cli/billing_private.h"
#include "cli/moment_private.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition) {
    if (!condition)
        abort();
}

static json_t *next_object(clt_str *rest) {
    clt_str line = clti_view_cut(*rest, '\n', rest);
    json_t *document = line.data ? json_loadb(line.data, line.size, 0, NULL) : NULL;
    if (json_is_object(document))
        return document;
    json_decref(document);
    return json_object();
}

static void check_rows(json_t *document) {
    clti_document_rows rows = clti_document_flatten(document);
    for (size_t i = 0; i < rows.count; i++) {
        char *text = clti_document_text(rows.items[i].value);
        check(text && rows.items[i].path);
        free(text);
    }
    clti_document_rows_done(&rows);
}

static void check_profile(clt_str text) {
    char *problem = NULL;
    json_t *profile = clti_billing_read(text, NULL, &problem);
    check(!profile == (problem != NULL));
    if (profile) {
        char *etag = clti_billing_etag(profile);
        clti_billing_set_etag(profile, etag);
        free(etag);
    }
    json_decref(profile);
    free(problem);
}

static void check_moment(clt_str text) {
    clti_moment moment;
    char *copy = clti_copy(text);
    if (clti_moment_parse(copy, 0, &moment))
        free(clti_moment_format(moment));
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const clt_str empty = {"", 0};
    clt_str text = size > 0 ? (clt_str){(const char *)data, size} : empty, rest = text;
    clti_bytes out = {0};
    json_t *base = next_object(&rest), *ours = next_object(&rest), *theirs = next_object(&rest);
    check_rows(base);
    clti_document_diff(&out, base, ours, true);
    clti_document_merge(base, ours, theirs, &out);
    check_rows(theirs);
    check_profile(clti_view_cut(text, '\n', &rest));
    check_moment(clti_view_cut(text, '\n', &rest));
    json_decref(base);
    json_decref(ours);
    json_decref(theirs);
    clti_bytes_done(&out);
    return 0;
}
