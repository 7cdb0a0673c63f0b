/* clientele open. */
#include "cli/cmd_private.h"
#include "cli/output_private.h"
#include "cli/session_private.h"
#include "cli/text_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENER "xdg-open"

/* What it prints is not this command's result. */
static void run_opener(const char *address) {
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
        _exit(127);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    execlp(OPENER, OPENER, address, (char *)NULL);
    _exit(127);
}

static bool is_opened(const char *address) {
    int status = 0;
    pid_t ended, child = fork();
    if (child < 0)
        return false;
    if (child == 0)
        run_opener(address);
    do
        ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int open_dashboard(const clti_invocation *invocation) {
    clti_session session;
    int code = clti_session_open(invocation, &session);
    if (code == CLTI_EXIT_DONE && !session.profile->values[CLTI_PROFILE_BASE_URL]) {
        clti_complain("The profile '%s' is for the real service, which has no dashboard of Clientele's.",
                      session.profile->name);
        code = CLTI_EXIT_FAILED;
    }
    if (code == CLTI_EXIT_DONE) {
        char *address = clti_format("%.*s/", CLTI_VIEW_ARGS(clt_partner_base_url(session.partner)));
        /* Without an opener, or where it finds no browser, the address is all there is to give. */
        if (!is_opened(address))
            printf("%s\n", address);
        free(address);
    }
    clti_session_close(&session);
    return code;
}

const clti_command clti_cmd_open = {
    .name = "open",
    .about = "Open the dashboard in a browser",
    .details =
        "The dashboard of the profile's clienteled, with xdg-open. Where there is none, or no browser, its "
        "address is printed.",
    .examples = "  clientele open",
    .is_call = true,
    .run = open_dashboard};
