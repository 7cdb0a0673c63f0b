/**
 * @file wire_private.h
 * @brief What the files of `wire` share.
 */
#ifndef CLTI_WIRE_PRIVATE_H
#define CLTI_WIRE_PRIVATE_H

#include "wire/wire.h"

#include <jansson.h>

/**
 * @brief Parse JSON text leniently in two points: trailing commas are accepted, and the last of duplicate
 *        members wins. Nothing may follow the value; nesting at most CLTI_JSON_DEPTH_MAX.
 *        Any value will do, and its texts may contain U+0000.
 * @param code  Fault to set if the text is to blame; the message names line and column.
 * @return a new reference, or NULL.
 */
json_t *clti_json_parse(clt_str text, clti_fault_code code, clti_fault *fault);

/** @brief Member of an object by name in any case, or NULL; the last one wins. Borrowed. */
const json_t *clti_json_member(const json_t *object, const char *name);

/** @brief View of a JSON string, of its whole size; absent for anything else. Lives as long as `value`. */
clt_str clti_json_string(const json_t *value);

/** @brief Most bytes that clti_json_put_text() writes for a text. */
size_t clti_json_text_room(clt_str text);

/** @brief Write a text escaped for JSON, without quotes, into room that is there. @return the end. */
char *clti_json_put_text(char *to, clt_str text);

#endif
