#include "base/compiler.h"

#include <stdio.h>
#include <stdlib.h>

void clti_assert_failed(const char *condition, const char *file, int line) {
    fprintf(stderr, "%s:%d: broken assumption: %s\n", file, line, condition);
    abort();
}
