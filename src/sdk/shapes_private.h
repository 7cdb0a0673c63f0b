/**
 * @file shapes_private.h
 * @brief Rows of the tables that say which member of an answer goes where (wire/shape.h).
 */
#ifndef CLTI_SDK_SHAPES_PRIVATE_H
#define CLTI_SDK_SHAPES_PRIVATE_H

#include "sdk/resources_private.h"

#include <stddef.h>

#define CLTI_NAME(literal)                                                                                   \
    { literal, sizeof(literal) - 1 }
#define CLTI_TEXT(type, name, member)                                                                        \
    { CLTI_NAME(name), CLTI_SHAPE_TEXT, false, offsetof(type, member), 0, NULL }
#define CLTI_WORD(type, name, member)                                                                        \
    { CLTI_NAME(name), CLTI_SHAPE_WORD, false, offsetof(type, member), 0, NULL }
#define CLTI_FLAG(type, name, member)                                                                        \
    { CLTI_NAME(name), CLTI_SHAPE_FLAG, false, offsetof(type, member), 0, NULL }
#define CLTI_NUMBER(type, name, member)                                                                      \
    { CLTI_NAME(name), CLTI_SHAPE_NUMBER, false, offsetof(type, member), 0, NULL }
#define CLTI_TEXTS(type, name, member, count)                                                                \
    { CLTI_NAME(name), CLTI_SHAPE_TEXTS, false, offsetof(type, member), offsetof(type, count), NULL }
#define CLTI_OBJECT(type, name, member, shape)                                                               \
    { CLTI_NAME(name), CLTI_SHAPE_OBJECT, false, offsetof(type, member), 0, shape }
#define CLTI_OBJECTS(type, name, member, count, shape)                                                       \
    { CLTI_NAME(name), CLTI_SHAPE_OBJECTS, false, offsetof(type, member), offsetof(type, count), shape }
#define CLTI_PART(name, shape)                                                                               \
    { CLTI_NAME(name), CLTI_SHAPE_PART, false, 0, 0, shape }
#define CLTI_SKIP(name)                                                                                      \
    { CLTI_NAME(name), CLTI_SHAPE_SKIP, false, 0, 0, NULL }
#define CLTI_SHAPE(type, members, blank)                                                                     \
    { members, CLTI_COUNT(members), sizeof(type), blank }

#endif
