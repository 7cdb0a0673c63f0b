/**
 * @file link_private.h
 * @brief Where requests go: origins, and the paths that callers and the service's links name.
 *
 * Whatever a link says, what is made of it begins with the origin that the partner was created with.
 */
#ifndef CLTI_SDK_LINK_PRIVATE_H
#define CLTI_SDK_LINK_PRIVATE_H

#include "sdk/error_private.h"

/** An http or https URL without query, and what of it counts. */
typedef struct clti_origin {
    clt_str url;  /**< `https://host:8443/prefix`, no slash at the end, terminated */
    clt_str root; /**< `https://host:8443`: a part of url */
    bool is_loopback;
} clti_origin;

/**
 * @brief Read a URL given by the caller.
 * @param name   The parameter, for messages.
 * @param arena  Gets the texts.
 * @retval CLT_ERR_ARGUMENT  no URL; http to a host that is not loopback; user, query or fragment.
 */
CLTI_MUST_CHECK clt_status clti_origin_parse(const char *name, const char *url, clti_arena *arena,
                                             clti_origin *out, clt_error **err);

/**
 * @brief The URL of a path, or of a link's uri: path and query alone count; leading slashes and one leading
 *        `v1/` are dropped, then `/v1/` is put before it (api.md 10). The other trees of api.md 1.2 and 13
 *        (`auditactivity/v1/`, ...) are kept.
 * @retval CLT_ERR_ORIGIN          it names another origin
 * @retval CLT_ERR_RESPONSE_PARSE  it cannot be sent: control characters, empty
 */
CLTI_MUST_CHECK clt_status clti_link_join(const clti_origin *base, clt_str uri, clti_arena *arena,
                                          clt_str *out, clt_error **err);

/** @brief `GET /v1/customers`: method and path of a URL below the base, without its query. */
clt_str clti_link_operation(const clti_origin *base, const char *method, clt_str url, clti_arena *arena);

/** @brief May be a header's value: no control characters. */
bool clti_header_is_sound(clt_str text);

/** @brief May be a header's name: letters, digits, hyphens, underscores; not empty. */
bool clti_header_name_is_sound(clt_str name);

#endif
