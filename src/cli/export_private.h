/**
 * @file export_private.h
 * @brief Where an export stands, kept beside its partial file so that a later run goes on from there.
 *
 * `FILE.part` holds what was written, `FILE.part.state` (JSON) what belongs to which export, how many bytes
 * of it are whole pages, and the continuation token of the next. Bytes beyond these are cut off again.
 */
#ifndef CLTI_CLI_EXPORT_PRIVATE_H
#define CLTI_CLI_EXPORT_PRIVATE_H

#include "cli/text_private.h"

typedef struct clti_place {
    char *part, *state; /**< the two files */
    char *key;          /**< which export it is: service, tenant, filter, format, columns */
    int descriptor;     /**< of the part, locked; -1: not open */
    char *token;        /**< of the page to go on with; NULL: from the beginning */
    uint64_t size;      /**< bytes of whole pages */
    uint64_t count;     /**< customers in them */
    int64_t synced_s;   /**< when the part was last synced */
} clti_place;

/**
 * @brief Open the partial file of `path`, and find out where an earlier run stopped.
 * @param key       Whose export it is; taken over.
 * @param restart   Begin anew, whatever is there.
 * @return false, and told: it is another export's, another process writes it, ...; clti_place_done() anyway
 */
bool clti_place_open(clti_place *place, const char *path, char *key, bool restart);

/** @brief Forget what is there, and begin at the beginning. */
bool clti_place_restart(clti_place *place);

/** @brief A whole page is written: remember it. @param token  Of the next page; absent: cannot go on later.
 */
bool clti_place_save(clti_place *place, clt_str token, uint64_t size, uint64_t count);

/** @brief All is written: sync, and give it its name. */
bool clti_place_finish(clti_place *place, const char *path);

/** @brief Close; the files stay unless it was finished, or nothing could go on from them. */
void clti_place_done(clti_place *place);

#endif
