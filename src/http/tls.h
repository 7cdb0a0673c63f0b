/**
 * @file tls.h
 * @brief The server's certificates: which one a connection gets, and their exchange while it runs.
 *
 * A connection holds the certificates that it began with, so that an exchange ends no handshake.
 * Thread: any thread.
 */
#ifndef CLTI_TLS_H
#define CLTI_TLS_H

#include "http/http.h"

#include <gnutls/abstract.h>

/** TLS 1.2 and 1.3 alone, with forward secrecy. */
#define CLTI_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:%SERVER_PRECEDENCE"

typedef struct clti_certificates clti_certificates;

/** @brief The certificates of now, for a connection that begins. `session` is its gnutls_session_t. */
clti_certificates *clti_tls_hold(clti_tls *tls, void *session);

/** @brief The connection has ended; NULL is allowed. */
void clti_tls_release(clti_tls *tls, clti_certificates *certificates);

/** @brief For MHD_OPTION_HTTPS_CERT_CALLBACK: the certificate for the name that the client asks for, or the
 * first. */
gnutls_certificate_retrieve_function2 clti_tls_choose;

#endif
