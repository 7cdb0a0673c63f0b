/**
 * @file wire.h
 * @brief The door of `wire`: resources from and to text. No sockets, no storage.
 *
 * Thread: any thread; every function works on its arguments alone.
 */
#ifndef CLTI_WIRE_H
#define CLTI_WIRE_H

#include "model/model.h"
#include "wire/shape.h"

/* ---- writing JSON ----------------------------------------------------------------------------------- */

/** @brief Append a JSON string: quotes, escapes, valid UTF-8 assumed. */
void clti_json_add_string(clti_buf *out, clt_str text);

/** One page of the customer list, with everything its body says. Absent texts are left out. */
typedef struct clti_wire_page {
    const clti_list_item *items;
    size_t count;
    clt_str self_uri;
    clt_str next_uri; /**< absent on the last page */
    clt_str next_token;
    clt_str previous_uri; /**< absent on the first page */
    clt_str previous_token;
    bool item_links; /**< setting list.item_links (api.md 12.5) */
} clti_wire_page;

/** @brief Append a list page (api.md 4.1). Look at clti_buf_ok() afterwards. */
void clti_wire_render_page(const clti_wire_page *page, clti_buf *out);

/** @brief Append a full customer (api.md 4.2). */
void clti_wire_render_customer(const clti_customer *customer, clti_buf *out);

/** @brief Append a company profile (api.md 4.6), as it stands in the customer too. */
void clti_wire_render_company_profile(const clti_customer *customer, clti_buf *out);

/**
 * @brief Append a billing profile (api.md 4.7).
 * @return its etag, clti_customer_billing_etag().
 */
int64_t clti_wire_render_billing_profile(const clti_customer *customer, clti_buf *out);

/** @brief Append the validation rules of a country (api.md 3.10). */
void clti_wire_render_country(const clti_country *country, clti_buf *out);

typedef enum clti_address_status {
    CLTI_ADDRESS_VERIFIED,
    CLTI_ADDRESS_NOT_FOUND,    /**< it breaks a rule */
    CLTI_ADDRESS_NOT_VALIDATED /**< its country has no rules to break */
} clti_address_status;

/** What became of an address that was to be validated (api.md 4.11). */
typedef struct clti_address_validation {
    clti_address original;
    clti_address suggested; /**< the same normalised; if it was verified */
    clti_address_status status;
    clti_fault problem; /**< what is wrong with it, all of it; if it was not found */
} clti_address_validation;

void clti_wire_render_address_validation(const clti_address_validation *validation, clti_buf *out);

/** @brief Append a RelationshipRequest (api.md 3.7). */
void clti_wire_render_relationship_request(clt_str url, clti_buf *out);

/** One relationship of a partner, or of a customer. */
typedef struct clti_relationship_item {
    clti_partner partner; /**< the other one */
    bool is_provider_of;  /**< it is a reseller, of the provider that asks; else the reverse */
} clti_relationship_item;

typedef struct clti_relationship_list {
    clti_relationship_item *items;
    size_t count;
    bool is_whole; /**< with `state` and `location` */
} clti_relationship_list;

/** @brief Append a collection of PartnerRelationship, without links (api.md 3.8). */
void clti_wire_render_relationships(const clti_relationship_list *list, clti_buf *out);

/** @brief Append the organization profile of a partner (api.md 4.18). */
void clti_wire_render_organization(const clti_partner *partner, clti_buf *out);
/** @brief Append a customer as the answer to its creation (api.md 4.3). U+0000 stands for the password. */
void clti_wire_render_new_customer(const clti_customer *customer, clti_buf *out);

/**
 * @brief Append a customer as an audit record keeps it (api.md 3.9): PascalCase names, null for what is not
 *        there, the password blank. Credentials stand only with a new one.
 */
void clti_wire_render_audit_customer(const clti_customer *customer, bool is_new, clti_buf *out);

/** @brief Append a billing profile as an audit record keeps it. */
void clti_wire_render_audit_billing_profile(const clti_customer *customer, clti_buf *out);

/** @brief Append a customer's qualification as an audit record keeps it. */
void clti_wire_render_audit_qualification(const clti_customer *customer, clti_buf *out);

/** @brief Append a reseller's relationship with its provider as an audit record keeps it. */
void clti_wire_render_audit_relationship(const clti_partner *reseller, clti_buf *out);

/** @brief Append a qualification as a bare word, in quotes. */
void clti_wire_render_qualification_word(const clti_qualification *qualification, clti_buf *out);

/** @brief Append a qualification, not none, as an object (api.md 4.16). */
void clti_wire_render_qualification(const clti_qualification *qualification, clti_buf *out);

/** @brief Append the array of a customer's qualifications: one, or none. */
void clti_wire_render_qualifications(const clti_qualification *qualification, clti_buf *out);

/**
 * @brief Read a qualification.
 * @param is_bare  A word in quotes or its number; else an object that names one, not none.
 * @retval false   INVALID_REQUEST: not JSON, or not of this form; INVALID_ENUM, INVALID_PROPERTY.
 */
CLTI_MUST_CHECK bool clti_wire_read_qualification(clt_str json, bool is_bare, int64_t *out,
                                                  clti_fault *fault);

/** One page of audit records, with everything its body says. Absent texts are left out. */
typedef struct clti_wire_audit_page {
    const clti_audit_record *records;
    size_t count;
    clt_str self_uri;
    clt_str next_uri; /**< absent on the last page */
    clt_str next_token;
    clt_str previous_uri; /**< absent on the first page */
    clt_str previous_token;
} clti_wire_audit_page;

/** @brief Append the id of an audit record, which names its parts. */
void clti_wire_render_audit_id(const clti_audit_record *record, clti_buf *out);

/** @brief Append one AuditRecord (api.md 3.9). */
void clti_wire_render_audit_record(const clti_audit_record *record, clti_buf *out);

/** @brief Append a page of audit records (api.md 4.17). */
void clti_wire_render_audit_page(const clti_wire_audit_page *page, clti_buf *out);

/* ---- administration (api.md 13) --------------------------------------------------------------------- */

/** Stand in an answer where a secret will: JSON has no control characters. U+0000 stands for a password. */
#define CLTI_HOLE_PASSWORD '\0'
#define CLTI_HOLE_SECRET   '\1'
#define CLTI_HOLE_TOTP     '\2'

/** An application as it is shown. */
typedef struct clti_wire_application {
    const clti_application *application;
    bool has_secret; /**< it is new: a hole for its secret */
} clti_wire_application;

/** A user as they are shown. */
typedef struct clti_wire_user {
    const clti_user *user;
    bool has_password; /**< a hole for the new password */
    clt_str totp_uri;  /**< of a new second factor, with a hole; absent if there is none */
} clti_wire_user;

/** A signing key as it is shown. Times are seconds since 1970, INT64_MAX for never. */
typedef struct clti_wire_key {
    clt_str id;
    const char *state;
    int64_t created, signs_from, verifies_until;
    clt_str public_jwk; /**< JSON */
} clti_wire_key;

void clti_wire_render_application(const clti_wire_application *shown, clti_buf *out);
void clti_wire_render_applications(const clti_application *applications, size_t count, clti_buf *out);

/** @brief Append a new secret of this name, with a hole for it. */
void clti_wire_render_secret(const char *name, clti_buf *out);
void clti_wire_render_user(const clti_wire_user *shown, clti_buf *out);
void clti_wire_render_users(const clti_user *users, size_t count, clti_buf *out);
void clti_wire_render_keys(const clti_wire_key *keys, size_t count, clti_buf *out);

/** @brief Append an application as an audit record keeps it: names of its secrets, and nothing of them. */
void clti_wire_render_audit_application(const clti_application *application, clti_buf *out);

/** What a body may say or leave unsaid. */
typedef enum clti_said { CLTI_UNSAID, CLTI_SAID_FALSE, CLTI_SAID_TRUE } clti_said;

/** A body about an application. Absent texts are unsaid; empty ones are said to be empty. */
typedef struct clti_application_body {
    clt_str id, name;
    clti_said is_public;
    bool has_redirect_uris;
    clt_str *redirect_uris;
    size_t redirect_uri_count;
} clti_application_body;

/** A body about a user. */
typedef struct clti_user_body {
    clt_str name, display_name;
    bool has_roles;
    uint8_t roles;
    clti_said disabled, second_factor, password;
} clti_user_body;

/**
 * @brief Read a body about an application: names in any case, unknown ones ignored, null as absent.
 * @param problems  Gets one for each member of the wrong type.
 * @retval false    not JSON, not an object, nested too deep; or memory is out.
 */
CLTI_MUST_CHECK bool clti_wire_read_application(clt_str json, clti_arena *arena, clti_application_body *out,
                                                clti_problems *problems, clti_fault *fault);

/** @brief Read a body about a user likewise. */
CLTI_MUST_CHECK bool clti_wire_read_user(clt_str json, clti_arena *arena, clti_user_body *out,
                                         clti_problems *problems, clti_fault *fault);

/** @brief Append an entry as a line of an export, with its end. What is absent is left out. */
void clti_wire_render_entry(const clti_entry *entry, clti_buf *out);

/** @brief Append an error body (api.md 3.11). */
void clti_wire_render_fault(const clti_fault *fault, clti_buf *out);

/* ---- reading JSON ----------------------------------------------------------------------------------- */

/** Limits of request bodies and filters (api.md 1.3); CLTI_JSON_DEPTH_MAX is another. */
#define CLTI_BODY_MAX   (1024 * 1024)
#define CLTI_FILTER_MAX 4096

typedef enum clti_filter_operator { CLTI_FILTER_STARTS_WITH, CLTI_FILTER_EQUALS } clti_filter_operator;

/** A filter of the customer list, as sent (api.md 5). */
typedef struct clti_filter {
    clti_list_field field;
    clti_filter_operator op;
    clt_str value; /**< as sent */
} clti_filter;

/** @brief Read a filter from decoded JSON text. @retval false INVALID_QUERY, naming the member. */
CLTI_MUST_CHECK bool clti_wire_read_filter(clt_str json, clti_arena *arena, clti_filter *out,
                                           clti_fault *fault);

/** What audit records are searched by (api.md 5.4, 13). */
typedef enum clti_audit_field {
    CLTI_AUDIT_FIELD_NONE, /**< no filter */
    CLTI_AUDIT_FIELD_COMPANY_NAME,
    CLTI_AUDIT_FIELD_CUSTOMER_ID,
    CLTI_AUDIT_FIELD_RESOURCE_TYPE,
    CLTI_AUDIT_FIELD_ACTOR,
    CLTI_AUDIT_FIELD_OPERATION_TYPE,
    CLTI_AUDIT_FIELD_COUNT
} clti_audit_field;

typedef struct clti_audit_filter {
    clti_audit_field field;
    clt_str value; /**< as sent */
} clti_audit_filter;

/** @brief Read a filter of audit records. @retval false INVALID_QUERY, naming the member. */
CLTI_MUST_CHECK bool clti_wire_read_audit_filter(clt_str json, clti_arena *arena, clti_audit_filter *out,
                                                 clti_fault *fault);

/** @brief Append it as JSON in the documented form. */
void clti_wire_render_audit_filter(const clti_audit_filter *filter, clti_buf *out);

/** @brief The same for the filter of relationships, whose only field is Name; *out has it as company name. */
CLTI_MUST_CHECK bool clti_wire_read_relationship_filter(clt_str json, clti_arena *arena, clti_filter *out,
                                                        clti_fault *fault);

/** @brief Append the filter as JSON in the documented form: Field, Value, Operator. */
void clti_wire_render_filter(const clti_filter *filter, clti_buf *out);

/** A resource that is a customer, or a part of one. */
typedef enum clti_customer_part {
    CLTI_PART_CUSTOMER,
    CLTI_PART_NEW_CUSTOMER,    /**< a customer, of which only that is read which its creator may say */
    CLTI_PART_BILLING_PROFILE, /**< CustomerBillingProfile, with its defaultAddress */
    CLTI_PART_ADDRESS          /**< Address: that of the billing profile */
} clti_customer_part;

/**
 * @brief Read what a request body says of a customer: member names in any case, unknown ones ignored, null as
 *        absent, trailing commas accepted (api.md 1.3).
 * @param problems  Gets one for each member of the wrong type or over its limit; such a member stays absent.
 *                  Names are those in a Customer; those of an address alone are its own.
 * @retval false    not JSON, not an object, nested too deep; the text tells line and column.
 */
CLTI_MUST_CHECK bool clti_wire_read_part(clt_str json, clti_customer_part part, clti_arena *arena,
                                         clti_customer *out, clti_problems *problems, clti_fault *fault);

/**
 * @brief Read a Customer resource: member names in any case, unknown ones ignored, null as absent, trailing
 *        commas accepted (api.md 1.3). Does not call clti_customer_complete().
 * @retval false  not JSON, not an object, nested too deep, members of the wrong type or over their limits;
 *                the text says which and, for JSON, at which line and column.
 */
CLTI_MUST_CHECK bool clti_wire_read_customer(clt_str json, clti_arena *arena, clti_customer *out,
                                             clti_fault *fault);

/**
 * @brief Read a line of an export. Rendered again, it is the same.
 * @retval false  the text says what is wrong with it.
 */
CLTI_MUST_CHECK bool clti_wire_read_entry(clt_str json, clti_arena *arena, clti_entry *out,
                                          clti_fault *fault);

/** What a PATCH says of the relationship. */
typedef enum clti_patch_relationship {
    CLTI_PATCH_RELATIONSHIP_UNSAID, /**< absent, null, or `unknown` */
    CLTI_PATCH_RELATIONSHIP_RESELLER,
    CLTI_PATCH_RELATIONSHIP_NONE,
    CLTI_PATCH_RELATIONSHIP_OTHER /**< any other word or value */
} clti_patch_relationship;

/** And of delegated access. */
typedef enum clti_patch_access {
    CLTI_PATCH_ACCESS_UNSAID,
    CLTI_PATCH_ACCESS_FALSE,
    CLTI_PATCH_ACCESS_OTHER
} clti_patch_access;

typedef struct clti_customer_patch {
    clti_patch_relationship relationship;
    clti_patch_access access;
} clti_customer_patch;

/** @brief Read the body of a PATCH of a customer (api.md 4.5). @retval false not a JSON object. */
CLTI_MUST_CHECK bool clti_wire_read_patch(clt_str json, clti_customer_patch *out, clti_fault *fault);

/** @brief Read `attributes.etag` of a resource; absent if there is none. @retval false not JSON. */
CLTI_MUST_CHECK bool clti_wire_read_etag(clt_str json, clti_arena *arena, clt_str *out, clti_fault *fault);

/* ---- reading CSV ------------------------------------------------------------------------------------ */

typedef struct clti_csv_reader clti_csv_reader;

/** One data row. Views are valid during the callback only. */
typedef struct clti_csv_row {
    uint64_t line;      /**< 1-based line of the file on which the row begins */
    uint64_t last_line; /**< on which it ends: a quoted cell may have several */
    const clt_str *cells;
    size_t count;
    const char *problem; /**< what is wrong with the row, a sentence, or NULL; what had no room is left out */
} clti_csv_row;

/** @return false to stop reading, with a fault that the reader hands on. */
typedef bool (*clti_csv_row_fn)(void *user, const clti_csv_row *row, clti_fault *fault);

/** Largest row, and most columns. */
#define CLTI_CSV_ROW_MAX     (1024 * 1024)
#define CLTI_CSV_COLUMNS_MAX 256

/**
 * @brief A push reader for RFC 4180 text (LF or CRLF, a leading byte order mark skipped). Every row goes to
 *        the callback, the header row too; empty lines are skipped. A quote inside a cell that does not begin
 * with one is text. Rows that break the rules come with their problem, and reading goes on behind them.
 */
CLTI_MUST_CHECK bool clti_csv_reader_new(clti_csv_row_fn on_row, void *user, clti_csv_reader **out,
                                         clti_fault *fault);
void clti_csv_reader_free(clti_csv_reader *reader);

/** @brief Feed bytes. @retval false  the callback failed, with its fault, or memory; feed no more then. */
CLTI_MUST_CHECK bool clti_csv_reader_feed(clti_csv_reader *reader, clt_str bytes, clti_fault *fault);

/** @brief End of input. @retval false  as above, or a quote is open (the text names the line). */
CLTI_MUST_CHECK bool clti_csv_reader_finish(clti_csv_reader *reader, clti_fault *fault);

/** @brief The line on which the row that is being read begins; for messages. */
uint64_t clti_csv_reader_line(const clti_csv_reader *reader);

/**
 * @brief The customer member that a column header names: a JSON path, one of the short names (`domain`,
 *        `companyName`, `country`, `state`, `city`, `postalCode`), or a title of Partner Center's own export
 *        (`Microsoft ID`, `Company name`, `Primary domain name`, `Relationship`). Any case.
 * @return NULL if it names none.
 */
const clti_customer_member *clti_csv_column_member(clt_str header);

/** @brief The name nearest to one that clti_csv_column_member() does not know, or NULL if none is near. */
const char *clti_csv_column_suggest(clt_str header);

#endif
