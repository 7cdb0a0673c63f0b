#include "store/store_private.h"

#include <string.h>

#define RECORD_FORMAT 1

/* Own tags of a customer's record, above all tags of CLTI_CUSTOMER_MEMBERS. */
enum {
    TAG_COMMERCE_ID = 240,
    TAG_ASSOCIATED_PARTNER_ID = 241,
    TAG_BILLING_ID = 242,
    TAG_RELATIONSHIP = 243,
    TAG_NO_DELEGATED_ACCESS = 244,
    TAG_BILLING_REVISION = 245,
    TAG_QUALIFICATION = 246,
    TAG_QUALIFICATION_CREATED = 247,
    TAG_QUALIFICATION_IN_REVIEW = 248
};

typedef enum field_kind {
    FIELD_TEXT,
    FIELD_GUID,         /* left out when absent */
    FIELD_FLAG,         /* written, without bytes, when true */
    FIELD_RELATIONSHIP, /* left out when it is RESELLER, the usual one */
    FIELD_SHA256,       /* left out when all zero */
    FIELD_NUMBER,       /* left out when 0 */
    FIELD_BYTE
} field_kind;

typedef struct field {
    uint8_t tag;
    field_kind kind;
    size_t offset;
} field;

static const field customer_fields[] = {
    {TAG_COMMERCE_ID, FIELD_GUID, offsetof(clti_customer, commerce_id)},
    {TAG_ASSOCIATED_PARTNER_ID, FIELD_GUID, offsetof(clti_customer, associated_partner_id)},
    {TAG_BILLING_ID, FIELD_GUID, offsetof(clti_customer, billing_id)},
    {TAG_RELATIONSHIP, FIELD_RELATIONSHIP, offsetof(clti_customer, relationship)},
    {TAG_NO_DELEGATED_ACCESS, FIELD_FLAG, offsetof(clti_customer, no_delegated_access)},
    {TAG_BILLING_REVISION, FIELD_NUMBER, offsetof(clti_customer, billing_revision)},
    {TAG_QUALIFICATION, FIELD_NUMBER, offsetof(clti_customer, qualification.kind)},
    {TAG_QUALIFICATION_CREATED, FIELD_NUMBER, offsetof(clti_customer, qualification.created)},
    {TAG_QUALIFICATION_IN_REVIEW, FIELD_FLAG, offsetof(clti_customer, qualification.is_in_review)},
};

static const field partner_fields[] = {
    {1, FIELD_TEXT, offsetof(clti_partner, domain)},
    {2, FIELD_TEXT, offsetof(clti_partner, name)},
    {3, FIELD_TEXT, offsetof(clti_partner, country)},
    {4, FIELD_TEXT, offsetof(clti_partner, culture)},
    {5, FIELD_FLAG, offsetof(clti_partner, is_sandbox)},
    {6, FIELD_TEXT, offsetof(clti_partner, mpn_id)},
    {7, FIELD_FLAG, offsetof(clti_partner, is_strict)},
    {8, FIELD_NUMBER, offsetof(clti_partner, calls_per_minute)},
};

static const field application_fields[] = {
    {1, FIELD_TEXT, offsetof(clti_application, name)},
    {2, FIELD_SHA256, offsetof(clti_application, secret_sha256)},
    {3, FIELD_FLAG, offsetof(clti_application, is_demo)},
    {4, FIELD_SHA256, offsetof(clti_application, second_sha256)},
    {5, FIELD_TEXT, offsetof(clti_application, redirect_uris)},
    {6, FIELD_FLAG, offsetof(clti_application, is_public)},
};

static const field user_fields[] = {
    {1, FIELD_GUID, offsetof(clti_user, id)},           {2, FIELD_TEXT, offsetof(clti_user, display_name)},
    {3, FIELD_BYTE, offsetof(clti_user, roles)},        {4, FIELD_TEXT, offsetof(clti_user, password_hash)},
    {5, FIELD_TEXT, offsetof(clti_user, totp_secret)},  {6, FIELD_NUMBER, offsetof(clti_user, valid_from)},
    {7, FIELD_FLAG, offsetof(clti_user, is_disabled)},  {8, FIELD_FLAG, offsetof(clti_user, is_demo)},
    {9, FIELD_FLAG, offsetof(clti_user, is_enrolling)},
};

static const field grant_fields[] = {
    {1, FIELD_NUMBER, offsetof(clti_user_grant, revision)},
    {2, FIELD_BYTE, offsetof(clti_user_grant, state)},
    {3, FIELD_GUID, offsetof(clti_user_grant, partner)},
    {4, FIELD_GUID, offsetof(clti_user_grant, application)},
    {5, FIELD_TEXT, offsetof(clti_user_grant, user)},
    {6, FIELD_TEXT, offsetof(clti_user_grant, scope)},
    {7, FIELD_TEXT, offsetof(clti_user_grant, redirect)},
    {8, FIELD_TEXT, offsetof(clti_user_grant, challenge)},
    {9, FIELD_TEXT, offsetof(clti_user_grant, nonce)},
    {10, FIELD_SHA256, offsetof(clti_user_grant, secret_sha256)},
    {11, FIELD_FLAG, offsetof(clti_user_grant, has_mfa)},
    {12, FIELD_NUMBER, offsetof(clti_user_grant, signed_in)},
    {13, FIELD_NUMBER, offsetof(clti_user_grant, polled)},
    {14, FIELD_NUMBER, offsetof(clti_user_grant, expires)},
};

static const field signing_key_fields[] = {
    {1, FIELD_NUMBER, offsetof(clti_signing_key, created)},
    {2, FIELD_TEXT, offsetof(clti_signing_key, private_jwk)},
    {3, FIELD_NUMBER, offsetof(clti_signing_key, signs_from)},
};

static const field audit_fields[] = {
    {1, FIELD_BYTE, offsetof(clti_audit_record, operation)},
    {2, FIELD_GUID, offsetof(clti_audit_record, customer)},
    {3, FIELD_TEXT, offsetof(clti_audit_record, customer_name)},
    {4, FIELD_GUID, offsetof(clti_audit_record, application)},
    {5, FIELD_TEXT, offsetof(clti_audit_record, user)},
    {6, FIELD_GUID, offsetof(clti_audit_record, correlation_id)},
    {7, FIELD_GUID, offsetof(clti_audit_record, request_id)},
    {8, FIELD_TEXT, offsetof(clti_audit_record, old_value)},
    {9, FIELD_TEXT, offsetof(clti_audit_record, new_value)},
    {10, FIELD_TEXT, offsetof(clti_audit_record, customized)},
    {11, FIELD_GUID, offsetof(clti_audit_record, resource)},
};

static const field idempotency_fields[] = {
    {1, FIELD_SHA256, offsetof(clti_idempotency, body_sha256)},
    {2, FIELD_NUMBER, offsetof(clti_idempotency, created)},
    {3, FIELD_NUMBER, offsetof(clti_idempotency, answer.status)},
    {4, FIELD_TEXT, offsetof(clti_idempotency, answer.body)},
    {5, FIELD_GUID, offsetof(clti_idempotency, answer.location)},
    {6, FIELD_GUID, offsetof(clti_idempotency, answer.salt[0])},
    {7, FIELD_GUID, offsetof(clti_idempotency, answer.salt[1])},
    {8, FIELD_NUMBER, offsetof(clti_idempotency, answer.etag)},
};

/* ---- writing ---- */

typedef struct writer {
    clti_buf *out;
    size_t count_at; /* where the count of members goes when it is known */
    uint8_t count;
} writer;

static void write_varint(clti_buf *out, size_t number) {
    while (number >= 0x80) {
        clti_buf_add_char(out, (char)(uint8_t)(number | 0x80));
        number >>= 7;
    }
    clti_buf_add_char(out, (char)(uint8_t)number);
}

static writer begin_record(clti_buf *out) {
    clti_buf_add_char(out, RECORD_FORMAT);
    writer begun = {out, out->size, 0};
    clti_buf_add_char(out, 0);
    return begun;
}

static void end_record(const writer *record) {
    if (clti_buf_ok(record->out))
        record->out->data[record->count_at] = (char)record->count;
}

static void write_member(writer *record, uint8_t tag, const void *bytes, size_t size) {
    clti_assert(record->count < UINT8_MAX);
    record->count++;
    clti_buf_add_char(record->out, (char)tag);
    write_varint(record->out, size);
    clti_buf_add(record->out, (clt_str){bytes, size});
}

static void write_text(writer *record, uint8_t tag, clt_str text) {
    if (text.data != NULL)
        write_member(record, tag, text.data, text.size);
}

static void write_field(writer *record, const field *row, const void *object) {
    const char *place = (const char *)object + row->offset;
    switch (row->kind) {
    case FIELD_TEXT:
        write_text(record, row->tag, *(const clt_str *)(const void *)place);
        break;
    case FIELD_GUID:
        if (!clti_guid_is_absent(*(const clt_guid *)(const void *)place))
            write_member(record, row->tag, place, sizeof(clt_guid));
        break;
    case FIELD_FLAG:
        if (*(const bool *)(const void *)place)
            write_member(record, row->tag, "", 0);
        break;
    case FIELD_RELATIONSHIP: {
        uint8_t value = (uint8_t) * (const clti_relationship *)(const void *)place;
        if (value != CLTI_RELATIONSHIP_RESELLER)
            write_member(record, row->tag, &value, 1);
        break;
    }
    case FIELD_SHA256: {
        static const uint8_t zeros[CLTI_SHA256_SIZE];
        if (memcmp(place, zeros, sizeof zeros) != 0)
            write_member(record, row->tag, place, CLTI_SHA256_SIZE);
        break;
    }
    case FIELD_NUMBER: {
        uint64_t number = (uint64_t) * (const int64_t *)(const void *)place;
        uint8_t bytes[8];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(number >> (56 - 8 * i));
        if (number != 0)
            write_member(record, row->tag, bytes, sizeof bytes);
        break;
    }
    case FIELD_BYTE:
        write_member(record, row->tag, place, 1);
        break;
    }
}

static void write_fields(const field *rows, size_t count, const void *object, clti_buf *out) {
    writer record = begin_record(out);
    for (size_t i = 0; i < count; i++)
        write_field(&record, &rows[i], object);
    end_record(&record);
}

/* ---- reading ---- */

typedef struct reader {
    clt_str rest;
    size_t members_left;
    bool failed;
} reader;

static bool is_ascii(clt_str text) {
    uint64_t seen = 0;
    size_t i = 0;
    for (; i + 8 <= text.size; i += 8) {
        uint64_t word;
        memcpy(&word, text.data + i, 8);
        seen |= word;
    }
    for (; i < text.size; i++)
        seen |= (uint8_t)text.data[i];
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

static bool is_utf8(clt_str text) {
    size_t code_points;
    return is_ascii(text) || clti_text_check(text, &code_points);
}

static bool read_byte(clt_str *rest, uint8_t *out) {
    if (rest->size == 0)
        return false;
    *out = (uint8_t)rest->data[0];
    *rest = clti_str_from(*rest, 1);
    return true;
}

/* No length needs more than 28 bits. */
static bool read_varint(clt_str *rest, size_t *out) {
    size_t number = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        uint8_t byte;
        if (!read_byte(rest, &byte))
            return false;
        number |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = number;
            return true;
        }
    }
    return false;
}

static bool open_record(clt_str record, reader *out) {
    uint8_t format;
    uint8_t count;
    if (!read_byte(&record, &format) || format != RECORD_FORMAT || !read_byte(&record, &count))
        return false;
    *out = (reader){.rest = record, .members_left = count};
    return true;
}

/* The next member, or false at the end and on failure; is_complete() tells which. */
static bool next_member(reader *from, uint8_t *tag, clt_str *value) {
    size_t size;
    if (from->members_left == 0)
        return false;
    if (!read_byte(&from->rest, tag) || !read_varint(&from->rest, &size) || size > from->rest.size) {
        from->failed = true;
        return false;
    }
    *value = (clt_str){from->rest.data, size};
    from->rest = clti_str_from(from->rest, size);
    from->members_left--;
    return true;
}

static bool is_complete(const reader *from) {
    return !from->failed && from->members_left == 0 && from->rest.size == 0;
}

static bool read_text(clt_str value, clt_str *out) {
    *out = value;
    return is_utf8(value);
}

static bool read_bytes(clt_str value, void *out, size_t size) {
    if (value.size != size)
        return false;
    memcpy(out, value.data, size);
    return true;
}

static bool read_field(const field *row, clt_str value, void *object) {
    void *place = (char *)object + row->offset;
    switch (row->kind) {
    case FIELD_TEXT:
        return read_text(value, place);
    case FIELD_GUID:
        return read_bytes(value, place, sizeof(clt_guid));
    case FIELD_FLAG:
        *(bool *)place = true;
        return value.size == 0;
    case FIELD_RELATIONSHIP:
        *(clti_relationship *)place = CLTI_RELATIONSHIP_NONE;
        return value.size == 1 && value.data[0] == CLTI_RELATIONSHIP_NONE;
    case FIELD_SHA256:
        return read_bytes(value, place, CLTI_SHA256_SIZE);
    case FIELD_NUMBER: {
        uint8_t bytes[8];
        if (!read_bytes(value, bytes, sizeof bytes))
            return false;
        uint64_t number = 0;
        for (size_t i = 0; i < sizeof bytes; i++)
            number = number << 8 | bytes[i];
        *(int64_t *)place = (int64_t)number;
        return true;
    }
    case FIELD_BYTE:
        return read_bytes(value, place, 1);
    }
    return false;
}

/* Members stand in the table's order, so one pass over both is enough and finds repeated ones. */
static bool read_fields(const field *rows, size_t count, clt_str record, void *object) {
    reader from;
    uint8_t tag;
    clt_str value;
    size_t row = 0;
    if (!open_record(record, &from))
        return false;
    while (next_member(&from, &tag, &value)) {
        while (row < count && rows[row].tag != tag)
            row++;
        if (row == count || !read_field(&rows[row], value, object))
            return false;
        row++;
    }
    return is_complete(&from);
}

/* ---- the records ---- */

static bool is_stored_text(const clti_customer_member *member) {
    return member->tag != 0 && (member->kind == CLTI_MEMBER_TEXT || member->kind == CLTI_MEMBER_WORDS);
}

static clt_str text_of(const clti_customer *customer, const clti_customer_member *member) {
    return *(const clt_str *)(const void *)((const char *)customer + member->offset);
}

void clti_record_write_customer(const clti_customer *customer, clti_buf *out) {
    writer record = begin_record(out);
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (is_stored_text(member))
            write_text(&record, member->tag, text_of(customer, member));
    }
    for (size_t i = 0; i < CLTI_COUNT(customer_fields); i++)
        write_field(&record, &customer_fields[i], customer);
    end_record(&record);
}

/* The text member of this tag at or behind *row, which is left behind it. */
static const clti_customer_member *find_text(uint8_t tag, size_t *row) {
    while (*row < CLTI_CUSTOMER_MEMBER_COUNT) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[(*row)++];
        if (member->tag == tag && is_stored_text(member))
            return member;
    }
    return NULL;
}

bool clti_record_read_customer(clt_str record, clt_guid id, clti_customer *out) {
    reader from;
    uint8_t tag;
    clt_str value;
    size_t text_row = 0;
    size_t row = 0;
    clti_customer customer = {.id = id};
    if (!open_record(record, &from))
        return false;
    while (next_member(&from, &tag, &value)) {
        if (tag < TAG_COMMERCE_ID) {
            const clti_customer_member *member = find_text(tag, &text_row);
            if (member == NULL || !read_text(value, clti_customer_text(&customer, member)))
                return false;
            continue;
        }
        while (row < CLTI_COUNT(customer_fields) && customer_fields[row].tag != tag)
            row++;
        if (row == CLTI_COUNT(customer_fields) || !read_field(&customer_fields[row], value, &customer))
            return false;
        row++;
    }
    if (!is_complete(&from) || customer.domain.data == NULL || customer.company_name.data == NULL ||
        customer.qualification.kind < 0 || customer.qualification.kind >= CLTI_QUALIFICATION_COUNT)
        return false;
    *out = customer;
    return true;
}

void clti_record_write_partner(const clti_partner *partner, clti_buf *out) {
    write_fields(partner_fields, CLTI_COUNT(partner_fields), partner, out);
}

bool clti_record_read_partner(clt_str record, clt_guid id, clti_partner *out) {
    clti_partner partner = {.id = id};
    if (!read_fields(partner_fields, CLTI_COUNT(partner_fields), record, &partner))
        return false;
    *out = partner;
    return true;
}

void clti_record_write_application(const clti_application *application, clti_buf *out) {
    write_fields(application_fields, CLTI_COUNT(application_fields), application, out);
}

bool clti_record_read_application(clt_str record, clt_guid partner, clt_guid id, clti_application *out) {
    clti_application application = {.partner = partner, .id = id};
    if (!read_fields(application_fields, CLTI_COUNT(application_fields), record, &application))
        return false;
    *out = application;
    return true;
}

void clti_record_write_signing_key(const clti_signing_key *key, clti_buf *out) {
    write_fields(signing_key_fields, CLTI_COUNT(signing_key_fields), key, out);
}

bool clti_record_read_signing_key(clt_str record, clt_str id, clti_signing_key *out) {
    clti_signing_key key = {.id = id};
    if (!read_fields(signing_key_fields, CLTI_COUNT(signing_key_fields), record, &key))
        return false;
    *out = key;
    return true;
}

void clti_record_write_audit(const clti_audit_record *audit, clti_buf *out) {
    write_fields(audit_fields, CLTI_COUNT(audit_fields), audit, out);
}

bool clti_record_read_audit(clt_str record, clt_guid partner, int64_t date, clti_audit_record *out) {
    clti_audit_record audit = {.partner = partner, .date = date};
    if (!read_fields(audit_fields, CLTI_COUNT(audit_fields), record, &audit) ||
        clti_audit_kind_of(audit.operation) == NULL)
        return false;
    *out = audit;
    return true;
}

void clti_record_write_idempotency(const clti_idempotency *idempotency, clti_buf *out) {
    write_fields(idempotency_fields, CLTI_COUNT(idempotency_fields), idempotency, out);
}

bool clti_record_read_idempotency(clt_str record, clt_guid partner, clt_guid key, clti_idempotency *out) {
    clti_idempotency idempotency = {.partner = partner, .key = key};
    if (!read_fields(idempotency_fields, CLTI_COUNT(idempotency_fields), record, &idempotency))
        return false;
    *out = idempotency;
    return true;
}

void clti_record_write_user(const clti_user *user, clti_buf *out) {
    write_fields(user_fields, CLTI_COUNT(user_fields), user, out);
}

bool clti_record_read_user(clt_str record, clt_guid partner, clt_str name, clti_user *out) {
    clti_user user = {.partner = partner, .name = name};
    if (!read_fields(user_fields, CLTI_COUNT(user_fields), record, &user))
        return false;
    *out = user;
    return true;
}

void clti_record_write_grant(const clti_user_grant *grant, clti_buf *out) {
    write_fields(grant_fields, CLTI_COUNT(grant_fields), grant, out);
}

bool clti_record_read_grant(clt_str record, clt_guid id, clti_user_grant *out) {
    clti_user_grant grant = {.id = id};
    if (!read_fields(grant_fields, CLTI_COUNT(grant_fields), record, &grant))
        return false;
    *out = grant;
    return true;
}

/* ---- list items: read forty at a time, so without tags ---- */

void clti_record_write_item(const clti_customer *customer, clti_buf *out) {
    clti_buf_add_char(out, RECORD_FORMAT);
    write_varint(out, customer->domain.size);
    write_varint(out, customer->company_name.size);
    clti_buf_add(out, customer->domain);
    clti_buf_add(out, customer->company_name);
}

bool clti_record_read_item(clt_str record, clt_guid id, clti_list_item *out) {
    uint8_t format;
    size_t domain_size;
    size_t name_size;
    if (!read_byte(&record, &format) || format != RECORD_FORMAT || !read_varint(&record, &domain_size) ||
        !read_varint(&record, &name_size) || record.size != domain_size + name_size)
        return false;
    clt_str domain = {record.data, domain_size};
    clt_str name = {record.data + domain_size, name_size};
    if (!is_ascii(record) && (!is_utf8(domain) || !is_utf8(name)))
        return false;
    *out = (clti_list_item){.id = id, .domain = domain, .company_name = name};
    return true;
}
