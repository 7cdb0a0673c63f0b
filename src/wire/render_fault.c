#include "wire/wire.h"

void clti_wire_render_fault(const clti_fault *fault, clti_buf *out) {
    const clti_fault_kind *kind = clti_fault_kind_of(fault->code);
    clti_buf_add_format(out, "{\"code\":%d,\"description\":", kind->service_code);
    clti_json_add_string(out, clti_str(fault->text));
    clti_buf_add(out, CLTI_STR(",\"data\":["));
    if (fault->member)
        clti_json_add_string(out, clti_str(fault->member));
    for (size_t i = 0; i < fault->more_count; i++) {
        clti_buf_add_char(out, ',');
        clti_json_add_string(out, clti_str(fault->more[i]));
    }
    clti_buf_add_format(out, "],\"source\":\"%s\"}", kind->source);
}
