/**
 * @file audit_filter.h
 * @brief Which audit records a query is for. The same in every store.
 */
#ifndef CLTI_STORE_AUDIT_FILTER_H
#define CLTI_STORE_AUDIT_FILTER_H

#include "store/store_private.h"

/** @brief All but partner and dates, which the keys tell. @param folded  Initialised; used for the name's
 * fold. */
bool clti_audit_matches(const clti_audit_query *query, const clti_audit_record *record, clti_buf *folded);

/** @brief Records in the other order. */
void clti_audit_turn_around(clti_audit_page *page);

#endif
