/* A page of customers: made of an answer, then read only. */
#include "sdk/resources_private.h"

#include <stdlib.h>

/* ---- reading ------------------------------------------------------------------------------------------ */

bool clti_is_end(const clt_error *err) {
    return err && err->http_status == 400 && clti_str_equal(err->service_code, CLTI_STR("2000"));
}

/* `items 0-39/28073`, `items *` `/28073`; the part behind the slash may be unknown. */
static int64_t count_of(const clt_response *response) {
    clt_str number, range = clt_response_header(response, "Content-Range");
    uint64_t count;
    (void)clti_str_cut(range, '/', &number);
    if (!clti_str_starts_with(range, CLTI_STR("items ")))
        return -1;
    return clti_str_to_u64(number, INT64_MAX, &count) ? (int64_t)count : -1;
}

static clt_status read_page(clt_response *response, clti_decoder *decoder, clt_customer_page *page,
                            clt_error **err) {
    page->match_count = count_of(response);
    if (!clti_arena_copy(&page->arena, response->url, &page->url) ||
        !clti_arena_copy(&page->arena, response->token, &page->token) ||
        !clti_facts_keep(response, &page->arena, &page->facts))
        return clti_fail_no_memory(err);
    return clti_response_decode(response, decoder, &CLTI_CUSTOMERS_SHAPE, &page->arena, &page->content, err);
}

clt_status clti_page_read(clt_response *response, clti_lane *lane, clt_customer_page *spare,
                          clt_customer_page **out, clt_error **err) {
    clt_status status;
    clt_customer_page *page = spare;
    if (response->error) {
        clt_error_free(*err);
        *err = response->error;
        response->error = NULL;
        status = (*err)->status;
    } else {
        if (!page)
            page = calloc(1, sizeof(*page));
        if (page)
            atomic_init(&page->references, 1);
        status = page ? read_page(response, lane->decoder, page, err) : clti_fail_no_memory(err);
    }
    clti_response_recycle(response, lane);
    if (status == CLT_OK)
        *out = page;
    else
        clt_customer_page_free(page);
    return status;
}

clt_customer_page *clti_page_recycle(clt_customer_page *page) {
    if (atomic_fetch_sub(&page->references, 1) != 1)
        return NULL;
    clti_arena arena = page->arena;
    clti_arena_clear(&arena);
    *page = (clt_customer_page){.references = 1, .arena = arena};
    return page;
}

void clt_customer_page_free(clt_customer_page *page) {
    if (!page || atomic_fetch_sub(&page->references, 1) != 1)
        return;
    clti_arena_done(&page->arena);
    free(page);
}

/* ---- looking ------------------------------------------------------------------------------------------ */

size_t clt_customer_page_count(const clt_customer_page *page) {
    return page ? page->content.item_count : 0;
}

const clt_customer *clt_customer_page_at(const clt_customer_page *page, size_t index) {
    return page && index < page->content.item_count ? &page->content.items[index] : NULL;
}

uint64_t clt_customer_page_total_count(const clt_customer_page *page) {
    return page && page->content.total_count > 0 ? (uint64_t)page->content.total_count : 0;
}

clt_str clt_customer_page_continuation_token(const clt_customer_page *page) {
    return page ? page->content.continuation_token : (clt_str){NULL, 0};
}

int clt_customer_page_has_next(const clt_customer_page *page) {
    return page && clti_collection_has(&page->content, CLTI_FORWARD);
}

int clt_customer_page_has_previous(const clt_customer_page *page) {
    return page && clti_collection_has(&page->content, CLTI_BACKWARD);
}

int64_t clt_customer_page_match_count(const clt_customer_page *page) {
    return page ? page->match_count : -1;
}
