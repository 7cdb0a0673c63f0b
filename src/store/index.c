#include "store/index.h"

/* A fold is never much longer than its text, and texts are bounded by the model. */
#define FOLD_SIZE_MAX ((size_t)1 << 24)

/* ---- folds ---- */

void clti_folds_init(clti_folds *folds) {
    clti_buf_init(&folds->name, FOLD_SIZE_MAX);
    clti_buf_init(&folds->domain, FOLD_SIZE_MAX);
}

void clti_folds_done(clti_folds *folds) {
    clti_buf_done(&folds->name);
    clti_buf_done(&folds->domain);
}

bool clti_folds_make(const clti_customer *customer, clti_folds *folds, clti_fault *fault) {
    clti_buf_clear(&folds->name);
    clti_buf_clear(&folds->domain);
    if (clti_text_fold(customer->company_name, &folds->name) &&
        clti_text_fold(customer->domain, &folds->domain))
        return true;
    if (!clti_buf_ok(&folds->name) || !clti_buf_ok(&folds->domain))
        return clti_fault_no_memory(fault);
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "the store's customer %s is not valid UTF-8; look at it with 'clienteled check'",
                          clti_guid_to_text(customer->id).text);
}

/* ---- one customer ---- */

void clti_index_init(clti_index *index) {
    index->count = 0;
    index->viewer_count = 0;
    clti_buf_init(&index->item, FOLD_SIZE_MAX);
}

void clti_index_done(clti_index *index) {
    clti_buf_done(&index->item);
}

void clti_index_clear(clti_index *index) {
    index->count = 0;
    index->viewer_count = 0;
    clti_buf_clear(&index->item);
}

clt_guid clti_index_reseller(clt_guid owner, const clti_customer *customer) {
    clt_guid reseller = customer->associated_partner_id;
    bool is_shared =
        customer->relationship == CLTI_RELATIONSHIP_RESELLER && !clti_guid_equal(reseller, owner);
    return is_shared ? reseller : (clt_guid){{0}};
}

static void add_entry(clti_index *index, int kind, clt_guid viewer, clt_guid related) {
    clti_assert(index->count < CLTI_INDEX_ENTRIES_MAX);
    index->entries[index->count++] = (clti_index_entry){kind, viewer, related};
}

bool clti_index_build(clt_guid owner, const clti_customer *customer, const clti_folds *folds, clti_index *out,
                      clti_fault *fault) {
    const clt_guid none = {{0}};
    clt_guid associated = customer->associated_partner_id;
    clt_guid reseller = clti_index_reseller(owner, customer);

    clti_index_clear(out);
    out->owner = owner;
    out->id = customer->id;
    if (customer->relationship == CLTI_RELATIONSHIP_NONE)
        return true;
    clti_record_write_item(customer, &out->item);
    if (!clti_buf_ok(&out->item))
        return clti_fault_no_memory(fault);
    out->by_name.size = clti_position_write(clti_buf_str(&folds->name), out->id, out->by_name.bytes);
    out->by_domain.size = clti_position_write(clti_buf_str(&folds->domain), out->id, out->by_domain.bytes);

    out->viewers[out->viewer_count++] = owner;
    add_entry(out, CLTI_LIST_COMPANY_NAME, owner, none);
    add_entry(out, CLTI_LIST_DOMAIN, owner, none);
    if (!clti_guid_is_absent(associated))
        add_entry(out, CLTI_LIST_INDIRECT_RESELLER, owner, associated);
    if (!clti_guid_is_absent(reseller)) {
        out->viewers[out->viewer_count++] = reseller;
        add_entry(out, CLTI_LIST_COMPANY_NAME, reseller, none);
        add_entry(out, CLTI_LIST_DOMAIN, reseller, none);
        add_entry(out, CLTI_LIST_INDIRECT_PROVIDER, reseller, owner);
        add_entry(out, CLTI_INDEX_SHARED, reseller, none);
    }
    return true;
}

clt_str clti_index_position_of(const clti_index *index, const clti_index_entry *entry) {
    if (entry->kind == CLTI_INDEX_SHARED)
        return (clt_str){(const char *)index->id.bytes, sizeof index->id.bytes};
    const clti_index_position *position =
        entry->kind == (int)CLTI_LIST_DOMAIN ? &index->by_domain : &index->by_name;
    return (clt_str){(const char *)position->bytes, position->size};
}

clt_str clti_index_value_of(const clti_index *index, const clti_index_entry *entry) {
    return entry->kind == CLTI_INDEX_SHARED
               ? (clt_str){(const char *)index->owner.bytes, sizeof index->owner.bytes}
               : clti_buf_str(&index->item);
}

/* ---- from one state to another ---- */

static bool has_entry(const clti_index *index, const clti_index_entry *entry, clt_str position) {
    for (size_t i = 0; i < index->count; i++) {
        const clti_index_entry *held = &index->entries[i];
        if (held->kind == entry->kind && clti_guid_equal(held->viewer, entry->viewer) &&
            clti_guid_equal(held->related, entry->related) &&
            clti_str_equal(clti_index_position_of(index, held), position))
            return true;
    }
    return false;
}

static bool has_viewer(const clti_index *index, clt_guid viewer) {
    for (size_t i = 0; i < index->viewer_count; i++)
        if (clti_guid_equal(index->viewers[i], viewer))
            return true;
    return false;
}

static bool write_entries(const clti_index *from, const clti_index *to, clti_index_sink write, void *user,
                          size_t *writes, clti_fault *fault) {
    bool same_item = clti_str_equal(clti_buf_str(&from->item), clti_buf_str(&to->item));
    for (size_t i = 0; i < from->count; i++) {
        const clti_index_entry *entry = &from->entries[i];
        clt_str position = clti_index_position_of(from, entry);
        if (has_entry(to, entry, position))
            continue;
        ++*writes;
        if (!write(user, entry, position, (clt_str){NULL, 0}, fault))
            return false;
    }
    for (size_t i = 0; i < to->count; i++) {
        const clti_index_entry *entry = &to->entries[i];
        clt_str position = clti_index_position_of(to, entry);
        if ((same_item || entry->kind == CLTI_INDEX_SHARED) && has_entry(from, entry, position))
            continue;
        ++*writes;
        if (!write(user, entry, position, clti_index_value_of(to, entry), fault))
            return false;
    }
    return true;
}

bool clti_index_change(const clti_index *from, const clti_index *to, clti_index_sink write,
                       clti_viewer_sink viewer_changed, void *user, clti_fault *fault) {
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
