/* Bodies about applications and users: refused, told what is wrong with them, or kept as they were sent. */
#include "wire/wire.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(clt_str text) {
    size_t points;
    clti_assert(clti_text_check(text, &points) && (!text.size || !memchr(text.data, '\0', text.size)));
}

static void check_application(const clti_application_body *body, const clti_problems *problems) {
    check_text(body->id);
    check_text(body->name);
    clti_assert(body->redirect_uri_count == 0 || body->has_redirect_uris);
    for (size_t i = 0; i < body->redirect_uri_count; i++) {
        check_text(body->redirect_uris[i]);
        clti_assert(body->redirect_uris[i].data || problems->count > 0);
    }
}

static void check_user(const clti_user_body *body, const clti_problems *problems) {
    check_text(body->name);
    check_text(body->display_name);
    clti_assert(body->roles < 1U << CLTI_ROLE_COUNT);
    clti_assert(!body->has_roles || body->roles || problems->count > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const clt_str json = {(const char *)data, size};
    clti_arena arena = {0};
    clti_problems problems = {0}, others = {0};
    clti_application_body application;
    clti_user_body user;
    clti_fault fault;
    const bool is_read = clti_wire_read_application(json, &arena, &application, &problems, &fault);
    clti_assert(clti_wire_read_user(json, &arena, &user, &others, &fault) == is_read);
    if (is_read) {
        check_application(&application, &problems);
        check_user(&user, &others);
    } else {
        clti_assert(fault.code == CLTI_FAULT_INVALID_REQUEST);
    }
    clti_arena_done(&arena);
    return 0;
}
