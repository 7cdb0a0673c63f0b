/**
 * @file editor_private.h
 * @brief A text in the person's own editor, in a file that is nobody else's.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_EDITOR_PRIVATE_H
#define CLTI_CLI_EDITOR_PRIVATE_H

#include "cli/text_private.h"
#include "clientele/partner.h"

/**
 * @brief An editor can be run: one is named, or there is a terminal for vi, as git wants it.
 * @return false, and told
 */
bool clti_editor_is_possible(void);

/** @brief Make the file. @return its path, free(); NULL: it cannot be made, and told */
char *clti_editor_begin(void);

/** @brief Write it anew. @return false, and told */
bool clti_editor_write(const char *path, clt_str text);

/**
 * @brief Have it edited with $VISUAL, $EDITOR or vi, and read it.
 * @param cancellation  Of the session, watched again afterwards: meanwhile Ctrl-C is the editor's.
 * @return false, and told: the editor failed, or the file cannot be read
 */
bool clti_editor_run(const char *path, clt_cancellation *cancellation, clti_bytes *out);

#endif
