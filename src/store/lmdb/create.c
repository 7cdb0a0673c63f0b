/*
 * A new store is built in FOLDER/init.tmp and moved into place when it is whole. Meanwhile the folder itself
 * is locked, so that two set-ups cannot both win; what a killed one left behind is removed by the next.
 */
#include "store/lmdb/lmdb_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_FILE "data.mdb"
#define LOCK_FILE "lock.mdb"
#define BUILDING  "init.tmp"

#define CHUNK_SIZE ((size_t)64 * 1024)

static bool fail_create(const clti_lmdb *store, const char *tried, int why, clti_fault *fault) {
    const char *way_out = "";
    if (why == EACCES || why == EPERM || why == EROFS)
        way_out = ": name a folder that you may write to";
    else if (why == ENOENT)
        way_out = ": make the folder above it first";
    else if (why == ENOTDIR)
        way_out = ": name a folder, not a file";
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': cannot %s: %s%s", store->folder,
                          tried, strerror(why), way_out);
}

/* ---- the folder ---- */

static bool lock_folder(clti_lmdb *store, clti_fault *fault) {
    store->made_folder = mkdir(store->folder, 0700) == 0;
    if (!store->made_folder && errno != EEXIST)
        return fail_create(store, "make the folder", errno, fault);
    store->folder_fd = open(store->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->folder_fd < 0)
        return fail_create(store, "open the folder", errno, fault);
    if (flock(store->folder_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                                  "store '%s' is being set up by another process: wait for it",
                                  store->folder);
        }
        return fail_create(store, "lock the folder", errno, fault);
    }
    return true;
}

static bool check_empty(const clti_lmdb *store, clti_fault *fault) {
    if (faccessat(store->folder_fd, DATA_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        return clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "'%s' holds a store already; nothing was changed: use it, or name another folder", store->folder);
    }
    return errno == ENOENT || fail_create(store, "look into the folder", errno, fault);
}

/* Remove init.tmp with what we put there, and nothing else. */
static int remove_building(int folder_fd) {
    int fd = openat(folder_fd, BUILDING, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : errno;
    int why = 0;
    if ((unlinkat(fd, DATA_FILE, 0) != 0 && errno != ENOENT) ||
        (unlinkat(fd, LOCK_FILE, 0) != 0 && errno != ENOENT) ||
        unlinkat(folder_fd, BUILDING, AT_REMOVEDIR) != 0)
        why = errno;
    close(fd);
    return why;
}

void clti_lmdb_remove_building(clti_lmdb *store) {
    if (store->building != NULL) {
        /* Nothing to be done about a failure: the next create says what is in its way. */
        (void)remove_building(store->folder_fd);
        free(store->building);
        store->building = NULL;
    }
    if (store->folder_fd >= 0) {
        if (store->made_folder)
            (void)rmdir(store->folder); /* fails unless it is empty, which is meant */
        close(store->folder_fd);
        store->folder_fd = -1;
    }
}

static bool make_building(clti_lmdb *store, clti_fault *fault) {
    int why = remove_building(store->folder_fd);
    if (why != 0)
        return fail_create(store, "remove what is left in init.tmp of an earlier set-up", why, fault);
    if (mkdirat(store->folder_fd, BUILDING, 0700) != 0)
        return fail_create(store, "make the folder init.tmp in it", errno, fault);
    if (asprintf(&store->building, "%s/" BUILDING, store->folder) < 0) {
        store->building = NULL;
        (void)remove_building(store->folder_fd);
        return clti_fault_no_memory(fault);
    }
    return true;
}

/* ---- the content ---- */

static bool write_meta(clti_lmdb_txn in, clti_fault *fault) {
    static const uint8_t format[4] = {0, 0, 0, CLTI_LMDB_FORMAT};
    static const uint8_t generation[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    uint8_t store_id[16];
    clti_random_bytes(store_id, sizeof store_id);
    clti_random_bytes(in.store->token_key, sizeof in.store->token_key);
    const struct {
        clt_str key;
        clt_str value;
    } rows[] = {
        {CLTI_STR("format"), {(const char *)format, sizeof format}},
        {CLTI_STR("store_id"), {(const char *)store_id, sizeof store_id}},
        {CLTI_STR("token_key"), {(const char *)in.store->token_key, sizeof in.store->token_key}},
        {CLTI_STR("generation"), {(const char *)generation, sizeof generation}},
    };
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if (!clti_lmdb_put(in, CLTI_LMDB_META, rows[i].key, rows[i].value, fault))
            return false;
    return true;
}

static bool make_databases(clti_lmdb *store, clti_fault *fault) {
    clti_lmdb_txn in = {.store = store};
    int code = mdb_txn_begin(store->env, NULL, 0, &in.txn);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(store, "cannot begin to write", code, fault);
    for (clti_lmdb_database i = 0; i < CLTI_LMDB_DATABASE_COUNT; i++) {
        code = mdb_dbi_open(in.txn, clti_lmdb_database_name(i), MDB_CREATE, &store->databases[i]);
        if (code != MDB_SUCCESS) {
            mdb_txn_abort(in.txn);
            return clti_lmdb_fail(store, "cannot make a database", code, fault);
        }
    }
    if (!write_meta(in, fault)) {
        mdb_txn_abort(in.txn);
        return false;
    }
    code = mdb_txn_commit(in.txn);
    return code == MDB_SUCCESS || clti_lmdb_fail(store, "cannot commit", code, fault);
}

static bool write_all(int to, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(to, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* LMDB would make a new store out of an empty file. */
static bool copy_bytes(const clti_lmdb *store, int from, int to, clti_fault *fault) {
    char bytes[CHUNK_SIZE];
    bool is_empty = true;
    for (;;) {
        ssize_t size = read(from, bytes, sizeof bytes);
        if (size < 0)
            return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "the snapshot cannot be read: %s",
                                  strerror(errno));
        if (size == 0)
            break;
        is_empty = false;
        if (!write_all(to, bytes, (size_t)size))
            return fail_create(store, "write the snapshot into it", errno, fault);
    }
    return !is_empty || clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "the snapshot is empty");
}

static bool copy_snapshot(clti_lmdb *store, int from, clti_fault *fault) {
    int to = openat(store->folder_fd, BUILDING "/" DATA_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return fail_create(store, "make the data file", errno, fault);
    bool done = copy_bytes(store, from, to, fault);
    if (close(to) != 0 && done)
        done = fail_create(store, "write the snapshot into it", errno, fault);
    return done;
}

/* Give the store back if it could be filled. */
static bool keep_if(bool filled, clti_lmdb *store, clti_store **out) {
    if (filled)
        *out = &store->store;
    else
        store->store.operations->close(&store->store);
    return filled;
}

static bool begin(clti_lmdb *store, clti_fault *fault) {
    return lock_folder(store, fault) && check_empty(store, fault) && make_building(store, fault);
}

bool clti_lmdb_create(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    clti_lmdb *store = clti_lmdb_new(options->folder);
    if (store == NULL)
        return clti_fault_no_memory(fault);
    bool filled = begin(store, fault) &&
                  clti_lmdb_open_environment(store, store->building, options->map_size, fault) &&
                  make_databases(store, fault);
    return keep_if(filled, store, out);
}

bool clti_lmdb_restore(const clti_store_options *options, int descriptor, clti_store **out,
                       clti_fault *fault) {
    clti_lmdb *store = clti_lmdb_new(options->folder);
    if (store == NULL)
        return clti_fault_no_memory(fault);
    bool filled = begin(store, fault) && copy_snapshot(store, descriptor, fault) &&
                  clti_lmdb_open_environment(store, store->building, options->map_size, fault) &&
                  clti_lmdb_open_databases(store, fault);
    return keep_if(filled, store, out);
}

/* ---- out of it ---- */

/* Compacting: pages in use alone, in order. The other way copies the file page by page. */
bool clti_lmdb_snapshot(clti_store *store, int descriptor, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    int code = mdb_env_copyfd2(lmdb->env, descriptor, MDB_CP_COMPACT);
    return code == MDB_SUCCESS || clti_lmdb_fail(lmdb, "cannot write the copy", code, fault);
}

/* ---- into place ---- */

/* The folder's own entry, too, if we made it. */
static int sync_folders(const clti_lmdb *store) {
    if (fsync(store->folder_fd) != 0)
        return errno;
    if (!store->made_folder)
        return 0;
    int above = openat(store->folder_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (above < 0)
        return errno == EACCES ? 0 : errno; /* may be closed to us; then it is not ours to sync */
    int why = fsync(above) == 0 ? 0 : errno;
    close(above);
    return why;
}

bool clti_lmdb_commit_new(clti_store *store, clti_fault *fault) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_assert(lmdb->building != NULL);
    int code = mdb_env_sync(lmdb->env, 1);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(lmdb, "cannot write it to disk", code, fault);
    clti_lmdb_close_environment(lmdb);
    if (!check_empty(lmdb, fault))
        return false;
    if (renameat(lmdb->folder_fd, BUILDING "/" DATA_FILE, lmdb->folder_fd, DATA_FILE) != 0)
        return fail_create(lmdb, "move the new store into place", errno, fault);
    int why = sync_folders(lmdb);
    return why == 0 || fail_create(lmdb, "write the folder to disk", why, fault);
}
