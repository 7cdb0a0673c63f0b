#include "store/lmdb/apply_private.h"

#include <string.h>

#define RECORD_SIZE_MAX ((size_t)1 << 24)

clti_lmdb_verdict clti_lmdb_refuse(clti_lmdb_apply_run *of, clti_fault_code why) {
    of->refusal = why;
    return CLTI_LMDB_REFUSED;
}

clti_lmdb_verdict clti_lmdb_put_record(clti_lmdb_apply_run *of, clti_lmdb_database database,
                                       const clti_lmdb_key *key) {
    if (!clti_buf_ok(&of->record)) {
        clti_fault_no_memory(of->fault);
        return CLTI_LMDB_FAILED;
    }
    return clti_lmdb_put(of->in, database, clti_lmdb_key_str(key), clti_buf_str(&of->record), of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}

/* ---- partners ---- */

static bool domain_key(clti_lmdb_apply_run *of, clt_str domain, clti_lmdb_key *out) {
    clti_buf_clear(&of->folded);
    return clti_text_fold(domain, &of->folded) && clti_lmdb_key_text(out, clti_buf_str(&of->folded));
}

/* The domain that the partner has now is given up, for it may be another one afterwards. */
static bool free_domain(clti_lmdb_apply_run *of, clt_guid id) {
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clt_str record;
    clti_partner partner;
    clti_lmdb_key_guid(&key, id);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), &record, of->fault))
        return false;
    if (record.data == NULL)
        return true;
    if (!clti_record_read_partner(record, id, &partner) || !domain_key(of, partner.domain, &domain))
        return clti_lmdb_fail_record(of->in.store, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), of->fault);
    return clti_lmdb_delete(of->in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(&domain), of->fault);
}

static clti_lmdb_verdict put_partner(clti_lmdb_apply_run *of, const clti_partner *partner) {
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clt_str holder;
    clt_str id = {(const char *)partner->id.bytes, sizeof partner->id.bytes};
    if (!domain_key(of, partner->domain, &domain))
        return clti_lmdb_refuse(of, CLTI_FAULT_INVALID_PROPERTY);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(&domain), &holder, of->fault))
        return CLTI_LMDB_FAILED;
    if (holder.data != NULL && !clti_str_equal(holder, id))
        return clti_lmdb_refuse(of, CLTI_FAULT_CONFLICT);
    if (!free_domain(of, partner->id) ||
        !clti_lmdb_put(of->in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(&domain), id, of->fault))
        return CLTI_LMDB_FAILED;
    clti_lmdb_key_guid(&key, partner->id);
    clti_record_write_partner(partner, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_PARTNERS, &key);
}

/* ---- applications and keys ---- */

static bool has_partner(clti_lmdb_apply_run *of, clt_guid id, bool *out, clti_lmdb_key *key) {
    clt_str record;
    clti_lmdb_key_guid(key, id);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(key), &record, of->fault))
        return false;
    *out = record.data != NULL;
    return true;
}

static clti_lmdb_verdict put_application(clti_lmdb_apply_run *of, const clti_application *application) {
    clti_lmdb_key key;
    bool exists;
    if (!has_partner(of, application->partner, &exists, &key))
        return CLTI_LMDB_FAILED;
    if (!exists)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    clti_lmdb_key_pair(&key, application->partner, application->id);
    clti_record_write_application(application, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_APPLICATIONS, &key);
}

static clti_lmdb_verdict delete_application(clti_lmdb_apply_run *of, clt_guid partner, clt_guid id) {
    clti_lmdb_key key;
    clt_str record;
    clti_lmdb_key_pair(&key, partner, id);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_APPLICATIONS, clti_lmdb_key_str(&key), &record, of->fault))
        return CLTI_LMDB_FAILED;
    if (record.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    return clti_lmdb_delete(of->in, CLTI_LMDB_APPLICATIONS, clti_lmdb_key_str(&key), of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}

static clti_lmdb_verdict put_signing_key(clti_lmdb_apply_run *of, const clti_signing_key *signing_key) {
    clti_lmdb_key key;
    if (!clti_lmdb_key_text(&key, signing_key->id))
        return clti_lmdb_refuse(of, CLTI_FAULT_INVALID_PROPERTY);
    clti_record_write_signing_key(signing_key, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_SIGNING_KEYS, &key);
}

static bool get_generation(clti_lmdb_txn in, uint64_t *out, clti_fault *fault) {
    clt_str value;
    const clt_str key = CLTI_STR("generation");
    if (!clti_lmdb_get(in, CLTI_LMDB_META, key, &value, fault))
        return false;
    if (value.size != sizeof *out)
        return clti_lmdb_fail_record(in.store, CLTI_LMDB_META, key, fault);
    *out = clti_lmdb_read_u64((const uint8_t *)value.data);
    return true;
}

static clti_lmdb_verdict create_signing_key(clti_lmdb_apply_run *of, const clti_signing_key *key,
                                            uint64_t expected) {
    uint64_t generation = 0;
    if (!get_generation(of->in, &generation, of->fault))
        return CLTI_LMDB_FAILED;
    return generation == expected ? put_signing_key(of, key) : clti_lmdb_refuse(of, CLTI_FAULT_STALE);
}

static clti_lmdb_verdict put_token_key(clti_lmdb_apply_run *of, const uint8_t key[CLTI_TOKEN_KEY_SIZE]) {
    if (!clti_lmdb_put(of->in, CLTI_LMDB_META, CLTI_STR("token_key"),
                       (clt_str){(const char *)key, CLTI_TOKEN_KEY_SIZE}, of->fault))
        return CLTI_LMDB_FAILED;
    memcpy(of->in.store->token_key, key, CLTI_TOKEN_KEY_SIZE);
    return CLTI_LMDB_DONE;
}

static clti_lmdb_verdict delete_signing_key(clti_lmdb_apply_run *of, clt_str id) {
    clt_str record;
    if (!clti_lmdb_get(of->in, CLTI_LMDB_SIGNING_KEYS, id, &record, of->fault))
        return CLTI_LMDB_FAILED;
    if (record.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    return clti_lmdb_delete(of->in, CLTI_LMDB_SIGNING_KEYS, id, of->fault) ? CLTI_LMDB_DONE
                                                                           : CLTI_LMDB_FAILED;
}

/* ---- links, and a partner's end ---- */

static clti_lmdb_verdict put_link(clti_lmdb_apply_run *of, const clti_link *link) {
    clti_lmdb_key key;
    bool exists[2];
    if (!has_partner(of, link->provider, &exists[0], &key) ||
        !has_partner(of, link->reseller, &exists[1], &key))
        return CLTI_LMDB_FAILED;
    if (!exists[0] || !exists[1])
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    if (clti_guid_equal(link->provider, link->reseller))
        return clti_lmdb_refuse(of, CLTI_FAULT_CONFLICT);
    clti_lmdb_key_link(&key, link->provider, CLTI_LMDB_PROVIDER, link->reseller);
    if (!clti_lmdb_put(of->in, CLTI_LMDB_LINKS, clti_lmdb_key_str(&key), CLTI_STR(""), of->fault))
        return CLTI_LMDB_FAILED;
    clti_lmdb_key_link(&key, link->reseller, CLTI_LMDB_RESELLER, link->provider);
    return clti_lmdb_put(of->in, CLTI_LMDB_LINKS, clti_lmdb_key_str(&key), CLTI_STR(""), of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}

/* What stands below a partner in one database. */
static bool delete_below(clti_lmdb_apply_run *of, clti_lmdb_database database, clt_guid partner) {
    clti_lmdb_key key;
    for (;;) {
        if (!clti_lmdb_first_key(of->in, database, partner, &key, of->fault))
            return false;
        if (key.size == 0)
            return true;
        if (!clti_lmdb_delete(of->in, database, clti_lmdb_key_str(&key), of->fault))
            return false;
    }
}

static bool delete_links(clti_lmdb_apply_run *of, clt_guid partner) {
    clti_lmdb_key key;
    clti_lmdb_key reverse;
    clti_link link;
    for (;;) {
        if (!clti_lmdb_first_key(of->in, CLTI_LMDB_LINKS, partner, &key, of->fault))
            return false;
        if (key.size == 0)
            return true;
        if (!clti_lmdb_read_link(clti_lmdb_key_str(&key), &link))
            return clti_lmdb_fail_record(of->in.store, CLTI_LMDB_LINKS, clti_lmdb_key_str(&key), of->fault);
        if (clti_guid_equal(link.provider, partner))
            clti_lmdb_key_link(&reverse, link.reseller, CLTI_LMDB_RESELLER, partner);
        else
            clti_lmdb_key_link(&reverse, link.provider, CLTI_LMDB_PROVIDER, partner);
        if (!clti_lmdb_delete(of->in, CLTI_LMDB_LINKS, clti_lmdb_key_str(&key), of->fault) ||
            !clti_lmdb_delete(of->in, CLTI_LMDB_LINKS, clti_lmdb_key_str(&reverse), of->fault))
            return false;
    }
}

/* The state of its list stays, so that its revision never goes back. */
static clti_lmdb_verdict delete_partner(clti_lmdb_apply_run *of, clt_guid id) {
    clti_lmdb_key key;
    clti_lmdb_key customer;
    bool exists;
    if (!has_partner(of, id, &exists, &key) ||
        !clti_lmdb_first_key(of->in, CLTI_LMDB_CUSTOMERS, id, &customer, of->fault))
        return CLTI_LMDB_FAILED;
    if (!exists)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    if (customer.size > 0)
        return clti_lmdb_refuse(of, CLTI_FAULT_CONFLICT);
    return free_domain(of, id) && delete_below(of, CLTI_LMDB_APPLICATIONS, id) &&
                   delete_below(of, CLTI_LMDB_USERS, id) && delete_links(of, id) &&
                   clti_lmdb_delete(of->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}

/* ---- users and grants (users.c) ---- */

static clti_lmdb_verdict verdict_of(clti_lmdb_apply_run *of, bool worked, clti_lmdb_refusal refusal) {
    if (!worked)
        return CLTI_LMDB_FAILED;
    return refusal == CLTI_FAULT_COUNT ? CLTI_LMDB_DONE : clti_lmdb_refuse(of, refusal);
}

static clti_lmdb_verdict put_user(clti_lmdb_apply_run *of, const clti_user *user) {
    clti_lmdb_refusal refusal = CLTI_FAULT_COUNT;
    bool worked = clti_lmdb_user_put(of->in, user, &refusal, of->fault);
    return verdict_of(of, worked, refusal);
}

static clti_lmdb_verdict delete_user(clti_lmdb_apply_run *of, clt_guid partner, clt_str name) {
    clti_lmdb_refusal refusal = CLTI_FAULT_COUNT;
    bool worked = clti_lmdb_user_delete(of->in, partner, name, &refusal, of->fault);
    return verdict_of(of, worked, refusal);
}

static clti_lmdb_verdict put_grant(clti_lmdb_apply_run *of, const clti_user_grant *grant) {
    clti_lmdb_refusal refusal = CLTI_FAULT_COUNT;
    bool worked = clti_lmdb_grant_put(of->in, grant, &refusal, of->fault);
    return verdict_of(of, worked, refusal);
}

/* ---- the group ---- */

static clti_lmdb_verdict apply_one(clti_lmdb_apply_run *of, const clti_change *change) {
    clti_buf_clear(&of->record);
    switch (change->kind) {
    case CLTI_CHANGE_PARTNER_PUT:
        return put_partner(of, change->of.partner);
    case CLTI_CHANGE_APPLICATION_PUT:
        return put_application(of, change->of.application);
    case CLTI_CHANGE_KEY_PUT:
        return put_signing_key(of, change->of.key);
    case CLTI_CHANGE_KEY_CREATE:
        return create_signing_key(of, change->of.created_key.key, change->of.created_key.generation);
    case CLTI_CHANGE_CUSTOMER_DELETE:
        return clti_lmdb_delete_customer(of, change->of.customer.partner, change->of.customer.id,
                                         change->of.customer.expected);
    case CLTI_CHANGE_APPLICATION_DELETE:
        return delete_application(of, change->of.deleted_application.partner,
                                  change->of.deleted_application.id);
    case CLTI_CHANGE_PARTNER_DELETE:
        return delete_partner(of, change->of.deleted_partner);
    case CLTI_CHANGE_LINK_PUT:
        return put_link(of, &change->of.link);
    case CLTI_CHANGE_USER_PUT:
        return put_user(of, change->of.user);
    case CLTI_CHANGE_APPLICATION_CREATE:
        return clti_lmdb_create_application(of, change->of.application);
    case CLTI_CHANGE_APPLICATION_UPDATE:
        return clti_lmdb_update_application(of, change->of.updated_application.application,
                                            change->of.updated_application.expected);
    case CLTI_CHANGE_USER_CREATE:
        return clti_lmdb_create_user(of, change->of.user);
    case CLTI_CHANGE_USER_UPDATE:
        return clti_lmdb_update_user(of, change->of.updated_user.user, change->of.updated_user.expected);
    case CLTI_CHANGE_USER_DELETE:
        if (change->of.deleted_user.expected != NULL)
            return clti_lmdb_update_user(of, NULL, change->of.deleted_user.expected);
        return delete_user(of, change->of.deleted_user.partner, change->of.deleted_user.name);
    case CLTI_CHANGE_GRANT_PUT:
        return put_grant(of, change->of.grant);
    case CLTI_CHANGE_GRANT_DELETE:
        return clti_lmdb_grant_delete(of->in, change->of.deleted_grant, of->fault) ? CLTI_LMDB_DONE
                                                                                   : CLTI_LMDB_FAILED;
    case CLTI_CHANGE_KEY_DELETE:
        return delete_signing_key(of, change->of.deleted_key);
    case CLTI_CHANGE_CUSTOMER_CREATE:
        return clti_lmdb_create_customer(of, change->of.written.partner, change->of.written.customer);
    case CLTI_CHANGE_CUSTOMER_UPDATE:
        return clti_lmdb_update_customer(of, change->of.written.partner, change->of.written.customer,
                                         change->of.written.expected);
    case CLTI_CHANGE_TOKEN_KEY_PUT:
        return put_token_key(of, change->of.token_key);
    case CLTI_CHANGE_NOTHING:
        return CLTI_LMDB_DONE;
    case CLTI_CHANGE_EXPIRE:
        return clti_lmdb_expire(of, change->of.expired.idempotency_before, change->of.expired.audit_before,
                                change->of.expired.most);
    }
    clti_fault_set(of->fault, CLTI_FAULT_UNEXPECTED, NULL, "unknown kind of change: %d", (int)change->kind);
    return CLTI_LMDB_FAILED;
}

/* Whether an earlier change has done it; then the outcome is known. */
static clti_lmdb_verdict find_repeated(clti_lmdb_apply_run *of, const clti_change *change,
                                       clti_outcome *outcome) {
    const clti_idempotency *asked = change->idempotency;
    clti_idempotency kept;
    if (!clti_lmdb_get_idempotency(of->in, asked->partner, asked->key, asked->created, &kept,
                                   &outcome->is_repeated, of->fault))
        return CLTI_LMDB_FAILED;
    if (!outcome->is_repeated)
        return CLTI_LMDB_DONE;
    if (memcmp(kept.body_sha256, asked->body_sha256, sizeof kept.body_sha256) != 0)
        return clti_lmdb_refuse(of, CLTI_FAULT_REQUEST_ID_REUSED);
    outcome->answer = kept.answer;
    if (clti_arena_copy(change->arena, kept.answer.body, &outcome->answer.body))
        return CLTI_LMDB_DONE;
    clti_fault_no_memory(of->fault);
    return CLTI_LMDB_FAILED;
}

/* The change with what belongs to it. */
static clti_lmdb_verdict apply_whole(clti_lmdb_apply_run *of, const clti_change *change,
                                     clti_outcome *outcome) {
    clti_lmdb_verdict result = CLTI_LMDB_DONE;
    if (change->idempotency != NULL)
        result = find_repeated(of, change, outcome);
    if (result != CLTI_LMDB_DONE || outcome->is_repeated)
        return result;
    result = apply_one(of, change);
    if (result == CLTI_LMDB_DONE && change->audit != NULL)
        result = clti_lmdb_put_audit(of, change->audit);
    if (result == CLTI_LMDB_DONE && change->idempotency != NULL)
        result = clti_lmdb_put_idempotency(of, change->idempotency);
    return result;
}

/* In a transaction of its own, so that a refusal leaves nothing behind. */
static clti_lmdb_verdict apply_nested(clti_lmdb_apply_run *of, MDB_txn *parent, const clti_change *change,
                                      clti_outcome *outcome) {
    int code = mdb_txn_begin(of->in.store->env, parent, 0, &of->in.txn);
    if (code != MDB_SUCCESS) {
        clti_lmdb_fail(of->in.store, "cannot begin a change", code, of->fault);
        return CLTI_LMDB_FAILED;
    }
    *outcome = (clti_outcome){0};
    clti_lmdb_verdict result = apply_whole(of, change, outcome);
    if (result != CLTI_LMDB_DONE) {
        *outcome = (clti_outcome){.refusal = of->refusal};
        mdb_txn_abort(of->in.txn);
        return result;
    }
    code = mdb_txn_commit(of->in.txn);
    if (code != MDB_SUCCESS) {
        clti_lmdb_fail(of->in.store, "cannot finish a change", code, of->fault);
        return CLTI_LMDB_FAILED;
    }
    outcome->done = true;
    return CLTI_LMDB_DONE;
}

static bool next_generation(clti_lmdb_txn in, clti_fault *fault) {
    uint64_t generation = 0;
    uint8_t bytes[8];
    if (!get_generation(in, &generation, fault))
        return false;
    clti_lmdb_write_u64(generation + 1, bytes);
    return clti_lmdb_put(in, CLTI_LMDB_META, CLTI_STR("generation"),
                         (clt_str){(const char *)bytes, sizeof bytes}, fault);
}

/* Whoever has cached partners, applications, links or keys must look again. */
static bool concerns_identities(clti_change_kind kind) {
    return kind != CLTI_CHANGE_CUSTOMER_DELETE && kind != CLTI_CHANGE_CUSTOMER_CREATE &&
           kind != CLTI_CHANGE_CUSTOMER_UPDATE && kind != CLTI_CHANGE_EXPIRE &&
           kind != CLTI_CHANGE_GRANT_PUT && kind != CLTI_CHANGE_GRANT_DELETE;
}

static bool apply_all(clti_lmdb_apply_run *of, MDB_txn *txn, const clti_change *changes, size_t count,
                      clti_outcome *outcomes) {
    bool changes_generation = false;
    for (size_t i = 0; i < count; i++) {
        clti_lmdb_verdict result = apply_nested(of, txn, &changes[i], &outcomes[i]);
        if (result == CLTI_LMDB_FAILED)
            return false;
        changes_generation |= result == CLTI_LMDB_DONE && concerns_identities(changes[i].kind);
    }
    return !changes_generation || next_generation((clti_lmdb_txn){of->in.store, txn}, of->fault);
}

/* Run `work` in a transaction of its own, which is kept if it succeeds. */
static bool in_transaction(clti_lmdb *store, clti_fault *fault,
                           bool (*work)(clti_lmdb_apply_run *of, void *user), void *user) {
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(store, "cannot begin to write", code, fault);
    clti_lmdb_apply_run of = {.in = {store, txn}, .fault = fault};
    clti_buf_init(&of.record, RECORD_SIZE_MAX);
    clti_buf_init(&of.folded, RECORD_SIZE_MAX);
    clti_folds_init(&of.folds);
    clti_folds_init(&of.old_folds);
    clti_index_init(&of.index);
    clti_index_init(&of.old_index);
    bool done = work(&of, user);
    clti_index_done(&of.old_index);
    clti_index_done(&of.index);
    clti_folds_done(&of.old_folds);
    clti_folds_done(&of.folds);
    clti_buf_done(&of.folded);
    clti_buf_done(&of.record);
    if (!done) {
        mdb_txn_abort(txn);
        return false;
    }
    code = mdb_txn_commit(txn);
    return code == MDB_SUCCESS || clti_lmdb_fail(store, "cannot commit", code, fault);
}

typedef struct group {
    const clti_change *changes;
    size_t count;
    clti_outcome *outcomes;
} group;

static bool apply_group(clti_lmdb_apply_run *of, void *user) {
    const group *all = user;
    return apply_all(of, of->in.txn, all->changes, all->count, all->outcomes);
}

bool clti_lmdb_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                     clti_fault *fault) {
    group all = {changes, count, outcomes};
    return in_transaction((clti_lmdb *)store, fault, apply_group, &all);
}

/* ---- a partner's customers, from the lowest id on ---- */

typedef struct purge {
    clt_guid partner;
    size_t most;
    size_t deleted;
} purge;

static bool purge_some(clti_lmdb_apply_run *of, void *user) {
    purge *of_partner = user;
    clti_lmdb_key key;
    clt_guid id;
    while (of_partner->deleted < of_partner->most) {
        if (!clti_lmdb_first_key(of->in, CLTI_LMDB_CUSTOMERS, of_partner->partner, &key, of->fault))
            return false;
        if (key.size == 0)
            return true;
        if (key.size != 2 * sizeof id)
            return clti_lmdb_fail_record(of->in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key),
                                         of->fault);
        memcpy(&id, key.bytes + sizeof id, sizeof id);
        if (clti_lmdb_delete_customer(of, of_partner->partner, id, NULL) != CLTI_LMDB_DONE)
            return false;
        of_partner->deleted++;
    }
    return true;
}

bool clti_lmdb_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted,
                     clti_fault *fault) {
    purge of_partner = {.partner = partner, .most = most};
    if (!in_transaction((clti_lmdb *)store, fault, purge_some, &of_partner))
        return false;
    *out_deleted = of_partner.deleted;
    return true;
}
