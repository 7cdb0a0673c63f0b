#include "model/user.h"

static const char *const role_names[CLTI_ROLE_COUNT] = {"AdminAgents", "SalesAgents", "HelpdeskAgents"};

const char *clti_role_name(size_t index) {
    clti_assert(index < CLTI_ROLE_COUNT);
    return role_names[index];
}

bool clti_role_add(clt_str name, uint8_t *roles) {
    for (size_t i = 0; i < CLTI_ROLE_COUNT; i++) {
        if (clti_str_equal_nocase(name, clti_str(role_names[i]))) {
            *roles = (uint8_t)(*roles | 1U << i);
            return true;
        }
    }
    return false;
}

bool clti_user_name_read(clt_str text, clti_arena *arena, clt_str *out) {
    size_t ats = 0;
    if (text.size > CLTI_USER_NAME_MAX)
        return false;
    char *name = clti_arena_alloc(arena, text.size + 1);
    if (name == NULL)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c <= ' ' || c > '~')
            return false;
        ats += c == '@';
        name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    name[text.size] = '\0';
    const clt_str read = {name, text.size};
    if (ats != 1 || name[0] == '@' || clti_user_name_domain(read).size == 0)
        return false;
    *out = read;
    return true;
}

clt_str clti_user_name_domain(clt_str name) {
    clt_str domain;
    (void)clti_str_cut(name, '@', &domain);
    return domain;
}
