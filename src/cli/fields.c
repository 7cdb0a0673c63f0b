#include "cli/fields_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 4

#define ROW(member, flag, path, word, text) {path, offsetof(clti_fields, member)},
static const struct {
    const char *path;
    size_t offset;
} rows[] = {CLTI_CUSTOMER_FIELDS(ROW) CLTI_FILE_FIELDS(ROW)};

/* Members that the service writes and does not read: those of a customer that was got are no mistake. */
static const char *const passed_over[] = {
    "id",
    "commerceId",
    "relationshipToPartner",
    "allowDelegatedAccess",
    "userCredentials",
    "customDomains",
    "links",
    "attributes",
    "companyProfile.tenantId",
    "companyProfile.companyName",
    "companyProfile.address",
    "companyProfile.email",
    "companyProfile.links",
    "companyProfile.attributes",
    "billingProfile.id",
    "billingProfile.links",
    "billingProfile.attributes",
    "billingProfile.defaultAddress.region",
};

static const char **place_of(clti_fields *fields, size_t row) {
    return (const char **)(void *)((char *)fields + rows[row].offset);
}

void clti_fields_merge(clti_fields *into, const clti_fields *from) {
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        const char **place = place_of(into, i);
        if (!*place)
            *place = *place_of((clti_fields *)(uintptr_t)from, i);
    }
}

/* ---- members ------------------------------------------------------------------------------------------- */

typedef struct member_reading {
    const clti_invocation *invocation;
    clti_fields *fields;
    clti_words *owned;
} member_reading;

static bool is_passed_over(clt_str path) {
    for (size_t i = 0; i < CLTI_COUNT(passed_over); i++)
        if (clti_view_equal_nocase(clti_view(passed_over[i]), path))
            return true;
    return false;
}

/* An object that has members of the table. */
static bool is_inner(clt_str path) {
    return clti_choice_find("companyProfile|billingProfile|billingProfile.defaultAddress", path) >= 0;
}

static bool keep_text(const member_reading *reading, size_t row, const char *path, const json_t *value) {
    const char **place = place_of(reading->fields, row);
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
        clti_complain_usage(reading->invocation, "--from: %s is not a text.", path);
        return false;
    }
    char *text = clti_copy(clti_view(json_string_value(value)));
    clti_words *owned = reading->owned;
    owned->items = clti_reallocate(owned->items, (owned->count + 1) * sizeof(*owned->items));
    owned->items[owned->count++] = text;
    *place = text;
    return true;
}

/* Unlike the service this refuses what it does not know: it may be a name that was mistyped. */
static bool take_member(const member_reading *reading, const char *path, const json_t *value) {
    clti_guess guess = clti_guess_for(clti_view(path));
    if (json_is_null(value) || is_passed_over(guess.asked))
        return true;
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        if (clti_view_equal_nocase(clti_view(rows[i].path), guess.asked))
            return keep_text(reading, i, path, value);
        clti_guess_consider(&guess, rows[i].path);
    }
    if (guess.name)
        clti_complain_usage(reading->invocation, "--from: there is no member %s; did you mean %s?", path,
                            guess.name);
    else
        clti_complain_usage(reading->invocation, "--from: a customer has no member %s.", path);
    return false;
}

/* An object that is being read, and the one around it. */
typedef struct level {
    json_t *object;
    void *at; /* its next member */
    char *path;
} level;

static bool take_members(const member_reading *reading, json_t *root) {
    level levels[DEPTH_MAX] = {{root, json_object_iter(root), clti_copy(clti_view(""))}};
    size_t depth = 1;
    bool done = true;
    while (depth > 0) {
        level *own = &levels[depth - 1];
        if (!own->at || !done) {
            free(own->path);
            depth--;
            continue;
        }
        json_t *value = json_object_iter_value(own->at);
        char *path = clti_format("%s%s%s", own->path, *own->path ? "." : "", json_object_iter_key(own->at));
        own->at = json_object_iter_next(own->object, own->at);
        if (json_is_object(value) && is_inner(clti_view(path)) && depth < DEPTH_MAX)
            levels[depth++] = (level){value, json_object_iter(value), path};
        else {
            done = take_member(reading, path, value);
            free(path);
        }
    }
    return done;
}

bool clti_fields_parse(const clti_invocation *invocation, clt_str text, clti_fields *out, clti_words *owned) {
    const member_reading reading = {invocation, out, owned};
    json_error_t error;
    json_t *root = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    bool done = json_is_object(root);
    if (!root)
        clti_complain_usage(invocation, "--from: this is not JSON: %s, in line %d, column %d.", error.text,
                            error.line, error.column);
    else if (!done)
        clti_complain_usage(invocation, "--from: the JSON is not an object.");
    done = done && take_members(&reading, root);
    json_decref(root);
    return done;
}
