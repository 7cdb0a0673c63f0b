/**
 * @file problems.h
 * @brief What is wrong with one body, gathered so that one answer can tell all of it.
 *
 * The answer's code is that of the worst problem: a fault of our own (5xx) before one of the caller's, then
 * the one that stands first in faults.def, where the general comes before the special.
 * Thread: one thread at a time.
 */
#ifndef CLTI_PROBLEMS_H
#define CLTI_PROBLEMS_H

#include "base/fault.h"

/** Zero-initialised is ready for use. */
typedef struct clti_problems {
    size_t count;
    clti_fault fault; /**< all of them as one fault, once there is one */
} clti_problems;

/**
 * @brief One more. A member that has been named is passed over, as its first problem is the one to mend; so
 *        is one without a member that has been told already.
 * @param member  Static string or NULL.
 * @param format  A sentence that names the member, or NULL for the kind's own text.
 */
void clti_problems_add(clti_problems *problems, clti_fault_code code, const char *member, const char *format,
                       ...) CLTI_PRINTF(4, 5);

/** @brief One more that came as a fault. */
void clti_problems_add_fault(clti_problems *problems, const clti_fault *fault);

/** @brief True if there are none; else false, with all of them as the fault. */
CLTI_MUST_CHECK bool clti_problems_none(const clti_problems *problems, clti_fault *fault);

#endif
