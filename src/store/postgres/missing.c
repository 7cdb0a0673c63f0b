/* Operations that are not there yet. */
#include "store/postgres/postgres_private.h"

bool clti_pg_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                   clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_check() is not there yet");
}
