/**
 * @file store_private.h
 * @brief What the implementations of a store share.
 *
 * The operations mirror store.h, where their contracts stand. The tests' in-memory model implements them too.
 */
#ifndef CLTI_STORE_PRIVATE_H
#define CLTI_STORE_PRIVATE_H

#include "store/store.h"

#include <stdatomic.h>

typedef struct clti_store_operations {
    void (*close)(clti_store *store);
    bool (*commit_new)(clti_store *store, clti_fault *fault); /**< does not close */
    bool (*claim)(clti_store *store, clti_fault *fault);
    bool (*is_claimed)(clti_store *store);
    void (*pool)(clti_store *store, clti_store_pool *out);                     /**< NULL: it has none */
    bool (*ready)(clti_store *store, unsigned *out_schema, clti_fault *fault); /**< NULL: a read tells */
    bool (*tell)(clti_store *store, const clti_told *mine, clti_arena *arena, clti_told **out,
                 size_t *out_count, clti_fault *fault); /**< NULL: there are no other servers */
    bool (*list)(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                 clti_fault *fault);
    bool (*customer_find)(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                          clti_customer *out, clti_access *out_access, clti_fault *fault);
    bool (*partner_find)(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                         bool *out_found, clti_fault *fault);
    bool (*partner_find_domain)(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                bool *out_found, clti_fault *fault);
    bool (*domain_is_taken)(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault);
    bool (*application_find)(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                             clti_application *out, bool *out_found, clti_fault *fault);
    bool (*user_find)(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                      bool *out_found, clti_fault *fault);
    bool (*users)(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                  size_t *out_count, clti_fault *fault);
    bool (*grant_find)(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                       bool *out_found, clti_fault *fault);
    bool (*partners)(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                     clti_fault *fault);
    bool (*links)(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out, size_t *out_count,
                  clti_fault *fault);
    bool (*count)(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                  clti_fault *fault);
    bool (*applications)(clti_store *store, const clt_guid *partner, clti_arena *arena,
                         clti_application **out, size_t *out_count, clti_fault *fault);
    bool (*applications_of_id)(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                               size_t *out_count, clti_fault *fault);
    bool (*signing_keys)(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                         clti_fault *fault);
    bool (*partner_state)(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault);
    bool (*generation)(clti_store *store, uint64_t *out, clti_fault *fault);
    bool (*token_key)(clti_store *store, uint8_t out[CLTI_TOKEN_KEY_SIZE], clti_fault *fault);
    bool (*audit_list)(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                       clti_audit_page *out, clti_fault *fault);
    bool (*idempotency_find)(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                             clti_arena *arena, clti_idempotency *out, bool *out_found, clti_fault *fault);
    bool (*apply)(clti_store *store, const clti_change *changes, size_t count, clti_outcome *outcomes,
                  clti_fault *fault);
    bool (*load)(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                 clti_load_outcome *outcomes, clti_fault *fault);
    bool (*purge)(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault);
    bool (*snapshot)(clti_store *store, int descriptor, clti_fault *fault);
    bool (*stream)(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                   clti_fault *fault);
    bool (*check)(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                  clti_fault *fault);
} clti_store_operations;

/** First member of every implementation's own struct. */
struct clti_store {
    const clti_store_operations *operations;
    atomic_ullong counters[CLTI_STORE_COUNTED_COUNT];
};

/** @brief The moment of clti_store_calls_end_by(); 0: none. */
int64_t clti_store_calls_end(void);

/* ---- record.c: the binary form, the same in every store --------------------------------------------- */

/*
 * A record is a format number, the count of its members, then each member that is there as tag, length and
 * bytes. Readers refuse (false) what is cut, too long, of an unknown format or tag, or bad UTF-8. What they
 * give back are views into `record`. What stands in a record's key (ids) is not part of the record.
 */

/** @brief Append a customer's record. */
void clti_record_write_customer(const clti_customer *customer, clti_buf *out);

/** @brief Read a customer's record; the id comes from its key. */
CLTI_MUST_CHECK bool clti_record_read_customer(clt_str record, clt_guid id, clti_customer *out);

void clti_record_write_partner(const clti_partner *partner, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_partner(clt_str record, clt_guid id, clti_partner *out);

void clti_record_write_application(const clti_application *application, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_application(clt_str record, clt_guid partner, clt_guid id,
                                                  clti_application *out);

void clti_record_write_signing_key(const clti_signing_key *key, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_signing_key(clt_str record, clt_str id, clti_signing_key *out);

void clti_record_write_audit(const clti_audit_record *audit, clti_buf *out);
/** @brief Partner and date come from the key. */
CLTI_MUST_CHECK bool clti_record_read_audit(clt_str record, clt_guid partner, int64_t date,
                                            clti_audit_record *out);

void clti_record_write_idempotency(const clti_idempotency *idempotency, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_idempotency(clt_str record, clt_guid partner, clt_guid key,
                                                  clti_idempotency *out);

void clti_record_write_user(const clti_user *user, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_user(clt_str record, clt_guid partner, clt_str name, clti_user *out);

void clti_record_write_grant(const clti_user_grant *grant, clti_buf *out);
CLTI_MUST_CHECK bool clti_record_read_grant(clt_str record, clt_guid id, clti_user_grant *out);

/** @brief Append what a list item shows: format number, length of the domain, length of the name, both texts.
 */
void clti_record_write_item(const clti_customer *customer, clti_buf *out);

/** @brief Read it; the id comes from the key. */
CLTI_MUST_CHECK bool clti_record_read_item(clt_str record, clt_guid id, clti_list_item *out);

/* ---- page.c ------------------------------------------------------------------------------------------ */

/** @brief Copy the texts of a page's items and both positions into the arena, in one piece, and turn its
 * views over to the copy. Domain and name of an item stand side by side, as in its record. */
CLTI_MUST_CHECK bool clti_page_keep(clt_str first, clt_str last, clti_arena *arena, clti_list_page *page,
                                    clti_fault *fault);

/* ---- position.c: the order of the list --------------------------------------------------------------- */

/** @brief Write the position of an item: first bytes of `folded`, 0x00, id. @return its size. */
size_t clti_position_write(clt_str folded, clt_guid id, uint8_t out[CLTI_POSITION_MAX]);

#endif
