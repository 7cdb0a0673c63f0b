/* Changing and deleting a customer that is there: read it, make of it what was asked for, and let the store
 * put the one in the other's place if it is still the same. */
#include "service/service_private.h"

#include <string.h>

/* No customer is as large as the limit of a body, even with each character escaped. */
#define TEXT_MAX ((size_t)16 * 1024 * 1024)

/* A customer before and after. */
typedef struct change {
    clti_customer before, after;
} change;

/* *out lives in the arena and holds the customer twice. */
static bool begin(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                  change **out, clti_fault *fault) {
    change *made = clti_arena_calloc(arena, 1, sizeof(*made));
    if (!made)
        return clti_fault_no_memory(fault);
    if (!clti_customers_find_own(service, request, arena, &made->before, fault))
        return false;
    made->after = made->before;
    *out = made;
    return true;
}

static void fill_update(const clti_write_request *request, const change *made, clti_write *out) {
    out->change.kind = CLTI_CHANGE_CUSTOMER_UPDATE;
    out->change.of.written.partner = request->caller->partner;
    out->change.of.written.customer = &made->after;
    out->change.of.written.expected = &made->before;
}

typedef void (*render)(const clti_customer *customer, clti_buf *out);

static bool render_into(render write, const clti_customer *customer, clti_arena *arena, clt_str *out,
                        clti_fault *fault) {
    clti_buf text;
    clti_buf_init(&text, TEXT_MAX);
    write(customer, &text);
    return clti_keep_text(&text, arena, out, fault);
}

/* Old and new value; `after` is NULL if nothing is left. */
static bool fill_audit(clti_audit_operation operation, render write, const clti_customer *before,
                       const clti_customer *after, clti_arena *arena, clti_audit_record *out,
                       clti_fault *fault) {
    out->operation = (uint8_t)operation;
    out->customer = before->id;
    out->customer_name = after ? after->company_name : before->company_name;
    return render_into(write, before, arena, &out->old_value, fault) &&
           (!after || render_into(write, after, arena, &out->new_value, fault));
}

static void render_audit(const clti_customer *customer, clti_buf *out) {
    clti_wire_render_audit_customer(customer, false, out);
}

/* ---- the relationship ---------------------------------------------------------------------------------- */

static bool check_patch(const clti_customer_patch *patch, clti_fault *fault) {
    clti_problems problems = {0};
    if (patch->relationship == CLTI_PATCH_RELATIONSHIP_OTHER)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "RelationshipToPartner",
                          "relationshipToPartner can only be changed to none.");
    if (patch->access == CLTI_PATCH_ACCESS_OTHER)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "AllowDelegatedAccess",
                          "allowDelegatedAccess can only be changed to false.");
    if (patch->relationship == CLTI_PATCH_RELATIONSHIP_UNSAID && patch->access == CLTI_PATCH_ACCESS_UNSAID)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "RelationshipToPartner",
                          "Nothing is to be changed: send relationshipToPartner or allowDelegatedAccess.");
    return clti_problems_none(&problems, fault);
}

/* Of the meanings of api.md 4.5; *out_changes is false for a body that says what is so already. */
static bool apply_patch(const clti_customer_patch *patch, clti_customer *customer, bool *out_changes,
                        clti_fault *fault) {
    bool removes_access = patch->access == CLTI_PATCH_ACCESS_FALSE;
    *out_changes = true;
    if (!check_patch(patch, fault))
        return false;
    if (patch->relationship == CLTI_PATCH_RELATIONSHIP_NONE) {
        customer->relationship = CLTI_RELATIONSHIP_NONE;
        return true;
    }
    *out_changes = removes_access && !customer->no_delegated_access;
    customer->no_delegated_access |= removes_access;
    return true;
}

static bool answer_patch(const change *made, clti_arena *arena, clti_answer *out, clti_fault *fault) {
    bool is_none = made->after.relationship == CLTI_RELATIONSHIP_NONE;
    bool tells_access = made->after.no_delegated_access != made->before.no_delegated_access;
    out->status = 200;
    out->body = clti_arena_format(
        arena,
        "{\"id\":\"%s\",\"relationshipToPartner\":\"%s\",%s\"attributes\":{\"objectType\":\"Customer\"}}",
        clti_guid_to_text(made->after.id).text, is_none ? "none" : "reseller",
        tells_access ? "\"allowDelegatedAccess\":false," : "");
    return out->body.data || clti_fault_no_memory(fault);
}

static bool prepare_patch(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                          clti_write *out, clti_fault *fault) {
    clti_customer_patch patch;
    change *made;
    bool changes;
    if (!clti_wire_read_patch(request->body, &patch, fault) ||
        !begin(service, request, arena, &made, fault) ||
        !apply_patch(&patch, &made->after, &changes, fault) ||
        !answer_patch(made, arena, &out->idempotency.answer, fault))
        return false;
    out->outcome.done = !changes;
    if (made->after.relationship == CLTI_RELATIONSHIP_RESELLER)
        out->audit.customized = CLTI_STR("[{\"key\":\"AllowDelegatedAccess\",\"value\":\"false\"}]");
    fill_update(request, made, out);
    return fill_audit(CLTI_AUDIT_REMOVE_RELATIONSHIP, render_audit, &made->before, &made->after, arena,
                      &out->audit, fault);
}

bool clti_customers_patch(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                          clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_patch, out, fault);
}

/* ---- deleting ------------------------------------------------------------------------------------------ */

static bool check_sandbox(const clti_service *service, clt_guid id, clti_arena *arena, clti_fault *fault) {
    clti_partner partner;
    bool found;
    if (!clti_store_partner_find(service->store, id, arena, &partner, &found, fault))
        return false;
    return (found && partner.is_sandbox) || clti_fault_set(fault, CLTI_FAULT_NOT_SUPPORTED_HERE, NULL, NULL);
}

static bool prepare_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    change *made;
    if (!check_sandbox(service, request->caller->partner, arena, fault) ||
        !begin(service, request, arena, &made, fault))
        return false;
    out->change.kind = CLTI_CHANGE_CUSTOMER_DELETE;
    out->change.of.customer.partner = request->caller->partner;
    out->change.of.customer.id = made->before.id;
    out->change.of.customer.expected = &made->before;
    out->idempotency.answer.status = 204;
    return fill_audit(CLTI_AUDIT_DELETE_CUSTOMER, render_audit, &made->before, NULL, arena, &out->audit,
                      fault);
}

bool clti_customers_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_delete, out, fault);
}

/* ---- the billing profile ------------------------------------------------------------------------------- */

/* If-Match before the body's own (api.md 4.9); both are taken with and without quotes. */
static bool check_etag(const clti_write_request *request, const clti_customer *customer, clti_arena *arena,
                       clti_fault *fault) {
    int64_t etag = clti_customer_billing_etag(customer);
    clt_str held = request->if_match, plain = clti_arena_format(arena, "%lld", (long long)etag);
    clt_str quoted = clti_arena_format(arena, "\"%lld\"", (long long)etag);
    if (!plain.data || !quoted.data)
        return clti_fault_no_memory(fault);
    if (clti_str_is_empty(held) && !clti_wire_read_etag(request->body, arena, &held, fault))
        return false;
    return (!clti_str_is_empty(held) &&
            (clti_entity_tag_matches(held, plain) || clti_entity_tag_matches(held, quoted))) ||
           clti_fault_set(fault, CLTI_FAULT_STALE, "ETag", NULL);
}

/* It is a replacement: what the body leaves out is gone. */
static void replace_billing_profile(clti_customer *customer, const clti_customer *body) {
    customer->billing_id = clti_customer_billing_id(customer);
    customer->billing_revision++;
    customer->first_name = body->first_name;
    customer->last_name = body->last_name;
    customer->email = body->email;
    customer->culture = body->culture;
    customer->language = body->language;
    customer->company_name = body->company_name;
    customer->address = body->address;
}

static bool prepare_billing_profile(const clti_service *service, const clti_write_request *request,
                                    clti_arena *arena, clti_write *out, clti_fault *fault) {
    clti_problems problems = {0};
    clti_customer body;
    clti_buf text;
    change *made;
    if (!clti_wire_read_part(request->body, CLTI_PART_BILLING_PROFILE, arena, &body, &problems, fault) ||
        !begin(service, request, arena, &made, fault) || !check_etag(request, &made->before, arena, fault))
        return false;
    replace_billing_profile(&made->after, &body);
    clti_billing_profile_check(&made->after, &problems);
    if (!clti_problems_none(&problems, fault))
        return false;
    fill_update(request, made, out);
    clti_buf_init(&text, TEXT_MAX);
    out->idempotency.answer.status = 200;
    out->idempotency.answer.etag = clti_wire_render_billing_profile(&made->after, &text);
    return clti_keep_text(&text, arena, &out->idempotency.answer.body, fault) &&
           fill_audit(CLTI_AUDIT_UPDATE_BILLING_PROFILE, clti_wire_render_audit_billing_profile,
                      &made->before, &made->after, arena, &out->audit, fault);
}

bool clti_billing_profiles_put(const clti_service *service, const clti_write_request *request,
                               clti_arena *arena, clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_billing_profile, out, fault);
}

/* ---- the qualification --------------------------------------------------------------------------------- */

/* What is so already changes nothing, and keeps its date. */
static bool prepare_qualification(const clti_service *service, const clti_write_request *request,
                                  bool is_bare, clti_arena *arena, clti_write *out, clti_fault *fault) {
    int64_t kind;
    change *made;
    clti_buf text;
    if (!clti_wire_read_qualification(request->body, is_bare, &kind, fault) ||
        !begin(service, request, arena, &made, fault))
        return false;
    out->outcome.done = kind == made->before.qualification.kind;
    if (!out->outcome.done)
        made->after.qualification = (clti_qualification){
            .kind = kind,
            .created = kind == CLTI_QUALIFICATION_NONE ? 0 : clti_now_ticks(),
            .is_in_review = service->reviews_qualifications &&
                            (kind == CLTI_QUALIFICATION_EDUCATION || kind == CLTI_QUALIFICATION_GOVERNMENT)};
    clti_buf_init(&text, TEXT_MAX);
    (is_bare ? clti_wire_render_qualification_word
             : clti_wire_render_qualification)(&made->after.qualification, &text);
    out->idempotency.answer.status = is_bare ? 200 : 201;
    fill_update(request, made, out);
    return clti_keep_text(&text, arena, &out->idempotency.answer.body, fault) &&
           fill_audit(CLTI_AUDIT_UPDATE_QUALIFICATION, clti_wire_render_audit_qualification, &made->before,
                      &made->after, arena, &out->audit, fault);
}

static bool prepare_qualification_put(const clti_service *service, const clti_write_request *request,
                                      clti_arena *arena, clti_write *out, clti_fault *fault) {
    return prepare_qualification(service, request, true, arena, out, fault);
}

bool clti_qualification_put(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                            clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_qualification_put, out, fault);
}

static bool prepare_qualifications_add(const clti_service *service, const clti_write_request *request,
                                       clti_arena *arena, clti_write *out, clti_fault *fault) {
    return prepare_qualification(service, request, false, arena, out, fault);
}

bool clti_qualifications_add(const clti_service *service, const clti_write_request *request,
                             clti_arena *arena, clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_qualifications_add, out, fault);
}
