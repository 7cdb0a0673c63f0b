#include "service/service_private.h"

/* No customer is as large as the limit of a body, even with each character escaped. */
#define TEXT_MAX ((size_t)16 * 1024 * 1024)

static bool read_customer(const clti_write_request *request, clti_arena *arena, clti_customer *out,
                          clti_fault *fault) {
    clti_problems problems = {0};
    if (!clti_wire_read_part(request->body, CLTI_PART_NEW_CUSTOMER, arena, out, &problems, fault))
        return false;
    clti_customer_check(out, &problems);
    return clti_problems_none(&problems, fault);
}

static bool render_answer(const clti_customer *customer, clti_arena *arena, clti_answer *out,
                          clti_fault *fault) {
    clti_buf text;
    clti_once_begin(out);
    out->status = 201;
    out->location = customer->id;
    clti_buf_init(&text, TEXT_MAX);
    clti_wire_render_new_customer(customer, &text);
    return clti_keep_text(&text, arena, &out->body, fault);
}

static bool render_audit(const clti_customer *customer, clti_arena *arena, clti_audit_record *out,
                         clti_fault *fault) {
    clti_buf value, customized;
    out->operation = CLTI_AUDIT_ADD_CUSTOMER;
    out->customer = customer->id;
    out->customer_name = customer->company_name;
    clti_buf_init(&value, TEXT_MAX);
    clti_buf_init(&customized, TEXT_MAX);
    clti_wire_render_audit_customer(customer, true, &value);
    clti_buf_add(&customized, CLTI_STR("[{\"key\":\"PrimaryDomainName\",\"value\":"));
    clti_json_add_string(&customized, customer->domain);
    clti_buf_add(&customized, CLTI_STR("},{\"key\":\"Relationship\",\"value\":\"Reseller\"}]"));
    bool kept = clti_keep_text(&value, arena, &out->new_value, fault);
    return clti_keep_text(&customized, arena, &out->customized, fault) && kept;
}

static bool prepare(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                    clti_write *out, clti_fault *fault) {
    clti_customer *customer = clti_arena_calloc(arena, 1, sizeof(*customer));
    if (!customer)
        return clti_fault_no_memory(fault);
    if (!read_customer(request, arena, customer, fault))
        return false;
    bool is_indirect = !clti_guid_is_absent(customer->associated_partner_id);
    if (is_indirect && service->require_user && !request->caller->has_user)
        return clti_fault_set(fault, CLTI_FAULT_USER_REQUIRED, NULL, NULL);
    customer->id = clti_guid_random();
    customer->commerce_id = clti_guid_random();
    customer->billing_id = clti_guid_random();
    out->change.kind = CLTI_CHANGE_CUSTOMER_CREATE;
    out->change.of.written.partner = request->caller->partner;
    out->change.of.written.customer = customer;
    return render_answer(customer, arena, &out->idempotency.answer, fault) &&
           render_audit(customer, arena, &out->audit, fault);
}

bool clti_customers_create(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare, out, fault);
}
