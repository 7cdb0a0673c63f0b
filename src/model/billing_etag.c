#include "model/customer.h"

#include <string.h>

static uint64_t add(uint64_t hash, const void *bytes, size_t size) {
    return clti_hash64(hash, (clt_str){bytes, size});
}

/* Each text with its length, so that no two profiles run into the same bytes. */
static uint64_t add_member(uint64_t hash, const clti_customer *customer, const clti_customer_member *member) {
    clt_str text;
    memcpy(&text, (const char *)customer + member->offset, sizeof(text));
    hash = add(hash, &text.size, sizeof(text.size));
    return clti_hash64(hash, text);
}

int64_t clti_customer_billing_etag(const clti_customer *customer) {
    clt_guid id = clti_customer_billing_id(customer);
    uint64_t hash = add(CLTI_HASH64_START, &id, sizeof(id));
    int64_t etag;
    hash = add(hash, &customer->billing_revision, sizeof(customer->billing_revision));
    for (size_t i = 0; i < CLTI_CUSTOMER_MEMBER_COUNT; i++) {
        const clti_customer_member *member = &CLTI_CUSTOMER_MEMBERS[i];
        if (member->kind == CLTI_MEMBER_TEXT &&
            clti_str_starts_with(clti_str(member->path), CLTI_STR("billingProfile.")))
            hash = add_member(hash, customer, member);
    }
    memcpy(&etag, &hash, sizeof(etag));
    return etag;
}
