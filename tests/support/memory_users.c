#include "support/memory_private.h"

#include <stdlib.h>
#include <string.h>

static clti_user copy_user(clti_arena *arena, const clti_user *from) {
    clti_user to = *from;
    to.name = clti_memory_copy(arena, from->name);
    to.display_name = clti_memory_copy(arena, from->display_name);
    to.password_hash = clti_memory_copy(arena, from->password_hash);
    to.totp_secret = clti_memory_copy(arena, from->totp_secret);
    return to;
}

static clti_user_grant copy_grant(clti_arena *arena, const clti_user_grant *from) {
    clti_user_grant to = *from;
    to.user = clti_memory_copy(arena, from->user);
    to.scope = clti_memory_copy(arena, from->scope);
    to.redirect = clti_memory_copy(arena, from->redirect);
    to.challenge = clti_memory_copy(arena, from->challenge);
    to.nonce = clti_memory_copy(arena, from->nonce);
    return to;
}

static int compare_users(const void *a, const void *b) {
    const clti_user *left = a;
    const clti_user *right = b;
    int by_partner = memcmp(&left->partner, &right->partner, sizeof left->partner);
    return by_partner != 0 ? by_partner : clti_str_compare(left->name, right->name);
}

/* Its position, or the number of users. */
static size_t find_user(const clti_memory *in, clt_guid partner, clt_str name) {
    const clti_user wanted = {.partner = partner, .name = name};
    size_t at = 0;
    while (at < in->user_count && compare_users(&in->users[at], &wanted) != 0)
        at++;
    return at;
}

static size_t find_grant(const clti_memory *in, clt_guid id) {
    size_t at = 0;
    while (at < in->grant_count && !clti_guid_equal(in->grants[at].id, id))
        at++;
    return at;
}

bool clti_memory_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena,
                           clti_user *out, bool *out_found, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    size_t at = find_user(in, partner, name);
    *out_found = at < in->user_count;
    if (*out_found)
        *out = copy_user(arena, &in->users[at]);
    return true;
}

bool clti_memory_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                       size_t *out_count, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_count = 0;
    *out = clti_arena_calloc(arena, in->user_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < in->user_count; i++)
        if (partner == NULL || clti_guid_equal(in->users[i].partner, *partner))
            (*out)[(*out_count)++] = copy_user(arena, &in->users[i]);
    qsort(*out, *out_count, sizeof **out, compare_users);
    return true;
}

bool clti_memory_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                            bool *out_found, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    size_t at = find_grant(in, id);
    *out_found = at < in->grant_count;
    if (*out_found)
        *out = copy_grant(arena, &in->grants[at]);
    return true;
}

clti_outcome clti_memory_user_put(clti_memory *in, const clti_user *user) {
    size_t at = find_user(in, user->partner, user->name);
    bool exists = false;
    for (size_t i = 0; i < in->partner_count; i++)
        exists |= clti_guid_equal(in->partners[i].id, user->partner);
    if (!exists)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    if (user->name.size == 0 || user->name.size > CLTI_USER_NAME_MAX)
        return (clti_outcome){.refusal = CLTI_FAULT_INVALID_PROPERTY};
    clti_assert(at < CLTI_COUNT(in->users));
    in->user_count += at == in->user_count;
    in->users[at] = copy_user(&in->arena, user);
    return (clti_outcome){.done = true};
}

clti_outcome clti_memory_user_create(clti_memory *in, const clti_user *user) {
    size_t count = 0;
    for (size_t i = 0; i < in->user_count; i++) {
        const clti_user *held = &in->users[i];
        if (!clti_guid_equal(held->partner, user->partner))
            continue;
        if (clti_str_equal(held->name, user->name) || clti_guid_equal(held->id, user->id))
            return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
        count++;
    }
    if (count >= CLTI_USERS_MAX)
        return (clti_outcome){.refusal = CLTI_FAULT_LIMIT_REACHED};
    return clti_memory_user_put(in, user);
}

static bool is_same(const clti_user *a, const clti_user *b) {
    return clti_guid_equal(a->id, b->id) && clti_str_equal(a->display_name, b->display_name) &&
           a->roles == b->roles && clti_str_equal(a->password_hash, b->password_hash) &&
           clti_str_equal(a->totp_secret, b->totp_secret) && a->valid_from == b->valid_from &&
           a->is_enrolling == b->is_enrolling && a->is_disabled == b->is_disabled && a->is_demo == b->is_demo;
}

static bool is_admin(const clti_user *user) {
    return (user->roles & CLTI_ROLE_ADMIN_AGENTS) != 0 && !user->is_disabled;
}

clti_outcome clti_memory_user_update(clti_memory *in, const clti_user *user, const clti_user *expected) {
    size_t at = find_user(in, expected->partner, expected->name), admins = 0;
    if (at == in->user_count || !is_same(&in->users[at], expected))
        return (clti_outcome){.refusal = CLTI_FAULT_STALE};
    for (size_t i = 0; i < in->user_count; i++)
        admins += clti_guid_equal(in->users[i].partner, expected->partner) && is_admin(&in->users[i]);
    if (admins == 1 && is_admin(expected) && (user == NULL || !is_admin(user)))
        return (clti_outcome){.refusal = CLTI_FAULT_LAST_ADMIN};
    return user != NULL ? clti_memory_user_put(in, user)
                        : clti_memory_user_delete(in, expected->partner, expected->name);
}

clti_outcome clti_memory_user_delete(clti_memory *in, clt_guid partner, clt_str name) {
    size_t at = find_user(in, partner, name);
    if (at == in->user_count)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    in->users[at] = in->users[--in->user_count];
    return (clti_outcome){.done = true};
}

void clti_memory_users_delete(clti_memory *in, clt_guid partner) {
    for (size_t i = in->user_count; i-- > 0;)
        if (clti_guid_equal(in->users[i].partner, partner))
            in->users[i] = in->users[--in->user_count];
}

clti_outcome clti_memory_grant_put(clti_memory *in, const clti_user_grant *grant) {
    size_t at = find_grant(in, grant->id);
    int64_t held = at < in->grant_count ? in->grants[at].revision : 0;
    if (held + 1 != grant->revision)
        return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->grant_count += at == in->grant_count;
    in->grants[at] = copy_grant(&in->arena, grant);
    for (size_t i = in->grant_count; grant->revision == 1 && i-- > 0;)
        if (in->grants[i].expires <= grant->signed_in)
            in->grants[i] = in->grants[--in->grant_count];
    return (clti_outcome){.done = true};
}

void clti_memory_grant_delete(clti_memory *in, clt_guid id) {
    size_t at = find_grant(in, id);
    if (at < in->grant_count)
        in->grants[at] = in->grants[--in->grant_count];
}
