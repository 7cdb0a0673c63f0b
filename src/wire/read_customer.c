/* A Customer resource from JSON: each row of the model's table is looked up by its path, in any case. */
#include "wire/wire_private.h"

#include <string.h>

/** Most characters of `customDomains`, joined. */
#define WORDS_SIZE_MAX ((size_t)64 * 1024)

static bool fail_type(clti_fault *fault, const clti_customer_member *member, const char *wanted) {
    return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, member->name, "%s must be %s.", member->path,
                          wanted);
}

/* Case is free, so one object may hold a name twice; the last wins as with equal names. */
static json_t *find_member(json_t *object, clt_str wanted) {
    const char *name;
    json_t *value, *found = NULL;
    json_object_foreach(object, name, value) {
        if (clti_str_equal_nocase(clti_str(name), wanted))
            found = value;
    }
    return json_is_null(found) ? NULL : found;
}

/* *out is NULL if nothing is there: no member, or null. */
static bool find_value(json_t *root, clt_str path, json_t **out, clti_fault *fault) {
    json_t *value = root;
    for (clt_str rest = path; rest.data && value;) {
        if (!json_is_object(value))
            return clti_fault_set(fault, CLTI_FAULT_INVALID_PROPERTY, NULL, "%.*s must be an object.",
                                  (int)(rest.data - path.data) - 1, path.data);
        clt_str word = clti_str_cut(rest, '.', &rest);
        value = find_member(value, word);
    }
    *out = value;
    return true;
}

/* api.md 3.1: the swagger numbers the relationships, unknown 0 to none 5. */
static bool relationship_text(const json_t *value, clt_str *out) {
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);
        *out = number == 5 ? CLTI_STR("none") : CLTI_STR("reseller");
        return number >= 0 && number <= 5;
    }
    *out = clti_json_string(value);
    return out->data;
}

static bool words_text(const json_t *value, const clti_customer_member *member, clti_arena *arena,
                       clti_buf *joined, clt_str *out, clti_fault *fault) {
    for (size_t i = 0; i < json_array_size(value); i++) {
        clt_str word = clti_json_string(json_array_get(value, i));
        if (clti_str_is_empty(word) || memchr(word.data, ' ', word.size))
            return fail_type(fault, member, "an array of names without spaces");
        if (joined->size > 0)
            clti_buf_add_char(joined, ' ');
        clti_buf_add(joined, word);
    }
    if (!clti_buf_ok(joined))
        return fail_type(fault, member, "shorter");
    return clti_arena_copy(arena, clti_buf_str(joined), out) || clti_fault_no_memory(fault);
}

static bool read_words(const json_t *value, const clti_customer_member *member, clti_arena *arena,
                       clt_str *out, clti_fault *fault) {
    if (!json_is_array(value))
        return fail_type(fault, member, "an array of names without spaces");
    clti_buf joined;
    clti_buf_init(&joined, WORDS_SIZE_MAX);
    bool done = words_text(value, member, arena, &joined, out, fault);
    clti_buf_done(&joined);
    return done;
}

/* The text that clti_customer_set() takes for a JSON value. */
static bool read_text(const json_t *value, const clti_customer_member *member, clti_arena *arena,
                      clt_str *out, clti_fault *fault) {
    clt_str text = clti_json_string(value);
    switch (member->kind) {
    case CLTI_MEMBER_WORDS:
        return read_words(value, member, arena, out, fault);
    case CLTI_MEMBER_RELATIONSHIP:
        if (!relationship_text(value, &text))
            return fail_type(fault, member, "the name of a relationship");
        break;
    case CLTI_MEMBER_DELEGATED_ACCESS:
        if (json_is_boolean(value))
            text = json_is_true(value) ? CLTI_STR("true") : CLTI_STR("false");
        if (!text.data)
            return fail_type(fault, member, "true or false");
        break;
    case CLTI_MEMBER_TEXT:
    case CLTI_MEMBER_GUID:
        if (!text.data)
            return fail_type(fault, member, "a string");
        break;
    }
    return clti_arena_copy(arena, text, out) || clti_fault_no_memory(fault);
}

static const struct {
    clt_str prefix; /* what the members' paths begin with above the part */
    const char *name;
} parts[] = {
    [CLTI_PART_CUSTOMER] = {{"", 0}, "A Customer"},
    [CLTI_PART_NEW_CUSTOMER] = {{"", 0}, "A Customer"},
    [CLTI_PART_BILLING_PROFILE] = {{"billingProfile.", sizeof("billingProfile.") - 1}, "A billing profile"},
    [CLTI_PART_ADDRESS] = {{CLTI_ADDRESS_PATH, sizeof(CLTI_ADDRESS_PATH) - 1}, "An Address"},
};

static bool read_member(json_t *root, const clti_customer_member *member, clti_arena *arena,
                        clti_customer *out, clti_fault *fault) {
    json_t *value = NULL;
    clt_str text;
    if (!find_value(root, clti_str(member->path), &value, fault))
        return false;
    return !value ||
           (read_text(value, member, arena, &text, fault) && clti_customer_set(out, member, text, fault));
}

/* What a body may say of a customer that shall be created: the billing profile without its id, and these. All
 * else is the server's, or the name once more (api.md 3.1, 3.2). */
static bool is_taken_from_creator(const clti_customer_member *member) {
    switch (member->kind) {
    case CLTI_MEMBER_GUID:
        return member->offset == offsetof(clti_customer, associated_partner_id);
    case CLTI_MEMBER_TEXT:
        return member->offset != offsetof(clti_customer, company_name) || member->is_alias;
    case CLTI_MEMBER_RELATIONSHIP:
    case CLTI_MEMBER_DELEGATED_ACCESS:
    case CLTI_MEMBER_WORDS:
        return false;
    }
    return false;
}

static void read_members(json_t *root, clti_customer_part part, clti_arena *arena, clti_customer *out,
                         clti_problems *problems) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        clti_customer_member member = CLTI_CUSTOMER_MEMBERS[i];
        clti_fault fault;
        if (!clti_str_starts_with(clti_str(member.path), parts[part].prefix) ||
            (part == CLTI_PART_NEW_CUSTOMER && !is_taken_from_creator(&member)))
            continue;
        /* Members are looked up as seen from the part; an address is named so, too, as it may be no
         * customer's. */
        member.path += parts[part].prefix.size;
        if (part == CLTI_PART_ADDRESS)
            member.name += parts[part].prefix.size;
        if (!read_member(root, &member, arena, out, &fault))
            clti_problems_add_fault(problems, &fault);
    }
}

void clti_json_read_customer(json_t *object, clti_arena *arena, clti_customer *out, clti_problems *problems) {
    *out = (clti_customer){0};
    read_members(object, CLTI_PART_CUSTOMER, arena, out, problems);
}

bool clti_wire_read_part(clt_str json, clti_customer_part part, clti_arena *arena, clti_customer *out,
                         clti_problems *problems, clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    bool is_object = json_is_object(root);
    *out = (clti_customer){0};
    if (is_object)
        read_members(root, part, arena, out, problems);
    json_decref(root);
    return is_object || clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s must be a JSON object.",
                                       parts[part].name);
}

bool clti_wire_read_customer(clt_str json, clti_arena *arena, clti_customer *out, clti_fault *fault) {
    clti_problems problems = {0};
    clti_customer read;
    if (!clti_wire_read_part(json, CLTI_PART_CUSTOMER, arena, &read, &problems, fault) ||
        !clti_problems_none(&problems, fault))
        return false;
    *out = read;
    return true;
}
