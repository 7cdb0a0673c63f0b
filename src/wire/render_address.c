/* The answer of an address validation, for the clients that want an object (api.md 4.11, B). */
#include "wire/wire_private.h"

void clti_wire_render_address_validation(const clti_address_validation *validation, clti_buf *out) {
    static const struct {
        const char *word, *message;
    } texts[] = {
        [CLTI_ADDRESS_VERIFIED] = {"Verified", "The address keeps to the rules of its country."},
        [CLTI_ADDRESS_NOT_FOUND] = {"None", NULL},
        [CLTI_ADDRESS_NOT_VALIDATED] = {"NotValidated", "There are no rules for addresses in this country."},
    };
    const char *message = texts[validation->status].message;
    clti_buf_add_char(out, '{');
    clti_json_add_address(out, "originalAddress", &validation->original);
    clti_buf_add(out, CLTI_STR("\"suggestedAddresses\":["));
    if (validation->status == CLTI_ADDRESS_VERIFIED)
        clti_json_add_address(out, NULL, &validation->suggested);
    clti_json_end(out, ']');
    clti_json_add_text(out, "status", clti_str(texts[validation->status].word));
    clti_buf_add(out, CLTI_STR("\"validationMessage\":"));
    clti_json_add_string(out, clti_str(message ? message : validation->problem.text));
    clti_buf_add_char(out, '}');
}
