/* Users and what they have granted. As with partners, whoever writes users holds the lock on the row of
 * `store`. */
#include "store/postgres/change_private.h"

#define FREE " FROM seen WHERE verdict = 0"
#define NO_PARTNER                                                                                           \
    CLTI_PG_IF("NOT EXISTS (SELECT FROM clientele.partner WHERE partner = $8::uuid)", NOT_FOUND)

/* $8 partner, $9 name (NULL: none can be like that), $10 id, $11 whether it is an administrator, $12 record.
 */
#define USER      "clientele.user_account WHERE partner = $8::uuid AND name = $9::bytea"
#define HELD_USER "held.partner = $8::uuid AND held.name = $9::bytea"
#define PUT_USER                                                                                             \
    "done AS (INSERT INTO clientele.user_account (partner, name, id, is_admin, record)"                      \
    " SELECT $8::uuid, $9::bytea, $10::uuid, $11::boolean, $12::bytea" FREE                                  \
    " ON CONFLICT (partner, name) DO UPDATE SET id = excluded.id, is_admin = excluded.is_admin,"             \
    " record = excluded.record RETURNING 1)" CLTI_PG_FINISH

/* clang-format off */
static const clti_pg_statement put_user = {
    CLTI_PG_SEE(NO_PARTNER CLTI_PG_IF("$9::bytea IS NULL", INVALID)) PUT_USER};

static const clti_pg_statement create_user = {
    CLTI_PG_SEE(CLTI_PG_IF("$9::bytea IS NULL", INVALID) NO_PARTNER
                CLTI_PG_IF("EXISTS (SELECT FROM " USER ")", CONFLICT)
                CLTI_PG_IF("EXISTS (SELECT FROM clientele.user_account WHERE partner = $8::uuid"
                           " AND id = $10::uuid)", CONFLICT)
                CLTI_PG_IF("(SELECT count(*) FROM clientele.user_account WHERE partner = $8::uuid) >= "
                           CLTI_PG_TEXT(CLTI_USERS_MAX), LIMIT_REACHED))
    PUT_USER};
/* clang-format on */

/* The record as expected, and whether the change takes an administrator away. */
#define SEE_EXPECTED(record, takes_admin)                                                                    \
    CLTI_PG_SEE(CLTI_PG_IF("NOT EXISTS (SELECT FROM " USER " AND record = " record ")", STALE) CLTI_PG_IF(   \
        takes_admin " AND NOT EXISTS (SELECT FROM clientele.user_account WHERE partner = $8::uuid"           \
                    " AND name <> $9::bytea AND is_admin)",                                                  \
        LAST_ADMIN))

/* clang-format off */
static const clti_pg_statement update_user = {
    SEE_EXPECTED("$13::bytea", "$14::boolean")
    "done AS (UPDATE clientele.user_account held SET id = $10::uuid, is_admin = $11::boolean, record = $12::bytea"
    FREE " AND " HELD_USER " RETURNING 1)" CLTI_PG_FINISH};
/* clang-format on */

#define DELETE_USER                                                                                          \
    "done AS (DELETE FROM clientele.user_account held USING seen WHERE verdict = 0 AND " HELD_USER           \
    " RETURNING 1)" CLTI_PG_FINISH

/* clang-format off */
static const clti_pg_statement delete_expected_user = {SEE_EXPECTED("$10::bytea", "$11::boolean") DELETE_USER};

static const clti_pg_statement delete_user = {
    CLTI_PG_SEE(CLTI_PG_IF("NOT EXISTS (SELECT FROM " USER ")", NOT_FOUND)) DELETE_USER};
/* clang-format on */

static void add_key(clti_pg_builder *builder, clt_guid partner, clt_str name) {
    clti_pg_add_guid(&builder->parameters, partner);
    clti_pg_add_bytes(&builder->parameters,
                      name.size > 0 && name.size <= CLTI_USER_NAME_MAX ? name : (clt_str){NULL, 0});
}

static bool add_user_record(clti_pg_builder *builder, const clti_user *user, clti_fault *fault) {
    clt_str record;
    clti_record_write_user(user, &builder->scratch);
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    clti_pg_add_bytes(&builder->parameters, record);
    return true;
}

static bool build_user(clti_pg_builder *builder, const clti_pg_statement *statement, const clti_user *user,
                       clti_fault *fault) {
    builder->statement = statement;
    add_key(builder, user->partner, user->name);
    clti_pg_add_guid(&builder->parameters, user->id);
    clti_pg_add_bool(&builder->parameters, clti_pg_is_admin(user));
    return add_user_record(builder, user, fault);
}

bool clti_pg_build_user_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    return build_user(builder, &put_user, change->of.user, fault);
}

bool clti_pg_build_user_create(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    return build_user(builder, &create_user, change->of.user, fault);
}

bool clti_pg_build_user_update(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    const clti_user *user = change->of.updated_user.user;
    const clti_user *expected = change->of.updated_user.expected;
    if (!build_user(builder, &update_user, user, fault) || !add_user_record(builder, expected, fault))
        return false;
    clti_pg_add_bool(&builder->parameters, clti_pg_is_admin(expected) && !clti_pg_is_admin(user));
    return true;
}

bool clti_pg_build_user_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    const clti_user *expected = change->of.deleted_user.expected;
    if (expected == NULL) {
        builder->statement = &delete_user;
        add_key(builder, change->of.deleted_user.partner, change->of.deleted_user.name);
        return true;
    }
    builder->statement = &delete_expected_user;
    add_key(builder, expected->partner, expected->name);
    if (!add_user_record(builder, expected, fault))
        return false;
    clti_pg_add_bool(&builder->parameters, clti_pg_is_admin(expected));
    return true;
}

/* ---- grants: $8 id, $9 revision, $10 expires, $11 record, $12 now ---- */

/* Grants that a new one takes away, if they have expired: more than one, so that they do not pile up. */
#define EXPIRE_MAX 16

/* clang-format off */
static const clti_pg_statement put_grant = {
    CLTI_PG_SEE(CLTI_PG_IF("coalesce((SELECT revision FROM clientele.user_grant WHERE id = $8::uuid), 0) + 1"
                           " <> $9::bigint", CONFLICT))
    "expired AS (DELETE FROM clientele.user_grant held WHERE held.id IN (SELECT old.id"
    " FROM clientele.user_grant old, seen WHERE verdict = 0 AND $9::bigint = 1 AND old.expires <= $12::bigint"
    " AND old.id <> $8::uuid ORDER BY old.expires LIMIT " CLTI_PG_TEXT(EXPIRE_MAX)
    " FOR UPDATE OF old SKIP LOCKED)),"
    " made AS (INSERT INTO clientele.user_grant (id, revision, expires, record)"
    " SELECT $8::uuid, $9::bigint, $10::bigint, $11::bytea" FREE " AND $9::bigint = 1"
    " ON CONFLICT (id) DO NOTHING RETURNING 1),"
    " changed AS (UPDATE clientele.user_grant held SET revision = $9::bigint, expires = $10::bigint,"
    " record = $11::bytea" FREE " AND $9::bigint > 1 AND held.id = $8::uuid AND held.revision = $9::bigint - 1"
    " RETURNING 1),"
    " done AS (SELECT FROM made UNION ALL SELECT FROM changed)" CLTI_PG_FINISH};

static const clti_pg_statement delete_grant = {
    CLTI_PG_SEE("") "gone AS (DELETE FROM clientele.user_grant held USING seen WHERE verdict = 0"
                    " AND held.id = $8::uuid), done AS (SELECT" FREE ")" CLTI_PG_FINISH};
/* clang-format on */

bool clti_pg_build_grant_put(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    const clti_user_grant *grant = change->of.grant;
    clt_str record;
    builder->statement = &put_grant;
    clti_record_write_grant(grant, &builder->scratch);
    if (!clti_pg_keep(builder, &record, fault))
        return false;
    clti_pg_add_guid(&builder->parameters, grant->id);
    clti_pg_add_int64(&builder->parameters, grant->revision);
    clti_pg_add_int64(&builder->parameters, grant->expires);
    clti_pg_add_bytes(&builder->parameters, record);
    clti_pg_add_int64(&builder->parameters, grant->signed_in);
    return true;
}

bool clti_pg_build_grant_delete(clti_pg_builder *builder, const clti_change *change, clti_fault *fault) {
    builder->statement = &delete_grant;
    clti_pg_add_guid(&builder->parameters, change->of.deleted_grant);
    return true;
}
