/**
 * @file export_private.h
 * @brief A whole store as lines of JSON, and back.
 */
#ifndef CLTI_EXPORT_PRIVATE_H
#define CLTI_EXPORT_PRIVATE_H

#include "store/store.h"

/** The first line of every export, without its end. */
#define CLTI_EXPORT_FIRST_LINE "{\"clientele\":{\"export\":1}}"

/** And the last one: without it the export was cut short. */
#define CLTI_EXPORT_LAST_LINE "{\"clientele\":{\"end\":true}}"

/** No line of an export is longer. */
#define CLTI_EXPORT_LINE_MAX ((size_t)16 * 1024 * 1024)

/**
 * @brief Make a new store of an export.
 *
 * What went wrong, and in which line, is told on standard error; then nothing was made.
 * @param path  `-` for standard input.
 * @return the exit code; CLTI_EXIT_USAGE if the file does not begin like an export, of which nothing is told.
 */
int clti_import_export(const char *path, const clti_store_options *options);

#endif
