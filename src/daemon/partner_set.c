/* clienteled partner set: change what can be changed of a partner. */
#include "daemon/daemon_private.h"

#include <stdio.h>
#include <string.h>

typedef struct partner_set_request {
    const char *partner, *throttle;
    int64_t calls_per_minute;
} partner_set_request;

bool clti_flag_throttle(const char *value, int64_t *out, clti_fault *fault) {
    uint64_t number = 0;
    if (strcmp(value, "default") == 0)
        *out = 0;
    else if (clti_str_to_u64(clti_str(value), CLTI_RATE_LIMIT_MAX, &number))
        *out = number ? (int64_t)number : CLTI_NOT_THROTTLED;
    else
        return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
                              "--throttle: '%s' is neither a number from 0 to %d nor 'default'.", value,
                              CLTI_RATE_LIMIT_MAX);
    return true;
}

static bool check(void *user, clti_fault *fault) {
    partner_set_request *request = user;
    return clti_flag_require("throttle", request->throttle, fault) &&
           clti_flag_throttle(request->throttle, &request->calls_per_minute, fault);
}

static int run(clti_store *store, clti_arena *arena, void *user) {
    const partner_set_request *request = user;
    clti_partner partner;
    const clti_change change = {.kind = CLTI_CHANGE_PARTNER_PUT, .of.partner = &partner};
    clti_fault fault;
    if (!clti_partner_named(store, clti_str(request->partner), arena, &partner, &fault))
        return clti_fail(&fault);
    partner.calls_per_minute = request->calls_per_minute;
    if (!clti_change_apply(store, &change, "The partner does not exist any more.", &fault))
        return clti_fail(&fault);
    printf("partner      %.*s\nthrottle     %s\n", CLTI_STR_ARGS(partner.domain), request->throttle);
    return CLTI_EXIT_DONE;
}

int clti_command_partner_set(int argc, char **argv) {
    partner_set_request request = {0};
    const clti_flag flags[] = {{"throttle", "N|default", CLTI_THROTTLE_HELP, &request.throttle}};
    const clti_store_command command = {
        .line = {.name = "partner set",
                 .arguments = "DOMAIN|GUID",
                 .about = "Change a partner. A running server goes by it from the next request on.",
                 .flags = flags,
                 .flag_count = CLTI_COUNT(flags),
                 .setting_count = CLTI_CONFIG_COMMON_COUNT,
                 .operands = &request.partner,
                 .operand_count = 1},
        .check = check,
        .run = run};
    return clti_store_command_run(&command, &request, argc, argv);
}
