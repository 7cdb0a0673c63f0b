/**
 * @file buf.h
 * @brief A growing buffer with a largest size and a sticky error.
 *
 * Write as much as you like and look once at the end: after a failure (memory, size) further writes do
 * nothing and clti_buf_ok() is false.
 * Owner:  the buffer owns its bytes until clti_buf_take().
 * Thread: one thread at a time.
 */
#ifndef CLTI_BUF_H
#define CLTI_BUF_H

#include "base/compiler.h"
#include "clientele/types.h"

typedef struct clti_buf {
    char *data;
    size_t size;
    size_t capacity;
    size_t size_max;
    bool failed;
} clti_buf;

/** @brief Empty; will never hold more than `size_max` bytes. */
void clti_buf_init(clti_buf *buf, size_t size_max);

/** @brief Free the bytes. Also for a buffer that was zeroed and never initialised. */
void clti_buf_done(clti_buf *buf);

/** @brief Empty, error forgotten, memory kept. */
void clti_buf_clear(clti_buf *buf);

/** @brief True if every write so far succeeded. */
CLTI_MUST_CHECK bool clti_buf_ok(const clti_buf *buf);

/** @brief What was written so far; valid until the next write. */
clt_str clti_buf_str(const clti_buf *buf);

/** @brief Room for `size` more bytes at the end, or NULL; clti_buf_advance() says how many were used. */
char *clti_buf_reserve(clti_buf *buf, size_t size);

/** @brief Take `size` bytes written into the reserved room as content. */
void clti_buf_advance(clti_buf *buf, size_t size);

void clti_buf_add(clti_buf *buf, clt_str str);
void clti_buf_add_char(clti_buf *buf, char character);
void clti_buf_add_u64(clti_buf *buf, uint64_t number);
void clti_buf_add_format(clti_buf *buf, const char *format, ...) CLTI_PRINTF(2, 3);

/** @brief Give the bytes to the caller (free()); the buffer is empty afterwards. */
CLTI_MUST_CHECK char *clti_buf_take(clti_buf *buf, size_t *out_size);

#endif
