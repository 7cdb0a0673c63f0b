#include "support/memory_private.h"

#include <string.h>

/* ---- audit ---- */

static clti_audit_record copy_audit(clti_arena *arena, const clti_audit_record *from) {
    clti_audit_record to = *from;
    to.customer_name = clti_memory_copy(arena, from->customer_name);
    to.user = clti_memory_copy(arena, from->user);
    to.old_value = clti_memory_copy(arena, from->old_value);
    to.new_value = clti_memory_copy(arena, from->new_value);
    to.customized = clti_memory_copy(arena, from->customized);
    return to;
}

static bool has_date(const clti_memory *in, clt_guid partner, int64_t date) {
    for (size_t i = 0; i < in->audit_count; i++)
        if (clti_guid_equal(in->audits[i].partner, partner) && in->audits[i].date == date)
            return true;
    return false;
}

void clti_memory_audit_put(clti_memory *in, const clti_audit_record *audit) {
    clti_audit_record kept = copy_audit(&in->arena, audit);
    size_t at = in->audit_count++;
    clti_assert(in->audit_count < CLTI_MEMORY_KEPT_MAX);
    for (in->audits[at].date = -1; has_date(in, kept.partner, kept.date);)
        kept.date++;
    for (; at > 0 && in->audits[at - 1].date > kept.date; at--)
        in->audits[at] = in->audits[at - 1];
    in->audits[at] = kept;
}

static bool contains(clt_str text, clt_str part) {
    for (size_t i = 0; i + part.size <= text.size; i++)
        if (part.size == 0 || memcmp(text.data + i, part.data, part.size) == 0)
            return true;
    return false;
}

static bool audit_matches(const clti_audit_record *record, const clti_audit_query *query,
                          clti_arena *scratch) {
    const char *resource = clti_audit_kind_of(record->operation)->resource;
    if (!clti_guid_equal(record->partner, query->partner) || record->date < query->from ||
        record->date >= query->to)
        return false;
    if (query->operation != 0 && query->operation != record->operation)
        return false;
    if (query->resource != NULL && strcmp(query->resource, resource) != 0)
        return false;
    if (!clti_guid_is_absent(query->customer) && !clti_guid_equal(query->customer, record->customer))
        return false;
    if (!clti_guid_is_absent(query->application) && !clti_guid_equal(query->application, record->application))
        return false;
    if (query->user.size > 0 && !clti_str_equal_nocase(query->user, record->user))
        return false;
    return query->folded_name.size == 0 ||
           contains(clti_memory_fold(scratch, record->customer_name), query->folded_name);
}

bool clti_memory_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                            clti_audit_page *out, clti_fault *fault) {
    const clti_memory *in = (const clti_memory *)store;
    clti_audit_record *all = clti_arena_calloc(arena, in->audit_count + 1, sizeof *all);
    size_t count = 0;
    clti_assert(all != NULL);
    for (size_t i = in->audit_count; i-- > 0;)
        if (audit_matches(&in->audits[i], query, arena))
            all[count++] = copy_audit(arena, &in->audits[i]);
    *out = (clti_audit_page){.records = all, .count = count, .has_more = count > query->size};
    if (out->has_more) {
        out->count = query->size;
        if (query->is_forwards)
            out->records = all + (count - query->size);
    }
    return true;
}

/* ---- idempotency ---- */

static size_t find_repeat(const clti_memory *in, clt_guid partner, clt_guid key) {
    size_t at = 0;
    while (at < in->repeat_count &&
           !(clti_guid_equal(in->repeats[at].partner, partner) && clti_guid_equal(in->repeats[at].key, key)))
        at++;
    return at;
}

const clti_idempotency *clti_memory_idempotency_get(const clti_memory *in, clt_guid partner, clt_guid key,
                                                    int64_t now) {
    size_t at = find_repeat(in, partner, key);
    return at < in->repeat_count && now - in->repeats[at].created < CLTI_IDEMPOTENCY_SECONDS
               ? &in->repeats[at]
               : NULL;
}

bool clti_memory_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                                  clti_arena *arena, clti_idempotency *out, bool *out_found,
                                  clti_fault *fault) {
    const clti_idempotency *kept = clti_memory_idempotency_get((const clti_memory *)store, partner, key, now);
    *out_found = kept != NULL;
    if (kept != NULL) {
        *out = *kept;
        out->answer.body = clti_memory_copy(arena, kept->answer.body);
    }
    return true;
}

void clti_memory_idempotency_put(clti_memory *in, const clti_idempotency *idempotency) {
    size_t at = find_repeat(in, idempotency->partner, idempotency->key);
    clti_assert(at < CLTI_MEMORY_KEPT_MAX);
    in->repeat_count += at == in->repeat_count;
    in->repeats[at] = *idempotency;
    in->repeats[at].answer.body = clti_memory_copy(&in->arena, idempotency->answer.body);
}

/* All at once: a store need not be quicker than it may be slow. */
void clti_memory_expire(clti_memory *in, int64_t idempotency_before, int64_t audit_before) {
    size_t kept = 0;
    for (size_t i = 0; i < in->audit_count; i++)
        if (in->audits[i].date >= audit_before)
            in->audits[kept++] = in->audits[i];
    in->audit_count = kept;
    for (size_t i = in->repeat_count; i-- > 0;)
        if (in->repeats[i].created < idempotency_before)
            in->repeats[i] = in->repeats[--in->repeat_count];
}
