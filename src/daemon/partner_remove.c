/* clienteled partner remove. The order is such that it can be interrupted anywhere and started again. */
#include "daemon/daemon_private.h"
#include "daemon/long_run_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/** Alone: customers in one transaction. */
#define ALONE_CUSTOMERS_MAX 100000

typedef struct partner_remove_request {
    const char *partner; /* domain or GUID */
    const char *yes;     /* its domain */
} partner_remove_request;

/* ---- asking -------------------------------------------------------------------------------------------- */

static bool is_domain_of(clt_str typed, const clti_partner *partner) {
    return clti_str_equal_nocase(clti_str_trim(typed), partner->domain);
}

static bool ask(const clti_partner *partner, clti_fault *fault) {
    char *line = NULL;
    size_t capacity = 0;
    fprintf(stderr, "This cannot be undone. Type the partner's domain to go on: ");
    ssize_t size = getline(&line, &capacity, stdin);
    bool agreed = size > 0 && is_domain_of((clt_str){line, (size_t)size}, partner);
    free(line);
    return agreed || clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                                    "That is not the partner's domain; nothing was removed.");
}

static bool confirm(const partner_remove_request *request, const clti_partner *partner, clti_fault *fault) {
    if (!request->yes && isatty(STDIN_FILENO))
        return ask(partner, fault);
    if (!request->yes)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                              "There is no terminal to ask at; --yes=%.*s says that it is meant. Nothing was "
                              "removed.",
                              CLTI_STR_ARGS(partner->domain));
    return is_domain_of(clti_str(request->yes), partner) ||
           clti_fault_set(
               fault, CLTI_FAULT_INVALID_REQUEST, NULL,
               "--yes: '%s' is not the domain of this partner, which is %.*s; nothing was removed.",
               request->yes, CLTI_STR_ARGS(partner->domain));
}

/* ---- removing ------------------------------------------------------------------------------------------ */

/* First, so that nobody comes in while the rest goes. */
static bool remove_applications(clti_store *store, clt_guid partner, clti_arena *arena, clti_fault *fault) {
    clti_application *applications;
    size_t count;
    if (!clti_store_applications(store, &partner, arena, &applications, &count, fault))
        return false;
    clti_change *changes = clti_arena_calloc(arena, count + 1, sizeof(*changes));
    clti_outcome *outcomes = clti_arena_calloc(arena, count + 1, sizeof(*outcomes));
    if (!changes || !outcomes)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++)
        changes[i] = (clti_change){.kind = CLTI_CHANGE_APPLICATION_DELETE,
                                   .of.deleted_application = {partner, applications[i].id}};
    /* One that somebody else removed meanwhile is refused, which is as good. */
    return count == 0 || clti_store_apply(store, changes, count, outcomes, fault);
}

/* False also when interrupted. */
static bool remove_customers(clti_store *store, clt_guid partner, uint64_t total, uint64_t *out_removed,
                             clti_fault *fault) {
    clti_pace pace;
    clti_progress progress;
    clti_pace_init(&pace, store);
    clti_progress_init(&progress);
    bool ok = true, more = true;
    while (ok && more && !clti_interrupted) {
        size_t deleted, most = clti_pace_begin(&pace, ALONE_CUSTOMERS_MAX);
        ok = clti_store_purge(store, partner, most, &deleted, fault);
        if (!ok)
            break;
        clti_pace_end(&pace, deleted);
        *out_removed += deleted;
        more = deleted == most;
        clti_progress_show(&progress, *out_removed, total, *out_removed, "customers");
    }
    clti_progress_erase(&progress);
    if (ok && more)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "Interrupted");
    return ok;
}

/* Customers that a server added just now make it CONFLICT: whoever asks again gets them, too. */
static bool remove_partner(clti_store *store, clt_guid partner, clti_fault *fault) {
    const clti_change change = {.kind = CLTI_CHANGE_PARTNER_DELETE, .of.deleted_partner = partner};
    clti_outcome outcome;
    if (!clti_store_apply(store, &change, 1, &outcome, fault))
        return false;
    return outcome.done || outcome.refusal == CLTI_FAULT_NOT_FOUND ||
           clti_fault_set(fault, outcome.refusal, NULL,
                          "The partner has customers that came meanwhile, so it stays. Remove it again.");
}

static int run_remove(clti_store *store, clti_arena *arena, void *user) {
    const partner_remove_request *request = user;
    clti_partner partner;
    clti_partner_state state;
    clti_fault fault;
    uint64_t removed = 0;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault) ||
        !clti_store_partner_state(store, partner.id, &state, &fault))
        return clti_fail(&fault);
    fprintf(stderr, "%.*s (%s) goes, with its applications and its customers; it lists %" PRIu64 ".\n",
            CLTI_STR_ARGS(partner.domain), clti_guid_to_text(partner.id).text, state.count);
    if (!confirm(request, &partner, &fault))
        return clti_fail(&fault);
    clti_interrupt_watch();
    if (!remove_applications(store, partner.id, arena, &fault) ||
        !remove_customers(store, partner.id, state.count, &removed, &fault) ||
        !remove_partner(store, partner.id, &fault)) {
        fprintf(stderr,
                "clienteled: %s; %" PRIu64
                " customers are removed. The same command again removes the rest.\n",
                fault.text, removed);
        return CLTI_EXIT_FAILED;
    }
    printf("%.*s removed, with %" PRIu64 " customers\n", CLTI_STR_ARGS(partner.domain), removed);
    return CLTI_EXIT_DONE;
}

int clti_command_partner_remove(int argc, char **argv) {
    partner_remove_request request = {0};
    const clti_flag flags[] = {
        {"yes", "DOMAIN", "the partner's domain, instead of typing it when asked", &request.yes}};
    const clti_store_command command = {
        .line = {.name = "partner remove",
                 .arguments = "PARTNER",
                 .about =
                     "Remove the partner with this domain or tenant id, with its applications and customers. "
                     "Asks for its domain first.\v"
                     "Its applications go first, so callers lose access at once; beside a server the "
                     "customers go in small groups. It can be interrupted, and started again to go on.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.partner,
                 .operand_count = 1},
        .run = run_remove};
    return clti_store_command_run(&command, &request, argc, argv);
}
