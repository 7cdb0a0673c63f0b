/**
 * @file guid.h
 * @brief GUIDs: text, random and derived.
 */
#ifndef CLTI_GUID_H
#define CLTI_GUID_H

#include "base/compiler.h"
#include "clientele/types.h"

/** Characters of the text form, without NUL. */
#define CLTI_GUID_TEXT_SIZE 36

/** Namespace of names in the DNS (RFC 9562). */
extern const clt_guid CLTI_GUID_NAMESPACE_DNS;

/** @brief Read the hyphenated form, any case, with or without braces. */
CLTI_MUST_CHECK bool clti_guid_parse(clt_str text, clt_guid *out);

/** @brief Write lower case with hyphens; exactly CLTI_GUID_TEXT_SIZE characters, no NUL. */
void clti_guid_format(clt_guid guid, char *out);

/** Text form, terminated, for logs and messages. */
typedef struct clti_guid_text {
    char text[CLTI_GUID_TEXT_SIZE + 1];
} clti_guid_text;

/** @brief The text form by value. */
clti_guid_text clti_guid_to_text(clt_guid guid);

bool clti_guid_equal(clt_guid a, clt_guid b);

/** @brief All zero. */
bool clti_guid_is_absent(clt_guid guid);

/** @brief Random (version 4). */
clt_guid clti_guid_random(void);

/** @brief Derived from a name (version 5, SHA-1). */
clt_guid clti_guid_from_name(clt_guid name_space, clt_str name);

#endif
