/* Request bodies that are no whole resource: what a PATCH of a customer says, and the etag of a resource. */
#include "wire/wire_private.h"

/* A word in any case, with or without underscores. */
static bool is_word(clt_str text, const char *word) {
    size_t at = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '_')
            continue;
        char c = text.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (word[at] == '\0' || c != word[at++])
            return false;
    }
    return text.size && word[at] == '\0';
}

static clti_patch_relationship read_relationship(const json_t *value) {
    clt_str text = clti_json_string(value);
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    bool is_empty = text.data && text.size == 0;
    if (!value || json_is_null(value) || is_empty || number == 0 || is_word(text, "unknown"))
        return CLTI_PATCH_RELATIONSHIP_UNSAID;
    if (number == 1 || is_word(text, "reseller"))
        return CLTI_PATCH_RELATIONSHIP_RESELLER;
    return number == 5 || is_word(text, "none") ? CLTI_PATCH_RELATIONSHIP_NONE
                                                : CLTI_PATCH_RELATIONSHIP_OTHER;
}

static clti_patch_access read_access(const json_t *value) {
    clt_str text = clti_json_string(value);
    if (!value || json_is_null(value))
        return CLTI_PATCH_ACCESS_UNSAID;
    if (json_is_false(value) || is_word(text, "false"))
        return CLTI_PATCH_ACCESS_FALSE;
    return CLTI_PATCH_ACCESS_OTHER;
}

bool clti_wire_read_patch(clt_str json, clti_customer_patch *out, clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    bool is_object = json_is_object(root);
    if (is_object)
        *out = (clti_customer_patch){read_relationship(clti_json_member(root, "relationshipToPartner")),
                                     read_access(clti_json_member(root, "allowDelegatedAccess"))};
    json_decref(root);
    return is_object ||
           clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "A Customer must be a JSON object.");
}

bool clti_wire_read_etag(clt_str json, clti_arena *arena, clt_str *out, clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    const json_t *attributes = json_is_object(root) ? clti_json_member(root, "attributes") : NULL;
    const json_t *etag = json_is_object(attributes) ? clti_json_member(attributes, "etag") : NULL;
    bool done = clti_arena_copy(arena, clti_json_string(etag), out);
    json_decref(root);
    return done || clti_fault_no_memory(fault);
}
