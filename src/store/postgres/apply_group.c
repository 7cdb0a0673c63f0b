/* How a group of changes is split into transactions, and put into order. */
#include "store/postgres/apply_private.h"

#include <stdlib.h>

typedef struct group {
    clti_postgres *store;
    int64_t deadline_us;
    clti_pg_builder builder;
    clti_arena arena;
    clti_pg_member *members; /* all but expiry */
    clti_pg_member *ordered; /* those of a part */
    bool *is_taken;          /* belongs to a part already */
    size_t count;
    const clti_change *expiry;
    clti_outcome *expiry_outcome;
    bool done_any;
} group;

/* ---- parts ---- */

static clt_guid partner_of(const clti_change *change) {
    switch ((int)change->kind) {
    case CLTI_CHANGE_CUSTOMER_DELETE:
        return change->of.customer.partner;
    case CLTI_CHANGE_CUSTOMER_CREATE:
    case CLTI_CHANGE_CUSTOMER_UPDATE:
        return change->of.written.partner;
    default:
        if (change->audit != NULL)
            return change->audit->partner;
        return change->idempotency != NULL ? change->idempotency->partner : (clt_guid){{0}};
    }
}

static bool has_customers_alone(const group *of) {
    for (size_t i = 0; i < of->count; i++)
        if (!clti_pg_is_of_customer(of->members[i].change->kind))
            return false;
    return true;
}

/* The members from `first` on that are of the same partner, or all. */
static size_t take_part(group *of, size_t first, bool by_partner) {
    clt_guid partner = partner_of(of->members[first].change);
    size_t count = 0;
    for (size_t i = first; i < of->count; i++) {
        if (of->is_taken[i] || (by_partner && !clti_guid_equal(partner_of(of->members[i].change), partner)))
            continue;
        of->is_taken[i] = true;
        of->ordered[count++] = of->members[i];
    }
    return count;
}

/* ---- order ---- */

/* Absent: it cannot be told before somebody looks. */
static clt_str domain_of(const clti_change *change) {
    if (change->kind == CLTI_CHANGE_CUSTOMER_CREATE || change->kind == CLTI_CHANGE_CUSTOMER_UPDATE)
        return change->of.written.customer->domain;
    if (change->kind == CLTI_CHANGE_CUSTOMER_DELETE && change->of.customer.expected != NULL)
        return change->of.customer.expected->domain;
    return change->kind == CLTI_CHANGE_NOTHING ? CLTI_STR("") : (clt_str){NULL, 0};
}

static bool share_request(const clti_change *a, const clti_change *b) {
    return a->idempotency != NULL && b->idempotency != NULL &&
           clti_guid_equal(a->idempotency->key, b->idempotency->key) &&
           clti_guid_equal(a->idempotency->partner, b->idempotency->partner);
}

/* Two of one request must stay in their order, whatever they are about. */
static bool has_shared_request(const clti_pg_part *part) {
    for (size_t i = 0; i < part->count; i++)
        for (size_t j = 0; j < i; j++)
            if (share_request(part->members[i].change, part->members[j].change))
                return true;
    return false;
}

static int compare(const void *a, const void *b) {
    const clti_pg_member *left = a;
    const clti_pg_member *right = b;
    int order = clti_str_compare(left->domain, right->domain);
    return order != 0 ? order : (left->at < right->at ? -1 : 1);
}

/* By domain, so that two processes that write the same customers do not wait for each other in a circle.
 * Changes of one customer keep their order. What cannot be ordered is left as it is: then a deadlock ends in
 * another try. */
static bool put_into_order(group *of, clti_pg_part *part, clti_fault *fault) {
    if (part->count < 2 || has_shared_request(part))
        return true;
    for (size_t i = 0; i < part->count; i++) {
        clti_pg_member *member = &part->members[i];
        clt_str domain = domain_of(member->change);
        if (domain.data == NULL)
            return true;
        if (!clti_text_fold(domain, &of->builder.scratch) && !clti_buf_ok(&of->builder.scratch))
            return clti_fault_no_memory(fault);
        bool kept = clti_arena_copy(&of->arena, clti_buf_str(&of->builder.scratch), &member->domain);
        clti_buf_clear(&of->builder.scratch);
        if (!kept)
            return clti_fault_no_memory(fault);
    }
    qsort(part->members, part->count, sizeof *part->members, compare);
    return true;
}

/* ---- the group ---- */

static bool apply_part(group *of, clti_pg_part *part, bool in_order, clti_fault *fault) {
    if (in_order && !put_into_order(of, part, fault))
        return false;
    if (of->done_any && clti_steady_us() >= of->deadline_us)
        return clti_fault_set(fault, CLTI_FAULT_BUSY, NULL, "store '%s': no time is left; try again",
                              of->store->name);
    return clti_pg_apply_part(of->store, of->deadline_us, part, fault);
}

/* A part that fails when others are done is told by its outcomes. */
static bool apply_parts(group *of, clti_fault *fault) {
    bool by_partner = has_customers_alone(of);
    bool failed = false;
    for (size_t i = 0; i < of->count; i++) {
        if (of->is_taken[i])
            continue;
        clti_pg_part part = {&of->builder, of->ordered, take_part(of, i, by_partner)};
        if (apply_part(of, &part, by_partner, fault)) {
            of->done_any = true;
            continue;
        }
        failed = true;
        for (size_t k = 0; k < part.count; k++)
            *part.members[k].outcome = (clti_outcome){.refusal = fault->code};
    }
    return !failed || of->done_any;
}

static bool apply_expiry(group *of, clti_fault *fault) {
    if (of->expiry == NULL)
        return true;
    bool done = clti_pg_expire(of->store, of->expiry, fault);
    *of->expiry_outcome = (clti_outcome){.done = done, .refusal = done ? (clti_fault_code)0 : fault->code};
    return done || of->done_any;
}

static bool gather(group *of, const clti_change *changes, size_t count, clti_outcome *outcomes,
                   clti_fault *fault) {
    of->members = clti_arena_calloc(&of->arena, count, sizeof *of->members);
    of->ordered = clti_arena_calloc(&of->arena, count, sizeof *of->ordered);
    of->is_taken = clti_arena_calloc(&of->arena, count, sizeof *of->is_taken);
    if (of->members == NULL || of->ordered == NULL || of->is_taken == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < count; i++) {
        if (changes[i].kind == CLTI_CHANGE_EXPIRE) {
            of->expiry = &changes[i];
            of->expiry_outcome = &outcomes[i];
            continue;
        }
        of->members[of->count] =
            (clti_pg_member){.change = &changes[i], .outcome = &outcomes[i], .at = of->count};
        of->count++;
    }
    return true;
}

bool clti_pg_apply(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                   clti_fault *fault) {
    clti_postgres *postgres = (clti_postgres *)store;
    clti_fault why;
    group of = {.store = postgres, .deadline_us = clti_pg_deadline(postgres)};
    clti_pg_builder_init(&of.builder, postgres);
    bool done =
        gather(&of, changes, count, outcomes, &why) && apply_parts(&of, &why) && apply_expiry(&of, &why);
    clti_pg_builder_done(&of.builder);
    clti_arena_done(&of.arena);
    if (!done && fault != NULL)
        *fault = why;
    return done;
}
