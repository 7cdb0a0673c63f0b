/**
 * @file url.h
 * @brief Percent-encoding and query strings: one decoder for everything.
 */
#ifndef CLTI_URL_H
#define CLTI_URL_H

#include "base/arena.h"
#include "base/buf.h"

typedef enum clti_url_mode {
    CLTI_URL_PATH, /**< '+' is itself; %00 and %2F are refused */
    CLTI_URL_QUERY /**< '+' is a space; %00 is kept for the reader of the value to judge */
} clti_url_mode;

/** @brief Decode into the arena. false: a bad escape, something refused by the mode, or no memory. */
CLTI_MUST_CHECK bool clti_url_decode(clti_arena *arena, clt_str text, clti_url_mode mode, clt_str *out);

/** @brief Append, everything but unreserved characters (RFC 3986) percent-encoded. */
void clti_url_encode(clt_str text, clti_buf *out);

/** One `name=value` of a query string or form, still encoded. */
typedef struct clti_url_pair {
    clt_str name;
    clt_str value; /**< absent if there was no '=' */
} clti_url_pair;

/** @brief Take the next pair off `*rest`; false at the end. Empty pairs are skipped. */
bool clti_url_next_pair(clt_str *rest, clti_url_pair *out);

#endif
