#include "daemon/daemon_private.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const clti_command commands[] = {
    {"serve", clti_command_serve, "answer requests until SIGTERM"},
    {"init", clti_command_init, "make a new store, with --demo one that is full"},
    {"migrate", clti_command_migrate, "bring the schema of a PostgreSQL database up to date"},
    {"import", clti_command_import, "bring in customers from CSV or NDJSON"},
    {"generate", clti_command_generate, "make up customers, any number of them"},
    {"partner", clti_command_partner, "add, list, remove and link partners"},
    {"app", clti_command_app,
     "add, list and remove the applications that may ask for tokens, exchange their secrets"},
    {"user", clti_command_user, "add, list, disable, reset and remove the people who sign in"},
    {"keys", clti_command_keys, "list, rotate and remove the keys that sign tokens"},
    {"check", clti_command_check, "read the whole store and say what is wrong in it"},
    {"backup", clti_command_backup, "write the whole store into one file, beside a server too"},
    {"restore", clti_command_restore, "make a new store of a backup"},
    {"copy", clti_command_copy, "make a new store of another, from a folder into a database and back"},
    {"export", clti_command_export, "write everything as lines of JSON"},
    {"dev-certs", clti_command_dev_certs,
     "make certificates to try TLS with, for the hosts that clients know"},
    {"config", clti_command_config, "show every setting and where it came from"},
};

static const clti_command_group group = {
    .program = "clienteled",
    .commands = commands,
    .count = CLTI_COUNT(commands),
    .closing = " Each setting is also a variable (CLIENTELE_*) and a\nline of the settings file (--config)."};

/* However the process ends, also inside argp: output that could not be written is a failure. */
static void on_exit_finish_output(void) {
    if (!clti_output_finish())
        _exit(CLTI_EXIT_FAILED);
}

/* A descriptor below 3 that is closed would be given to the next file that is opened, and the next line of
 * the log be written into the store. */
static void occupy_standard_descriptors(void) {
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= STDIN_FILENO && descriptor <= STDERR_FILENO);
    if (descriptor < 0)
        _exit(CLTI_EXIT_FAILED);
    close(descriptor);
}

/* Keys, tokens and passwords are in our memory: it is nobody's to read, alive or dead. A limit alone is not
 * minded where dumps are piped into a program. Sanitizers look into the process in the same way. */
static void forbid_core_dumps(void) {
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

int main(int argc, char **argv) {
    occupy_standard_descriptors();
    forbid_core_dumps();
    /* With glibc's fast bins, freeing a page of the list merges them all each time: 8% of a hot page. */
    mallopt(M_MXFAST, 0);
    /* With some of its values (rmargin=5) glibc's argp writes help for ever. The layout is ours. */
    unsetenv("ARGP_HELP_FMT");
    /* A peer that left and a full disk are errors of one write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    clti_assert(atexit(on_exit_finish_output) == 0);
    return clti_command_dispatch(&group, argc, argv);
}
