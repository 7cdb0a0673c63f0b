/* clienteled copy: a new store of another, of whatever kind each is, verified. */
#include "daemon/daemon_private.h"
#include "daemon/entry_sink_private.h"
#include "daemon/long_run_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A session that ends sooner, or a sign-in that is under way, is not worth taking along. */
#define GRANT_SECONDS_MIN (24 * 60 * 60)

#define DIGEST_WORDS (CLTI_SHA256_SIZE / sizeof(uint64_t))

/* Of any number of entries in any order: the sum of their hashes. */
typedef struct digest {
    uint64_t count;
    uint64_t sum[DIGEST_WORDS];
} digest;

typedef struct copy_request {
    const char *from, *to;
} copy_request;

typedef struct copy_run {
    clti_store *from, *to;
    clti_entry_sink sink;
    clti_buf bytes;        /* of one entry */
    int64_t grants_beyond; /* those are copied that last longer, seconds since 1970 */
    digest read[CLTI_ENTRY_KIND_COUNT], written[CLTI_ENTRY_KIND_COUNT];
    clti_progress progress;
    uint64_t shown;
} copy_run;

/* ---- entries ------------------------------------------------------------------------------------------- */

/* Its revision only tells changes from each other. @return false  it is left behind */
static bool settle_grant(const copy_run *run, clti_user_grant *grant) {
    grant->revision = 1;
    return grant->state == CLTI_GRANT_REFRESHING && grant->expires > run->grants_beyond;
}

/* *out_taken false: not an entry to be copied. */
static bool take_entry(copy_run *run, const clti_entry *given, digest digests[], const char *doing,
                       bool *out_taken, clti_fault *fault) {
    uint8_t hash[CLTI_SHA256_SIZE];
    uint64_t words[DIGEST_WORDS];
    clti_entry entry = *given;
    if (clti_interrupted)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "interrupted; nothing was copied.");
    *out_taken = entry.kind != CLTI_ENTRY_GRANT || settle_grant(run, &entry.of.grant);
    if (!*out_taken)
        return true;
    clti_buf_clear(&run->bytes);
    clti_store_entry_write(&entry, &run->bytes);
    if (!clti_buf_ok(&run->bytes))
        return clti_fault_no_memory(fault);
    clti_sha256(clti_buf_str(&run->bytes), hash);
    memcpy(words, hash, sizeof words);
    for (size_t i = 0; i < DIGEST_WORDS; i++)
        digests[entry.kind].sum[i] += words[i];
    digests[entry.kind].count++;
    clti_progress_show(&run->progress, 0, 0, ++run->shown, doing);
    return true;
}

static bool on_source_entry(void *user, const clti_entry *given, clti_fault *fault) {
    copy_run *run = user;
    bool taken, flushed;
    clt_str kept;
    clti_entry entry;
    if (!take_entry(run, given, run->read, "entries copied", &taken, fault))
        return false;
    if (!taken)
        return true;
    if (!clti_entry_sink_make_room(&run->sink, given, &flushed, fault))
        return false;
    if (!clti_arena_copy(&run->sink.arena, clti_buf_str(&run->bytes), &kept))
        return clti_fault_no_memory(fault);
    return clti_store_entry_read(kept, &entry)
               ? clti_entry_sink_add(&run->sink, &entry, fault)
               : clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "an entry cannot be read back.");
}

static bool on_target_entry(void *user, const clti_entry *given, clti_fault *fault) {
    copy_run *run = user;
    bool taken;
    return take_entry(run, given, run->written, "entries verified", &taken, fault);
}

/* ---- copying ------------------------------------------------------------------------------------------- */

static const char *const kind_names[CLTI_ENTRY_KIND_COUNT] = {[CLTI_ENTRY_PARTNER] = "partners",
                                                              [CLTI_ENTRY_APPLICATION] = "applications",
                                                              [CLTI_ENTRY_USER] = "users",
                                                              [CLTI_ENTRY_LINK] = "links",
                                                              [CLTI_ENTRY_KEY] = "signing keys",
                                                              [CLTI_ENTRY_TOKEN_KEY] = "token keys",
                                                              [CLTI_ENTRY_CUSTOMER] = "customers",
                                                              [CLTI_ENTRY_AUDIT] = "audit records",
                                                              [CLTI_ENTRY_IDEMPOTENCY] = "kept answers",
                                                              [CLTI_ENTRY_GRANT] = "sessions"};

static bool compare(const copy_run *run, clti_fault *fault) {
    for (size_t kind = 0; kind < CLTI_ENTRY_KIND_COUNT; kind++) {
        const digest *read = &run->read[kind], *written = &run->written[kind];
        if (read->count != written->count)
            return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                                  "of %" PRIu64 " %s %" PRIu64 " are in the new store; it was removed again.",
                                  read->count, kind_names[kind], written->count);
        if (memcmp(read->sum, written->sum, sizeof read->sum) != 0)
            return clti_fault_set(
                fault, CLTI_FAULT_STORE_FAILED, NULL,
                "the %s in the new store are not those of the old one; it was removed again.",
                kind_names[kind]);
    }
    return true;
}

static bool fill_and_verify(copy_run *run, clti_fault *fault) {
    clti_progress_init(&run->progress);
    bool done = clti_entry_sink_init(&run->sink, run->to, fault) &&
                clti_store_stream(run->from, NULL, on_source_entry, run, fault) &&
                clti_entry_sink_flush(&run->sink, fault);
    run->shown = 0;
    done = done && clti_store_stream(run->to, NULL, on_target_entry, run, fault) && compare(run, fault);
    clti_progress_erase(&run->progress);
    return done;
}

static void print_result(const copy_run *run, clt_str place) {
    for (size_t kind = 0; kind < CLTI_ENTRY_KIND_COUNT; kind++) {
        const digest *seen = &run->read[kind];
        printf("%-14s %12" PRIu64 "  %016" PRIx64 "%016" PRIx64 "\n", kind_names[kind], seen->count,
               seen->sum[0], seen->sum[1]);
    }
    printf("The new store is in %.*s; everything in it was read again and compared.\n", CLTI_STR_ARGS(place));
}

static void warn_of_server(clti_store *from) {
    if (clti_store_is_claimed(from))
        fprintf(stderr,
                "clienteled: a server runs on the store that is copied: what it writes from now on is not in "
                "the copy.\n");
}

static bool copy(const clti_store_options *from, const clti_store_options *to, clti_fault *fault) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    copy_run run = {.grants_beyond = clti_now_seconds() + GRANT_SECONDS_MIN};
    clt_str place;
    clti_buf_init(&run.bytes, SIZE_MAX);
    bool done = clti_store_place(to, &arena, &place, fault) && clti_store_open(from, &run.from, fault) &&
                clti_store_create(to, &run.to, fault);
    if (done) {
        warn_of_server(run.from);
        done = fill_and_verify(&run, fault);
    }
    clti_entry_sink_done(&run.sink);
    done = done && clti_store_commit_new(&run.to, fault);
    if (done)
        print_result(&run, place);
    clti_store_close(run.to);
    clti_store_close(run.from);
    clti_buf_done(&run.bytes);
    return done;
}

/* ---- the command --------------------------------------------------------------------------------------- */

static clti_store_options options_of(const clti_settings *settings, const char *store) {
    clti_store_options options = clti_config_store_options(settings);
    const bool is_url = clti_store_is_url(clti_str(store));
    options.folder = is_url ? NULL : store;
    options.url = is_url ? store : NULL;
    return options;
}

static bool check_request(const copy_request *request, const clti_settings *settings, clti_fault *fault) {
    const clti_fault_code code = CLTI_FAULT_INVALID_PROPERTY;
    if (!clti_flag_require("from", request->from, fault) || !clti_flag_require("to", request->to, fault))
        return false;
    if (clti_settings_get(settings, "data")->origin == CLTI_ORIGIN_FLAG ||
        clti_settings_get(settings, "store")->origin == CLTI_ORIGIN_FLAG)
        return clti_fault_set(fault, code, NULL,
                              "--from and --to name the stores; leave --data and --store away.");
    return strcmp(request->from, request->to) != 0 ||
           clti_fault_set(fault, code, NULL, "--from and --to name the same store.");
}

int clti_command_copy(int argc, char **argv) {
    copy_request request = {0};
    const clti_flag flags[] = {
        {"from", "STORE", "the store to copy: a folder or postgresql://...", &request.from},
        {"to", "STORE", "where the new one shall be: likewise, without a store", &request.to}};
    const clti_command_line line = {
        .name = "copy",
        .about =
            "Make a new store of another: from a folder into a PostgreSQL database, or back. All of it, in "
            "one "
            "consistent view, keys and sessions too, so that tokens stay good. When it is there it is read "
            "again "
            "and compared; only then it counts. Interrupted, nothing is left that counts; start it again.\v"
            "Stop the server of the old store first: what is written meanwhile is not in the new one.",
        .flags = flags,
        .flag_count = CLTI_COUNT(flags),
        .setting_count = CLTI_CONFIG_COMMON_COUNT};
    clti_settings settings;
    clti_fault fault;
    int code = clti_command_line_read(&line, argc, argv, &settings);
    if (code == CLTI_EXIT_DONE && !check_request(&request, &settings, &fault)) {
        fprintf(stderr, "clienteled: copy: %s\n", fault.text);
        code = CLTI_EXIT_USAGE;
    }
    if (code == CLTI_EXIT_DONE) {
        const clti_store_options from = options_of(&settings, request.from),
                                 to = options_of(&settings, request.to);
        clti_interrupt_watch();
        if (!copy(&from, &to, &fault))
            code = clti_fail(&fault);
    }
    clti_settings_done(&settings);
    return code;
}
