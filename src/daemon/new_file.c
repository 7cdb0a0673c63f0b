#include "daemon/new_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the handler removes. Set before the handler is. */
static const char *volatile unfinished;

static void on_signal(int number) {
    static const char text[] = "clienteled: interrupted; nothing was written.\n";
    (void)number;
    unlink(unfinished);
    ssize_t told = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)told;
    _exit(1);
}

static void handle_signals(void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool fail(const clti_new_file *file, const char *what, int why, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s cannot be %s: %s.", file->path, what,
                          strerror(why));
}

static bool fail_exists(const char *path, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                          "%s is there already; name another file, or remove it first.", path);
}

bool clti_new_file_begin(const char *path, bool is_binary, clti_new_file *out, clti_fault *fault) {
    *out = (clti_new_file){.path = path, .descriptor = STDOUT_FILENO};
    if (strcmp(path, "-") == 0)
        return !is_binary || isatty(STDOUT_FILENO) != 1 ||
               clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "Standard output is a terminal; name a file, or lead it into one.");
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return fail_exists(path, fault);
    if (asprintf(&out->temporary, "%s.XXXXXX", path) < 0) {
        out->temporary = NULL;
        return clti_fault_no_memory(fault);
    }
    out->descriptor = mkostemp(out->temporary, O_CLOEXEC);
    if (out->descriptor < 0) {
        fail(out, "written", errno, fault);
        free(out->temporary);
        return false;
    }
    unfinished = out->temporary;
    handle_signals(on_signal);
    return true;
}

void clti_new_file_abandon(clti_new_file *file) {
    if (!file->temporary)
        return;
    unlink(file->temporary);
    handle_signals(SIG_DFL);
    close(file->descriptor);
    free(file->temporary);
    file->temporary = NULL;
}

/* Some file systems have no renaming that spares what is there; nobody was there when we began. */
static int rename_to_new(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno == EINVAL || errno == ENOSYS)
        return rename(from, to) == 0 ? 0 : errno;
    return errno;
}

/* The name itself; a folder that is closed to us is not ours to sync. */
static int sync_folder(const char *path) {
    char *copy = strdup(path);
    int folder = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int why = copy ? 0 : ENOMEM;
    if (folder >= 0) {
        why = fsync(folder) == 0 || errno == EINVAL ? 0 : errno;
        close(folder);
    }
    free(copy);
    return why;
}

bool clti_new_file_commit(clti_new_file *file, clti_fault *fault) {
    if (!file->temporary)
        return true;
    int why = fsync(file->descriptor) == 0 ? 0 : errno;
    if (why == 0)
        why = rename_to_new(file->temporary, file->path);
    if (why == 0)
        why = sync_folder(file->path);
    bool done =
        why == 0 || (why == EEXIST ? fail_exists(file->path, fault) : fail(file, "written", why, fault));
    /* Once it has its name, there is nothing left to remove. */
    clti_new_file_abandon(file);
    return done;
}
