/**
 * @file arena.h
 * @brief Many small allocations, freed at once.
 *
 * Owner:  everything allocated belongs to the arena and lives until clti_arena_done() or _clear().
 * Thread: one thread at a time.
 *
 * Under a sanitizer each piece comes from malloc, so that it sees every object by itself.
 */
#ifndef CLTI_ARENA_H
#define CLTI_ARENA_H

#include "base/compiler.h"
#include "clientele/types.h"

typedef struct clti_arena_chunk clti_arena_chunk;

/** Zero-initialised is ready for use. */
typedef struct clti_arena {
    clti_arena_chunk *chunks; /* newest first */
} clti_arena;

/** @brief Free everything. The arena is ready for use again. */
void clti_arena_done(clti_arena *arena);

/** @brief Forget everything but keep one chunk for reuse. */
void clti_arena_clear(clti_arena *arena);

/** @brief `size` bytes (at least 1), aligned for anything, not initialised. NULL if memory is out. */
CLTI_MUST_CHECK void *clti_arena_alloc(clti_arena *arena, size_t size);

/** @brief Like clti_arena_alloc(), zeroed, for `count` elements. NULL also if the product overflows. */
CLTI_MUST_CHECK void *clti_arena_calloc(clti_arena *arena, size_t count, size_t size);

/**
 * @brief Copy a view; the copy is NUL-terminated. An absent view stays absent.
 * @return false if memory is out.
 */
CLTI_MUST_CHECK bool clti_arena_copy(clti_arena *arena, clt_str from, clt_str *out);

/** @brief Copy several views one behind the other; NUL-terminated. Absent if memory is out. */
clt_str clti_arena_join(clti_arena *arena, const clt_str *parts, size_t count);

/** @brief printf into the arena. Absent if memory is out. */
clt_str clti_arena_format(clti_arena *arena, const char *format, ...) CLTI_PRINTF(2, 3);

#endif
