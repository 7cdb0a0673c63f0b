/* Partners, applications, links and keys. All that write these hold the lock on the one row of `store`, so
 * none of them sees another's half of it. Parameters from 8 on are each statement's own. */
#include "store/postgres/change_private.h"

#define NO_PARTNER(id)                                                                                       \
    CLTI_PG_IF("NOT EXISTS (SELECT FROM clientele.partner WHERE partner = " id ")", NOT_FOUND)
#define FREE " FROM seen WHERE verdict = 0"

static void add_text(clti_pg_builder *builder, clt_str text) {
    clti_pg_add_bytes(&builder->parameters, text);
}

static void add_guid(clti_pg_builder *builder, clt_guid id) {
    clti_pg_add_guid(&builder->parameters, id);
}

/* What was just written to the scratch buffer. */
static bool add_scratch(clti_pg_builder *builder, clti_fault *fault) {
    clt_str record;
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    add_text(builder, record);
    return true;
}

/* ---- partners ---- */

/* clang-format off */
static const clti_pg_statement put_partner = {
    CLTI_PG_SEE(
        CLTI_PG_IF("$10::bytea IS NULL", INVALID)
        CLTI_PG_IF("EXISTS (SELECT FROM clientele.partner_domain WHERE domain = $10::bytea"
                   " AND partner <> $8::uuid)", CONFLICT))
    "freed AS (DELETE FROM clientele.partner_domain held USING seen, clientele.partner old"
    " WHERE verdict = 0 AND old.partner = $8::uuid AND held.domain = old.domain AND old.domain <> $10::bytea),"
    " taken AS (INSERT INTO clientele.partner_domain (domain, partner) SELECT $10::bytea, $8::uuid" FREE
    " ON CONFLICT (domain) DO NOTHING),"
    " done AS (INSERT INTO clientele.partner (partner, domain, is_strict, record)"
    " SELECT $8::uuid, $10::bytea, $11::boolean, $9::bytea" FREE
    " ON CONFLICT (partner) DO UPDATE SET domain = excluded.domain, is_strict = excluded.is_strict,"
    " record = excluded.record RETURNING 1)" CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_partner_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    const clti_partner *partner = change->of.partner;
    clt_str domain;
    builder->statement = &put_partner;
    add_guid(builder, partner->id);
    clti_record_write_partner(partner, &builder->scratch);
    if (!add_scratch(builder, fault) || !clti_pg_keep_fold(builder, partner->domain, &domain, fault))
        return false;
    add_text(builder, domain);
    clti_pg_add_bool(&builder->parameters, partner->is_strict);
    return true;
}

/* The state of its list stays, so that its revision never goes back. */
#define DELETE_OF(table, from) #table " AS (DELETE FROM clientele." from ")"

/* clang-format off */
static const clti_pg_statement delete_partner = {
    CLTI_PG_SEE(NO_PARTNER("$8::uuid")
                CLTI_PG_IF("EXISTS (SELECT FROM clientele.customer WHERE partner = $8::uuid)", CONFLICT))
    DELETE_OF(applications, "application held USING seen WHERE verdict = 0 AND held.partner = $8::uuid") ", "
    DELETE_OF(users, "user_account held USING seen WHERE verdict = 0 AND held.partner = $8::uuid") ", "
    DELETE_OF(links, "link held USING seen WHERE verdict = 0 AND held.partner = $8::uuid") ", "
    DELETE_OF(others, "link held USING seen, clientele.link own WHERE verdict = 0 AND own.partner = $8::uuid"
                      " AND held.partner = own.other AND held.role = 3 - own.role AND held.other = $8::uuid") ", "
    DELETE_OF(domains, "partner_domain held USING seen, clientele.partner own WHERE verdict = 0"
                       " AND own.partner = $8::uuid AND held.domain = own.domain") ", "
    "done AS (DELETE FROM clientele.partner held USING seen WHERE verdict = 0 AND held.partner = $8::uuid RETURNING 1)"
    CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_partner_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &delete_partner;
    add_guid(builder, change->of.deleted_partner);
    return true;
}

/* ---- applications: $8 partner, $9 id, $10 record ---- */

#define APPLICATION      "clientele.application WHERE partner = $8::uuid AND id = $9::uuid"
#define HELD_APPLICATION "held.partner = $8::uuid AND held.id = $9::uuid"
#define PUT_APPLICATION                                                                                      \
    "done AS (INSERT INTO clientele.application (partner, id, record) SELECT $8::uuid, $9::uuid, "           \
    "$10::bytea" FREE                                                                                        \
    " ON CONFLICT (partner, id) DO UPDATE SET record = excluded.record RETURNING 1)" CLTI_PG_FINISH

/* clang-format off */
static const clti_pg_statement put_application = {CLTI_PG_SEE(NO_PARTNER("$8::uuid")) PUT_APPLICATION};

static const clti_pg_statement create_application = {
    CLTI_PG_SEE(NO_PARTNER("$8::uuid") CLTI_PG_IF("EXISTS (SELECT FROM " APPLICATION ")", CONFLICT)
                    CLTI_PG_IF("(SELECT count(*) FROM clientele.application WHERE partner = $8::uuid) >= "
                               CLTI_PG_TEXT(CLTI_APPLICATIONS_MAX), LIMIT_REACHED))
    PUT_APPLICATION};
/* clang-format on */

/* $11 is the record as expected. */
/* clang-format off */
static const clti_pg_statement update_application = {
    CLTI_PG_SEE(CLTI_PG_IF("NOT EXISTS (SELECT FROM " APPLICATION " AND record = $11::bytea)", STALE))
    "done AS (UPDATE clientele.application held SET record = $10::bytea FROM seen WHERE verdict = 0"
    " AND " HELD_APPLICATION " RETURNING 1)" CLTI_PG_FINISH};

static const clti_pg_statement delete_application = {
    CLTI_PG_SEE(CLTI_PG_IF("NOT EXISTS (SELECT FROM " APPLICATION ")", NOT_FOUND))
    "done AS (DELETE FROM clientele.application held USING seen WHERE verdict = 0"
    " AND " HELD_APPLICATION " RETURNING 1)" CLTI_PG_FINISH};
/* clang-format on */

static bool build_application(clti_pg_builder *builder, const clti_pg_statement *statement,
                              const clti_application *application, const clti_application *expected,
                              clti_fault *fault) {
    builder->statement = statement;
    add_guid(builder, application->partner);
    add_guid(builder, application->id);
    clti_record_write_application(application, &builder->scratch);
    if (!add_scratch(builder, fault))
        return false;
    if (expected == NULL)
        return true;
    clti_record_write_application(expected, &builder->scratch);
    return add_scratch(builder, fault);
}

bool clti_pg_build_application_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    return build_application(builder, &put_application, change->of.application, NULL, fault);
}

bool clti_pg_build_application_create(clti_pg_builder *builder, const clti_change *change,
                                      clti_fault *fault) {
    return build_application(builder, &create_application, change->of.application, NULL, fault);
}

bool clti_pg_build_application_update(clti_pg_builder *builder, const clti_change *change,
                                      clti_fault *fault) {
    return build_application(builder, &update_application, change->of.updated_application.application,
                             change->of.updated_application.expected, fault);
}

bool clti_pg_build_application_delete(clti_pg_builder *builder, const clti_change *change,
                                      clti_fault *fault) {
    builder->statement = &delete_application;
    add_guid(builder, change->of.deleted_application.partner);
    add_guid(builder, change->of.deleted_application.id);
    return true;
}

/* ---- signing keys and the key of tokens ---- */

/* clang-format off */
static const clti_pg_statement put_key = {
    CLTI_PG_SEE(CLTI_PG_IF("$8::bytea IS NULL", INVALID))
    "done AS (INSERT INTO clientele.signing_key (id, record) SELECT $8::bytea, $9::bytea" FREE
    " ON CONFLICT (id) DO UPDATE SET record = excluded.record RETURNING 1)" CLTI_PG_FINISH};

static const clti_pg_statement create_key = {
    CLTI_PG_SEE(CLTI_PG_IF("$8::bytea IS NULL", INVALID)
                CLTI_PG_IF("NOT EXISTS (SELECT FROM clientele.store WHERE generation = $10::bigint)", STALE))
    "done AS (INSERT INTO clientele.signing_key (id, record) SELECT $8::bytea, $9::bytea" FREE
    " ON CONFLICT (id) DO NOTHING RETURNING 1)" CLTI_PG_FINISH};

static const clti_pg_statement delete_key = {
    CLTI_PG_SEE(CLTI_PG_IF("NOT EXISTS (SELECT FROM clientele.signing_key WHERE id = $8::bytea)", NOT_FOUND))
    "done AS (DELETE FROM clientele.signing_key held USING seen WHERE verdict = 0 AND held.id = $8::bytea"
    " RETURNING 1)" CLTI_PG_FINISH};

static const clti_pg_statement put_token_key = {
    CLTI_PG_SEE("") "done AS (UPDATE clientele.store SET token_key = $8::bytea FROM seen WHERE verdict = 0"
                    " RETURNING 1)" CLTI_PG_FINISH};
/* clang-format on */

static bool add_key(clti_pg_builder *builder, const clti_signing_key *key, clti_fault *fault) {
    add_text(builder, key->id.size > 0 && key->id.size <= CLTI_PG_ID_MAX ? key->id : (clt_str){NULL, 0});
    clti_record_write_signing_key(key, &builder->scratch);
    return add_scratch(builder, fault);
}

bool clti_pg_build_key_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &put_key;
    return add_key(builder, change->of.key, fault);
}

bool clti_pg_build_key_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &create_key;
    if (!add_key(builder, change->of.created_key.key, fault))
        return false;
    clti_pg_add_int64(&builder->parameters, (int64_t)change->of.created_key.generation);
    return true;
}

bool clti_pg_build_key_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &delete_key;
    add_text(builder, change->of.deleted_key);
    return true;
}

bool clti_pg_build_token_key_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &put_token_key;
    add_text(builder, (clt_str){(const char *)change->of.token_key, CLTI_TOKEN_KEY_SIZE});
    return true;
}

/* ---- links: $8 provider, $9 reseller ---- */

/* clang-format off */
static const clti_pg_statement put_link = {
    CLTI_PG_SEE(NO_PARTNER("$8::uuid") NO_PARTNER("$9::uuid") CLTI_PG_IF("$8::uuid = $9::uuid", CONFLICT))
    "put AS (INSERT INTO clientele.link (partner, role, other)"
    " SELECT new.partner, new.role, new.other FROM seen,"
    " (VALUES ($8::uuid, 1::smallint, $9::uuid), ($9::uuid, 2::smallint, $8::uuid)) AS new(partner, role, other)"
    " WHERE verdict = 0 ON CONFLICT (partner, role, other) DO NOTHING),"
    " done AS (SELECT" FREE ")" CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_link_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &put_link;
    add_guid(builder, change->of.link.provider);
    add_guid(builder, change->of.link.reseller);
    return true;
}

/* ---- nothing ---- */

/* clang-format off */
static const clti_pg_statement nothing = {CLTI_PG_SEE("") "done AS (SELECT" FREE ")" CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_nothing(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &nothing;
    return true;
}
