/* The list, by scanning everything. */
#include "support/memory_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- who sees what ---- */

bool clti_memory_is_listed(const clti_memory_row *in) {
    return in->customer.relationship == CLTI_RELATIONSHIP_RESELLER;
}

bool clti_memory_is_reseller_of(const clti_memory_row *in, clt_guid partner) {
    return clti_memory_is_listed(in) && !clti_guid_is_absent(partner) &&
           !clti_guid_equal(in->owner, partner) &&
           clti_guid_equal(in->customer.associated_partner_id, partner);
}

bool clti_memory_is_seen_by(const clti_memory_row *in, clt_guid partner) {
    return clti_memory_is_listed(in) &&
           (clti_guid_equal(in->owner, partner) || clti_memory_is_reseller_of(in, partner));
}

/* ---- the list ---- */

/* Equal folds (as far as keys go) are told apart by id; a shorter one that another begins with is first. */
static int compare_places(clt_str fold_a, clt_guid id_a, clt_str fold_b, clt_guid id_b) {
    for (size_t i = 0; i < CLTI_FOLD_KEY_MAX; i++) {
        int a = i < fold_a.size ? (uint8_t)fold_a.data[i] : -1;
        int b = i < fold_b.size ? (uint8_t)fold_b.data[i] : -1;
        if (a != b)
            return a < b ? -1 : 1;
        if (a == -1)
            break;
    }
    return memcmp(id_a.bytes, id_b.bytes, sizeof id_a.bytes);
}

static clt_str sort_fold(const clti_memory_row *in, clti_list_field field) {
    return field == CLTI_LIST_DOMAIN ? in->domain_fold : in->name_fold;
}

static bool matches(const clti_memory_row *in, const clti_list_query *query) {
    clt_str folded = sort_fold(in, query->field);
    if (!clti_memory_is_seen_by(in, query->partner))
        return false;
    if (query->field == CLTI_LIST_INDIRECT_RESELLER &&
        (!clti_guid_equal(in->owner, query->partner) || clti_guid_is_absent(query->related) ||
         !clti_guid_equal(in->customer.associated_partner_id, query->related)))
        return false;
    if (query->field == CLTI_LIST_INDIRECT_PROVIDER &&
        (!clti_memory_is_reseller_of(in, query->partner) || !clti_guid_equal(in->owner, query->related)))
        return false;
    return query->is_exact ? clti_str_equal(folded, query->folded)
                           : clti_str_starts_with(folded, query->folded);
}

/* Insertion sort: slow, and right. */
static size_t collect(const clti_memory *in, const clti_list_query *query, const clti_memory_row **found) {
    size_t count = 0;
    for (size_t i = 0; i < in->row_count; i++) {
        const clti_memory_row *candidate = &in->rows[i];
        if (!matches(candidate, query))
            continue;
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
static size_t count_before(const clti_list_query *query, const clti_memory_row **found, size_t count,
                           bool with_equal) {
    clt_guid id;
    clt_str folded = {query->position.data, query->position.size - 1 - sizeof id.bytes};
    memcpy(id.bytes, query->position.data + folded.size + 1, sizeof id.bytes);
    size_t before = 0;
    while (before < count) {
        int order =
            compare_places(sort_fold(found[before], query->field), found[before]->customer.id, folded, id);
        if (order > 0 || (order == 0 && !with_equal))
            break;
        before++;
    }
    return before;
}

static clt_str position_of(clti_arena *arena, const clti_memory_row *in, clti_list_field field) {
    clt_str folded = sort_fold(in, field);
    size_t cut = folded.size < CLTI_FOLD_KEY_MAX ? folded.size : CLTI_FOLD_KEY_MAX;
    char *bytes = clti_arena_calloc(arena, cut + 17, 1);
    clti_assert(bytes != NULL);
    for (size_t i = 0; i < cut; i++)
        bytes[i] = folded.data[i];
    for (size_t i = 0; i < 16; i++)
        bytes[cut + 1 + i] = (char)in->customer.id.bytes[i];
    return (clt_str){bytes, cut + 17};
}

bool clti_memory_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                      clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    const clti_memory_row **found = calloc(in->row_count + 1, sizeof *found);
    clti_assert(found != NULL);
    size_t count = collect(in, query, found);
    size_t begin = 0;
    size_t end = count;
    if (query->start == CLTI_LIST_AFTER)
        begin = count_before(query, found, count, true);
    else if (query->start == CLTI_LIST_BEFORE)
        end = count_before(query, found, count, false);
    if (end - begin > query->size) {
        if (query->start == CLTI_LIST_FIRST || query->start == CLTI_LIST_AFTER)
            end = begin + query->size;
        else
            begin = end - query->size;
    }
    *out = (clti_list_page){0};
    if (begin < end) {
        out->count = end - begin;
        out->items = clti_arena_calloc(arena, out->count, sizeof *out->items);
        clti_assert(out->items != NULL);
        for (size_t i = 0; i < out->count; i++) {
            const clti_customer *customer = &found[begin + i]->customer;
            out->items[i] = (clti_list_item){customer->id, clti_memory_copy(arena, customer->domain),
                                             clti_memory_copy(arena, customer->company_name)};
        }
        out->has_previous = begin > 0;
        out->has_next = end < count;
        out->first_position = position_of(arena, found[begin], query->field);
        out->last_position = position_of(arena, found[end - 1], query->field);
    }
    free(found);
    clti_partner_state state;
    bool done = store->operations->partner_state(store, query->partner, &state, fault);
    out->revision = state.revision;
    out->total = state.count;
    return done;
}

bool clti_memory_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                       clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    *out = 0;
    for (size_t i = 0; i < in->row_count && *out < most; i++)
        *out += matches(&in->rows[i], query);
    return true;
}
