#include "store/postgres/change_private.h"

#include <assert.h>

#define ARRAY_COUNT (sizeof(clti_pg_difference) / sizeof(clti_pg_array))

void clti_pg_difference_init(clti_pg_difference *difference) {
    clti_pg_array *arrays = &difference->gone_viewers;
    static_assert(sizeof(clti_pg_difference) == ARRAY_COUNT * sizeof(clti_pg_array), "nothing but arrays");
    for (size_t i = 0; i < ARRAY_COUNT; i++)
        clti_pg_array_init(&arrays[i]);
}

void clti_pg_difference_done(clti_pg_difference *difference) {
    clti_pg_array *arrays = &difference->gone_viewers;
    for (size_t i = 0; i < ARRAY_COUNT; i++)
        clti_pg_array_done(&arrays[i]);
}

void clti_pg_difference_clear(clti_pg_difference *difference) {
    clti_pg_array_of_guids(&difference->gone_viewers);
    clti_pg_array_of_bytes(&difference->gone_keys);
    clti_pg_array_of_guids(&difference->put_viewers);
    clti_pg_array_of_bytes(&difference->put_keys);
    clti_pg_array_of_bytes(&difference->put_items);
    clti_pg_array_of_guids(&difference->unshared_viewers);
    clti_pg_array_of_guids(&difference->unshared_ids);
    clti_pg_array_of_guids(&difference->shared_viewers);
    clti_pg_array_of_guids(&difference->shared_ids);
    clti_pg_array_of_guids(&difference->state_viewers);
    clti_pg_array_of_numbers(&difference->state_counts);
}

static void write_shared(clti_pg_difference *to, const clti_index_entry *entry, clt_str id, bool is_gone) {
    clti_pg_array_add_guid(is_gone ? &to->unshared_viewers : &to->shared_viewers, entry->viewer);
    clti_pg_array_add_bytes(is_gone ? &to->unshared_ids : &to->shared_ids, id);
}

static bool write_entry(void *user, const clti_index_entry *entry, clt_str position, clt_str value,
                        clti_fault *fault) {
    clti_pg_difference *to = user;
    clti_pg_key key;
    if (entry->kind == CLTI_INDEX_SHARED) {
        write_shared(to, entry, position, value.data == NULL);
        return true;
    }
    clti_pg_key_list(&key, (clti_list_field)entry->kind, entry->related);
    clti_pg_key_add(&key, position);
    if (value.data == NULL) {
        clti_pg_array_add_guid(&to->gone_viewers, entry->viewer);
        clti_pg_array_add_bytes(&to->gone_keys, clti_pg_key_str(&key));
        return true;
    }
    clti_pg_array_add_guid(&to->put_viewers, entry->viewer);
    clti_pg_array_add_bytes(&to->put_keys, clti_pg_key_str(&key));
    clti_pg_array_add_bytes(&to->put_items, value);
    return true;
}

static bool change_viewer(void *user, clt_guid viewer, int64_t count, clti_fault *fault) {
    clti_pg_difference *to = user;
    clti_pg_array_add_guid(&to->state_viewers, viewer);
    clti_pg_array_add_number(&to->state_counts, count);
    return true;
}

bool clti_pg_difference_add(clti_pg_difference *to, const clti_index *from, const clti_index *now,
                            clti_fault *fault) {
    return clti_index_change(from, now, write_entry, change_viewer, to, fault);
}

bool clti_pg_add_difference(clti_pg_parameters *to, clti_pg_difference *difference, clt_guid owner,
                            int16_t slot, clti_fault *fault) {
    clti_pg_array *arrays = &difference->gone_viewers;
    clti_pg_add_guid(to, owner);
    for (size_t i = 0; i < ARRAY_COUNT; i++)
        if (!clti_pg_add_array(to, &arrays[i]))
            return clti_fault_no_memory(fault);
    clti_pg_add_int16(to, slot);
    static_assert(ARRAY_COUNT + 2 == CLTI_PG_DIFFERENCE_PARAMETERS, "the statements count on it");
    return true;
}
