/* The file of profiles from a stranger: whatever is taken is written so that it reads the same again. */
#include "cli/profile_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition) {
    if (!condition)
        abort();
}

static void check_same(const clti_profiles *a, const clti_profiles *b) {
    check(!a->current == !b->current && (!a->current || strcmp(a->current, b->current) == 0));
    for (size_t i = 0; i < a->count; i++) {
        const clti_profile *other = clti_profiles_find(b, a->items[i].name);
        for (size_t j = 0; j < CLTI_PROFILE_FIELD_COUNT; j++) {
            const char *value = a->items[i].values[j];
            const char *again = other ? other->values[j] : NULL;
            check(!value == !again && (!value || strcmp(value, again) == 0));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    clti_profiles profiles = {0}, again = {0};
    clti_bytes text = {0};
    char *why = NULL;
    if (clti_profiles_parse((clt_str){(const char *)data, size}, &profiles, &why)) {
        clti_profiles_format(&profiles, &text);
        check(clti_profiles_parse(clti_bytes_view(&text), &again, &why));
        check_same(&profiles, &again);
    } else
        check(strncmp(why, "line ", strlen("line ")) == 0);
    free(why);
    clti_bytes_done(&text);
    clti_profiles_done(&profiles);
    clti_profiles_done(&again);
    return 0;
}
