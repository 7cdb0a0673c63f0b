#include "http/http_private.h"

#include <zlib.h>

/* Below this, headers and checksum eat what is saved. */
#define SIZE_MIN 1024
#define LEVEL    1
/* zlib's word for "with a gzip header". */
#define GZIP_WINDOW (15 + 16)

/* `gzip;q=0` says no. Any other weight says yes, since there is nothing better to choose. */
static bool is_refused(clt_str parameters) {
    clt_str value, name = clti_str_trim(clti_str_cut(parameters, '=', &value));
    value = clti_str_trim(value);
    if (!clti_str_equal_nocase(name, CLTI_STR("q")) || clti_str_is_empty(value))
        return false;
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] != '0' && value.data[i] != '.')
            return false;
    return true;
}

bool clti_accepts_gzip(clt_str accept_encoding) {
    bool any = false;
    for (clt_str rest = accept_encoding; rest.data;) {
        clt_str parameters, item = clti_str_cut(rest, ',', &rest);
        clt_str coding = clti_str_trim(clti_str_cut(item, ';', &parameters));
        if (clti_str_equal_nocase(coding, CLTI_STR("gzip")))
            return !is_refused(parameters);
        any |= clti_str_equal(coding, CLTI_STR("*")) && !is_refused(parameters);
    }
    return any;
}

static bool deflate_into(clt_str body, clti_buf *out) {
    z_stream stream = {0};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong bound = deflateBound(&stream, (uLong)body.size);
    char *room = clti_buf_reserve(out, bound);
    int code = Z_MEM_ERROR;
    if (room) {
        stream.next_in = (Bytef *)(uintptr_t)body.data;
        stream.avail_in = (uInt)body.size;
        stream.next_out = (Bytef *)room;
        stream.avail_out = (uInt)bound;
        code = deflate(&stream, Z_FINISH);
    }
    if (code == Z_STREAM_END)
        clti_buf_advance(out, bound - stream.avail_out);
    deflateEnd(&stream);
    return code == Z_STREAM_END;
}

/* The last four bytes tell the size of what was packed (RFC 1952 2.3.1). */
static size_t unpacked_size(clt_str packed) {
    size_t size = 0;
    clti_assert(packed.size > sizeof(uint32_t));
    for (size_t i = 1; i <= sizeof(uint32_t); i++)
        size = size << 8 | (uint8_t)packed.data[packed.size - i];
    return size;
}

bool clti_gzip_unpack(clt_str packed, clti_buf *out) {
    const size_t size = unpacked_size(packed);
    z_stream stream = {0};
    char *room = clti_buf_reserve(out, size);
    if (!room || inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return false;
    stream.next_in = (Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.size;
    stream.next_out = (Bytef *)room;
    stream.avail_out = (uInt)size;
    const int code = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    if (code == Z_STREAM_END)
        clti_buf_advance(out, size);
    return code == Z_STREAM_END;
}

void clti_reply_compress(clti_reply *reply) {
    clti_buf packed;
    if (reply->body.size < SIZE_MIN)
        return;
    clti_buf_init(&packed, reply->body.size_max);
    if (!deflate_into(clti_buf_str(&reply->body), &packed)) {
        clti_buf_done(&packed);
        return;
    }
    clti_buf_done(&reply->body);
    reply->body = packed;
    clti_reply_add_header(reply, "Content-Encoding", CLTI_STR("gzip"));
}
