/**
 * @file shape.h
 * @brief Reading JSON into structs, as tables say: a part of the door wire.h.
 *
 * This and the headers of base must read as C++ as well, for decode_page.cc.
 * Thread: any thread; every function works on its arguments alone.
 */
#ifndef CLTI_SHAPE_H
#define CLTI_SHAPE_H

#include "base/base.h"

/** Deepest nesting of any JSON that is read (api.md 1.3). */
#define CLTI_JSON_DEPTH_MAX 64

/** How a member is kept. What is absent or null leaves the place as it was. */
typedef enum clti_shape_kind {
    CLTI_SHAPE_TEXT,    /**< clt_str, NUL behind it */
    CLTI_SHAPE_WORD,    /**< the same; a number is taken too, as its text */
    CLTI_SHAPE_FLAG,    /**< int32_t, 0 or 1 */
    CLTI_SHAPE_NUMBER,  /**< int64_t, from a number or digits in a text */
    CLTI_SHAPE_PART,    /**< an object whose members are kept in this same struct */
    CLTI_SHAPE_OBJECT,  /**< pointer to a struct */
    CLTI_SHAPE_TEXTS,   /**< pointer to an array of clt_str; their number at `count_offset` */
    CLTI_SHAPE_OBJECTS, /**< pointer to an array of structs; likewise */
    CLTI_SHAPE_SKIP     /**< known, frequent and not wanted */
} clti_shape_kind;

typedef struct clti_shape clti_shape;

/** One member of a resource and its place in a struct. */
typedef struct clti_shape_member {
    clt_str name; /**< as the service writes it; found in any case */
    clti_shape_kind kind;
    bool required;
    size_t offset;
    size_t count_offset;     /**< of a size_t, for TEXTS and OBJECTS */
    const clti_shape *shape; /**< for PART, OBJECT and OBJECTS */
} clti_shape_member;

/** A resource. */
struct clti_shape {
    const clti_shape_member *members; /**< best in the order in which they are sent */
    size_t count;
    size_t size;       /**< of the struct */
    const void *blank; /**< a struct with nothing read into it */
};

/** Reads JSON; keeps its working memory for the next. Thread: one at a time. */
typedef struct clti_decoder clti_decoder;

/** Bytes behind a text that the decoder may look at, though they do not count. */
#define CLTI_DECODER_PADDING 64

/** @brief NULL if memory is out. */
clti_decoder *clti_decoder_new(void);
void clti_decoder_free(clti_decoder *decoder);

/**
 * @brief Read a whole JSON text, an object, into a struct. Unknown members are ignored, the last of
 *        duplicates wins; nested at most CLTI_JSON_DEPTH_MAX deep.
 * @param json   With CLTI_DECODER_PADDING readable bytes behind it.
 * @param arena  Gets all texts and inner structs; nothing points into `json`.
 * @param out    A struct of `shape`; undefined on failure.
 * @retval false  not JSON; a member of the wrong type or missing, and which; each with its offset.
 */
CLTI_MUST_CHECK bool clti_decoder_read(clti_decoder *decoder, clt_str json, const clti_shape *shape,
                                       clti_arena *arena, void *out, clti_fault *fault);

/**
 * @brief Say at which offset a text stops being JSON, by reading it once more.
 * @param otherwise  What is wrong with it if it is JSON after all.
 * @return always false
 */
bool clti_json_locate_error(clt_str text, const char *otherwise, clti_fault *fault);

/**
 * @brief Add to a fault at which offset the value stands that it is about, by reading the text once more.
 * @param text   JSON.
 * @param steps  Which member or item, from the value outwards.
 * @return always false
 */
bool clti_json_locate_value(clt_str text, const size_t *steps, size_t step_count, clti_fault *fault);

#endif
