/* Operations that are not there yet. */
#include "store/postgres/postgres_private.h"

bool clti_pg_list(clti_store *store, const clti_list_query *query, clti_arena *arena, clti_list_page *out,
                  clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_list() is not there yet");
}

bool clti_pg_count(clti_store *store, const clti_list_query *query, uint64_t most, uint64_t *out,
                   clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_count() is not there yet");
}

bool clti_pg_customer_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                           clti_customer *out, clti_access *out_access, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_customer_find() is not there yet");
}

bool clti_pg_domain_is_taken(clti_store *store, clt_str domain, bool *out_taken, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_domain_is_taken() is not there yet");
}

bool clti_pg_partner_find(clti_store *store, clt_guid id, clti_arena *arena, clti_partner *out,
                          bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_partner_find() is not there yet");
}

bool clti_pg_partner_find_domain(clti_store *store, clt_str domain, clti_arena *arena, clti_partner *out,
                                 bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "clti_pg_partner_find_domain() is not there yet");
}

bool clti_pg_partners(clti_store *store, clti_arena *arena, clti_partner **out, size_t *out_count,
                      clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_partners() is not there yet");
}

bool clti_pg_links(clti_store *store, clt_guid partner, clti_arena *arena, clti_link **out, size_t *out_count,
                   clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_links() is not there yet");
}

bool clti_pg_application_find(clti_store *store, clt_guid partner, clt_guid id, clti_arena *arena,
                              clti_application *out, bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "clti_pg_application_find() is not there yet");
}

bool clti_pg_applications(clti_store *store, const clt_guid *partner, clti_arena *arena,
                          clti_application **out, size_t *out_count, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_applications() is not there yet");
}

bool clti_pg_applications_of_id(clti_store *store, clt_guid id, clti_arena *arena, clti_application **out,
                                size_t *out_count, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "clti_pg_applications_of_id() is not there yet");
}

bool clti_pg_user_find(clti_store *store, clt_guid partner, clt_str name, clti_arena *arena, clti_user *out,
                       bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_user_find() is not there yet");
}

bool clti_pg_users(clti_store *store, const clt_guid *partner, clti_arena *arena, clti_user **out,
                   size_t *out_count, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_users() is not there yet");
}

bool clti_pg_grant_find(clti_store *store, clt_guid id, clti_arena *arena, clti_user_grant *out,
                        bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_grant_find() is not there yet");
}

bool clti_pg_signing_keys(clti_store *store, clti_arena *arena, clti_signing_key **out, size_t *out_count,
                          clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_signing_keys() is not there yet");
}

bool clti_pg_partner_state(clti_store *store, clt_guid partner, clti_partner_state *out, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_partner_state() is not there yet");
}

bool clti_pg_generation(clti_store *store, uint64_t *out, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_generation() is not there yet");
}

bool clti_pg_audit_list(clti_store *store, const clti_audit_query *query, clti_arena *arena,
                        clti_audit_page *out, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_audit_list() is not there yet");
}

bool clti_pg_idempotency_find(clti_store *store, clt_guid partner, clt_guid key, int64_t now,
                              clti_arena *arena, clti_idempotency *out, bool *out_found, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL,
                          "clti_pg_idempotency_find() is not there yet");
}

bool clti_pg_load(clti_store *store, clt_guid partner, const clti_customer *customers, size_t count,
                  clti_load_outcome *outcomes, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_load() is not there yet");
}

bool clti_pg_purge(clti_store *store, clt_guid partner, size_t most, size_t *out_deleted, clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_purge() is not there yet");
}

bool clti_pg_stream(clti_store *store, const clt_guid *partner, clti_stream_fn on_entry, void *user,
                    clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_stream() is not there yet");
}

bool clti_pg_check(clti_store *store, clti_check_finding on_finding, void *user, clti_check_summary *out,
                   clti_fault *fault) {
    return clti_fault_set(fault, CLTI_FAULT_STORE_FAILED, NULL, "clti_pg_check() is not there yet");
}
