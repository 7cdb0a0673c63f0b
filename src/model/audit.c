#include "model/audit.h"

const clti_audit_kind CLTI_AUDIT_KINDS[] = {
    {CLTI_AUDIT_ADD_CUSTOMER, "add_customer", "customer"},
    {CLTI_AUDIT_UPDATE_BILLING_PROFILE, "update_customer_billing_profile", "customer"},
    {CLTI_AUDIT_DELETE_CUSTOMER, "delete_customer", "customer"},
    {CLTI_AUDIT_REMOVE_RELATIONSHIP, "remove_partner_customer_relationship", "customer"},
    {CLTI_AUDIT_UPDATE_QUALIFICATION, "update_customer_qualification", "customer"},
    {CLTI_AUDIT_CREATE_RELATIONSHIP, "create_partner_relationship", "partner_relationship"},
    {CLTI_AUDIT_REGISTER_APPLICATION, "register_application", "application"},
    {CLTI_AUDIT_UNREGISTER_APPLICATION, "unregister_application", "application"},
};
const size_t CLTI_AUDIT_KIND_COUNT = CLTI_COUNT(CLTI_AUDIT_KINDS);

const clti_audit_kind *clti_audit_kind_of(uint8_t operation) {
    for (size_t i = 0; i < CLTI_AUDIT_KIND_COUNT; i++)
        if (CLTI_AUDIT_KINDS[i].operation == operation)
            return &CLTI_AUDIT_KINDS[i];
    return NULL;
}

/* Those that may be asked for (api.md 3.9), by number; only some of them are written here. */
static const char *const resources[] = {"undefined",
                                        "customer",
                                        "customer_user",
                                        "order",
                                        "subscription",
                                        "license",
                                        "third_party_add_on",
                                        "mpn_association",
                                        "transfer",
                                        "application",
                                        "application_credential",
                                        "partner_user",
                                        "partner_relationship",
                                        "referral",
                                        "software_key",
                                        "software_download_link",
                                        "spending_limit",
                                        "invoice",
                                        "agreement",
                                        "partner_customer_relationship",
                                        "self_serve_policy",
                                        "granular_admin_relationship",
                                        "granular_admin_access_assignment",
                                        "partner_customer_dap",
                                        "credit",
                                        "customer_directory_role",
                                        "software_page",
                                        "device",
                                        "policy",
                                        "overage",
                                        "new_commerce_migration",
                                        "azure_entitlement",
                                        "indirect_provider_indirect_reseller_dap"};

/* What Java and PC.NET call the resource of this number. */
#define SPENDING_LIMIT 16
#define CREDIT_LIMIT   CLTI_STR("credit_limit")

const clti_audit_kind *clti_audit_kind_find(clt_str word) {
    for (size_t i = 0; i < CLTI_AUDIT_KIND_COUNT; i++)
        if (clti_str_equal_word(word, clti_str(CLTI_AUDIT_KINDS[i].word)))
            return &CLTI_AUDIT_KINDS[i];
    return NULL;
}

const char *clti_audit_resource_find(clt_str word) {
    uint64_t number;
    if (clti_str_to_u64(word, CLTI_COUNT(resources) - 1, &number))
        return resources[number];
    for (size_t i = 0; i < CLTI_COUNT(resources); i++)
        if (clti_str_equal_word(word, clti_str(resources[i])))
            return resources[i];
    return clti_str_equal_word(word, CREDIT_LIMIT) ? resources[SPENDING_LIMIT] : NULL;
}
