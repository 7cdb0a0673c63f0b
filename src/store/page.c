#include "store/store_private.h"

#include <string.h>

bool clti_page_keep(clt_str first, clt_str last, clti_arena *arena, clti_list_page *page, clti_fault *fault) {
    size_t size = first.size + last.size;
    for (size_t i = 0; i < page->count; i++)
        size += page->items[i].domain.size + page->items[i].company_name.size;
    char *to = clti_arena_alloc(arena, size);
    if (to == NULL)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < page->count; i++) {
        /* Domain and name stand side by side in the record. */
        clti_list_item *item = &page->items[i];
        size_t text_size = item->domain.size + item->company_name.size;
        memcpy(to, item->domain.data, text_size);
        item->domain.data = to;
        item->company_name.data = to + item->domain.size;
        to += text_size;
    }
    memcpy(to, first.data, first.size);
    memcpy(to + first.size, last.data, last.size);
    page->first_position = (clt_str){to, first.size};
    page->last_position = (clt_str){to + first.size, last.size};
    return true;
}
