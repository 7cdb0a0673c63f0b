/**
 * @file text.h
 * @brief Text as people write it: UTF-8 checks and folding.
 */
#ifndef CLTI_TEXT_H
#define CLTI_TEXT_H

#include "base/buf.h"
#include "base/compiler.h"

/** @brief Valid UTF-8 (no surrogates, nothing overlong), and how many code points. */
CLTI_MUST_CHECK bool clti_text_check(clt_str text, size_t *out_code_points);

/** @brief Contains U+0000 to U+001F or U+007F to U+009F. @param text  Valid UTF-8. */
bool clti_text_has_control(clt_str text);

/** @brief Shows nothing to a reader: only blanks of any width, separators and code points that are ignored by
 * default (zero-width spaces, soft hyphens). */
bool clti_text_is_blank(clt_str text);

/**
 * @brief Append `fold(text)`: NFKD with case folding, default-ignorable code points removed.
 *
 * A name matches a prefix when fold(name) begins with fold(prefix) (design.md 4).
 * @return false if `text` is not valid UTF-8 or the buffer failed.
 */
CLTI_MUST_CHECK bool clti_text_fold(clt_str text, clti_buf *out);

#endif
