/* What bodies say of applications and users. */
#include "wire/wire_private.h"

#include <string.h>

/* What is read of one body. */
typedef struct reading {
    json_t *object;
    clti_arena *arena;
    clti_problems *problems;
    bool is_out_of_memory;
} reading;

/* A member: its name on the wire, and in `data` of an answer that finds it wrong. */
typedef struct member {
    const char *name, *told;
} member;

static const json_t *find(const reading *from, member wanted) {
    const json_t *value = clti_json_member(from->object, wanted.name);
    return value && !json_is_null(value) ? value : NULL;
}

static void tell(const reading *from, member wrong, const char *wanted) {
    clti_problems_add(from->problems, CLTI_FAULT_INVALID_PROPERTY, wrong.told, "%s must be %s.", wrong.name,
                      wanted);
}

/* False: it is no text that could be kept. */
static bool keep_text(reading *from, const json_t *value, clt_str *out) {
    const clt_str text = clti_json_string(value);
    if (!text.data || memchr(text.data, '\0', text.size))
        return false;
    from->is_out_of_memory |= !clti_arena_copy(from->arena, text, out);
    return true;
}

static clt_str read_text(reading *from, member wanted) {
    const json_t *value = find(from, wanted);
    clt_str text = {NULL, 0};
    if (value && !keep_text(from, value, &text))
        tell(from, wanted, "a text");
    return text;
}

static clti_said read_flag(const reading *from, member wanted) {
    const json_t *value = find(from, wanted);
    const clt_str text = clti_json_string(value);
    if (!value)
        return CLTI_UNSAID;
    if (json_is_true(value) || clti_str_equal_nocase(text, CLTI_STR("true")))
        return CLTI_SAID_TRUE;
    if (!json_is_false(value) && !clti_str_equal_nocase(text, CLTI_STR("false")))
        tell(from, wanted, "true or false");
    return CLTI_SAID_FALSE;
}

static bool begin(clt_str json, const char *what, clti_arena *arena, clti_problems *problems, reading *out,
                  clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    *out = (reading){.object = root, .arena = arena, .problems = problems};
    if (json_is_object(root))
        return true;
    json_decref(root);
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s must be a JSON object.", what);
}

static bool end(reading *from, clti_fault *fault) {
    json_decref(from->object);
    return !from->is_out_of_memory || clti_fault_no_memory(fault);
}

/* ---- applications -------------------------------------------------------------------------------------- */

static void read_redirect_uris(reading *from, clti_application_body *out) {
    const member wanted = {"redirectUris", "RedirectUris"};
    const json_t *array = find(from, wanted), *item;
    const size_t count = json_array_size(array);
    size_t i;
    if (!array)
        return;
    out->redirect_uris = clti_arena_calloc(from->arena, count + 1, sizeof *out->redirect_uris);
    from->is_out_of_memory |= !out->redirect_uris;
    bool fits = json_is_array(array);
    json_array_foreach(array, i, item) {
        if (out->redirect_uris)
            fits = keep_text(from, item, &out->redirect_uris[i]) && fits;
    }
    if (!fits)
        tell(from, wanted, "an array of texts");
    out->redirect_uri_count = count;
    out->has_redirect_uris = true;
}

bool clti_wire_read_application(clt_str json, clti_arena *arena, clti_application_body *out,
                                clti_problems *problems, clti_fault *fault) {
    reading from;
    *out = (clti_application_body){0};
    if (!begin(json, "An application", arena, problems, &from, fault))
        return false;
    out->id = read_text(&from, (member){"id", "Id"});
    out->name = read_text(&from, (member){"name", "Name"});
    out->is_public = read_flag(&from, (member){"public", "Public"});
    read_redirect_uris(&from, out);
    return end(&from, fault);
}

/* ---- users --------------------------------------------------------------------------------------------- */

static void read_roles(const reading *from, clti_user_body *out) {
    const member wanted = {"roles", "Roles"};
    const json_t *array = find(from, wanted), *item;
    size_t i;
    if (!array)
        return;
    bool fits = json_is_array(array);
    json_array_foreach(array, i, item) fits = clti_role_add(clti_json_string(item), &out->roles) && fits;
    if (!fits || out->roles == 0)
        tell(from, wanted, "an array of one or more of AdminAgents, SalesAgents, HelpdeskAgents");
    out->has_roles = true;
}

/* Nobody sends a password: it is made here, and shown once. */
static clti_said read_password(const reading *from) {
    const member wanted = {"password", "Password"};
    const json_t *value = find(from, wanted);
    if (value && !json_is_boolean(value))
        clti_problems_add(from->problems, CLTI_FAULT_INVALID_PROPERTY, wanted.told,
                          "password must be true, for a new one, which is made here and shown once.");
    if (!value)
        return CLTI_UNSAID;
    return json_is_true(value) ? CLTI_SAID_TRUE : CLTI_SAID_FALSE;
}

bool clti_wire_read_user(clt_str json, clti_arena *arena, clti_user_body *out, clti_problems *problems,
                         clti_fault *fault) {
    reading from;
    *out = (clti_user_body){0};
    if (!begin(json, "A user", arena, problems, &from, fault))
        return false;
    out->name = read_text(&from, (member){"name", "Name"});
    out->display_name = read_text(&from, (member){"displayName", "DisplayName"});
    read_roles(&from, out);
    out->disabled = read_flag(&from, (member){"disabled", "Disabled"});
    out->second_factor = read_flag(&from, (member){"secondFactor", "SecondFactor"});
    out->password = read_password(&from);
    return end(&from, fault);
}
