#include "service/service.h"

#include <stdlib.h>

struct clti_throttle {
    clti_throttle_options options;
    clti_rate_limit *buckets;
    clti_rate_limit *passwords;
};

bool clti_throttle_new(const clti_throttle_options *options, clti_throttle **out, clti_fault *fault) {
    clti_throttle *throttle = calloc(1, sizeof(*throttle));
    if (!throttle)
        return clti_fault_no_memory(fault);
    throttle->options = *options;
    if (!clti_rate_limit_new(&throttle->buckets, fault) ||
        !clti_rate_limit_new(&throttle->passwords, fault)) {
        clti_throttle_free(throttle);
        return false;
    }
    *out = throttle;
    return true;
}

void clti_throttle_free(clti_throttle *throttle) {
    if (!throttle)
        return;
    clti_rate_limit_free(throttle->buckets);
    clti_rate_limit_free(throttle->passwords);
    free(throttle);
}

static uint32_t limit_of(const clti_throttle_options *options, const clti_caller *caller) {
    if (caller->calls_per_minute != 0)
        return caller->calls_per_minute > 0 ? (uint32_t)caller->calls_per_minute : 0;
    return caller->is_sandbox && !options->sandboxes_too ? 0 : options->per_minute;
}

unsigned clti_throttle_take(clti_throttle *throttle, const clti_caller *caller, int64_t now_us) {
    const uint32_t per_minute = limit_of(&throttle->options, caller);
    return per_minute ? clti_rate_limit_take(throttle->buckets, caller->partner, per_minute, now_us) : 0;
}

unsigned clti_throttle_take_password(clti_throttle *throttle, const clti_caller *caller, int64_t now_us) {
    return clti_rate_limit_take(throttle->passwords, caller->partner, CLTI_PASSWORDS_PER_MINUTE, now_us);
}

bool clti_throttle_share(clti_throttle *throttle, clti_shared_count *out, clti_fault *fault) {
    return clti_rate_limit_share(throttle->buckets, &out[0], fault) &&
           clti_rate_limit_share(throttle->passwords, &out[1], fault);
}

uint64_t clti_throttle_refused(const clti_throttle *throttle) {
    return clti_rate_limit_refused(throttle->buckets);
}
