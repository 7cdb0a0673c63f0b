/* Deleting what is too old, a little with each group of changes. What another process is about to delete is
 * left to it. */
#include "store/postgres/change_private.h"

/* Marks of groups are of use while somebody tries again; grants that expired before a day are so by every
 * clock. */
#define OLD(table, key, time, before)                                                                        \
    "(DELETE FROM clientele." table " WHERE (" key ") IN (SELECT " key " FROM clientele." table              \
    " WHERE " time " < " before " ORDER BY " time " LIMIT $3::bigint FOR UPDATE SKIP LOCKED))"

/* clang-format off */
static const clti_pg_statement expire = {
    "WITH audits AS " OLD("audit", "partner, date", "date", "$1::bigint") ","
    " requests AS " OLD("idempotency", "partner, key", "created", "$2::bigint") ","
    " marks AS " OLD("commit_mark", "id", "created", "$2::bigint") ","
    " grants AS " OLD("user_grant", "id", "expires", "$2::bigint") " SELECT"};
/* clang-format on */

bool clti_pg_expire(clti_postgres *store, const clti_change *change, clti_fault *fault) {
    clti_pg_parameters parameters;
    PGresult *result;
    clti_pg_clear(&parameters);
    clti_pg_add_int64(&parameters, change->of.expired.audit_before);
    clti_pg_add_int64(&parameters, change->of.expired.idempotency_before);
    clti_pg_add_int64(&parameters, (int64_t)change->of.expired.most);
    if (!clti_pg_read(store, &expire, &parameters, &result, fault))
        return false;
    PQclear(result);
    return true;
}
