#include "wire/wire_private.h"

#include <string.h>

#define NAME_MAX_POINTS 200
/* The last tick of the year 9999: what dates can say. */
#define DATE_MAX INT64_C(3155378975999999999)

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

/* What people call something: it is shown as it is, on terminals too. */
static bool read_name(const reading *from, const char *name, clt_str *out) {
    size_t points;
    return read_text(from, name, out) &&
           ((clti_text_check(*out, &points) && points <= NAME_MAX_POINTS && !clti_text_has_control(*out)) ||
            fail_member(from, name, "a text of at most 200 characters, none of them a control character"));
}

/* The same, where U+0000 stands for something that is filled in. */
static bool read_body(const reading *from, const char *name, clt_str *out) {
    const json_t *value = clti_json_member(from->object, name);
    *out = (clt_str){NULL, 0};
    if (!value)
        return true;
    if (!json_is_string(value))
        return fail_member(from, name, "a text");
    return clti_arena_copy(from->arena, clti_json_string(value), out) || clti_fault_no_memory(from->fault);
}

static bool require_text(const reading *from, const char *name, clt_str *out) {
    return read_text(from, name, out) && (!clti_str_is_empty(*out) || fail_member(from, name, "a text"));
}

static bool require_guid(const reading *from, const char *name, clt_guid *out) {
    clt_str text = clti_json_string(clti_json_member(from->object, name));
    return (clti_guid_parse(text, out) && !clti_guid_is_absent(*out)) || fail_member(from, name, "a GUID");
}

static bool read_guid(const reading *from, const char *name, clt_guid *out) {
    *out = (clt_guid){{0}};
    return !clti_json_member(from->object, name) || require_guid(from, name, out);
}

static bool read_number(const reading *from, const char *name, int64_t *out) {
    const json_t *value = clti_json_member(from->object, name);
    *out = json_integer_value(value);
    return !value || json_is_integer(value) || fail_member(from, name, "a number");
}

static bool require_number(const reading *from, const char *name, int64_t *out) {
    return read_number(from, name, out) && (*out > 0 || fail_member(from, name, "a number from 1"));
}

static bool read_flag(const reading *from, const char *name, bool *out) {
    const json_t *value = clti_json_member(from->object, name);
    *out = json_is_true(value);
    return !value || json_is_boolean(value) || fail_member(from, name, "true or false");
}

static bool read_domain(const reading *from, clt_str *out) {
    return require_text(from, "domain", out) &&
           (clti_domain_is_valid(*out) || fail_member(from, "domain", "a DNS name"));
}

static bool read_partner(const reading *from, clti_partner *out) {
    return require_guid(from, "id", &out->id) && read_domain(from, &out->domain) &&
           require_text(from, "name", &out->name) && read_name(from, "name", &out->name) &&
           read_name(from, "country", &out->country) && read_name(from, "culture", &out->culture) &&
           read_name(from, "mpnId", &out->mpn_id) && read_flag(from, "isSandbox", &out->is_sandbox) &&
           read_flag(from, "isStrict", &out->is_strict) &&
           read_number(from, "callsPerMinute", &out->calls_per_minute);
}

/* All zero if it is not there. */
static bool read_hash(const reading *from, const char *name, uint8_t out[CLTI_SHA256_SIZE]) {
    const json_t *value = clti_json_member(from->object, name);
    clt_str text = clti_json_string(value);
    memset(out, 0, CLTI_SHA256_SIZE);
    if (!value)
        return true;
    bool is_hash = text.size == 2 * (size_t)CLTI_SHA256_SIZE;
    for (size_t i = 0; is_hash && i < CLTI_SHA256_SIZE; i++) {
        int high = clti_hex_value(text.data[2 * i]), low = clti_hex_value(text.data[2 * i + 1]);
        is_hash = high >= 0 && low >= 0;
        out[i] = (uint8_t)((unsigned)high << 4 | ((unsigned)low & 15));
    }
    return is_hash || fail_member(from, name, "a SHA-256 in hexadecimal digits");
}

/* An array of texts, joined with line ends. */
static bool read_lines(const reading *from, const char *name, clt_str *out) {
    const json_t *array = clti_json_member(from->object, name), *item;
    size_t i;
    clti_buf lines;
    *out = (clt_str){NULL, 0};
    if (!array)
        return true;
    clti_buf_init(&lines, CLTI_BODY_MAX);
    bool fits = json_is_array(array);
    json_array_foreach(array, i, item) {
        clt_str text = clti_json_string(item);
        fits =
            fits && text.size && !memchr(text.data, '\0', text.size) && !memchr(text.data, '\n', text.size);
        if (i)
            clti_buf_add_char(&lines, '\n');
        clti_buf_add(&lines, text);
    }
    bool kept =
        clti_buf_ok(&lines) && (!lines.size || clti_arena_copy(from->arena, clti_buf_str(&lines), out));
    clti_buf_done(&lines);
    return (fits || fail_member(from, name, "an array of texts")) &&
           (kept || clti_fault_no_memory(from->fault));
}

static bool read_application(const reading *from, clti_application *out) {
    return require_guid(from, "partner", &out->partner) && require_guid(from, "id", &out->id) &&
           read_name(from, "name", &out->name) && read_hash(from, "secretSha256", out->secret_sha256) &&
           read_hash(from, "secondSha256", out->second_sha256) &&
           read_lines(from, "redirectUris", &out->redirect_uris) &&
           read_flag(from, "isPublic", &out->is_public) && read_flag(from, "isDemo", &out->is_demo);
}

static bool read_roles(const reading *from, uint8_t *out) {
    const json_t *array = clti_json_member(from->object, "roles"), *item;
    size_t i;
    bool fits = !array || json_is_array(array);
    json_array_foreach(array, i, item) fits = fits && clti_role_add(clti_json_string(item), out);
    return fits || fail_member(from, "roles", "an array of roles");
}

static bool read_user(const reading *from, clti_user *out) {
    clt_str name = clti_json_string(clti_json_member(from->object, "name"));
    if (!clti_user_name_read(name, from->arena, &out->name))
        return fail_member(from, "name", "a user's name, such as ada@fabrikam.example");
    return require_guid(from, "partner", &out->partner) && require_guid(from, "id", &out->id) &&
           read_name(from, "displayName", &out->display_name) && read_roles(from, &out->roles) &&
           read_text(from, "passwordHash", &out->password_hash) &&
           read_text(from, "totpSecret", &out->totp_secret) &&
           read_number(from, "validFrom", &out->valid_from) &&
           read_flag(from, "isEnrolling", &out->is_enrolling) &&
           read_flag(from, "isDisabled", &out->is_disabled) && read_flag(from, "isDemo", &out->is_demo);
}

static bool read_link(const reading *from, clti_link *out) {
    return require_guid(from, "provider", &out->provider) && require_guid(from, "reseller", &out->reseller);
}

static bool read_key(const reading *from, clti_signing_key *out) {
    return require_text(from, "id", &out->id) && read_name(from, "id", &out->id) &&
           require_text(from, "privateJwk", &out->private_jwk) &&
           (clti_json_member(from->object, "created") || fail_member(from, "created", "a number")) &&
           read_number(from, "created", &out->created) && read_number(from, "signsFrom", &out->signs_from);
}

static bool read_token_key(const reading *from, uint8_t out[CLTI_SHA256_SIZE]) {
    return (clti_json_member(from->object, "bytes") || fail_member(from, "bytes", "a key")) &&
           read_hash(from, "bytes", out);
}

/* An array of pairs, as a text that goes into answers as it is. */
static bool read_pairs(const reading *from, const char *name, clt_str *out) {
    clti_fault fault;
    const json_t *pair;
    size_t i;
    if (!read_text(from, name, out))
        return false;
    if (clti_str_is_empty(*out))
        return true;
    json_t *pairs = clti_json_parse(*out, CLTI_FAULT_INVALID_REQUEST, &fault);
    bool fits = json_is_array(pairs) && out->data[0] == '[' && out->data[out->size - 1] == ']';
    json_array_foreach(pairs, i, pair) {
        const json_t *value = json_object_get(pair, "value");
        fits = fits && json_object_size(pair) == 2 && json_is_string(json_object_get(pair, "key")) &&
               (json_is_string(value) || json_is_null(value));
    }
    json_decref(pairs);
    return fits || fail_member(from, name, "an array of keys and values as JSON text");
}

static bool read_date(const reading *from, int64_t *out) {
    return require_number(from, "date", out) &&
           (*out <= DATE_MAX || fail_member(from, "date", "a tick before the year 10000"));
}

static bool read_audit(const reading *from, clti_audit_record *out) {
    const clti_audit_kind *kind =
        clti_audit_kind_find(clti_json_string(clti_json_member(from->object, "operation")));
    if (!kind)
        return fail_member(from, "operation", "one that is audited");
    out->operation = kind->operation;
    return require_guid(from, "partner", &out->partner) && read_date(from, &out->date) &&
           read_guid(from, "customer", &out->customer) &&
           read_text(from, "customerName", &out->customer_name) &&
           read_guid(from, "resource", &out->resource) && read_guid(from, "application", &out->application) &&
           read_text(from, "user", &out->user) && read_guid(from, "correlationId", &out->correlation_id) &&
           read_guid(from, "requestId", &out->request_id) && read_text(from, "oldValue", &out->old_value) &&
           read_text(from, "newValue", &out->new_value) &&
           read_pairs(from, "customizedData", &out->customized);
}

/* Only what was done is kept. */
static bool read_status(const reading *from, int64_t *out) {
    return read_number(from, "status", out) &&
           ((*out >= 200 && *out <= 299) || fail_member(from, "status", "one of success"));
}

static bool read_idempotency(const reading *from, clti_idempotency *out) {
    return require_guid(from, "partner", &out->partner) && require_guid(from, "key", &out->key) &&
           read_hash(from, "bodySha256", out->body_sha256) && read_number(from, "created", &out->created) &&
           read_status(from, &out->answer.status) && read_body(from, "body", &out->answer.body) &&
           read_guid(from, "location", &out->answer.location) &&
           read_number(from, "etag", &out->answer.etag) && read_guid(from, "salt", &out->answer.salt[0]) &&
           read_guid(from, "salt2", &out->answer.salt[1]);
}

static bool read_beside(const reading *from, clti_customer *out) {
    const json_t *word = clti_json_member(from->object, "qualification");
    if (word && !clti_qualification_find(clti_json_string(word), &out->qualification.kind))
        return fail_member(from, "qualification", "one that there is");
    return read_number(from, "billingRevision", &out->billing_revision) &&
           read_number(from, "qualificationCreated", &out->qualification.created) &&
           read_flag(from, "qualificationInReview", &out->qualification.is_in_review);
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
    if (!read_beside(&(reading){value, line->arena, line->fault}, &out->of.customer))
        return false;
    clti_customer completed = out->of.customer;
    return clti_customer_complete(&completed, line->fault);
}

static bool read_line(json_t *root, clti_arena *arena, clti_entry *out, clti_fault *fault) {
    /* Grants are in no export. */
    static const char *const names[CLTI_ENTRY_KIND_COUNT] = {[CLTI_ENTRY_PARTNER] = "partner",
                                                             [CLTI_ENTRY_APPLICATION] = "application",
                                                             [CLTI_ENTRY_USER] = "user",
                                                             [CLTI_ENTRY_LINK] = "link",
                                                             [CLTI_ENTRY_KEY] = "key",
                                                             [CLTI_ENTRY_TOKEN_KEY] = "tokenKey",
                                                             [CLTI_ENTRY_CUSTOMER] = "customer",
                                                             [CLTI_ENTRY_AUDIT] = "audit",
                                                             [CLTI_ENTRY_IDEMPOTENCY] = "idempotency"};
    reading line = {root, arena, fault}, from = line;
    *out = (clti_entry){.kind = CLTI_ENTRY_KIND_COUNT};
    for (size_t i = 0; i < CLTI_COUNT(names); i++) {
        json_t *object = names[i] ? json_object_get(root, names[i]) : NULL;
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
    case CLTI_ENTRY_USER:
        return read_user(&from, &out->of.user);
    case CLTI_ENTRY_LINK:
        return read_link(&from, &out->of.link);
    case CLTI_ENTRY_KEY:
        return read_key(&from, &out->of.key);
    case CLTI_ENTRY_TOKEN_KEY:
        return read_token_key(&from, out->of.token_key);
    case CLTI_ENTRY_AUDIT:
        return read_audit(&from, &out->of.audit);
    case CLTI_ENTRY_IDEMPOTENCY:
        return read_idempotency(&from, &out->of.idempotency);
    case CLTI_ENTRY_CUSTOMER:
        return read_customer(&line, json_object_get(root, names[CLTI_ENTRY_CUSTOMER]), out);
    case CLTI_ENTRY_GRANT:
    case CLTI_ENTRY_KIND_COUNT:
        break;
    }
    return clti_fault_set(fault, CLTI_FAULT_INVALID_REQUEST, NULL,
                          "It is no line of an export: none of the things that a store keeps is in it.");
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
