#include "wire/wire_private.h"

#include <string.h>

/*
 * The hot path: an item is constant pieces around an id, a domain and a name, so it is written by hand into
 * room reserved once. tests/wire/test_render_page.c reads it back with a JSON library.
 */

#define PIECE(to, literal) put(to, literal, sizeof(literal) - 1)

static char *put(char *to, const char *piece, size_t size) {
    memcpy(to, piece, size);
    return to + size;
}

#define LINK_START "\"links\":{\"self\":{\"uri\":\"/customers/"
#define LINK_END   "\",\"method\":\"GET\",\"headers\":[]}},"

static char *put_link(char *to, const char id[CLTI_GUID_TEXT_SIZE], const char *tail, size_t tail_size) {
    to = PIECE(to, LINK_START);
    to = put(to, id, CLTI_GUID_TEXT_SIZE);
    to = put(to, tail, tail_size);
    return PIECE(to, LINK_END);
}

/* More than all constant pieces of an item, links included. */
#define ITEM_FIXED_MAX 768
/* What an item without links takes besides its texts, and what a page takes besides its items. */
#define ITEM_FIXED 288
#define PAGE_FIXED 2048

static char *put_item(char *to, const clti_list_item *item, bool links) {
    static const char company_tail[] = "/profiles/company";
    char id[CLTI_GUID_TEXT_SIZE];
    clti_guid_format(item->id, id);
    to = PIECE(to, "{\"id\":\"");
    to = put(to, id, sizeof(id));
    to = PIECE(to, "\",\"companyProfile\":{\"tenantId\":\"");
    to = put(to, id, sizeof(id));
    to = PIECE(to, "\",\"domain\":\"");
    to = clti_json_put_text(to, item->domain);
    to = PIECE(to, "\",\"companyName\":\"");
    to = clti_json_put_text(to, item->company_name);
    to = PIECE(to, "\",");
    if (links)
        to = put_link(to, id, company_tail, sizeof(company_tail) - 1);
    to = PIECE(to, "\"attributes\":{\"objectType\":\"CustomerCompanyProfile\"}},"
                   "\"relationshipToPartner\":\"reseller\",");
    if (links)
        to = put_link(to, id, "", 0);
    return PIECE(to, "\"attributes\":{\"objectType\":\"Customer\"}}");
}

/* Room for one item whatever has to be escaped in it. */
static size_t item_room(const clti_list_item *item) {
    return ITEM_FIXED_MAX + clti_json_text_room(item->domain) + clti_json_text_room(item->company_name);
}

static void add_items(const clti_wire_page *page, clti_buf *out) {
    for (size_t i = 0; i < page->count; i++) {
        char *start = clti_buf_reserve(out, item_room(&page->items[i]));
        if (!start)
            return;
        char *to = start;
        if (i > 0)
            *to++ = ',';
        to = put_item(to, &page->items[i], page->item_links);
        clti_buf_advance(out, (size_t)(to - start));
    }
}

/* What the page will take if nothing has to be escaped, so that the buffer hardly ever grows. */
static size_t likely_size(const clti_wire_page *page) {
    size_t size = PAGE_FIXED + page->self_uri.size + page->next_uri.size + page->previous_uri.size +
                  2 * page->next_token.size + page->previous_token.size;
    for (size_t i = 0; i < page->count; i++)
        size += (page->item_links ? ITEM_FIXED_MAX : ITEM_FIXED) + page->items[i].domain.size +
                page->items[i].company_name.size;
    return size;
}

static void add_seek_link(clti_buf *out, clt_str name, clt_str uri, clt_str token) {
    if (!uri.data)
        return;
    clti_buf_add(out, CLTI_STR(",\""));
    clti_buf_add(out, name);
    clti_buf_add(out, CLTI_STR("\":{\"uri\":"));
    clti_json_add_string(out, uri);
    clti_buf_add(out,
                 CLTI_STR(",\"method\":\"GET\",\"headers\":[{\"key\":\"MS-ContinuationToken\",\"value\":"));
    clti_json_add_string(out, token);
    clti_buf_add(out, CLTI_STR("}]}"));
}

void clti_wire_render_page(const clti_wire_page *page, clti_buf *out) {
    if (!clti_buf_reserve(out, likely_size(page)))
        return;
    clti_buf_add_char(out, '{');
    if (page->next_token.data) {
        clti_buf_add(out, CLTI_STR("\"continuationToken\":"));
        clti_json_add_string(out, page->next_token);
        clti_buf_add_char(out, ',');
    }
    clti_buf_add(out, CLTI_STR("\"totalCount\":"));
    clti_buf_add_u64(out, page->count);
    clti_buf_add(out, CLTI_STR(",\"items\":["));
    add_items(page, out);
    clti_buf_add(out, CLTI_STR("],\"links\":{\"self\":{\"uri\":"));
    clti_json_add_string(out, page->self_uri);
    clti_buf_add(out, CLTI_STR(",\"method\":\"GET\",\"headers\":[]}"));
    add_seek_link(out, CLTI_STR("next"), page->next_uri, page->next_token);
    add_seek_link(out, CLTI_STR("previous"), page->previous_uri, page->previous_token);
    clti_buf_add(out, CLTI_STR("},\"attributes\":{\"objectType\":\"Collection\"}}"));
}
