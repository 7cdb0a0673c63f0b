/* Applications, users and signing keys as administrators see them, and as audit records keep them. */
#include "wire/wire_private.h"

#include <string.h>

static void add_self(clti_buf *out, const char *what, clt_guid id) {
    clti_buf_add_format(
        out, "\"links\":{\"self\":{\"uri\":\"/clientele/v1/%s/%s\",\"method\":\"GET\",\"headers\":[]}},",
        what, clti_guid_to_text(id).text);
}

static void begin_collection(clti_buf *out, size_t count) {
    clti_buf_add_format(out, "{\"totalCount\":%zu,\"items\":[", count);
}

static void end_collection(clti_buf *out, const char *what) {
    clti_json_end(out, ']');
    clti_buf_add_format(
        out,
        "\"links\":{\"self\":{\"uri\":\"/clientele/v1/%s\",\"method\":\"GET\",\"headers\":[]}},"
        "\"attributes\":{\"objectType\":\"Collection\"}}",
        what);
}

/* Takes the comma back that stands behind the last object. */
static void end_document(clti_buf *out) {
    clti_json_end(out, '}');
    if (clti_buf_ok(out))
        out->size--;
}

static void add_hole(clti_buf *out, const char *name, char hole) {
    clti_buf_add_format(out, "\"%s\":\"", name);
    clti_buf_add_char(out, hole);
    clti_buf_add(out, CLTI_STR("\","));
}

/* ---- applications -------------------------------------------------------------------------------------- */

static void add_lines(clti_buf *out, const char *name, clt_str lines) {
    clti_buf_add_format(out, "\"%s\":[", name);
    for (clt_str rest = lines; rest.size;) {
        clti_json_add_string(out, clti_str_cut(rest, '\n', &rest));
        clti_buf_add_char(out, ',');
    }
    clti_json_end(out, ']');
}

static void add_secrets(clti_buf *out, const clti_application *application) {
    clti_secret_name names[2];
    const size_t count = clti_application_secrets(application, names);
    clti_buf_add(out, CLTI_STR("\"secrets\":["));
    for (size_t i = 0; i < count; i++)
        clti_buf_add_format(out, "{\"id\":\"%s\"},", names[i].text);
    clti_json_end(out, ']');
}

void clti_wire_render_application(const clti_wire_application *shown, clti_buf *out) {
    const clti_application *application = shown->application;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", application->id);
    clti_json_add_text(out, "name", application->name);
    clti_json_add_bool(out, "public", application->is_public);
    add_lines(out, "redirectUris", application->redirect_uris);
    add_secrets(out, application);
    if (shown->has_secret)
        add_hole(out, "secret", CLTI_HOLE_SECRET);
    clti_json_add_bool(out, "demo", application->is_demo);
    add_self(out, "applications", application->id);
    clti_json_add_type(out, "Application");
    end_document(out);
}

void clti_wire_render_applications(const clti_application *applications, size_t count, clti_buf *out) {
    begin_collection(out, count);
    for (size_t i = 0; i < count; i++) {
        clti_wire_render_application(&(clti_wire_application){.application = &applications[i]}, out);
        clti_buf_add_char(out, ',');
    }
    end_collection(out, "applications");
}

void clti_wire_render_secret(const char *name, clti_buf *out) {
    clti_buf_add_format(out, "{\"id\":\"%s\",", name);
    add_hole(out, "secret", CLTI_HOLE_SECRET);
    clti_json_add_type(out, "ApplicationSecret");
    end_document(out);
}

/* ---- users --------------------------------------------------------------------------------------------- */

static void add_roles(clti_buf *out, const char *name, uint8_t roles) {
    clti_buf_add_format(out, "\"%s\":[", name);
    for (size_t i = 0; i < CLTI_ROLE_COUNT; i++)
        if (roles & 1U << i)
            clti_buf_add_format(out, "\"%s\",", clti_role_name(i));
    clti_json_end(out, ']');
}

void clti_wire_render_user(const clti_wire_user *shown, clti_buf *out) {
    const clti_user *user = shown->user;
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "id", user->id);
    clti_json_add_text(out, "name", user->name);
    clti_json_add_text(out, "displayName", user->display_name);
    add_roles(out, "roles", user->roles);
    clti_json_add_bool(out, "secondFactor", user->totp_secret.data != NULL);
    clti_json_add_bool(out, "disabled", user->is_disabled);
    if (shown->has_password)
        add_hole(out, "password", CLTI_HOLE_PASSWORD);
    if (shown->totp_uri.data) { /* encoded but for its hole, so nothing in it needs an escape */
        clti_buf_add(out, CLTI_STR("\"secondFactorUri\":\""));
        clti_buf_add(out, shown->totp_uri);
        clti_buf_add(out, CLTI_STR("\","));
    }
    clti_json_add_bool(out, "demo", user->is_demo);
    add_self(out, "users", user->id);
    clti_json_add_type(out, "User");
    end_document(out);
}

void clti_wire_render_users(const clti_user *users, size_t count, clti_buf *out) {
    begin_collection(out, count);
    for (size_t i = 0; i < count; i++) {
        clti_wire_render_user(&(clti_wire_user){.user = &users[i]}, out);
        clti_buf_add_char(out, ',');
    }
    end_collection(out, "users");
}

/* ---- keys ---------------------------------------------------------------------------------------------- */

static void add_time(clti_buf *out, const char *name, int64_t seconds) {
    if (seconds == INT64_MAX)
        return;
    const clti_time_text text = clti_ticks_to_text(CLTI_TICKS_OF_1970 + seconds * CLTI_TICKS_PER_SECOND);
    clti_json_add_text(out, name, clti_str(text.text));
}

void clti_wire_render_keys(const clti_wire_key *keys, size_t count, clti_buf *out) {
    begin_collection(out, count);
    for (size_t i = 0; i < count; i++) {
        clti_buf_add_char(out, '{');
        clti_json_add_text(out, "id", keys[i].id);
        clti_json_add_text(out, "state", clti_str(keys[i].state));
        add_time(out, "created", keys[i].created);
        add_time(out, "signsFrom", keys[i].signs_from);
        add_time(out, "verifiesUntil", keys[i].verifies_until);
        clti_buf_add_format(out, "\"publicKey\":%.*s,", CLTI_STR_ARGS(keys[i].public_jwk));
        clti_json_add_type(out, "SigningKey");
        clti_json_end(out, '}');
    }
    end_collection(out, "keys");
}

/* ---- audit records ------------------------------------------------------------------------------------- */

/* As the original writes a .NET object: PascalCase names, null for what is not there. */
static void add_text_or_null(clti_buf *out, const char *name, clt_str text) {
    if (clti_str_is_empty(text))
        clti_buf_add_format(out, "\"%s\":null,", name);
    else
        clti_json_add_text(out, name, text);
}

void clti_wire_render_audit_application(const clti_application *application, clti_buf *out) {
    clti_secret_name names[2];
    const size_t count = clti_application_secrets(application, names);
    clti_buf_add_char(out, '{');
    clti_json_add_guid(out, "Id", application->id);
    add_text_or_null(out, "Name", application->name);
    clti_json_add_bool(out, "Public", application->is_public);
    add_lines(out, "RedirectUris", application->redirect_uris);
    clti_buf_add(out, CLTI_STR("\"Secrets\":["));
    for (size_t i = 0; i < count; i++)
        clti_buf_add_format(out, "\"%s\",", names[i].text);
    clti_json_end(out, ']');
    clti_buf_add(out, CLTI_STR("\"Attributes\":{\"ObjectType\":\"Application\"}}"));
}
