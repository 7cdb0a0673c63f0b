/* clienteled config show: every setting, its value and where it came from. */
#include "daemon/daemon_private.h"
#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

static const char *const origins[] = {[CLTI_ORIGIN_DEFAULT] = "default",
                                      [CLTI_ORIGIN_FILE] = "file",
                                      [CLTI_ORIGIN_ENVIRONMENT] = "environment",
                                      [CLTI_ORIGIN_FLAG] = "flag"};

/* Passwords are nobody's to see, also not in what is sent to those who help. */
static bool settle_shown(const clti_settings *settings, size_t index, clti_arena *arena, clt_str *out) {
    *out = settings->values[index].text;
    if (strcmp(settings->table[index].name, "store") != 0)
        return true;
    if (!clti_arena_copy(arena, *out, out))
        return false;
    clti_url_hide_password((char *)(uintptr_t)out->data);
    return true;
}

static bool print_settings(const clti_settings *settings, bool as_json, clti_fault *fault) {
    size_t width = 0;
    clti_buf line;
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    for (size_t i = 0; i < settings->count; i++)
        width = strlen(settings->table[i].name) > width ? strlen(settings->table[i].name) : width;
    clti_buf_init(&line, SIZE_MAX);
    if (!as_json)
        clti_buf_add_format(&line, "%-*s  %-11s  %s\n", (int)width, "SETTING", "ORIGIN", "VALUE");
    bool ok = true;
    for (size_t i = 0; i < settings->count && ok; i++) {
        const clti_setting_value *value = &settings->values[i];
        const char *name = settings->table[i].name, *origin = origins[value->origin];
        clt_str shown;
        if (!settle_shown(settings, i, &arena, &shown)) {
            ok = clti_fault_no_memory(fault);
            break;
        }
        if (as_json) {
            clti_buf_add_format(&line, "{\"name\":\"%s\",\"value\":", name);
            clti_json_add_string(&line, shown);
            clti_buf_add_format(&line, ",\"origin\":\"%s\"}\n", origin);
        } else {
            clti_buf_add_format(&line, "%-*s  %-11s  ", (int)width, name, origin);
            clti_buf_add(&line, shown);
            clti_buf_add_char(&line, '\n');
        }
        ok = clti_output_add(&line, fault);
    }
    clti_buf_done(&line);
    return ok;
}

static int show(int argc, char **argv) {
    const char *json = NULL;
    const clti_flag flags[] = {
        {"json", NULL, "for programs: one JSON object a line, with name, value, origin", &json}};
    const clti_command_line line = {
        .name = "config show",
        .about = "Show every setting, its value and where it came from: default, file, environment or flag. "
                 "Takes the flags of every command.",
        .flags = flags,
        .flag_count = CLTI_COUNT(flags),
        .setting_count = CLTI_CONFIG_COUNT};
    clti_settings settings;
    clti_fault fault;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE && !print_settings(&settings, json != NULL, &fault))
        code = clti_fail(&fault);
    clti_settings_done(&settings);
    return code;
}

int clti_command_config(int argc, char **argv) {
    static const clti_command commands[] = {{"show", show, "show every setting and where it came from"}};
    const clti_command_group group = {
        .program = "clienteled config", .commands = commands, .count = CLTI_COUNT(commands), .closing = ""};
    return clti_command_dispatch(&group, argc, argv);
}
