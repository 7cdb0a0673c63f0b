/**
 * @file document_private.h
 * @brief A resource as the JSON that the service sent, so that what is sent back has lost nothing.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_DOCUMENT_PRIVATE_H
#define CLTI_CLI_DOCUMENT_PRIVATE_H

#include "cli/text_private.h"

#include <jansson.h>

/**
 * @brief Set a member of members: `a.b` is b in a, which is made if it is not there.
 * @param value  Taken, on failure too; NULL removes the member.
 * @return false if something on the way is no object, or a name is not UTF-8
 */
bool clti_document_put(json_t *document, clt_str path, json_t *value);

/** @brief The member at a path; NULL: none. Borrowed. */
json_t *clti_document_get(const json_t *document, const char *path);

/** One member that is no object, such as `defaultAddress.city`. */
typedef struct clti_document_row {
    char *path;
    const json_t *value; /**< borrowed */
} clti_document_row;

typedef struct clti_document_rows {
    clti_document_row *items;
    size_t count;
} clti_document_rows;

/** @brief All of them, in order. */
clti_document_rows clti_document_flatten(json_t *document);
void clti_document_rows_done(clti_document_rows *rows);

/** @brief A value as a person reads it: a text without quotes, all else as JSON; free(). */
char *clti_document_text(const json_t *value);

/**
 * @brief Add what differs, `- path: old` and `+ path: new`, made harmless.
 * @return how many members differ
 */
size_t clti_document_diff(clti_bytes *out, json_t *before, json_t *after, bool has_colours);

/**
 * @brief Bring the changes from `base` to `ours` into `theirs`.
 * @param out_clashes  Gets a line for each member that both changed, differently; ours is taken.
 */
void clti_document_merge(json_t *base, json_t *ours, json_t *theirs, clti_bytes *out_clashes);

#endif
