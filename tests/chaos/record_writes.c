/*
 * Preloaded into clienteled: records in order what is written to one file and when it is synced, so that a
 * test can work out what a power cut would have left of it. tests/chaos/journal.py reads the journal.
 *
 * RECORD_WRITES_FILE     the file that is watched; it must exist when the program starts
 * RECORD_WRITES_JOURNAL  gets the records; its size is the number by which moments are named: whoever reads
 * it after an answer knows that all that the answer rests on lies before
 *
 * The system is asked directly, so that no sanitizer's wrapper is in the way whoever was loaded first.
 */
#undef _FILE_OFFSET_BITS /* else the names below would become pwrite64 and so on, which the store does not   \
                            call */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* A disk that takes its time: an answer that did not wait for its sync arrives before the record of it. */
#define SYNC_NS_MIN 2000000

typedef enum record_kind {
    RECORD_WRITE = 1,    /* its bytes follow */
    RECORD_SYNCED_WRITE, /* the same on a descriptor with O_DSYNC: durable, unlike what was written before it
                          */
    RECORD_SYNC,
    RECORD_TRUNCATE /* to `offset` */
} record_kind;

typedef struct record {
    uint64_t kind, offset, size;
} record;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* one operation at a time, with its record */
static int journal = -1;
static struct stat watched;

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "record_writes: %s: %s\n", what, strerror(errno));
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("RECORD_WRITES_FILE"), *path = getenv("RECORD_WRITES_JOURNAL");
    if (!file || !path || stat(file, &watched) != 0)
        give_up("RECORD_WRITES_FILE and RECORD_WRITES_JOURNAL must name two files");
    journal = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (journal < 0)
        give_up(path);
}

static bool is_watched(int fd) {
    struct stat status;
    return journal >= 0 && fstat(fd, &status) == 0 && status.st_ino == watched.st_ino &&
           status.st_dev == watched.st_dev;
}

static void note(record_kind kind, uint64_t offset, const struct iovec *parts, int count, uint64_t size) {
    struct iovec all[1024 + 1];
    record head = {kind, offset, size};
    uint64_t left = size;
    all[0] = (struct iovec){&head, sizeof(head)};
    int used = 1;
    for (int i = 0; i < count && left > 0; i++) {
        size_t part = parts[i].iov_len < left ? parts[i].iov_len : (size_t)left;
        if (used == 1024)
            give_up("more parts than IOV_MAX");
        all[used++] = (struct iovec){parts[i].iov_base, part};
        left -= part;
    }
    if (syscall(SYS_writev, journal, all, used) != (ssize_t)(sizeof(head) + size))
        give_up("the journal");
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
    pthread_mutex_lock(&lock);
    bool is_synced = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    ssize_t done = syscall(SYS_pwritev, fd, parts, (long)count, (long)offset, 0L);
    int code = errno;
    if (done > 0)
        note(is_synced ? RECORD_SYNCED_WRITE : RECORD_WRITE, (uint64_t)offset, parts, count, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    errno = code;
    return done;
}

/* ---- what the program calls ---- */

__attribute__((visibility("default"))) ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    return is_watched(fd) ? write_parts(fd, &part, 1, offset)
                          : (ssize_t)syscall(SYS_pwrite64, fd, bytes, size, (long)offset);
}

__attribute__((visibility("default"))) ssize_t pwritev(int fd, const struct iovec *parts, int count,
                                                       off_t offset) {
    return is_watched(fd) ? write_parts(fd, parts, count, offset)
                          : (ssize_t)syscall(SYS_pwritev, fd, parts, (long)count, (long)offset, 0L);
}

/* At the descriptor's own position, which only the writer moves. */
static ssize_t write_here(int fd, const struct iovec *parts, int count) {
    off_t offset = lseek(fd, 0, SEEK_CUR);
    if (offset < 0)
        give_up("a position");
    ssize_t done = write_parts(fd, parts, count, offset);
    if (done > 0 && lseek(fd, offset + done, SEEK_SET) < 0)
        give_up("a position");
    return done;
}

__attribute__((visibility("default"))) ssize_t writev(int fd, const struct iovec *parts, int count) {
    return is_watched(fd) ? write_here(fd, parts, count)
                          : (ssize_t)syscall(SYS_writev, fd, parts, (long)count);
}

__attribute__((visibility("default"))) ssize_t write(int fd, const void *bytes, size_t size) {
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    return is_watched(fd) ? write_here(fd, &part, 1) : (ssize_t)syscall(SYS_write, fd, bytes, size);
}

__attribute__((visibility("default"))) int ftruncate(int fd, off_t size) {
    if (!is_watched(fd))
        return (int)syscall(SYS_ftruncate, fd, (long)size);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, fd, (long)size);
    int code = errno;
    if (done == 0)
        note(RECORD_TRUNCATE, (uint64_t)size, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = code;
    return done;
}

static int sync_file(int fd, long call) {
    if (!is_watched(fd))
        return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    nanosleep(&(struct timespec){.tv_nsec = SYNC_NS_MIN}, NULL);
    int done = (int)syscall(call, fd);
    int code = errno;
    if (done == 0)
        note(RECORD_SYNC, 0, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = code;
    return done;
}

__attribute__((visibility("default"))) int fdatasync(int fd) {
    return sync_file(fd, SYS_fdatasync);
}

__attribute__((visibility("default"))) int fsync(int fd) {
    return sync_file(fd, SYS_fsync);
}

/* Pages written through a mapping pass us by: a store that does so cannot be tested this way. */
__attribute__((visibility("default"))) void *mmap(void *address, size_t size, int protection, int flags,
                                                  int fd, off_t offset) {
    if (fd >= 0 && (protection & PROT_WRITE) && (flags & MAP_SHARED) && is_watched(fd))
        give_up("the file is mapped for writing");
    void *mapped;
    long result = syscall(SYS_mmap, address, size, (long)protection, (long)flags, (long)fd, (long)offset);
    memcpy(&mapped, &result, sizeof(mapped));
    return mapped;
}
