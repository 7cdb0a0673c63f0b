/* The life of a customer (api.md 4.3 to 4.8, 4.16). */
#include "sdk/single_private.h"

/* ---- create, remove, delete --------------------------------------------------------------------------- */

clt_status clt_customers_create(clt_partner *partner, const clt_customer_input *input,
                                const clt_request_context *context, const clt_customer **out,
                                clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    call.is_secret = true;
    clti_single_url(&call, "/v1/customers");
    clti_single_add_customer(&call, input);
    const clt_customer *made = clti_single_fetch(&call, "POST", &CLTI_CUSTOMER_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

clt_status clt_customers_delete(clt_partner *partner, const char *customer_id,
                                const clt_request_context *context, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, partner);
    clti_single_customer_url(&call, customer_id, "");
    clti_single_do(&call, "DELETE");
    return clti_single_end(&call, out_err);
}

/* The answer may be empty or an object (api.md 4.5). */
static clt_status patch(clt_partner *partner, const char *customer_id, const char *change,
                        const clt_request_context *context, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, partner);
    clti_single_customer_url(&call, customer_id, "");
    clti_single_add_object(&call, NULL);
    clti_buf_add(&call.body, clti_str(change));
    clti_single_add_object(&call, "attributes");
    clti_single_add_text(&call, "objectType", "Customer");
    clti_single_add_end(&call);
    clti_single_add_end(&call);
    clti_single_do(&call, "PATCH");
    return clti_single_end(&call, out_err);
}

clt_status clt_customers_remove_relationship(clt_partner *partner, const char *customer_id,
                                             const clt_request_context *context, clt_error **out_err) {
    return patch(partner, customer_id, "\"relationshipToPartner\":\"none\",", context, out_err);
}

clt_status clt_customers_remove_delegated_access(clt_partner *partner, const char *customer_id,
                                                 const clt_request_context *context, clt_error **out_err) {
    return patch(partner, customer_id, "\"allowDelegatedAccess\":false,", context, out_err);
}

/* ---- profiles ----------------------------------------------------------------------------------------- */

clt_status clt_company_profile_get(clt_partner *partner, const char *customer_id,
                                   const clt_request_context *context, const clt_company_profile **out,
                                   clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "/profiles/company");
    const clt_company_profile *made = clti_single_fetch(&call, "GET", &CLTI_COMPANY_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_company_profile_free(const clt_company_profile *profile) {
    clti_resource_free(profile);
}

clt_status clt_billing_profile_get(clt_partner *partner, const char *customer_id,
                                   const clt_request_context *context, const clt_billing_profile **out,
                                   clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "/profiles/billing");
    const clt_billing_profile *made = clti_single_fetch(&call, "GET", &CLTI_BILLING_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

clt_status clt_billing_profile_update(clt_partner *partner, const char *customer_id,
                                      const clt_billing_profile_input *input,
                                      const clt_request_context *context, const clt_billing_profile **out,
                                      clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, partner);
    clti_single_customer_url(&call, customer_id, "/profiles/billing");
    clti_single_add_billing_profile(&call, input);
    const clt_billing_profile *made = clti_single_fetch(&call, "PUT", &CLTI_BILLING_SHAPE);
    if (made && out)
        *out = made;
    else
        clti_resource_free(made);
    return clti_single_end(&call, out_err);
}

void clt_billing_profile_free(const clt_billing_profile *profile) {
    clti_resource_free(profile);
}

/* ---- qualification ------------------------------------------------------------------------------------ */

static const clt_qualification NO_QUALIFICATION;
static const clti_shape_member QUALIFICATION_MEMBERS[] = {
    CLTI_WORD(clt_qualification, "qualification", qualification),
    CLTI_WORD(clt_qualification, "vettingStatus", vetting_status),
    CLTI_TEXT(clt_qualification, "vettingReason", vetting_reason),
    /* The service has had both spellings (api.md 12.7). */
    CLTI_TEXT(clt_qualification, "vettingCreatedDate", vetting_created_date),
    CLTI_TEXT(clt_qualification, "vettingCreateDate", vetting_created_date),
};
static const clti_shape QUALIFICATION =
    CLTI_SHAPE(clt_qualification, QUALIFICATION_MEMBERS, &NO_QUALIFICATION);

#define ITEMS "items"
static const clt_qualifications NO_QUALIFICATIONS;
static const clti_shape_member QUALIFICATIONS_MEMBERS[] = {
    CLTI_OBJECTS(clt_qualifications, ITEMS, items, count, &QUALIFICATION),
};
const clti_shape CLTI_QUALIFICATIONS_SHAPE =
    CLTI_SHAPE(clt_qualifications, QUALIFICATIONS_MEMBERS, &NO_QUALIFICATIONS);

clt_status clt_qualifications_get(clt_partner *partner, const char *customer_id,
                                  const clt_request_context *context, const clt_qualifications **out,
                                  clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "/qualifications");
    const clt_qualifications *made =
        clti_single_fetch_wrapped(&call, "GET", &CLTI_QUALIFICATIONS_SHAPE, ITEMS);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

clt_status clt_qualifications_add(clt_partner *partner, const char *customer_id, const char *qualification,
                                  const char *validation_code, const clt_request_context *context,
                                  const clt_qualification **out, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "/qualifications");
    clti_single_require(&call, "qualification", qualification);
    if (validation_code)
        clti_single_add_query(&call, "code", clti_str(validation_code));
    clti_single_add_object(&call, NULL);
    clti_single_add_text(&call, "qualification", qualification);
    clti_single_add_end(&call);
    const clt_qualification *made = clti_single_fetch(&call, "POST", &QUALIFICATION);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_qualification_free(const clt_qualification *qualification) {
    clti_resource_free(qualification);
}

void clt_qualifications_free(const clt_qualifications *qualifications) {
    clti_resource_free(qualifications);
}
