/**
 * @file fetch_private.h
 * @brief Fetching documents of other issuers; the settings that name them.
 */
#ifndef CLTI_FETCH_PRIVATE_H
#define CLTI_FETCH_PRIVATE_H

#include "base/base.h"
#include "identity/identity.h"

/** Thread: one fetches at a time; any may stop it. */
typedef struct clti_fetcher clti_fetcher;

CLTI_MUST_CHECK bool clti_fetcher_new(clti_fetcher **out, clti_fault *fault);

/** @brief End what is being fetched, and whatever would be. NULL is allowed. */
void clti_fetcher_stop(clti_fetcher *fetcher);
void clti_fetcher_free(clti_fetcher *fetcher);

/** @brief As clti_fetch_door.fetch. @param fetcher  A clti_fetcher. */
CLTI_MUST_CHECK bool clti_fetch_document(void *fetcher, const char *url, clti_buf *out, clti_fault *fault);

/**
 * @brief The issuers that the settings name. Texts live as long as the settings.
 * @param[out] out  CLTI_ISSUERS_MAX of them.
 */
CLTI_MUST_CHECK bool clti_issuers_read(const clti_settings *settings, clti_issuer_options *out,
                                       size_t *out_count, clti_fault *fault);

#endif
