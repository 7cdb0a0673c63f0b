/**
 * @file certificate.h
 * @brief Certificates for trying things out: an authority of one's own, and what it issues.
 *
 * Everything is text in PEM form. Keys are P-256, secrets, not encrypted: wipe their buffers.
 * Thread: any thread.
 */
#ifndef CLTI_CERTIFICATE_H
#define CLTI_CERTIFICATE_H

#include "base/buf.h"
#include "base/fault.h"

typedef struct clti_certificate_pair {
    clt_str certificate;
    clt_str key;
} clti_certificate_pair;

/**
 * @brief Make an authority that may issue certificates for servers, valid for ten years.
 * @param name             How people see it among those they trust.
 * @param out_certificate  The two are appended to.
 */
CLTI_MUST_CHECK bool clti_certificate_make_authority(const char *name, clti_buf *out_certificate,
                                                     clti_buf *out_key, clti_fault *fault);

/**
 * @brief Issue a certificate for a server, valid for 397 days, the most that browsers take.
 * @param names  DNS names, with `*.` before them or not, and IP addresses; at least one.
 * @retval false  the authority cannot be read, its key is another's, it has expired; a name is none.
 */
CLTI_MUST_CHECK bool clti_certificate_issue(const clti_certificate_pair *authority, const char *const *names,
                                            size_t name_count, clti_buf *out_certificate, clti_buf *out_key,
                                            clti_fault *fault);

#endif
