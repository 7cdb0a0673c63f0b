#include "store/lmdb/lmdb_private.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_SIZE_DEFAULT (UINT64_C(1) << 40)
#define MAP_SIZE_STEP    (UINT64_C(1) << 16) /* a multiple of every page size */
#define READERS_MAX      512

static const char *const database_names[] = {
    [CLTI_LMDB_META] = "meta",
    [CLTI_LMDB_PARTNERS] = "partners",
    [CLTI_LMDB_PARTNER_DOMAINS] = "partner_domains",
    [CLTI_LMDB_APPLICATIONS] = "applications",
    [CLTI_LMDB_SIGNING_KEYS] = "signing_keys",
    [CLTI_LMDB_CUSTOMERS] = "customers",
    [CLTI_LMDB_DOMAINS] = "domains",
    [CLTI_LMDB_NAMES] = "names",
    [CLTI_LMDB_NAMES_BY_DOMAIN] = "names_by_domain",
    [CLTI_LMDB_RELATED] = "related",
    [CLTI_LMDB_SHARED] = "shared",
    [CLTI_LMDB_PARTNER_STATE] = "partner_state",
    [CLTI_LMDB_LINKS] = "links",
    [CLTI_LMDB_AUDIT] = "audit",
    [CLTI_LMDB_IDEMPOTENCY] = "idempotency",
    [CLTI_LMDB_USERS] = "users",
    [CLTI_LMDB_GRANTS] = "grants",
};
static_assert(CLTI_COUNT(database_names) == CLTI_LMDB_DATABASE_COUNT, "each database has a name");

const char *clti_lmdb_database_name(clti_lmdb_database database) {
    return database_names[database];
}

/* ---- the handle ---- */

static void close_store(clti_store *store) {
    clti_lmdb *lmdb = (clti_lmdb *)store;
    clti_lmdb_close_environment(lmdb);
    clti_lmdb_remove_building(lmdb);
    if (lmdb->claim_fd >= 0)
        close(lmdb->claim_fd);
    pthread_mutex_destroy(&lmdb->lock);
    clti_wipe(lmdb->token_key, sizeof lmdb->token_key);
    free(lmdb->folder);
    free(lmdb);
}

static const clti_store_operations operations = {
    .close = close_store,
    .commit_new = clti_lmdb_commit_new,
    .claim = clti_lmdb_claim,
    .is_claimed = clti_lmdb_is_claimed,
    .list = clti_lmdb_list,
    .customer_find = clti_lmdb_customer_find,
    .partner_find = clti_lmdb_partner_find,
    .partner_find_domain = clti_lmdb_partner_find_domain,
    .domain_is_taken = clti_lmdb_domain_is_taken,
    .application_find = clti_lmdb_application_find,
    .user_find = clti_lmdb_user_find,
    .users = clti_lmdb_users,
    .grant_find = clti_lmdb_grant_find,
    .partners = clti_lmdb_partners,
    .links = clti_lmdb_links,
    .count = clti_lmdb_count,
    .applications = clti_lmdb_applications,
    .applications_of_id = clti_lmdb_applications_of_id,
    .signing_keys = clti_lmdb_signing_keys,
    .partner_state = clti_lmdb_partner_state,
    .generation = clti_lmdb_generation,
    .token_key = clti_lmdb_token_key,
    .audit_list = clti_lmdb_audit_list,
    .idempotency_find = clti_lmdb_idempotency_find,
    .apply = clti_lmdb_apply,
    .load = clti_lmdb_load,
    .purge = clti_lmdb_purge,
    .snapshot = clti_lmdb_snapshot,
    .stream = clti_lmdb_stream,
    .check = clti_lmdb_check,
};

clti_lmdb *clti_lmdb_new(const char *folder) {
    clti_lmdb *store = calloc(1, sizeof *store);
    if (store == NULL)
        return NULL;
    store->store.operations = &operations;
    store->claim_fd = -1;
    store->folder_fd = -1;
    store->folder = strdup(folder);
    if (store->folder == NULL || pthread_mutex_init(&store->lock, NULL) != 0) {
        free(store->folder);
        free(store);
        return NULL;
    }
    return store;
}

/* ---- the environment ---- */

static bool fail_open(const char *folder, int code, clti_fault *fault) {
    const clti_fault_code failed = CLTI_FAULT_STORE_FAILED;
    switch (code) {
    case EACCES:
    case EPERM:
    case EROFS:
        return clti_fault_set(
            fault, failed, NULL,
            "store '%s': no permission to read and write it (%s): run as its owner, or change "
            "the permissions of the folder and its files",
            folder, strerror(code));
    case MDB_INVALID:
        return clti_fault_set(
            fault, failed, NULL,
            "store '%s': data.mdb is not a store of Clientele, or it is damaged: use another "
            "folder, or restore the file from a backup",
            folder);
    case MDB_VERSION_MISMATCH:
        return clti_fault_set(
            fault, failed, NULL,
            "store '%s': data.mdb was written by another version of LMDB: use the program that "
            "made it",
            folder);
    case ENOMEM:
        return clti_fault_set(
            fault, failed, NULL,
            "store '%s': no room in the address space for the file: lower store.map_size, or "
            "raise the limit (ulimit -v)",
            folder);
    default:
        return clti_fault_set(fault, failed, NULL, "store '%s': cannot open it: %s", folder,
                              mdb_strerror(code));
    }
}

/*
 * NOTLS: read transactions are pooled, not bound to threads. Read-ahead stays on: the file mostly fits into
 * memory and pages of the list are neighbours, so a cold start gains more than a file larger than memory
 * loses. Neither NOSYNC nor NOMETASYNC: what is answered with 2xx is on disk.
 */
static int open_environment(clti_lmdb *store, const char *folder, uint64_t map_size) {
    int dead;
    int code = mdb_env_create(&store->env);
    if (code != MDB_SUCCESS) {
        store->env = NULL;
        return code;
    }
    if ((code = mdb_env_set_mapsize(store->env, map_size)) == MDB_SUCCESS &&
        (code = mdb_env_set_maxdbs(store->env, CLTI_LMDB_DATABASE_COUNT)) == MDB_SUCCESS &&
        (code = mdb_env_set_maxreaders(store->env, READERS_MAX)) == MDB_SUCCESS &&
        (code = mdb_env_open(store->env, folder, MDB_NOTLS, 0600)) == MDB_SUCCESS)
        code = mdb_reader_check(store->env, &dead);
    return code;
}

bool clti_lmdb_open_environment(clti_lmdb *store, const char *folder, uint64_t map_size, clti_fault *fault) {
    MDB_envinfo info;
    uint64_t wanted = map_size != 0 ? map_size : MAP_SIZE_DEFAULT;
    wanted = (wanted + MAP_SIZE_STEP - 1) / MAP_SIZE_STEP * MAP_SIZE_STEP;
    int code = open_environment(store, folder, wanted);
    if (code == MDB_SUCCESS)
        code = mdb_env_info(store->env, &info);
    if (code != MDB_SUCCESS)
        return fail_open(folder, code, fault);
    /* LMDB takes what the file needs when less was asked for, and fails later, at the first write. */
    if (info.me_mapsize > wanted) {
        return clti_fault_set(
            fault, CLTI_FAULT_STORE_FAILED, NULL,
            "store '%s': store.map_size is %llu bytes, but the file uses %llu already: raise it", folder,
            (unsigned long long)wanted, (unsigned long long)info.me_mapsize);
    }
    return clti_lmdb_check_size(store, fault);
}

void clti_lmdb_close_environment(clti_lmdb *store) {
    while (store->idle != NULL) {
        clti_lmdb_reader *reader = store->idle;
        store->idle = reader->next;
        clti_lmdb_reader_free(reader);
    }
    if (store->env != NULL) {
        mdb_env_close(store->env);
        store->env = NULL;
    }
}

/* ---- opening what exists ---- */

static bool find_file(const clti_lmdb *store, clti_fault *fault) {
    struct stat folder;
    struct stat file;
    char *path = NULL;
    const clti_fault_code failed = CLTI_FAULT_STORE_FAILED;
    if (stat(store->folder, &folder) == 0 && !S_ISDIR(folder.st_mode)) {
        return clti_fault_set(fault, failed, NULL, "store '%s': this is a file, not a folder: name a folder",
                              store->folder);
    }
    if (asprintf(&path, "%s/data.mdb", store->folder) < 0)
        return clti_fault_no_memory(fault);
    int code = stat(path, &file) == 0 ? 0 : errno;
    free(path);
    if (code == ENOENT || code == ENOTDIR) {
        return clti_fault_set(
            fault, failed, NULL,
            "no store in '%s': run 'clienteled init' first, or name the folder that holds it", store->folder);
    }
    if (code != 0)
        return fail_open(store->folder, code, fault);
    /* LMDB would make a new store out of an empty file. */
    return (S_ISREG(file.st_mode) && file.st_size > 0) || fail_open(store->folder, MDB_INVALID, fault);
}

static bool read_format(clti_lmdb_txn in, uint32_t *out, clti_fault *fault) {
    clt_str value;
    if (!clti_lmdb_get(in, CLTI_LMDB_META, CLTI_STR("format"), &value, fault))
        return false;
    if (value.size != 4)
        return fail_open(in.store->folder, MDB_INVALID, fault);
    *out = 0;
    for (size_t i = 0; i < 4; i++)
        *out = *out << 8 | (uint8_t)value.data[i];
    return (*out >= 1 && *out <= CLTI_LMDB_FORMAT) ||
           clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "store '%s' has format %u; this program reads formats 1 to %u: use the version of "
                          "clienteled that wrote it",
                          in.store->folder, *out, (unsigned)CLTI_LMDB_FORMAT);
}

static bool open_database(clti_lmdb_txn in, clti_lmdb_database database, unsigned flags, clti_fault *fault) {
    int code = mdb_dbi_open(in.txn, database_names[database], flags, &in.store->databases[database]);
    if (code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE)
        code = MDB_INVALID;
    return code == MDB_SUCCESS || fail_open(in.store->folder, code, fault);
}

/* Older formats lack some databases; all else is the same. */
static bool bring_up(clti_lmdb_txn in, clti_fault *fault) {
    static const char format[4] = {0, 0, 0, CLTI_LMDB_FORMAT};
    return open_database(in, CLTI_LMDB_AUDIT, MDB_CREATE, fault) &&
           open_database(in, CLTI_LMDB_IDEMPOTENCY, MDB_CREATE, fault) &&
           open_database(in, CLTI_LMDB_USERS, MDB_CREATE, fault) &&
           open_database(in, CLTI_LMDB_GRANTS, MDB_CREATE, fault) &&
           clti_lmdb_put(in, CLTI_LMDB_META, CLTI_STR("format"), (clt_str){format, sizeof format}, fault);
}

static bool read_token_key(clti_lmdb_txn in, clti_fault *fault) {
    clt_str key;
    if (!clti_lmdb_get(in, CLTI_LMDB_META, CLTI_STR("token_key"), &key, fault))
        return false;
    if (key.size != CLTI_TOKEN_KEY_SIZE)
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_META, CLTI_STR("token_key"), fault);
    memcpy(in.store->token_key, key.data, key.size);
    return true;
}

/* The format first: another one may have other databases. *out_is_old: it must be brought up, which needs a
 * transaction that writes. */
static bool read_databases(clti_lmdb_txn in, bool may_write, bool *out_is_old, clti_fault *fault) {
    uint32_t format = 0;
    if (!open_database(in, CLTI_LMDB_META, 0, fault) || !read_format(in, &format, fault))
        return false;
    *out_is_old = format < CLTI_LMDB_FORMAT;
    if (*out_is_old && (!may_write || !bring_up(in, fault)))
        return !may_write;
    for (clti_lmdb_database i = 0; i < CLTI_LMDB_DATABASE_COUNT; i++)
        if (i != CLTI_LMDB_META && !open_database(in, i, 0, fault))
            return false;
    return read_token_key(in, fault);
}

static bool open_databases_in(clti_lmdb *store, unsigned flags, bool *out_is_old, clti_fault *fault) {
    clti_lmdb_txn in = {.store = store};
    int code = mdb_txn_begin(store->env, NULL, flags, &in.txn);
    if (code != MDB_SUCCESS)
        return fail_open(store->folder, code, fault);
    if (!read_databases(in, flags != MDB_RDONLY, out_is_old, fault)) {
        mdb_txn_abort(in.txn);
        return false;
    }
    code = mdb_txn_commit(in.txn); /* keeps the handles */
    return code == MDB_SUCCESS || fail_open(store->folder, code, fault);
}

bool clti_lmdb_open_databases(clti_lmdb *store, clti_fault *fault) {
    bool is_old = false;
    return open_databases_in(store, MDB_RDONLY, &is_old, fault) &&
           (!is_old || open_databases_in(store, 0, &is_old, fault));
}

bool clti_lmdb_open(const clti_store_options *options, clti_store **out, clti_fault *fault) {
    clti_lmdb *store = clti_lmdb_new(options->folder);
    if (store == NULL)
        return clti_fault_no_memory(fault);
    if (!find_file(store, fault) ||
        !clti_lmdb_open_environment(store, store->folder, options->map_size, fault) ||
        !clti_lmdb_open_databases(store, fault)) {
        close_store(&store->store);
        return false;
    }
    *out = &store->store;
    return true;
}
