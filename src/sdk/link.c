#include "sdk/link_private.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

/* ---- origins ------------------------------------------------------------------------------------------ */

static bool is_loopback(clt_str host) {
    static const char *const NAMES[] = {"localhost", "localhost.", "[::1]"};
    for (size_t i = 0; i < CLTI_COUNT(NAMES); i++)
        if (clti_str_equal_nocase(host, clti_str(NAMES[i])))
            return true;
    /* 127.0.0.0/8 as the parser of URLs writes it; a name may begin like this too, even of digits alone. */
    struct in_addr address;
    return clti_str_starts_with(host, CLTI_STR("127.")) && inet_pton(AF_INET, host.data, &address) == 1;
}

static clt_str part(CURLU *url, CURLUPart what, unsigned flags, clti_arena *arena) {
    char *text = NULL;
    clt_str kept = {NULL, 0};
    if (curl_url_get(url, what, &text, flags) == CURLUE_OK && !clti_arena_copy(arena, clti_str(text), &kept))
        kept = (clt_str){NULL, 0};
    curl_free(text);
    return kept;
}

static clt_status read_origin(CURLU *handle, const char *name, const char *url, clti_arena *arena,
                              clti_origin *out, clt_error **err) {
    if (curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK)
        return clti_fail(err, CLT_ERR_ARGUMENT,
                         "%s is not a URL: give it as https://host or https://host:port.", name);
    clt_str scheme = part(handle, CURLUPART_SCHEME, 0, arena);
    if (!scheme.data)
        return clti_fail_no_memory(err);
    if (!clti_str_equal(scheme, CLTI_STR("https")) && !clti_str_equal(scheme, CLTI_STR("http")))
        return clti_fail(err, CLT_ERR_ARGUMENT, "%s must begin with https://, not %s://.", name, scheme.data);
    if (part(handle, CURLUPART_USER, 0, arena).data || part(handle, CURLUPART_QUERY, 0, arena).data ||
        part(handle, CURLUPART_FRAGMENT, 0, arena).data)
        return clti_fail(err, CLT_ERR_ARGUMENT, "%s may have neither user nor query nor fragment.", name);
    clt_str host = part(handle, CURLUPART_HOST, 0, arena), path = part(handle, CURLUPART_PATH, 0, arena);
    clt_str port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, arena);
    if (!host.data || !port.data || !path.data)
        return clti_fail_no_memory(err);
    bool loopback = is_loopback(host);
    if (!loopback && scheme.size == sizeof("http") - 1)
        return clti_fail(err, CLT_ERR_ARGUMENT,
                         "%s must begin with https://: tokens go to other machines encrypted only.", name);
    while (path.size && path.data[path.size - 1] == '/')
        path.size--;
    clt_str root = clti_arena_format(arena, "%s://%s:%s", scheme.data, host.data, port.data);
    if (clti_str_equal(port, scheme.size == sizeof("http") - 1 ? CLTI_STR("80") : CLTI_STR("443")))
        root.size -= root.data ? port.size + 1 : 0;
    clt_str whole = clti_arena_join(arena, (const clt_str[]){root, path}, 2);
    if (!root.data || !whole.data)
        return clti_fail_no_memory(err);
    *out = (clti_origin){.url = whole, .root = {whole.data, root.size}, .is_loopback = loopback};
    return CLT_OK;
}

clt_status clti_origin_parse(const char *name, const char *url, clti_arena *arena, clti_origin *out,
                             clt_error **err) {
    CURLU *handle = curl_url();
    if (!handle)
        return clti_fail_no_memory(err);
    clt_status status = read_origin(handle, name, url, arena, out, err);
    curl_url_cleanup(handle);
    return status;
}

/* ---- links -------------------------------------------------------------------------------------------- */

bool clti_header_is_sound(clt_str text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7F)
            return false;
    return true;
}

bool clti_header_name_is_sound(clt_str name) {
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < name.size; i++)
        if (!memchr(LETTERS, name.data[i], sizeof(LETTERS) - 1))
            return false;
    return name.size > 0;
}

static bool has_prefix_nocase(clt_str text, clt_str prefix) {
    return text.size >= prefix.size && clti_str_equal_nocase((clt_str){text.data, prefix.size}, prefix);
}

/* Begins with a scheme (`name:`), before any slash or question mark. */
static bool is_absolute(clt_str uri) {
    for (size_t i = 0; i < uri.size; i++) {
        if (uri.data[i] == ':')
            return true;
        if (strchr("/?#", uri.data[i]))
            return false;
    }
    return false;
}

/* Cut our own root off an absolute URL; absent if it is another's. */
static clt_str without_root(const clti_origin *base, clt_str uri) {
    clt_str authority =
        clti_str_from(base->root, clti_str_starts_with(base->root, CLTI_STR("https:")) ? sizeof("https:") - 1
                                                                                       : sizeof("http:") - 1);
    clt_str ours = clti_str_starts_with(uri, CLTI_STR("//")) ? authority : base->root;
    clt_str rest = clti_str_from(uri, ours.size);
    clt_str port = clti_str_starts_with(base->root, CLTI_STR("https:")) ? CLTI_STR(":443") : CLTI_STR(":80");
    if (clti_str_starts_with(rest, port) && !memchr(ours.data + 8, ':', ours.size > 8 ? ours.size - 8 : 0))
        rest = clti_str_from(rest, port.size);
    if (!has_prefix_nocase(uri, ours) || (rest.size && !strchr("/?#", rest.data[0])))
        return (clt_str){NULL, 0};
    clt_str prefix = clti_str_from(base->url, base->root.size);
    clt_str below = clti_str_from(rest, prefix.size);
    if (prefix.size && clti_str_starts_with(rest, prefix) && (!below.size || strchr("/?#", below.data[0])))
        return below;
    return rest;
}

static clt_str drop_slashes(clt_str path) {
    while (path.size && path.data[0] == '/')
        path = clti_str_from(path, 1);
    return path;
}

static clt_str tree_of(clt_str *path) {
    static const char *const TREES[] = {"auditactivity/v1/", "webhooks/v1/", "clientele/v1/"};
    for (size_t i = 0; i < CLTI_COUNT(TREES); i++)
        if (has_prefix_nocase(*path, clti_str(TREES[i])))
            return (clt_str){"", 0};
    if (has_prefix_nocase(*path, CLTI_STR("v1/")))
        *path = drop_slashes(clti_str_from(*path, sizeof("v1/") - 1));
    return CLTI_STR("v1/");
}

clt_status clti_link_join(const clti_origin *base, clt_str uri, clti_arena *arena, clt_str *out,
                          clt_error **err) {
    bool absolute = is_absolute(uri);
    clt_str path = absolute || clti_str_starts_with(uri, CLTI_STR("//")) ? without_root(base, uri) : uri;
    /* Some clients make `//customers` of a link. Whatever is not our own host is a path, and stays here. */
    if (!path.data && !absolute)
        path = uri;
    if (!path.data)
        return clti_fail(err, CLT_ERR_ORIGIN, "%.*s is not at %.*s; the request was not sent.",
                         CLTI_STR_ARGS(uri), CLTI_STR_ARGS(base->root));
    path = clti_str_cut(path, '#', &(clt_str){NULL, 0});
    path = drop_slashes(path);
    if (!path.size || !clti_header_is_sound(path))
        return clti_fail(err, CLT_ERR_RESPONSE_PARSE, "'%.*s' is not a path that can be asked for.",
                         CLTI_STR_ARGS(uri));
    clt_str tree = tree_of(&path);
    clti_buf url;
    clti_buf_init(&url, base->url.size + tree.size + 3 * path.size + 2);
    clti_buf_add(&url, base->url);
    clti_buf_add_char(&url, '/');
    clti_buf_add(&url, tree);
    for (size_t i = 0; i < path.size; i++)
        clti_buf_add(&url, path.data[i] == ' ' ? CLTI_STR("%20") : (clt_str){path.data + i, 1});
    bool copied = clti_buf_ok(&url) && clti_arena_copy(arena, clti_buf_str(&url), out);
    clti_buf_done(&url);
    return copied ? CLT_OK : clti_fail_no_memory(err);
}

clt_str clti_link_operation(const clti_origin *base, const char *method, clt_str url, clti_arena *arena) {
    clt_str rest, path = clti_str_cut(clti_str_from(url, base->root.size), '?', &rest);
    const clt_str parts[] = {clti_str(method), CLTI_STR(" "), path};
    return clti_arena_join(arena, parts, CLTI_COUNT(parts));
}
