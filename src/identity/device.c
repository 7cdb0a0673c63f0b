/* Device code (RFC 8628): a device shows a short code, its user types it into our page. Also the ends of
 * grants: revocation and sign-out. */
#include "identity/identity_private.h"

#include <string.h>

/* Consonants alone: no words, nothing to mistake. 20^8 of them, for 15 minutes each. */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
#define LETTER_COUNT (sizeof letters - 1)
#define CODE_LETTERS 8

/* ---- the user's code --------------------------------------------------------------------------------- */

static void make_user_code(char out[CODE_LETTERS + 2]) {
    size_t at = 0;
    for (size_t i = 0; i < CODE_LETTERS;) {
        uint8_t byte;
        clti_random_bytes(&byte, 1);
        if (byte >= 256 - 256 % LETTER_COUNT)
            continue; /* so that each letter is as likely */
        if (i == CODE_LETTERS / 2)
            out[at++] = '-';
        out[at++] = letters[byte % LETTER_COUNT];
        i++;
    }
    out[at] = '\0';
}

/* As people type it: any case, with or without the hyphen or blanks. */
static bool read_user_code(clt_str text, char out[CODE_LETTERS + 2]) {
    size_t at = 0, count = 0;
    for (size_t i = 0; i < text.size && text.size <= 32; i++) {
        char c = text.data[i];
        if (c == '-' || c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (memchr(letters, c, LETTER_COUNT) == NULL || count == CODE_LETTERS)
            return false;
        if (count++ == CODE_LETTERS / 2)
            out[at++] = '-';
        out[at++] = c;
    }
    out[at] = '\0';
    return count == CODE_LETTERS;
}

/* The grant is found by the code without an index: its id follows from it, for whoever has the key. */
static clt_guid id_of(const clti_identity *identity, const char *user_code) {
    uint8_t digest[CLTI_SHA256_SIZE];
    clt_guid id;
    clti_hmac_sha256(&identity->page_key, clti_str(user_code), digest);
    memcpy(&id, digest, sizeof id);
    return id;
}

/* ---- the device asks --------------------------------------------------------------------------------- */

static bool put(clti_identity *identity, const clti_user_grant *grant, bool *out_done, clti_fault *fault) {
    clti_outcome outcome;
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_PUT, .of.grant = grant};
    if (!clti_store_apply(identity->store, &change, 1, &outcome, fault))
        return false;
    *out_done = outcome.done;
    return true;
}

static json_t *build_answer(const clti_identity *identity, const clti_device_request *request,
                            const char *user_code, clt_str device_code, clti_arena *arena) {
    const clt_str address = clti_identity_address(identity, request->host, arena);
    const clt_str page =
        address.data ? clti_arena_format(arena, "%.*s/devicelogin", CLTI_STR_ARGS(address)) : address;
    const clt_str message =
        page.data ? clti_arena_format(arena, "To sign in, open the page %s and enter the code %s.", page.data,
                                      user_code)
                  : page;
    const bool is_v1 = request->version == CLTI_AUTHORITY_V1;
    if (!message.data)
        return NULL;
    json_t *document = json_pack(
        "{s:s, s:s%, s:s, s:s}", "user_code", user_code, "device_code", device_code.data, device_code.size,
        is_v1 ? "verification_url" : "verification_uri", page.data, "message", message.data);
    /* v1 writes its numbers as texts. */
    const struct {
        const char *name;
        int value;
    } numbers[] = {{"expires_in", CLTI_DEVICE_LIFETIME}, {"interval", CLTI_DEVICE_INTERVAL}};
    for (size_t i = 0; document && i < CLTI_COUNT(numbers); i++) {
        json_t *number = is_v1 ? json_sprintf("%d", numbers[i].value) : json_integer(numbers[i].value);
        if (json_object_set_new(document, numbers[i].name, number) != 0) {
            json_decref(document);
            return NULL;
        }
    }
    return document;
}

static bool refuse(const clti_device_request *request, clti_refusal_kind kind, clt_str text,
                   clti_arena *arena, clti_authority_answer *out, clti_fault *fault) {
    const clti_refusal refusal = {kind, text};
    return clti_answer_refusal(&refusal, request->correlation_id, request->now, arena, out, fault);
}

static bool read_scope(const clti_identity *identity, const clti_device_request *request,
                       const clti_form *form, clti_arena *arena, clt_str *out, bool *out_good,
                       clti_fault *fault) {
    const clt_str resource = form->values[CLTI_PARAMETER_RESOURCE];
    clti_granted_scope scope;
    *out = form->values[CLTI_PARAMETER_SCOPE];
    if (request->version == CLTI_AUTHORITY_V1) {
        *out = clti_arena_format(arena, "openid offline_access%s%.*s%s", resource.size ? " " : "",
                                 CLTI_STR_ARGS(resource), resource.size ? "/.default" : "");
        if (!out->data)
            return clti_fault_no_memory(fault);
    }
    *out_good = out->size <= 2048 && clti_scope_read(identity, *out, true, &scope);
    return true;
}

static bool begin(clti_identity *identity, const clti_device_request *request, clti_arena *arena,
                  clti_authority_answer *out, clti_fault *fault) {
    clti_form form;
    clti_refusal refusal = {0};
    clti_application application;
    clti_client_query client = {0};
    char user_code[CODE_LETTERS + 2];
    clt_str scope, device_code;
    bool found = false, good = false, done = false;
    if (!clti_form_read(request->form, arena, &form, &refusal, fault))
        return refusal.text.data && refuse(request, refusal.kind, refusal.text, arena, out, fault);
    if (!clti_tenant_resolve(identity, request->tenant, arena, &client.tenant_kind, &client.partner, fault))
        return false;
    if (client.tenant_kind != CLTI_TENANT_UNKNOWN &&
        clti_guid_parse(form.values[CLTI_PARAMETER_CLIENT_ID], &client.id) &&
        !clti_client_find(identity, &client, arena, &application, &found, fault))
        return false;
    if (!found)
        return refuse(request, CLTI_REFUSAL_UNAUTHORIZED,
                      CLTI_STR("The application is not registered in this tenant."), arena, out, fault);
    if (!read_scope(identity, request, &form, arena, &scope, &good, fault))
        return false;
    if (!good)
        return refuse(request, CLTI_REFUSAL_SCOPE,
                      CLTI_STR("No tokens are issued for this scope or resource."), arena, out, fault);
    clti_user_grant grant = {.revision = 1,
                             .state = CLTI_GRANT_DEVICE,
                             .application = client.id,
                             .scope = scope,
                             .signed_in = request->now,
                             .expires = request->now + CLTI_DEVICE_LIFETIME};
    while (!done) { /* a code that is in use is no one else's */
        make_user_code(user_code);
        grant.id = id_of(identity, user_code);
        if (!clti_handle_make(&grant, arena, &device_code, fault) || !put(identity, &grant, &done, fault))
            return false;
    }
    return clti_answer_take_document(build_answer(identity, request, user_code, device_code, arena), arena,
                                     out, fault);
}

/* Codes count as tokens do: each is a record that stays for a while. */
bool clti_device_begin(clti_identity *identity, const clti_device_request *request, clti_arena *arena,
                       clti_authority_answer *out, clti_fault *fault) {
    const unsigned seconds = clti_token_limit_take(&identity->addresses, request->address);
    if (seconds == 0)
        return begin(identity, request, arena, out, fault);
    if (!refuse(request, CLTI_REFUSAL_TOO_MANY,
                CLTI_STR("Too many codes were asked for. Try again after the seconds of Retry-After."), arena,
                out, fault))
        return false;
    out->retry_after = seconds;
    return true;
}

/* ---- the user answers -------------------------------------------------------------------------------- */

bool clti_device_find(clti_identity *identity, clt_str text, int64_t now, clti_arena *arena, clti_device *out,
                      bool *out_found, clti_fault *fault) {
    char user_code[CODE_LETTERS + 2];
    clti_application application;
    clti_client_query client = {.tenant_kind = CLTI_TENANT_ANY};
    *out_found = false;
    if (!read_user_code(text, user_code))
        return true;
    if (!clti_store_grant_find(identity->store, id_of(identity, user_code), arena, &out->grant, out_found,
                               fault))
        return false;
    *out_found = *out_found && out->grant.state == CLTI_GRANT_DEVICE && now < out->grant.expires;
    if (!*out_found)
        return true;
    client.id = out->grant.application;
    if (!clti_client_find(identity, &client, arena, &application, out_found, fault))
        return false;
    out->application_name = application.name;
    return true;
}

/* The device may ask meanwhile, which changes the grant as well. */
bool clti_device_answer(clti_identity *identity, clt_str user_code, const clti_sign_in *sign_in, int64_t now,
                        clti_arena *arena, bool *out_done, clti_fault *fault) {
    clti_device device;
    bool found;
    *out_done = false;
    for (int tries = 0; tries < 5 && !*out_done; tries++) {
        if (!clti_device_find(identity, user_code, now, arena, &device, &found, fault))
            return false;
        if (!found)
            return true;
        device.grant.revision++;
        device.grant.state = CLTI_GRANT_DENIED;
        if (sign_in) {
            device.grant.state = CLTI_GRANT_APPROVED;
            device.grant.partner = sign_in->user.partner;
            device.grant.user = sign_in->user.name;
            device.grant.has_mfa = sign_in->has_mfa;
            device.grant.signed_in = now;
        }
        if (!put(identity, &device.grant, out_done, fault))
            return false;
    }
    return true;
}

/* ---- ends -------------------------------------------------------------------------------------------- */

static bool delete_grant(clti_identity *identity, clt_guid id, clti_fault *fault) {
    clti_outcome outcome;
    const clti_change change = {.kind = CLTI_CHANGE_GRANT_DELETE, .of.deleted_grant = id};
    return clti_store_apply(identity->store, &change, 1, &outcome, fault);
}

/* RFC 7009: what is no token of ours, or an access token, is answered like one that was revoked. */
bool clti_authority_revoke(clti_identity *identity, clt_str text, clti_arena *arena, clti_fault *fault) {
    clti_form form;
    clti_refusal refusal = {0};
    clti_user_grant grant;
    clti_handle handle;
    bool found;
    if (!clti_form_read(text, arena, &form, &refusal, fault))
        return refusal.text.data != NULL;
    if (!clti_handle_read(form.values[CLTI_PARAMETER_TOKEN], &handle))
        return true;
    if (!clti_store_grant_find(identity->store, handle.id, arena, &grant, &found, fault))
        return false;
    return !found ||
           !clti_equal_constant_time(handle.secret_sha256, grant.secret_sha256,
                                     sizeof handle.secret_sha256) ||
           delete_grant(identity, grant.id, fault);
}

/* With an id token of ours, even an old one, the session that it names ends: its refresh token is refused. */
bool clti_authority_sign_out(clti_identity *identity, const clti_authorize_request *request,
                             clti_arena *arena, clt_str *out_redirect, clti_fault *fault) {
    clti_form form;
    clti_refusal refusal = {0};
    clti_id_token token;
    clti_application application;
    bool found, is_ours;
    *out_redirect = (clt_str){NULL, 0};
    if (!clti_form_read(request->query, arena, &form, &refusal, fault))
        return refusal.text.data != NULL;
    if (!clti_id_token_read(identity, form.values[CLTI_PARAMETER_ID_TOKEN_HINT], request->now, arena, &token,
                            &is_ours, fault))
        return false;
    if (!is_ours)
        return true;
    if (!delete_grant(identity, token.session, fault) ||
        !clti_store_application_find(identity->store, token.partner, token.application, arena, &application,
                                     &found, fault))
        return false;
    const clt_str redirect = form.values[CLTI_PARAMETER_POST_LOGOUT_REDIRECT_URI];
    if (!found || !clti_redirect_uri_is_registered(&application, redirect))
        return true;
    const clt_str state = form.values[CLTI_PARAMETER_STATE];
    clti_buf address;
    clti_buf_init(&address, 16384);
    clti_buf_add(&address, redirect);
    if (state.size > 0) {
        clti_buf_add(&address, clti_str(memchr(redirect.data, '?', redirect.size) ? "&state=" : "?state="));
        clti_url_encode(state, &address);
    }
    const bool ok = clti_buf_ok(&address) && clti_arena_copy(arena, clti_buf_str(&address), out_redirect);
    clti_buf_done(&address);
    return ok || clti_fault_no_memory(fault);
}
