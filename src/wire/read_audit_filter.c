/* The filter of audit records (api.md 5.4): each field has one operator. */
#include "wire/wire_private.h"

#include <string.h>

static const struct {
    const char *name, *op;
    json_int_t number; /* of the operator */
} fields[CLTI_AUDIT_FIELD_COUNT] = {
    [CLTI_AUDIT_FIELD_COMPANY_NAME] = {"CompanyName", "substring", 6},
    [CLTI_AUDIT_FIELD_CUSTOMER_ID] = {"CustomerId", "equals", 0},
    [CLTI_AUDIT_FIELD_RESOURCE_TYPE] = {"ResourceType", "equals", 0},
    [CLTI_AUDIT_FIELD_ACTOR] = {"Actor", "equals", 0},
    [CLTI_AUDIT_FIELD_OPERATION_TYPE] = {"OperationType", "equals", 0},
};

static bool malformed(clti_fault *fault, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "filter",
                          "The parameter filter %s; it has the form "
                          "{\"Field\":\"CompanyName\",\"Value\":\"Cont\",\"Operator\":\"substring\"}.",
                          why);
}

/* The parser has said why; say of what. */
static bool unreadable(clti_fault *fault) {
    const clti_fault why = *fault;
    return why.code == CLTI_FAULT_INVALID_QUERY &&
           clti_fault_set(fault, why.code, "filter", "The parameter filter cannot be read. %s", why.text);
}

static bool read_field(const json_t *object, clti_audit_field *out, clti_fault *fault) {
    clt_str name = clti_json_string(clti_json_member(object, "Field"));
    if (!name.data)
        return malformed(fault, "has no Field");
    for (size_t i = 1; i < CLTI_AUDIT_FIELD_COUNT; i++) {
        if (clti_str_equal_nocase(name, clti_str(fields[i].name))) {
            *out = (clti_audit_field)i;
            return true;
        }
    }
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "Field",
                          "The Field of the parameter filter is unknown; audit records are searched by "
                          "CompanyName, CustomerId, ResourceType, Actor or OperationType.");
}

static bool check_operator(const json_t *object, clti_audit_field field, clti_fault *fault) {
    const json_t *value = clti_json_member(object, "Operator");
    if (!json_is_string(value) && !json_is_integer(value))
        return malformed(fault, "has no Operator");
    if (json_is_string(value) ? clti_str_equal_word(clti_json_string(value), clti_str(fields[field].op))
                              : json_integer_value(value) == fields[field].number)
        return true;
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "Operator",
                          "Audit records are searched by %s with the operator %s alone.", fields[field].name,
                          fields[field].op);
}

static bool read_object(const json_t *object, clti_arena *arena, clti_audit_filter *out, clti_fault *fault) {
    if (!json_is_object(object))
        return malformed(fault, "is not a JSON object");
    if (!read_field(object, &out->field, fault) || !check_operator(object, out->field, fault))
        return false;
    clt_str text = clti_json_string(clti_json_member(object, "Value"));
    if (!text.data)
        return malformed(fault, "has no Value, or one that is not text");
    if (memchr(text.data, '\0', text.size))
        return malformed(fault, "has a Value with U+0000, which no customer has");
    return clti_arena_copy(arena, text, &out->value) || clti_fault_no_memory(fault);
}

bool clti_wire_read_audit_filter(clt_str json, clti_arena *arena, clti_audit_filter *out, clti_fault *fault) {
    if (json.size > CLTI_FILTER_MAX)
        return malformed(fault, "is longer than 4 KiB");
    json_t *object = clti_json_parse(json, CLTI_FAULT_INVALID_QUERY, fault);
    if (!object)
        return unreadable(fault);
    clti_audit_filter read;
    bool done = read_object(object, arena, &read, fault);
    json_decref(object);
    if (done)
        *out = read;
    return done;
}

void clti_wire_render_audit_filter(const clti_audit_filter *filter, clti_buf *out) {
    clti_buf_add_format(out, "{\"Field\":\"%s\",\"Value\":", fields[filter->field].name);
    clti_json_add_string(out, filter->value);
    clti_buf_add_format(out, ",\"Operator\":\"%s\"}", fields[filter->field].op);
}
