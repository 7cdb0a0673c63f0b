/**
 * @file test.h
 * @brief cmocka, with the headers that it wants to be included before it.
 */
#ifndef CLTI_TEST_H
#define CLTI_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka.h last: it uses what stands above. */
#include <cmocka.h>

#endif
