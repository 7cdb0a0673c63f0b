/* Qualifications (api.md 4.16): a bare word in the older operations, an object in the newer ones. */
#include "wire/wire_private.h"

#include <string.h>

static bool refuse(clti_fault *fault) {
    return clti_fault_set(
        fault, CLTI_FAULT_INVALID_ENUM, "Qualification",
        "The qualification must be none, education, nonprofit, government_community_cloud or "
        "state_owned_entity.");
}

static bool read_kind(const json_t *value, int64_t *out, clti_fault *fault) {
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return (*out >= 0 && *out < CLTI_QUALIFICATION_COUNT) || refuse(fault);
    }
    return clti_qualification_find(clti_json_string(value), out) || refuse(fault);
}

/* Text or nothing; what the caller says beside the qualification is looked at, and not kept. */
static void check_texts(const json_t *object, clti_problems *problems) {
    static const char *const names[] = {"EducationSegment", "Website", "ValidationCode"};
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        const json_t *value = clti_json_member(object, names[i]);
        if (value && !json_is_null(value) && !json_is_string(value))
            clti_problems_add(problems, CLTI_FAULT_INVALID_PROPERTY, names[i], "%s must be a text.",
                              names[i]);
    }
}

static bool read_object(const json_t *object, int64_t *out, clti_fault *fault) {
    clti_problems problems = {0};
    clti_fault why;
    const json_t *value = clti_json_member(object, "Qualification");
    if (!value || json_is_null(value))
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Qualification",
                          "Qualification is missing.");
    else if (!read_kind(value, out, &why))
        clti_problems_add(&problems, why.code, "Qualification", "%s", why.text);
    else if (*out == CLTI_QUALIFICATION_NONE)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Qualification",
                          "none is no qualification to be added; put it at /qualification.");
    check_texts(object, &problems);
    return clti_problems_none(&problems, fault);
}

bool clti_wire_read_qualification(clt_str json, bool is_bare, int64_t *out, clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    bool fits = is_bare ? json_is_string(root) || json_is_integer(root) : json_is_object(root);
    bool done = fits ? (is_bare ? read_kind(root, out, fault) : read_object(root, out, fault))
                     : clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                                      is_bare ? "A qualification must be a JSON text, such as \"education\"."
                                              : "A qualification must be a JSON object.");
    json_decref(root);
    return done;
}

void clti_wire_render_qualification_word(const clti_qualification *qualification, clti_buf *out) {
    clti_buf_add_format(out, "\"%s\"", clti_qualification_word(qualification->kind));
}

void clti_wire_render_qualification(const clti_qualification *qualification, clti_buf *out) {
    const clti_time_text date = clti_ticks_to_text(qualification->created);
    /* Sources differ in the spelling of the date's name, so there are both. */
    clti_buf_add_format(out,
                        "{\"qualification\":\"%s\",\"vettingStatus\":\"%s\",\"vettingCreateDate\":\"%s\","
                        "\"vettingCreatedDate\":\"%s\"}",
                        clti_qualification_name(qualification->kind),
                        qualification->is_in_review ? "InReview" : "Approved", date.text, date.text);
}

void clti_wire_render_qualifications(const clti_qualification *qualification, clti_buf *out) {
    clti_buf_add_char(out, '[');
    if (qualification->kind != CLTI_QUALIFICATION_NONE)
        clti_wire_render_qualification(qualification, out);
    clti_buf_add_char(out, ']');
}

void clti_wire_render_audit_qualification(const clti_customer *customer, clti_buf *out) {
    clti_buf_add_format(out, "{\"Qualification\":\"%s\"}",
                        clti_qualification_name(customer->qualification.kind));
}
