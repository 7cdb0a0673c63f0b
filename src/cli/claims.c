#include "cli/claims_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A token is a header line of a request; a longer one is none. */
#define TOKEN_MAX ((size_t)64 * 1024)

static int digit_of(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool decode_base64url(clt_str text, clti_bytes *out) {
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = digit_of(text.data[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (uint32_t)digit) & 0xFFFFu;
        count += 6;
        if (count >= 8) {
            count -= 8;
            clti_bytes_add_char(out, (char)(bits >> count & 0xFFu));
        }
    }
    return true;
}

/* The first of some names that the token has. */
static char *text_of(const json_t *payload, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_object_get(payload, names[i]));
        if (text && *text)
            return clti_copy(clti_view(text));
    }
    return NULL;
}

static void take(const json_t *payload, clti_claims *out) {
    static const char *const tenants[] = {"tid"}, *const applications[] = {"appid", "azp"},
                             *const users[] = {"upn", "preferred_username", "unique_name", "oid"},
                             *const issuers[] = {"iss"};
    json_int_t expires_at = json_integer_value(json_object_get(payload, "exp"));
    *out = (clti_claims){
        .tenant = text_of(payload, tenants, CLTI_COUNT(tenants)),
        .application = text_of(payload, applications, CLTI_COUNT(applications)),
        .issuer = text_of(payload, issuers, CLTI_COUNT(issuers)),
        .has_user = json_object_get(payload, "scp") || json_object_get(payload, "upn"),
        .expires_at = expires_at > 0 ? (uint64_t)expires_at : 0,
    };
    if (out->has_user)
        out->user = text_of(payload, users, CLTI_COUNT(users));
}

bool clti_claims_read(clt_str token, clti_claims *out) {
    clt_str rest, signature;
    clti_bytes bytes = {0};
    clti_view_cut(token, '.', &rest);
    clt_str payload = clti_view_cut(rest, '.', &signature);
    if (token.size > TOKEN_MAX || !signature.data || !decode_base64url(payload, &bytes)) {
        clti_bytes_done(&bytes);
        return false;
    }
    json_t *read = json_loadb(bytes.data ? bytes.data : "", bytes.size, 0, NULL);
    clti_bytes_done(&bytes);
    bool done = json_is_object(read);
    if (done)
        take(read, out);
    json_decref(read);
    return done;
}

void clti_claims_done(clti_claims *claims) {
    free(claims->tenant);
    free(claims->application);
    free(claims->user);
    free(claims->issuer);
    *claims = (clti_claims){0};
}
