/* Where the authority's endpoints are: a forged Host must lead nobody elsewhere. */
#include "identity/identity_private.h"

/* The name's own spelling in the list; absent if it is none of them. */
static clt_str find_listed(const clti_identity *identity, clt_str name) {
    clt_str rest = clti_str(identity->hosts);
    while (rest.data) {
        const clt_str listed = clti_str_trim(clti_str_cut(rest, ',', &rest));
        if (listed.size > 0 && clti_str_equal_nocase(listed, name))
            return listed;
    }
    return (clt_str){NULL, 0};
}

/* Name and port: an IPv6 address has colons of its own. */
static clt_str cut_port(clt_str host, clt_str *out_port) {
    size_t end = host.size;
    while (end > 0 && host.data[end - 1] >= '0' && host.data[end - 1] <= '9')
        end--;
    const bool has_port = end < host.size && end > 0 && host.data[end - 1] == ':';
    *out_port = has_port ? clti_str_from(host, end) : (clt_str){NULL, 0};
    return has_port ? (clt_str){host.data, end - 1} : host;
}

clt_str clti_identity_address(const clti_identity *identity, clt_str host, clti_arena *arena) {
    clt_str port;
    const clt_str listed = find_listed(identity, cut_port(host, &port));
    const clt_str own_port = clti_arena_format(arena, "%u", identity->own_port);
    if (!own_port.data)
        return own_port;
    if (!listed.data || (port.data && !clti_str_equal(port, own_port)))
        return clti_arena_format(arena, "%s", identity->public_url);
    return clti_arena_format(arena, "%s://%.*s%s%.*s", identity->own_scheme, CLTI_STR_ARGS(listed),
                             port.data ? ":" : "", CLTI_STR_ARGS(port));
}
