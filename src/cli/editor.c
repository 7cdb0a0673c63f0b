#include "cli/editor_private.h"

#include "cli/command_private.h"
#include "cli/output_private.h"
#include "cli/terminal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_SIZE_MAX  ((size_t)1024 * 1024)
#define SUFFIX         ".json"
#define EDITOR_DEFAULT "vi"

/* What a person or a script has chosen, and then it is up to that; NULL: nothing. */
static const char *chosen_editor(void) {
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    return visual && *visual ? visual : editor && *editor ? editor : NULL;
}

bool clti_editor_is_possible(void) {
    const char *kind = getenv("TERM");
    bool is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && kind && strcmp(kind, "dumb") != 0;
    if (!is_terminal && !chosen_editor())
        clti_complain("There is no terminal for " EDITOR_DEFAULT
                      ", and neither VISUAL nor EDITOR names another editor; "
                      "'clientele customers billing set' needs none.");
    return is_terminal || chosen_editor();
}

char *clti_editor_begin(void) {
    const char *folder = getenv("TMPDIR");
    char *path = clti_format("%s/clientele-XXXXXX" SUFFIX, folder && *folder ? folder : "/tmp");
    int descriptor = mkostemps(path, (int)sizeof(SUFFIX) - 1, O_CLOEXEC);
    if (descriptor >= 0) {
        close(descriptor);
        return path;
    }
    clti_complain("A file for the editor cannot be made as %s: %s.", path, strerror(errno));
    free(path);
    return NULL;
}

bool clti_editor_write(const char *path, clt_str text) {
    int descriptor = open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
    int error = descriptor < 0 ? errno : clti_write_all(descriptor, text);
    if (descriptor >= 0 && close(descriptor) != 0 && error == 0)
        error = errno;
    if (error != 0)
        clti_complain("%s cannot be written: %s.", path, strerror(error));
    return error == 0;
}

/* The shell takes its words apart, as it does for git. */
static void run_child(const char *editor, const char *path) {
    char *command = clti_format("%s \"$1\"", editor);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, "clientele", path, (char *)NULL);
    _exit(127);
}

static bool wait_for(pid_t child, int *out_status) {
    pid_t ended;
    do
        ended = waitpid(child, out_status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == child;
}

bool clti_editor_run(const char *path, clt_cancellation *cancellation, clti_bytes *out) {
    const char *editor = chosen_editor() ? chosen_editor() : EDITOR_DEFAULT;
    int status = 0;
    signal(SIGINT, SIG_IGN);
    pid_t child = fork();
    if (child == 0)
        run_child(editor, path);
    bool done = child > 0 && wait_for(child, &status) && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    clti_interrupt_watch(cancellation);
    if (!done) {
        clti_complain("The editor '%s' did not end well; VISUAL or EDITOR names another.", editor);
        return false;
    }
    clti_bytes_clear(out);
    const clti_invocation none = {.command = &(const clti_command){.name = "edit"}};
    return clti_file_read(&none, "file", path, TEXT_SIZE_MAX, out);
}
