#include "base/settings.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#define ENVIRONMENT_PREFIX "CLIENTELE_"

bool clti_settings_init(clti_settings *settings, const clti_setting *table, size_t count, clti_fault *fault) {
    *settings = (clti_settings){.table = table, .count = count};
    settings->values = clti_arena_calloc(&settings->arena, count, sizeof(*settings->values));
    if (!settings->values)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++)
        if (!clti_settings_set(settings, clti_str(table[i].name), clti_str(table[i].fallback),
                               CLTI_ORIGIN_DEFAULT, "default", fault))
            return false;
    return true;
}

void clti_settings_done(clti_settings *settings) {
    clti_arena_done(&settings->arena);
    *settings = (clti_settings){0};
}

/* ---- names: `auth.require_user`, `AUTH_REQUIRE_USER` and `auth-require-user` are one --------------- */

static char plain(char c) {
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c == '.' || c == '-' ? '_' : c;
}

static bool same_name(clt_str a, clt_str b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (plain(a.data[i]) != plain(b.data[i]))
            return false;
    return true;
}

static const clti_setting *find(const clti_setting *table, size_t count, clt_str name) {
    for (size_t i = 0; i < count; i++)
        if (same_name(clti_str(table[i].name), name))
            return &table[i];
    return NULL;
}

const clti_setting *clti_settings_find_flag(const clti_setting *table, size_t count, clt_str flag) {
    for (size_t i = 0; i < flag.size; i++)
        if (flag.data[i] == '.' || flag.data[i] == '_')
            return NULL;
    return find(table, count, flag);
}

const char *clti_settings_suggest(const clti_setting *table, size_t count, clt_str name) {
    const char *nearest = NULL;
    size_t least = name.size / 3 + 2; /* further away, a suggestion only confuses */
    for (size_t i = 0; i < count; i++) {
        size_t distance = clti_str_distance(clti_str(table[i].name), name);
        if (distance < least) {
            least = distance;
            nearest = table[i].name;
        }
    }
    return nearest;
}

/* ---- values ------------------------------------------------------------------------------------------- */

static bool read_word(clt_str text, const char *choices, uint64_t *out) {
    clt_str rest = clti_str(choices);
    for (uint64_t i = 0; rest.data; i++) {
        if (clti_str_equal_nocase(clti_str_cut(rest, '|', &rest), text)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool read_bool(clt_str text, uint64_t *out) {
    uint64_t word;
    if (!read_word(text, "false|true|no|yes|off|on|0|1", &word))
        return false;
    *out = word % 2;
    return true;
}

static bool read_size(clt_str text, uint64_t max, uint64_t *out) {
    static const char units[] = "KMGT";
    uint64_t factor = 1;
    const char *unit = text.size ? strchr(units, text.data[text.size - 1] & ~0x20) : NULL;
    if (unit && *unit) {
        factor = 1ull << (10 * (unsigned)(unit - units + 1));
        text.size--;
    }
    uint64_t number;
    if (!clti_str_to_u64(text, max / factor, &number))
        return false;
    *out = number * factor;
    return true;
}

static bool bad_value(const clti_setting *row, const char *where, clti_fault *fault) {
    const clti_fault_code code = CLTI_FAULT_INVALID_PROPERTY;
    switch (row->type) {
    case CLTI_SETTING_BOOL:
        return clti_fault_set(fault, code, row->name, "%s: %s must be true or false.", where, row->name);
    case CLTI_SETTING_CHOICE:
        return clti_fault_set(fault, code, row->name, "%s: %s must be one of %s.", where, row->name,
                              row->choices);
    case CLTI_SETTING_COUNT:
        return clti_fault_set(fault, code, row->name, "%s: %s must be a whole number from %llu to %llu.",
                              where, row->name, (unsigned long long)row->min, (unsigned long long)row->max);
    case CLTI_SETTING_SIZE:
        return clti_fault_set(
            fault, code, row->name,
            "%s: %s must be a number of bytes from %llu to %llu; K, M, G and T are understood.", where,
            row->name, (unsigned long long)row->min, (unsigned long long)row->max);
    case CLTI_SETTING_TEXT:
        break;
    }
    return clti_fault_set(fault, code, row->name, "%s: %s is not usable.", where, row->name);
}

static bool read_value(const clti_setting *row, clt_str text, uint64_t *out) {
    switch (row->type) {
    case CLTI_SETTING_BOOL:
        return read_bool(text, out);
    case CLTI_SETTING_CHOICE:
        return read_word(text, row->choices, out);
    case CLTI_SETTING_COUNT:
        return clti_str_to_u64(text, row->max, out) && *out >= row->min;
    case CLTI_SETTING_SIZE:
        return read_size(text, row->max, out) && *out >= row->min;
    case CLTI_SETTING_TEXT:
        break;
    }
    *out = 0;
    return true;
}

/* `auth.require_user` is CLIENTELE_AUTH_REQUIRE_USER; absent if out of memory. */
static clt_str variable_name(clti_arena *arena, const char *setting) {
    clt_str name = clti_arena_format(arena, ENVIRONMENT_PREFIX "%s", setting);
    for (char *c = (char *)(uintptr_t)name.data; c && *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - ('a' - 'A')) : (char)(*c == '.' ? '_' : *c);
    return name;
}

static bool unknown_name(clti_settings *settings, clt_str name, clti_setting_origin origin, const char *where,
                         clti_fault *fault) {
    const clti_fault_code code = CLTI_FAULT_INVALID_PROPERTY;
    const char *nearest = clti_settings_suggest(settings->table, settings->count, name);
    if (!nearest)
        return clti_fault_set(fault, code, NULL, "%s: there is no setting '%.*s'.", where,
                              CLTI_STR_ARGS(name));
    clt_str shown =
        origin == CLTI_ORIGIN_ENVIRONMENT ? variable_name(&settings->arena, nearest) : clti_str(nearest);
    if (!shown.data)
        return clti_fault_no_memory(fault);
    return clti_fault_set(fault, code, NULL, "%s: there is no setting '%.*s'; did you mean '%.*s'?", where,
                          CLTI_STR_ARGS(name), CLTI_STR_ARGS(shown));
}

bool clti_settings_set(clti_settings *settings, clt_str name, clt_str value, clti_setting_origin origin,
                       const char *where, clti_fault *fault) {
    const clti_setting *row = find(settings->table, settings->count, name);
    if (!row)
        return unknown_name(settings, name, origin, where, fault);
    clti_setting_value read = {.origin = origin};
    if (!read_value(row, value, &read.number))
        return bad_value(row, where, fault);
    if (!clti_arena_copy(&settings->arena, value, &read.text))
        return clti_fault_no_memory(fault);
    clti_setting_value *held = &settings->values[row - settings->table];
    if (origin >= held->origin)
        *held = read;
    return true;
}

const clti_setting_value *clti_settings_get(const clti_settings *settings, const char *name) {
    const clti_setting *row = find(settings->table, settings->count, clti_str(name));
    clti_assert(row);
    return &settings->values[row - settings->table];
}

/* ---- file --------------------------------------------------------------------------------------------- */

typedef struct file_reading {
    clti_settings *settings;
    const char *path;
    FILE *file;
    int line;
    bool failed; /* at `line`; reading has ended there */
    clti_fault fault;
} file_reading;

/* What ini_parse_stream() reads with: lines that are too long are refused, not taken for two, and an indented
 * line is one of its own, not more of the line above. */
static char *read_line(char *out, int size, void *user) {
    file_reading *reading = user;
    if (reading->failed || !fgets(out, size, reading->file))
        return NULL;
    reading->line++;
    if (!strchr(out, '\n') && !feof(reading->file)) {
        reading->failed = true;
        clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                       "%s: a line is longer than %d characters.", reading->path, size - 2);
        return NULL;
    }
    size_t blanks = strspn(out, " \t");
    memmove(out, out + blanks, strlen(out + blanks) + 1);
    return out;
}

static int on_file_entry(void *user, const char *section, const char *name, const char *value) {
    file_reading *reading = user;
    clti_arena arena = {0};
    clt_str dotted = *section ? clti_arena_format(&arena, "%s.%s", section, name) : clti_str(name);
    if (!dotted.data)
        reading->failed = !clti_fault_no_memory(&reading->fault);
    else
        reading->failed = !clti_settings_set(reading->settings, dotted, clti_str(value), CLTI_ORIGIN_FILE,
                                             reading->path, &reading->fault);
    clti_arena_done(&arena);
    return !reading->failed;
}

bool clti_settings_read_file(clti_settings *settings, const char *path, clti_fault *fault) {
    file_reading reading = {.settings = settings, .path = path, .file = fopen(path, "re")};
    if (!reading.file)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "%s: the settings file cannot be read: %s.", path, strerror(errno));
    int malformed = ini_parse_stream(read_line, &reading, on_file_entry, &reading);
    bool unreadable = ferror(reading.file) != 0;
    fclose(reading.file);
    /* A malformed line is passed over at first, so it may stand before the one that failed. */
    if (reading.failed && (malformed == 0 || malformed == reading.line))
        return clti_fault_set(fault, reading.fault.code, reading.fault.member, "%s (line %d)",
                              reading.fault.text, reading.line);
    if (unreadable)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "%s: the settings file cannot be read.", path);
    if (malformed != 0)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "%s:%d: expected [section], 'name = value' or a comment.", path, malformed);
    return true;
}

/* ---- environment -------------------------------------------------------------------------------------- */

static bool is_among(const char *const *names, clt_str name) {
    while (*names && !clti_str_equal(clti_str(*names), name))
        names++;
    return *names != NULL;
}

bool clti_settings_read_environment(clti_settings *settings, char *const *environment,
                                    const char *const *others, clti_fault *fault) {
    const clt_str prefix = CLTI_STR(ENVIRONMENT_PREFIX);
    for (; *environment; environment++) {
        clt_str value, variable = clti_str_cut(clti_str(*environment), '=', &value);
        if (!clti_str_starts_with(variable, prefix) || clti_str_is_empty(value) || is_among(others, variable))
            continue;
        clti_arena arena = {0};
        clt_str where;
        bool ok = clti_arena_copy(&arena, variable, &where);
        if (ok)
            ok = clti_settings_set(settings, clti_str_from(variable, prefix.size), value,
                                   CLTI_ORIGIN_ENVIRONMENT, where.data, fault);
        else
            clti_fault_no_memory(fault);
        clti_arena_done(&arena);
        if (!ok)
            return false;
    }
    return true;
}
