/* Operations that are not there yet. */
#include "store/postgres/postgres_private.h"

bool clti_pg_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                  clti_load_outcome *outcomes, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_load() is not there yet");
}

bool clti_pg_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_purge() is not there yet");
}
