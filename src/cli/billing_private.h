/**
 * @file billing_private.h
 * @brief A billing profile on its way: fetched, changed, sent back with its entity tag.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_BILLING_PRIVATE_H
#define CLTI_CLI_BILLING_PRIVATE_H

#include "cli/document_private.h"
#include "cli/session_private.h"

/** @brief Members of a profile that a person may say, by position; NULL behind the last. */
const char *clti_billing_member(size_t index);

/** @brief The profile as the service sent it. @param out  json_decref() */
clt_status clti_billing_fetch(clti_session *session, const char *customer_id, json_t **out,
                              clt_error **out_err);

/** @brief Its entity tag, free(); NULL: it has none. */
char *clti_billing_etag(const json_t *profile);

/** @brief Without what only the service writes: a copy, json_decref(). */
json_t *clti_billing_editable(const json_t *profile);

/** @brief Put an entity tag into a profile; NULL: none. */
void clti_billing_set_etag(json_t *profile, const char *etag);

/**
 * @brief Send it, with the entity tag that it was changed from.
 * @retval CLT_ERR_PRECONDITION_FAILED  there is another one meanwhile
 */
clt_status clti_billing_send(clti_session *session, const char *customer_id, json_t *profile,
                             const char *etag, clt_error **out_err);

/**
 * @brief Read a profile that a person wrote: JSON, an object, members that a profile has.
 * @param known  Whose members are allowed, too.
 * @return json_decref(); NULL: it is none, and `out_problem` says why, free()
 */
json_t *clti_billing_read(clt_str text, const json_t *known, char **out_problem);

/** @brief Write what differs to standard error. @return how many members */
size_t clti_billing_show_diff(json_t *before, json_t *after);

#endif
