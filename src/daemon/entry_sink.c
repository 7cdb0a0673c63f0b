#include "daemon/entry_sink_private.h"

#include "daemon/daemon_private.h"

#include <stdlib.h>

/** What is stored at once: customers of one owner, or records of what was done. */
#define BATCH_MAX 4096
/** Customers for a database, where every load goes over the indexes from end to end: about 100 MB. */
#define DATABASE_CUSTOMERS_MAX 100000

bool clti_entry_sink_init(clti_entry_sink *sink, clti_store *store, clti_fault *fault) {
    *sink = (clti_entry_sink){.store = store};
    sink->customers_max = clti_store_has_pool(store, NULL) ? DATABASE_CUSTOMERS_MAX : BATCH_MAX;
    sink->customers = calloc(sink->customers_max, sizeof *sink->customers);
    sink->loaded = calloc(sink->customers_max, sizeof *sink->loaded);
    sink->records = calloc(BATCH_MAX, sizeof *sink->records);
    sink->changes = calloc(BATCH_MAX, sizeof *sink->changes);
    sink->outcomes = calloc(BATCH_MAX, sizeof *sink->outcomes);
    return (sink->customers && sink->loaded && sink->records && sink->changes && sink->outcomes) ||
           clti_fault_no_memory(fault);
}

void clti_entry_sink_done(clti_entry_sink *sink) {
    free(sink->customers);
    free(sink->loaded);
    free(sink->records);
    free(sink->changes);
    free(sink->outcomes);
    clti_arena_done(&sink->arena);
}

static bool flush_customers(clti_entry_sink *sink, clti_fault *fault) {
    if (sink->customer_count && !clti_store_load(sink->store, sink->owner, sink->customers,
                                                 sink->customer_count, sink->loaded, fault))
        return false;
    for (size_t i = 0; i < sink->customer_count; i++)
        if (sink->loaded[i] != CLTI_LOAD_NEW)
            return clti_fault_set(
                fault, CLTI_FAULT_CONFLICT, NULL, "Customer %s, or its domain %.*s, is there twice.",
                clti_guid_to_text(sink->customers[i].id).text, CLTI_STR_ARGS(sink->customers[i].domain));
    sink->customer_count = 0;
    return true;
}

static bool flush_records(clti_entry_sink *sink, clti_fault *fault) {
    for (size_t i = 0; i < sink->record_count; i++) {
        const clti_entry *record = &sink->records[i];
        sink->changes[i] = (clti_change){.kind = CLTI_CHANGE_NOTHING, .arena = &sink->arena};
        if (record->kind == CLTI_ENTRY_AUDIT)
            sink->changes[i].audit = &record->of.audit;
        else if (record->kind == CLTI_ENTRY_IDEMPOTENCY)
            sink->changes[i].idempotency = &record->of.idempotency;
        else
            sink->changes[i] = (clti_change){.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = &record->of.grant};
    }
    if (sink->record_count &&
        !clti_store_apply(sink->store, sink->changes, sink->record_count, sink->outcomes, fault))
        return false;
    for (size_t i = 0; i < sink->record_count; i++)
        if (!sink->outcomes[i].done || sink->outcomes[i].is_repeated)
            return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                                  sink->records[i].kind == CLTI_ENTRY_GRANT
                                      ? "A grant is there twice."
                                      : "An answer is kept twice for one request.");
    sink->record_count = 0;
    return true;
}

bool clti_entry_sink_flush(clti_entry_sink *sink, clti_fault *fault) {
    if (!flush_customers(sink, fault) || !flush_records(sink, fault))
        return false;
    clti_arena_clear(&sink->arena);
    return true;
}

static bool add_customer(clti_entry_sink *sink, const clti_entry *entry, clti_fault *fault) {
    bool found;
    clti_partner partner;
    if (sink->customer_count == 0 || !clti_guid_equal(sink->owner, entry->owner)) {
        if (!clti_store_partner_find(sink->store, entry->owner, &sink->arena, &partner, &found, fault))
            return false;
        if (!found)
            return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "Its owner %s is no partner before it.",
                                  clti_guid_to_text(entry->owner).text);
        sink->owner = entry->owner;
    }
    sink->customers[sink->customer_count++] = entry->of.customer;
    return true;
}

static bool apply(clti_entry_sink *sink, const clti_entry *entry, clti_fault *fault) {
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
    case CLTI_ENTRY_GRANT:
    case CLTI_ENTRY_KIND_COUNT:
        clti_assert(!"an entry that is a change");
    }
    return clti_change_apply(sink->store, &change,
                             "It names a partner that is not before it, or a domain that is "
                             "another's.",
                             fault);
}

static bool is_record(const clti_entry *entry) {
    return entry->kind == CLTI_ENTRY_AUDIT || entry->kind == CLTI_ENTRY_IDEMPOTENCY ||
           entry->kind == CLTI_ENTRY_GRANT;
}

/* Customers wait for more of the same owner, records for more records; anything else goes in at once. */
static bool must_flush(const clti_entry_sink *sink, const clti_entry *entry) {
    bool joins_customers = entry->kind == CLTI_ENTRY_CUSTOMER && clti_guid_equal(sink->owner, entry->owner);
    return sink->customer_count == sink->customers_max || sink->record_count == BATCH_MAX ||
           (sink->customer_count && !joins_customers) || (sink->record_count && !is_record(entry));
}

bool clti_entry_sink_make_room(clti_entry_sink *sink, const clti_entry *entry, bool *out_flushed,
                               clti_fault *fault) {
    *out_flushed = must_flush(sink, entry);
    return !*out_flushed || clti_entry_sink_flush(sink, fault);
}

bool clti_entry_sink_add(clti_entry_sink *sink, const clti_entry *entry, clti_fault *fault) {
    sink->counts[entry->kind]++;
    if (entry->kind == CLTI_ENTRY_CUSTOMER)
        return add_customer(sink, entry, fault);
    if (!is_record(entry))
        return apply(sink, entry, fault);
    sink->records[sink->record_count++] = *entry;
    return true;
}
