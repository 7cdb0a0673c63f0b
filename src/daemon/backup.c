/* clienteled backup and restore: the whole store as one file, and back. */
#include "daemon/daemon_private.h"
#include "daemon/long_run_private.h"
#include "daemon/new_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- backup -------------------------------------------------------------------------------------------- */

static bool write_backup(clti_store *store, const char *path, uint64_t *out_size, clti_fault *fault) {
    clti_new_file file;
    struct stat status = {0};
    if (!clti_new_file_begin(path, /* is_binary= */ true, &file, fault))
        return false;
    if (!clti_store_snapshot(store, file.descriptor, fault)) {
        clti_new_file_abandon(&file);
        return false;
    }
    if (file.temporary && fstat(file.descriptor, &status) == 0)
        *out_size = (uint64_t)status.st_size;
    return clti_new_file_commit(&file, fault);
}

static int run_backup(clti_store *store, clti_arena *arena, void *user) {
    const char *path = *(const char **)user;
    uint64_t size = 0;
    clti_fault fault;
    (void)arena;
    if (!write_backup(store, path, &size, &fault))
        return clti_fail(&fault);
    if (strcmp(path, "-") != 0)
        printf("The backup is in %s: %" PRIu64 " bytes. It holds keys; keep it like one.\n", path, size);
    return CLTI_EXIT_DONE;
}

int clti_command_backup(int argc, char **argv) {
    const char *path = NULL;
    const clti_store_command command = {
        .line = {.name = "backup",
                 .arguments = "FILE",
                 .about =
                     "Write the whole store, in one consistent view and without the room that is free in it, "
                     "into FILE, or to standard output if it is '-'. A server may run meanwhile. FILE must "
                     "not be there yet; it appears when it is whole and on disk. 'clienteled restore' makes "
                     "a store of it again.\v"
                     "It holds the keys that sign tokens: keep it like a private key.",
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &path,
                 .operand_count = 1},
        .run = run_backup};
    return clti_store_command_run(&command, &path, argc, argv);
}

/* ---- restore ------------------------------------------------------------------------------------------- */

static bool open_backup(const char *path, int *out, clti_fault *fault) {
    *out = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return *out >= 0 || clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s cannot be opened: %s.",
                                       path, strerror(errno));
}

static bool verify(clti_store *store, clti_check_summary *out, clti_fault *fault) {
    return clti_store_check(store, clti_finding_print, stderr, out, fault) &&
           (out->findings == 0 || clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                                                 "The backup is damaged: %" PRIu64 " findings; nothing was "
                                                 "restored.",
                                                 out->findings));
}

static bool fill_and_verify(const clti_store_options *options, int descriptor, clti_store **out,
                            clti_check_summary *out_seen, clti_fault *fault) {
    bool done = clti_store_restore(options, descriptor, out, fault) && verify(*out, out_seen, fault);
    if (clti_interrupted)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "interrupted; nothing was restored.");
    return done;
}

static int restore(const char *path, const clti_store_options *options) {
    int descriptor;
    clti_store *store = NULL;
    clti_check_summary seen;
    clti_fault fault;
    if (!open_backup(path, &descriptor, &fault))
        return clti_fail(&fault);
    clti_interrupt_watch();
    bool done =
        fill_and_verify(options, descriptor, &store, &seen, &fault) && clti_store_commit_new(&store, &fault);
    clti_store_close(store);
    if (descriptor != STDIN_FILENO)
        close(descriptor);
    if (!done)
        return clti_fail(&fault);
    /* Nothing is restored into a database. */
    printf("The store is in %s again: %" PRIu64 " partners, %" PRIu64 " applications, %" PRIu64
           " customers.\n",
           options->folder, seen.partners, seen.applications, seen.customers);
    return CLTI_EXIT_DONE;
}

int clti_command_restore(int argc, char **argv) {
    const char *path = NULL;
    const clti_command_line line = {
        .name = "restore",
        .arguments = "FILE",
        .about =
            "Make a new store of a backup in FILE, or on standard input if it is '-'. The folder (--data) "
            "must not hold a store yet. Everything in the backup is checked first, as 'clienteled check' "
            "does; the store appears when all is well.",
        .setting_count = CLTI_CONFIG_COMMON_COUNT,
        .operands = &path,
        .operand_count = 1};
    clti_settings settings;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE) {
        clti_store_options options = clti_config_store_options(&settings);
        code = restore(path, &options);
    }
    clti_settings_done(&settings);
    return code;
}
