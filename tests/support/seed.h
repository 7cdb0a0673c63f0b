/**
 * @file seed.h
 * @brief Random tests that can be repeated: the seed is printed, and TEST_SEED sets it.
 */
#ifndef CLTI_TEST_SEED_H
#define CLTI_TEST_SEED_H

#include <stdint.h>

/** @brief This run's seed; prints `# seed N` the first time. */
uint64_t clti_test_seed(void);

/** @brief The next number of a sequence that begins with any `*state` (splitmix64). */
uint64_t clti_test_random(uint64_t *state);

/** @brief The next number, below `bound`. */
uint64_t clti_test_random_below(uint64_t *state, uint64_t bound);

#endif
