/*
 * Continuation tokens from strangers. The input is taken twice: as a token, which nobody without the key can
 * have made; and as the bytes inside one, signed here with the right key, to get behind the signature. What
 * is read there, written and read again is the same.
 */
#include "service/service_private.h"

#include <string.h>

#define MAC_SIZE 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static clti_service SERVICE;
static const clt_guid PARTNER = {"partner 16 bytes"};

static clt_str sign(clt_str bytes, clti_arena *arena) {
    uint8_t mac[CLTI_SHA256_SIZE];
    clti_buf all, text;
    clt_str token;
    clti_buf_init(&all, SIZE_MAX);
    clti_buf_init(&text, SIZE_MAX);
    clti_hmac_sha256(&SERVICE.token_key, bytes, mac);
    clti_buf_add(&all, bytes);
    clti_buf_add(&all, (clt_str){(const char *)mac, MAC_SIZE});
    clti_base64url_encode((const uint8_t *)all.data, all.size, &text);
    clti_assert(clti_buf_ok(&all) && clti_buf_ok(&text));
    clti_assert(clti_arena_copy(arena, clti_buf_str(&text), &token));
    clti_buf_done(&all);
    clti_buf_done(&text);
    return token;
}

static void check_survives(const clti_list_request *list, clti_arena *arena) {
    clti_list_request again;
    clti_assert(list->size >= 1 && list->size <= CLTI_PAGE_SIZE_MAX);
    clti_assert(list->start == CLTI_LIST_AFTER || list->start == CLTI_LIST_BEFORE);
    clti_assert(list->position.size <= CLTI_POSITION_MAX && list->filter.field < CLTI_LIST_FIELD_COUNT);
    clt_str token = clti_continuation_write(&SERVICE, PARTNER, list, list->start, list->position, arena);
    clti_assert(token.data && clti_continuation_read(&SERVICE, PARTNER, token, arena, &again));
    clti_assert(again.size == list->size && again.start == list->start &&
                again.has_filter == list->has_filter);
    clti_assert(clti_str_equal(again.position, list->position));
    if (list->has_filter)
        clti_assert(again.filter.field == list->filter.field && again.filter.op == list->filter.op &&
                    clti_str_equal(again.filter.value, list->filter.value));
    clt_str third = clti_continuation_write(&SERVICE, PARTNER, &again, again.start, again.position, arena);
    clti_assert(clti_str_equal(third, token));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_hmac_key_init(&SERVICE.token_key, (const uint8_t *)"not a secret", 12);
    clti_arena arena = {0};
    clti_list_request list;
    const clt_str input = {(const char *)data, size};
    clti_assert(!clti_continuation_read(&SERVICE, PARTNER, input, &arena, &list));
    if (clti_continuation_read(&SERVICE, PARTNER, sign(input, &arena), &arena, &list))
        check_survives(&list, &arena);
    clti_arena_done(&arena);
    return 0;
}
