#include "daemon/daemon_private.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *argp_program_version = "clienteled " CLTI_VERSION;

void clti_complain(const clti_fault *fault) {
    fprintf(stderr, "clienteled: %s\n", fault->text);
}

bool clti_partner_named(clti_store *store, clt_str name, clti_arena *arena, clti_partner *out,
                        clti_fault *fault) {
    clt_guid id;
    bool found, ok = clti_guid_parse(name, &id)
                         ? clti_store_partner_find(store, id, arena, out, &found, fault)
                         : clti_store_partner_find_domain(store, name, arena, out, &found, fault);
    if (!ok)
        return false;
    return found ||
           clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL,
                          "There is no partner '%.*s' in this store; name one by its domain or tenant id.",
                          CLTI_STR_ARGS(name));
}

/* ---- flags --------------------------------------------------------------------------------------------- */

/* argp wants options as an array of its own and hands back a number for each. */
#define KEY_FIRST 1000

typedef struct flag_reading {
    const clti_command_line *line;
    clti_settings *settings;
    clti_arena arena;
    struct argp_option *options;
    size_t operands_seen;
    clti_fault fault;
    bool failed;
} flag_reading;

/* `auth.require_user` as a flag is `auth-require-user`. */
static const char *flag_name(clti_arena *arena, const char *setting) {
    clt_str copy;
    if (!clti_arena_copy(arena, clti_str(setting), &copy))
        return NULL;
    char *text = (char *)(uintptr_t)copy.data;
    for (char *c = text; *c; c++)
        if (*c == '.' || *c == '_')
            *c = '-';
    return text;
}

static bool build_options(flag_reading *reading) {
    const clti_command_line *line = reading->line;
    size_t count = line->flag_count + line->setting_count;
    struct argp_option *options = clti_arena_calloc(&reading->arena, count + 1, sizeof(*options));
    if (!options)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool own = i < line->flag_count;
        const clti_flag *flag = own ? &line->flags[i] : NULL;
        const clti_setting *setting = own ? NULL : &CLTI_CONFIG[i - line->flag_count];
        options[i] = (struct argp_option){
            .name = own ? flag->name : flag_name(&reading->arena, setting->name),
            .key = KEY_FIRST + (int)i,
            .arg = own ? flag->argument : setting->argument,
            .doc = own ? flag->help : setting->help,
            .flags = !own && setting->type == CLTI_SETTING_BOOL ? OPTION_ARG_OPTIONAL : 0,
            .group = own ? 1 : 2};
        if (!options[i].name)
            return false;
    }
    reading->options = options;
    return true;
}

static bool take_flag(flag_reading *reading, size_t index, const char *argument) {
    const clti_command_line *line = reading->line;
    if (index < line->flag_count) {
        *line->flags[index].value = argument ? argument : "";
        return true;
    }
    const clti_setting *setting = &CLTI_CONFIG[index - line->flag_count];
    clt_str where = clti_arena_format(&reading->arena, "--%s", reading->options[index].name);
    if (!where.data)
        return clti_fault_no_memory(&reading->fault);
    return clti_settings_set(reading->settings, clti_str(setting->name),
                             clti_str(argument ? argument : "true"), CLTI_ORIGIN_FLAG, where.data,
                             &reading->fault);
}

static bool take_operand(flag_reading *reading, const char *operand) {
    if (reading->operands_seen == reading->line->operand_count)
        return clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "%s: '%s' is one argument too many; values of flags are written --name=value.",
                              reading->line->name, operand);
    reading->line->operands[reading->operands_seen++] = operand;
    return true;
}

static error_t on_argument(int key, char *argument, struct argp_state *state) {
    flag_reading *reading = state->input;
    bool ok = true;
    if (key == ARGP_KEY_ARG)
        ok = take_operand(reading, argument);
    else if (key == ARGP_KEY_END && reading->operands_seen < reading->line->operand_count)
        ok = clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                            "%s: %s is missing; see --help.", reading->line->name, reading->line->arguments);
    else if (key >= KEY_FIRST && key < ARGP_KEY_END)
        ok = take_flag(reading, (size_t)(key - KEY_FIRST), argument);
    else if (key != ARGP_KEY_END)
        return ARGP_ERR_UNKNOWN;
    reading->failed |= !ok;
    return ok ? 0 : EINVAL;
}

/* Name an unknown flag and the nearest known one, which argp does not; abbreviations count as unknown. */
static bool check_names(flag_reading *reading, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        clt_str value, name = clti_str_cut(clti_str(argv[i]), '=', &value);
        if (!clti_str_starts_with(name, CLTI_STR("--")))
            continue;
        if (name.size == 2)
            break;
        const char *nearest = NULL;
        size_t least = name.size / 3 + 2;
        bool known = clti_str_equal(name, CLTI_STR("--help")) || clti_str_equal(name, CLTI_STR("--usage")) ||
                     clti_str_equal(name, CLTI_STR("--version"));
        for (const struct argp_option *option = reading->options; option->name && !known; option++) {
            size_t distance = clti_str_distance(clti_str(option->name), clti_str_from(name, 2));
            known = distance == 0;
            if (distance < least) {
                least = distance;
                nearest = option->name;
            }
        }
        if (!known)
            return clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                                  "%s: there is no flag %.*s%s%s%s", reading->line->name, CLTI_STR_ARGS(name),
                                  nearest ? "; did you mean --" : "; see --help", nearest ? nearest : "",
                                  nearest ? "?" : ".");
    }
    return true;
}

static bool read_flags(flag_reading *reading, int argc, char **argv) {
    clti_arena *arena = &reading->arena;
    const clti_command_line *line = reading->line;
    clt_str program = clti_arena_format(arena, "clienteled %s", line->name);
    if (!build_options(reading) || !program.data)
        return clti_fault_no_memory(&reading->fault);
    if (!check_names(reading, argc, argv))
        return false;
    argv[0] = (char *)(uintptr_t)program.data;
    struct argp argp = {
        .options = reading->options, .parser = on_argument, .args_doc = line->arguments, .doc = line->about};
    error_t error = argp_parse(&argp, argc, argv, 0, NULL, reading);
    if (error != 0 && !reading->failed)
        return clti_fault_no_memory(&reading->fault);
    return !reading->failed;
}

/* ---- all origins together ------------------------------------------------------------------------------ */

static bool read_all(flag_reading *reading, int argc, char **argv) {
    clti_settings *settings = reading->settings;
    clti_fault *fault = &reading->fault;
    if (!clti_settings_init(settings, CLTI_CONFIG, CLTI_CONFIG_COUNT, fault) ||
        !read_flags(reading, argc, argv) || !clti_settings_read_environment(settings, environ, fault))
        return false;
    const clti_setting_value *config = clti_settings_get(settings, "config");
    const char *path = config->text.data;
    if (*path && !clti_settings_read_file(settings, path, fault))
        return false;
    return config->origin != CLTI_ORIGIN_FILE ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "config",
                          "%s: 'config' names the settings file and cannot stand in one.", path);
}

int clti_command_line_read(const clti_command_line *line, int argc, char **argv, clti_settings *settings) {
    flag_reading reading = {.line = line, .settings = settings};
    bool ok = read_all(&reading, argc, argv);
    clti_arena_done(&reading.arena);
    if (!ok) {
        clti_complain(&reading.fault);
        return CLTI_EXIT_USAGE;
    }
    clti_log_configure((clti_log_level)clti_settings_get(settings, "log.level")->number,
                       (clti_log_format)clti_settings_get(settings, "log.format")->number);
    return CLTI_EXIT_DONE;
}
