#include "daemon/daemon_private.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc looks this name up, so it has to be visible. */
__attribute__((visibility("default"))) const char *argp_program_version = "clienteled " CLTI_VERSION;

void clti_complain(const clti_fault *fault) {
    fprintf(stderr, "clienteled: %s\n", fault->text);
}

int clti_fail(const clti_fault *fault) {
    clti_complain(fault);
    return CLTI_EXIT_FAILED;
}

bool clti_output_finish(void) {
    static bool told;
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    /* Whoever reads through a pipe and leaves has what it wanted. */
    if (errno != EPIPE && !told)
        fprintf(stderr, "clienteled: Standard output cannot be written: %s.\n",
                strerror(errno ? errno : EIO));
    told = true;
    return false;
}

bool clti_output_add(clti_buf *buf, clti_fault *fault) {
    if (!clti_buf_ok(buf))
        return clti_fault_no_memory(fault);
    /* A failure stays with the stream; clti_output_finish() tells it. */
    fwrite(buf->data, 1, buf->size, stdout);
    clti_buf_clear(buf);
    return true;
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
#define KEY_HELP  'h' /* besides argp's own -? */

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

/* What a setting means, and which words it takes. NULL if out of memory. */
static const char *flag_help(clti_arena *arena, const clti_setting *setting) {
    if (setting->type != CLTI_SETTING_CHOICE)
        return setting->help;
    return clti_arena_format(arena, "%s (%s)", setting->help, setting->choices).data;
}

static bool build_options(flag_reading *reading) {
    const clti_command_line *line = reading->line;
    size_t count = line->flag_count + line->setting_count;
    struct argp_option *options = clti_arena_calloc(&reading->arena, count + 2, sizeof(*options));
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
            .doc = own ? flag->help : flag_help(&reading->arena, setting),
            .flags = !own && setting->type == CLTI_SETTING_BOOL ? OPTION_ARG_OPTIONAL : 0,
            .group = own ? 1 : 2};
        if (!options[i].name || !options[i].doc)
            return false;
    }
    options[count] = (struct argp_option){.key = KEY_HELP, .flags = OPTION_HIDDEN};
    reading->options = options;
    return true;
}

/* What stands on the command line everybody on the machine may read. */
static bool take_own_flag(flag_reading *reading, const clti_flag *flag, char *argument) {
    clt_str kept = argument ? clti_str(argument) : CLTI_STR("");
    if (clti_store_is_url(kept) && !clti_arena_copy(&reading->settings->arena, kept, &kept))
        return clti_fault_no_memory(&reading->fault);
    if (argument)
        clti_url_hide_password(argument);
    *flag->value = kept.data;
    return true;
}

static bool take_flag(flag_reading *reading, size_t index, char *argument) {
    const clti_command_line *line = reading->line;
    if (index < line->flag_count)
        return take_own_flag(reading, &line->flags[index], argument);
    const clti_setting *setting = &CLTI_CONFIG[index - line->flag_count];
    clt_str where = clti_arena_format(&reading->arena, "--%s", reading->options[index].name);
    if (!where.data)
        return clti_fault_no_memory(&reading->fault);
    const bool done =
        clti_settings_set(reading->settings, clti_str(setting->name), clti_str(argument ? argument : "true"),
                          CLTI_ORIGIN_FLAG, where.data, &reading->fault);
    if (argument && strcmp(setting->name, "store") == 0)
        clti_url_hide_password(argument);
    return done;
}

static bool take_operand(flag_reading *reading, char *operand) {
    if (reading->operands_seen == reading->line->operand_count) {
        clti_url_hide_password(operand);
        return clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "%s: '%s' is one argument too many; values of flags are written --name=value.",
                              reading->line->name, operand);
    }
    reading->line->operands[reading->operands_seen++] = operand;
    return true;
}

static error_t on_argument(int key, char *argument, struct argp_state *state) {
    flag_reading *reading = state->input;
    bool ok = true;
    if (key == KEY_HELP)
        argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
    else if (key == ARGP_KEY_ARG)
        ok = take_operand(reading, argument);
    else if (key == ARGP_KEY_END &&
             reading->operands_seen + reading->line->optional_count < reading->line->operand_count)
        ok = clti_fault_set(&reading->fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                            "%s: %s is missing; see --help.", reading->line->name, reading->line->arguments);
    else if (key >= KEY_FIRST && key < ARGP_KEY_END)
        ok = take_flag(reading, (size_t)(key - KEY_FIRST), argument);
    else if (key != ARGP_KEY_END)
        return ARGP_ERR_UNKNOWN;
    reading->failed |= !ok;
    return ok ? 0 : EINVAL;
}

static const struct argp_option *find_option(const flag_reading *reading, clt_str name,
                                             clti_nearest *nearest) {
    for (const struct argp_option *option = reading->options; option->name; option++) {
        if (clti_str_equal(clti_str(option->name), name))
            return option;
        clti_nearest_consider(nearest, option->name);
    }
    return NULL;
}

static bool is_general(clt_str flag) {
    static const char *const general[] = {"--help", "--usage", "--version", "-?", "-h", "-V"};
    for (size_t i = 0; i < CLTI_COUNT(general); i++)
        if (clti_str_equal(flag, clti_str(general[i])))
            return true;
    return false;
}

/* One flag as written, and the word behind it; says if that word is its value. */
static bool check_flag(flag_reading *reading, const char *word, const char *next, bool *out_takes_next) {
    const clti_fault_code code = CLTI_FAULT_INVALID_PROPERTY;
    const char *command = reading->line->name;
    clt_str value, flag = clti_str_cut(clti_str(word), '=', &value);
    clti_nearest nearest = clti_nearest_to(clti_str_from(flag, 2));
    *out_takes_next = false;
    if (is_general(flag))
        return true;
    const struct argp_option *option =
        flag.data[1] == '-' ? find_option(reading, clti_str_from(flag, 2), &nearest) : NULL;
    if (!option)
        return clti_fault_set(&reading->fault, code, NULL, "%s: there is no flag %.*s%s%s%s", command,
                              CLTI_STR_ARGS(flag), nearest.name ? "; did you mean --" : "; see --help",
                              nearest.name ? nearest.name : "", nearest.name ? "?" : ".");
    bool wants = option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
    /* A flag behind it was hardly meant as its value; written with '=' anything is one. */
    if (wants && !value.data && (!next || strncmp(next, "--", 2) == 0))
        return clti_fault_set(&reading->fault, code, NULL, "%s: --%s needs a value: %s.", command,
                              option->name, option->arg);
    if (!option->arg && value.data)
        return clti_fault_set(&reading->fault, code, NULL, "%s: --%s takes no value.", command, option->name);
    *out_takes_next = wants && !value.data;
    return true;
}

/* argp tells such mistakes in words and with an exit code of its own, and takes abbreviations; so look first.
 */
static bool check_flags(flag_reading *reading, int argc, char **argv) {
    bool takes_next = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (takes_next) {
            takes_next = false;
            continue;
        }
        if (strcmp(word, "--") == 0)
            break;
        if (word[0] == '-' && word[1] != '\0' &&
            !check_flag(reading, word, i + 1 < argc ? argv[i + 1] : NULL, &takes_next))
            return false;
    }
    return true;
}

static bool read_flags(flag_reading *reading, int argc, char **argv) {
    clti_arena *arena = &reading->arena;
    const clti_command_line *line = reading->line;
    clt_str program = clti_arena_format(arena, "clienteled %s", line->name);
    if (!build_options(reading) || !program.data)
        return clti_fault_no_memory(&reading->fault);
    if (!check_flags(reading, argc, argv))
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
        !read_flags(reading, argc, argv) ||
        !clti_settings_read_environment(settings, environ, CLTI_CONFIG_OTHERS, fault))
        return false;
    const clti_setting_value *config = clti_settings_get(settings, "config");
    const char *path = config->text.data;
    if (*path && !clti_settings_read_file(settings, path, fault))
        return false;
    if (config->origin == CLTI_ORIGIN_FILE)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, "config",
                              "%s: 'config' names the settings file and cannot stand in one.", path);
    return clti_config_check_store(settings, fault);
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

/* ---- what commands on a store share -------------------------------------------------------------------- */

bool clti_flag_require(const char *flag, const char *value, clti_fault *fault) {
    return (value && *value) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "--%s is missing; see --help.", flag);
}

bool clti_flag_guid(const char *flag, const char *value, clt_guid *out, clti_fault *fault) {
    return (clti_guid_parse(clti_str(value), out) && !clti_guid_is_absent(*out)) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "--%s: '%s' is not a GUID.", flag, value);
}

static int run_on_store(const clti_store_command *command, void *request, const clti_settings *settings) {
    clti_store_options options = clti_config_store_options(settings);
    clti_store *store;
    clti_arena arena = {0};
    clti_fault fault;
    if (!clti_store_open(&options, &store, &fault))
        return clti_fail(&fault);
    int code = command->run(store, &arena, request);
    clti_arena_done(&arena);
    clti_store_close(store);
    return code;
}

int clti_store_command_run(const clti_store_command *command, void *request, int argc, char **argv) {
    clti_settings settings;
    clti_fault fault;
    int code = clti_command_line_read(&command->line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE && command->check && !command->check(request, &fault)) {
        fprintf(stderr, "clienteled: %s: %s\n", command->line.name, fault.text);
        code = CLTI_EXIT_USAGE;
    }
    if (code == CLTI_EXIT_DONE)
        code = run_on_store(command, request, &settings);
    clti_settings_done(&settings);
    return code;
}

bool clti_change_apply(clti_store *store, const clti_change *change, const char *refusal, clti_fault *fault) {
    clti_outcome outcome;
    if (!clti_store_apply(store, change, 1, &outcome, fault))
        return false;
    return outcome.done || clti_fault_set(fault, outcome.refusal, NULL, refusal ? "%s" : NULL, refusal);
}
