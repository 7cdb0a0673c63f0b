/**
 * @file qualification.h
 * @brief What a customer is qualified for: special offers of education, public authorities and so on.
 * @source api.md 4.16
 */
#ifndef CLTI_QUALIFICATION_H
#define CLTI_QUALIFICATION_H

#include "base/base.h"

/** The numbers are the original's, and part of the stored format. */
typedef enum clti_qualification_kind {
    CLTI_QUALIFICATION_NONE = 0,
    CLTI_QUALIFICATION_EDUCATION = 1,
    CLTI_QUALIFICATION_NONPROFIT = 2,
    CLTI_QUALIFICATION_GOVERNMENT = 3,
    CLTI_QUALIFICATION_STATE_OWNED = 4,
    CLTI_QUALIFICATION_COUNT
} clti_qualification_kind;

typedef struct clti_qualification {
    int64_t kind;      /**< a clti_qualification_kind */
    int64_t created;   /**< clti_ticks; 0 without one */
    bool is_in_review; /**< vetting has not ended; else it is approved */
} clti_qualification;

/** @brief The word for a kind, as /qualification has it: `government_community_cloud`. */
const char *clti_qualification_word(int64_t kind);

/** @brief The same as /qualifications and audit records have it: `GovernmentCommunityCloud`. */
const char *clti_qualification_name(int64_t kind);

/** @brief The kind of a word, in any case, with or without underscores. @retval false it is none. */
CLTI_MUST_CHECK bool clti_qualification_find(clt_str word, int64_t *out);

#endif
