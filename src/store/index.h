/**
 * @file index.h
 * @brief What the indexes hold of a customer: which lists show it, under which position. The same in every
 * store.
 *
 * Nothing here allocates but the folds and the item, whose memory is used again for the next customer.
 * Thread: one thread at a time.
 */
#ifndef CLTI_STORE_INDEX_H
#define CLTI_STORE_INDEX_H

#include "store/store_private.h"

/** A customer's folds. clti_folds_init(), later clti_folds_done(). */
typedef struct clti_folds {
    clti_buf name;
    clti_buf domain;
} clti_folds;

void clti_folds_init(clti_folds *folds);
void clti_folds_done(clti_folds *folds);

/** @brief Fold name and domain. The fault names the customer if it is not valid UTF-8. */
CLTI_MUST_CHECK bool clti_folds_make(const clti_customer *customer, clti_folds *folds, clti_fault *fault);

/** Where an entry stands: in one of the lists, whose numbers are those of clti_list_field, or here. */
#define CLTI_INDEX_SHARED ((int)CLTI_LIST_FIELD_COUNT)

/** Three of the owner's, four of the indirect reseller's. */
#define CLTI_INDEX_ENTRIES_MAX 7

typedef struct clti_index_entry {
    int kind;         /**< a clti_list_field, or CLTI_INDEX_SHARED: a customer that `viewer` may read */
    clt_guid viewer;  /**< whose list it is */
    clt_guid related; /**< of the two relationship fields */
} clti_index_entry;

typedef struct clti_index_position {
    size_t size;
    uint8_t bytes[CLTI_POSITION_MAX];
} clti_index_position;

/** Everything that the indexes hold of one customer: the one place that says so is clti_index_build(). */
typedef struct clti_index {
    clti_index_entry entries[CLTI_INDEX_ENTRIES_MAX];
    size_t count;
    clt_guid owner;
    clt_guid id;
    clt_guid viewers[2]; /**< partners whose list shows the customer, the owner first */
    size_t viewer_count;
    clti_index_position by_name;
    clti_index_position by_domain;
    clti_buf item; /**< value of all entries but CLTI_INDEX_SHARED, whose value is the owner */
} clti_index;

void clti_index_init(clti_index *index);
void clti_index_done(clti_index *index);

/** @brief No entries: the index of a customer that does not exist. */
void clti_index_clear(clti_index *index);

CLTI_MUST_CHECK bool clti_index_build(clt_guid owner, const clti_customer *customer, const clti_folds *folds,
                                      clti_index *out, clti_fault *fault);

/** @brief What ends the entry's key: its position in the list, or the customer's id. A view into the index.
 */
clt_str clti_index_position_of(const clti_index *index, const clti_index_entry *entry);

/** @brief The entry's value. A view into the index. */
clt_str clti_index_value_of(const clti_index *index, const clti_index_entry *entry);

/** @brief The indirect reseller that sees a customer of `owner`, or absent. */
clt_guid clti_index_reseller(clt_guid owner, const clti_customer *customer);

/** Takes one write to the indexes; an absent value deletes. */
typedef bool (*clti_index_sink)(void *user, const clti_index_entry *entry, clt_str position, clt_str value,
                                clti_fault *fault);

/** Takes one change of a partner's list: by how many customers it grew. */
typedef bool (*clti_viewer_sink)(void *user, clt_guid viewer, int64_t count, clti_fault *fault);

/** @brief Bring the indexes from one state of a customer to another; only what differs is written. */
CLTI_MUST_CHECK bool clti_index_change(const clti_index *from, const clti_index *to, clti_index_sink write,
                                       clti_viewer_sink viewer_changed, void *user, clti_fault *fault);

#endif
