#include "model/audit.h"

const clti_audit_kind CLTI_AUDIT_KINDS[] = {
    {CLTI_AUDIT_ADD_CUSTOMER, "add_customer", "customer"},
    {CLTI_AUDIT_UPDATE_BILLING_PROFILE, "update_customer_billing_profile", "customer"},
    {CLTI_AUDIT_DELETE_CUSTOMER, "delete_customer", "customer"},
    {CLTI_AUDIT_REMOVE_RELATIONSHIP, "remove_partner_customer_relationship", "customer"},
    {CLTI_AUDIT_UPDATE_QUALIFICATION, "update_customer_qualification", "customer"},
};
const size_t CLTI_AUDIT_KIND_COUNT = CLTI_COUNT(CLTI_AUDIT_KINDS);

const clti_audit_kind *clti_audit_kind_of(uint8_t operation) {
    for (size_t i = 0; i < CLTI_AUDIT_KIND_COUNT; i++)
        if (CLTI_AUDIT_KINDS[i].operation == operation)
            return &CLTI_AUDIT_KINDS[i];
    return NULL;
}
