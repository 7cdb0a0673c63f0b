/**
 * @file types.h
 * @brief The two value types that every part of Clientele passes around.
 *
 * Both are plain values: copy them freely. Neither owns memory. They never change, so callers may
 * embed them in their own structs.
 *
 * Thread: any thread.
 * @source api.md 1.3, 1.5: text is UTF-8, ids are GUIDs
 */
#ifndef CLIENTELE_TYPES_H
#define CLIENTELE_TYPES_H

#include <stddef.h>
#include <stdint.h>

/** Part of the library's interface; CLT_NODISCARD: its result must be looked at. */
#if defined(__GNUC__)
#define CLT_API       __attribute__((visibility("default")))
#define CLT_NODISCARD __attribute__((warn_unused_result))
#else
#define CLT_API
#define CLT_NODISCARD
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief A view of text: UTF-8 unless told otherwise, not owned, maybe not NUL-terminated.
 *
 * `data == NULL` says "absent", which differs from "empty" (`data != NULL`, `size == 0`).
 */
typedef struct clt_str {
    const char *data;
    size_t size; /**< in bytes */
} clt_str;

/** @brief A GUID in the byte order of its text form (RFC 9562). All zero says "absent". */
typedef struct clt_guid {
    uint8_t bytes[16];
} clt_guid;

#ifdef __cplusplus
}
#endif

#endif
