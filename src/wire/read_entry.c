#include "wire/wire_private.h"

#include <string.h>

/* What is read of one object of a line; the first thing that is wrong with it is told. */
typedef struct reading {
    const json_t *object;
    clti_arena *arena;
    clti_fault *fault;
} reading;

static bool fail_member(const reading *from, const char *name, const char *wanted) {
    return clti_fault_set(from->fault, CLTI_FAULT_INVALID_REQUEST, NULL, "%s must be %s.", name, wanted);
}

/* Absent if it is not there. */
static bool read_text(const reading *from, const char *name, clt_str *out) {
    const json_t *value = clti_json_member(from->object, name);
    *out = (clt_str){NULL, 0};
    if (!value)
        return true;
    clt_str text = clti_json_string(value);
    if (!text.data || memchr(text.data, '\0', text.size))
        return fail_member(from, name, "a text");
    return clti_arena_copy(from->arena, text, out) || clti_fault_no_memory(from->fault);
}

static bool require_text(const reading *from, const char *name, clt_str *out) {
    return read_text(from, name, out) && (!clti_str_is_empty(*out) || fail_member(from, name, "a text"));
}

static bool require_guid(const reading *from, const char *name, clt_guid *out) {
    clt_str text = clti_json_string(clti_json_member(from->object, name));
    return (clti_guid_parse(text, out) && !clti_guid_is_absent(*out)) || fail_member(from, name, "a GUID");
}

static bool read_flag(const reading *from, const char *name, bool *out) {
    const json_t *value = clti_json_member(from->object, name);
    *out = json_is_true(value);
    return !value || json_is_boolean(value) || fail_member(from, name, "true or false");
}

static bool read_partner(const reading *from, clti_partner *out) {
    return require_guid(from, "id", &out->id) && require_text(from, "domain", &out->domain) &&
           require_text(from, "name", &out->name) && read_text(from, "country", &out->country) &&
           read_text(from, "culture", &out->culture) && read_text(from, "mpnId", &out->mpn_id) &&
           read_flag(from, "isSandbox", &out->is_sandbox) && read_flag(from, "isStrict", &out->is_strict);
}

static bool read_hash(const reading *from, const char *name, uint8_t out[CLTI_SHA256_SIZE]) {
    clt_str text = clti_json_string(clti_json_member(from->object, name));
    bool is_hash = text.size == 2 * (size_t)CLTI_SHA256_SIZE;
    for (size_t i = 0; is_hash && i < CLTI_SHA256_SIZE; i++) {
        int high = clti_hex_value(text.data[2 * i]), low = clti_hex_value(text.data[2 * i + 1]);
        is_hash = high >= 0 && low >= 0;
        out[i] = (uint8_t)((unsigned)high << 4 | ((unsigned)low & 15));
    }
    return is_hash || fail_member(from, name, "a SHA-256 in hexadecimal digits");
}

static bool read_application(const reading *from, clti_application *out) {
    return require_guid(from, "partner", &out->partner) && require_guid(from, "id", &out->id) &&
           read_text(from, "name", &out->name) && read_hash(from, "secretSha256", out->secret_sha256) &&
           read_flag(from, "isDemo", &out->is_demo);
}

static bool read_link(const reading *from, clti_link *out) {
    return require_guid(from, "provider", &out->provider) && require_guid(from, "reseller", &out->reseller);
}

static bool read_key(const reading *from, clti_signing_key *out) {
    const json_t *created = clti_json_member(from->object, "created");
    out->created = json_integer_value(created);
    out->signs_from = json_integer_value(clti_json_member(from->object, "signsFrom"));
    return require_text(from, "id", &out->id) && require_text(from, "privateJwk", &out->private_jwk) &&
           (json_is_integer(created) || fail_member(from, "created", "a number"));
}

/* A customer is whole: what a store would refuse is refused here. */
static bool read_customer(const reading *line, json_t *value, clti_entry *out) {
    clti_problems problems = {0};
    if (!require_guid(line, "owner", &out->owner))
        return false;
    clti_json_read_customer(value, line->arena, &out->of.customer, &problems);
    if (!clti_problems_none(&problems, line->fault))
        return false;
    if (clti_guid_is_absent(out->of.customer.id))
        return fail_member(line, "id", "a GUID");
    clti_customer completed = out->of.customer;
    return clti_customer_complete(&completed, line->fault);
}

static bool read_line(json_t *root, clti_arena *arena, clti_entry *out, clti_fault *fault) {
    static const char *const names[CLTI_ENTRY_KIND_COUNT] = {"partner", "application", "link", "key",
                                                             "customer"};
    reading line = {root, arena, fault}, from = line;
    *out = (clti_entry){.kind = CLTI_ENTRY_KIND_COUNT};
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        json_t *object = json_object_get(root, names[i]);
        if (!json_is_object(object))
            continue;
        from.object = object;
        out->kind = (clti_entry_kind)i;
    }
    switch (out->kind) {
    case CLTI_ENTRY_PARTNER:
        return read_partner(&from, &out->of.partner);
    case CLTI_ENTRY_APPLICATION:
        return read_application(&from, &out->of.application);
    case CLTI_ENTRY_LINK:
        return read_link(&from, &out->of.link);
    case CLTI_ENTRY_KEY:
        return read_key(&from, &out->of.key);
    case CLTI_ENTRY_CUSTOMER:
        return read_customer(&line, json_object_get(root, names[CLTI_ENTRY_CUSTOMER]), out);
    case CLTI_ENTRY_KIND_COUNT:
        break;
    }
    return clti_fault_set(
        fault, CLTI_FAULT_INVALID_REQUEST, NULL,
        "It is no line of an export: neither partner, application, link, key nor customer.");
}

bool clti_wire_read_entry(clt_str json, clti_arena *arena, clti_entry *out, clti_fault *fault) {
    json_t *root = clti_json_parse(json, CLTI_FAULT_INVALID_REQUEST, fault);
    if (!root)
        return false;
    clti_entry read;
    bool done = read_line(root, arena, &read, fault);
    json_decref(root);
    if (done)
        *out = read;
    return done;
}
