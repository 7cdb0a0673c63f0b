/*
 * What stands where. `id` and `partner` are GUIDs of 16 bytes, numbers big-endian, records those of record.c,
 * `fold` is clti_text_fold() of a name or domain, `cut` its first CLTI_FOLD_KEY_MAX bytes.
 *
 *   meta             "format" (u32), "store_id" (16 bytes), "token_key" (32 bytes), "generation" (u64)
 *   partners         id                                          -> partner
 *   partner_domains  fold(domain)                                -> id
 *   applications     partner | id                                -> application
 *   signing_keys     kid                                         -> signing key
 *   customers        owner | id                                  -> customer
 *   domains          fold(domain)                                -> owner | id; unique over all partners
 *   names            viewer | cut(name) | 00 | id                -> list item
 *   names_by_domain  viewer | cut(domain) | 00 | id              -> list item
 *   related          viewer | kind | related | cut(name) | 00 | id -> list item
 *   shared           reseller | id                               -> owner
 *   partner_state    partner                                     -> revision (u64), count (u64)
 *   links            provider | 1 | reseller, and reseller | 2 | provider -> nothing
 *   audit            partner | date (u64, ticks)                 -> audit record
 *   idempotency      partner | key (16 bytes)                    -> what was answered
 *   users            partner | name                              -> user
 *   grants           id                                          -> grant
 *
 * The viewers of a customer are its owner and, if it has one, its indirect reseller. `related` has kind 1 for
 * the owner's customers by reseller, kind 2 for the reseller's customers by owner. A customer whose
 * relationship has been removed keeps only `customers` and `domains`.
 */
#include "store/lmdb/lmdb_private.h"

#include <assert.h>
#include <string.h>

#define KIND_BY_RESELLER 1
#define KIND_BY_OWNER    2

static_assert(16 + 1 + 16 + CLTI_POSITION_MAX <= CLTI_LMDB_KEY_MAX, "the longest list key fits");

void clti_lmdb_key_add(clti_lmdb_key *key, clt_str bytes) {
    clti_assert(bytes.size <= sizeof key->bytes - key->size);
    if (bytes.size > 0) {
        memcpy(key->bytes + key->size, bytes.data, bytes.size);
        key->size += bytes.size;
    }
}

static void add_guid(clti_lmdb_key *key, clt_guid id) {
    clti_lmdb_key_add(key, (clt_str){(const char *)id.bytes, sizeof id.bytes});
}

void clti_lmdb_key_guid(clti_lmdb_key *key, clt_guid id) {
    key->size = 0;
    add_guid(key, id);
}

void clti_lmdb_key_pair(clti_lmdb_key *key, clt_guid partner, clt_guid id) {
    clti_lmdb_key_guid(key, partner);
    add_guid(key, id);
}

void clti_lmdb_key_link(clti_lmdb_key *key, clt_guid partner, clti_lmdb_role role, clt_guid other) {
    clti_lmdb_key_guid(key, partner);
    key->bytes[key->size++] = (uint8_t)role;
    add_guid(key, other);
}

void clti_lmdb_key_date(clti_lmdb_key *key, clt_guid partner, int64_t date) {
    clti_lmdb_key_guid(key, partner);
    clti_lmdb_write_u64((uint64_t)date, key->bytes + key->size);
    key->size += sizeof(uint64_t);
}

bool clti_lmdb_read_date(clt_str key, clt_guid *out_partner, int64_t *out_date) {
    if (key.size != sizeof *out_partner + sizeof(uint64_t))
        return false;
    memcpy(out_partner, key.data, sizeof *out_partner);
    *out_date = (int64_t)clti_lmdb_read_u64((const uint8_t *)key.data + sizeof *out_partner);
    return true;
}

bool clti_lmdb_read_link(clt_str key, clti_link *out) {
    clt_guid partner;
    clt_guid other;
    if (key.size != sizeof partner + 1 + sizeof other)
        return false;
    memcpy(&partner, key.data, sizeof partner);
    memcpy(&other, key.data + sizeof partner + 1, sizeof other);
    switch ((clti_lmdb_role)key.data[sizeof partner]) {
    case CLTI_LMDB_PROVIDER:
        *out = (clti_link){partner, other};
        return true;
    case CLTI_LMDB_RESELLER:
        *out = (clti_link){other, partner};
        return true;
    }
    return false;
}

bool clti_lmdb_key_text(clti_lmdb_key *key, clt_str text) {
    key->size = 0;
    if (text.size == 0 || text.size > sizeof key->bytes)
        return false;
    clti_lmdb_key_add(key, text);
    return true;
}

bool clti_lmdb_key_user(clti_lmdb_key *key, clt_guid partner, clt_str name) {
    clti_lmdb_key_guid(key, partner);
    if (name.size == 0 || name.size > CLTI_USER_NAME_MAX)
        return false;
    clti_lmdb_key_add(key, name);
    return true;
}

void clti_lmdb_key_list(clti_lmdb_key *key, clti_list_field field, clt_guid partner, clt_guid related) {
    clti_lmdb_key_guid(key, partner);
    if (clti_lmdb_list_database(field) == CLTI_LMDB_RELATED) {
        key->bytes[key->size++] = field == CLTI_LIST_INDIRECT_RESELLER ? KIND_BY_RESELLER : KIND_BY_OWNER;
        add_guid(key, related);
    }
}

clti_lmdb_database clti_lmdb_key_entry(clti_lmdb_key *key, const clti_index_entry *entry, clt_str position) {
    bool is_shared = entry->kind == CLTI_INDEX_SHARED;
    if (is_shared)
        clti_lmdb_key_guid(key, entry->viewer);
    else
        clti_lmdb_key_list(key, (clti_list_field)entry->kind, entry->viewer, entry->related);
    clti_lmdb_key_add(key, position);
    return is_shared ? CLTI_LMDB_SHARED : clti_lmdb_list_database((clti_list_field)entry->kind);
}

clti_lmdb_database clti_lmdb_list_database(clti_list_field field) {
    static const clti_lmdb_database databases[] = {
        [CLTI_LIST_COMPANY_NAME] = CLTI_LMDB_NAMES,
        [CLTI_LIST_DOMAIN] = CLTI_LMDB_NAMES_BY_DOMAIN,
        [CLTI_LIST_INDIRECT_RESELLER] = CLTI_LMDB_RELATED,
        [CLTI_LIST_INDIRECT_PROVIDER] = CLTI_LMDB_RELATED,
    };
    static_assert(CLTI_COUNT(databases) == CLTI_LIST_FIELD_COUNT, "each list field has a database");
    clti_assert((size_t)field < CLTI_COUNT(databases));
    return databases[field];
}

clt_str clti_lmdb_key_str(const clti_lmdb_key *key) {
    return (clt_str){(const char *)key->bytes, key->size};
}
