/**
 * @file printer_private.h
 * @brief Writing JSON that is safe to show: what acts on a terminal is escaped, stray bytes become U+FFFD.
 *
 * Thread: one thread at a time.
 */
#ifndef CLTI_CLI_PRINTER_PRIVATE_H
#define CLTI_CLI_PRINTER_PRIVATE_H

#include "cli/text_private.h"
#include "clientele/customers.h"

/** @brief A JSON string with its quotes. */
void clti_json_add(clti_bytes *out, clt_str text);

/** @brief JSON that is written already, UTF-8: the same values, with what acts on a terminal escaped. */
void clti_json_add_harmless(clti_bytes *out, clt_str json);

/** A value that is being written. */
typedef struct clti_printer {
    clti_bytes *out;
    bool is_indented;
    int depth;
    bool has_members; /**< the innermost object or array */
} clti_printer;

void clti_printer_begin(clti_printer *object);
void clti_printer_end(clti_printer *object);

/** @brief A member's name; its value follows. */
void clti_printer_name(clti_printer *object, const char *name);

/** @brief A member that is a text, unless it is absent. */
void clti_printer_text(clti_printer *object, const char *name, clt_str value);

typedef struct clti_printer_member {
    const char *name;
    clt_str value;
} clti_printer_member;

void clti_printer_texts(clti_printer *object, const clti_printer_member *members, size_t count);

/** @brief An array, which is the value of a member; before each of its items clti_printer_item(). */
void clti_printer_begin_array(clti_printer *object);
void clti_printer_item(clti_printer *object);
void clti_printer_end_array(clti_printer *object);

/** @brief An address, as an object. */
void clti_printer_address(clti_printer *object, const clt_address *address);

/** @brief The members of a customer. @param item  a clt_customer */
void clti_printer_customer(clti_printer *object, const void *item);

#endif
