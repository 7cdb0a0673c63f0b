/* The file of profiles: private, replaced whole, one writer at a time. */
#include "cli/command_private.h"
#include "cli/profile_private.h"
#include "cli/terminal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_NAME "clientele"
#define FILE_NAME   "credentials"

static bool fail(const char *what, const char *path) {
    clti_complain("%s %s: %s.", path, what, strerror(errno));
    return false;
}

char *clti_profile_path(void) {
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    /* A relative path is to be taken for none, says the specification. */
    if (config && *config == '/')
        return clti_format("%s/" FOLDER_NAME "/" FILE_NAME, config);
    if (home && *home == '/')
        return clti_format("%s/.config/" FOLDER_NAME "/" FILE_NAME, home);
    clti_complain("There is no place for profiles: set HOME or XDG_CONFIG_HOME to an absolute path.");
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static bool check_private(const char *path, const struct stat *status) {
    unsigned mode = (unsigned)status->st_mode & 07777u;
    if (!S_ISREG(status->st_mode))
        clti_complain("%s is not a regular file; remove it and sign in again.", path);
    else if (status->st_uid != geteuid())
        clti_complain("%s belongs to another user, so it is not used; see 'ls -l %s'.", path, path);
    else if (mode & 077u)
        clti_complain("%s can be read by others (mode %04o), so it is not used; to mend that: chmod 600 %s",
                      path, mode, path);
    else if ((uint64_t)status->st_size > CLTI_PROFILE_FILE_MAX)
        clti_complain("%s is larger than 16 MiB, so it is not read.", path);
    else
        return true;
    return false;
}

static bool read_bytes(int descriptor, clti_bytes *out) {
    ssize_t count;
    do {
        char *end = clti_bytes_reserve(out, 4096);
        count = read(descriptor, end, 4096);
        out->size += count > 0 ? (size_t)count : 0;
    } while ((count > 0 && out->size <= CLTI_PROFILE_FILE_MAX) || (count < 0 && errno == EINTR));
    return count >= 0;
}

static bool read_open(const char *path, int descriptor, clti_profiles *out) {
    struct stat status;
    clti_bytes bytes = {0};
    char *why;
    bool done = fstat(descriptor, &status) == 0 || fail("cannot be read", path);
    done = done && check_private(path, &status);
    done = done && (read_bytes(descriptor, &bytes) || fail("cannot be read", path));
    if (done && !clti_profiles_parse(clti_bytes_view(&bytes), out, &why)) {
        clti_complain("%s, %s; mend it, or remove the file and sign in again.", path, why);
        free(why);
        done = false;
    }
    if (bytes.data)
        explicit_bzero(bytes.data, bytes.size);
    clti_bytes_done(&bytes);
    return done;
}

static bool read_path(const char *path, clti_profiles *out) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return errno == ENOENT || fail("cannot be read", path);
    bool done = read_open(path, descriptor, out);
    close(descriptor);
    return done;
}

bool clti_profile_file_read(clti_profiles *out) {
    char *path = clti_profile_path();
    bool done = path && read_path(path, out);
    free(path);
    return done;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* Every folder on the way that is not there; private, as the specification wants it. */
static bool make_folders(const char *path) {
    char *folder = clti_copy(clti_view(path));
    bool done = true;
    for (char *slash = strchr(folder + 1, '/'); slash && done; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        done = mkdir(folder, 0700) == 0 || errno == EEXIST || fail("cannot be made", folder);
        *slash = '/';
    }
    free(folder);
    return done;
}

static bool sync_folder(const char *path) {
    char *folder = clti_copy(clti_view(path));
    *strrchr(folder, '/') = '\0';
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL);
    if (descriptor >= 0)
        close(descriptor);
    free(folder);
    return done;
}

static bool write_beside(int descriptor, clt_str bytes) {
    while (bytes.size > 0) {
        ssize_t count = write(descriptor, bytes.data, bytes.size);
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0)
            bytes = (clt_str){bytes.data + count, bytes.size - (size_t)count};
    }
    return fsync(descriptor) == 0;
}

/* Always under the same name, since the lock is ours: what a killed one left holds secrets, and goes. */
static bool replace(const char *path, clt_str bytes) {
    char *beside = clti_format("%s.new", path);
    unlink(beside);
    int descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        free(beside);
        return fail("cannot be written", path);
    }
    bool done = write_beside(descriptor, bytes);
    int why = errno;
    if (close(descriptor) != 0 && done) {
        done = false;
        why = errno;
    }
    if (done && (rename(beside, path) != 0 || !sync_folder(path))) {
        done = false;
        why = errno;
    }
    if (!done) {
        unlink(beside);
        errno = why;
        fail("cannot be written", path);
    }
    free(beside);
    return done;
}

/* The lock is a file of its own, since the other one is replaced. */
static int take_lock(const char *path) {
    char *name = clti_format("%s.lock", path);
    int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600), result;
    do
        result = descriptor < 0 ? -1 : flock(descriptor, LOCK_EX);
    while (result != 0 && descriptor >= 0 && errno == EINTR && !clti_interrupt_came());
    if (result != 0) {
        fail("cannot be locked", name);
        if (descriptor >= 0)
            close(descriptor);
        descriptor = -1;
    }
    free(name);
    return descriptor;
}

static bool update_locked(const char *path, clti_profile_change change, void *user) {
    clti_profiles profiles = {0};
    clti_bytes text = {0};
    bool done = read_path(path, &profiles) && change(user, &profiles);
    if (done) {
        clti_profiles_format(&profiles, &text);
        done = replace(path, clti_bytes_view(&text));
        explicit_bzero(text.data, text.size);
    }
    clti_bytes_done(&text);
    clti_profiles_done(&profiles);
    return done;
}

/* A link stays one, such as into a folder of somebody's settings: what is replaced is where it leads.
 * Takes the path. @return free(); NULL: nowhere, and told */
static char *follow(char *path) {
    struct stat status;
    if (!path || lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
        return path;
    char *target = realpath(path, NULL);
    if (!target)
        fail("is a link that leads nowhere", path);
    free(path);
    return target;
}

bool clti_profile_file_update(clti_profile_change change, void *user) {
    char *path = follow(clti_profile_path());
    int lock = path && make_folders(path) ? take_lock(path) : -1;
    bool done = lock >= 0 && update_locked(path, change, user);
    if (lock >= 0)
        close(lock);
    free(path);
    return done;
}
