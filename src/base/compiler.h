/**
 * @file compiler.h
 * @brief What we ask of the compiler, under one name each.
 */
#ifndef CLTI_COMPILER_H
#define CLTI_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The result must be looked at. */
#define CLTI_MUST_CHECK __attribute__((warn_unused_result))

/** The arguments follow printf's rules: `position` (of the format) and `first` are 1-based positions. */
#define CLTI_PRINTF(position, first) __attribute__((format(printf, position, first)))

/** Run `function(&variable)` when the variable goes out of scope. */
#define CLTI_CLEANUP(function) __attribute__((cleanup(function)))

/** Number of elements of an array (never of a pointer). */
#define CLTI_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** A mistake of ours, in every build: say where and end the process. */
#define clti_assert(condition) ((condition) ? (void)0 : clti_assert_failed(#condition, __FILE__, __LINE__))

/** Ends the process; see clti_assert(). */
__attribute__((noreturn)) void clti_assert_failed(const char *condition, const char *file, int line);

#endif
