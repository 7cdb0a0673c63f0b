/* Commands and their sub-commands by table, and what is nearest to a name that is in none. */
#include "daemon/daemon_private.h"

#include <stdio.h>

clti_nearest clti_nearest_to(clt_str asked) {
    return (clti_nearest){.asked = asked, .distance = asked.size / 3 + 2};
}

void clti_nearest_consider(clti_nearest *nearest, const char *candidate) {
    size_t distance = clti_str_distance(clti_str(candidate), nearest->asked);
    if (distance >= nearest->distance)
        return;
    nearest->distance = distance;
    nearest->name = candidate;
}

static void print_usage(const clti_command_group *group, FILE *out) {
    fprintf(out, "Usage: %s COMMAND [FLAGS]\n\nCommands:\n", group->program);
    for (size_t i = 0; i < group->count; i++)
        fprintf(out, "  %-8s %s\n", group->commands[i].name, group->commands[i].about);
    fprintf(out, "\n'%s COMMAND --help' tells its flags.%s\n", group->program, group->closing);
}

static int complain_about(const clti_command_group *group, clt_str name) {
    clti_nearest nearest = clti_nearest_to(name);
    for (size_t i = 0; i < group->count; i++)
        clti_nearest_consider(&nearest, group->commands[i].name);
    fprintf(stderr, "clienteled: there is no command '%.*s'", CLTI_STR_ARGS(name));
    if (nearest.name)
        fprintf(stderr, "; did you mean '%s'?\n", nearest.name);
    else
        fprintf(stderr, "; see '%s --help'.\n", group->program);
    return CLTI_EXIT_USAGE;
}

int clti_command_dispatch(const clti_command_group *group, int argc, char **argv) {
    clt_str name = argc > 1 ? clti_str(argv[1]) : CLTI_STR("");
    if (name.size == 0) {
        fprintf(stderr, "clienteled: a command is missing.\n");
        print_usage(group, stderr);
        return CLTI_EXIT_USAGE;
    }
    if (clti_str_equal(name, CLTI_STR("--help")) || clti_str_equal(name, CLTI_STR("-?")) ||
        clti_str_equal(name, CLTI_STR("-h")) || clti_str_equal(name, CLTI_STR("help"))) {
        print_usage(group, stdout);
        return CLTI_EXIT_DONE;
    }
    if (clti_str_equal(name, CLTI_STR("--version")) || clti_str_equal(name, CLTI_STR("-V")) ||
        clti_str_equal(name, CLTI_STR("version"))) {
        printf("clienteled %s\n", CLTI_VERSION);
        return CLTI_EXIT_DONE;
    }
    for (size_t i = 0; i < group->count; i++)
        if (clti_str_equal(name, clti_str(group->commands[i].name)))
            return group->commands[i].run(argc - 1, argv + 1);
    return complain_about(group, name);
}
