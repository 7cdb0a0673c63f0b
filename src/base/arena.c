#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gcc's way of telling, then clang's. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ONE_PIECE_PER_CHUNK true
#elif defined(__has_feature)
#define ONE_PIECE_PER_CHUNK (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define ONE_PIECE_PER_CHUNK false
#endif

#define CHUNK_SIZE_MIN 4096
#define CHUNK_SIZE_MAX (1024 * 1024)

struct clti_arena_chunk {
    clti_arena_chunk *older;
    size_t capacity;
    size_t used;
    max_align_t data[];
};

void clti_arena_done(clti_arena *arena) {
    while (arena->chunks) {
        clti_arena_chunk *older = arena->chunks->older;
        free(arena->chunks);
        arena->chunks = older;
    }
}

void clti_arena_clear(clti_arena *arena) {
    if (ONE_PIECE_PER_CHUNK || !arena->chunks) {
        clti_arena_done(arena);
        return;
    }
    clti_arena older = {arena->chunks->older};
    clti_arena_done(&older);
    arena->chunks->older = NULL;
    arena->chunks->used = 0;
}

static clti_arena_chunk *add_chunk(clti_arena *arena, size_t size) {
    size_t capacity = size;
    if (!ONE_PIECE_PER_CHUNK) {
        /* Doubling keeps the number of chunks small without wasting much on short-lived arenas. */
        size_t wanted = arena->chunks ? arena->chunks->capacity * 2 : CHUNK_SIZE_MIN;
        if (wanted > CHUNK_SIZE_MAX)
            wanted = CHUNK_SIZE_MAX;
        if (capacity < wanted)
            capacity = wanted;
    }
    if (capacity > SIZE_MAX - sizeof(clti_arena_chunk))
        return NULL;
    clti_arena_chunk *chunk = malloc(sizeof(*chunk) + capacity);
    if (!chunk)
        return NULL;
    *chunk = (clti_arena_chunk){.older = arena->chunks, .capacity = capacity};
    arena->chunks = chunk;
    return chunk;
}

void *clti_arena_alloc(clti_arena *arena, size_t size) {
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX - align)
        return NULL;
    /* Exact sizes under a sanitizer, so that the first byte past the end is caught. */
    size_t rounded = ONE_PIECE_PER_CHUNK ? (size ? size : 1) : (size + align) / align * align;
    clti_arena_chunk *chunk = arena->chunks;
    if (!chunk || chunk->capacity - chunk->used < rounded)
        chunk = add_chunk(arena, rounded);
    if (!chunk)
        return NULL;
    void *piece = (char *)chunk->data + chunk->used;
    chunk->used += rounded;
    return piece;
}

void *clti_arena_calloc(clti_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *piece = clti_arena_alloc(arena, bytes);
    if (piece)
        memset(piece, 0, bytes);
    return piece;
}

bool clti_arena_copy(clti_arena *arena, clt_str from, clt_str *out) {
    if (!from.data) {
        *out = from;
        return true;
    }
    char *copy = clti_arena_alloc(arena, from.size + 1);
    if (!copy)
        return false;
    memcpy(copy, from.data, from.size);
    copy[from.size] = '\0';
    *out = (clt_str){copy, from.size};
    return true;
}

clt_str clti_arena_join(clti_arena *arena, const clt_str *parts, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        if (__builtin_add_overflow(size, parts[i].size, &size))
            return (clt_str){NULL, 0};
    char *text = size < SIZE_MAX ? clti_arena_alloc(arena, size + 1) : NULL;
    if (!text)
        return (clt_str){NULL, 0};
    char *end = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size)
            memcpy(end, parts[i].data, parts[i].size);
        end += parts[i].size;
    }
    *end = '\0';
    return (clt_str){text, size};
}

clt_str clti_arena_format(clti_arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : clti_arena_alloc(arena, (size_t)size + 1);
    if (!text)
        return (clt_str){NULL, 0};
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return (clt_str){text, (size_t)size};
}
