#include "support/memory_store.h"

#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct row {
    clt_guid owner;
    clti_customer customer;
    clt_str name_fold;
    clt_str domain_fold;
} row;

typedef struct revision {
    clt_guid partner;
    uint64_t number;
} revision;

#define ROWS_MAX 100000
#define FEW_MAX  256

typedef struct memory {
    clti_store store;
    clti_arena arena; /* all texts, until the end */
    row *rows;
    size_t row_count;
    clti_partner partners[FEW_MAX];
    size_t partner_count;
    clti_application applications[FEW_MAX];
    size_t application_count;
    clti_signing_key keys[FEW_MAX];
    size_t key_count;
    revision revisions[FEW_MAX];
    size_t revision_count;
    uint64_t generation;
    uint8_t token_key[CLTI_TOKEN_KEY_SIZE];
    bool claimed;
} memory;

/* ---- copies and folds ---- */

static clt_str copy(clti_arena *arena, clt_str from) {
    clt_str to;
    clti_assert(clti_arena_copy(arena, from, &to));
    return to;
}

static clt_str fold(clti_arena *arena, clt_str text) {
    clti_buf folded;
    clti_buf_init(&folded, SIZE_MAX);
    clti_assert(clti_text_fold(text, &folded));
    clt_str view = clti_buf_str(&folded);
    if (view.data == NULL) {
        view = CLTI_STR("");
    }
    clt_str kept = copy(arena, view);
    clti_buf_done(&folded);
    return kept;
}

static clti_customer copy_customer(clti_arena *arena, const clti_customer *from) {
    clti_customer to = *from;
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (!member->is_alias && (member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS)) {
            clt_str *text = clti_customer_text(&to, member);
            *text = copy(arena, *text);
        }
    }
    return to;
}

static clti_partner copy_partner(clti_arena *arena, const clti_partner *from) {
    clti_partner to = *from;
    to.domain = copy(arena, from->domain);
    to.name = copy(arena, from->name);
    to.country = copy(arena, from->country);
    to.culture = copy(arena, from->culture);
    return to;
}

/* ---- who sees what ---- */

static bool is_listed(const row *in) {
    return in->customer.relationship == CLTI_RELATIONSHIP_RESELLER;
}

static bool is_reseller_of(const row *in, clt_guid partner) {
    return is_listed(in) && !clti_guid_is_absent(partner) && !clti_guid_equal(in->owner, partner) &&
           clti_guid_equal(in->customer.associated_partner_id, partner);
}

static bool is_seen_by(const row *in, clt_guid partner) {
    return is_listed(in) && (clti_guid_equal(in->owner, partner) || is_reseller_of(in, partner));
}

static row *find_row(memory *in, clt_guid owner, clt_guid id) {
    for (size_t i = 0; i < in->row_count; i++) {
        if (clti_guid_equal(in->rows[i].owner, owner) && clti_guid_equal(in->rows[i].customer.id, id)) {
            return &in->rows[i];
        }
    }
    return NULL;
}

static void touch(memory *in, clt_guid partner) {
    for (size_t i = 0; i < in->revision_count; i++) {
        if (clti_guid_equal(in->revisions[i].partner, partner)) {
            in->revisions[i].number++;
            return;
        }
    }
    clti_assert(in->revision_count < FEW_MAX);
    in->revisions[in->revision_count++] = (revision){partner, 1};
}

/* ---- the list ---- */

/* Equal folds (as far as keys go) are told apart by id; a shorter one that another begins with is first. */
static int compare_places(clt_str fold_a, clt_guid id_a, clt_str fold_b, clt_guid id_b) {
    for (size_t i = 0; i < CLTI_FOLD_KEY_MAX; i++) {
        int a = i < fold_a.size ? (uint8_t)fold_a.data[i] : -1;
        int b = i < fold_b.size ? (uint8_t)fold_b.data[i] : -1;
        if (a != b) {
            return a < b ? -1 : 1;
        }
        if (a == -1) {
            break;
        }
    }
    return memcmp(id_a.bytes, id_b.bytes, sizeof id_a.bytes);
}

static clt_str sort_fold(const row *in, clti_list_field field) {
    return field == CLTI_LIST_DOMAIN ? in->domain_fold : in->name_fold;
}

static bool matches(const row *in, const clti_list_query *query) {
    clt_str folded = sort_fold(in, query->field);
    if (!is_seen_by(in, query->partner)) {
        return false;
    }
    if (query->field == CLTI_LIST_INDIRECT_RESELLER &&
        (!clti_guid_equal(in->owner, query->partner) || clti_guid_is_absent(query->related) ||
         !clti_guid_equal(in->customer.associated_partner_id, query->related))) {
        return false;
    }
    if (query->field == CLTI_LIST_INDIRECT_PROVIDER &&
        (!is_reseller_of(in, query->partner) || !clti_guid_equal(in->owner, query->related))) {
        return false;
    }
    return query->is_exact ? clti_str_equal(folded, query->folded)
                           : clti_str_starts_with(folded, query->folded);
}

/* Insertion sort: slow, and right. */
static size_t collect(const memory *in, const clti_list_query *query, const row **found) {
    size_t count = 0;
    for (size_t i = 0; i < in->row_count; i++) {
        const row *candidate = &in->rows[i];
        if (!matches(candidate, query)) {
            continue;
        }
        clt_str folded = sort_fold(candidate, query->field);
        size_t at = count++;
        while (at > 0 &&
               compare_places(folded, candidate->customer.id, sort_fold(found[at - 1], query->field),
                              found[at - 1]->customer.id) < 0) {
            found[at] = found[at - 1];
            at--;
        }
        found[at] = candidate;
    }
    return count;
}

/* How many of the found stand before the position, or at it if `with_equal`. */
static size_t count_before(const clti_list_query *query, const row **found, size_t count, bool with_equal) {
    clt_guid id;
    clt_str folded = {query->position.data, query->position.size - 1 - sizeof id.bytes};
    memcpy(id.bytes, query->position.data + folded.size + 1, sizeof id.bytes);
    size_t before = 0;
    while (before < count) {
        int order =
            compare_places(sort_fold(found[before], query->field), found[before]->customer.id, folded, id);
        if (order > 0 || (order == 0 && !with_equal)) {
            break;
        }
        before++;
    }
    return before;
}

static clt_str position_of(clti_arena *arena, const row *in, clti_list_field field) {
    clt_str folded = sort_fold(in, field);
    size_t cut = folded.size < CLTI_FOLD_KEY_MAX ? folded.size : CLTI_FOLD_KEY_MAX;
    char *bytes = clti_arena_calloc(arena, cut + 17, 1);
    clti_assert(bytes != NULL);
    for (size_t i = 0; i < cut; i++) {
        bytes[i] = folded.data[i];
    }
    for (size_t i = 0; i < 16; i++) {
        bytes[cut + 1 + i] = (char)in->customer.id.bytes[i];
    }
    return (clt_str){bytes, cut + 17};
}

static bool list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                 clti_fault *fault) {
    const memory *in = (const memory *)store;
    const row **found = calloc(in->row_count + 1, sizeof *found);
    clti_assert(found != NULL);
    size_t count = collect(in, query, found);
    size_t begin = 0;
    size_t end = count;
    if (query->start == CLTI_LIST_AFTER) {
        begin = count_before(query, found, count, true);
    } else if (query->start == CLTI_LIST_BEFORE) {
        end = count_before(query, found, count, false);
    }
    if (end - begin > query->size) {
        if (query->start == CLTI_LIST_FIRST || query->start == CLTI_LIST_AFTER) {
            end = begin + query->size;
        } else {
            begin = end - query->size;
        }
    }
    *out = (clti_list_page){0};
    if (begin < end) {
        out->count = end - begin;
        out->items = clti_arena_calloc(arena, out->count, sizeof *out->items);
        clti_assert(out->items != NULL);
        for (size_t i = 0; i < out->count; i++) {
            const clti_customer *customer = &found[begin + i]->customer;
            out->items[i] = (clti_list_item){customer->id, copy(arena, customer->domain),
                                             copy(arena, customer->company_name)};
        }
        out->has_previous = begin > 0;
        out->has_next = end < count;
        out->first_position = position_of(arena, found[begin], query->field);
        out->last_position = position_of(arena, found[end - 1], query->field);
    }
    free(found);
    return true;
}

/* ---- reading ---- */

static bool customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                          clti_customer *out, clti_access *out_access, clti_fault *fault) {
    memory *in = (memory *)store;
    const row *own = find_row(in, partner, id);
    *out_access = CLTI_ACCESS_NONE;
    if (own != NULL) {
        *out = copy_customer(arena, &own->customer);
        *out_access = CLTI_ACCESS_OWNER;
        return true;
    }
    for (size_t i = 0; i < in->row_count; i++) {
        if (clti_guid_equal(in->rows[i].customer.id, id) && is_reseller_of(&in->rows[i], partner)) {
            *out = copy_customer(arena, &in->rows[i].customer);
            *out_access = CLTI_ACCESS_RESELLER;
        }
    }
    return true;
}

static bool partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                         bool *out_found, clti_fault *fault) {
    const memory *in = (const memory *)store;
    *out_found = false;
    for (size_t i = 0; i < in->partner_count; i++) {
        if (clti_guid_equal(in->partners[i].id, id)) {
            *out = copy_partner(arena, &in->partners[i]);
            *out_found = true;
        }
    }
    return true;
}

static const clti_partner *find_domain(const memory *in, clt_str domain) {
    const clti_partner *found = NULL;
    size_t code_points;
    clti_arena scratch = {0};
    for (size_t i = 0; clti_text_check(domain, &code_points) && i < in->partner_count; i++) {
        if (clti_str_equal(fold(&scratch, in->partners[i].domain), fold(&scratch, domain))) {
            found = &in->partners[i];
        }
    }
    clti_arena_done(&scratch);
    return found;
}

static bool partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                bool *out_found, clti_fault *fault) {
    const clti_partner *found = find_domain((const memory *)store, domain);
    *out_found = found != NULL;
    if (found != NULL) {
        *out = copy_partner(arena, found);
    }
    return true;
}

static bool application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                             clti_application *out, bool *out_found, clti_fault *fault) {
    const memory *in = (const memory *)store;
    *out_found = false;
    for (size_t i = 0; i < in->application_count; i++) {
        const clti_application *candidate = &in->applications[i];
        if (clti_guid_equal(candidate->partner, partner) && clti_guid_equal(candidate->id, id)) {
            *out = *candidate;
            out->name = copy(arena, candidate->name);
            *out_found = true;
        }
    }
    return true;
}

static int compare_applications(const void *a, const void *b) {
    const clti_application *left = a;
    const clti_application *right = b;
    int by_partner = memcmp(&left->partner, &right->partner, sizeof left->partner);
    return by_partner != 0 ? by_partner : memcmp(&left->id, &right->id, sizeof left->id);
}

static bool applications(clti_store *store, clti_arena *arena, clti_application **out, size_t *out_count,
                         clti_fault *fault) {
    const memory *in = (const memory *)store;
    *out_count = in->application_count;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i] = in->applications[i];
        (*out)[i].name = copy(arena, in->applications[i].name);
    }
    qsort(*out, *out_count, sizeof **out, compare_applications);
    return true;
}

static int compare_keys(const void *a, const void *b) {
    const clti_signing_key *left = a;
    const clti_signing_key *right = b;
    if (left->created != right->created) {
        return left->created > right->created ? -1 : 1;
    }
    return clti_str_compare(left->id, right->id);
}

static bool signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                         clti_fault *fault) {
    const memory *in = (const memory *)store;
    *out_count = in->key_count;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    clti_assert(*out != NULL);
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i] = in->keys[i];
        (*out)[i].id = copy(arena, in->keys[i].id);
        (*out)[i].private_jwk = copy(arena, in->keys[i].private_jwk);
    }
    qsort(*out, *out_count, sizeof **out, compare_keys);
    return true;
}

static bool partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    const memory *in = (const memory *)store;
    *out = (clti_partner_state){0};
    for (size_t i = 0; i < in->row_count; i++) {
        out->count += is_seen_by(&in->rows[i], partner);
    }
    for (size_t i = 0; i < in->revision_count; i++) {
        if (clti_guid_equal(in->revisions[i].partner, partner)) {
            out->revision = in->revisions[i].number;
        }
    }
    return true;
}

static bool generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    *out = ((const memory *)store)->generation;
    return true;
}

static bool token_key(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault) {
    memcpy(out, ((const memory *)store)->token_key, CLTI_TOKEN_KEY_SIZE);
    return true;
}

/* ---- writing ---- */

static clti_outcome put_partner(memory *in, const clti_partner *partner) {
    const clti_partner *holder = find_domain(in, partner->domain);
    size_t at = 0;
    if (holder != NULL && !clti_guid_equal(holder->id, partner->id)) {
        return (clti_outcome){.refusal = CLTI_FAULT_CONFLICT};
    }
    while (at < in->partner_count && !clti_guid_equal(in->partners[at].id, partner->id)) {
        at++;
    }
    clti_assert(at < FEW_MAX);
    in->partner_count += at == in->partner_count;
    in->partners[at] = copy_partner(&in->arena, partner);
    return (clti_outcome){.done = true};
}

static clti_outcome put_application(memory *in, const clti_application *application) {
    clti_partner partner;
    bool found;
    size_t at = 0;
    clti_arena scratch = {0};
    clti_assert(partner_find(&in->store, application->partner, &scratch, &partner, &found, NULL));
    clti_arena_done(&scratch);
    if (!found) {
        return (clti_outcome){.refusal = CLTI_FAULT_NOT_FOUND};
    }
    while (at < in->application_count && compare_applications(&in->applications[at], application) != 0) {
        at++;
    }
    clti_assert(at < FEW_MAX);
    in->application_count += at == in->application_count;
    in->applications[at] = *application;
    in->applications[at].name = copy(&in->arena, application->name);
    return (clti_outcome){.done = true};
}

static clti_outcome put_key(memory *in, const clti_signing_key *key) {
    size_t at = 0;
    while (at < in->key_count && !clti_str_equal(in->keys[at].id, key->id)) {
        at++;
    }
    clti_assert(at < FEW_MAX);
    in->key_count += at == in->key_count;
    in->keys[at] = *key;
    in->keys[at].id = copy(&in->arena, key->id);
    in->keys[at].private_jwk = copy(&in->arena, key->private_jwk);
    return (clti_outcome){.done = true};
}

static void touch_viewers(memory *in, const row *of) {
    if (is_listed(of)) {
        touch(in, of->owner);
        if (is_reseller_of(of, of->customer.associated_partner_id)) {
            touch(in, of->customer.associated_partner_id);
        }
    }
}

static clti_outcome delete_customer(memory *in, clt_guid owner, clt_guid id) {
    row *found = find_row(in, owner, id);
    if (found == NULL) {
        return (clti_outcome){.refusal = CLTI_FAULT_CUSTOMER_NOT_FOUND};
    }
    touch_viewers(in, found);
    *found = in->rows[--in->row_count];
    return (clti_outcome){.done = true};
}

static clti_outcome apply_one(memory *in, const clti_change *change) {
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
    case CLTI_CHANGE_CUSTOMER_DELETE:
        return delete_customer(in, change->of.customer.partner, change->of.customer.id);
    }
    in->generation += outcome.done;
    return outcome;
}

static bool apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                  clti_fault *fault) {
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = apply_one((memory *)store, &changes[i]);
    }
    return true;
}

/* Domains are unique over all; an id is unique in each list that would show it. */
static bool is_taken(memory *in, const row *wanted) {
    clt_guid reseller = wanted->customer.associated_partner_id;
    for (size_t i = 0; i < in->row_count; i++) {
        const row *other = &in->rows[i];
        bool same_id = clti_guid_equal(other->customer.id, wanted->customer.id);
        if (same_id && clti_guid_equal(other->owner, wanted->owner)) {
            continue; /* this very customer */
        }
        if (clti_str_equal(other->domain_fold, wanted->domain_fold)) {
            return true;
        }
        if (same_id && (is_reseller_of(other, wanted->owner) ||
                        (is_reseller_of(wanted, reseller) &&
                         (clti_guid_equal(other->owner, reseller) || is_reseller_of(other, reseller))))) {
            return true;
        }
    }
    return false;
}

static clti_load_outcome load_one(memory *in, clt_guid partner, const clti_customer *customer) {
    row *old = find_row(in, partner, customer->id);
    if (old != NULL && clti_customer_equal(&old->customer, customer)) {
        return CLTI_LOAD_UNCHANGED;
    }
    row wanted = {partner, copy_customer(&in->arena, customer), fold(&in->arena, customer->company_name),
                  fold(&in->arena, customer->domain)};
    if (is_taken(in, &wanted)) {
        return CLTI_LOAD_DOMAIN_TAKEN;
    }
    touch_viewers(in, &wanted);
    if (old != NULL) {
        touch_viewers(in, old);
        *old = wanted;
        return CLTI_LOAD_UPDATED;
    }
    clti_assert(in->row_count < ROWS_MAX);
    in->rows[in->row_count++] = wanted;
    return CLTI_LOAD_NEW;
}

static bool load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                 clti_load_outcome *outcomes, clti_fault *fault) {
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = load_one((memory *)store, partner, &customers[i]);
    }
    return true;
}

/* ---- the rest ---- */

static bool claim(clti_store *store, clti_fault *fault) {
    ((memory *)store)->claimed = true;
    return true;
}

static bool is_claimed(clti_store *store) {
    return ((const memory *)store)->claimed;
}

static bool commit_new(clti_store *store, clti_fault *fault) {
    return true;
}

static void close_memory(clti_store *store) {
    memory *in = (memory *)store;
    clti_arena_done(&in->arena);
    free(in->rows);
    free(in);
}

static const clti_store_operations operations = {
    .close = close_memory,
    .commit_new = commit_new,
    .claim = claim,
    .is_claimed = is_claimed,
    .list = list,
    .customer_find = customer_find,
    .partner_find = partner_find,
    .partner_find_domain = partner_find_domain,
    .application_find = application_find,
    .applications = applications,
    .signing_keys = signing_keys,
    .partner_state = partner_state,
    .generation = generation,
    .token_key = token_key,
    .apply = apply,
    .load = load,
};

clti_store *clti_memory_store_new(void) {
    memory *made = calloc(1, sizeof *made);
    clti_assert(made != NULL);
    made->rows = calloc(ROWS_MAX, sizeof *made->rows);
    clti_assert(made->rows != NULL);
    made->store.operations = &operations;
    clti_random_bytes(made->token_key, sizeof made->token_key);
    return &made->store;
}
