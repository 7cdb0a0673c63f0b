/**
 * @file dashboard_private.h
 * @brief The files of the dashboard as they are built in: each compressed with gzip, once, by
 * dashboard/build.js.
 */
#ifndef CLTI_DASHBOARD_PRIVATE_H
#define CLTI_DASHBOARD_PRIVATE_H

#include "base/base.h"

typedef struct clti_dashboard_file {
    const char *name;
    const char *content_type;
    const char *tag; /**< entity tag, weak: packed and plain share it */
    const char *begin, *end;
} clti_dashboard_file;

/** NULL and 0 in a program that was built without the dashboard. */
extern const clti_dashboard_file *const CLTI_DASHBOARD_FILES;
extern const size_t CLTI_DASHBOARD_FILE_COUNT;

#endif
