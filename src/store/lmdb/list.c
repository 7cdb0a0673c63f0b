/*
 * One page is one scan of one index: seek, then read neighbours. Items are collected as views into the mapped
 * file and copied into the arena, in one piece, before the read transaction ends.
 */
#include "store/lmdb/lmdb_private.h"

#include <string.h>

#define ID_SIZE sizeof(clt_guid)

typedef struct scan {
    clti_lmdb *store;
    const clti_list_query *query;
    clti_fault *fault;
    clti_lmdb_database database;
    MDB_cursor *cursor;
    clti_lmdb_key range; /* begins every key of the query */
    size_t ids_size;     /* of a key's part before the position */
    bool compares_folds; /* the fold is longer than keys tell: look into the records */
    clti_buf folded;     /* of the record compared last */
    MDB_val key;         /* of the item under the cursor */
    clti_list_item item; /* the same, as views into the map */
} scan;

typedef enum found { FOUND, NOT_FOUND, FAILED } found;

/* ---- one item ---- */

static clt_str key_of(const scan *in) {
    return (clt_str){in->key.mv_data, in->key.mv_size};
}

static bool in_range(const scan *in) {
    return in->key.mv_size >= in->ids_size + 1 + ID_SIZE &&
           clti_str_starts_with(key_of(in), clti_lmdb_key_str(&in->range));
}

static bool read_item(scan *in, const MDB_val *value) {
    clt_guid id;
    memcpy(id.bytes, (const char *)in->key.mv_data + in->key.mv_size - ID_SIZE, ID_SIZE);
    return clti_record_read_item((clt_str){value->mv_data, value->mv_size}, id, &in->item) ||
           clti_lmdb_fail_record(in->store, in->database, key_of(in), in->fault);
}

static found compare_folds(scan *in) {
    const clti_list_query *query = in->query;
    clt_str text = query->field == CLTI_LIST_DOMAIN ? in->item.domain : in->item.company_name;
    clti_buf_clear(&in->folded);
    if (!clti_text_fold(text, &in->folded)) {
        clti_fault_no_memory(in->fault);
        return FAILED;
    }
    clt_str folded = clti_buf_str(&in->folded);
    bool matches =
        query->is_exact ? clti_str_equal(folded, query->folded) : clti_str_starts_with(folded, query->folded);
    return matches ? FOUND : NOT_FOUND;
}

/* ---- moving: each of these ends on an item of the query, or says that there is none ---- */

/* From where the cursor came to stand, move by `step` until an item matches or the range is left. */
static found settle(scan *in, int code, MDB_val *value, MDB_cursor_op step) {
    for (;;) {
        if (code == MDB_NOTFOUND)
            return NOT_FOUND;
        if (code != MDB_SUCCESS) {
            clti_lmdb_fail(in->store, "cannot read the list", code, in->fault);
            return FAILED;
        }
        if (!in_range(in))
            return NOT_FOUND;
        if (!read_item(in, value))
            return FAILED;
        found matched = in->compares_folds ? compare_folds(in) : FOUND;
        if (matched != NOT_FOUND)
            return matched;
        code = mdb_cursor_get(in->cursor, &in->key, value, step);
    }
}

static found move(scan *in, MDB_cursor_op step) {
    MDB_val value;
    int code = mdb_cursor_get(in->cursor, &in->key, &value, step);
    return settle(in, code, &value, step);
}

/* The first item at or behind the target. */
static found seek_forwards(scan *in, clti_lmdb_key *target) {
    MDB_val value;
    in->key = (MDB_val){target->size, target->bytes};
    int code = mdb_cursor_get(in->cursor, &in->key, &value, MDB_SET_RANGE);
    return settle(in, code, &value, MDB_NEXT);
}

/* The last item before the target; an empty target stands behind everything. */
static found seek_backwards(scan *in, clti_lmdb_key *target) {
    MDB_val value;
    int code = MDB_NOTFOUND;
    if (target->size > 0) {
        in->key = (MDB_val){target->size, target->bytes};
        code = mdb_cursor_get(in->cursor, &in->key, &value, MDB_SET_RANGE);
    }
    if (code == MDB_SUCCESS)
        code = mdb_cursor_get(in->cursor, &in->key, &value, MDB_PREV);
    else if (code == MDB_NOTFOUND)
        code = mdb_cursor_get(in->cursor, &in->key, &value, MDB_LAST);
    return settle(in, code, &value, MDB_PREV);
}

/* ---- the range ---- */

static void build_range(scan *in) {
    const clti_list_query *query = in->query;
    clt_str folded = query->folded;
    clti_lmdb_key_list(&in->range, query->field, query->partner, query->related);
    in->ids_size = in->range.size;
    in->compares_folds = folded.size >= CLTI_FOLD_KEY_MAX;
    if (in->compares_folds)
        folded.size = CLTI_FOLD_KEY_MAX;
    clti_lmdb_key_add(&in->range, folded);
    if (query->is_exact && !in->compares_folds)
        clti_lmdb_key_add(&in->range, (clt_str){"", 1});
}

/* The first key behind all that begin with the range; empty if there is none. */
static clti_lmdb_key end_of_range(const scan *in) {
    clti_lmdb_key end = in->range;
    while (end.size > 0 && end.bytes[end.size - 1] == UINT8_MAX)
        end.size--;
    if (end.size > 0)
        end.bytes[end.size - 1]++;
    return end;
}

/* The key at the query's position. */
static clti_lmdb_key key_at_position(const scan *in) {
    clti_lmdb_key key = in->range;
    key.size = in->ids_size;
    clti_assert(in->query->position.size <= CLTI_POSITION_MAX);
    clti_lmdb_key_add(&key, in->query->position);
    return key;
}

static int compare_keys(const clti_lmdb_key *a, const clti_lmdb_key *b) {
    return clti_str_compare(clti_lmdb_key_str(a), clti_lmdb_key_str(b));
}

/* ---- the page ---- */

typedef struct collected {
    clti_list_item *items; /* room for query->size; views into the map */
    size_t count;
    clt_str first_key; /* in order of collection */
    clt_str last_key;
} collected;

/* Take items up to the page's size, the one under the cursor first. *more says whether another follows. */
static bool collect(scan *in, found state, MDB_cursor_op step, collected *page, bool *more) {
    while (state == FOUND && page->count < in->query->size) {
        if (page->count == 0)
            page->first_key = key_of(in);
        page->last_key = key_of(in);
        page->items[page->count++] = in->item;
        state = move(in, step);
    }
    *more = state == FOUND;
    return state != FAILED;
}

static bool scan_forwards(scan *in, collected *page, clti_list_page *out) {
    clti_lmdb_key target = in->range;
    found state;
    if (in->query->start == CLTI_LIST_FIRST) {
        state = seek_forwards(in, &target);
        return collect(in, state, MDB_NEXT, page, &out->has_next);
    }
    /* A position from another prefix may stand before the range. */
    clti_lmdb_key after = key_at_position(in);
    if (compare_keys(&after, &target) > 0)
        target = after;
    state = seek_forwards(in, &target);
    if (state == FOUND && clti_str_equal(key_of(in), clti_lmdb_key_str(&after))) {
        out->has_previous = true;
        state = move(in, MDB_NEXT);
    } else if (state == FOUND) {
        state = seek_backwards(in, &target);
        out->has_previous = state == FOUND;
        state = state == FAILED ? FAILED : seek_forwards(in, &target);
    }
    return collect(in, state, MDB_NEXT, page, &out->has_next);
}

static bool scan_backwards(scan *in, collected *page, clti_list_page *out) {
    clti_lmdb_key target = end_of_range(in);
    bool looks_ahead = false;
    if (in->query->start == CLTI_LIST_BEFORE) {
        clti_lmdb_key before = key_at_position(in);
        looks_ahead = target.size == 0 || compare_keys(&before, &target) < 0;
        if (looks_ahead)
            target = before;
    }
    if (!collect(in, seek_backwards(in, &target), MDB_PREV, page, &out->has_previous))
        return false;
    for (size_t i = 0; i < page->count / 2; i++) {
        clti_list_item item = page->items[i];
        page->items[i] = page->items[page->count - 1 - i];
        page->items[page->count - 1 - i] = item;
    }
    clt_str key = page->first_key;
    page->first_key = page->last_key;
    page->last_key = key;
    if (looks_ahead && page->count > 0) {
        found state = seek_forwards(in, &target);
        out->has_next = state == FOUND;
        return state != FAILED;
    }
    return true;
}

/* Copy what the page points to, and turn its views over to the copy. */
static bool copy_page(const scan *in, const collected *page, clti_arena *arena, clti_list_page *out) {
    clt_str first = clti_str_from(page->first_key, in->ids_size);
    clt_str last = clti_str_from(page->last_key, in->ids_size);
    out->items = page->items;
    out->count = page->count;
    return clti_page_keep(first, last, arena, out, in->fault);
}

static bool count_items(scan *in, uint64_t most, uint64_t *out) {
    build_range(in);
    clti_lmdb_key target = in->range;
    found state = most > 0 ? seek_forwards(in, &target) : NOT_FOUND;
    uint64_t count = 0;
    while (state == FOUND) {
        count++;
        state = count < most ? move(in, MDB_NEXT) : NOT_FOUND;
    }
    *out = count;
    return state != FAILED;
}

static bool read_page(scan *in, clti_arena *arena, clti_list_page *out) {
    collected page = {.items = clti_arena_alloc(arena, in->query->size * sizeof *page.items)};
    if (page.items == NULL)
        return clti_fault_no_memory(in->fault);
    build_range(in);
    bool forwards = in->query->start == CLTI_LIST_FIRST || in->query->start == CLTI_LIST_AFTER;
    if (!(forwards ? scan_forwards(in, &page, out) : scan_backwards(in, &page, out)))
        return false;
    if (page.count == 0) {
        *out = (clti_list_page){0};
        return true;
    }
    return copy_page(in, &page, arena, out);
}

/* ---- the operations ---- */

static bool open_scan(scan *in, clti_lmdb_reader *reader) {
    in->database = clti_lmdb_list_database(in->query->field);
    clti_buf_init(&in->folded, SIZE_MAX);
    in->cursor = clti_lmdb_read_cursor(in->store, reader, in->database, in->fault);
    return in->cursor != NULL;
}

/* No name contains U+0000, and in keys it ends the fold. */
static bool can_match(const clti_list_query *query) {
    return query->folded.size == 0 || memchr(query->folded.data, 0, query->folded.size) == NULL;
}

static bool read_state(const scan *in, clti_lmdb_reader *reader, clti_list_page *out) {
    clti_partner_state state;
    if (!clti_lmdb_state_get((clti_lmdb_txn){in->store, reader->txn}, in->query->partner, &state, in->fault))
        return false;
    out->revision = state.revision;
    out->total = state.count;
    return true;
}

bool clti_lmdb_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                    clti_fault *fault) {
    scan in = {.store = (clti_lmdb *)store, .query = query, .fault = fault};
    clti_list_page page = {0};
    clti_assert(query->size >= 1 && query->size <= CLTI_PAGE_SIZE_MAX);
    clti_lmdb_reader *reader = clti_lmdb_read_begin(in.store, fault);
    if (reader == NULL)
        return false;
    bool done = !can_match(query) || (open_scan(&in, reader) && read_page(&in, arena, &page));
    done = done && read_state(&in, reader, &page);
    clti_buf_done(&in.folded);
    clti_lmdb_read_end(in.store, reader);
    if (done)
        *out = page;
    return done;
}

bool clti_lmdb_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                     clti_fault *fault) {
    scan in = {.store = (clti_lmdb *)store, .query = query, .fault = fault};
    if (!can_match(query)) {
        *out = 0;
        return true;
    }
    clti_lmdb_reader *reader = clti_lmdb_read_begin(in.store, fault);
    if (reader == NULL)
        return false;
    bool done = open_scan(&in, reader) && count_items(&in, most, out);
    clti_buf_done(&in.folded);
    clti_lmdb_read_end(in.store, reader);
    return done;
}
