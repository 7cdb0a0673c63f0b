/* The applications of a partner, for its administrators, and the keys that sign their tokens. */
#include "service/service_private.h"

/* Names and redirect URIs have limits of their own, and stay far below. */
#define TEXT_MAX ((size_t)256 * 1024)

/* ---- reading ------------------------------------------------------------------------------------------- */

bool clti_applications_list(const clti_service *service, const clti_caller *caller, clti_arena *arena,
                            clti_application **out, size_t *out_count, clti_fault *fault) {
    return clti_store_applications(service->store, &caller->partner, arena, out, out_count, fault);
}

bool clti_applications_get(const clti_service *service, const clti_caller *caller, clt_str id_text,
                           clti_arena *arena, clti_application *out, clti_fault *fault) {
    clt_guid id;
    bool found = false;
    if (clti_guid_parse(id_text, &id) &&
        !clti_store_application_find(service->store, caller->partner, id, arena, out, &found, fault))
        return false;
    return found || clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The application does not exist.");
}

bool clti_keys_list(const clti_service *service, clti_arena *arena, clti_wire_key **out, size_t *out_count,
                    clti_fault *fault) {
    clti_key_state_at *keys;
    if (!clti_identity_key_states(service->store, clti_now_seconds(), arena, &keys, out_count, fault))
        return false;
    *out = clti_arena_calloc(arena, *out_count + 1, sizeof **out);
    if (!*out)
        return clti_fault_no_memory(fault);
    for (size_t i = 0; i < *out_count; i++)
        (*out)[i] = (clti_wire_key){.id = keys[i].id,
                                    .state = clti_key_state_name(keys[i].state),
                                    .created = keys[i].created,
                                    .signs_from = keys[i].signs_from,
                                    .verifies_until = keys[i].verifies_until,
                                    .public_jwk = keys[i].public_jwk};
    return true;
}

/* ---- what changes have in common ----------------------------------------------------------------------- */

/* An application before and after. */
typedef struct change {
    clti_application before, after;
} change;

/* *out lives in the arena and holds the application twice. */
static bool begin(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                  change **out, clti_fault *fault) {
    change *made = clti_arena_calloc(arena, 1, sizeof *made);
    if (!made)
        return clti_fault_no_memory(fault);
    if (!clti_applications_get(service, request->caller, request->id_text, arena, &made->before, fault))
        return false;
    made->after = made->before;
    *out = made;
    return true;
}

static void fill_update(const change *made, clti_write *out) {
    out->change.kind = CLTI_CHANGE_APPLICATION_UPDATE;
    out->change.of.updated_application.application = &made->after;
    out->change.of.updated_application.expected = &made->before;
}

static bool render_audit(const clti_application *application, clti_arena *arena, clt_str *out,
                         clti_fault *fault) {
    clti_buf text;
    if (!application)
        return true;
    clti_buf_init(&text, TEXT_MAX);
    clti_wire_render_audit_application(application, &text);
    return clti_keep_text(&text, arena, out, fault);
}

/* NULL: there was none before, or there is none afterwards. */
static bool fill_audit(clti_audit_operation operation, const clti_application *before,
                       const clti_application *after, clti_arena *arena, clti_audit_record *out,
                       clti_fault *fault) {
    out->operation = (uint8_t)operation;
    out->resource = before ? before->id : after->id;
    return render_audit(before, arena, &out->old_value, fault) &&
           render_audit(after, arena, &out->new_value, fault);
}

static bool answer(int status, const clti_wire_application *shown, clti_arena *arena, clti_answer *out,
                   clti_fault *fault) {
    clti_buf text;
    out->status = status;
    clti_buf_init(&text, TEXT_MAX);
    clti_wire_render_application(shown, &text);
    return clti_keep_text(&text, arena, &out->body, fault);
}

/* The hash of the secret that the answer's salt makes. */
static bool make_secret(const clti_service *service, clti_answer *answer, uint8_t out[CLTI_SHA256_SIZE],
                        clti_fault *fault) {
    clti_buf text;
    clti_once_begin(answer);
    clti_once once = clti_once_derive(service, answer->salt, CLTI_HOLE_SECRET);
    clti_secret_format(once.bytes, &text, out);
    const bool ok = clti_buf_ok(&text);
    if (text.data)
        clti_wipe(text.data, text.size);
    clti_buf_done(&text);
    clti_wipe(&once, sizeof once);
    return ok || clti_fault_no_memory(fault);
}

/* ---- what a body says ---------------------------------------------------------------------------------- */

static bool keep_redirect_uris(const clti_application_body *body, clti_arena *arena, clti_application *out,
                               clti_problems *problems, clti_fault *fault) {
    clti_buf uris;
    clti_fault wrong;
    clti_buf_init(&uris, CLTI_REDIRECT_URIS_MAX);
    for (size_t i = 0; i < body->redirect_uri_count; i++) {
        if (clti_redirect_uris_add(&uris, body->redirect_uris[i], &wrong))
            continue;
        wrong.member = "RedirectUris";
        clti_problems_add_fault(problems, &wrong);
        break;
    }
    if (clti_buf_ok(&uris))
        return clti_keep_text(&uris, arena, &out->redirect_uris, fault);
    clti_buf_done(&uris);
    return true;
}

/* What is said of name and redirect URIs. */
static bool take_body(const clti_application_body *body, clti_arena *arena, clti_application *out,
                      clti_problems *problems, clti_fault *fault) {
    clti_fault wrong;
    if (!clti_label_check(body->name, "name", "Name", &wrong))
        clti_problems_add_fault(problems, &wrong);
    if (body->name.data)
        out->name = body->name;
    return !body->has_redirect_uris || keep_redirect_uris(body, arena, out, problems, fault);
}

/* ---- registering --------------------------------------------------------------------------------------- */

static bool read_new(const clti_write_request *request, clti_arena *arena, clti_application *out,
                     clti_fault *fault) {
    clti_problems problems = {0};
    clti_application_body body;
    if (!clti_wire_read_application(request->body, arena, &body, &problems, fault) ||
        !take_body(&body, arena, out, &problems, fault))
        return false;
    out->partner = request->caller->partner;
    out->is_public = body.is_public == CLTI_SAID_TRUE;
    out->id = clti_guid_random();
    if (!clti_str_is_empty(body.id) && (!clti_guid_parse(body.id, &out->id) || clti_guid_is_absent(out->id)))
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Id",
                          "id must be a GUID, or left away for a new one.");
    return clti_problems_none(&problems, fault);
}

static bool prepare_create(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    clti_answer *told = &out->idempotency.answer;
    clti_application *application = clti_arena_calloc(arena, 1, sizeof *application);
    if (!application)
        return clti_fault_no_memory(fault);
    if (!read_new(request, arena, application, fault) ||
        (!application->is_public && !make_secret(service, told, application->secret_sha256, fault)))
        return false;
    told->location = application->id;
    out->change.kind = CLTI_CHANGE_APPLICATION_CREATE;
    out->change.of.application = application;
    const clti_wire_application shown = {application, !application->is_public};
    return answer(201, &shown, arena, told, fault) &&
           fill_audit(CLTI_AUDIT_REGISTER_APPLICATION, NULL, application, arena, &out->audit, fault);
}

bool clti_applications_create(const clti_service *service, const clti_write_request *request,
                              clti_arena *arena, clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_create, out, fault);
}

/* ---- changing ------------------------------------------------------------------------------------------ */

static bool read_patch(const clti_write_request *request, clti_arena *arena, clti_application *out,
                       clti_fault *fault) {
    clti_problems problems = {0};
    clti_application_body body;
    if (!clti_wire_read_application(request->body, arena, &body, &problems, fault) ||
        !take_body(&body, arena, out, &problems, fault))
        return false;
    if (body.is_public != CLTI_UNSAID && (body.is_public == CLTI_SAID_TRUE) != out->is_public)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Public",
                          "public cannot be changed; register another application.");
    return clti_problems_none(&problems, fault);
}

static bool prepare_patch(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                          clti_write *out, clti_fault *fault) {
    change *made;
    if (!begin(service, request, arena, &made, fault) || !read_patch(request, arena, &made->after, fault))
        return false;
    out->outcome.done = clti_str_equal(made->before.name, made->after.name) &&
                        clti_str_equal(made->before.redirect_uris, made->after.redirect_uris);
    fill_update(made, out);
    const clti_wire_application shown = {.application = &made->after};
    return answer(200, &shown, arena, &out->idempotency.answer, fault) &&
           fill_audit(CLTI_AUDIT_REGISTER_APPLICATION, &made->before, &made->after, arena, &out->audit,
                      fault);
}

bool clti_applications_patch(const clti_service *service, const clti_write_request *request,
                             clti_arena *arena, clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_patch, out, fault);
}

static bool prepare_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    change *made;
    if (!begin(service, request, arena, &made, fault))
        return false;
    if (clti_guid_equal(made->before.id, request->caller->application))
        return clti_fault_set(fault, CLTI_FAULT_CONFLICT, NULL,
                              "The application is the one that asks; remove it from another one.");
    out->change.kind = CLTI_CHANGE_APPLICATION_DELETE;
    out->change.of.deleted_application.partner = made->before.partner;
    out->change.of.deleted_application.id = made->before.id;
    out->idempotency.answer.status = 204;
    return fill_audit(CLTI_AUDIT_UNREGISTER_APPLICATION, &made->before, NULL, arena, &out->audit, fault);
}

bool clti_applications_delete(const clti_service *service, const clti_write_request *request,
                              clti_arena *arena, clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_delete, out, fault);
}

/* ---- secrets ------------------------------------------------------------------------------------------- */

static bool prepare_secret(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    uint8_t sha256[CLTI_SHA256_SIZE];
    clti_secret_name names[2];
    clti_buf text;
    change *made;
    if (!begin(service, request, arena, &made, fault) ||
        !make_secret(service, &out->idempotency.answer, sha256, fault) ||
        !clti_application_add_secret(&made->after, sha256, fault))
        return false;
    fill_update(made, out);
    const size_t count = clti_application_secrets(&made->after, names);
    clti_buf_init(&text, TEXT_MAX);
    clti_wire_render_secret(names[count - 1].text, &text);
    out->idempotency.answer.status = 201;
    return clti_keep_text(&text, arena, &out->idempotency.answer.body, fault) &&
           fill_audit(CLTI_AUDIT_REGISTER_APPLICATION, &made->before, &made->after, arena, &out->audit,
                      fault);
}

bool clti_secrets_add(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                      clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_secret, out, fault);
}

static bool prepare_secret_delete(const clti_service *service, const clti_write_request *request,
                                  clti_arena *arena, clti_write *out, clti_fault *fault) {
    change *made;
    if (!begin(service, request, arena, &made, fault))
        return false;
    if (!clti_application_remove_secret(&made->after, request->part_text))
        return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL,
                              "The application has no such secret; its member secrets names them.");
    fill_update(made, out);
    out->idempotency.answer.status = 204;
    return fill_audit(CLTI_AUDIT_REGISTER_APPLICATION, &made->before, &made->after, arena, &out->audit,
                      fault);
}

bool clti_secrets_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                         clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_secret_delete, out, fault);
}
