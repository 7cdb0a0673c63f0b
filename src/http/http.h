/**
 * @file http.h
 * @brief The door of `http`: requests in, responses out.
 *
 * Thread: start and stop from one thread; the server's own threads answer meanwhile.
 */
#ifndef CLTI_HTTP_H
#define CLTI_HTTP_H

#include "identity/identity.h"
#include "service/service.h"

#include <sys/socket.h>

typedef struct clti_http clti_http;

/** Whether success bodies start with a byte order mark (api.md 1.4). Order as in the setting's choices. */
typedef enum clti_bom { CLTI_BOM_OFF, CLTI_BOM_ON, CLTI_BOM_AUTO } clti_bom;

/** When bodies are compressed; auto leaves out peers on this machine. Order as in the setting's choices. */
typedef enum clti_compress { CLTI_COMPRESS_OFF, CLTI_COMPRESS_ON, CLTI_COMPRESS_AUTO } clti_compress;

/** Who may read /metrics. Order as in the setting's choices. */
typedef enum clti_metrics_rule { CLTI_METRICS_OFF, CLTI_METRICS_LOCAL, CLTI_METRICS_ON } clti_metrics_rule;

/** Where to listen. */
typedef struct clti_listen_address {
    struct sockaddr_storage address;
    socklen_t size;
    bool is_loopback;
} clti_listen_address;

/** @brief Understand HOST:PORT, with [..] around an IPv6 address; names are looked up. */
CLTI_MUST_CHECK bool clti_listen_address_parse(clt_str text, clti_listen_address *out, clti_fault *fault);

/** @brief The address belongs to this machine alone. */
bool clti_address_is_loopback(const struct sockaddr *address);

/** @brief Who is counted as one where addresses are counted: an IPv4 address, the network (/64) of an IPv6
 * one. Absent for this machine, where a proxy would stand for everybody. */
clt_guid clti_address_key(const struct sockaddr *address);

/** @brief Bind and listen; *address gets the port that was picked if it was 0. @return a descriptor, or -1.
 */
int clti_listen_open(clti_listen_address *address, clti_fault *fault);

/** @brief The port of an address. */
unsigned clti_listen_address_port(const clti_listen_address *address);

/** @brief `host:port` of an address, for people and URLs. */
clt_str clti_listen_address_text(const clti_listen_address *address, clti_arena *arena);

/* ---- TLS ------------------------------------------------------------------------------------------ */

typedef struct clti_tls clti_tls;

/** Most certificates of one server. */
#define CLTI_CERTIFICATES_MAX 16

/**
 * @brief Read certificates and their keys.
 *
 * @param certificate_files  Files in PEM form with commas between; in each, the server's certificate and
 * those that lead to its root. A client gets the first that has the name it asks for, or the very first.
 * @param key_files          The files of their keys, in the same order.
 * @retval false  one cannot be read, is not what it should be, belongs to another, or has expired.
 */
CLTI_MUST_CHECK bool clti_tls_new(clt_str certificate_files, clt_str key_files, clti_tls **out,
                                  clti_fault *fault);

/** @brief Read the same files anew, for the connections to come. @retval false  all is as it was. */
CLTI_MUST_CHECK bool clti_tls_reload(clti_tls *tls, clti_fault *fault);

/** @brief Free; NULL is allowed. No server may use it any more. */
void clti_tls_free(clti_tls *tls);

/* ---- the server ----------------------------------------------------------------------------------- */

/** @brief Check a list of origins, with commas between. @retval false  one is not as browsers write it. */
CLTI_MUST_CHECK bool clti_cors_check(clt_str origins, clti_fault *fault);

typedef struct clti_http_options {
    int listen_socket; /**< taken over by the server if it starts */
    unsigned threads;
    const clti_service *service; /**< with a writer; these two must outlive the server */
    clti_identity *identity;
    clti_tls *tls; /**< must outlive the server; NULL: plain HTTP */
    clti_bom bom;
    clti_compress compress;
    clti_metrics_rule metrics_rule;
    unsigned header_seconds; /**< a request's header may take so long to arrive */
    unsigned body_seconds;   /**< and its body, from the header's end */
    clt_str server_id;       /**< MS-ServerId; must outlive the server */
    clt_str cors_origins;    /**< whose pages may call, with commas between; must outlive the server */
    unsigned store_threads;  /**< that handle requests with a store that waits; 0: it does not, and each is
                                handled  where it comes in */
    size_t store_queue_max;  /**< requests that wait for one of them; beyond, 503 */
    unsigned store_wait_ms;  /**< how long one may wait; then 503 */
    bool access_log;
    bool require_mfa;                   /**< users need a second factor */
    bool is_secure;                     /**< clients come over TLS, so cookies are for it alone */
    struct clti_metrics *metrics;       /**< the server's own; set by clti_http_start() */
    struct clti_helpers *store_helpers; /**< likewise; NULL: requests are handled where they come in */
} clti_http_options;

CLTI_MUST_CHECK bool clti_http_start(const clti_http_options *options, clti_http **out, clti_fault *fault);

/** @brief Stop accepting, finish what is in flight (at most `grace_ms`), stop the service's writer and the
 * server, free. */
void clti_http_stop(clti_http *http, unsigned grace_ms);

#endif
