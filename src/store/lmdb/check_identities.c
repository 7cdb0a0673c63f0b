#include "store/lmdb/check_private.h"

#include <string.h>

static bool has(clti_lmdb_check_run *in, clti_lmdb_database database, const clti_lmdb_key *key, bool *out) {
    clt_str value;
    if (!clti_lmdb_get(in->in, database, clti_lmdb_key_str(key), &value, in->fault))
        return false;
    *out = value.data != NULL;
    return true;
}

static bool has_partner(clti_lmdb_check_run *in, clt_guid id, bool *out) {
    clti_lmdb_key key;
    clti_lmdb_key_guid(&key, id);
    return has(in, CLTI_LMDB_PARTNERS, &key, out);
}

/* ---- partners and their domains ---- */

/* The key of a partner's domain, if the record can be read. */
static bool read_partner(clti_lmdb_check_run *in, clt_guid id, clt_str record, clti_lmdb_key *out) {
    clti_partner partner;
    clti_buf_clear(&in->folds.domain);
    return clti_record_read_partner(record, id, &partner) &&
           clti_text_fold(partner.domain, &in->folds.domain) &&
           clti_lmdb_key_text(out, clti_buf_str(&in->folds.domain));
}

static bool visit_partner(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid id;
    clti_lmdb_key domain;
    clt_str holder;
    in->summary.partners++;
    if (key.size != sizeof id)
        return clti_lmdb_check_report(in, CLTI_LMDB_PARTNERS, key, "damaged key");
    memcpy(&id, key.data, sizeof id);
    if (!read_partner(in, id, record, &domain))
        return clti_lmdb_check_report(in, CLTI_LMDB_PARTNERS, key, "damaged record");
    if (!clti_lmdb_get(in->in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(&domain), &holder, in->fault))
        return false;
    if (holder.data == NULL)
        return clti_lmdb_check_report(in, CLTI_LMDB_PARTNERS, key,
                                      "its domain is missing in partner_domains");
    return clti_str_equal(holder, key) ||
           clti_lmdb_check_report(in, CLTI_LMDB_PARTNER_DOMAINS, clti_lmdb_key_str(&domain),
                                  "it does not name the partner that has this domain");
}

/* That a partner's own domain names another one has been said where the partner was. */
static bool visit_partner_domain(clti_lmdb_check_run *in, clt_str key, clt_str value) {
    clt_guid id;
    clti_lmdb_key at;
    clti_lmdb_key domain;
    clt_str record = {NULL, 0};
    if (value.size == sizeof id) {
        memcpy(&id, value.data, sizeof id);
        clti_lmdb_key_guid(&at, id);
        if (!clti_lmdb_get(in->in, CLTI_LMDB_PARTNERS, clti_lmdb_key_str(&at), &record, in->fault))
            return false;
    }
    if (record.data == NULL)
        return clti_lmdb_check_report(in, CLTI_LMDB_PARTNER_DOMAINS, key, "its partner does not exist");
    return !read_partner(in, id, record, &domain) || clti_str_equal(key, clti_lmdb_key_str(&domain)) ||
           clti_lmdb_check_report(in, CLTI_LMDB_PARTNER_DOMAINS, key, "its partner has another domain");
}

/* ---- what belongs to partners ---- */

static bool visit_application(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid ids[2];
    clti_application application;
    bool exists;
    in->summary.applications++;
    if (key.size != sizeof ids)
        return clti_lmdb_check_report(in, CLTI_LMDB_APPLICATIONS, key, "damaged key");
    memcpy(ids, key.data, sizeof ids);
    if (!clti_record_read_application(record, ids[0], ids[1], &application))
        return clti_lmdb_check_report(in, CLTI_LMDB_APPLICATIONS, key, "damaged record");
    return has_partner(in, ids[0], &exists) &&
           (exists || clti_lmdb_check_report(in, CLTI_LMDB_APPLICATIONS, key, "its partner does not exist"));
}

static bool visit_link(clti_lmdb_check_run *in, clt_str key, clt_str value) {
    clti_link link;
    clti_lmdb_key keys[2];
    bool exist[2];
    bool both[2];
    if (!clti_lmdb_read_link(key, &link))
        return clti_lmdb_check_report(in, CLTI_LMDB_LINKS, key, "damaged key");
    clti_lmdb_key_link(&keys[0], link.provider, CLTI_LMDB_PROVIDER, link.reseller);
    clti_lmdb_key_link(&keys[1], link.reseller, CLTI_LMDB_RESELLER, link.provider);
    if (!has_partner(in, link.provider, &exist[0]) || !has_partner(in, link.reseller, &exist[1]) ||
        !has(in, CLTI_LMDB_LINKS, &keys[0], &both[0]) || !has(in, CLTI_LMDB_LINKS, &keys[1], &both[1]))
        return false;
    if (!exist[0] || !exist[1])
        return clti_lmdb_check_report(in, CLTI_LMDB_LINKS, key, "a partner of it does not exist");
    return (both[0] && both[1]) ||
           clti_lmdb_check_report(in, CLTI_LMDB_LINKS, key, "it is missing in the other direction");
}

static bool visit_signing_key(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clti_signing_key signing_key;
    return clti_record_read_signing_key(record, key, &signing_key) ||
           clti_lmdb_check_report(in, CLTI_LMDB_SIGNING_KEYS, key, "damaged record");
}

/* ---- what is kept of changes ---- */

/* Their customers may be gone, and their partners too. */
static bool visit_audit(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid partner;
    int64_t date;
    clti_audit_record audit;
    in->summary.audit_records++;
    if (!clti_lmdb_read_date(key, &partner, &date))
        return clti_lmdb_check_report(in, CLTI_LMDB_AUDIT, key, "damaged key");
    return clti_record_read_audit(record, partner, date, &audit) ||
           clti_lmdb_check_report(in, CLTI_LMDB_AUDIT, key, "damaged record");
}

static bool visit_idempotency(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid ids[2];
    clti_idempotency idempotency;
    in->summary.idempotency_records++;
    if (key.size != sizeof ids)
        return clti_lmdb_check_report(in, CLTI_LMDB_IDEMPOTENCY, key, "damaged key");
    memcpy(ids, key.data, sizeof ids);
    return clti_record_read_idempotency(record, ids[0], ids[1], &idempotency) ||
           clti_lmdb_check_report(in, CLTI_LMDB_IDEMPOTENCY, key, "damaged record");
}

/* ---- users and their grants ---- */

static bool visit_user(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid partner;
    clti_user user;
    bool exists;
    in->summary.users++;
    if (key.size <= sizeof partner)
        return clti_lmdb_check_report(in, CLTI_LMDB_USERS, key, "damaged key");
    memcpy(&partner, key.data, sizeof partner);
    if (!clti_record_read_user(record, partner, clti_str_from(key, sizeof partner), &user))
        return clti_lmdb_check_report(in, CLTI_LMDB_USERS, key, "damaged record");
    return has_partner(in, partner, &exists) &&
           (exists || clti_lmdb_check_report(in, CLTI_LMDB_USERS, key, "its partner does not exist"));
}

/* Partner, application and user may be gone: a grant does not outlive its use, and goes when it expires. */
static bool visit_grant(clti_lmdb_check_run *in, clt_str key, clt_str record) {
    clt_guid id;
    clti_user_grant grant;
    in->summary.grants++;
    if (key.size != sizeof id)
        return clti_lmdb_check_report(in, CLTI_LMDB_GRANTS, key, "damaged key");
    memcpy(&id, key.data, sizeof id);
    return clti_record_read_grant(record, id, &grant) ||
           clti_lmdb_check_report(in, CLTI_LMDB_GRANTS, key, "damaged record");
}

/* Format and token key have been read when the store was opened. */
static bool check_settings(clti_lmdb_check_run *in) {
    const struct {
        clt_str key;
        size_t size;
    } rows[] = {{CLTI_STR("store_id"), 16}, {CLTI_STR("generation"), 8}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        clt_str value;
        if (!clti_lmdb_get(in->in, CLTI_LMDB_META, rows[i].key, &value, in->fault) ||
            (value.size != rows[i].size &&
             !clti_lmdb_check_report(in, CLTI_LMDB_META, rows[i].key, "damaged record")))
            return false;
    }
    return true;
}

bool clti_lmdb_check_identities(clti_lmdb_check_run *in) {
    return check_settings(in) && clti_lmdb_check_walk(in, CLTI_LMDB_PARTNERS, visit_partner) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_PARTNER_DOMAINS, visit_partner_domain) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_APPLICATIONS, visit_application) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_LINKS, visit_link) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_USERS, visit_user) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_GRANTS, visit_grant) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_SIGNING_KEYS, visit_signing_key) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_AUDIT, visit_audit) &&
           clti_lmdb_check_walk(in, CLTI_LMDB_IDEMPOTENCY, visit_idempotency);
}
