/**
 * @file tls_proxy.h
 * @brief nginx before a server: TLS, HTTP/2, gzip, and an authority of its own (tests/support/tls_proxy.sh).
 *
 * TLS_PROXY in the environment names that file.
 */
#ifndef CLTI_TEST_TLS_PROXY_H
#define CLTI_TEST_TLS_PROXY_H

#include "scene.h"

typedef struct tls_proxy {
    clti_test_process process;
    const char *folder;
    unsigned port;
    char ca_file[256],
        stranger_file[256]; /* the authority that signed its certificate, and one that did not */
} tls_proxy;

/** @brief Start it on a port (0: a free one); returns once it answers. */
void tls_proxy_start(tls_proxy *proxy, unsigned port, const clti_test_server *upstream);

/** @brief What it wrote of the requests so far; the caller's, free(). */
char *tls_proxy_requests(const tls_proxy *proxy);

void tls_proxy_stop(tls_proxy *proxy);

#endif
