#include "store/lmdb/lmdb_private.h"

/* A fold is never much longer than its text, and texts are bounded by the model. */
#define FOLD_SIZE_MAX ((size_t)1 << 24)

void clti_lmdb_folds_init(clti_lmdb_folds *folds) {
    clti_buf_init(&folds->name, FOLD_SIZE_MAX);
    clti_buf_init(&folds->domain, FOLD_SIZE_MAX);
}

void clti_lmdb_folds_done(clti_lmdb_folds *folds) {
    clti_buf_done(&folds->name);
    clti_buf_done(&folds->domain);
}

bool clti_lmdb_fold(const clti_lmdb *store, const clti_customer *customer, clti_lmdb_folds *folds,
                    clti_fault *fault) {
    clti_buf_clear(&folds->name);
    clti_buf_clear(&folds->domain);
    if (clti_text_fold(customer->company_name, &folds->name) &&
        clti_text_fold(customer->domain, &folds->domain))
        return true;
    if (!clti_buf_ok(&folds->name) || !clti_buf_ok(&folds->domain))
        return clti_fault_no_memory(fault);
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "store '%s': customer %s is not valid UTF-8",
                          store->folder, clti_guid_to_text(customer->id).text);
}

void clti_lmdb_index_init(clti_lmdb_index *index) {
    index->count = 0;
    index->viewer_count = 0;
    clti_buf_init(&index->item, FOLD_SIZE_MAX);
}

void clti_lmdb_index_done(clti_lmdb_index *index) {
    clti_buf_done(&index->item);
}

void clti_lmdb_index_clear(clti_lmdb_index *index) {
    index->count = 0;
    index->viewer_count = 0;
    clti_buf_clear(&index->item);
}

clt_guid clti_lmdb_index_reseller(clt_guid owner, const clti_customer *customer) {
    clt_guid reseller = customer->associated_partner_id;
    bool is_shared =
        customer->relationship == CLTI_RELATIONSHIP_RESELLER && !clti_guid_equal(reseller, owner);
    return is_shared ? reseller : (clt_guid){{0}};
}

static void add_list_entry(clti_lmdb_index *index, clti_list_field field, clt_guid viewer, clt_guid related,
                           clt_str position) {
    clti_lmdb_entry *entry = &index->entries[index->count++];
    entry->database = clti_lmdb_list_database(field);
    clti_lmdb_key_list(&entry->key, field, viewer, related);
    clti_lmdb_key_add(&entry->key, position);
}

bool clti_lmdb_index_build(clt_guid owner, const clti_customer *customer, const clti_lmdb_folds *folds,
                           clti_lmdb_index *out, clti_fault *fault) {
    uint8_t bytes[2][CLTI_POSITION_MAX];
    const clt_guid none = {{0}};
    clt_guid associated = customer->associated_partner_id;
    clt_guid reseller = clti_lmdb_index_reseller(owner, customer);

    clti_lmdb_index_clear(out);
    out->owner = owner;
    if (customer->relationship == CLTI_RELATIONSHIP_NONE)
        return true;
    clti_record_write_item(customer, &out->item);
    if (!clti_buf_ok(&out->item))
        return clti_fault_no_memory(fault);
    clt_str by_name = {(const char *)bytes[0],
                       clti_position_write(clti_buf_str(&folds->name), customer->id, bytes[0])};
    clt_str by_domain = {(const char *)bytes[1],
                         clti_position_write(clti_buf_str(&folds->domain), customer->id, bytes[1])};

    out->viewers[out->viewer_count++] = owner;
    add_list_entry(out, CLTI_LIST_COMPANY_NAME, owner, none, by_name);
    add_list_entry(out, CLTI_LIST_DOMAIN, owner, none, by_domain);
    if (!clti_guid_is_absent(associated))
        add_list_entry(out, CLTI_LIST_INDIRECT_RESELLER, owner, associated, by_name);
    if (!clti_guid_is_absent(reseller)) {
        out->viewers[out->viewer_count++] = reseller;
        add_list_entry(out, CLTI_LIST_COMPANY_NAME, reseller, none, by_name);
        add_list_entry(out, CLTI_LIST_DOMAIN, reseller, none, by_domain);
        add_list_entry(out, CLTI_LIST_INDIRECT_PROVIDER, reseller, owner, by_name);
        clti_lmdb_entry *shared = &out->entries[out->count++];
        shared->database = CLTI_LMDB_SHARED;
        clti_lmdb_key_pair(&shared->key, reseller, customer->id);
    }
    clti_assert(out->count <= CLTI_LMDB_ENTRIES_MAX);
    return true;
}

static bool has_entry(const clti_lmdb_index *index, const clti_lmdb_entry *entry) {
    for (size_t i = 0; i < index->count; i++)
        if (index->entries[i].database == entry->database &&
            clti_str_equal(clti_lmdb_key_str(&index->entries[i].key), clti_lmdb_key_str(&entry->key)))
            return true;
    return false;
}

static bool has_viewer(const clti_lmdb_index *index, clt_guid viewer) {
    for (size_t i = 0; i < index->viewer_count; i++)
        if (clti_guid_equal(index->viewers[i], viewer))
            return true;
    return false;
}

static bool write_entries(const clti_lmdb_index *from, const clti_lmdb_index *to, clti_lmdb_index_sink write,
                          void *user, size_t *writes, clti_fault *fault) {
    bool same_item = clti_str_equal(clti_buf_str(&from->item), clti_buf_str(&to->item));
    for (size_t i = 0; i < from->count; i++) {
        const clti_lmdb_entry *entry = &from->entries[i];
        if (!has_entry(to, entry)) {
            ++*writes;
            if (!write(user, entry->database, clti_lmdb_key_str(&entry->key), (clt_str){NULL, 0}, fault))
                return false;
        }
    }
    for (size_t i = 0; i < to->count; i++) {
        const clti_lmdb_entry *entry = &to->entries[i];
        bool is_shared = entry->database == CLTI_LMDB_SHARED;
        if ((same_item || is_shared) && has_entry(from, entry))
            continue;
        clt_str owner = {(const char *)to->owner.bytes, sizeof to->owner.bytes};
        ++*writes;
        if (!write(user, entry->database, clti_lmdb_key_str(&entry->key),
                   is_shared ? owner : clti_buf_str(&to->item), fault))
            return false;
    }
    return true;
}

bool clti_lmdb_index_change(const clti_lmdb_index *from, const clti_lmdb_index *to,
                            clti_lmdb_index_sink write, clti_lmdb_viewer_sink viewer_changed, void *user,
                            clti_fault *fault) {
    size_t writes = 0;
    if (!write_entries(from, to, write, user, &writes, fault))
        return false;
    for (size_t i = 0; writes > 0 && i < to->viewer_count; i++) {
        int64_t count = has_viewer(from, to->viewers[i]) ? 0 : 1;
        if (!viewer_changed(user, to->viewers[i], count, fault))
            return false;
    }
    for (size_t i = 0; writes > 0 && i < from->viewer_count; i++)
        if (!has_viewer(to, from->viewers[i]) && !viewer_changed(user, from->viewers[i], -1, fault))
            return false;
    return true;
}
