/**
 * @file new_file_private.h
 * @brief A file that appears when it is whole, or not at all; for what is taken out of a store.
 *
 * Thread: one at a time, as its name must be known to a signal's handler.
 */
#ifndef CLTI_NEW_FILE_PRIVATE_H
#define CLTI_NEW_FILE_PRIVATE_H

#include "base/base.h"

typedef struct clti_new_file {
    const char *path; /**< `-` for standard output */
    char *temporary;  /**< its name meanwhile; NULL for standard output */
    int descriptor;
} clti_new_file;

/**
 * @brief Begin the file beside its later name, readable for its owner alone.
 *
 * From here SIGINT and SIGTERM remove it and end the process.
 * @retval false  there is such a file already, or it cannot be made; or standard output is a terminal and the
 *                content is not for one.
 */
CLTI_MUST_CHECK bool clti_new_file_begin(const char *path, bool is_binary, clti_new_file *out,
                                         clti_fault *fault);

/** @brief Bring it to disk and give it its name. @retval false  it is gone, or standard output failed. */
CLTI_MUST_CHECK bool clti_new_file_commit(clti_new_file *file, clti_fault *fault);

/** @brief Remove it. */
void clti_new_file_abandon(clti_new_file *file);

#endif
