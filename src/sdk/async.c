#include "sdk/sdk_private.h"
void clti_async_free(clti_async *async) {
    (void)async;
}
