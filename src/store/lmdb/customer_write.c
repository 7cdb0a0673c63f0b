#include "store/lmdb/apply_private.h"

#include <string.h>

/* ---- ids ---- */

/* A list has an id once: neither may another provider's customer with this id be shared with one of its
 * viewers, nor may the reseller have one of its own. */
bool clti_lmdb_is_id_taken(clti_lmdb_txn in, clt_guid owner, const clti_customer *customer, bool *out,
                           clti_fault *fault) {
    clti_lmdb_key key;
    clt_str found;
    clt_guid reseller = clti_index_reseller(owner, customer);
    clt_str own = {(const char *)owner.bytes, sizeof owner.bytes};
    clti_lmdb_key_pair(&key, owner, customer->id);
    if (!clti_lmdb_get(in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), &found, fault))
        return false;
    *out = found.data != NULL;
    if (*out || clti_guid_is_absent(reseller))
        return true;
    clti_lmdb_key_pair(&key, reseller, customer->id);
    if (!clti_lmdb_get(in, CLTI_LMDB_SHARED, clti_lmdb_key_str(&key), &found, fault))
        return false;
    *out = found.data != NULL && !clti_str_equal(found, own);
    if (*out)
        return true;
    if (!clti_lmdb_get(in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), &found, fault))
        return false;
    *out = found.data != NULL;
    return true;
}

/* ---- records and indexes ---- */

static bool write_index(void *user, const clti_index_entry *entry, clt_str position, clt_str value,
                        clti_fault *fault) {
    clti_lmdb_apply_run *of = user;
    clti_lmdb_key key;
    clti_lmdb_database database = clti_lmdb_key_entry(&key, entry, position);
    return value.data != NULL ? clti_lmdb_put(of->in, database, clti_lmdb_key_str(&key), value, fault)
                              : clti_lmdb_delete(of->in, database, clti_lmdb_key_str(&key), fault);
}

static bool change_viewer(void *user, clt_guid viewer, int64_t count, clti_fault *fault) {
    clti_lmdb_apply_run *of = user;
    return clti_lmdb_state_add(of->in, viewer, count, fault);
}

/* Fill folds and index of how the customer shall be. */
static bool build_new(clti_lmdb_apply_run *of, clt_guid owner, const clti_customer *customer) {
    return clti_folds_make(customer, &of->folds, of->fault) &&
           clti_index_build(owner, customer, &of->folds, &of->index, of->fault);
}

/* Record and indexes, from old_index to index. */
static clti_lmdb_verdict write_customer(clti_lmdb_apply_run *of, const clti_lmdb_key *key,
                                        const clti_customer *customer) {
    clti_buf_clear(&of->record);
    clti_record_write_customer(customer, &of->record);
    if (!clti_index_change(&of->old_index, &of->index, write_index, change_viewer, of, of->fault))
        return CLTI_LMDB_FAILED;
    return clti_lmdb_put_record(of, CLTI_LMDB_CUSTOMERS, key);
}

/*
 * Fill old_folds and old_index from the stored record, which must be as expected. Everything is read out of
 * it before the first write, which may move it.
 */
static clti_lmdb_verdict read_old(clti_lmdb_apply_run *of, const clti_lmdb_key *key, clt_guid owner,
                                  clt_guid id, const clti_customer *expected) {
    clt_str record;
    clti_customer old;
    if (!clti_lmdb_get(of->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), &record, of->fault))
        return CLTI_LMDB_FAILED;
    if (record.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_CUSTOMER_NOT_FOUND);
    if (!clti_record_read_customer(record, id, &old)) {
        clti_lmdb_fail_record(of->in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), of->fault);
        return CLTI_LMDB_FAILED;
    }
    if (expected != NULL && !clti_customer_equal(&old, expected))
        return clti_lmdb_refuse(of, CLTI_FAULT_STALE);
    return clti_folds_make(&old, &of->old_folds, of->fault) &&
                   clti_index_build(owner, &old, &of->old_folds, &of->old_index, of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}

/* ---- creating ---- */

static clti_lmdb_verdict check_partner(clti_lmdb_apply_run *of, clt_guid id) {
    clti_lmdb_key key;
    clt_str record;
    clti_partner partner;
    clti_partner_state state;
    clti_lmdb_key_guid(&key, id);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), &record, of->fault) ||
        !clti_lmdb_state_get(of->in, id, &state, of->fault))
        return CLTI_LMDB_FAILED;
    if (record.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    if (!clti_record_read_partner(record, id, &partner)) {
        clti_lmdb_fail_record(of->in.store, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), of->fault);
        return CLTI_LMDB_FAILED;
    }
    if (partner.is_strict && state.count >= CLTI_STRICT_CUSTOMERS_MAX)
        return clti_lmdb_refuse(of, CLTI_FAULT_CUSTOMERS_MAX);
    return CLTI_LMDB_DONE;
}

static clti_lmdb_verdict check_reseller(clti_lmdb_apply_run *of, clt_guid provider, clt_guid reseller) {
    clti_lmdb_key key;
    clt_str record;
    clt_str link;
    if (clti_guid_is_absent(reseller))
        return CLTI_LMDB_DONE;
    clti_lmdb_key_guid(&key, reseller);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&key), &record, of->fault))
        return CLTI_LMDB_FAILED;
    if (record.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_RESELLER_NOT_FOUND);
    clti_lmdb_key_link(&key, provider, CLTI_LMDB_PROVIDER, reseller);
    if (!clti_lmdb_get(of->in, CLTI_LMDB_LINKS, clti_lmdb_key_str(&key), &link, of->fault))
        return CLTI_LMDB_FAILED;
    return link.data != NULL ? CLTI_LMDB_DONE : clti_lmdb_refuse(of, CLTI_FAULT_NOT_A_RESELLER);
}

/* Neither the domain, nor the id in any list that would show the customer. */
static clti_lmdb_verdict check_free(clti_lmdb_apply_run *of, const clti_lmdb_key *key,
                                    const clti_lmdb_key *domain, clt_guid owner,
                                    const clti_customer *customer) {
    clt_str holder;
    clt_str record;
    bool taken;
    if (!clti_lmdb_get(of->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(domain), &holder, of->fault) ||
        !clti_lmdb_get(of->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(key), &record, of->fault) ||
        !clti_lmdb_is_id_taken(of->in, owner, customer, &taken, of->fault))
        return CLTI_LMDB_FAILED;
    return holder.data == NULL && record.data == NULL && !taken
               ? CLTI_LMDB_DONE
               : clti_lmdb_refuse(of, CLTI_FAULT_DOMAIN_TAKEN);
}

clti_lmdb_verdict clti_lmdb_create_customer(clti_lmdb_apply_run *of, clt_guid owner,
                                            const clti_customer *customer) {
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clti_lmdb_verdict result = check_partner(of, owner);
    if (result == CLTI_LMDB_DONE)
        result = check_reseller(of, owner, customer->associated_partner_id);
    if (result != CLTI_LMDB_DONE)
        return result;
    clti_index_clear(&of->old_index);
    clti_lmdb_key_pair(&key, owner, customer->id);
    if (!build_new(of, owner, customer))
        return CLTI_LMDB_FAILED;
    if (!clti_lmdb_key_text(&domain, clti_buf_str(&of->folds.domain)))
        return clti_lmdb_refuse(of, CLTI_FAULT_INVALID_PROPERTY);
    result = check_free(of, &key, &domain, owner, customer);
    if (result != CLTI_LMDB_DONE)
        return result;
    if (!clti_lmdb_put(of->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(&domain), clti_lmdb_key_str(&key),
                       of->fault))
        return CLTI_LMDB_FAILED;
    return write_customer(of, &key, customer);
}

/* ---- changing and deleting ---- */

clti_lmdb_verdict clti_lmdb_update_customer(clti_lmdb_apply_run *of, clt_guid owner,
                                            const clti_customer *customer, const clti_customer *expected) {
    clti_lmdb_key key;
    clti_lmdb_key_pair(&key, owner, customer->id);
    clti_lmdb_verdict result = read_old(of, &key, owner, customer->id, expected);
    if (result != CLTI_LMDB_DONE)
        return result;
    if (!build_new(of, owner, customer))
        return CLTI_LMDB_FAILED;
    clti_assert(clti_str_equal(clti_buf_str(&of->folds.domain), clti_buf_str(&of->old_folds.domain)));
    return write_customer(of, &key, customer);
}

clti_lmdb_verdict clti_lmdb_delete_customer(clti_lmdb_apply_run *of, clt_guid owner, clt_guid id,
                                            const clti_customer *expected) {
    static const clti_index nothing;
    clti_lmdb_key key;
    clti_lmdb_key domain;
    clti_lmdb_key_pair(&key, owner, id);
    clti_lmdb_verdict result = read_old(of, &key, owner, id, expected);
    if (result != CLTI_LMDB_DONE)
        return result;
    if (!clti_lmdb_key_text(&domain, clti_buf_str(&of->old_folds.domain))) {
        clti_lmdb_fail_record(of->in.store, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), of->fault);
        return CLTI_LMDB_FAILED;
    }
    return clti_index_change(&of->old_index, &nothing, write_index, change_viewer, of, of->fault) &&
                   clti_lmdb_delete(of->in, CLTI_LMDB_DOMAINS, clti_lmdb_key_str(&domain), of->fault) &&
                   clti_lmdb_delete(of->in, CLTI_LMDB_CUSTOMERS, clti_lmdb_key_str(&key), of->fault)
               ? CLTI_LMDB_DONE
               : CLTI_LMDB_FAILED;
}
