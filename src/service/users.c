/* The users of a partner, for its administrators. */
#include "service/service_private.h"

/* Names have limits of their own, and stay far below. */
#define TEXT_MAX ((size_t)64 * 1024)

/* ---- reading ------------------------------------------------------------------------------------------- */

bool clti_users_list(const clti_service *service, const clti_caller *caller, clti_arena *arena,
                     clti_user **out, size_t *out_count, clti_fault *fault) {
    return clti_store_users(service->store, &caller->partner, arena, out, out_count, fault);
}

/* Names are the keys, so all are looked at: no partner has many. */
bool clti_users_get(const clti_service *service, const clti_caller *caller, clt_str id_text,
                    clti_arena *arena, clti_user *out, clti_fault *fault) {
    clti_user *users;
    size_t count;
    clt_guid id;
    if (!clti_users_list(service, caller, arena, &users, &count, fault))
        return false;
    if (!clti_guid_parse(id_text, &id))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        if (clti_guid_equal(users[i].id, id)) {
            *out = users[i];
            return true;
        }
    }
    return clti_fault_set(fault, CLTI_FAULT_NOT_FOUND, NULL, "The user does not exist.");
}

/* ---- what changes have in common ----------------------------------------------------------------------- */

/* A user before and after. */
typedef struct change {
    clti_user before, after;
} change;

/* *out lives in the arena and holds the user twice. */
static bool begin(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                  change **out, clti_fault *fault) {
    change *made = clti_arena_calloc(arena, 1, sizeof *made);
    if (!made)
        return clti_fault_no_memory(fault);
    if (!clti_users_get(service, request->caller, request->id_text, arena, &made->before, fault))
        return false;
    made->after = made->before;
    *out = made;
    return true;
}

/* The contract has no word for it, so no audit record can tell (api.md 3.9); what became of it is in the log
 * under the same request id. */
static void tell_log(const clti_write_request *request, const clti_user *user, clti_write *out) {
    const clti_guid_text id = clti_guid_to_text(user->id),
                         request_id = clti_guid_to_text(request->request_id);
    const clti_log_field fields[] = {
        CLTI_LOG_TEXT("operation", request->operation),
        CLTI_LOG_TEXT("user", clti_str(id.text)),
        CLTI_LOG_TEXT("by", clti_str(request->caller->user_name)),
        CLTI_LOG_TEXT("request_id", clti_str(request_id.text)),
    };
    clti_log_write(CLTI_LOG_INFO, "user administration", fields, CLTI_COUNT(fields));
    out->change.audit = NULL;
}

static bool answer(int status, const clti_wire_user *shown, clti_arena *arena, clti_answer *out,
                   clti_fault *fault) {
    clti_buf text;
    out->status = status;
    clti_buf_init(&text, TEXT_MAX);
    clti_wire_render_user(shown, &text);
    return clti_keep_text(&text, arena, &out->body, fault);
}

static bool fill_update(const clti_write_request *request, const change *made, const clti_wire_user *shown,
                        clti_arena *arena, clti_write *out, clti_fault *fault) {
    tell_log(request, &made->after, out);
    out->change.kind = CLTI_CHANGE_USER_UPDATE;
    out->change.of.updated_user.user = &made->after;
    out->change.of.updated_user.expected = &made->before;
    return answer(200, shown, arena, &out->idempotency.answer, fault);
}

/* ---- what is told once --------------------------------------------------------------------------------- */

static bool make_password(const clti_service *service, const clti_caller *caller, const clti_answer *told,
                          clti_arena *arena, clti_user *user, clti_fault *fault) {
    if (service->throttle && clti_throttle_take_password(service->throttle, caller, clti_steady_us()) > 0)
        return clti_fault_set(fault, CLTI_FAULT_BUSY, NULL,
                              "Too many passwords have been made for this partner, at most %d a minute; try "
                              "again in a minute.",
                              CLTI_PASSWORDS_PER_MINUTE);
    clti_once once = clti_once_derive(service, told->salt, CLTI_HOLE_PASSWORD);
    const clt_str password = {(const char *)once.bytes, CLTI_MADE_PASSWORD_SIZE};
    const bool ok = clti_user_set_password(user, password, clti_now_seconds(), arena, fault);
    clti_wipe(&once, sizeof once);
    return ok;
}

static bool make_second_factor(const clti_service *service, const clti_answer *told, clti_arena *arena,
                               clti_user *user, clt_str *out_uri, clti_fault *fault) {
    static const char hole[] = {CLTI_HOLE_TOTP};
    clti_once once = clti_once_derive(service, told->salt, CLTI_HOLE_TOTP);
    const bool ok = clti_totp_encode(once.bytes, arena, &user->totp_secret, fault);
    clti_wipe(&once, sizeof once);
    if (!ok)
        return false;
    user->is_enrolling = true;
    *out_uri = clti_totp_uri(user->name, (clt_str){hole, sizeof hole}, arena);
    return out_uri->data || clti_fault_no_memory(fault);
}

/* ---- adding -------------------------------------------------------------------------------------------- */

/* The domain behind the '@' is how people who sign in are found, so it is the partner's own. */
static bool check_name(const clti_service *service, const clti_write_request *request, clt_str text,
                       clti_arena *arena, clt_str *out, clti_problems *problems, clti_fault *fault) {
    clti_partner partner;
    bool found = false;
    if (clti_user_name_read(text, arena, out) &&
        !clti_store_partner_find_domain(service->store, clti_user_name_domain(*out), arena, &partner, &found,
                                        fault))
        return false;
    if (found && clti_guid_equal(partner.id, request->caller->partner))
        return true;
    if (!clti_store_partner_find(service->store, request->caller->partner, arena, &partner, &found, fault))
        return false;
    clti_problems_add(problems, CLTI_FAULT_INVALID_PROPERTY, "Name",
                      "name must be like ada@%.*s, in ASCII without blanks, at most %d characters, with the "
                      "partner's domain.",
                      found ? (int)partner.domain.size : 0, found ? partner.domain.data : "",
                      CLTI_USER_NAME_MAX);
    return true;
}

/* What is said of display name, roles and state. */
static void take_body(const clti_user_body *body, clti_user *out, clti_problems *problems) {
    clti_fault wrong;
    if (!clti_label_check(body->display_name, "displayName", "DisplayName", &wrong))
        clti_problems_add_fault(problems, &wrong);
    if (body->display_name.data)
        out->display_name = body->display_name;
    if (body->has_roles)
        out->roles = body->roles;
    if (body->disabled != CLTI_UNSAID)
        out->is_disabled = body->disabled == CLTI_SAID_TRUE;
}

static bool read_new(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                     clti_user *out, bool *out_totp, clti_fault *fault) {
    clti_problems problems = {0};
    clti_user_body body;
    if (!clti_wire_read_user(request->body, arena, &body, &problems, fault) ||
        !check_name(service, request, body.name, arena, &out->name, &problems, fault))
        return false;
    take_body(&body, out, &problems);
    if (!body.has_roles)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Roles",
                          "roles is missing: name one or more of AdminAgents, SalesAgents, HelpdeskAgents.");
    out->partner = request->caller->partner;
    out->id = clti_guid_random();
    *out_totp = body.second_factor == CLTI_SAID_TRUE;
    return clti_problems_none(&problems, fault);
}

static bool prepare_create(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    clti_answer *told = &out->idempotency.answer;
    clti_user *user = clti_arena_calloc(arena, 1, sizeof *user);
    clti_wire_user shown = {.user = user, .has_password = true};
    bool wants_totp;
    if (!user)
        return clti_fault_no_memory(fault);
    clti_once_begin(told);
    if (!read_new(service, request, arena, user, &wants_totp, fault) ||
        !make_password(service, request->caller, told, arena, user, fault) ||
        (wants_totp && !make_second_factor(service, told, arena, user, &shown.totp_uri, fault)))
        return false;
    told->location = user->id;
    out->change.kind = CLTI_CHANGE_USER_CREATE;
    out->change.of.user = user;
    tell_log(request, user, out);
    return answer(201, &shown, arena, told, fault);
}

bool clti_users_create(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                       clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_create, out, fault);
}

/* ---- changing ------------------------------------------------------------------------------------------ */

static bool read_patch(const clti_write_request *request, clti_arena *arena, clti_user *out,
                       clti_fault *fault) {
    clti_problems problems = {0};
    clti_user_body body;
    if (!clti_wire_read_user(request->body, arena, &body, &problems, fault))
        return false;
    if (!clti_str_is_empty(body.name) && !clti_str_equal_nocase(body.name, out->name))
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Name",
                          "name cannot be changed; add another user.");
    if (body.second_factor != CLTI_UNSAID &&
        (body.second_factor == CLTI_SAID_TRUE) != !!out->totp_secret.data)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "SecondFactor",
                          "secondFactor is changed with POST .../reset.");
    take_body(&body, out, &problems);
    return clti_problems_none(&problems, fault);
}

/* With other roles, or after having been let out, a user has to sign in anew. */
static bool prepare_patch(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                          clti_write *out, clti_fault *fault) {
    change *made;
    if (!begin(service, request, arena, &made, fault) || !read_patch(request, arena, &made->after, fault))
        return false;
    const bool is_same_access =
        made->before.roles == made->after.roles && made->before.is_disabled == made->after.is_disabled;
    out->outcome.done = is_same_access && clti_str_equal(made->before.display_name, made->after.display_name);
    if (!is_same_access)
        made->after.valid_from = clti_now_seconds();
    return fill_update(request, made, &(clti_wire_user){.user = &made->after}, arena, out, fault);
}

bool clti_users_patch(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                      clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_patch, out, fault);
}

static bool read_reset(const clti_write_request *request, clti_arena *arena, clti_user_body *out,
                       clti_fault *fault) {
    clti_problems problems = {0};
    if (!clti_wire_read_user(request->body, arena, out, &problems, fault))
        return false;
    if (problems.count == 0 && out->password != CLTI_SAID_TRUE && out->second_factor == CLTI_UNSAID)
        clti_problems_add(&problems, CLTI_FAULT_INVALID_PROPERTY, "Password",
                          "Nothing is to be reset: send password true for a new one, secondFactor true for a "
                          "new one, or secondFactor false for none.");
    return clti_problems_none(&problems, fault);
}

static bool prepare_reset(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                          clti_write *out, clti_fault *fault) {
    clti_answer *told = &out->idempotency.answer;
    clti_user_body body;
    change *made;
    if (!begin(service, request, arena, &made, fault) || !read_reset(request, arena, &body, fault))
        return false;
    clti_wire_user shown = {.user = &made->after, .has_password = body.password == CLTI_SAID_TRUE};
    clti_once_begin(told);
    if ((shown.has_password && !make_password(service, request->caller, told, arena, &made->after, fault)) ||
        (body.second_factor == CLTI_SAID_TRUE &&
         !make_second_factor(service, told, arena, &made->after, &shown.totp_uri, fault)))
        return false;
    if (body.second_factor == CLTI_SAID_FALSE) {
        made->after.totp_secret = (clt_str){NULL, 0};
        made->after.is_enrolling = false;
    }
    made->after.valid_from = clti_now_seconds();
    return fill_update(request, made, &shown, arena, out, fault);
}

bool clti_users_reset(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                      clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_reset, out, fault);
}

static bool prepare_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                           clti_write *out, clti_fault *fault) {
    change *made;
    if (!begin(service, request, arena, &made, fault))
        return false;
    out->change.kind = CLTI_CHANGE_USER_DELETE;
    out->change.of.deleted_user.partner = made->before.partner;
    out->change.of.deleted_user.name = made->before.name;
    out->change.of.deleted_user.expected = &made->before;
    out->idempotency.answer.status = 204;
    tell_log(request, &made->before, out);
    return true;
}

bool clti_users_delete(const clti_service *service, const clti_write_request *request, clti_arena *arena,
                       clti_write **out, clti_fault *fault) {
    return clti_write_prepare(service, request, arena, prepare_delete, out, fault);
}
