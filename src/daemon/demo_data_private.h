/**
 * @file demo_data_private.h
 * @brief The demo's customers, as CSV, built in by demo_data.S. Not NUL-terminated.
 */
#ifndef CLTI_DEMO_DATA_PRIVATE_H
#define CLTI_DEMO_DATA_PRIVATE_H

#include "base/base.h"

extern const char clti_demo_companies_begin[], clti_demo_companies_end[];
extern const char clti_demo_northwind_begin[], clti_demo_northwind_end[];

/** @brief 28,073 real companies. */
static inline clt_str clti_demo_companies(void) {
    return (clt_str){clti_demo_companies_begin,
                     (size_t)(clti_demo_companies_end - clti_demo_companies_begin)};
}

/** @brief 40 made-up customers with names in several scripts. */
static inline clt_str clti_demo_northwind(void) {
    return (clt_str){clti_demo_northwind_begin,
                     (size_t)(clti_demo_northwind_end - clti_demo_northwind_begin)};
}

#endif
