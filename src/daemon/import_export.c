/* A new store from an export: line by line, all of it or nothing. */
#include "daemon/daemon_private.h"
#include "daemon/export_private.h"
#include "daemon/long_run_private.h"
#include "identity/identity.h"
#include "wire/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** What is stored at once: customers of one owner, or records of what was done. */
#define BATCH_MAX 4096

typedef struct import_run {
    FILE *file;
    char *line;
    size_t line_capacity;
    uint64_t number; /* of the line, from 1 */
    clti_store *store;
    clti_arena arena; /* of the lines that wait */
    clt_guid owner;   /* of the customers that wait */
    clti_customer *customers;
    clti_load_outcome *loaded;
    size_t customer_count;
    clti_entry *records;
    clti_change *changes; /* one for each */
    clti_outcome *outcomes;
    size_t record_count;
    uint64_t counts[CLTI_ENTRY_KIND_COUNT];
} import_run;

static bool grow_line(import_run *run, clti_fault *fault) {
    size_t capacity = run->line_capacity ? 2 * run->line_capacity : 4096;
    char *line = realloc(run->line, capacity);
    if (!line)
        return clti_fault_no_memory(fault);
    run->line = line;
    run->line_capacity = capacity;
    return true;
}

/* The next line without its end; *out_more false at the end of the input. */
static bool next_line(import_run *run, clt_str *out, bool *out_more, clti_fault *fault) {
    size_t size = 0;
    int byte;
    run->number++;
    while ((byte = getc_unlocked(run->file)) != EOF && byte != '\n') {
        if (size == CLTI_EXPORT_LINE_MAX)
            return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "It is longer than 16 MiB.");
        if (size == run->line_capacity && !grow_line(run, fault))
            return false;
        run->line[size++] = (char)byte;
    }
    if (ferror(run->file))
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "It cannot be read: %s.", strerror(errno));
    *out_more = size > 0 || byte != EOF;
    *out = clti_str_trim((clt_str){run->line, size});
    return true;
}

static bool flush_customers(import_run *run, clti_fault *fault) {
    if (run->customer_count &&
        !clti_store_load(run->store, run->owner, run->customers, run->customer_count, run->loaded, fault))
        return false;
    for (size_t i = 0; i < run->customer_count; i++)
        if (run->loaded[i] != CLTI_LOAD_NEW)
            return clti_fault_set(
                fault, CLTI_FAULT_CONFLICT, NULL, "Customer %s, or its domain %.*s, is there twice.",
                clti_guid_to_text(run->customers[i].id).text, CLTI_STR_ARGS(run->customers[i].domain));
    run->customer_count = 0;
    return true;
}

static bool flush_records(import_run *run, clti_fault *fault) {
    for (size_t i = 0; i < run->record_count; i++) {
        const clti_entry *record = &run->records[i];
        run->changes[i] = (clti_change){.kind = CLTI_CHANGE_NOTHING, .arena = &run->arena};
        if (record->kind == CLTI_ENTRY_AUDIT)
            run->changes[i].audit = &record->of.audit;
        else
            run->changes[i].idempotency = &record->of.idempotency;
    }
    if (run->record_count &&
        !clti_store_apply(run->store, run->changes, run->record_count, run->outcomes, fault))
        return false;
    for (size_t i = 0; i < run->record_count; i++)
        if (!run->outcomes[i].done || run->outcomes[i].is_repeated)
            return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                                  "An answer is kept twice for one request.");
    run->record_count = 0;
    return true;
}

/* Store what waits. Whatever is refused ends the import: the export was of one sound store. */
static bool flush(import_run *run, clti_fault *fault) {
    if (!flush_customers(run, fault) || !flush_records(run, fault))
        return false;
    clti_arena_clear(&run->arena);
    return true;
}

static bool add_customer(import_run *run, const clti_entry *entry, clti_fault *fault) {
    bool found;
    clti_partner partner;
    if (run->customer_count == 0 || !clti_guid_equal(run->owner, entry->owner)) {
        if (!clti_store_partner_find(run->store, entry->owner, &run->arena, &partner, &found, fault))
            return false;
        if (!found)
            return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "Its owner %s is no partner before it.",
                                  clti_guid_to_text(entry->owner).text);
        run->owner = entry->owner;
    }
    run->customers[run->customer_count++] = entry->of.customer;
    return true;
}

static bool apply(import_run *run, const clti_entry *entry, clti_fault *fault) {
    clti_change change = {0};
    switch (entry->kind) {
    case CLTI_ENTRY_PARTNER:
        change.kind = CLTI_CHANGE_PARTNER_PUT;
        change.of.partner = &entry->of.partner;
        break;
    case CLTI_ENTRY_APPLICATION:
        change.kind = CLTI_CHANGE_APPLICATION_PUT;
        change.of.application = &entry->of.application;
        break;
    case CLTI_ENTRY_USER:
        change.kind = CLTI_CHANGE_USER_PUT;
        change.of.user = &entry->of.user;
        break;
    case CLTI_ENTRY_TOKEN_KEY:
        change.kind = CLTI_CHANGE_TOKEN_KEY_PUT;
        change.of.token_key = entry->of.token_key;
        break;
    case CLTI_ENTRY_LINK:
        change.kind = CLTI_CHANGE_LINK_PUT;
        change.of.link = entry->of.link;
        break;
    case CLTI_ENTRY_KEY:
        change.kind = CLTI_CHANGE_KEY_PUT;
        change.of.key = &entry->of.key;
        break;
    case CLTI_ENTRY_CUSTOMER:
    case CLTI_ENTRY_AUDIT:
    case CLTI_ENTRY_IDEMPOTENCY:
    case CLTI_ENTRY_KIND_COUNT:
        clti_assert(!"an entry that is a change");
    }
    return clti_change_apply(run->store, &change,
                             "It names a partner that is not before it, or a domain that is "
                             "another's.",
                             fault);
}

static bool is_record(const clti_entry *entry) {
    return entry->kind == CLTI_ENTRY_AUDIT || entry->kind == CLTI_ENTRY_IDEMPOTENCY;
}

/* Customers wait for more of the same owner, records for more records; anything else goes in at once. */
static bool must_flush(const import_run *run, const clti_entry *entry) {
    bool joins_customers = entry->kind == CLTI_ENTRY_CUSTOMER && clti_guid_equal(run->owner, entry->owner);
    return run->customer_count == BATCH_MAX || run->record_count == BATCH_MAX ||
           (run->customer_count && !joins_customers) || (run->record_count && !is_record(entry));
}

static bool add_entry(import_run *run, const clti_entry *entry, clti_fault *fault) {
    run->counts[entry->kind]++;
    if (entry->kind == CLTI_ENTRY_CUSTOMER)
        return add_customer(run, entry, fault);
    if (!is_record(entry))
        return apply(run, entry, fault);
    run->records[run->record_count++] = *entry;
    return true;
}

static bool add_line(import_run *run, clt_str line, clti_fault *fault) {
    clti_entry entry;
    if (!clti_wire_read_entry(line, &run->arena, &entry, fault))
        return false;
    if (must_flush(run, &entry)) {
        /* Storing what waits empties the arena, and with it this line; so it is read once more. */
        if (!flush(run, fault) || !clti_wire_read_entry(line, &run->arena, &entry, fault))
            return false;
    }
    return add_entry(run, &entry, fault);
}

static bool fail_line(clti_fault *fault, const char *text) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s", text);
}

/* The next line into the store; *in_out_ended once the last line of the export was read. */
static bool take_line(import_run *run, bool *out_more, bool *in_out_ended, clti_fault *fault) {
    clt_str line = {NULL, 0};
    bool is_read = next_line(run, &line, out_more, fault);
    if (clti_interrupted)
        return fail_line(fault, "It was interrupted.");
    if (!is_read)
        return false;
    if (!*out_more)
        return *in_out_ended ||
               fail_line(fault, "The last line of an export is missing; the file was cut short.");
    if (clti_str_is_empty(line))
        return true;
    if (*in_out_ended)
        return fail_line(fault, "It stands behind the last line of an export.");
    *in_out_ended = clti_str_equal(line, CLTI_STR(CLTI_EXPORT_LAST_LINE));
    return *in_out_ended || add_line(run, line, fault);
}

static bool add_lines(import_run *run, clti_fault *fault) {
    clti_progress progress;
    bool done = true, more = true, ended = false;
    clti_progress_init(&progress);
    while (done && more) {
        done = take_line(run, &more, &ended, fault);
        clti_progress_show(&progress, 0, 0, run->number, "lines");
    }
    clti_progress_erase(&progress);
    return done && flush(run, fault);
}

/* A store without keys could give no tokens. */
static bool fill(import_run *run, clti_fault *fault) {
    run->customers = calloc(BATCH_MAX, sizeof *run->customers);
    run->loaded = calloc(BATCH_MAX, sizeof *run->loaded);
    run->records = calloc(BATCH_MAX, sizeof *run->records);
    run->changes = calloc(BATCH_MAX, sizeof *run->changes);
    run->outcomes = calloc(BATCH_MAX, sizeof *run->outcomes);
    if (!run->customers || !run->loaded || !run->records || !run->changes || !run->outcomes)
        return clti_fault_no_memory(fault);
    return add_lines(run, fault) &&
           (run->counts[CLTI_ENTRY_KEY] > 0 || clti_identity_make_key(run->store, clti_now_seconds(), fault));
}

static int import_lines(import_run *run, const char *path, const clti_store_options *options) {
    CLTI_CLEANUP(clti_arena_done) clti_arena arena = {0};
    clti_fault fault;
    clt_str place;
    clti_interrupt_watch();
    if (!clti_store_place(options, &arena, &place, &fault) ||
        !clti_store_create(options, &run->store, &fault))
        return clti_fail(&fault);
    bool filled = fill(run, &fault);
    if (!filled)
        fprintf(stderr, "clienteled: %s, line %" PRIu64 ": %s Nothing was imported.\n", path, run->number,
                fault.text);
    bool done = filled && clti_store_commit_new(&run->store, &fault);
    if (filled && !done)
        clti_complain(&fault);
    clti_store_close(run->store);
    if (done)
        printf("A new store is in %.*s: %" PRIu64 " partners, %" PRIu64 " applications, %" PRIu64
               " users, %" PRIu64 " links, %" PRIu64 " customers, %" PRIu64 " audit records.\n",
               CLTI_STR_ARGS(place), run->counts[CLTI_ENTRY_PARTNER], run->counts[CLTI_ENTRY_APPLICATION],
               run->counts[CLTI_ENTRY_USER], run->counts[CLTI_ENTRY_LINK], run->counts[CLTI_ENTRY_CUSTOMER],
               run->counts[CLTI_ENTRY_AUDIT]);
    return done ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
}

int clti_import_export(const char *path, const clti_store_options *options) {
    import_run run = {.file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re")};
    clt_str first;
    bool more;
    clti_fault fault;
    if (!run.file) {
        fprintf(stderr, "clienteled: %s cannot be opened: %s.\n", path, strerror(errno));
        return CLTI_EXIT_FAILED;
    }
    bool is_export = next_line(&run, &first, &more, &fault) && more &&
                     clti_str_equal(first, CLTI_STR(CLTI_EXPORT_FIRST_LINE));
    int code = is_export ? import_lines(&run, path, options) : CLTI_EXIT_USAGE;
    if (run.file != stdin)
        fclose(run.file);
    free(run.line);
    free(run.customers);
    free(run.loaded);
    free(run.records);
    free(run.changes);
    free(run.outcomes);
    clti_arena_done(&run.arena);
    return code;
}
