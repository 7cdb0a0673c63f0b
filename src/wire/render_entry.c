/* A line of an export. Customers are written by the model's table, so that nothing is left out that the store
 * keeps, and nothing added that is derived. */
#include "wire/wire_private.h"

#include <string.h>

static void add_member(clti_buf *out, const clti_customer *customer, const clti_customer_member *member,
                       const char *name) {
    /* These functions give places inside a customer to readers and writers alike; here it is only read. */
    clti_customer *from = (clti_customer *)(uintptr_t)customer;
    switch (member->kind) {
    case CLTI_MEMBER_TEXT:
        clti_json_add_text(out, name, *clti_customer_text(from, member));
        break;
    case CLTI_MEMBER_WORDS: {
        clt_str words = *clti_customer_text(from, member);
        if (!clti_str_is_empty(words))
            clti_json_add_words(out, name, words);
        break;
    }
    case CLTI_MEMBER_GUID:
        clti_json_add_guid(out, name, *clti_customer_guid(from, member));
        break;
    case CLTI_MEMBER_RELATIONSHIP:
        if (customer->relationship == CLTI_RELATIONSHIP_NONE)
            clti_json_add_text(out, name, CLTI_STR("none"));
        break;
    case CLTI_MEMBER_DELEGATED_ACCESS:
        if (customer->no_delegated_access)
            clti_json_add_bool(out, name, false);
        break;
    }
}

/* The members whose paths are `prefix` and one word. */
static void add_level(clti_buf *out, const clti_customer *customer, clt_str prefix) {
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (member->is_alias || !clti_str_starts_with(clti_str(member->path), prefix))
            continue;
        const char *name = member->path + prefix.size;
        if (!strchr(name, '.'))
            add_member(out, customer, member, name);
    }
}

static void add_number(clti_buf *out, const char *name, int64_t number) {
    if (number)
        clti_buf_add_format(out, "\"%s\":%lld,", name, (long long)number);
}

/* Left out when all zero: there is none. */
static void add_hash(clti_buf *out, const char *name, const uint8_t bytes[CLTI_SHA256_SIZE]) {
    static const uint8_t none[CLTI_SHA256_SIZE];
    if (memcmp(bytes, none, sizeof(none)) == 0)
        return;
    clti_buf_add_format(out, "\"%s\":\"", name);
    for (size_t i = 0; i < CLTI_SHA256_SIZE; i++)
        clti_buf_add_format(out, "%02x", bytes[i]);
    clti_buf_add(out, CLTI_STR("\","));
}

/* What is no member of the resource: others have it at addresses of their own, or nowhere. */
static void add_beside(clti_buf *out, const clti_customer *customer) {
    add_number(out, "billingRevision", customer->billing_revision);
    if (customer->qualification.kind != CLTI_QUALIFICATION_NONE)
        clti_json_add_text(out, "qualification",
                           clti_str(clti_qualification_word(customer->qualification.kind)));
    add_number(out, "qualificationCreated", customer->qualification.created);
    if (customer->qualification.is_in_review)
        clti_json_add_bool(out, "qualificationInReview", true);
}

static void add_customer(clti_buf *out, const clti_customer *customer) {
    clti_buf_add(out, CLTI_STR("\"customer\":{"));
    add_level(out, customer, CLTI_STR(""));
    add_beside(out, customer);
    clti_buf_add(out, CLTI_STR("\"companyProfile\":{"));
    add_level(out, customer, CLTI_STR("companyProfile."));
    clti_json_end(out, '}');
    clti_buf_add(out, CLTI_STR("\"billingProfile\":{"));
    add_level(out, customer, CLTI_STR("billingProfile."));
    clti_buf_add(out, CLTI_STR("\"defaultAddress\":{"));
    add_level(out, customer, CLTI_STR(CLTI_ADDRESS_PATH));
    clti_json_end(out, '}');
    clti_json_end(out, '}');
    clti_json_end(out, '}');
}

static void add_partner(clti_buf *out, const clti_partner *partner) {
    clti_buf_add(out, CLTI_STR("\"partner\":{"));
    clti_json_add_guid(out, "id", partner->id);
    clti_json_add_text(out, "domain", partner->domain);
    clti_json_add_text(out, "name", partner->name);
    clti_json_add_text(out, "country", partner->country);
    clti_json_add_text(out, "culture", partner->culture);
    clti_json_add_text(out, "mpnId", partner->mpn_id);
    if (partner->is_sandbox)
        clti_json_add_bool(out, "isSandbox", true);
    if (partner->is_strict)
        clti_json_add_bool(out, "isStrict", true);
    add_number(out, "callsPerMinute", partner->calls_per_minute);
    clti_json_end(out, '}');
}

static void add_lines(clti_buf *out, const char *name, clt_str lines) {
    if (clti_str_is_empty(lines))
        return;
    clti_buf_add_format(out, "\"%s\":[", name);
    for (clt_str rest = lines; rest.data;) {
        clti_json_add_string(out, clti_str_cut(rest, '\n', &rest));
        clti_buf_add_char(out, ',');
    }
    clti_json_end(out, ']');
}

static void add_application(clti_buf *out, const clti_application *application) {
    clti_buf_add(out, CLTI_STR("\"application\":{"));
    clti_json_add_guid(out, "partner", application->partner);
    clti_json_add_guid(out, "id", application->id);
    clti_json_add_text(out, "name", application->name);
    add_hash(out, "secretSha256", application->secret_sha256);
    add_hash(out, "secondSha256", application->second_sha256);
    add_lines(out, "redirectUris", application->redirect_uris);
    if (application->is_public)
        clti_json_add_bool(out, "isPublic", true);
    if (application->is_demo)
        clti_json_add_bool(out, "isDemo", true);
    clti_json_end(out, '}');
}

static void add_user(clti_buf *out, const clti_user *user) {
    clti_buf_add(out, CLTI_STR("\"user\":{"));
    clti_json_add_guid(out, "partner", user->partner);
    clti_json_add_guid(out, "id", user->id);
    clti_json_add_text(out, "name", user->name);
    clti_json_add_text(out, "displayName", user->display_name);
    clti_buf_add(out, CLTI_STR("\"roles\":["));
    for (size_t i = 0; i < CLTI_ROLE_COUNT; i++)
        if (user->roles & 1u << i)
            clti_buf_add_format(out, "\"%s\",", clti_role_name(i));
    clti_json_end(out, ']');
    clti_json_add_text(out, "passwordHash", user->password_hash);
    clti_json_add_text(out, "totpSecret", user->totp_secret);
    add_number(out, "validFrom", user->valid_from);
    if (user->is_enrolling)
        clti_json_add_bool(out, "isEnrolling", true);
    if (user->is_disabled)
        clti_json_add_bool(out, "isDisabled", true);
    if (user->is_demo)
        clti_json_add_bool(out, "isDemo", true);
    clti_json_end(out, '}');
}

static void add_key(clti_buf *out, const clti_signing_key *key) {
    clti_buf_add(out, CLTI_STR("\"key\":{"));
    clti_json_add_text(out, "id", key->id);
    clti_buf_add_format(out, "\"created\":%lld,", (long long)key->created);
    add_number(out, "signsFrom", key->signs_from);
    clti_json_add_text(out, "privateJwk", key->private_jwk);
    clti_json_end(out, '}');
}

static void add_audit(clti_buf *out, const clti_audit_record *audit) {
    clti_buf_add(out, CLTI_STR("\"audit\":{"));
    clti_json_add_guid(out, "partner", audit->partner);
    add_number(out, "date", audit->date);
    clti_json_add_text(out, "operation", clti_str(clti_audit_kind_of(audit->operation)->word));
    clti_json_add_guid(out, "customer", audit->customer);
    clti_json_add_text(out, "customerName", audit->customer_name);
    clti_json_add_guid(out, "resource", audit->resource);
    clti_json_add_guid(out, "application", audit->application);
    clti_json_add_text(out, "user", audit->user);
    clti_json_add_guid(out, "correlationId", audit->correlation_id);
    clti_json_add_guid(out, "requestId", audit->request_id);
    clti_json_add_text(out, "oldValue", audit->old_value);
    clti_json_add_text(out, "newValue", audit->new_value);
    clti_json_add_text(out, "customizedData", audit->customized);
    clti_json_end(out, '}');
}

static void add_idempotency(clti_buf *out, const clti_idempotency *kept) {
    clti_buf_add(out, CLTI_STR("\"idempotency\":{"));
    clti_json_add_guid(out, "partner", kept->partner);
    clti_json_add_guid(out, "key", kept->key);
    add_hash(out, "bodySha256", kept->body_sha256);
    add_number(out, "created", kept->created);
    add_number(out, "status", kept->answer.status);
    clti_json_add_text(out, "body", kept->answer.body);
    clti_json_add_guid(out, "location", kept->answer.location);
    add_number(out, "etag", kept->answer.etag);
    clti_json_add_guid(out, "salt", kept->answer.salt[0]);
    clti_json_add_guid(out, "salt2", kept->answer.salt[1]);
    clti_json_end(out, '}');
}

void clti_wire_render_entry(const clti_entry *entry, clti_buf *out) {
    clti_buf_add_char(out, '{');
    switch (entry->kind) {
    case CLTI_ENTRY_PARTNER:
        add_partner(out, &entry->of.partner);
        break;
    case CLTI_ENTRY_APPLICATION:
        add_application(out, &entry->of.application);
        break;
    case CLTI_ENTRY_USER:
        add_user(out, &entry->of.user);
        break;
    case CLTI_ENTRY_LINK:
        clti_buf_add(out, CLTI_STR("\"link\":{"));
        clti_json_add_guid(out, "provider", entry->of.link.provider);
        clti_json_add_guid(out, "reseller", entry->of.link.reseller);
        clti_json_end(out, '}');
        break;
    case CLTI_ENTRY_KEY:
        add_key(out, &entry->of.key);
        break;
    case CLTI_ENTRY_TOKEN_KEY:
        clti_buf_add(out, CLTI_STR("\"tokenKey\":{"));
        add_hash(out, "bytes", entry->of.token_key);
        clti_json_end(out, '}');
        break;
    case CLTI_ENTRY_CUSTOMER:
        clti_json_add_guid(out, "owner", entry->owner);
        add_customer(out, &entry->of.customer);
        break;
    case CLTI_ENTRY_AUDIT:
        add_audit(out, &entry->of.audit);
        break;
    case CLTI_ENTRY_IDEMPOTENCY:
        add_idempotency(out, &entry->of.idempotency);
        break;
    case CLTI_ENTRY_GRANT:
    case CLTI_ENTRY_KIND_COUNT:
        clti_assert(!"an entry that is in an export");
    }
    clti_json_end(out, '}');
    if (clti_buf_ok(out))
        out->data[out->size - 1] = '\n';
}
