/**
 * @file pattern.h
 * @brief Regular expressions as the contract serves them, matched against short texts.
 *
 * The expressions are ours (tables, never a caller's): those of .NET and JavaScript with `\d`, `\` before a
 * character that stands for itself, `[..]`, `(..)`, `|`, `?`, `{n,m}`, between `^` and `$`. They are handed
 * to the C library's matcher, which needs time linear in the text, as no part refers to another. Thread: any
 * thread.
 */
#ifndef CLTI_PATTERN_H
#define CLTI_PATTERN_H

#include "base/compiler.h"
#include "clientele/types.h"

/** A longer text matches nothing. */
#define CLTI_PATTERN_TEXT_MAX 1024

typedef enum clti_pattern_result {
    CLTI_PATTERN_DIFFERS,
    CLTI_PATTERN_MATCHES,
    CLTI_PATTERN_NO_MEMORY
} clti_pattern_result;

/** @brief Does the text match? An expression that is none is a mistake of ours. */
CLTI_MUST_CHECK clti_pattern_result clti_pattern_match(const char *expression, clt_str text);

#endif
