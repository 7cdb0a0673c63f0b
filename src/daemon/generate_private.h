/**
 * @file generate_private.h
 * @brief Made-up customers, the same for the same seed and partner.
 *
 * Words live in generate_words.c, what is composed of them in generate_customer.c, the command in generate.c.
 * Thread: any thread.
 */
#ifndef CLTI_GENERATE_PRIVATE_H
#define CLTI_GENERATE_PRIVATE_H

#include "model/model.h"

/* ---- words (generate_words.c) -------------------------------------------------------------------------- */

/** A word in its own script and as it stands in a domain or an address. */
typedef struct clti_word {
    const char *text;
    const char *ascii; /**< a to z alone */
} clti_word;

typedef struct clti_words {
    const clti_word *items;
    size_t count;
} clti_words;

typedef struct clti_texts {
    const char *const *items;
    size_t count;
} clti_texts;

typedef struct clti_place {
    const char *country, *city;
    const char *state;  /**< or NULL */
    const char *postal; /**< pattern; NULL where there are no postal codes */
} clti_place;

typedef struct clti_places {
    const clti_place *items;
    size_t count;
} clti_places;

/**
 * The words of one language. In its patterns %r is a root, %n a surname, %s a sector, %f a legal form, %c the
 * city, # a digit and @ a digit from 1 on; everything else stands for itself.
 */
typedef struct clti_language {
    clti_words roots, surnames, first_names;
    clti_texts sectors, forms;
    clti_texts names;   /**< patterns of company names; each has a root or a surname */
    clti_texts streets; /**< patterns of street and number */
    clti_places places;
} clti_language;

extern const clti_language CLTI_LANGUAGES[];
extern const size_t CLTI_LANGUAGE_COUNT;

/* ---- customers (generate_customer.c) ------------------------------------------------------------------- */

/** What a seed is for one partner. Immutable. */
typedef struct clti_generator {
    uint64_t key;
    char tag[9]; /**< label of every domain, so that no two partners or seeds share one */
} clti_generator;

void clti_generator_init(clti_generator *generator, clt_guid partner, uint64_t seed);

/**
 * @brief The customer number `index`, complete; it depends on nothing else, so a larger count only adds.
 *
 * Owner: its texts are in the arena, or static.
 * @param[out] out_text_size  Bytes of text that the arena holds for it.
 * @retval false  out of memory.
 */
CLTI_MUST_CHECK bool clti_generator_customer(const clti_generator *generator, uint64_t index,
                                             clti_arena *arena, clti_customer *out, size_t *out_text_size,
                                             clti_fault *fault);

#endif
