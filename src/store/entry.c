/* An entry as bytes, the same from every store: to be kept beyond the call that gave it, and to be compared.
 */
#include "store/store_private.h"

#include <string.h>

/* kind | ids | size of the name (4, big-endian) | name | record. What has less of it has it empty. */
#define GUIDS_MAX 2

static void add_bytes(clti_buf *out, const void *bytes, size_t size) {
    clti_buf_add(out, (clt_str){bytes, size});
}

static void add_head(const clti_entry *entry, clt_guid first, clt_guid second, clt_str name, clti_buf *out) {
    const uint32_t size = (uint32_t)name.size;
    const uint8_t length[4] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8),
                               (uint8_t)size};
    clti_buf_add_char(out, (char)entry->kind);
    add_bytes(out, &first, sizeof first);
    add_bytes(out, &second, sizeof second);
    add_bytes(out, length, sizeof length);
    clti_buf_add(out, name);
}

void clti_store_entry_write(const clti_entry *entry, clti_buf *out) {
    const clt_guid none = {{0}};
    const clt_str no_name = {"", 0};
    switch (entry->kind) {
    case CLTI_ENTRY_PARTNER:
        add_head(entry, entry->of.partner.id, none, no_name, out);
        clti_record_write_partner(&entry->of.partner, out);
        break;
    case CLTI_ENTRY_APPLICATION:
        add_head(entry, entry->of.application.partner, entry->of.application.id, no_name, out);
        clti_record_write_application(&entry->of.application, out);
        break;
    case CLTI_ENTRY_USER:
        add_head(entry, entry->of.user.partner, none, entry->of.user.name, out);
        clti_record_write_user(&entry->of.user, out);
        break;
    case CLTI_ENTRY_LINK:
        add_head(entry, entry->of.link.provider, entry->of.link.reseller, no_name, out);
        break;
    case CLTI_ENTRY_KEY:
        add_head(entry, none, none, entry->of.key.id, out);
        clti_record_write_signing_key(&entry->of.key, out);
        break;
    case CLTI_ENTRY_TOKEN_KEY:
        add_head(entry, none, none, no_name, out);
        add_bytes(out, entry->of.token_key, sizeof entry->of.token_key);
        break;
    case CLTI_ENTRY_CUSTOMER:
        add_head(entry, entry->owner, entry->of.customer.id, no_name, out);
        clti_record_write_customer(&entry->of.customer, out);
        break;
    case CLTI_ENTRY_AUDIT: {
        const int64_t date = entry->of.audit.date;
        add_head(entry, entry->of.audit.partner, none, (clt_str){(const char *)&date, sizeof date}, out);
        clti_record_write_audit(&entry->of.audit, out);
        break;
    }
    case CLTI_ENTRY_IDEMPOTENCY:
        add_head(entry, entry->of.idempotency.partner, entry->of.idempotency.key, no_name, out);
        clti_record_write_idempotency(&entry->of.idempotency, out);
        break;
    case CLTI_ENTRY_GRANT:
        add_head(entry, entry->of.grant.id, none, no_name, out);
        clti_record_write_grant(&entry->of.grant, out);
        break;
    case CLTI_ENTRY_KIND_COUNT:
        clti_assert(entry->kind != CLTI_ENTRY_KIND_COUNT);
    }
}

/* ---- and back ---- */

typedef struct head {
    clt_guid guids[GUIDS_MAX];
    clt_str name, record;
} head;

static bool read_head(clt_str bytes, head *out) {
    const size_t fixed = 1 + sizeof out->guids + 4;
    if (bytes.size < fixed || (uint8_t)bytes.data[0] >= CLTI_ENTRY_KIND_COUNT)
        return false;
    memcpy(out->guids, bytes.data + 1, sizeof out->guids);
    const uint8_t *length = (const uint8_t *)bytes.data + 1 + sizeof out->guids;
    const size_t size =
        (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | (size_t)length[3];
    if (size > bytes.size - fixed)
        return false;
    out->name = (clt_str){bytes.data + fixed, size};
    out->record = clti_str_from(bytes, fixed + size);
    return true;
}

bool clti_store_entry_read(clt_str bytes, clti_entry *out) {
    head from;
    int64_t date;
    if (!read_head(bytes, &from))
        return false;
    *out = (clti_entry){.kind = (clti_entry_kind)bytes.data[0]};
    switch (out->kind) {
    case CLTI_ENTRY_PARTNER:
        return clti_record_read_partner(from.record, from.guids[0], &out->of.partner);
    case CLTI_ENTRY_APPLICATION:
        return clti_record_read_application(from.record, from.guids[0], from.guids[1], &out->of.application);
    case CLTI_ENTRY_USER:
        return clti_record_read_user(from.record, from.guids[0], from.name, &out->of.user);
    case CLTI_ENTRY_LINK:
        out->of.link = (clti_link){.provider = from.guids[0], .reseller = from.guids[1]};
        return from.record.size == 0;
    case CLTI_ENTRY_KEY:
        return clti_record_read_signing_key(from.record, from.name, &out->of.key);
    case CLTI_ENTRY_TOKEN_KEY:
        if (from.record.size != sizeof out->of.token_key)
            return false;
        memcpy(out->of.token_key, from.record.data, sizeof out->of.token_key);
        return true;
    case CLTI_ENTRY_CUSTOMER:
        out->owner = from.guids[0];
        return clti_record_read_customer(from.record, from.guids[1], &out->of.customer);
    case CLTI_ENTRY_AUDIT:
        if (from.name.size != sizeof date)
            return false;
        memcpy(&date, from.name.data, sizeof date);
        return clti_record_read_audit(from.record, from.guids[0], date, &out->of.audit);
    case CLTI_ENTRY_IDEMPOTENCY:
        return clti_record_read_idempotency(from.record, from.guids[0], from.guids[1], &out->of.idempotency);
    case CLTI_ENTRY_GRANT:
        return clti_record_read_grant(from.record, from.guids[0], &out->of.grant);
    case CLTI_ENTRY_KIND_COUNT:
        break;
    }
    return false;
}
