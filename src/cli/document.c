#include "cli/document_private.h"
#include "cli/shown_private.h"

#include <stdlib.h>

#define RED       "\033[31m"
#define GREEN     "\033[32m"
#define PLAIN     "\033[0m"
#define DEPTH_MAX 16

/* ---- members ------------------------------------------------------------------------------------------- */

bool clti_document_put(json_t *document, clt_str path, json_t *value) {
    clt_str rest;
    clt_str name = clti_view_cut(path, '.', &rest);
    while (rest.data) {
        char *key = clti_copy(name);
        json_t *inner = json_object_get(document, key);
        if (!inner && value && json_object_set_new(document, key, json_object()) == 0)
            inner = json_object_get(document, key);
        free(key);
        if (!json_is_object(inner)) {
            json_decref(value);
            return false;
        }
        document = inner;
        name = clti_view_cut(rest, '.', &rest);
    }
    char *key = clti_copy(name);
    bool done = value ? json_object_set_new(document, key, value) == 0 : json_object_del(document, key) == 0;
    free(key);
    return done;
}

json_t *clti_document_get(const json_t *document, const char *path) {
    clt_str rest = clti_view(path);
    const json_t *found = document;
    while (found && rest.data) {
        char *key = clti_copy(clti_view_cut(rest, '.', &rest));
        found = json_object_get(found, key);
        free(key);
    }
    return (json_t *)(uintptr_t)found;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

/* An object that is being read, and where its members hang. */
typedef struct level {
    json_t *object;
    void *at; /* its next member */
    char *path;
} level;

clti_document_rows clti_document_flatten(json_t *document) {
    clti_document_rows rows = {0};
    level levels[DEPTH_MAX] = {{document, json_object_iter(document), clti_copy(clti_view(""))}};
    size_t depth = 1;
    while (depth > 0) {
        level *own = &levels[depth - 1];
        if (!own->at) {
            free(own->path);
            depth--;
            continue;
        }
        json_t *value = json_object_iter_value(own->at);
        char *path = clti_format("%s%s%s", own->path, *own->path ? "." : "", json_object_iter_key(own->at));
        own->at = json_object_iter_next(own->object, own->at);
        if (json_is_object(value) && depth < DEPTH_MAX) {
            levels[depth++] = (level){value, json_object_iter(value), path};
            continue;
        }
        rows.items = clti_reallocate(rows.items, (rows.count + 1) * sizeof(*rows.items));
        rows.items[rows.count++] = (clti_document_row){path, value};
    }
    return rows;
}

void clti_document_rows_done(clti_document_rows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        free(rows->items[i].path);
    free(rows->items);
}

char *clti_document_text(const json_t *value) {
    if (json_is_string(value))
        return clti_copy((clt_str){json_string_value(value), json_string_length(value)});
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    return text ? text : clti_copy(clti_view(""));
}

/* ---- differences --------------------------------------------------------------------------------------- */

static void add_line(clti_bytes *out, char sign, const char *path, const json_t *value, bool has_colours) {
    if (!value)
        return;
    char *text = clti_document_text(value);
    clti_bytes_add_text(out, !has_colours ? "" : sign == '-' ? RED : GREEN);
    clti_bytes_add_format(out, "%c ", sign);
    clti_shown_add(out, clti_view(path), 0);
    clti_bytes_add_text(out, ": ");
    clti_shown_add(out, clti_view(text), 0);
    clti_bytes_add_text(out, has_colours ? PLAIN "\n" : "\n");
    free(text);
}

/* No value and none are equal. */
static bool is_equal(const json_t *one, const json_t *other) {
    return one && other ? json_equal(one, other) == 1 : !one && !other;
}

size_t clti_document_diff(clti_bytes *out, json_t *before, json_t *after, bool has_colours) {
    clti_document_rows old = clti_document_flatten(before), new = clti_document_flatten(after);
    size_t count = 0;
    for (size_t i = 0; i < old.count; i++) {
        const json_t *value = clti_document_get(after, old.items[i].path);
        if (is_equal(old.items[i].value, value))
            continue;
        add_line(out, '-', old.items[i].path, old.items[i].value, has_colours);
        add_line(out, '+', old.items[i].path, value, has_colours);
        count++;
    }
    for (size_t i = 0; i < new.count; i++) {
        if (clti_document_get(before, new.items[i].path))
            continue;
        add_line(out, '+', new.items[i].path, new.items[i].value, has_colours);
        count++;
    }
    clti_document_rows_done(&old);
    clti_document_rows_done(&new);
    return count;
}

/* One member: what was, what we want, what they have. */
static void merge_row(const char *path, const json_t *was, json_t *wanted, json_t *theirs,
                      clti_bytes *out_clashes) {
    const json_t *has = clti_document_get(theirs, path);
    if (is_equal(was, wanted))
        return;
    if (!is_equal(was, has) && !is_equal(wanted, has)) {
        char *text = has ? clti_document_text(has) : clti_copy(clti_view("nothing"));
        clti_bytes_add_format(out_clashes, "%s (they: %s)\n", path, text);
        free(text);
    }
    (void)clti_document_put(theirs, clti_view(path), wanted ? json_incref(wanted) : NULL);
}

void clti_document_merge(json_t *base, json_t *ours, json_t *theirs, clti_bytes *out_clashes) {
    clti_document_rows old = clti_document_flatten(base), new = clti_document_flatten(ours);
    for (size_t i = 0; i < old.count; i++)
        merge_row(old.items[i].path, old.items[i].value, clti_document_get(ours, old.items[i].path), theirs,
                  out_clashes);
    for (size_t i = 0; i < new.count; i++)
        if (!clti_document_get(base, new.items[i].path))
            merge_row(new.items[i].path, NULL, clti_document_get(ours, new.items[i].path), theirs,
                      out_clashes);
    clti_document_rows_done(&old);
    clti_document_rows_done(&new);
}
