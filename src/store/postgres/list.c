/*
 * One page is one statement: a range of the index list_item, one item on the page's other side, and the state
 * of the list, all in one view. A fold that is longer than keys tell is looked for in list_long.c.
 */
#include "store/postgres/list_private.h"

#include <string.h>

#define ID_SIZE sizeof(clt_guid)

/* ---- the range ---- */

bool clti_pg_range_build(const clti_list_query *query, clti_pg_range *out) {
    clt_str folded = query->folded;
    /* No name contains U+0000, and in keys it ends the fold. */
    if (folded.size > 0 && memchr(folded.data, 0, folded.size) != NULL)
        return false;
    clti_pg_key_list(&out->begin, query->field, query->related);
    out->head_size = out->begin.size;
    out->compares_folds = folded.size >= CLTI_FOLD_KEY_MAX;
    if (out->compares_folds)
        folded.size = CLTI_FOLD_KEY_MAX;
    clti_pg_key_add(&out->begin, folded);
    if (query->is_exact && !out->compares_folds)
        clti_pg_key_add(&out->begin, (clt_str){"", 1});
    /* The first key behind all that begin so. There is one: a key's first byte is small. */
    out->end = out->begin;
    while (out->end.bytes[out->end.size - 1] == UINT8_MAX)
        out->end.size--;
    out->end.bytes[out->end.size - 1]++;
    return true;
}

static int compare_keys(const clti_pg_key *a, const clti_pg_key *b) {
    return clti_str_compare(clti_pg_key_str(a), clti_pg_key_str(b));
}

void clti_pg_range_split(const clti_list_query *query, const clti_pg_range *range, clti_pg_key *out) {
    bool is_after = query->start == CLTI_LIST_AFTER;
    *out = query->start == CLTI_LIST_LAST ? range->end : range->begin;
    if (!is_after && query->start != CLTI_LIST_BEFORE)
        return;
    /* A position from another prefix may stand outside of the range. */
    clti_pg_key at = range->begin;
    at.size = range->head_size;
    clti_assert(query->position.size <= CLTI_POSITION_MAX);
    clti_pg_key_add(&at, query->position);
    if (is_after)
        at.bytes[at.size++] = 0; /* just behind it */
    *out = at;
    if (compare_keys(&at, &range->begin) < 0)
        *out = range->begin;
    else if (compare_keys(&at, &range->end) > 0)
        *out = range->end;
}

/* ---- the statements ---- */

/* Columns: key, item; key alone: the item on the other side; neither: the state. $1 the partner, $2 and $3
 * the range, $4 how many, $5 where the other side ends. */
#define PAGE(order)                                                                                          \
    "SELECT key, item, NULL::bigint, NULL::bigint FROM (SELECT key, item FROM clientele.list_item "          \
    "WHERE partner = $1 AND key >= $2 AND key < $3 ORDER BY key " order " LIMIT $4) AS page "
#define OTHER_SIDE(low, high, order)                                                                         \
    "UNION ALL (SELECT key, NULL, NULL, NULL FROM clientele.list_item "                                      \
    "WHERE partner = $1 AND key >= " low " AND key < " high " ORDER BY key " order " LIMIT 1) "
#define STATE                                                                                                \
    "UNION ALL SELECT NULL, NULL, coalesce(sum(revision), 0)::bigint, coalesce(sum(count), 0)::bigint "      \
    "FROM clientele.list_state WHERE partner = $1"

const clti_pg_statement clti_pg_list_statements[] = {
    [CLTI_LIST_FIRST] = {PAGE("ASC") STATE},
    [CLTI_LIST_AFTER] = {PAGE("ASC") OTHER_SIDE("$5", "$2", "DESC") STATE},
    [CLTI_LIST_BEFORE] = {PAGE("DESC") OTHER_SIDE("$3", "$5", "ASC") STATE},
    [CLTI_LIST_LAST] = {PAGE("DESC") STATE},
};

void clti_pg_list_parameters(const clti_list_query *query, const clti_pg_range *range,
                             const clti_pg_key *split, clti_pg_parameters *out) {
    bool forwards = clti_pg_is_forwards(query);
    clti_pg_clear(out);
    clti_pg_add_guid(out, query->partner);
    clti_pg_add_bytes(out, clti_pg_key_str(forwards ? split : &range->begin));
    clti_pg_add_bytes(out, clti_pg_key_str(forwards ? &range->end : split));
    clti_pg_add_int64(out, (int64_t)query->size + 1);
    if (query->start == CLTI_LIST_AFTER)
        clti_pg_add_bytes(out, clti_pg_key_str(&range->begin));
    else if (query->start == CLTI_LIST_BEFORE)
        clti_pg_add_bytes(out, clti_pg_key_str(&range->end));
}

/* ---- the page ---- */

bool clti_pg_read_item(const clti_postgres *store, clt_str key, clt_str item, clti_list_item *out,
                       clti_fault *fault) {
    clt_guid id;
    if (key.size < ID_SIZE)
        return clti_pg_fail_record(store, "list_item", key, fault);
    memcpy(id.bytes, key.data + key.size - ID_SIZE, ID_SIZE);
    return clti_record_read_item(item, id, out) || clti_pg_fail_record(store, "list_item", key, fault);
}

typedef struct rows {
    const PGresult *result;
    int items; /* rows of the page, the one too many included */
    bool has_other_side;
} rows;

/* What kind each row is shows in its columns. */
static rows sort_out(const PGresult *result) {
    int count = PQntuples(result) - 1; /* the state is the last */
    rows out = {.result = result, .items = count};
    if (count > 0 && clti_pg_is_null(result, count - 1, 1)) {
        out.has_other_side = true;
        out.items--;
    }
    return out;
}

static bool read_items(const clti_postgres *store, const clti_list_query *query, const rows *in,
                       size_t head_size, clti_arena *arena, clti_list_page *out, clti_fault *fault) {
    bool forwards = clti_pg_is_forwards(query);
    out->count = (size_t)in->items < query->size ? (size_t)in->items : query->size;
    out->items = clti_arena_alloc(arena, out->count * sizeof *out->items);
    if (out->items == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < out->count; i++) {
        clti_list_item *item = &out->items[forwards ? i : out->count - 1 - i];
        if (!clti_pg_read_item(store, clti_pg_bytes(in->result, (int)i, 0),
                               clti_pg_bytes(in->result, (int)i, 1), item, fault))
            return false;
    }
    clt_str near = clti_str_from(clti_pg_bytes(in->result, 0, 0), head_size);
    clt_str far = clti_str_from(clti_pg_bytes(in->result, (int)out->count - 1, 0), head_size);
    return clti_page_keep(forwards ? near : far, forwards ? far : near, arena, out, fault);
}

static bool read_page(const clti_postgres *store, const clti_list_query *query, const PGresult *result,
                      size_t head_size, clti_arena *arena, clti_list_page *out, clti_fault *fault) {
    const rows in = sort_out(result);
    int last = PQntuples(result) - 1;
    out->revision = (uint64_t)clti_pg_int64(result, last, 2);
    out->total = (uint64_t)clti_pg_int64(result, last, 3);
    if (in.items == 0)
        return true;
    bool has_more = (size_t)in.items > query->size;
    bool forwards = clti_pg_is_forwards(query);
    out->has_next = forwards ? has_more : in.has_other_side;
    out->has_previous = forwards ? in.has_other_side : has_more;
    return read_items(store, query, &in, head_size, arena, out, fault);
}

/* ---- the operations ---- */

/* A query that nothing can match still tells the state. */
static bool read_state_alone(clti_store *store, const clti_list_query *query, clti_list_page *out,
                             clti_fault *fault) {
    clti_partner_state state;
    if (!clti_pg_partner_state(store, query->partner, &state, fault))
        return false;
    *out = (clti_list_page){.revision = state.revision, .total = state.count};
    return true;
}

bool clti_pg_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                  clti_fault *fault) {
    clti_postgres *postgres = (clti_postgres *)store;
    clti_pg_range range;
    clti_pg_key split;
    clti_pg_parameters parameters;
    PGresult *result;
    clti_list_page page = {0};
    clti_assert(query->size >= 1 && query->size <= CLTI_PAGE_SIZE_MAX);
    if (!clti_pg_range_build(query, &range))
        return read_state_alone(store, query, out, fault);
    clti_pg_range_split(query, &range, &split);
    if (range.compares_folds)
        return clti_pg_list_long(postgres, query, &range, &split, arena, out, fault);
    clti_pg_list_parameters(query, &range, &split, &parameters);
    if (!clti_pg_read(postgres, &clti_pg_list_statements[query->start], &parameters, &result, fault))
        return false;
    bool done = read_page(postgres, query, result, range.head_size, arena, &page, fault);
    PQclear(result);
    if (done)
        *out = page;
    return done;
}

const clti_pg_statement clti_pg_count_statement = {
    "SELECT count(*) FROM (SELECT FROM clientele.list_item WHERE partner = $1 AND key >= $2 AND key < $3 "
    "LIMIT $4) AS counted"};

bool clti_pg_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                   clti_fault *fault) {
    clti_postgres *postgres = (clti_postgres *)store;
    clti_pg_range range;
    clti_pg_parameters parameters;
    PGresult *result;
    *out = 0;
    if (most == 0 || !clti_pg_range_build(query, &range))
        return true;
    if (range.compares_folds)
        return clti_pg_count_long(postgres, query, &range, most, out, fault);
    clti_pg_clear(&parameters);
    clti_pg_add_guid(&parameters, query->partner);
    clti_pg_add_bytes(&parameters, clti_pg_key_str(&range.begin));
    clti_pg_add_bytes(&parameters, clti_pg_key_str(&range.end));
    clti_pg_add_int64(&parameters, most < INT64_MAX ? (int64_t)most : INT64_MAX);
    if (!clti_pg_read(postgres, &clti_pg_count_statement, &parameters, &result, fault))
        return false;
    *out = (uint64_t)clti_pg_int64(result, 0, 0);
    PQclear(result);
    return true;
}
