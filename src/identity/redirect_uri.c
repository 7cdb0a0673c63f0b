#include "identity/identity_private.h"

#define URI_MAX 2048

/* Names of this very machine, whose port may be any. Case and form are not negotiable: the comparison is of
 * bytes. */
static const char *const loopback_names[] = {"http://localhost",  "http://127.0.0.1",  "http://[::1]",
                                             "https://localhost", "https://127.0.0.1", "https://[::1]"};

typedef struct loopback_uri {
    clt_str origin; /* without port */
    clt_str rest;   /* path and query, as they stand */
} loopback_uri;

/* Exactly one of the names, then a port or nothing, then a path, a query or nothing. */
static bool read_loopback(clt_str uri, loopback_uri *out) {
    for (size_t i = 0; i < CLTI_COUNT(loopback_names); i++) {
        const clt_str name = clti_str(loopback_names[i]);
        if (!clti_str_starts_with(uri, name))
            continue;
        clt_str rest = clti_str_from(uri, name.size);
        if (rest.size > 0 && rest.data[0] == ':') {
            size_t digits = 1;
            while (digits < rest.size && rest.data[digits] >= '0' && rest.data[digits] <= '9')
                digits++;
            if (digits == 1 || digits > 6)
                return false;
            rest = clti_str_from(rest, digits);
        }
        *out = (loopback_uri){name, rest};
        return rest.size == 0 || rest.data[0] == '/' || rest.data[0] == '?';
    }
    return false;
}

/* Printable ASCII but what no URI has unescaped (RFC 3986), and no fragment. */
static bool has_uri_characters(clt_str uri) {
    static const char forbidden[] = "\"#<>\\^`{|}";
    for (size_t i = 0; i < uri.size; i++) {
        if (uri.data[i] <= ' ' || uri.data[i] > '~')
            return false;
        for (const char *c = forbidden; *c; c++)
            if (uri.data[i] == *c)
                return false;
    }
    return true;
}

/* https with a host and no user in front of it. */
static bool is_https(clt_str uri) {
    const clt_str scheme = CLTI_STR("https://");
    if (!clti_str_starts_with(uri, scheme))
        return false;
    const clt_str rest = clti_str_from(uri, scheme.size);
    size_t size = 0;
    while (size < rest.size && rest.data[size] != '/' && rest.data[size] != '?') {
        if (rest.data[size] == '@')
            return false;
        size++;
    }
    return size > 0;
}

bool clti_redirect_uri_check(clt_str uri, clti_fault *fault) {
    loopback_uri parts;
    return (uri.size <= URI_MAX && has_uri_characters(uri) &&
            (is_https(uri) || read_loopback(uri, &parts))) ||
           clti_fault_set(
               fault, CLTI_FAULT_INVALID_PROPERTY, NULL,
               "A redirect URI must be https://..., or http:// with localhost, 127.0.0.1 or [::1], "
               "without user, fragment or unescaped characters, at most %d bytes.",
               URI_MAX);
}

static bool is_same_but_port(clt_str registered, clt_str uri) {
    loopback_uri left, right;
    return read_loopback(registered, &left) && read_loopback(uri, &right) &&
           clti_str_equal(left.origin, right.origin) && clti_str_equal(left.rest, right.rest);
}

bool clti_redirect_uri_is_registered(const clti_application *application, clt_str uri) {
    clt_str rest = application->redirect_uris;
    if (uri.size > URI_MAX || !has_uri_characters(uri))
        return false;
    while (rest.data != NULL) {
        const clt_str registered = clti_str_cut(rest, '\n', &rest);
        if (registered.size > 0 && (clti_str_equal(registered, uri) ||
                                    (application->is_public && is_same_but_port(registered, uri))))
            return true;
    }
    return false;
}
