#include "cli/profile_private.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [CLTI_PROFILE_CLOUD] = "cloud",
    [CLTI_PROFILE_BASE_URL] = "base_url",
    [CLTI_PROFILE_AUTHORITY_URL] = "authority_url",
    [CLTI_PROFILE_CA_FILE] = "ca_file",
    [CLTI_PROFILE_TENANT] = "tenant",
    [CLTI_PROFILE_CLIENT_ID] = "client_id",
    [CLTI_PROFILE_CLIENT_SECRET] = "client_secret",
    [CLTI_PROFILE_REFRESH_TOKEN] = "refresh_token",
    [CLTI_PROFILE_ACCESS_TOKEN] = "access_token",
    [CLTI_PROFILE_EXPIRES_AT] = "expires_at",
};
_Static_assert(CLTI_COUNT(names) == CLTI_PROFILE_FIELD_COUNT, "every field has its name");

#define CURRENT "current"

const char *clti_profile_field_name(clti_profile_field field) {
    return names[field];
}

/* ---- profiles ------------------------------------------------------------------------------------------ */

static void profile_done(clti_profile *profile) {
    for (size_t i = 0; i < CLTI_PROFILE_FIELD_COUNT; i++)
        clti_free_secret(profile->values[i]);
    free(profile->name);
}

void clti_profiles_done(clti_profiles *profiles) {
    for (size_t i = 0; i < profiles->count; i++)
        profile_done(&profiles->items[i]);
    free(profiles->items);
    free(profiles->current);
    *profiles = (clti_profiles){0};
}

bool clti_profile_name_check(clt_str name) {
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' || c == '_' ||
              c == '-'))
            return false;
    }
    return name.size > 0 && name.size <= CLTI_PROFILE_NAME_MAX;
}

bool clti_profile_value_check(clt_str value) {
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7F)
            return false;
    return value.size > 0 && value.data[0] != ' ' && value.data[value.size - 1] != ' ' &&
           value.size < CLTI_PROFILE_LINE_MAX - CLTI_PROFILE_NAME_MAX;
}

clti_profile *clti_profiles_find(const clti_profiles *profiles, const char *name) {
    for (size_t i = 0; i < profiles->count; i++)
        if (strcmp(profiles->items[i].name, name) == 0)
            return &profiles->items[i];
    return NULL;
}

clti_profile *clti_profiles_put(clti_profiles *profiles, const char *name) {
    clti_profile *found = clti_profiles_find(profiles, name);
    if (found)
        return found;
    profiles->items = clti_reallocate(profiles->items, (profiles->count + 1) * sizeof(*profiles->items));
    clti_profile *added = &profiles->items[profiles->count++];
    *added = (clti_profile){.name = clti_copy(clti_view(name))};
    return added;
}

bool clti_profiles_remove(clti_profiles *profiles, const char *name) {
    clti_profile *found = clti_profiles_find(profiles, name);
    if (!found)
        return false;
    if (profiles->current && strcmp(profiles->current, name) == 0) {
        free(profiles->current);
        profiles->current = NULL;
    }
    profile_done(found);
    size_t behind = profiles->count - (size_t)(found - profiles->items) - 1;
    memmove(found, found + 1, behind * sizeof(*found));
    profiles->count--;
    return true;
}

void clti_profile_set(clti_profile *profile, clti_profile_field field, const char *value) {
    char *copy = value && *value ? clti_copy(clti_view(value)) : NULL;
    clti_free_secret(profile->values[field]);
    profile->values[field] = copy;
}

void clti_profile_forget(clti_profile *profile) {
    for (clti_profile_field field = CLTI_PROFILE_CLIENT_SECRET; field < CLTI_PROFILE_FIELD_COUNT; field++)
        clti_profile_set(profile, field, NULL);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

typedef struct file_reading {
    clt_str rest; /* of the text */
    clti_profiles *profiles;
    size_t line;
    char *why; /* it has failed, at `line` */
} file_reading;

/* What ini_parse_stream() reads with: a line that is too long is refused, not taken for two, and an indented
 * line is one of its own, not more of the line above. */
static char *read_line(char *out, int size, void *user) {
    file_reading *reading = user;
    if (reading->why || reading->rest.size == 0)
        return NULL;
    reading->line++;
    clt_str rest, line = clti_view_cut(reading->rest, '\n', &rest);
    while (line.size > 0 && (line.data[0] == ' ' || line.data[0] == '\t'))
        line = (clt_str){line.data + 1, line.size - 1};
    if (line.size + 2 > (size_t)size)
        reading->why = clti_format("a line is longer than %d characters", size - 2);
    else if (line.size > 0 && memchr(line.data, '\0', line.size))
        reading->why = clti_format("there is a NUL");
    if (reading->why)
        return NULL;
    if (line.size > 0)
        memcpy(out, line.data, line.size);
    out[line.size] = '\n';
    out[line.size + 1] = '\0';
    reading->rest = rest;
    return out;
}

static clti_profile_field find_field(const char *name) {
    clti_profile_field field = 0;
    while (field < CLTI_PROFILE_FIELD_COUNT && strcmp(names[field], name) != 0)
        field++;
    return field;
}

static void take_current(file_reading *reading, const char *name, const char *value) {
    if (strcmp(name, CURRENT) != 0)
        reading->why = clti_format("'%s' stands in no [profile]", name);
    else if (!clti_profile_name_check(clti_view(value)))
        reading->why = clti_format("'%s' is no name of a profile", value);
    else {
        free(reading->profiles->current);
        reading->profiles->current = clti_copy(clti_view(value));
    }
}

static void take_field(file_reading *reading, const char *section, const char *name, const char *value) {
    clti_profile_field field = find_field(name);
    bool is_known = clti_profiles_find(reading->profiles, section) != NULL;
    if (!clti_profile_name_check(clti_view(section)))
        reading->why = clti_format("'%s' is no name of a profile", section);
    else if (!is_known && reading->profiles->count == CLTI_PROFILE_COUNT_MAX)
        reading->why = clti_format("there are more than %d profiles", CLTI_PROFILE_COUNT_MAX);
    else if (field == CLTI_PROFILE_FIELD_COUNT)
        reading->why = clti_format("there is nothing called '%s' in a profile", name);
    else if (*value && !clti_profile_value_check(clti_view(value)))
        reading->why = clti_format("the value of '%s' has a control character or is too long", name);
    else
        clti_profile_set(clti_profiles_put(reading->profiles, section), field, value);
}

static int on_entry(void *user, const char *section, const char *name, const char *value) {
    file_reading *reading = user;
    if (reading->why)
        return 0;
    if (*section)
        take_field(reading, section, name, value);
    else
        take_current(reading, name, value);
    return reading->why == NULL;
}

bool clti_profiles_parse(clt_str text, clti_profiles *out, char **out_why) {
    file_reading reading = {.rest = text, .profiles = out};
    /* How this library is told; nothing else in the process uses it. */
    ini_max_line = ini_initial_alloc = CLTI_PROFILE_LINE_MAX;
    ini_use_stack = false;
    ini_allow_inline_comments = false;
    int malformed = ini_parse_stream(read_line, &reading, on_entry, &reading);
    /* A malformed line is passed over at first, so it may stand before the one that failed. */
    if (malformed > 0 && !(reading.why && (size_t)malformed == reading.line)) {
        free(reading.why);
        reading.why = clti_format("expected [profile], 'name = value' or a comment");
        reading.line = (size_t)malformed;
    } else if (malformed < 0 && !reading.why)
        reading.why = clti_format("out of memory");
    if (!reading.why)
        return true;
    *out_why = clti_format("line %zu: %s", reading.line, reading.why);
    free(reading.why);
    return false;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

void clti_profiles_format(const clti_profiles *profiles, clti_bytes *out) {
    clti_bytes_add_text(out, "# Written by clientele; keep it secret.\n");
    if (profiles->current)
        clti_bytes_add_format(out, CURRENT " = %s\n", profiles->current);
    for (size_t i = 0; i < profiles->count; i++) {
        const clti_profile *profile = &profiles->items[i];
        clti_bytes_add_format(out, "\n[%s]\n", profile->name);
        for (size_t field = 0; field < CLTI_PROFILE_FIELD_COUNT; field++)
            /* One that could not be read again would take all profiles with it. */
            if (profile->values[field] && clti_profile_value_check(clti_view(profile->values[field])))
                clti_bytes_add_format(out, "%s = %s\n", names[field], profile->values[field]);
    }
}
