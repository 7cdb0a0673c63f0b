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
    &clti_cmd_customers_create,
    &clti_cmd_billing_get,
    &clti_cmd_billing_set,
    &clti_cmd_billing_edit,
    &clti_cmd_qualification_get,
    &clti_cmd_qualification_set,
    &clti_cmd_customers_remove_relationship,
    &clti_cmd_customers_delete,
    &clti_cmd_resellers_list,
    &clti_cmd_domain_check,
    &clti_cmd_address_validate,
    &clti_cmd_audit_list,
    &clti_cmd_open,
    &clti_cmd_api,
    &clti_cmd_completion,
    &clti_cmd_version,
};
const size_t CLTI_COMMAND_COUNT = CLTI_COUNT(CLTI_COMMANDS);

const clti_group CLTI_GROUPS[] = {
    {"profile", "List, choose and remove the profiles that login made"},
    {"customers", "List, get, count, export, create, change and remove the partner's customers"},
    {"customers billing", "Show and change billing profiles"},
    {"customers qualification", "Show and set what customers are qualified for"},
    {"resellers", "List the partner's indirect resellers"},
    {"domain", "Look up domains"},
    {"address", "Validate addresses"},
    {"audit", "List who changed what, and when"},
};
const size_t CLTI_GROUP_COUNT = CLTI_COUNT(CLTI_GROUPS);

/* glibc looks this name up, so it has to be visible. */
__attribute__((visibility("default"))) const char *argp_program_version;

/* ---- finding a command --------------------------------------------------------------------------------- */

clt_str clti_name_below(const char *name, clt_str group) {
    clt_str view = clti_view(name);
    if (group.size == 0)
        return view;
    if (view.size <= group.size || name[group.size] != ' ' ||
        !clti_view_equal((clt_str){name, group.size}, group))
        return (clt_str){NULL, 0};
    return (clt_str){name + group.size + 1, view.size - group.size - 1};
}

/* It stands in the group itself, not in one within. */
static bool is_directly_below(const char *name, clt_str group) {
    clt_str below = clti_name_below(name, group);
    return below.data && !strchr(below.data, ' ');
}

static void print_row(const char *name, clt_str group, const char *about, FILE *out) {
    fprintf(out, "  %-19s %s\n", clti_name_below(name, group).data, about);
}

/* A row for each command of a group, and for each group within, where its first command stands. */
static void print_usage(clt_str group, FILE *out) {
    fprintf(out, "Usage: clientele%s%.*s COMMAND [FLAGS]\n\nCommands:\n", group.size ? " " : "",
            CLTI_VIEW_ARGS(group));
    const clti_group *last = NULL;
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        const clti_command *command = CLTI_COMMANDS[i];
        if (is_directly_below(command->name, group))
            print_row(command->name, group, command->about, out);
        for (size_t j = 0; j < CLTI_GROUP_COUNT; j++) {
            const clti_group *within = &CLTI_GROUPS[j];
            if (within == last || !is_directly_below(within->name, group) ||
                !clti_name_below(command->name, clti_view(within->name)).data)
                continue;
            print_row(within->name, group, within->about, out);
            last = within;
        }
    }
    fprintf(out, "\n'clientele%s%.*s COMMAND --help' tells a command's flags, with examples.\n",
            group.size ? " " : "", CLTI_VIEW_ARGS(group));
}

/* A command whose last word this is: `customers list` rather than any other list. */
static const char *find_in_groups(clt_str name) {
    static const clt_str first = {"customers", 9};
    const char *found = NULL;
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        const char *last = strrchr(CLTI_COMMANDS[i]->name, ' ');
        if (last && clti_view_equal_nocase(clti_view(last + 1), name) &&
            (!found || !clti_name_below(found, first).data))
            found = CLTI_COMMANDS[i]->name;
    }
    return found;
}

static int complain_unknown(clt_str group, clt_str name) {
    clti_guess guess = clti_guess_for(name);
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++)
        if (is_directly_below(CLTI_GROUPS[i].name, group))
            clti_guess_consider(&guess, clti_name_below(CLTI_GROUPS[i].name, group).data);
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++)
        if (is_directly_below(CLTI_COMMANDS[i]->name, group))
            clti_guess_consider(&guess, clti_name_below(CLTI_COMMANDS[i]->name, group).data);
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

/* The command that a word names within a group; NULL if there is none. */
static const clti_command *find_command(clt_str group, clt_str name) {
    for (size_t i = 0; i < CLTI_COMMAND_COUNT; i++) {
        clt_str below = clti_name_below(CLTI_COMMANDS[i]->name, group);
        if (below.data && clti_view_equal(below, name))
            return CLTI_COMMANDS[i];
    }
    return NULL;
}

/* The group that a word names within another; NULL if there is none. */
static const clti_group *find_group(clt_str group, clt_str name) {
    for (size_t i = 0; i < CLTI_GROUP_COUNT; i++) {
        clt_str below = clti_name_below(CLTI_GROUPS[i].name, group);
        if (below.data && clti_view_equal(below, name))
            return &CLTI_GROUPS[i];
    }
    return NULL;
}

static int dispatch(int argc, char **argv) {
    const clti_group *found;
    clt_str group = {"", 0}, name = clti_view(argc > 1 ? argv[1] : "");
    while (name.size > 0 && (found = find_group(group, name))) {
        group = clti_view(found->name);
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
    /* With some of its values (rmargin=5) glibc's argp writes help for ever. The layout is ours. */
    unsetenv("ARGP_HELP_FMT");
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
