/* What is particular to the embedded store: its folder, its files, other processes. */
#include "store/sample.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct fixture {
    clti_arena arena;
    char *above;        /* temporary folder */
    const char *folder; /* of the store, below it */
    clti_store_options options;
} fixture;

static const clt_guid fabrikam = {{0xfa, 1}};

static int set_up(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->above = clti_test_folder_make();
    assert_non_null(made->above);
    made->folder = clti_arena_format(&made->arena, "%s/store", made->above).data;
    made->options = (clti_store_options){.folder = made->folder, .map_size = TEST_MAP_SIZE};
    *state = made;
    return 0;
}

static int tear_down(void **state) {
    fixture *in = *state;
    clti_test_folder_remove(in->above);
    free(in->above);
    clti_arena_done(&in->arena);
    free(in);
    return 0;
}

static const char *path_of(fixture *in, const char *name) {
    return clti_arena_format(&in->arena, "%s/%s", in->folder, name).data;
}

static bool exists(fixture *in, const char *name) {
    return access(path_of(in, name), F_OK) == 0;
}

static void write_file(const char *path, const char *bytes, size_t size) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static void make_store(fixture *in) {
    clti_store_close(sample_lmdb(&in->arena, in->above));
}

static clti_store *open_store(fixture *in) {
    clti_store *store;
    clti_fault fault;
    if (!clti_store_open(&in->options, &store, &fault))
        fail_msg("%s", fault.text);
    return store;
}

/* The fault is the store's, and says each of these. */
static void assert_says(const clti_fault *fault, const char *const *words, size_t count) {
    assert_int_equal(fault->code, CLTI_FAULT_STORE_FAILED);
    for (size_t i = 0; i < count; i++)
        if (strstr(fault->text, words[i]) == NULL)
            fail_msg("'%s' does not say '%s'", fault->text, words[i]);
}

static void assert_open_fails(fixture *in, const char *word, const char *other_word) {
    clti_store *store;
    clti_fault fault;
    const char *words[] = {in->options.folder, word, other_word};
    assert_false(clti_store_open(&in->options, &store, &fault));
    assert_says(&fault, words, 3);
}

static void assert_create_fails(fixture *in, const char *word, const char *other_word) {
    clti_store *store;
    clti_fault fault;
    const char *words[] = {in->options.folder, word, other_word};
    assert_false(clti_store_create(&in->options, &store, &fault));
    assert_says(&fault, words, 3);
}

/* Run a check in another process, which may become another user or hold something. */
typedef int (*in_child)(fixture *in);

static int run_child(fixture *in, in_child check) {
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(check(in));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- opening ---- */

static void test_open_without_a_store_points_to_init(void **state) {
    fixture *in = *state;
    assert_open_fails(in, "no store", "clienteled init");
    assert_int_equal(mkdir(in->folder, 0700), 0);
    assert_open_fails(in, "no store", "clienteled init");
    assert_false(exists(in, "data.mdb"));
    assert_false(exists(in, "lock.mdb"));
}

static void test_open_refuses_a_file_as_folder(void **state) {
    fixture *in = *state;
    write_file(in->folder, "x", 1);
    assert_open_fails(in, "a file", "folder");
    assert_create_fails(in, "a file", "folder");
}

static void test_open_refuses_what_is_no_store(void **state) {
    fixture *in = *state;
    char junk[20000];
    memset(junk, 'j', sizeof junk);
    assert_int_equal(mkdir(in->folder, 0700), 0);
    static const size_t sizes[] = {0, 10, sizeof junk};
    for (size_t i = 0; i < CLTI_COUNT(sizes); i++) {
        write_file(path_of(in, "data.mdb"), junk, sizes[i]);
        assert_open_fails(in, "not a store", "backup");
    }
}

static MDB_env *open_raw(const char *folder, MDB_txn **txn) {
    MDB_env *env;
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 20), 0);
    assert_int_equal(mdb_env_set_mapsize(env, TEST_MAP_SIZE), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, txn), 0);
    return env;
}

static void test_open_refuses_an_lmdb_file_of_another_program(void **state) {
    fixture *in = *state;
    MDB_txn *txn;
    MDB_dbi dbi;
    assert_int_equal(mkdir(in->folder, 0700), 0);
    MDB_env *env = open_raw(in->folder, &txn);
    assert_int_equal(mdb_dbi_open(txn, "theirs", MDB_CREATE, &dbi), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    assert_open_fails(in, "not a store", "another folder");
}

/* Overwrite one value behind the store's back. */
static void damage(fixture *in, const char *database, clt_str key, clt_str value) {
    MDB_txn *txn;
    MDB_dbi dbi;
    char key_bytes[64];
    char value_bytes[64];
    memcpy(key_bytes, key.data, key.size);
    memcpy(value_bytes, value.data, value.size);
    MDB_val key_val = {key.size, key_bytes};
    MDB_val value_val = {value.size, value_bytes};
    MDB_env *env = open_raw(in->folder, &txn);
    assert_int_equal(mdb_dbi_open(txn, database, 0, &dbi), 0);
    assert_int_equal(mdb_put(txn, dbi, &key_val, &value_val, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void test_open_refuses_an_unknown_format(void **state) {
    fixture *in = *state;
    make_store(in);
    damage(in, "meta", CLTI_STR("format"), (clt_str){"\0\0\0\4", 4});
    assert_open_fails(in, "format 4", "this program reads formats 1 to 3");
    damage(in, "meta", CLTI_STR("format"), (clt_str){"\0\0\0\0", 4});
    assert_open_fails(in, "format 0", "this program reads formats 1 to 3");
}

static void test_open_brings_up_a_store_of_format_1(void **state) {
    fixture *in = *state;
    static const char *const later[] = {"audit", "idempotency", "users", "grants"};
    MDB_txn *txn;
    MDB_dbi dbi;
    clti_fault fault;
    clti_check_summary seen;
    clti_partner found;
    bool is_found;
    const clti_partner partner = {.id = fabrikam, .domain = CLTI_STR("fabrikam.example")};
    const clti_audit_record audit = {fabrikam, .date = 1, .operation = CLTI_AUDIT_ADD_CUSTOMER};
    make_store(in);
    damage(in, "meta", CLTI_STR("format"), (clt_str){"\0\0\0\1", 4});
    MDB_env *env = open_raw(in->folder, &txn);
    for (size_t i = 0; i < CLTI_COUNT(later); i++) {
        assert_int_equal(mdb_dbi_open(txn, later[i], 0, &dbi), 0);
        assert_int_equal(mdb_drop(txn, dbi, 1), 0);
    }
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    for (size_t round = 0; round < 2; round++) {
        clti_store *store = open_store(in);
        const clti_change change = {CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner, .audit = &audit};
        assert_true(clti_store_partner_find(store, fabrikam, &in->arena, &found, &is_found, &fault));
        assert_int_equal(is_found, round > 0);
        assert_true(sample_apply(store, change).done);
        assert_true(clti_store_check(store, NULL, NULL, &seen, &fault));
        assert_int_equal(seen.findings, 0);
        assert_int_equal(seen.audit_records, round + 1);
        clti_store_close(store);
    }
}

#define MANY 2000

static void make_customers(fixture *in, clti_customer customers[MANY]) {
    for (size_t i = 0; i < MANY; i++)
        customers[i] =
            sample_customer(&in->arena, i, clti_arena_format(&in->arena, "d%zu.example", i).data, "Name");
}

static void test_open_refuses_a_map_smaller_than_the_file(void **state) {
    fixture *in = *state;
    make_store(in);
    in->options.map_size = 1;
    clti_store *store = open_store(in); /* still one step, 64 KiB */
    clti_customer customers[MANY];
    clti_load_outcome outcomes[MANY];
    clti_fault fault;
    make_customers(in, customers);
    assert_false(clti_store_load(store, fabrikam, customers, MANY, outcomes, &fault));
    const char *words[] = {in->folder, "map_size"};
    assert_says(&fault, words, 2);
    sample_load(store, fabrikam, customers, 1, outcomes); /* the environment stays usable */
    assert_int_equal(outcomes[0], CLTI_LOAD_NEW);
    clti_store_close(store);
    in->options.map_size = TEST_MAP_SIZE;
    store = open_store(in);
    sample_load(store, fabrikam, customers, MANY, outcomes);
    clti_store_close(store);
    in->options.map_size = 1;
    assert_open_fails(in, "map_size", "raise it");
}

static void make_full_store(fixture *in) {
    clti_load_outcome outcomes[MANY];
    clti_customer customers[MANY];
    make_store(in);
    clti_store *store = open_store(in);
    make_customers(in, customers);
    sample_load(store, fabrikam, customers, MANY, outcomes);
    clti_store_close(store);
}

static off_t data_size(fixture *in) {
    struct stat file;
    assert_int_equal(stat(path_of(in, "data.mdb"), &file), 0);
    return file.st_size;
}

static void test_open_refuses_a_file_that_was_cut_short(void **state) {
    fixture *in = *state;
    make_full_store(in);
    for (off_t size = data_size(in) - 1; size >= 8192; size = size / 4096 * 3072) {
        assert_int_equal(truncate(path_of(in, "data.mdb"), size), 0);
        assert_open_fails(in, "cut short", "backup");
        assert_int_equal(data_size(in), size); /* left as it was */
    }
}

/* LMDB does not always write pages that a transaction takes and gives back: the file may end before them. */
static void test_open_accepts_a_file_that_lacks_only_free_pages(void **state) {
    fixture *in = *state;
    static char large[100000];
    MDB_envinfo info;
    size_t deleted;
    clti_fault fault;
    make_full_store(in);
    /* A large value leaves its pages free at the end; small changes then move all others before them. */
    for (size_t round = 0; round < 8; round++) {
        MDB_txn *txn;
        MDB_dbi dbi;
        MDB_val key = {5, large};
        MDB_val value = {round == 0 ? sizeof large : round, large};
        MDB_env *env = open_raw(in->folder, &txn);
        assert_int_equal(mdb_dbi_open(txn, "signing_keys", 0, &dbi), 0);
        assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
        assert_int_equal(mdb_txn_commit(txn), 0);
        assert_int_equal(mdb_env_info(env, &info), 0);
        mdb_env_close(env);
    }
    assert_int_equal(truncate(path_of(in, "data.mdb"), (off_t)(info.me_last_pgno - 2) * 4096), 0);
    clti_store *store = open_store(in);
    assert_int_equal(data_size(in), (off_t)(info.me_last_pgno + 1) * 4096);
    assert_true(clti_store_purge(store, fabrikam, MANY, &deleted, &fault));
    assert_int_equal(deleted, MANY);
    clti_store_close(store);
}

static void become_nobody(void) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        _exit(99);
}

static int open_as_nobody(fixture *in) {
    clti_store *store;
    clti_fault fault;
    become_nobody();
    if (clti_store_open(&in->options, &store, &fault))
        return 1;
    return strstr(fault.text, "no permission") != NULL && strstr(fault.text, in->folder) != NULL ? 0 : 2;
}

static int create_as_nobody(fixture *in) {
    clti_store *store;
    clti_fault fault;
    become_nobody();
    if (clti_store_create(&in->options, &store, &fault))
        return 1;
    return strstr(fault.text, "may write") != NULL && strstr(fault.text, in->folder) != NULL ? 0 : 2;
}

static void test_open_and_create_without_permission_say_so(void **state) {
    fixture *in = *state;
    assert_int_equal(chmod(in->above, 0555), 0);
    assert_int_equal(run_child(in, create_as_nobody), 0);
    assert_int_equal(chmod(in->above, 0755), 0);
    make_store(in);
    assert_int_equal(chmod(in->folder, 0), 0); /* as its owner, unless that is root */
    assert_int_equal(run_child(in, open_as_nobody), 0);
    assert_int_equal(chmod(in->folder, 0755), 0);
    assert_int_equal(chmod(path_of(in, "data.mdb"), 0400), 0);
    assert_int_equal(run_child(in, open_as_nobody), 0);
    assert_int_equal(chmod(in->folder, 0700), 0);
}

/* ---- creating ---- */

static void test_create_is_private_and_leaves_only_the_store(void **state) {
    fixture *in = *state;
    struct stat status;
    make_store(in);
    assert_int_equal(stat(in->folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(stat(path_of(in, "data.mdb"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(exists(in, "init.tmp"));
}

static void test_create_needs_the_folder_above(void **state) {
    fixture *in = *state;
    in->options.folder = path_of(in, "deeper");
    assert_create_fails(in, "No such file", "above");
}

static void test_second_create_changes_nothing(void **state) {
    fixture *in = *state;
    uint8_t before[CLTI_TOKEN_KEY_SIZE];
    uint8_t after[CLTI_TOKEN_KEY_SIZE];
    clti_fault fault;
    make_store(in);
    clti_store *store = open_store(in);
    assert_true(clti_store_token_key(store, before, &fault));
    clti_store_close(store);
    assert_create_fails(in, "already", "nothing was changed");
    store = open_store(in);
    assert_true(clti_store_token_key(store, after, &fault));
    assert_memory_equal(before, after, sizeof before);
    clti_store_close(store);
}

static void test_create_not_committed_leaves_nothing(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    assert_true(clti_store_create(&in->options, &store, &fault));
    assert_false(exists(in, "data.mdb"));
    assert_true(exists(in, "init.tmp/data.mdb"));
    clti_store_close(store);
    assert_int_not_equal(access(in->folder, F_OK), 0);
}

static int create_and_die(fixture *in) {
    clti_store *store;
    clti_fault fault;
    if (!clti_store_create(&in->options, &store, &fault))
        return 1;
    kill(getpid(), SIGKILL);
    return 2;
}

static void test_create_that_was_killed_leaves_no_store_and_is_cleaned_up(void **state) {
    fixture *in = *state;
    assert_int_equal(run_child(in, create_and_die), 128 + SIGKILL);
    assert_true(exists(in, "init.tmp/data.mdb"));
    assert_open_fails(in, "no store", "init");
    make_store(in);
    assert_false(exists(in, "init.tmp"));
    clti_store_close(open_store(in));
}

static int create_second(fixture *in) {
    clti_store *store;
    clti_fault fault;
    if (clti_store_create(&in->options, &store, &fault))
        return 1;
    return strstr(fault.text, "being set up") != NULL ? 0 : 2;
}

static void test_of_two_creates_at_once_one_is_refused(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    assert_true(clti_store_create(&in->options, &store, &fault));
    assert_int_equal(run_child(in, create_second), 0);
    assert_true(clti_store_commit_new(&store, &fault));
    assert_null(store);
    clti_store_close(open_store(in));
}

static void test_commit_refuses_a_store_that_appeared_meanwhile(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    const char *words[] = {in->folder, "already"};
    assert_true(clti_store_create(&in->options, &store, &fault));
    write_file(path_of(in, "data.mdb"), "theirs", 6);
    assert_false(clti_store_commit_new(&store, &fault));
    assert_says(&fault, words, 2);
    assert_null(store);
    assert_true(exists(in, "data.mdb"));
    assert_false(exists(in, "init.tmp"));
}

static void test_reopening_keeps_everything(void **state) {
    fixture *in = *state;
    clti_store *store;
    clti_fault fault;
    clti_load_outcome outcomes[100];
    clti_customer customers[100];
    uint64_t before;
    uint64_t after;
    for (size_t i = 0; i < 100; i++) {
        customers[i] =
            sample_customer(&in->arena, i, clti_arena_format(&in->arena, "d%zu.example", i).data, "Name");
    }
    assert_true(clti_store_create(&in->options, &store, &fault));
    sample_load(store, fabrikam, customers, 100, outcomes); /* while it is being built */
    assert_true(clti_store_commit_new(&store, &fault));
    for (size_t round = 0; round < 3; round++) {
        clti_list_page page;
        clti_list_query query = sample_query(fabrikam, 500);
        store = open_store(in);
        assert_true(clti_store_list(store, &query, &in->arena, &page, &fault));
        assert_int_equal(page.count, 100);
        assert_true(clti_store_generation(store, &before, &fault));
        clti_signing_key key = {CLTI_STR("kid"), CLTI_STR("{}"), (int64_t)round, 0};
        assert_true(sample_apply(store, (clti_change){CLTI_CHANGE_KEY_PUT, .of.key = &key}).done);
        assert_true(clti_store_generation(store, &after, &fault));
        assert_int_equal(after, before + 1);
        clti_store_close(store);
    }
}

/* ---- other processes ---- */

/* Open and claim the store, say so, and wait to be told to end. */
static pid_t hold_claim(fixture *in, int *out_end) {
    int ready[2];
    int end[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        clti_store *store;
        clti_fault fault;
        close(end[1]);
        bool done = clti_store_open(&in->options, &store, &fault) && clti_store_claim(store, &fault);
        _exit(done && write(ready[1], "r", 1) == 1 && read(end[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ready[1]);
    close(end[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *out_end = end[1];
    return pid;
}

static void test_claim_is_refused_while_another_process_has_it(void **state) {
    fixture *in = *state;
    clti_fault fault;
    int end;
    int status;
    make_store(in);
    pid_t pid = hold_claim(in, &end);
    clti_store *store = open_store(in);
    assert_true(clti_store_is_claimed(store));
    assert_false(clti_store_claim(store, &fault));
    const char *words[] = {in->folder, "served already",
                           clti_arena_format(&in->arena, "%ld", (long)pid).data};
    assert_says(&fault, words, 3);
    close(end);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_false(clti_store_is_claimed(store));
    assert_true(clti_store_claim(store, &fault));
    assert_true(clti_store_claim(store, &fault)); /* once more changes nothing */
    assert_true(clti_store_is_claimed(store));
    clti_store_close(store);
    store = open_store(in);
    assert_false(clti_store_is_claimed(store));
    clti_store_close(store);
}

/* Only a lock file that is not there says that nobody ever served. */
static void test_claim_is_assumed_when_the_lock_cannot_be_asked(void **state) {
    fixture *in = *state;
    make_store(in);
    clti_store *store = open_store(in);
    const char *lock = clti_arena_format(&in->arena, "%s/serve.lock", in->folder).data;
    if (unlink(lock) != 0)
        assert_int_equal(errno, ENOENT);
    assert_false(clti_store_is_claimed(store));
    assert_int_equal(mkdir(lock, 0700), 0);
    assert_true(clti_store_is_claimed(store));
    clti_store_close(store);
}

/* The lock is what counts; the process id in it is only for people. */
static void test_claim_needs_no_room_on_the_disk(void **state) {
    fixture *in = *state;
    clti_fault fault;
    struct rlimit before;
    make_store(in);
    clti_store *store = open_store(in);
    clti_store *other = open_store(in);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit none = {0, before.rlim_max};
    sighandler_t old = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    bool is_claimed = clti_store_claim(store, &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, old);
    assert_true(is_claimed);
    assert_true(clti_store_is_claimed(other));
    const char *words[] = {"served already", "process (unknown)"};
    assert_false(clti_store_claim(other, &fault));
    assert_says(&fault, words, 2);
    clti_store_close(other);
    clti_store_close(store);
}

#define BATCH   50
#define BATCHES 40

/* Each load is one transaction, so every page shows whole batches, and never fewer than the one before. */
static int read_while_loading(fixture *in) {
    clti_store *store;
    clti_fault fault;
    size_t seen = 0;
    clti_list_query query = sample_query(fabrikam, CLTI_PAGE_SIZE_MAX);
    if (!clti_store_open(&in->options, &store, &fault))
        return 1;
    while (seen < BATCH * BATCHES) {
        clti_partner_state counted;
        size_t count = 0;
        query.start = CLTI_LIST_FIRST;
        for (;;) {
            clti_list_page page;
            if (!clti_store_list(store, &query, &in->arena, &page, &fault))
                return 2;
            count += page.count;
            if (query.start == CLTI_LIST_FIRST && !page.has_next && page.count % BATCH != 0)
                return 3;
            if (!page.has_next)
                break;
            query.start = CLTI_LIST_AFTER;
            query.position = page.last_position;
        }
        if (count < seen || !clti_store_partner_state(store, fabrikam, &counted, &fault) ||
            counted.count < count || counted.count % BATCH != 0)
            return 4;
        seen = count;
        clti_arena_clear(&in->arena);
    }
    clti_store_close(store);
    return 0;
}

static void test_reader_in_another_process_sees_whole_loads(void **state) {
    fixture *in = *state;
    int status;
    make_store(in);
    in->folder = strdup(in->folder); /* the child clears the arena */
    assert_non_null(in->folder);
    in->options.folder = in->folder;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(read_while_loading(in));
    clti_store *store = open_store(in);
    for (size_t batch = 0; batch < BATCHES; batch++) {
        clti_load_outcome outcomes[BATCH];
        clti_customer customers[BATCH];
        for (size_t i = 0; i < BATCH; i++) {
            /* By name in the order of loading, so that no walk can miss one that came while it ran. */
            size_t number = batch * BATCH + i;
            const char *name = clti_arena_format(&in->arena, "n%06zu", number).data;
            customers[i] = sample_customer(&in->arena, number,
                                           clti_arena_format(&in->arena, "%s.example", name).data, name);
        }
        sample_load(store, fabrikam, customers, BATCH, outcomes);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    clti_store_close(store);
    free((void *)(uintptr_t)in->options.folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_open_without_a_store_points_to_init),
        TEST(test_open_refuses_a_file_as_folder),
        TEST(test_open_refuses_what_is_no_store),
        TEST(test_open_refuses_an_lmdb_file_of_another_program),
        TEST(test_open_refuses_an_unknown_format),
        TEST(test_open_brings_up_a_store_of_format_1),
        TEST(test_open_refuses_a_map_smaller_than_the_file),
        TEST(test_open_refuses_a_file_that_was_cut_short),
        TEST(test_open_accepts_a_file_that_lacks_only_free_pages),
        TEST(test_open_and_create_without_permission_say_so),
        TEST(test_create_is_private_and_leaves_only_the_store),
        TEST(test_create_needs_the_folder_above),
        TEST(test_second_create_changes_nothing),
        TEST(test_create_not_committed_leaves_nothing),
        TEST(test_create_that_was_killed_leaves_no_store_and_is_cleaned_up),
        TEST(test_of_two_creates_at_once_one_is_refused),
        TEST(test_commit_refuses_a_store_that_appeared_meanwhile),
        TEST(test_reopening_keeps_everything),
        TEST(test_claim_is_refused_while_another_process_has_it),
        TEST(test_claim_is_assumed_when_the_lock_cannot_be_asked),
        TEST(test_claim_needs_no_room_on_the_disk),
        TEST(test_reader_in_another_process_sees_whole_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
