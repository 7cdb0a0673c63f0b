/* The partner and its partners (api.md 4.13 to 4.15, 4.18). */
#include "sdk/single_private.h"

/* ---- relationships ------------------------------------------------------------------------------------ */

static const clt_relationship NO_RELATIONSHIP;
static const clti_shape_member RELATIONSHIP_MEMBERS[] = {
    CLTI_TEXT(clt_relationship, "id", id),
    CLTI_TEXT(clt_relationship, "name", name),
    CLTI_WORD(clt_relationship, "relationshipType", relationship_type),
    CLTI_WORD(clt_relationship, "state", state),
    CLTI_WORD(clt_relationship, "mpnId", mpn_id),
    CLTI_TEXT(clt_relationship, "location", location),
    CLTI_SKIP("attributes"),
};
static const clti_shape RELATIONSHIP = CLTI_SHAPE(clt_relationship, RELATIONSHIP_MEMBERS, &NO_RELATIONSHIP);

static const clt_relationships NO_RELATIONSHIPS;
static const clti_shape_member RELATIONSHIPS_MEMBERS[] = {
    CLTI_SKIP("totalCount"),
    CLTI_OBJECTS(clt_relationships, "items", items, count, &RELATIONSHIP),
    CLTI_SKIP("attributes"),
};
const clti_shape CLTI_RELATIONSHIPS_SHAPE =
    CLTI_SHAPE(clt_relationships, RELATIONSHIPS_MEMBERS, &NO_RELATIONSHIPS);

static void add_name_filter(clti_single *call, const char *prefix) {
    clti_buf filter;
    clti_single_require(call, "name_prefix", prefix);
    clti_buf_init(&filter, CLTI_SINGLE_URL_MAX);
    clti_buf_add(&filter, CLTI_STR("{\"Field\":\"Name\",\"Value\":"));
    clti_json_add_string(&filter, clti_str(call->status == CLT_OK ? prefix : ""));
    clti_buf_add(&filter, CLTI_STR(",\"Operator\":\"starts_with\"}"));
    clti_single_add_query(call, "filter", clti_buf_str(&filter));
    clti_buf_done(&filter);
}

clt_status clt_relationships_get(clt_partner *partner, int32_t kind, const char *name_prefix,
                                 const clt_request_context *context, const clt_relationships **out,
                                 clt_error **out_err) {
    static const char *const KINDS[] = {
        [CLT_RELATIONSHIP_ANY] = NULL,
        [CLT_RELATIONSHIP_RESELLERS] = "IsIndirectCloudSolutionProviderOf",
        [CLT_RELATIONSHIP_PROVIDERS] = "IsIndirectResellerOf",
    };
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_url(&call, "/v1/relationships");
    if (kind < 0 || (size_t)kind >= CLTI_COUNT(KINDS))
        clti_single_refuse(&call, "kind", "is none of CLT_RELATIONSHIP_*");
    else if (KINDS[kind])
        clti_single_add_query(&call, "relationship_type", clti_str(KINDS[kind]));
    if (name_prefix)
        add_name_filter(&call, name_prefix);
    const clt_relationships *made = clti_single_fetch(&call, "GET", &CLTI_RELATIONSHIPS_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

clt_status clt_customer_relationships_get(clt_partner *partner, const char *customer_id,
                                          const clt_request_context *context, const clt_relationships **out,
                                          clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_customer_url(&call, customer_id, "/relationships");
    const clt_relationships *made = clti_single_fetch(&call, "GET", &CLTI_RELATIONSHIPS_SHAPE);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_relationships_free(const clt_relationships *relationships) {
    clti_resource_free(relationships);
}

/* ---- invitations -------------------------------------------------------------------------------------- */

static const clt_relationship_request NO_REQUEST;
static const clti_shape_member REQUEST_MEMBERS[] = {CLTI_TEXT(clt_relationship_request, "url", url)};
static const clti_shape REQUEST = CLTI_SHAPE(clt_relationship_request, REQUEST_MEMBERS, &NO_REQUEST);

static void add_partner_id(clti_single *call, const char *parameter, const char *name, const char *text) {
    clt_guid id;
    if (!text)
        return;
    if (clti_guid_parse(clti_str(text), &id))
        clti_single_add_query(call, parameter, clti_str(clti_guid_to_text(id).text));
    else
        clti_single_refuse(call, name, "is not a GUID");
}

static void add_request_query(clti_single *call, const clt_relationship_request_query *given) {
    clt_relationship_request_query query;
    if (call->status == CLT_OK)
        call->status = clti_options_copy(&query, sizeof(query), given, "query", &call->err);
    if (call->status != CLT_OK)
        return;
    add_partner_id(call, "indirectCloudSolutionProviderId", "query->indirect_provider_id",
                   query.indirect_provider_id);
    add_partner_id(call, "indirectResellerId", "query->indirect_reseller_id", query.indirect_reseller_id);
    if (query.is_dual_role == CLT_TRUE)
        clti_single_add_query(call, "dualRoleIndirectRelationship", CLTI_STR("true"));
}

clt_status clt_relationship_request_get(clt_partner *partner, const clt_relationship_request_query *query,
                                        const clt_request_context *context,
                                        const clt_relationship_request **out, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_url(&call, "/v1/customers/relationshiprequests");
    add_request_query(&call, query);
    const clt_relationship_request *made = clti_single_fetch(&call, "GET", &REQUEST);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_relationship_request_free(const clt_relationship_request *request) {
    clti_resource_free(request);
}

/* ---- the partner -------------------------------------------------------------------------------------- */

static const clt_organization_profile NO_ORGANIZATION;
static const clti_shape_member ORGANIZATION_MEMBERS[] = {
    CLTI_TEXT(clt_organization_profile, "id", id),
    CLTI_TEXT(clt_organization_profile, "companyName", company_name),
    CLTI_OBJECT(clt_organization_profile, "defaultAddress", default_address, &CLTI_ADDRESS_SHAPE),
    CLTI_TEXT(clt_organization_profile, "tenantId", tenant_id),
    CLTI_TEXT(clt_organization_profile, "domain", domain),
    CLTI_TEXT(clt_organization_profile, "email", email),
    CLTI_TEXT(clt_organization_profile, "language", language),
    CLTI_TEXT(clt_organization_profile, "culture", culture),
};
static const clti_shape ORGANIZATION =
    CLTI_SHAPE(clt_organization_profile, ORGANIZATION_MEMBERS, &NO_ORGANIZATION);

clt_status clt_organization_profile_get(clt_partner *partner, const clt_request_context *context,
                                        const clt_organization_profile **out, clt_error **out_err) {
    clti_single call = clti_single_begin(partner, context, out);
    clti_single_url(&call, "/v1/profiles/organization");
    const clt_organization_profile *made = clti_single_fetch(&call, "GET", &ORGANIZATION);
    if (made)
        *out = made;
    return clti_single_end(&call, out_err);
}

void clt_organization_profile_free(const clt_organization_profile *profile) {
    clti_resource_free(profile);
}
