/**
 * @file text_private.h
 * @brief Text in the command line program: growing bytes, copies, nearest names.
 *
 * Out of memory ends the process with a word on standard error (clti_allocate): what a command leaves behind
 * is whole at any moment, so nothing needs to be undone.
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_TEXT_PRIVATE_H
#define CLTI_CLI_TEXT_PRIVATE_H

#include "clientele/types.h"

#include <stdbool.h>

#define CLTI_COUNT(array)            (sizeof(array) / sizeof((array)[0]))
#define CLTI_PRINTF(position, first) __attribute__((format(printf, position, first)))

/** For printf's `%.*s`. Only for text known to be short. */
#define CLTI_VIEW_ARGS(view) (int)(view).size, ((view).data ? (view).data : "")

/* ---- memory -------------------------------------------------------------------------------------------- */

/** @brief Zeroed memory, never NULL; free(). */
void *clti_allocate(size_t size);

/** @brief realloc() that never returns NULL. */
void *clti_reallocate(void *old, size_t size);

/** @brief A copy that ends in a NUL; free(). */
char *clti_copy(clt_str text);

/** @brief printf() into memory; free(). */
char *clti_format(const char *format, ...) CLTI_PRINTF(1, 2);

/** @brief Overwrite a secret and free it; NULL is allowed. */
void clti_free_secret(char *secret);

/* ---- growing bytes ------------------------------------------------------------------------------------- */

/** Zeroed is empty. The bytes are always followed by a NUL once there are some. */
typedef struct clti_bytes {
    char *data;
    size_t size;
    size_t capacity;
} clti_bytes;

void clti_bytes_done(clti_bytes *bytes);

/** @brief Empty, memory kept. */
void clti_bytes_clear(clti_bytes *bytes);

/** @brief Room for `size` more bytes; whoever fills it adds to `bytes->size`. */
char *clti_bytes_reserve(clti_bytes *bytes, size_t size);

void clti_bytes_add(clti_bytes *bytes, clt_str text);
void clti_bytes_add_text(clti_bytes *bytes, const char *text);
void clti_bytes_add_char(clti_bytes *bytes, char character);
void clti_bytes_add_format(clti_bytes *bytes, const char *format, ...) CLTI_PRINTF(2, 3);

/** @brief What is in it; valid until the next change. Never absent. */
clt_str clti_bytes_view(const clti_bytes *bytes);

/** @brief The content as a NUL-terminated text of the caller's, free(); empty afterwards. */
char *clti_bytes_take(clti_bytes *bytes);

/* ---- views --------------------------------------------------------------------------------------------- */

/** @brief View a NUL-terminated text; NULL gives the absent view. */
clt_str clti_view(const char *text);

bool clti_view_equal(clt_str a, clt_str b);

/** @brief A-Z and a-z count as one. */
bool clti_view_equal_nocase(clt_str a, clt_str b);

/** @brief Cut at the first `separator`: the part before is returned, `*rest` is what follows, or absent. */
clt_str clti_view_cut(clt_str view, char separator, clt_str *rest);

/** @brief A whole decimal number without sign from 0 to `max`. */
bool clti_view_number(clt_str view, uint64_t max, uint64_t *out);

/** @brief `text` is a GUID, with or without braces. */
bool clti_view_is_guid(clt_str view);

/* ---- suggestions --------------------------------------------------------------------------------------- */

/** The known name that is nearest to one that is not known. */
typedef struct clti_guess {
    clt_str asked;
    const char *name; /**< NULL: none is near */
    size_t distance;  /**< further away, a suggestion only confuses */
} clti_guess;

clti_guess clti_guess_for(clt_str asked);
void clti_guess_consider(clti_guess *guess, const char *candidate);

#endif
