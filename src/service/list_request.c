#include "service/service_private.h"

/* The query's parameters, still encoded, except those that nobody asks about. */
typedef struct parameters {
    clt_str size, filter, seek, start_at;
} parameters;

/* ---- each parameter ------------------------------------------------------------------------------------ */

/* Remember a value; a parameter given twice has no meaning we could choose. */
static bool keep_once(clt_str *slot, const char *name, clt_str value, clti_fault *fault) {
    if (slot->data)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, name, "The parameter %s is given twice.",
                              name);
    *slot = value.data ? value : CLTI_STR("");
    return true;
}

static bool decode(clt_str value, const char *name, clti_arena *arena, clt_str *out, clti_fault *fault) {
    return clti_url_decode(arena, value, CLTI_URL_QUERY, out) ||
           clti_fault_set(
               fault, CLTI_FAULT_INVALID_QUERY, name,
               "The parameter %s has a percent sign that is not followed by two hexadecimal digits.", name);
}

static bool read_size(clt_str encoded, clti_arena *arena, size_t *out, clti_fault *fault) {
    clt_str text;
    uint64_t number = 0;
    if (!decode(encoded, "size", arena, &text, fault))
        return false;
    if (text.size && !clti_str_to_u64(text, INT64_MAX, &number))
        return clti_fault_set(
            fault, CLTI_FAULT_INVALID_QUERY, "size",
            "The parameter size must be a whole number; 1 to %d are the sizes of a page, 0 means %d.",
            CLTI_PAGE_SIZE_MAX, CLTI_PAGE_SIZE_MAX);
    *out = number == 0 || number > CLTI_PAGE_SIZE_MAX ? CLTI_PAGE_SIZE_MAX : (size_t)number;
    return true;
}

static bool read_filter(clt_str encoded, clti_arena *arena, clti_list_request *out, clti_fault *fault) {
    clt_str json;
    if (!decode(encoded, "filter", arena, &json, fault))
        return false;
    out->has_filter = json.size != 0;
    return !out->has_filter || clti_wire_read_filter(json, arena, &out->filter, fault);
}

static bool read_seek(clt_str encoded, clti_arena *arena, clti_seek *out, clti_fault *fault) {
    clt_str text;
    return decode(encoded, "seekOperation", arena, &text, fault) && clti_seek_parse(text, out, fault);
}

/* A place in the list need not be an item's: what sorts behind it follows. The names that begin with it do.
 */
static bool read_start_at(clt_str encoded, clti_arena *arena, clti_list_request *out, clti_fault *fault) {
    clt_str text, folded;
    size_t points;
    if (clti_str_is_empty(encoded))
        return true;
    if (!decode(encoded, "startAt", arena, &text, fault))
        return false;
    if (!clti_text_check(text, &points) || points > CLTI_FILTER_VALUE_MAX)
        return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "startAt",
                              "The parameter startAt must be UTF-8 of at most %d characters.",
                              CLTI_FILTER_VALUE_MAX);
    if (!clti_fold_text(arena, text, &folded))
        return clti_fault_no_memory(fault);
    out->start = CLTI_LIST_AFTER;
    out->position = (clt_str){folded.data, folded.size < CLTI_FOLD_KEY_MAX ? folded.size : CLTI_FOLD_KEY_MAX};
    return true;
}

/* ---- the query ----------------------------------------------------------------------------------------- */

/* Percent-encoding made uniform; what cannot be decoded is taken literally. */
static void add_normalised(clt_str encoded, clti_arena *arena, clti_buf *out) {
    clt_str decoded;
    clti_url_encode(clti_url_decode(arena, encoded, CLTI_URL_QUERY, &decoded) ? decoded : encoded, out);
}

static void add_to_self_query(const clti_url_pair *pair, clti_arena *arena, clti_buf *out) {
    if (out->size)
        clti_buf_add_char(out, '&');
    add_normalised(pair->name, arena, out);
    if (pair->value.data) {
        clti_buf_add_char(out, '=');
        add_normalised(pair->value, arena, out);
    }
}

/*
 * Sort the pairs of a query. The self link repeats them as received, without seekOperation (api.md 4.1).
 * With a token the query's size and filter are not even looked at, so they are not refused either.
 */
static bool read_pairs(clt_str query, bool with_token, clti_arena *arena, parameters *out,
                       clti_buf *self_query, clti_fault *fault) {
    clti_url_pair pair;
    for (clt_str rest = query; clti_url_next_pair(&rest, &pair);) {
        clt_str name;
        if (!clti_url_decode(arena, pair.name, CLTI_URL_QUERY, &name))
            name = CLTI_STR("");
        if (clti_str_equal_nocase(name, CLTI_STR("seekOperation"))) {
            if (!keep_once(&out->seek, "seekOperation", pair.value, fault))
                return false;
            continue;
        }
        if (with_token)
            continue;
        if (clti_str_equal_nocase(name, CLTI_STR("size")) &&
            !keep_once(&out->size, "size", pair.value, fault))
            return false;
        if (clti_str_equal_nocase(name, CLTI_STR("filter")) &&
            !keep_once(&out->filter, "filter", pair.value, fault))
            return false;
        if (clti_str_equal_nocase(name, CLTI_STR("startAt")) &&
            !keep_once(&out->start_at, "startAt", pair.value, fault))
            return false;
        add_to_self_query(&pair, arena, self_query);
    }
    return true;
}

void clti_list_request_write_query(const clti_list_request *request, const char *seek, clti_buf *out) {
    clti_buf_add(out, CLTI_STR("size="));
    clti_buf_add_u64(out, request->size);
    if (seek) {
        clti_buf_add(out, CLTI_STR("&seekOperation="));
        clti_buf_add(out, clti_str(seek));
    }
    if (!request->has_filter)
        return;
    clti_buf json;
    clti_buf_init(&json, CLTI_FILTER_MAX * 2);
    clti_wire_render_filter(&request->filter, &json);
    clti_buf_add(out, CLTI_STR("&filter="));
    clti_url_encode(clti_buf_str(&json), out);
    out->failed |= !clti_buf_ok(&json);
    clti_buf_done(&json);
}

/* ---- query and token together -------------------------------------------------------------------------- */

static bool seek_with_token(clti_seek seek, clti_list_request *out, clti_fault *fault) {
    if (seek == CLTI_SEEK_FIRST || seek == CLTI_SEEK_LAST) {
        out->start = seek == CLTI_SEEK_FIRST ? CLTI_LIST_FIRST : CLTI_LIST_LAST;
        return true;
    }
    return clti_seek_may_go_on(seek, out->start == CLTI_LIST_BEFORE, fault);
}

static bool read_parts(const clti_service *service, clt_guid partner, const clti_customers_request *request,
                       clti_arena *arena, clti_buf *self_query, clti_list_request *out, clti_fault *fault) {
    parameters given = {0};
    clti_seek seek;
    bool with_token = !clti_str_is_empty(request->continuation);
    if (!read_pairs(request->query, with_token, arena, &given, self_query, fault) ||
        !read_seek(given.seek, arena, &seek, fault))
        return false;
    if (with_token) {
        if (!clti_continuation_read(service, partner, request->continuation, arena, out))
            return clti_fault_set(
                fault, CLTI_FAULT_INVALID_QUERY, "MS-ContinuationToken",
                "The header MS-ContinuationToken is not a token of this list; start again without "
                "it.");
        clti_list_request_write_query(out, NULL, self_query);
        return seek_with_token(seek, out, fault);
    }
    if (!read_size(given.size, arena, &out->size, fault) || !read_filter(given.filter, arena, out, fault) ||
        !clti_seek_may_begin(seek, given.size.data != NULL, fault))
        return false;
    out->start = seek == CLTI_SEEK_LAST ? CLTI_LIST_LAST : CLTI_LIST_FIRST;
    if (seek == CLTI_SEEK_ABSENT && !read_start_at(given.start_at, arena, out, fault))
        return false;
    if (!given.size.data)
        clti_buf_add_format(self_query, "%ssize=%zu", self_query->size ? "&" : "", out->size);
    return true;
}

/* The longest query that a request line can carry, every byte of it escaped, and our own parameters. */
#define SELF_QUERY_MAX (256 * 1024)

bool clti_list_request_read(const clti_service *service, clt_guid partner,
                            const clti_customers_request *request, clti_arena *arena, clti_list_request *out,
                            clti_fault *fault) {
    clti_buf self_query;
    clti_buf_init(&self_query, SELF_QUERY_MAX);
    *out = (clti_list_request){0};
    bool ok = read_parts(service, partner, request, arena, &self_query, out, fault);
    if (ok &&
        (!clti_buf_ok(&self_query) || !clti_arena_copy(arena, clti_buf_str(&self_query), &out->self_query)))
        ok = clti_fault_no_memory(fault);
    clti_buf_done(&self_query);
    return ok;
}
