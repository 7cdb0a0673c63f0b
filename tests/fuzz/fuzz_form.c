/* Forms from strangers: a parameter twice or bad escapes refuse it, and what is read is what was sent. */
#include "identity/identity_private.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Written again, encoded, it reads the same. */
static void check(const clti_form *form, clti_arena *arena) {
    clti_buf text;
    clti_form again;
    clti_refusal refusal = {0};
    clti_fault fault;
    clti_buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < CLTI_PARAMETER_COUNT; i++) {
        if (!form->values[i].data)
            continue;
        clti_buf_add(&text, clti_str(clti_parameter_name((clti_parameter)i)));
        clti_buf_add_char(&text, '=');
        clti_url_encode(form->values[i], &text);
        clti_buf_add_char(&text, '&');
    }
    clti_assert(clti_buf_ok(&text) && clti_form_read(clti_buf_str(&text), arena, &again, &refusal, &fault));
    for (size_t i = 0; i < CLTI_PARAMETER_COUNT; i++)
        clti_assert((form->values[i].data == NULL) == (again.values[i].data == NULL) &&
                    clti_str_equal(form->values[i], again.values[i]));
    clti_form_wipe(&again);
    clti_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const clt_str text = {(const char *)data, size};
    clti_arena arena = {0};
    clti_form form;
    clti_refusal refusal = {0};
    clti_fault fault;
    if (clti_form_read(text, &arena, &form, &refusal, &fault))
        check(&form, &arena);
    else
        clti_assert(refusal.text.size > 0 &&
                    (refusal.kind == CLTI_REFUSAL_MALFORMED || refusal.kind == CLTI_REFUSAL_DUPLICATE));
    (void)clti_authority_is_quick(text);
    clti_form_wipe(&form);
    clti_arena_done(&arena);
    return 0;
}
