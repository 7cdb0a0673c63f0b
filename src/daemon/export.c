/* clienteled export: everything that a store keeps, as lines of JSON. */
#include "daemon/daemon_private.h"
#include "daemon/export_private.h"
#include "daemon/long_run_private.h"
#include "daemon/new_file_private.h"
#include "wire/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/** Lines gather up to this. */
#define CHUNK_SIZE ((size_t)256 * 1024)

typedef struct export_request {
    const char *partner; /* NULL: all */
    const char *keys;    /* NULL: without */
    const char *file;
} export_request;

typedef struct export_run {
    const export_request *request;
    int descriptor;
    clti_buf lines;
    clti_progress progress;
    uint64_t count;
} export_run;

static bool write_lines(export_run *run, clti_fault *fault) {
    if (!clti_buf_ok(&run->lines))
        return clti_fault_no_memory(fault);
    for (size_t written = 0; written < run->lines.size;) {
        ssize_t size = write(run->descriptor, run->lines.data + written, run->lines.size - written);
        if (size < 0 && errno != EINTR)
            return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "%s cannot be written: %s.",
                                  run->request->file, strerror(errno));
        written += size > 0 ? (size_t)size : 0;
    }
    clti_buf_clear(&run->lines);
    return true;
}

/* Keys; and answers that are kept, which cannot be given again without the store's own key. */
static bool is_secret(const clti_entry *entry) {
    return entry->kind == CLTI_ENTRY_KEY || entry->kind == CLTI_ENTRY_TOKEN_KEY ||
           entry->kind == CLTI_ENTRY_IDEMPOTENCY;
}

static void add_line(export_run *run, const clti_entry *entry) {
    clti_entry shown = *entry;
    if (entry->kind == CLTI_ENTRY_USER && !run->request->keys)
        shown.of.user.password_hash = shown.of.user.totp_secret = (clt_str){NULL, 0};
    clti_wire_render_entry(&shown, &run->lines);
}

static bool on_entry(void *user, const clti_entry *entry, clti_fault *fault) {
    export_run *run = user;
    if (entry->kind == CLTI_ENTRY_GRANT || (is_secret(entry) && !run->request->keys))
        return true;
    size_t before = run->lines.size;
    add_line(run, entry);
    clti_assert(!clti_buf_ok(&run->lines) || run->lines.size - before <= CLTI_EXPORT_LINE_MAX);
    clti_progress_show(&run->progress, 0, 0, ++run->count, "entries");
    return run->lines.size < CHUNK_SIZE || write_lines(run, fault);
}

static bool write_export(clti_store *store, const clt_guid *partner, export_run *run, clti_fault *fault) {
    clti_new_file file;
    if (!clti_new_file_begin(run->request->file, /* is_binary= */ false, &file, fault))
        return false;
    run->descriptor = file.descriptor;
    clti_buf_init(&run->lines, CHUNK_SIZE + CLTI_EXPORT_LINE_MAX + sizeof(CLTI_EXPORT_LAST_LINE));
    clti_progress_init(&run->progress);
    clti_buf_add(&run->lines, CLTI_STR(CLTI_EXPORT_FIRST_LINE "\n"));
    bool done = clti_store_stream(store, partner, on_entry, run, fault);
    clti_buf_add(&run->lines, CLTI_STR(CLTI_EXPORT_LAST_LINE "\n"));
    done = done && write_lines(run, fault);
    clti_progress_erase(&run->progress);
    clti_buf_done(&run->lines);
    if (done)
        return clti_new_file_commit(&file, fault);
    clti_new_file_abandon(&file);
    return false;
}

static bool check_export(void *user, clti_fault *fault) {
    const export_request *request = user;
    return !request->partner || !request->keys ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                          "--keys belong to no partner; leave either it or --partner away.");
}

static int run_export(clti_store *store, clti_arena *arena, void *user) {
    export_run run = {.request = user};
    clti_partner partner;
    clti_fault fault;
    const char *name = run.request->partner;
    if ((name && !clti_partner_named(store, clti_str(name), arena, &partner, &fault)) ||
        !write_export(store, name ? &partner.id : NULL, &run, &fault))
        return clti_fail(&fault);
    if (strcmp(run.request->file, "-") != 0)
        printf("The export is in %s: %" PRIu64 " entries.\n", run.request->file, run.count);
    return CLTI_EXIT_DONE;
}

int clti_command_export(int argc, char **argv) {
    export_request request = {0};
    const clti_flag flags[] = {
        {"partner", "DOMAIN|GUID",
         "only this partner, its applications, users, audit records and the customers that it owns",
         &request.partner},
        {"keys", NULL,
         "secrets as well: keys, passwords (hashed) and second factors of users, and the answers kept for "
         "repeated requests; not with --partner",
         &request.keys}};
    const clti_store_command command = {
        .line =
            {.name = "export",
             .arguments = "FILE",
             .about =
                 "Write everything that the store keeps, in one consistent view, as lines of "
                 "JSON into FILE, or to standard output if it is '-'. A server may run meanwhile. FILE "
                 "must not be there yet. 'clienteled import' without --partner makes a new store of it, "
                 "whose export is the same again.\v"
                 "Secrets of applications are in it as hashes. Without --keys users have no password in the "
                 "new store. What they granted to applications is not in it: they sign in once more.",
             .flags = flags,
             .flag_count = CLTI_COUNT(flags),
             .setting_count = CLTI_CONFIG_COMMON_COUNT,
             .operands = &request.file,
             .operand_count = 1},
        .check = check_export,
        .run = run_export};
    return clti_store_command_run(&command, &request, argc, argv);
}
