/* From one page to its neighbours (api.md 6). */
#include "sdk/resources_private.h"

static const clt_str TOKEN_HEADER = {"MS-ContinuationToken", 20};

static const clti_page_link *link_of(const clti_collection *page, clti_direction direction) {
    const clti_page_link *link = direction == CLTI_FORWARD ? page->next : page->previous;
    return link && link->uri.size ? link : NULL;
}

bool clti_collection_has(const clti_collection *page, clti_direction direction) {
    return link_of(page, direction) || (direction == CLTI_FORWARD && page->continuation_token.size);
}

clt_str clti_collection_token(const clti_collection *page, clti_direction direction) {
    const clti_page_link *link = link_of(page, direction);
    if (!link)
        return direction == CLTI_FORWARD ? page->continuation_token : (clt_str){NULL, 0};
    for (size_t i = 0; i < link->header_count; i++)
        if (clti_str_equal_nocase(link->headers[i].key, TOKEN_HEADER))
            return link->headers[i].value;
    return (clt_str){NULL, 0};
}

/* Headers that a link has no say in. */
static bool is_ours(clt_str name) {
    static const char *const NAMES[] = {"Authorization",
                                        "Connection",
                                        "Content-Length",
                                        "Content-Type",
                                        "Cookie",
                                        "Expect",
                                        "Host",
                                        "MS-CorrelationId",
                                        "MS-RequestId",
                                        "Proxy-Authorization",
                                        "TE",
                                        "Transfer-Encoding",
                                        "Upgrade"};
    for (size_t i = 0; i < CLTI_COUNT(NAMES); i++)
        if (clti_str_equal_nocase(name, clti_str(NAMES[i])))
            return true;
    return false;
}

static clt_status take_headers(const clti_page_link *link, clti_arena *arena, clti_request *out,
                               clt_error **err) {
    clti_header *headers = clti_arena_calloc(arena, link->header_count + 1, sizeof(*headers));
    if (!headers)
        return clti_fail_no_memory(err);
    for (size_t i = 0; i < link->header_count; i++) {
        const clti_link_header *from = &link->headers[i];
        if (!clti_header_name_is_sound(from->key) || !clti_header_is_sound(from->value))
            return clti_fail(err, CLT_ERR_RESPONSE_PARSE,
                             "A link of the service has a header that cannot be sent.");
        if (!is_ours(from->key))
            headers[out->header_count++] = (clti_header){from->key, from->value};
    }
    out->headers = headers;
    return CLT_OK;
}

clt_status clti_seek_request(clt_str own_url, clti_direction direction, clt_str token, clti_arena *arena,
                             clti_request *out, clt_error **err) {
    clt_str query, path = clti_str_cut(own_url, '?', &query);
    clti_header *headers = clti_arena_calloc(arena, 1, sizeof(*headers));
    const clt_str parts[] = {path, CLTI_STR("?seekOperation="),
                             direction == CLTI_FORWARD ? CLTI_STR("Next") : CLTI_STR("Previous")};
    clt_str url = clti_arena_join(arena, parts, CLTI_COUNT(parts));
    if (!headers || !url.data)
        return clti_fail_no_memory(err);
    if (!clti_header_is_sound(token))
        return clti_fail(err, CLT_ERR_RESPONSE_PARSE, "The service's continuation token cannot be sent.");
    headers[0] = (clti_header){TOKEN_HEADER, token};
    *out = (clti_request){.method = "GET", .url = url, .headers = headers, .header_count = 1};
    return CLT_OK;
}

clt_status clti_collection_request(const clti_core *core, const clti_collection *page,
                                   clti_direction direction, clt_str own_url, clt_str own_token,
                                   clti_arena *arena, clti_request *out, clt_error **err) {
    const clti_page_link *link = link_of(page, direction);
    clti_request request = {.method = "GET"};
    clt_status status;
    if (link) {
        status = clti_link_join(&core->base, link->uri, arena, &request.url, err);
        if (status == CLT_OK)
            status = take_headers(link, arena, &request, err);
    } else {
        status = clti_seek_request(own_url, direction, page->continuation_token, arena, &request, err);
    }
    if (status != CLT_OK)
        return status;
    clt_str token = clti_collection_token(page, direction);
    if (token.size ? clti_str_equal(token, own_token) : clti_str_equal(request.url, own_url))
        return clti_fail(err, CLT_ERR_RESPONSE_PARSE,
                         "The service's link leads from the page to itself; following it would never end.");
    *out = request;
    return CLT_OK;
}

uint64_t clti_page_mark(clt_str url, clt_str token) {
    return clti_hash64(CLTI_HASH64_START, token.size ? token : url);
}

clt_status clti_circle_check(const clti_circle *circle, uint64_t mark, clt_error **err) {
    if (!circle->steps_max || mark != circle->mark)
        return CLT_OK;
    return clti_fail(err, CLT_ERR_RESPONSE_PARSE,
                     "The service's next links lead in a circle; following them would never end.");
}

void clti_circle_step(clti_circle *circle, uint64_t mark) {
    if (circle->steps == circle->steps_max) {
        circle->mark = mark;
        circle->steps_max = circle->steps_max ? 2 * circle->steps_max : 1;
        circle->steps = 0;
    }
    circle->steps++;
}
