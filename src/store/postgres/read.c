/* Single records. What a result holds is copied into the caller's arena. */
#include "store/postgres/postgres_private.h"

#include <string.h>

#define FOLD_SIZE_MAX ((size_t)1 << 16)

/* Looks at a customer that is shared, before one that is never there is called damaged: meanwhile it may go.
 */
#define SHARED_LOOKS_MAX 3

static clt_str guid_bytes(const clt_guid *id) {
    return (clt_str){(const char *)id->bytes, sizeof id->bytes};
}

/* The first column of the first row; absent if there is no row. */
static bool get_copy(clti_postgres *store, const clti_pg_statement *statement,
                     const clti_pg_parameters *parameters, clti_arena *arena, clt_str *out,
                     clti_fault *fault) {
    PGresult *result;
    *out = (clt_str){NULL, 0};
    if (!clti_pg_read(store, statement, parameters, &result, fault))
        return false;
    bool done = PQntuples(result) == 0 || clti_arena_copy(arena, clti_pg_bytes(result, 0, 0), out) ||
                clti_fault_no_memory(fault);
    PQclear(result);
    return done;
}

static void take_guids(clti_pg_parameters *out, clt_guid first, const clt_guid *second) {
    clti_pg_clear(out);
    clti_pg_add_guid(out, first);
    if (second != NULL)
        clti_pg_add_guid(out, *second);
}

/* ---- customers ---- */

/* *out_record is absent if there is none; then *out_owner may say whose it is. */
static bool find_owned(clti_postgres *store, clt_guid partner, clt_guid id, clti_arena *arena,
                       clt_str *out_record, clt_guid *out_owner, clti_fault *fault) {
    static const clti_pg_statement find = {
        "SELECT record, NULL::uuid FROM clientele.customer WHERE partner = $1 AND id = $2 "
        "UNION ALL SELECT NULL, owner FROM clientele.shared WHERE partner = $1 AND id = $2"};
    PGresult *result;
    clti_pg_parameters parameters;
    *out_record = (clt_str){NULL, 0};
    *out_owner = (clt_guid){{0}};
    take_guids(&parameters, partner, &id);
    if (!clti_pg_read(store, &find, &parameters, &result, fault))
        return false;
    bool done = true;
    for (int i = 0; i < PQntuples(result) && done; i++) {
        if (clti_pg_is_null(result, i, 0))
            *out_owner = clti_pg_guid(result, i, 1);
        else
            done = clti_arena_copy(arena, clti_pg_bytes(result, i, 0), out_record) ||
                   clti_fault_no_memory(fault);
    }
    PQclear(result);
    return done;
}

static bool fail_customer(const clti_postgres *store, clt_guid owner, clt_guid id, clti_fault *fault) {
    const clt_guid ids[2] = {owner, id};
    return clti_pg_fail_record(store, "customer", (clt_str){(const char *)ids, sizeof ids}, fault);
}

bool clti_pg_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                           clti_customer *out, clti_access *out_access, clti_fault *fault) {
    clti_postgres *postgres = (clti_postgres *)store;
    clt_str record = {NULL, 0};
    clt_guid owner = partner;
    clti_access access = CLTI_ACCESS_OWNER;
    for (int i = 0; record.data == NULL && i < SHARED_LOOKS_MAX; i++) {
        clt_guid other;
        if (!find_owned(postgres, partner, id, arena, &record, &owner, fault))
            return false;
        if (record.data != NULL) {
            owner = partner;
            access = CLTI_ACCESS_OWNER;
        } else if (clti_guid_is_absent(owner)) {
            *out_access = CLTI_ACCESS_NONE;
            return true;
        } else if (access = CLTI_ACCESS_RESELLER,
                   !find_owned(postgres, owner, id, arena, &record, &other, fault)) {
            return false;
        }
    }
    if (record.data == NULL || !clti_record_read_customer(record, id, out))
        return fail_customer(postgres, owner, id, fault);
    *out_access = access;
    return true;
}

/* False if no domain can be like this. The buffer is the caller's. */
static bool fold_domain(clt_str domain, clti_buf *out) {
    clti_buf_init(out, FOLD_SIZE_MAX);
    return clti_text_fold(domain, out) && out->size > 0;
}

bool clti_pg_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT FROM clientele.domain WHERE domain = $1"};
    PGresult *result;
    clti_pg_parameters parameters;
    clti_buf folded;
    bool done = true;
    *out_taken = false;
    if (fold_domain(domain, &folded)) {
        clti_pg_clear(&parameters);
        clti_pg_add_bytes(&parameters, clti_buf_str(&folded));
        done = clti_pg_read((clti_postgres *)store, &find, &parameters, &result, fault);
        if (done) {
            *out_taken = PQntuples(result) > 0;
            PQclear(result);
        }
    }
    clti_buf_done(&folded);
    return done;
}

/* ---- partners ---- */

bool clti_pg_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                          bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT record FROM clientele.partner WHERE partner = $1"};
    clti_pg_parameters parameters;
    clt_str record;
    take_guids(&parameters, id, NULL);
    if (!get_copy((clti_postgres *)store, &find, &parameters, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_partner(record, id, out))
        return clti_pg_fail_record((clti_postgres *)store, "partner", guid_bytes(&id), fault);
    *out_found = record.data != NULL;
    return true;
}

bool clti_pg_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                 bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT partner FROM clientele.partner_domain WHERE domain = $1"};
    clti_pg_parameters parameters;
    clti_buf folded;
    clt_str holder = {NULL, 0};
    clt_guid id;
    bool done = true;
    if (fold_domain(domain, &folded)) {
        clti_pg_clear(&parameters);
        clti_pg_add_bytes(&parameters, clti_buf_str(&folded));
        done = get_copy((clti_postgres *)store, &find, &parameters, arena, &holder, fault);
    }
    clti_buf_done(&folded);
    if (!done)
        return false;
    *out_found = false;
    if (holder.data == NULL)
        return true;
    clti_assert(holder.size == sizeof id.bytes);
    memcpy(id.bytes, holder.data, holder.size);
    return clti_pg_partner_find(store, id, arena, out, out_found, fault);
}

/* ---- applications, users, grants ---- */

bool clti_pg_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                              clti_application *out, bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {
        "SELECT record FROM clientele.application WHERE partner = $1 AND id = $2"};
    clti_pg_parameters parameters;
    clt_str record;
    take_guids(&parameters, partner, &id);
    if (!get_copy((clti_postgres *)store, &find, &parameters, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_application(record, partner, id, out))
        return clti_pg_fail_record((clti_postgres *)store, "application", guid_bytes(&id), fault);
    *out_found = record.data != NULL;
    return true;
}

bool clti_pg_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                       bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {
        "SELECT record FROM clientele.user_account WHERE partner = $1 AND name = $2"};
    clti_pg_parameters parameters;
    clt_str record;
    *out_found = false;
    if (name.size == 0)
        return true;
    take_guids(&parameters, partner, NULL);
    clti_pg_add_bytes(&parameters, name);
    if (!get_copy((clti_postgres *)store, &find, &parameters, arena, &record, fault))
        return false;
    if (record.data == NULL)
        return true;
    if (!clti_arena_copy(arena, name, &name))
        return clti_fault_no_memory(fault);
    if (!clti_record_read_user(record, partner, name, out))
        return clti_pg_fail_record((clti_postgres *)store, "user_account", name, fault);
    *out_found = true;
    return true;
}

bool clti_pg_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                        bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT record FROM clientele.user_grant WHERE id = $1"};
    clti_pg_parameters parameters;
    clt_str record;
    take_guids(&parameters, id, NULL);
    if (!get_copy((clti_postgres *)store, &find, &parameters, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_grant(record, id, out))
        return clti_pg_fail_record((clti_postgres *)store, "user_grant", guid_bytes(&id), fault);
    *out_found = record.data != NULL;
    return true;
}

/* ---- what is kept of changes ---- */

bool clti_pg_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                              clti_arena *arena, clti_idempotency *out, bool *out_found, clti_fault *fault) {
    static const clti_pg_statement find = {
        "SELECT record FROM clientele.idempotency WHERE partner = $1 AND key = $2"};
    clti_pg_parameters parameters;
    clt_str record;
    take_guids(&parameters, partner, &key);
    if (!get_copy((clti_postgres *)store, &find, &parameters, arena, &record, fault))
        return false;
    if (record.data != NULL && !clti_record_read_idempotency(record, partner, key, out))
        return clti_pg_fail_record((clti_postgres *)store, "idempotency", guid_bytes(&key), fault);
    *out_found = record.data != NULL && out->created > now - CLTI_IDEMPOTENCY_SECONDS;
    return true;
}

/* ---- numbers ---- */

static const clti_pg_statement find_state = {
    "SELECT coalesce(sum(revision), 0)::bigint, coalesce(sum(count), 0)::bigint FROM clientele.list_state "
    "WHERE partner = $1"};

static clti_partner_state state_of(const PGresult *result) {
    return (clti_partner_state){.revision = (uint64_t)clti_pg_int64(result, 0, 0),
                                .count = (uint64_t)clti_pg_int64(result, 0, 1)};
}

clti_pg_verdict clti_pg_read_state(clti_pg_connection *on, clt_guid partner, clti_partner_state *out,
                                   clti_fault *fault) {
    PGresult *result;
    clti_pg_parameters parameters;
    take_guids(&parameters, partner, NULL);
    clti_pg_verdict verdict = clti_pg_call(on, &find_state, &parameters, &result, fault);
    if (verdict != CLTI_PG_DONE)
        return verdict;
    *out = state_of(result);
    PQclear(result);
    return CLTI_PG_DONE;
}

bool clti_pg_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    PGresult *result;
    clti_pg_parameters parameters;
    take_guids(&parameters, partner, NULL);
    if (!clti_pg_read((clti_postgres *)store, &find_state, &parameters, &result, fault))
        return false;
    *out = state_of(result);
    PQclear(result);
    return true;
}

bool clti_pg_generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    static const clti_pg_statement find = {"SELECT generation FROM clientele.store"};
    clti_postgres *postgres = (clti_postgres *)store;
    PGresult *result;
    if (!clti_pg_read(postgres, &find, NULL, &result, fault))
        return false;
    bool done =
        PQntuples(result) == 1 || clti_pg_fail_record(postgres, "store", CLTI_STR("generation"), fault);
    if (done)
        *out = (uint64_t)clti_pg_int64(result, 0, 0);
    PQclear(result);
    return done;
}
