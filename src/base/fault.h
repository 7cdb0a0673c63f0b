/**
 * @file fault.h
 * @brief What went wrong, in the contract's words.
 *
 * A function that can fail returns bool and fills a clti_fault on failure only. The list of faults is
 * faults.def; code, status and source of a reply come from there, so a fault needs only its code and a
 * text.
 */
#ifndef CLTI_FAULT_H
#define CLTI_FAULT_H

#include "base/compiler.h"
#include "clientele/types.h"

#include <stdarg.h>

typedef enum clti_fault_code {
#define CLTI_FAULT(symbol, service_code, http_status, source, text) CLTI_FAULT_##symbol,
#include "base/faults.def"
#undef CLTI_FAULT
    CLTI_FAULT_COUNT
} clti_fault_code;

/** The contract's limit for `description` (api.md 3.11), which keeps this buffer honest. */
#define CLTI_FAULT_TEXT_MAX 1024

/** Names that one fault carries besides the first; a customer has fewer members. */
#define CLTI_FAULT_MORE_MAX 39

typedef struct clti_fault {
    clti_fault_code code;
    const char *member;                    /**< static name for the reply's `data`, or NULL */
    const char *more[CLTI_FAULT_MORE_MAX]; /**< further ones (problems.h) */
    size_t more_count;
    char text[CLTI_FAULT_TEXT_MAX + 1]; /**< one line of valid UTF-8, cut if longer */
} clti_fault;

/** One row of faults.def. */
typedef struct clti_fault_kind {
    const char *symbol;
    int service_code;
    int http_status;
    const char *source;
    const char *text; /**< used when a fault is set without text of its own */
} clti_fault_kind;

/** @brief The row for a code. */
const clti_fault_kind *clti_fault_kind_of(clti_fault_code code);

/**
 * @brief Set a fault. A NULL `fault` is allowed.
 * @param member  Static string or NULL.
 * @param format  NULL for the kind's own text.
 * @return always false, so that `return clti_fault_set(...)` reads well.
 */
bool clti_fault_set(clti_fault *fault, clti_fault_code code, const char *member, const char *format, ...)
    CLTI_PRINTF(4, 5);

/** @brief The same with the format's arguments as a list. */
bool clti_fault_set_list(clti_fault *fault, clti_fault_code code, const char *member, const char *format,
                         va_list arguments) CLTI_PRINTF(4, 0);

/** @brief One more sentence behind the text, cut if there is no room. */
void clti_fault_append(clti_fault *fault, const char *sentence);

/** @brief Out of memory: 503. Needs no memory itself. @return always false. */
bool clti_fault_no_memory(clti_fault *fault);

#endif
