/* Rows on their way into the store: in large loads when alone, in short ones with pauses beside a server. */
#include "daemon/import_private.h"

#include <inttypes.h>
#include <stdlib.h>

/** Alone: one load takes at most this many rows, or this much text. Every load after a partner's first goes
 * all over the indexes anew, so few large ones are faster and leave a smaller file. */
#define ALONE_ROWS_MAX 1000000
#define TEXT_SIZE_MAX  ((size_t)512 * 1024 * 1024)
/** Into a database, which other machines use whom nobody sees: they do not wait longer than for this. */
#define DATABASE_ROWS_MAX 10000

struct clti_import_entry {
    clti_import_row row;
    clt_str refusal; /* absent: the next of the customers */
};

/* How many rows to wait for depends on who else is there, which is asked anew for each batch. */
static void set_entry_max(clti_import_batch *batch) {
    bool is_database = clti_store_has_pool(batch->store, NULL);
    batch->entry_max = clti_pace_limit(&batch->pace, is_database ? DATABASE_ROWS_MAX : ALONE_ROWS_MAX);
}

void clti_import_summary_print(const clti_import_summary *summary) {
    printf("%" PRIu64 " rows: %" PRIu64 " new, %" PRIu64 " updated, %" PRIu64 " unchanged, %" PRIu64
           " refused\n",
           summary->rows, summary->added, summary->updated, summary->unchanged, summary->refused);
}

void clti_import_batch_init(clti_import_batch *batch, clti_store *store, clt_guid partner,
                            clti_import_rejects *rejects, const volatile sig_atomic_t *interrupted) {
    *batch = (clti_import_batch){.store = store,
                                 .partner = partner,
                                 .rejects = rejects,
                                 .interrupted = interrupted,
                                 .stored_before_line = 1};
    clti_pace_init(&batch->pace, store);
    set_entry_max(batch);
}

void clti_import_batch_done(clti_import_batch *batch) {
    free(batch->entries);
    free(batch->customers);
    clti_arena_done(&batch->arena);
    *batch = (clti_import_batch){0};
}

/* Room for one more in a growing array, or false. */
static bool make_room(void **array, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : CLTI_PACE_ITEMS_FIRST;
    void *larger = reallocarray(*array, wanted, size);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

static bool add_customer(clti_import_batch *batch, const clti_customer *customer) {
    void *customers = batch->customers;
    bool done = make_room(&customers, batch->customer_count, &batch->customer_capacity, sizeof *customer);
    batch->customers = customers;
    if (done)
        batch->customers[batch->customer_count++] = *customer;
    return done;
}

static bool add_entry(clti_import_batch *batch, const clti_import_entry *entry) {
    void *entries = batch->entries;
    bool done = make_room(&entries, batch->entry_count, &batch->entry_capacity, sizeof *entry);
    batch->entries = entries;
    if (done)
        batch->entries[batch->entry_count++] = *entry;
    return done;
}

bool clti_import_batch_add(clti_import_batch *batch, const clti_import_row *row,
                           const clti_customer *customer, const char *reason, clti_fault *fault) {
    clti_import_entry entry = {.row = *row};
    if (customer ? !add_customer(batch, customer)
                 : !clti_arena_copy(&batch->arena, clti_str(reason), &entry.refusal))
        return clti_fault_no_memory(fault);
    if (!add_entry(batch, &entry))
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < row->count; i++)
        batch->text_size += row->cells[i].size;
    if (batch->entry_count < batch->entry_max && batch->text_size < TEXT_SIZE_MAX)
        return true;
    return clti_import_batch_flush(batch, fault);
}

/* ---- storing ------------------------------------------------------------------------------------------ */

static bool refuse(clti_import_batch *batch, const clti_import_row *row, clt_str reason, clti_fault *fault) {
    batch->summary.refused++;
    return clti_import_rejects_add(batch->rejects, row, reason, fault);
}

static bool count_outcome(clti_import_batch *batch, const clti_import_row *row, clti_load_outcome outcome,
                          clti_fault *fault) {
    switch (outcome) {
    case CLTI_LOAD_NEW:
        batch->summary.added++;
        return true;
    case CLTI_LOAD_UPDATED:
        batch->summary.updated++;
        return true;
    case CLTI_LOAD_UNCHANGED:
        batch->summary.unchanged++;
        return true;
    case CLTI_LOAD_DOMAIN_TAKEN:
        return refuse(batch, row, CLTI_STR("companyProfile.domain is held by another customer."), fault);
    }
    return true;
}

/* Count the entries that `outcomes` settles, and the refused ones that follow them: all of them, even if they
 * cannot be written to the rejects file, since the others are stored. */
static bool settle(clti_import_batch *batch, size_t *ref_entry, const clti_load_outcome *outcomes,
                   size_t count, clti_fault *fault) {
    size_t settled = 0;
    bool done = true;
    for (; *ref_entry < batch->entry_count; (*ref_entry)++) {
        const clti_import_entry *entry = &batch->entries[*ref_entry];
        if (!entry->refusal.data && settled == count)
            break;
        batch->summary.rows++;
        batch->stored_before_line = entry->row.line + 1;
        bool counted = entry->refusal.data ? refuse(batch, &entry->row, entry->refusal, fault)
                                           : count_outcome(batch, &entry->row, outcomes[settled++], fault);
        done = done && counted;
    }
    return done;
}

/* One load, of as many of the customers as may go at once. */
static bool store_some(clti_import_batch *batch, size_t *ref_entry, size_t *ref_customer,
                       clti_load_outcome *outcomes, clti_fault *fault) {
    size_t count = clti_pace_begin(&batch->pace, batch->customer_count - *ref_customer);
    if (count > 0 && !clti_store_load(batch->store, batch->partner, batch->customers + *ref_customer, count,
                                      outcomes, fault))
        return false;
    clti_pace_end(&batch->pace, count);
    *ref_customer += count;
    return settle(batch, ref_entry, outcomes, count, fault);
}

bool clti_import_batch_flush(clti_import_batch *batch, clti_fault *fault) {
    clti_load_outcome *outcomes =
        clti_arena_calloc(&batch->arena, batch->customer_count + 1, sizeof *outcomes);
    if (!outcomes)
        return clti_fault_no_memory(fault);
    size_t entry = 0, customer = 0;
    while (entry < batch->entry_count) {
        /* What was read goes in, but beside a server it may take long. */
        batch->is_interrupted = entry > 0 && batch->interrupted && *batch->interrupted;
        if (batch->is_interrupted)
            return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "Interrupted.");
        if (!store_some(batch, &entry, &customer, outcomes, fault))
            return false;
    }
    clti_arena_clear(&batch->arena);
    batch->text_size = 0;
    batch->entry_count = batch->customer_count = 0;
    set_entry_max(batch);
    return true;
}
