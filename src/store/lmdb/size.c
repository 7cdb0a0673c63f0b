/*
 * LMDB maps the file and would die of SIGBUS at a page that is not there, so a file that was cut short is
 * refused at open. A sound file may end early, too: pages that a commit takes and frees again are counted,
 * but never written. What tells the two apart is whether all missing pages are free.
 */
#include "store/lmdb/lmdb_private.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define FREE_PAGES ((MDB_dbi)0) /* LMDB's own database: transaction -> count, page numbers */

typedef struct extent {
    uint64_t size;      /* of the file, bytes */
    uint64_t page_size; /* bytes */
    uint64_t pages;     /* that the last commit counts */
} extent;

static int measure(const clti_lmdb *store, int fd, extent *out) {
    MDB_envinfo info;
    MDB_stat stat;
    struct stat file;
    int code = mdb_env_info(store->env, &info);
    if (code == MDB_SUCCESS)
        code = mdb_env_stat(store->env, &stat);
    if (code == MDB_SUCCESS && fstat(fd, &file) != 0)
        code = errno;
    if (code == MDB_SUCCESS)
        *out = (extent){(uint64_t)file.st_size, stat.ms_psize, (uint64_t)info.me_last_pgno + 1};
    return code;
}

static bool is_short(const extent *file) {
    return file->size / file->page_size < file->pages;
}

/* Count the free pages at or behind `first`. */
static int count_free(const clti_lmdb *store, MDB_txn *txn, uint64_t first, uint64_t *out) {
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val value;
    *out = 0;
    int code = mdb_cursor_open(txn, FREE_PAGES, &cursor);
    if (code != MDB_SUCCESS)
        return code;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
        const size_t *numbers = value.mv_data;
        size_t count = value.mv_size / sizeof *numbers;
        for (size_t i = 1; i < count && i <= numbers[0]; i++)
            *out += numbers[i] >= first;
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

/* Lengthen the file, so that it can be looked into; keep it so if nothing but free pages was missing. */
static int lengthen(const clti_lmdb *store, int fd, const extent *file, bool *out_sound) {
    MDB_txn *txn;
    uint64_t first = file->size / file->page_size;
    uint64_t free_count = 0;
    *out_sound = false;
    if (ftruncate(fd, (off_t)(file->pages * file->page_size)) != 0)
        return errno;
    int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (code == MDB_SUCCESS) {
        code = count_free(store, txn, first, &free_count);
        mdb_txn_abort(txn);
    }
    *out_sound = code == MDB_SUCCESS && free_count == file->pages - first;
    if (!*out_sound && ftruncate(fd, (off_t)file->size) != 0)
        return errno;
    return code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND ? MDB_SUCCESS : code;
}

bool clti_lmdb_check_size(clti_lmdb *store, clti_fault *fault) {
    extent file;
    mdb_filehandle_t fd;
    MDB_txn *lock;
    bool sound = true;
    int code = mdb_env_get_fd(store->env, &fd);
    if (code == MDB_SUCCESS)
        code = measure(store, fd, &file);
    if (code != MDB_SUCCESS || !is_short(&file))
        return code == MDB_SUCCESS || clti_lmdb_fail(store, "cannot measure data.mdb", code, fault);
    /* No other process may write meanwhile. */
    code = mdb_txn_begin(store->env, NULL, 0, &lock);
    if (code == MDB_SUCCESS) {
        code = measure(store, fd, &file);
        if (code == MDB_SUCCESS && is_short(&file))
            code = lengthen(store, fd, &file, &sound);
        mdb_txn_abort(lock);
    }
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(store, "cannot measure data.mdb", code, fault);
    return sound || clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                                   "store '%s': data.mdb was cut short: it has %llu bytes of at least %llu: "
                                   "restore the file from a backup",
                                   store->folder, (unsigned long long)file.size,
                                   (unsigned long long)(file.pages * file.page_size));
}
