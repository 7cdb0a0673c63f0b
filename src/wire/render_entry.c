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

static void add_customer(clti_buf *out, const clti_customer *customer) {
    clti_buf_add(out, CLTI_STR("\"customer\":{"));
    add_level(out, customer, CLTI_STR(""));
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
    clti_json_end(out, '}');
}

static void add_application(clti_buf *out, const clti_application *application) {
    clti_buf_add(out, CLTI_STR("\"application\":{"));
    clti_json_add_guid(out, "partner", application->partner);
    clti_json_add_guid(out, "id", application->id);
    clti_json_add_text(out, "name", application->name);
    clti_buf_add(out, CLTI_STR("\"secretSha256\":\""));
    for (size_t i = 0; i < sizeof application->secret_sha256; i++)
        clti_buf_add_format(out, "%02x", application->secret_sha256[i]);
    clti_buf_add(out, CLTI_STR("\","));
    if (application->is_demo)
        clti_json_add_bool(out, "isDemo", true);
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
    case CLTI_ENTRY_LINK:
        clti_buf_add(out, CLTI_STR("\"link\":{"));
        clti_json_add_guid(out, "provider", entry->of.link.provider);
        clti_json_add_guid(out, "reseller", entry->of.link.reseller);
        clti_json_end(out, '}');
        break;
    case CLTI_ENTRY_KEY:
        clti_buf_add(out, CLTI_STR("\"key\":{"));
        clti_json_add_text(out, "id", entry->of.key.id);
        clti_buf_add_format(out, "\"created\":%lld,", (long long)entry->of.key.created);
        if (entry->of.key.signs_from)
            clti_buf_add_format(out, "\"signsFrom\":%lld,", (long long)entry->of.key.signs_from);
        clti_json_add_text(out, "privateJwk", entry->of.key.private_jwk);
        clti_json_end(out, '}');
        break;
    case CLTI_ENTRY_CUSTOMER:
        clti_json_add_guid(out, "owner", entry->owner);
        add_customer(out, &entry->of.customer);
        break;
    case CLTI_ENTRY_KIND_COUNT:
        clti_assert(!"a kind of entry");
    }
    clti_json_end(out, '}');
    if (clti_buf_ok(out))
        out->data[out->size - 1] = '\n';
}
