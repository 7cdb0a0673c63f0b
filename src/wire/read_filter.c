#include "wire/wire_private.h"

#include <string.h>

typedef struct field_row {
    const char *name;
    clti_list_field field;
} field_row;

static const field_row fields[] = {
    {"CompanyName", CLTI_LIST_COMPANY_NAME},
    {"Domain", CLTI_LIST_DOMAIN},
    {"IndirectReseller", CLTI_LIST_INDIRECT_RESELLER},
    {"IndirectCloudSolutionProvider", CLTI_LIST_INDIRECT_PROVIDER},
    /* The swagger's words for the first two (api.md 12.25). */
    {"DisplayName", CLTI_LIST_COMPANY_NAME},
    {"DefaultDomainName", CLTI_LIST_DOMAIN},
};

/* What can be searched, and how. */
typedef struct filter_rules {
    const field_row *fields;
    size_t count;
    const char *what;    /* is searched */
    const char *unknown; /* what is said of another field */
} filter_rules;

static const filter_rules customer_rules = {
    fields, CLTI_COUNT(fields), "Customer",
    "customers are searched by CompanyName, Domain, IndirectReseller or IndirectCloudSolutionProvider"};

static const field_row relationship_fields[] = {{"Name", CLTI_LIST_COMPANY_NAME}};
static const filter_rules relationship_rules = {relationship_fields, CLTI_COUNT(relationship_fields),
                                                "Relationship", "relationships are searched by Name"};

static const struct {
    const char *name;
    json_int_t number;
    clti_filter_operator op;
} operators[] = {
    {"starts_with", 9, CLTI_FILTER_STARTS_WITH},
    {"equals", 0, CLTI_FILTER_EQUALS},
};

static bool malformed(const filter_rules *rules, clti_fault *fault, const char *why) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "filter",
                          "The parameter filter %s; it has the form "
                          "{\"Field\":\"%s\",\"Value\":\"Cont\",\"Operator\":\"starts_with\"}.",
                          why, rules->fields[0].name);
}

/* The parser has said why; say of what. */
static bool unreadable(clti_fault *fault) {
    const clti_fault why = *fault;
    return why.code == CLTI_FAULT_INVALID_QUERY &&
           clti_fault_set(fault, why.code, "filter", "The parameter filter cannot be read. %s", why.text);
}

static bool read_field(const json_t *object, const filter_rules *rules, clti_filter *out, clti_fault *fault) {
    clt_str name = clti_json_string(clti_json_member(object, "Field"));
    if (!name.data)
        return malformed(rules, fault, "has no Field");
    for (size_t i = 0; i < rules->count; i++) {
        if (clti_str_equal_nocase(name, clti_str(rules->fields[i].name))) {
            out->field = rules->fields[i].field;
            return true;
        }
    }
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "Field",
                          "The Field of the parameter filter is unknown; %s.", rules->unknown);
}

static bool read_operator(const json_t *object, const filter_rules *rules, clti_filter *out,
                          clti_fault *fault) {
    const json_t *value = clti_json_member(object, "Operator");
    clt_str word = clti_json_string(value);
    if (!json_is_string(value) && !json_is_integer(value))
        return malformed(rules, fault, "has no Operator");
    for (size_t i = 0; i < CLTI_COUNT(operators); i++) {
        if (word.data ? clti_str_equal_word(word, clti_str(operators[i].name))
                      : json_integer_value(value) == operators[i].number) {
            out->op = operators[i].op;
            return true;
        }
    }
    return clti_fault_set(fault, CLTI_FAULT_INVALID_QUERY, "Operator",
                          "%s search only allows starts with and equals operation.", rules->what);
}

static bool read_object(const json_t *object, const filter_rules *rules, clti_arena *arena, clti_filter *out,
                        clti_fault *fault) {
    if (!json_is_object(object))
        return malformed(rules, fault, "is not a JSON object");
    if (!read_field(object, rules, out, fault) || !read_operator(object, rules, out, fault))
        return false;
    const json_t *value = clti_json_member(object, "Value");
    clt_str text = clti_json_string(value);
    if (!text.data)
        return malformed(rules, fault, "has no Value, or one that is not text");
    if (memchr(text.data, '\0', text.size))
        return malformed(rules, fault, "has a Value with U+0000, which no customer has");
    return clti_arena_copy(arena, text, &out->value) || clti_fault_no_memory(fault);
}

static bool read_filter(clt_str json, const filter_rules *rules, clti_arena *arena, clti_filter *out,
                        clti_fault *fault) {
    if (json.size > CLTI_FILTER_MAX)
        return malformed(rules, fault, "is longer than 4 KiB");
    json_t *object = clti_json_parse(json, CLTI_FAULT_INVALID_QUERY, fault);
    if (!object)
        return unreadable(fault);
    bool ok = read_object(object, rules, arena, out, fault);
    json_decref(object);
    return ok;
}

bool clti_wire_read_filter(clt_str json, clti_arena *arena, clti_filter *out, clti_fault *fault) {
    return read_filter(json, &customer_rules, arena, out, fault);
}

bool clti_wire_read_relationship_filter(clt_str json, clti_arena *arena, clti_filter *out,
                                        clti_fault *fault) {
    return read_filter(json, &relationship_rules, arena, out, fault);
}

void clti_wire_render_filter(const clti_filter *filter, clti_buf *out) {
    clti_buf_add_format(out, "{\"Field\":\"%s\",\"Value\":", fields[filter->field].name);
    clti_json_add_string(out, filter->value);
    clti_buf_add(out, filter->op == CLTI_FILTER_EQUALS ? CLTI_STR(",\"Operator\":\"equals\"}")
                                                       : CLTI_STR(",\"Operator\":\"starts_with\"}"));
}

/* The first rows of `fields` stand in the order of the enum, so that rendering can look them up. */
_Static_assert(CLTI_LIST_COMPANY_NAME == 0 && CLTI_LIST_DOMAIN == 1 && CLTI_LIST_INDIRECT_RESELLER == 2 &&
                   CLTI_LIST_INDIRECT_PROVIDER == 3 && CLTI_LIST_FIELD_COUNT == 4,
               "order of fields[]");
