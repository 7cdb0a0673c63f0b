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

bool clti_memory_users(clti_store *store, clti_arena *arena, clti_user **out, size_t *out_count,
                       clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_count = in->user_count;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < *out_count; i++)
        (*out)[i] = copy_user(arena, &in->users[i]);
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
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->user_count += at == in->user_count;
    in->users[at] = copy_user(&in->arena, user);
    return (clti_outcome){.done = true};
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
