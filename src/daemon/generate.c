/* clienteled generate: as many plausible customers as wanted. */
#include "daemon/daemon_private.h"
#include "daemon/generate_private.h"
#include "daemon/import_private.h"

#include <inttypes.h>

#define COUNT_MAX 1000000000u

/** How often the progress is looked at, in customers. */
#define PROGRESS_EVERY 256

typedef struct generate_request {
    const char *partner, *count, *seed;
    uint64_t count_number, seed_number;
} generate_request;

static bool check_generate(void *user, clti_fault *fault) {
    generate_request *request = user;
    if (!clti_flag_require("partner", request->partner, fault) ||
        !clti_flag_require("count", request->count, fault) ||
        !clti_flag_require("seed", request->seed, fault))
        return false;
    if (!clti_str_to_u64(clti_str(request->count), COUNT_MAX, &request->count_number))
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--count: '%s' is not a whole number from 0 to %u.", request->count, COUNT_MAX);
    return clti_str_to_u64(clti_str(request->seed), UINT64_MAX, &request->seed_number) ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                          "--seed: '%s' is not a whole number from 0 to %" PRIu64 ".", request->seed,
                          UINT64_MAX);
}

/* The cell stands for the customer's texts, so that the batch knows how much memory waits in it. */
static bool add_one(const clti_generator *generator, uint64_t index, clti_import_batch *batch,
                    clti_fault *fault) {
    clti_customer customer;
    clt_str cell = {"", 0};
    if (!clti_generator_customer(generator, index, &batch->arena, &customer, &cell.size, fault))
        return false;
    const clti_import_row row = {.line = index, .cells = &cell, .count = 1};
    return clti_import_batch_add(batch, &row, &customer, /* reason= */ NULL, fault);
}

/* False also when interrupted. */
static bool generate(const generate_request *request, clt_guid partner, clti_import_batch *batch,
                     clti_fault *fault) {
    clti_generator generator;
    clti_progress progress;
    clti_generator_init(&generator, partner, request->seed_number);
    clti_progress_init(&progress);
    bool done = true;
    uint64_t i = 1;
    for (; i <= request->count_number && done && !clti_interrupted; i++) {
        done = add_one(&generator, i, batch, fault);
        if (i % PROGRESS_EVERY == 0)
            clti_progress_show(&progress, i, request->count_number, i, "customers");
    }
    if (done && i <= request->count_number)
        batch->is_interrupted = true;
    else if (done)
        done = clti_import_batch_flush(batch, fault);
    clti_progress_erase(&progress);
    return done && !batch->is_interrupted;
}

static int run_generate(clti_store *store, clti_arena *arena, void *user) {
    const generate_request *request = user;
    clti_import_batch batch;
    clti_partner partner;
    clti_fault fault;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    clti_import_batch_init(&batch, store, partner.id, /* rejects= */ NULL, &clti_interrupted);
    clti_interrupt_watch();
    bool done = generate(request, partner.id, &batch, &fault);
    if (!done && batch.is_interrupted)
        fprintf(stderr, "clienteled: interrupted; the same command again goes on.\n");
    else if (!done)
        clti_complain(&fault);
    clti_import_summary_print(&batch.summary);
    bool refused = batch.summary.refused > 0;
    clti_import_batch_done(&batch);
    if (!clti_output_finish() || !done)
        return CLTI_EXIT_FAILED;
    return refused ? CLTI_EXIT_PARTLY : CLTI_EXIT_DONE;
}

int clti_command_generate(int argc, char **argv) {
    generate_request request = {0};
    const clti_flag flags[] = {
        {"partner", "DOMAIN|GUID", "whose customers they become: the partner's domain or tenant id",
         &request.partner},
        {"count", "N", "how many, up to 1,000,000,000", &request.count},
        {"seed", "S", "a number that says which; another seed makes others", &request.seed}};
    const clti_store_command command = {
        .line = {.name = "generate",
                 .about = "Make up customers, with names in several scripts. The same partner and seed give "
                          "the same customers, so doing it again changes nothing, and a larger count only "
                          "adds. Their domains end in .example.\v"
                          "Exit code: 0 if all are in, 3 if some were refused because another customer holds "
                          "the domain, 1 if it failed or was interrupted, 2 if the command line is wrong.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .check = check_generate,
        .run = run_generate};
    return clti_store_command_run(&command, &request, argc, argv);
}
