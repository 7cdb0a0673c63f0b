/**
 * @file password_private.h
 * @brief How commands get a password: typed at the terminal, or from a file; never from the command line.
 */
#ifndef CLTI_DAEMON_PASSWORD_H
#define CLTI_DAEMON_PASSWORD_H

#include "base/base.h"

/**
 * @brief Read a password: from the first line of a file (`-`: standard input), or, without one, typed twice.
 * @param[out] out  To be released with clti_password_done(), on failure too.
 */
CLTI_MUST_CHECK bool clti_password_read(const char *path, clti_buf *out, clti_fault *fault);

/** @brief Wipe and free. */
void clti_password_done(clti_buf *password);

#endif
