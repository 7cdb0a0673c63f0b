#include "store/postgres/postgres_private.h"

#include <string.h>

/* In the database for good: never change or reuse one. */
static const uint8_t kinds[] = {
    [CLTI_LIST_COMPANY_NAME] = 1,
    [CLTI_LIST_DOMAIN] = 2,
    [CLTI_LIST_INDIRECT_RESELLER] = 3,
    [CLTI_LIST_INDIRECT_PROVIDER] = 4,
};

void clti_pg_key_add(clti_pg_key *key, clt_str bytes) {
    clti_assert(bytes.size <= sizeof key->bytes - key->size);
    if (bytes.size > 0) {
        memcpy(key->bytes + key->size, bytes.data, bytes.size);
        key->size += bytes.size;
    }
}

void clti_pg_key_list(clti_pg_key *key, clti_list_field field, clt_guid related) {
    clti_assert((size_t)field < CLTI_COUNT(kinds));
    key->size = 0;
    key->bytes[key->size++] = kinds[field];
    if (field == CLTI_LIST_INDIRECT_RESELLER || field == CLTI_LIST_INDIRECT_PROVIDER)
        clti_pg_key_add(key, (clt_str){(const char *)related.bytes, sizeof related.bytes});
}

clt_str clti_pg_key_str(const clti_pg_key *key) {
    return (clt_str){(const char *)key->bytes, key->size};
}
