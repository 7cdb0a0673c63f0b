#include "store/postgres/load_private.h"

#include <stdlib.h>
#include <string.h>

/* Fewer go in by statements of their own: to copy them would take more round trips. */
#define COPIED_MIN ((size_t)64)

static const clti_pg_statement take_time = {"SET LOCAL statement_timeout = 0"};

void clti_pg_load_breathe(clti_pg_connection *on) {
    on->deadline_us = clti_pg_deadline(on->store);
}

clti_pg_verdict clti_pg_load_begin(clti_pg_connection *on, clti_pg_load_run *run, clti_fault *fault) {
    size_t sent = 0;
    clti_pg_load_breathe(on);
    clti_pg_verdict verdict = clti_pg_send(on, &take_time, NULL, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_send_locks(on, &run->owners, &run->resellers, &sent, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_sync(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_drop(on, CLTI_PG_BEGUN + 1 + sent, fault);
    return verdict == CLTI_PG_DONE ? clti_pg_drain(on, fault) : verdict;
}

/* ---- the partners that it concerns ---- */

static int compare_guids(const void *a, const void *b) {
    return memcmp(a, b, sizeof(clt_guid));
}

static bool gather_resellers(clti_pg_load_run *run, clti_fault *fault) {
    size_t count = 0;
    clt_guid *all = calloc(run->count, sizeof *all);
    if (all == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < run->count; i++) {
        clt_guid reseller = clti_index_reseller(run->partner, &run->customers[i]);
        if (!clti_guid_is_absent(reseller) && (count == 0 || !clti_guid_equal(all[count - 1], reseller)))
            all[count++] = reseller;
    }
    qsort(all, count, sizeof *all, compare_guids);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !clti_guid_equal(all[i - 1], all[i]))
            clti_pg_array_add_guid(&run->resellers, all[i]);
    free(all);
    return true;
}

/* ---- the door ---- */

static bool load(clti_pg_load_run *run, clti_fault *fault) {
    clti_pg_array_add_guid(&run->owners, run->partner);
    if (!gather_resellers(run, fault))
        return false;
    if (run->count >= COPIED_MIN && clti_pg_write(run->store, CLTI_PG_LONG, clti_pg_load_copied, run, fault))
        return true;
    if (run->count >= COPIED_MIN && !run->met_existing)
        return false;
    return clti_pg_write(run->store, CLTI_PG_LONG, clti_pg_load_rows, run, fault);
}

bool clti_pg_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                  clti_load_outcome *outcomes, clti_fault *fault) {
    clti_pg_load_run run = {.store = (clti_postgres *)store,
                            .partner = partner,
                            .customers = customers,
                            .count = count,
                            .outcomes = outcomes};
    if (count == 0)
        return true;
    clti_pg_array_init(&run.owners);
    clti_pg_array_init(&run.resellers);
    clti_pg_array_of_guids(&run.owners);
    clti_pg_array_of_guids(&run.resellers);
    bool done = load(&run, fault);
    clti_pg_array_done(&run.resellers);
    clti_pg_array_done(&run.owners);
    return done;
}
