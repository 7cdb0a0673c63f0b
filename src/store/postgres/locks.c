#include "store/postgres/change_private.h"

static const clti_pg_statement lock_owners = {
    "SELECT FROM clientele.partner WHERE partner = ANY ($1::uuid[]) ORDER BY partner FOR KEY SHARE"};

static const clti_pg_statement lock_lists = {
    "SELECT FROM clientele.partner list WHERE list.partner = ANY ($1::uuid[] || $2::uuid[])"
    " AND (list.is_strict OR list.partner = ANY ($2::uuid[])"
    " OR EXISTS (SELECT FROM clientele.link WHERE partner = list.partner AND role = 2))"
    " ORDER BY list.partner FOR NO KEY UPDATE OF list"};

clti_pg_verdict clti_pg_send_locks(clti_pg_connection *on, clti_pg_array *owners, clti_pg_array *resellers,
                                   size_t *out_sent, clti_fault *fault) {
    clti_pg_parameters parameters;
    clti_pg_clear(&parameters);
    *out_sent = 0;
    if (!clti_pg_add_array(&parameters, owners)) {
        clti_fault_no_memory(fault);
        return CLTI_PG_FAILED;
    }
    clti_pg_verdict verdict = clti_pg_send(on, &lock_owners, &parameters, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    if (!clti_pg_add_array(&parameters, resellers)) {
        clti_fault_no_memory(fault);
        return CLTI_PG_FAILED;
    }
    *out_sent = 2;
    return clti_pg_send(on, &lock_lists, &parameters, fault);
}
