/**
 * @file single_private.h
 * @brief Calls that ask one thing and wait for one answer: all of a resource, or nothing.
 *
 * A public function begins a call, puts it together, fetches and ends it. The first step that fails is kept,
 * and those behind it do nothing, so that only the end has to look.
 *
 *     clti_single call = clti_single_begin(partner, context, out);
 *     clti_single_customer_url(&call, customer_id, "/profiles/billing");
 *     const void *made = clti_single_fetch(&call, "GET", &CLTI_BILLING_SHAPE);
 *     if (made)
 *         *out = made;
 *     return clti_single_end(&call, out_err);
 */
#ifndef CLTI_SDK_SINGLE_PRIVATE_H
#define CLTI_SDK_SINGLE_PRIVATE_H

#include "sdk/shapes_private.h"

/** Most bytes that a request's URL or body may have. */
#define CLTI_SINGLE_URL_MAX  ((size_t)64 * 1024)
#define CLTI_SINGLE_BODY_MAX ((size_t)1024 * 1024)

/** A page of audit records; links and token are read apart, with CLTI_PAGE_SHAPE. */
typedef struct clti_audit_collection {
    const clt_audit_record *items;
    size_t item_count;
} clti_audit_collection;

extern const clti_shape CLTI_AUDIT_SHAPE;
extern const clti_shape CLTI_QUALIFICATIONS_SHAPE;
extern const clti_shape CLTI_VALIDATION_SHAPE;
extern const clti_shape CLTI_COUNTRY_RULES_SHAPE;
extern const clti_shape CLTI_RELATIONSHIPS_SHAPE;

typedef struct clti_single {
    clti_core *core;
    clti_scope scope;
    clti_arena arena;
    clti_buf url, body; /**< the body is sent if there is one */
    clt_str if_match;   /**< entity tag; absent: none is sent */
    bool is_secret;     /**< the answer holds a password */
    clt_status status;
    clt_error *err;
} clti_single;

/** @brief Begin. @param out  Where the result goes; NULL is an error of the caller. */
clti_single clti_single_begin(clt_partner *partner, const clt_request_context *context, const void *out);

/** @brief The end, whatever came before: hand the error out. */
clt_status clti_single_end(clti_single *call, clt_error **out_err);

/** @brief An error of the caller, `name problem.`, unless there is one already. */
void clti_single_refuse(clti_single *call, const char *name, const char *problem);

/** @brief Refuse a text that is NULL, empty or not UTF-8. */
void clti_single_require(clti_single *call, const char *name, const char *text);

/** @brief The URL: base and path. */
void clti_single_url(clti_single *call, const char *path);

/** @brief The URL of a customer, or of what is below it. @param below  `/profiles/company`, or empty */
void clti_single_customer_url(clti_single *call, const char *customer_id, const char *below);

/** @brief Append to the URL, percent-encoded. */
void clti_single_add_encoded(clti_single *call, const char *text);

/** @brief Append a query parameter to the URL. */
void clti_single_add_query(clti_single *call, const char *name, clt_str value);

/** @brief Send it. @return the answer, whose error is not yet looked at: the caller's; NULL: it has failed */
clt_response *clti_single_send(clti_single *call, const char *method);

/** @brief Make the error of an answer that of the call. */
void clti_single_fail(clti_single *call, clt_response *response);

/**
 * @brief Read a resource of an answer.
 * @param wrap  Member of the shape that the whole body is, if it is no object; NULL: it is.
 * @return the struct of the shape: the caller's, clti_resource_free(); NULL: it has failed
 */
void *clti_single_read(clti_single *call, clt_response *response, const clti_shape *shape, const char *wrap);

/** @brief Send, and read what comes. */
void *clti_single_fetch(clti_single *call, const char *method, const clti_shape *shape);

/** @brief The same for a body that is no object. */
void *clti_single_fetch_wrapped(clti_single *call, const char *method, const clti_shape *shape,
                                const char *wrap);

/** @brief Send, and look at nothing but the status. */
void clti_single_do(clti_single *call, const char *method);

/** @brief Memory for one struct and what hangs on it; NULL if memory is out. */
void *clti_resource_new(size_t size, clti_arena **out_arena);

/** @brief Free what a call returned by itself; NULL is allowed. */
void clti_resource_free(const void *resource);

/* ---- inputs ------------------------------------------------------------------------------------------- */

/** @brief The body: an Address, a CustomerBillingProfile, a Customer. */
void clti_single_add_address(clti_single *call, const clt_address_input *given);
void clti_single_add_billing_profile(clti_single *call, const clt_billing_profile_input *given);
void clti_single_add_customer(clti_single *call, const clt_customer_input *given);

/** @brief Begin an object, `"name":{`; without name, the body itself. */
void clti_single_add_object(clti_single *call, const char *name);

/** @brief Append `"name":"text",`; nothing for NULL. */
void clti_single_add_text(clti_single *call, const char *name, const char *text);

/** @brief Close the innermost object; a comma stands behind it, which is not sent behind the last. */
void clti_single_add_end(clti_single *call);

#endif
