/* clientele: a partner's customers on the command line. The table of commands, and how one is found. */
#include "cli/cmd_private.h"
#include "clientele/clientele.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const clti_command *const CLTI_COMMANDS[] = {
    &clti_cmd_login,
    &clti_cmd_logout,
    &clti_cmd_whoami,
    &clti_cmd_profile_list,
    &clti_cmd_profile_use,
    &clti_cmd_profile_remove,
    &clti_cmd_customers_list,
    &clti_cmd_customers_get,
    &clti_cmd_customers_count,
    &clti_cmd_customers_export,
    &clti_cmd_api,
    &clti_cmd_completion,
    &clti_cmd_version,
};
const size_t CLTI_COMMAND_COUNT = CLTI_COUNT(CLTI_COMMANDS);

static const struct {
    const char *name;
    const char *about;
} groups[] = {
    {"profile", "List, choose and remove the profiles that login made"},
    {"customers", "List, get, count and export the partner's customers"},
};

/* glibc looks this name up, so it has to be visible. */
__attribute__((visibility("default"))) const char *argp_program_version;

/* ---- finding a command --------------------------------------------------------------------------------- */

const char *clti_group_about(clt_str name) {
    for (size_t i = 0; i < CLTI_COUNT(groups); i++)
        if (clti_view_equal(clti_view(groups[i].name), name))
            return groups[i].about;
    return NULL;
}

clt_str clti_command_group(const clti_command *command, clt_str *rest) {
    return clti_view_cut(clti_view(command->name), ' ', rest);
}

/* A row for each command of a group; for the top, a row for each group, too. */
static void print_usage(clt_str group, FILE *out) {
    clt_str last = {NULL, 0}, second;
    fprintf(out, "Usage: clientele%s%.*s COMMAND [FLAGS]\n\nCommands:\n", group.size ? " " : "",
            CLTI_VIEW_ARGS(group));
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        const clti_command *command = CLTI_COMMANDS[i];
        clt_str first = clti_command_group(command, &second);
        if (group.size > 0 && clti_view_equal(first, group))
            fprintf(out, "  %-10.*s %s\n", CLTI_VIEW_ARGS(second), command->about);
        else if (group.size == 0 && !clti_view_equal(first, last))
            fprintf(out, "  %-10.*s %s\n", CLTI_VIEW_ARGS(first),
                    second.data ? clti_group_about(first) : command->about);
        last = first;
    }
    fprintf(out, "\n'clientele%s%.*s COMMAND --help' tells a command's flags, with examples.\n",
            group.size ? " " : "", CLTI_VIEW_ARGS(group));
}

/* The last command whose second word this is: `customers list` rather than `profile list`. */
static const char *find_in_groups(clt_str name) {
    const char *found = NULL;
    clt_str second;
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        clti_command_group(CLTI_COMMANDS[i], &second);
        if (second.data && clti_view_equal_nocase(second, name))
            found = CLTI_COMMANDS[i]->name;
    }
    return found;
}

static int complain_unknown(clt_str group, clt_str name) {
    clti_guess guess = clti_guess_for(name);
    clt_str second;
    for (size_t i = 0; group.size == 0 && i < CLTI_COUNT(groups); i++)
        clti_guess_consider(&guess, groups[i].name);
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        clt_str first = clti_command_group(CLTI_COMMANDS[i], &second);
        if (group.size == 0 ? !second.data : clti_view_equal(first, group))
            clti_guess_consider(&guess, second.data ? second.data : CLTI_COMMANDS[i]->name);
    }
    const char *whole = group.size == 0 ? find_in_groups(name) : NULL;
    if (whole || guess.name)
        clti_complain("there is no command '%.*s'; did you mean '%s'?", CLTI_VIEW_ARGS(name),
                      whole ? whole : guess.name);
    else
        clti_complain("there is no command '%.*s'; see 'clientele%s%.*s --help'.", CLTI_VIEW_ARGS(name),
                      group.size ? " " : "", CLTI_VIEW_ARGS(group));
    return CLTI_EXIT_USAGE;
}

static bool is_one_of(clt_str word, const char *words) {
    return clti_choice_find(words, word) >= 0;
}

/* The command that one or two words name; NULL if there is none. */
static const clti_command *find_command(clt_str group, clt_str name) {
    clt_str second;
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        clt_str first = clti_command_group(CLTI_COMMANDS[i], &second);
        if (group.size > 0 ? clti_view_equal(first, group) && clti_view_equal(second, name)
                           : clti_view_equal(first, name) && !second.data)
            return CLTI_COMMANDS[i];
    }
    return NULL;
}

static int dispatch(int argc, char **argv) {
    clt_str group = {"", 0}, name = clti_view(argc > 1 ? argv[1] : "");
    if (clti_group_about(name)) {
        group = name;
        argc--;
        argv++;
        name = clti_view(argc > 1 ? argv[1] : "");
    }
    if (name.size == 0) {
        clti_complain("a command is missing.");
        print_usage(group, stderr);
        return CLTI_EXIT_USAGE;
    }
    if (is_one_of(name, "--help|-h|-?|--usage")) {
        print_usage(group, stdout);
        return CLTI_EXIT_DONE;
    }
    if (group.size == 0 && is_one_of(name, "--version|-V"))
        return clti_command_run(&clti_cmd_version, 1, argv);
    if (name.data[0] == '-') {
        clti_complain("'%s' stands before the command; flags stand behind it: clientele COMMAND %s ...",
                      argv[1], argv[1]);
        return CLTI_EXIT_USAGE;
    }
    const clti_command *command = find_command(group, name);
    return command ? clti_command_run(command, argc - 1, argv + 1) : complain_unknown(group, name);
}

/* `help customers list` is `customers list --help`. */
static int show_help(int argc, char **argv) {
    char help[] = "--help";
    char **words = clti_allocate((size_t)(argc + 1) * sizeof(char *));
    for (int i = 1; i < argc; i++)
        words[i] = argv[i];
    words[argc] = help;
    int code = dispatch(argc + 1, words);
    free(words);
    return code;
}

int clti_command_main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "help") == 0)
        return show_help(argc - 1, argv + 1);
    return dispatch(argc, argv);
}

/* ---- the process --------------------------------------------------------------------------------------- */

/* However the process ends, also inside argp: output that could not be written is a failure, but for the
 * reader that left, which has what it wanted. */
static void on_exit_finish_output(void) {
    errno = 0;
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
        return;
    clti_complain("Standard output cannot be written: %s.", strerror(errno ? errno : EIO));
    _exit(CLTI_EXIT_FAILED);
}

/* A descriptor below 3 that is closed would be given to the next file or connection, and output end there. */
static void occupy_standard_descriptors(void) {
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= STDIN_FILENO && descriptor <= STDERR_FILENO);
    if (descriptor < 0)
        _exit(CLTI_EXIT_FAILED);
    close(descriptor);
}

int main(int argc, char **argv) {
    occupy_standard_descriptors();
    /* A reader that left and a full disk are errors of one write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    char *version = clti_format("clientele %s", clt_version());
    argp_program_version = version;
    if (atexit(on_exit_finish_output) != 0)
        return CLTI_EXIT_FAILED;
    int code = clti_command_main(argc, argv);
    argp_program_version = NULL;
    free(version);
    return code;
}
