/*
 * Lists filtered by a text whose fold is longer than keys tell: what the keys let through is compared with
 * the items, batch by batch, in one view. Rare, so simple.
 */
#include "store/postgres/list_private.h"

#define BATCH_SIZE 256

typedef struct found {
    clt_str key;
    clti_list_item item;
} found;

typedef struct scan {
    clti_postgres *store;
    const clti_list_query *query;
    const clti_pg_range *range;
    const clti_pg_key *split; /* NULL: count */
    clti_arena *arena;        /* of the page; NULL: count */
    uint64_t most;            /* to count up to */
    clti_buf folded;          /* of the item compared last */
    uint64_t count;
    clti_list_page page;
} scan;

/* What one search is for. */
typedef struct search {
    bool forwards;
    clti_pg_key low, high;
    uint64_t most;
    found *found; /* room for `most`; NULL: only count */
    uint64_t count;
} search;

static clti_pg_verdict failed(bool done) {
    return done ? CLTI_PG_DONE : CLTI_PG_FAILED;
}

/* ---- searching ---- */

static bool matches(scan *in, const clti_list_item *item, bool *out, clti_fault *fault) {
    const clti_list_query *query = in->query;
    clti_buf_clear(&in->folded);
    if (!clti_text_fold(query->field == CLTI_LIST_DOMAIN ? item->domain : item->company_name, &in->folded))
        return clti_fault_no_memory(fault);
    clt_str folded = clti_buf_str(&in->folded);
    *out =
        query->is_exact ? clti_str_equal(folded, query->folded) : clti_str_starts_with(folded, query->folded);
    return true;
}

static bool keep(const scan *in, clt_str key, const clti_list_item *item, search *of, clti_fault *fault) {
    if (of->found == NULL)
        return true;
    found *kept = &of->found[of->count];
    clt_str texts = {item->domain.data, item->domain.size + item->company_name.size};
    if (!clti_arena_copy(in->arena, key, &kept->key) || !clti_arena_copy(in->arena, texts, &texts))
        return clti_fault_no_memory(fault);
    kept->item = (clti_list_item){.id = item->id,
                                  .domain = {texts.data, item->domain.size},
                                  .company_name = {texts.data + item->domain.size, item->company_name.size}};
    return true;
}

static bool look_through(scan *in, const PGresult *result, search *of, clti_fault *fault) {
    for (int i = 0; i < PQntuples(result) && of->count < of->most; i++) {
        clti_list_item item;
        bool matched = false;
        clt_str key = clti_pg_bytes(result, i, 0);
        if (!clti_pg_read_item(in->store, key, clti_pg_bytes(result, i, 1), &item, fault) ||
            !matches(in, &item, &matched, fault) || (matched && !keep(in, key, &item, of, fault)))
            return false;
        of->count += matched;
    }
    return true;
}

/* Go on behind the last row of a batch. */
static void move_on(clt_str key, search *of) {
    clti_pg_key *at = of->forwards ? &of->low : &of->high;
    at->size = 0;
    clti_pg_key_add(at, key);
    if (of->forwards)
        clti_pg_key_add(at, (clt_str){"", 1});
}

static clti_pg_verdict run_search(scan *in, clti_pg_connection *on, search *of, clti_fault *fault) {
#define BATCH(order)                                                                                         \
    "SELECT key, item FROM clientele.list_item WHERE partner = $1 AND key >= $2 AND key < $3 "               \
    "ORDER BY key " order " LIMIT $4"
    static const clti_pg_statement upwards = {BATCH("ASC")};
    static const clti_pg_statement downwards = {BATCH("DESC")};
    int rows = BATCH_SIZE;
    while (rows == BATCH_SIZE && of->count < of->most) {
        PGresult *result;
        clti_pg_parameters parameters;
        clti_pg_clear(&parameters);
        clti_pg_add_guid(&parameters, in->query->partner);
        clti_pg_add_bytes(&parameters, clti_pg_key_str(&of->low));
        clti_pg_add_bytes(&parameters, clti_pg_key_str(&of->high));
        clti_pg_add_int64(&parameters, BATCH_SIZE);
        clti_pg_verdict verdict =
            clti_pg_call(on, of->forwards ? &upwards : &downwards, &parameters, &result, fault);
        if (verdict != CLTI_PG_DONE)
            return verdict;
        rows = PQntuples(result);
        verdict = failed(look_through(in, result, of, fault));
        if (rows > 0)
            move_on(clti_pg_bytes(result, rows - 1, 0), of);
        PQclear(result);
        if (verdict != CLTI_PG_DONE)
            return verdict;
    }
    return CLTI_PG_DONE;
}

/* ---- what is searched ---- */

static clti_pg_verdict count_all(scan *in, clti_pg_connection *on, clti_fault *fault) {
    search all = {.forwards = true, .low = in->range->begin, .high = in->range->end, .most = in->most};
    clti_pg_verdict verdict = run_search(in, on, &all, fault);
    in->count = all.count;
    return verdict;
}

static bool make_page(scan *in, const search *page, bool has_other_side, clti_fault *fault) {
    clti_list_page *out = &in->page;
    bool has_more = page->count > in->query->size;
    out->count = has_more ? in->query->size : (size_t)page->count;
    out->has_next = page->forwards ? has_more : has_other_side;
    out->has_previous = page->forwards ? has_other_side : has_more;
    out->items = clti_arena_alloc(in->arena, out->count * sizeof *out->items);
    if (out->items == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = page->found[page->forwards ? i : out->count - 1 - i].item;
    const found *near = &page->found[0];
    const found *far = &page->found[out->count - 1];
    out->first_position = clti_str_from(page->forwards ? near->key : far->key, in->range->head_size);
    out->last_position = clti_str_from(page->forwards ? far->key : near->key, in->range->head_size);
    return true;
}

static clti_pg_verdict list_page(scan *in, clti_pg_connection *on, clti_fault *fault) {
    const clti_pg_range *range = in->range;
    bool forwards = clti_pg_is_forwards(in->query);
    search page = {.forwards = forwards,
                   .low = forwards ? *in->split : range->begin,
                   .high = forwards ? range->end : *in->split,
                   .most = in->query->size + 1};
    search other = {.forwards = !forwards,
                    .low = forwards ? range->begin : *in->split,
                    .high = forwards ? *in->split : range->end,
                    .most = 1};
    page.found = clti_arena_calloc(in->arena, in->query->size + 1, sizeof *page.found);
    if (page.found == NULL) {
        clti_fault_no_memory(fault);
        return CLTI_PG_FAILED;
    }
    clti_pg_verdict verdict = run_search(in, on, &page, fault);
    if (verdict == CLTI_PG_DONE && page.count > 0)
        verdict = run_search(in, on, &other, fault);
    if (verdict != CLTI_PG_DONE || page.count == 0)
        return verdict;
    return failed(make_page(in, &page, other.count > 0, fault));
}

static clti_pg_verdict run_scan(clti_pg_connection *on, void *user, clti_fault *fault) {
    scan *in = user;
    clti_partner_state state;
    in->page = (clti_list_page){0};
    clti_pg_verdict verdict = clti_pg_begin_view(on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_read_state(on, in->query->partner, &state, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = in->arena == NULL ? count_all(in, on, fault) : list_page(in, on, fault);
    if (verdict == CLTI_PG_DONE)
        verdict = clti_pg_end_view(on, fault);
    in->page.revision = verdict == CLTI_PG_DONE ? state.revision : 0;
    in->page.total = verdict == CLTI_PG_DONE ? state.count : 0;
    return verdict;
}

/* ---- the operations ---- */

bool clti_pg_list_long(clti_postgres *store, const clti_list_query *query, const clti_pg_range *range,
                       const clti_pg_key *split, clti_arena *arena, clti_list_page *out, clti_fault *fault) {
    scan in = {.store = store, .query = query, .range = range, .split = split, .arena = arena};
    clti_buf_init(&in.folded, SIZE_MAX);
    bool done = clti_pg_run(store, run_scan, &in, fault);
    clti_buf_done(&in.folded);
    if (done)
        *out = in.page;
    return done;
}

bool clti_pg_count_long(clti_postgres *store, const clti_list_query *query, const clti_pg_range *range,
                        uint64_t most, uint64_t *out, clti_fault *fault) {
    scan in = {.store = store, .query = query, .range = range, .most = most};
    clti_buf_init(&in.folded, SIZE_MAX);
    bool done = clti_pg_run(store, run_scan, &in, fault);
    clti_buf_done(&in.folded);
    if (done)
        *out = in.count;
    return done;
}
