/* Applications and users with preconditions: how they have to be, and what has to be left of the others. */
#include "store/lmdb/apply_private.h"

/* ---- what stands below a partner ---- */

/* Called with each record. @return false if it is damaged */
typedef bool (*on_record)(void *user, clt_str name, clt_str record);

typedef struct below {
    clti_lmdb_database database;
    clt_guid partner;
    on_record see;
    void *user;
} below;

static bool see_all(clti_lmdb_apply_run *of, MDB_cursor *cursor, const below *what) {
    clti_lmdb_key prefix;
    MDB_val value;
    clti_lmdb_key_guid(&prefix, what->partner);
    MDB_val at = clti_lmdb_val(clti_lmdb_key_str(&prefix));
    int code = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
    while (code == MDB_SUCCESS) {
        const clt_str key = {at.mv_data, at.mv_size};
        if (!clti_str_starts_with(key, clti_lmdb_key_str(&prefix)))
            return true;
        if (!what->see(what->user, clti_str_from(key, prefix.size), (clt_str){value.mv_data, value.mv_size}))
            return clti_lmdb_fail_record(of->in.store, what->database, key, of->fault);
        code = mdb_cursor_get(cursor, &at, &value, MDB_NEXT);
    }
    return code == MDB_NOTFOUND || clti_lmdb_fail(of->in.store, "cannot read", code, of->fault);
}

static bool see_below(clti_lmdb_apply_run *of, const below *what) {
    MDB_cursor *cursor;
    int code = mdb_cursor_open(of->in.txn, of->in.store->databases[what->database], &cursor);
    if (code != MDB_SUCCESS)
        return clti_lmdb_fail(of->in.store, "cannot read", code, of->fault);
    const bool done = see_all(of, cursor, what);
    mdb_cursor_close(cursor);
    return done;
}

/* ---- as expected ---- */

/* The record that is there, or absent. */
static bool get(clti_lmdb_apply_run *of, clti_lmdb_database database, const clti_lmdb_key *key,
                clt_str *out) {
    return clti_lmdb_get(of->in, database, clti_lmdb_key_str(key), out, of->fault);
}

/* Whether it is the one whose record stands in of->record. */
static clti_lmdb_verdict expect_same(clti_lmdb_apply_run *of, clti_lmdb_database database,
                                     const clti_lmdb_key *key) {
    clt_str held;
    if (!get(of, database, key, &held))
        return CLTI_LMDB_FAILED;
    if (!clti_buf_ok(&of->record)) {
        clti_fault_no_memory(of->fault);
        return CLTI_LMDB_FAILED;
    }
    const bool is_same = held.data != NULL && clti_str_equal(held, clti_buf_str(&of->record));
    clti_buf_clear(&of->record);
    return is_same ? CLTI_LMDB_DONE : clti_lmdb_refuse(of, CLTI_FAULT_STALE);
}

/* Whether the partner is there and the key is free. */
static clti_lmdb_verdict expect_new(clti_lmdb_apply_run *of, clt_guid partner, clti_lmdb_database database,
                                    const clti_lmdb_key *key) {
    clti_lmdb_key owner;
    clt_str held;
    clti_lmdb_key_guid(&owner, partner);
    if (!get(of, CLTI_LMDB_PARTNERS, &owner, &held))
        return CLTI_LMDB_FAILED;
    if (held.data == NULL)
        return clti_lmdb_refuse(of, CLTI_FAULT_NOT_FOUND);
    if (!get(of, database, key, &held))
        return CLTI_LMDB_FAILED;
    return held.data == NULL ? CLTI_LMDB_DONE : clti_lmdb_refuse(of, CLTI_FAULT_CONFLICT);
}

/* ---- applications ---- */

static bool count_one(void *user, clt_str name, clt_str record) {
    (void)name, (void)record;
    ++*(size_t *)user;
    return true;
}

clti_lmdb_verdict clti_lmdb_create_application(clti_lmdb_apply_run *of, const clti_application *application) {
    clti_lmdb_key key;
    size_t count = 0;
    const below others = {CLTI_LMDB_APPLICATIONS, application->partner, count_one, &count};
    clti_lmdb_key_pair(&key, application->partner, application->id);
    const clti_lmdb_verdict verdict = expect_new(of, application->partner, CLTI_LMDB_APPLICATIONS, &key);
    if (verdict != CLTI_LMDB_DONE)
        return verdict;
    if (!see_below(of, &others))
        return CLTI_LMDB_FAILED;
    if (count >= CLTI_APPLICATIONS_MAX)
        return clti_lmdb_refuse(of, CLTI_FAULT_LIMIT_REACHED);
    clti_record_write_application(application, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_APPLICATIONS, &key);
}

clti_lmdb_verdict clti_lmdb_update_application(clti_lmdb_apply_run *of, const clti_application *application,
                                               const clti_application *expected) {
    clti_lmdb_key key;
    clti_lmdb_key_pair(&key, application->partner, application->id);
    clti_record_write_application(expected, &of->record);
    const clti_lmdb_verdict verdict = expect_same(of, CLTI_LMDB_APPLICATIONS, &key);
    if (verdict != CLTI_LMDB_DONE)
        return verdict;
    clti_record_write_application(application, &of->record);
    return clti_lmdb_put_record(of, CLTI_LMDB_APPLICATIONS, &key);
}

/* ---- users ---- */

static bool is_admin(const clti_user *user) {
    return (user->roles & CLTI_ROLE_ADMIN_AGENTS) != 0 && !user->is_disabled;
}

/* The users of a partner, as one of them sees them. */
typedef struct others {
    const clti_user *one;
    size_t count;
    bool have_its_id;
    bool have_admin;
} others;

static bool see_other(void *user, clt_str name, clt_str record) {
    others *seen = user;
    clti_user other;
    if (!clti_record_read_user(record, seen->one->partner, name, &other))
        return false;
    if (clti_str_equal(name, seen->one->name))
        return true;
    seen->count++;
    seen->have_its_id |= clti_guid_equal(other.id, seen->one->id);
    seen->have_admin |= is_admin(&other);
    return true;
}

static bool see_others(clti_lmdb_apply_run *of, const clti_user *one, others *out) {
    const below users = {CLTI_LMDB_USERS, one->partner, see_other, out};
    *out = (others){.one = one};
    return see_below(of, &users);
}

/* Written like a secret: nothing of it stays in memory. */
static clti_lmdb_verdict put_user(clti_lmdb_apply_run *of, const clti_lmdb_key *key, const clti_user *user) {
    clti_record_write_user(user, &of->record);
    const clti_lmdb_verdict verdict = clti_lmdb_put_record(of, CLTI_LMDB_USERS, key);
    if (of->record.data != NULL)
        clti_wipe(of->record.data, of->record.size);
    return verdict;
}

clti_lmdb_verdict clti_lmdb_create_user(clti_lmdb_apply_run *of, const clti_user *user) {
    clti_lmdb_key key;
    others seen;
    if (!clti_lmdb_key_user(&key, user->partner, user->name))
        return clti_lmdb_refuse(of, CLTI_FAULT_INVALID_PROPERTY);
    const clti_lmdb_verdict verdict = expect_new(of, user->partner, CLTI_LMDB_USERS, &key);
    if (verdict != CLTI_LMDB_DONE)
        return verdict;
    if (!see_others(of, user, &seen))
        return CLTI_LMDB_FAILED;
    if (seen.have_its_id)
        return clti_lmdb_refuse(of, CLTI_FAULT_CONFLICT);
    if (seen.count >= CLTI_USERS_MAX)
        return clti_lmdb_refuse(of, CLTI_FAULT_LIMIT_REACHED);
    return put_user(of, &key, user);
}

clti_lmdb_verdict clti_lmdb_update_user(clti_lmdb_apply_run *of, const clti_user *user,
                                        const clti_user *expected) {
    clti_lmdb_key key;
    others seen;
    if (!clti_lmdb_key_user(&key, expected->partner, expected->name))
        return clti_lmdb_refuse(of, CLTI_FAULT_STALE);
    clti_record_write_user(expected, &of->record);
    const clti_lmdb_verdict verdict = expect_same(of, CLTI_LMDB_USERS, &key);
    if (verdict != CLTI_LMDB_DONE)
        return verdict;
    if (is_admin(expected) && (user == NULL || !is_admin(user))) {
        if (!see_others(of, expected, &seen))
            return CLTI_LMDB_FAILED;
        if (!seen.have_admin)
            return clti_lmdb_refuse(of, CLTI_FAULT_LAST_ADMIN);
    }
    if (user != NULL)
        return put_user(of, &key, user);
    return clti_lmdb_delete(of->in, CLTI_LMDB_USERS, clti_lmdb_key_str(&key), of->fault) ? CLTI_LMDB_DONE
                                                                                         : CLTI_LMDB_FAILED;
}
