#include "support/memory_store.h"

#include "support/memory_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- copies and folds ---- */

clt_str clti_memory_copy(clti_arena *arena, clt_str from) {
    clt_str to;
    clti_assert(clti_arena_copy(arena, from, &to));
    return to;
}

clt_str clti_memory_fold(clti_arena *arena, clt_str text) {
    clti_buf folded;
    clti_buf_init(&folded, SIZE_MAX);
    clti_assert(clti_text_fold(text, &folded));
    clt_str view = clti_buf_str(&folded);
    if (view.data == NULL)
        view = CLTI_STR("");
    clt_str kept = clti_memory_copy(arena, view);
    clti_buf_done(&folded);
    return kept;
}

static clti_customer copy_customer(clti_arena *arena, const clti_customer *from) {
    clti_customer to = *from;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (!member->is_alias && (member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS)) {
            clt_str *text = clti_customer_text(&to, member);
            *text = clti_memory_copy(arena, *text);
        }
    }
    return to;
}

static clti_partner copy_partner(clti_arena *arena, const clti_partner *from) {
    clti_partner to = *from;
    to.domain = clti_memory_copy(arena, from->domain);
    to.name = clti_memory_copy(arena, from->name);
    to.country = clti_memory_copy(arena, from->country);
    to.culture = clti_memory_copy(arena, from->culture);
    to.mpn_id = clti_memory_copy(arena, from->mpn_id);
    return to;
}

static clti_memory_row *find_row(clti_memory *in, clt_guid owner, clt_guid id) {
    for (size_t i = 0; i < in->row_count; i++)
        if (clti_guid_equal(in->rows[i].owner, owner) && clti_guid_equal(in->rows[i].customer.id, id))
            return &in->rows[i];
    return NULL;
}

static void touch(clti_memory *in, clt_guid partner) {
    for (size_t i = 0; i < in->revision_count; i++) {
        if (clti_guid_equal(in->revisions[i].partner, partner)) {
            in->revisions[i].number++;
            return;
        }
    }
    clti_assert(in->revision_count < CLTI_MEMORY_FEW_MAX);
    in->revisions[in->revision_count++] = (clti_memory_revision){partner, 1};
}

/* ---- reading ---- */

static bool customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                          clti_customer *out, clti_access *out_access, clti_fault *fault) {
    clti_memory *in = (clti_memory *)store;
    const clti_memory_row *own = find_row(in, partner, id);
    *out_access = CLTI_ACCESS_NONE;
    if (own != NULL) {
        *out = copy_customer(arena, &own->customer);
        *out_access = CLTI_ACCESS_OWNER;
        return true;
    }
    for (size_t i = 0; i < in->row_count; i++) {
        if (clti_guid_equal(in->rows[i].customer.id, id) &&
            clti_memory_is_reseller_of(&in->rows[i], partner)) {
            *out = copy_customer(arena, &in->rows[i].customer);
            *out_access = CLTI_ACCESS_RESELLER;
        }
    }
    return true;
}

static bool partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                         bool *out_found, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_found = false;
    for (size_t i = 0; i < in->partner_count; i++) {
        if (clti_guid_equal(in->partners[i].id, id)) {
            *out = copy_partner(arena, &in->partners[i]);
            *out_found = true;
        }
    }
    return true;
}

static const clti_partner *find_domain(const clti_memory *in, clt_str domain) {
    const clti_partner *found = NULL;
    size_t code_points;
    clti_arena scratch = {0};
    for (size_t i = 0; clti_text_check(domain, &code_points) && i < in->partner_count; i++)
        if (clti_str_equal(clti_memory_fold(&scratch, in->partners[i].domain),
                           clti_memory_fold(&scratch, domain)))
            found = &in->partners[i];
    clti_arena_done(&scratch);
    return found;
}

static bool partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                bool *out_found, clti_fault *fault) {
    const clti_partner *found = find_domain((const clti_memory *)store, domain);
    *out_found = found != NULL;
    if (found != NULL)
        *out = copy_partner(arena, found);
    return true;
}

static bool domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    clti_arena scratch = {0};
    size_t code_points;
    *out_taken = false;
    for (size_t i = 0; clti_text_check(domain, &code_points) && i < in->row_count; i++)
        *out_taken |= clti_str_equal(in->rows[i].domain_fold, clti_memory_fold(&scratch, domain));
    clti_arena_done(&scratch);
    return true;
}

static bool application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                             clti_application *out, bool *out_found, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_found = false;
    for (size_t i = 0; i < in->application_count; i++) {
        const clti_application *candidate = &in->applications[i];
        if (clti_guid_equal(candidate->partner, partner) && clti_guid_equal(candidate->id, id)) {
            *out = *candidate;
            out->name = clti_memory_copy(arena, candidate->name);
            out->redirect_uris = clti_memory_copy(arena, candidate->redirect_uris);
            *out_found = true;
        }
    }
    return true;
}

static int compare_partners(const void *a, const void *b) {
    return memcmp(&((const clti_partner *)a)->id, &((const clti_partner *)b)->id, sizeof(clt_guid));
}

static bool partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                     clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_count = in->partner_count;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < *out_count; i++)
        (*out)[i] = copy_partner(arena, &in->partners[i]);
    qsort(*out, *out_count, sizeof **out, compare_partners);
    return true;
}

static int compare_links(const void *a, const void *b) {
    return memcmp(a, b, sizeof(clti_link));
}

/* Of links that all have one end in common the order is that of the other end. */
static bool links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out, size_t *out_count,
                  clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    size_t provided = 0;
    *out = clti_arena_calloc(arena, 2 * in->link_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < in->link_count; i++)
        if (clti_guid_equal(in->links[i].provider, partner))
            (*out)[provided++] = in->links[i];
    *out_count = provided;
    for (size_t i = 0; i < in->link_count; i++)
        if (clti_guid_equal(in->links[i].reseller, partner))
            (*out)[(*out_count)++] = in->links[i];
    qsort(*out, provided, sizeof **out, compare_links);
    qsort(*out + provided, *out_count - provided, sizeof **out, compare_links);
    return true;
}

static int compare_applications(const void *a, const void *b) {
    const clti_application *left = a;
    const clti_application *right = b;
    int by_partner = memcmp(&left->partner, &right->partner, sizeof left->partner);
    return by_partner != 0 ? by_partner : memcmp(&left->id, &right->id, sizeof left->id);
}

static bool applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                         clti_application **out, size_t *out_count, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_count = 0;
    *out = clti_arena_calloc(arena, in->application_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < in->application_count; i++) {
        if (partner != NULL && !clti_guid_equal(in->applications[i].partner, *partner))
            continue;
        clti_application *copy = &(*out)[(*out_count)++];
        *copy = in->applications[i];
        copy->name = clti_memory_copy(arena, in->applications[i].name);
        copy->redirect_uris = clti_memory_copy(arena, in->applications[i].redirect_uris);
    }
    qsort(*out, *out_count, sizeof **out, compare_applications);
    return true;
}

static bool signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                         clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out_count = in->key_count;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i] = in->keys[i];
        (*out)[i].id = clti_memory_copy(arena, in->keys[i].id);
        (*out)[i].private_jwk = clti_memory_copy(arena, in->keys[i].private_jwk);
    }
    return true;
}

static bool partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out = (clti_partner_state){0};
    for (size_t i = 0; i < in->row_count; i++)
        out->count += clti_memory_is_seen_by(&in->rows[i], partner);
    for (size_t i = 0; i < in->revision_count; i++)
        if (clti_guid_equal(in->revisions[i].partner, partner))
            out->revision = in->revisions[i].number;
    return true;
}

static bool generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    *out = ((const clti_memory *)store)->generation;
    return true;
}

static bool token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    memcpy(out, ((const clti_memory *)store)->token_key, CLTI_TOKEN_KEY_SIZE);
    return true;
}

/* ---- writing ---- */

static clti_outcome put_partner(clti_memory *in, const clti_partner *partner) {
    const clti_partner *holder = find_domain(in, partner->domain);
    size_t at = 0;
    if (holder != NULL && !clti_guid_equal(holder->id, partner->id))
        return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
    while (at < in->partner_count && !clti_guid_equal(in->partners[at].id, partner->id))
        at++;
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->partner_count += at == in->partner_count;
    in->partners[at] = copy_partner(&in->arena, partner);
    return (clti_outcome){.done = true};
}

static clti_partner *find_partner(clti_memory *in, clt_guid id) {
    for (size_t i = 0; i < in->partner_count; i++)
        if (clti_guid_equal(in->partners[i].id, id))
            return &in->partners[i];
    return NULL;
}

static clti_outcome put_application(clti_memory *in, const clti_application *application) {
    size_t at = 0;
    if (find_partner(in, application->partner) == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    while (at < in->application_count && compare_applications(&in->applications[at], application) != 0)
        at++;
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->application_count += at == in->application_count;
    in->applications[at] = *application;
    in->applications[at].name = clti_memory_copy(&in->arena, application->name);
    in->applications[at].redirect_uris = clti_memory_copy(&in->arena, application->redirect_uris);
    return (clti_outcome){.done = true};
}

static bool applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                               size_t *out_count, clti_fault *fault) {
    size_t count, kept = 0;
    if (!applications(store, NULL, arena, out, &count, fault))
        return false;
    for (size_t i = 0; i < count; i++)
        if (clti_guid_equal((*out)[i].id, id))
            (*out)[kept++] = (*out)[i];
    *out_count = kept;
    return true;
}

static clti_outcome create_application(clti_memory *in, const clti_application *application) {
    size_t count = 0;
    for (size_t i = 0; i < in->application_count; i++) {
        if (compare_applications(&in->applications[i], application) == 0)
            return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
        count += clti_guid_equal(in->applications[i].partner, application->partner);
    }
    return count >= CLTI_APPLICATIONS_MAX ? (clti_outcome){.refusal = CLTI_FAULT_LIMIT_REACHED}
                                          : put_application(in, application);
}

static bool is_same_application(const clti_application *a, const clti_application *b) {
    return clti_str_equal(a->name, b->name) && clti_str_equal(a->redirect_uris, b->redirect_uris) &&
           memcmp(a->secret_sha256, b->secret_sha256, sizeof a->secret_sha256) == 0 &&
           memcmp(a->second_sha256, b->second_sha256, sizeof a->second_sha256) == 0 &&
           a->is_public == b->is_public && a->is_demo == b->is_demo;
}

static clti_outcome update_application(clti_memory *in, const clti_application *application,
                                       const clti_application *expected) {
    for (size_t i = 0; i < in->application_count; i++)
        if (compare_applications(&in->applications[i], expected) == 0 &&
            is_same_application(&in->applications[i], expected))
            return put_application(in, application);
    return (clti_outcome){.refusal = CLTI_FAULT_STALE};
}

static clti_outcome delete_application(clti_memory *in, clt_guid partner, clt_guid id) {
    for (size_t i = 0; i < in->application_count; i++) {
        clti_application *candidate = &in->applications[i];
        if (clti_guid_equal(candidate->partner, partner) && clti_guid_equal(candidate->id, id)) {
            *candidate = in->applications[--in->application_count];
            return (clti_outcome){.done = true};
        }
    }
    return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
}

static clti_outcome put_link(clti_memory *in, const clti_link *link) {
    size_t at = 0;
    if (find_partner(in, link->provider) == NULL || find_partner(in, link->reseller) == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    if (clti_guid_equal(link->provider, link->reseller))
        return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
    while (at < in->link_count && compare_links(&in->links[at], link) != 0)
        at++;
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->link_count += at == in->link_count;
    in->links[at] = *link;
    return (clti_outcome){.done = true};
}

static clti_outcome delete_partner(clti_memory *in, clt_guid id) {
    clti_partner *found = find_partner(in, id);
    if (found == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    for (size_t i = 0; i < in->row_count; i++)
        if (clti_guid_equal(in->rows[i].owner, id))
            return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
    *found = in->partners[--in->partner_count];
    for (size_t i = in->application_count; i-- > 0;)
        if (clti_guid_equal(in->applications[i].partner, id))
            in->applications[i] = in->applications[--in->application_count];
    clti_memory_users_delete(in, id);
    for (size_t i = in->link_count; i-- > 0;)
        if (clti_guid_equal(in->links[i].provider, id) || clti_guid_equal(in->links[i].reseller, id))
            in->links[i] = in->links[--in->link_count];
    return (clti_outcome){.done = true};
}

static clti_outcome put_key(clti_memory *in, const clti_signing_key *key) {
    size_t at = 0;
    while (at < in->key_count && !clti_str_equal(in->keys[at].id, key->id))
        at++;
    clti_assert(at < CLTI_MEMORY_FEW_MAX);
    in->key_count += at == in->key_count;
    in->keys[at] = *key;
    in->keys[at].id = clti_memory_copy(&in->arena, key->id);
    in->keys[at].private_jwk = clti_memory_copy(&in->arena, key->private_jwk);
    return (clti_outcome){.done = true};
}

static clti_outcome delete_key(clti_memory *in, clt_str id) {
    for (size_t i = 0; i < in->key_count; i++) {
        if (clti_str_equal(in->keys[i].id, id)) {
            in->keys[i] = in->keys[--in->key_count];
            return (clti_outcome){.done = true};
        }
    }
    return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
}

static void touch_viewers(clti_memory *in, const clti_memory_row *of) {
    if (clti_memory_is_listed(of)) {
        touch(in, of->owner);
        if (clti_memory_is_reseller_of(of, of->customer.associated_partner_id))
            touch(in, of->customer.associated_partner_id);
    }
}

static clti_outcome delete_customer(clti_memory *in, clt_guid owner, clt_guid id,
                                    const clti_customer *expected) {
    clti_memory_row *found = find_row(in, owner, id);
    if (found == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_CUSTOMER_NOT_FOUND};
    if (expected != NULL && !clti_customer_equal(&found->customer, expected))
        return (clti_outcome){.refusal = CLTI_FAULT_STALE};
    touch_viewers(in, found);
    *found = in->rows[--in->row_count];
    return (clti_outcome){.done = true};
}

/* Domains are unique over all; an id is unique in each list that would show it. */
static bool is_taken(clti_memory *in, const clti_memory_row *wanted) {
    clt_guid reseller = wanted->customer.associated_partner_id;
    for (size_t i = 0; i < in->row_count; i++) {
        const clti_memory_row *other = &in->rows[i];
        bool same_id = clti_guid_equal(other->customer.id, wanted->customer.id);
        if (same_id && clti_guid_equal(other->owner, wanted->owner))
            continue; /* this very customer */
        if (clti_str_equal(other->domain_fold, wanted->domain_fold))
            return true;
        if (same_id &&
            (clti_memory_is_reseller_of(other, wanted->owner) ||
             (clti_memory_is_reseller_of(wanted, reseller) &&
              (clti_guid_equal(other->owner, reseller) || clti_memory_is_reseller_of(other, reseller)))))
            return true;
    }
    return false;
}

static clti_memory_row make_row(clti_memory *in, clt_guid owner, const clti_customer *customer) {
    return (clti_memory_row){owner, copy_customer(&in->arena, customer),
                             clti_memory_fold(&in->arena, customer->company_name),
                             clti_memory_fold(&in->arena, customer->domain)};
}

static bool is_linked(const clti_memory *in, const clti_link *link) {
    for (size_t i = 0; i < in->link_count; i++)
        if (compare_links(&in->links[i], link) == 0)
            return true;
    return false;
}

static clti_outcome create_customer(clti_memory *in, clt_guid owner, const clti_customer *customer) {
    const clti_partner *partner = find_partner(in, owner);
    clt_guid reseller = customer->associated_partner_id;
    size_t listed = 0;
    if (partner == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    for (size_t i = 0; i < in->row_count; i++)
        listed += clti_memory_is_seen_by(&in->rows[i], owner);
    if (partner->is_strict && listed >= CLTI_STRICT_CUSTOMERS_MAX)
        return (clti_outcome){.refusal = CLTI_FAULT_CUSTOMERS_MAX};
    if (!clti_guid_is_absent(reseller) && find_partner(in, reseller) == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_RESELLER_NOT_FOUND};
    if (!clti_guid_is_absent(reseller) && !is_linked(in, &(clti_link){owner, reseller}))
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_A_RESELLER};
    clti_memory_row made = make_row(in, owner, customer);
    if (find_row(in, owner, customer->id) != NULL || is_taken(in, &made))
        return (clti_outcome){.refusal = CLTI_FAULT_DOMAIN_TAKEN};
    clti_assert(in->row_count < CLTI_MEMORY_ROWS_MAX);
    in->rows[in->row_count++] = made;
    touch_viewers(in, &made);
    return (clti_outcome){.done = true};
}

static clti_outcome update_customer(clti_memory *in, clt_guid owner, const clti_customer *customer,
                                    const clti_customer *expected) {
    clti_memory_row *found = find_row(in, owner, customer->id);
    if (found == NULL)
        return (clti_outcome){.refusal = CLTI_FAULT_CUSTOMER_NOT_FOUND};
    if (!clti_customer_equal(&found->customer, expected))
        return (clti_outcome){.refusal = CLTI_FAULT_STALE};
    touch_viewers(in, found);
    *found = make_row(in, owner, customer);
    touch_viewers(in, found);
    return (clti_outcome){.done = true};
}

static clti_outcome apply_one(clti_memory *in, const clti_change *change) {
    clti_outcome outcome = {0};
    switch (change->kind) {
    case CLTI_CHANGE_PARTNER_PUT:
        outcome = put_partner(in, change->of.partner);
        break;
    case CLTI_CHANGE_APPLICATION_PUT:
        outcome = put_application(in, change->of.application);
        break;
    case CLTI_CHANGE_KEY_PUT:
        outcome = put_key(in, change->of.key);
        break;
    case CLTI_CHANGE_KEY_CREATE:
        if (in->generation != change->of.created_key.generation)
            return (clti_outcome){.refusal = CLTI_FAULT_STALE};
        outcome = put_key(in, change->of.created_key.key);
        break;
    case CLTI_CHANGE_CUSTOMER_DELETE:
        return delete_customer(in, change->of.customer.partner, change->of.customer.id,
                               change->of.customer.expected);
    case CLTI_CHANGE_APPLICATION_DELETE:
        outcome =
            delete_application(in, change->of.deleted_application.partner, change->of.deleted_application.id);
        break;
    case CLTI_CHANGE_PARTNER_DELETE:
        outcome = delete_partner(in, change->of.deleted_partner);
        break;
    case CLTI_CHANGE_LINK_PUT:
        outcome = put_link(in, &change->of.link);
        break;
    case CLTI_CHANGE_USER_PUT:
        outcome = clti_memory_user_put(in, change->of.user);
        break;
    case CLTI_CHANGE_APPLICATION_CREATE:
        outcome = create_application(in, change->of.application);
        break;
    case CLTI_CHANGE_APPLICATION_UPDATE:
        outcome = update_application(in, change->of.updated_application.application,
                                     change->of.updated_application.expected);
        break;
    case CLTI_CHANGE_USER_CREATE:
        outcome = clti_memory_user_create(in, change->of.user);
        break;
    case CLTI_CHANGE_USER_UPDATE:
        outcome = clti_memory_user_update(in, change->of.updated_user.user, change->of.updated_user.expected);
        break;
    case CLTI_CHANGE_USER_DELETE:
        outcome =
            change->of.deleted_user.expected != NULL
                ? clti_memory_user_update(in, NULL, change->of.deleted_user.expected)
                : clti_memory_user_delete(in, change->of.deleted_user.partner, change->of.deleted_user.name);
        break;
    case CLTI_CHANGE_GRANT_PUT:
        return clti_memory_grant_put(in, change->of.grant);
    case CLTI_CHANGE_GRANT_DELETE:
        clti_memory_grant_delete(in, change->of.deleted_grant);
        return (clti_outcome){.done = true};
    case CLTI_CHANGE_TOKEN_KEY_PUT:
        memcpy(in->token_key, change->of.token_key, sizeof(in->token_key));
        return (clti_outcome){.done = true};
    case CLTI_CHANGE_NOTHING:
        return (clti_outcome){.done = true};
    case CLTI_CHANGE_KEY_DELETE:
        outcome = delete_key(in, change->of.deleted_key);
        break;
    case CLTI_CHANGE_CUSTOMER_CREATE:
        return create_customer(in, change->of.written.partner, change->of.written.customer);
    case CLTI_CHANGE_CUSTOMER_UPDATE:
        return update_customer(in, change->of.written.partner, change->of.written.customer,
                               change->of.written.expected);
    case CLTI_CHANGE_EXPIRE:
        clti_memory_expire(in, change->of.expired.idempotency_before, change->of.expired.audit_before);
        return (clti_outcome){.done = true};
    }
    in->generation += outcome.done;
    return outcome;
}

static clti_outcome apply_whole(clti_memory *in, const clti_change *change) {
    const clti_idempotency *asked = change->idempotency;
    const clti_idempotency *kept =
        asked != NULL ? clti_memory_idempotency_get(in, asked->partner, asked->key, asked->created) : NULL;
    if (kept != NULL && memcmp(kept->body_sha256, asked->body_sha256, sizeof asked->body_sha256) != 0)
        return (clti_outcome){.refusal = CLTI_FAULT_REQUEST_ID_REUSED};
    if (kept != NULL) {
        clti_outcome repeated = {.done = true, .is_repeated = true, .answer = kept->answer};
        repeated.answer.body = clti_memory_copy(change->arena, kept->answer.body);
        return repeated;
    }
    clti_outcome outcome = apply_one(in, change);
    if (outcome.done && change->audit != NULL)
        clti_memory_audit_put(in, change->audit);
    if (outcome.done && asked != NULL)
        clti_memory_idempotency_put(in, asked);
    return outcome;
}

static bool apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                  clti_fault *fault) {
    for (size_t i = 0; i < count; i++)
        outcomes[i] = apply_whole((clti_memory *)store, &changes[i]);
    return true;
}

static clti_load_outcome load_one(clti_memory *in, clt_guid partner, const clti_customer *customer) {
    clti_memory_row *old = find_row(in, partner, customer->id);
    clti_customer kept = *customer;
    if (old != NULL)
        clti_customer_keep(&kept, &old->customer);
    if (old != NULL && clti_customer_equal(&old->customer, &kept))
        return CLTI_LOAD_UNCHANGED;
    clti_memory_row wanted = make_row(in, partner, &kept);
    if (is_taken(in, &wanted))
        return CLTI_LOAD_DOMAIN_TAKEN;
    touch_viewers(in, &wanted);
    if (old != NULL) {
        touch_viewers(in, old);
        *old = wanted;
        return CLTI_LOAD_UPDATED;
    }
    clti_assert(in->row_count < CLTI_MEMORY_ROWS_MAX);
    in->rows[in->row_count++] = wanted;
    return CLTI_LOAD_NEW;
}

static bool load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                 clti_load_outcome *outcomes, clti_fault *fault) {
    for (size_t i = 0; i < count; i++)
        outcomes[i] = load_one((clti_memory *)store, partner, &customers[i]);
    return true;
}

static bool purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault) {
    clti_memory *in = (clti_memory *)store;
    for (*out_deleted = 0; *out_deleted < most; ++*out_deleted) {
        const clti_memory_row *first = NULL;
        for (size_t i = 0; i < in->row_count; i++) {
            const clti_memory_row *candidate = &in->rows[i];
            if (clti_guid_equal(candidate->owner, partner) &&
                (first == NULL || memcmp(&candidate->customer.id, &first->customer.id, sizeof(clt_guid)) < 0))
                first = candidate;
        }
        if (first == NULL)
            break;
        clti_assert(delete_customer(in, partner, first->customer.id, NULL).done);
    }
    return true;
}

/* ---- the rest ---- */

/* There are no indexes, so there is nothing that could be wrong. */
static bool check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                  clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out = (clti_check_summary){.users = in->user_count,
                                .grants = in->grant_count,
                                .partners = in->partner_count,
                                .applications = in->application_count,
                                .customers = in->row_count,
                                .audit_records = in->audit_count,
                                .idempotency_records = in->repeat_count};
    return true;
}

static bool claim(clti_store *store, clti_fault *fault) {
    ((clti_memory *)store)->claimed = true;
    return true;
}

static bool is_claimed(clti_store *store) {
    return ((const clti_memory *)store)->claimed;
}

static bool commit_new(clti_store *store, clti_fault *fault) {
    return true;
}

static void close_memory(clti_store *store) {
    clti_memory *in = (clti_memory *)store;
    clti_arena_done(&in->arena);
    free(in->audits);
    free(in->repeats);
    free(in->rows);
    free(in);
}

static const clti_store_operations operations = {
    .close = close_memory,
    .commit_new = commit_new,
    .claim = claim,
    .is_claimed = is_claimed,
    .list = clti_memory_list,
    .customer_find = customer_find,
    .partner_find = partner_find,
    .partner_find_domain = partner_find_domain,
    .domain_is_taken = domain_is_taken,
    .application_find = application_find,
    .user_find = clti_memory_user_find,
    .users = clti_memory_users,
    .grant_find = clti_memory_grant_find,
    .partners = partners,
    .links = links,
    .count = clti_memory_count,
    .applications = applications,
    .applications_of_id = applications_of_id,
    .signing_keys = signing_keys,
    .partner_state = partner_state,
    .generation = generation,
    .token_key = token_key,
    .audit_list = clti_memory_audit_list,
    .idempotency_find = clti_memory_idempotency_find,
    .apply = apply,
    .load = load,
    .purge = purge,
    .check = check,
};

clti_store *clti_memory_store_new(void) {
    clti_memory *made = calloc(1, sizeof *made);
    clti_assert(made != NULL);
    made->rows = calloc(CLTI_MEMORY_ROWS_MAX, sizeof *made->rows);
    made->audits = calloc(CLTI_MEMORY_KEPT_MAX, sizeof *made->audits);
    made->repeats = calloc(CLTI_MEMORY_KEPT_MAX, sizeof *made->repeats);
    clti_assert(made->rows != NULL && made->audits != NULL && made->repeats != NULL);
    made->store.operations = &operations;
    clti_random_bytes(made->token_key, sizeof made->token_key);
    return &made->store;
}
