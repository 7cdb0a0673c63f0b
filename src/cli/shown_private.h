/**
 * @file shown_private.h
 * @brief Text from elsewhere as a terminal shows it: how wide it is, and with nothing in it that acts.
 *
 * What acts is replaced by U+FFFD: control characters (terminal escapes begin with one), and the marks that
 * turn the direction of what follows. So are bytes that are not UTF-8.
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_SHOWN_PRIVATE_H
#define CLTI_CLI_SHOWN_PRIVATE_H

#include "cli/text_private.h"

/** @brief Take one code point off a text that is not empty; U+FFFD for a byte that begins none. */
uint32_t clti_shown_next(clt_str *text);

/** @brief All of it is UTF-8. */
bool clti_shown_is_text(clt_str text);

/** @brief The code point acts on a terminal instead of being shown. */
bool clti_shown_acts(uint32_t point);

/** @brief Columns that the text takes: 2 for wide characters, 0 for combining ones. */
size_t clti_shown_width(clt_str text);

/**
 * @brief Add the text, made harmless.
 * @param width  0: all of it; else exactly so many columns: filled up with blanks, or cut with an ellipsis.
 */
void clti_shown_add(clti_bytes *out, clt_str text, size_t width);

/** @brief Move as much as fits into `width` columns, at least one character, made harmless, out of the text.
 */
void clti_shown_take(clti_bytes *out, clt_str *text, size_t width);

/** @brief Add blanks. */
void clti_shown_indent(clti_bytes *out, size_t count);

#endif
