#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

void walk_ids_done(walk_ids *ids) {
    free(ids->ids);
    *ids = (walk_ids){0};
}

static void add_id(walk_ids *ids, clt_guid id) {
    if (ids->count == ids->capacity) {
        ids->capacity = ids->capacity ? ids->capacity * 2 : 1024;
        ids->ids = realloc(ids->ids, ids->capacity * sizeof(*ids->ids));
        assert_non_null(ids->ids);
    }
    ids->ids[ids->count++] = id;
}

/* ---- links --------------------------------------------------------------------------------------------- */

char *walk_join_uri(walk_join join, const char *uri) {
    char *target;
    if (join == WALK_JOIN_NET && strncasecmp(uri, "/v1", 3) == 0)
        target = strdup(uri);
    else
        assert_true(asprintf(&target, "/v1/%s", join == WALK_JOIN_NET ? uri + strspn(uri, "/") : uri) > 0);
    assert_non_null(target);
    return target;
}

const clti_test_response *walk_follow(clti_test_client *client, const clti_test_response *page,
                                      const char *link, walk_join join) {
    const json_t *found = clti_test_at(clti_test_at(page->json, "links"), link);
    if (!found)
        return NULL;
    const char *header_name = clti_test_text_at(found, "headers.0.key");
    const char *token = clti_test_text_at(found, "headers.0.value");
    const char *uri = clti_test_text_at(found, "uri");
    if (!header_name || !token || !uri || strcmp(header_name, "MS-ContinuationToken") != 0 ||
        json_array_size(clti_test_at(found, "headers")) != 1 ||
        strcmp(clti_test_text_at(found, "method"), "GET") != 0)
        fail_msg("odd link %s: %s", link, page->body);
    char *header, *target = walk_join_uri(join, uri);
    assert_true(asprintf(&header, "MS-ContinuationToken: %s", token) > 0);
    const clti_test_response *followed = clti_test_get(client, target, CLTI_TEST_WORDS(header));
    free(header);
    free(target);
    return followed;
}

/* ---- pages --------------------------------------------------------------------------------------------- */

/* Token in the body, in the link and in the response header are one, or all absent (api.md 6.1, 13). */
static void check_tokens(const clti_test_response *page) {
    const char *in_body = clti_test_text_at(page->json, "continuationToken");
    const char *in_link = clti_test_text_at(page->json, "links.next.headers.0.value");
    char *in_header = clti_test_header(page, "MS-ContinuationToken", 0);
    if (!in_body != !in_link || !in_body != !in_header ||
        (in_body && (strcmp(in_body, in_link) != 0 || strcmp(in_body, in_header) != 0)))
        fail_msg("tokens differ: body %s, link %s, header %s", in_body, in_link, in_header);
    if (in_body && (strlen(in_body) > 2048 ||
                    strspn(in_body, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") !=
                        strlen(in_body)))
        fail_msg("not base64url: %s", in_body);
    free(in_header);
}

void walk_take_page(const clti_test_response *page, walk_ids *out) {
    const json_t *items = clti_test_at(page->json, "items"), *item;
    size_t i;
    if (page->status != 200 || !json_is_array(items))
        fail_msg("not a page: %ld %s", page->status, page->body);
    const json_t *count = clti_test_at(page->json, "totalCount");
    assert_true(json_is_integer(count));
    assert_int_equal(json_integer_value(count), json_array_size(items));
    check_tokens(page);
    json_array_foreach(items, i, item) {
        const char *id = clti_test_text_at(item, "id");
        assert_non_null(id);
        add_id(out, scene_guid(id));
    }
    out->page_count++;
}

const clti_test_response *walk_forwards(clti_test_client *client, const char *target, size_t size,
                                        walk_join join, walk_ids *out) {
    const clti_test_response *page = clti_test_get(client, target, NULL), *next = page;
    for (bool first = true; next; first = false) {
        size_t before = out->count;
        page = next;
        walk_take_page(page, out);
        size_t taken = out->count - before;
        bool has_next = clti_test_at(page->json, "links.next") != NULL;
        bool has_previous = clti_test_at(page->json, "links.previous") != NULL;
        if (has_next ? taken != size : taken > size)
            fail_msg("a page of %zu has %zu items", size, taken);
        if (taken == 0 && (!first || has_previous))
            fail_msg("an empty page after others");
        if (has_previous == first)
            fail_msg("page %zu: links.previous %s", out->page_count, first ? "on the first" : "is missing");
        next = walk_follow(client, page, "next", join);
    }
    return page;
}

static void reverse(clt_guid *ids, size_t count) {
    for (size_t i = 0; i < count / 2; i++) {
        clt_guid swapped = ids[i];
        ids[i] = ids[count - 1 - i];
        ids[count - 1 - i] = swapped;
    }
}

void walk_backwards(clti_test_client *client, const clti_test_response *page, size_t size, walk_join join,
                    walk_ids *out) {
    for (page = walk_follow(client, page, "previous", join); page;
         page = walk_follow(client, page, "previous", join)) {
        size_t before = out->count;
        walk_take_page(page, out);
        size_t taken = out->count - before;
        bool has_previous = clti_test_at(page->json, "links.previous") != NULL;
        if (has_previous ? taken != size : taken == 0 || taken > size)
            fail_msg("a page of %zu, reached backwards, has %zu items", size, taken);
        if (!clti_test_at(page->json, "links.next"))
            fail_msg("a page reached backwards has no links.next");
        reverse(out->ids + before, taken);
    }
}
