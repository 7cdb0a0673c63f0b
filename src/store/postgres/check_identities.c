#include "store/postgres/check_private.h"

/* ---- partners and their domains ---- */

/* The fold of a partner's domain, if the record can be read. */
static bool read_partner(clti_pg_check_run *in, clt_guid id, clt_str record, clti_partner *out) {
    clti_buf_clear(&in->folds.domain);
    return clti_record_read_partner(record, id, out) && clti_text_fold(out->domain, &in->folds.domain) &&
           in->folds.domain.size > 0;
}

static bool visit_partner(clti_pg_check_run *in, const PGresult *row) {
    clt_guid id = clti_pg_guid(row, 0, 0);
    clti_partner partner;
    clti_pg_parameters key;
    in->summary.partners++;
    if (!read_partner(in, id, clti_pg_bytes(row, 0, 3), &partner))
        return clti_pg_check_report_row(in, "partner", row, 1, "damaged record");
    clt_str domain = clti_buf_str(&in->folds.domain);
    if ((!clti_str_equal(domain, clti_pg_bytes(row, 0, 1)) || partner.is_strict != clti_pg_bool(row, 0, 2)) &&
        !clti_pg_check_report_row(in, "partner", row, 1, "altered: the columns are not those of the record"))
        return false;
    clti_pg_clear(&key);
    clti_pg_add_bytes(&key, domain);
    return clti_pg_check_expect(in, CLTI_PG_MADE_PARTNER_DOMAIN, &key,
                                (clt_str){(const char *)id.bytes, sizeof id.bytes}, id, (clt_guid){{0}});
}

static bool visit_partner_domain(clti_pg_check_run *in, const PGresult *row) {
    static const clti_pg_statement find = {"SELECT record FROM clientele.partner WHERE partner = $1"};
    clt_guid id = clti_pg_guid(row, 0, 1);
    clti_pg_parameters parameters;
    PGresult *result;
    clti_partner partner;
    bool made = false;
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, id);
    if (!clti_pg_check_look(in, &find, &parameters, &result))
        return false;
    /* One whose record cannot be read may have it; that has been said. */
    if (PQntuples(result) > 0)
        made = !read_partner(in, id, clti_pg_bytes(result, 0, 0), &partner) ||
               clti_str_equal(clti_pg_bytes(row, 0, 0), clti_buf_str(&in->folds.domain));
    PQclear(result);
    return made ||
           clti_pg_check_report_row(in, "partner_domain", row, 1, "stray: no partner has this domain");
}

static bool check_partners(clti_pg_check_run *in) {
    static const clti_pg_statement all = {"SELECT partner, domain, is_strict, record FROM clientele.partner"};
    static const clti_pg_statement count = {"SELECT count(*) FROM clientele.partner_domain"};
    static const clti_pg_statement domains = {"SELECT domain, partner FROM clientele.partner_domain"};
    uint64_t rows;
    bool has_strays;
    return clti_pg_check_walk(in, &all, visit_partner) &&
           clti_pg_check_has_strays(in, CLTI_PG_MADE_PARTNER_DOMAIN, &count, &rows, &has_strays) &&
           (!has_strays || clti_pg_check_walk(in, &domains, visit_partner_domain));
}

/* ---- what belongs to partners ---- */

#define NO_PARTNER                                                                                           \
    " AS of WHERE NOT EXISTS (SELECT FROM clientele.partner WHERE partner.partner = of.partner)"

static bool visit_application(clti_pg_check_run *in, const PGresult *row) {
    clti_application application;
    in->summary.applications++;
    return clti_record_read_application(clti_pg_bytes(row, 0, 2), clti_pg_guid(row, 0, 0),
                                        clti_pg_guid(row, 0, 1), &application) ||
           clti_pg_check_report_row(in, "application", row, 2, "damaged record");
}

static bool visit_lost_application(clti_pg_check_run *in, const PGresult *row) {
    return clti_pg_check_report_row(in, "application", row, 2, "its partner does not exist");
}

static bool visit_user(clti_pg_check_run *in, const PGresult *row) {
    clti_user user;
    in->summary.users++;
    if (!clti_record_read_user(clti_pg_bytes(row, 0, 4), clti_pg_guid(row, 0, 0), clti_pg_bytes(row, 0, 1),
                               &user))
        return clti_pg_check_report_row(in, "user_account", row, 2, "damaged record");
    return (clti_guid_equal(user.id, clti_pg_guid(row, 0, 2)) &&
            clti_pg_is_admin(&user) == clti_pg_bool(row, 0, 3)) ||
           clti_pg_check_report_row(in, "user_account", row, 2,
                                    "altered: the columns are not those of the record");
}

static bool visit_lost_user(clti_pg_check_run *in, const PGresult *row) {
    return clti_pg_check_report_row(in, "user_account", row, 2, "its partner does not exist");
}

static bool visit_lost_link(clti_pg_check_run *in, const PGresult *row) {
    return clti_pg_check_report_row(in, "link", row, 3, "a partner of it does not exist");
}

static bool visit_half_link(clti_pg_check_run *in, const PGresult *row) {
    return clti_pg_check_report_row(in, "link", row, 3, "it is missing in the other direction");
}

/* ---- what belongs to nobody ---- */

static bool visit_signing_key(clti_pg_check_run *in, const PGresult *row) {
    clti_signing_key key;
    return clti_record_read_signing_key(clti_pg_bytes(row, 0, 1), clti_pg_bytes(row, 0, 0), &key) ||
           clti_pg_check_report_row(in, "signing_key", row, 1, "damaged record");
}

/* Partner, application and user may be gone: a grant does not outlive its use, and goes when it expires. */
static bool visit_grant(clti_pg_check_run *in, const PGresult *row) {
    clti_user_grant grant;
    in->summary.grants++;
    if (!clti_record_read_grant(clti_pg_bytes(row, 0, 3), clti_pg_guid(row, 0, 0), &grant))
        return clti_pg_check_report_row(in, "user_grant", row, 1, "damaged record");
    return ((int64_t)grant.revision == clti_pg_int64(row, 0, 1) &&
            grant.expires == clti_pg_int64(row, 0, 2)) ||
           clti_pg_check_report_row(in, "user_grant", row, 1,
                                    "altered: the columns are not those of the record");
}

/* Their customers may be gone, and their partners too. */
static bool visit_audit(clti_pg_check_run *in, const PGresult *row) {
    clti_audit_record audit;
    in->summary.audit_records++;
    return clti_record_read_audit(clti_pg_bytes(row, 0, 2), clti_pg_guid(row, 0, 0), clti_pg_int64(row, 0, 1),
                                  &audit) ||
           clti_pg_check_report_row(in, "audit", row, 2, "damaged record");
}

static bool visit_idempotency(clti_pg_check_run *in, const PGresult *row) {
    clti_idempotency idempotency;
    in->summary.idempotency_records++;
    if (!clti_record_read_idempotency(clti_pg_bytes(row, 0, 3), clti_pg_guid(row, 0, 0),
                                      clti_pg_guid(row, 0, 1), &idempotency))
        return clti_pg_check_report_row(in, "idempotency", row, 2, "damaged record");
    return idempotency.created == clti_pg_int64(row, 0, 2) ||
           clti_pg_check_report_row(in, "idempotency", row, 2,
                                    "altered: the columns are not those of the record");
}

bool clti_pg_check_identities(clti_pg_check_run *in) {
    static const struct {
        clti_pg_statement all;
        clti_pg_check_visit visit;
    } rows[] = {
        {{"SELECT partner, id, record FROM clientele.application"}, visit_application},
        {{"SELECT partner, id FROM clientele.application" NO_PARTNER}, visit_lost_application},
        {{"SELECT partner, name, id, is_admin, record FROM clientele.user_account"}, visit_user},
        {{"SELECT partner, name FROM clientele.user_account" NO_PARTNER}, visit_lost_user},
        {{"SELECT partner, role, other FROM clientele.link" NO_PARTNER
          " OR NOT EXISTS (SELECT FROM clientele.partner WHERE partner.partner = of.other)"},
         visit_lost_link},
        {{"SELECT partner, role, other FROM clientele.link AS of WHERE NOT EXISTS (SELECT FROM "
          "clientele.link "
          "WHERE link.partner = of.other AND link.role = 3 - of.role AND link.other = of.partner)"},
         visit_half_link},
        {{"SELECT id, record FROM clientele.signing_key"}, visit_signing_key},
        {{"SELECT id, revision, expires, record FROM clientele.user_grant"}, visit_grant},
        {{"SELECT partner, date, record FROM clientele.audit"}, visit_audit},
        {{"SELECT partner, key, created, record FROM clientele.idempotency"}, visit_idempotency},
    };
    bool done = check_partners(in);
    for (size_t i = 0; i < CLTI_COUNT(rows) && done; i++)
        done = clti_pg_check_walk(in, &rows[i].all, rows[i].visit);
    return done;
}
