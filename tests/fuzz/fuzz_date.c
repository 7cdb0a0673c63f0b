/* Dates from strangers: what is read can be written, and is the same when it is read once more. */
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_date first, second;
    if (!clti_date_parse((clt_str){(const char *)data, size}, &first))
        return 0;
    clti_time_text text = clti_ticks_to_text(first.ticks);
    clti_assert(clti_date_parse(clti_str(text.text), &second));
    clti_assert(first.ticks == second.ticks && !second.is_day);
    return 0;
}
