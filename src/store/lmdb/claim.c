#include "store/lmdb/lmdb_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A lock of the open file description: it ends with the process, and asking for it does not take it, so
 * clti_lmdb_is_claimed() is never in the way of a claim. */
static struct flock whole_file(void) {
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static int open_lock(const clti_lmdb *store, int flags) {
    char *path;
    if (asprintf(&path, "%s/serve.lock", store->folder) < 0) {
        errno = ENOMEM;
        return -1;
    }
    int fd = open(path, flags | O_CLOEXEC, 0600);
    int why = errno;
    free(path);
    errno = why;
    return fd;
}

static bool fail_claim(const clti_lmdb *store, int why, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': cannot lock serve.lock: %s",
                          store->folder, strerror(why));
}

static bool refuse_claim(const clti_lmdb *store, int fd, clti_fault *fault) {
    char holder[24] = "";
    ssize_t size = pread(fd, holder, sizeof holder - 1, 0);
    holder[size > 0 ? (size_t)size : 0] = '\0';
    holder[strspn(holder, "0123456789")] = '\0';
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "store '%s' is served already, by process %s: stop that one, or use another folder",
                          store->folder, holder[0] != '\0' ? holder : "(unknown)");
}

bool clti_lmdb_claim(clti_store *store, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    struct flock lock = whole_file();
    char pid[24];
    if (lmdb->claim_fd >= 0)
        return true;
    int fd = open_lock(lmdb, O_RDWR | O_CREAT);
    if (fd < 0)
        return fail_claim(lmdb, errno, fault);
    if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES)
            refuse_claim(lmdb, fd, fault);
        else
            fail_claim(lmdb, errno, fault);
        close(fd);
        return false;
    }
    /* The lock counts; the process id in the file is for people, and a full disk may keep it out. */
    int size = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    ssize_t written = ftruncate(fd, 0) == 0 ? pwrite(fd, pid, (size_t)size, 0) : -1;
    (void)written;
    lmdb->claim_fd = fd;
    return true;
}

bool clti_lmdb_is_claimed(clti_store *store) {
    const clti_lmdb *lmdb = (const clti_lmdb *)store;
    struct flock lock = whole_file();
    if (lmdb->claim_fd >= 0)
        return true;
    /* Without an answer take it for claimed: that is only slower. */
    int fd = open_lock(lmdb, O_RDWR);
    if (fd < 0)
        return errno != ENOENT;
    bool claimed = fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
    close(fd);
    return claimed;
}
