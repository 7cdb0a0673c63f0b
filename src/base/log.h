/**
 * @file log.h
 * @brief One line an event, on standard error, as logfmt or JSON.
 *
 * Lines are built from fields, so both formats say the same and outside data is always escaped. Each line is
 * one write(2). Only the edge (daemon, http) logs; lower rooms return faults.
 * Thread: any thread after clti_log_configure().
 */
#ifndef CLTI_LOG_H
#define CLTI_LOG_H

#include "base/compiler.h"
#include "clientele/types.h"

typedef enum clti_log_level {
    CLTI_LOG_DEBUG,
    CLTI_LOG_INFO,
    CLTI_LOG_WARNING,
    CLTI_LOG_ERROR,
    CLTI_LOG_OFF
} clti_log_level;

typedef enum clti_log_format { CLTI_LOG_LOGFMT, CLTI_LOG_JSON } clti_log_format;

typedef struct clti_log_field {
    const char *name;
    clt_str text;   /**< used if not absent */
    int64_t number; /**< else this */
} clti_log_field;

#define CLTI_LOG_TEXT(name, str)      ((clti_log_field){(name), (str), 0})
#define CLTI_LOG_NUMBER(name, number) ((clti_log_field){(name), {NULL, 0}, (int64_t)(number)})

/** @brief Set once, before threads start. */
void clti_log_configure(clti_log_level least, clti_log_format format);

/** @brief True if a line of this level would be written. */
bool clti_log_enabled(clti_log_level level);

/** @brief Write one line: time, level, message, then the fields in order. Text fields that are empty are left
 * out. */
void clti_log_write(clti_log_level level, const char *message, const clti_log_field *fields, size_t count);

/** @brief A line with no fields but a formatted message. */
void clti_log(clti_log_level level, const char *format, ...) CLTI_PRINTF(2, 3);

#endif
