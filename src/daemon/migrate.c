/* clienteled migrate: the schema of the database that the store is in. */
#include "daemon/daemon_private.h"

#include <stdio.h>

static bool migrate(const clti_store_options *options, clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_store_migration done;
    clt_str place;
    if (!clti_store_place(options, &arena, &place, fault))
        return false;
    if (!options->url) {
        printf("A store in a folder (%.*s) brings its form along: there is nothing to migrate. A database is "
               "named by --store.\n",
               CLTI_STR_ARGS(place));
        return true;
    }
    if (!clti_store_migrate(options, &done, fault))
        return false;
    if (done.from == done.to)
        printf("%.*s: the schema has version %u already.\n", CLTI_STR_ARGS(place), done.to);
    else
        printf("%.*s: the schema went from version %u to %u.\n", CLTI_STR_ARGS(place), done.from, done.to);
    return true;
}

int clti_command_migrate(int argc, char **argv) {
    const clti_command_line line = {
        .name = "migrate",
        .about =
            "Bring the schema of the database that --store names to the version that this program needs: all "
            "that is missing, or, if something fails, nothing. Several at once do no harm. Run it before the "
            "first start, and after a new version of the program was installed.",
        .setting_count = CLTI_CONFIG_COMMON_COUNT};
    clti_settings settings;
    clti_fault fault;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE) {
        const clti_store_options options = clti_config_store_options(&settings);
        if (!migrate(&options, &fault))
            code = clti_fail(&fault);
    }
    clti_settings_done(&settings);
    return code;
}
