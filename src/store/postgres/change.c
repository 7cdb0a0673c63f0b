#include "store/postgres/change_private.h"

#include <string.h>

#define SCRATCH_SIZE_MAX ((size_t)1 << 24)

/* ---- the builder ---- */

void clti_pg_builder_init(clti_pg_builder *builder, clti_postgres *store) {
    builder->store = store;
    builder->slot = store->slot;
    clti_buf_init(&builder->scratch, SCRATCH_SIZE_MAX);
    clti_folds_init(&builder->folds);
    clti_folds_init(&builder->old_folds);
    clti_index_init(&builder->index);
    clti_index_init(&builder->old_index);
    clti_pg_difference_init(&builder->difference);
}

static void forget_kept(clti_pg_builder *builder) {
    for (size_t i = 0; i < builder->kept_count; i++)
        clti_wipe((void *)(uintptr_t)builder->kept[i].data, builder->kept[i].size);
    builder->kept_count = 0;
}

void clti_pg_builder_done(clti_pg_builder *builder) {
    clti_pg_difference_done(&builder->difference);
    clti_index_done(&builder->old_index);
    clti_index_done(&builder->index);
    clti_folds_done(&builder->old_folds);
    clti_folds_done(&builder->folds);
    if (builder->scratch.data != NULL)
        clti_wipe(builder->scratch.data, builder->scratch.capacity);
    clti_buf_done(&builder->scratch);
    forget_kept(builder);
    clti_arena_done(&builder->arena);
}

bool clti_pg_keep(clti_pg_builder *builder, clt_str *out, clti_fault *fault) {
    bool done = clti_buf_ok(&builder->scratch) &&
                clti_arena_copy(&builder->arena, clti_buf_str(&builder->scratch), out);
    clti_buf_clear(&builder->scratch);
    if (!done)
        return clti_fault_no_memory(fault);
    clti_assert(builder->kept_count < CLTI_COUNT(builder->kept));
    if (out->size > 0)
        builder->kept[builder->kept_count++] = *out;
    return true;
}

bool clti_pg_keep_fold(clti_pg_builder *builder, clt_str text, clt_str *out, clti_fault *fault) {
    bool done = clti_text_fold(text, &builder->scratch);
    if (!done && !clti_buf_ok(&builder->scratch))
        return clti_fault_no_memory(fault);
    if (!done || builder->scratch.size == 0 || builder->scratch.size > CLTI_PG_ID_MAX) {
        clti_buf_clear(&builder->scratch);
        *out = (clt_str){NULL, 0};
        return true;
    }
    return clti_pg_keep(builder, out, fault);
}

/* ---- a change's statement ---- */

static bool add_idempotency(clti_pg_builder *builder, const clti_idempotency *idempotency,
                            clti_fault *fault) {
    clt_str record;
    if (idempotency == NULL) {
        for (size_t i = 0; i < 4; i++)
            clti_pg_add_null(&builder->parameters);
        return true;
    }
    clti_record_write_idempotency(idempotency, &builder->scratch);
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, idempotency->partner);
    clti_pg_add_guid(&builder->parameters, idempotency->key);
    clti_pg_add_int64(&builder->parameters, idempotency->created);
    clti_pg_add_bytes(&builder->parameters, record);
    return true;
}

static bool add_audit(clti_pg_builder *builder, const clti_audit_record *audit, clti_fault *fault) {
    clt_str record;
    if (audit == NULL) {
        for (size_t i = 0; i < 3; i++)
            clti_pg_add_null(&builder->parameters);
        return true;
    }
    clti_record_write_audit(audit, &builder->scratch);
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, audit->partner);
    clti_pg_add_int64(&builder->parameters, audit->date);
    clti_pg_add_bytes(&builder->parameters, record);
    return true;
}

bool clti_pg_build_common(clti_pg_builder *builder, const clti_idempotency *idempotency,
                          const clti_audit_record *audit, clti_fault *fault) {
    forget_kept(builder);
    clti_arena_clear(&builder->arena);
    clti_pg_clear(&builder->parameters);
    return add_idempotency(builder, idempotency, fault) && add_audit(builder, audit, fault);
}

static bool build_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    return clti_pg_build_customer_create(builder, change->of.written.partner, change->of.written.customer,
                                         true, fault);
}

static const clti_pg_build_fn builds[] = {
    [CLTI_CHANGE_PARTNER_PUT] = clti_pg_build_partner_put,
    [CLTI_CHANGE_APPLICATION_PUT] = clti_pg_build_application_put,
    [CLTI_CHANGE_KEY_PUT] = clti_pg_build_key_put,
    [CLTI_CHANGE_APPLICATION_DELETE] = clti_pg_build_application_delete,
    [CLTI_CHANGE_PARTNER_DELETE] = clti_pg_build_partner_delete,
    [CLTI_CHANGE_LINK_PUT] = clti_pg_build_link_put,
    [CLTI_CHANGE_CUSTOMER_CREATE] = build_create,
    [CLTI_CHANGE_USER_PUT] = clti_pg_build_user_put,
    [CLTI_CHANGE_USER_DELETE] = clti_pg_build_user_delete,
    [CLTI_CHANGE_GRANT_PUT] = clti_pg_build_grant_put,
    [CLTI_CHANGE_GRANT_DELETE] = clti_pg_build_grant_delete,
    [CLTI_CHANGE_KEY_DELETE] = clti_pg_build_key_delete,
    [CLTI_CHANGE_APPLICATION_CREATE] = clti_pg_build_application_create,
    [CLTI_CHANGE_APPLICATION_UPDATE] = clti_pg_build_application_update,
    [CLTI_CHANGE_USER_CREATE] = clti_pg_build_user_create,
    [CLTI_CHANGE_USER_UPDATE] = clti_pg_build_user_update,
    [CLTI_CHANGE_TOKEN_KEY_PUT] = clti_pg_build_token_key_put,
    [CLTI_CHANGE_KEY_CREATE] = clti_pg_build_key_create,
    [CLTI_CHANGE_NOTHING] = clti_pg_build_nothing,
};

bool clti_pg_build(clti_pg_builder *builder, const clti_change *change, const clti_customer *old,
                   clti_fault *fault) {
    if (!clti_pg_build_common(builder, change->idempotency, change->audit, fault))
        return false;
    if (change->kind == CLTI_CHANGE_CUSTOMER_DELETE)
        return clti_pg_build_customer_delete(builder, change->of.customer.partner, old,
                                             change->of.customer.id, fault);
    if (change->kind == CLTI_CHANGE_CUSTOMER_UPDATE)
        return clti_pg_build_customer_update(builder, change->of.written.partner, change->of.written.customer,
                                             old, false, fault);
    if ((size_t)change->kind >= CLTI_COUNT(builds) || builds[change->kind] == NULL)
        return clti_fault_set(fault, CLTI_FAULT_UNEXPECTED, NULL, "unknown kind of change: %d",
                              (int)change->kind);
    return builds[change->kind](builder, change, fault);
}

/* ---- its outcome ---- */

static clti_fault_code refusal_of(int32_t verdict) {
    static const clti_fault_code refusals[] = {
        [CLTI_PG_SEEN_FREE] = CLTI_FAULT_COUNT,
        [CLTI_PG_SEEN_REPEATED] = CLTI_FAULT_COUNT,
        [CLTI_PG_SEEN_NOT_FOUND] = CLTI_FAULT_NOT_FOUND,
        [CLTI_PG_SEEN_CONFLICT] = CLTI_FAULT_CONFLICT,
        [CLTI_PG_SEEN_INVALID] = CLTI_FAULT_INVALID_PROPERTY,
        [CLTI_PG_SEEN_STALE] = CLTI_FAULT_STALE,
        [CLTI_PG_SEEN_LIMIT_REACHED] = CLTI_FAULT_LIMIT_REACHED,
        [CLTI_PG_SEEN_LAST_ADMIN] = CLTI_FAULT_LAST_ADMIN,
        [CLTI_PG_SEEN_CUSTOMERS_MAX] = CLTI_FAULT_CUSTOMERS_MAX,
        [CLTI_PG_SEEN_NO_CUSTOMER] = CLTI_FAULT_CUSTOMER_NOT_FOUND,
        [CLTI_PG_SEEN_NO_RESELLER] = CLTI_FAULT_RESELLER_NOT_FOUND,
        [CLTI_PG_SEEN_NOT_A_RESELLER] = CLTI_FAULT_NOT_A_RESELLER,
        [CLTI_PG_SEEN_DOMAIN_TAKEN] = CLTI_FAULT_DOMAIN_TAKEN,
    };
    clti_assert(verdict >= 0 && (size_t)verdict < CLTI_COUNT(refusals));
    return refusals[verdict];
}

/* An earlier change has done it, or another one has used its key. */
static clti_pg_verdict read_repeated(clti_postgres *store, const clti_change *change, clt_str record,
                                     clti_outcome *out, clti_fault *fault) {
    const clti_idempotency *asked = change->idempotency;
    clti_idempotency kept;
    if (!clti_record_read_idempotency(record, asked->partner, asked->key, &kept)) {
        clti_pg_fail_record(store, "idempotency",
                            (clt_str){(const char *)asked->key.bytes, sizeof asked->key.bytes}, fault);
        return CLTI_PG_FAILED;
    }
    if (memcmp(kept.body_sha256, asked->body_sha256, sizeof kept.body_sha256) != 0) {
        *out = (clti_outcome){.refusal = CLTI_FAULT_REQUEST_ID_REUSED};
        return CLTI_PG_DONE;
    }
    *out = (clti_outcome){.done = true, .is_repeated = true, .answer = kept.answer};
    if (clti_arena_copy(change->arena, kept.answer.body, &out->answer.body))
        return CLTI_PG_DONE;
    clti_fault_no_memory(fault);
    return CLTI_PG_FAILED;
}

clti_pg_verdict clti_pg_read_outcome(clti_postgres *store, const clti_change *change, const PGresult *result,
                                     clti_outcome *out, clti_fault *fault) {
    clti_assert(PQntuples(result) == 1);
    int32_t verdict = clti_pg_int32(result, 0, 0);
    if (verdict == CLTI_PG_SEEN_REPEATED)
        return read_repeated(store, change, clti_pg_bytes(result, 0, 1), out, fault);
    if (verdict != CLTI_PG_SEEN_FREE) {
        *out = (clti_outcome){.refusal = refusal_of(verdict)};
        return CLTI_PG_DONE;
    }
    if (!clti_pg_bool(result, 0, 2))
        return clti_pg_raced(store, fault);
    *out = (clti_outcome){.done = true};
    return CLTI_PG_DONE;
}
