/**
 * @file service.h
 * @brief The door of `service`: what the system does, without a word of HTTP.
 *
 * All validation of what callers ask is here; bad input ends here with its fault.
 * Thread: a clti_service is immutable after creation, for any thread; so is a clti_writer.
 */
#ifndef CLTI_SERVICE_H
#define CLTI_SERVICE_H

#include "identity/identity.h"
#include "wire/wire.h"

typedef struct clti_writer clti_writer;
typedef struct clti_throttle clti_throttle;
typedef struct clti_sharing clti_sharing;

typedef struct clti_service {
    clti_store *store;           /**< must outlive the service */
    clti_writer *writer;         /**< likewise; NULL if nothing is written */
    bool require_user;           /**< auth.require_user: App+User operations refuse an app-only token */
    bool item_links;             /**< list.item_links (api.md 12.5) */
    bool reviews_qualifications; /**< customers.review_qualifications (api.md 4.16) */
    clti_throttle *throttle;     /**< must outlive the service; NULL for none */
    unsigned audit_days;         /**< audit records are asked for so far back; 0: without limit */
    clti_hmac_key token_key;     /**< of continuation tokens */
    uint8_t password_key[CLTI_SHA256_SIZE]; /**< initial passwords are derived from it; a secret */
} clti_service;

/** Days that audit records may be asked for at least, and by default (api.md 4.17). */
#define CLTI_AUDIT_DAYS 90

/** @brief Fill a service; reads the store's key for continuation tokens. Nothing to release. */
CLTI_MUST_CHECK bool clti_service_init(clti_service *service, clti_store *store, bool require_user,
                                       bool item_links, clti_fault *fault);

typedef struct clti_customers_request {
    clt_str query;         /**< query string as received, encoded; may be absent */
    clt_str continuation;  /**< MS-ContinuationToken; absent and empty are the same */
    clt_str if_none_match; /**< entity tags that the caller has, as in HTTP; or absent */
    bool wants_count;      /**< how many there are in all (api.md 13) */
} clti_customers_request;

/** Most matches of a filter that are counted (api.md 13). */
#define CLTI_COUNT_MAX 10000

typedef struct clti_customers_answer {
    clt_str entity_tag; /**< changes whenever the page may have changed */
    bool unchanged;     /**< the caller has it already; nothing below is set */
    clti_wire_page page;
    bool is_filtered; /**< by the query or by the token */
    bool is_first;    /**< the page begins the list */
    bool is_counted;  /**< total is set */
    uint64_t total;   /**< all items of the list, when asked for */
} clti_customers_answer;

/**
 * @brief One page of the caller's customers.
 *
 * Shape:  GET /v1/customers -> 200 Collection of Customer (api.md 4.1, 5, 6).
 * Owner:  everything in *out lives in the arena, or is static.
 *
 * @retval false  INVALID_QUERY naming the parameter; USER_REQUIRED; the store failed.
 */
CLTI_MUST_CHECK bool clti_customers_list(const clti_service *service, const clti_caller *caller,
                                         const clti_customers_request *request, clti_arena *arena,
                                         clti_customers_answer *out, clti_fault *fault);

/**
 * @brief One customer of the caller.
 *
 * Shape:  GET /v1/customers/{id} -> 200 Customer (api.md 4.2).
 * @param id_text  The id as it stood in the path, decoded.
 * @retval false  INVALID_CUSTOMER_ID, CUSTOMER_NOT_FOUND, NO_RELATIONSHIP, or the store failed.
 */
CLTI_MUST_CHECK bool clti_customers_get(const clti_service *service, const clti_caller *caller,
                                        clt_str id_text, clti_arena *arena, clti_customer *out,
                                        clti_fault *fault);

/* ---- what is asked before a customer is created ---------------------------------------------------------
 */

/**
 * @brief Is a domain taken by a customer of any partner?
 *
 * Shape:  HEAD /v1/domains/{domain}; GET /v1/validations/checkdomainavailability/{prefix} (api.md 4.10).
 * @param name  A domain, or a first label alone: then .onmicrosoft.com is meant behind it.
 * @retval false  INVALID_PROPERTY, or the store failed.
 */
CLTI_MUST_CHECK bool clti_domains_check(const clti_service *service, clt_str name, clti_arena *arena,
                                        bool *out_taken, clti_fault *fault);

/**
 * @brief The rules of a country.
 *
 * Shape:  GET /v1/countryvalidationrules/{iso2} -> 200 CountryValidationRules (api.md 4.12).
 * @retval false  INVALID_PROPERTY: not two letters; NOT_FOUND: no such country.
 */
CLTI_MUST_CHECK bool clti_countries_get(clt_str iso2, const clti_country **out, clti_fault *fault);

/**
 * @brief Validate an address.
 *
 * Shape:  POST /v1/validations/address, an Address -> 200 in one of three forms (api.md 4.11).
 * @param[out] out  In the arena. An address that breaks rules is an answer too, with all that is wrong.
 * @retval false    INVALID_REQUEST: not JSON, not an object; INVALID_PROPERTY: no country.
 */
CLTI_MUST_CHECK bool clti_addresses_validate(clt_str body, clti_arena *arena, clti_address_validation *out,
                                             clti_fault *fault);

/* ---- partners -------------------------------------------------------------------------------------------
 */

/**
 * @brief The caller's own partner.
 *
 * Shape:  GET /v1/profiles/organization -> 200 OrganizationProfile (api.md 4.18).
 * @retval false  ACCESS_DENIED: it is gone; the store failed.
 */
CLTI_MUST_CHECK bool clti_organization_get(const clti_service *service, const clti_caller *caller,
                                           clti_arena *arena, clti_partner *out, clti_fault *fault);

/**
 * @brief The caller's indirect resellers and providers, by name.
 *
 * Shape:  GET /v1/relationships -> 200 Collection of PartnerRelationship (api.md 4.14). Not paged.
 * @param query  As received: relationship_type and filter.
 * @retval false  INVALID_QUERY, INVALID_ENUM, or the store failed.
 */
CLTI_MUST_CHECK bool clti_relationships_list(const clti_service *service, const clti_caller *caller,
                                             clt_str query, clti_arena *arena, clti_relationship_list *out,
                                             clti_fault *fault);

/**
 * @brief The indirect reseller of a customer, if it has one.
 *
 * Shape:  GET /v1/customers/{id}/relationships -> 200 Collection of PartnerRelationship (api.md 4.15).
 * @retval false  as clti_customers_get().
 */
CLTI_MUST_CHECK bool clti_customers_relationships(const clti_service *service, const clti_caller *caller,
                                                  clt_str id_text, clti_arena *arena,
                                                  clti_relationship_list *out, clti_fault *fault);

/**
 * @brief The address at which a customer can accept a relationship with the caller.
 *
 * Shape:  GET /v1/customers/relationshiprequests -> 200 RelationshipRequest (api.md 4.13).
 * @param base_url  What it begins with; no slash at its end.
 * @param query     As received: ids of indirect partners, which go into the address.
 * @retval false    INVALID_QUERY.
 */
CLTI_MUST_CHECK bool clti_relationship_request_get(const clti_caller *caller, clt_str base_url, clt_str query,
                                                   clti_arena *arena, clt_str *out_url, clti_fault *fault);

/**
 * @brief The partner that such an address names.
 *
 * Whoever has the address may ask: it needs no token.
 * @param[out] out_found  False also if `query` names none.
 * @retval false  INVALID_QUERY, or the store failed.
 */
CLTI_MUST_CHECK bool clti_relationship_request_partner(const clti_service *service, clt_str query,
                                                       clti_arena *arena, clti_partner *out, bool *out_found,
                                                       clti_fault *fault);

/** @brief A weak entity tag of a hash; terminated. Absent if memory is out. */
clt_str clti_entity_tag_format(uint64_t hash, clti_arena *arena);

/** @brief True if `tag` is among the entity tags of an If-None-Match header; weak and strong count as one. */
bool clti_entity_tag_matches(clt_str if_none_match, clt_str tag);

typedef struct clti_audit_request {
    clt_str query;        /**< query string as received, encoded; may be absent */
    clt_str continuation; /**< MS-ContinuationToken; absent and empty are the same */
} clti_audit_request;

/**
 * @brief One page of the caller's audit records, newest first.
 *
 * Shape:  GET /v1/auditrecords -> 200 Collection of AuditRecord (api.md 4.17, 5.4).
 * Owner:  everything in *out lives in the arena.
 * @retval false  INVALID_QUERY naming the parameter; the store failed.
 */
CLTI_MUST_CHECK bool clti_audit_list(const clti_service *service, const clti_caller *caller,
                                     const clti_audit_request *request, clti_arena *arena,
                                     clti_wire_audit_page *out, clti_fault *fault);

/**
 * @brief One audit record of the caller's.
 *
 * Shape:  GET /v1/auditrecords/{id} -> 200 AuditRecord.
 * @retval false  NOT_FOUND, or the store failed.
 */
CLTI_MUST_CHECK bool clti_audit_get(const clti_service *service, const clti_caller *caller, clt_str id,
                                    clti_arena *arena, clti_audit_record *out, clti_fault *fault);

/* ---- writing ----------------------------------------------------------------------------------------- */

/** What every request to change something brings along. */
typedef struct clti_write_request {
    const clti_caller *caller;
    clt_str operation;       /**< method and path template, the same for the same operation */
    clt_str id_text;         /**< customer's id as it stood in the path, decoded; absent if there is none */
    clt_str part_text;       /**< what the path names of it, likewise */
    clt_guid request_id;     /**< as it goes into the reply */
    bool is_id_given;        /**< the caller sent it as MS-RequestId: the answer is kept under it */
    clt_guid correlation_id; /**< as it goes into the reply */
    clt_str if_match;        /**< entity tags, as in HTTP; or absent */
    clt_str body;
} clti_write_request;

/**
 * One change on its way to the store, with all that belongs to it. Lives in an arena until it is done.
 *
 * An operation prepares it: what the caller sent has been checked, and the answer is ready. Then, unless
 * outcome.done says that an earlier request has done the same, clti_writer_submit(); and, once it is done,
 * clti_write_answer().
 */
typedef struct clti_write {
    clti_change change;
    clti_audit_record audit;
    clti_idempotency idempotency; /**< with the answer */
    clti_outcome outcome;
    bool failed; /**< with the fault: the store failed, or the writer is too busy */
    clti_fault fault;
    int64_t due_us;              /**< clti_steady_us() at which nobody waits for it any more; 0: never */
    void (*on_done)(void *user); /**< called once, on any thread; nothing touches the write afterwards */
    void *user;
    struct clti_write *next; /**< the writer's own */
} clti_write;

/**
 * @brief Create a customer.
 *
 * Shape:  POST /v1/customers, a Customer -> 201 Customer with userCredentials (api.md 4.3).
 * @param[out] out  Prepared; lives in the arena.
 * @retval false  INVALID_REQUEST, or everything that is wrong with the body; USER_REQUIRED;
 *                REQUEST_ID_REUSED; the store failed. What only the store can tell comes with
 *                clti_write_answer(): DOMAIN_TAKEN, CUSTOMERS_MAX, RESELLER_NOT_FOUND, NOT_A_RESELLER.
 */
CLTI_MUST_CHECK bool clti_customers_create(const clti_service *service, const clti_write_request *request,
                                           clti_arena *arena, clti_write **out, clti_fault *fault);

/**
 * @brief Remove the reseller relationship with a customer, or delegated access alone.
 *
 * Shape:  PATCH /v1/customers/{id}, members of Customer -> 200 Customer, the changed members (api.md 4.5).
 * @retval false  as clti_customers_get(); NOT_ALLOWED for a customer of one's provider; INVALID_REQUEST,
 *                INVALID_PROPERTY for what cannot be changed so; REQUEST_ID_REUSED.
 */
CLTI_MUST_CHECK bool clti_customers_patch(const clti_service *service, const clti_write_request *request,
                                          clti_arena *arena, clti_write **out, clti_fault *fault);

/**
 * @brief Delete a customer of a sandbox partner, and free its domain.
 *
 * Shape:  DELETE /v1/customers/{id} -> 204 (api.md 4.4).
 * @retval false  NOT_SUPPORTED_HERE outside a sandbox; else as clti_customers_patch().
 */
CLTI_MUST_CHECK bool clti_customers_delete(const clti_service *service, const clti_write_request *request,
                                           clti_arena *arena, clti_write **out, clti_fault *fault);

/**
 * @brief Replace a customer's billing profile; its companyName renames the customer.
 *
 * Shape:  PUT /v1/customers/{id}/profiles/billing, the resource as read, changed -> 200 the same with its new
 *         etag (api.md 4.8, 4.9).
 * @retval false  STALE if neither If-Match nor, without it, the body has the present etag; everything that is
 *                wrong with the body; else as clti_customers_patch().
 */
CLTI_MUST_CHECK bool clti_billing_profiles_put(const clti_service *service, const clti_write_request *request,
                                               clti_arena *arena, clti_write **out, clti_fault *fault);

/**
 * @brief Set a customer's qualification.
 *
 * Shape:  PUT /v1/customers/{id}/qualification, a bare word -> 200 the same (api.md 4.16).
 * @retval false  INVALID_REQUEST, INVALID_ENUM; else as clti_customers_patch().
 */
CLTI_MUST_CHECK bool clti_qualification_put(const clti_service *service, const clti_write_request *request,
                                            clti_arena *arena, clti_write **out, clti_fault *fault);

/**
 * @brief The same in the newer form.
 *
 * Shape:  POST /v1/customers/{id}/qualifications, an object -> 201 the qualification with its vetting status.
 * @retval false  INVALID_REQUEST, INVALID_ENUM, INVALID_PROPERTY; else as clti_customers_patch().
 */
CLTI_MUST_CHECK bool clti_qualifications_add(const clti_service *service, const clti_write_request *request,
                                             clti_arena *arena, clti_write **out, clti_fault *fault);

/* ---- administration: what a partner has, for its administrators (api.md 13) --------------------------- */

/** @brief All applications of the caller's partner, ordered by id. Shape: GET /clientele/v1/applications. */
CLTI_MUST_CHECK bool clti_applications_list(const clti_service *service, const clti_caller *caller,
                                            clti_arena *arena, clti_application **out, size_t *out_count,
                                            clti_fault *fault);

/** @brief One of them. @retval false  NOT_FOUND, or the store failed. */
CLTI_MUST_CHECK bool clti_applications_get(const clti_service *service, const clti_caller *caller,
                                           clt_str id_text, clti_arena *arena, clti_application *out,
                                           clti_fault *fault);

/**
 * @brief Register an application.
 *
 * Shape:  POST /clientele/v1/applications -> 201 Application, with its secret unless it is public.
 * @retval false  INVALID_REQUEST, or everything that is wrong with the body; REQUEST_ID_REUSED. What only the
 *                store can tell comes with clti_write_answer(): CONFLICT, LIMIT_REACHED.
 */
CLTI_MUST_CHECK bool clti_applications_create(const clti_service *service, const clti_write_request *request,
                                              clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Change name and redirect URIs. Shape: PATCH -> 200 Application. @retval false  NOT_FOUND; as above.
 */
CLTI_MUST_CHECK bool clti_applications_patch(const clti_service *service, const clti_write_request *request,
                                             clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Remove one. Shape: DELETE -> 204. @retval false  NOT_FOUND; CONFLICT for the one that asks. */
CLTI_MUST_CHECK bool clti_applications_delete(const clti_service *service, const clti_write_request *request,
                                              clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Give it a second secret. Shape: POST .../secrets -> 201. @retval false  NOT_FOUND; CONFLICT if it
 * has two, or is public. */
CLTI_MUST_CHECK bool clti_secrets_add(const clti_service *service, const clti_write_request *request,
                                      clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Take a secret away. Shape: DELETE .../secrets/{secret} -> 204. @retval false  NOT_FOUND. */
CLTI_MUST_CHECK bool clti_secrets_delete(const clti_service *service, const clti_write_request *request,
                                         clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief All users of the caller's partner, ordered by name. Shape: GET /clientele/v1/users. */
CLTI_MUST_CHECK bool clti_users_list(const clti_service *service, const clti_caller *caller,
                                     clti_arena *arena, clti_user **out, size_t *out_count,
                                     clti_fault *fault);

/** @brief One of them. @retval false  NOT_FOUND, or the store failed. */
CLTI_MUST_CHECK bool clti_users_get(const clti_service *service, const clti_caller *caller, clt_str id_text,
                                    clti_arena *arena, clti_user *out, clti_fault *fault);

/**
 * @brief Add a user. Takes about 25 ms, for the password.
 *
 * Shape:  POST /clientele/v1/users -> 201 User with password and, if asked for, second factor.
 * @retval false  as clti_applications_create().
 */
CLTI_MUST_CHECK bool clti_users_create(const clti_service *service, const clti_write_request *request,
                                       clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Change display name, roles, whether they may sign in. Shape: PATCH -> 200 User. @retval false
 * NOT_FOUND; as above; LAST_ADMIN with clti_write_answer(). */
CLTI_MUST_CHECK bool clti_users_patch(const clti_service *service, const clti_write_request *request,
                                      clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Make a new password, a new second factor, or none. Takes as long. Shape: POST .../reset -> 200
 * User.
 */
CLTI_MUST_CHECK bool clti_users_reset(const clti_service *service, const clti_write_request *request,
                                      clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief Remove one. Shape: DELETE -> 204. @retval false  NOT_FOUND; LAST_ADMIN with clti_write_answer(). */
CLTI_MUST_CHECK bool clti_users_delete(const clti_service *service, const clti_write_request *request,
                                       clti_arena *arena, clti_write **out, clti_fault *fault);

/** @brief The keys that sign the tokens of all partners. Shape: GET /clientele/v1/keys. */
CLTI_MUST_CHECK bool clti_keys_list(const clti_service *service, clti_arena *arena, clti_wire_key **out,
                                    size_t *out_count, clti_fault *fault);

/** @brief True if the customer was changed by another write meanwhile: prepare it anew. */
bool clti_write_is_stale(const clti_write *write);

/**
 * @brief What a write that is done is answered with.
 *
 * The same request gets the same answer, byte for byte, for CLTI_IDEMPOTENCY_SECONDS.
 * @param[out] out  In the arena; the body is whole, with the password if there is one.
 * @retval false  it was refused, or it failed.
 */
CLTI_MUST_CHECK bool clti_write_answer(const clti_service *service, const clti_write *write,
                                       clti_arena *arena, clti_answer *out, clti_fault *fault);

typedef struct clti_writer_options {
    clti_store *store;  /**< must outlive the writer */
    size_t queue_max;   /**< more writes are refused as BUSY; 0 for the default of 1024 */
    unsigned keep_days; /**< audit records live so long; 0: for ever */
    int64_t call_us; /**< a group gets no longer than this in the store, and a write that has less time left
                          is refused; 0: as long as the store takes */
} clti_writer_options;

/**
 * @brief Start the one thread that writes: it takes whatever is queued as one group, one durable transaction.
 *
 * With each group it deletes some of what has expired.
 */
CLTI_MUST_CHECK bool clti_writer_start(const clti_writer_options *options, clti_writer **out,
                                       clti_fault *fault);

/** @brief Queue a write. on_done is called in any case: here, if the queue is full or the writer stopped. */
void clti_writer_submit(clti_writer *writer, clti_write *write);

/** @brief Finish what is queued; whatever comes later fails as BUSY. Again: nothing. */
void clti_writer_stop(clti_writer *writer);

/** @brief Stop and free; NULL is allowed. */
void clti_writer_free(clti_writer *writer);

/** Buckets of group sizes: 1, 2, 4 and so on up to CLTI_GROUP_MAX. */
#define CLTI_GROUP_BUCKETS 9
#define CLTI_GROUP_MAX     256

/** Of a writer since its start. */
typedef struct clti_writer_counters {
    uint64_t queued;                     /**< writes that wait now */
    uint64_t groups[CLTI_GROUP_BUCKETS]; /**< groups by size; bucket i holds those of up to 1 << i */
    uint64_t writes;                     /**< in all groups */
    uint64_t refused;                    /**< because the queue was full */
} clti_writer_counters;

/** @brief Read the counters; each is exact, together they may be a group apart. */
void clti_writer_counted(clti_writer *writer, clti_writer_counters *out);

/* ---- throttling -------------------------------------------------------------------------------------- */

typedef struct clti_throttle_options {
    uint32_t per_minute; /**< calls of a partner that has no limit of its own; 0: any number */
    bool sandboxes_too;  /**< sandboxes are limited as well */
} clti_throttle_options;

/** @brief Every partner has a minute's calls to begin with. Thread of what it returns: any thread. */
CLTI_MUST_CHECK bool clti_throttle_new(const clti_throttle_options *options, clti_throttle **out,
                                       clti_fault *fault);
void clti_throttle_free(clti_throttle *throttle);

/**
 * @brief One call to the Customer resource (api.md 9). Reads no store and takes no lock.
 * @return 0: it is served. Otherwise it is not, and would be after so many seconds.
 */
unsigned clti_throttle_take(clti_throttle *throttle, const clti_caller *caller, int64_t now_us);

/** Passwords that are made for the users of one partner: so many a minute, for each takes 25 ms and 19 MiB of
 * the threads that everybody's users sign in by. */
#define CLTI_PASSWORDS_PER_MINUTE 30

/** @brief Count together with other servers, before anybody is served. @param[out] out  CLTI_THROTTLE_SHARED
 * of them.
 */
CLTI_MUST_CHECK bool clti_throttle_share(clti_throttle *throttle, clti_shared_count *out, clti_fault *fault);
#define CLTI_THROTTLE_SHARED 2

/** @brief One password is to be made. @return as clti_throttle_take() */
unsigned clti_throttle_take_password(clti_throttle *throttle, const clti_caller *caller, int64_t now_us);

/** @brief How many calls have been refused. */
uint64_t clti_throttle_refused(const clti_throttle *throttle);

/* ---- several servers of one store -----------------------------------------------------------------------
 */

/** Most counts that are shared. */
#define CLTI_SHARED_MAX 16

/**
 * @brief Begin to share counts with the other servers of a store: once a second each tells what it has
 * counted, and learns what the others have. So no request waits for it, and what others let through is known
 * here two seconds later at most.
 *
 * @param counts  Copied; the same things in the same order in every server. They must outlive the sharing.
 */
CLTI_MUST_CHECK bool clti_sharing_start(clti_store *store, const clti_shared_count *counts, size_t count,
                                        clti_sharing **out, clti_fault *fault);

/** @brief Stop and free; NULL is allowed. */
void clti_sharing_stop(clti_sharing *sharing);

#endif
