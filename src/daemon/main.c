#include "daemon/daemon_private.h"

#include <signal.h>
#include <stdio.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"serve", clti_command_serve, "answer requests until SIGTERM"},
    {"init", clti_command_init, "make a new store, with --demo one that is full"},
    {"import", clti_command_import, "bring in customers from CSV or NDJSON"},
};

static void print_usage(FILE *out) {
    fprintf(out, "Usage: clienteled COMMAND [FLAGS]\n\nCommands:\n");
    for (size_t i = 0; i < CLTI_COUNT(commands); i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].about);
    fprintf(
        out,
        "\n'clienteled COMMAND --help' tells its flags. Each setting is also a variable (CLIENTELE_*) and a\n"
        "line of the settings file (--config).\n");
}

static int complain_about(clt_str name) {
    const char *nearest = NULL;
    size_t least = name.size / 3 + 2;
    for (size_t i = 0; i < CLTI_COUNT(commands); i++) {
        size_t distance = clti_str_distance(clti_str(commands[i].name), name);
        if (distance < least) {
            least = distance;
            nearest = commands[i].name;
        }
    }
    fprintf(stderr, "clienteled: there is no command '%.*s'%s%s%s\n", CLTI_STR_ARGS(name),
            nearest ? "; did you mean '" : "; see 'clienteled --help", nearest ? nearest : "",
            nearest ? "'?" : "'.");
    return CLTI_EXIT_USAGE;
}

int main(int argc, char **argv) {
    /* A peer that left and a full disk are errors of one write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    clt_str name = argc > 1 ? clti_str(argv[1]) : CLTI_STR("");
    if (name.size == 0) {
        print_usage(stderr);
        return CLTI_EXIT_USAGE;
    }
    if (clti_str_equal(name, CLTI_STR("--help")) || clti_str_equal(name, CLTI_STR("help"))) {
        print_usage(stdout);
        return CLTI_EXIT_DONE;
    }
    if (clti_str_equal(name, CLTI_STR("--version"))) {
        printf("clienteled %s\n", CLTI_VERSION);
        return CLTI_EXIT_DONE;
    }
    for (size_t i = 0; i < CLTI_COUNT(commands); i++)
        if (clti_str_equal(name, clti_str(commands[i].name)))
            return commands[i].run(argc - 1, argv + 1);
    return complain_about(name);
}
