#include "support/seed.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t clti_test_seed(void) {
    static bool is_set;
    static uint64_t seed;
    if (!is_set) {
        const char *wanted = getenv("TEST_SEED");
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        seed = wanted != NULL ? strtoull(wanted, NULL, 10)
                              : (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
        is_set = true;
        printf("# seed %" PRIu64 "\n", seed);
        fflush(stdout);
    }
    return seed;
}

uint64_t clti_test_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t clti_test_random_below(uint64_t *state, uint64_t bound) {
    return clti_test_random(state) % bound;
}
