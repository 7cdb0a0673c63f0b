#include "service/service_private.h"

#include <string.h>

/*
 * Bytes of a token, before base64url:
 *   version (1), field (1), filter (1), direction (1), size (2), partner (16),
 *   value: length (2) and bytes, position: length (2) and bytes, authentication (16)
 * Numbers are big-endian. The authentication is the first half of HMAC-SHA-256 over all before it.
 */
#define VERSION   1
#define MAC_SIZE  16
#define HEAD_SIZE 22

enum { FILTER_NONE, FILTER_STARTS_WITH, FILTER_EQUALS };

static char filter_code(const clti_list_request *list) {
    if (!list->has_filter)
        return FILTER_NONE;
    return list->filter.op == CLTI_FILTER_EQUALS ? FILTER_EQUALS : FILTER_STARTS_WITH;
}

static char *put(char *to, const void *bytes, size_t size) {
    if (size)
        memcpy(to, bytes, size);
    return to + size;
}

static char *put_u16(char *to, size_t number) {
    clti_assert(number <= UINT16_MAX);
    *to++ = (char)(number >> 8);
    *to++ = (char)(number & 0xFF);
    return to;
}

static char *put_counted(char *to, clt_str text) {
    return put(put_u16(to, text.size), text.data, text.size);
}

/* Everything that is authenticated. */
static char *put_content(char *to, clt_guid partner, const clti_list_request *list, clti_list_start start,
                         clt_str value, clt_str position) {
    *to++ = VERSION;
    *to++ = list->has_filter ? (char)list->filter.field : (char)CLTI_LIST_COMPANY_NAME;
    *to++ = filter_code(list);
    *to++ = start == CLTI_LIST_BEFORE;
    to = put_u16(to, list->size);
    to = put(to, partner.bytes, sizeof(partner.bytes));
    return put_counted(put_counted(to, value), position);
}

clt_str clti_continuation_seal(const clti_service *service, clt_str content, clti_arena *arena) {
    clt_str token = {NULL, 0};
    uint8_t mac[CLTI_SHA256_SIZE];
    clti_buf text;
    char *bytes = clti_arena_alloc(arena, content.size + MAC_SIZE);
    if (!bytes)
        return token;
    clti_hmac_sha256(&service->token_key, content, mac);
    char *end = put(put(bytes, content.data, content.size), mac, MAC_SIZE);
    clti_buf_init(&text, CLTI_CONTINUATION_MAX);
    clti_base64url_encode((const uint8_t *)bytes, (size_t)(end - bytes), &text);
    if (!clti_buf_ok(&text) || !clti_arena_copy(arena, clti_buf_str(&text), &token))
        token = (clt_str){NULL, 0};
    clti_buf_done(&text);
    return token;
}

bool clti_continuation_open(const clti_service *service, clt_str token, clti_arena *arena, clt_str *out) {
    uint8_t mac[CLTI_SHA256_SIZE];
    size_t size;
    if (token.size > CLTI_CONTINUATION_MAX)
        return false;
    uint8_t *bytes = clti_arena_alloc(arena, token.size);
    if (!bytes || !clti_base64url_decode(token, bytes, &size) || size < MAC_SIZE)
        return false;
    clt_str content = {(const char *)bytes, size - MAC_SIZE};
    clti_hmac_sha256(&service->token_key, content, mac);
    if (!clti_equal_constant_time(mac, bytes + content.size, MAC_SIZE))
        return false;
    *out = content;
    return true;
}

clt_str clti_continuation_write(const clti_service *service, clt_guid partner, const clti_list_request *list,
                                clti_list_start start, clt_str position, clti_arena *arena) {
    clt_str value = list->has_filter ? list->filter.value : CLTI_STR("");
    char *bytes = clti_arena_alloc(arena, HEAD_SIZE + 2 + value.size + 2 + position.size);
    if (!bytes)
        return (clt_str){NULL, 0};
    char *end = put_content(bytes, partner, list, start, value, position);
    return clti_continuation_seal(service, (clt_str){bytes, (size_t)(end - bytes)}, arena);
}

static bool take_counted(clt_str *rest, clt_str *out) {
    if (rest->size < 2)
        return false;
    size_t size = (size_t)(uint8_t)rest->data[0] << 8 | (uint8_t)rest->data[1];
    *rest = clti_str_from(*rest, 2);
    if (rest->size < size)
        return false;
    *out = (clt_str){rest->data, size};
    *rest = clti_str_from(*rest, size);
    return true;
}

/* Read what was authenticated; it is ours, yet every number is looked at before it is used. */
static bool read_bytes(clt_str bytes, clt_guid partner, clti_list_request *out) {
    const uint8_t *head = (const uint8_t *)bytes.data;
    if (bytes.size < HEAD_SIZE || head[0] != VERSION || head[1] >= CLTI_LIST_FIELD_COUNT ||
        head[2] > FILTER_EQUALS || head[3] > 1)
        return false;
    *out = (clti_list_request){.has_filter = head[2] != FILTER_NONE,
                               .start = head[3] ? CLTI_LIST_BEFORE : CLTI_LIST_AFTER,
                               .size = (size_t)head[4] << 8 | head[5]};
    out->filter.field = (clti_list_field)head[1];
    out->filter.op = head[2] == FILTER_EQUALS ? CLTI_FILTER_EQUALS : CLTI_FILTER_STARTS_WITH;
    if (out->size == 0 || out->size > CLTI_PAGE_SIZE_MAX ||
        memcmp(head + 6, partner.bytes, sizeof(partner.bytes)) != 0)
        return false;
    clt_str rest = clti_str_from(bytes, HEAD_SIZE);
    return take_counted(&rest, &out->filter.value) && take_counted(&rest, &out->position) && rest.size == 0 &&
           out->position.size <= CLTI_POSITION_MAX;
}

bool clti_continuation_read(const clti_service *service, clt_guid partner, clt_str token, clti_arena *arena,
                            clti_list_request *out) {
    clt_str content;
    return clti_continuation_open(service, token, arena, &content) && read_bytes(content, partner, out);
}
