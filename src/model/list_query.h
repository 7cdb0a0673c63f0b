/**
 * @file list_query.h
 * @brief One question to the list, and its answer.
 *
 * Index key (design.md 4), the same in every store, so the order is the same:
 *     partner (16) | [related partner (16)] | first 400 bytes of the fold | 0x00 | customer id (16)
 * The part after the ids, from the fold on, is called the *position* and goes into continuation tokens.
 */
#ifndef CLTI_LIST_QUERY_H
#define CLTI_LIST_QUERY_H

#include "base/base.h"

/** Bytes of a fold that stand in an index key. */
#define CLTI_FOLD_KEY_MAX 400

/** Largest position: fold, separator, id. */
#define CLTI_POSITION_MAX (CLTI_FOLD_KEY_MAX + 1 + 16)

/** A filter value of more code points matches nothing (design.md 4). */
#define CLTI_FILTER_VALUE_MAX 200

/** Items in a page: largest, and when none is asked for (api.md 4.1). */
#define CLTI_PAGE_SIZE_MAX 500

typedef enum clti_list_field {
    CLTI_LIST_COMPANY_NAME, /**< also the whole list: an empty prefix */
    CLTI_LIST_DOMAIN,
    CLTI_LIST_INDIRECT_RESELLER, /**< customers whose indirect reseller is `related`, by name */
    CLTI_LIST_INDIRECT_PROVIDER, /**< customers whose owner is the provider `related`, by name */
    CLTI_LIST_FIELD_COUNT
} clti_list_field;

typedef enum clti_list_start {
    CLTI_LIST_FIRST,  /**< from the beginning, forwards */
    CLTI_LIST_AFTER,  /**< behind `position`, forwards */
    CLTI_LIST_BEFORE, /**< the items just before `position` */
    CLTI_LIST_LAST    /**< the last items */
} clti_list_start;

typedef struct clti_list_query {
    clt_guid partner;
    clti_list_field field;
    clt_guid related; /**< for the two relationship fields */
    clt_str folded;   /**< fold of the filter's value, whole; empty for everything */
    bool is_exact;    /**< the whole fold must be equal, not just begin with it */
    clti_list_start start;
    clt_str position; /**< for AFTER and BEFORE; the item itself need not exist any more */
    size_t size;      /**< 1 to CLTI_PAGE_SIZE_MAX */
} clti_list_query;

/** What a list shows of a customer. */
typedef struct clti_list_item {
    clt_guid id;
    clt_str domain;
    clt_str company_name;
} clti_list_item;

/** Items in list order, whatever the direction of the scan. */
typedef struct clti_list_page {
    clti_list_item *items;
    size_t count;
    bool has_next;          /**< an item of the same query follows the last */
    bool has_previous;      /**< an item of the same query stands before the first */
    clt_str first_position; /**< absent if the page is empty */
    clt_str last_position;
    uint64_t revision; /**< of the partner's list, at the moment the page was read */
    uint64_t total;    /**< customers in the partner's whole list, at that moment */
} clti_list_page;

#endif
