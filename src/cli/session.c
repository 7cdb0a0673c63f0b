#include "cli/claims_private.h"
#include "cli/session_private.h"
#include "cli/shown_private.h"
#include "cli/terminal_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A cached token is renewed so long before it expires; the library asks 30 s before. */
#define RENEW_EARLIER_S 60

#define TIMEOUT_MAX_S 86400

const char *clti_variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* ---- addresses ----------------------------------------------------------------------------------------- */

bool clti_session_options(const clti_profile *profile, clt_partner_options *out) {
    const char *cloud = profile->values[CLTI_PROFILE_CLOUD];
    clt_partner_options_init(out);
    out->base_url = profile->values[CLTI_PROFILE_BASE_URL];
    out->authority_url = profile->values[CLTI_PROFILE_AUTHORITY_URL];
    out->ca_file = profile->values[CLTI_PROFILE_CA_FILE];
    out->application = "clientele";
    if (!cloud)
        return true;
    out->cloud = clt_cloud_find(cloud);
    if (out->cloud >= 0)
        return true;
    clti_bytes known = {0};
    for (int32_t i = 0; i < CLT_CLOUD_COUNT; i++)
        clti_bytes_add_format(&known, "%s%s", i > 0 ? ", " : "", clt_cloud_get(i)->name);
    clti_complain("There is no cloud '%s'; there are %s.", cloud, known.data);
    clti_bytes_done(&known);
    return false;
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

void clti_session_keep_token(clti_profile *profile, const clt_token *token) {
    char *access = clti_copy(token->access_token), *refresh = clti_copy(token->refresh_token);
    char *expires_at = clti_format("%" PRId64, token->expires_at);
    clti_profile_set(profile, CLTI_PROFILE_ACCESS_TOKEN, access);
    clti_profile_set(profile, CLTI_PROFILE_EXPIRES_AT, expires_at);
    /* An authority that does not rotate it may not send it again. */
    if (*refresh)
        clti_profile_set(profile, CLTI_PROFILE_REFRESH_TOKEN, refresh);
    clti_free_secret(access);
    clti_free_secret(refresh);
    free(expires_at);
}

static uint64_t expiry_of(const clti_profile *profile) {
    uint64_t expires_at = 0;
    if (!clti_view_number(clti_view(profile->values[CLTI_PROFILE_EXPIRES_AT]), INT64_MAX, &expires_at))
        return 0;
    return expires_at;
}

static bool has_fresh_token(const clti_profile *profile) {
    return profile->values[CLTI_PROFILE_ACCESS_TOKEN] &&
           expiry_of(profile) > (uint64_t)time(NULL) + RENEW_EARLIER_S;
}

static void on_issued(void *user, const clt_token *token) {
    clti_session_keep_token(user, token);
}

static clt_status make_credentials(const clti_profile *profile, clt_credentials **out, clt_error **out_err) {
    char *const *values = profile->values;
    if (values[CLTI_PROFILE_REFRESH_TOKEN])
        return clt_credentials_refresh_token(values[CLTI_PROFILE_TENANT], values[CLTI_PROFILE_CLIENT_ID],
                                             values[CLTI_PROFILE_CLIENT_SECRET],
                                             values[CLTI_PROFILE_REFRESH_TOKEN], out, out_err);
    return clt_credentials_app(values[CLTI_PROFILE_TENANT], values[CLTI_PROFILE_CLIENT_ID],
                               values[CLTI_PROFILE_CLIENT_SECRET], out, out_err);
}

/* Ask the authority for a new token, into the profile. */
static clt_status issue(clti_session *session, clti_profile *profile) {
    clt_credentials *credentials = NULL;
    clt_partner *partner = NULL;
    clt_token *token = NULL;
    clt_status status = make_credentials(profile, &credentials, &session->sign_in_error);
    if (status == CLT_OK) {
        clt_credentials_on_issued(credentials, on_issued, profile);
        status = clt_partner_create(&session->options, credentials, &partner, &session->sign_in_error);
    }
    if (status == CLT_OK)
        status = clt_partner_token(partner, &session->context, &token, &session->sign_in_error);
    clt_token_free(token);
    clt_partner_free(partner);
    clt_credentials_free(credentials);
    return status;
}

typedef struct token_renewal {
    clti_session *session;
    clt_status status;
    bool was_tried;
} token_renewal;

static void copy_tokens(const clti_profile *from, clti_profile *to) {
    for (clti_profile_field field = CLTI_PROFILE_CLIENT_SECRET; field < CLTI_PROFILE_FIELD_COUNT; field++)
        clti_profile_set(to, field, from->values[field]);
}

static bool has_same_token(const clti_profile *a, const clti_profile *b) {
    const char *one = a->values[CLTI_PROFILE_ACCESS_TOKEN], *other = b->values[CLTI_PROFILE_ACCESS_TOKEN];
    return one && other && strcmp(one, other) == 0;
}

/* While no other process does the same: it may have been done already, and a refresh token is often good for
 * one use only. */
static bool renew_in_file(void *user, clti_profiles *profiles) {
    token_renewal *renewal = user;
    clti_profile *stored = clti_profiles_find(profiles, renewal->session->profile->name);
    if (!stored)
        return false;
    renewal->was_tried = true;
    bool is_done = has_fresh_token(stored) && !has_same_token(stored, renewal->session->profile);
    renewal->status = is_done ? CLT_OK : issue(renewal->session, stored);
    if (renewal->status == CLT_OK)
        copy_tokens(stored, renewal->session->profile);
    return !is_done && renewal->status == CLT_OK;
}

static clt_status renew(clti_session *session) {
    token_renewal renewal = {.session = session};
    const clti_profile *profile = session->profile;
    if (!profile->values[CLTI_PROFILE_CLIENT_SECRET] && !profile->values[CLTI_PROFILE_REFRESH_TOKEN]) {
        session->is_refused = true;
        return CLT_ERR_UNAUTHORIZED;
    }
    /* What cannot be kept, as in a home that is read-only, is good for this command all the same. */
    clti_profile_file_update(renew_in_file, &renewal);
    return renewal.was_tried ? renewal.status : issue(session, session->profile);
}

/* Asked again, the token that was given is spent, whatever its expiry says: the service refused it. */
static clt_status provide(void *user, clt_token *out) {
    clti_session *session = user;
    if (session->has_provided || !has_fresh_token(session->profile)) {
        clt_status status = renew(session);
        if (status != CLT_OK)
            return status;
    }
    session->has_provided = true;
    out->access_token = clti_view(session->profile->values[CLTI_PROFILE_ACCESS_TOKEN]);
    out->expires_at = (int64_t)expiry_of(session->profile);
    out->refresh_token = (clt_str){NULL, 0};
    return CLT_OK;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

static bool has_address(void) {
    return clti_variable(CLTI_VARIABLE_BASE_URL) || clti_variable(CLTI_VARIABLE_CLOUD);
}

static void set_address(clti_profile *profile) {
    clti_profile_set(profile, CLTI_PROFILE_CLOUD, clti_variable(CLTI_VARIABLE_CLOUD));
    clti_profile_set(profile, CLTI_PROFILE_BASE_URL, clti_variable(CLTI_VARIABLE_BASE_URL));
    clti_profile_set(profile, CLTI_PROFILE_AUTHORITY_URL, clti_variable(CLTI_VARIABLE_AUTHORITY_URL));
}

/* The profile that was asked for, or NULL. */
static const char *profile_name(const clti_invocation *invocation, const clti_profiles *profiles) {
    if (invocation->call.profile)
        return invocation->call.profile;
    const char *name = clti_variable(CLTI_VARIABLE_PROFILE);
    return name ? name : profiles->current;
}

static int complain_profile(const clti_profiles *profiles, const char *name) {
    clti_guess guess = clti_guess_for(clti_view(name));
    if (!name) {
        clti_complain("You are not signed in; to sign in: clientele login --tenant TENANT ... "
                      "(clientele login --help has examples)");
        return CLTI_EXIT_NOT_SIGNED_IN;
    }
    for (size_t i = 0; i < profiles->count; i++)
        clti_guess_consider(&guess, profiles->items[i].name);
    if (guess.name)
        clti_complain("There is no profile '%s'; did you mean '%s'?", name, guess.name);
    else
        clti_complain(
            "There is no profile '%s'; to make it: clientele login --profile %s --tenant TENANT ...", name,
            name);
    return CLTI_EXIT_USAGE;
}

static bool is_same(const char *variable, const char *value) {
    const char *wanted = clti_variable(variable);
    return !wanted || (value && strcmp(wanted, value) == 0);
}

/* Its tokens are for its service alone; a variable must not send them elsewhere. */
static bool check_address(const clti_profile *profile) {
    if (is_same(CLTI_VARIABLE_BASE_URL, profile->values[CLTI_PROFILE_BASE_URL]) &&
        is_same(CLTI_VARIABLE_CLOUD, profile->values[CLTI_PROFILE_CLOUD]) &&
        is_same(CLTI_VARIABLE_AUTHORITY_URL, profile->values[CLTI_PROFILE_AUTHORITY_URL]))
        return true;
    clti_complain("The profile '%s' is for another service than %s, %s or %s name, and its token goes "
                  "nowhere else; unset them, or sign in there with clientele login.",
                  profile->name, CLTI_VARIABLE_BASE_URL, CLTI_VARIABLE_CLOUD, CLTI_VARIABLE_AUTHORITY_URL);
    return false;
}

/* Signed in by variables alone, as in CI: a token, or tenant, application and secret. */
static bool is_by_variables(void) {
    return clti_variable(CLTI_VARIABLE_TOKEN) || clti_variable(CLTI_VARIABLE_CLIENT_SECRET);
}

/* Whose customers these are: with a token, it says so itself. */
static void set_tenant(clti_profile *profile) {
    clti_claims claims = {0};
    const char *token = clti_variable(CLTI_VARIABLE_TOKEN);
    if (token && clti_claims_read(clti_view(token), &claims))
        clti_profile_set(profile, CLTI_PROFILE_TENANT, claims.tenant);
    else if (!token)
        clti_profile_set(profile, CLTI_PROFILE_TENANT, clti_variable(CLTI_VARIABLE_TENANT));
    clti_claims_done(&claims);
}

static int make_profile(const clti_invocation *invocation, clti_session *session) {
    clti_profiles made = {0};
    clti_profile *profile = clti_profiles_put(&made, "environment");
    if (has_address())
        set_address(profile);
    else if (clti_profile_file_read(&session->profiles)) {
        const char *name = profile_name(invocation, &session->profiles);
        const clti_profile *stored = name ? clti_profiles_find(&session->profiles, name) : NULL;
        if (name && !stored && name != session->profiles.current) {
            clti_profiles_done(&made);
            return complain_profile(&session->profiles, name);
        }
        for (clti_profile_field field = 0; stored && field <= CLTI_PROFILE_CA_FILE; field++)
            clti_profile_set(profile, field, stored->values[field]);
    } else {
        clti_profiles_done(&made);
        return CLTI_EXIT_FAILED;
    }
    if (clti_variable(CLTI_VARIABLE_CA_FILE))
        clti_profile_set(profile, CLTI_PROFILE_CA_FILE, clti_variable(CLTI_VARIABLE_CA_FILE));
    set_tenant(profile);
    clti_profiles_done(&session->profiles);
    session->profiles = made;
    session->profile = profile;
    return CLTI_EXIT_DONE;
}

static int find_profile(const clti_invocation *invocation, clti_session *session) {
    if (is_by_variables())
        return make_profile(invocation, session);
    if (!clti_profile_file_read(&session->profiles))
        return CLTI_EXIT_FAILED;
    const char *name = profile_name(invocation, &session->profiles);
    session->profile = name ? clti_profiles_find(&session->profiles, name) : NULL;
    if (!session->profile)
        return complain_profile(&session->profiles, name == session->profiles.current ? NULL : name);
    session->is_stored = true;
    return check_address(session->profile) ? CLTI_EXIT_DONE : CLTI_EXIT_USAGE;
}

static void on_log(void *user, int32_t level, clt_str line) {
    (void)user;
    (void)level;
    clti_complain("%.*s", CLTI_VIEW_ARGS(line));
}

static bool set_call_options(const clti_invocation *invocation, clti_session *session) {
    uint64_t timeout_s = 0;
    if (!clti_read_number(invocation, "timeout", invocation->call.timeout, 1, TIMEOUT_MAX_S, &timeout_s) ||
        !clti_session_options(session->profile, &session->options))
        return false;
    session->options.timeout_ms = (int64_t)timeout_s * 1000;
    if (invocation->call.verbose)
        session->options.log = on_log;
    return true;
}

static clt_status make_session_credentials(clti_session *session, clt_error **out_err) {
    const char *token = clti_variable(CLTI_VARIABLE_TOKEN);
    if (session->is_stored)
        return clt_credentials_callback(provide, session, &session->credentials, out_err);
    if (token)
        return clt_credentials_bearer(token, 0, &session->credentials, out_err);
    return clt_credentials_app(clti_variable(CLTI_VARIABLE_TENANT), clti_variable(CLTI_VARIABLE_CLIENT_ID),
                               clti_variable(CLTI_VARIABLE_CLIENT_SECRET), &session->credentials, out_err);
}

static int connect_partner(clti_session *session) {
    clt_error *err = NULL;
    if (clt_cancellation_new(&session->cancellation, &err) != CLT_OK ||
        make_session_credentials(session, &err) != CLT_OK ||
        clt_partner_create(&session->options, session->credentials, &session->partner, &err) != CLT_OK) {
        clti_error_tell(err, session->is_stored
                                 ? "The profile holds it; 'clientele login' writes it anew."
                                 : "A variable CLIENTELE_... holds it, or is missing; see clientele(1).");
        clt_error_free(err);
        return CLTI_EXIT_USAGE;
    }
    session->context.cancellation = session->cancellation;
    clti_interrupt_watch(session->cancellation);
    return CLTI_EXIT_DONE;
}

int clti_session_open(const clti_invocation *invocation, clti_session *out) {
    *out = (clti_session){.context = CLT_REQUEST_CONTEXT_INIT};
    int code = find_profile(invocation, out);
    if (code == CLTI_EXIT_DONE && !set_call_options(invocation, out))
        code = CLTI_EXIT_USAGE;
    return code == CLTI_EXIT_DONE ? connect_partner(out) : code;
}

void clti_session_close(clti_session *session) {
    clti_interrupt_forget();
    clt_partner_free(session->partner);
    clt_credentials_free(session->credentials);
    clt_cancellation_free(session->cancellation);
    clt_error_free(session->sign_in_error);
    clti_profiles_done(&session->profiles);
}

/* ---- failing ------------------------------------------------------------------------------------------- */

int clti_session_fail(clti_session *session, clt_error *err) {
    const clt_error *told = session->sign_in_error ? session->sign_in_error : err;
    const char *profile = session->is_stored ? session->profile->name : NULL;
    int code = told ? clti_exit_code(told->status) : CLTI_EXIT_INTERRUPTED;
    if (code == CLTI_EXIT_INTERRUPTED || clti_interrupt_came()) {
        clti_complain("interrupted.");
        code = CLTI_EXIT_INTERRUPTED;
    } else if (session->is_refused) {
        clti_complain("The sign-in of profile '%s' has ended; to sign in again: clientele login --profile %s",
                      profile, profile);
        code = CLTI_EXIT_NOT_SIGNED_IN;
    } else {
        char *next = clti_error_next(told, profile, clt_partner_base_url(session->partner));
        clti_error_tell(told, next);
        free(next);
    }
    clt_error_free(err);
    return code;
}
