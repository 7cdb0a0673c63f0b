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

/** @brief Read the members of a Customer; each that is wrong is a problem, and absent. */
void clti_json_read_customer(json_t *object, clti_arena *arena, clti_customer *out, clti_problems *problems);

/** @brief Most bytes that clti_json_put_text() writes for a text. */
size_t clti_json_text_room(clt_str text);

/** @brief Write a text escaped for JSON, without quotes, into room that is there. @return the end. */
char *clti_json_put_text(char *to, clt_str text);

/* ---- writing members ---- */

/*
 * Each appends `"name":value,`, or nothing for a value that is not there. clti_json_end() closes an object or
 * an array, takes the last comma back, and leaves one behind the bracket.
 */

void clti_json_end(clti_buf *out, char bracket);
void clti_json_add_text(clti_buf *out, const char *name, clt_str text);
void clti_json_add_guid(clti_buf *out, const char *name, clt_guid guid);
void clti_json_add_bool(clti_buf *out, const char *name, bool value);

/** @brief An array of the words of a list that are separated by spaces; empty if it is absent. */
void clti_json_add_words(clti_buf *out, const char *name, clt_str words);

/** @brief The member `attributes` with nothing but an `objectType`. */
void clti_json_add_type(clti_buf *out, const char *type);

typedef struct clti_json_member_text {
    const char *name;
    clt_str text;
} clti_json_member_text;

/** @brief An object of texts (empty ones are written), left out as a whole if all are absent; without name
 * for an array's. */
void clti_json_add_texts(clti_buf *out, const char *name, const clti_json_member_text *members, size_t count);

/** @brief An Address. */
void clti_json_add_address(clti_buf *out, const char *name, const clti_address *address);

#endif
