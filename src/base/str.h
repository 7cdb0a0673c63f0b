/**
 * @file str.h
 * @brief Views of text.
 *
 * Nothing here allocates or fails. Case is ASCII's only; for people's names see text.h.
 * Thread: any thread.
 */
#ifndef CLTI_STR_H
#define CLTI_STR_H

#include "base/compiler.h"
#include "clientele/types.h"

/** A view of a string literal. */
#define CLTI_STR(literal) ((clt_str){(literal), sizeof(literal) - 1})

/** For printf's `%.*s`. Only for text known to be short. */
#define CLTI_STR_ARGS(str) (int)(str).size, ((str).data ? (str).data : "")

/** @brief View a NUL-terminated string; NULL gives the absent view. */
clt_str clti_str(const char *terminated);

/** @brief True if nothing is there: absent or empty. */
bool clti_str_is_empty(clt_str str);

/** @brief Same bytes. */
bool clti_str_equal(clt_str a, clt_str b);

/** @brief Same bytes when A-Z and a-z count as one. */
bool clti_str_equal_nocase(clt_str a, clt_str b);

/** @brief Same letters when case and underscores are ignored, as in words of an enumeration (api.md 1.3). */
bool clti_str_equal_word(clt_str a, clt_str b);

/** @brief `str` begins with `prefix`. */
bool clti_str_starts_with(clt_str str, clt_str prefix);

/** @brief memcmp order, the shorter first when one begins with the other. */
int clti_str_compare(clt_str a, clt_str b);

/** @brief Part of `str` from `start` (clamped) to its end. */
clt_str clti_str_from(clt_str str, size_t start);

/** @brief Without leading and trailing spaces, tabs, CR and LF. */
clt_str clti_str_trim(clt_str str);

/** @brief Cut at the first `separator`: the part before is returned, `*rest` is what follows, or absent. */
clt_str clti_str_cut(clt_str str, char separator, clt_str *rest);

/**
 * @brief Read a whole decimal number without sign, at most `max`.
 * @return false for anything else: empty, other characters, too large.
 */
CLTI_MUST_CHECK bool clti_str_to_u64(clt_str str, uint64_t max, uint64_t *out);

/** @brief Number of single-character edits between two short names, case ignored; for suggestions. */
size_t clti_str_distance(clt_str a, clt_str b);

#endif
