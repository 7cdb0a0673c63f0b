/* clienteled check: the whole store, every index against the records and the counters. */
#include "daemon/daemon_private.h"

#include <inttypes.h>
#include <stdio.h>

/* Findings may quote damaged data, which must not reach a terminal as it is. */
void clti_finding_print(void *stream, clt_str text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        putc(byte < 0x20 || byte == 0x7F ? '?' : byte, stream);
    }
    putc('\n', stream);
}

static int run_check(clti_store *store, clti_arena *arena, void *request) {
    clti_check_summary seen;
    clti_fault fault;
    (void)arena;
    (void)request;
    if (!clti_store_check(store, clti_finding_print, stdout, &seen, &fault))
        return clti_fail(&fault);
    printf("%" PRIu64 " partners, %" PRIu64 " applications, %" PRIu64 " users, %" PRIu64 " grants, %" PRIu64
           " customers, %" PRIu64 " index entries, %" PRIu64 " audit records: %" PRIu64 " findings\n",
           seen.partners, seen.applications, seen.users, seen.grants, seen.customers, seen.entries,
           seen.audit_records, seen.findings);
    return seen.findings == 0 ? CLTI_EXIT_DONE : CLTI_EXIT_FAILED;
}

int clti_command_check(int argc, char **argv) {
    const clti_store_command command = {
        .line = {.name = "check",
                 .about = "Read the whole store in one consistent view and verify every index against the "
                          "records and the counters. Each thing that is wrong is a line, the last line sums "
                          "up. A server may run meanwhile.\v"
                          "Exit code: 0 if all is well, 1 if something is wrong or cannot be read, 2 if the "
                          "command line is wrong.",
                 .setting_count = CLTI_CONFIG_COMMON_COUNT},
        .run = run_check};
    return clti_store_command_run(&command, NULL, argc, argv);
}
